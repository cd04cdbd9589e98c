/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Request ids from one run to the next (RFC 2332 section 5.2.3). */
#include "drivers/live/state.h"

#include <check.h>
#include <string.h>
#include <sys/stat.h>
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

/* What a service manager has made belongs to root, who is no more when a reload adds a tunnel. */
START_TEST(a_folder_of_ours_alone_becomes_the_owners)
{
    const struct identity nobody = {.user = 65534, .group = 65534};
    struct state state;
    struct stat folder, file;
    uint32_t first;
    uid_t expected = getuid() == 0 ? nobody.user : getuid();
    scratch_make();
    for (int run = 0; run < 2; run++) {
        ck_assert(state_open(&state, scratch_folder, run ? "again" : "t", nobody, &first));
        state_close(&state, 1);
        ck_assert_int_eq(stat(scratch_folder, &folder), 0);
        ck_assert_int_eq(stat(scratch_path("t.request-id"), &file), 0);
        ck_assert_uint_eq(folder.st_uid, expected);
        ck_assert_uint_eq(file.st_uid, expected);
        ck_assert_int_eq(chown(scratch_folder, getuid(), getgid()), 0);
    }
    scratch_file("something-else", "x", 1);
    ck_assert(state_open(&state, scratch_folder, "t", nobody, &first));
    state_close(&state, 1);
    ck_assert_int_eq(stat(scratch_folder, &folder), 0);
    ck_assert_uint_eq(folder.st_uid, getuid());
    scratch_remove();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_first_start_begins_at_one,
        a_crash_repeats_no_id,
        a_damaged_file_is_begun_anew,
        a_folder_of_ours_alone_becomes_the_owners,
        without_a_folder_ids_are_unlikely_to_repeat,
        NULL,
    };
    return suite_run_tests("state", tests);
}
