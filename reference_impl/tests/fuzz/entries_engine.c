/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/fuzz/entries_engine.h"

#include <string.h>

#include "codec/gre.h"
#include "codec/nhrp_cie.h"
#include "codec/nhrp_ext.h"
#include "codec/packet.h"
#include "engine/show.h"
#include "tests/fuzz/require.h"

#define CLOUD_KEY    42
#define SPOKES       3
#define PACKET_MAX   2048
#define STEPS_MAX    200
#define TIME_UNIT_US 16000
#define TABLE_MAX    12 /* small, so that they run full */
#define OUTPUTS_MAX  2000
#define PASSWORD     "secret"

struct hub {
    struct node *node;
    uint8_t profile; /* enum fuzz_profile bits */
    struct instant now;
    struct addr nbma;
    size_t errors;  /* sent about the last input */
    size_t outputs; /* of the last input */
};

static struct addr station_nbma(unsigned station)
{
    return addr_ipv4(192, 0, 2, (uint8_t)(10 + station));
}

static struct addr station_protocol(unsigned station)
{
    return addr_ipv4(10, 255, 0, (uint8_t)(10 + station));
}

static struct node *create_hub(struct addr nbma, uint8_t profile)
{
    static const struct nhs_config server = {
        {{10, 255, 0, 200}, ADDR_IPV4}, {{192, 0, 2, 200}, ADDR_IPV4}, 0};
    static const struct prefix summary = {{{10}, ADDR_IPV4}, 8};
    static struct route_config routes[] = {
        {{{{10, 1}, ADDR_IPV4}, 24}, {0}},
        {{{{10, 11}, ADDR_IPV4}, 24}, {{10, 255, 0, 11}, ADDR_IPV4}},
        {{{{10, 0}, ADDR_IPV4}, 8}, {{10, 255, 0, 200}, ADDR_IPV4}},
    };
    struct node_config config = {
        .tunnel = {.nbma = nbma, .has_key = true, .key = CLOUD_KEY, .mtu = 1400},
        .protocol = addr_ipv4(10, 255, 0, 1),
        .protocol_len = 24,
        .hold_s = 60,
        .redirect = true,
        .shortcut = true,
        .nhs = &server,
        .nhs_count = 1,
        .routing = {.rip = RIP_MODE_SUMMARY, .summaries = &summary, .summary_count = 1},
        .routes = routes,
        .route_count = 3,
        .max_bindings = TABLE_MAX,
        .max_requests = TABLE_MAX,
        .max_routes = TABLE_MAX,
        .max_told = TABLE_MAX,
    };
    if (profile & FUZZ_PROFILE_FORWARD)
        config.resolution = RESOLUTION_FORWARD;
    if (profile & FUZZ_PROFILE_PASSWORD)
        memcpy(config.password, PASSWORD, sizeof PASSWORD);
    if (profile & FUZZ_PROFILE_CHECKED)
        config.tunnel.checksum = config.tunnel.sequence = true;
    if (profile & FUZZ_PROFILE_POINT_TO_POINT) {
        config.tunnel.mode = TUNNEL_POINT_TO_POINT;
        config.tunnel.destination = server.nbma;
    }
    return node_create(&config, 1, NULL);
}

static void check_sent(struct hub *hub, const struct node_output *out)
{
    struct packet packet;
    packet_decode(out->underlay.packet, &packet);
    REQUIRE(packet.kind == PACKET_NHRP || packet.kind == PACKET_DATA);
    REQUIRE(addr_equal(packet.outer.source, hub->nbma));
    REQUIRE(packet.gre.has_key && packet.gre.key == CLOUD_KEY);
    REQUIRE(packet.gre.payload.len <= 1400);
    hub->errors += out->underlay.reason == SEND_ERROR;
}

static void drain(struct hub *hub)
{
    struct node_output out;
    hub->errors = hub->outputs = 0;
    while (node_output(hub->node, &out)) {
        if (out.kind == OUTPUT_UNDERLAY)
            check_sent(hub, &out);
        hub->outputs++;
    }
    struct shown_sizes sizes = node_show_sizes(hub->node);
    REQUIRE(hub->errors <= 1);
    REQUIRE(hub->outputs <= OUTPUTS_MAX);
    REQUIRE(sizes.bindings <= TABLE_MAX && sizes.requests <= TABLE_MAX && sizes.told <= TABLE_MAX);
    REQUIRE(sizes.registrations <= sizes.bindings && sizes.peers <= sizes.bindings);
    REQUIRE(!instant_before(node_deadline(hub->node), hub->now));
}

