/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Playing scenarios: pings arrive, runs repeat, nothing hangs when nobody answers. */
#include "drivers/sim/simulation.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/files/scratch.h"

#define HUB                                                                                             \
    "  - {name: hub, role: hub, nbma: 192.0.2.1, tunnel: {address: 10.255.0.1/24, mode: multipoint},\n" \
    "     nhrp: {hold_s: 60}, lans: [{prefix: 10.1.0.0/24, hosts: [{name: server, address: 10.1.0.10}]}]}\n"
#define SPOKE                                                                                              \
    "  - {name: s1, role: spoke, nbma: 192.0.2.11, start_ms: 20, tunnel: {address: 10.255.0.11/24, mode: " \
    "multipoint},\n"                                                                                       \
    "     nhrp: {hold_s: 60, nhs: [{protocol: 10.255.0.1, nbma: 192.0.2.1}]},\n"                           \
    "     routes: [{to: 10.1.0.0/24, via: 10.255.0.1}]}\n"
#define TOP "title: A title\nstory: A test.\nclauses: [DEFACTO test]\nduration_s: 5\n"

static const struct trace silent = {.form = TRACE_FORM_NONE};

static struct scenario *load(const char *text)
{
    char error[SCENARIO_ERROR_MAX];
    struct scenario *scenario = scenario_load(scratch_file("s.yaml", text, strlen(text)), error);
    ck_assert_msg(scenario != NULL, "%s", error);
    return scenario;
}

static struct simulation_result play_scenario(const struct scenario *scenario, uint64_t seed,
                                              struct capture_writer *writer, size_t missed)
{
    char error[SIMULATION_ERROR_MAX];
    char *said = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&said, &len);
    struct simulation *simulation = simulation_create(scenario, seed, writer, &silent, error);
    ck_assert_ptr_nonnull(simulation);
    ck_assert_msg(simulation_play(simulation, INSTANT_NEVER), "%s", error);
    struct simulation_result result = simulation_result(simulation);
    size_t found = simulation_judge(simulation, scratch_path("s.yaml"), out);
    fclose(out);
    ck_assert_msg(found == missed, "%zu missed:\n%s", found, said);
    free(said);
    simulation_free(simulation);
    return result;
}

/* Plays, and demands that so many expectations are not met. */
static struct simulation_result play_missing(const char *text, size_t missed)
{
    struct scenario *scenario = load(text);
    struct simulation_result result = play_scenario(scenario, 1, NULL, missed);
    scenario_free(scenario);
    return result;
}

static struct simulation_result play(const char *text)
{
    return play_missing(text, 0);
}

START_TEST(pings_between_a_spoke_and_a_host_of_the_hub)
{
    struct simulation_result result =
        play(TOP "nodes:\n" HUB SPOKE "events:\n"
                 "  - {at_ms: 1000, ping: {from: s1, to: server, count: 3, interval_ms: 100}}\n"
                 "  - {at_ms: 1000, ping: {from: server, to: s1, count: 2, interval_ms: 100}}\n");
    ck_assert_uint_eq(result.pings_sent, 5);
    ck_assert_uint_eq(result.pings_answered, 5);
    ck_assert_uint_eq(result.packets, 2 + 2 * 5); /* a registration and its reply, five pings and theirs */
}
END_TEST

START_TEST(nobody_at_the_other_end)
{
    /* The hub is not there: registrations are repeated into the void, and pings stay unanswered. */
    struct simulation_result result =
        play(TOP "nodes:\n" SPOKE "events:\n  - {at_ms: 1000, ping: {from: s1, to: 10.1.0.10, count: 2}}\n");
    ck_assert_uint_eq(result.pings_sent, 2);
    ck_assert_uint_eq(result.pings_answered, 0);
    ck_assert_uint_ge(result.packets, 2);
}
END_TEST

