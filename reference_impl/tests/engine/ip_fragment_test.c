/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/ip_fragment.h"

#include "harness.h"
#include "suite.h"

#include <string.h>

#include "base/checksum.h"

/* 24 octets of header: a record route option, which is not copied, or a router alert, which is. */
static struct span packet_with_option(const uint8_t option[4], size_t payload_len, uint8_t *buf)
{
    memset(buf, 0, 24);
    buf[0] = 0x46;
    buf[2] = (uint8_t)((24 + payload_len) >> 8);
    buf[3] = (uint8_t)(24 + payload_len);
    buf[8] = 9;
    buf[9] = IP_PROTOCOL_UDP;
    buf[12] = buf[16] = 10;
    memcpy(buf + 20, option, 4);
    uint16_t sum = checksum_of(span_of(buf, 24));
    buf[10] = (uint8_t)(sum >> 8);
    buf[11] = (uint8_t)sum;
    for (size_t i = 0; i < payload_len; i++)
        buf[24 + i] = (uint8_t)i;
    return span_of(buf, 24 + payload_len);
}

START_TEST(pieces_make_up_the_packet)
{
    static const uint8_t options[][4] = {{0x07, 3, 4, 0}, {0x94, 4, 0, 0}, {1, 1, 1, 0}, {0x07, 200, 0, 0}};
    for (size_t k = 0; k < 4; k++) {
        uint8_t buf[2048], whole[2048];
        struct span packet = packet_with_option(options[k], 1001, buf);
        struct ip ip;
        ck_assert_int_eq(ip_decode(packet, &ip).status, CODEC_OK);
        ck_assert(ip_fragment_is_possible(packet, &ip, 300));
        size_t done = 0, pieces = 0;
        for (;; pieces++) {
            uint8_t piece_buf[300];
            struct writer w = writer_of(piece_buf, sizeof piece_buf);
            size_t before = done;
            if (!ip_fragment_next(packet, &ip, 300, &done, &w))
                break;
            struct ip piece;
            ck_assert(!w.failed);
            ck_assert_int_eq(ip_decode(span_of(piece_buf, w.pos), &piece).status, CODEC_OK);
            ck_assert_uint_eq(piece.fragment_offset, before);
            ck_assert_uint_eq(piece.more_fragments, done < 1001);
            memcpy(whole + before, piece.payload.data, piece.payload.len);
            bool copied = pieces == 0 || (options[k][0] & 0x80);
            if (options[k][0] != 1)
                ck_assert_uint_eq(piece_buf[20], copied ? options[k][0] : 1);
        }
        ck_assert_uint_eq(pieces, 4);
        ck_assert_mem_eq(whole, buf + 24, 1001);
    }
}
END_TEST

START_TEST(a_fragment_is_cut_further)
{
    uint8_t buf[2048], piece[300];
    struct ip ip = {.source = lan_addr(1, 1),
                    .destination = lan_addr(2, 1),
                    .protocol = IP_PROTOCOL_UDP,
                    .ttl = 9,
                    .more_fragments = true,
                    .fragment_offset = 800};
    static const uint8_t zeros[504];
    struct writer w = writer_of(buf, sizeof buf);
    ip_write(&w, &ip, span_of(zeros, sizeof zeros));
    struct span packet = span_of(buf, w.pos);
    ck_assert_int_eq(ip_decode(packet, &ip).status, CODEC_OK);
    size_t done = 0;
    w = writer_of(piece, sizeof piece);
    ck_assert(ip_fragment_next(packet, &ip, 300, &done, &w));
    w = writer_of(piece, sizeof piece);
    ck_assert(ip_fragment_next(packet, &ip, 300, &done, &w));
    struct ip last;
    ck_assert_int_eq(ip_decode(span_of(piece, w.pos), &last).status, CODEC_OK);
    ck_assert_uint_eq(last.fragment_offset, 800 + 280);
    ck_assert(last.more_fragments); /* those behind this packet */
    w = writer_of(piece, sizeof piece);
    ck_assert(!ip_fragment_next(packet, &ip, 300, &done, &w));
}
END_TEST

START_TEST(only_what_may_be_cut)
{
    struct ip ip = {.source = lan_addr(1, 1), .dont_fragment = true};
    uint8_t header[20] = {0x45};
    ck_assert(!ip_fragment_is_possible(span_of(header, 20), &ip, 300));
    ip.dont_fragment = false;
    ck_assert(ip_fragment_is_possible(span_of(header, 20), &ip, 300));
    ck_assert(!ip_fragment_is_possible(span_of(header, 20), &ip, 27));
    addr_parse("2001:db8::1", &ip.source);
    ck_assert(!ip_fragment_is_possible(span_of(header, 20), &ip, 300));
}
END_TEST

START_TEST(the_node_cuts_and_the_far_side_gets_all)
{
    struct node_config h = hub_config(), s = spoke_config(11);
    config_route(&s, "10.0.0.0/8", tunnel_addr(1));
    struct world *world = world_new();
    int hub = world_add(world, &h), spoke = world_add(world, &s);
    world_run_s(world, 1);
    world_forget(world);
    uint8_t buf[4096];
    static const uint8_t zeros[3000];
    struct ip ip = {
        .source = lan_addr(11, 5), .destination = lan_addr(1, 5), .protocol = IP_PROTOCOL_UDP, .ttl = 9};
    struct writer w = writer_of(buf, sizeof buf);
    ip_write(&w, &ip, span_of(zeros, sizeof zeros));
    world_input(world, spoke, &(struct node_input){.kind = INPUT_OVERLAY, .packet = span_of(buf, w.pos)});
    world_run_s(world, 1);
    ck_assert_uint_eq(world_sent_count(world, spoke, SEND_DATA_TO_HUB), 3);
    ck_assert_uint_eq(world->delivered_count, 3);
    size_t total = 0;
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(world->delivered[i].station, hub);
        total += world->delivered[i].ip.payload.len;
    }
    ck_assert_uint_eq(total, sizeof zeros);
    world_free(world);
}
END_TEST

SUITE_MAIN("ip_fragment", pieces_make_up_the_packet, a_fragment_is_cut_further, only_what_may_be_cut,
           the_node_cuts_and_the_far_side_gets_all)
