/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "harness.h"
#include "suite.h"

static struct world *world;
static int hub;

static void hub_up(size_t max_bindings)
{
    struct node_config config = hub_config();
    config.max_bindings = max_bindings;
    world = world_new();
    hub = world_add(world, &config);
}

/* A registration of tunnel address .HOST from NBMA address .FROM; the reply. */
static const struct nhrp_message *registers(unsigned host, unsigned from, bool unique, struct nhrp_cie cie)
{
    struct nhrp_message message =
        test_message(NHRP_REGISTRATION_REQUEST, nbma_addr(from), tunnel_addr(host), tunnel_addr(1));
    message.registration.unique = unique;
    message.cies = test_cies(&cie);
    message.extensions = test_hex("80030000 80040000 80050000 00090000 80000000");
    world_forget(world);
    world_inject_nhrp(world, nbma_addr(from), hub, &message);
    ck_assert_uint_eq(world->sent_count, 1);
    ck_assert(addr_equal(world->sent[0].packet.outer.destination, nbma_addr(from)));
    return &world->sent[0].packet.nhrp;
}

static uint8_t code_of(const struct nhrp_message *reply)
{
    ck_assert_uint_eq(reply->fixed.type, NHRP_REGISTRATION_REPLY);
    return first_cie(reply).code;
}

static const struct nhrp_cie wish = {.hold_s = 60, .prefix_len = 255, .mtu = 1400};

static bool hub_knows(unsigned host, unsigned at)
{
    world_forget(world);
    world_ping(world, hub, lan_addr(1, 5), tunnel_addr(host));
    return world->sent_count == 1 && addr_equal(world->sent[0].packet.outer.destination, nbma_addr(at));
}

START_TEST(reply_is_the_request_with_type_code_and_responder)
{
    hub_up(0);
    const struct nhrp_message *reply = registers(11, 11, true, wish);
    ck_assert_uint_eq(code_of(reply), NHRP_CIE_OK);
    ck_assert_uint_eq(reply->request_id, 99);
    ck_assert_uint_eq(reply->fixed.hop_count, 255);
    ck_assert(reply->registration.unique);
    ck_assert(addr_equal(addr_from_span(reply->source_protocol), tunnel_addr(11)));
    ck_assert(addr_equal(addr_from_span(reply->destination_protocol), tunnel_addr(1)));
    ck_assert_uint_eq(first_cie(reply).hold_s, 60);
    ck_assert_str_eq(extension_types(reply), "8003 8004 8005 0009 8000");
    struct nhrp_ext ext;
    ck_assert(nhrp_ext_find(reply->extensions, NHRP_EXT_RESPONDER_ADDRESS, &ext));
    struct nhrp_cie cie;
    ck_assert(nhrp_cie_next(&ext.value, &cie));
    ck_assert(addr_equal(addr_from_span(cie.nbma), nbma_addr(1)));
    ck_assert_uint_eq(cie.prefix_len, 0);
    ck_assert(nhrp_ext_find(reply->extensions, NHRP_EXT_FORWARD_TRANSIT, &ext));
    ck_assert_uint_eq(ext.value.len, 0);
    ck_assert(hub_knows(11, 11));
    world_free(world);
}
END_TEST

START_TEST(binding_ends_with_its_holding_time)
{
    hub_up(0);
    registers(11, 11, true, wish);
    world_run_us(world, 60 * US_PER_S - 1);
    ck_assert(hub_knows(11, 11));
    world_run_us(world, 1);
    ck_assert_uint_eq(world_traced_count(world, hub, TRACE_BINDING_EXPIRED), 1);
    ck_assert(!hub_knows(11, 11));
    world_free(world);
}
END_TEST

START_TEST(unique_address_cannot_be_taken_until_it_expires)
{
    hub_up(0);
    ck_assert_uint_eq(code_of(registers(11, 11, true, wish)), NHRP_CIE_OK);
    const struct nhrp_message *refusal = registers(11, 12, true, wish);
    ck_assert_uint_eq(code_of(refusal), NHRP_CIE_ALREADY_REGISTERED);
    ck_assert_uint_eq(first_cie(refusal).hold_s, 0);
    ck_assert_uint_eq(code_of(registers(11, 12, false, wish)), NHRP_CIE_ALREADY_REGISTERED);
    ck_assert_uint_eq(code_of(registers(11, 11, true, wish)), NHRP_CIE_OK); /* itself may refresh */
    ck_assert(hub_knows(11, 11));
    world_run_s(world, 60);
    ck_assert_uint_eq(code_of(registers(11, 12, true, wish)), NHRP_CIE_OK);
    ck_assert(hub_knows(11, 12));
    world_free(world);
}
END_TEST

