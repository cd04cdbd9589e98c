/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cases: a sidecar arrives whole, and every bad one is refused in one line that names the place. */
#include "case.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "suite.h"

static struct requirement_table table;
static char folder[64];

static void setup(void)
{
    table = suite_table();
    strcpy(folder, "/tmp/dmvpnkit-case-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static const char *sidecar_path(void)
{
    static char path[96];
    snprintf(path, sizeof(path), "%s/a-case.yaml", folder);
    return path;
}

static void teardown(void)
{
    unlink(sidecar_path());
    rmdir(folder);
    requirements_free(&table);
}

static const char good[] = "title: A title\n"
                           "story: A story.\n"
                           "capture: ../captures/x.pcapng\n"
                           "phase: 3\n"
                           "role: spoke\n"
                           "requirements: [rfc2332-5.2.3-register, rfc2332-5.1-checksum]\n"
                           "implementation:\n"
                           "  name: spoke1\n"
                           "  nbma: 198.51.100.11\n"
                           "  tunnel: {address: 10.255.0.11/24, mode: multipoint, key: 0, mtu_octets: 1300}\n"
                           "  nhrp:\n"
                           "    hold_s: 60\n"
                           "    unique: true\n"
                           "    authentication: secret\n"
                           "    nhs:\n"
                           "      - {protocol: 10.255.0.1, nbma: 192.0.2.1}\n"
                           "  routes:\n"
                           "    - {to: 10.1.0.0/16, via: 10.255.0.1}\n"
                           "  lans:\n"
                           "    - prefix: 10.1.1.0/24\n"
                           "tolerance_ms: 250\n"
                           "start_ms: 40\n"
                           "frames:\n"
                           "  - {number: 3, ignore: true, because: it differs}\n"
                           "  - number: 5\n"
                           "    mask: [ip.ttl, 'nhrp.ext[nat]*']\n"
                           "    tolerance_ms: 9000\n"
                           "    host: none\n"
                           "    because: it is late\n";

static struct conform_case *load(const char *text, char error[CASE_ERROR_MAX])
{
    FILE *file = fopen(sidecar_path(), "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
    error[0] = '\0';
    return case_load(sidecar_path(), &table, error);
}

START_TEST(a_sidecar_arrives_whole)
{
    char error[CASE_ERROR_MAX];
    struct conform_case *c = load(good, error);
    ck_assert_msg(c != NULL, "%s", error);
    ck_assert_str_eq(c->id, "a-case");
    char capture[128];
    snprintf(capture, sizeof(capture), "%s/../captures/x.pcapng", folder);
    ck_assert_str_eq(c->capture_path, capture);
    ck_assert_uint_eq(c->phase, 3);
    ck_assert_int_eq(c->role, ROLE_SPOKE);
    ck_assert_uint_eq(c->requirement_count, 2);
    ck_assert_ptr_eq(c->requirements[1], requirements_find(&table, "rfc2332-5.1-checksum"));
    ck_assert_int_eq(c->tolerance_us, 250000);
    ck_assert(c->has_start);
    ck_assert_int_eq(c->start_us, 40000);

    const struct iut_config *config = &c->config;
    char text[ADDR_TEXT_MAX];
    ck_assert_str_eq(addr_format(config->protocol, text), "10.255.0.11");
    ck_assert_uint_eq(config->protocol_len, 24);
    ck_assert(config->has_key);
    ck_assert_uint_eq(config->key, 0);
    ck_assert_uint_eq(config->mtu, 1300);
    ck_assert_uint_eq(config->hop_count, 255);
    ck_assert_str_eq(config->authentication, "secret");
    ck_assert_uint_eq(config->nhs_count, 1);
    ck_assert_uint_eq(config->route_count, 2);
    ck_assert(!addr_is_none(config->routes[0].via));
    ck_assert(addr_is_none(config->routes[1].via));

    ck_assert(case_frame_override(c, 3)->ignore);
    ck_assert_ptr_null(case_frame_override(c, 4));
    const struct frame_override *fifth = case_frame_override(c, 5);
    ck_assert_uint_eq(fifth->mask_count, 2);
    ck_assert_str_eq(fifth->masks[1], "nhrp.ext[nat]*");
    ck_assert_int_eq(fifth->tolerance_us, 9000000);
    ck_assert_int_eq(fifth->host, HOST_NONE);
    case_free(c);
}
END_TEST

struct edit {
    const char *find;
    const char *put;
    const char *line; /* ":N:" */
    const char *what;
};

static const struct edit edits[] = {
    {"title: A title\n", "", "", "title"},
    {"phase: 3", "phase: 4", ":4:", "none of 1, 2, 3"},
    {"phase: 3", "phase: three", ":4:", "three"},
    {"role: spoke", "role: client", ":5:", "client"},
    {"rfc2332-5.1-checksum", "rfc2332-5.1-no-such", ":6:", "rfc2332-5.1-no-such"},
    {"rfc2332-5.1-checksum", "rfc2332-5.2.3-register", ":6:", "twice"},
    {"requirements: [rfc2332-5.2.3-register, rfc2332-5.1-checksum]", "requirements: []", ":6:", ""},
    {"nbma: 198.51.100.11", "nbma: 198.51.100.300", ":9:", "no IPv4 or IPv6 address"},
    {"10.255.0.11/24", "10.255.0.11", ":10:", "prefix length"},
    {"10.255.0.11/24", "10.255.0.11/33", ":10:", "prefix length"},
    {"mode: multipoint", "mode: point-to-point", ":10:", "destination"},
    {"mode: multipoint", "mode: multipoint, destination: 192.0.2.1", ":10:", "destination"},
    {"key: 0", "key: 4294967296", ":10:", "key"},
    {"key: 0", "keys: 0", ":10:", "keys"},
    {"    hold_s: 60\n", "", ":12:", "hold_s"},
    {"hold_s: 60", "hold_s: 65536", ":12:", "hold_s"},
    {"authentication: secret", "authentication: secretsecret", ":14:", "authentication"},
    {"protocol: 10.255.0.1,", "protocol: hub,", ":16:", "hub"},
    {"to: 10.1.0.0/16", "to: 10.1.0.1/16", ":18:", "prefix"},
    {"via: 10.255.0.1}", "via: nowhere}", ":18:", "nowhere"},
    {"number: 3", "number: 0", ":24:", "from 1"},
    {"number: 5", "number: 3", ":25:", "twice"},
    {"    because: it is late\n", "", ":25:", "because"},
    {"host: none", "host: maybe", ":28:", "maybe"},
    {"story: A story.", "story: [", "", ""},
};

START_TEST(a_bad_sidecar_is_refused_in_one_line)
{
    const struct edit *edit = &edits[_i];
    const char *at = strstr(good, edit->find);
    ck_assert_ptr_nonnull(at);
    char text[sizeof(good) + 200], error[CASE_ERROR_MAX];
    snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - good), good, edit->put, at + strlen(edit->find));
    struct conform_case *c = load(text, error);
    ck_assert_msg(c == NULL, "taken: %s", edit->put);
    ck_assert_msg(strncmp(error, sidecar_path(), strlen(sidecar_path())) == 0, "%s", error);
    ck_assert_msg(strstr(error, edit->line) != NULL && strstr(error, edit->what) != NULL, "'%s' gives: %s",
                  edit->put, error);
    ck_assert_ptr_null(strchr(error, '\n'));
}
END_TEST

START_TEST(a_missing_sidecar_or_folder_is_refused)
{
    char error[CASE_ERROR_MAX] = "";
    ck_assert_ptr_null(case_load("/nonexistent/x.yaml", &table, error));
    ck_assert_ptr_nonnull(strstr(error, "/nonexistent/x.yaml"));
    struct case_set set;
    ck_assert(!case_set_load("/nonexistent", &table, &set, error));
    ck_assert_str_eq(error, "/nonexistent: the folder of cases cannot be read");
    ck_assert(!case_set_load(folder, &table, &set, error));
    ck_assert_ptr_nonnull(strstr(error, "no cases"));
}
END_TEST

START_TEST(the_cases_of_this_tree_load_in_order)
{
    char error[CASE_ERROR_MAX] = "";
    struct case_set set;
    ck_assert_msg(case_set_load(SOURCE_ROOT "/conformance/cases", &table, &set, error), "%s", error);
    ck_assert_uint_ge(set.count, 6);
    for (size_t i = 1; i < set.count; i++)
        ck_assert_str_lt(set.items[i - 1]->id, set.items[i]->id);
    case_set_free(&set);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("case");
    TCase *tests = tcase_create("case");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_sidecar_arrives_whole);
    tcase_add_loop_test(tests, a_bad_sidecar_is_refused_in_one_line, 0,
                        (int)(sizeof(edits) / sizeof(edits[0])));
    tcase_add_test(tests, a_missing_sidecar_or_folder_is_refused);
    tcase_add_test(tests, the_cases_of_this_tree_load_in_order);
    suite_add_tcase(suite, tests);
    return suite_main(suite);
}
