/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/engine/rip_messages.h"
#include "tests/suite.h"

#include <string.h>

static const struct instant start = {.us = US_PER_S};

/* The single reason for which a message is ignored. */
static void require_ignored(struct message message, enum rip_reason reason)
{
    struct rip *rip = router_up(router_settings());
    struct rip_output out;
    say(rip, start, message);
    ck_assert(rip_output(rip, &out));
    ck_assert_int_eq(out.kind, RIP_OUTPUT_IGNORED);
    ck_assert_msg(out.ignored.reason == reason, "%s", rip_reason_words(out.ignored.reason));
    ck_assert(addr_equal(out.ignored.from, message.from));
    ck_assert(!rip_output(rip, &out));
    ck_assert_uint_eq(rip_ignored_count(rip, reason), 1);
    rip_free(rip);
}

static struct rip_output route_after(struct rip *rip, struct instant now, struct message message)
{
    struct rip_output out;
    say(rip, now, message);
    ck_assert(output_of(rip, RIP_OUTPUT_ROUTE, &out));
    drain(rip);
    return out;
}

static void require_no_change(struct rip *rip, struct instant now, struct message message)
{
    struct rip_output out;
    say(rip, now, message);
    ck_assert(!output_of(rip, RIP_OUTPUT_ROUTE, &out));
}

START_TEST(test_a_route_is_learned)
{
    struct rip *rip = router_up(router_settings());
    struct message message = response_of(neighbour(11), lan(1), 4);
    message.entries[0].tag = 99;
    struct rip_output out = route_after(rip, start, message);
    ck_assert(out.route.install);
    ck_assert(prefix_equal(out.route.prefix, lan(1)));
    ck_assert(addr_equal(out.route.via, neighbour(11)));
    ck_assert_uint_eq(out.route.metric, 5);
    ck_assert_uint_eq(out.route.tag, 99);
    require_no_change(rip, start, message);
    message.to = neighbour(1); /* to this router alone */
    require_no_change(rip, start, message);
    ck_assert_uint_eq(rip_route_count(rip), 1);
    rip_free(rip);
}
END_TEST

START_TEST(test_messages_that_are_ignored)
{
    struct message good = response_of(neighbour(11), lan(1), 4), m;
    m = good;
    m.to_port = 521;
    require_ignored(m, RIP_REASON_NOT_RIP);
    m = good;
    m.to = neighbour(2);
    require_ignored(m, RIP_REASON_NOT_RIP);
    m = good;
    m.from = neighbour(1);
    require_ignored(m, RIP_REASON_OWN);
    m = good;
    m.from = addr_ipv4(10, 0, 1, 11);
    require_ignored(m, RIP_REASON_NOT_A_NEIGHBOUR);
    m = good;
    m.from_port = 4000;
    require_ignored(m, RIP_REASON_SOURCE_PORT);
    m = good;
    m.command = 9;
    require_ignored(m, RIP_REASON_MALFORMED);
    m = good;
    m.version = 0;
    require_ignored(m, RIP_REASON_MALFORMED);
    m = good;
    m.version = 1;
    require_ignored(m, RIP_REASON_VERSION);
}
END_TEST

START_TEST(test_broken_packets)
{
    struct message message = response_of(neighbour(11), lan(1), 4);
    uint8_t buf[MESSAGE_PACKET_MAX];
    struct span packet = message_pack(&message, buf);
    for (size_t len = 0; len < packet.len; len++) {
        struct rip *rip = router_up(router_settings());
        struct rip_output out;
        say_packet(rip, start, span_of(buf, len));
        ck_assert(rip_output(rip, &out));
        ck_assert_int_eq(out.kind, RIP_OUTPUT_IGNORED);
        ck_assert_int_eq(out.ignored.reason, RIP_REASON_NOT_RIP);
        rip_free(rip);
    }
    struct rip *rip = router_up(router_settings());
    buf[packet.len - 1] ^= 1;
    say_packet(rip, start, packet);
    ck_assert_uint_eq(rip_ignored_count(rip, RIP_REASON_CHECKSUM), 1);
    buf[26] = buf[27] = 0; /* no checksum at all: allowed over IPv4 */
    say_packet(rip, start, packet);
    ck_assert_uint_eq(rip_ignored_count(rip, RIP_REASON_CHECKSUM), 1);
    ck_assert_uint_eq(rip_route_count(rip), 1);
    rip_free(rip);
}
END_TEST