static void put(struct hub *hub, const struct node_input *input)
{
    node_input(hub->node, hub->now, input);
    drain(hub);
}

static void put_gre(struct hub *hub, unsigned sender, uint16_t protocol, struct span payload)
{
    uint8_t gre[PACKET_MAX], bytes[PACKET_MAX];
    struct writer g = writer_of(gre, sizeof gre), w = writer_of(bytes, sizeof bytes);
    gre_write(&g, &(struct gre){.has_key = true, .key = CLOUD_KEY, .protocol = protocol}, payload);
    struct ip outer = {
        .source = station_nbma(sender), .destination = hub->nbma, .protocol = IP_PROTOCOL_GRE, .ttl = 9};
    ip_write(&w, &outer, span_of(gre, g.pos));
    if (!w.failed && !g.failed)
        put(hub, &(struct node_input){.kind = INPUT_UNDERLAY, .packet = span_of(bytes, w.pos)});
}

/* So that the interesting octets are not all lost to a wrong size or checksum. */
static void put_nhrp(struct hub *hub, unsigned sender, struct span octets)
{
    uint8_t bytes[PACKET_MAX] = {0};
    if (octets.len > PACKET_MAX - 64)
        octets.len = PACKET_MAX - 64;
    if (octets.len > 0)
        memcpy(bytes, octets.data, octets.len);
    if (octets.len >= NHRP_FIXED_LEN) {
        bytes[10] = (uint8_t)(octets.len >> 8);
        bytes[11] = (uint8_t)octets.len;
        nhrp_set_checksum(bytes, octets.len);
    }
    put_gre(hub, sender, GRE_PROTOCOL_NHRP, span_of(bytes, octets.len));
    if (octets.len > 17 && bytes[17] == NHRP_ERROR_INDICATION && bytes[16] == NHRP_VERSION)
        REQUIRE(hub->errors == 0); /* RFC2332 §5.2.7: never about an error */
}

static void register_spoke(struct hub *hub, unsigned spoke)
{
    struct addr nbma = station_nbma(spoke), protocol = station_protocol(spoke);
    struct addr server = addr_ipv4(10, 255, 0, 1);
    static const uint8_t with_password[] = "\x80\x07\0\x0a\0\0\0\1" PASSWORD "\x80\0\0\0";
    uint8_t cies[NHRP_CIE_FIXED_LEN], bytes[256];
    struct writer w = writer_of(cies, sizeof cies);
    nhrp_cie_write(&w, &(struct nhrp_cie){.prefix_len = 255, .hold_s = 60});
    struct nhrp_message message = {
        .fixed = {.afn = NHRP_AFN_IPV4,
                  .protocol_type = NHRP_PROTOCOL_IPV4,
                  .hop_count = 255,
                  .version = NHRP_VERSION,
                  .type = NHRP_REGISTRATION_REQUEST},
        .registration = {.unique = true},
        .request_id = spoke,
        .source_nbma = addr_span(&nbma),
        .source_protocol = addr_span(&protocol),
        .destination_protocol = addr_span(&server),
        .cies = span_of(cies, w.pos),
    };
    struct span encoded;
    if (hub->profile & FUZZ_PROFILE_PASSWORD)
        message.extensions = span_of(with_password, sizeof with_password - 1);
    REQUIRE(nhrp_encode(&message, bytes, sizeof bytes, &encoded));
    put_gre(hub, spoke, GRE_PROTOCOL_NHRP, encoded);
}

static void put_link(struct hub *hub, struct span octets)
{
    struct node_input input = {.kind = INPUT_TIME};
    put(hub, &input); /* what is due goes out from the old address */
    input.kind = INPUT_LINK;
    input.link.up = octets.len == 0 || (octets.data[0] & 3);
    if (octets.len > 0 && octets.data[0] & 4) {
        input.link.nbma = addr_ipv4(192, 0, 2, (uint8_t)(1 + (octets.data[0] >> 4)));
        hub->nbma = input.link.nbma;
    }
    put(hub, &input);
}