START_TEST(a_host_that_does_not_exist)
{
    struct simulation_result result =
        play(TOP "nodes:\n" HUB SPOKE "events:\n  - {at_ms: 1000, ping: {from: s1, to: 10.1.0.99}}\n");
    ck_assert_uint_eq(result.pings_sent, 1);
    ck_assert_uint_eq(result.pings_answered, 0);
}
END_TEST

START_TEST(a_node_that_is_not_switched_on_yet)
{
    /* The first registrations find a dead hub; one of the repeated ones succeeds. */
    struct simulation_result result =
        play(TOP "nodes:\n"
                 "  - {name: hub, role: hub, nbma: 192.0.2.1, start_ms: 2500,\n"
                 "     tunnel: {address: 10.255.0.1/24, mode: multipoint}}\n" SPOKE
                 "events:\n  - {at_ms: 4500, ping: {from: hub, to: s1}}\n");
    ck_assert_uint_eq(result.pings_answered, 1);
}
END_TEST

START_TEST(a_duplicated_reply_counts_once)
{
    struct simulation_result result =
        play(TOP "underlay: {duplicate_percent: 100}\nnodes:\n" HUB SPOKE
                 "events:\n  - {at_ms: 1000, ping: {from: s1, to: server, count: 2}}\n");
    ck_assert_uint_eq(result.pings_answered, 2);
}
END_TEST

static size_t run_to_file(const char *text, uint64_t seed, const char *name, uint8_t *buf, size_t cap)
{
    char error[CAPTURE_ERROR_MAX];
    struct scenario *scenario = load(text);
    const char *path = scratch_path(name);
    struct capture_writer *writer = capture_create(path, NULL, error);
    ck_assert_ptr_nonnull(writer);
    play_scenario(scenario, seed, writer, 0);
    ck_assert(capture_finish(writer, error));
    scenario_free(scenario);
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    size_t len = fread(buf, 1, cap, file);
    fclose(file);
    return len;
}

START_TEST(runs_repeat_octet_for_octet)
{
    static const char text[] =
        TOP "underlay: {delay_ms: 10, jitter_ms: 9, loss_percent: 20}\nnodes:\n" HUB SPOKE
            "events:\n  - {at_ms: 1000, ping: {from: s1, to: server, count: 20, interval_ms: 50}}\n";
    static uint8_t runs[3][65536];
    size_t lens[3];
    for (unsigned i = 0; i < 3; i++)
        lens[i] = run_to_file(text, i < 2 ? 7 : 8, "out.pcapng", runs[i], sizeof runs[i]);
    ck_assert_uint_gt(lens[0], 1000);
    ck_assert_uint_eq(lens[0], lens[1]);
    ck_assert_mem_eq(runs[0], runs[1], lens[0]);
    ck_assert(lens[2] != lens[0] || memcmp(runs[2], runs[0], lens[0]) != 0);
}
END_TEST

START_TEST(slices_give_the_same_as_one_go)
{
    char error[SIMULATION_ERROR_MAX];
    struct scenario *scenario =
        load(TOP "nodes:\n" HUB SPOKE "events:\n  - {at_ms: 1000, ping: {from: s1, to: server, count: 3}}\n");
    struct simulation *simulation = simulation_create(scenario, 1, NULL, &silent, error);
    ck_assert_ptr_nonnull(simulation);
    ck_assert(simulation_play(simulation, (struct instant){.us = 500 * US_PER_MS}));
    ck_assert_uint_eq(simulation_result(simulation).pings_sent, 0);
    for (int64_t at_ms = 500; at_ms <= 9000; at_ms += 250)
        ck_assert(simulation_play(simulation, (struct instant){.us = at_ms * US_PER_MS}));
    struct simulation_result sliced = simulation_result(simulation);
    struct simulation_result whole = play_scenario(scenario, 1, NULL, 0);
    ck_assert_uint_eq(sliced.packets, whole.packets);
    ck_assert_uint_eq(sliced.pings_answered, 3);
    simulation_free(simulation);
    scenario_free(scenario);
}
END_TEST

/* ---- what happens to nodes ---- */

