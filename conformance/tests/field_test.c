/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fields: names with wildcards, texts, and that every field's offset points at its octets. */
#include "field.h"

#include "frames.h"
#include "suite.h"

START_TEST(names_match_with_wildcards)
{
    ck_assert(field_name_matches("nhrp.cie[*].mtu", "nhrp.cie[12].mtu"));
    ck_assert(field_name_matches("*", ""));
    ck_assert(field_name_matches("nhrp.*unused", "nhrp.flag.unused"));
    ck_assert(field_name_matches("a*b*c", "aXbbYc"));
    ck_assert(!field_name_matches("nhrp.cie[*].mtu", "nhrp.ext[nat].cie[0].mtu"));
    ck_assert(!field_name_matches("nhrp", "nhrp.reqid"));
    ck_assert(!field_name_matches("a*b", "ab.c"));
}
END_TEST

static const struct field *must_find(const struct field_list *list, const char *name)
{
    const struct field *field = field_find(list, name);
    ck_assert_msg(field != NULL, "no field %s", name);
    return field;
}

START_TEST(a_registration_has_its_fields_where_they_stand)
{
    struct sample sample = sample_registration(0x01020304);
    sample.cie_has_client = true;
    sample.record_in_forward = true;
    sample.gre_checksum = true;
    struct frame frame;
    frame_of_sample(&sample, &frame);
    struct packet packet;
    packet_decode(span_of(frame.bytes, frame.len), &packet);
    ck_assert_int_eq(packet.kind, PACKET_NHRP);
    struct field_list fields;
    fields_of_packet(span_of(frame.bytes, frame.len), &packet, &fields);

    const size_t nhrp_at = 20 + 12;
    ck_assert_uint_eq(must_find(&fields, "nhrp")->offset, nhrp_at);
    ck_assert_uint_eq(must_find(&fields, "gre.key")->offset, 20 + 8);
    ck_assert_uint_eq(must_find(&fields, "nhrp.hdr.hopcnt")->offset, nhrp_at + 9);
    ck_assert_uint_eq(frame.bytes[must_find(&fields, "nhrp.hdr.hopcnt")->offset], 255);
    ck_assert_uint_eq(must_find(&fields, "nhrp.reqid")->number, 0x01020304);
    ck_assert_uint_eq(frame.bytes[must_find(&fields, "nhrp.reqid")->offset + 3], 4);
    const struct field *prefix = must_find(&fields, "nhrp.cie[0].prefix");
    ck_assert_uint_eq(frame.bytes[prefix->offset], 255);
    const struct field *hold = must_find(&fields, "nhrp.cie[0].htime");
    ck_assert_uint_eq(frame.bytes[hold->offset + 1], 60);
    char text[FIELD_TEXT_MAX];
    ck_assert_str_eq(field_format(must_find(&fields, "nhrp.cie[0].nbma.addr"), text), "198.51.100.11");
    ck_assert_str_eq(field_format(must_find(&fields, "nhrp.ext[forward].cie[0].prot.addr"), text),
                     "10.255.0.1");
    ck_assert_str_eq(field_format(must_find(&fields, "nhrp.ext.order"), text),
                     "responder forward reverse nat end");
    ck_assert_uint_eq(must_find(&fields, "nhrp.ext[nat].c")->number, 0);
    ck_assert_uint_eq(must_find(&fields, "nhrp.ext[reverse].c")->number, 1);
    field_list_free(&fields);
}
END_TEST

START_TEST(data_has_inner_fields_and_long_octets_are_cut)
{
    struct frame frame;
    frame_of_data("198.51.100.11", "192.0.2.1", "10.1.1.10", "10.1.2.10", 63,
                  "012345678901234567890123456789", &frame);
    struct packet packet;
    packet_decode(span_of(frame.bytes, frame.len), &packet);
    ck_assert_int_eq(packet.kind, PACKET_DATA);
    struct field_list fields;
    fields_of_packet(span_of(frame.bytes, frame.len), &packet, &fields);
    ck_assert_uint_eq(must_find(&fields, "data.ip.ttl")->number, 63);
    ck_assert_uint_eq(frame.bytes[must_find(&fields, "data.ip.ttl")->offset], 63);
    char text[FIELD_TEXT_MAX];
    ck_assert_str_eq(field_format(must_find(&fields, "data.payload"), text),
                     "3031323334353637383930313233343536373839... (30 octets)");
    ck_assert_ptr_null(field_find(&fields, "nhrp"));
    field_list_free(&fields);
}
END_TEST

START_TEST(an_indication_shows_the_packet_inside)
{
    struct frame frame;
    frame_of_indication("10.1.1.10", 28, &frame);
    struct packet packet;
    packet_decode(span_of(frame.bytes, frame.len), &packet);
    ck_assert_int_eq(packet.kind, PACKET_NHRP);
    struct field_list fields;
    fields_of_packet(span_of(frame.bytes, frame.len), &packet, &fields);
    char text[FIELD_TEXT_MAX];
    ck_assert_str_eq(field_format(must_find(&fields, "nhrp.packet.dst"), text), "10.1.2.10");
    ck_assert_uint_eq(must_find(&fields, "nhrp.packet.payload")->octets.len, 8);
    ck_assert_uint_eq(must_find(&fields, "nhrp.traffic.code")->number, 0);
    field_list_free(&fields);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("field");
    TCase *tests = tcase_create("field");
    tcase_add_test(tests, names_match_with_wildcards);
    tcase_add_test(tests, a_registration_has_its_fields_where_they_stand);
    tcase_add_test(tests, data_has_inner_fields_and_long_octets_are_cut);
    tcase_add_test(tests, an_indication_shows_the_packet_inside);
    suite_add_tcase(suite, tests);
    return suite_main(suite);
}
