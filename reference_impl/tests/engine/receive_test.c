/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages that are wrong from the start, what is reported about them, and authentication. */
#include "harness.h"
#include "suite.h"

#include <stdio.h>
#include <string.h>

static struct world *world;
static int hub;

static void hub_up(const char *password)
{
    struct node_config config = hub_config();
    snprintf(config.password, sizeof config.password, "%s", password);
    world = world_new();
    hub = world_add(world, &config);
    world_forget(world);
}

static struct nhrp_message registration(const char *extensions)
{
    struct nhrp_message message =
        test_message(NHRP_REGISTRATION_REQUEST, nbma_addr(11), tunnel_addr(11), tunnel_addr(1));
    message.cies = test_cies(&(struct nhrp_cie){.hold_s = 600});
    message.extensions = test_hex(extensions);
    return message;
}

/* Raw NHRP octets in GRE from spoke 11. */
static void inject_raw(struct span nhrp)
{
    uint8_t gre[2048], buf[2048];
    struct writer g = writer_of(gre, sizeof gre), w = writer_of(buf, sizeof buf);
    gre_write(&g, &(struct gre){.has_key = true, .key = 42, .protocol = GRE_PROTOCOL_NHRP}, nhrp);
    struct ip ip = {
        .source = nbma_addr(11), .destination = nbma_addr(1), .protocol = IP_PROTOCOL_GRE, .ttl = 9};
    ip_write(&w, &ip, span_of(gre, g.pos));
    world_forget(world);
    world_inject(world, hub, span_of(buf, w.pos));
}

/* The registration with one octet changed and the checksum made right again, unless that is the octet. */
static void inject_changed(size_t at, uint8_t value, bool checksum)
{
    struct nhrp_message message = registration("80030000 80000000");
    uint8_t buf[256];
    struct span encoded;
    ck_assert(nhrp_encode(&message, buf, sizeof buf, &encoded));
    buf[at] = value;
    if (checksum)
        nhrp_set_checksum(buf, encoded.len);
    inject_raw(encoded);
}

static const struct nhrp_message *report(enum nhrp_error_code code, size_t offset)
{
    ck_assert_uint_eq(world->sent_count, 1);
    const struct nhrp_message *m = &world->sent[0].packet.nhrp;
    ck_assert_int_eq(world->sent[0].reason, SEND_ERROR);
    ck_assert(addr_equal(world->sent[0].packet.outer.destination, nbma_addr(11)));
    ck_assert_uint_eq(m->fixed.type, NHRP_ERROR_INDICATION);
    ck_assert_uint_eq(m->fixed.hop_count, 255);
    ck_assert_uint_eq(m->error.unused, 0);
    ck_assert_uint_eq(m->error.code, code);
    ck_assert_uint_eq(m->error.offset, offset);
    ck_assert(addr_equal(addr_from_span(m->source_nbma), nbma_addr(1)));
    ck_assert(addr_equal(addr_from_span(m->source_protocol), tunnel_addr(1)));
    ck_assert(addr_equal(addr_from_span(m->destination_protocol), tunnel_addr(11)));
    ck_assert_uint_eq(m->extensions.len, 0);
    return m;
}

START_TEST(malformed_messages_are_reported_with_the_octet_to_blame)
{
    hub_up("");
    inject_changed(12, 0x55, false);
    report(NHRP_ERROR_PROTOCOL_ERROR, 12);
    inject_changed(14, 0xff, true); /* extensions offset */
    report(NHRP_ERROR_PROTOCOL_ERROR, 14);
    inject_changed(1, 2, true); /* address family: IPv6 */
    report(NHRP_ERROR_PROTOCOL_ERROR, 0);
    inject_changed(3, 6, true); /* protocol type 0x0806 */
    report(NHRP_ERROR_PROTOCOL_ERROR, 2);
    inject_changed(16, 2, true); /* version */
    report(NHRP_ERROR_PROTOCOL_ERROR, 16);
    inject_changed(17, 9, true); /* type */
    report(NHRP_ERROR_PROTOCOL_ERROR, 17);
    inject_changed(10, 0x7f, false); /* packet size */
    report(NHRP_ERROR_PROTOCOL_ERROR, 10);
    inject_changed(20, 255, true); /* source protocol address length: nobody to report to */
    ck_assert_uint_eq(world->sent_count, 0);
    ck_assert_uint_eq(world_drops(world, hub, DROP_NHRP_MALFORMED), 6);
    ck_assert_uint_eq(world_drops(world, hub, DROP_NHRP_FAMILY), 2);
    world_free(world);
}
END_TEST