START_TEST(a_crash_and_a_start)
{
    /* Every second ping at the instants 0.5, 1.5, 2.5, ... finds the spoke alive. */
    struct simulation_result result =
        play(TOP "nodes:\n" HUB SPOKE "events:\n"
                 "  - {at_ms: 500, ping: {from: server, to: s1, count: 4}}\n"
                 "  - {at_ms: 1000, crash: s1}\n"
                 "  - {at_ms: 2000, start: s1}\n"
                 "  - {at_ms: 3000, crash: s1}\n"
                 "expect:\n"
                 "  - {trace: {node: s1, event: registered}, count: 2}\n"
                 "  - {trace: {node: s1, event: sends, reason: purge}, count: 0}\n"
                 "  - {binding: {node: s1, protocol: 10.255.0.1}, count: 0}\n"
                 "  - {binding: {node: s1, protocol: 10.255.0.1}, at_ms: 2500}\n"
                 "  - {binding: {node: hub, protocol: 10.255.0.11, nbma: 192.0.2.11}}\n"
                 "  - {pings: {from: server, to: s1}, count: 2}\n");
    ck_assert_uint_eq(result.pings_answered, 2);
}
END_TEST

START_TEST(a_stop_purges_and_request_ids_go_on)
{
    play(TOP "nodes:\n" HUB SPOKE "events:\n"
             "  - {at_ms: 1000, stop: s1}\n"
             "  - {at_ms: 2000, start: s1}\n"
             "expect:\n"
             "  - {packets: {from: s1, to: hub, reason: purge}, count: 1}\n"
             "  - {trace: {node: hub, event: binding-purged}, count: 1}\n"
             "  - {trace: {node: s1, event: registered}, count: 2}\n");
}
END_TEST

START_TEST(a_new_address)
{
    play(TOP "nodes:\n" HUB SPOKE "events:\n"
             "  - {at_ms: 1000, address: {node: s1, nbma: 192.0.2.77}}\n"
             "  - {at_ms: 2000, ping: {from: server, to: s1}}\n"
             "expect:\n"
             "  - {binding: {node: hub, protocol: 10.255.0.11, nbma: 192.0.2.77}}\n"
             "  - {binding: {node: hub, protocol: 10.255.0.11, nbma: 192.0.2.11}, count: 0}\n"
             "  - {pings: {}, count: 1}\n");
}
END_TEST

START_TEST(an_outage_a_route_and_a_clock)
{
    play(TOP "nodes:\n" HUB SPOKE "events:\n"
             "  - {at_ms: 1000, down: s1}\n"
             "  - {at_ms: 1500, ping: {from: s1, to: server}}\n"
             "  - {at_ms: 2000, up: s1}\n"
             "  - {at_ms: 2500, ping: {from: s1, to: server}}\n"
             "  - {at_ms: 3000, route: {node: s1, remove: 10.1.0.0/24}}\n"
             "  - {at_ms: 3100, ping: {from: s1, to: server}}\n"
             "  - {at_ms: 3200, route: {node: s1, add: 10.1.0.0/16, via: 10.255.0.1}}\n"
             "  - {at_ms: 3300, ping: {from: s1, to: server}}\n"
             "  - {at_ms: 4000, clock: {node: hub, ahead_s: 61}}\n"
             "expect:\n"
             "  - {trace: {node: s1, reason: link-down}, at_least: 1}\n"
             "  - {trace: {node: s1, reason: no-route}, count: 1}\n"
             "  - {pings: {from: s1, to: server}, count: 2}\n"
             "  - {trace: {node: hub, event: binding-expired}, at_ms: 3999, count: 0}\n"
             "  - {trace: {node: hub, event: binding-expired}, count: 1}\n");
}
END_TEST

START_TEST(a_link_that_changes)
{
    struct simulation_result result =
        play(TOP "links: [{between: [hub, s1], delay_ms: 1}]\nnodes:\n" HUB SPOKE "events:\n"
                 "  - {at_ms: 1000, link: {between: [s1, hub], loss_percent: 100}}\n"
                 "  - {at_ms: 1500, ping: {from: s1, to: server}}\n"
                 "  - {at_ms: 2000, link: {between: [s1, hub]}}\n"
                 "  - {at_ms: 2500, ping: {from: s1, to: server}}\n"
                 "expect: [{trace: {event: lost}, count: 1}]\n");
    ck_assert_uint_eq(result.pings_answered, 1);
}
END_TEST

