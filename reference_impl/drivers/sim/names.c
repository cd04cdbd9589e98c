/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * names: a hash table with open addressing that is never more than half full. Nothing is ever removed.
 */
#include "drivers/sim/names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAP 64

/* FNV-1a. The words come from the user's own file, so nobody gains by making them collide. */
static size_t hash(const char *word)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (; *word; word++)
        h = (h ^ (uint8_t)*word) * UINT64_C(1099511628211);
    return (size_t)(h ^ h >> 32);
}

/* The word's slot, or the free one where it belongs. */
static struct names_slot *slot_of(const struct names *names, const char *word)
{
    size_t i = hash(word) & (names->cap - 1);
    while (names->slots[i].word && strcmp(names->slots[i].word, word) != 0)
        i = (i + 1) & (names->cap - 1);
    return &names->slots[i];
}

static bool grow(struct names *names)
{
    struct names bigger = {.cap = names->cap ? names->cap * 2 : FIRST_CAP, .count = names->count};
    bigger.slots = calloc(bigger.cap, sizeof *bigger.slots);
    if (!bigger.slots)
        return false;
    for (size_t i = 0; i < names->cap; i++)
        if (names->slots[i].word)
            *slot_of(&bigger, names->slots[i].word) = names->slots[i];
    free(names->slots);
    *names = bigger;
    return true;
}

enum names_result names_add(struct names *names, const char *word, size_t value)
{
    if (names->count >= names->cap / 2 && !grow(names))
        return NAMES_NO_MEMORY;
    struct names_slot *slot = slot_of(names, word);
    if (slot->word)
        return NAMES_TAKEN;
    slot->word = strdup(word);
    if (!slot->word)
        return NAMES_NO_MEMORY;
    slot->value = value;
    names->count++;
    return NAMES_ADDED;
}

bool names_find(const struct names *names, const char *word, size_t *value)
{
    if (names->cap == 0)
        return false;
    const struct names_slot *slot = slot_of(names, word);
    if (slot->word)
        *value = slot->value;
    return slot->word != NULL;
}

void names_free(struct names *names)
{
    for (size_t i = 0; i < names->cap; i++)
        free(names->slots[i].word);
    free(names->slots);
    *names = (struct names){0};
}
