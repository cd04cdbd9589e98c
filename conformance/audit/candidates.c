/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * candidates: which of the faults that a rule names can have left what a sight shows. A rule names every
 * entry of the catalogue whose sign it sees; here is what else such an entry needs: a key, another address, a
 * server that is alive. An entry without a row here fits wherever its rule is broken. Must change nothing.
 */
#include "audit/candidates.h"

#include <string.h>

#define MANY_WAITING    16 /* registrations that an overloaded server leaves (IB-051) */
#define LOOP_CODE       2  /* what OpenNHRP takes for "loop detected" */
#define HOP_COUNT_CODE  12 /* what Rockhopper takes for "hop count exceeded" */
#define UNKNOWN_CODE_11 11 /* what FRR and OpenNHRP take for "no binding exists" */
#define NOT_UNIQUE_CODE 13
#define HEADER_LEAST    20
#define EMBEDDED_CISCO  28

/* The message that the finding is about: the packet's, or the request that nobody answered. */
static const struct nhrp_message *message_of(const struct sight *s)
{
    return s->m != NULL ? s->m : s->request != NULL ? request_message(s->request) : NULL;
}

static size_t times(const struct nhrp_message *m, uint16_t type, struct nhrp_ext *last)
{
    struct span list = m->extensions;
    struct nhrp_ext ext;
    size_t count = 0;
    while (nhrp_ext_next(&list, &ext))
        if (ext.type == type) {
            *last = ext;
            count++;
        }
    return count;
}

static bool is_type(const struct sight *s, uint8_t type)
{
    const struct nhrp_message *m = message_of(s);
    return m != NULL && m->fixed.type == type;
}

static bool has_key(const struct nhrp_message *m)
{
    struct nhrp_ext ext;
    return m != NULL && nhrp_ext_find(m->extensions, NHRP_EXT_AUTHENTICATION, &ext);
}

static bool carries_key(const struct sight *s)
{
    return has_key(message_of(s));
}

static bool first_code_is(const struct sight *s, uint8_t code)
{
    struct span list = s->m->cies;
    struct nhrp_cie cie;
    while (nhrp_cie_next(&list, &cie))
        if (cie.code == code)
            return true;
    return false;
}

/* RFC 1918, RFC 6598, RFC 4193: behind a NAT, most likely. */
static bool is_private(struct addr a)
{
    const uint8_t *b = a.bytes;
    if (a.family == ADDR_IPV6)
        return (b[0] & 0xfe) == 0xfc;
    return a.family == ADDR_IPV4 && (b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0) == 16) ||
                                     (b[0] == 192 && b[1] == 168) || (b[0] == 100 && (b[1] & 0xc0) == 64));
}

static bool claims_private(const struct sight *s)
{
    return is_private(addr_from_span(s->m->source_nbma));
}

static bool claims_public(const struct sight *s)
{
    struct addr claimed = addr_from_span(s->m->source_nbma);
    return !addr_is_none(claimed) && (!is_private(claimed) || is_private(s->from));
}

/* A reply that goes to the address in the field, not to where the request came from. */
static bool sent_to_claimed(const struct sight *s)
{
    return addr_equal(s->to, addr_from_span(s->m->source_nbma));
}

static bool to_private_claim(const struct sight *s)
{
    return sent_to_claimed(s) && is_private(s->to);
}

static bool to_public_claim(const struct sight *s)
{
    return sent_to_claimed(s) && !is_private(s->to);
}

/* The hop count */
static bool is_registration(const struct sight *s)
{
    return is_type(s, NHRP_REGISTRATION_REQUEST);
}

static bool is_indication(const struct sight *s)
{
    return is_type(s, NHRP_TRAFFIC_INDICATION);
}

static bool to_broadcast(const struct sight *s)
{
    return is_registration(s) && s->destination.family == ADDR_IPV4 && s->destination.bytes[3] == 255;
}

static bool hop_count_is_zero(const struct sight *s)
{
    return s->m->fixed.hop_count == 0;
}

/* Authentication */
static struct span secret_of(const struct nhrp_message *m)
{
    struct nhrp_ext ext;
    struct nhrp_auth auth;
    if (!nhrp_ext_find(m->extensions, NHRP_EXT_AUTHENTICATION, &ext) ||
        !nhrp_auth_decode(ext.value, m->source_protocol.len, &auth))
        return (struct span){0};
    return auth.secret;
}

