/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * suite: the main() of a test program: one case of tests, each in a process of its own.
 */
#ifndef DMVPNKIT_TESTS_ENGINE_SUITE_H
#define DMVPNKIT_TESTS_ENGINE_SUITE_H

#include <check.h>
#include <stdlib.h>

#define SUITE_MAIN(suite_name, ...)                               \
    int main(void)                                                \
    {                                                             \
        const TTest *tests[] = {__VA_ARGS__};                     \
        Suite *suite = suite_create(suite_name);                  \
        TCase *tcase = tcase_create(suite_name);                  \
        for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) \
            tcase_add_test(tcase, tests[i]);                      \
        suite_add_tcase(suite, tcase);                            \
        SRunner *runner = srunner_create(suite);                  \
        srunner_run_all(runner, CK_ENV);                          \
        int failed = srunner_ntests_failed(runner);               \
        srunner_free(runner);                                     \
        return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;         \
    }

#endif
