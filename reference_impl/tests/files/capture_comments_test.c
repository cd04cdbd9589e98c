/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Comments of pcapng files: both byte orders, several of one packet, limits, and files cut or changed anywhere. */
#include "files/capture_comments.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "files/capture.h"
#include "scratch.h"

static const uint8_t octets[] = {0x45, 0x00, 0x00, 0x05, 0xee};

/* Three packets, of which the first and the third have comments. */
static const char *commented_file(const char *name, const char *about)
{
    char error[CAPTURE_ERROR_MAX];
    const char *path = scratch_path(name);
    struct capture_writer *writer = capture_create(path, about, error);
    ck_assert_ptr_nonnull(writer);
    capture_write(writer, (struct instant){.us = 1}, span_of(octets, sizeof octets), "one");
    capture_write(writer, (struct instant){.us = 2}, span_of(octets, sizeof octets), NULL);
    capture_write(writer, (struct instant){.us = 3}, span_of(octets, sizeof octets), "three");
    ck_assert(capture_finish(writer, error));
    return path;
}

static void expect(const char *path, const char *file, const char *const frames[], size_t count)
{
    struct capture_comments *c = capture_comments_read(path, count);
    ck_assert_ptr_nonnull(c);
    ck_assert_pstr_eq(capture_comment_of_file(c), file);
    for (size_t i = 0; i < count; i++)
        ck_assert_pstr_eq(capture_comment_of_frame(c, i + 1), frames[i]);
    ck_assert_ptr_null(capture_comment_of_frame(c, count + 1));
    capture_comments_free(c);
}

START_TEST(what_the_writer_wrote)
{
    static const char *const frames[] = {"one", NULL, "three"};
    expect(commented_file("a.pcapng", "all"), "all", frames, 3);
    expect(commented_file("b.pcapng", NULL), NULL, frames, 3);
    expect(commented_file("c.pcapng", "all"), "all", frames, 1); /* the rest is not asked for */
}
END_TEST

START_TEST(packed_with_gzip)
{
    static const char *const frames[] = {"one", NULL, "three"};
    uint8_t buf[1024];
    FILE *file = fopen(commented_file("a.pcapng", "all"), "rb");
    size_t len = fread(buf, 1, sizeof buf, file);
    fclose(file);
    const char *path = scratch_path("a.pcapng.gz");
    gzFile out = gzopen(path, "wb");
    ck_assert_int_eq(gzwrite(out, buf, (unsigned)len), (int)len);
    ck_assert_int_eq(gzclose(out), Z_OK);
    expect(path, "all", frames, 3);
}
END_TEST

/* A big-endian section: an obsolete Packet Block with two comments and another option between them, and a Simple
 * Packet Block, which has no options but counts. */
START_TEST(big_endian_and_other_blocks)
{
    static const uint8_t file[] = {
        0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0, 28, 0x1a, 0x2b, 0x3c, 0x4d, 0, 1, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 28, /* section */
        0, 0, 0, 1, 0, 0, 0, 20, 0, 101, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20,                                                             /* interface */
        0, 0, 0, 3, 0, 0, 0, 20, 0, 0, 0, 1, 0x45, 0, 0, 0, 0, 0, 0, 20,                                                           /* simple */
        0, 0, 0, 2, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0, 1, 0x45, 0, 0, 0, 0, 1, 0, 2, 'h', 'i',
        0, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 1, 0, 3, 'y', 'o', 'u', 0, 0, 0, 0, 0, 0, 0, 0, 64, /* packet, with options 1, 2, 1, 0 */
    };
    static const char *const frames[] = {NULL, "hi\nyou"};
    expect(scratch_file("big.pcapng", file, sizeof file), NULL, frames, 2);
}
END_TEST

START_TEST(files_without_comments)
{
    char error[CAPTURE_ERROR_MAX];
    struct capture_writer *writer = capture_create(scratch_path("a.pcapng"), NULL, error);
    capture_write(writer, (struct instant){.us = 1}, span_of(octets, sizeof octets), NULL);
    ck_assert(capture_finish(writer, error));
    ck_assert_ptr_null(capture_comments_read(scratch_path("a.pcapng"), 9));
    ck_assert_ptr_null(capture_comments_read(scratch_path("missing"), 9));
    ck_assert_ptr_null(capture_comments_read(scratch_file("empty", "", 0), 9));
    ck_assert_ptr_null(capture_comments_read(scratch_file("a.pcap", "\xd4\xc3\xb2\xa1", 4), 9));
    ck_assert_ptr_null(capture_comments_read("-", 9));
    ck_assert_ptr_null(capture_comments_read("/dev/zero", 9));
    ck_assert_ptr_null(capture_comments_read(scratch_folder, 9));
    ck_assert_ptr_null(capture_comment_of_frame(NULL, 1));
}
END_TEST

START_TEST(long_comments_are_cut)
{
    char error[CAPTURE_ERROR_MAX];
    char *text = calloc(1, 60001);
    memset(text, 'x', 60000);
    struct capture_writer *writer = capture_create(scratch_path("a.pcapng"), NULL, error);
    for (size_t i = 0; i < 2000; i++)
        capture_write(writer, (struct instant){.us = 1}, span_of(octets, sizeof octets), text);
    ck_assert(capture_finish(writer, error));
    struct capture_comments *c = capture_comments_read(scratch_path("a.pcapng"), 2000);
    ck_assert_ptr_nonnull(c);
    ck_assert_uint_eq(strlen(capture_comment_of_frame(c, 1)), CAPTURE_COMMENT_MAX - 1);
    ck_assert_ptr_nonnull(capture_comment_of_frame(c, CAPTURE_COMMENTS_MAX / CAPTURE_COMMENT_MAX));
    ck_assert_ptr_null(capture_comment_of_frame(c, CAPTURE_COMMENTS_MAX / CAPTURE_COMMENT_MAX + 1));
    capture_comments_free(c);
    free(text);
}
END_TEST

/* Cut anywhere, and with every octet changed: what is given is never more than three frames' and the file's. */
START_TEST(damage)
{
    static const uint8_t values[] = {0, 1, 0x7f, 0x80, 0xff};
    uint8_t buf[1024];
    FILE *file = fopen(commented_file("a.pcapng", "all"), "rb");
    size_t len = fread(buf, 1, sizeof buf, file), whole = 0;
    fclose(file);
    for (size_t cut = 0; cut <= len; cut++) {
        struct capture_comments *c = capture_comments_read(scratch_file("cut", buf, cut), 99);
        whole += c != NULL && capture_comment_of_frame(c, 3) != NULL;
        capture_comments_free(c);
    }
    ck_assert_uint_eq(whole, 1);
    for (size_t at = 0; at < len; at++)
        for (size_t i = 0; i < sizeof values; i++) {
            uint8_t had = buf[at];
            buf[at] = values[i];
            struct capture_comments *c = capture_comments_read(scratch_file("bad", buf, len), 99);
            ck_assert_ptr_null(capture_comment_of_frame(c, 4));
            capture_comments_free(c);
            buf[at] = had;
        }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("capture_comments");
    TCase *cases = tcase_create("pcapng");
    tcase_add_checked_fixture(cases, scratch_make, scratch_remove);
    tcase_add_test(cases, what_the_writer_wrote);
    tcase_add_test(cases, packed_with_gzip);
    tcase_add_test(cases, big_endian_and_other_blocks);
    tcase_add_test(cases, files_without_comments);
    tcase_add_test(cases, long_comments_are_cut);
    tcase_add_test(cases, damage);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
