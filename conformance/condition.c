/* SPDX-License-Identifier: GPL-2.0-or-later */
/* condition: see condition.h. */
#include "condition.h"

#include <stdio.h>
#include <string.h>

#define HEAD_MIN 20

struct parsed {
    char text[CONDITION_MAX];
    const char *name;
    const char *op;
    char *values;            /* alternatives, still with their bars */
    const char *requirement; /* or NULL */
    bool is_should;
};

static bool parse(const char *text, struct parsed *out)
{
    static const char *const operators[] = {"=", "!=", "<=", ">=", "<", ">", "~", "present", "absent"};
    if (strlen(text) >= sizeof(out->text))
        return false;
    *out = (struct parsed){.is_should = strncmp(text, "should ", 7) == 0};
    snprintf(out->text, sizeof(out->text), "%s", text + (out->is_should ? 7 : 0));
    char *at = strstr(out->text, " @");
    if (at != NULL) {
        *at = '\0';
        out->requirement = at + 2;
    }
    char *space = strchr(out->text, ' ');
    if (space == NULL)
        return false;
    *space = '\0';
    out->name = out->text;
    char *op = space + 1;
    char *end = op + strcspn(op, " ");
    out->values = *end == '\0' ? end : end + 1;
    *end = '\0';
    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
        if (strcmp(op, operators[i]) == 0)
            out->op = operators[i];
    return out->op != NULL && (out->op[0] == 'p' || out->op[0] == 'a' || *out->values != '\0');
}

static bool is_number(const struct field *field)
{
    return field->kind == FIELD_NUMBER || field->kind == FIELD_HEX || field->kind == FIELD_FLAG;
}

static bool numbers_hold(uint64_t a, const char *op, uint64_t b)
{
    if (strcmp(op, "=") == 0)
        return a == b;
    if (strcmp(op, "!=") == 0)
        return a != b;
    if (strcmp(op, "<") == 0)
        return a < b;
    if (strcmp(op, "<=") == 0)
        return a <= b;
    if (strcmp(op, ">") == 0)
        return a > b;
    return strcmp(op, ">=") == 0 && a >= b;
}

static bool octets_hold(struct span a, const char *op, struct span b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    if (op[0] == '~')
        return shorter >= HEAD_MIN && memcmp(a.data, b.data, shorter) == 0;
    return span_equal(a, b) == (op[0] == '=');
}

/* One alternative; spaces around it are gone. */
static enum condition_answer alternative_holds(const struct field *field, const char *op, const char *value,
                                               const struct condition_context *context,
                                               char error[EDIT_ERROR_MAX])
{
    struct edit_value parsed;
    struct edit_sources own = {.sent = context->fields};
    char renamed[CONDITION_MAX];
    const struct edit_sources *sources = context->sources;
    if (field->kind == FIELD_TEXT)
        return (strcmp(field->text, value) == 0) == (op[0] == '=') ? CONDITION_HOLDS : CONDITION_FAILS;
    if (strncmp(value, "$this:", 6) == 0) {
        snprintf(renamed, sizeof(renamed), "$sent:%s", value + 6);
        value = renamed;
        sources = &own;
    }
    if (!edit_value_parse(value, field->kind, sources, &parsed, error))
        return CONDITION_BAD;
    bool holds = is_number(field) ? numbers_hold(field->number, op, parsed.number)
                                  : octets_hold(field->octets, op, span_of(parsed.octets, parsed.len));
    return holds ? CONDITION_HOLDS : CONDITION_FAILS;
}

static enum condition_answer values_hold(const struct field *field, const struct parsed *p,
                                         const struct condition_context *context, char error[EDIT_ERROR_MAX])
{
    char values[CONDITION_MAX];
    snprintf(values, sizeof(values), "%s", p->values);
    char *rest = values;
    for (char *value; (value = strsep(&rest, "|")) != NULL;) {
        value += strspn(value, " ");
        for (size_t len = strlen(value); len > 0 && value[len - 1] == ' '; len--)
            value[len - 1] = '\0';
        enum condition_answer answer = alternative_holds(field, p->op, value, context, error);
        if (answer != CONDITION_FAILS)
            return answer;
    }
    return CONDITION_FAILS;
}

static void describe(const struct parsed *p, const struct field *field,
                     const struct condition_context *context, struct difference *out)
{
    *out = (struct difference){.is_note = p->is_should, .has_offset = field != NULL};
    snprintf(out->name, sizeof(out->name), "%.63s", p->name);
    snprintf(out->expected, sizeof(out->expected), "%s%s%.100s", p->op[0] == '=' ? "" : p->op,
             p->op[0] == '=' || *p->values == '\0' ? "" : " ", p->values);
    if (field != NULL) {
        out->offset = field->offset;
        field_format(field, out->actual);
    } else {
        snprintf(out->actual, sizeof(out->actual), "(absent)");
    }
    out->requirement = context->requirement;
    if (p->requirement != NULL)
        out->requirement = requirements_find(context->requirements, p->requirement);
    else if (out->requirement == NULL)
        out->requirement =
            requirements_find(context->requirements, policy_for_value(context->policy, p->name)->requirement);
}

enum condition_answer condition_judge(const char *text, const struct condition_context *context,
                                      struct difference *out, char error[EDIT_ERROR_MAX])
{
    struct parsed p;
    enum condition_answer answer = CONDITION_FAILS;
    if (!parse(text, &p)) {
        snprintf(error, EDIT_ERROR_MAX, "'%.100s' is no condition", text);
        return CONDITION_BAD;
    }
    if (p.requirement != NULL && requirements_find(context->requirements, p.requirement) == NULL) {
        snprintf(error, EDIT_ERROR_MAX, "'%.100s' is not in the table of requirements", p.requirement);
        return CONDITION_BAD;
    }
    const struct field *field = field_find(context->fields, p.name);
    if (strcmp(p.op, "present") == 0 || strcmp(p.op, "absent") == 0)
        answer = (field != NULL) == (p.op[0] == 'p') ? CONDITION_HOLDS : CONDITION_FAILS;
    else if (field != NULL)
        answer = values_hold(field, &p, context, error);
    else if (context->skips_absent)
        answer = CONDITION_HOLDS;
    if (answer == CONDITION_FAILS)
        describe(&p, field, context, out);
    return answer;
}
