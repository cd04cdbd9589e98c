/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loading YAML: values arrive, and every bad file gives one line with the place where it is bad. */
#include "files/yaml.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scratch.h"

enum fruit { FRUIT_APPLE = 1, FRUIT_PEAR };

struct item {
    char *name;
    uint16_t count;
    int8_t shift;
    bool ripe;
    enum fruit fruit;
    double weight;
};

struct basket {
    char *owner;
    uint32_t *price; /* optional: NULL when absent */
    struct item *items;
    unsigned items_count;
};

static const cyaml_strval_t fruits[] = {{"apple", FRUIT_APPLE}, {"pear", FRUIT_PEAR}};
static const cyaml_schema_field_t item_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct item, name, 1, 8),
    CYAML_FIELD_UINT("count", CYAML_FLAG_OPTIONAL, struct item, count),
    CYAML_FIELD_INT("shift", CYAML_FLAG_OPTIONAL, struct item, shift),
    CYAML_FIELD_BOOL("ripe", CYAML_FLAG_OPTIONAL, struct item, ripe),
    CYAML_FIELD_ENUM("fruit", CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, struct item, fruit, fruits, 2),
    CYAML_FIELD_FLOAT("weight", CYAML_FLAG_OPTIONAL, struct item, weight),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t item_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct item, item_fields)};
static const cyaml_schema_field_t basket_fields[] = {
    CYAML_FIELD_STRING_PTR("owner", CYAML_FLAG_POINTER, struct basket, owner, 0, 40),
    CYAML_FIELD_UINT_PTR("price", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct basket, price),
    CYAML_FIELD_SEQUENCE("items", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct basket, items,
                         &item_schema, 1, 3),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t basket_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct basket, basket_fields)};

static struct basket *load(const char *text, size_t len, char error[YAML_ERROR_MAX])
{
    void *data = NULL;
    error[0] = '\0';
    bool ok = yaml_load(scratch_file("t.yaml", text, len), &basket_schema, &data, NULL, error);
    ck_assert(ok == (data != NULL));
    return data;
}

START_TEST(values_arrive)
{
    static const char text[] =
        "# a comment\n"
        "owner: \"Ann\"\n"
        "items:\n"
        "  - {name: a, count: 65535, shift: -127, ripe: yes, fruit: pear, weight: 1.5}\n"
        "  - name: b\n"
        "    count: 0x10\n"
        "    ripe: false\n";
    char error[YAML_ERROR_MAX];
    struct basket *basket = load(text, strlen(text), error);
    ck_assert_msg(basket != NULL, "%s", error);
    ck_assert_str_eq(basket->owner, "Ann");
    ck_assert_ptr_null(basket->price);
    ck_assert_uint_eq(basket->items_count, 2);
    ck_assert_uint_eq(basket->items[0].count, 65535);
    ck_assert_int_eq(basket->items[0].shift, -127);
    ck_assert(basket->items[0].ripe);
    ck_assert_int_eq(basket->items[0].fruit, FRUIT_PEAR);
    ck_assert(basket->items[0].weight == 1.5);
    ck_assert_uint_eq(basket->items[1].count, 16);
    ck_assert(!basket->items[1].ripe);
    yaml_unload(&basket_schema, basket, 0);
}
END_TEST

static const struct {
    const char *text;
    const char *error; /* what follows the path */
} bad[] = {
    {"", ":1: nothing in it but space and comments"},
    {"# only\n# comments\n", ":1: nothing in it but space and comments"},
    {"---\n", ":2: file: expected keys with values, found a single value"},
    {"hello\n", ":1: file: expected keys with values, found a single value"},
    {"- a\n- b\n", ":1: file: expected keys with values, found a list"},
    {"owner: a\nitems:\n  - name: x\n    colour: red\n",
     ":4: unknown key 'colour'; known here: name, count, shift, ripe, fruit, weight"},
    {"owner: a\nitems:\n  - count: 3\n", ":3: items: key 'name' is missing"},
    {"items:\n  - name: x\n", ":1: file: key 'owner' is missing"},
    {"owner: a\n\nowner: b\n", ":3: owner: given twice"},
    {"owner: a\nitems: 3\n", ":2: items: expected a list, found a single value"},
    {"owner: a\nitems: []\n", ":2: items: 0 entries, at least 1 are needed"},
    {"owner: a\nitems: [{name: a}, {name: b}, {name: c}, {name: d}]\n",
     ":2: items: 4 entries, at most 3 are allowed"},
    {"owner: [a]\n", ":1: owner: expected a single value, found a list"},
    {"owner: a\nitems:\n- name: abcdefghi\n", ":3: name: longer than 8 characters"},
    {"owner: a\nitems:\n- name:\n", ":3: name: no value"},
    {"owner: a\nitems:\n- name: \"a\\0b\"\n", ":3: name: a NUL character inside"},
    {"owner: a\nitems:\n- name: x\n  count: 12x\n", ":4: count: '12x' is not a number"},
    {"owner: a\nitems:\n- name: x\n  count: 010\n", ":4: count: '010' is not a number"},
    {"owner: a\nitems:\n- name: x\n  count:\n", ":4: count: '' is not a number"},
    {"owner: a\nitems:\n- name: x\n  count: 65536\n", ":4: count: 65536 is out of range (0 to 65535)"},
    {"owner: a\nitems:\n- name: x\n  count: -1\n", ":4: count: -1 is out of range (0 to 65535)"},
    {"owner: a\nitems:\n- name: x\n  shift: 128\n", ":4: shift: 128 is out of range (-127 to 127)"},
    {"owner: a\nprice: 99999999999999999999999\n",
     ":2: price: 99999999999999999999999 is out of range (0 to 4294967295)"},
    {"owner: a\nitems:\n- name: x\n  ripe: maybe\n", ":4: ripe: 'maybe' is neither true nor false"},
    {"owner: a\nitems:\n- name: x\n  fruit: 2\n", ":4: fruit: '2' is none of: apple, pear"},
    {"owner: a\nitems:\n- name: x\n  weight: 1.5kg\n", ":4: weight: '1.5kg' is not a number"},
    {"owner: a\nitems:\n- name: x\n  weight: .inf\n", ":4: weight: '.inf' is not a number"},
    {"owner: a\n---\nowner: b\n", ":3: a second document begins here; a file holds one"},
    {"owner: a\n\tprice: 1\n", ":2: not YAML: found a tab character that violates indentation"},
    {"owner: a\nprice: [1\n", ":3: not YAML: did not find expected ',' or ']'"},
    {"owner: a\nprice: \x01\n", ":2: not YAML: control characters are not allowed"},
    {"\xa1\xb2\xc3\xd4", ":1: not YAML: invalid leading UTF-8 octet"},
    {"owner: \"a\nb\n", ":3: not YAML: found unexpected end of stream"},
    {"{[a]: b}\n", ":1: key: expected a word, found a list"},
    {"owner: &x a\nitems:\n- name: *x\n", NULL}, /* any line and words: aliases are refused */
};

