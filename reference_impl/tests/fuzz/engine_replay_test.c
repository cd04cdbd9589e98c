/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engine_replay_test: the engine's fuzz entry over stories that chance tells from a fixed seed: the vectors,
 * whole and damaged, in any order and from anybody, between ticks, outages and changes of routes.
 */
#include "tests/suite.h"

#include <string.h>

#include "base/random.h"
#include "tests/codec/vector.h"
#include "tests/fuzz/entries_engine.h"

#define SEED      20261122
#define STORIES   2000
#define STEPS     40
#define STORY_MAX (1 + STEPS * (FUZZ_STEP_HEADER + VECTOR_MAX_LEN))

static struct vector *good, *bad;
static size_t good_count, bad_count;

static struct span any_vector(struct random_state *r)
{
    size_t at = random_below(r, good_count + bad_count);
    return vector_span(at < good_count ? &good[at] : &bad[at - good_count]);
}

/* Addresses of vectors are no addresses of the hub's cloud: now and then, put some there. */
static void make_local(struct random_state *r, uint8_t *octets, size_t len)
{
    static const uint8_t of_note[][4] = {{10, 255, 0, 1}, {10, 255, 0, 10}, {10, 255, 0, 11},
                                         {10, 1, 0, 5},   {10, 11, 0, 5},   {10, 255, 0, 200},
                                         {192, 0, 2, 10}, {192, 0, 2, 1}};
    for (size_t changes = random_below(r, 4); changes > 0 && len >= 40; changes--)
        memcpy(octets + 28 + 4 * random_below(r, 3), of_note[random_below(r, 8)], 4);
    for (size_t changes = random_below(r, 3); changes > 0 && len > 0; changes--)
        octets[random_below(r, len)] = (uint8_t)random_u64(r);
}

static size_t tell(struct random_state *r, uint8_t *story)
{
    size_t len = 0;
    story[len++] = (uint8_t)random_u64(r); /* the profile */
    for (int i = 0; i < STEPS; i++) {
        uint8_t octets[VECTOR_MAX_LEN];
        struct span vector = any_vector(r);
        memcpy(octets, vector.data, vector.len);
        make_local(r, octets, vector.len);
        enum fuzz_step_kind kind = (enum fuzz_step_kind)random_below(r, FUZZ_STEP_KINDS);
        if (random_below(r, 2))
            kind = FUZZ_STEP_NHRP;
        len += fuzz_engine_step(story + len, kind, (unsigned)random_below(r, 8), (uint8_t)random_u64(r),
                                span_of(octets, vector.len));
    }
    return len;
}

START_TEST(test_stories)
{
    struct random_state r = random_seeded(SEED);
    uint8_t *story = malloc(STORY_MAX);
    ck_assert_ptr_nonnull(story);
    for (int i = 0; i < STORIES; i++)
        fuzz_engine(story, tell(&r, story));
    free(story);
}
END_TEST

START_TEST(test_story_of_nothing)
{
    fuzz_engine(NULL, 0);
    fuzz_engine((const uint8_t *)"\0\0\0\xff\xff", 5);
}
END_TEST

int main(void)
{
    good_count = vector_load_folder(SOURCE_ROOT "/captures/vectors/good", &good);
    bad_count = vector_load_folder(SOURCE_ROOT "/captures/vectors/bad", &bad);
    const TTest *const tests[] = {test_stories, test_story_of_nothing, NULL};
    int status = suite_run_tests("engine_replay", tests);
    free(good);
    free(bad);
    return status;
}