START_TEST(a_scripted_peer)
{
    play(TOP
         "peers: [{name: rogue, nbma: 192.0.2.66}]\nnodes:\n" HUB SPOKE "events:\n"
         "  - at_ms: 1000\n"
         "    send:\n"
         "      {from: rogue, to: hub, why: registers, clause: RFC2332 §5.2.3,\n"
         "       nhrp: {type: registration-request, flags: 0x8002, request_id: 5, source: 10.255.0.66,\n"
         "              destination: 10.255.0.1, cies: [{prefix_len: 255, mtu: 1400, hold_s: 60}],\n"
         "              extensions: [{type: 3}, {type: 7, password: secret}, {type: 9, optional: true}]}}\n"
         "  - at_ms: 2000\n"
         "    send:\n"
         "      {from: rogue, to: hub, why: sends what nobody can read, clause: RFC2332 §5.1,\n"
         "       nhrp: {type: registration-request, source: 10.255.0.66, cies: [{}]},\n"
         "       patches: [{at: 10, hex: ffff}]}\n"
         "  - at_ms: 3000\n"
         "    send: {from: rogue, to: 192.0.2.1, key: 7, why: uses a key, clause: RFC2890,\n"
         "           payload: {protocol: 0x800, hex: 45 00}}\n"
         "expect:\n"
         "  - {binding: {node: hub, protocol: 10.255.0.66, nbma: 192.0.2.66}}\n"
         "  - {packets: {from: rogue, to: hub, reason: scripted}, count: 3}\n"
         "  - {packets: {from: hub, to: rogue, reason: registration-reply}, count: 1}\n"
         "  - {trace: {node: hub, reason: nhrp-malformed}, count: 1}\n"
         "  - {trace: {node: hub, reason: gre-key}, count: 1}\n");
}
END_TEST

/* ---- the underlay ---- */

#define TWO_BEHIND                                                               \
    "nats: [{name: box, outside: 203.0.113.1}]\nnodes:\n" HUB                    \
    "  - {name: a, role: spoke, nbma: 192.168.1.2, behind: box, start_ms: 20,\n" \
    "     tunnel: {address: 10.255.0.11/24, mode: multipoint},\n"                \
    "     nhrp: {hold_s: 60, nhs: [{protocol: 10.255.0.1, nbma: 192.0.2.1}]}}\n"

START_TEST(a_spoke_behind_a_nat)
{
    play(TOP TWO_BEHIND "events:\n  - {at_ms: 1000, ping: {from: hub, to: a, count: 3}}\n"
                        "expect:\n"
                        "  - {binding: {node: hub, protocol: 10.255.0.11, nbma: 203.0.113.1}}\n"
                        "  - {pings: {from: hub, to: a}, count: 3}\n");
}
END_TEST

START_TEST(what_a_nat_does_not_know)
{
    /* Nobody behind the box has spoken to the rogue, so nothing gets in. */
    play(TOP "peers: [{name: rogue, nbma: 192.0.2.66}]\n" TWO_BEHIND "events:\n"
             "  - {at_ms: 1000, send: {from: rogue, to: 203.0.113.1, why: knocks, clause: RFC2784,\n"
             "                         payload: {protocol: 0x800, hex: '45'}}}\n"
             "expect:\n"
             "  - {trace: {node: rogue, event: unreachable}, count: 1}\n"
             "  - {trace: {node: a, event: dropped}, count: 0}\n");
}
END_TEST

