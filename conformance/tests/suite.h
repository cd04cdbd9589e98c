/* SPDX-License-Identifier: GPL-2.0-or-later */
/* suite: the table of requirements of this tree, and main() for a Check suite. */
#ifndef DMVPNKIT_TESTS_CONFORM_SUITE_H
#define DMVPNKIT_TESTS_CONFORM_SUITE_H

#include <check.h>
#include <stdlib.h>

#include "requirements.h"

#define TABLE_PATH SOURCE_ROOT "/conformance/requirements/requirements.tsv"

static inline struct requirement_table suite_table(void)
{
    struct requirement_table table;
    char error[REQUIREMENTS_ERROR_MAX] = "";
    ck_assert_msg(requirements_load(TABLE_PATH, &table, error), "%s", error);
    return table;
}

static inline int suite_main(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
