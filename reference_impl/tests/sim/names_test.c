/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words to numbers, many of them. */
#include "drivers/sim/names.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

START_TEST(many_words_and_none_twice)
{
    struct names names = {0};
    char word[32];
    size_t value = 0;
    ck_assert(!names_find(&names, "w0", &value));
    for (size_t i = 0; i < 5000; i++) {
        snprintf(word, sizeof word, "w%zu", i);
        ck_assert_int_eq(names_add(&names, word, i), NAMES_ADDED);
    }
    ck_assert_int_eq(names_add(&names, "w17", 1), NAMES_TAKEN);
    for (size_t i = 0; i < 5000; i++) {
        snprintf(word, sizeof word, "w%zu", i);
        ck_assert(names_find(&names, word, &value));
        ck_assert_uint_eq(value, i);
    }
    ck_assert(!names_find(&names, "w5000", &value));
    ck_assert(!names_find(&names, "", &value));
    names_free(&names);
    ck_assert(!names_find(&names, "w1", &value));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("names");
    TCase *cases = tcase_create("words");
    tcase_add_test(cases, many_words_and_none_twice);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
