/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Comparing: what must be the same, what need not be, and which requirement a difference is blamed on. */
#include "compare.h"

#include <string.h>

#include "frames.h"
#include "suite.h"

static struct requirement_table table;
static struct id_map ids;
static struct iut_nhs nhs;
static struct iut_config config;

static void setup(void)
{
    table = suite_table();
    ids = (struct id_map){0};
    nhs = (struct iut_nhs){.protocol = test_addr("10.255.0.1"), .nbma = test_addr("192.0.2.1")};
    config = (struct iut_config){.nbma = test_addr("198.51.100.11"),
                                 .protocol = test_addr("10.255.0.11"),
                                 .nhs = &nhs,
                                 .nhs_count = 1};
}

static void teardown(void)
{
    requirements_free(&table);
    id_map_free(&ids);
}

static struct comparison compare_frames(const struct frame *expected, const struct frame *actual,
                                        enum packet_origin origin, unsigned phase,
                                        const struct frame_override *override)
{
    struct packet packets[2];
    struct field_list fields[2];
    const struct frame *frames[2] = {expected, actual};
    for (int i = 0; i < 2; i++) {
        packet_decode(span_of(frames[i]->bytes, frames[i]->len), &packets[i]);
        ck_assert_int_ne(packets[i].kind, PACKET_BAD);
        fields_of_packet(span_of(frames[i]->bytes, frames[i]->len), &packets[i], &fields[i]);
    }
    struct compare_context context = {
        .policy = {.message = policy_message(&packets[0]), .origin = origin, .phase = phase},
        .config = &config,
        .override = override,
        .ids = &ids,
        .requirements = &table,
    };
    struct compared_packet e = {span_of(expected->bytes, expected->len), &packets[0], &fields[0]};
    struct compared_packet a = {span_of(actual->bytes, actual->len), &packets[1], &fields[1]};
    struct comparison out;
    compare_packets(&context, &e, &a, &out);
    field_list_free(&fields[0]);
    field_list_free(&fields[1]);
    return out;
}

static struct comparison compare_samples(const struct sample *expected, const struct sample *actual,
                                         enum packet_origin origin)
{
    struct frame e, a;
    frame_of_sample(expected, &e);
    frame_of_sample(actual, &a);
    return compare_frames(&e, &a, origin, 2, NULL);
}

static void expect_same(const struct sample *expected, const struct sample *actual, enum packet_origin origin)
{
    struct comparison comparison = compare_samples(expected, actual, origin);
    ck_assert_msg(comparison.count == 0, "%s: %s, %s", comparison.differences[0].name,
                  comparison.differences[0].expected, comparison.differences[0].actual);
}

static void expect_one(const struct sample *expected, const struct sample *actual, enum packet_origin origin,
                       bool is_note, const char *field, const char *requirement)
{
    struct comparison comparison = compare_samples(expected, actual, origin);
    ck_assert_uint_eq(comparison.count, 1);
    ck_assert_str_eq(comparison.differences[0].name, field);
    ck_assert_ptr_nonnull(comparison.differences[0].requirement);
    ck_assert_str_eq(comparison.differences[0].requirement->id, requirement);
    ck_assert(comparison.differences[0].is_note == is_note);
    ck_assert(comparison.failed == !is_note);
    free(comparison.differences);
}

START_TEST(freedoms_of_a_request_are_no_differences)
{
    static const uint16_t fewer[] = {NHRP_EXT_REVERSE_TRANSIT, NHRP_EXT_RESPONDER_ADDRESS};
    struct sample expected = sample_registration(1), actual = expected;
    actual.hop_count = 1;
    actual.mtu = 17916;
    actual.nat = false;
    actual.preference = 3;
    actual.cie_has_client = true;
    actual.request_id = 4711;
    actual.destination = actual.protocol;
    actual.extensions = fewer;
    actual.extension_count = 2;
    expect_same(&expected, &actual, ORIGIN_OWN);
    actual.extension_count = 0;
    expect_same(&expected, &actual, ORIGIN_OWN);
    expect_same(&actual, &expected, ORIGIN_OWN);
}
END_TEST

