/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mappings that were handed out, and how they are taken back. */
#include "engine/told.h"

#include "harness.h"
#include "suite.h"

#include "engine/show.h"

static struct world *world;
static int hub;

static void client_registers(unsigned host, struct addr nbma, uint16_t hold_s)
{
    struct nhrp_message message =
        test_message(NHRP_REGISTRATION_REQUEST, nbma, tunnel_addr(host), tunnel_addr(1));
    static uint32_t id = 500;
    message.request_id = id++;
    message.cies = test_cies(&(struct nhrp_cie){.prefix_len = 32, .hold_s = hold_s});
    world_inject_nhrp(world, nbma, hub, &message);
}

/* Requester .99 asks the hub; its reply goes back. */
static struct nhrp_cie asks(struct addr target)
{
    struct nhrp_message message =
        test_message(NHRP_RESOLUTION_REQUEST, nbma_addr(99), tunnel_addr(99), target);
    message.resolution.authoritative = true;
    world_forget(world);
    world_inject_nhrp(world, nbma_addr(99), hub, &message);
    ck_assert_uint_eq(world->sent_count, 1);
    return first_cie(&world->sent[0].packet.nhrp);
}

static void hub_up(const struct node_config *config)
{
    world = world_new();
    hub = world_add(world, config);
}

static const struct sent *only_purge(void)
{
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_PURGE), 1);
    return world_sent(world, hub, SEND_PURGE, 0);
}

START_TEST(clients_purge_is_passed_on_to_whom_its_mapping_was_told)
{
    struct node_config config = hub_config();
    hub_up(&config);
    client_registers(11, nbma_addr(11), 600);
    asks(tunnel_addr(11));
    struct nhrp_message message =
        test_message(NHRP_PURGE_REQUEST, nbma_addr(11), tunnel_addr(11), tunnel_addr(1));
    struct addr gone = tunnel_addr(11);
    message.cies = test_cies(&(struct nhrp_cie){.prefix_len = 32, .protocol = addr_span(&gone)});
    world_forget(world);
    world_inject_nhrp(world, nbma_addr(11), hub, &message);
    const struct sent *purge = only_purge();
    const struct nhrp_message *sent = &purge->packet.nhrp;
    ck_assert(addr_equal(purge->packet.outer.destination, nbma_addr(99)));
    ck_assert(addr_equal(addr_from_span(sent->source_protocol), tunnel_addr(1))); /* a new one, of the NHS */
    ck_assert(addr_equal(addr_from_span(sent->destination_protocol), tunnel_addr(99)));
    ck_assert(!sent->purge.no_reply);
    ck_assert_uint_eq(nhrp_cie_count(sent->cies), 1);
    struct nhrp_cie cie = first_cie(sent);
    ck_assert(addr_equal(addr_from_span(cie.protocol), tunnel_addr(11)));
    ck_assert_uint_eq(cie.prefix_len, 32);
    ck_assert_uint_eq(cie.mtu, 0);
    ck_assert_uint_eq(cie.hold_s, 0);
    ck_assert_uint_eq(cie.preference, 0);
    world_free(world);
}
END_TEST

START_TEST(purge_is_repeated_until_it_is_answered)
{
    struct node_config config = hub_config();
    hub_up(&config);
    client_registers(11, nbma_addr(11), 600);
    asks(tunnel_addr(11));
    world_forget(world);
    client_registers(11, nbma_addr(21), 600); /* it has moved, and is not unique */
    uint32_t id = only_purge()->packet.nhrp.request_id;
    world_run_s(world, 1 + 2 + 4);
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_PURGE), 4);
    for (size_t i = 0; i < 4; i++)
        ck_assert_uint_eq(world_sent(world, hub, SEND_PURGE, i)->packet.nhrp.request_id, id);
    struct nhrp_message reply = world_sent(world, hub, SEND_PURGE, 3)->packet.nhrp;
    reply.fixed.type = NHRP_PURGE_REPLY;
    world_inject_nhrp(world, nbma_addr(99), hub, &reply);
    ck_assert_ptr_nonnull(world_traced(world, hub, TRACE_PURGE_CONFIRMED));
    world_run_s(world, 100);
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_PURGE), 4);
    ck_assert_uint_eq(node_show_sizes(world->nodes[hub]).told, 0);
    world_inject_nhrp(world, nbma_addr(99), hub, &reply); /* once more: nobody waits for it */
    ck_assert_uint_eq(world_drops(world, hub, DROP_UNSOLICITED), 1);
    world_free(world);
}
END_TEST

