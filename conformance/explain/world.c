/* SPDX-License-Identifier: GPL-2.0-or-later */
/* world: nodes and rows; what a frame does to them is in world_take.c. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "explain/world_state.h"
#include "memory.h"

struct world *world_new(void)
{
    return memory_zeroed(1, sizeof(struct world));
}

void world_free(struct world *w)
{
    if (w == NULL)
        return;
    for (size_t i = 0; i < w->node_count; i++)
        free(w->nodes[i].rows);
    free(w);
}

size_t world_find(const struct world *w, struct addr protocol)
{
    for (size_t i = 0; i < w->node_count && !addr_is_none(protocol); i++)
        if (addr_equal(w->nodes[i].protocol, protocol))
            return i;
    return WORLD_NOBODY;
}

size_t world_find_at(const struct world *w, struct addr outer)
{
    size_t found = WORLD_NOBODY;
    for (size_t i = 0; i < w->node_count && !addr_is_none(outer); i++) {
        if (!addr_equal(w->nodes[i].outer, outer))
            continue;
        if (found != WORLD_NOBODY)
            return WORLD_NOBODY;
        found = i;
    }
    return found;
}

static size_t add_node(struct world *w, struct addr protocol, struct addr outer, size_t frame)
{
    if (w->node_count == WORLD_NODES_MAX) {
        w->is_full = true;
        return WORLD_NOBODY;
    }
    w->nodes[w->node_count] =
        (struct world_node){.protocol = protocol, .outer = outer, .first_frame = frame, .touched = true};
    return w->node_count++;
}

size_t world_meet_at(struct world *w, struct addr outer, size_t frame)
{
    bool known = false;
    size_t found = world_find_at(w, outer);
    for (size_t i = 0; i < w->node_count; i++)
        known |= addr_equal(w->nodes[i].outer, outer);
    if (found != WORLD_NOBODY || known || addr_is_none(outer) || addr_is_multicast(outer))
        return found;
    return add_node(w, (struct addr){0}, outer, frame);
}

size_t world_meet(struct world *w, struct addr protocol, struct addr outer, bool sends, size_t frame)
{
    size_t node = world_find(w, protocol), there = world_find_at(w, outer);
    if (addr_is_unspecified(protocol))
        return world_meet_at(w, outer, frame);
    if (node == WORLD_NOBODY && there != WORLD_NOBODY && addr_is_none(w->nodes[there].protocol)) {
        w->nodes[there].protocol = protocol;
        w->nodes[there].touched = true;
        return there;
    }
    if (node == WORLD_NOBODY)
        return add_node(w, protocol, outer, frame);
    if (!addr_is_none(outer) && (sends || addr_is_none(w->nodes[node].outer)) &&
        !addr_equal(w->nodes[node].outer, outer)) {
        w->nodes[node].outer = outer;
        w->nodes[node].touched = true;
    }
    return node;
}

static void note_change(struct world *w, size_t node, char sign, const struct world_row *row)
{
    w->nodes[node].touched = true;
    if (w->change_count < WORLD_CHANGES_MAX)
        w->changes[w->change_count++] = (struct world_change){node, sign, *row};
}

void world_put(struct world *w, size_t node, struct world_row row)
{
    if (node == WORLD_NOBODY)
        return;
    struct world_node *n = &w->nodes[node];
    for (size_t i = 0; i < n->row_count; i++) {
        struct world_row *old = &n->rows[i];
        if (old->is_route != row.is_route || !prefix_equal(old->to, row.to) ||
            (row.is_route ? (old->how == HOW_SEEN) != (row.how == HOW_SEEN) : false))
            continue;
        if (row.how == HOW_FROM_REQUEST && old->how != HOW_FROM_REQUEST && addr_equal(old->via, row.via))
            return;
        bool same = addr_equal(old->via, row.via) && old->how == row.how;
        if (same && row.until.us == INSTANT_NEVER.us)
            return;
        *old = row;
        note_change(w, node, '=', &row);
        return;
    }
    if (n->row_count == WORLD_ROWS_MAX) {
        w->is_full = true;
        return;
    }
    n->rows = memory_room_for_one(n->rows, n->row_count, &n->row_cap, sizeof(*n->rows));
    n->rows[n->row_count++] = row;
    note_change(w, node, '+', &row);
}

void world_drop_row(struct world *w, size_t node, size_t index, char sign)
{
    struct world_node *n = &w->nodes[node];
    note_change(w, node, sign, &n->rows[index]);
    for (size_t i = index; i + 1 < n->row_count; i++)
        n->rows[i] = n->rows[i + 1];
    n->row_count--;
}

const char *world_role(const struct world_node *node)
{
    if (node->serves || (node->transits && !node->registers))
        return "hub";
    return node->registers ? "spoke" : node->asked ? "server" : "station";
}

/* Those of the names given so far that begin like this. */
static size_t count_like(const struct world *w, const char *base)
{
    size_t count = 0;
    for (size_t i = 0; i < w->node_count; i++)
        count += world_role(&w->nodes[i]) == base;
    return count;
}

