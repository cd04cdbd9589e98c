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
#define TOP "story: A test.\nclauses: [DEFACTO test]\nduration_s: 5\n"

static const struct trace silent = {.form = TRACE_FORM_NONE};

static struct scenario *load(const char *text)
{
    char error[SCENARIO_ERROR_MAX];
    struct scenario *scenario = scenario_load(scratch_file("s.yaml", text, strlen(text)), error);
    ck_assert_msg(scenario != NULL, "%s", error);
    return scenario;
}

static struct simulation_result play(const char *text)
{
    char error[SIMULATION_ERROR_MAX];
    struct simulation_result result;
    struct scenario *scenario = load(text);
    ck_assert_msg(simulation_run(scenario, 1, NULL, &silent, NULL, &result, error), "%s", error);
    scenario_free(scenario);
    return result;
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
    struct simulation_result result;
    struct scenario *scenario = load(text);
    const char *path = scratch_path(name);
    struct capture_writer *writer = capture_create(path, NULL, error);
    ck_assert_ptr_nonnull(writer);
    ck_assert(simulation_run(scenario, seed, writer, &silent, NULL, &result, error));
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

START_TEST(a_set_stop_flag_ends_it_at_once)
{
    static const volatile sig_atomic_t stop = 1;
    char error[SIMULATION_ERROR_MAX];
    struct simulation_result result;
    struct scenario *scenario = load(TOP "nodes:\n" HUB SPOKE);
    ck_assert(simulation_run(scenario, 1, NULL, &silent, &stop, &result, error));
    ck_assert_uint_eq(result.packets, 0);
    scenario_free(scenario);
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
    tcase_add_test(cases, a_set_stop_flag_ends_it_at_once);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
