/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Request ids from one run to the next (RFC 2332 section 5.2.3). */
#include "drivers/live/state.h"

#include <check.h>
#include <string.h>
#include <unistd.h>

#include "tests/files/scratch.h"
#include "tests/suite.h"

static struct identity myself(void)
{
    return (struct identity){.user = getuid(), .group = getgid()};
}

static uint32_t opened(struct state *state)
{
    uint32_t first;
    ck_assert(state_open(state, scratch_folder, "t", myself(), &first));
    return first;
}

START_TEST(the_first_start_begins_at_one)
{
    struct state state;
    scratch_make();
    ck_assert_uint_eq(opened(&state), 1);
    state_close(&state, 7);
    ck_assert_uint_eq(opened(&state), 7);
    state_close(&state, 7);
    scratch_remove();
}
END_TEST

START_TEST(a_crash_repeats_no_id)
{
    struct state state;
    uint32_t used = 0;
    scratch_make();
    uint32_t first = opened(&state);
    for (uint32_t next = first; next < first + 5000; next++) {
        state_note(&state, next);
        used = next;
    }
    close(state.fd); /* as the kernel does for a process that is killed */
    ck_assert_uint_gt(opened(&state), used);
    state_close(&state, 1);
    scratch_remove();
}
END_TEST

START_TEST(a_damaged_file_is_begun_anew)
{
    struct state state;
    scratch_make();
    scratch_file("t.request-id", "nonsense\n\n\n\n\n", 13);
    ck_assert_uint_eq(opened(&state), 1);
    state_close(&state, 12);
    ck_assert_uint_eq(opened(&state), 12);
    state_close(&state, 12);
    scratch_remove();
}
END_TEST

START_TEST(without_a_folder_ids_are_unlikely_to_repeat)
{
    struct state state;
    uint32_t first = 0;
    ck_assert(!state_open(&state, "/proc/nonexistent", "t", myself(), &first));
    ck_assert_uint_gt(first, 1000000);
    state_note(&state, first + 100000);
    state_close(&state, first);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_first_start_begins_at_one,
        a_crash_repeats_no_id,
        a_damaged_file_is_begun_anew,
        without_a_folder_ids_are_unlikely_to_repeat,
        NULL,
    };
    return suite_run_tests("state", tests);
}
