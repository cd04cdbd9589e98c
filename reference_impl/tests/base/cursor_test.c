/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cursor.h"
#include "tests/suite.h"

#include <string.h>

static const uint8_t octets[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

START_TEST(test_reads_network_order)
{
    struct reader r = reader_of(span_of(octets, sizeof octets));
    ck_assert_uint_eq(reader_u8(&r), 1);
    ck_assert_uint_eq(reader_u16(&r), 0x0203);
    ck_assert_uint_eq(reader_u32(&r), 0x04050607);
    ck_assert_uint_eq(reader_u64(&r), UINT64_C(0x08090a0b0c0d0e0f));
    ck_assert_uint_eq(reader_left(&r), 1);
    ck_assert(span_equal(reader_rest(&r), span_of(octets + 15, 1)));
    ck_assert_uint_eq(reader_left(&r), 0);
    ck_assert(!r.failed);
}
END_TEST

START_TEST(test_reader_failure_is_sticky_and_says_where)
{
    struct reader r = reader_of(span_of(octets, 5));
    reader_u16(&r);
    ck_assert_uint_eq(reader_u32(&r), 0);
    ck_assert(r.failed);
    ck_assert_uint_eq(r.failed_at, 2);
    ck_assert_uint_eq(reader_u8(&r), 0); /* it would have fitted */
    ck_assert_uint_eq(reader_span(&r, 1).len, 0);
    ck_assert_uint_eq(reader_rest(&r).len, 0);
    ck_assert_uint_eq(reader_left(&r), 0);
    ck_assert_uint_eq(r.failed_at, 2);
}
END_TEST

START_TEST(test_reader_takes_no_length_on_trust)
{
    struct reader r = reader_of(span_of(octets, 5));
    reader_u8(&r);
    ck_assert_ptr_null(reader_span(&r, SIZE_MAX).data);
    ck_assert(r.failed);
    ck_assert_uint_eq(r.failed_at, 1);
}
END_TEST

START_TEST(test_reader_of_nothing)
{
    struct reader r = reader_of((struct span){0});
    ck_assert_uint_eq(reader_span(&r, 0).len, 0);
    ck_assert(!r.failed);
    reader_u8(&r);
    ck_assert(r.failed);
}
END_TEST

START_TEST(test_writes_network_order)
{
    uint8_t buf[18];
    struct writer w = writer_of(buf, sizeof buf);
    writer_u8(&w, 1);
    writer_u16(&w, 0x0203);
    writer_u32(&w, 0x04050607);
    writer_u64(&w, UINT64_C(0x08090a0b0c0d0e0f));
    writer_span(&w, span_of(octets + 15, 1));
    writer_span(&w, (struct span){0});
    writer_zeros(&w, 2);
    struct span out;
    ck_assert(writer_done(&w, &out));
    ck_assert_uint_eq(out.len, 18);
    ck_assert(span_equal(span_of(out.data, 16), span_of(octets, 16)));
    ck_assert_uint_eq(buf[16] + buf[17], 0);
}
END_TEST

START_TEST(test_writer_failure_is_sticky_and_leaves_nothing)
{
    uint8_t buf[4];
    memset(buf, 0xee, sizeof buf);
    struct writer w = writer_of(buf, 3);
    writer_u16(&w, 1);
    writer_u16(&w, 2);
    writer_u8(&w, 3); /* it would have fitted */
    struct span out = {octets, 1};
    ck_assert(!writer_done(&w, &out));
    ck_assert_uint_eq(out.len, 0);
    ck_assert_ptr_null(out.data);
    ck_assert_uint_eq(buf[2], 0xee);
    ck_assert_uint_eq(buf[3], 0xee);
}
END_TEST

START_TEST(test_patch_stays_inside_what_is_written)
{
    uint8_t buf[8];
    struct writer w = writer_of(buf, sizeof buf);
    writer_u32(&w, 0);
    writer_patch_u16(&w, 2, 0xabcd);
    struct span out;
    ck_assert(writer_done(&w, &out));
    ck_assert_uint_eq(buf[2] << 8 | buf[3], 0xabcd);
    writer_patch_u16(&w, 3, 1);
    ck_assert(!writer_done(&w, &out));

    w = writer_of(buf, sizeof buf);
    writer_u8(&w, 0);
    writer_patch_u16(&w, 0, 1);
    ck_assert(w.failed);
}
END_TEST

START_TEST(test_span_equality)
{
    ck_assert(span_equal((struct span){0}, span_of(octets, 0)));
    ck_assert(!span_equal(span_of(octets, 2), span_of(octets, 3)));
    ck_assert(!span_equal(span_of(octets, 2), span_of(octets + 1, 2)));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_reads_network_order,
                                  test_reader_failure_is_sticky_and_says_where,
                                  test_reader_takes_no_length_on_trust,
                                  test_reader_of_nothing,
                                  test_writes_network_order,
                                  test_writer_failure_is_sticky_and_leaves_nothing,
                                  test_patch_stays_inside_what_is_written,
                                  test_span_equality,
                                  NULL};
    return suite_run_tests("cursor", tests);
}
