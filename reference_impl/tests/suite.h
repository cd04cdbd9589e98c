/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * suite: the main() that every Check program of this project shares: run one suite, fail if a test failed.
 */
#ifndef DMVPNKIT_TESTS_SUITE_H
#define DMVPNKIT_TESTS_SUITE_H

#include <check.h>
#include <stdlib.h>

static inline int suite_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK); /* a fork for every test is slow under a sanitizer */
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* A suite of one test case with these tests, which end with NULL. */
static inline int suite_run_tests(const char *name, const TTest *const *tests)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    for (; *tests; tests++)
        tcase_add_test(tcase, *tests);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}

#endif