START_TEST(a_big_packet_is_split_and_put_together)
{
    struct simulation_result result =
        play(TOP "underlay: {mtu_octets: 1000, delay_ms: 1, jitter_ms: 5}\nnodes:\n" HUB SPOKE
                 "events:\n  - {at_ms: 1000, ping: {from: s1, to: server, count: 4, data_octets: 1300}}\n"
                 "expect: [{trace: {event: split}, count: 8}]\n");
    ck_assert_uint_eq(result.pings_answered, 4);
    ck_assert_uint_eq(result.packets, 2 + 4 * 2 * 2);
}
END_TEST

START_TEST(a_big_packet_that_may_not_be_split)
{
    play(TOP "underlay: {mtu_octets: 1280}\nnodes:\n"
             "  - {name: hub, role: hub, nbma: '2001:db8::1', tunnel: {address: 10.255.0.1/24, mode: "
             "multipoint}}\n"
             "  - {name: s1, role: spoke, nbma: '2001:db8::11', start_ms: 20,\n"
             "     tunnel: {address: 10.255.0.11/24, mode: multipoint},\n"
             "     nhrp: {nhs: [{protocol: 10.255.0.1, nbma: '2001:db8::1'}]}}\n"
             "events:\n  - {at_ms: 1000, ping: {from: s1, to: hub, data_octets: 1300}}\n"
             "expect:\n"
             "  - {trace: {node: s1, event: too-big}, count: 1}\n"
             "  - {packets: {to: s1, reason: too-big-report}, count: 1}\n"
             "  - {pings: {}, count: 0}\n");
}
END_TEST

START_TEST(associations_come_and_are_replaced)
{
    /* The spoke restarts without its keys: it asks for new ones, and the hub's old ones go. */
    static const char text[] =
        "title: T\nstory: S\nclauses: [DEFACTO]\nduration_s: 20\nipsec: {algorithm: aes-128-gcm}\n"
        "nodes:\n" HUB SPOKE "events:\n"
        "  - {at_ms: 3000, ping: {from: server, to: s1}}\n"
        "  - {at_ms: 5000, crash: s1}\n"
        "  - {at_ms: 8000, start: s1}\n"
        "  - {at_ms: 12000, ping: {from: server, to: s1}}\n"
        "expect:\n"
        "  - {trace: {node: s1, event: sa-asked-for}, at_least: 2}\n"
        "  - {pings: {}, count: 2}\n"
        "  - {trace: {node: s1, reason: esp}, count: 0}\n";
    char error[SIMULATION_ERROR_MAX];
    struct scenario *scenario = load(text);
    struct simulation *simulation = simulation_create(scenario, 1, NULL, &silent, error);
    ck_assert(simulation_play(simulation, (struct instant){0}));
    ck_assert_ptr_null(simulation_keys(simulation));
    ck_assert(simulation_play(simulation, INSTANT_NEVER));
    unsigned lines = 0;
    for (const char *c = simulation_keys(simulation); *c; c++)
        lines += *c == '\n';
    ck_assert_uint_eq(lines, 4); /* two pairs, a line for each direction */
    ck_assert_uint_eq(simulation_judge(simulation, scratch_path("s.yaml"), stderr), 0);
    simulation_free(simulation);
    scenario_free(scenario);
}
END_TEST

/* ---- expectations ---- */

START_TEST(expectations_that_are_missed)
{
    play_missing(TOP "nodes:\n" HUB SPOKE "events:\n  - {at_ms: 1000, ping: {from: s1, to: server}}\n"
                     "expect:\n"
                     "  - {pings: {from: s1, to: server}, count: 2}\n"
                     "  - {pings: {from: server, to: s1}}\n"
                     "  - {pings: {from: s1}, at_most: 0}\n"
                     "  - {trace: {node: hub, event: binding-expired}}\n"
                     "  - {trace: {node: hub, event: binding-added}, at_ms: 10}\n"
                     "  - {trace: {node: s1, event: registered, number: 61}}\n"
                     "  - {packets: {from: s1, to: hub, reason: registration}, count: 0}\n"
                     "  - {binding: {node: hub, protocol: 10.255.0.12}}\n"
                     "  - {shortcut: {node: hub, prefix: 10.1.1.0/24}}\n",
                 9);
}
END_TEST

