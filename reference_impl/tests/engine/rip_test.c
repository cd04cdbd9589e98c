/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RIP between a hub and its spokes in virtual time: the three phases, timers, split horizon. */
#include "tests/engine/rip_fixture.h"
#include "tests/suite.h"

static const struct instant never = {INT64_MAX};

static struct prefix default_route(void)
{
    return prefix_of(addr_ipv4(0, 0, 0, 0), 0);
}

static struct net net;

START_TEST(test_phase_1_hub_is_the_next_hop)
{
    struct rip_settings hub = net_settings(HUB);
    hub.split_horizon = RIP_SPLIT_HORIZON_OFF;
    net_build(&net, hub);
    net_run(&net, 10);
    require_route(&net, HUB, net_lan(1), net_address(1), 2);
    require_route(&net, HUB, net_lan(2), net_address(2), 2);
    require_route(&net, 1, net_lan(2), net_address(HUB), 3);
    require_route(&net, 2, net_lan(1), net_address(HUB), 3);
    ck_assert_uint_eq(net.routers[1].fib_count, 1); /* not its own network, which the hub tells it of */
    net_free(&net);
}
END_TEST

START_TEST(test_phase_1_with_a_default_route_only)
{
    struct rip_summary everything = {.prefix = default_route()};
    struct rip_settings hub = net_settings(HUB);
    hub.summaries = &everything;
    hub.summary_count = 1;
    hub.split_horizon = RIP_SPLIT_HORIZON_OFF;
    net_build(&net, hub);
    net_run(&net, 10);
    require_route(&net, 1, default_route(), net_address(HUB), 2);
    ck_assert_uint_eq(net.routers[1].fib_count, 1);
    ck_assert_uint_eq(net.routers[HUB].fib_count, 2);
    net_free(&net);
}
END_TEST

START_TEST(test_phase_2_the_next_hop_is_kept)
{
    struct rip_settings hub = net_settings(HUB);
    hub.split_horizon = RIP_SPLIT_HORIZON_OFF;
    hub.keep_next_hop = true;
    net_build(&net, hub);
    net_run(&net, 10);
    require_route(&net, 1, net_lan(2), net_address(2), 3);
    require_route(&net, 2, net_lan(1), net_address(1), 3);
    ck_assert_uint_eq(net.routers[1].fib_count, 1);
    ck_assert_uint_eq(rip_ignored_count(net.routers[1].rip, RIP_REASON_OWN_NEXT_HOP), 0);
    net_free(&net);
}
END_TEST

START_TEST(test_phase_3_summary_beside_other_routes)
{
    struct rip_summary summary = {.prefix = prefix_of(addr_ipv4(10, 0, 0, 0), 8), .metric = 5};
    struct prefix elsewhere = prefix_of(addr_ipv4(172, 16, 0, 0), 12);
    struct rip_settings hub = net_settings(HUB);
    hub.summaries = &summary;
    hub.summary_count = 1;
    hub.split_horizon = RIP_SPLIT_HORIZON_OFF;
    net_build(&net, hub);
    net_local(&net, HUB, true, elsewhere);
    net_local(&net, HUB, true, summary.prefix); /* the summary speaks for it too */
    net_run(&net, 10);
    require_route(&net, 1, summary.prefix, net_address(HUB), 6);
    require_route(&net, 1, elsewhere, net_address(HUB), 2);
    ck_assert_uint_eq(net.routers[1].fib_count, 2);
    net_free(&net);
}
END_TEST

START_TEST(test_default_beside_other_routes)
{
    struct rip_settings hub = net_settings(HUB);
    hub.split_horizon = RIP_SPLIT_HORIZON_OFF;
    hub.originate_default = true;
    net_build(&net, hub);
    net_run(&net, 10);
    require_route(&net, 1, default_route(), net_address(HUB), 2);
    require_route(&net, 1, net_lan(2), net_address(HUB), 3);
    net_free(&net);
}
END_TEST

START_TEST(test_split_horizon_keeps_spokes_apart)
{
    for (int poison = 0; poison < 2; poison++) {
        struct rip_settings hub = net_settings(HUB);
        hub.split_horizon = poison ? RIP_SPLIT_HORIZON_POISON : RIP_SPLIT_HORIZON_ON;
        net_build(&net, hub);
        net_local(&net, HUB, true, net_lan(9));
        net_run(&net, 60);
        require_no_route(&net, 1, net_lan(2));
        require_route(&net, 1, net_lan(9), net_address(HUB), 2);
        require_route(&net, HUB, net_lan(1), net_address(1), 2);
        net_free(&net);
    }
}
END_TEST

