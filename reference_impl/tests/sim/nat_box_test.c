/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Translation: out and in again, one address and several, ports and none. */
#include "drivers/sim/nat_box.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "codec/ip.h"

static uint8_t made[256], out_buf[256], in_buf[256];
static struct nat_box box;
static const struct instant t0 = {.us = 0};

static struct addr inside(unsigned host)
{
    return addr_ipv4(192, 168, 1, (uint8_t)host);
}

static const struct addr peer = {.family = ADDR_IPV4, .bytes = {192, 0, 2, 1}};

static struct span packet(struct addr source, struct addr destination, uint8_t protocol, uint16_t from,
                          uint16_t to)
{
    static const uint8_t data[] = "data";
    uint8_t inner[64];
    struct span payload = span_of(data, sizeof data), out;
    struct ip header = {.source = source, .destination = destination, .protocol = protocol, .ttl = 64};
    if (protocol == IP_PROTOCOL_UDP) {
        struct writer u = writer_of(inner, sizeof inner);
        udp_write(&u, &header, &(struct udp){.source_port = from, .destination_port = to}, payload);
        ck_assert(writer_done(&u, &payload));
    }
    struct writer w = writer_of(made, sizeof made);
    ip_write(&w, &header, payload);
    ck_assert(writer_done(&w, &out));
    return out;
}

static bool go_out(struct instant now, struct span p, struct ip *ip, struct udp *udp)
{
    struct span out;
    if (!nat_box_out(&box, now, p, out_buf, sizeof out_buf, &out))
        return false;
    ck_assert_int_eq(ip_decode(out, ip).status, CODEC_OK);
    if (ip->protocol == IP_PROTOCOL_UDP)
        ck_assert_int_eq(udp_decode(ip->payload, udp).status, CODEC_OK);
    return true;
}

static bool come_in(struct instant now, struct span p, struct ip *ip, struct udp *udp)
{
    struct span out;
    if (!nat_box_in(&box, now, p, in_buf, sizeof in_buf, &out))
        return false;
    ck_assert_int_eq(ip_decode(out, ip).status, CODEC_OK);
    if (ip->protocol == IP_PROTOCOL_UDP)
        ck_assert_int_eq(udp_decode(ip->payload, udp).status, CODEC_OK);
    return true;
}

static const struct scenario_nat port_nat = {
    .kind = NAT_PORT, .outside = {.family = ADDR_IPV4, .bytes = {203, 0, 113, 1}}, .idle_us = 60 * US_PER_S};

START_TEST(static_translation_both_ways)
{
    struct scenario_nat_pair pairs[] = {{inside(2), addr_ipv4(203, 0, 113, 2)},
                                        {inside(3), addr_ipv4(203, 0, 113, 3)}};
    struct scenario_nat nat = {.kind = NAT_STATIC, .pairs = pairs, .pair_count = 2};
    struct ip ip;
    struct udp udp;
    nat_box_init(&box, &nat);
    ck_assert(go_out(t0, packet(inside(3), peer, IP_PROTOCOL_GRE, 0, 0), &ip, &udp));
    ck_assert(addr_equal(ip.source, pairs[1].outside));
    ck_assert(come_in(t0, packet(peer, pairs[0].outside, IP_PROTOCOL_GRE, 0, 0), &ip, &udp));
    ck_assert(addr_equal(ip.destination, inside(2)));
    ck_assert(!go_out(t0, packet(inside(4), peer, IP_PROTOCOL_GRE, 0, 0), &ip, &udp));
    ck_assert(!come_in(t0, packet(peer, addr_ipv4(203, 0, 113, 4), IP_PROTOCOL_GRE, 0, 0), &ip, &udp));
    ck_assert(nat_box_owns(&box, pairs[0].outside));
    ck_assert(!nat_box_owns(&box, inside(2)));
    nat_box_free(&box);
}
END_TEST

START_TEST(ports_tell_two_senders_apart)
{
    struct ip ip;
    struct udp udp;
    uint16_t ports[2];
    nat_box_init(&box, &port_nat);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert(go_out(t0, packet(inside(2 + i), peer, IP_PROTOCOL_UDP, 4500, 4500), &ip, &udp));
        ck_assert(addr_equal(ip.source, port_nat.outside));
        ck_assert_uint_eq(udp.destination_port, 4500);
        ports[i] = udp.source_port;
    }
    ck_assert_uint_eq(ports[0], 4500); /* its own, while that is free */
    ck_assert_uint_ne(ports[1], 4500);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert(come_in(t0, packet(peer, port_nat.outside, IP_PROTOCOL_UDP, 4500, ports[i]), &ip, &udp));
        ck_assert(addr_equal(ip.destination, inside(2 + i)));
        ck_assert_uint_eq(udp.destination_port, 4500);
        ck_assert_uint_eq(udp.payload.len, sizeof "data");
    }
    ck_assert(!come_in(t0, packet(peer, port_nat.outside, IP_PROTOCOL_UDP, 4500, 99), &ip, &udp));
    nat_box_free(&box);
}
END_TEST

START_TEST(without_ports_the_last_sender_gets_the_answers)
{
    struct ip ip;
    struct udp udp;
    struct span answer;
    nat_box_init(&box, &port_nat);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert(go_out(t0, packet(inside(2 + i), peer, IP_PROTOCOL_GRE, 0, 0), &ip, &udp));
        answer = packet(peer, port_nat.outside, IP_PROTOCOL_GRE, 0, 0);
        ck_assert(come_in(t0, answer, &ip, &udp));
        ck_assert(addr_equal(ip.destination, inside(2 + i)));
    }
    answer = packet(addr_ipv4(192, 0, 2, 99), port_nat.outside, IP_PROTOCOL_GRE, 0, 0);
    ck_assert(!come_in(t0, answer, &ip, &udp)); /* nobody inside has spoken to that one */
    nat_box_free(&box);
}
END_TEST

START_TEST(an_idle_translation_ends)
{
    struct ip ip;
    struct udp udp;
    nat_box_init(&box, &port_nat);
    ck_assert(go_out(t0, packet(inside(2), peer, IP_PROTOCOL_GRE, 0, 0), &ip, &udp));
    struct span answer = packet(peer, port_nat.outside, IP_PROTOCOL_GRE, 0, 0);
    ck_assert(come_in((struct instant){.us = 60 * US_PER_S - 1}, answer, &ip, &udp));
    ck_assert(!come_in((struct instant){.us = 60 * US_PER_S}, answer, &ip, &udp));
    nat_box_free(&box);
}
END_TEST

START_TEST(what_is_no_packet_does_not_pass)
{
    struct ip ip;
    struct udp udp;
    nat_box_init(&box, &port_nat);
    ck_assert(!go_out(t0, span_of("x", 1), &ip, &udp));
    ck_assert(!come_in(t0, span_of("x", 1), &ip, &udp));
    struct span whole = packet(inside(2), peer, IP_PROTOCOL_UDP, 1, 2);
    struct span out;
    ck_assert(!nat_box_out(&box, t0, whole, out_buf, whole.len - 1, &out)); /* no room */
    nat_box_free(&box);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nat_box");
    TCase *cases = tcase_create("translation");
    tcase_add_test(cases, static_translation_both_ways);
    tcase_add_test(cases, ports_tell_two_senders_apart);
    tcase_add_test(cases, without_ports_the_last_sender_gets_the_answers);
    tcase_add_test(cases, an_idle_translation_ends);
    tcase_add_test(cases, what_is_no_packet_does_not_pass);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
