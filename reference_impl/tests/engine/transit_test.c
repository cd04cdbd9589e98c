/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "harness.h"
#include "suite.h"

#include <string.h>

static struct world *world;
static int hub;

/* Spokes .11 and .12 are the test's; both are registered at the hub, which forwards. */
static void hub_up(uint16_t mtu)
{
    struct node_config config = hub_config();
    config.resolution = RESOLUTION_FORWARD;
    config.tunnel.mtu = mtu;
    config_route(&config, "10.11.0.0/24", tunnel_addr(11));
    config_route(&config, "10.12.0.0/24", tunnel_addr(12));
    world = world_new();
    hub = world_add(world, &config);
    for (unsigned host = 11; host <= 12; host++) {
        struct nhrp_message message =
            test_message(NHRP_REGISTRATION_REQUEST, nbma_addr(host), tunnel_addr(host), tunnel_addr(1));
        message.cies = test_cies(&(struct nhrp_cie){.hold_s = 600});
        world_inject_nhrp(world, nbma_addr(host), hub, &message);
    }
    world_forget(world);
}

static struct nhrp_message request(const char *extensions)
{
    struct nhrp_message message =
        test_message(NHRP_RESOLUTION_REQUEST, nbma_addr(11), tunnel_addr(11), lan_addr(12, 5));
    message.cies = test_cies(&(struct nhrp_cie){.hold_s = 600});
    message.extensions = test_hex(extensions);
    return message;
}

/* The one packet that comes out, to that spoke. */
static const struct nhrp_message *passed(const struct nhrp_message *message, unsigned from, unsigned to)
{
    world_forget(world);
    world_inject_nhrp(world, nbma_addr(from), hub, message);
    ck_assert_uint_eq(world->sent_count, 1);
    ck_assert_int_eq(world->sent[0].reason, SEND_FORWARDED);
    ck_assert(addr_equal(world->sent[0].packet.outer.destination, nbma_addr(to)));
    return &world->sent[0].packet.nhrp;
}

/* The one Error Indication that comes back to spoke 11 (or 12), and nothing else. */
static const struct nhrp_message *refused(const struct nhrp_message *message, unsigned from)
{
    world_forget(world);
    world_inject_nhrp(world, nbma_addr(from), hub, message);
    ck_assert_uint_eq(world->sent_count, 1);
    const struct nhrp_message *report = &world->sent[0].packet.nhrp;
    ck_assert_uint_eq(report->fixed.type, NHRP_ERROR_INDICATION);
    ck_assert(addr_equal(world->sent[0].packet.outer.destination, nbma_addr(from)));
    return report;
}

#define ALL_EXTENSIONS "80030000 80040000 80050000 00090000 000800040000 0c01 80000000"

START_TEST(order_and_all_else_is_kept)
{
    hub_up(1400);
    struct nhrp_message message = request(ALL_EXTENSIONS);
    const struct nhrp_message *out = passed(&message, 11, 12);
    ck_assert_str_eq(extension_types(out), "8003 8004 8005 0009 0008 8000");
    ck_assert_uint_eq(out->fixed.hop_count, 254);
    ck_assert_uint_eq(out->request_id, 99);
    ck_assert(span_equal(out->cies, message.cies));
    ck_assert(addr_equal(addr_from_span(out->source_nbma), nbma_addr(11)));
    world_free(world);
}
END_TEST

START_TEST(reply_gets_the_reverse_record)
{
    hub_up(1400);
    struct nhrp_message message = request(ALL_EXTENSIONS);
    message.fixed.type = NHRP_RESOLUTION_REPLY;
    const struct nhrp_message *out = passed(&message, 12, 11);
    struct nhrp_ext ext;
    ck_assert(nhrp_ext_find(out->extensions, NHRP_EXT_FORWARD_TRANSIT, &ext));
    ck_assert_uint_eq(ext.value.len, 0);
    ck_assert(nhrp_ext_find(out->extensions, NHRP_EXT_REVERSE_TRANSIT, &ext));
    ck_assert_uint_eq(nhrp_cie_count(ext.value), 1);
    world_free(world);
}
END_TEST

START_TEST(used_up_hop_count_is_reported)
{
    hub_up(1400);
    struct nhrp_message message = request(ALL_EXTENSIONS);
    message.fixed.hop_count = 1;
    ck_assert_uint_eq(passed(&message, 11, 12)->fixed.hop_count, 0);
    message.fixed.hop_count = 0;
    const struct nhrp_message *report = refused(&message, 11);
    ck_assert_uint_eq(report->error.code, NHRP_ERROR_HOP_COUNT_EXCEEDED);
    ck_assert_uint_eq(report->error.offset, 9);
    ck_assert_uint_eq(world_drops(world, hub, DROP_HOP_COUNT), 1);
    world_free(world);
}
END_TEST

#define RECORD_OF_HUB   "0014 00000000 0578 0258 04000400 c0000201 0aff0001"
#define RECORD_OF_OTHER "0014 00000000 0578 0258 04000400 c0000242 0aff0042"