START_TEST(a_request_is_held_to_what_is_required)
{
    struct sample expected = sample_registration(1), actual = expected;
    actual.hop_count = 0;
    expect_one(&expected, &actual, ORIGIN_OWN, false, "nhrp.hdr.hopcnt", "rfc2332-5.1-hop-count-usable");
    actual = expected;
    actual.prefix = 24;
    expect_one(&expected, &actual, ORIGIN_OWN, false, "nhrp.cie[0].prefix", "rfc2332-5.2.3-u-prefix-ff");
    actual.prefix = 32;
    expect_one(&expected, &actual, ORIGIN_OWN, true, "nhrp.cie[0].prefix", "rfc2332-5.2.3-u-prefix-ff");
    actual = expected;
    actual.hold_s = 600;
    expect_one(&expected, &actual, ORIGIN_OWN, false, "nhrp.cie[0].htime", "rfc2332-5.2.3-holding-time");
    actual = expected;
    actual.unused = 0x0001;
    expect_one(&expected, &actual, ORIGIN_OWN, false, "nhrp.flag.unused", "rfc2332-5.2.0.1-unused-zero");
    actual = expected;
    actual.destination = test_addr("10.255.0.99");
    expect_one(&expected, &actual, ORIGIN_OWN, false, "nhrp.dst.prot.addr",
               "rfc2332-5.2.3-destination-server");
    actual = expected;
    actual.cie_count = 0;
    expect_one(&expected, &actual, ORIGIN_OWN, false, "nhrp.cie[0]", "rfc2332-5.2.0.1-cie-fields");
    actual = expected;
    actual.gre_checksum = true;
    expect_one(&expected, &actual, ORIGIN_OWN, false, "gre.flags.checksum", "rfc2784-2.2-checksum-present");
}
END_TEST

START_TEST(request_ids_are_mapped)
{
    struct sample expected = sample_registration(1), actual = sample_registration(100);
    id_map_bind(&ids, NHRP_REGISTRATION_REQUEST, 1, 100);
    expect_same(&expected, &actual, ORIGIN_OWN);
    actual.request_id = 101;
    expect_one(&expected, &actual, ORIGIN_OWN, false, "nhrp.reqid", "rfc2332-5.2.0.1-request-id-retry");
    expected.request_id = 2;
    expect_same(&expected, &actual, ORIGIN_OWN);
    actual.request_id = 100;
    expect_one(&expected, &actual, ORIGIN_OWN, false, "nhrp.reqid", "rfc2332-5.2.0.1-request-id-new");
}
END_TEST

START_TEST(a_reply_repeats_its_request)
{
    static const uint16_t more[] = {NHRP_EXT_RESPONDER_ADDRESS, NHRP_EXT_FORWARD_TRANSIT,
                                    NHRP_EXT_REVERSE_TRANSIT, NHRP_EXT_NAT_ADDRESS, NHRP_EXT_VENDOR_PRIVATE};
    static const uint16_t authenticated[] = {NHRP_EXT_RESPONDER_ADDRESS, NHRP_EXT_FORWARD_TRANSIT,
                                             NHRP_EXT_REVERSE_TRANSIT, NHRP_EXT_NAT_ADDRESS,
                                             NHRP_EXT_AUTHENTICATION};
    struct sample expected = sample_registration_reply(1), actual = expected;
    actual.request_id = 2;
    expect_one(&expected, &actual, ORIGIN_REPLY, false, "nhrp.reqid", "rfc2332-5.2.0.1-request-id-copied");
    actual = expected;
    actual.extension_count = 3;
    expect_one(&expected, &actual, ORIGIN_REPLY, false, "nhrp.ext[nat]", "defacto-nat-extension");
    actual.extensions = more;
    actual.extension_count = 5;
    expect_same(&expected, &actual, ORIGIN_REPLY);
    actual.extensions = authenticated;
    expect_one(&expected, &actual, ORIGIN_REPLY, false, "nhrp.ext[auth]", "rfc2332-5.3.4-authentication");
    actual = expected;
    actual.code = NHRP_CIE_PROHIBITED;
    expect_one(&expected, &actual, ORIGIN_REPLY, false, "nhrp.cie[0].code", "rfc2332-5.2.4-code");
    actual = expected;
    actual.record_in_forward = true;
    expect_one(&expected, &actual, ORIGIN_REPLY, false, "nhrp.ext[forward].cie[0]",
               "rfc2332-5.3.2-responder-leaves-record");
}
END_TEST

