/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The runner, with a small capture of its own and an implementation that plays a list: what passes, what
 * fails and how it is called, and what the implementation gets to see.
 */
#include "runner.h"

#include <string.h>
#include <unistd.h>

#include "files/capture.h"
#include "iut/deviant.h"
#include "playback.h"
#include "suite.h"

#define MS INT64_C(1000)
#define S  INT64_C(1000000)

static struct requirement_table table;
static char folder[64];
static struct conform_case *c;
static struct playback *iut;
static struct case_result result;

/* The capture: a spoke registers (1, 2), its host sends (3), something comes for its host (4), it renews (5,
 * 6). */
static struct frame request, reply, from_host, for_host, renewal, renewal_reply, inner_for_host;

static const char sidecar[] =
    "title: t\nstory: s\ncapture: x.pcapng\nphase: 1\nrole: spoke\n"
    "requirements: [rfc2332-5.2.3-register]\n"
    "implementation:\n  name: spoke1\n  nbma: 198.51.100.11\n"
    "  tunnel: {address: 10.255.0.11/24, mode: point-to-point, destination: 192.0.2.1, key: 42}\n"
    "  nhrp: {hold_s: 60, unique: true, nhs: [{protocol: 10.255.0.1, nbma: 192.0.2.1}]}\n"
    "  lans: [{prefix: 10.1.1.0/24}]\n";

static const char *path_of(const char *name)
{
    static char paths[2][96];
    static unsigned turn;
    char *path = paths[turn++ % 2];
    snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
    return path;
}

static void write_capture(void)
{
    static const int64_t at_us[] = {0, 10 * MS, 1 * S, 1020 * MS, 20 * S, 20010 * MS};
    const struct frame *frames[] = {&request, &reply, &from_host, &for_host, &renewal, &renewal_reply};
    char error[CAPTURE_ERROR_MAX] = "";
    struct capture_writer *writer = capture_create(path_of("x.pcapng"), NULL, error);
    ck_assert_msg(writer != NULL, "%s", error);
    for (size_t i = 0; i < 6; i++)
        capture_write(writer, (struct instant){.us = INT64_C(1700000000) * S + at_us[i]},
                      span_of(frames[i]->bytes, frames[i]->len), NULL);
    ck_assert_msg(capture_finish(writer, error), "%s", error);
}

static void write_sidecar(const char *more)
{
    FILE *file = fopen(path_of("c.yaml"), "w");
    ck_assert_ptr_nonnull(file);
    fprintf(file, "%s%s", sidecar, more);
    fclose(file);
    char error[CASE_ERROR_MAX] = "";
    case_free(c);
    c = case_load(path_of("c.yaml"), &table, error);
    ck_assert_msg(c != NULL, "%s", error);
}

static void make_registration(struct frame *out, uint32_t id)
{
    struct sample sample = sample_registration(id);
    frame_of_sample(&sample, out);
}

