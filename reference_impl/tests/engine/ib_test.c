/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What other implementations got wrong, by the number that the list of interoperability bugs gives it. Those
 * not here have a test among the others: docs/reference.md says which.
 */
#include "harness.h"
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include "engine/show.h"

static struct world *world;
static int station;

static void hub_up(const struct node_config *config)
{
    world = world_new();
    station = world_add(world, config);
    world_forget(world);
}

static struct nhrp_message registration(unsigned host, struct addr nbma, struct addr destination)
{
    struct nhrp_message message =
        test_message(NHRP_REGISTRATION_REQUEST, nbma, tunnel_addr(host), destination);
    message.cies = test_cies(&(struct nhrp_cie){.prefix_len = 32, .hold_s = 300});
    message.extensions = test_hex("80030000 80040000 80050000 00090000 80000000");
    return message;
}

static const struct nhrp_message *only_reply(void)
{
    ck_assert_uint_eq(world->sent_count, 1);
    return &world->sent[0].packet.nhrp;
}

START_TEST(ib_003_server_that_is_not_known_is_asked_by_the_clients_own_address)
{
    struct node_config config = hub_config();
    hub_up(&config);
    struct nhrp_message message = registration(11, nbma_addr(11), tunnel_addr(11));
    world_inject_nhrp(world, nbma_addr(11), station, &message);
    ck_assert_uint_eq(only_reply()->fixed.type, NHRP_REGISTRATION_REPLY);
    ck_assert_uint_eq(first_cie(only_reply()).code, NHRP_CIE_OK);
    world_free(world);
}
END_TEST

START_TEST(ib_004_hop_count_0_is_enough_for_what_is_for_us)
{
    struct node_config config = hub_config();
    hub_up(&config);
    struct nhrp_message message = registration(11, nbma_addr(11), tunnel_addr(1));
    message.fixed.hop_count = 0;
    world_inject_nhrp(world, nbma_addr(11), station, &message);
    ck_assert_uint_eq(only_reply()->fixed.type, NHRP_REGISTRATION_REPLY);
    world_free(world);
}
END_TEST

/* IB-006, 022, 023, 025: who reports, with what. */
START_TEST(ib_022_error_is_the_observers_own_message)
{
    struct node_config config = hub_config();
    snprintf(config.password, sizeof config.password, "secret");
    hub_up(&config);
    struct nhrp_message message = registration(11, nbma_addr(11), tunnel_addr(1));
    world_inject_nhrp(world, nbma_addr(11), station, &message);
    const struct nhrp_message *error = only_reply();
    ck_assert_uint_eq(error->fixed.type, NHRP_ERROR_INDICATION);
    ck_assert_uint_eq(error->error.code, 11);
    ck_assert_uint_eq(error->error.unused, 0);
    ck_assert_uint_eq(error->fixed.hop_count, 255);
    ck_assert(addr_equal(addr_from_span(error->source_nbma), nbma_addr(1)));
    ck_assert(addr_equal(addr_from_span(error->source_protocol), tunnel_addr(1)));
    ck_assert(addr_equal(addr_from_span(error->destination_protocol), tunnel_addr(11)));
    ck_assert_uint_eq(error->extensions.len, 0);
    ck_assert_uint_eq(error->trailer.len, 0);
    world_free(world);
}
END_TEST

START_TEST(ib_013_error_indications_do_not_undo_a_registration)
{
    static const uint16_t codes[] = {11, 0x0b00};
    struct node_config h = hub_config(), s = spoke_config(11);
    world = world_new();
    world_add(world, &h);
    station = world_add(world, &s);
    world_run_s(world, 1);
    for (size_t i = 0; i < 2; i++) {
        struct nhrp_message error =
            test_message(NHRP_ERROR_INDICATION, nbma_addr(1), tunnel_addr(1), tunnel_addr(11));
        error.error.code = codes[i];
        error.contents = world_sent(world, station, SEND_REGISTRATION, 0)->packet.gre.payload;
        world_inject_nhrp(world, nbma_addr(1), station, &error);
        struct node_cursor cursor = {0};
        struct shown_server server;
        ck_assert(node_show_server(world->nodes[station], &cursor, &server));
        ck_assert_str_eq(server.state, "registered");
    }
    ck_assert_uint_eq(world_sent_count(world, station, SEND_ERROR), 0);
    world_free(world);
}
END_TEST

