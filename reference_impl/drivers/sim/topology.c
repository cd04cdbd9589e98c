/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * topology: sorted arrays of indices into the scenario, searched by halves. What each is sorted by is one
 * key.
 */
#include "drivers/sim/topology.h"

#include <stdlib.h>
#include <string.h>

/* Whatever things are found by; what a kind of key does not need stays zero. */
struct key {
    size_t first;
    size_t second;
    struct addr address;
};

typedef struct key key_fn(const struct topology *topology, size_t item);

static int compare_keys(struct key a, struct key b)
{
    if (a.first != b.first)
        return a.first < b.first ? -1 : 1;
    if (a.second != b.second)
        return a.second < b.second ? -1 : 1;
    return addr_compare(a.address, b.address);
}

static struct key ends_key(size_t a, size_t b)
{
    return a < b ? (struct key){.first = a, .second = b} : (struct key){.first = b, .second = a};
}

static struct key key_of_node(const struct topology *t, size_t node)
{
    return (struct key){.first = t->scenario->nodes[node].realm, .address = t->nbma[node]};
}

static struct key key_of_link(const struct topology *t, size_t link)
{
    return ends_key(t->scenario->links[link].ends[0], t->scenario->links[link].ends[1]);
}

static struct key key_of_host(const struct topology *t, size_t host)
{
    return (struct key){.first = t->scenario->hosts[host].node, .address = t->scenario->hosts[host].address};
}

struct order {
    const struct topology *topology;
    key_fn *key;
};

static int compare_items(const void *a, const void *b, void *context)
{
    const struct order *order = context;
    size_t first = *(const size_t *)a, second = *(const size_t *)b;
    int by_key = compare_keys(order->key(order->topology, first), order->key(order->topology, second));
    if (by_key != 0)
        return by_key;
    return first < second ? -1 : first > second; /* the same order everywhere */
}

static size_t *sorted(const struct topology *topology, size_t count, key_fn *key)
{
    struct order order = {.topology = topology, .key = key};
    size_t *index = malloc((count ? count : 1) * sizeof *index);
    if (!index)
        return NULL;
    for (size_t i = 0; i < count; i++)
        index[i] = i;
    qsort_r(index, count, sizeof *index, compare_items, &order);
    return index;
}

/* The place of the first item that is not before the key. */
static size_t place_of(const struct topology *topology, const size_t *index, size_t count, key_fn *key,
                       struct key wanted)
{
    size_t low = 0;
    for (size_t high = count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (compare_keys(key(topology, index[middle]), wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool find(const struct topology *topology, const size_t *index, size_t count, key_fn *key,
                 struct key wanted, size_t *out)
{
    size_t place = place_of(topology, index, count, key, wanted);
    if (place == count || compare_keys(key(topology, index[place]), wanted) != 0)
        return false;
    *out = index[place];
    return true;
}

bool topology_make(const struct scenario *scenario, struct topology *out)
{
    *out = (struct topology){.scenario = scenario};
    out->nbma = malloc((scenario->node_count ? scenario->node_count : 1) * sizeof *out->nbma);
    if (!out->nbma)
        return false;
    for (size_t i = 0; i < scenario->node_count; i++)
        out->nbma[i] = scenario->nodes[i].config.tunnel.nbma;
    out->nodes = sorted(out, scenario->node_count, key_of_node);
    out->links = sorted(out, scenario->link_count, key_of_link);
    out->hosts = sorted(out, scenario->host_count, key_of_host);
    if (out->nodes && out->links && out->hosts)
        return true;
    topology_free(out);
    return false;
}

void topology_free(struct topology *topology)
{
    free(topology->nbma);
    free(topology->nodes);
    free(topology->links);
    free(topology->hosts);
    *topology = (struct topology){0};
}

bool topology_find_node(const struct topology *topology, size_t realm, struct addr nbma, size_t *node)
{
    struct key wanted = {.first = realm, .address = nbma};
    return find(topology, topology->nodes, topology->scenario->node_count, key_of_node, wanted, node);
}

void topology_move_node(struct topology *topology, size_t node, struct addr nbma)
{
    size_t count = topology->scenario->node_count, at = 0;
    while (topology->nodes[at] != node)
        at++;
    memmove(&topology->nodes[at], &topology->nodes[at + 1], (count - at - 1) * sizeof *topology->nodes);
    topology->nbma[node] = nbma;
    at = place_of(topology, topology->nodes, count - 1, key_of_node, key_of_node(topology, node));
    memmove(&topology->nodes[at + 1], &topology->nodes[at], (count - at - 1) * sizeof *topology->nodes);
    topology->nodes[at] = node;
}

bool topology_find_host(const struct topology *topology, size_t node, struct addr address, size_t *host)
{
    struct key wanted = {.first = node, .address = address};
    return find(topology, topology->hosts, topology->scenario->host_count, key_of_host, wanted, host);
}

size_t topology_link(const struct topology *topology, size_t a, size_t b)
{
    size_t link = topology->scenario->link_count;
    find(topology, topology->links, link, key_of_link, ends_key(a, b), &link);
    return link;
}