static bool one_key_begins_the_other(const struct sight *s)
{
    if (s->asked == NULL)
        return false;
    struct span a = secret_of(s->asked), b = secret_of(s->m);
    size_t common = a.len < b.len ? a.len : b.len;
    return common > 0 && a.len != b.len && memcmp(a.data, b.data, common) == 0;
}

static bool reply_has_the_key(const struct sight *s)
{
    return has_key(s->m) && !has_key(s->asked);
}

/* The message that an Error Indication refuses, as it was on the wire; NULL if it was not seen. */
static const struct nhrp_message *refused_message(const struct sight *s)
{
    if (s->request == NULL || s->asked == NULL)
        return NULL;
    if (s->asked->fixed.type == s->request->type)
        return request_message(s->request);
    return s->request->answer != NULL ? &s->request->answer->message : NULL;
}

static bool refused_with_key(const struct sight *s)
{
    const struct nhrp_message *refused = refused_message(s);
    return refused == NULL || has_key(refused);
}

static bool refused_without_key(const struct sight *s)
{
    const struct nhrp_message *refused = refused_message(s);
    return refused == NULL || !has_key(refused);
}

static bool refused_with_two_keys(const struct sight *s)
{
    const struct nhrp_message *refused = refused_message(s);
    struct nhrp_ext last;
    return refused != NULL && times(refused, NHRP_EXT_AUTHENTICATION, &last) > 1;
}

static bool empty_key_before_another(const struct sight *s)
{
    struct nhrp_ext first, last;
    return nhrp_ext_find(s->m->extensions, NHRP_EXT_AUTHENTICATION, &first) && first.value.len == 0 &&
           times(s->m, NHRP_EXT_AUTHENTICATION, &last) > 1;
}

static bool reply_with_two_keys(const struct sight *s)
{
    struct nhrp_ext first, last;
    return is_type(s, NHRP_RESOLUTION_REPLY) && times(s->m, NHRP_EXT_AUTHENTICATION, &last) > 1 &&
           nhrp_ext_find(s->m->extensions, NHRP_EXT_AUTHENTICATION, &first) && first.value.len > 0;
}

static bool two_nat_extensions(const struct sight *s)
{
    struct nhrp_ext last;
    return times(s->m, NHRP_EXT_NAT_ADDRESS, &last) > 1;
}

static bool nat_extension_lost(const struct sight *s)
{
    struct nhrp_ext last;
    return s->asked != NULL && times(s->asked, NHRP_EXT_NAT_ADDRESS, &last) > 0 &&
           times(s->m, NHRP_EXT_NAT_ADDRESS, &last) == 0;
}

/* Errors and refusals */
static bool error_is_loop_code(const struct sight *s)
{
    return s->m->error.code == LOOP_CODE;
}

static bool error_is_hop_count_code(const struct sight *s)
{
    return s->m->error.code == HOP_COUNT_CODE;
}

static bool error_is_about_keys(const struct sight *s)
{
    return s->m->error.code == NHRP_ERROR_AUTHENTICATION_FAILURE;
}

static bool code_13(const struct sight *s)
{
    return first_code_is(s, NOT_UNIQUE_CODE);
}

static bool code_11(const struct sight *s)
{
    return first_code_is(s, UNKNOWN_CODE_11);
}

static bool entry_cut(const struct sight *s)
{
    return s->packet->error.status == CODEC_BAD_CIE;
}

/* It has taken its registration back and is refused all the same. */
static bool purged_before(const struct sight *s)
{
    return s->client != NULL && s->client->purged_at.us != 0;
}

/* Registrations that nobody answers */
static bool same_key_comes_back(const struct sight *s)
{
    return s->back != NULL && s->back->has_gre && s->back->has_key == s->cloud->has_key &&
           s->back->key == s->cloud->key;
}

static bool key_may_differ(const struct sight *s)
{
    return s->sender == NULL && !same_key_comes_back(s);
}

/* Without outer addresses, or with ESP in sight: IPsec may be there. */
static bool ipsec_may_be(const struct sight *s)
{
    return addr_is_none(s->to) || s->totals->esp > 0;
}

