/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/rip_table.h"
#include "tests/suite.h"

#define ROUTES 100

static struct rip_table table;

static struct prefix prefix_number(unsigned i)
{
    return prefix_of(addr_ipv4(10, (uint8_t)i, 0, 0), 16);
}

static struct instant at(int64_t us)
{
    return (struct instant){us};
}

static struct rip_route *add(unsigned i)
{
    struct rip_route *route = rip_table_add(&table, prefix_number(i), RIP_ROUTE_VALID, at(i));
    ck_assert_ptr_nonnull(route);
    return route;
}

START_TEST(test_found_and_walked_in_order)
{
    rip_table_init(&table, ROUTES, 1);
    for (unsigned i = 0; i < ROUTES; i++)
        add(i);
    ck_assert_ptr_null(rip_table_add(&table, prefix_number(ROUTES), RIP_ROUTE_VALID, at(0)));
    unsigned walked = 0;
    for (struct rip_route *route = NULL; (route = rip_table_next(&table, route)); walked++) {
        ck_assert(prefix_equal(route->entry.prefix, prefix_number(walked)));
        ck_assert_ptr_eq(rip_table_find(&table, prefix_number(walked)), route);
    }
    ck_assert_uint_eq(walked, ROUTES);
    ck_assert_ptr_null(rip_table_find(&table, prefix_number(ROUTES)));
    rip_table_free(&table);
}
END_TEST

START_TEST(test_first_due_of_each_state)
{
    rip_table_init(&table, ROUTES, 1);
    struct rip_route *a = add(1), *b = add(2), *c = add(3);
    ck_assert_ptr_eq(rip_table_first_due(&table, RIP_ROUTE_VALID), a);
    ck_assert_ptr_null(rip_table_first_due(&table, RIP_ROUTE_GONE));
    rip_table_set_state(&table, a, RIP_ROUTE_VALID, at(4));
    ck_assert_ptr_eq(rip_table_first_due(&table, RIP_ROUTE_VALID), b);
    rip_table_set_state(&table, b, RIP_ROUTE_GONE, at(9));
    ck_assert_ptr_eq(rip_table_first_due(&table, RIP_ROUTE_VALID), c);
    ck_assert_ptr_eq(rip_table_first_due(&table, RIP_ROUTE_GONE), b);
    rip_table_remove(&table, c);
    ck_assert_ptr_eq(rip_table_first_due(&table, RIP_ROUTE_VALID), a);
    rip_table_remove(&table, a);
    ck_assert_ptr_null(rip_table_first_due(&table, RIP_ROUTE_VALID));
    rip_table_free(&table);
}
END_TEST

START_TEST(test_reports_once_each_and_in_order)
{
    rip_table_init(&table, ROUTES, 1);
    struct rip_route *a = add(1), *b = add(2), *c = add(3);
    rip_table_report(&table, b);
    rip_table_report(&table, a);
    rip_table_report(&table, b);
    rip_table_report(&table, c);
    rip_table_remove(&table, a);
    ck_assert_ptr_eq(rip_table_take_report(&table), b);
    rip_table_report(&table, b);
    ck_assert_ptr_eq(rip_table_take_report(&table), c);
    ck_assert_ptr_eq(rip_table_take_report(&table), b);
    ck_assert_ptr_null(rip_table_take_report(&table));
    rip_table_free(&table);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_found_and_walked_in_order,
        test_first_due_of_each_state,
        test_reports_once_each_and_in_order,
        NULL,
    };
    return suite_run_tests("rip_table", tests);
}
