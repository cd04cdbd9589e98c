/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/text.h"
#include "tests/suite.h"

#include <string.h>

START_TEST(test_grows)
{
    char buf[32];
    struct text t = text_of(buf, sizeof buf);
    ck_assert_str_eq(buf, "");
    text_add(&t, "%s %d", "hold", 600);
    text_add(&t, " s");
    ck_assert_str_eq(buf, "hold 600 s");
    ck_assert_uint_eq(t.len, strlen(buf));
}
END_TEST

START_TEST(test_is_cut_at_the_end)
{
    char buf[8];
    memset(buf, 'x', sizeof buf);
    struct text t = text_of(buf, 5);
    text_add(&t, "abc");
    text_add(&t, "defg");
    text_add(&t, "h");
    ck_assert_str_eq(buf, "abcd");
    ck_assert_uint_eq(t.len, 4);
    ck_assert_int_eq(buf[5], 'x');
}
END_TEST

START_TEST(test_no_room_at_all)
{
    char buf[2] = "x";
    struct text t = text_of(buf, 0);
    text_add(&t, "abc");
    text_add_hex(&t, span_of("abc", 3));
    ck_assert_str_eq(buf, "x");
    t = text_of(buf, 1);
    text_add(&t, "abc");
    ck_assert_str_eq(buf, "");
}
END_TEST

START_TEST(test_hex)
{
    char buf[32];
    struct text t = text_of(buf, sizeof buf);
    text_add_hex(&t, span_of("\x00\x5e\xff", 3));
    ck_assert_str_eq(buf, "00:5e:ff");
    text_add_hex(&t, (struct span){0});
    ck_assert_str_eq(buf, "00:5e:ff");
    t = text_of(buf, 6);
    text_add_hex(&t, span_of("\x00\x5e\xff", 3));
    ck_assert_str_eq(buf, "00:5e");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_grows, test_is_cut_at_the_end, test_no_room_at_all, test_hex, NULL};
    return suite_run_tests("text", tests);
}
