/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requirements: the table of this tree loads, bad tables are refused with the line, the policy cites what
 * exists. */
#include "requirements.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "policy.h"
#include "suite.h"

#define HEADER "id\tlevel\tbinds\tphase\tclause\ttext\twhy\tobservable\tnote\n"
#define GOOD   "rfc2332-1-a\tMUST\tany\t2,3\tRFC2332 §1\ttext\twhy\tboth\t-\n"

static void refuse(const char *text, const char *place, const char *what)
{
    char path[] = "/tmp/dmvpnkit-requirements-XXXXXX";
    int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
    struct requirement_table table;
    char error[REQUIREMENTS_ERROR_MAX] = "";
    bool loaded = requirements_load(path, &table, error);
    unlink(path);
    ck_assert_msg(!loaded, "taken: %s", text);
    ck_assert_msg(strncmp(error, path, strlen(path)) == 0 && strstr(error, place) != NULL &&
                      strstr(error, what) != NULL,
                  "%s", error);
    ck_assert_ptr_null(table.items);
}

START_TEST(this_tree_has_a_good_table)
{
    struct requirement_table table = suite_table();
    ck_assert_uint_ge(table.count, 40);
    const struct requirement *requirement = requirements_find(&table, "rfc2332-5.2.3-u-prefix-ff");
    ck_assert_ptr_nonnull(requirement);
    ck_assert_int_eq(requirement->level, LEVEL_MUST);
    ck_assert_int_eq(requirement->binds, BINDS_CLIENT);
    ck_assert_str_eq(requirement->clause, "RFC2332 §5.2.3");
    ck_assert_int_eq(requirement->observable, OBSERVABLE_BOTH);
    ck_assert_str_eq(requirement->note, "");
    ck_assert_ptr_null(requirements_find(&table, "rfc2332-0-none"));
    requirements_free(&table);
}
END_TEST

START_TEST(bad_tables_are_refused_with_their_line)
{
    refuse("", ":", "no requirements");
    refuse(HEADER, ":", "no requirements");
    refuse("id\tlevel\n", ":1:", "columns");
    refuse("# note\n" HEADER GOOD "rfc2332-1-b\tMUST\tany\n", ":4:", "nine columns");
    refuse(HEADER GOOD GOOD, ":3:", "already");
    refuse(HEADER "Rfc 1\tMUST\tany\tany\tRFC2332 §1\tt\tw\tno\tn\n", ":2:", "id");
    refuse(HEADER "rfc-1\tmust\tany\tany\tRFC2332 §1\tt\tw\tno\tn\n", ":2:", "level");
    refuse(HEADER "rfc-1\tMUST\thub\tany\tRFC2332 §1\tt\tw\tno\tn\n", ":2:", "binds");
    refuse(HEADER "rfc-1\tMUST\tany\t4\tRFC2332 §1\tt\tw\tno\tn\n", ":2:", "phase");
    refuse(HEADER "rfc-1\tMUST\tany\t1,\tRFC2332 §1\tt\tw\tno\tn\n", ":2:", "phase");
    refuse(HEADER "rfc-1\tMUST\tany\tany\tRFC9999 §1\tt\tw\tno\tn\n", ":2:", "clause");
    refuse(HEADER "rfc-1\tMUST\tany\tany\tRFC2332 §1\t\tw\tno\tn\n", ":2:", "empty");
    refuse(HEADER "rfc-1\tMUST\tany\tany\tRFC2332 §1\tt\tw\tseldom\tn\n", ":2:", "observable");
    refuse(HEADER "rfc-1\tMUST\tany\tany\tRFC2332 §1\tt\tw\tboth\t\n", ":2:", "note");
    refuse(HEADER "rfc-1\tMUST\tany\tany\tRFC2332 §1\tt\tw\tno\t-\n", ":2:", "note");
}
END_TEST

START_TEST(a_missing_table_is_one_line)
{
    struct requirement_table table;
    char error[REQUIREMENTS_ERROR_MAX] = "";
    ck_assert(!requirements_load("/nonexistent/table.tsv", &table, error));
    ck_assert_str_eq(error, "/nonexistent/table.tsv: cannot be read");
    ck_assert(!requirements_load("/tmp", &table, error));
}
END_TEST

START_TEST(the_policy_cites_requirements_that_exist)
{
    struct requirement_table table = suite_table();
    for (size_t i = 0; i < policy_requirement_count(); i++)
        ck_assert_msg(requirements_find(&table, policy_requirement_at(i)) != NULL, "%s",
                      policy_requirement_at(i));
    requirements_free(&table);
}
END_TEST

START_TEST(the_policy_answers_for_every_field)
{
    struct policy_context own = {
        .message = POLICY_NHRP(NHRP_REGISTRATION_REQUEST), .origin = ORIGIN_OWN, .phase = 1};
    struct policy_context forwarded = {
        .message = POLICY_NHRP(NHRP_RESOLUTION_REQUEST), .origin = ORIGIN_FORWARDED, .phase = 3};
    ck_assert_int_eq(policy_for_value(&own, "ip.ttl")->treatment, TREAT_IGNORE);
    ck_assert_int_eq(policy_for_value(&own, "nhrp.reqid")->treatment, TREAT_REQUEST_ID);
    ck_assert_int_eq(policy_for_value(&forwarded, "nhrp.reqid")->treatment, TREAT_EXACT);
    ck_assert_int_eq(policy_for_value(&forwarded, "nhrp.hdr.hopcnt")->treatment, TREAT_EXACT);
    ck_assert_int_eq(policy_for_value(&forwarded, "nhrp.cie[0].mtu")->treatment, TREAT_EXACT);
    ck_assert_int_eq(policy_for_value(&own, "nhrp.cie[0].mtu")->treatment, TREAT_IGNORE);
    ck_assert_int_eq(policy_for_value(&own, "no.such.field")->treatment, TREAT_EXACT);
    ck_assert(policy_may_be_absent(&own, "nhrp.ext[nat]"));
    ck_assert(!policy_may_be_absent(&own, "nhrp.ext[auth]"));
    ck_assert(!policy_may_be_absent(&forwarded, "nhrp.ext[nat]"));
    ck_assert_str_eq(policy_missing(&forwarded, false), "draft-4.4-forward-to-egress");
    ck_assert_str_eq(policy_missing(&own, true), "rfc2332-5.2.3-refresh");
    ck_assert_str_eq(policy_undecodable(PACKET_MESSAGE, CODEC_BAD_CHECKSUM), "rfc2332-5.1-checksum");
    ck_assert_str_eq(policy_undecodable(PACKET_OUTER, CODEC_TRUNCATED), "rfc2332-5.2.0.1-structure");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("requirements");
    TCase *tests = tcase_create("requirements");
    tcase_add_test(tests, this_tree_has_a_good_table);
    tcase_add_test(tests, bad_tables_are_refused_with_their_line);
    tcase_add_test(tests, a_missing_table_is_one_line);
    tcase_add_test(tests, the_policy_cites_requirements_that_exist);
    tcase_add_test(tests, the_policy_answers_for_every_field);
    suite_add_tcase(suite, tests);
    return suite_main(suite);
}
