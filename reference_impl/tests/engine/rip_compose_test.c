/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/engine/rip_messages.h"
#include "tests/suite.h"

#include <string.h>

static const struct instant start = {.us = US_PER_S};

/* The next packet that is sent, taken apart down to RIP. */
struct sent {
    struct rip_output out;
    struct ip ip;
    struct udp udp;
    struct rip_message message;
};

static bool next_sent(struct rip *rip, struct sent *sent)
{
    if (!output_of(rip, RIP_OUTPUT_SEND, &sent->out))
        return false;
    ck_assert_int_eq(ip_decode(sent->out.send.packet, &sent->ip).status, CODEC_OK);
    ck_assert_int_eq(udp_decode(sent->ip.payload, &sent->udp).status, CODEC_OK);
    ck_assert_int_eq(rip_decode(sent->udp.payload, &sent->message).status, CODEC_OK);
    ck_assert_uint_eq(ip_payload_checksum(&sent->ip, IP_PROTOCOL_UDP, sent->ip.payload), 0);
    ck_assert_uint_ne(sent->ip.payload.data[6] | sent->ip.payload.data[7], 0);
    ck_assert_uint_eq(sent->ip.ttl, 1);
    ck_assert(addr_equal(sent->ip.source, neighbour(1)));
    ck_assert(addr_equal(sent->ip.destination, sent->out.send.destination));
    ck_assert_uint_eq(sent->udp.source_port, RIP_UDP_PORT);
    return true;
}

/* What is told of a destination; false if nothing. */
static bool told(const struct sent *sent, struct prefix prefix, struct rip_entry *out)
{
    struct span list = sent->message.entries;
    struct prefix of_entry;
    while (rip_entry_next(&list, out))
        if (rip_entry_prefix(out, &of_entry) && prefix_equal(of_entry, prefix))
            return true;
    return false;
}

static void add_local(struct rip *rip, struct prefix prefix, uint8_t metric, uint16_t tag)
{
    rip_input(rip, start,
              &(struct rip_input){
                  .kind = RIP_INPUT_LOCAL,
                  .local = {.add = true, .prefix = prefix, .metric = metric, .tag = tag},
              });
}

static struct message request_of(struct addr from)
{
    struct message message = response_of(from, lan(1), 1);
    struct addr any = addr_ipv4(0, 0, 0, 0);
    message.command = RIP_REQUEST;
    message.entries[0] = (struct rip_entry){.address = any, .next_hop = any, .metric = RIP_INFINITY};
    return message;
}

/* The answer to a request for the whole table, which must be one message. */
static struct sent whole_table(struct rip *rip)
{
    struct sent sent, more;
    drain(rip);
    say(rip, start, request_of(neighbour(20)));
    ck_assert(next_sent(rip, &sent));
    static uint8_t copy[MESSAGE_PACKET_MAX]; /* the packet itself lasts until the next call only */
    memcpy(copy, sent.message.entries.data, sent.message.entries.len);
    sent.message.entries.data = copy;
    ck_assert_int_eq(sent.out.send.reason, RIP_SEND_ANSWER);
    ck_assert(addr_equal(sent.ip.destination, neighbour(20)));
    ck_assert(!next_sent(rip, &more));
    return sent;
}

START_TEST(test_first_words)
{
    struct rip_settings settings = router_settings();
    struct rip *rip = rip_create(&settings, 1, NULL);
    struct sent sent;
    struct rip_entry entry;
    add_local(rip, lan(1), 0, 8);
    rip_input(rip, start, &(struct rip_input){.kind = RIP_INPUT_LINK, .link_up = true});
    ck_assert(next_sent(rip, &sent));
    ck_assert_int_eq(sent.out.send.reason, RIP_SEND_REQUEST);
    ck_assert(rip_asks_for_everything(&sent.message));
    ck_assert(addr_equal(sent.ip.destination, addr_ipv4(224, 0, 0, 9)));
    ck_assert(next_sent(rip, &sent));
    ck_assert_int_eq(sent.out.send.reason, RIP_SEND_REGULAR);
    ck_assert(told(&sent, lan(1), &entry));
    ck_assert_uint_eq(entry.metric, 1);
    ck_assert_uint_eq(entry.tag, 8);
    ck_assert(!next_sent(rip, &sent));
    rip_free(rip);
}
END_TEST

START_TEST(test_an_empty_table_is_not_told)
{
    struct rip_settings settings = router_settings();
    struct rip *rip = rip_create(&settings, 1, NULL);
    struct sent sent;
    rip_input(rip, start, &(struct rip_input){.kind = RIP_INPUT_LINK, .link_up = true});
    ck_assert(next_sent(rip, &sent)); /* the request */
    ck_assert(!next_sent(rip, &sent));
    rip_free(rip);
}
END_TEST

