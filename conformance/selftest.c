/* SPDX-License-Identifier: GPL-2.0-or-later */
/* selftest: see selftest.h. In this process, because what is judged here is this project's own engine. */
#include "selftest.h"

#include <stdlib.h>
#include <string.h>

#include "iut/deviant.h"
#include "memory.h"
#include "runner.h"

/* Is one of the bugs that the deviation is about among the tags of the case? */
static bool is_meant_for(const struct conform_case *c, const struct deviation *deviation)
{
    char bugs[128];
    snprintf(bugs, sizeof(bugs), "%s", deviation->bugs);
    char *rest = bugs;
    for (char *bug; (bug = strsep(&rest, " ")) != NULL;)
        if (*bug != '\0' && case_has_tag(c, bug))
            return true;
    return false;
}

/* What was found first, in one line. */
static void describe(const struct case_result *result, struct selftest_row *row)
{
    const struct finding *first = &result->findings[0];
    for (size_t i = 0; i < result->finding_count; i++)
        if (!result->findings[i].is_note) {
            first = &result->findings[i];
            break;
        }
    row->verdict = result->verdict;
    row->requirement = first->requirement;
    if (first->difference_count > 0) {
        const struct difference *difference = &first->differences[0];
        row->requirement = difference->requirement;
        row->finding =
            memory_format("%s: %s, expected %s", difference->name, difference->actual, difference->expected);
    } else {
        row->finding = memory_format("%s%s%s", finding_words(first->kind),
                                     first->expected != NULL || first->actual != NULL ? ": " : "",
                                     first->expected != NULL ? first->expected
                                     : first->actual != NULL ? first->actual
                                                             : "");
    }
}

static bool is_caught_by(const struct selection *selection, const struct iut_driver *reference,
                         const struct conform_case *c, struct selftest_row *row)
{
    struct deviant_setup setup = {.inner = reference, .deviation = row->deviation};
    struct case_result result;
    runner_run(c, &selection->requirements, &iut_deviant, &setup, &result);
    bool caught = result.verdict == VERDICT_FAIL || result.verdict == VERDICT_NON_STRICT;
    if (caught) {
        row->by = c;
        describe(&result, row);
    }
    result_free(&result);
    return caught;
}

static bool plant(const struct selection *selection, const struct iut_driver *reference,
                  struct selftest_row *row)
{
    for (int meant = 1; meant >= 0; meant--)
        for (size_t i = 0; i < selection->count; i++)
            if (is_meant_for(selection->cases[i], row->deviation) == (meant == 1) &&
                is_caught_by(selection, reference, selection->cases[i], row))
                return true;
    return false;
}

static void run_clean(const struct selection *selection, const struct iut_driver *reference,
                      struct selftest *out)
{
    out->alarms = memory_zeroed(selection->count, sizeof(*out->alarms));
    for (size_t i = 0; i < selection->count; i++) {
        struct case_result *result = &out->alarms[out->false_alarms];
        runner_run(selection->cases[i], &selection->requirements, reference, NULL, result);
        if (result->verdict == VERDICT_PASS)
            result_free(result);
        else
            out->false_alarms++;
    }
}

void selftest_run(const struct selection *selection, const struct iut_driver *reference, struct selftest *out)
{
    *out = (struct selftest){.planted = deviation_count()};
    out->rows = memory_zeroed(out->planted, sizeof(*out->rows));
    run_clean(selection, reference, out);
    for (size_t i = 0; i < out->planted; i++) {
        out->rows[i].deviation = deviation_at(i);
        out->caught += plant(selection, reference, &out->rows[i]);
    }
}

void selftest_free(struct selftest *selftest)
{
    for (size_t i = 0; i < selftest->planted; i++)
        free(selftest->rows[i].finding);
    for (size_t i = 0; i < selftest->false_alarms; i++)
        result_free(&selftest->alarms[i]);
    free(selftest->rows);
    free(selftest->alarms);
    *selftest = (struct selftest){.rows = NULL};
}
