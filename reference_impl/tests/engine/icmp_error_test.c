/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/icmp_error.h"

#include "harness.h"
#include "suite.h"

#include "base/checksum.h"

static struct world *world;

/* A UDP packet of a host, with room for as much as any test wants. */
static struct span udp_packet(struct addr from, struct addr to, uint8_t ttl, bool dont_fragment, size_t len)
{
    static uint8_t buf[4096];
    static const uint8_t zeros[4000];
    struct ip ip = {.source = from,
                    .destination = to,
                    .protocol = IP_PROTOCOL_UDP,
                    .ttl = ttl,
                    .dont_fragment = dont_fragment};
    struct writer w = writer_of(buf, sizeof buf);
    ip_write(&w, &ip, span_of(zeros, len));
    ck_assert(!w.failed);
    return span_of(buf, w.pos);
}

static void from_host(int station, struct span packet)
{
    struct node_input input = {.kind = INPUT_OVERLAY, .packet = packet};
    world_input(world, station, &input);
}

static const struct ip *only_delivery(int station)
{
    ck_assert_uint_eq(world->delivered_count, 1);
    ck_assert_int_eq(world->delivered[0].station, station);
    return &world->delivered[0].ip;
}

static void check_icmp(const struct ip *ip, uint8_t type, uint8_t code)
{
    ck_assert_uint_eq(ip->payload.data[0], type);
    ck_assert_uint_eq(ip->payload.data[1], code);
    if (ip->protocol == IP_PROTOCOL_ICMP)
        ck_assert_uint_eq(checksum_of(ip->payload), 0);
    else
        ck_assert_uint_eq(ip_payload_checksum(ip, IP_PROTOCOL_ICMPV6, ip->payload), 0);
}

START_TEST(a_used_up_ttl_is_reported_to_the_host)
{
    struct node_config config = spoke_config(11);
    config_route(&config, "10.12.0.0/24", tunnel_addr(1));
    world = world_new();
    int spoke = world_add(world, &config);
    from_host(spoke, udp_packet(lan_addr(11, 5), lan_addr(12, 5), 1, false, 100));
    const struct ip *ip = only_delivery(spoke);
    check_icmp(ip, 11, 0);
    ck_assert(addr_equal(ip->source, tunnel_addr(11)));
    ck_assert(addr_equal(ip->destination, lan_addr(11, 5)));
    ck_assert_uint_eq(ip->payload.len, 8 + 120); /* the whole packet fits */
    ck_assert_uint_eq(world_drops(world, spoke, DROP_TTL), 1);
    world_free(world);
}
END_TEST

START_TEST(too_big_names_the_mtu)
{
    struct node_config config = spoke_config(11);
    config_route(&config, "10.12.0.0/24", tunnel_addr(1));
    world = world_new();
    int spoke = world_add(world, &config);
    from_host(spoke, udp_packet(lan_addr(11, 5), lan_addr(12, 5), 9, true, 1381));
    const struct ip *ip = only_delivery(spoke);
    check_icmp(ip, 3, 4);
    ck_assert_uint_eq(ip->payload.data[6] << 8 | ip->payload.data[7], 1400);
    ck_assert_uint_eq(ip->payload.len + 20, 576); /* RFC 1812 section 4.3.2.3 */
    ck_assert_uint_eq(world_drops(world, spoke, DROP_TOO_BIG), 1);
    world_free(world);
}
END_TEST

START_TEST(without_a_route_it_is_unreachable_through_the_tunnel_too)
{
    struct node_config h = hub_config(), s = spoke_config(11);
    config_route(&h, "10.11.0.0/24", tunnel_addr(11));
    config_route(&s, "10.0.0.0/8", tunnel_addr(1));
    world = world_new();
    int hub = world_add(world, &h), spoke = world_add(world, &s);
    world_run_s(world, 1);
    from_host(spoke, udp_packet(lan_addr(11, 5), lan_addr(99, 5), 9, false, 50));
    world_run_s(world, 1);
    ck_assert_uint_eq(world_drops(world, hub, DROP_NO_ROUTE), 1);
    check_icmp(only_delivery(spoke), 3, 0);
    ck_assert(addr_equal(world->delivered[0].ip.source, tunnel_addr(1)));
    world_free(world);
}
END_TEST