START_TEST(holding_times_of_resolutions_may_be_a_little_off)
{
    struct sample expected = sample_registration_reply(1), actual;
    expected.type = NHRP_RESOLUTION_REPLY;
    expected.cie_has_client = true;
    actual = expected;
    actual.hold_s = expected.hold_s - 2;
    actual.mtu = 0;
    actual.nat = !expected.nat;
    expect_same(&expected, &actual, ORIGIN_REPLY);
    actual.hold_s = expected.hold_s - 3;
    expect_one(&expected, &actual, ORIGIN_REPLY, false, "nhrp.cie[0].htime", "rfc2332-5.2.2-hold-remaining");
    actual = expected;
    actual.unique = !expected.unique;
    expect_one(&expected, &actual, ORIGIN_REPLY, true, "nhrp.flag.u", "rfc2332-5.2.2-unique");
    actual = expected;
    actual.prefix = 32;
    expect_same(&expected, &actual, ORIGIN_REPLY);
    actual.prefix = 24;
    expect_one(&expected, &actual, ORIGIN_REPLY, false, "nhrp.cie[0].prefix", "rfc2332-5.2.2-prefix");
}
END_TEST

START_TEST(a_reply_may_take_either_path)
{
    struct sample expected = sample_registration_reply(1), actual;
    expected.type = NHRP_RESOLUTION_REPLY;
    actual = expected;
    actual.outer_destination = test_addr("192.0.2.1");
    expect_same(&expected, &actual, ORIGIN_REPLY);
    actual.outer_destination = test_addr("203.0.113.99");
    expect_one(&expected, &actual, ORIGIN_REPLY, false, "ip.dst", "draft-4.5-egress-replies");
}
END_TEST

START_TEST(a_resolution_request_guarantees_only_what_is_stable)
{
    struct sample expected = sample_registration(1), actual;
    expected.type = NHRP_RESOLUTION_REQUEST;
    expected.stable = true;
    actual = expected;
    actual.stable = false;
    expect_one(&expected, &actual, ORIGIN_OWN, false, "nhrp.cie[0].htime",
               "rfc2332-5.2.1-hold-only-if-stable");
    actual.hold_s = 0;
    expect_same(&expected, &actual, ORIGIN_OWN);
    actual.cie_count = 0;
    expect_same(&expected, &actual, ORIGIN_OWN);
    actual = expected;
    actual.cie_count = 2;
    expect_one(&expected, &actual, ORIGIN_OWN, false, "nhrp.cie[1]", "rfc2332-5.2.1-at-most-one-cie");
}
END_TEST

START_TEST(a_forwarder_changes_the_hop_and_the_record_only)
{
    static const uint16_t moved[] = {NHRP_EXT_FORWARD_TRANSIT, NHRP_EXT_RESPONDER_ADDRESS,
                                     NHRP_EXT_REVERSE_TRANSIT, NHRP_EXT_NAT_ADDRESS};
    struct sample expected = sample_registration(1), actual;
    expected.type = NHRP_RESOLUTION_REQUEST;
    expected.stable = true;
    expected.hop_count = 254;
    expected.record_in_forward = true;
    actual = expected;
    actual.hop_count = 255;
    expect_one(&expected, &actual, ORIGIN_FORWARDED, false, "nhrp.hdr.hopcnt",
               "rfc2332-5.1-hop-count-decrement");
    actual = expected;
    actual.mtu = 1500;
    expect_one(&expected, &actual, ORIGIN_FORWARDED, false, "nhrp.cie[0].mtu", "rfc2332-5.2.0.1-cie-fields");
    actual = expected;
    actual.record_in_forward = false;
    expect_one(&expected, &actual, ORIGIN_FORWARDED, false, "nhrp.ext[forward].cie[0]",
               "rfc2332-5.3.2-forward-record");
    actual = expected;
    actual.extensions = moved;
    expect_one(&expected, &actual, ORIGIN_FORWARDED, false, "nhrp.ext.order", "rfc2332-5.3-order-kept");
}
END_TEST