START_TEST(loops_are_found_in_the_right_record)
{
    hub_up(1400);
    struct nhrp_message message = request("8003 0000 8004 " RECORD_OF_HUB " 80000000");
    const struct nhrp_message *report = refused(&message, 11);
    ck_assert_uint_eq(report->error.code, NHRP_ERROR_LOOP_DETECTED);
    ck_assert_uint_eq(report->error.offset, 52 + 4); /* the second extension */

    message = request("8004 " RECORD_OF_OTHER " 8005 " RECORD_OF_HUB " 80000000");
    const struct nhrp_message *out =
        passed(&message, 11, 12); /* the reverse record is the reply's business */
    struct nhrp_ext ext;
    ck_assert(nhrp_ext_find(out->extensions, NHRP_EXT_FORWARD_TRANSIT, &ext));
    ck_assert_uint_eq(nhrp_cie_count(ext.value), 2);

    message.fixed.type = NHRP_RESOLUTION_REPLY;
    ck_assert_uint_eq(refused(&message, 12)->error.code, NHRP_ERROR_LOOP_DETECTED);
    message = request("8003 " RECORD_OF_HUB " 80000000");
    message.fixed.type = NHRP_RESOLUTION_REPLY;
    ck_assert_uint_eq(refused(&message, 12)->error.code, NHRP_ERROR_LOOP_DETECTED);
    world_free(world);
}
END_TEST

START_TEST(unknown_compulsory_extension_is_carried_without_taking_part)
{
    hub_up(1400);
    struct nhrp_message message = request("80030000 80040000 b800 0004 01020304 80000000");
    const struct nhrp_message *out = passed(&message, 11, 12);
    ck_assert(span_equal(out->extensions, message.extensions));
    ck_assert_uint_eq(out->fixed.hop_count, 254);
    world_free(world);
}
END_TEST

START_TEST(unreachable_destination_is_reported)
{
    hub_up(1400);
    struct nhrp_message message =
        test_message(NHRP_PURGE_REQUEST, nbma_addr(11), tunnel_addr(11), addr_ipv4(203, 0, 113, 1));
    ck_assert_uint_eq(refused(&message, 11)->error.code, NHRP_ERROR_ADDRESS_UNREACHABLE);
    world_free(world);
}
END_TEST

START_TEST(error_indications_travel_but_are_never_answered)
{
    hub_up(1400);
    struct nhrp_message message =
        test_message(NHRP_ERROR_INDICATION, nbma_addr(12), tunnel_addr(12), tunnel_addr(11));
    message.error.code = NHRP_ERROR_PROTOCOL_ERROR;
    message.contents = test_hex("00010800");
    passed(&message, 12, 11);
    message.fixed.hop_count = 0;
    world_forget(world);
    world_inject_nhrp(world, nbma_addr(12), hub, &message);
    ck_assert_uint_eq(world->sent_count, 0);
    message = test_message(NHRP_ERROR_INDICATION, nbma_addr(1), tunnel_addr(1), tunnel_addr(11));
    world_inject_nhrp(world, nbma_addr(12), hub, &message); /* the hub's own, come back to it */
    ck_assert_uint_eq(world->sent_count, 0);
    ck_assert_uint_eq(world_drops(world, hub, DROP_LOOP), 1);
    world_free(world);
}
END_TEST

START_TEST(message_that_grows_too_large_is_reported)
{
    hub_up(256);
    struct nhrp_message message = request("80040000 80000000");
    uint8_t padded[256] = {0x00, 0x08, 0x00, 180, 0x00, 0x00, 0x0c};
    memcpy(padded + 184, message.extensions.data, message.extensions.len);
    message.extensions =
        span_of(padded, 184 + message.extensions.len); /* 246 octets; the record does not fit */
    const struct nhrp_message *report = refused(&message, 11);
    ck_assert_uint_eq(report->error.code, NHRP_ERROR_SIZE_EXCEEDED);
    world_free(world);
}
END_TEST

START_TEST(nat_of_the_requester_is_told_by_its_server)
{
    hub_up(1400);
    struct nhrp_message message =
        test_message(NHRP_REGISTRATION_REQUEST, addr_ipv4(198, 51, 100, 7), tunnel_addr(13), tunnel_addr(1));
    message.cies = test_cies(&(struct nhrp_cie){.hold_s = 600});
    world_inject_nhrp(world, nbma_addr(13), hub, &message);
    const char *const before[] = {"80040000 00090000 80000000", "80040000 80000000"};
    for (int i = 0; i < 2; i++) {
        message = request(before[i]);
        struct addr claimed = addr_ipv4(198, 51, 100, 7), requester = tunnel_addr(13);
        message.source_nbma = addr_span(&claimed);
        message.source_protocol = addr_span(&requester);
        const struct nhrp_message *out = passed(&message, 13, 12);
        ck_assert_str_eq(extension_types(out), "8004 0009 8000");
        struct nhrp_ext ext;
        struct nhrp_cie cie;
        ck_assert(nhrp_ext_find(out->extensions, NHRP_EXT_NAT_ADDRESS, &ext));
        ck_assert(nhrp_cie_next(&ext.value, &cie));
        ck_assert(addr_equal(addr_from_span(cie.nbma), nbma_addr(13)));
        ck_assert(addr_equal(addr_from_span(cie.protocol), tunnel_addr(13)));
        ck_assert_uint_eq(ext.value.len, 0);
    }
    world_free(world);
}
END_TEST

SUITE_MAIN("transit", order_and_all_else_is_kept, reply_gets_the_reverse_record,
           used_up_hop_count_is_reported, loops_are_found_in_the_right_record,
           unknown_compulsory_extension_is_carried_without_taking_part, unreachable_destination_is_reported,
           error_indications_travel_but_are_never_answered, message_that_grows_too_large_is_reported,
           nat_of_the_requester_is_told_by_its_server)
