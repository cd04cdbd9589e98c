/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * policy: looks rows up. The rows about fields are policy.def; those about whole packets are here.
 */
#include "policy.h"

#include "field.h"

#define M(name)      POLICY_NHRP(NHRP_##name)
#define REQUESTS     (M(RESOLUTION_REQUEST) | M(REGISTRATION_REQUEST) | M(PURGE_REQUEST))
#define REPLIES      (M(RESOLUTION_REPLY) | M(REGISTRATION_REPLY) | M(PURGE_REPLY))
#define DATA         POLICY_DATA
#define ALL          0xffffu
#define OWN          (1u << ORIGIN_OWN)
#define REPLY        (1u << ORIGIN_REPLY)
#define FORWARDED    (1u << ORIGIN_FORWARDED)
#define ANY          (OWN | REPLY | FORWARDED)
#define PHASE(n)     POLICY_PHASE(n)
#define ANY_PHASE    POLICY_ANY_PHASE
#define NOT_REDIRECT (PHASE(1) | PHASE(2))

static const struct policy_row rows[] = {
#define VALUE(messages, origins, phases, pattern, treatment, amount, requirement) \
    {messages, origins, phases, pattern, TREAT_##treatment, amount, requirement},
#include "policy.def"
};
#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

/* Requirements about packets that are not there, or should not be. */
struct whole_row {
    unsigned messages;
    unsigned origins;
    unsigned phases;
    const char *requirement;
};

static const struct whole_row missing_rows[] = {
    {M(REGISTRATION_REQUEST), ANY, ANY_PHASE, "rfc2332-5.2.3-register"},
    {M(REGISTRATION_REPLY), ANY, ANY_PHASE, "rfc2332-5.2.4-reply-to-registration"},
    {M(RESOLUTION_REQUEST), FORWARDED, ANY_PHASE, "draft-4.4-forward-to-egress"},
    {M(RESOLUTION_REQUEST), ANY, PHASE(3), "draft-4.4-request-for-redirected"},
    {M(RESOLUTION_REQUEST), ANY, ANY_PHASE, "rfc2332-2.2-request-for-next-hop"},
    {M(RESOLUTION_REPLY), FORWARDED, ANY_PHASE, "rfc2332-5.2.2-reply-straight-to-client"},
    {M(RESOLUTION_REPLY), ANY, PHASE(3), "draft-4.5-egress-replies"},
    {M(RESOLUTION_REPLY), ANY, ANY_PHASE, "rfc2332-5.2.2-reply-to-request"},
    {M(PURGE_REQUEST), ANY, ANY_PHASE, "rfc2332-5.2.5-purge-request"},
    {M(PURGE_REPLY), ANY, ANY_PHASE, "rfc2332-5.2.5-purge-reply"},
    {M(ERROR_INDICATION), ANY, ANY_PHASE, "rfc2332-5.2.7-error-fields"},
    {M(TRAFFIC_INDICATION), ANY, ANY_PHASE, "draft-4.3-redirect"},
    {DATA, FORWARDED, PHASE(1), "defacto-hub-data-forwarded"},
    {DATA, FORWARDED, ANY_PHASE, "draft-4.3-data-via-hub-meanwhile"},
    {DATA, ANY, PHASE(1), "defacto-spoke-data-to-hub"},
    {DATA, ANY, ANY_PHASE, "rfc2332-2.2-data-routed-meanwhile"},
    {ALL, ANY, ANY_PHASE, "rfc2332-5.2.0.1-structure"},
};

static const struct whole_row unexpected_rows[] = {
    {M(RESOLUTION_REQUEST), ANY, ANY_PHASE, "rfc2332-2.2-no-request-per-packet"},
    {M(REGISTRATION_REQUEST), ANY, ANY_PHASE, "rfc2332-5.2.3-refresh"},
    {M(REGISTRATION_REPLY), ANY, ANY_PHASE, "rfc2332-5.2.4-reply-to-registration"},
    {M(RESOLUTION_REPLY), ANY, ANY_PHASE, "rfc2332-5.2.2-reply-to-request"},
    {M(PURGE_REQUEST), ANY, ANY_PHASE, "rfc2332-5.2.5-purge-request"},
    {M(PURGE_REPLY), ANY, ANY_PHASE, "rfc2332-5.2.5-purge-reply"},
    {M(ERROR_INDICATION), ANY, ANY_PHASE, "rfc2332-5.2.7-no-error-without-cause"},
    {M(TRAFFIC_INDICATION), ANY, NOT_REDIRECT, "defacto-redirect-configured"},
    {M(TRAFFIC_INDICATION), ANY, ANY_PHASE, "draft-4.3-redirect-rate-limit"},
    {DATA, ANY, ANY_PHASE, "defacto-hub-data-forwarded"},
    {ALL, ANY, ANY_PHASE, "rfc2332-5.2.0.1-structure"},
};

struct undecodable_row {
    enum packet_layer layer;
    enum codec_status status;
    const char *requirement;
};

static const struct undecodable_row undecodable_rows[] = {
    {PACKET_GRE, CODEC_BAD_CHECKSUM, "rfc2784-2.5-checksum-valid"},
    {PACKET_GRE, CODEC_BAD_FLAGS, "rfc2784-2.3-reserved-zero"},
    {PACKET_GRE, CODEC_BAD_VERSION, "rfc2784-2.3.1-version-zero"},
    {PACKET_MESSAGE, CODEC_BAD_CHECKSUM, "rfc2332-5.1-checksum"},
    {PACKET_MESSAGE, CODEC_BAD_SIZE, "rfc2332-5.1-packet-size"},
    {PACKET_MESSAGE, CODEC_BAD_VERSION, "rfc2332-5.1-version"},
    {PACKET_MESSAGE, CODEC_BAD_EXTENSIONS_OFFSET, "rfc2332-5.1-extensions-offset"},
    {PACKET_MESSAGE, CODEC_MISSING_END, "rfc2332-5.3-end"},
};
#define UNDECODABLE_COUNT (sizeof(undecodable_rows) / sizeof(undecodable_rows[0]))
#define MISSING_COUNT     (sizeof(missing_rows) / sizeof(missing_rows[0]))
#define UNEXPECTED_COUNT  (sizeof(unexpected_rows) / sizeof(unexpected_rows[0]))

static const char refresh_requirement[] = "rfc2332-5.2.3-refresh";
static const char structure_requirement[] = "rfc2332-5.2.0.1-structure";

/* The texts of enum policy_treatment, in its order. */
static const char *const treatment_words[] = {
    "the same",
    "any value, or none",
    "may be absent",
    "the same, else a note",
    "mapped: first seen binds",
    "1 or more",
    "within the tolerance",
    "0 unless the S bit is set",
    "the same; 0, 255 and the whole length are one",
    "the same; 0, 255 and the whole length are one, with a note",
    "the same, or empty for the common header's",
    "the same, the sender's own or a server's",
    "source or destination of the embedded packet",
    "the capture's, the requester's or a server's",
    "one the beginning of the other",
};

unsigned policy_message(const struct packet *packet)
{
    switch (packet->kind) {
    case PACKET_NHRP:
        return POLICY_NHRP(packet->nhrp.fixed.type);
    case PACKET_DATA:
        return POLICY_DATA;
    default:
        return POLICY_OTHER;
    }
}

static bool applies(const struct policy_context *context, unsigned messages, unsigned origins,
                    unsigned phases)
{
    return (messages & context->message) && (origins & 1u << context->origin) &&
           (phases & PHASE(context->phase));
}

const struct policy_row *policy_for_value(const struct policy_context *context, const char *field)
{
    for (size_t i = 0; i < ROW_COUNT - 1; i++)
        if (rows[i].treatment != TREAT_OPTIONAL &&
            applies(context, rows[i].messages, rows[i].origins, rows[i].phases) &&
            field_name_matches(rows[i].pattern, field))
            return &rows[i];
    return &rows[ROW_COUNT - 1];
}

bool policy_may_be_absent(const struct policy_context *context, const char *field)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (rows[i].treatment == TREAT_OPTIONAL &&
            applies(context, rows[i].messages, rows[i].origins, rows[i].phases) &&
            field_name_matches(rows[i].pattern, field))
            return true;
    return policy_for_value(context, field)->treatment == TREAT_IGNORE;
}