START_TEST(ipv6_errors_have_their_own_numbers)
{
    static const struct {
        enum icmp_error error;
        uint8_t type;
    } rows[] = {{ICMP_ERROR_UNREACHABLE, 1}, {ICMP_ERROR_TOO_BIG, 2}, {ICMP_ERROR_TTL_EXCEEDED, 3}};
    struct addr a, b, router;
    addr_parse("2001:db8::1", &a);
    addr_parse("2001:db8::2", &b);
    addr_parse("2001:db8::ffff", &router);
    for (size_t i = 0; i < 3; i++) {
        uint8_t buf[ICMP_ERROR_MAX];
        struct writer w = writer_of(buf, sizeof buf);
        struct ip ip, report;
        struct span packet = udp_packet(a, b, 1, false, 1300);
        ck_assert_int_eq(ip_decode(packet, &ip).status, CODEC_OK);
        icmp_error_write(&w, router, packet, &ip, rows[i].error, 1280);
        ck_assert_int_eq(ip_decode(span_of(buf, w.pos), &report).status, CODEC_OK);
        ck_assert_uint_eq(w.pos, 1280);
        check_icmp(&report, rows[i].type, 0);
        ck_assert_uint_eq(report.payload.data[6] << 8 | report.payload.data[7],
                          rows[i].error == ICMP_ERROR_TOO_BIG ? 1280 : 0);
    }
}
END_TEST

START_TEST(there_are_packets_that_nobody_reports)
{
    static const uint8_t ttl_exceeded[] = {11, 0}, echo[] = {8, 0}, packet_too_big[] = {2, 0};
    struct ip ip = {.source = lan_addr(1, 1), .destination = lan_addr(2, 1), .protocol = IP_PROTOCOL_UDP};
    ck_assert(icmp_error_is_due(&ip));
    ip.fragment_offset = 8;
    ck_assert(!icmp_error_is_due(&ip));
    ip.fragment_offset = 0;
    ip.destination = addr_ipv4(224, 0, 0, 9);
    ck_assert(!icmp_error_is_due(&ip));
    ip.destination = lan_addr(2, 1);
    ip.protocol = IP_PROTOCOL_ICMP;
    ip.payload = span_of(ttl_exceeded, 2);
    ck_assert(!icmp_error_is_due(&ip));
    ip.payload = span_of(echo, 2);
    ck_assert(icmp_error_is_due(&ip));
    ip.protocol = IP_PROTOCOL_ICMPV6;
    ip.payload = span_of(packet_too_big, 2);
    ck_assert(!icmp_error_is_due(&ip));
    ip.source = addr_ipv4(0, 0, 0, 0);
    ip.protocol = IP_PROTOCOL_UDP;
    ck_assert(!icmp_error_is_due(&ip));
}
END_TEST

START_TEST(reports_are_limited_to_ten_a_second)
{
    struct node_config config = spoke_config(11);
    world = world_new();
    int spoke = world_add(world, &config);
    for (int i = 0; i < 25; i++)
        from_host(spoke, udp_packet(lan_addr(11, 5), addr_ipv4(203, 0, 113, 1), 9, false, 50));
    ck_assert_uint_eq(world->delivered_count, 10);
    ck_assert_uint_eq(node_counters(world->nodes[spoke])->icmp_limited, 15);
    world_run_s(world, 1);
    from_host(spoke, udp_packet(lan_addr(11, 5), addr_ipv4(203, 0, 113, 1), 9, false, 50));
    ck_assert_uint_eq(world->delivered_count, 11);
    world_free(world);
}
END_TEST

START_TEST(a_kernel_that_counts_hops_leaves_none_to_the_node)
{
    struct node_config h = hub_config(), s = spoke_config(11), t = spoke_config(12);
    config_route(&h, "10.12.0.0/24", tunnel_addr(12));
    config_route(&s, "10.0.0.0/8", tunnel_addr(1));
    s.tunnel.host_counts_hops = t.tunnel.host_counts_hops = true;
    world = world_new();
    world_add(world, &h);
    int a = world_add(world, &s), b = world_add(world, &t);
    world_run_s(world, 1);
    from_host(a, udp_packet(lan_addr(11, 5), lan_addr(12, 5), 9, false, 50));
    world_run_s(world, 1);
    ck_assert_uint_eq(only_delivery(b)->ttl, 8); /* the hub's one */
    world_free(world);
}
END_TEST

SUITE_MAIN("icmp_error", a_used_up_ttl_is_reported_to_the_host, too_big_names_the_mtu,
           without_a_route_it_is_unreachable_through_the_tunnel_too, ipv6_errors_have_their_own_numbers,
           there_are_packets_that_nobody_reports, reports_are_limited_to_ten_a_second,
           a_kernel_that_counts_hops_leaves_none_to_the_node)
