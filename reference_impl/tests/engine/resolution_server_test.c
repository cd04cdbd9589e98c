/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "harness.h"
#include "suite.h"

static struct world *world;
static int station;

static void node_up(const struct node_config *config)
{
    world = world_new();
    station = world_add(world, config);
    world_forget(world);
}

static void client_registers(unsigned host, unsigned at, bool unique, uint8_t preference)
{
    struct nhrp_message message =
        test_message(NHRP_REGISTRATION_REQUEST, nbma_addr(at), tunnel_addr(at), tunnel_addr(1));
    struct addr protocol = tunnel_addr(host), nbma = nbma_addr(at);
    message.registration.unique = unique;
    message.cies = test_cies(&(struct nhrp_cie){
        .prefix_len = unique ? 255 : 32,
        .mtu = 1300,
        .hold_s = 300,
        .preference = preference,
        .nbma = addr_span(&nbma),
        .protocol = addr_span(&protocol),
    });
    world_inject_nhrp(world, nbma_addr(at), station, &message);
    ck_assert_uint_eq(first_cie(&world->sent[world->sent_count - 1].packet.nhrp).code, NHRP_CIE_OK);
    world_forget(world);
}

/* A request of spoke .99 that the hub has passed on, or that came directly; the only answer. */
static const struct sent *asks(struct addr target, unsigned from, struct nhrp_resolution_flags flags,
                               const struct nhrp_cie *cie)
{
    struct nhrp_message message =
        test_message(NHRP_RESOLUTION_REQUEST, nbma_addr(99), tunnel_addr(99), target);
    message.resolution = flags;
    if (cie)
        message.cies = test_cies(cie);
    message.extensions = test_hex("80030000 80040000 80050000 00090000 80000000");
    world_forget(world);
    world_inject_nhrp(world, nbma_addr(from), station, &message);
    ck_assert_uint_eq(world->sent_count, 1);
    return &world->sent[0];
}

static uint8_t code_for(struct addr target)
{
    const struct sent *sent = asks(target, 99, (struct nhrp_resolution_flags){.authoritative = true}, NULL);
    ck_assert_uint_eq(sent->packet.nhrp.fixed.type, NHRP_RESOLUTION_REPLY);
    struct nhrp_cie cie = first_cie(&sent->packet.nhrp);
    ck_assert_uint_eq(nhrp_cie_count(sent->packet.nhrp.cies), 1);
    if (cie.code != NHRP_CIE_OK)
        ck_assert(cie.hold_s == 0 && cie.mtu == 0 && cie.nbma.len == 0 && cie.protocol.len == 0);
    return cie.code;
}

static struct node_config egress_config(void)
{
    struct node_config config = spoke_config(11);
    config.shortcut = true;
    config_route(&config, "10.0.0.0/8", tunnel_addr(1));
    return config;
}

START_TEST(server_answers_with_what_is_left_of_the_holding_time)
{
    struct node_config config = hub_config();
    node_up(&config);
    client_registers(11, 11, false, 0);
    world_run_s(world, 100);
    const struct sent *sent =
        asks(tunnel_addr(11), 99,
             (struct nhrp_resolution_flags){.authoritative = true, .requester_is_router = true}, NULL);
    const struct nhrp_message *reply = &sent->packet.nhrp;
    struct nhrp_cie cie = first_cie(reply);
    ck_assert_uint_eq(cie.code, NHRP_CIE_OK);
    ck_assert_uint_eq(cie.hold_s, 200);
    ck_assert_uint_eq(cie.mtu, 1300);
    ck_assert(addr_equal(addr_from_span(cie.nbma), nbma_addr(11)));
    ck_assert(reply->resolution.authoritative && reply->resolution.requester_is_router);
    ck_assert(!reply->resolution.source_stable && !reply->resolution.unique);
    ck_assert_str_eq(extension_types(reply), "8003 8004 8005 0009 8000");
    world_free(world);
}
END_TEST

