/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "codec/rip.h"

#define AT_COMMAND     0
#define AT_VERSION     1
#define AT_AUTH_LENGTH 8 /* the packet length in cryptographic authentication's entry */

static struct codec_error error_at(enum codec_status status, size_t offset)
{
    return (struct codec_error){status, offset};
}

/* The first entry, if it is authentication. */
static void auth_take(struct reader *r, struct rip_message *message)
{
    struct reader ahead = *r;
    if (reader_left(r) < RIP_ENTRY_LEN || reader_u16(&ahead) != RIP_FAMILY_AUTHENTICATION)
        return;
    message->has_auth = true;
    message->auth_type = reader_u16(&ahead);
    message->auth_data = reader_span(&ahead, RIP_PASSWORD_LEN);
    *r = ahead;
}

/* Entries up to the length that cryptographic authentication gives, and the digest behind them. */
static struct codec_error trailer_take(struct reader *r, size_t packet_len, struct rip_message *message)
{
    if (packet_len < r->pos || packet_len > r->bytes.len)
        return error_at(CODEC_BAD_LENGTH, AT_AUTH_LENGTH);
    message->entries = reader_span(r, packet_len - r->pos);
    message->trailer = reader_rest(r);
    return error_at(CODEC_OK, 0);
}

struct codec_error rip_decode(struct span bytes, struct rip_message *out)
{
    struct reader r = reader_of(bytes);
    struct rip_message message = {.command = reader_u8(&r)};
    message.version = reader_u8(&r);
    message.unused = reader_u16(&r);
    if (r.failed)
        return error_at(CODEC_TRUNCATED, r.failed_at);
    if (message.command != RIP_REQUEST && message.command != RIP_RESPONSE)
        return error_at(CODEC_BAD_TYPE, AT_COMMAND);
    if (message.version == 0)
        return error_at(CODEC_BAD_VERSION, AT_VERSION);
    auth_take(&r, &message);
    size_t entries_at = r.pos;
    if (message.has_auth && message.auth_type == RIP_AUTH_CRYPTOGRAPHIC) {
        struct reader data = reader_of(message.auth_data);
        struct codec_error error = trailer_take(&r, reader_u16(&data), &message);
        if (error.status != CODEC_OK)
            return error;
    } else {
        message.entries = reader_rest(&r);
    }
    size_t most = (RIP_ENTRIES_MAX - message.has_auth) * RIP_ENTRY_LEN;
    if (message.entries.len > most)
        return error_at(CODEC_BAD_SIZE, entries_at + most);
    if (message.entries.len % RIP_ENTRY_LEN != 0)
        return error_at(CODEC_BAD_SIZE, entries_at + message.entries.len / RIP_ENTRY_LEN * RIP_ENTRY_LEN);
    *out = message;
    return error_at(CODEC_OK, 0);
}

bool rip_entry_next(struct span *list, struct rip_entry *out)
{
    struct reader r = reader_of(*list);
    struct rip_entry entry = {.family = reader_u16(&r)};
    entry.tag = reader_u16(&r);
    entry.address = addr_from_span(reader_span(&r, 4));
    entry.mask = reader_u32(&r);
    entry.next_hop = addr_from_span(reader_span(&r, 4));
    entry.metric = reader_u32(&r);
    if (r.failed)
        return false;
    *list = reader_rest(&r);
    *out = entry;
    return true;
}

bool rip_entry_prefix(const struct rip_entry *entry, struct prefix *out)
{
    unsigned len = 0;
    while (len < 32 && entry->mask & UINT32_C(0x80000000) >> len)
        len++;
    bool has_holes = len < 32 && entry->mask << len != 0;
    struct prefix prefix = prefix_of(entry->address, len);
    if (entry->address.family != ADDR_IPV4 || has_holes || !addr_equal(prefix.addr, entry->address))
        return false;
    *out = prefix;
    return true;
}

bool rip_asks_for_everything(const struct rip_message *request)
{
    struct span list = request->entries;
    struct rip_entry entry;
    return request->command == RIP_REQUEST && rip_entry_next(&list, &entry) && list.len == 0 &&
           entry.family == RIP_FAMILY_ANY && entry.metric == RIP_INFINITY;
}

void rip_write_header(struct writer *w, enum rip_command command)
{
    writer_u8(w, (uint8_t)command);
    writer_u8(w, RIP_VERSION);
    writer_u16(w, 0);
}

void rip_write_password(struct writer *w, struct span password)
{
    if (password.len > RIP_PASSWORD_LEN)
        password.len = RIP_PASSWORD_LEN;
    writer_u16(w, RIP_FAMILY_AUTHENTICATION);
    writer_u16(w, RIP_AUTH_PASSWORD);
    writer_span(w, password);
    writer_zeros(w, RIP_PASSWORD_LEN - password.len);
}

void rip_write_entry(struct writer *w, const struct rip_entry *entry)
{
    if (entry->address.family != ADDR_IPV4 || entry->next_hop.family != ADDR_IPV4)
        w->failed = true;
    writer_u16(w, entry->family);
    writer_u16(w, entry->tag);
    writer_span(w, addr_span(&entry->address));
    writer_u32(w, entry->mask);
    writer_span(w, addr_span(&entry->next_hop));
    writer_u32(w, entry->metric);
}

void rip_write_everything(struct writer *w)
{
    struct addr any = addr_ipv4(0, 0, 0, 0);
    rip_write_entry(w,
                    &(struct rip_entry){
                        .family = RIP_FAMILY_ANY, .address = any, .next_hop = any, .metric = RIP_INFINITY});
}

struct rip_entry rip_entry_of(struct prefix prefix, struct addr next_hop, uint32_t metric, uint16_t tag)
{
    return (struct rip_entry){
        .family = RIP_FAMILY_IPV4,
        .tag = tag,
        .address = prefix.addr,
        .mask = prefix.len > 0 ? UINT32_MAX << (32 - prefix.len) : 0,
        .next_hop = addr_is_none(next_hop) ? addr_ipv4(0, 0, 0, 0) : next_hop,
        .metric = metric,
    };
}