START_TEST(ib_017_a_part_of_the_password_is_not_the_password)
{
    static const char *const given[] = {"80070009 00000001 74657374 31 80000000", /* test1 */
                                        "80070007 00000001 746573 80000000"};     /* tes */
    struct node_config config = hub_config();
    snprintf(config.password, sizeof config.password, "test");
    for (size_t i = 0; i < 2; i++) {
        hub_up(&config);
        struct nhrp_message message = registration(11, nbma_addr(11), tunnel_addr(1));
        message.extensions = test_hex(given[i]);
        world_inject_nhrp(world, nbma_addr(11), station, &message);
        ck_assert_uint_eq(only_reply()->error.code, 11);
        world_free(world);
    }
}
END_TEST

/* IB-002, 059, 063, 107, 109 need a cloud. */
static struct world *cloud(int *hub, int *a, int *b)
{
    struct node_config h = hub_config(), s = spoke_config(11), t = spoke_config(12);
    h.redirect = s.shortcut = t.shortcut = true;
    config_route(&h, "10.12.0.0/24", tunnel_addr(12));
    config_route(&s, "10.0.0.0/8", tunnel_addr(1));
    world = world_new();
    *hub = world_add(world, &h);
    *a = world_add(world, &s);
    *b = world_add(world, &t);
    world_run_s(world, 1);
    return world;
}

START_TEST(ib_002_redirect_may_travel)
{
    int hub, a, b;
    cloud(&hub, &a, &b);
    world_ping(world, a, lan_addr(11, 5), lan_addr(12, 5));
    world_run_s(world, 1);
    ck_assert_uint_eq(world_sent(world, hub, SEND_REDIRECT, 0)->packet.nhrp.fixed.hop_count, 255);
    world_free(world);
}
END_TEST

START_TEST(ib_059_request_leaves_the_prefix_open_and_says_how_long_its_source_holds)
{
    int hub, a, b;
    cloud(&hub, &a, &b);
    world_ping(world, a, lan_addr(11, 5), lan_addr(12, 5));
    world_run_s(world, 1);
    const struct nhrp_message *request = &world_sent(world, a, SEND_RESOLUTION_REDIRECTED, 0)->packet.nhrp;
    ck_assert_uint_eq(first_cie(request).prefix_len, 0);
    ck_assert(!request->resolution.unique);
    ck_assert(request->resolution.source_stable); /* IB-063: else the holding time must be 0 */
    ck_assert_uint_eq(first_cie(request).hold_s, 600);
    world_free(world);
}
END_TEST

START_TEST(ib_107_nobody_is_redirected_about_multicast)
{
    int hub, a, b;
    cloud(&hub, &a, &b);
    world_ping(world, a, tunnel_addr(11), addr_ipv4(224, 0, 0, 10));
    world_run_s(world, 1);
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_REDIRECT), 0);
    world_free(world);
}
END_TEST

START_TEST(ib_070_a_refusal_does_not_stop_the_node_from_answering)
{
    struct node_config config = spoke_config(11);
    config.shortcut = true;
    config_route(&config, "10.0.0.0/8", tunnel_addr(1));
    hub_up(&config);
    world_ping(world, station, lan_addr(11, 5), tunnel_addr(12)); /* asks for .12 */
    const struct sent *asked = world_sent(world, station, SEND_RESOLUTION_NEXT_HOP, 0);
    ck_assert_ptr_nonnull(asked);
    struct nhrp_message no = asked->packet.nhrp;
    no.fixed.type = NHRP_RESOLUTION_REPLY;
    no.cies = test_cies(&(struct nhrp_cie){.code = NHRP_CIE_NO_BINDING});
    world_inject_nhrp(world, nbma_addr(1), station, &no);
    world_forget(world);
    struct nhrp_message request =
        test_message(NHRP_RESOLUTION_REQUEST, nbma_addr(12), tunnel_addr(12), lan_addr(11, 5));
    world_inject_nhrp(world, nbma_addr(1), station, &request);
    ck_assert_uint_eq(only_reply()->fixed.type, NHRP_RESOLUTION_REPLY);
    ck_assert_uint_eq(first_cie(only_reply()).code, NHRP_CIE_OK);
    world_free(world);
}
END_TEST

