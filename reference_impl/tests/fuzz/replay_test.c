/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay_test: the fuzz targets' entries over every vector and over many mutations of each, from a fixed
 * seed. Finds little that a fuzzer would not, but runs everywhere; worth most under the sanitizers.
 */
#include "tests/suite.h"

#include <string.h>

#include "base/random.h"
#include "tests/fuzz/entries.h"
#include "tests/fuzz/pieces.h"
#include "tests/fuzz/seeds.h"

#define SEED          20260118
#define MUTATIONS     150 /* of each vector */
#define CHANGES_LIMIT 4   /* in each mutation */

static struct vector *good, *bad;
static size_t good_count, bad_count;

static void all_entries(const uint8_t *data, size_t len)
{
    fuzz_message(data, len);
    fuzz_cie(data, len);
    fuzz_extension(data, len);
    fuzz_gre(data, len);
    fuzz_ip(data, len);
    fuzz_esp(data, len);
    fuzz_rip(data, len);
}

/* On the heap and just as long as the octets, so that a sanitizer sees one step too far. */
static void replay(const uint8_t *bytes, size_t len)
{
    uint8_t *data = malloc(len > 0 ? len : 1);
    ck_assert_ptr_nonnull(data);
    if (len > 0)
        memcpy(data, bytes, len);
    all_entries(data, len);
    free(data);
}

/* One small change: a bit, an octet of note, a cut, a piece moved. */
static void mutate(struct random_state *r, uint8_t *data, size_t *len)
{
    static const uint8_t of_note[] = {0x00, 0x01, 0x3f, 0x40, 0x7f, 0x80, 0xff};
    if (*len == 0)
        return;
    size_t at = random_below(r, *len);
    switch (random_below(r, 5)) {
    case 0:
        data[at] ^= (uint8_t)(1u << random_below(r, 8));
        break;
    case 1:
        data[at] = of_note[random_below(r, sizeof of_note)];
        break;
    case 2:
        data[at] = (uint8_t)random_u64(r);
        break;
    case 3:
        *len = at;
        break;
    default: {
        size_t to = random_below(r, *len);
        size_t longest = *len - (at > to ? at : to);
        memmove(data + to, data + at, random_below(r, longest + 1));
    }
    }
}

static void replay_mutations(struct random_state *r, const struct span *pieces, size_t count)
{
    for (int i = 0; i < MUTATIONS; i++) {
        uint8_t data[VECTOR_MAX_LEN];
        struct span piece = pieces[random_below(r, count)];
        size_t len = piece.len;
        memcpy(data, piece.data, len);
        for (uint64_t changes = 1 + random_below(r, CHANGES_LIMIT); changes > 0; changes--)
            mutate(r, data, &len);
        replay(data, len);
    }
}

static void replay_vector_mutations(struct random_state *r, const struct vector *v)
{
    struct span pieces[PIECES_MAX];
    size_t count = pieces_of(v, pieces);
    replay_mutations(r, pieces, count);
}

static void replay_pieces(const struct vector *v)
{
    struct span pieces[PIECES_MAX];
    for (size_t i = pieces_of(v, pieces); i-- > 0;)
        replay(pieces[i].data, pieces[i].len);
}

START_TEST(test_vectors_themselves)
{
    for (size_t i = 0; i < good_count; i++)
        replay_pieces(&good[i]);
    for (size_t i = 0; i < bad_count; i++)
        replay_pieces(&bad[i]);
    replay(NULL, 0);
}
END_TEST

START_TEST(test_every_cut)
{
    for (size_t i = 0; i < good_count; i++)
        for (size_t len = 0; len < good[i].len; len++)
            replay(good[i].bytes, len);
}
END_TEST

START_TEST(test_mutations)
{
    struct random_state r = random_seeded(SEED);
    for (size_t i = 0; i < good_count; i++)
        replay_vector_mutations(&r, &good[i]);
    for (size_t i = 0; i < bad_count; i++)
        replay_vector_mutations(&r, &bad[i]);
}
END_TEST

START_TEST(test_seeds)
{
    struct random_state r = random_seeded(SEED);
    for (size_t i = 0; i < seeds_count(); i++) {
        struct span seed = seeds_get(i).octets;
        for (size_t len = 0; len <= seed.len; len++)
            replay(seed.data, len);
        for (int round = 0; round < 20; round++)
            replay_mutations(&r, &seed, 1);
    }
}
END_TEST

int main(void)
{
    good_count = vector_load_folder(SOURCE_ROOT "/captures/vectors/good", &good);
    bad_count = vector_load_folder(SOURCE_ROOT "/captures/vectors/bad", &bad);
    const TTest *const tests[] = {test_vectors_themselves, test_every_cut, test_mutations, test_seeds, NULL};
    int status = suite_run_tests("replay", tests);
    free(good);
    free(bad);
    return status;
}
