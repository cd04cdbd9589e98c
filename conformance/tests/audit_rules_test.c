/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of audit/rules.c: the table of rules against the table of requirements and the catalogue of faults.
 */
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include "audit/candidates.h"
#include "audit/interop.h"
#include "audit/rules.h"

#define INTEROP_PATH SOURCE_ROOT "/conformance/requirements/interop-map.tsv"

static bool names(const char *list, const char *id)
{
    size_t len = strlen(id);
    for (const char *at = list; at != NULL && *at != '\0';) {
        size_t word = strcspn(at, " ");
        if (word == len && strncmp(at, id, len) == 0)
            return true;
        at += word + (at[word] == ' ');
    }
    return false;
}

START_TEST(ids_are_unique)
{
    const struct audit_rule *rule, *other;
    for (size_t i = 0; (rule = audit_rule_at(i)) != NULL; i++)
        for (size_t j = 0; j < i && (other = audit_rule_at(j)) != NULL; j++)
            ck_assert_str_ne(audit_rule_id(rule), audit_rule_id(other));
}
END_TEST

START_TEST(requirements_exist)
{
    struct requirement_table table = suite_table();
    const struct audit_rule *rule;
    for (size_t i = 0; (rule = audit_rule_at(i)) != NULL; i++) {
        ck_assert_msg(requirements_find(&table, audit_rule_requirement(rule)) != NULL, "%s: %s",
                      audit_rule_id(rule), audit_rule_requirement(rule));
        for (const char *at = audit_rule_also(rule); at != NULL && *at != '\0';) {
            size_t len = strcspn(at, " ");
            char id[128];
            snprintf(id, sizeof(id), "%.*s", (int)len, at);
            ck_assert_msg(requirements_find(&table, id) != NULL, "%s: %s", audit_rule_id(rule), id);
            at += len + (at[len] == ' ');
        }
    }
    requirements_free(&table);
}
END_TEST

START_TEST(faults_exist)
{
    struct interop_table table;
    char error[INTEROP_ERROR_MAX] = "";
    const struct audit_rule *rule;
    ck_assert_msg(interop_load(INTEROP_PATH, &table, error), "%s", error);
    for (size_t i = 0; (rule = audit_rule_at(i)) != NULL; i++)
        for (const char *at = audit_rule_bugs(rule); at != NULL && *at != '\0';) {
            size_t len = strcspn(at, " ");
            ck_assert_msg(interop_find(&table, at, len) != NULL, "%s: %.*s", audit_rule_id(rule), (int)len,
                          at);
            at += len + (at[len] == ' ');
        }
    interop_free(&table);
}
END_TEST

/* A condition of a candidate belongs to a rule that names it. */
START_TEST(conditions_have_rules)
{
    const char *bug, *id;
    for (size_t i = 0; candidates_condition_at(i, &bug, &id); i++) {
        const struct audit_rule *rule;
        bool found = false;
        for (size_t j = 0; (rule = audit_rule_at(j)) != NULL; j++)
            found = found || ((id == NULL || strcmp(rule->id, id) == 0) && names(rule->bugs, bug));
        ck_assert_msg(found, "%s under %s", bug, id != NULL ? id : "any rule");
    }
}
END_TEST

/* What an operator has set wrong comes with a way to set it right. */
START_TEST(mistakes_have_remedies)
{
    const struct audit_rule *rule;
    for (size_t i = 0; (rule = audit_rule_at(i)) != NULL; i++)
        if (audit_rule_severity(rule) == AUDIT_MISTAKE)
            ck_assert_msg(audit_rule_remedy(rule) != NULL, "%s", audit_rule_id(rule));
}
END_TEST

/* At least 70 of 100 requirements that can be seen to be broken without asking have a rule. */
START_TEST(most_requirements_have_rules)
{
    struct requirement_table table = suite_table();
    size_t passive = 0, covered = 0;
    for (size_t i = 0; i < table.count; i++) {
        const struct requirement *r = &table.items[i];
        const struct audit_rule *rule;
        if (r->level != LEVEL_MUST ||
            (r->observable != OBSERVABLE_PASSIVE && r->observable != OBSERVABLE_BOTH))
            continue;
        passive++;
        for (size_t j = 0; (rule = audit_rule_at(j)) != NULL; j++)
            if (strcmp(audit_rule_requirement(rule), r->id) == 0 || names(audit_rule_also(rule), r->id)) {
                covered++;
                break;
            }
    }
    ck_assert_uint_gt(passive, 100);
    ck_assert_msg(covered * 100 >= passive * 70, "%zu of %zu", covered, passive);
    requirements_free(&table);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("audit_rules");
    TCase *tc = tcase_create("table");
    tcase_add_test(tc, ids_are_unique);
    tcase_add_test(tc, requirements_exist);
    tcase_add_test(tc, faults_exist);
    tcase_add_test(tc, conditions_have_rules);
    tcase_add_test(tc, mistakes_have_remedies);
    tcase_add_test(tc, most_requirements_have_rules);
    suite_add_tcase(suite, tc);
    return suite_main(suite);
}
