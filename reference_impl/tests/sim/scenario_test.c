/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loading scenarios: what is configured arrives; what contradicts itself is refused with its line. */
#include "drivers/sim/scenario.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/files/scratch.h"

/* A good scenario, line by line; a test replaces one line, or adds to it. */
static const char *const good[] = {
    "story: A test.",                                            /* 1 */
    "phase: 2",                                                  /* 2 */
    "clauses: [RFC2332 §5.2.3, DRAFT §4.3]",                     /* 3 */
    "duration_s: 10",                                            /* 4 */
    "underlay: {delay_ms: 10, jitter_ms: 2, loss_percent: 0.5}", /* 5 */
    "links:",                                                    /* 6 */
    "  - {between: [hub, s1], delay_ms: 3}",                     /* 7 */
    "nodes:",                                                    /* 8 */
    "  - name: hub",                                             /* 9 */
    "    role: hub",                                             /* 10 */
    "    nbma: 192.0.2.1",                                       /* 11 */
    "    tunnel: {address: 10.255.0.1/24, mode: multipoint}",    /* 12 */
    "  - name: s1",                                              /* 13 */
    "    role: spoke",                                           /* 14 */
    "    nbma: 192.0.2.11",                                      /* 15 */
    "    start_ms: 50",                                          /* 16 */
    "    tunnel:",                                               /* 17 */
    "      address: 10.255.0.11/24",                             /* 18 */
    "      mode: multipoint",                                    /* 19 */
    "      key: 0",                                              /* 20 */
    "    nhrp:",                                                 /* 21 */
    "      hold_s: 90",                                          /* 22 */
    "      authentication: secret",                              /* 23 */
    "      nhs: [{protocol: 10.255.0.1, nbma: 192.0.2.1}]",      /* 24 */
    "    routes:",                                               /* 25 */
    "      - {to: 10.1.0.0/16, via: 10.255.0.1}",                /* 26 */
    "    lans:",                                                 /* 27 */
    "      - prefix: 10.1.1.0/24",                               /* 28 */
    "        hosts: [{name: alice, address: 10.1.1.10}]",        /* 29 */
    "events:",                                                   /* 30 */
    "  - at_ms: 2000",                                           /* 31 */
    "    ping: {from: alice, to: hub, count: 3}",                /* 32 */
    "title: A title",                                            /* 33 */
};

static const char *write_with(unsigned line, const char *instead)
{
    char text[8192] = "";
    for (unsigned i = 1; i <= sizeof good / sizeof good[0]; i++) {
        strcat(text, i == line ? instead : good[i - 1]);
        strcat(text, "\n");
    }
    return scratch_file("s.yaml", text, strlen(text));
}

START_TEST(what_is_configured_arrives)
{
    char error[SCENARIO_ERROR_MAX], text[PREFIX_TEXT_MAX];
    struct scenario *s = scenario_load(write_with(0, ""), error);
    ck_assert_msg(s != NULL, "%s", error);
    ck_assert_str_eq(s->title, "A title");
    ck_assert_str_eq(s->story, "A test.");
    ck_assert_uint_eq(s->phase, 2);
    ck_assert_uint_eq(s->clause_count, 2);
    ck_assert_str_eq(s->clauses[1], "DRAFT §4.3");
    ck_assert_int_eq(s->end.us, 10 * US_PER_S);
    ck_assert_int_eq(s->underlay.delay_us, 10000);
    ck_assert_int_eq(s->underlay.jitter_us, 2000);
    ck_assert_uint_eq(s->underlay.loss, 5000);
    ck_assert_uint_eq(s->link_count, 1);
    ck_assert_uint_eq(s->links[0].ends[0], 0);
    ck_assert_uint_eq(s->links[0].ends[1], 1);
    ck_assert_int_eq(s->links[0].config.delay_us, 3000);

    ck_assert_uint_eq(s->node_count, 2);
    const struct node_config *hub = &s->nodes[0].config;
    ck_assert(!hub->tunnel.has_key);
    ck_assert_uint_eq(hub->hold_s, 600);
    ck_assert_uint_eq(hub->tunnel.ttl, 255);
    ck_assert_str_eq(hub->password, "");
    const struct node_config *s1 = &s->nodes[1].config;
    ck_assert_str_eq(s1->name, "s1");
    ck_assert_int_eq(s->nodes[1].start.us, 50000);
    ck_assert(s1->tunnel.has_key);
    ck_assert_uint_eq(s1->tunnel.key, 0);
    ck_assert_str_eq(addr_format(s1->tunnel.nbma, text), "192.0.2.11");
    ck_assert_str_eq(addr_format(s1->protocol, text), "10.255.0.11");
    ck_assert_uint_eq(s1->protocol_len, 24);
    ck_assert_uint_eq(s1->hold_s, 90);
    ck_assert_str_eq(s1->password, "secret");
    ck_assert_uint_eq(s1->nhs_count, 1);
    ck_assert_str_eq(addr_format(s1->nhs[0].nbma, text), "192.0.2.1");
    ck_assert_uint_eq(s1->route_count, 2);
    ck_assert_str_eq(prefix_format(s1->routes[0].prefix, text), "10.1.1.0/24");
    ck_assert(addr_is_none(s1->routes[0].via));
    ck_assert_str_eq(prefix_format(s1->routes[1].prefix, text), "10.1.0.0/16");
    ck_assert_str_eq(addr_format(s1->routes[1].via, text), "10.255.0.1");

    ck_assert_uint_eq(s->host_count, 3);
    ck_assert_str_eq(s->hosts[2].name, "alice");
    ck_assert_uint_eq(s->hosts[2].node, 1);
    ck_assert_uint_eq(s->event_count, 1);
    ck_assert_uint_eq(s->events[0].ping.from, 2);
    ck_assert_uint_eq(s->events[0].ping.count, 3);
    ck_assert_int_eq(s->events[0].ping.interval_us, US_PER_S);
    ck_assert(addr_equal(s->events[0].ping.to, hub->protocol));
    scenario_free(s);
}
END_TEST