START_TEST(ib_081_responder_refuses_what_it_must_understand_and_does_not)
{
    struct node_config config = hub_config();
    hub_up(&config);
    struct nhrp_message message = registration(11, nbma_addr(11), tunnel_addr(1));
    message.extensions = test_hex("80030000 b8000004 00000000 80000000");
    world_inject_nhrp(world, nbma_addr(11), station, &message);
    ck_assert_uint_eq(only_reply()->fixed.type, NHRP_ERROR_INDICATION);
    ck_assert_uint_eq(only_reply()->error.code, NHRP_ERROR_UNRECOGNIZED_EXTENSION);
    ck_assert_uint_eq(node_show_sizes(world->nodes[station]).registrations, 0);
    world_free(world);
}
END_TEST

START_TEST(ib_101_second_client_behind_one_address_is_refused)
{
    struct node_config config = hub_config();
    hub_up(&config);
    struct nhrp_message first = registration(11, addr_ipv4(192, 168, 1, 11), tunnel_addr(1));
    struct nhrp_message second = registration(12, addr_ipv4(192, 168, 1, 12), tunnel_addr(1));
    world_inject_nhrp(world, nbma_addr(77), station, &first);
    ck_assert_uint_eq(first_cie(only_reply()).code, NHRP_CIE_OK);
    world_forget(world);
    world_inject_nhrp(world, nbma_addr(77), station, &second);
    ck_assert_uint_eq(first_cie(only_reply()).code, NHRP_CIE_PROHIBITED);
    ck_assert_ptr_nonnull(world_traced(world, station, TRACE_NAT_CONFLICT));
    world_forget(world);
    world_inject_nhrp(world, nbma_addr(77), station, &first); /* the first is as welcome as before */
    ck_assert_uint_eq(first_cie(only_reply()).code, NHRP_CIE_OK);
    world_forget(world);
    first =
        registration(11, addr_ipv4(192, 168, 1, 99), tunnel_addr(1)); /* also with another address inside */
    first.request_id++;
    world_inject_nhrp(world, nbma_addr(77), station, &first);
    ck_assert_uint_eq(first_cie(only_reply()).code, NHRP_CIE_OK);
    world_free(world);
}
END_TEST

/* The address that a NAT gave is told to others as long as the server sees it, and no longer. */
START_TEST(ib_102_nat_address_goes_when_the_nat_does)
{
    struct node_config config = spoke_config(11);
    config.hold_s = 30;
    hub_up(&config);
    world_input(world, station, &(struct node_input){.kind = INPUT_ADMIN, .admin = ADMIN_REGISTER});
    for (size_t i = 0; i < 2; i++) {
        const struct sent *asked = &world->sent[world->sent_count - 1];
        struct nhrp_message reply = asked->packet.nhrp;
        reply.fixed.type = NHRP_REGISTRATION_REPLY;
        reply.extensions = test_hex(i ? "00090000 80000000"
                                      : "00090014 00200000 00000000 04000400 c000024d 0aff000b 80000000");
        world_inject_nhrp(world, nbma_addr(1), station, &reply);
        struct node_cursor cursor = {0};
        struct shown_server server;
        ck_assert(node_show_server(world->nodes[station], &cursor, &server));
        ck_assert_str_eq(server.state, "registered");
        ck_assert(addr_equal(server.seen_nbma, i ? (struct addr){0} : nbma_addr(77)));
        world_forget(world);
        struct nhrp_message request =
            test_message(NHRP_RESOLUTION_REQUEST, nbma_addr(12), tunnel_addr(12), tunnel_addr(11));
        request.extensions = test_hex("00090000 80000000");
        world_inject_nhrp(world, nbma_addr(1), station, &request);
        struct nhrp_ext ext;
        ck_assert(nhrp_ext_find(only_reply()->extensions, NHRP_EXT_NAT_ADDRESS, &ext));
        ck_assert_uint_eq(ext.value.len, i ? 0 : 20);
        world_forget(world);
        world_run_s(world, 10);
    }
    world_free(world);
}
END_TEST

