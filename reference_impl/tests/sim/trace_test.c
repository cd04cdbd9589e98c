/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trace lines: both forms, every kind of output. */
#include "drivers/sim/trace.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct instant at = {.us = 1500001};

static char *lines(enum trace_form form, const struct node_output *output)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    struct trace trace = {.form = form, .out = out};
    trace_output(&trace, at, "hub", output);
    fclose(out);
    return text;
}

static void both(const struct node_output *output, const char *text, const char *json)
{
    char *got = lines(TRACE_FORM_TEXT, output);
    ck_assert_str_eq(got, text);
    free(got);
    got = lines(TRACE_FORM_JSON, output);
    ck_assert_str_eq(got, json);
    free(got);
    got = lines(TRACE_FORM_NONE, output);
    ck_assert_str_eq(got, "");
    free(got);
}

START_TEST(every_kind_of_output)
{
    /* An IPv4 header alone, from 192.0.2.1 to 198.51.100.11, with its right checksum. */
    static const uint8_t packet[] = {0x45, 0,    0,   20, 0, 0, 0,   0,  255, 47,
                                     0xcf, 0x7a, 192, 0,  2, 1, 198, 51, 100, 11};
    struct addr protocol = addr_ipv4(10, 255, 0, 11), nbma = addr_ipv4(198, 51, 100, 11);
    both(&(struct node_output){.kind = OUTPUT_UNDERLAY,
                               .underlay = {.packet = span_of(packet, sizeof packet),
                                            .reason = SEND_REGISTRATION_REPLY}},
         "t=1.500001 node=hub event=sends reason=registration-reply to=198.51.100.11 octets=20\n",
         "{\"t\": 1.500001, \"node\": \"hub\", \"event\": \"sends\", \"reason\": \"registration-reply\", "
         "\"to\": \"198.51.100.11\", \"octets\": 20}\n");
    both(&(struct node_output){.kind = OUTPUT_OVERLAY, .overlay = span_of(packet, sizeof packet)},
         "t=1.500001 node=hub event=delivers octets=20\n",
         "{\"t\": 1.500001, \"node\": \"hub\", \"event\": \"delivers\", \"octets\": 20}\n");
    both(
        &(struct node_output){
            .kind = OUTPUT_ROUTE,
            .route = {.install = true, .prefix = prefix_of(addr_ipv4(10, 1, 2, 0), 24), .via = protocol}},
        "t=1.500001 node=hub event=route-installed prefix=10.1.2.0/24 via=10.255.0.11\n",
        "{\"t\": 1.500001, \"node\": \"hub\", \"event\": \"route-installed\", \"prefix\": \"10.1.2.0/24\", "
        "\"via\": \"10.255.0.11\"}\n");
    both(&(struct node_output){.kind = OUTPUT_NEIGHBOUR,
                               .neighbour = {.bind = false, .protocol = protocol, .nbma = nbma}},
         "t=1.500001 node=hub event=neighbour-unbound protocol=10.255.0.11 nbma=198.51.100.11\n",
         "{\"t\": 1.500001, \"node\": \"hub\", \"event\": \"neighbour-unbound\", \"protocol\": "
         "\"10.255.0.11\", "
         "\"nbma\": \"198.51.100.11\"}\n");
    both(
        &(struct node_output){
            .kind = OUTPUT_TRACE,
            .trace = {.event = TRACE_DROPPED, .drop = DROP_GRE_KEY, .nbma = nbma, .number = 7}},
        "t=1.500001 node=hub event=dropped reason=gre-key nbma=198.51.100.11 number=7\n",
        "{\"t\": 1.500001, \"node\": \"hub\", \"event\": \"dropped\", \"reason\": \"gre-key\", "
        "\"nbma\": \"198.51.100.11\", \"number\": 7}\n");
}
END_TEST

START_TEST(packets_and_pings)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    struct trace trace = {.form = TRACE_FORM_TEXT, .out = out};
    trace_note(&trace, at, "spoke1",
               &(struct trace_note){.event = TRACE_NOTE_LOST, .address = addr_ipv4(192, 0, 2, 1)});
    trace_note(&trace, at, "alice",
               &(struct trace_note){.event = TRACE_NOTE_PING_ANSWERED,
                                    .address = addr_ipv4(10, 1, 2, 10),
                                    .has_number = true,
                                    .number = 3});
    trace_note(
        &trace, at, "rogue",
        &(struct trace_note){
            .event = TRACE_NOTE_SENDS, .reason = TRACE_NOTE_SCRIPTED, .has_number = true, .number = 80});
    fclose(out);
    ck_assert_str_eq(text, "t=1.500001 node=spoke1 event=lost to=192.0.2.1\n"
                           "t=1.500001 node=alice event=ping-answered host=10.1.2.10 sequence=3\n"
                           "t=1.500001 node=rogue event=sends reason=scripted octets=80\n");
    free(text);
}
END_TEST

START_TEST(words_that_lines_can_have)
{
    ck_assert(trace_knows_event("shortcut-installed"));
    ck_assert(trace_knows_event("neighbour-bound"));
    ck_assert(trace_knows_event("nat-dropped"));
    ck_assert(!trace_knows_event("shortcut-instaled"));
    ck_assert(trace_knows_reason("registration-retry"));
    ck_assert(trace_knows_reason("gre-key"));
    ck_assert(trace_knows_reason("scripted"));
    ck_assert(!trace_knows_reason("registered"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("trace");
    TCase *cases = tcase_create("lines");
    tcase_add_test(cases, every_kind_of_output);
    tcase_add_test(cases, packets_and_pings);
    tcase_add_test(cases, words_that_lines_can_have);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