static const struct {
    unsigned line;
    const char *instead;
    const char *error; /* after "FILE:" */
} bad[] = {
    {2, "phase: 4", "2: phase: 4 is none of 1, 2, 3"},
    {3, "clauses: [\n  RFC2332 §1,\n  ISO 9000]",
     "5: clauses: 'ISO 9000' does not begin with RFC, DRAFT or DEFACTO"},
    {4, "duration_s: 0", "4: duration_s: nothing happens in 0 s"},
    {4, "", "1: file: key 'duration_s' is missing"},
    {5, "underlay: {loss_percent: 101}", "5: loss_percent: 101 is not from 0 to 100"},
    {5, "underlay: {los_percent: 1}",
     "5: unknown key 'los_percent'; known here: delay_ms, jitter_ms, loss_percent, duplicate_percent, "
     "reorder_percent, reorder_ms, mtu_octets"},
    {5, "underlay: {mtu_octets: 575}", "5: mtu_octets: below 576"},
    {5, "router: '2001:db8::1'", "5: router: must be an IPv4 address here"},
    {5, "nats: [{name: n}]", "5: nats: 'n' needs one of 'outside' and 'static'"},
    {5, "spokes: 3", "5: spokes: 'spoke' describes them, and 'spokes' says how many; one needs the other"},
    {16, "    behind: n", "15: behind: there is no NAT 'n'"},
    {7, "  - {between: [hub, s9], delay_ms: 3}", "7: between: there is no node 's9'"},
    {7, "  - {between: [hub, hub], delay_ms: 3}", "7: between: 'hub' needs no link to itself"},
    {7, "  - {between: [hub, s1]}\n  - {between: [s1, hub]}",
     "8: between: 's1' and 'hub' have a link already"},
    {9, "  - name: hub 1", "9: name: 'hub 1' has other characters than letters, digits, '-', '_' and '.'"},
    {9, "  - name: 10.0.0.1", "9: name: '10.0.0.1' is an address"},
    {10, "    role: boss", "10: role: 'boss' is none of: hub, spoke"},
    {11, "    nbma: 192.0.2", "11: nbma: '192.0.2' is no address of one machine"},
    {11, "    nbma: 224.0.0.1", "11: nbma: '224.0.0.1' is no address of one machine"},
    {12, "    tunnel: {address: 10.255.0.1, mode: multipoint}",
     "12: address: '10.255.0.1' is not an address with a prefix length, as in 10.255.0.1/24"},
    {12, "    tunnel: {address: 10.255.0.1/33, mode: multipoint}",
     "12: address: '10.255.0.1/33' is not an address with a prefix length, as in 10.255.0.1/24"},
    {12, "    tunnel: {address: 10.255.0.1/24, mode: point-to-point}",
     "12: tunnel: a point-to-point tunnel needs a 'destination'"},
    {12, "    tunnel: {address: 10.255.0.1/24, mode: multipoint, destination: 192.0.2.9}",
     "12: tunnel: a multipoint tunnel has no 'destination'"},
    {12, "    tunnel: {address: 10.255.0.1/24, mode: point-to-point, destination: '2001:db8::1'}",
     "12: destination: must be an IPv4 address here"},
    {13, "  - name: hub", "13: name: 'hub' is taken already"},
    {15, "    nbma: 192.0.2.1", "15: nbma: 192.0.2.1 is the address of 'hub'"},
    {20, "      key: 4294967296", "20: key: 4294967296 is out of range (0 to 4294967295)"},
    {22, "      hold_s: 0", "22: hold_s: a holding time of 0 s registers nothing"},
    {22, "      hold_s: 65536", "22: hold_s: 65536 is out of range (0 to 65535)"},
    {23, "      authentication: ninechars", "23: authentication: longer than 8 characters"},
    {23, "      keys: [{spi: 256, secret: s}]\n      authentication: key",
     "23: keys: not beside 'authentication'; a node has the one form or the other"},
    {22, "      addresses: [{address: '2001:db8::1'}]", "22: address: must be an IPv4 address here"},
    {22, "      admission: {nbmas: [192.0.2.1/24]}",
     "22: nbmas: '192.0.2.1/24' is no prefix, as in 10.1.0.0/16, with all bits after its length zero"},
    {16, "    rip: {mode: best}",
     "16: mode: 'best' is none of: off, spoke, default-route, next-hop-kept, summary"},
    {24, "", "21: nhrp: a spoke needs at least one 'nhs' to register with"},
    {24, "      nhs: [{protocol: '2001:db8::1', nbma: 192.0.2.1}]",
     "24: protocol: must be an IPv4 address here"},
    {26, "      - {to: 10.1.0.1/16, via: 10.255.0.1}",
     "26: to: '10.1.0.1/16' is no prefix, as in 10.1.0.0/16, with all bits after its length zero"},
    {26, "      - {to: 10.1.0.0/16, via: hub}", "26: via: 'hub' is no address of one machine"},
    {29, "        hosts: [{name: alice, address: 10.1.2.10}]",
     "29: address: 10.1.2.10 is not in 10.1.1.0/24"},
    {29, "        hosts: [{name: s1, address: 10.1.1.10}]", "29: name: 's1' is taken already"},
    {31, "  - at_ms: 10000", "31: at_ms: 10000 ms is after the end, 10 s"},
    {32, "", "31: events: nothing happens; 'ping', 'stop', 'send' or the like is missing"},
    {32, "    ping: {from: carol, to: hub}", "32: from: there is no host or node 'carol'"},
    {32, "    ping: {from: alice, to: carol}", "32: to: 'carol' is no host, no node and no address"},
    {32, "    ping: {from: alice, to: '2001:db8::1'}",
     "32: to: 'alice' and '2001:db8::1' are not of one address family"},
    {32, "    ping: {from: alice, to: hub, data_octets: 65001}", "32: data_octets: more than 65000"},
    {32, "    ping: {from: alice, to: hub, counts: 2}",
     "32: unknown key 'counts'; known here: from, to, count, interval_ms, data_octets"},
};

