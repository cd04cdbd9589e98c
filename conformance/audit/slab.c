/* SPDX-License-Identifier: GPL-2.0-or-later */
/* slab: see slab.h. */
#include "audit/slab.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "memory.h"

#define CHUNK_AT_FIRST 16384
#define CHUNK_LATER    (2u << 20) /* what the processor maps as one page, if the system lets it */

/* Zeroed memory in one large piece, on the boundary of its size, from the system itself; or NULL. */
static char *large_chunk(void)
{
    char *memory = mmap(NULL, CHUNK_LATER * 2, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    char *chunk = memory + (CHUNK_LATER - (uintptr_t)memory % CHUNK_LATER) % CHUNK_LATER;
    if (chunk > memory)
        munmap(memory, (size_t)(chunk - memory));
    if (chunk < memory + CHUNK_LATER)
        munmap(chunk + CHUNK_LATER, (size_t)(memory + CHUNK_LATER - chunk));
    /* One page fault instead of hundreds; advice: without it all is as it was. */
    (void)madvise(chunk, CHUNK_LATER, MADV_HUGEPAGE);
    return chunk;
}

static void *fresh(struct slab *slab)
{
    if (slab->left == 0) {
        bool first = slab->chunk_count == 0;
        size_t size = first ? CHUNK_AT_FIRST : CHUNK_LATER;
        slab->chunks =
            memory_room_for_one(slab->chunks, slab->chunk_count, &slab->chunk_cap, sizeof(*slab->chunks));
        slab->next = slab->chunks[slab->chunk_count++] = first ? memory_zeroed(1, size) : large_chunk();
        if (slab->next == NULL)
            memory_missing();
        slab->left = size / slab->size;
    }
    void *object = slab->next;
    slab->next += slab->size;
    slab->left--;
    return object;
}

void *slab_take(struct slab *slab)
{
    if (slab->free == NULL)
        return fresh(slab);
    void *object = slab->free;
    memcpy(&slab->free, object, sizeof(slab->free));
    memset(object, 0, slab->size);
    return object;
}

void slab_give_back(struct slab *slab, void *object)
{
    memcpy(object, &slab->free, sizeof(slab->free));
    slab->free = object;
}

void slab_free(struct slab *slab)
{
    for (size_t i = 0; i < slab->chunk_count; i++)
        if (i == 0)
            free(slab->chunks[i]);
        else
            munmap(slab->chunks[i], CHUNK_LATER);
    free(slab->chunks);
    *slab = (struct slab){.size = slab->size};
}