static bool is_not_known_server(const struct sight *s)
{
    const struct nhrp_message *asked = request_message(s->request);
    return s->sender == NULL || asked == NULL || !(s->sender->roles & AUDIT_SERVER) ||
           !addr_equal(s->sender->protocol, addr_from_span(asked->destination_protocol));
}

static bool server_was_silent(const struct sight *s)
{
    return s->sender == NULL || instant_before(s->sender->heard_at, s->request->at);
}

static bool empty_or_overload(const struct sight *s)
{
    const struct nhrp_message *asked = request_message(s->request);
    return (asked != NULL && asked->cies.len == 0) || s->audit->waiting.count > MANY_WAITING;
}

static bool tunnel_has_no_key(const struct sight *s)
{
    return !s->cloud->has_key;
}

/* Resolutions that nobody answers */
static struct addr wanted_of(const struct sight *s)
{
    const struct nhrp_message *asked = request_message(s->request);
    return asked != NULL ? addr_from_span(asked->destination_protocol) : (struct addr){0};
}

static bool destination_is_unknown(const struct sight *s)
{
    const struct station *station = station_find(s->audit, s->cloud, wanted_of(s));
    return station == NULL || station->binding != BINDING_ACCEPTED;
}

static bool key_and_not_passed_on(const struct sight *s)
{
    return carries_key(s) && !s->request->forwarded;
}

/* A mapping that others than the requester asked for. */
static bool others_were_told(const struct sight *s,
                             bool (*same)(const struct sight *s, const struct mapping *m))
{
    for (struct table_node *node = s->audit->mappings.oldest; node != NULL; node = node->newer) {
        const struct mapping *mapping = TABLE_OWNER(node, struct mapping, node);
        if (mapping->cloud == s->cloud && !addr_equal(mapping->requester, s->source) && same(s, mapping))
            return true;
    }
    return false;
}

static bool leads_to_requester(const struct sight *s, const struct mapping *mapping)
{
    return !mapping->refused && mapping->at.us != 0 && s->client != NULL &&
           (addr_equal(mapping->next_hop_nbma, s->client->outer) ||
            addr_equal(mapping->next_hop_nbma, s->client->claimed));
}

static bool was_refused(const struct sight *s, const struct mapping *mapping)
{
    return mapping->refused ||
           (mapping->at.us == 0 && instant_diff_us(mapping->asked_at, s->at) > ANSWER_WITHIN_MS * US_PER_MS);
}

static bool shortcut_to_requester(const struct sight *s)
{
    return others_were_told(s, leads_to_requester);
}

static bool others_were_refused(const struct sight *s)
{
    return others_were_told(s, was_refused);
}

static bool unknown_compulsory(const struct sight *s)
{
    const struct nhrp_message *asked = request_message(s->request);
    struct span list = asked != NULL ? asked->extensions : (struct span){0};
    struct nhrp_ext ext;
    while (nhrp_ext_next(&list, &ext))
        if (ext.compulsory && ext.type > NHRP_EXT_MOBILE_AUTHENTICATION)
            return !s->request->forwarded;
    return false;
}

/* Indications and data */
static bool embedded_below_header(const struct sight *s)
{
    return s->m->contents.len < HEADER_LEAST;
}

static bool embedded_is_wrong(const struct sight *s)
{
    return !embedded_below_header(s);
}

static bool embedded_as_cisco(const struct sight *s)
{
    return s->m->contents.len <= EMBEDDED_CISCO;
}

static bool embedded_more_than_cisco(const struct sight *s)
{
    return !embedded_as_cisco(s);
}

/* It knows how to ask, and does no longer. */
static bool has_asked(const struct sight *s)
{
    const struct station *told = station_at(s->audit, s->cloud, s->to);
    return told != NULL && told->asked_about > 0;
}

static bool has_never_asked(const struct sight *s)
{
    return !has_asked(s);
}

static bool went_straight_before(const struct sight *s)
{
    return s->flow->direct_first_at.us != 0;
}