START_TEST(test_a_withdrawn_route_is_gone_at_once_everywhere)
{
    struct rip_settings hub = net_settings(HUB);
    hub.split_horizon = RIP_SPLIT_HORIZON_OFF;
    net_build(&net, hub);
    net_run(&net, 100);
    net_local(&net, 2, false, net_lan(2));
    net_run(&net, 5); /* triggered updates, each held back 5 s at most */
    require_no_route(&net, HUB, net_lan(2));
    require_no_route(&net, 1, net_lan(2));
    require_route(&net, HUB, net_lan(1), net_address(1), 2);
    net_run(&net, 400);
    ck_assert_uint_eq(rip_route_count(net.routers[HUB].rip), 1); /* and forgotten after the garbage time */
    require_no_route(&net, 1, net_lan(2));
    net_local(&net, 2, true, net_lan(2));
    net_run(&net, 5);
    require_route(&net, 1, net_lan(2), net_address(HUB), 3);
    net_free(&net);
}
END_TEST

START_TEST(test_timeout_and_garbage_to_the_microsecond)
{
    struct rip_settings hub = net_settings(HUB);
    net_build(&net, hub);
    net_run(&net, 40);
    struct rip *rip = net.routers[HUB].rip;
    net.routers[1].cut_off = true;
    struct instant last = net.routers[1].sent_at[RIP_SEND_REGULAR];
    struct instant timeout = instant_after_s(last, 180);

    net_run(&net, 135); /* short of the timeout, whatever chance made of the updates */
    require_route(&net, HUB, net_lan(1), net_address(1), 2);
    net.now.us = timeout.us - 1;
    net_input(&net, HUB, &(struct rip_input){.kind = RIP_INPUT_TIME});
    require_route(&net, HUB, net_lan(1), net_address(1), 2);
    net.now = timeout;
    net_input(&net, HUB, &(struct rip_input){.kind = RIP_INPUT_TIME});
    require_no_route(&net, HUB, net_lan(1));
    ck_assert_uint_eq(rip_route_count(rip), 2);

    net.now.us = timeout.us + 120 * US_PER_S - 1;
    net_input(&net, HUB, &(struct rip_input){.kind = RIP_INPUT_TIME});
    size_t before = rip_route_count(rip);
    net.now.us++;
    net_input(&net, HUB, &(struct rip_input){.kind = RIP_INPUT_TIME});
    ck_assert_uint_eq(rip_route_count(rip), before - 1);
    net_free(&net);
}
END_TEST

START_TEST(test_regular_updates_every_30_s_give_or_take_5)
{
    net_build(&net, net_settings(HUB));
    struct router *spoke = &net.routers[1];
    size_t sent = spoke->sent[RIP_SEND_REGULAR];
    struct instant last = spoke->sent_at[RIP_SEND_REGULAR];
    bool early = false, late = false;
    for (int i = 0; i < 60; i++) {
        while (spoke->sent[RIP_SEND_REGULAR] == sent)
            net_run(&net, 1);
        int64_t gap_us = instant_diff_us(last, spoke->sent_at[RIP_SEND_REGULAR]);
        ck_assert_int_ge(gap_us, 25 * US_PER_S);
        ck_assert_int_le(gap_us, 35 * US_PER_S);
        early |= gap_us < 28 * US_PER_S;
        late |= gap_us > 32 * US_PER_S;
        sent = spoke->sent[RIP_SEND_REGULAR];
        last = spoke->sent_at[RIP_SEND_REGULAR];
    }
    ck_assert(early && late);
    net_free(&net);
}
END_TEST

START_TEST(test_triggered_updates_wait_for_each_other)
{
    net_build(&net, net_settings(HUB));
    net_run(&net, 10);
    struct router *spoke = &net.routers[1];
    size_t sent = spoke->sent[RIP_SEND_TRIGGERED];
    net_local(&net, 1, true, net_lan(21));
    ck_assert_uint_eq(spoke->sent[RIP_SEND_TRIGGERED], sent + 1); /* at once */
    struct instant first = spoke->sent_at[RIP_SEND_TRIGGERED];
    net_local(&net, 1, true, net_lan(22));
    net_local(&net, 1, true, net_lan(23));
    ck_assert_uint_eq(spoke->sent[RIP_SEND_TRIGGERED], sent + 1);
    net_run(&net, 5);
    ck_assert_uint_eq(spoke->sent[RIP_SEND_TRIGGERED], sent + 2); /* one for both */
    int64_t gap_us = instant_diff_us(first, spoke->sent_at[RIP_SEND_TRIGGERED]);
    ck_assert_int_ge(gap_us, 1 * US_PER_S);
    ck_assert_int_le(gap_us, 5 * US_PER_S);
    for (size_t lan = 21; lan <= 23; lan++)
        require_route(&net, HUB, net_lan(lan), net_address(1), 2);
    net_free(&net);
}
END_TEST

