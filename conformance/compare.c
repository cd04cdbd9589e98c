/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compare: walks the fields of both packets and asks the policy about each. Decides nothing about time or
 * order.
 *
 * A group (a header, a CIE, an extension) that one packet lacks is one difference, not one for each of its
 * fields.
 */
#include "compare.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/nhrp_cie.h"
#include "memory.h"

struct comparing {
    const struct compare_context *context;
    const struct compared_packet *expected;
    const struct compared_packet *actual;
    struct comparison *out;
};

enum sameness { SAME, NOTED, DIFFERENT };

static bool is_masked(const struct compare_context *context, const char *name)
{
    for (size_t i = 0; context->override != NULL && i < context->override->mask_count; i++)
        if (field_name_matches(context->override->masks[i], name))
            return true;
    return false;
}

static void add_difference(struct comparing *k, const struct field *expected, const struct field *actual,
                           const char *requirement, bool is_note)
{
    struct comparison *out = k->out;
    out->differences =
        memory_room_for_one(out->differences, out->count, &out->cap, sizeof(*out->differences));
    struct difference *difference = &out->differences[out->count++];
    *difference = (struct difference){
        .has_offset = true,
        .offset = actual != NULL ? actual->offset : expected->offset,
        .is_note = is_note,
        .requirement = requirements_find(k->context->requirements, requirement),
    };
    snprintf(difference->name, sizeof(difference->name), "%s", (expected != NULL ? expected : actual)->name);
    if (expected != NULL)
        field_format(expected, difference->expected);
    else
        snprintf(difference->expected, sizeof(difference->expected), "(absent)");
    if (actual != NULL)
        field_format(actual, difference->actual);
    else
        snprintf(difference->actual, sizeof(difference->actual), "(absent)");
    if (!is_note)
        out->failed = true;
}

/* Bits of the message's protocol addresses, to know when a prefix length means the one address. */
static unsigned host_bits(const struct compared_packet *p)
{
    return (unsigned)p->packet->nhrp.destination_protocol.len * 8;
}

static bool is_host_prefix(uint64_t len, unsigned bits)
{
    return len == 0 || len == NHRP_PREFIX_HOST || len == bits;
}

static bool field_is_address(const struct field *field, struct addr address)
{
    return span_equal(field->octets, addr_span(&address));
}

static bool is_reply_path(const struct comparing *k, const struct field *actual)
{
    const struct iut_config *config = k->context->config;
    if (k->actual->packet->kind == PACKET_NHRP &&
        span_equal(actual->octets, k->actual->packet->nhrp.source_nbma))
        return true;
    for (size_t i = 0; i < config->nhs_count; i++)
        if (field_is_address(actual, config->nhs[i].nbma))
            return true;
    return false;
}

/* A client registers towards its server's address or towards its own (section 5.2.3). */
static bool is_self_or_server(const struct comparing *k, const struct field *actual)
{
    const struct iut_config *config = k->context->config;
    for (size_t i = 0; i < config->nhs_count; i++)
        if (field_is_address(actual, config->nhs[i].protocol))
            return true;
    return field_is_address(actual, config->protocol);
}

static bool is_told_station(const struct comparing *k, const struct field *actual)
{
    const struct field *source = field_find(k->actual->fields, "nhrp.packet.src");
    const struct field *destination = field_find(k->actual->fields, "nhrp.packet.dst");
    return (source != NULL && span_equal(source->octets, actual->octets)) ||
           (destination != NULL && span_equal(destination->octets, actual->octets));
}

static bool is_head(const struct field *a, const struct field *b, unsigned least)
{
    size_t shorter = a->octets.len < b->octets.len ? a->octets.len : b->octets.len;
    return shorter >= least && (shorter == 0 || memcmp(a->octets.data, b->octets.data, shorter) == 0);
}

/* Empty stands for the address in the common header: nbma for "...nbma.addr", else protocol. */
static bool is_same_client_address(const struct comparing *k, const struct field *expected,
                                   const struct field *actual)
{
    const struct nhrp_message *message = &k->actual->packet->nhrp;
    struct span header =
        strstr(actual->name, "nbma") != NULL ? message->source_nbma : message->source_protocol;
    struct span a = expected->octets.len > 0 ? expected->octets : header;
    struct span b = actual->octets.len > 0 ? actual->octets : header;
    return span_equal(a, b);
}

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

static enum sameness same_if(bool same)
{
    return same ? SAME : DIFFERENT;
}

