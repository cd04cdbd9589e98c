/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "codec/nhrp_type.h"

#define FLAG_Q            0x8000
#define FLAG_A            0x4000
#define FLAG_D            0x2000
#define FLAG_RESOLUTION_U 0x1000
#define FLAG_S            0x0800
#define FLAG_U            0x8000
#define FLAG_N            0x8000
#define FLAG_NAT          0x0002

#define RESOLUTION_FLAGS   (FLAG_Q | FLAG_A | FLAG_D | FLAG_RESOLUTION_U | FLAG_S | FLAG_NAT)
#define REGISTRATION_FLAGS (FLAG_U | FLAG_NAT)
#define PURGE_FLAGS        (FLAG_N | FLAG_NAT)

static uint16_t flag_if(bool set, uint16_t bit)
{
    return set ? bit : 0;
}

static void resolution_unpack(struct nhrp_body body, struct nhrp_message *out)
{
    out->resolution = (struct nhrp_resolution_flags){
        .requester_is_router = body.flags & FLAG_Q,
        .authoritative = body.flags & FLAG_A,
        .destination_stable = body.flags & FLAG_D,
        .unique = body.flags & FLAG_RESOLUTION_U,
        .source_stable = body.flags & FLAG_S,
        .nat = body.flags & FLAG_NAT,
        .unused = (uint16_t)(body.flags & ~RESOLUTION_FLAGS),
    };
    out->request_id = body.word;
}

static struct nhrp_body resolution_pack(const struct nhrp_message *message)
{
    const struct nhrp_resolution_flags *f = &message->resolution;
    return (struct nhrp_body){
        .flags = (uint16_t)(flag_if(f->requester_is_router, FLAG_Q) | flag_if(f->authoritative, FLAG_A) |
                            flag_if(f->destination_stable, FLAG_D) | flag_if(f->unique, FLAG_RESOLUTION_U) |
                            flag_if(f->source_stable, FLAG_S) | flag_if(f->nat, FLAG_NAT) |
                            (f->unused & ~RESOLUTION_FLAGS)),
        .word = message->request_id,
    };
}

static void registration_unpack(struct nhrp_body body, struct nhrp_message *out)
{
    out->registration = (struct nhrp_registration_flags){
        .unique = body.flags & FLAG_U,
        .nat = body.flags & FLAG_NAT,
        .unused = (uint16_t)(body.flags & ~REGISTRATION_FLAGS),
    };
    out->request_id = body.word;
}

static struct nhrp_body registration_pack(const struct nhrp_message *message)
{
    const struct nhrp_registration_flags *f = &message->registration;
    return (struct nhrp_body){
        .flags = (uint16_t)(flag_if(f->unique, FLAG_U) | flag_if(f->nat, FLAG_NAT) |
                            (f->unused & ~REGISTRATION_FLAGS)),
        .word = message->request_id,
    };
}

static void purge_unpack(struct nhrp_body body, struct nhrp_message *out)
{
    out->purge = (struct nhrp_purge_flags){
        .no_reply = body.flags & FLAG_N,
        .nat = body.flags & FLAG_NAT,
        .unused = (uint16_t)(body.flags & ~PURGE_FLAGS),
    };
    out->request_id = body.word;
}

static struct nhrp_body purge_pack(const struct nhrp_message *message)
{
    const struct nhrp_purge_flags *f = &message->purge;
    return (struct nhrp_body){
        .flags =
            (uint16_t)(flag_if(f->no_reply, FLAG_N) | flag_if(f->nat, FLAG_NAT) | (f->unused & ~PURGE_FLAGS)),
        .word = message->request_id,
    };
}

static void error_unpack(struct nhrp_body body, struct nhrp_message *out)
{
    out->error.unused = body.flags;
    out->error.code = (uint16_t)(body.word >> 16);
    out->error.offset = (uint16_t)body.word;
}

static struct nhrp_body error_pack(const struct nhrp_message *message)
{
    return (struct nhrp_body){
        .flags = message->error.unused,
        .word = (uint32_t)message->error.code << 16 | message->error.offset,
    };
}

