/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/random.h"
#include "engine/routes.h"
#include "suite.h"

static struct routes routes;

static struct prefix prefix(const char *text)
{
    struct prefix p;
    ck_assert(prefix_parse(text, &p));
    return p;
}

static struct addr addr(const char *text)
{
    struct addr a;
    ck_assert(addr_parse(text, &a));
    return a;
}

static void add(const char *text, enum route_kind kind)
{
    ck_assert_ptr_nonnull(routes_add(&routes, prefix(text), kind, (struct addr){0}));
}

static void setup_routes(void)
{
    routes_init(&routes, 100, 3);
}

START_TEST(longest_prefix_wins)
{
    setup_routes();
    add("0.0.0.0/0", ROUTE_VIA);
    add("10.0.0.0/8", ROUTE_VIA);
    add("10.1.0.0/16", ROUTE_HOST_SIDE);
    add("10.1.2.3/32", ROUTE_TUNNEL);
    add("2001:db8::/32", ROUTE_VIA);
    add("2001:db8:1::/48", ROUTE_HOST_SIDE);
    static const struct {
        const char *to;
        unsigned len;
    } wanted[] = {{"10.1.2.3", 32}, {"10.1.2.4", 16},      {"10.2.0.1", 8},
                  {"192.0.2.1", 0}, {"2001:db8:1::9", 48}, {"2001:db8:2::9", 32}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        ck_assert_uint_eq(routes_for_data(&routes, addr(wanted[i].to))->entry.prefix.len, wanted[i].len);
    ck_assert_ptr_null(routes_for_data(&routes, addr("2001:db9::1"))); /* IPv4's default is not IPv6's */
    ck_assert(routes_remove(&routes, prefix("10.1.0.0/16"), ROUTE_VIA));
    ck_assert(!routes_remove(&routes, prefix("10.1.0.0/16"), ROUTE_VIA));
    ck_assert_uint_eq(routes_for_data(&routes, addr("10.1.2.4"))->entry.prefix.len, 8);
    routes_free(&routes);
}
END_TEST

START_TEST(requests_take_no_shortcut)
{
    setup_routes();
    add("10.0.0.0/8", ROUTE_VIA);
    add("10.12.0.0/24", ROUTE_SHORTCUT);
    ck_assert_int_eq(routes_for_data(&routes, addr("10.12.0.5"))->kind, ROUTE_SHORTCUT);
    ck_assert_int_eq(routes_for_requests(&routes, addr("10.12.0.5"))->kind, ROUTE_VIA);
    add("10.12.0.0/24", ROUTE_VIA); /* a shortcut wins over a route of its own length, ... */
    ck_assert_int_eq(routes_for_data(&routes, addr("10.12.0.5"))->kind, ROUTE_SHORTCUT);
    ck_assert_uint_eq(routes_for_requests(&routes, addr("10.12.0.5"))->entry.prefix.len, 24);
    add("10.12.0.0/24", ROUTE_HOST_SIDE); /* ... but not over what is behind us */
    ck_assert_int_eq(routes_for_data(&routes, addr("10.12.0.5"))->kind, ROUTE_HOST_SIDE);
    ck_assert_uint_eq(routes.table.hash.count, 3);
    routes_free(&routes);
}
END_TEST

START_TEST(table_has_a_limit)
{
    routes_init(&routes, 2, 3);
    add("10.0.0.0/8", ROUTE_VIA);
    add("10.1.0.0/16", ROUTE_VIA);
    ck_assert_ptr_null(routes_add(&routes, prefix("10.2.0.0/16"), ROUTE_VIA, (struct addr){0}));
    add("10.1.0.0/16", ROUTE_HOST_SIDE); /* changing one needs no room */
    ck_assert(routes_remove(&routes, prefix("10.0.0.0/8"), ROUTE_VIA));
    add("10.2.0.0/16", ROUTE_VIA);
    routes_free(&routes);
}
END_TEST

START_TEST(answer_holds_no_other_route)
{
    setup_routes();
    add("10.0.0.0/8", ROUTE_HOST_SIDE);
    const struct route *route = routes_for_requests(&routes, addr("10.1.1.1"));
    ck_assert_uint_eq(routes_answer_len(&routes, route, addr("10.1.1.1")), 8);
    add("10.200.0.0/16", ROUTE_VIA);
    ck_assert_uint_eq(routes_answer_len(&routes, route, addr("10.1.1.1")), 9);
    add("10.1.1.2/32", ROUTE_VIA);
    ck_assert_uint_eq(routes_answer_len(&routes, route, addr("10.1.1.1")), 31);
    add("10.1.1.0/32", ROUTE_VIA);
    ck_assert_uint_eq(routes_answer_len(&routes, route, addr("10.1.1.1")), 32);
    add("10.64.0.0/16", ROUTE_SHORTCUT); /* learned, so no route of ours */
    ck_assert_uint_eq(routes_answer_len(&routes, route, addr("10.65.0.1")), 10);
    routes_free(&routes);
}
END_TEST

#define PREFIXES 300

/* Against a plain list. */
START_TEST(agrees_with_a_plain_list)
{
    struct prefix list[PREFIXES];
    struct random_state random = random_seeded(9);
    routes_init(&routes, PREFIXES, 3);
    for (int i = 0; i < PREFIXES; i++) {
        struct addr a = addr_ipv4(10, (uint8_t)random_below(&random, 4), (uint8_t)random_u64(&random),
                                  (uint8_t)random_u64(&random));
        list[i] = prefix_of(a, (unsigned)random_below(&random, 33));
        routes_add(&routes, list[i], ROUTE_VIA, (struct addr){0});
    }
    for (int n = 0; n < 5000; n++) {
        struct addr to = addr_ipv4(10, (uint8_t)random_below(&random, 5), (uint8_t)random_u64(&random),
                                   (uint8_t)random_u64(&random));
        int longest = -1;
        for (int i = 0; i < PREFIXES; i++)
            if (prefix_contains(list[i], to) && list[i].len > longest)
                longest = list[i].len;
        const struct route *route = routes_for_data(&routes, to);
        ck_assert_int_eq(route ? route->entry.prefix.len : -1, longest);
    }
    routes_free(&routes);
}
END_TEST

SUITE_MAIN("routes", longest_prefix_wins, requests_take_no_shortcut, table_has_a_limit,
           answer_holds_no_other_route, agrees_with_a_plain_list)
