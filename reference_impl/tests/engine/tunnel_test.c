/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tunnel's encapsulation, and the data plane above it. */
#include "harness.h"
#include "suite.h"

#include <string.h>

static struct world *world;

static struct node_config p2p_config(void)
{
    struct node_config config = spoke_config(11);
    config.tunnel.mode = TUNNEL_POINT_TO_POINT;
    config.tunnel.destination = nbma_addr(1);
    config_route(&config, "0.0.0.0/0", tunnel_addr(1));
    return config;
}

/* An outer packet to 192.0.2.11 around a ping from host 10.1.0.5 to 10.11.0.5. */
static struct span outer_packet(struct addr from, const struct gre *gre, uint8_t ttl)
{
    static uint8_t buf[512];
    uint8_t echo[64], inner[128], payload[256];
    struct ip in = {
        .source = lan_addr(1, 5), .destination = lan_addr(11, 5), .protocol = IP_PROTOCOL_ICMP, .ttl = ttl};
    struct writer w = writer_of(echo, sizeof echo);
    icmp_echo_write(&w, &in, &(struct icmp_echo){.id = 1});
    struct writer i = writer_of(inner, sizeof inner), g = writer_of(payload, sizeof payload);
    ip_write(&i, &in, span_of(echo, w.pos));
    gre_write(&g, gre, span_of(inner, i.pos));
    struct ip out = {.source = from, .destination = nbma_addr(11), .protocol = IP_PROTOCOL_GRE, .ttl = 255};
    struct writer o = writer_of(buf, sizeof buf);
    ip_write(&o, &out, span_of(payload, g.pos));
    ck_assert(!o.failed);
    return span_of(buf, o.pos);
}

static enum drop_reason fate_of(int station, struct span packet)
{
    uint64_t before[DROP_REASON_COUNT];
    for (int i = 0; i < DROP_REASON_COUNT; i++)
        before[i] = world_drops(world, station, (enum drop_reason)i);
    world_inject(world, station, packet);
    for (int i = 1; i < DROP_REASON_COUNT; i++)
        if (world_drops(world, station, (enum drop_reason)i) > before[i])
            return (enum drop_reason)i;
    return DROP_NONE;
}

START_TEST(received_packets_are_told_apart)
{
    struct node_config config = p2p_config();
    world = world_new();
    int spoke = world_add(world, &config);
    struct gre good = {.has_key = true, .key = 42, .protocol = GRE_PROTOCOL_IPV4}, gre = good;
    ck_assert_int_eq(fate_of(spoke, outer_packet(nbma_addr(1), &gre, 9)), DROP_NONE);
    ck_assert_uint_eq(world->delivered_count, 1);
    ck_assert_uint_eq(world->delivered[0].ip.ttl, 8);
    ck_assert_int_eq(fate_of(spoke, outer_packet(nbma_addr(1), &gre, 1)), DROP_TTL);
    ck_assert_int_eq(fate_of(spoke, outer_packet(nbma_addr(12), &gre, 9)), DROP_GRE_UNKNOWN_PEER);
    gre.key = 43;
    ck_assert_int_eq(fate_of(spoke, outer_packet(nbma_addr(1), &gre, 9)), DROP_GRE_KEY);
    gre.has_key = false;
    ck_assert_int_eq(fate_of(spoke, outer_packet(nbma_addr(1), &gre, 9)), DROP_GRE_KEY);
    gre = good;
    gre.protocol = GRE_PROTOCOL_IPV6;
    ck_assert_int_eq(fate_of(spoke, outer_packet(nbma_addr(1), &gre, 9)), DROP_INNER_MALFORMED);
    gre.protocol = 0x8847;
    ck_assert_int_eq(fate_of(spoke, outer_packet(nbma_addr(1), &gre, 9)), DROP_GRE_PROTOCOL);
    gre = good;
    gre.has_checksum = true;
    struct span packet = outer_packet(nbma_addr(1), &gre, 9);
    ck_assert_int_eq(fate_of(spoke, packet), DROP_NONE);
    ((uint8_t *)packet.data)[packet.len - 1] ^= 1;
    ck_assert_int_eq(fate_of(spoke, packet), DROP_GRE_MALFORMED);
    packet = outer_packet(nbma_addr(1), &good, 9);
    ck_assert_int_eq(fate_of(spoke, span_of(packet.data, 19)), DROP_OUTER_MALFORMED);
    uint8_t buf[128];
    struct writer w = writer_of(buf, sizeof buf);
    struct ip ip = {.source = nbma_addr(1), .destination = nbma_addr(11), .protocol = 6, .ttl = 9};
    ip_write(&w, &ip, span_of("12345678", 8));
    ck_assert_int_eq(fate_of(spoke, span_of(buf, w.pos)), DROP_NOT_GRE);
    w = writer_of(buf, sizeof buf);
    ip.protocol = IP_PROTOCOL_GRE;
    ip.more_fragments = true;
    ip_write(&w, &ip, span_of("12345678", 8));
    ck_assert_int_eq(fate_of(spoke, span_of(buf, w.pos)), DROP_FRAGMENT);
    w = writer_of(buf, sizeof buf);
    ip.destination = nbma_addr(200);
    ip_write(&w, &ip, span_of("12345678", 8));
    ck_assert_int_eq(fate_of(spoke, span_of(buf, w.pos)), DROP_NOT_FOR_US);
    world_free(world);
}
END_TEST

