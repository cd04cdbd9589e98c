/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * describe_test: what the golden texts of the vectors do not show of dump, describe and packet: cut buffers
 * and packets that cannot be read.
 */
#include "tests/suite.h"

#include <string.h>

#include "codec/describe.h"
#include "codec/dump.h"
#include "codec/packet.h"
#include "tests/codec/vector.h"

static struct vector *good, *bad;
static size_t good_count, bad_count;

static const struct vector *named(const struct vector *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].name, name) == 0)
            return &list[i];
    ck_abort_msg("no vector %s", name);
    return NULL;
}

START_TEST(test_lines_are_cut_to_any_buffer)
{
    struct span packet = vector_span(named(good, good_count, "packet_nhrp"));
    char whole[512], buf[512];
    dump_packet_line(packet, whole, sizeof whole);
    for (size_t cap = 1; cap <= strlen(whole) + 1; cap++) {
        memset(buf, '!', sizeof buf);
        ck_assert_ptr_eq(dump_packet_line(packet, buf, cap), buf);
        ck_assert_uint_eq(strlen(buf), cap - 1);
        ck_assert_mem_eq(buf, whole, cap - 1);
        ck_assert_int_eq(buf[cap], '!');
    }
}
END_TEST

START_TEST(test_packets_that_cannot_be_read)
{
    static const struct {
        const char *name, *line, *sentence, *clause;
    } cases[] = {
        {"packet_outer", "outer IP: wrong checksum, at octet 10",
         "a packet that cannot be read, outer IP at octet 10: wrong checksum", "RFC791 §3.1"},
        {"packet_gre", "192.0.2.11 > 192.0.2.1 GRE: unknown version, at octet 1",
         "a packet that cannot be read, GRE at octet 1: unknown version", "RFC2784 §2"},
        {"packet_inner", "192.0.2.11 > 192.0.2.1 GRE inner IP: unknown version, at octet 0",
         "a packet that cannot be read, inner IP at octet 0: unknown version", "RFC791 §3.1"},
        {"packet_nhrp", "192.0.2.11 > 192.0.2.1 GRE NHRP: wrong checksum, at octet 12",
         "a packet that cannot be read, NHRP at octet 12: wrong checksum", "RFC2332 §5"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct span packet = vector_span(named(bad, bad_count, cases[i].name));
        char buf[256];
        struct description description;
        ck_assert_str_eq(dump_packet_line(packet, buf, sizeof buf), cases[i].line);
        describe_packet(packet, &description);
        ck_assert_str_eq(description.sentence, cases[i].sentence);
        ck_assert_str_eq(description.clause, cases[i].clause);
    }
}
END_TEST

START_TEST(test_packet_kinds)
{
    static const struct {
        const char *name;
        enum packet_kind kind;
    } cases[] = {{"packet_nhrp", PACKET_NHRP},           {"packet_nhrp_ip_54", PACKET_NHRP},
                 {"packet_data", PACKET_DATA},           {"packet_data_v6_over_v6", PACKET_DATA},
                 {"packet_keepalive", PACKET_KEEPALIVE}, {"packet_keepalive_back", PACKET_KEEPALIVE},
                 {"packet_gre_other", PACKET_GRE_OTHER}, {"packet_ip_other", PACKET_IP_OTHER},
                 {"packet_fragment", PACKET_IP_OTHER},   {"packet_other_v6", PACKET_IP_OTHER}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct packet packet;
        packet_decode(vector_span(named(good, good_count, cases[i].name)), &packet);
        ck_assert_msg(packet.kind == cases[i].kind, "%s is of kind %d", cases[i].name, packet.kind);
        ck_assert_int_eq(packet.error.status, CODEC_OK);
    }
}
END_TEST

/* The longest addresses that there are, and many entries: the sentence is cut, not overrun. */
START_TEST(test_longest_sentence)
{
    static uint8_t octets[255];
    struct nhrp_message m = {.fixed = {.type = NHRP_RESOLUTION_REQUEST, .afn = NHRP_AFN_NSAP},
                             .source_nbma = {octets, 63},
                             .source_subaddress = {octets, 63},
                             .source_protocol = {octets, 255},
                             .destination_protocol = {octets, 255}};
    struct description description;
    describe_nhrp(&m, &description);
    ck_assert_uint_eq(strlen(description.sentence), DESCRIBE_SENTENCE_MAX - 1);
}
END_TEST

START_TEST(test_unknown_type_has_no_sentence)
{
    struct nhrp_message m = {.fixed = {.type = 99}};
    struct description description;
    describe_nhrp(&m, &description);
    ck_assert_str_eq(description.sentence, "");
    ck_assert_str_eq(description.clause, "RFC2332 §5.1");
}
END_TEST

int main(void)
{
    good_count = vector_load_folder(SOURCE_ROOT "/captures/vectors/good", &good);
    bad_count = vector_load_folder(SOURCE_ROOT "/captures/vectors/bad", &bad);
    const TTest *const tests[] = {test_lines_are_cut_to_any_buffer,
                                  test_packets_that_cannot_be_read,
                                  test_packet_kinds,
                                  test_longest_sentence,
                                  test_unknown_type_has_no_sentence,
                                  NULL};
    int status = suite_run_tests("describe", tests);
    free(good);
    free(bad);
    return status;
}