START_TEST(client_that_is_not_unique_may_move)
{
    hub_up(0);
    struct nhrp_cie host = wish;
    host.prefix_len = 32;
    ck_assert_uint_eq(code_of(registers(11, 11, false, host)), NHRP_CIE_OK);
    struct nhrp_message next =
        test_message(NHRP_REGISTRATION_REQUEST, nbma_addr(12), tunnel_addr(11), tunnel_addr(1));
    next.request_id = 100;
    next.cies = test_cies(&host);
    world_inject_nhrp(world, nbma_addr(12), hub, &next);
    ck_assert(hub_knows(11, 12));
    ck_assert_uint_eq(world_traced_count(world, hub, TRACE_BINDING_EXPIRED), 0);
    world_free(world);
}
END_TEST

START_TEST(every_form_of_a_host_prefix_may_be_unique)
{
    hub_up(0);
    const uint8_t forms[] = {0, 32, 255};
    for (unsigned i = 0; i < 3; i++) {
        struct nhrp_cie cie = wish;
        cie.prefix_len = forms[i];
        ck_assert_uint_eq(code_of(registers(20 + i, 20 + i, true, cie)), NHRP_CIE_OK);
        ck_assert(hub_knows(20 + i, 20 + i));
    }
    struct nhrp_cie wide = wish;
    wide.prefix_len = 30;
    ck_assert_uint_eq(code_of(registers(40, 40, true, wide)), NHRP_CIE_PROHIBITED);
    world_free(world);
}
END_TEST

START_TEST(prefix_can_be_registered_when_not_unique)
{
    hub_up(0);
    struct nhrp_cie wide = wish;
    wide.prefix_len = 30;
    ck_assert_uint_eq(code_of(registers(40, 40, false, wide)), NHRP_CIE_OK);
    ck_assert(hub_knows(41, 40));
    ck_assert(!hub_knows(44, 40));
    world_free(world);
}
END_TEST

START_TEST(nonsense_is_refused)
{
    hub_up(0);
    struct nhrp_cie cie = wish;
    cie.hold_s = 0;
    ck_assert_uint_eq(code_of(registers(11, 11, true, cie)), NHRP_CIE_PROHIBITED);
    ck_assert_uint_eq(code_of(registers(1, 11, true, wish)), NHRP_CIE_PROHIBITED); /* the hub's own address */
    world_free(world);
}
END_TEST

START_TEST(full_table_says_so)
{
    hub_up(2);
    ck_assert_uint_eq(code_of(registers(11, 11, true, wish)), NHRP_CIE_OK);
    ck_assert_uint_eq(code_of(registers(12, 12, true, wish)), NHRP_CIE_OK);
    const struct nhrp_message *reply = registers(13, 13, true, wish);
    ck_assert_uint_eq(code_of(reply), NHRP_CIE_NO_RESOURCES);
    ck_assert_uint_eq(first_cie(reply).hold_s, 0);
    ck_assert_uint_eq(world_drops(world, hub, DROP_TABLE_FULL), 1);
    ck_assert_uint_eq(code_of(registers(12, 12, true, wish)), NHRP_CIE_OK); /* those inside stay */
    world_run_s(world, 61);
    ck_assert_uint_eq(code_of(registers(13, 13, true, wish)), NHRP_CIE_OK);
    world_free(world);
}
END_TEST

START_TEST(client_behind_a_nat_is_answered_and_told_where_it_is_seen)
{
    hub_up(0);
    struct nhrp_message message =
        test_message(NHRP_REGISTRATION_REQUEST, addr_ipv4(198, 51, 100, 7), tunnel_addr(11), tunnel_addr(1));
    message.cies = test_cies(&wish);
    message.extensions = test_hex("0009 0014 00 20 0000 0578 0000 04 00 04 00 c0000201 0aff0001 80000000");
    world_inject_nhrp(world, nbma_addr(11), hub, &message);
    ck_assert(addr_equal(world->sent[0].packet.outer.destination, nbma_addr(11)));
    struct nhrp_ext ext;
    ck_assert(nhrp_ext_find(world->sent[0].packet.nhrp.extensions, NHRP_EXT_NAT_ADDRESS, &ext));
    ck_assert_uint_eq(nhrp_cie_count(ext.value), 2);
    struct nhrp_cie server, seen;
    nhrp_cie_next(&ext.value, &server);
    nhrp_cie_next(&ext.value, &seen);
    ck_assert(addr_equal(addr_from_span(server.nbma), nbma_addr(1)));
    ck_assert(addr_equal(addr_from_span(seen.nbma), nbma_addr(11)));
    ck_assert(addr_equal(addr_from_span(seen.protocol), tunnel_addr(11)));
    ck_assert_uint_eq(seen.prefix_len, 32);
    ck_assert(hub_knows(11, 11));
    world_free(world);
}
END_TEST