START_TEST(sequence_numbers_go_up_and_old_ones_are_dropped)
{
    struct node_config config = p2p_config();
    config.tunnel.sequence = true;
    config.tunnel.checksum = true;
    world = world_new();
    int spoke = world_add(world, &config);
    world_forget(world);
    for (int i = 0; i < 3; i++)
        world_ping(world, spoke, lan_addr(11, 5), lan_addr(12, 5));
    for (size_t i = 1; i < 3; i++) {
        ck_assert(world->sent[i].packet.gre.has_checksum);
        ck_assert_uint_eq(world->sent[i].packet.gre.sequence, world->sent[i - 1].packet.gre.sequence + 1);
    }
    static const struct {
        uint32_t sequence;
        enum drop_reason fate;
    } steps[] = {{0xfffffffe, DROP_NONE}, {0xfffffffe, DROP_GRE_SEQUENCE}, {0xffffffff, DROP_NONE},
                 {1, DROP_NONE},          {0, DROP_GRE_SEQUENCE},          {2, DROP_NONE}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct gre gre = {.has_key = true, .key = 42, .has_sequence = true, .protocol = GRE_PROTOCOL_IPV4};
        gre.sequence = steps[i].sequence;
        ck_assert_int_eq(fate_of(spoke, outer_packet(nbma_addr(1), &gre, 9)), steps[i].fate);
    }
    world_free(world);
}
END_TEST

START_TEST(router_takes_one_off_the_ttl_of_others_only)
{
    struct node_config config = p2p_config();
    world = world_new();
    int spoke = world_add(world, &config);
    world_forget(world);
    world_ping(world, spoke, lan_addr(11, 5), lan_addr(12, 5));
    ck_assert_uint_eq(world->sent[0].packet.inner.ttl, 63);
    world_ping(world, spoke, tunnel_addr(11), lan_addr(12, 5));
    ck_assert_uint_eq(world->sent[1].packet.inner.ttl, 64);
    ck_assert_uint_eq(world->sent[1].packet.outer.ttl, 255);
    world_free(world);
}
END_TEST