START_TEST(test_who_comes_up_asks_and_is_answered)
{
    struct rip_settings hub = net_settings(HUB);
    hub.split_horizon = RIP_SPLIT_HORIZON_OFF;
    net_build(&net, hub);
    net_run(&net, 10);
    size_t answers = net.routers[HUB].sent[RIP_SEND_ANSWER];
    net_link(&net, 1, false);
    require_no_route(&net, 1, net_lan(2));
    net_run(&net, 1);
    net_link(&net, 1, true);
    ck_assert_uint_eq(net.routers[HUB].sent[RIP_SEND_ANSWER], answers + 1);
    require_route(&net, 1, net_lan(2), net_address(HUB), 3); /* no waiting for an update */
    net_free(&net);
}
END_TEST

START_TEST(test_a_router_without_a_tunnel_is_silent)
{
    struct rip_settings settings = net_settings(1);
    net = (struct net){0};
    net_add(&net, settings);
    net_local(&net, 0, true, net_lan(1));
    ck_assert_int_eq(rip_deadline(net.routers[0].rip).us, never.us);
    for (int send = 0; send < 4; send++)
        ck_assert_uint_eq(net.routers[0].sent[send], 0);
    net_free(&net);
}
END_TEST

START_TEST(test_a_local_route_wins_and_comes_back_as_learned)
{
    struct rip_settings hub = net_settings(HUB);
    hub.split_horizon = RIP_SPLIT_HORIZON_OFF;
    net_build(&net, hub);
    net_run(&net, 10);
    require_route(&net, 1, net_lan(2), net_address(HUB), 3);
    net_local(&net, 1, true, net_lan(2));
    require_no_route(&net, 1, net_lan(2)); /* its own now: nothing to use of RIP's */
    net_run(&net, 60);
    require_no_route(&net, 1, net_lan(2));
    net_local(&net, 1, false, net_lan(2));
    net_run(&net, 60);
    require_route(&net, 1, net_lan(2), net_address(HUB), 3);
    net_free(&net);
}
END_TEST

/* Routers that believe each other about a dead route count to 16 and stop (RFC 2453 section 3.4.2). */
START_TEST(test_counting_to_infinity_ends)
{
    struct rip_settings hub = net_settings(HUB);
    hub.split_horizon = RIP_SPLIT_HORIZON_OFF;
    net = (struct net){0};
    net_add(&net, hub);
    struct rip_settings spoke = net_settings(1);
    spoke.split_horizon = RIP_SPLIT_HORIZON_OFF;
    net_add(&net, spoke);
    net_local(&net, 1, true, net_lan(1));
    net_link(&net, HUB, true);
    net_link(&net, 1, true);
    net_run(&net, 10);
    net.routers[HUB].cut_off = true; /* the withdrawal is lost */
    net_local(&net, 1, false, net_lan(1));
    net_run(&net, 1);
    net.routers[HUB].cut_off = false;
    net_run(&net, 1000);
    require_no_route(&net, HUB, net_lan(1));
    require_no_route(&net, 1, net_lan(1));
    ck_assert_uint_eq(rip_route_count(net.routers[HUB].rip), 0);
    net_free(&net);
}
END_TEST

START_TEST(test_a_large_table_takes_several_messages)
{
    struct rip_settings hub = net_settings(HUB);
    net = (struct net){0};
    net_add(&net, hub);
    net_add(&net, net_settings(1));
    for (uint8_t i = 0; i < 60; i++)
        net_local(&net, HUB, true, prefix_of(addr_ipv4(172, 16, i, 0), 24));
    net_link(&net, 1, true);
    net_link(&net, HUB, true);
    ck_assert_uint_eq(net.routers[HUB].sent[RIP_SEND_REGULAR], 3); /* 25, 25 and 10 entries */
    ck_assert_uint_eq(net.routers[1].fib_count, 60);
    net_free(&net);
}
END_TEST

