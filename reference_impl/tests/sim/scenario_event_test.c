/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events, scripted packets, expectations and templates: taken over, or refused with their line. */
#include "drivers/sim/scenario.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/nhrp_cie.h"
#include "codec/nhrp_ext.h"
#include "codec/packet.h"
#include "drivers/sim/scenario_load.h"
#include "tests/files/scratch.h"

/* Lines 1 to 14 hold; what a test adds comes behind them. */
#define BASE                                                                                         \
    "title: T\nstory: S\nclauses: [DEFACTO]\nduration_s: 10\n"                                       \
    "nodes:\n"                                                                                       \
    "  - name: hub\n    role: hub\n    nbma: 192.0.2.1\n    tunnel: {address: 10.255.0.1/24, mode: " \
    "multipoint}\n"                                                                                  \
    "  - name: hub6\n    role: hub\n    nbma: '2001:db8::1'\n"                                       \
    "    tunnel: {address: 'fd00::1/64', mode: multipoint}\n"                                        \
    "peers: [{name: peer, nbma: 192.0.2.66, key: 42}]\n"

#define EVENT(what)  "events:\n  - {at_ms: 1, " what "}\n"
#define SEND(what)   EVENT("send: {why: W, clause: DEFACTO, " what "}")
#define NHRP(what)   SEND("from: peer, to: hub, nhrp: {type: purge-request, source: 10.255.0.66, " what "}")
#define EXPECT(what) "expect:\n  - {" what "}\n"

static const struct {
    const char *added;
    const char *error; /* after "FILE:" */
} bad[] = {
    {EVENT("stop: hob"), "16: stop: there is no node 'hob'"},
    {EVENT("stop: peer"), "16: stop: 'peer' is a peer that only sends"},
    {EVENT("stop: hub, start: hub"), "16: events: more than one thing happens; make them two events"},
    {EVENT("ping: {from: peer, to: hub}"), "16: from: 'peer' is a peer that only sends"},
    {EVENT("address: {node: hub, nbma: '2001:db8::2'}"), "16: nbma: must be an IPv4 address here"},
    {EVENT("route: {node: hub}"),
     "16: route: either 'add', with 'via' unless it is on the host side, or 'remove'"},
    {EVENT("route: {node: hub, remove: 10.0.0.0/8, via: 10.255.0.2}"),
     "16: route: either 'add', with 'via' unless it is on the host side, or 'remove'"},
    {EVENT("route: {node: hub, add: 'fd00::/64'}"), "16: add: must be an IPv4 address here"},
    {EVENT("route: {node: hub, add: 10.0.0.1/8}"),
     "16: add: '10.0.0.1/8' is no prefix, as in 10.1.0.0/16, with all bits after its length zero"},
    {EVENT("clock: {node: hub, ahead_s: -1}"), "16: ahead_s: -1 is out of range (0 to 4294967295)"},
    {EVENT("link: {between: [hub, hub6]}"),
     "16: between: 'hub' and 'hub6' have no link of their own in 'links'"},
    {EVENT("link: {loss_percent: 200}"), "16: loss_percent: 200 is not from 0 to 100"},
    {SEND("from: nobody, to: hub, payload: {protocol: 1, hex: '00'}"), "16: from: there is no node 'nobody'"},
    {SEND("from: peer, to: nobody, payload: {protocol: 1, hex: '00'}"),
     "16: to: 'nobody' is no node and no address"},
    {SEND("from: peer, to: hub6, payload: {protocol: 1, hex: '00'}"), "16: to: must be an IPv4 address here"},
    {SEND("from: peer, to: hub"), "16: nhrp: either that or 'payload' is what is sent"},
    {SEND("from: peer, to: hub, payload: {protocol: 1, hex: '0g'}"),
     "16: hex: not pairs of hexadecimal digits"},
    {SEND("from: peer, to: hub, payload: {protocol: 1, hex: '000'}"),
     "16: hex: not pairs of hexadecimal digits"},
    {SEND("from: peer, to: hub, payload: {protocol: 1, hex: '00'}, patches: [{at: 0, hex: '00'}]"),
     "16: patches: only a message in words needs any"},
    {NHRP("destination: nowhere"), "16: nhrp: no address"},
    {NHRP("cies: [{nbma: nowhere}]"), "16: nhrp: no address"},
    {NHRP("type: nothing"), "16: type: given twice"},
    {SEND("from: peer, to: hub, nhrp: {type: 3, source: 10.0.0.1}"), "16: type: '3' is none of: "},
    {SEND("from: peer, to: hub, nhrp: {type: purge-reply, source: 10.0.0.1}, patches: [{at: 99, hex: '00'}]"),
     "16: patches: beyond the end of the message"},
    {EXPECT("at_least: 1"), "16: expect: one of pings, trace, packets, binding, shortcut each"},
    {EXPECT("pings: {}, packets: {}"), "16: expect: one of pings, trace, packets, binding, shortcut each"},
    {EXPECT("pings: {}, count: 1, at_most: 2"),
     "16: count: says it all; 'at_least' and 'at_most' contradict it"},
    {EXPECT("pings: {}, at_least: 3, at_most: 2"), "16: at_least: more than 'at_most'"},
    {EXPECT("pings: {}, at_ms: 10000"), "16: at_ms: 10000 ms is after the end, 10 s"},
    {EXPECT("pings: {from: carol}"), "16: from: there is no host or node 'carol'"},
    {EXPECT("trace: {event: registred}"), "16: event: no trace has 'registred'"},
    {EXPECT("packets: {reason: registred}"), "16: reason: no trace has 'registred'"},
    {EXPECT("binding: {node: peer, protocol: 10.0.0.1}"), "16: node: 'peer' is a peer that only sends"},
    {EXPECT("shortcut: {node: hub, prefix: 10.0.0.1/8}"),
     "16: prefix: '10.0.0.1/8' is no prefix, as in 10.1.0.0/16, with all bits after its length zero"},
    {"ipsec: {algorithm: rot13}\n", "15: algorithm: there is no 'rot13'"},
    {"ipsec: {algorithm: aes-128-gcm, replay_window: 65}\n",
     "15: replay_window: 65 is no multiple of 64 up to 1024"},
    {"ipsec: {algorithm: aes-128-gcm, extended_sequence: true, replay_window: 0}\n",
     "15: replay_window: extended sequence numbers need one"},
    {"hubs: 2\n", "15: hubs: 'hub' describes them, and 'hubs' says how many; one needs the other"},
    {"hubs: 300\nhub: {name: h, role: hub, nbma: 192.0.3.1, tunnel: {address: 10.254.0.1/24, mode: "
     "multipoint}}\n",
     "16: address: number 256 of the template has none left"},
    {"hubs: 300\nhub: {name: h, role: hub, nbma: 255.255.255.1, tunnel: {address: 10.254.0.1/16, mode: "
     "multipoint}}\n",
     "16: nbma: number 256 of the template has none left"},
    {"hubs: 2\nhub: {name: h, role: hub, nbma: 192.0.2.65, tunnel: {address: 10.254.0.1/16, mode: "
     "multipoint}}\n",
     "14: nbma: 192.0.2.66 is the address of 'h2'"},
};