START_TEST(nobody_has_the_address)
{
    struct node_config config = hub_config();
    node_up(&config);
    ck_assert_uint_eq(code_for(tunnel_addr(11)), NHRP_CIE_NO_BINDING);
    ck_assert_uint_eq(code_for(addr_ipv4(203, 0, 113, 1)), NHRP_CIE_NO_BINDING);
    world_free(world);
}
END_TEST

START_TEST(uniqueness_is_respected)
{
    struct node_config config = hub_config();
    node_up(&config);
    client_registers(11, 11, false, 0);
    client_registers(12, 12, true, 0);
    struct nhrp_resolution_flags unique = {.authoritative = true, .unique = true};
    const struct nhrp_message *reply = &asks(tunnel_addr(11), 99, unique, NULL)->packet.nhrp;
    ck_assert_uint_eq(first_cie(reply).code, NHRP_CIE_NOT_UNIQUE);
    reply = &asks(tunnel_addr(12), 99, unique, NULL)->packet.nhrp;
    ck_assert_uint_eq(first_cie(reply).code, NHRP_CIE_OK);
    ck_assert_uint_eq(first_cie(reply).prefix_len, NHRP_PREFIX_HOST);
    ck_assert(reply->resolution.unique);
    world_free(world);
}
END_TEST

START_TEST(all_entries_come_highest_preference_first)
{
    struct node_config config = hub_config();
    node_up(&config);
    client_registers(50, 21, false, 3);
    client_registers(50, 22, false, 9);
    client_registers(50, 23, false, 5);
    const struct sent *sent = asks(tunnel_addr(50), 99, (struct nhrp_resolution_flags){0}, NULL);
    struct span list = sent->packet.nhrp.cies;
    const uint8_t wanted[] = {9, 5, 3};
    struct nhrp_cie cie;
    for (int i = 0; i < 3; i++) {
        ck_assert(nhrp_cie_next(&list, &cie));
        ck_assert_uint_eq(cie.preference, wanted[i]);
    }
    ck_assert_uint_eq(list.len, 0);
    world_free(world);
}
END_TEST

START_TEST(forwarding_policy_passes_the_request_to_the_client)
{
    struct node_config config = hub_config();
    config.resolution = RESOLUTION_FORWARD;
    node_up(&config);
    client_registers(11, 11, false, 0);
    const struct sent *sent = asks(tunnel_addr(11), 99, (struct nhrp_resolution_flags){0}, NULL);
    ck_assert_int_eq(sent->reason, SEND_FORWARDED);
    ck_assert(addr_equal(sent->packet.outer.destination, nbma_addr(11)));
    world_free(world);
}
END_TEST

START_TEST(egress_replies_the_way_it_came_unless_the_source_is_stable)
{
    struct node_config config = egress_config();
    node_up(&config);
    const struct nhrp_cie cie = {.hold_s = 120};
    const struct sent *sent = asks(lan_addr(11, 5), 1, (struct nhrp_resolution_flags){0}, &cie);
    ck_assert(addr_equal(sent->packet.outer.destination, nbma_addr(1)));
    ck_assert_uint_eq(world_traced_count(world, station, TRACE_BINDING_ADDED), 0);

    const struct nhrp_cie none = {.hold_s = 0};
    struct nhrp_resolution_flags stable = {.source_stable = true};
    sent = asks(lan_addr(11, 5), 1, stable, &none);
    ck_assert(addr_equal(sent->packet.outer.destination, nbma_addr(1)));

    sent = asks(lan_addr(11, 5), 1, stable, &cie);
    ck_assert(addr_equal(sent->packet.outer.destination, nbma_addr(99)));
    ck_assert_uint_eq(world_traced_count(world, station, TRACE_BINDING_ADDED), 1);
    ck_assert(sent->packet.nhrp.resolution.destination_stable && sent->packet.nhrp.resolution.source_stable);
    world_run_s(world, 121); /* kept no longer than the requester allowed */
    ck_assert_uint_eq(world_traced_count(world, station, TRACE_BINDING_EXPIRED), 1);
    world_free(world);
}
END_TEST

