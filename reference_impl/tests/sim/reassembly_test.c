/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fragments: put together in any order, or forgotten. */
#include "drivers/sim/reassembly.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "codec/ip.h"
#include "engine/ip_fragment.h"

enum { PAYLOAD = 3001, MTU = 1000, PIECES_MAX = 8 };

static uint8_t packet_buf[PAYLOAD + 40];
static uint8_t piece_bufs[PIECES_MAX][MTU];
static struct span pieces[PIECES_MAX];

static struct span make_packet(struct ip header)
{
    static uint8_t payload[PAYLOAD];
    struct span out;
    for (size_t i = 0; i < PAYLOAD; i++)
        payload[i] = (uint8_t)(i * 7);
    struct writer w = writer_of(packet_buf, sizeof packet_buf);
    ip_write(&w, &header, span_of(payload, PAYLOAD));
    ck_assert(writer_done(&w, &out));
    return out;
}

static struct ip ipv4_header(uint16_t id)
{
    return (struct ip){.source = addr_ipv4(192, 0, 2, 1),
                       .destination = addr_ipv4(192, 0, 2, 2),
                       .protocol = IP_PROTOCOL_GRE,
                       .ttl = 64,
                       .id = id};
}

static size_t split(struct span packet)
{
    struct ip ip;
    size_t done = 0, count = 0;
    ck_assert_int_eq(ip_decode(packet, &ip).status, CODEC_OK);
    for (; count < PIECES_MAX; count++) {
        struct writer w = writer_of(piece_bufs[count], MTU);
        if (!ip_fragment_next(packet, &ip, MTU, &done, &w))
            break;
        ck_assert(writer_done(&w, &pieces[count]));
    }
    return count;
}

START_TEST(whole_again_in_any_order_and_with_repeats)
{
    static const size_t orders[][6] = {{0, 1, 2, 3, 4, 4}, {3, 2, 1, 0, 4, 4}, {2, 2, 0, 3, 3, 1}};
    for (size_t o = 0; o < 3; o++) {
        struct reassembly r = {0};
        struct span packet = make_packet(ipv4_header(9)), whole = {0};
        size_t count = split(packet);
        bool done = false;
        for (size_t i = 0; i < 6 && !done; i++)
            if (orders[o][i] < count)
                done = reassembly_take(&r, (struct instant){.us = 5}, pieces[orders[o][i]], &whole);
        ck_assert(done);
        ck_assert(span_equal(whole, packet));
        reassembly_free(&r);
    }
}
END_TEST

START_TEST(a_lost_piece_is_waited_for_only_so_long)
{
    struct reassembly r = {0};
    struct span whole;
    split(make_packet(ipv4_header(1)));
    for (size_t i = 0; i < 3; i++)
        ck_assert(!reassembly_take(&r, (struct instant){.us = 0}, pieces[i], &whole));
    ck_assert_uint_eq(r.count, 1);
    ck_assert(!reassembly_take(&r, (struct instant){.us = 31 * US_PER_S}, pieces[3], &whole));
    ck_assert_uint_eq(r.count, 1); /* a new one, of the last piece alone */
    reassembly_free(&r);
}
END_TEST

START_TEST(pieces_of_many_packets_are_bounded)
{
    struct reassembly r = {0};
    struct span whole;
    for (uint16_t id = 0; id < 300; id++) {
        split(make_packet(ipv4_header(id)));
        ck_assert(!reassembly_take(&r, (struct instant){.us = id}, pieces[0], &whole));
    }
    ck_assert_uint_le(r.count, 64);
    reassembly_free(&r);
}
END_TEST

START_TEST(whole_packets_pass)
{
    struct reassembly r = {0};
    struct span whole, packet = make_packet(ipv4_header(1));
    ck_assert(reassembly_take(&r, (struct instant){.us = 0}, packet, &whole));
    ck_assert_ptr_eq(whole.data, packet.data);
    ck_assert_uint_eq(r.count, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("reassembly");
    TCase *cases = tcase_create("fragments");
    tcase_add_test(cases, whole_again_in_any_order_and_with_repeats);
    tcase_add_test(cases, a_lost_piece_is_waited_for_only_so_long);
    tcase_add_test(cases, pieces_of_many_packets_are_bounded);
    tcase_add_test(cases, whole_packets_pass);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
