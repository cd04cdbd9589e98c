/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hosts' packets: written, read back, and refused when they are something else. */
#include "drivers/sim/echo.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct echo example(bool ipv4)
{
    struct echo echo = {.id = 0x1234, .sequence = 9};
    ck_assert(addr_parse(ipv4 ? "10.1.1.10" : "2001:db8:1::10", &echo.source));
    ck_assert(addr_parse(ipv4 ? "10.1.2.10" : "2001:db8:2::10", &echo.destination));
    return echo;
}

START_TEST(a_request_reads_back)
{
    size_t len;
    struct echo echo;
    bool ipv4 = _i == 0;
    uint8_t *packet = echo_make_request(example(ipv4), 5, 56, &len);
    ck_assert_ptr_nonnull(packet);
    ck_assert_uint_eq(len, (ipv4 ? 20 : 40) + 8 + 56);
    ck_assert(echo_read(span_of(packet, len), &echo));
    ck_assert(addr_equal(echo.source, example(ipv4).source));
    ck_assert(addr_equal(echo.destination, example(ipv4).destination));
    ck_assert(!echo.reply);
    ck_assert_uint_eq(echo.id, 0x1234);
    ck_assert_uint_eq(echo.sequence, 9);
    ck_assert_uint_eq(echo.data.len, 56);
    ck_assert_uint_eq(echo.data.data[55], 55);
    free(packet);
}
END_TEST

START_TEST(a_reply_carries_the_data_back)
{
    size_t len;
    struct echo echo = example(true), back;
    echo.reply = true;
    echo.data = span_of("hello", 5);
    uint8_t *packet = echo_make(&echo, 5, &len);
    ck_assert_ptr_nonnull(packet);
    ck_assert(echo_read(span_of(packet, len), &back));
    ck_assert(back.reply);
    ck_assert(span_equal(back.data, echo.data));
    free(packet);
}
END_TEST

START_TEST(what_is_no_echo_is_refused)
{
    size_t len;
    struct echo echo;
    uint8_t *packet = echo_make_request(example(true), 5, 8, &len);
    for (size_t cut = 0; cut < len; cut++) {
        uint8_t *copy = malloc(cut ? cut : 1);
        memcpy(copy, packet, cut);
        ck_assert(!echo_read(span_of(copy, cut), &echo));
        free(copy);
    }
    packet[20] = 3; /* destination unreachable */
    ck_assert(!echo_read(span_of(packet, len), &echo));
    free(packet);
}
END_TEST

START_TEST(too_much_data_is_refused)
{
    size_t len;
    ck_assert_ptr_null(echo_make_request(example(true), 5, 70000, &len));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("echo");
    TCase *cases = tcase_create("packets");
    tcase_add_loop_test(cases, a_request_reads_back, 0, 2);
    tcase_add_test(cases, a_reply_carries_the_data_back);
    tcase_add_test(cases, what_is_no_echo_is_refused);
    tcase_add_test(cases, too_much_data_is_refused);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