START_TEST(packets_without_a_way_are_dropped_with_a_reason)
{
    struct node_config config = hub_config();
    config_route(&config, "10.11.0.0/24", tunnel_addr(11));
    world = world_new();
    int hub = world_add(world, &config);
    world_ping(world, hub, lan_addr(1, 5), lan_addr(11, 5));
    ck_assert_uint_eq(world_drops(world, hub, DROP_NO_BINDING), 1);
    world_ping(world, hub, lan_addr(1, 5), addr_ipv4(203, 0, 113, 1));
    ck_assert_uint_eq(world_drops(world, hub, DROP_NO_ROUTE), 1);
    world_ping(world, hub, lan_addr(1, 5), addr_ipv4(224, 0, 0, 9));
    ck_assert_uint_eq(world_drops(world, hub, DROP_MULTICAST), 1);
    uint8_t big[2000], zeros[1900] = {0};
    struct ip ip = {.source = lan_addr(1, 5), .destination = tunnel_addr(1), .protocol = 17, .ttl = 9};
    struct writer w = writer_of(big, sizeof big);
    ip_write(&w, &ip, span_of(zeros, sizeof zeros));
    struct node_input input = {.kind = INPUT_OVERLAY, .packet = span_of(big, w.pos)};
    world_forget(world);
    world_input(world, hub, &input); /* to itself: any size */
    ck_assert_uint_eq(world->delivered_count, 1);
    input.packet = span_of(big, 10);
    world_input(world, hub, &input);
    ck_assert_uint_eq(world_drops(world, hub, DROP_INNER_MALFORMED), 1);
    world_free(world);
    struct node_config p2p = p2p_config();
    world = world_new();
    int spoke = world_add(world, &p2p);
    w = writer_of(big, sizeof big);
    ip.destination = lan_addr(12, 5);
    ip.dont_fragment = true;
    ip_write(&w, &ip, span_of(zeros, 1381));
    input.packet = span_of(big, w.pos);
    world_input(world, spoke, &input);
    ck_assert_uint_eq(world_drops(world, spoke, DROP_TOO_BIG), 1);
    world_free(world);
}
END_TEST

START_TEST(multicast_goes_to_server_and_to_all_clients)
{
    struct node_config h = hub_config(), s = spoke_config(11), t = spoke_config(12);
    world = world_new();
    int hub = world_add(world, &h);
    int a = world_add(world, &s);
    world_add(world, &t);
    world_run_s(world, 1);
    world_forget(world);
    world_ping(world, hub, tunnel_addr(1), addr_ipv4(224, 0, 0, 9));
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_MULTICAST), 2);
    world_ping(world, a, tunnel_addr(11), addr_ipv4(224, 0, 0, 9));
    ck_assert_uint_eq(world_sent_count(world, a, SEND_MULTICAST), 1);
    world_run_s(world, 1);
    ck_assert_uint_eq(world->delivered_count, 3); /* nobody passes it on */
    ck_assert_uint_eq(world->sent_count, 3);
    world_free(world);
}
END_TEST

START_TEST(data_from_the_tunnel_starts_no_resolution)
{
    struct node_config s =
        spoke_config(11); /* §6.4: a spoke that is made a transit node by somebody's routes */
    world = world_new();
    int spoke = world_add(world, &s);
    world_forget(world);
    struct gre gre = {.has_key = true, .key = 42, .protocol = GRE_PROTOCOL_IPV4};
    struct span packet = outer_packet(nbma_addr(1), &gre, 9);
    uint8_t changed[512];
    memcpy(changed, packet.data, packet.len);
    struct addr target = tunnel_addr(12);
    struct ip inner = {.source = lan_addr(1, 5), .destination = target, .protocol = 17, .ttl = 9};
    struct writer w = writer_of(changed + 28, sizeof changed - 28);
    ip_write_header(&w, &inner, packet.len - 28 - 20);
    world_inject(world, spoke, span_of(changed, packet.len));
    ck_assert_uint_eq(world->sent_count, 1); /* back to the hub, and nothing asked */
    ck_assert_int_eq(world->sent[0].reason, SEND_DATA_FROM_HUB);
    world_ping(world, spoke, lan_addr(11, 5), target);
    ck_assert_uint_eq(world_sent_count(world, spoke, SEND_RESOLUTION_NEXT_HOP), 1);
    world_free(world);
}
END_TEST

SUITE_MAIN("tunnel", received_packets_are_told_apart, sequence_numbers_go_up_and_old_ones_are_dropped,
           router_takes_one_off_the_ttl_of_others_only, packets_without_a_way_are_dropped_with_a_reason,
           multicast_goes_to_server_and_to_all_clients, data_from_the_tunnel_starts_no_resolution)