START_TEST(both_readings_of_an_indication_are_right)
{
    struct frame expected, actual;
    frame_of_indication("10.1.1.10", 64 - 4, &expected);
    frame_of_indication("10.1.2.10", 28, &actual);
    struct comparison comparison = compare_frames(&expected, &actual, ORIGIN_OWN, 3, NULL);
    ck_assert_uint_eq(comparison.count, 0);
    frame_of_indication("10.9.9.9", 28, &actual);
    comparison = compare_frames(&expected, &actual, ORIGIN_OWN, 3, NULL);
    ck_assert_uint_eq(comparison.count, 1);
    ck_assert_str_eq(comparison.differences[0].requirement->id, "draft-5.1-told-station");
    free(comparison.differences);
}
END_TEST

START_TEST(data_must_be_the_same_but_for_the_outer_header)
{
    struct frame expected, actual;
    frame_of_data("198.51.100.11", "192.0.2.1", "10.1.1.10", "10.1.2.10", 63, "hello", &expected);
    frame_of_data("198.51.100.11", "192.0.2.1", "10.1.1.10", "10.1.2.10", 64, "hullo", &actual);
    struct comparison comparison = compare_frames(&expected, &actual, ORIGIN_OWN, 1, NULL);
    ck_assert_uint_eq(comparison.count, 2);
    ck_assert_str_eq(comparison.differences[0].requirement->id, "rfc1812-5.3.1-ttl-decrement");
    ck_assert_str_eq(comparison.differences[0].expected, "63");
    ck_assert_str_eq(comparison.differences[0].actual, "64");
    ck_assert_uint_eq(comparison.differences[0].offset, 20 + 8 + 8);
    ck_assert_str_eq(comparison.differences[1].name, "data.payload");
    free(comparison.differences);

    const char *masks[] = {"data.ip.ttl", "data.pay*"};
    struct frame_override override = {.number = 1, .masks = masks, .mask_count = 2};
    comparison = compare_frames(&expected, &actual, ORIGIN_OWN, 1, &override);
    ck_assert_uint_eq(comparison.count, 0);
}
END_TEST

START_TEST(ids_are_rewritten_into_replies_and_errors)
{
    struct sample reply = sample_registration_reply(1);
    reply.gre_checksum = true;
    struct frame frame;
    frame_of_sample(&reply, &frame);
    id_map_bind(&ids, NHRP_REGISTRATION_REQUEST, 1, 0xa1b2c3d4);
    id_map_rewrite(&ids, frame.bytes, frame.len, addr_span(&config.protocol));
    struct packet packet;
    packet_decode(span_of(frame.bytes, frame.len), &packet);
    ck_assert_int_eq(packet.kind, PACKET_NHRP); /* both checksums are right */
    ck_assert_uint_eq(packet.nhrp.request_id, 0xa1b2c3d4);

    struct addr other = test_addr("10.255.0.12");
    struct frame untouched;
    frame_of_sample(&reply, &untouched);
    struct frame copy = untouched;
    id_map_rewrite(&ids, untouched.bytes, untouched.len, addr_span(&other));
    ck_assert_mem_eq(untouched.bytes, copy.bytes, copy.len);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("compare");
    TCase *tests = tcase_create("compare");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, freedoms_of_a_request_are_no_differences);
    tcase_add_test(tests, a_request_is_held_to_what_is_required);
    tcase_add_test(tests, request_ids_are_mapped);
    tcase_add_test(tests, a_reply_repeats_its_request);
    tcase_add_test(tests, holding_times_of_resolutions_may_be_a_little_off);
    tcase_add_test(tests, a_reply_may_take_either_path);
    tcase_add_test(tests, a_resolution_request_guarantees_only_what_is_stable);
    tcase_add_test(tests, a_forwarder_changes_the_hop_and_the_record_only);
    tcase_add_test(tests, both_readings_of_an_indication_are_right);
    tcase_add_test(tests, data_must_be_the_same_but_for_the_outer_header);
    tcase_add_test(tests, ids_are_rewritten_into_replies_and_errors);
    suite_add_tcase(suite, tests);
    return suite_main(suite);
}
