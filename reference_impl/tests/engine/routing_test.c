/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RIPv2 through the tunnel: the three phases' ways, with no static route but each site's own. */
#include "engine/routing.h"

#include "harness.h"
#include "suite.h"

#include "engine/show.h"

static struct world *world;
static int hub, a, b;
static struct prefix summaries[1];

static void cloud_up(enum rip_mode mode, enum tunnel_mode spokes, bool phase3)
{
    struct node_config h = hub_config(), s = spoke_config(11), t = spoke_config(12);
    h.routing.rip = mode;
    s.routing.rip = t.routing.rip = RIP_MODE_SPOKE;
    h.redirect = s.shortcut = t.shortcut = phase3;
    s.tunnel.mode = t.tunnel.mode = spokes;
    s.tunnel.destination = t.tunnel.destination = nbma_addr(1);
    if (mode == RIP_MODE_SUMMARY) {
        ck_assert(prefix_parse("10.0.0.0/8", &summaries[0]));
        h.routing.summaries = summaries;
        h.routing.summary_count = 1;
    }
    world = world_new();
    world->echo = true;
    hub = world_add(world, &h);
    a = world_add(world, &s);
    b = world_add(world, &t);
    world_run_s(world, 40); /* a regular update has been everywhere */
    world_forget(world);
}

/* The next hop of the RIP route for a prefix; ADDR_NONE if there is none. */
static struct addr learned(int station, const char *text)
{
    struct prefix prefix;
    ck_assert(prefix_parse(text, &prefix));
    struct node_cursor cursor = {0};
    struct shown_route route;
    while (node_show_route(world->nodes[station], &cursor, &route))
        if (route.kind[0] == 'r' && prefix_equal(route.prefix, prefix))
            return route.via;
    return (struct addr){0};
}

static size_t delivered_to(int station)
{
    size_t count = 0;
    for (size_t i = 0; i < world->delivered_count; i++)
        count += world->delivered[i].station == station;
    return count;
}

START_TEST(phase1_learns_a_default_route)
{
    cloud_up(RIP_MODE_DEFAULT_ROUTE, TUNNEL_POINT_TO_POINT, false);
    ck_assert(addr_equal(learned(a, "0.0.0.0/0"), tunnel_addr(1)));
    ck_assert(addr_is_none(learned(a, "10.12.0.0/24")));
    ck_assert(addr_equal(learned(hub, "10.12.0.0/24"), tunnel_addr(12)));
    world_ping(world, a, lan_addr(11, 5), lan_addr(12, 5));
    world_run_s(world, 1);
    ck_assert_uint_eq(delivered_to(b), 1);
    ck_assert_uint_eq(delivered_to(a), 1);
    ck_assert_uint_eq(world_sent_count(world, -1, SEND_RESOLUTION_NEXT_HOP), 0);
    world_free(world);
}
END_TEST

START_TEST(phase2_keeps_the_next_hop_and_asks_for_it)
{
    cloud_up(RIP_MODE_NEXT_HOP_KEPT, TUNNEL_MULTIPOINT, false);
    ck_assert(addr_equal(learned(a, "10.12.0.0/24"), tunnel_addr(12)));
    ck_assert(addr_equal(learned(b, "10.11.0.0/24"), tunnel_addr(11)));
    world_ping(world, a, lan_addr(11, 5), lan_addr(12, 5));
    world_run_s(world, 1);
    world_ping(world, a, lan_addr(11, 5), lan_addr(12, 5));
    world_run_s(world, 1);
    ck_assert_uint_eq(world_sent_count(world, a, SEND_RESOLUTION_NEXT_HOP), 1);
    ck_assert_uint_eq(world_sent_count(world, a, SEND_DATA_DIRECT), 1);
    world_free(world);
}
END_TEST