static void setup(void)
{
    table = suite_table();
    strcpy(folder, "/tmp/dmvpnkit-runner-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    struct sample first = sample_registration_reply(7), second = sample_registration_reply(8);
    make_registration(&request, 7);
    frame_of_sample(&first, &reply);
    frame_of_data("198.51.100.11", "192.0.2.1", "10.1.1.10", "10.1.2.10", 63, "out", &from_host);
    frame_of_data("192.0.2.1", "198.51.100.11", "10.1.2.10", "10.1.1.10", 62, "in", &for_host);
    make_registration(&renewal, 8);
    frame_of_sample(&second, &renewal_reply);
    struct packet packet;
    packet_decode(span_of(for_host.bytes, for_host.len), &packet);
    memcpy(inner_for_host.bytes, packet.gre.payload.data, packet.gre.payload.len);
    inner_for_host.len = packet.gre.payload.len;
    c = NULL;
    write_capture();
    write_sidecar("");
    iut = calloc(1, sizeof(*iut));
    result = (struct case_result){0};
}

static void teardown(void)
{
    result_free(&result);
    case_free(c);
    free(iut);
    unlink(path_of("x.pcapng"));
    unlink(path_of("c.yaml"));
    rmdir(folder);
    requirements_free(&table);
}

static void run(void)
{
    runner_run(c, &table, &playback_driver, iut, &result);
}

/* What a good implementation sends; each part may be left out or moved by the tests. */
static void play_well(void)
{
    playback_add(iut, IUT_SENT, 0, &request);
    playback_add(iut, IUT_SENT, 1 * S, &from_host);
    playback_add(iut, IUT_DELIVERED, 1021 * MS, &inner_for_host);
    playback_add(iut, IUT_SENT, 20 * S, &renewal);
}

static const struct finding *only_finding(enum finding_kind kind, const char *requirement)
{
    ck_assert_uint_eq(result.finding_count, 1);
    const struct finding *finding = &result.findings[0];
    ck_assert_int_eq(finding->kind, kind);
    const struct requirement *blamed =
        finding->difference_count > 0 ? finding->differences[0].requirement : finding->requirement;
    ck_assert_ptr_nonnull(blamed);
    ck_assert_str_eq(blamed->id, requirement);
    return finding;
}

START_TEST(the_capture_s_own_behaviour_passes)
{
    play_well();
    run();
    ck_assert_int_eq(result.verdict, VERDICT_PASS);
    ck_assert_uint_eq(result.expected, 3);
    ck_assert_uint_eq(result.matched, 3);
    ck_assert_uint_eq(result.injected, 3);
    ck_assert_uint_eq(result.hosted, 1);
    ck_assert_uint_eq(result.delivered, 1);
}
END_TEST

START_TEST(the_host_s_packet_comes_before_the_hop)
{
    play_well();
    run();
    ck_assert_uint_eq(iut->overlay_count, 1);
    struct ip ip;
    const struct frame *got = &iut->got_overlay[0].frame;
    ck_assert_int_eq(ip_decode(span_of(got->bytes, got->len), &ip).status, CODEC_OK);
    ck_assert_uint_eq(ip.ttl, 64);
    ck_assert_int_eq(iut->got_overlay[0].at_us, 1 * S);
}
END_TEST

START_TEST(other_request_ids_pass_and_come_back_in_replies)
{
    make_registration(&request, 1000);
    make_registration(&renewal, 1001);
    play_well();
    run();
    ck_assert_int_eq(result.verdict, VERDICT_PASS);
    static const uint32_t ids[] = {1000, 0, 1001};
    for (size_t i = 0; i < 3; i += 2) {
        struct packet packet;
        const struct frame *got = &iut->got_underlay[i].frame;
        packet_decode(span_of(got->bytes, got->len), &packet);
        ck_assert_int_eq(packet.kind, PACKET_NHRP);
        ck_assert_uint_eq(packet.nhrp.request_id, ids[i]);
    }
}
END_TEST

START_TEST(one_id_for_two_requests_fails)
{
    make_registration(&renewal, 7);
    play_well();
    run();
    ck_assert_int_eq(result.verdict, VERDICT_FAIL);
    const struct finding *finding = only_finding(FINDING_FIELDS, "rfc2332-5.2.0.1-request-id-new");
    ck_assert_uint_eq(finding->frame, 5);
    ck_assert_str_eq(finding->differences[0].name, "nhrp.reqid");
    ck_assert_uint_eq(finding->differences[0].offset, 20 + 8 + 24);
}
END_TEST

START_TEST(silence_fails)
{
    run();
    ck_assert_int_eq(result.verdict, VERDICT_FAIL);
    ck_assert_uint_eq(result.matched, 0);
    ck_assert_uint_eq(result.finding_count, 4);
    size_t missing = 0;
    for (size_t i = 0; i < result.finding_count; i++)
        missing += result.findings[i].kind == FINDING_MISSING;
    ck_assert_uint_eq(missing, 3);
    ck_assert_uint_eq(iut->underlay_count, 1); /* no replies to requests that were never made */
    result_free(&result);
    runner_run(c, &table, &iut_silent, NULL, &result);
    ck_assert_int_eq(result.verdict, VERDICT_FAIL);
}
END_TEST

START_TEST(a_changed_packet_is_shown_beside_the_capture_s)
{
    struct sample sample = sample_registration(7);
    sample.hold_s = 61;
    frame_of_sample(&sample, &request);
    play_well();
    run();
    const struct finding *finding = only_finding(FINDING_FIELDS, "rfc2332-5.2.3-holding-time");
    ck_assert_uint_eq(finding->frame, 1);
    ck_assert_str_eq(finding->differences[0].expected, "60");
    ck_assert_str_eq(finding->differences[0].actual, "61");
    ck_assert_ptr_nonnull(strstr(finding->expected, "hold 60 s"));
    ck_assert_ptr_nonnull(strstr(finding->actual, "hold 61 s"));
}
END_TEST

START_TEST(a_late_frame_fails)
{
    playback_add(iut, IUT_SENT, 0, &request);
    playback_add(iut, IUT_DELIVERED, 2050 * MS, &inner_for_host); /* frame 4 waited for frame 3 till then */
    playback_add(iut, IUT_SENT, 2100 * MS, &from_host);
    playback_add(iut, IUT_SENT, 20 * S, &renewal);
    run();
    ck_assert_int_eq(result.verdict, VERDICT_FAIL);
    const struct finding *finding = only_finding(FINDING_TIME, "defacto-spoke-data-to-hub");
    ck_assert_int_eq(finding->expected_us, 1 * S);
    ck_assert_int_eq(finding->actual_us, 2100 * MS);
}
END_TEST

START_TEST(a_reply_waits_for_its_request)
{
    playback_add(iut, IUT_SENT, 900 * MS, &request);
    playback_add(iut, IUT_SENT, 1 * S, &from_host);
    playback_add(iut, IUT_DELIVERED, 1021 * MS, &inner_for_host);
    playback_add(iut, IUT_SENT, 20 * S, &renewal);
    run();
    ck_assert_int_eq(result.verdict, VERDICT_PASS);
    ck_assert_int_eq(iut->got_underlay[0].at_us, 910 * MS);
}
END_TEST

START_TEST(a_refresh_before_expiry_is_worth_a_note)
{
    playback_add(iut, IUT_SENT, 0, &request);
    playback_add(iut, IUT_SENT, 1 * S, &from_host);
    playback_add(iut, IUT_DELIVERED, 1021 * MS, &inner_for_host);
    playback_add(iut, IUT_SENT, 30 * S, &renewal);
    run();
    ck_assert_int_eq(result.verdict, VERDICT_NON_STRICT);
    ck_assert(only_finding(FINDING_TIME, "rfc2332-5.2.3-refresh")->is_note);
    ck_assert_int_eq(iut->got_underlay[2].at_us, 30 * S + 10 * MS);
    iut->next = iut->underlay_count = iut->overlay_count = 0;
    iut->events[3].at_us = 61 * S;
    result_free(&result);
    run();
    ck_assert_int_eq(result.verdict, VERDICT_FAIL);
    only_finding(FINDING_MISSING, "rfc2332-5.2.3-refresh");
}
END_TEST

START_TEST(a_frame_too_many_fails)
{
    playback_add(iut, IUT_SENT, 0, &request);
    playback_add(iut, IUT_SENT, 1 * S, &from_host);
    playback_add(iut, IUT_SENT, 1 * S, &from_host);
    playback_add(iut, IUT_DELIVERED, 1021 * MS, &inner_for_host);
    playback_add(iut, IUT_SENT, 20 * S, &renewal);
    run();
    ck_assert_int_eq(result.verdict, VERDICT_FAIL);
    ck_assert_int_eq(only_finding(FINDING_UNEXPECTED, "defacto-hub-data-forwarded")->actual_us, 1 * S);
}
END_TEST

START_TEST(after_the_capture_anything_goes)
{
    play_well();
    playback_add(iut, IUT_SENT, 20500 * MS, &from_host);
    run();
    ck_assert_int_eq(result.verdict, VERDICT_PASS);
}
END_TEST

START_TEST(deliveries_are_judged)
{
    playback_add(iut, IUT_SENT, 0, &request);
    playback_add(iut, IUT_SENT, 1 * S, &from_host);
    playback_add(iut, IUT_SENT, 20 * S, &renewal);
    run();
    only_finding(FINDING_UNDELIVERED, "defacto-data-delivered");
    result_free(&result);

    memset(iut, 0, sizeof(*iut));
    playback_add(iut, IUT_SENT, 0, &request);
    playback_add(iut, IUT_SENT, 1 * S, &from_host);
    playback_add(iut, IUT_DELIVERED, 1021 * MS, &inner_for_host);
    playback_add(iut, IUT_DELIVERED, 1021 * MS, &inner_for_host);
    playback_add(iut, IUT_SENT, 20 * S, &renewal);
    run();
    only_finding(FINDING_UNEXPECTED_DELIVERY, "defacto-data-delivered");
}
END_TEST

START_TEST(an_undecodable_packet_fails)
{
    play_well();
    iut->events[1].frame.bytes[20 + 8] = 0x40; /* the inner header length becomes 0 */
    run();
    ck_assert_int_eq(result.verdict, VERDICT_FAIL);
    ck_assert_int_eq(result.findings[0].kind, FINDING_UNDECODABLE);
}
END_TEST

START_TEST(overrides_excuse_one_frame)
{
    write_sidecar("frames:\n"
                  "  - {number: 1, mask: ['nhrp.cie[0].htime'], because: test}\n"
                  "  - {number: 3, ignore: true, because: test}\n"
                  "  - {number: 5, tolerance_ms: 70000, because: test}\n");
    struct sample sample = sample_registration(7);
    sample.hold_s = 61;
    frame_of_sample(&sample, &request);
    playback_add(iut, IUT_SENT, 0, &request);
    playback_add(iut, IUT_DELIVERED, 1021 * MS, &inner_for_host);
    playback_add(iut, IUT_SENT, 75 * S, &renewal);
    run();
    ck_assert_uint_eq(result.expected, 2);
    ck_assert_uint_eq(result.matched, 2);
    ck_assert_int_eq(result.verdict, VERDICT_NON_STRICT);
    only_finding(FINDING_TIME, "rfc2332-5.2.3-refresh");
}
END_TEST

static int endless_advance(void *self, struct instant until, struct iut_event *event,
                           char error[IUT_ERROR_MAX])
{
    (void)self;
    (void)error;
    *event =
        (struct iut_event){.kind = IUT_SENT, .at = until, .packet = span_of(from_host.bytes, from_host.len)};
    return 1;
}

START_TEST(an_endless_sender_is_stopped)
{
    struct iut_driver endless = playback_driver;
    endless.advance = endless_advance;
    runner_run(c, &table, &endless, iut, &result);
    ck_assert_int_eq(result.verdict, VERDICT_ERROR);
    ck_assert_str_eq(result.error, "c: the implementation sends without end");
}
END_TEST

START_TEST(a_crash_is_a_verdict)
{
    iut->dies = true;
    run();
    ck_assert_int_eq(result.verdict, VERDICT_FAIL);
    ck_assert_uint_eq(result.finding_count, 1);
    ck_assert_int_eq(result.findings[0].kind, FINDING_CRASHED);
    ck_assert_str_eq(result.findings[0].actual, "it died");
}
END_TEST

START_TEST(what_the_suite_cannot_judge_is_an_error)
{
    c->config.nbma = test_addr("192.0.2.77");
    run();
    ck_assert_int_eq(result.verdict, VERDICT_ERROR);
    ck_assert_ptr_nonnull(strstr(result.error, "no frame is from 192.0.2.77"));
    result_free(&result);

    unlink(path_of("x.pcapng"));
    run();
    ck_assert_int_eq(result.verdict, VERDICT_ERROR);
    ck_assert_ptr_nonnull(strstr(result.error, "x.pcapng"));
}
END_TEST

static void plant(const char *name, enum verdict expected)
{
    const struct deviation *deviation = deviation_find(name);
    ck_assert_msg(deviation != NULL, "there is no deviation %s", name);
    struct deviant_setup setup = {.inner = &playback_driver, .inner_setup = iut, .deviation = deviation};
    memset(iut, 0, sizeof(*iut));
    play_well();
    runner_run(c, &table, &iut_deviant, &setup, &result);
    ck_assert_msg(result.verdict == expected, "%s: %s", name, verdict_words(result.verdict));
    result_free(&result);
}

START_TEST(a_planted_fault_is_found)
{
    static const char *const of_spokes[] = {"no-registration",   "hop-count-zero", "registration-prefix",
                                            "registration-hold", "unused-flag",    "bad-checksum",
                                            "gre-key",           "gre-reserved",   "data-ttl",
                                            "data-corrupt",      "data-lost"};
    static const char *const of_others[] = {"no-redirect", "reply-next-hop", "error-cut", "purge-reply-flags",
                                            "hop-zero-refused"};
    for (size_t i = 0; i < sizeof(of_spokes) / sizeof(of_spokes[0]); i++)
        plant(of_spokes[i], VERDICT_FAIL);
    for (size_t i = 0; i < sizeof(of_others) / sizeof(of_others[0]); i++)
        plant(of_others[i], VERDICT_PASS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("runner");
    TCase *tests = tcase_create("runner");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, the_capture_s_own_behaviour_passes);
    tcase_add_test(tests, the_host_s_packet_comes_before_the_hop);
    tcase_add_test(tests, other_request_ids_pass_and_come_back_in_replies);
    tcase_add_test(tests, one_id_for_two_requests_fails);
    tcase_add_test(tests, silence_fails);
    tcase_add_test(tests, a_changed_packet_is_shown_beside_the_capture_s);
    tcase_add_test(tests, a_late_frame_fails);
    tcase_add_test(tests, a_reply_waits_for_its_request);
    tcase_add_test(tests, a_refresh_before_expiry_is_worth_a_note);
    tcase_add_test(tests, a_frame_too_many_fails);
    tcase_add_test(tests, after_the_capture_anything_goes);
    tcase_add_test(tests, deliveries_are_judged);
    tcase_add_test(tests, an_undecodable_packet_fails);
    tcase_add_test(tests, overrides_excuse_one_frame);
    tcase_add_test(tests, an_endless_sender_is_stopped);
    tcase_add_test(tests, a_crash_is_a_verdict);
    tcase_add_test(tests, what_the_suite_cannot_judge_is_an_error);
    tcase_add_test(tests, a_planted_fault_is_found);
    suite_add_tcase(suite, tests);
    return suite_main(suite);
}