/* IB-108, and chains of three levels: spoke, its hub, the central hub, the other hub, its spoke. */
START_TEST(ib_108_only_the_ingress_of_a_chain_asks)
{
    struct node_config central = hub_config(), left = spoke_config(2), right = spoke_config(3);
    struct node_config a = spoke_config(11), b = spoke_config(12);
    static struct nhs_config to_left, to_right;
    to_left = (struct nhs_config){.protocol = tunnel_addr(2), .nbma = nbma_addr(2)};
    to_right = (struct nhs_config){.protocol = tunnel_addr(3), .nbma = nbma_addr(3)};
    a.nhs = &to_left;
    b.nhs = &to_right;
    central.redirect = left.redirect = right.redirect = true;
    left.shortcut = right.shortcut = a.shortcut = b.shortcut = true;
    config_route(&central, "10.11.0.0/24", tunnel_addr(2));
    config_route(&central, "10.12.0.0/24", tunnel_addr(3));
    config_route(&left, "10.11.0.0/24", tunnel_addr(11));
    config_route(&left, "10.0.0.0/8", tunnel_addr(1));
    config_route(&right, "10.12.0.0/24", tunnel_addr(12));
    config_route(&right, "10.0.0.0/8", tunnel_addr(1));
    config_route(&a, "10.0.0.0/8", tunnel_addr(2));
    config_route(&b, "10.0.0.0/8", tunnel_addr(3));
    world = world_new();
    int c = world_add(world, &central), l = world_add(world, &left), r = world_add(world, &right);
    int from = world_add(world, &a), to = world_add(world, &b);
    world_run_s(world, 1);
    world_ping(world, from, lan_addr(11, 5), lan_addr(12, 5));
    world_run_s(world, 1);
    ck_assert_uint_eq(world->delivered_count, 1);
    ck_assert_int_eq(world->delivered[0].station, to);
    ck_assert_uint_eq(world_sent_count(world, from, SEND_RESOLUTION_REDIRECTED), 1);
    ck_assert_uint_eq(world_sent_count(world, -1, SEND_RESOLUTION_REDIRECTED), 1); /* §6.4: no domino */
    ck_assert_uint_eq(world_drops(world, l, DROP_INTERMEDIATE), 1);
    ck_assert_uint_eq(world_drops(world, c, DROP_NO_SHORTCUT) + world_drops(world, c, DROP_INTERMEDIATE), 1);
    ck_assert_uint_eq(world_sent_count(world, -1, SEND_FORWARDED), 3); /* by the three hubs, in turn */
    const struct nhrp_message *last = &world_sent(world, r, SEND_FORWARDED, 0)->packet.nhrp;
    struct nhrp_ext record;
    ck_assert(nhrp_ext_find(last->extensions, NHRP_EXT_FORWARD_TRANSIT, &record));
    ck_assert_uint_eq(nhrp_cie_count(record.value), 3);
    ck_assert_uint_eq(last->fixed.hop_count, 252);
    world_ping(world, from, lan_addr(11, 5), lan_addr(12, 5));
    ck_assert_uint_eq(world_sent_count(world, from, SEND_DATA_SHORTCUT), 1);
    world_free(world);
}
END_TEST

/* With a password, from one spoke to the other: in its place, once, and no other order. */
START_TEST(ib_021_authentication_stays_in_its_place_in_transit)
{
    struct node_config config = hub_config();
    snprintf(config.password, sizeof config.password, "secret");
    config_route(&config, "10.12.0.0/24", tunnel_addr(12));
    hub_up(&config);
    struct nhrp_message message = registration(12, nbma_addr(12), tunnel_addr(1));
    message.extensions = test_hex("8007000a 00000001 736563726574 80000000");
    world_inject_nhrp(world, nbma_addr(12), station, &message);
    world_forget(world);
    message = test_message(NHRP_RESOLUTION_REQUEST, nbma_addr(11), tunnel_addr(11), lan_addr(12, 5));
    message.extensions =
        test_hex("80030000 80040000 80050000 8007000a 00000001 736563726574 00090000 80000000");
    world_inject_nhrp(world, nbma_addr(11), station, &message);
    ck_assert_int_eq(world->sent[0].reason, SEND_FORWARDED);
    ck_assert_str_eq(extension_types(only_reply()), "8003 8004 8005 8007 0009 8000");
    struct nhrp_ext ext;
    ck_assert(nhrp_ext_find(only_reply()->extensions, NHRP_EXT_AUTHENTICATION, &ext));
    ck_assert_uint_eq(ext.value.len, 10);
    world_free(world);
}
END_TEST

