/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * requests: what was asked and not yet forgotten, found by cloud, type, request id and source: two stations
 * may well use the same id at one time (RFC 2332 section 5.2.0.1).
 */
#include "audit/state.h"

#include <stdlib.h>

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

void request_keep(struct request *r, bool reply, struct span message)
{
    uint8_t **bytes = reply ? &r->reply_bytes : &r->bytes;
    size_t *len = reply ? &r->reply_len : &r->len;
    free(*bytes);
    *bytes = NULL;
    *len = 0;
    if (message.len == 0 || message.len > MESSAGE_KEPT_MAX)
        return;
    *bytes = memory_copy(message.data, message.len);
    *len = message.len;
}

static bool decode_kept(const uint8_t *bytes, size_t len, struct nhrp_message *out)
{
    return bytes != NULL &&
           nhrp_decode(span_of(bytes, len), NHRP_DECODE_IGNORE_CHECKSUM, out).status == CODEC_OK;
}

bool request_message(const struct request *r, struct nhrp_message *out)
{
    return decode_kept(r->bytes, r->len, out);
}

bool request_reply(const struct request *r, struct nhrp_message *out)
{
    return decode_kept(r->reply_bytes, r->reply_len, out);
}

static void forget_in(struct audit *a, struct table *t, int64_t idle_s, bool all)
{
    while (t->oldest != NULL) {
        struct request *r = TABLE_OWNER(t->oldest, struct request, node);
        if (!all && instant_diff_us(r->last_at, a->now) <= idle_s * US_PER_S)
            return;
        table_remove(t, &r->node);
        free(r->bytes);
        free(r->reply_bytes);
        slab_give_back(&a->request_slab, r);
    }
}

void requests_forget(struct audit *a, bool all)
{
    forget_in(a, &a->waiting, REQUEST_WAIT_S, all);
    forget_in(a, &a->settled, REQUEST_LINGER_S, all);
}