START_TEST(without_a_nat_its_extension_comes_back_as_it_was)
{
    hub_up(0);
    struct nhrp_message message =
        test_message(NHRP_REGISTRATION_REQUEST, nbma_addr(11), tunnel_addr(11), tunnel_addr(1));
    message.cies = test_cies(&wish);
    message.extensions = test_hex("0009 0014 00 20 0000 0578 0000 04 00 04 00 c0000201 0aff0001 80000000");
    world_inject_nhrp(world, nbma_addr(11), hub, &message);
    ck_assert(span_equal(world->sent[0].packet.nhrp.extensions, message.extensions));
    world_free(world);
}
END_TEST

START_TEST(absent_addresses_are_taken_from_the_packet)
{
    hub_up(0);
    struct nhrp_message message =
        test_message(NHRP_REGISTRATION_REQUEST, nbma_addr(11), tunnel_addr(11), tunnel_addr(11));
    message.cies = test_cies(&wish);
    world_inject_nhrp(world, nbma_addr(11), hub, &message); /* the client knows no server: dst == src */
    ck_assert_uint_eq(code_of(&world->sent[0].packet.nhrp), NHRP_CIE_OK);
    ck_assert(addr_equal(addr_from_span(world->sent[0].packet.nhrp.destination_protocol), tunnel_addr(11)));
    message.source_nbma = (struct span){0};
    message.destination_protocol = (struct span){0};
    world_forget(world);
    world_inject_nhrp(world, nbma_addr(11), hub, &message);
    ck_assert_uint_eq(code_of(&world->sent[0].packet.nhrp), NHRP_CIE_OK);
    ck_assert(hub_knows(11, 11));
    world_free(world);
}
END_TEST

START_TEST(destination_behind_the_hub_is_refused)
{
    hub_up(0);
    struct nhrp_message message =
        test_message(NHRP_REGISTRATION_REQUEST, nbma_addr(11), tunnel_addr(11), lan_addr(1, 5));
    message.cies = test_cies(&wish);
    world_inject_nhrp(world, nbma_addr(11), hub, &message);
    ck_assert_uint_eq(code_of(&world->sent[0].packet.nhrp), NHRP_CIE_PROHIBITED);
    world_free(world);
}
END_TEST

START_TEST(empty_list_is_a_protocol_error)
{
    hub_up(0);
    struct nhrp_message message =
        test_message(NHRP_REGISTRATION_REQUEST, nbma_addr(11), tunnel_addr(11), tunnel_addr(1));
    world_inject_nhrp(world, nbma_addr(11), hub, &message);
    const struct nhrp_message *report = &world->sent[0].packet.nhrp;
    ck_assert_uint_eq(report->fixed.type, NHRP_ERROR_INDICATION);
    ck_assert_uint_eq(report->error.code, NHRP_ERROR_PROTOCOL_ERROR);
    ck_assert_uint_eq(report->error.offset, 40);
    world_free(world);
}
END_TEST

START_TEST(several_entries_each_get_their_code)
{
    hub_up(0);
    struct nhrp_message message =
        test_message(NHRP_REGISTRATION_REQUEST, nbma_addr(11), tunnel_addr(11), tunnel_addr(1));
    /* itself; 10.255.0.60 at 192.0.2.60 with preference 9; the hub's own address */
    message.cies = test_hex("00ff0000 0578 003c 00000000 "
                            "00200000 0578 003c 04000409 c000023c 0aff003c "
                            "00200000 0578 003c 04000400 c000023c 0aff0001");
    world_inject_nhrp(world, nbma_addr(11), hub, &message);
    struct span list = world->sent[0].packet.nhrp.cies;
    struct nhrp_cie cie[3];
    for (int i = 0; i < 3; i++)
        ck_assert(nhrp_cie_next(&list, &cie[i]));
    ck_assert_uint_eq(cie[0].code, NHRP_CIE_OK);
    ck_assert_uint_eq(cie[1].code, NHRP_CIE_OK);
    ck_assert_uint_eq(cie[1].preference, 9);
    ck_assert_uint_eq(cie[2].code, NHRP_CIE_PROHIBITED);
    ck_assert_int_eq(world->sent[0].reason, SEND_REGISTRATION_NAK);
    ck_assert(hub_knows(11, 11));
    ck_assert(hub_knows(60, 60));
    world_free(world);
}
END_TEST

SUITE_MAIN("registration_server", reply_is_the_request_with_type_code_and_responder,
           binding_ends_with_its_holding_time, unique_address_cannot_be_taken_until_it_expires,
           client_that_is_not_unique_may_move, every_form_of_a_host_prefix_may_be_unique,
           prefix_can_be_registered_when_not_unique, nonsense_is_refused, full_table_says_so,
           client_behind_a_nat_is_answered_and_told_where_it_is_seen,
           without_a_nat_its_extension_comes_back_as_it_was, absent_addresses_are_taken_from_the_packet,
           destination_behind_the_hub_is_refused, empty_list_is_a_protocol_error,
           several_entries_each_get_their_code)
