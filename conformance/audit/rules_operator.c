/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules_operator: mistakes of configuration that a capture reveals, each with the usual remedy. Where an
 * implementation's bug leaves the same sign, both are named.
 */
#include "audit/rules.h"

#define PASSWORD_MAX    8 /* Cisco and FRR */
#define AUTH_HEAD       4 /* octets before the password */
#define MSS_MAX         1360
#define TCP_MSS_OPTION  2
#define ICMP_TOO_BIG    0x0304 /* type 3, code 4 */
#define IP_PROTOCOL_TCP 6
#define HELLOS          3

/* The tunnel in which the receiver of an unanswered request is at home instead, or NULL. */
static const struct cloud *elsewhere(const struct sight *s)
{
    const struct audit *a = s->audit;
    if (station_at(s->audit, s->cloud, s->to) != NULL)
        return NULL;
    for (size_t i = 0; i < a->cloud_count; i++) {
        const struct station *server = station_at(s->audit, &a->clouds[i], s->to);
        if (server != NULL && (server->roles & AUDIT_SERVER))
            return &a->clouds[i];
    }
    return NULL;
}

/* What it sends back has another key, or, silent here, it serves a tunnel with another key. */
static bool other_key(const struct sight *s, struct claim *c)
{
    bool answers = s->back != NULL && s->back->has_gre;
    const struct cloud *served = answers ? NULL : elsewhere(s);
    if (!answers && served == NULL)
        return false;
    bool has_key = answers ? s->back->has_key : served->has_key;
    uint32_t key = answers ? s->back->key : served->key;
    if (has_key == s->cloud->has_key && key == s->cloud->key)
        return false;
    if (s->cloud->has_key)
        text_add(&c->words, "key %u, unanswered; ", (unsigned)s->cloud->key);
    else
        text_add(&c->words, "no key, unanswered; ");
    claim_add_addr(c, "", s->to, answers ? " sends with " : " serves others with ");
    text_add(&c->words, has_key ? "key %u" : "none", (unsigned)key);
    return true;
}

static bool clear_beside_esp(const struct sight *s, struct claim *c)
{
    if (s->back == NULL || !s->back->esp)
        return false;
    claim_add_addr(c, "", s->to, " speaks ESP, and the registration is in clear");
    return true;
}

static bool not_the_receiver(const struct sight *s, struct claim *c)
{
    const struct nhrp_message *asked = request_message(s->request);
    const struct station *receiver = s->sender; /* of an unanswered request: who got it */
    if (receiver == NULL || asked == NULL)
        return false;
    struct addr wanted = addr_from_span(asked->destination_protocol);
    claim_add_addr(c, "for ", wanted, "");
    claim_add_addr(c, ", sent to ", s->to, "");
    claim_add_addr(c, ", which is ", receiver->protocol, "");
    return !addr_equal(wanted, receiver->protocol) && !addr_equal(wanted, s->source);
}

/* An Error Indication about a registration: who got it has no way to the server that it names. */
static bool no_way_to_server(const struct sight *s, struct claim *c)
{
    if (s->asked == NULL || s->asked->fixed.type != NHRP_REGISTRATION_REQUEST ||
        s->m->error.code != NHRP_ERROR_ADDRESS_UNREACHABLE)
        return false;
    c->about = addr_from_span(s->asked->source_protocol);
    claim_add_addr(c, "for ", addr_from_span(s->asked->destination_protocol), "");
    claim_add_addr(c, ", sent to ", s->from, ", which has no way there");
    return true;
}

static const struct nhrp_ext *password(const struct sight *s, struct nhrp_ext *ext)
{
    return nhrp_ext_find(s->m->extensions, NHRP_EXT_AUTHENTICATION, ext) ? ext : NULL;
}

