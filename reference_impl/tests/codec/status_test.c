/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/suite.h"

#include "codec/status.h"

START_TEST(test_words)
{
#define STATUS(name, words) ck_assert_str_eq(codec_status_words(CODEC_##name), words);
#include "codec/status.def"
    ck_assert_str_eq(codec_status_words((enum codec_status)1000), "unknown status");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_words, NULL};
    return suite_run_tests("status", tests);
}