static void put_route(struct hub *hub, struct span octets)
{
    struct node_input input = {.kind = INPUT_ROUTE};
    if (octets.len < 6)
        return;
    const uint8_t *o = octets.data;
    input.route.add = o[0] & 1;
    input.route.prefix = prefix_of(addr_ipv4(10, o[1], o[2], o[3]), o[4] % 33);
    if (o[0] & 2)
        input.route.via = o[0] & 4 ? addr_ipv4(0, 0, 0, 0) : station_protocol(o[5] % 4);
    put(hub, &input);
}

static void put_admin(struct hub *hub, struct span octets)
{
    static const enum admin_request requests[] = {ADMIN_CLEAR_BINDINGS, ADMIN_CLEAR_SHORTCUTS, ADMIN_REGISTER,
                                                  ADMIN_PURGE, ADMIN_STOP};
    unsigned wanted = octets.len > 0 ? octets.data[0] % 5u : 0;
    put(hub, &(struct node_input){.kind = INPUT_ADMIN, .admin = requests[wanted]});
}

static void take_step(struct hub *hub, uint8_t what, struct span octets)
{
    unsigned sender = what >> 3 & 7;
    struct node_input input = {.packet = octets};
    switch ((enum fuzz_step_kind)(what & 7)) {
    case FUZZ_STEP_UNDERLAY:
    case FUZZ_STEP_OVERLAY:
        input.kind = (what & 7) == FUZZ_STEP_OVERLAY ? INPUT_OVERLAY : INPUT_UNDERLAY;
        put(hub, &input);
        break;
    case FUZZ_STEP_NHRP:
        put_nhrp(hub, sender, octets);
        break;
    case FUZZ_STEP_DATA:
        put_gre(hub, sender,
                octets.len > 0 && octets.data[0] >> 4 == 6 ? GRE_PROTOCOL_IPV6 : GRE_PROTOCOL_IPV4, octets);
        break;
    case FUZZ_STEP_LINK:
        put_link(hub, octets);
        break;
    case FUZZ_STEP_ROUTE:
        put_route(hub, octets);
        break;
    case FUZZ_STEP_ADMIN:
        put_admin(hub, octets);
        break;
    case FUZZ_STEP_TIME:
    default:
        hub->now = instant_after_s(hub->now, sender * 7);
        put(hub, &(struct node_input){.kind = INPUT_TIME});
    }
}

void fuzz_engine(const uint8_t *data, size_t len)
{
    struct hub hub = {.now = {.us = 1}, .nbma = addr_ipv4(192, 0, 2, 1)};
    if (len > 0) {
        hub.profile = *data++;
        len--;
    }
    hub.node = create_hub(hub.nbma, hub.profile);
    REQUIRE(hub.node != NULL);
    put(&hub, &(struct node_input){.kind = INPUT_LINK, .link = {.up = true}});
    for (unsigned spoke = 0; spoke < SPOKES; spoke++)
        register_spoke(&hub, spoke);
    bool takes_clients = !(hub.profile & FUZZ_PROFILE_POINT_TO_POINT);
    REQUIRE(node_show_sizes(hub.node).registrations == (takes_clients ? SPOKES : 0));
    for (unsigned steps = 0; len >= FUZZ_STEP_HEADER && steps < STEPS_MAX; steps++) {
        size_t octets = (size_t)data[2] << 8 | data[3], room = len - FUZZ_STEP_HEADER;
        if (octets > room)
            octets = room;
        hub.now = instant_after_us(hub.now, data[1] * TIME_UNIT_US);
        take_step(&hub, data[0], span_of(data + FUZZ_STEP_HEADER, octets));
        data += FUZZ_STEP_HEADER + octets;
        len = room - octets;
    }
    node_free(hub.node);
}

size_t fuzz_engine_step(uint8_t *out, enum fuzz_step_kind kind, unsigned sender, uint8_t time,
                        struct span octets)
{
    out[0] = (uint8_t)(kind | sender << 3);
    out[1] = time;
    out[2] = (uint8_t)(octets.len >> 8);
    out[3] = (uint8_t)octets.len;
    if (octets.len > 0)
        memcpy(out + FUZZ_STEP_HEADER, octets.data, octets.len);
    return FUZZ_STEP_HEADER + octets.len;
}