START_TEST(test_a_router_that_is_down_hears_nothing)
{
    struct rip_settings settings = router_settings();
    struct rip *rip = rip_create(&settings, 1, NULL);
    say(rip, start, response_of(neighbour(11), lan(1), 4));
    ck_assert_uint_eq(rip_ignored_count(rip, RIP_REASON_LINK_DOWN), 1);
    rip_free(rip);
}
END_TEST

START_TEST(test_entries_that_are_ignored)
{
    static const struct {
        struct rip_entry entry;
        enum rip_reason reason;
    } cases[] = {
        {{.family = 10, .metric = 1}, RIP_REASON_FAMILY},
        {{.family = RIP_FAMILY_AUTHENTICATION, .metric = 1}, RIP_REASON_FAMILY}, /* not the first entry */
        {{.address = {.family = ADDR_IPV4, .bytes = {10, 9}}, .mask = 0xff00ff00, .metric = 1}, RIP_REASON_MASK},
        {{.address = {.family = ADDR_IPV4, .bytes = {10, 9, 1}}, .mask = 0xffff0000, .metric = 1}, RIP_REASON_MASK},
        {{.address = {.family = ADDR_IPV4, .bytes = {10, 9}}, .metric = 1}, RIP_REASON_MASK}, /* version 1's way */
        {{.address = {.family = ADDR_IPV4, .bytes = {0, 9}}, .mask = 0xffff0000, .metric = 1}, RIP_REASON_DESTINATION},
        {{.address = {.family = ADDR_IPV4, .bytes = {127}}, .mask = 0xff000000, .metric = 1}, RIP_REASON_DESTINATION},
        {{.address = {.family = ADDR_IPV4, .bytes = {224}}, .mask = 0xf0000000, .metric = 1}, RIP_REASON_DESTINATION},
        {{.address = {.family = ADDR_IPV4, .bytes = {255, 255, 255, 255}}, .mask = 0xffffffff, .metric = 1},
         RIP_REASON_DESTINATION},
        {{.address = {.family = ADDR_IPV4, .bytes = {10, 9}}, .mask = 0xffff0000, .metric = 0}, RIP_REASON_METRIC},
        {{.address = {.family = ADDR_IPV4, .bytes = {10, 9}}, .mask = 0xffff0000, .metric = 17}, RIP_REASON_METRIC},
        {{.address = {.family = ADDR_IPV4, .bytes = {10, 9}}, .mask = 0xffff0000, .metric = 0xffffffff}, RIP_REASON_METRIC},
        {{.address = {.family = ADDR_IPV4, .bytes = {10, 9}},
          .mask = 0xffff0000,
          .next_hop = {{10, 0, 0, 1}, ADDR_IPV4},
          .metric = 1},
         RIP_REASON_OWN_NEXT_HOP},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rip *rip = router_up(router_settings());
        struct message message = response_of(neighbour(11), lan(1), 1);
        struct rip_output out;
        message.entries[1] = cases[i].entry;
        if (message.entries[1].family == 0)
            message.entries[1].family = RIP_FAMILY_IPV4;
        message.entries[1].address.family = message.entries[1].next_hop.family = ADDR_IPV4;
        message.entries[2] = rip_entry_of(lan(2), (struct addr){0}, 1, 0);
        message.count = 3;
        say(rip, start, message);
        ck_assert(rip_output(rip, &out));
        ck_assert_int_eq(out.kind, RIP_OUTPUT_IGNORED);
        ck_assert_msg(out.ignored.reason == cases[i].reason, "case %zu: %s", i,
                      rip_reason_words(out.ignored.reason));
        ck_assert_uint_eq(rip_route_count(rip), 2); /* the entries around it count */
        rip_free(rip);
    }
}
END_TEST

