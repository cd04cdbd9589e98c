/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/show.h"

#include "harness.h"
#include "suite.h"

static struct world *world;

START_TEST(a_hub_shows_its_bindings_and_what_it_told)
{
    struct node_config h = hub_config(), s = spoke_config(11), t = spoke_config(12);
    config_route(&s, "10.12.0.0/24", tunnel_addr(12));
    world = world_new();
    int hub = world_add(world, &h);
    int a = world_add(world, &s);
    world_add(world, &t);
    world_run_s(world, 10);
    world_ping(world, a, lan_addr(11, 5), lan_addr(12, 5)); /* asks for the next hop */
    world_run_s(world, 1);
    struct node_cursor cursor = {0};
    struct shown_binding binding;
    unsigned seen = 0;
    while (node_show_binding(world->nodes[hub], &cursor, &binding)) {
        ck_assert_str_eq(binding.origin, "registered");
        ck_assert(binding.unique);
        int64_t left_us = instant_diff_us(world->now, binding.until);
        ck_assert_int_eq(left_us / US_PER_S, 589);
        ck_assert_uint_eq(binding.mtu, 1400);
        ck_assert(addr_equal(binding.at.nbma, binding.claimed_nbma));
        seen |= 1u << (binding.protocol.bytes[3] - 11);
    }
    ck_assert_uint_eq(seen, 3);
    cursor = (struct node_cursor){0};
    struct shown_told told;
    ck_assert(node_show_told(world->nodes[hub], &cursor, &told));
    ck_assert(addr_equal(told.requester, tunnel_addr(11)));
    ck_assert(addr_equal(told.nbma, nbma_addr(12)));
    ck_assert(!told.purging);
    ck_assert(!node_show_told(world->nodes[hub], &cursor, &told));
    struct shown_sizes sizes = node_show_sizes(world->nodes[hub]);
    ck_assert_uint_eq(sizes.bindings, 2);
    ck_assert_uint_eq(sizes.registrations, 2);
    ck_assert_uint_eq(sizes.peers, 2);
    ck_assert_uint_eq(sizes.told, 1);
    world_free(world);
}
END_TEST

START_TEST(a_spoke_shows_its_servers_requests_and_routes)
{
    struct node_config h = hub_config(), s = spoke_config(11), t = spoke_config(12);
    h.redirect = true;
    s.shortcut = t.shortcut = true;
    config_route(&h, "10.12.0.0/24", tunnel_addr(12));
    config_route(&s, "10.0.0.0/8", tunnel_addr(1));
    world = world_new();
    world_add(world, &h);
    int a = world_add(world, &s);
    world_add(world, &t);
    world_run_s(world, 1);
    world_ping(world, a, lan_addr(11, 5), lan_addr(12, 5));
    world_run_s(world, 9);
    const struct node *node = world->nodes[a];
    struct node_cursor cursor = {0};
    struct shown_server server;
    ck_assert(node_show_server(node, &cursor, &server));
    ck_assert_str_eq(server.state, "registered");
    ck_assert(server.in_use);
    ck_assert(addr_equal(server.protocol, tunnel_addr(1)));
    ck_assert_int_eq(instant_diff_us(world->now, server.until) / US_PER_S, 590);
    ck_assert_uint_eq(server.attempts, 1);
    ck_assert(!node_show_server(node, &cursor, &server));

    cursor = (struct node_cursor){0};
    struct shown_request request;
    ck_assert(node_show_request(node, &cursor, &request));
    ck_assert_str_eq(request.state, "known");
    ck_assert(addr_equal(request.target, lan_addr(12, 5)));
    ck_assert(addr_equal(request.via, tunnel_addr(12)));
    ck_assert(request.has_shortcut);
    ck_assert_uint_eq(request.shortcut.len, 24);
    ck_assert_int_eq(instant_diff_us(world->now, request.until) / US_PER_S, 591);
    ck_assert(!node_show_request(node, &cursor, &request));

    cursor = (struct node_cursor){0};
    struct shown_route route;
    unsigned kinds = 0;
    while (node_show_route(node, &cursor, &route))
        kinds |= route.kind[0] == 't' ? 1 : route.kind[0] == 'v' ? 2 : route.kind[0] == 's' ? 4 : 8;
    ck_assert_uint_eq(kinds, 15); /* tunnel, via, shortcut, host-side */
    ck_assert(addr_equal(node_show_nbma(node), nbma_addr(11)));
    ck_assert(addr_equal(node_show_protocol(node), tunnel_addr(11)));
    const struct node_counters *counters = node_counters(node);
    ck_assert_uint_eq(counters->messages_sent[NHRP_REGISTRATION_REQUEST], 1);
    ck_assert_uint_eq(counters->messages_received[NHRP_TRAFFIC_INDICATION], 1);
    ck_assert_uint_eq(counters->packets_sent, 1);
    world_free(world);
}
END_TEST

SUITE_MAIN("show", a_hub_shows_its_bindings_and_what_it_told, a_spoke_shows_its_servers_requests_and_routes)