static bool long_password(const struct sight *s, struct claim *c)
{
    struct nhrp_ext ext;
    struct nhrp_auth auth;
    if (password(s, &ext) == NULL || !nhrp_auth_decode(ext.value, s->m->source_protocol.len, &auth) ||
        auth.form != NHRP_AUTH_CLEARTEXT)
        return false;
    text_add(&c->words, "a password of %zu octets", auth.secret.len);
    return auth.secret.len > PASSWORD_MAX;
}

static bool in_clear(const struct sight *s, struct claim *c)
{
    struct nhrp_ext ext;
    struct nhrp_auth auth;
    text_add(&c->words, "the password can be read in the packet");
    return password(s, &ext) != NULL && nhrp_auth_decode(ext.value, s->m->source_protocol.len, &auth) &&
           auth.form == NHRP_AUTH_CLEARTEXT;
}

/* Request and reply of one exchange, both as their senders made them. */
static bool one_side_only(const struct sight *s, struct claim *c)
{
    struct nhrp_ext ext;
    if (s->asked == NULL || !s->own)
        return false;
    bool asked = nhrp_ext_find(s->asked->extensions, NHRP_EXT_AUTHENTICATION, &ext);
    bool answered = nhrp_ext_find(s->m->extensions, NHRP_EXT_AUTHENTICATION, &ext);
    text_add(&c->words, "the %s authenticates, the %s does not", asked ? "request" : "reply",
             asked ? "reply" : "request");
    return asked != answered;
}

static bool accepted_without(const struct sight *s, struct claim *c)
{
    struct nhrp_ext ext;
    struct nhrp_cie cie;
    if (s->asked == NULL || nhrp_ext_find(s->asked->extensions, NHRP_EXT_AUTHENTICATION, &ext) ||
        !nhrp_ext_find(s->m->extensions, NHRP_EXT_AUTHENTICATION, &ext))
        return false;
    text_add(&c->words, "the server authenticates its reply, and took a request without authentication");
    return first_cie(s->m, &cie) && cie.code == NHRP_CIE_OK;
}

static bool keyed_differently(const struct sight *s, struct claim *c)
{
    struct nhrp_ext asked, answered;
    struct nhrp_auth a, b;
    if (s->asked == NULL || !nhrp_ext_find(s->asked->extensions, NHRP_EXT_AUTHENTICATION, &asked) ||
        password(s, &answered) == NULL || !nhrp_auth_decode(asked.value, s->asked->source_protocol.len, &a) ||
        !nhrp_auth_decode(answered.value, s->m->source_protocol.len, &b) || a.form != NHRP_AUTH_CLEARTEXT ||
        b.form != NHRP_AUTH_CLEARTEXT)
        return false;
    text_add(&c->words, "the passwords of request and reply differ, and the request is accepted");
    return !span_equal(a.secret, b.secret);
}

static bool unique_refused(const struct sight *s, struct claim *c)
{
    struct nhrp_cie cie;
    if (!first_cie(s->m, &cie) || cie.code != NHRP_CIE_ALREADY_REGISTERED)
        return false;
    c->about = s->source;
    claim_add_addr(c, "", s->source, " is held by another NBMA address");
    if (s->client != NULL && !addr_is_none(s->client->holder))
        claim_add_addr(c, ", ", s->client->holder, "");
    return true;
}

static bool address_used_twice(const struct sight *s, struct claim *c)
{
    struct addr claimed = addr_from_span(s->m->source_nbma);
    if (!s->own || s->client == NULL || s->client->binding != BINDING_ACCEPTED || addr_is_none(claimed) ||
        addr_is_none(s->client->claimed) || addr_equal(s->client->claimed, claimed) ||
        seconds_between(s->client->asked_at, s->at) >= s->client->hold_s)
        return false;
    claim_add_addr(c, "", s->source, " is registered from ");
    claim_add_addr(c, "", s->client->claimed, "");
    claim_add_addr(c, ", and now from ", claimed, "");
    return true;
}