START_TEST(report_holds_the_whole_packet)
{
    hub_up("");
    struct nhrp_message message = registration("b8000000 80000000");
    uint8_t buf[256];
    struct span encoded;
    ck_assert(nhrp_encode(&message, buf, sizeof buf, &encoded));
    inject_raw(encoded);
    ck_assert(span_equal(report(NHRP_ERROR_UNRECOGNIZED_EXTENSION, 52)->contents, encoded));
    world_free(world);
}
END_TEST

START_TEST(padding_behind_the_message_is_not_looked_at)
{
    hub_up("");
    struct nhrp_message message = registration("80030000 80000000");
    for (int fill = 0; fill <= 0xff; fill += 0xff) {
        uint8_t buf[256];
        memset(buf, fill, sizeof buf);
        struct span encoded;
        ck_assert(nhrp_encode(&message, buf, sizeof buf, &encoded));
        encoded.len += 7;
        inject_raw(encoded);
        ck_assert_int_eq(world->sent[0].reason, SEND_REGISTRATION_REPLY);
        ck_assert_str_eq(extension_types(&world->sent[0].packet.nhrp), "8003 8000");
    }
    world_free(world);
}
END_TEST

START_TEST(errors_about_errors_are_never_sent)
{
    hub_up("secret");
    struct nhrp_message message =
        test_message(NHRP_ERROR_INDICATION, nbma_addr(11), tunnel_addr(11), tunnel_addr(1));
    message.error.code = NHRP_ERROR_AUTHENTICATION_FAILURE;
    message.contents = test_hex("0001080000000000ff");
    uint8_t buf[256];
    struct span encoded;
    ck_assert(nhrp_encode(&message, buf, sizeof buf, &encoded));
    inject_raw(encoded);
    ck_assert_uint_eq(world->sent_count, 0);
    buf[12] ^= 1; /* checksum */
    inject_raw(encoded);
    ck_assert_uint_eq(world->sent_count, 0);
    message.extensions = test_hex("b8000000 80000000");
    ck_assert(nhrp_encode(&message, buf, sizeof buf, &encoded));
    inject_raw(encoded);
    ck_assert_uint_eq(world->sent_count, 0);
    world_free(world);
}
END_TEST

START_TEST(extension_that_occurs_twice_is_invalid)
{
    hub_up("");
    struct nhrp_message message = registration("00090000 00080003000c01 00080003000c01 00090000 80000000");
    world_inject_nhrp(world, nbma_addr(11), hub, &message);
    report(NHRP_ERROR_INVALID_EXTENSION, 52 + 4 + 7 + 7); /* the vendor's own may occur twice */
    ck_assert_uint_eq(world_drops(world, hub, DROP_EXTENSION), 1);
    world_free(world);
}
END_TEST

START_TEST(unknown_extension_that_is_not_compulsory_comes_back)
{
    hub_up("");
    struct nhrp_message message =
        registration("38000004 01020304 0008 0004 00000c07 000a 0002 aabb 80000000");
    world_inject_nhrp(world, nbma_addr(11), hub, &message);
    ck_assert(span_equal(world->sent[0].packet.nhrp.extensions, message.extensions));
    world_free(world);
}
END_TEST

START_TEST(capabilities_in_type_9_are_left_alone)
{
    hub_up("");
    struct nhrp_message message = registration("0009 0008 00000001 00000000 80000000");
    world_inject_nhrp(world, nbma_addr(11), hub, &message);
    ck_assert(span_equal(world->sent[0].packet.nhrp.extensions, message.extensions));
    world_free(world);
}
END_TEST

