/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Link headers: the packet behind each kind, and a refusal, never a read too far, when one is cut short. */
#include "files/capture.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

struct row {
    const char *what;
    int link_type;
    uint8_t bytes[40];
    size_t header_len; /* of the link header; five octets of packet follow */
    uint16_t ethertype;
};

#define IPV4_HEAD 0x45, 0x00, 0x00, 0x05, 0xee
#define IPV6_HEAD 0x60, 0x00, 0x00, 0x05, 0xee
#define MACS      2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2

static const struct row rows[] = {
    {"raw IPv4", 101, {IPV4_HEAD}, 0, 0x0800},
    {"raw IPv6", 101, {IPV6_HEAD}, 0, 0x86dd},
    {"Ethernet IPv4", 1, {MACS, 0x08, 0x00, IPV4_HEAD}, 14, 0x0800},
    {"Ethernet IPv6", 1, {MACS, 0x86, 0xdd, IPV6_HEAD}, 14, 0x86dd},
    {"Ethernet NHRP", 1, {MACS, 0x20, 0x01, 0, 1, 8, 0, 0}, 14, 0x2001},
    {"one VLAN tag", 1, {MACS, 0x81, 0x00, 0x00, 0x07, 0x08, 0x00, IPV4_HEAD}, 18, 0x0800},
    {"two VLAN tags", 1, {MACS, 0x88, 0xa8, 0, 1, 0x81, 0, 0, 2, 0x86, 0xdd, IPV6_HEAD}, 22, 0x86dd},
    {"SNAP NHRP", 1, {MACS, 0, 13, 0xaa, 0xaa, 3, 0, 0, 0x5e, 0, 3, 0, 1, 8, 0, 0}, 22, 0x2001},
    {"SNAP Ethertype", 1, {MACS, 0, 13, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0, IPV4_HEAD}, 22, 0x0800},
    {"cooked", 113, {0, 4, 3, 0x0a, 0, 4, 192, 0, 2, 1, 0, 0, 0, 0, 0x08, 0x00, IPV4_HEAD}, 16, 0x0800},
    {"cooked NHRP",
     113,
     {0, 4, 3, 0x0a, 0, 4, 192, 0, 2, 1, 0, 0, 0, 0, 0x20, 0x01, 0, 1, 8, 0, 0},
     16,
     0x2001},
    {"cooked v2",
     276,
     {0x86, 0xdd, 0, 0, 0, 0, 0, 3, 3, 0x0a, 4, 4, 192, 0, 2, 1, 0, 0, 0, 0, IPV6_HEAD},
     20,
     0x86dd},
    {"PPP", 9, {0x00, 0x21, IPV4_HEAD}, 2, 0x0800},
    {"PPP with HDLC framing", 50, {0xff, 0x03, 0x00, 0x57, IPV6_HEAD}, 4, 0x86dd},
    {"PPP, compressed", 9, {0x21, IPV4_HEAD}, 1, 0x0800},
    {"null, little-endian", 0, {2, 0, 0, 0, IPV4_HEAD}, 4, 0x0800},
    {"null, big-endian", 0, {0, 0, 0, 2, IPV4_HEAD}, 4, 0x0800},
    {"loop IPv6", 108, {0, 0, 0, 24, IPV6_HEAD}, 4, 0x86dd},
};

static struct capture_frame frame_of(const struct row *row, size_t len)
{
    return (struct capture_frame){
        .link_type = row->link_type, .wire_len = len, .bytes = span_of(row->bytes, len)};
}

START_TEST(each_link_type_gives_its_packet)
{
    const struct row *row = &rows[_i];
    struct capture_frame frame = frame_of(row, row->header_len + 5);
    struct span packet;
    uint16_t ethertype = 0;
    ck_assert_msg(capture_packet(&frame, &ethertype, &packet), "%s", row->what);
    ck_assert_msg(ethertype == row->ethertype, "%s: type %04x", row->what, ethertype);
    ck_assert_uint_eq(packet.len, 5);
    ck_assert_ptr_eq(packet.data, row->bytes + row->header_len);
}
END_TEST

START_TEST(a_cut_link_header_is_refused)
{
    const struct row *row = &rows[_i];
    for (size_t len = 0; len < row->header_len; len++) {
        /* A copy of exactly that size, so that a sanitizer sees one octet too many. */
        uint8_t *copy = malloc(len ? len : 1);
        memcpy(copy, row->bytes, len);
        struct capture_frame frame = {.link_type = row->link_type, .bytes = span_of(copy, len)};
        struct span packet;
        uint16_t ethertype;
        ck_assert_msg(!capture_packet(&frame, &ethertype, &packet), "%s cut to %zu", row->what, len);
        free(copy);
    }
}
END_TEST

START_TEST(what_is_not_known_is_refused)
{
    static const struct row unknown[] = {
        {"an unsupported link type", 105, {8, 0, 0, 0, IPV4_HEAD}, 9, 0},
        {"raw, but neither IP version", 101, {0x55, 0, 0, 0, 0}, 5, 0},
        {"802.3 without SNAP", 1, {MACS, 0, 3, 0x42, 0x42, 3, 0, 0, 0, 0, 0}, 22, 0},
        {"SNAP of another organisation", 1, {MACS, 0, 13, 0xaa, 0xaa, 3, 0, 0, 0x0c, 0x20, 0}, 22, 0},
        {"PPP, not IP", 9, {0xc0, 0x21, 1, 1, 0, 4}, 6, 0},
        {"null, another family", 0, {7, 0, 0, 0, IPV4_HEAD}, 9, 0},
    };
    struct capture_frame frame = frame_of(&unknown[_i], unknown[_i].header_len);
    struct span packet;
    uint16_t ethertype;
    ck_assert_msg(!capture_packet(&frame, &ethertype, &packet), "%s", unknown[_i].what);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("capture_packet");
    TCase *cases = tcase_create("link headers");
    tcase_add_loop_test(cases, each_link_type_gives_its_packet, 0, sizeof rows / sizeof rows[0]);
    tcase_add_loop_test(cases, a_cut_link_header_is_refused, 0, sizeof rows / sizeof rows[0]);
    tcase_add_loop_test(cases, what_is_not_known_is_refused, 0, 6);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