START_TEST(test_passwords)
{
    static const char *const passwords[] = {"", "secret", "other"};
    for (size_t i = 0; i < 9; i++) {
        const char *mine = passwords[i / 3], *theirs = passwords[i % 3];
        struct rip_settings hub = net_settings(HUB), spoke = net_settings(1);
        hub.password = span_of(mine, strlen(mine));
        spoke.password = span_of(theirs, strlen(theirs));
        net = (struct net){0};
        net_add(&net, hub);
        net_add(&net, spoke);
        net_local(&net, 1, true, net_lan(1));
        net_link(&net, HUB, true);
        net_link(&net, 1, true);
        net_run(&net, 10);
        if (mine == theirs) {
            require_route(&net, HUB, net_lan(1), net_address(1), 2);
        } else {
            require_no_route(&net, HUB, net_lan(1));
            ck_assert_uint_gt(rip_ignored_count(net.routers[HUB].rip, RIP_REASON_AUTHENTICATION), 0);
        }
        net_free(&net);
    }
}
END_TEST

START_TEST(test_a_full_table_says_so)
{
    struct rip_settings hub = net_settings(HUB);
    hub.max_routes = 1;
    net_build(&net, hub);
    net_run(&net, 40);
    require_route(&net, HUB, net_lan(1), net_address(1), 2);
    require_no_route(&net, HUB, net_lan(2));
    uint64_t before = rip_ignored_count(net.routers[HUB].rip, RIP_REASON_TABLE_FULL);
    ck_assert_uint_gt(before, 0);
    net_local(&net, HUB, true, net_lan(9));
    ck_assert_uint_eq(rip_ignored_count(net.routers[HUB].rip, RIP_REASON_TABLE_FULL), before + 1);
    net_free(&net);
}
END_TEST

START_TEST(test_the_same_seed_gives_the_same_run)
{
    int64_t sent_at[2][4];
    for (int run = 0; run < 2; run++) {
        struct rip_settings hub = net_settings(HUB);
        hub.split_horizon = RIP_SPLIT_HORIZON_OFF;
        net_build(&net, hub);
        net_run(&net, 500);
        for (int i = 0; i < 3; i++)
            sent_at[run][i] = net.routers[i].sent_at[RIP_SEND_REGULAR].us;
        net_free(&net);
    }
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(sent_at[0][i], sent_at[1][i]);
    ck_assert_int_ne(sent_at[0][1], sent_at[0][2]);
}
END_TEST

START_TEST(test_settings_that_contradict_themselves)
{
    struct rip_summary summary = {.prefix = default_route(), .metric = 16};
    struct rip_settings bad[6];
    for (size_t i = 0; i < 6; i++)
        bad[i] = net_settings(1);
    ck_assert(addr_parse("2001:db8::1", &bad[0].address));
    bad[1].subnet_len = 33;
    bad[2].password = span_of("seventeen octets!", 17);
    bad[3].update_s = 5;
    bad[4].summaries = bad[5].summaries = &summary;
    bad[4].summary_count = 1;
    for (size_t i = 0; i < 5; i++) {
        const char *why = NULL;
        ck_assert_msg(!rip_create(&bad[i], 1, &why), "configuration %zu", i);
        ck_assert_ptr_nonnull(why);
        ck_assert_ptr_null(rip_create(&bad[i], 1, NULL));
    }
    summary.metric = 1;
    ck_assert(addr_parse("2001:db8::", &summary.prefix.addr));
    bad[5].summary_count = 1;
    ck_assert_ptr_null(rip_create(&bad[5], 1, NULL));
    rip_free(NULL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_phase_1_hub_is_the_next_hop,
        test_phase_1_with_a_default_route_only,
        test_phase_2_the_next_hop_is_kept,
        test_phase_3_summary_beside_other_routes,
        test_default_beside_other_routes,
        test_split_horizon_keeps_spokes_apart,
        test_a_withdrawn_route_is_gone_at_once_everywhere,
        test_timeout_and_garbage_to_the_microsecond,
        test_regular_updates_every_30_s_give_or_take_5,
        test_triggered_updates_wait_for_each_other,
        test_who_comes_up_asks_and_is_answered,
        test_a_router_without_a_tunnel_is_silent,
        test_a_local_route_wins_and_comes_back_as_learned,
        test_counting_to_infinity_ends,
        test_a_large_table_takes_several_messages,
        test_passwords,
        test_a_full_table_says_so,
        test_the_same_seed_gives_the_same_run,
        test_settings_that_contradict_themselves,
        NULL,
    };
    return suite_run_tests("rip", tests);
}