/* ---- authentication ---- */

START_TEST(right_password_is_accepted_and_given_back_in_place)
{
    hub_up("secret");
    struct nhrp_message message = registration("80030000 8007000a00000001736563726574 00090000 80000000");
    world_inject_nhrp(world, nbma_addr(11), hub, &message);
    const struct nhrp_message *reply = &world->sent[0].packet.nhrp;
    ck_assert_uint_eq(reply->fixed.type, NHRP_REGISTRATION_REPLY);
    ck_assert_str_eq(extension_types(reply), "8003 8007 0009 8000");
    struct nhrp_ext ext;
    ck_assert(nhrp_ext_find(reply->extensions, NHRP_EXT_AUTHENTICATION, &ext));
    ck_assert(span_equal(ext.value, test_hex("00000001736563726574")));
    world_free(world);
}
END_TEST

START_TEST(absent_and_wrong_passwords_fail)
{
    static const struct {
        const char *extensions;
        size_t offset;
    } wrong[] = {
        {"80000000", 52},
        {"", 0},
        {"80030000 80070009000000017365637265 80000000", 56},     /* secre */
        {"80030000 8007000b0000000173656372657473 80000000", 56}, /* secrets */
        {"80030000 8007000a00000001736563726575 80000000", 56},   /* secreu */
        {"80030000 8007000400000001 80000000", 56},               /* empty */
        {"80030000 80070000 80000000", 56},                       /* no value at all */
        {"80030000 8007000a00000002736563726574 80000000", 56},   /* another SPI */
    };
    hub_up("secret");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct nhrp_message message = registration(wrong[i].extensions);
        world_forget(world);
        world_inject_nhrp(world, nbma_addr(11), hub, &message);
        report(NHRP_ERROR_AUTHENTICATION_FAILURE, wrong[i].offset);
    }
    ck_assert_uint_eq(world_drops(world, hub, DROP_AUTHENTICATION), sizeof wrong / sizeof *wrong);
    ck_assert_uint_eq(world_traced_count(world, hub, TRACE_BINDING_ADDED), 0);
    world_free(world);
}
END_TEST

START_TEST(node_without_password_does_not_echo_one)
{
    hub_up("");
    struct nhrp_message message = registration("80030000 8007000a00000001736563726574 80000000");
    world_inject_nhrp(world, nbma_addr(11), hub, &message);
    ck_assert_str_eq(extension_types(&world->sent[0].packet.nhrp), "8003 8000");
    world_free(world);
}
END_TEST

START_TEST(two_different_passwords_do_not_storm)
{
    struct node_config h = hub_config(), s = spoke_config(11);
    snprintf(h.password, sizeof h.password, "right");
    snprintf(s.password, sizeof s.password, "wrong");
    world = world_new();
    hub = world_add(world, &h);
    int spoke = world_add(world, &s);
    world_run_s(world, 64);
    size_t asked = world_sent_count(world, spoke, SEND_REGISTRATION) +
                   world_sent_count(world, spoke, SEND_REGISTRATION_RETRY);
    ck_assert_uint_eq(asked, 7); /* at 0, 1, 3, 7, 15, 31, 63 s */
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_ERROR), asked);
    ck_assert_uint_eq(world_sent_count(world, spoke, SEND_ERROR), 0);
    ck_assert_uint_eq(world_traced(world, spoke, TRACE_REGISTRATION_FAILED)->trace.number,
                      NHRP_ERROR_AUTHENTICATION_FAILURE);
    world_free(world);
}
END_TEST

SUITE_MAIN("receive", malformed_messages_are_reported_with_the_octet_to_blame, report_holds_the_whole_packet,
           padding_behind_the_message_is_not_looked_at, errors_about_errors_are_never_sent,
           extension_that_occurs_twice_is_invalid, unknown_extension_that_is_not_compulsory_comes_back,
           capabilities_in_type_9_are_left_alone, right_password_is_accepted_and_given_back_in_place,
           absent_and_wrong_passwords_fail, node_without_password_does_not_echo_one,
           two_different_passwords_do_not_storm)
