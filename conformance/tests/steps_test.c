/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Steps: what a sidecar says is sent, what comes is judged, and what silence means; and cases in processes of
 * their own.
 */
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "files/capture.h"
#include "isolate.h"
#include "playback.h"
#include "runner.h"
#include "suite.h"

#define S INT64_C(1000000)

static struct requirement_table table;
static char folder[64];
static struct conform_case *c;
static struct playback *iut;
static struct case_result result;
static struct frame request, reply;

/* The hub is under test: frame 1 is for it, frame 2 is what it owes. */
static const char sidecar[] =
    "title: t\nstory: s\ncapture: x.pcapng\nphase: 1\nrole: hub\n"
    "requirements: [rfc2332-5.2.4-reply-to-registration]\n"
    "implementation:\n  name: hub\n  nbma: 192.0.2.1\n"
    "  tunnel: {address: 10.255.0.1/24, mode: multipoint, key: 42}\n  nhrp: {hold_s: 60}\nsteps:\n";

static const char *path_of(const char *name)
{
    static char paths[2][96];
    static unsigned turn;
    char *path = paths[turn++ % 2];
    snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
    return path;
}

static void setup(void)
{
    char error[CAPTURE_ERROR_MAX] = "";
    struct sample first = sample_registration(7), second = sample_registration_reply(7);
    table = suite_table();
    strcpy(folder, "/tmp/dmvpnkit-steps-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    frame_of_sample(&first, &request);
    frame_of_sample(&second, &reply);
    struct capture_writer *writer = capture_create(path_of("x.pcapng"), NULL, error);
    ck_assert_msg(writer != NULL, "%s", error);
    capture_write(writer, (struct instant){.us = S}, span_of(request.bytes, request.len), NULL);
    capture_write(writer, (struct instant){.us = S + 10000}, span_of(reply.bytes, reply.len), NULL);
    ck_assert_msg(capture_finish(writer, error), "%s", error);
    iut = calloc(1, sizeof(*iut));
    c = NULL;
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

static bool load(const char *steps, char error[CASE_ERROR_MAX])
{
    FILE *file = fopen(path_of("c.yaml"), "w");
    ck_assert_ptr_nonnull(file);
    fprintf(file, "%s%s", sidecar, steps);
    fclose(file);
    case_free(c);
    c = case_load(path_of("c.yaml"), &table, error);
    return c != NULL;
}

static void run(const char *steps)
{
    char error[CASE_ERROR_MAX] = "";
    ck_assert_msg(load(steps, error), "%s", error);
    result_free(&result);
    runner_run(c, &table, &playback_driver, iut, &result);
}

static void verdict_is(enum verdict verdict)
{
    ck_assert_msg(result.verdict == verdict, "%s: %s", verdict_words(result.verdict),
                  result.error != NULL ? result.error : "");
}

START_TEST(what_is_expected_passes)
{
    playback_add(iut, IUT_SENT, 1000, &reply);
    run("  - send: 1\n    set: [nhrp.hdr.hopcnt = 3]\n"
        "  - expect: registration-reply\n    like: 2\n    where: [nhrp.reqid = $sent:nhrp.reqid]\n");
    verdict_is(VERDICT_PASS);
    ck_assert_uint_eq(iut->underlay_count, 1);
    struct packet packet;
    packet_decode(span_of(iut->got_underlay[0].frame.bytes, iut->got_underlay[0].frame.len), &packet);
    ck_assert_uint_eq(packet.nhrp.fixed.hop_count, 3);
    ck_assert_uint_eq(result.frame_count, 2);
    ck_assert_int_eq(result.frames[0].way, FRAME_TO_IUT);
    ck_assert_uint_eq(result.frames[1].capture, 2);
}
END_TEST

START_TEST(a_condition_that_does_not_hold_fails)
{
    playback_add(iut, IUT_SENT, 1000, &reply);
    run("  - send: 1\n  - expect: registration-reply\n"
        "    where: ['nhrp.cie[0].code = 4 @rfc2332-5.2.4-code', 'should nhrp.hdr.hopcnt = 1']\n");
    verdict_is(VERDICT_FAIL);
    ck_assert_uint_eq(result.finding_count, 1);
    ck_assert_uint_eq(result.findings[0].difference_count, 2);
    ck_assert_str_eq(result.findings[0].differences[0].requirement->id, "rfc2332-5.2.4-code");
    ck_assert(result.findings[0].differences[1].is_note);
    ck_assert_uint_eq(result.findings[0].step, 2);
    ck_assert_uint_eq(result.findings[0].sent, 2);
}
END_TEST

START_TEST(a_should_is_a_note)
{
    playback_add(iut, IUT_SENT, 1000, &reply);
    run("  - send: 1\n  - expect: registration-reply\n    where: ['should nhrp.hdr.hopcnt = 1']\n");
    verdict_is(VERDICT_NON_STRICT);
}
END_TEST

START_TEST(what_does_not_come_is_missing_and_ends_the_case)
{
    run("  - send: 1\n  - expect: registration-reply\n    requirement: rfc2332-5.2.4-code\n  - send: 1\n");
    verdict_is(VERDICT_FAIL);
    ck_assert_int_eq(result.findings[0].kind, FINDING_MISSING);
    ck_assert_str_eq(result.findings[0].requirement->id, "rfc2332-5.2.4-code");
    ck_assert_uint_eq(iut->underlay_count, 1);
}
END_TEST

START_TEST(silence_proves_nothing_before_the_first_answer)
{
    run("  - send: 1\n  - quiet: all\n");
    verdict_is(VERDICT_INCONCLUSIVE);
    ck_assert_int_eq(result.reason, REASON_NO_ANSWER);
    run("  - given: [1, 2]\n");
    verdict_is(VERDICT_INCONCLUSIVE);
}
END_TEST

START_TEST(silence_after_an_answer_is_a_failure)
{
    playback_add(iut, IUT_SENT, 1000, &reply);
    run("  - given: [1, 2]\n  - quiet: all\n");
    verdict_is(VERDICT_FAIL);
    ck_assert_int_eq(result.findings[0].kind, FINDING_STOPPED);
}
END_TEST

START_TEST(quiet_means_that_nothing_came_before_the_probe_is_answered)
{
    struct sample probed = sample_registration_reply(0x51000001);
    struct frame answer;
    frame_of_sample(&probed, &answer);
    playback_add(iut, IUT_SENT, 1000, &answer);
    run("  - quiet: all\n    probe: 1\n");
    verdict_is(VERDICT_PASS);
    memset(iut, 0, sizeof(*iut));
    playback_add(iut, IUT_SENT, 500, &reply);
    playback_add(iut, IUT_SENT, 1000, &answer);
    run("  - quiet: all\n    probe: 1\n    requirement: rfc2332-5.2.4-code\n");
    verdict_is(VERDICT_FAIL);
    ck_assert_int_eq(result.findings[0].kind, FINDING_UNEXPECTED);
    memset(iut, 0, sizeof(*iut));
    playback_add(iut, IUT_SENT, 500, &reply);
    playback_add(iut, IUT_SENT, 1000, &answer);
    run("  - quiet: all but registration-reply\n    probe: 1\n");
    verdict_is(VERDICT_PASS);
}
END_TEST

START_TEST(what_nobody_asked_for_is_unexpected)
{
    playback_add(iut, IUT_SENT, 1000, &reply);
    run("  - advance_ms: 5\n");
    verdict_is(VERDICT_FAIL);
    ck_assert_int_eq(result.findings[0].kind, FINDING_UNEXPECTED);
}
END_TEST

START_TEST(bad_steps_are_refused)
{
    static const char *const rows[] = {
        "  - {}\n",
        "  - {send: 1, expect: data}\n",
        "  - {send: 1, like: 2}\n",
        "  - {expect: nonsense}\n",
        "  - {quiet: sometimes}\n",
        "  - {expect: data, requirement: no-such}\n",
        "  - {advance_ms: 5, times: 2}\n",
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char error[CASE_ERROR_MAX] = "";
        ck_assert_msg(!load(rows[i], error), "%s is taken", rows[i]);
        ck_assert_ptr_nonnull(strstr(error, "c.yaml:"));
        ck_assert_ptr_null(strchr(error, '\n'));
    }
}
END_TEST

START_TEST(a_bad_edit_or_frame_is_the_suites_error)
{
    run("  - {send: 1, set: [nhrp.no.such = 1]}\n");
    verdict_is(VERDICT_ERROR);
    ck_assert_ptr_nonnull(strstr(result.error, "c, step 1: "));
    run("  - {send: 9}\n");
    verdict_is(VERDICT_ERROR);
}
END_TEST

static bool crash(void *self, struct span packet, char error[IUT_ERROR_MAX])
{
    (void)self;
    (void)packet;
    (void)error;
    abort();
}

static bool hang(void *self, struct span packet, char error[IUT_ERROR_MAX])
{
    (void)self;
    (void)packet;
    (void)error;
    while (pause() != 0)
        continue;
    return false;
}

START_TEST(a_process_of_its_own_holds_crash_and_hang)
{
    char error[CASE_ERROR_MAX] = "";
    ck_assert_msg(load("  - {send: 1}\n  - {expect: registration-reply, like: 2}\n", error), "%s", error);
    struct iut_driver driver = playback_driver;
    driver.send_underlay = crash;
    isolate_run(c, &table, &driver, iut, 20, &result);
    verdict_is(VERDICT_FAIL);
    ck_assert_int_eq(result.findings[0].kind, FINDING_CRASHED);
    result_free(&result);
    driver.send_underlay = hang;
    isolate_run(c, &table, &driver, iut, 1, &result);
    verdict_is(VERDICT_FAIL);
    ck_assert_int_eq(result.findings[0].kind, FINDING_HUNG);
    ck_assert_int_ge(result.took_us, S / 2);
}
END_TEST

START_TEST(a_result_comes_whole_out_of_its_process)
{
    struct case_result here;
    char error[CASE_ERROR_MAX] = "";
    ck_assert_msg(
        load("  - {send: 1}\n  - {expect: registration-reply, where: ['nhrp.cie[0].code = 4']}\n", error),
        "%s", error);
    playback_add(iut, IUT_SENT, 1000, &reply);
    isolate_run(c, &table, &playback_driver, iut, 20, &result);
    runner_run(c, &table, &playback_driver, iut, &here);
    ck_assert_int_eq(result.verdict, here.verdict);
    ck_assert_uint_eq(result.finding_count, 1);
    ck_assert_str_eq(result.findings[0].actual, here.findings[0].actual);
    ck_assert_ptr_eq(result.findings[0].differences[0].requirement,
                     here.findings[0].differences[0].requirement);
    ck_assert_uint_eq(result.frame_count, here.frame_count);
    ck_assert_mem_eq(result.frames[1].bytes, here.frames[1].bytes, here.frames[1].len);
    result_free(&here);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("steps");
    TCase *tests = tcase_create("steps");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, what_is_expected_passes);
    tcase_add_test(tests, a_condition_that_does_not_hold_fails);
    tcase_add_test(tests, a_should_is_a_note);
    tcase_add_test(tests, what_does_not_come_is_missing_and_ends_the_case);
    tcase_add_test(tests, silence_proves_nothing_before_the_first_answer);
    tcase_add_test(tests, silence_after_an_answer_is_a_failure);
    tcase_add_test(tests, quiet_means_that_nothing_came_before_the_probe_is_answered);
    tcase_add_test(tests, what_nobody_asked_for_is_unexpected);
    tcase_add_test(tests, bad_steps_are_refused);
    tcase_add_test(tests, a_bad_edit_or_frame_is_the_suites_error);
    tcase_add_test(tests, a_process_of_its_own_holds_crash_and_hang);
    tcase_add_test(tests, a_result_comes_whole_out_of_its_process);
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    return suite_main(suite);
}