START_TEST(request_never_displaces_what_is_configured)
{
    struct node_config config = egress_config();
    node_up(&config);
    const struct nhrp_cie cie = {.hold_s = 120};
    struct nhrp_message forged =
        test_message(NHRP_RESOLUTION_REQUEST, nbma_addr(66), tunnel_addr(1), lan_addr(11, 5));
    forged.resolution.source_stable = true;
    forged.cies = test_cies(&cie);
    world_inject_nhrp(world, nbma_addr(66), station, &forged);
    world_forget(world);
    world_ping(world, station, lan_addr(11, 5), lan_addr(12, 5));
    ck_assert(addr_equal(world->sent[0].packet.outer.destination, nbma_addr(1)));
    world_free(world);
}
END_TEST

START_TEST(prefix_is_the_routes_unless_another_lies_in_it)
{
    struct node_config config = egress_config();
    config_route(&config, "10.40.0.0/16", (struct addr){0});
    config_route(&config, "10.40.128.0/24", tunnel_addr(12));
    node_up(&config);
    ck_assert_uint_eq(
        first_cie(&asks(lan_addr(11, 5), 1, (struct nhrp_resolution_flags){0}, NULL)->packet.nhrp).prefix_len,
        24);
    /* 10.40.1.1: /17 is the shortest prefix around it without 10.40.128.0/24 */
    ck_assert_uint_eq(
        first_cie(&asks(addr_ipv4(10, 40, 1, 1), 1, (struct nhrp_resolution_flags){0}, NULL)->packet.nhrp)
            .prefix_len,
        17);
    const struct nhrp_cie narrow = {.prefix_len = 28};
    ck_assert_uint_eq(
        first_cie(&asks(lan_addr(11, 5), 1, (struct nhrp_resolution_flags){0}, &narrow)->packet.nhrp)
            .prefix_len,
        28);
    world_free(world);
}
END_TEST

START_TEST(own_tunnel_address_is_answered_as_a_host)
{
    struct node_config config = spoke_config(11); /* Phase 2: no shortcuts needed for this */
    node_up(&config);
    const struct sent *sent = asks(tunnel_addr(11), 1, (struct nhrp_resolution_flags){0}, NULL);
    ck_assert_uint_eq(first_cie(&sent->packet.nhrp).prefix_len, 32);
    ck_assert_int_eq(sent->reason, SEND_RESOLUTION_REPLY_SELF);
    world_free(world);
}
END_TEST

START_TEST(policy_refuses_aloud)
{
    struct node_config phase2 = spoke_config(11);
    node_up(&phase2);
    ck_assert_uint_eq(code_for(lan_addr(11, 5)), NHRP_CIE_PROHIBITED);
    world_free(world);
    struct node_config phase1 = egress_config();
    phase1.tunnel.mode = TUNNEL_POINT_TO_POINT;
    phase1.tunnel.destination = nbma_addr(1);
    node_up(&phase1);
    const struct sent *sent = asks(tunnel_addr(11), 1, (struct nhrp_resolution_flags){0}, NULL);
    ck_assert_uint_eq(first_cie(&sent->packet.nhrp).code, NHRP_CIE_PROHIBITED);
    world_free(world);
}
END_TEST

START_TEST(request_is_not_sent_back_where_it_came_from)
{
    struct node_config config = egress_config();
    node_up(&config);
    const struct sent *sent = asks(lan_addr(77, 5), 1, (struct nhrp_resolution_flags){0}, NULL);
    ck_assert_uint_eq(first_cie(&sent->packet.nhrp).code, NHRP_CIE_NO_BINDING);
    world_free(world);
}
END_TEST

SUITE_MAIN("resolution_server", server_answers_with_what_is_left_of_the_holding_time, nobody_has_the_address,
           uniqueness_is_respected, all_entries_come_highest_preference_first,
           forwarding_policy_passes_the_request_to_the_client,
           egress_replies_the_way_it_came_unless_the_source_is_stable,
           request_never_displaces_what_is_configured, prefix_is_the_routes_unless_another_lies_in_it,
           own_tunnel_address_is_answered_as_a_host, policy_refuses_aloud,
           request_is_not_sent_back_where_it_came_from)
