/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * requests: what was asked and not yet forgotten, found by cloud, type, request id and source: two stations
 * may well use the same id at one time (RFC 2332 section 5.2.0.1).
 */
#include "audit/state.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

struct request_key {
    const struct cloud *cloud;
    uint8_t type;
    uint32_t id;
    struct addr source;
};

static uint64_t request_hash(const struct request_key *key)
{
    return addr_hash(key->source, (uint64_t)(uintptr_t)key->cloud ^ (uint64_t)key->id << 8 ^ key->type);
}

static bool same_request(const struct table_node *node, const void *key)
{
    const struct request *r = TABLE_OWNER(node, struct request, node);
    const struct request_key *wanted = key;
    return r->id == wanted->id && r->type == wanted->type && r->cloud == wanted->cloud &&
           addr_equal(r->source, wanted->source);
}

struct request *request_find(struct audit *a, const struct cloud *cloud, uint8_t type, uint32_t id,
                             struct addr source)
{
    struct request_key key = {cloud, type, id, source};
    uint64_t hash = request_hash(&key);
    struct table_node *node = table_find(&a->waiting, hash, same_request, &key);
    if (node == NULL)
        node = table_find(&a->settled, hash, same_request, &key);
    return node != NULL ? TABLE_OWNER(node, struct request, node) : NULL;
}

struct request *request_add(struct audit *a, struct cloud *cloud, const struct nhrp_message *m)
{
    struct request *r = slab_take(&a->request_slab);
    r->cloud = cloud;
    r->type = m->fixed.type;
    r->id = m->request_id;
    r->source = addr_from_span(m->source_protocol);
    struct request_key key = {cloud, r->type, r->id, r->source};
    table_add(&a->waiting, &r->node, request_hash(&key));
    return r;
}

void request_settle(struct audit *a, struct request *r)
{
    if (!r->answered) {
        table_remove(&a->waiting, &r->node);
        table_add(&a->settled, &r->node, r->node.hash);
        r->answered = true;
    } else {
        table_touch(&a->settled, &r->node);
    }
    r->last_at = a->now;
}

static void move_span(struct span *span, const uint8_t *from, const uint8_t *to)
{
    if (span->len > 0)
        span->data = to + (span->data - from);
}

struct kept *message_keep(const struct nhrp_message *message, struct span octets)
{
    if (octets.len > MESSAGE_KEPT_MAX)
        return NULL;
    struct kept *kept = memory_raw(sizeof(*kept) + octets.len);
    memcpy(kept->octets, octets.data, octets.len);
    kept->message = *message;
    struct span *spans[] = {&kept->message.source_nbma,          &kept->message.source_subaddress,
                            &kept->message.source_protocol,      &kept->message.destination_protocol,
                            &kept->message.cies,                 &kept->message.contents,
                            &kept->message.extensions,           &kept->message.trailer};
    for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
        move_span(spans[i], octets.data, kept->octets);
    return kept;
}

const struct nhrp_message *request_message(const struct request *r)
{
    return r->asked != NULL ? &r->asked->message : NULL;
}

static void forget_in(struct audit *a, struct table *t, int64_t idle_s, bool all)
{
    while (t->oldest != NULL) {
        struct request *r = TABLE_OWNER(t->oldest, struct request, node);
        if (!all && instant_diff_us(r->last_at, a->now) <= idle_s * US_PER_S)
            return;
        table_remove(t, &r->node);
        free(r->asked);
        free(r->answer);
        slab_give_back(&a->request_slab, r);
    }
}

void requests_forget(struct audit *a, bool all)
{
    forget_in(a, &a->waiting, REQUEST_WAIT_S, all);
    forget_in(a, &a->settled, REQUEST_LINGER_S, all);
}
