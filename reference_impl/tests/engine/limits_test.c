/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a node does so often and no oftener, because others could make it: errors that it reports, requests
 * that it takes. */
#include "harness.h"
#include "suite.h"

static struct world *world;
static int hub;

static void hub_up(struct limits_config limits)
{
    struct node_config config = hub_config();
    config.limits = limits;
    world = world_new();
    hub = world_add(world, &config);
    world_forget(world);
}

/* One message from a station of that number, at its own address. */
static void inject(enum nhrp_type type, unsigned station, const char *extensions)
{
    struct nhrp_message message =
        test_message(type, nbma_addr(station), tunnel_addr(station), tunnel_addr(1));
    if (type == NHRP_REGISTRATION_REQUEST)
        message.cies = test_cies(&(struct nhrp_cie){.hold_s = 600});
    message.extensions = test_hex(extensions);
    world_inject_nhrp(world, nbma_addr(station), hub, &message);
    world_run_us(world, 10);
}

static void register_often(unsigned station, unsigned times)
{
    for (unsigned i = 0; i < times; i++)
        inject(NHRP_REGISTRATION_REQUEST, station, "80000000");
}

#define UNKNOWN_COMPULSORY "807f0000 80000000"

START_TEST(ten_errors_a_second_unless_configured)
{
    for (unsigned limit = 0; limit <= 3; limit += 3) {
        unsigned most = limit ? limit : 10;
        hub_up((struct limits_config){.errors_per_s = limit});
        for (unsigned i = 0; i < 25; i++)
            inject(NHRP_REGISTRATION_REQUEST, 11, UNKNOWN_COMPULSORY);
        ck_assert_uint_eq(world_sent_count(world, hub, SEND_ERROR), most);
        ck_assert_uint_eq(node_counters(world->nodes[hub])->errors_limited, 25 - most);
        ck_assert_uint_eq(world_drops(world, hub, DROP_EXTENSION), 25); /* all of them */
        world_run_s(world, 1);
        inject(NHRP_REGISTRATION_REQUEST, 11, UNKNOWN_COMPULSORY);
        ck_assert_uint_eq(world_sent_count(world, hub, SEND_ERROR), most + 1);
        world_free(world);
    }
}
END_TEST

START_TEST(who_is_bound_may_ask_and_others_so_often)
{
    hub_up((struct limits_config){.requests_per_s = 2});
    register_often(11, 5); /* a stranger once, and then bound */
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_REGISTRATION_REPLY), 5);
    ck_assert_uint_eq(world_drops(world, hub, DROP_RATE_LIMITED), 0);
    for (unsigned i = 0; i < 7; i++)
        inject(NHRP_PURGE_REQUEST, 66, "80000000");
    ck_assert_uint_eq(world_drops(world, hub, DROP_RATE_LIMITED), 5);
    register_often(66, 3); /* too much already */
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_REGISTRATION_REPLY), 5);
    ck_assert_uint_eq(world_drops(world, hub, DROP_RATE_LIMITED), 8);
    register_often(11, 5);
    register_often(12, 1); /* another newcomer is not kept out */
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_REGISTRATION_REPLY), 11);
    world_run_s(world, 1);
    register_often(66, 1);
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_REGISTRATION_REPLY), 12);
    world_free(world);
}
END_TEST

START_TEST(replies_and_indications_are_no_requests)
{
    hub_up((struct limits_config){.requests_per_s = 1});
    for (unsigned i = 0; i < 5; i++)
        inject(NHRP_PURGE_REPLY, 66, "80000000");
    ck_assert_uint_eq(world_drops(world, hub, DROP_RATE_LIMITED), 0);
    world_free(world);
}
END_TEST

START_TEST(without_a_limit_every_request_is_taken)
{
    hub_up((struct limits_config){0});
    for (unsigned i = 0; i < 200; i++)
        inject(NHRP_PURGE_REQUEST, 66, "80000000");
    ck_assert_uint_eq(world_drops(world, hub, DROP_RATE_LIMITED), 0);
    world_free(world);
}
END_TEST

SUITE_MAIN("limits", ten_errors_a_second_unless_configured, who_is_bound_may_ask_and_others_so_often,
           replies_and_indications_are_no_requests, without_a_limit_every_request_is_taken)
