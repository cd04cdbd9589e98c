/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing pcapng: the exact octets, reading back, and no file left behind when something goes wrong. */
#include "files/capture.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "scratch.h"

static const uint8_t packet_octets[] = {0x45, 0x00, 0x00, 0x05, 0xee};

static size_t slurp(const char *path, uint8_t *buf, size_t cap)
{
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    size_t len = fread(buf, 1, cap, file);
    fclose(file);
    return len;
}

static struct span packet(void)
{
    return span_of(packet_octets, sizeof packet_octets);
}

START_TEST(the_octets_are_these)
{
    static const uint8_t
        expected[] =
            {
                0x0a, 0x0d, 0x0d, 0x0a, 40,   0,    0,    0,    0x4d, 0x3c, 0x2b, 0x1a, 1,   0,
                0,    0, /* section header */
                0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1,    0,    3,    0,    'a', 'l',
                'l',  0,    0,    0,    0,    0,    40,   0,    0,    0, /* its comment */
                1,    0,    0,    0,    20,   0,    0,    0,    101,  0,    0,    0,    0,   0,
                4,    0,    20,   0,    0,    0,    6,    0,    0,    0,    52,   0,    0,   0,
                0,    0,    0,    0, /* first packet */
                0x01, 0x02, 0x03, 0x00, 0x07, 0x06, 0x05, 0x04, 5,    0,    0,    0,    5,   0,
                0,    0,    0x45, 0x00, 0x00, 0x05, 0xee, 0,    0,    0,    1,    0,    2,   0,
                'h',  'i',  0,    0,    0,    0,    0,    0,    52,   0,    0,    0,    6,   0,
                0,    0,    40,   0,    0,    0,    0,    0,    0,    0, /* second, no comment */
                0x01, 0x02, 0x03, 0x00, 0x08, 0x06, 0x05, 0x04, 5,    0,    0,    0,    5,   0,
                0,    0,    0x45, 0x00, 0x00, 0x05, 0xee, 0,    0,    0,    40,   0,    0,   0,
            };
    char error[CAPTURE_ERROR_MAX];
    uint8_t got[512];
    const char *path = scratch_path("out.pcapng");
    struct capture_writer *writer = capture_create(path, "all", error);
    ck_assert_ptr_nonnull(writer);
    capture_write(writer, (struct instant){.us = 0x0003020104050607}, packet(), "hi");
    capture_write(writer, (struct instant){.us = 0x0003020104050608}, packet(), NULL);
    ck_assert(capture_finish(writer, error));
    ck_assert_uint_eq(slurp(path, got, sizeof got), sizeof expected);
    ck_assert_mem_eq(got, expected, sizeof expected);
    ck_assert_uint_eq(scratch_count(), 1);
}
END_TEST

START_TEST(what_was_written_reads_back)
{
    char error[CAPTURE_ERROR_MAX];
    const char *path = scratch_path("out.pcapng");
    struct capture_frame frame;
    uint16_t ethertype;
    struct span inside;
    struct capture_writer *writer = capture_create(path, NULL, error);
    ck_assert_ptr_nonnull(writer);
    for (int64_t i = 0; i < 3; i++)
        capture_write(writer, (struct instant){.us = 1767225600 * US_PER_S + i}, packet(), "a comment");
    ck_assert(capture_finish(writer, error));

    struct capture_reader *reader = capture_open(path, error);
    ck_assert_msg(reader != NULL, "%s", error);
    for (int64_t i = 0; i < 3; i++) {
        ck_assert_int_eq(capture_read(reader, &frame, error), 1);
        ck_assert_int_eq(frame.at.us, 1767225600 * US_PER_S + i);
        ck_assert(capture_packet(&frame, &ethertype, &inside));
        ck_assert_uint_eq(ethertype, 0x0800);
        ck_assert(span_equal(inside, packet()));
    }
    ck_assert_int_eq(capture_read(reader, &frame, error), 0);
    capture_close(reader);
}
END_TEST

