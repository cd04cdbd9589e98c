/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/suite.h"

#include <string.h>

#include "codec/nhrp_cie.h"
#include "codec/nhrp_ext.h"

static uint8_t big[65536 + 4];

static const uint8_t list_wire[] = {0x80, 0x03, 0x00, 0x00, 0x40, 0x08, 0x00, 0x04, 0, 0, 0x0c, 7,
                                    0x00, 0x08, 0x00, 0x03, 0,    0,    0x5e, 0x80, 0, 0, 0};

START_TEST(test_walk)
{
    struct span list = span_of(list_wire, sizeof list_wire);
    struct nhrp_ext ext;
    ck_assert(nhrp_ext_next(&list, &ext));
    ck_assert(ext.compulsory && !ext.reserved && ext.type == NHRP_EXT_RESPONDER_ADDRESS &&
              ext.value.len == 0);
    ck_assert(nhrp_ext_next(&list, &ext));
    ck_assert(!ext.compulsory && ext.reserved && ext.type == NHRP_EXT_VENDOR_PRIVATE && ext.value.len == 4);
    ck_assert(nhrp_ext_next(&list, &ext));
    ck_assert(nhrp_ext_next(&list, &ext));
    ck_assert(ext.compulsory && ext.type == NHRP_EXT_END);
    ck_assert(!nhrp_ext_next(&list, &ext));
    ck_assert_uint_eq(list.len, 0);
}
END_TEST

START_TEST(test_walk_stops_at_what_does_not_fit)
{
    struct nhrp_ext ext;
    for (size_t cut = 1; cut < 4; cut++) {
        struct span list = span_of(list_wire + 4, 8 - cut);
        ck_assert(!nhrp_ext_next(&list, &ext));
        ck_assert_uint_eq(list.len, 8 - cut);
    }
}
END_TEST

START_TEST(test_find_takes_the_first)
{
    struct span list = span_of(list_wire, sizeof list_wire);
    struct nhrp_ext ext;
    struct nhrp_vendor vendor;
    ck_assert(nhrp_ext_find(list, NHRP_EXT_VENDOR_PRIVATE, &ext));
    ck_assert(nhrp_vendor_decode(ext.value, &vendor));
    ck_assert_uint_eq(vendor.oui, 0x00000c);
    ck_assert(span_equal(vendor.data, span_of("\x07", 1)));
    ck_assert(!nhrp_ext_find(list, NHRP_EXT_AUTHENTICATION, &ext));
}
END_TEST

START_TEST(test_write_round_trip)
{
    struct span list = span_of(list_wire, sizeof list_wire), out;
    struct nhrp_ext ext;
    uint8_t buf[64];
    struct writer w = writer_of(buf, sizeof buf);
    while (nhrp_ext_next(&list, &ext))
        if (ext.type != NHRP_EXT_END)
            nhrp_ext_write(&w, &ext);
    nhrp_ext_write_end(&w);
    ck_assert(writer_done(&w, &out));
    ck_assert(span_equal(out, span_of(list_wire, sizeof list_wire)));
}
END_TEST

START_TEST(test_write_refuses_a_long_value)
{
    static uint8_t buf[sizeof big + 8];
    struct writer w = writer_of(buf, sizeof buf);
    nhrp_ext_write(&w, &(struct nhrp_ext){.type = 8, .value = {big, 65535}});
    ck_assert(!w.failed);
    w = writer_of(buf, sizeof buf);
    nhrp_ext_write(&w, &(struct nhrp_ext){.type = 8, .value = {big, 65536}});
    ck_assert(w.failed);
}
END_TEST

/* Password lengths up to beyond every limit: only the length of an address and a hash is taken for the other
 * form. */
START_TEST(test_auth_forms_by_length)
{
    uint8_t value[4 + 40] = {0, 0, 0, 1};
    for (size_t len = 0; len <= 40; len++) {
        struct nhrp_auth auth;
        ck_assert(nhrp_auth_decode(span_of(value, 4 + len), 4, &auth));
        ck_assert_int_eq(auth.form, len == 20 ? NHRP_AUTH_KEYED_HASH : NHRP_AUTH_CLEARTEXT);
        ck_assert_uint_eq(auth.source.len, len == 20 ? 4 : 0);
        ck_assert_uint_eq(auth.secret.len, len == 20 ? 16 : len);
        ck_assert(nhrp_auth_decode(span_of(value, 4 + len), 16, &auth));
        ck_assert_int_eq(auth.form, len == 32 ? NHRP_AUTH_KEYED_HASH : NHRP_AUTH_CLEARTEXT);
    }
}
END_TEST