static void traffic_unpack(struct nhrp_body body, struct nhrp_message *out)
{
    out->traffic.unused = body.flags;
    out->traffic.code = (uint16_t)(body.word >> 16);
    out->traffic.unused2 = (uint16_t)body.word;
}

static struct nhrp_body traffic_pack(const struct nhrp_message *message)
{
    return (struct nhrp_body){
        .flags = message->traffic.unused,
        .word = (uint32_t)message->traffic.code << 16 | message->traffic.unused2,
    };
}

/* What nhrp_codes.def does not say about each type. */
#define RESOLUTION_REQUEST_ROW        NHRP_RESOLUTION_REPLY, true, resolution_unpack, resolution_pack
#define RESOLUTION_REPLY_ROW          0, true, resolution_unpack, resolution_pack
#define REGISTRATION_REQUEST_ROW      NHRP_REGISTRATION_REPLY, true, registration_unpack, registration_pack
#define REGISTRATION_REPLY_ROW        0, true, registration_unpack, registration_pack
#define PURGE_REQUEST_ROW             NHRP_PURGE_REPLY, true, purge_unpack, purge_pack
#define PURGE_REPLY_ROW               0, true, purge_unpack, purge_pack
#define ERROR_INDICATION_ROW          0, false, error_unpack, error_pack
#define TRAFFIC_INDICATION_ROW        0, false, traffic_unpack, traffic_pack
#define ROW(type, words, clause, ...) ROW_OF(type, words, clause, __VA_ARGS__)
#define ROW_OF(type, words, clause, reply, cies, unpack, pack) \
    {type, reply, cies, words, clause, unpack, pack},

static const struct nhrp_row rows[] = {
#define MESSAGE_TYPE(name, value, words, clause) ROW(value, words, clause, name##_ROW)
#include "codec/nhrp_codes.def"
};

const struct nhrp_row *nhrp_row_of(uint8_t type)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].type == type)
            return &rows[i];
    return NULL;
}

#define NLPID_IPV4    0x00cc
#define NLPID_IPV6    0x008e
#define ETHERTYPE_MIN 0x0600

uint16_t nhrp_protocol_ethertype(const struct nhrp_fixed *fixed)
{
    const uint8_t *snap = fixed->protocol_snap;
    if (fixed->protocol_type >= ETHERTYPE_MIN)
        return fixed->protocol_type;
    if (fixed->protocol_type == NLPID_IPV4)
        return NHRP_PROTOCOL_IPV4;
    if (fixed->protocol_type == NLPID_IPV6)
        return NHRP_PROTOCOL_IPV6;
    bool encapsulated_ethertype =
        fixed->protocol_type == NHRP_PROTOCOL_SNAP && !(snap[0] | snap[1] | snap[2]);
    return encapsulated_ethertype ? (uint16_t)(snap[3] << 8 | snap[4]) : 0;
}

bool nhrp_type_has_cies(uint8_t type)
{
    const struct nhrp_row *row = nhrp_row_of(type);
    return row && row->has_cies;
}

bool nhrp_type_is_request(uint8_t type)
{
    return nhrp_type_reply(type) != 0;
}

uint8_t nhrp_type_reply(uint8_t type)
{
    const struct nhrp_row *row = nhrp_row_of(type);
    return row ? row->reply : 0;
}

const char *nhrp_type_words(uint8_t type)
{
    const struct nhrp_row *row = nhrp_row_of(type);
    return row ? row->words : "unknown";
}

const char *nhrp_type_clause(uint8_t type)
{
    const struct nhrp_row *row = nhrp_row_of(type);
    return row ? row->clause : "RFC2332 §5.1";
}

const char *nhrp_error_words(uint16_t code)
{
    switch (code) {
#define ERROR_CODE(name, value, words, clause) \
    case value:                                \
        return words;
#include "codec/nhrp_codes.def"
    default:
        return "unknown";
    }
}