static enum sameness compare_request_id(const struct comparing *k, const struct field *expected,
                                        const struct field *actual, const char **requirement)
{
    uint8_t type = k->actual->packet->nhrp.fixed.type;
    switch (id_map_check(k->context->ids, type, (uint32_t)expected->number, (uint32_t)actual->number)) {
    case ID_RETRY_DIFFERS:
        *requirement = "rfc2332-5.2.0.1-request-id-retry";
        return DIFFERENT;
    case ID_REUSED:
        return DIFFERENT;
    case ID_FITS:
        break;
    }
    return SAME;
}

static enum sameness compare_prefix(const struct comparing *k, const struct field *expected,
                                    const struct field *actual)
{
    unsigned bits = host_bits(k->expected);
    if (field_equal(expected, actual))
        return SAME;
    return is_host_prefix(expected->number, bits) && is_host_prefix(actual->number, bits) ? NOTED : DIFFERENT;
}

/* Two fields of one name and one kind. *requirement may be made more precise. */
static enum sameness compare_values(const struct comparing *k, const struct policy_row *row,
                                    const struct field *expected, const struct field *actual,
                                    const char **requirement)
{
    const struct field *stable;
    switch (row->treatment) {
    case TREAT_IGNORE:
        return SAME;
    case TREAT_EXACT:
    case TREAT_OPTIONAL:
        return same_if(field_equal(expected, actual));
    case TREAT_NOTE:
        return field_equal(expected, actual) ? SAME : NOTED;
    case TREAT_REQUEST_ID:
        return compare_request_id(k, expected, actual, requirement);
    case TREAT_HOP_COUNT:
        return same_if(actual->number >= 1);
    case TREAT_HOLD:
        return same_if(distance(expected->number, actual->number) <= row->amount);
    case TREAT_HOLD_IF_STABLE:
        stable = field_find(k->actual->fields, "nhrp.flag.s");
        return same_if(actual->number == 0 || (stable != NULL && stable->number == 1));
    case TREAT_PREFIX:
        return same_if(compare_prefix(k, expected, actual) != DIFFERENT);
    case TREAT_PREFIX_NOTED:
        return compare_prefix(k, expected, actual);
    case TREAT_CLIENT_ADDRESS:
        return same_if(is_same_client_address(k, expected, actual));
    case TREAT_SELF_OR_SERVER:
        return same_if(field_equal(expected, actual) || is_self_or_server(k, actual));
    case TREAT_TOLD_STATION:
        return same_if(field_equal(expected, actual) || is_told_station(k, actual));
    case TREAT_REPLY_PATH:
        return same_if(field_equal(expected, actual) || is_reply_path(k, actual));
    case TREAT_HEAD:
        return same_if(is_head(expected, actual, row->amount));
    }
    return DIFFERENT;
}

static void compare_field(struct comparing *k, const struct field *expected, const struct field *actual)
{
    const char *name = (expected != NULL ? expected : actual)->name;
    if (is_masked(k->context, name))
        return;
    const struct policy_row *row = policy_for_value(&k->context->policy, name);
    const char *requirement = row->requirement;
    if (expected == NULL || actual == NULL) {
        if (!policy_may_be_absent(&k->context->policy, name))
            add_difference(k, expected, actual, requirement, row->treatment == TREAT_NOTE);
        return;
    }
    enum sameness sameness =
        expected->kind == actual->kind ? compare_values(k, row, expected, actual, &requirement) : DIFFERENT;
    if (sameness != SAME)
        add_difference(k, expected, actual, requirement, sameness == NOTED);
}

/* Is the field inside a group that the other packet lacks? Such fields go with their group. */
static bool goes_with_group(const struct field_list *own, size_t at, const struct field_list *other)
{
    const char *name = own->items[at].name;
    for (size_t i = at; i-- > 0;) {
        const struct field *group = &own->items[i];
        size_t len = strlen(group->name);
        if (group->kind == FIELD_GROUP && strncmp(group->name, name, len) == 0 && name[len] == '.' &&
            field_find(other, group->name) == NULL)
            return true;
    }
    return false;
}

void compare_packets(const struct compare_context *context, const struct compared_packet *expected,
                     const struct compared_packet *actual, struct comparison *out)
{
    *out = (struct comparison){0};
    struct comparing k = {.context = context, .expected = expected, .actual = actual, .out = out};
    for (size_t i = 0; i < expected->fields->count; i++) {
        const struct field *field = &expected->fields->items[i];
        if (!goes_with_group(expected->fields, i, actual->fields))
            compare_field(&k, field, field_find(actual->fields, field->name));
    }
    for (size_t i = 0; i < actual->fields->count; i++) {
        const struct field *field = &actual->fields->items[i];
        if (field_find(expected->fields, field->name) == NULL &&
            !goes_with_group(actual->fields, i, expected->fields))
            compare_field(&k, NULL, field);
    }
}
