/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/extensions.h"

#include "engine/authentication.h"
#include "engine/compose.h"
#include "engine/nat.h"

/* What one extension of a message becomes in the message that this node makes of it. */
struct rewriting {
    const struct node *node;
    const struct received *received;
    const struct nhrp_message *reply; /* NULL in transit */
};
typedef void rewrite_fn(const struct rewriting *work, const struct nhrp_ext *ext, struct writer *w);

static void rewrite_copy(const struct rewriting *work, const struct nhrp_ext *ext, struct writer *w)
{
    (void)work;
    nhrp_ext_write(w, ext);
}

/* A record with our own CIE behind what it holds already. RFC2332 §5.3.1-3: code and prefix length are 0. */
static void append_own_record(const struct rewriting *work, const struct nhrp_ext *ext, struct writer *w)
{
    uint8_t buf[NHRP_CIE_FIXED_LEN + 2 * sizeof(struct addr)];
    struct writer record = writer_of(buf, sizeof buf);
    struct nhrp_cie own = compose_own_cie(work->node);
    nhrp_cie_write(&record, &own);
    extensions_write_longer(w, ext, span_of(buf, record.pos));
}

static void reply_responder(const struct rewriting *work, const struct nhrp_ext *ext, struct writer *w)
{
    struct nhrp_ext emptied = *ext;
    emptied.value = (struct span){0};
    append_own_record(work, &emptied, w);
}

static void rewrite_authentication(const struct rewriting *work, const struct nhrp_ext *ext, struct writer *w)
{
    (void)ext;
    authentication_write(work->node, w);
}

static void reply_nat(const struct rewriting *work, const struct nhrp_ext *ext, struct writer *w)
{
    nat_write_reply(work->node, work->received, work->reply, ext, w);
}

static void transit_nat(const struct rewriting *work, const struct nhrp_ext *ext, struct writer *w)
{
    nat_write_transit(work->node, work->received, ext, w);
}

/* §5.3.2: requests and indications leave their trace in the forward record, replies in the reverse one. */
static void transit_forward_record(const struct rewriting *work, const struct nhrp_ext *ext, struct writer *w)
{
    if (nhrp_type_reply(work->received->message.fixed.type))
        append_own_record(work, ext, w);
    else
        nhrp_ext_write(w, ext);
}

static void transit_reverse_record(const struct rewriting *work, const struct nhrp_ext *ext, struct writer *w)
{
    if (nhrp_type_reply(work->received->message.fixed.type))
        nhrp_ext_write(w, ext);
    else
        append_own_record(work, ext, w);
}

#define IN(type)            (1u << NHRP_##type)
#define IN_REQUESTS_REPLIES 0x7eu /* types 1 to 6 */
#define IN_ALL_BUT_ERRORS   (IN_REQUESTS_REPLIES | IN(TRAFFIC_INDICATION))

/* One row for each extension that this node knows. */
static const struct row {
    uint16_t type;
    bool once;         /* may occur once only (§5.3) */
    unsigned carriers; /* message types that may carry it */
    rewrite_fn *reply;
    rewrite_fn *transit;
} rows[] = {
    {NHRP_EXT_RESPONDER_ADDRESS, true, IN_ALL_BUT_ERRORS, reply_responder, rewrite_copy},
    {NHRP_EXT_FORWARD_TRANSIT, true, IN_ALL_BUT_ERRORS, rewrite_copy, transit_forward_record},
    {NHRP_EXT_REVERSE_TRANSIT, true, IN_ALL_BUT_ERRORS, rewrite_copy, transit_reverse_record},
    {NHRP_EXT_AUTHENTICATION, true, IN_ALL_BUT_ERRORS, rewrite_authentication, rewrite_authentication},
    {NHRP_EXT_VENDOR_PRIVATE, false, IN_ALL_BUT_ERRORS, rewrite_copy, rewrite_copy},
    {NHRP_EXT_NAT_ADDRESS, true, IN_ALL_BUT_ERRORS, reply_nat, transit_nat},
};

static const struct row *row_of(uint16_t type)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].type == type)
            return &rows[i];
    return NULL;
}

