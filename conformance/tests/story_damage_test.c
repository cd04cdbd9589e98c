/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stories of damaged captures in every form: of each capture some copies with octets changed, pieces moved, and
 * an end that is missing, from a fixed seed. Worth most under the sanitizers.
 */
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "memory.h"
#include "suite.h"
#include "tests/fuzz/story_entry.h"

#define SEED          20261128
#define COPIES        6
#define CHANGES_LIMIT 30
#define CAPTURE_MAX   (64 * 1024) /* larger ones take long and have nothing else */

static uint8_t *whole_file(const char *path, size_t *len)
{
    uint8_t *data = memory_zeroed(CAPTURE_MAX + 1, 1);
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    *len = fread(data, 1, CAPTURE_MAX + 1, file);
    fclose(file);
    return data;
}

/* Behind the section header and the interface: a file of which these are bad is not read at all. */
static size_t somewhere(struct random_state *r, size_t len)
{
    size_t begin = len > 400 ? 200 : 0;
    return begin + (size_t)random_below(r, len - begin);
}

static void damage(struct random_state *r, uint8_t *data, size_t *len)
{
    static const uint8_t of_note[] = {0x00, 0x01, 0x3f, 0x40, 0x7f, 0x80, 0xff};
    for (uint64_t changes = 1 + random_below(r, CHANGES_LIMIT); changes > 0; changes--) {
        size_t at = somewhere(r, *len), to = somewhere(r, *len);
        size_t longest = *len - (at > to ? at : to);
        switch (random_below(r, 8)) {
        case 0:
            memmove(data + to, data + at, (size_t)random_below(r, longest < 16 ? longest + 1 : 16));
            break;
        case 1:
        case 2:
            data[at] = of_note[random_below(r, sizeof(of_note))];
            break;
        default:
            data[at] ^= (uint8_t)(1u << random_below(r, 8));
        }
    }
    if (random_below(r, 8) == 0)
        *len = somewhere(r, *len);
}

START_TEST(damaged_captures)
{
    struct random_state r = random_seeded(SEED);
    glob_t found;
    unsigned told = 0, tried = 0;
    ck_assert_int_eq(glob(SOURCE_ROOT "/captures/*.pcapng", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        size_t len;
        uint8_t *whole = whole_file(found.gl_pathv[i], &len);
        for (int copy = 0; copy < COPIES && len <= CAPTURE_MAX; copy++) {
            size_t left = len;
            uint8_t *data = memory_copy(whole, len);
            damage(&r, data, &left);
            told += story_entry(data, left);
            tried++;
            free(data);
        }
        free(whole);
    }
    globfree(&found);
    /* Most damage is to packets, and their stories are told all the same. */
    ck_assert_uint_gt(tried, 300);
    ck_assert_uint_gt(told, tried);
}
END_TEST

START_TEST(every_cut)
{
    size_t len;
    uint8_t *whole = whole_file(SOURCE_ROOT "/captures/registration.pcapng", &len);
    for (size_t cut = 0; cut < len; cut += 3)
        story_entry(whole, cut);
    free(whole);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("story_damage");
    TCase *tests = tcase_create("damage");
    tcase_set_timeout(tests, 600);
    tcase_add_test(tests, damaged_captures);
    tcase_add_test(tests, every_cut);
    suite_add_tcase(suite, tests);
    return suite_main(suite);
}