START_TEST(test_auth_keyed_hash)
{
    uint8_t value[4 + 4 + 16] = {0, 0, 0x01, 0x01, 10, 255, 0, 12, 0xaa};
    struct nhrp_auth auth;
    ck_assert(nhrp_auth_decode(span_of(value, sizeof value), 4, &auth));
    ck_assert_int_eq(auth.form, NHRP_AUTH_KEYED_HASH);
    ck_assert_uint_eq(auth.spi, 257);
    ck_assert(span_equal(auth.source, span_of(value + 4, 4)));
    ck_assert(span_equal(auth.secret, span_of(value + 8, 16)));
    ck_assert(!nhrp_auth_decode(span_of(value, 7), 4, &auth)); /* the address is cut */
    value[0] = 1;                                              /* reserved is not 0: not Cisco's */
    value[2] = 0;
    ck_assert(nhrp_auth_decode(span_of(value, 10), 4, &auth));
    ck_assert_int_eq(auth.form, NHRP_AUTH_KEYED_HASH);
    ck_assert_uint_eq(auth.reserved, 0x0100);
}
END_TEST

START_TEST(test_auth_too_short)
{
    struct nhrp_auth auth;
    for (size_t len = 0; len < 4; len++)
        ck_assert(!nhrp_auth_decode(span_of("\0\0\0\1", len), 4, &auth));
}
END_TEST

START_TEST(test_auth_round_trip)
{
    static const struct {
        const char *octets;
        size_t len;
    } cases[] = {{"\0\0\0\1secret", 10},
                 {"\0\0\1\1\x0a\xff\0\x0c"
                  "0123456789abcdef",
                  24},
                 {"\0\0\0\1", 4}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct span value = span_of(cases[i].octets, cases[i].len), out;
        struct nhrp_auth auth;
        uint8_t buf[64];
        struct writer w = writer_of(buf, sizeof buf);
        ck_assert(nhrp_auth_decode(value, 4, &auth));
        nhrp_auth_write(&w, &auth);
        ck_assert(writer_done(&w, &out));
        ck_assert(span_equal(out, value));
    }
}
END_TEST

START_TEST(test_vendor)
{
    struct nhrp_vendor vendor = {.oui = 0x123456, .data = span_of("xy", 2)}, again;
    uint8_t buf[8];
    struct writer w = writer_of(buf, sizeof buf);
    struct span out;
    nhrp_vendor_write(&w, &vendor);
    ck_assert(writer_done(&w, &out));
    ck_assert(span_equal(out, span_of("\x12\x34\x56xy", 5)));
    ck_assert(nhrp_vendor_decode(out, &again));
    ck_assert_uint_eq(again.oui, 0x123456);
    ck_assert(!nhrp_vendor_decode(span_of(buf, 2), &again));
}
END_TEST

START_TEST(test_capabilities_are_eight_octets)
{
    static const uint8_t value[9] = {0, 0, 0, 1, 0x80, 0, 0, 2};
    struct nhrp_capabilities c;
    ck_assert(nhrp_capabilities_decode(span_of(value, 8), &c));
    ck_assert_uint_eq(c.source, NHRP_CAPABILITY_VPN_AWARE);
    ck_assert_uint_eq(c.destination, 0x80000002);
    ck_assert(!nhrp_capabilities_decode(span_of(value, 7), &c));
    ck_assert(!nhrp_capabilities_decode(span_of(value, 9), &c));
}
END_TEST

START_TEST(test_which_carry_cies)
{
    uint8_t cie[NHRP_CIE_FIXED_LEN] = {0};
    struct span list;
    for (uint16_t type = 0; type < 12; type++) {
        bool carries = type == 3 || type == 4 || type == 5 || type == 9;
        ck_assert_int_eq(nhrp_ext_has_cies(type), carries);
        struct nhrp_ext ext = {.type = type, .value = span_of(cie, sizeof cie)};
        ck_assert_int_eq(nhrp_ext_cies(&ext, &list), carries);
        ext.value.len = 8; /* capabilities, perhaps; no CIE in any case */
        ck_assert(!nhrp_ext_cies(&ext, &list));
        ext.value.len = 0;
        ck_assert_int_eq(nhrp_ext_cies(&ext, &list), carries);
    }
}
END_TEST

START_TEST(test_words)
{
    ck_assert_str_eq(nhrp_ext_words(NHRP_EXT_NAT_ADDRESS), "NAT Address");
    ck_assert_str_eq(nhrp_ext_words(1), "unknown");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_walk,
                                  test_walk_stops_at_what_does_not_fit,
                                  test_find_takes_the_first,
                                  test_write_round_trip,
                                  test_write_refuses_a_long_value,
                                  test_auth_forms_by_length,
                                  test_auth_keyed_hash,
                                  test_auth_too_short,
                                  test_auth_round_trip,
                                  test_vendor,
                                  test_capabilities_are_eight_octets,
                                  test_which_carry_cies,
                                  test_words,
                                  NULL};
    return suite_run_tests("nhrp_ext", tests);
}