START_TEST(long_comments_are_cut_between_characters)
{
    /* 65534 letters and then a character of two octets, which must go whole or not at all. */
    char error[CAPTURE_ERROR_MAX];
    const char *path = scratch_path("out.pcapng");
    char *comment = malloc(65537);
    uint8_t *got = malloc(70000);
    memset(comment, 'x', 65534);
    memcpy(comment + 65534, "\xc2\xa7", 3);
    struct capture_writer *writer = capture_create(path, comment, error);
    ck_assert_ptr_nonnull(writer);
    ck_assert(capture_finish(writer, error));
    ck_assert_uint_gt(slurp(path, got, 70000), 65534);
    ck_assert_uint_eq(got[26] | got[27] << 8, 65534);
    free(comment);
    free(got);
}
END_TEST

START_TEST(an_older_file_stays_until_the_new_one_is_whole)
{
    char error[CAPTURE_ERROR_MAX];
    uint8_t got[512];
    const char *path = scratch_file("out.pcapng", "old", 3);
    struct capture_writer *writer = capture_create(path, NULL, error);
    ck_assert_ptr_nonnull(writer);
    ck_assert_uint_eq(slurp(path, got, sizeof got), 3);
    capture_abandon(writer);
    ck_assert_uint_eq(slurp(path, got, sizeof got), 3);
    ck_assert_uint_eq(scratch_count(), 1);
    writer = capture_create(path, NULL, error);
    ck_assert(capture_finish(writer, error));
    ck_assert_uint_eq(slurp(path, got, sizeof got), 48);
    ck_assert_uint_eq(scratch_count(), 1);
}
END_TEST

START_TEST(a_bad_packet_spoils_the_file_and_leaves_nothing)
{
    char error[CAPTURE_ERROR_MAX];
    uint8_t *big = calloc(1, 262145);
    for (int i = 0; i < 2; i++) {
        struct capture_writer *writer = capture_create(scratch_path("out.pcapng"), NULL, error);
        ck_assert_ptr_nonnull(writer);
        if (i == 0)
            capture_write(writer, (struct instant){0}, span_of(big, 262145), NULL);
        else
            capture_write(writer, (struct instant){.us = -1}, packet(), NULL);
        ck_assert(!capture_finish(writer, error));
        ck_assert_ptr_nonnull(strstr(error, "out.pcapng: cannot write: "));
        ck_assert_uint_eq(scratch_count(), 0);
    }
    free(big);
}
END_TEST

START_TEST(errors_of_the_file_system)
{
    char error[CAPTURE_ERROR_MAX];
    ck_assert_ptr_null(capture_create(scratch_path("no/such/folder.pcapng"), NULL, error));
    ck_assert_ptr_nonnull(strstr(error, "cannot create: No such file or directory"));
    ck_assert_ptr_null(capture_create(scratch_folder, NULL, error));
    ck_assert_ptr_nonnull(strstr(error, "cannot create: Is a directory"));
    struct capture_writer *writer = capture_create("/dev/full", NULL, error);
    ck_assert_ptr_nonnull(writer);
    ck_assert(!capture_finish(writer, error));
    ck_assert_str_eq(error, "/dev/full: cannot write: No space left on device");
}
END_TEST

START_TEST(a_device_is_written_to_not_replaced)
{
    char error[CAPTURE_ERROR_MAX];
    struct stat status;
    struct capture_writer *writer = capture_create("/dev/null", NULL, error);
    ck_assert_ptr_nonnull(writer);
    ck_assert(capture_finish(writer, error));
    ck_assert_int_eq(stat("/dev/null", &status), 0);
    ck_assert(S_ISCHR(status.st_mode));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("capture_writer");
    TCase *cases = tcase_create("pcapng");
    tcase_add_checked_fixture(cases, scratch_make, scratch_remove);
    tcase_add_test(cases, the_octets_are_these);
    tcase_add_test(cases, what_was_written_reads_back);
    tcase_add_test(cases, long_comments_are_cut_between_characters);
    tcase_add_test(cases, an_older_file_stays_until_the_new_one_is_whole);
    tcase_add_test(cases, a_bad_packet_spoils_the_file_and_leaves_nothing);
    tcase_add_test(cases, errors_of_the_file_system);
    tcase_add_test(cases, a_device_is_written_to_not_replaced);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