START_TEST(test_next_hops)
{
    struct rip *rip = router_up(router_settings());
    struct message message = response_of(neighbour(11), lan(1), 1);
    message.entries[0].next_hop = neighbour(12);
    ck_assert(addr_equal(route_after(rip, start, message).route.via, neighbour(12)));
    message.entries[0].next_hop = addr_ipv4(192, 0, 2, 1); /* not on the subnet: the sender (section 4.4) */
    ck_assert(addr_equal(route_after(rip, start, message).route.via, neighbour(11)));
    rip_free(rip);
}
END_TEST

START_TEST(test_a_next_hop_that_leads_back_voids_the_route)
{
    struct rip *rip = router_up(router_settings());
    struct message message = response_of(neighbour(11), lan(1), 1);
    route_after(rip, start, message);
    message.entries[0].next_hop = neighbour(1);
    struct rip_output out = route_after(rip, start, message);
    ck_assert(!out.route.install);
    ck_assert_uint_eq(rip_ignored_count(rip, RIP_REASON_OWN_NEXT_HOP), 1);
    rip_free(rip);
}
END_TEST

START_TEST(test_own_routes_reflected_are_no_news)
{
    struct rip *rip = router_up(router_settings());
    rip_input(rip, start,
              &(struct rip_input){.kind = RIP_INPUT_LOCAL, .local = {.add = true, .prefix = lan(1)}});
    struct message message = response_of(neighbour(11), lan(1), 2);
    message.entries[0].next_hop = neighbour(1);
    require_no_change(rip, start, message);
    ck_assert_uint_eq(rip_ignored_count(rip, RIP_REASON_OWN_NEXT_HOP), 0);
    rip_free(rip);
}
END_TEST

START_TEST(test_the_neighbour_in_use_decides)
{
    struct rip *rip = router_up(router_settings());
    route_after(rip, start, response_of(neighbour(11), lan(1), 5));
    require_no_change(rip, start, response_of(neighbour(12), lan(1), 5)); /* as good is not better */
    require_no_change(rip, start, response_of(neighbour(12), lan(1), 16));
    ck_assert_uint_eq(route_after(rip, start, response_of(neighbour(11), lan(1), 9)).route.metric,
                      10); /* even worse */
    struct rip_output out = route_after(rip, start, response_of(neighbour(12), lan(1), 4));
    ck_assert(addr_equal(out.route.via, neighbour(12)));
    ck_assert_uint_eq(out.route.metric, 5);
    require_no_change(rip, start, response_of(neighbour(11), lan(1), 16)); /* not in use any more */
    ck_assert(!route_after(rip, start, response_of(neighbour(12), lan(1), 16)).route.install);
    rip_free(rip);
}
END_TEST

START_TEST(test_fifteen_hops_are_the_end)
{
    struct rip *rip = router_up(router_settings());
    ck_assert_uint_eq(route_after(rip, start, response_of(neighbour(11), lan(1), 14)).route.metric, 15);
    ck_assert(!route_after(rip, start, response_of(neighbour(11), lan(1), 15)).route.install);
    require_no_change(rip, start, response_of(neighbour(11), lan(2), 15));
    require_no_change(rip, start, response_of(neighbour(11), lan(3), 16));
    ck_assert_uint_eq(rip_route_count(rip), 1);
    rip_free(rip);
}
END_TEST

START_TEST(test_as_good_takes_over_from_the_silent)
{
    struct rip *rip = router_up(router_settings());
    struct instant half = instant_after_s(start, 90), before = {.us = half.us - 1};
    route_after(rip, start, response_of(neighbour(11), lan(1), 5));
    require_no_change(rip, before, response_of(neighbour(12), lan(1), 5));
    struct rip_output out = route_after(rip, half, response_of(neighbour(12), lan(1), 5));
    ck_assert(addr_equal(out.route.via, neighbour(12)));
    rip_free(rip);
}
END_TEST

