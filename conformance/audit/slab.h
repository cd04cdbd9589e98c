/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slab: many objects of one size, side by side in memory. An object that is given back is the next to be
 * handed out; the memory itself is freed with the slab.
 */
#ifndef DMVPNKIT_AUDIT_SLAB_H
#define DMVPNKIT_AUDIT_SLAB_H

#include <stddef.h>

struct slab {
    size_t size; /* of an object, in octets */
    char **chunks;
    size_t chunk_count, chunk_cap;
    char *next;  /* in the last chunk */
    size_t left; /* objects that it has room for */
    void *free;  /* a list through the objects that were given back */
};

/* A zeroed object. */
void *slab_take(struct slab *slab);
void slab_give_back(struct slab *slab, void *object);
void slab_free(struct slab *slab);

#endif
