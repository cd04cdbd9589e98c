/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report_json: results as one JSON object; docs/conformance.md lists its members. */
#include "report/report.h"

#include <jansson.h>

static void set_text(json_t *object, const char *key, const char *text)
{
    if (text != NULL)
        json_object_set_new(object, key, json_string(text));
}

static void set_requirement(json_t *object, const struct requirement *requirement)
{
    if (requirement == NULL)
        return;
    set_text(object, "requirement", requirement->id);
    set_text(object, "clause", requirement->clause);
    set_text(object, "level", requirement_level_words(requirement->level));
}

static json_t *difference_object(const struct difference *difference)
{
    json_t *object = json_object();
    set_text(object, "field", difference->name);
    set_text(object, "expected", difference->expected);
    set_text(object, "actual", difference->actual);
    if (difference->has_offset)
        json_object_set_new(object, "offset", json_integer((json_int_t)difference->offset));
    json_object_set_new(object, "note", json_boolean(difference->is_note));
    set_requirement(object, difference->requirement);
    return object;
}

static json_t *finding_object(const struct finding *finding)
{
    json_t *object = json_object();
    set_text(object, "finding", finding_words(finding->kind));
    json_object_set_new(object, "note", json_boolean(finding->is_note));
    if (finding->frame != 0)
        json_object_set_new(object, "frame", json_integer((json_int_t)finding->frame));
    if (finding->has_expected_at)
        json_object_set_new(object, "expected_us", json_integer(finding->expected_us));
    if (finding->has_actual_at)
        json_object_set_new(object, "actual_us", json_integer(finding->actual_us));
    set_text(object, "expected", finding->expected);
    set_text(object, "actual", finding->actual);
    set_requirement(object, finding->requirement);
    if (finding->difference_count > 0) {
        json_t *list = json_array();
        for (size_t i = 0; i < finding->difference_count; i++)
            json_array_append_new(list, difference_object(&finding->differences[i]));
        json_object_set_new(object, "differences", list);
    }
    return object;
}

static json_t *case_object(const struct case_result *result)
{
    const struct conform_case *c = result->c;
    json_t *object = json_object();
    set_text(object, "id", c->id);
    set_text(object, "title", c->title);
    json_object_set_new(object, "phase", json_integer((json_int_t)c->phase));
    set_text(object, "role", case_role_words(c->role));
    set_text(object, "verdict", verdict_words(result->verdict));
    set_text(object, "error", result->error);
    json_object_set_new(object, "frames_sent", json_integer((json_int_t)result->injected));
    json_object_set_new(object, "host_packets_sent", json_integer((json_int_t)result->hosted));
    json_object_set_new(object, "host_packets_delivered", json_integer((json_int_t)result->delivered));
    json_object_set_new(object, "frames_expected", json_integer((json_int_t)result->expected));
    json_object_set_new(object, "frames_matched", json_integer((json_int_t)result->matched));
    json_t *requirements = json_array();
    for (size_t i = 0; i < c->requirement_count; i++)
        json_array_append_new(requirements, json_string(c->requirements[i]->id));
    json_object_set_new(object, "requirements", requirements);
    json_t *findings = json_array();
    for (size_t i = 0; i < result->finding_count; i++)
        json_array_append_new(findings, finding_object(&result->findings[i]));
    json_object_set_new(object, "findings", findings);
    return object;
}

void report_json(const struct run_result *run, FILE *out)
{
    json_t *root = json_object();
    json_t *cases = json_array();
    set_text(root, "implementation", run->implementation);
    set_text(root, "deviation", run->deviation);
    for (size_t i = 0; i < run->count; i++)
        json_array_append_new(cases, case_object(&run->cases[i]));
    json_object_set_new(root, "cases", cases);
    json_t *summary = json_object();
    json_object_set_new(summary, "pass", json_integer((json_int_t)run->verdicts[VERDICT_PASS]));
    json_object_set_new(summary, "non-strict", json_integer((json_int_t)run->verdicts[VERDICT_NON_STRICT]));
    json_object_set_new(summary, "fail", json_integer((json_int_t)run->verdicts[VERDICT_FAIL]));
    json_object_set_new(summary, "error", json_integer((json_int_t)run->verdicts[VERDICT_ERROR]));
    json_object_set_new(root, "summary", summary);
    json_dumpf(root, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(root);
}