START_TEST(an_expectation_that_is_missed_names_its_line)
{
    char error[SIMULATION_ERROR_MAX], expected[256];
    char *said = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&said, &len);
    struct scenario *scenario =
        load("expect:\n  - {pings: {}, at_least: 2, at_most: 3}\n" TOP "nodes:\n" HUB);
    struct simulation *simulation = simulation_create(scenario, 1, NULL, &silent, error);
    ck_assert(simulation_play(simulation, INSTANT_NEVER));
    ck_assert_uint_eq(simulation_judge(simulation, scratch_path("s.yaml"), out), 1);
    fclose(out);
    snprintf(expected, sizeof expected, "%s:2: expect: from 2 to 3 answered pings, found 0\n",
             scratch_path("s.yaml"));
    ck_assert_str_eq(said, expected);
    free(said);
    simulation_free(simulation);
    scenario_free(scenario);
}
END_TEST

START_TEST(spokes_by_the_number)
{
    struct simulation_result result = play(
        "title: T\nstory: S\nclauses: [DEFACTO]\nduration_s: 5\nnodes:\n"
        "  - {name: hub, role: hub, nbma: 192.0.2.1, tunnel: {address: 10.128.0.1/9, mode: multipoint},\n"
        "     routes: [{to: 10.0.0.0/24, via: 10.128.1.1, count: 300}]}\n"
        "spokes: 300\n"
        "spoke:\n"
        "  {name: s, role: spoke, nbma: 100.64.0.1, start_step_ms: 3,\n"
        "   tunnel: {address: 10.128.1.1/9, mode: multipoint},\n"
        "   nhrp: {nhs: [{protocol: 10.128.0.1, nbma: 192.0.2.1}]},\n"
        "   routes: [{to: 10.0.0.0/8, via: 10.128.0.1}],\n"
        "   lans: [{prefix: 10.0.0.0/24, hosts: [{name: h, address: 10.0.0.10}]}]}\n"
        "events:\n"
        "  - {at_ms: 2000, ping: {from: h1, to: h300}}\n"
        "  - {at_ms: 2000, ping: {from: h256, to: s257}}\n"
        "expect:\n"
        "  - {binding: {node: hub, protocol: 10.128.2.44, nbma: 100.64.1.44}}\n"
        "  - {trace: {event: registered}, count: 300}\n");
    ck_assert_uint_eq(result.pings_answered, 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("simulation");
    TCase *cases = tcase_create("playing");
    tcase_add_checked_fixture(cases, scratch_make, scratch_remove);
    tcase_add_test(cases, pings_between_a_spoke_and_a_host_of_the_hub);
    tcase_add_test(cases, nobody_at_the_other_end);
    tcase_add_test(cases, a_host_that_does_not_exist);
    tcase_add_test(cases, a_node_that_is_not_switched_on_yet);
    tcase_add_test(cases, a_duplicated_reply_counts_once);
    tcase_add_test(cases, runs_repeat_octet_for_octet);
    tcase_add_test(cases, slices_give_the_same_as_one_go);
    tcase_add_test(cases, a_crash_and_a_start);
    tcase_add_test(cases, a_stop_purges_and_request_ids_go_on);
    tcase_add_test(cases, a_new_address);
    tcase_add_test(cases, an_outage_a_route_and_a_clock);
    tcase_add_test(cases, a_link_that_changes);
    tcase_add_test(cases, a_scripted_peer);
    tcase_add_test(cases, a_spoke_behind_a_nat);
    tcase_add_test(cases, what_a_nat_does_not_know);
    tcase_add_test(cases, a_big_packet_is_split_and_put_together);
    tcase_add_test(cases, a_big_packet_that_may_not_be_split);
    tcase_add_test(cases, associations_come_and_are_replaced);
    tcase_add_test(cases, expectations_that_are_missed);
    tcase_add_test(cases, an_expectation_that_is_missed_names_its_line);
    tcase_add_test(cases, spokes_by_the_number);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
