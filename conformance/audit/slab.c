/* SPDX-License-Identifier: GPL-2.0-or-later */
/* slab: see slab.h. */
#include "audit/slab.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "memory.h"

#define CHUNK_AT_FIRST 16384
#define CHUNK_LATER    (2u << 20) /* what the processor maps as one page, if the system lets it */

/* Zeroed memory; a large chunk spares the many page faults of many small ones. */
static char *chunk_of(size_t size)
{
    char *chunk = aligned_alloc(size, size);
    if (chunk == NULL)
        return memory_zeroed(1, size); /* says that there is no memory */
    if (size == CHUNK_LATER)
        (void)madvise(chunk, size, MADV_HUGEPAGE); /* advice; without it all is as it was */
    memset(chunk, 0, size);
    return chunk;
}

static void *fresh(struct slab *slab)
{
    if (slab->left == 0) {
        size_t size = slab->chunk_count == 0 ? CHUNK_AT_FIRST : CHUNK_LATER;
        slab->chunks =
            memory_room_for_one(slab->chunks, slab->chunk_count, &slab->chunk_cap, sizeof(*slab->chunks));
        slab->next = slab->chunks[slab->chunk_count++] = chunk_of(size);
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
        free(slab->chunks[i]);
    free(slab->chunks);
    *slab = (struct slab){.size = slab->size};
}