START_TEST(unanswered_purge_ends_with_the_holding_time)
{
    struct node_config config = hub_config();
    hub_up(&config);
    client_registers(11, nbma_addr(11), 20);
    asks(tunnel_addr(11));
    client_registers(11, nbma_addr(21), 600);
    world_run_s(world, 21);
    size_t sent = world_sent_count(world, hub, SEND_PURGE);
    ck_assert_uint_ge(sent, 4);
    ck_assert_uint_eq(node_show_sizes(world->nodes[hub]).told, 0);
    world_run_s(world, 600);
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_PURGE), sent);
    world_free(world);
}
END_TEST

START_TEST(what_expires_needs_no_purge)
{
    struct node_config config = hub_config();
    hub_up(&config);
    client_registers(11, nbma_addr(11), 20);
    asks(tunnel_addr(11));
    world_run_s(world, 30);
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_PURGE), 0);
    struct shown_sizes sizes = node_show_sizes(world->nodes[hub]);
    ck_assert_uint_eq(sizes.told, 0);
    ck_assert_uint_eq(sizes.bindings, 0);
    ck_assert_uint_eq(sizes.peers, 0);
    world_free(world);
}
END_TEST

START_TEST(what_cannot_be_taken_back_is_not_handed_out)
{
    struct node_config config = hub_config();
    config.max_told = 1;
    hub_up(&config);
    client_registers(11, nbma_addr(11), 600);
    client_registers(12, nbma_addr(12), 600);
    ck_assert_uint_eq(asks(tunnel_addr(11)).code, NHRP_CIE_OK);
    ck_assert_uint_eq(asks(tunnel_addr(11)).code, NHRP_CIE_OK); /* the same again needs no more room */
    struct nhrp_cie cie = asks(tunnel_addr(12));
    ck_assert_uint_eq(cie.code, NHRP_CIE_NO_RESOURCES);
    ck_assert_uint_eq(cie.hold_s, 0);
    ck_assert(!world->sent[0].packet.nhrp.resolution.authoritative);
    world_free(world);
}
END_TEST

START_TEST(a_registered_prefix_takes_back_each_host_of_it)
{
    struct node_config config = hub_config();
    hub_up(&config);
    struct nhrp_message message =
        test_message(NHRP_REGISTRATION_REQUEST, nbma_addr(11), tunnel_addr(11), tunnel_addr(1));
    struct addr lan = lan_addr(77, 0), nbma = nbma_addr(11);
    message.cies = test_cies(&(struct nhrp_cie){
        .prefix_len = 24, .hold_s = 600, .protocol = addr_span(&lan), .nbma = addr_span(&nbma)});
    world_inject_nhrp(world, nbma, hub, &message);
    asks(lan_addr(77, 5));
    asks(lan_addr(77, 6));
    message.fixed.type = NHRP_PURGE_REQUEST;
    message.cies = test_cies(&(struct nhrp_cie){.prefix_len = 24, .protocol = addr_span(&lan)});
    world_forget(world);
    world_inject_nhrp(world, nbma, hub, &message);
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_PURGE), 2);
    world_free(world);
}
END_TEST

static void change_route(bool add, const char *text, struct addr via)
{
    struct node_input input = {.kind = INPUT_ROUTE, .route = {.add = add, .via = via}};
    ck_assert(prefix_parse(text, &input.route.prefix));
    world_input(world, hub, &input);
}