START_TEST(what_makes_no_sense_is_refused)
{
    char error[SCENARIO_ERROR_MAX], expected[SCENARIO_ERROR_MAX], text[4096];
    snprintf(text, sizeof text, "%s%s", BASE, bad[_i].added);
    const char *path = scratch_file("s.yaml", text, strlen(text));
    ck_assert_ptr_null(scenario_load(path, error));
    snprintf(expected, sizeof expected, "%s:%s", path, bad[_i].error);
    ck_assert_msg(strncmp(error, expected, strlen(expected)) == 0, "%s\nis not %s", error, expected);
    ck_assert_ptr_null(strchr(error, '\n'));
}
END_TEST

static struct scenario *load(const char *added)
{
    char error[SCENARIO_ERROR_MAX], text[4096];
    snprintf(text, sizeof text, "%s%s", BASE, added);
    struct scenario *s = scenario_load(scratch_file("s.yaml", text, strlen(text)), error);
    ck_assert_msg(s != NULL, "%s", error);
    return s;
}

static struct packet sent(const struct scenario *s)
{
    struct packet packet;
    ck_assert_uint_eq(s->event_count, 1);
    ck_assert_int_eq(s->events[0].kind, EVENT_SEND);
    packet_decode(span_of(s->events[0].send.packet, s->events[0].send.packet_len), &packet);
    return packet;
}

START_TEST(a_message_in_words)
{
    struct scenario *s = load(NHRP("flags: 0x8002, request_id: 258, hop_count: 3, destination: 10.255.0.1, "
                                   "cies: [{code: 5, prefix_len: 24, mtu: 1400, hold_s: 7, preference: 9, "
                                   "protocol: 10.1.0.0}], extensions: [{type: 7, password: key}, "
                                   "{type: 99, optional: true, hex: 'AB cd'}]"));
    struct packet p = sent(s);
    char text[ADDR_TEXT_MAX];
    ck_assert_int_eq(p.kind, PACKET_NHRP);
    ck_assert_str_eq(addr_format(p.outer.source, text), "192.0.2.66");
    ck_assert_str_eq(addr_format(p.outer.destination, text), "192.0.2.1");
    ck_assert(p.gre.has_key);
    ck_assert_uint_eq(p.gre.key, 42);
    ck_assert_uint_eq(p.nhrp.fixed.type, NHRP_PURGE_REQUEST);
    ck_assert_uint_eq(p.nhrp.fixed.hop_count, 3);
    ck_assert(p.nhrp.purge.no_reply && p.nhrp.purge.nat);
    ck_assert_uint_eq(p.nhrp.request_id, 258);
    ck_assert_str_eq(addr_format(addr_from_span(p.nhrp.source_nbma), text), "192.0.2.66");
    struct nhrp_cie cie;
    struct span list = p.nhrp.cies;
    ck_assert(nhrp_cie_next(&list, &cie));
    ck_assert_uint_eq(cie.code, 5);
    ck_assert_uint_eq(cie.prefix_len, 24);
    ck_assert_uint_eq(cie.hold_s, 7);
    ck_assert_uint_eq(cie.preference, 9);
    ck_assert_uint_eq(cie.nbma.len, 0);
    ck_assert_uint_eq(cie.protocol.len, 4);
    struct nhrp_ext ext;
    ck_assert(nhrp_ext_find(p.nhrp.extensions, 99, &ext));
    ck_assert(!ext.compulsory);
    ck_assert(span_equal(ext.value, span_of("\xab\xcd", 2)));
    ck_assert(nhrp_ext_find(p.nhrp.extensions, NHRP_EXT_AUTHENTICATION, &ext));
    ck_assert(ext.compulsory);
    ck_assert(span_equal(ext.value, span_of("\0\0\0\1key", 7)));
    scenario_free(s);
}
END_TEST

