/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cache, and the pool and prefix table under it. */
#include "engine/cache.h"
#include "suite.h"

static struct cache cache;

static struct binding *bind(struct addr a, unsigned len, enum binding_origin origin, uint8_t preference,
                            uint8_t at)
{
    struct binding *binding = cache_add(&cache, prefix_of(a, len));
    ck_assert_ptr_nonnull(binding);
    binding->origin = (uint8_t)origin;
    binding->preference = preference;
    binding->nbma = addr_ipv4(192, 0, 2, at);
    return binding;
}

START_TEST(best_binding_is_longest_then_surest_then_preferred)
{
    struct addr a = addr_ipv4(10, 0, 0, 5);
    cache_init(&cache, 100, 1);
    ck_assert_ptr_null(cache_match(&cache, a));
    struct binding *wide = bind(a, 24, BINDING_STATIC, 0, 1);
    ck_assert_ptr_eq(cache_match(&cache, a), wide);
    struct binding *learned = bind(a, 32, BINDING_RESOLVED, 200, 2);
    ck_assert_ptr_eq(cache_match(&cache, a), learned);
    struct binding *low = bind(a, 32, BINDING_REGISTERED, 1, 3);
    struct binding *high = bind(a, 32, BINDING_REGISTERED, 9, 4);
    ck_assert_ptr_eq(cache_match(&cache, a), high);
    cache_remove(&cache, high);
    ck_assert_ptr_eq(cache_match(&cache, a), low);
    cache_remove(&cache, low);
    cache_remove(&cache, learned);
    ck_assert_ptr_eq(cache_match(&cache, a), wide);
    ck_assert_ptr_null(cache_find(&cache, prefix_of(a, 32)));
    ck_assert_ptr_null(cache_match(&cache, (struct addr){0}));
    cache_free(&cache);
}
END_TEST

START_TEST(full_cache_refuses_and_recovers)
{
    cache_init(&cache, 1000, 1);
    struct binding *some = NULL;
    for (unsigned i = 0; i < 1000; i++)
        some = bind(addr_ipv4(10, 0, (uint8_t)(i >> 8), (uint8_t)i), 32, BINDING_REGISTERED, 0, 1);
    ck_assert_ptr_null(cache_add(&cache, prefix_of(addr_ipv4(10, 9, 9, 9), 32)));
    cache_remove(&cache, some);
    bind(addr_ipv4(10, 9, 9, 9), 32, BINDING_REGISTERED, 0, 1);
    size_t bucket = 0, count = 0;
    for (const struct binding *b = NULL; (b = cache_walk(&cache, &bucket, b));)
        count++;
    ck_assert_uint_eq(count, 1000);
    cache_free(&cache);
}
END_TEST

START_TEST(binding_takes_400_octets_at_most_with_its_place_in_the_tables)
{
    ck_assert_uint_le(sizeof(struct binding) + 2 * sizeof(void *), 400);
}
END_TEST

SUITE_MAIN("cache", best_binding_is_longest_then_surest_then_preferred, full_cache_refuses_and_recovers,
           binding_takes_400_octets_at_most_with_its_place_in_the_tables)