void world_name_nodes(struct world *w)
{
    size_t given[4] = {0}; /* hub, spoke, station, server */
    for (size_t i = 0; i < w->node_count; i++) {
        struct world_node *node = &w->nodes[i];
        const char *base = world_role(node);
        size_t *number = &given[base[0] == 'h' ? 0 : base[1] == 'p' ? 1 : base[1] == 't' ? 2 : 3];
        ++*number;
        if (base[0] == 'h' && count_like(w, base) == 1)
            snprintf(node->name, sizeof(node->name), "hub");
        else
            snprintf(node->name, sizeof(node->name), "%s %zu", base, *number);
    }
}

const char *world_how_words(enum world_how how)
{
    static const char *const words[] = {[HOW_CONFIGURED] = "configured: it sends there unprompted",
                                        [HOW_REGISTERED] = "registered",
                                        [HOW_ANSWERED] = "answered",
                                        [HOW_FROM_REQUEST] = "from the request that it answered",
                                        [HOW_RIP] = "RIP",
                                        [HOW_SEEN] = "seen"};
    return words[how];
}

enum world_table world_table_of(const struct world_row *row)
{
    return !row->is_route ? TABLE_CACHE : row->how == HOW_SEEN ? TABLE_WAYS : TABLE_ROUTES;
}

const char *world_table_name(enum world_table table)
{
    static const char *const names[] = {[TABLE_CACHE] = "cache", [TABLE_ROUTES] = "routes", [TABLE_WAYS] = "ways"};
    return names[table];
}

const char *world_table_title(enum world_table table)
{
    static const char *const titles[] = {
        [TABLE_CACHE] = "NHRP cache", [TABLE_ROUTES] = "routes", [TABLE_WAYS] = "ways taken"};
    return titles[table];
}

const char *world_row_text(const struct world_row *row, struct instant at, char buf[WORLD_TEXT_MAX])
{
    static const char *const verbs[] = {[TABLE_CACHE] = "at", [TABLE_ROUTES] = "via", [TABLE_WAYS] = "sent to"};
    char to[PREFIX_TEXT_MAX], via[ADDR_TEXT_MAX];
    struct text t = text_of(buf, WORLD_TEXT_MAX);
    if (row->to.len == addr_bits(row->to.addr))
        addr_format(row->to.addr, to);
    else
        prefix_format(row->to, to);
    int64_t left_s = row->until.us == INSTANT_NEVER.us ? 0 : instant_diff_us(at, row->until) / US_PER_S;
    text_add(&t, "%s %s %s (%s, frame %zu", addr_is_none(row->to.addr) ? "next hop server" : to,
             verbs[world_table_of(row)], addr_format(row->via, via), world_how_words(row->how), row->frame);
    if (left_s > 0)
        text_add(&t, ", %" PRId64 " s left", left_s);
    else if (row->until.us != INSTANT_NEVER.us && !instant_reached(at, row->until))
        text_add(&t, ", less than 1 s left");
    text_add(&t, ")");
    return buf;
}