/* Where rule is NULL, the row is about the fault under every rule that names it. */
static const struct {
    const char *bug, *rule;
    bool (*fits)(const struct sight *s);
} conditions[] = {
    {"IB-001", NULL, is_registration},
    {"IB-002", "hop-count-zero", is_indication},
    {"IB-002", "redirect-in-vain", hop_count_is_zero},
    {"IB-003", NULL, to_broadcast},
    {"IB-007", NULL, reply_has_the_key},
    {"IB-010", NULL, key_and_not_passed_on},
    {"IB-011", NULL, empty_key_before_another},
    {"IB-012", "authentication-refused", refused_with_two_keys},
    {"IB-012", NULL, reply_with_two_keys},
    {"IB-014", NULL, error_is_about_keys},
    {"IB-017", NULL, one_key_begins_the_other},
    {"IB-018", NULL, refused_with_key},
    {"IB-020", NULL, carries_key},
    {"IB-028", NULL, error_is_loop_code},
    {"IB-029", NULL, error_is_hop_count_code},
    {"IB-041", NULL, code_13},
    {"IB-043", NULL, code_11},
    {"IB-046", NULL, purged_before},
    {"IB-051", NULL, empty_or_overload},
    {"IB-056", "resolution-unanswered", shortcut_to_requester},
    {"IB-057", NULL, destination_is_unknown},
    {"IB-070", NULL, others_were_refused},
    {"IB-080", NULL, unknown_compulsory},
    {"IB-094", NULL, to_private_claim},
    {"IB-099", NULL, nat_extension_lost},
    {"IB-105", NULL, embedded_as_cisco},
    {"IB-106", "redirect-embedded", embedded_is_wrong},
    {"IB-112", "data-still-through-hub", went_straight_before},
    {"IB-114", "data-still-through-hub", went_straight_before},
    {"IB-114", "redirect-in-vain", has_asked},
    {"IB-119", NULL, entry_cut},
    {"IB-123", NULL, two_nat_extensions},
    {"IB-127", NULL, embedded_below_header},
    {"IB-152", "authentication-refused", refused_with_key},
    {"IB-152", "registration-unanswered", carries_key},
    {"IB-153", "authentication-refused", refused_without_key},
    {"IB-155", "redirect-missing", tunnel_has_no_key},
    {"IB-156", "registration-unanswered", key_may_differ},
    {"IB-160", "redirect-in-vain", has_never_asked},
    {"IB-167", NULL, claims_private},
    {"IB-170", NULL, ipsec_may_be},
    {"IB-171", "registration-unanswered", is_not_known_server},
    {"IB-173", "registration-unanswered", server_was_silent},
    {"IB-177", "redirect-embedded-size", embedded_more_than_cisco},
    {"IB-180", "source-not-outer", claims_public},
    {"IB-180", "registration-reply-direct", to_public_claim},
    {"IB-182", "server-elsewhere", tunnel_has_no_key},
};

#define CONDITION_COUNT (sizeof(conditions) / sizeof(conditions[0]))

bool candidates_condition_at(size_t index, const char **bug, const char **rule)
{
    if (index >= CONDITION_COUNT)
        return false;
    *bug = conditions[index].bug;
    *rule = conditions[index].rule;
    return true;
}

static bool fits(const struct audit_rule *rule, const char *bug, size_t len, const struct sight *s)
{
    for (size_t i = 0; i < CONDITION_COUNT; i++)
        if (strlen(conditions[i].bug) == len && strncmp(conditions[i].bug, bug, len) == 0 &&
            (conditions[i].rule == NULL || strcmp(conditions[i].rule, rule->id) == 0))
            return conditions[i].fits(s);
    return true;
}

unsigned candidates_of(const struct audit_rule *rule, const struct sight *s)
{
    unsigned found = 0, bit = 1;
    for (const char *at = rule->bugs; at != NULL && *at != '\0'; bit <<= 1) {
        size_t len = strcspn(at, " ");
        if (fits(rule, at, len, s))
            found |= bit;
        at += len + (at[len] == ' ');
    }
    return found;
}

const char *audit_finding_candidate(const struct audit_finding *finding, size_t index, size_t *len)
{
    unsigned bit = 1;
    for (const char *at = finding->rule->bugs; at != NULL && *at != '\0'; bit <<= 1) {
        *len = strcspn(at, " ");
        if ((finding->candidates & bit) && index-- == 0)
            return at;
        at += *len + (at[*len] == ' ');
    }
    return NULL;
}