START_TEST(phase3_learns_a_summary_and_redirects_do_the_rest)
{
    cloud_up(RIP_MODE_SUMMARY, TUNNEL_MULTIPOINT, true);
    ck_assert(addr_equal(learned(a, "10.0.0.0/8"), tunnel_addr(1)));
    ck_assert(addr_is_none(learned(a, "10.12.0.0/24")));
    world_ping(world, a, lan_addr(11, 5), lan_addr(12, 5));
    world_run_s(world, 1);
    world_ping(world, a, lan_addr(11, 5), lan_addr(12, 5));
    world_run_s(world, 1);
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_REDIRECT), 2); /* to either end */
    ck_assert_uint_eq(world_sent_count(world, a, SEND_DATA_SHORTCUT), 1);
    world_free(world);
}
END_TEST

START_TEST(updates_go_to_the_server_and_to_every_client)
{
    cloud_up(RIP_MODE_NEXT_HOP_KEPT, TUNNEL_MULTIPOINT, false);
    world_run_s(world, 70);
    size_t from_hub = world_sent_count(world, hub, SEND_RIP_REGULAR);
    ck_assert_uint_ge(from_hub, 4);
    ck_assert_uint_eq(from_hub % 2, 0);
    ck_assert_uint_ge(world_sent_count(world, a, SEND_RIP_REGULAR), 2);
    const struct sent *sent = world_sent(world, a, SEND_RIP_REGULAR, 0);
    ck_assert(addr_equal(sent->packet.outer.destination, nbma_addr(1)));
    ck_assert(addr_equal(sent->packet.inner.destination, addr_ipv4(224, 0, 0, 9)));
    ck_assert_uint_eq(delivered_to(hub) + delivered_to(a), 0); /* the node's own, not its host's */
    world_free(world);
}
END_TEST

START_TEST(a_prefix_that_goes_is_withdrawn_everywhere)
{
    cloud_up(RIP_MODE_NEXT_HOP_KEPT, TUNNEL_MULTIPOINT, false);
    struct node_input input = {.kind = INPUT_ROUTE};
    ck_assert(prefix_parse("10.12.0.0/24", &input.route.prefix));
    world_input(world, b, &input);
    world_run_s(world, 12); /* triggered updates */
    ck_assert(addr_is_none(learned(hub, "10.12.0.0/24")));
    ck_assert(addr_is_none(learned(a, "10.12.0.0/24")));
    ck_assert_ptr_nonnull(world_traced(world, a, TRACE_ROUTE_LOST));
    input.route.add = true;
    world_input(world, b, &input);
    world_run_s(world, 12);
    ck_assert(addr_equal(learned(a, "10.12.0.0/24"), tunnel_addr(12)));
    world_free(world);
}
END_TEST

START_TEST(without_a_registration_there_are_no_neighbours)
{
    struct node_config s = spoke_config(11);
    s.routing.rip = RIP_MODE_SPOKE;
    world = world_new();
    a = world_add(world, &s);
    world_run_s(world, 100);
    ck_assert_uint_eq(world_sent_count(world, a, SEND_RIP_REQUEST), 0);
    ck_assert_uint_eq(world_sent_count(world, a, SEND_RIP_REGULAR), 0);
    world_free(world);
}
END_TEST

START_TEST(configurations_that_cannot_be)
{
    struct node_config h = hub_config();
    const char *why;
    h.routing.rip = RIP_MODE_SUMMARY;
    ck_assert_ptr_null(node_create(&h, 1, &why));
    ck_assert_str_eq(why, "RIPv2 with summaries has none to announce");
    h.routing.rip = RIP_MODE_NEXT_HOP_KEPT;
    h.routing.update_s = 3; /* the chance of 5 s either way would leave nothing of it */
    ck_assert_ptr_null(node_create(&h, 1, &why));
    ck_assert_ptr_nonnull(why);
    h.routing.update_s = 0;
    addr_parse("2001:db8::1", &h.protocol);
    h.route_count = 0;
    ck_assert_ptr_null(node_create(&h, 1, &why));
    ck_assert_str_eq(why, "RIPv2 carries IPv4 routes only");
}
END_TEST

SUITE_MAIN("routing", phase1_learns_a_default_route, phase2_keeps_the_next_hop_and_asks_for_it,
           phase3_learns_a_summary_and_redirects_do_the_rest, updates_go_to_the_server_and_to_every_client,
           a_prefix_that_goes_is_withdrawn_everywhere, without_a_registration_there_are_no_neighbours,
           configurations_that_cannot_be)