START_TEST(ib_074_second_entry_is_taken_when_the_first_cannot_be_used)
{
    int hub, a, b;
    cloud(&hub, &a, &b);
    struct nhrp_message reply;
    world_ping(world, a, lan_addr(11, 5), lan_addr(12, 5));
    world_run_us(world, 2 * LATENCY_US + 500); /* the redirect is back, the request is out */
    const struct sent *asked = world_sent(world, a, SEND_RESOLUTION_REDIRECTED, 0);
    ck_assert_ptr_nonnull(asked);
    struct addr own = nbma_addr(11), good = nbma_addr(12), egress = tunnel_addr(12);
    uint8_t list[64];
    struct writer w = writer_of(list, sizeof list);
    nhrp_cie_write(&w,
                   &(struct nhrp_cie){.hold_s = 60, .nbma = addr_span(&own), .protocol = addr_span(&egress)});
    nhrp_cie_write(
        &w, &(struct nhrp_cie){.hold_s = 60, .nbma = addr_span(&good), .protocol = addr_span(&egress)});
    reply = asked->packet.nhrp;
    reply.fixed.type = NHRP_RESOLUTION_REPLY;
    reply.cies = span_of(list, w.pos);
    world_inject_nhrp(world, nbma_addr(1), a, &reply);
    ck_assert_ptr_nonnull(world_traced(world, a, TRACE_RESOLVED));
    ck_assert(addr_equal(world_traced(world, a, TRACE_RESOLVED)->trace.nbma, good));
    world_free(world);
}
END_TEST

/* No extensions, so the last octet is the packet in error's: odd, and not zero. */
START_TEST(ib_093_checksum_of_an_odd_length_is_right)
{
    struct node_config config = hub_config();
    hub_up(&config);
    struct nhrp_message message = registration(11, nbma_addr(11), tunnel_addr(1));
    message.extensions = (struct span){0};
    message.cies = test_hex("00200000 0000012c 00000000 ff"); /* half an entry behind the whole one */
    world_inject_nhrp(world, nbma_addr(11), station, &message);
    struct span sent = world->sent[0].packet.gre.payload; /* decoded strictly, checksum and all */
    ck_assert_uint_eq(only_reply()->fixed.type, NHRP_ERROR_INDICATION);
    ck_assert_uint_eq(sent.len % 2, 1);
    ck_assert_uint_eq(sent.data[sent.len - 1], 0xff);
    world_free(world);
}
END_TEST

SUITE_MAIN("ib", ib_021_authentication_stays_in_its_place_in_transit,
           ib_074_second_entry_is_taken_when_the_first_cannot_be_used,
           ib_093_checksum_of_an_odd_length_is_right,
           ib_003_server_that_is_not_known_is_asked_by_the_clients_own_address,
           ib_004_hop_count_0_is_enough_for_what_is_for_us, ib_022_error_is_the_observers_own_message,
           ib_013_error_indications_do_not_undo_a_registration,
           ib_017_a_part_of_the_password_is_not_the_password, ib_002_redirect_may_travel,
           ib_059_request_leaves_the_prefix_open_and_says_how_long_its_source_holds,
           ib_107_nobody_is_redirected_about_multicast,
           ib_070_a_refusal_does_not_stop_the_node_from_answering,
           ib_081_responder_refuses_what_it_must_understand_and_does_not,
           ib_101_second_client_behind_one_address_is_refused, ib_102_nat_address_goes_when_the_nat_does,
           ib_108_only_the_ingress_of_a_chain_asks)