static const struct station *neighbour_behind_same_address(const struct sight *s)
{
    if (!s->own || addr_is_none(s->from) || s->sender == NULL || addr_equal(s->sender->protocol, s->source) ||
        s->sender->protocol.family != s->source.family || !(s->sender->roles & AUDIT_CLIENT))
        return NULL;
    return s->sender;
}

static bool behind_one_nat(const struct sight *s, struct claim *c)
{
    const struct station *other = neighbour_behind_same_address(s);
    if (other == NULL || addr_equal(other->claimed, addr_from_span(s->m->source_nbma)))
        return false;
    claim_add_addr(c, "", s->source, "");
    claim_add_addr(c, " and ", other->protocol, "");
    claim_add_addr(c, " both send from ", s->from, "");
    return true;
}

static bool shared_source(const struct sight *s, struct claim *c)
{
    const struct station *other = neighbour_behind_same_address(s);
    if (other == NULL || s->cloud->has_key || !addr_equal(other->claimed, addr_from_span(s->m->source_nbma)))
        return false;
    claim_add_addr(c, "", s->source, "");
    claim_add_addr(c, " and ", other->protocol, "");
    claim_add_addr(c, " register from ", s->from, " without a tunnel key");
    return true;
}

static bool recursion(const struct sight *s, struct claim *c)
{
    claim_add_addr(c, "GRE inside GRE, both to ", s->to, "");
    return s->packet->inner.protocol == IP_PROTOCOL_GRE && addr_equal(s->packet->inner.destination, s->to);
}

static bool fragmented(const struct sight *s, struct claim *c)
{
    const struct ip *outer = &s->packet->outer;
    text_add(&c->words, "a fragment of %s", outer->protocol == IP_PROTOCOL_GRE ? "GRE" : "ESP");
    return (outer->protocol == IP_PROTOCOL_GRE || outer->protocol == IP_PROTOCOL_ESP) &&
           (outer->more_fragments || outer->fragment_offset > 0);
}

static bool too_big_inside(const struct sight *s, struct claim *c)
{
    struct span icmp = s->packet->inner.payload;
    text_add(&c->words, "\"fragmentation needed\" inside the tunnel");
    return s->packet->inner.protocol == IP_PROTOCOL_ICMP && icmp.len >= 2 &&
           icmp.data[0] == ICMP_TOO_BIG >> 8 && icmp.data[1] == (ICMP_TOO_BIG & 0xff);
}

static bool large_segments(const struct sight *s, struct claim *c)
{
    const struct ip *inner = &s->packet->inner;
    struct reader r = reader_of(inner->payload);
    if (inner->protocol != IP_PROTOCOL_TCP || inner->fragment_offset > 0)
        return false;
    reader_span(&r, 12);
    uint16_t word = reader_u16(&r);
    reader_span(&r, 6);
    size_t header_len = (size_t)(word >> 12) * 4;
    if (r.failed || !(word & 0x02) || header_len <= r.pos)
        return false;
    while (r.pos < header_len) {
        uint8_t kind = reader_u8(&r);
        if (kind == 0 || r.failed)
            return false;
        if (kind == 1)
            continue;
        uint8_t len = reader_u8(&r);
        if (kind == TCP_MSS_OPTION && len == 4) {
            uint16_t mss = reader_u16(&r);
            text_add(&c->words, "TCP segments of %u octets", mss);
            return !r.failed && mss > MSS_MAX;
        }
        if (len < 2)
            return false;
        reader_span(&r, len - 2u);
    }
    return false;
}

static bool multicast_one_way(const struct sight *s, struct claim *c)
{
    if (s->out == NULL)
        return false;
    const struct side *server = s->out, *client = s->back;
    bool from_client = client->multicast > HELLOS && server->multicast == 0;
    bool from_server = server->multicast > HELLOS && client->multicast == 0;
    if (client->registrations < 2 || !(from_client || from_server))
        return false;
    text_add(&c->words, "multicast goes from the %s to the %s only", from_client ? "client" : "server",
             from_client ? "server" : "client");
    return true;
}