START_TEST(test_a_dead_route_comes_back)
{
    struct rip *rip = router_up(router_settings());
    route_after(rip, start, response_of(neighbour(11), lan(1), 5));
    ck_assert(!route_after(rip, start, response_of(neighbour(11), lan(1), 16)).route.install);
    require_no_change(rip, start, response_of(neighbour(11), lan(1), 16));
    struct rip_output out =
        route_after(rip, instant_after_s(start, 100), response_of(neighbour(12), lan(1), 9));
    ck_assert(out.route.install);
    ck_assert_uint_eq(out.route.metric, 10);
    rip_input(rip, instant_after_s(start, 121), &(struct rip_input){.kind = RIP_INPUT_TIME});
    ck_assert_uint_eq(rip_route_count(rip), 1); /* the old garbage time means nothing now */
    rip_free(rip);
}
END_TEST

/* Being told again that a route is dead does not make it live in the table for longer (section 3.9.2). */
START_TEST(test_garbage_time_is_not_renewed)
{
    struct rip *rip = router_up(router_settings());
    route_after(rip, start, response_of(neighbour(11), lan(1), 5));
    route_after(rip, start, response_of(neighbour(11), lan(1), 16));
    require_no_change(rip, instant_after_s(start, 119), response_of(neighbour(11), lan(1), 16));
    ck_assert_uint_eq(rip_route_count(rip), 1);
    rip_input(rip, instant_after_s(start, 120), &(struct rip_input){.kind = RIP_INPUT_TIME});
    ck_assert_uint_eq(rip_route_count(rip), 0);
    rip_free(rip);
}
END_TEST

/* Octets of any kind must do no harm; what is left of the router still answers. */
START_TEST(test_damaged_messages)
{
    struct rip *rip = router_up(router_settings());
    uint8_t buf[MESSAGE_PACKET_MAX];
    struct message message = response_of(neighbour(11), lan(1), 1);
    message.entries[1] = rip_entry_of(lan(2), neighbour(12), 3, 1);
    message.count = 2;
    struct span packet = message_pack(&message, buf);
    buf[26] = buf[27] = 0; /* no checksum that would catch it */
    for (size_t i = 20; i < packet.len; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            struct rip_output out;
            buf[i] ^= (uint8_t)(1u << bit);
            say_packet(rip, start, packet);
            while (rip_output(rip, &out))
                ck_assert(out.kind != RIP_OUTPUT_ROUTE || out.route.metric <= RIP_INFINITY);
            buf[i] ^= (uint8_t)(1u << bit);
        }
    }
    ck_assert(rip_route_count(rip) > 2);
    rip_free(rip);
}
END_TEST

START_TEST(test_words)
{
    for (unsigned reason = 0; reason < RIP_REASON_COUNT; reason++)
        ck_assert_uint_gt(strlen(rip_reason_words((enum rip_reason)reason)), 3);
    ck_assert_str_eq(rip_send_clause(RIP_SEND_TRIGGERED), "RFC2453 §3.10.1");
    ck_assert_str_eq(rip_send_words(RIP_SEND_ANSWER), "answers a request");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_a_route_is_learned,
        test_messages_that_are_ignored,
        test_broken_packets,
        test_a_router_that_is_down_hears_nothing,
        test_entries_that_are_ignored,
        test_next_hops,
        test_a_next_hop_that_leads_back_voids_the_route,
        test_own_routes_reflected_are_no_news,
        test_the_neighbour_in_use_decides,
        test_fifteen_hops_are_the_end,
        test_as_good_takes_over_from_the_silent,
        test_a_dead_route_comes_back,
        test_garbage_time_is_not_renewed,
        test_damaged_messages,
        test_words,
        NULL,
    };
    return suite_run_tests("rip_receive", tests);
}