START_TEST(bad_files_give_one_line)
{
    char error[YAML_ERROR_MAX], expected[YAML_ERROR_MAX];
    ck_assert_ptr_null(load(bad[_i].text, strlen(bad[_i].text), error));
    ck_assert_ptr_null(strchr(error, '\n'));
    ck_assert_str_ne(error, "");
    if (bad[_i].error) {
        snprintf(expected, sizeof expected, "%s%s", scratch_path("t.yaml"), bad[_i].error);
        ck_assert_str_eq(error, expected);
    }
}
END_TEST

START_TEST(files_that_cannot_be_read)
{
    char error[YAML_ERROR_MAX], expected[YAML_ERROR_MAX];
    void *data = error;
    ck_assert(!yaml_load(scratch_path("none.yaml"), &basket_schema, &data, NULL, error));
    ck_assert_ptr_null(data);
    snprintf(expected, sizeof expected, "%s: cannot open: No such file or directory",
             scratch_path("none.yaml"));
    ck_assert_str_eq(error, expected);
    ck_assert(!yaml_load(scratch_folder, &basket_schema, &data, NULL, error));
    snprintf(expected, sizeof expected, "%s: cannot read: Is a directory", scratch_folder);
    ck_assert_str_eq(error, expected);
    ck_assert(!yaml_load("/dev/zero", &basket_schema, &data, NULL, error));
    ck_assert_str_eq(error, "/dev/zero: cannot read: larger than 64 MiB");
}
END_TEST

START_TEST(deep_and_swollen_files)
{
    char error[YAML_ERROR_MAX];
    size_t len = 1000000;
    char *deep = malloc(len);
    memset(deep, '[', len);
    memcpy(deep, "owner: ", 7);
    ck_assert_ptr_null(load(deep, len, error));
    ck_assert_ptr_nonnull(strstr(error, "t.yaml:1: brackets more than 1000 deep"));
    free(deep);

    /* Nine aliases of nine aliases of ...: read literally, thousands of millions of entries. */
    char swollen[2048] = "a: &a [x, x, x, x, x, x, x, x, x]\n";
    for (char c = 'b'; c < 'k'; c++) {
        char line[128];
        char p = (char)(c - 1);
        snprintf(line, sizeof line, "%c: &%c [*%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c]\n", c, c, p, p, p,
                 p, p, p, p, p, p);
        strcat(swollen, line);
    }
    ck_assert_ptr_null(load(swollen, strlen(swollen), error));
    ck_assert_ptr_null(strchr(error, '\n'));
}
END_TEST

START_TEST(lines_of_places)
{
    static const char text[] = "owner: a\n"    /* 1 */
                               "\n"            /* 2 */
                               "items:\n"      /* 3 */
                               "  - name: x\n" /* 4 */
                               "  - name: y\n" /* 5 */
                               "    count: 3\n" /* 6 */;
    static const struct {
        const char *where;
        unsigned line;
    } places[] = {
        {"", 1},         {"owner", 1},          {"items", 3},          {"items[0].name", 4},
        {"items[1]", 5}, {"items[1].count", 6}, {"items[0].count", 4}, {"items[7].name", 3},
        {"nothing", 1},  {"items[", 4},
    };
    char error[YAML_ERROR_MAX], expected[YAML_ERROR_MAX];
    const char *path = scratch_file("t.yaml", text, strlen(text));
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        ck_assert(!yaml_error(error, path, places[i].where, "%d is %s", 5, "odd"));
        snprintf(expected, sizeof expected, "%s:%u: 5 is odd", path, places[i].line);
        ck_assert_str_eq(error, expected);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("yaml");
    TCase *cases = tcase_create("loading");
    tcase_add_checked_fixture(cases, scratch_make, scratch_remove);
    tcase_add_test(cases, values_arrive);
    tcase_add_loop_test(cases, bad_files_give_one_line, 0, sizeof bad / sizeof bad[0]);
    tcase_add_test(cases, files_that_cannot_be_read);
    tcase_add_test(cases, deep_and_swollen_files);
    tcase_add_test(cases, lines_of_places);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
