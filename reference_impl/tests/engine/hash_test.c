/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/random.h"
#include "engine/hash.h"
#include "suite.h"

#define OBJECTS 20000

struct object {
    struct hash_link link;
    unsigned number;
};

static struct object objects[OBJECTS];

static struct object *find(const struct hash_table *table, uint64_t hash, unsigned number)
{
    struct hash_link *link = hash_first(table, hash);
    while (link && ((struct object *)link)->number != number)
        link = hash_next(link);
    return (struct object *)link;
}

static uint64_t hash_of(unsigned i)
{
    struct random_state random = random_seeded(i / 2); /* two of each */
    return random_u64(&random);
}

START_TEST(everything_that_went_in_is_found_while_it_grows)
{
    struct hash_table table;
    hash_init(&table);
    for (unsigned i = 0; i < OBJECTS; i++) {
        objects[i].number = i;
        hash_insert(&table, &objects[i].link, hash_of(i));
        ck_assert_ptr_eq(find(&table, hash_of(i / 3), i / 3), &objects[i / 3]);
    }
    for (unsigned i = 0; i < OBJECTS; i++)
        ck_assert_ptr_eq(find(&table, hash_of(i), i), &objects[i]);
    ck_assert_uint_ge(table.buckets, OBJECTS);
    for (unsigned i = 0; i < OBJECTS; i += 2)
        hash_remove(&table, &objects[i].link);
    for (unsigned i = 0; i < OBJECTS; i++)
        ck_assert_ptr_eq(find(&table, hash_of(i), i), i % 2 ? &objects[i] : NULL);
    ck_assert_uint_eq(table.count, OBJECTS / 2);
    hash_free(&table);
}
END_TEST

START_TEST(chains_stay_short)
{
    struct hash_table table;
    hash_init(&table);
    for (unsigned i = 0; i < OBJECTS; i++) {
        struct random_state random = random_seeded(i);
        hash_insert(&table, &objects[i].link, random_u64(&random));
    }
    size_t bucket = 0, longest = 0, length = 0, last = SIZE_MAX;
    for (const struct hash_link *link = NULL; (link = hash_walk(&table, &bucket, link)); last = bucket) {
        length = bucket == last ? length + 1 : 1;
        longest = length > longest ? length : longest;
    }
    ck_assert_uint_le(longest, 12);
    hash_free(&table);
}
END_TEST

START_TEST(walk_meets_each_once)
{
    static unsigned met[1000];
    struct hash_table table;
    hash_init(&table);
    for (unsigned i = 0; i < 1000; i++) {
        objects[i].number = i;
        hash_insert(&table, &objects[i].link, hash_of(i));
    }
    size_t bucket = 0;
    for (const struct hash_link *link = NULL; (link = hash_walk(&table, &bucket, link));)
        met[((const struct object *)link)->number]++;
    for (unsigned i = 0; i < 1000; i++)
        ck_assert_uint_eq(met[i], 1);
    hash_free(&table);
    bucket = 0;
    ck_assert_ptr_null(hash_walk(&table, &bucket, NULL));
}
END_TEST

SUITE_MAIN("hash", everything_that_went_in_is_found_while_it_grows, chains_stay_short, walk_meets_each_once)