static const char *whole_requirement(const struct whole_row *table, size_t count,
                                     const struct policy_context *context)
{
    for (size_t i = 0; i < count; i++)
        if (applies(context, table[i].messages, table[i].origins, table[i].phases))
            return table[i].requirement;
    return structure_requirement;
}

const char *policy_missing(const struct policy_context *context, bool is_refresh)
{
    return is_refresh ? refresh_requirement : whole_requirement(missing_rows, MISSING_COUNT, context);
}

const char *policy_unexpected(const struct policy_context *context)
{
    return whole_requirement(unexpected_rows, UNEXPECTED_COUNT, context);
}

const char *policy_undecodable(enum packet_layer layer, enum codec_status status)
{
    for (size_t i = 0; i < UNDECODABLE_COUNT; i++)
        if (undecodable_rows[i].layer == layer && undecodable_rows[i].status == status)
            return undecodable_rows[i].requirement;
    return structure_requirement;
}

size_t policy_row_count(void)
{
    return ROW_COUNT;
}

const struct policy_row *policy_row_at(size_t i)
{
    return &rows[i];
}

size_t policy_requirement_count(void)
{
    return ROW_COUNT + MISSING_COUNT + UNEXPECTED_COUNT + UNDECODABLE_COUNT + 1;
}

const char *policy_requirement_at(size_t i)
{
    if (i < ROW_COUNT)
        return rows[i].requirement;
    i -= ROW_COUNT;
    if (i < MISSING_COUNT)
        return missing_rows[i].requirement;
    i -= MISSING_COUNT;
    if (i < UNEXPECTED_COUNT)
        return unexpected_rows[i].requirement;
    i -= UNEXPECTED_COUNT;
    return i < UNDECODABLE_COUNT ? undecodable_rows[i].requirement : POLICY_NOT_DELIVERED;
}

const char *policy_treatment_words(enum policy_treatment treatment)
{
    return treatment_words[treatment];
}
