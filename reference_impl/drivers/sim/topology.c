/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * topology: sorted arrays of indices into the scenario, searched by halves.
 */
#include "drivers/sim/topology.h"

#include <stdlib.h>

static int compare_sizes(size_t a, size_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_nbma(const struct scenario *s, size_t node, struct addr nbma)
{
    return addr_compare(s->nodes[node].config.tunnel.nbma, nbma);
}

static int compare_place(const struct scenario *s, size_t host, size_t node, struct addr address)
{
    int order = compare_sizes(s->hosts[host].node, node);
    return order ? order : addr_compare(s->hosts[host].address, address);
}

static int compare_ends(const struct scenario *s, size_t link, size_t low, size_t high)
{
    const size_t *ends = s->links[link].ends;
    size_t link_low = ends[0] < ends[1] ? ends[0] : ends[1];
    size_t link_high = ends[0] < ends[1] ? ends[1] : ends[0];
    int order = compare_sizes(link_low, low);
    return order ? order : compare_sizes(link_high, high);
}

static int sort_by_nbma(const void *a, const void *b, void *scenario)
{
    const struct scenario *s = scenario;
    return compare_nbma(s, *(const size_t *)a, s->nodes[*(const size_t *)b].config.tunnel.nbma);
}

static int sort_by_place(const void *a, const void *b, void *scenario)
{
    const struct scenario *s = scenario;
    const struct scenario_host *other = &s->hosts[*(const size_t *)b];
    return compare_place(s, *(const size_t *)a, other->node, other->address);
}

static int sort_by_ends(const void *a, const void *b, void *scenario)
{
    const struct scenario *s = scenario;
    const size_t *ends = s->links[*(const size_t *)b].ends;
    return ends[0] < ends[1] ? compare_ends(s, *(const size_t *)a, ends[0], ends[1])
                             : compare_ends(s, *(const size_t *)a, ends[1], ends[0]);
}

static size_t *sorted(const struct scenario *scenario, size_t count,
                      int (*compare)(const void *a, const void *b, void *scenario))
{
    size_t *index = malloc((count ? count : 1) * sizeof *index);
    if (!index)
        return NULL;
    for (size_t i = 0; i < count; i++)
        index[i] = i;
    qsort_r(index, count, sizeof *index, compare, (void *)scenario);
    return index;
}

bool topology_make(const struct scenario *scenario, struct topology *out)
{
    *out = (struct topology){
        .scenario = scenario,
        .nodes_by_nbma = sorted(scenario, scenario->node_count, sort_by_nbma),
        .links_by_ends = sorted(scenario, scenario->link_count, sort_by_ends),
        .hosts_by_place = sorted(scenario, scenario->host_count, sort_by_place),
    };
    if (out->nodes_by_nbma && out->links_by_ends && out->hosts_by_place)
        return true;
    topology_free(out);
    return false;
}

void topology_free(struct topology *topology)
{
    free(topology->nodes_by_nbma);
    free(topology->links_by_ends);
    free(topology->hosts_by_place);
    *topology = (struct topology){0};
}

bool topology_find_node(const struct topology *topology, struct addr nbma, size_t *node)
{
    size_t low = 0;
    for (size_t high = topology->scenario->node_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = compare_nbma(topology->scenario, topology->nodes_by_nbma[middle], nbma);
        if (order == 0) {
            *node = topology->nodes_by_nbma[middle];
            return true;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

bool topology_find_host(const struct topology *topology, size_t node, struct addr address, size_t *host)
{
    size_t low = 0;
    for (size_t high = topology->scenario->host_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = compare_place(topology->scenario, topology->hosts_by_place[middle], node, address);
        if (order == 0) {
            *host = topology->hosts_by_place[middle];
            return true;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

const struct link_config *topology_link(const struct topology *topology, size_t a, size_t b)
{
    const struct scenario *s = topology->scenario;
    size_t low = 0;
    for (size_t high = s->link_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        size_t link = topology->links_by_ends[middle];
        int order = compare_ends(s, link, a < b ? a : b, a < b ? b : a);
        if (order == 0)
            return &s->links[link].config;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return &s->underlay;
}
