/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading captures: what libpcap gives, and one clear line for every kind of damaged file. */
#include "files/capture.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "scratch.h"

/* A pcap file, little-endian, microseconds, raw IP, with two packets of three octets. */
static const uint8_t two_packets[] = {
    0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 101, 0, 0, 0, /* header */
    10,   0,    0,    0,    5, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, 0x45, 1,    2, /* at 10.000005 */
    11,   0,    0,    0,    6, 0, 0, 0, 3, 0, 0, 0, 9, 0, 0, 0, 0x60, 1,    2, /* cut from 9 */
};

static void read_all(const char *path, int last, unsigned frames, const char *words)
{
    char error[CAPTURE_ERROR_MAX] = "";
    struct capture_frame frame;
    struct capture_reader *reader = capture_open(path, error);
    int got = reader ? 1 : -1;
    unsigned count = 0;
    while (reader && (got = capture_read(reader, &frame, error)) == 1)
        count++;
    capture_close(reader);
    ck_assert_int_eq(got, last);
    ck_assert_uint_eq(count, frames);
    ck_assert_msg(strncmp(error, last < 0 ? path : "", last < 0 ? strlen(path) : 0) == 0, "no path: %s",
                  error);
    ck_assert_msg(strstr(error, words) != NULL, "'%s' not in '%s'", words, error);
    ck_assert_ptr_null(strchr(error, '\n'));
}

START_TEST(frames_with_times_lengths_and_numbers)
{
    char error[CAPTURE_ERROR_MAX];
    struct capture_frame frame;
    struct capture_reader *reader =
        capture_open(scratch_file("a.pcap", two_packets, sizeof two_packets), error);
    ck_assert_ptr_nonnull(reader);
    ck_assert_int_eq(capture_read(reader, &frame, error), 1);
    ck_assert_uint_eq(frame.number, 1);
    ck_assert_int_eq(frame.at.us, 10000005);
    ck_assert_int_eq(frame.link_type, CAPTURE_LINK_RAW);
    ck_assert_uint_eq(frame.wire_len, 3);
    ck_assert_uint_eq(frame.bytes.len, 3);
    ck_assert_uint_eq(frame.bytes.data[0], 0x45);
    ck_assert_int_eq(capture_read(reader, &frame, error), 1);
    ck_assert_uint_eq(frame.number, 2);
    ck_assert_uint_eq(frame.wire_len, 9);
    ck_assert_uint_eq(frame.bytes.len, 3);
    ck_assert_int_eq(capture_read(reader, &frame, error), 0);
    capture_close(reader);
}
END_TEST

START_TEST(a_file_cut_anywhere_is_reported)
{
    /* 24 octets are the file header alone: a capture without packets. 43 end after the first packet. */
    for (size_t len = 0; len < sizeof two_packets; len++) {
        const char *path = scratch_file("cut.pcap", two_packets, len);
        if (len == 24 || len == 43)
            read_all(path, 0, len == 43, "");
        else
            read_all(path, -1, len > 43, "truncated");
    }
}
END_TEST

START_TEST(what_is_no_capture_is_reported)
{
    static const char text[] = "nodes:\n  - name: hub\n    nbma: 192.0.2.1\n";
    uint8_t lying[sizeof two_packets];
    memcpy(lying, two_packets, sizeof lying);
    lying[35] = 0x7f; /* a captured length of two thousand million octets */
    read_all(scratch_file("text.yaml", text, sizeof text), -1, 0, "unknown file format");
    read_all(scratch_file("lying.pcap", lying, sizeof lying), -1, 0, "after frame 0");
    read_all(scratch_path("missing.pcap"), -1, 0, "No such file");
    read_all(scratch_folder, -1, 0, "directory");
}
END_TEST

START_TEST(times_out_of_range_are_refused)
{
    /* pcapng: an interface with a resolution of one second and a packet at 2^63 seconds. */
    static const uint8_t far[] = {
        0x0a, 0x0d, 0x0d, 0x0a, 28,   0,  0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0,  0, 0,    0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 28, 0, 0, 0, /* section */
        1,    0,    0,    0,    32,   0,  0, 0, 101,  0,    0,    0,    0, 0,  0, 0,    9,    0,    1,
        0,    0,    0,    0,    0,    0,  0, 0, 0,    32,   0,    0,    0, /* interface */
        6,    0,    0,    0,    36,   0,  0, 0, 0,    0,    0,    0,    0, 0,  0, 0x80, 0,    0,    0,
        0,    3,    0,    0,    0,    3,  0, 0, 0,    0x45, 1,    2,    0, 36, 0, 0,    0, /* packet */
    };
    read_all(scratch_file("far.pcapng", far, sizeof far), -1, 0, "frame 1: its time is out of range");
}
END_TEST

/* The capture packed: its octets and how many. */
static size_t packed(uint8_t *buf, size_t cap)
{
    const char *path = scratch_path("packed.gz");
    gzFile out = gzopen(path, "wb");
    ck_assert_ptr_nonnull(out);
    ck_assert_int_eq(gzwrite(out, two_packets, sizeof two_packets), (int)sizeof two_packets);
    ck_assert_int_eq(gzclose(out), Z_OK);
    FILE *in = fopen(path, "rb");
    ck_assert_ptr_nonnull(in);
    size_t len = fread(buf, 1, cap, in);
    fclose(in);
    return len;
}

START_TEST(a_packed_capture_reads_like_a_plain_one)
{
    uint8_t buf[512];
    size_t len = packed(buf, sizeof buf);
    read_all(scratch_file("a.pcap.gz", buf, len), 0, 2, "");
    read_all(scratch_file("no-suffix", buf, len), 0, 2, "");
}
END_TEST

START_TEST(a_packed_capture_that_is_damaged_is_reported)
{
    uint8_t buf[512];
    size_t len = packed(buf, sizeof buf);
    char error[CAPTURE_ERROR_MAX];
    struct capture_frame frame;
    for (size_t cut = 0; cut < len; cut++) {
        struct capture_reader *reader = capture_open(scratch_file("cut.gz", buf, cut), error);
        int got = reader ? 1 : -1;
        while (reader && got == 1)
            got = capture_read(reader, &frame, error);
        capture_close(reader);
        ck_assert_msg(got == -1, "cut to %zu octets: %d", cut, got);
    }
    buf[len - 8] ^= 1; /* the check value over the data */
    read_all(scratch_file("wrong.gz", buf, len), -1, 0, "incorrect data check");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("capture");
    TCase *cases = tcase_create("reader");
    tcase_add_checked_fixture(cases, scratch_make, scratch_remove);
    tcase_add_test(cases, frames_with_times_lengths_and_numbers);
    tcase_add_test(cases, a_file_cut_anywhere_is_reported);
    tcase_add_test(cases, what_is_no_capture_is_reported);
    tcase_add_test(cases, times_out_of_range_are_refused);
    tcase_add_test(cases, a_packed_capture_reads_like_a_plain_one);
    tcase_add_test(cases, a_packed_capture_that_is_damaged_is_reported);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
