/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * topology: sorted arrays of indices into the scenario, searched by halves. What each is sorted by is one
 * key.
 */
#include "drivers/sim/topology.h"

#include <stdlib.h>

/* Whatever things are found by; what a kind of key does not need stays zero. */
struct key {
    size_t first;
    size_t second;
    struct addr address;
};

typedef struct key key_fn(const struct scenario *scenario, size_t item);

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

static struct key key_of_node(const struct scenario *s, size_t node)
{
    return (struct key){.address = s->nodes[node].config.tunnel.nbma};
}

static struct key key_of_link(const struct scenario *s, size_t link)
{
    return ends_key(s->links[link].ends[0], s->links[link].ends[1]);
}

static struct key key_of_host(const struct scenario *s, size_t host)
{
    return (struct key){.first = s->hosts[host].node, .address = s->hosts[host].address};
}

struct order {
    const struct scenario *scenario;
    key_fn *key;
};

static int compare_items(const void *a, const void *b, void *context)
{
    const struct order *order = context;
    return compare_keys(order->key(order->scenario, *(const size_t *)a),
                        order->key(order->scenario, *(const size_t *)b));
}

static size_t *sorted(const struct scenario *scenario, size_t count, key_fn *key)
{
    struct order order = {.scenario = scenario, .key = key};
    size_t *index = malloc((count ? count : 1) * sizeof *index);
    if (!index)
        return NULL;
    for (size_t i = 0; i < count; i++)
        index[i] = i;
    qsort_r(index, count, sizeof *index, compare_items, &order);
    return index;
}

static bool find(const struct scenario *scenario, const size_t *index, size_t count, key_fn *key,
                 struct key wanted, size_t *out)
{
    size_t low = 0;
    for (size_t high = count; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = compare_keys(key(scenario, index[middle]), wanted);
        if (order == 0) {
            *out = index[middle];
            return true;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

bool topology_make(const struct scenario *scenario, struct topology *out)
{
    *out = (struct topology){
        .scenario = scenario,
        .nodes = sorted(scenario, scenario->node_count, key_of_node),
        .links = sorted(scenario, scenario->link_count, key_of_link),
        .hosts = sorted(scenario, scenario->host_count, key_of_host),
    };
    if (out->nodes && out->links && out->hosts)
        return true;
    topology_free(out);
    return false;
}

void topology_free(struct topology *topology)
{
    free(topology->nodes);
    free(topology->links);
    free(topology->hosts);
    *topology = (struct topology){0};
}

bool topology_find_node(const struct topology *topology, struct addr nbma, size_t *node)
{
    const struct scenario *s = topology->scenario;
    return find(s, topology->nodes, s->node_count, key_of_node, (struct key){.address = nbma}, node);
}

bool topology_find_host(const struct topology *topology, size_t node, struct addr address, size_t *host)
{
    const struct scenario *s = topology->scenario;
    struct key wanted = {.first = node, .address = address};
    return find(s, topology->hosts, s->host_count, key_of_host, wanted, host);
}

const struct link_config *topology_link(const struct topology *topology, size_t a, size_t b)
{
    const struct scenario *s = topology->scenario;
    size_t link;
    if (find(s, topology->links, s->link_count, key_of_link, ends_key(a, b), &link))
        return &s->links[link].config;
    return &s->underlay;
}
