/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Several next hop servers: by priority, away from one that falls silent, and back to it. */
#include "harness.h"
#include "suite.h"

#include <string.h>

#include "engine/show.h"

static struct world *world;
static int first_hub, second_hub, spoke;
static bool first_is_dead;

static bool lose(const struct sent *sent)
{
    return first_is_dead &&
           (sent->station == first_hub || addr_equal(sent->packet.outer.destination, nbma_addr(1)));
}

/* The second in the list is the better one. */
static void cloud_up(size_t nhs_max)
{
    static struct nhs_config servers[2];
    struct node_config h = hub_config(), g = hub_config(), s = spoke_config(11);
    g.protocol = tunnel_addr(2);
    g.tunnel.nbma = nbma_addr(2);
    servers[0] = (struct nhs_config){.protocol = tunnel_addr(2), .nbma = nbma_addr(2), .priority = 20};
    servers[1] = (struct nhs_config){.protocol = tunnel_addr(1), .nbma = nbma_addr(1), .priority = 10};
    s.nhs = servers;
    s.nhs_count = 2;
    s.nhs_max = nhs_max;
    s.hold_s = 60;
    config_route(&s, "10.0.0.0/8", addr_ipv4(0, 0, 0, 0)); /* whichever server is in use */
    first_is_dead = false;
    world = world_new();
    world->lose = lose;
    first_hub = world_add(world, &h);
    second_hub = world_add(world, &g);
    spoke = world_add(world, &s);
    world_run_s(world, 1);
}

static struct shown_server server(unsigned host)
{
    struct node_cursor cursor = {0};
    struct shown_server shown = {0};
    while (node_show_server(world->nodes[spoke], &cursor, &shown))
        if (addr_equal(shown.protocol, tunnel_addr(host)))
            return shown;
    ck_abort_msg("no server %u", host);
    return shown;
}

static struct addr data_goes_to(void)
{
    world_forget(world);
    world_ping(world, spoke, lan_addr(11, 5), lan_addr(99, 5));
    const struct sent *sent = world_sent(world, spoke, SEND_DATA_TO_HUB, 0);
    ck_assert_ptr_nonnull(sent);
    return sent->packet.outer.destination;
}

START_TEST(all_servers_know_the_client_and_the_best_is_used)
{
    cloud_up(0);
    ck_assert_str_eq(server(1).state, "registered");
    ck_assert_str_eq(server(2).state, "registered");
    ck_assert(server(1).in_use && !server(2).in_use);
    ck_assert(addr_equal(data_goes_to(), nbma_addr(1)));
    world_free(world);
}
END_TEST

START_TEST(silent_server_is_left_and_taken_again)
{
    cloud_up(0);
    first_is_dead = true;
    world_run_s(world, 20 + 1 + 2 + 4 + 8);
    ck_assert(server(2).in_use);
    ck_assert_ptr_nonnull(world_traced(world, spoke, TRACE_SERVER_IN_USE));
    ck_assert(addr_equal(data_goes_to(), nbma_addr(2)));
    world_run_s(world, 60);
    ck_assert_str_eq(server(1).state, "asking");
    first_is_dead = false;
    world_run_s(world, 20);
    ck_assert_str_eq(server(1).state, "registered");
    ck_assert(server(1).in_use);
    ck_assert(addr_equal(data_goes_to(), nbma_addr(1)));
    world_free(world);
}
END_TEST

START_TEST(standby_server_is_asked_only_when_it_is_needed)
{
    cloud_up(1);
    ck_assert_str_eq(server(2).state, "standby");
    ck_assert_uint_eq(node_show_sizes(world->nodes[second_hub]).registrations, 0);
    first_is_dead = true;
    world_run_s(world, 20 + 1 + 2 + 4 + 8);
    ck_assert_str_eq(server(2).state, "registered");
    ck_assert(addr_equal(data_goes_to(), nbma_addr(2)));
    first_is_dead = false;
    world_forget(world);
    world_run_s(world, 40);
    ck_assert(server(1).in_use);
    ck_assert_str_eq(server(2).state, "standby");
    ck_assert_uint_ge(world_sent_count(world, spoke, SEND_PURGE), 1); /* it is not left to expire */
    ck_assert_uint_eq(node_show_sizes(world->nodes[second_hub]).registrations, 0);
    world_free(world);
}
END_TEST

START_TEST(ib_117_server_that_stands_by_gets_no_multicast)
{
    cloud_up(1);
    first_is_dead = true;
    world_run_s(world, 40);
    first_is_dead = false;
    world_run_s(world, 40);
    world_forget(world);
    world_ping(world, spoke, tunnel_addr(11), addr_ipv4(224, 0, 0, 9));
    ck_assert_uint_eq(world_sent_count(world, spoke, SEND_MULTICAST), 1);
    ck_assert(
        addr_equal(world_sent(world, spoke, SEND_MULTICAST, 0)->packet.outer.destination, nbma_addr(1)));
    world_free(world);
}
END_TEST

START_TEST(link_outage_begins_again_with_the_best)
{
    cloud_up(1);
    first_is_dead = true;
    world_run_s(world, 40);
    struct node_input link = {.kind = INPUT_LINK};
    world_input(world, spoke, &link);
    ck_assert_str_eq(server(2).state, "idle");
    first_is_dead = false;
    link.link.up = true;
    world_input(world, spoke, &link);
    world_run_s(world, 1);
    ck_assert_str_eq(server(1).state, "registered");
    ck_assert_str_eq(server(2).state, "standby");
    world_input(world, spoke, &(struct node_input){.kind = INPUT_ADMIN, .admin = ADMIN_REGISTER});
    world_run_s(world, 1);
    ck_assert_str_eq(server(1).state, "registered");
    world_free(world);
}
END_TEST

SUITE_MAIN("failover", all_servers_know_the_client_and_the_best_is_used,
           silent_server_is_left_and_taken_again, standby_server_is_asked_only_when_it_is_needed,
           ib_117_server_that_stands_by_gets_no_multicast, link_outage_begins_again_with_the_best)