START_TEST(egress_takes_back_what_it_does_not_route_any_more)
{
    struct node_config config = hub_config();
    config.redirect = true;
    hub_up(&config);
    ck_assert_uint_eq(asks(lan_addr(1, 5)).prefix_len, 24);
    world_forget(world);
    change_route(true, "10.9.0.0/24", (struct addr){0}); /* elsewhere */
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_PURGE), 0);
    change_route(true, "10.1.0.128/25", tunnel_addr(12)); /* a part of it is somewhere else now (§6.3) */
    struct nhrp_cie cie = first_cie(&only_purge()->packet.nhrp);
    ck_assert_uint_eq(cie.prefix_len, 24);
    ck_assert(addr_equal(addr_from_span(cie.protocol), lan_addr(1, 0)));
    change_route(false, "10.1.0.0/24", (struct addr){0}); /* being taken back already */
    only_purge();
    world_free(world);
}
END_TEST

START_TEST(shortcut_goes_when_the_egress_route_changes)
{
    struct node_config h = hub_config(), s = spoke_config(11), t = spoke_config(12);
    h.redirect = true;
    s.shortcut = t.shortcut = true;
    config_route(&h, "10.11.0.0/24", tunnel_addr(11));
    config_route(&h, "10.12.0.0/24", tunnel_addr(12));
    config_route(&s, "10.0.0.0/8", tunnel_addr(1));
    config_route(&t, "10.0.0.0/8", tunnel_addr(1));
    world = world_new();
    world->echo = true;
    world_add(world, &h);
    int a = world_add(world, &s);
    hub = world_add(world, &t); /* the egress */
    world_run_s(world, 1);
    world_ping(world, a, lan_addr(11, 5), lan_addr(12, 5));
    world_run_s(world, 1);
    ck_assert_ptr_nonnull(world_traced(world, a, TRACE_SHORTCUT_INSTALLED));
    change_route(false, "10.12.0.0/24", (struct addr){0});
    world_run_s(world, 1);
    ck_assert_ptr_nonnull(world_traced(world, a, TRACE_SHORTCUT_REMOVED));
    ck_assert_ptr_nonnull(world_traced(world, hub, TRACE_PURGE_CONFIRMED));
    world_free(world);
}
END_TEST

START_TEST(new_address_and_end_take_back_all_that_leads_here)
{
    struct node_config config = hub_config();
    config.redirect = true;
    hub_up(&config);
    asks(lan_addr(1, 5));
    asks(tunnel_addr(1));
    world_forget(world);
    world_input(world, hub,
                &(struct node_input){.kind = INPUT_LINK, .link = {.up = true, .nbma = nbma_addr(201)}});
    world->nbma[hub] = nbma_addr(201);
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_PURGE), 2);
    ck_assert(addr_equal(addr_from_span(world->sent[0].packet.nhrp.source_nbma), nbma_addr(201)));
    world_run_s(world, 700);
    asks(lan_addr(1, 5));
    world_forget(world);
    world_input(world, hub, &(struct node_input){.kind = INPUT_ADMIN, .admin = ADMIN_STOP});
    ck_assert(only_purge()->packet.nhrp.purge.no_reply); /* nobody will be there to get it */
    world_free(world);
}
END_TEST

START_TEST(an_operator_can_take_back_what_was_told)
{
    struct node_config config = hub_config();
    hub_up(&config);
    asks(tunnel_addr(1));
    world_forget(world);
    world_input(world, hub, &(struct node_input){.kind = INPUT_ADMIN, .admin = ADMIN_PURGE});
    only_purge();
    world_free(world);
}
END_TEST

SUITE_MAIN("told", clients_purge_is_passed_on_to_whom_its_mapping_was_told,
           purge_is_repeated_until_it_is_answered, unanswered_purge_ends_with_the_holding_time,
           what_expires_needs_no_purge, what_cannot_be_taken_back_is_not_handed_out,
           a_registered_prefix_takes_back_each_host_of_it, egress_takes_back_what_it_does_not_route_any_more,
           shortcut_goes_when_the_egress_route_changes, new_address_and_end_take_back_all_that_leads_here,
           an_operator_can_take_back_what_was_told)
