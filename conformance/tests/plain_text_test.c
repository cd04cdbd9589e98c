/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What others have written is shown as whole UTF-8 without controls, and never longer than it was. */
#include "explain/plain_text.h"

#include <stdlib.h>
#include <string.h>

#include "suite.h"

static const struct {
    const char *text, *shown;
} cases[] = {
    {"", ""},
    {"spoke1 to hub: \"registers\" & <waits> [RFC2332 \xc2\xa7" "5.2.3]", "spoke1 to hub: \"registers\" & <waits> [RFC2332 \xc2\xa7" "5.2.3]"},
    {"two\nlines", "two\nlines"},
    {"two\r\nlines, one\rreturn", "two\nlines, one?return"},
    {"\x1b[31mred\x07\x7f", "?[31mred??"},
    {"\xc2\x9b" "31m", "?31m"},                                /* CSI as one character */
    {"a\xe2\x80\xaez\xe2\x81\xa6y\xe2\x80\x8f", "a?z?y?"},     /* turns of the direction */
    {"a\xe2\x80\xa8z", "a?z"},                                 /* line separator */
    {"\xef\xbb\xbf" "bom", "?bom"},
    {"\xf0\x9f\x98\x80 \xe6\xbc\xa2", "\xf0\x9f\x98\x80 \xe6\xbc\xa2"},
    {"\xc0\xaf", "??"},                                        /* too long for what it is */
    {"\xe0\x80\xaf", "???"},
    {"\xf0\x80\x80\xaf", "????"},
    {"\xed\xa0\x80", "???"},                                   /* half of a surrogate pair */
    {"\xf4\x90\x80\x80", "????"},                              /* beyond the last */
    {"\xef\xbf\xbf", "?"},                                     /* no character */
    {"\xff\xfe", "??"},
    {"cut \xe2\x82", "cut ??"},
    {"cut \xf0", "cut ?"},
};

START_TEST(each)
{
    char *shown = plain_text(cases[_i].text);
    ck_assert_str_eq(shown, cases[_i].shown);
    free(shown);
}
END_TEST

START_TEST(nothing_is_nothing)
{
    ck_assert_ptr_null(plain_text(NULL));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plain_text");
    TCase *tests = tcase_create("plain text");
    tcase_add_loop_test(tests, each, 0, sizeof(cases) / sizeof(cases[0]));
    tcase_add_test(tests, nothing_is_nothing);
    suite_add_tcase(suite, tests);
    return suite_main(suite);
}