START_TEST(a_patched_message)
{
    /* Another hop count, and the checksum is right all the same; then a checksum that is meant to be wrong.
     */
    struct scenario *s =
        load(SEND("from: peer, to: hub, source: 192.0.2.99, key: 7, "
                  "nhrp: {type: resolution-reply, source: 10.255.0.66, source_nbma: 192.0.2.5}, "
                  "patches: [{at: 9, hex: '11'}]"));
    struct packet p = sent(s);
    char text[ADDR_TEXT_MAX];
    ck_assert_int_eq(p.kind, PACKET_NHRP);
    ck_assert_uint_eq(p.nhrp.fixed.hop_count, 0x11);
    ck_assert_uint_eq(p.gre.key, 7);
    ck_assert_str_eq(addr_format(p.outer.source, text), "192.0.2.99");
    ck_assert_str_eq(addr_format(addr_from_span(p.nhrp.source_nbma), text), "192.0.2.5");
    scenario_free(s);
    s = load(SEND("from: peer, to: hub, nhrp: {type: resolution-reply, source: 10.255.0.66}, "
                  "patches: [{at: 12, hex: dead}]"));
    p = sent(s);
    ck_assert_int_eq(p.kind, PACKET_BAD);
    ck_assert_int_eq(p.error.status, CODEC_BAD_CHECKSUM);
    scenario_free(s);
}
END_TEST

START_TEST(an_error_and_a_redirect_in_words)
{
    struct scenario *s = load(SEND("from: peer, to: hub, nhrp: {type: error-indication, source: 10.255.0.66, "
                                   "code: 16, offset: 20, contents: '0001 02'}"));
    struct packet p = sent(s);
    ck_assert_int_eq(p.kind, PACKET_NHRP);
    ck_assert_uint_eq(p.nhrp.error.code, 16);
    ck_assert_uint_eq(p.nhrp.error.offset, 20);
    ck_assert_uint_eq(p.nhrp.contents.len, 3);
    scenario_free(s);
    s = load(
        SEND("from: peer, to: hub, nhrp: {type: traffic-indication, source: 10.255.0.66, contents: '45'}"));
    p = sent(s);
    ck_assert_uint_eq(p.nhrp.fixed.type, NHRP_TRAFFIC_INDICATION);
    ck_assert_uint_eq(p.nhrp.traffic.code, 0);
    scenario_free(s);
}
END_TEST

START_TEST(addresses_count_up)
{
    static const struct {
        const char *from;
        uint64_t steps;
        unsigned unit_bits;
        const char *to; /* NULL: past the last */
    } rows[] = {
        {"10.0.0.1", 0, 0, "10.0.0.1"},
        {"10.0.0.255", 1, 0, "10.0.1.0"},
        {"10.255.255.255", 1, 0, "11.0.0.0"},
        {"10.0.0.0", 300, 8, "10.1.44.0"},
        {"10.0.0.0", 3, 12, "10.0.48.0"},
        {"10.0.0.10", 256, 8, "10.1.0.10"},
        {"255.255.255.255", 1, 0, NULL},
        {"255.255.0.0", 1, 16, NULL},
        {"0.0.0.0", 1, 32, NULL},
        {"2001:db8::ffff", 1, 0, "2001:db8::1:0"},
        {"fd00:1::", 2, 80, "fd00:1:2::"},
        {"fd00:1::10", 0x10000, 80, "fd00:2::10"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct addr a;
        char text[ADDR_TEXT_MAX];
        ck_assert(addr_parse(rows[i].from, &a));
        struct addr before = a;
        bool ok = load_step_address(&a, rows[i].steps, rows[i].unit_bits);
        ck_assert_msg(ok == (rows[i].to != NULL), "row %zu", i);
        if (ok)
            ck_assert_str_eq(addr_format(a, text), rows[i].to);
        else
            ck_assert(addr_equal(a, before));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario_event");
    TCase *cases = tcase_create("loading");
    tcase_add_checked_fixture(cases, scratch_make, scratch_remove);
    tcase_add_loop_test(cases, what_makes_no_sense_is_refused, 0, sizeof bad / sizeof bad[0]);
    tcase_add_test(cases, a_message_in_words);
    tcase_add_test(cases, a_patched_message);
    tcase_add_test(cases, an_error_and_a_redirect_in_words);
    tcase_add_test(cases, addresses_count_up);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