START_TEST(test_split_horizon)
{
    static const struct {
        enum rip_split_horizon mode;
        bool told;
        uint32_t metric;
    } cases[] = {
        {RIP_SPLIT_HORIZON_ON, false, 0},
        {RIP_SPLIT_HORIZON_POISON, true, RIP_INFINITY},
        {RIP_SPLIT_HORIZON_OFF, true, 4},
    };
    for (size_t i = 0; i < 3; i++) {
        struct rip_settings settings = router_settings();
        struct rip_entry entry;
        settings.split_horizon = cases[i].mode;
        struct rip *rip = router_up(settings);
        add_local(rip, lan(2), 7, 0);
        say(rip, start, response_of(neighbour(11), lan(1), 3));
        struct sent sent = whole_table(rip);
        ck_assert(told(&sent, lan(2), &entry));
        ck_assert_uint_eq(entry.metric, 7);
        ck_assert_int_eq(told(&sent, lan(1), &entry), cases[i].told);
        if (cases[i].told)
            ck_assert_uint_eq(entry.metric, cases[i].metric);
        rip_free(rip);
    }
}
END_TEST

START_TEST(test_next_hops)
{
    for (int keep = 0; keep < 2; keep++) {
        struct rip_settings settings = router_settings();
        struct rip_entry entry;
        settings.keep_next_hop = keep;
        struct rip *rip = router_up(settings);
        add_local(rip, lan(2), 1, 0);
        say(rip, start, response_of(neighbour(11), lan(1), 3));
        struct sent sent = whole_table(rip);
        ck_assert(told(&sent, lan(1), &entry));
        ck_assert(addr_equal(entry.next_hop, keep ? neighbour(11) : addr_ipv4(0, 0, 0, 0)));
        ck_assert(told(&sent, lan(2), &entry));
        ck_assert(addr_is_unspecified(entry.next_hop));
        say(rip, start, response_of(neighbour(11), lan(1), 16));
        sent = whole_table(rip);
        ck_assert(told(&sent, lan(1), &entry));
        ck_assert_uint_eq(entry.metric, RIP_INFINITY);
        ck_assert(addr_is_unspecified(entry.next_hop)); /* a dead route has none */
        rip_free(rip);
    }
}
END_TEST

START_TEST(test_summaries_and_default)
{
    struct rip_summary summaries[] = {{prefix_of(addr_ipv4(10, 0, 0, 0), 12), 0},
                                      {prefix_of(addr_ipv4(172, 16, 0, 0), 12), 3}};
    struct prefix inside = prefix_of(addr_ipv4(172, 16, 9, 0), 24),
                  around = prefix_of(addr_ipv4(172, 0, 0, 0), 8);
    struct prefix everything = prefix_of(addr_ipv4(0, 0, 0, 0), 0);
    struct rip_settings settings = router_settings();
    struct rip_entry entry;
    settings.summaries = summaries;
    settings.summary_count = 2;
    settings.originate_default = true;
    struct rip *rip = router_up(settings);
    add_local(rip, inside, 1, 0);
    add_local(rip, around, 1, 0);
    add_local(rip, everything, 9, 0);
    say(rip, start, response_of(neighbour(11), lan(1), 3));
    struct sent sent = whole_table(rip);
    ck_assert_uint_eq(sent.message.entries.len, 4 * RIP_ENTRY_LEN);
    ck_assert(told(&sent, summaries[0].prefix, &entry));
    ck_assert_uint_eq(entry.metric, 1);
    ck_assert(told(&sent, summaries[1].prefix, &entry));
    ck_assert_uint_eq(entry.metric, 3);
    ck_assert(told(&sent, everything, &entry));
    ck_assert_uint_eq(entry.metric, 1);
    ck_assert(told(&sent, around, &entry)); /* longer than no summary */
    rip_free(rip);
}
END_TEST