bool extensions_check(const struct received *received, enum role role, uint16_t *code, size_t *offset)
{
    struct span list = received->message.extensions;
    uint32_t seen = 0;
    struct nhrp_ext ext;
    for (struct span at = list; nhrp_ext_next(&list, &ext) && ext.type != NHRP_EXT_END; at = list) {
        const struct row *row = row_of(ext.type);
        *offset = (size_t)(at.data - received->bytes.data);
        if (!row) {
            *code = NHRP_ERROR_UNRECOGNIZED_EXTENSION;
            if (ext.compulsory && role == ROLE_RESPONDER)
                return false;
            continue;
        }
        uint32_t bit = UINT32_C(1) << (row - rows);
        *code = NHRP_ERROR_INVALID_EXTENSION;
        if ((row->once && (seen & bit)) || !(row->carriers >> received->message.fixed.type & 1))
            return false;
        seen |= bit;
    }
    return true;
}

bool extensions_has_unknown_compulsory(const struct nhrp_message *message)
{
    struct span list = message->extensions;
    struct nhrp_ext ext;
    while (nhrp_ext_next(&list, &ext) && ext.type != NHRP_EXT_END)
        if (ext.compulsory && !row_of(ext.type))
            return true;
    return false;
}

size_t extensions_offset_of(const struct received *received, uint16_t type)
{
    struct span list = received->message.extensions;
    struct nhrp_ext ext;
    for (struct span at = list; nhrp_ext_next(&list, &ext); at = list)
        if (ext.type == type)
            return (size_t)(at.data - received->bytes.data);
    return 0;
}

void extensions_write_longer(struct writer *w, const struct nhrp_ext *ext, struct span more)
{
    struct nhrp_ext head = *ext;
    size_t start = w->pos;
    nhrp_ext_write(w, &head);
    writer_span(w, more);
    if (ext->value.len + more.len > UINT16_MAX)
        w->failed = true;
    writer_patch_u16(w, start + 2, (uint16_t)(ext->value.len + more.len));
}

static void write_empty(struct writer *w, uint16_t type)
{
    nhrp_ext_write(w, &(struct nhrp_ext){.compulsory = true, .type = type});
}

void extensions_write_request(const struct node *node, enum nhrp_type type, const struct nhrp_cie *nat,
                              struct writer *w)
{
    if (type != NHRP_TRAFFIC_INDICATION)
        write_empty(w, NHRP_EXT_RESPONDER_ADDRESS);
    write_empty(w, NHRP_EXT_FORWARD_TRANSIT);
    write_empty(w, NHRP_EXT_REVERSE_TRANSIT);
    authentication_write(node, w);
    nat_write_request(node, nat, w);
    nhrp_ext_write_end(w);
}

void extensions_write_reply(const struct node *node, const struct received *request,
                            const struct nhrp_message *reply, struct writer *w)
{
    struct rewriting work = {.node = node, .received = request, .reply = reply};
    struct span list = request->message.extensions;
    struct nhrp_ext ext;
    while (nhrp_ext_next(&list, &ext)) {
        const struct row *row = row_of(ext.type);
        (row ? row->reply : rewrite_copy)(&work, &ext, w);
    }
}

void extensions_write_transit(const struct node *node, const struct received *received, struct writer *w)
{
    struct rewriting work = {.node = node, .received = received};
    /* §5.3: beside what it does not understand, a transit node only does what every hop must. */
    bool aloof = extensions_has_unknown_compulsory(&received->message);
    struct span list = received->message.extensions;
    struct nhrp_ext ext;
    while (nhrp_ext_next(&list, &ext)) {
        const struct row *row = row_of(ext.type);
        if (ext.type == NHRP_EXT_END && !aloof)
            nat_write_missing(node, received, w);
        if (row && (!aloof || ext.type == NHRP_EXT_AUTHENTICATION))
            row->transit(&work, &ext, w);
        else
            nhrp_ext_write(w, &ext);
    }
}

bool extensions_record_names_us(const struct node *node, const struct nhrp_message *message, uint16_t type)
{
    struct nhrp_ext ext;
    struct nhrp_cie cie;
    if (!nhrp_ext_find(message->extensions, type, &ext))
        return false;
    while (nhrp_cie_next(&ext.value, &cie))
        if (node_owns(node, addr_from_span(cie.protocol)))
            return true;
    return false;
}
