/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The copy of a kernel's routing table: which of several routes counts, and what a new telling leaves out. */
#include "drivers/live/mirror.h"

#include <check.h>

#include "tests/suite.h"

#define TABLE 254

static struct kernel_change route(const char *prefix, unsigned device, uint32_t metric)
{
    struct kernel_change change = {
        .kind = KERNEL_ROUTE_ADDED, .device = device, .metric = metric, .table = TABLE, .unicast = true};
    ck_assert(prefix_parse(prefix, &change.prefix));
    return change;
}

static struct kernel_change gone(const char *prefix, uint32_t metric)
{
    struct kernel_change change = route(prefix, 0, metric);
    change.kind = KERNEL_ROUTE_REMOVED;
    return change;
}

static struct mirror_route taken(struct mirror *mirror, struct kernel_change change)
{
    struct mirror_route out;
    ck_assert(mirror_take(mirror, &change, &out));
    ck_assert(prefix_equal(out.prefix, change.prefix));
    return out;
}

START_TEST(the_lowest_metric_counts)
{
    struct mirror *mirror = mirror_create(TABLE);
    ck_assert_uint_eq(taken(mirror, route("10.1.0.0/16", 3, 20)).device, 3);
    ck_assert_uint_eq(taken(mirror, route("10.1.0.0/16", 5, 100)).device, 3);
    ck_assert_uint_eq(taken(mirror, route("10.1.0.0/16", 4, 10)).device, 4);
    ck_assert_uint_eq(taken(mirror, gone("10.1.0.0/16", 10)).device, 3);
    ck_assert_uint_eq(taken(mirror, gone("10.1.0.0/16", 20)).device, 5);
    ck_assert(!taken(mirror, gone("10.1.0.0/16", 100)).present);
    ck_assert_uint_eq(mirror_count(mirror), 0);
    mirror_free(mirror);
}
END_TEST

START_TEST(a_route_that_is_told_again_replaces_itself)
{
    struct mirror *mirror = mirror_create(TABLE);
    taken(mirror, route("10.1.0.0/16", 3, 0));
    ck_assert_uint_eq(taken(mirror, route("10.1.0.0/16", 7, 0)).device, 7);
    ck_assert(!taken(mirror, gone("10.1.0.0/16", 0)).present);
    mirror_free(mirror);
}
END_TEST

START_TEST(a_route_that_leads_nowhere_is_none)
{
    struct mirror *mirror = mirror_create(TABLE);
    struct kernel_change blackhole = route("10.1.0.0/16", 3, 0);
    struct mirror_route out;
    blackhole.unicast = false;
    ck_assert(!mirror_take(mirror, &blackhole, &out));
    taken(mirror, route("10.1.0.0/16", 3, 0));
    ck_assert(!taken(mirror, blackhole).present);
    mirror_free(mirror);
}
END_TEST

START_TEST(other_tables_and_addresses_are_left_out)
{
    struct mirror *mirror = mirror_create(TABLE);
    struct mirror_route out;
    struct kernel_change other = route("10.1.0.0/16", 3, 0);
    struct kernel_change multicast = route("224.0.0.0/4", 3, 0);
    struct kernel_change link_local = route("fe80::/64", 3, 0);
    struct kernel_change unknown = gone("10.9.0.0/16", 0);
    other.table = 2332;
    ck_assert(!mirror_take(mirror, &other, &out));
    ck_assert(!mirror_take(mirror, &multicast, &out));
    ck_assert(!mirror_take(mirror, &link_local, &out));
    ck_assert(!mirror_take(mirror, &unknown, &out));
    ck_assert_uint_eq(mirror_count(mirror), 0);
    mirror_free(mirror);
}
END_TEST

START_TEST(what_is_not_told_again_is_swept_out)
{
    struct mirror *mirror = mirror_create(TABLE);
    struct mirror_route out;
    taken(mirror, route("10.1.0.0/16", 3, 0));
    taken(mirror, route("10.2.0.0/16", 3, 10));
    taken(mirror, route("10.2.0.0/16", 4, 20));
    taken(mirror, route("10.3.0.0/16", 3, 0));
    mirror_begin(mirror);
    taken(mirror, route("10.1.0.0/16", 3, 0));
    taken(mirror, route("10.2.0.0/16", 4, 20));
    unsigned gone_count = 0, changed_count = 0;
    while (mirror_sweep(mirror, &out)) {
        gone_count += !out.present;
        changed_count += out.present && out.device == 4;
    }
    ck_assert_uint_eq(gone_count, 1);
    ck_assert_uint_eq(changed_count, 1);
    ck_assert_uint_eq(mirror_count(mirror), 2);
    mirror_free(mirror);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_lowest_metric_counts,
        a_route_that_is_told_again_replaces_itself,
        a_route_that_leads_nowhere_is_none,
        other_tables_and_addresses_are_left_out,
        what_is_not_told_again_is_swept_out,
        NULL,
    };
    return suite_run_tests("mirror", tests);
}