START_TEST(test_certain_entries)
{
    struct rip_settings settings = router_settings();
    settings.split_horizon = RIP_SPLIT_HORIZON_ON; /* of no matter here (section 3.9.1) */
    struct rip *rip = router_up(settings);
    struct message request = request_of(neighbour(20));
    struct sent sent;
    struct rip_entry entry;
    say(rip, start, response_of(neighbour(11), lan(1), 3));
    drain(rip);
    request.entries[0] = rip_entry_of(lan(1), (struct addr){0}, 1, 0);
    request.entries[1] = rip_entry_of(lan(9), (struct addr){0}, 1, 0);
    request.entries[2] = (struct rip_entry){
        .family = 10, .address = addr_ipv4(0, 0, 0, 0), .next_hop = addr_ipv4(0, 0, 0, 0), .metric = 1};
    request.count = 3;
    request.from_port = 4000; /* a tool that asks */
    say(rip, start, request);
    ck_assert(next_sent(rip, &sent));
    ck_assert_uint_eq(sent.udp.destination_port, 4000);
    ck_assert(addr_equal(sent.ip.destination, neighbour(20)));
    ck_assert_uint_eq(sent.message.entries.len, 3 * RIP_ENTRY_LEN);
    ck_assert(told(&sent, lan(1), &entry));
    ck_assert_uint_eq(entry.metric, 4);
    ck_assert(told(&sent, lan(9), &entry));
    ck_assert_uint_eq(entry.metric, RIP_INFINITY);
    ck_assert(!next_sent(rip, &sent));

    request.count = 0;
    say(rip, start, request);
    ck_assert(!next_sent(rip, &sent)); /* "no response is given" */
    rip_free(rip);
}
END_TEST

START_TEST(test_requests_that_pile_up)
{
    struct rip *rip = router_up(router_settings());
    struct message one = request_of(neighbour(20));
    one.entries[0] = rip_entry_of(lan(1), (struct addr){0}, 1, 0);
    add_local(rip, lan(1), 1, 0);
    for (int i = 0; i < 100; i++) {
        say(rip, start, request_of(neighbour(20)));
        say(rip, start, one);
    }
    ck_assert_uint_gt(rip_ignored_count(rip, RIP_REASON_BUSY), 100);
    struct sent sent;
    size_t answers = 0;
    while (next_sent(rip, &sent))
        answers += sent.out.send.reason == RIP_SEND_ANSWER;
    ck_assert_uint_gt(answers, 1);
    ck_assert_uint_lt(answers, 100);
    rip_free(rip);
}
END_TEST

START_TEST(test_passwords_take_an_entry)
{
    struct rip_settings settings = router_settings();
    settings.password = span_of("secret", 6);
    struct rip *rip = router_up(settings);
    struct sent sent;
    size_t sizes[2] = {0};
    for (uint8_t i = 1; i <= 25; i++)
        add_local(rip, lan(i), 1, 0);
    drain(rip);
    struct instant later = instant_after_s(start, 40);
    rip_input(rip, later, &(struct rip_input){.kind = RIP_INPUT_TIME});
    for (size_t i = 0; i < 2; i++) {
        ck_assert(next_sent(rip, &sent));
        ck_assert(sent.message.has_auth);
        ck_assert_uint_eq(sent.message.auth_type, RIP_AUTH_PASSWORD);
        ck_assert_mem_eq(sent.message.auth_data.data, "secret\0\0\0\0\0\0\0\0\0\0", 16);
        sizes[i] = sent.message.entries.len / RIP_ENTRY_LEN;
    }
    ck_assert_uint_eq(sizes[0], 24);
    ck_assert_uint_eq(sizes[1], 1);
    ck_assert(!next_sent(rip, &sent));
    rip_free(rip);
}
END_TEST

/* A route may be forgotten while an update that has not come to it yet waits to be composed. */
START_TEST(test_a_route_forgotten_in_mid_update)
{
    struct rip *rip = router_up(router_settings());
    struct sent sent;
    for (uint8_t i = 1; i <= 50; i++)
        say(rip, start, response_of(neighbour(11), lan(i), 1));
    for (uint8_t i = 26; i <= 50; i++)
        say(rip, start, response_of(neighbour(11), lan(i), 16));
    drain(rip);
    say(rip, start, request_of(neighbour(20)));
    ck_assert(next_sent(rip, &sent)); /* the first 25; the others are dead */
    rip_input(rip, instant_after_s(start, 120), &(struct rip_input){.kind = RIP_INPUT_TIME});
    ck_assert_uint_eq(rip_route_count(rip), 25);
    while (next_sent(rip, &sent))
        ck_assert_int_ne(sent.out.send.reason, RIP_SEND_ANSWER);
    rip_free(rip);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_first_words,
        test_an_empty_table_is_not_told,
        test_split_horizon,
        test_next_hops,
        test_summaries_and_default,
        test_certain_entries,
        test_requests_that_pile_up,
        test_passwords_take_an_entry,
        test_a_route_forgotten_in_mid_update,
        NULL,
    };
    return suite_run_tests("rip_compose", tests);
}