/* The same inner packet came in by another tunnel of this station a moment ago. */
static bool between_clouds(const struct sight *s, struct claim *c)
{
    const struct audit *a = s->audit;
    const struct ip *inner = &s->packet->inner;
    for (size_t i = 0; a->cloud_count > 1 && i < a->cloud_count; i++) {
        const struct cloud *cloud = &a->clouds[i];
        if (cloud == s->cloud)
            continue;
        const struct flow *flow = flow_find(s->audit, cloud, inner->source, inner->destination);
        if (flow != NULL && flow->signature == packet_signature(inner) && addr_equal(flow->to, s->from) &&
            instant_diff_us(flow->at, s->at) < US_PER_S) {
            text_add(&c->words, "in by one tunnel (key %u) and out by another (key %u)", (unsigned)cloud->key,
                     (unsigned)s->cloud->key);
            return true;
        }
    }
    return false;
}

const struct audit_rule rules_operator[] = {
    {"tunnel-key", "rfc2890-2.1-key-of-cloud", NULL, AUDIT_MISTAKE, SIGHT_UNANSWERED, TYPES(3), other_key,
     "The tunnel keys of two stations differ", "Set the same `tunnel key` on both sides.", "IB-156", 0},
    {"clear-beside-esp", "defacto-protected-if-peer-is", NULL, AUDIT_MISTAKE, SIGHT_UNANSWERED, TYPES(3),
     clear_beside_esp, "A station sends GRE in clear to a peer that uses IPsec",
     "Apply the IPsec profile to the tunnel (`tunnel protection`), or the policies of the IKE daemon.",
     "IB-169", 0},
    {"wrong-server", "defacto-nhs-mapping", NULL, AUDIT_MISTAKE, SIGHT_UNANSWERED, TYPES(3), not_the_receiver,
     "A registration goes to another station than it names",
     "Correct the client's server and its NBMA address (`ip nhrp nhs ... nbma ...`).", "IB-171", 0},
    {"server-elsewhere", "defacto-nhs-mapping", NULL, AUDIT_MISTAKE, SIGHT_ORIGINAL, TYPES(7),
     no_way_to_server, "A registration is refused by a station that has no way to the server that it names",
     "Correct the client's server and its NBMA address (`ip nhrp nhs ... nbma ...`); give each of several "
     "tunnels on one address a key of its own.",
     "IB-171 IB-182", 0},
    {"password-long", "defacto-authentication-length", NULL, AUDIT_MISTAKE, SIGHT_ORIGINAL, TYPES_ALL,
     long_password, "The NHRP password is longer than 8 characters",
     "Use at most 8 characters: Cisco and FRR take no more.", "IB-154", FACT_AUTH},
    {"password-in-clear", "defacto-authentication-cleartext", NULL, AUDIT_NOTE, SIGHT_ORIGINAL, TYPES_ALL,
     in_clear, "The NHRP password is on the wire in clear, as Cisco, FRR and OpenNHRP send it",
     "It protects against mix-ups only; protect the tunnel by IPsec.", "IB-019", FACT_AUTH},
    {"password-one-side", "defacto-authentication-both-or-none", NULL, AUDIT_MISTAKE, SIGHT_REPLY,
     TYPES_REPLY, one_side_only, "Only one of two stations authenticates",
     "Set the same `ip nhrp authentication` on both sides.", "IB-153 IB-007", FACT_AUTH},
    {"password-not-demanded", "rfc2332-5.3.4-missing-refused", NULL, AUDIT_VIOLATION, SIGHT_REPLY, TYPES(4),
     accepted_without, "A server with a password accepts a registration without one", NULL, "IB-007 IB-153",
     FACT_AUTH},
    {"password-differs", "rfc2332-5.3.4-whole-secret-compared", "defacto-authentication-same-secret",
     AUDIT_VIOLATION, SIGHT_REPLY, TYPES(2) | TYPES(4), keyed_differently,
     "Two stations with different passwords accept each other", "Set the same password on both sides.",
     "IB-017 IB-152", FACT_AUTH},
    {"unique-refused", "defacto-unique-address-change", NULL, AUDIT_MISTAKE, SIGHT_REPLY, TYPES(4),
     unique_refused, "A registration is refused because its tunnel address is held as unique elsewhere",
     "After an address change: wait for the holding time, clear the entry at the hub, or register without "
     "the "
     "unique flag (`ip nhrp registration no-unique`). Else: give each spoke a tunnel address of its own.",
     "IB-157 IB-158 IB-046", FACT_REFUSED},
    {"tunnel-address-twice", "defacto-tunnel-address-single", NULL, AUDIT_MISTAKE, SIGHT_ORIGINAL, TYPES(3),
     address_used_twice, "One tunnel address is registered from two NBMA addresses",
     "Give each spoke a tunnel address of its own; if the spoke's address has changed, let the old entry "
     "end.",
     "IB-158 IB-157", FACT_MOVED},
    {"behind-one-nat", "defacto-nat-one-client-each", NULL, AUDIT_MISTAKE, SIGHT_ORIGINAL, TYPES(3),
     behind_one_nat, "Several spokes are behind one NAT address",
     "Give each spoke a public address of its own (static NAT).", "IB-168 IB-101", FACT_NEIGHBOUR},
    {"shared-source", "defacto-shared-source-has-keys", NULL, AUDIT_MISTAKE, SIGHT_ORIGINAL, TYPES(3),
     shared_source, "Two tunnels between the same addresses have no keys",
     "Give each tunnel a `tunnel key` of its own.", "IB-182", FACT_NEIGHBOUR},
    {"recursive-routing", "defacto-no-recursive-route", NULL, AUDIT_MISTAKE, SIGHT_DATA, 0, recursion,
     "The route to a peer's NBMA address goes through the tunnel",
     "Keep the underlay out of the tunnel's routing: filter it, or route it statically.", "IB-163", 0},
    {"mtu-fragments", "defacto-tunnel-mtu", NULL, AUDIT_MISTAKE, SIGHT_UNDERLAY, 0, fragmented,
     "Tunnel packets are fragmented on the underlay",
     "Lower the tunnel's MTU (`ip mtu 1400`) and clamp TCP (`ip tcp adjust-mss 1360`).", "IB-164", 0},
    {"mtu-too-big", "defacto-tunnel-mtu", NULL, AUDIT_MISTAKE, SIGHT_DATA, 0, too_big_inside,
     "Packets in the tunnel are too big for a link", "Lower the tunnel's MTU (`ip mtu 1400`) and clamp TCP.",
     "IB-164", 0},
    {"mtu-segments", "defacto-tunnel-mtu", NULL, AUDIT_NOTE, SIGHT_DATA, 0, large_segments,
     "TCP inside the tunnel agrees on segments that need fragments", "Clamp TCP (`ip tcp adjust-mss 1360`).",
     "IB-164", 0},
    {"multicast-one-way", "defacto-multicast-to-server", "defacto-multicast-to-clients", AUDIT_MISTAKE,
     SIGHT_REPLY, TYPES(4), multicast_one_way, "Routing multicast flows one way only",
     "Map multicast on both sides (`ip nhrp map multicast`, `dynamic` at the hub).", "IB-176", 0},
    {"network-split", "defacto-cloud-per-network", "draft-4.3-same-cloud-only", AUDIT_MISTAKE, SIGHT_DATA, 0,
     between_clouds, "Spokes that reach each other through the hub are in different tunnels",
     "Put them in one tunnel, or give the hub's tunnels one `ip nhrp network-id`.", "IB-155", 0},
    {0},
};