START_TEST(contradictions_are_refused)
{
    char error[SCENARIO_ERROR_MAX], expected[SCENARIO_ERROR_MAX];
    const char *path = write_with(bad[_i].line, bad[_i].instead);
    ck_assert_ptr_null(scenario_load(path, error));
    snprintf(expected, sizeof expected, "%s:%s", path, bad[_i].error);
    ck_assert_str_eq(error, expected);
}
END_TEST

START_TEST(an_address_may_be_pinged_that_nobody_has)
{
    char error[SCENARIO_ERROR_MAX];
    struct scenario *s = scenario_load(write_with(32, "    ping: {from: hub, to: 10.9.9.9}"), error);
    ck_assert_msg(s != NULL, "%s", error);
    ck_assert_uint_eq(s->events[0].ping.from, 0);
    ck_assert_uint_eq(s->events[0].ping.count, 1);
    scenario_free(s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario");
    TCase *cases = tcase_create("loading");
    tcase_add_checked_fixture(cases, scratch_make, scratch_remove);
    tcase_add_test(cases, what_is_configured_arrives);
    tcase_add_loop_test(cases, contradictions_are_refused, 0, sizeof bad / sizeof bad[0]);
    tcase_add_test(cases, an_address_may_be_pinged_that_nobody_has);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
