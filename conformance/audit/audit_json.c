/* SPDX-License-Identifier: GPL-2.0-or-later */
/* audit_json: audits as one JSON object, as audit/audit.schema.json describes it. */
#include "audit/audit_report.h"

#include <jansson.h>

static void set_text(json_t *object, const char *key, const char *text)
{
    if (text != NULL)
        json_object_set_new(object, key, json_string(text));
}

static void set_count(json_t *object, const char *key, uint64_t count)
{
    json_object_set_new(object, key, json_integer((json_int_t)count));
}

static void set_addr(json_t *object, const char *key, struct addr address)
{
    char text[ADDR_TEXT_MAX];
    if (!addr_is_none(address))
        set_text(object, key, addr_format(address, text));
}

static void set_seconds(json_t *object, const char *key, struct instant at)
{
    json_object_set_new(object, key, json_real((double)at.us / (double)US_PER_S));
}

static json_t *candidate_list(const struct audit_report *report, const struct audit_finding *finding)
{
    json_t *list = json_array();
    const char *at;
    size_t len;
    for (size_t i = 0; (at = audit_finding_candidate(finding, i, &len)) != NULL; i++) {
        const struct interop_fault *fault = interop_find(report->interop, at, len);
        json_t *object = json_object();
        json_object_set_new(object, "id", json_stringn(at, len));
        set_text(object, "words", fault != NULL ? fault->words : NULL);
        set_text(object, "by",
                 fault == NULL              ? NULL
                 : fault->section[0] == 'C' ? "operator"
                                            : "implementation");
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *finding_object(const struct audit_report *report, const struct audit_finding *finding)
{
    const struct audit_rule *rule = finding->rule;
    const struct requirement *requirement =
        requirements_find(report->requirements, audit_rule_requirement(rule));
    json_t *object = json_object(), *frames = json_array();
    set_text(object, "rule", audit_rule_id(rule));
    set_text(object, "severity", audit_severity_words(audit_rule_severity(rule)));
    set_text(object, "requirement", audit_rule_requirement(rule));
    if (requirement != NULL) {
        set_text(object, "clause", requirement->clause);
        set_text(object, "level", requirement_level_words(requirement->level));
    }
    set_text(object, "words", audit_rule_words(rule));
    set_text(object, "remedy", audit_rule_remedy(rule));
    set_addr(object, "station", finding->about);
    set_text(object, "evidence", finding->evidence);
    set_count(object, "count", finding->count);
    for (size_t i = 0; i < finding->frame_count; i++)
        json_array_append_new(frames, json_integer((json_int_t)finding->frames[i]));
    json_object_set_new(object, "frames", frames);
    set_seconds(object, "first_at_s", finding->first_at);
    set_seconds(object, "last_at_s", finding->last_at);
    json_object_set_new(object, "candidates", candidate_list(report, finding));
    return object;
}

static void append_station(void *arg, const struct audit_station *station)
{
    char roles[64];
    json_t *object = json_object();
    set_addr(object, "protocol", station->protocol);
    set_addr(object, "nbma", station->nbma);
    set_addr(object, "outer", station->outer);
    set_text(object, "roles", audit_roles_words(station->roles, roles, sizeof(roles)));
    json_object_set_new(object, "registered", json_boolean(station->registered));
    if (station->registered)
        set_count(object, "hold_s", station->hold_s);
    json_array_append_new(arg, object);
}

static json_t *cloud_object(const struct audit_report *report, size_t index, const struct audit_cloud *cloud)
{
    json_t *object = json_object(), *stations = json_array();
    json_object_set_new(object, "key", cloud->has_key ? json_integer(cloud->key) : json_null());
    json_object_set_new(object, "phase", cloud->phase > 0 ? json_integer(cloud->phase) : json_null());
    set_text(object, "phase_because", cloud->why);
    set_count(object, "messages", cloud->messages);
    set_count(object, "data_packets", cloud->data);
    set_count(object, "through_hub", cloud->hairpins);
    set_count(object, "direct", cloud->direct);
    json_object_set_new(object, "authenticated", json_boolean(cloud->authenticated));
    audit_each_station(report->audit, index, append_station, stations);
    json_object_set_new(object, "stations", stations);
    return object;
}

static json_t *totals_object(const struct audit_totals *t)
{
    json_t *object = json_object();
    set_count(object, "frames", t->frames);
    set_count(object, "messages", t->messages);
    set_count(object, "data_packets", t->data);
    set_count(object, "keepalives", t->keepalives);
    set_count(object, "esp", t->esp);
    set_count(object, "other", t->other);
    set_count(object, "undecodable", t->undecodable);
    set_count(object, "broken", t->broken);
    set_count(object, "cut", t->cut);
    return object;
}

static json_t *audit_object(const struct audit_report *report)
{
    json_t *object = json_object(), *clouds = json_array(), *findings = json_array();
    size_t counts[3] = {0};
    struct audit_cloud cloud;
    const struct audit_finding *finding;
    set_text(object, "file", report->file);
    json_object_set_new(object, "totals", totals_object(audit_totals(report->audit)));
    for (size_t i = 0; audit_cloud_at(report->audit, i, &cloud); i++)
        json_array_append_new(clouds, cloud_object(report, i, &cloud));
    json_object_set_new(object, "clouds", clouds);
    for (size_t i = 0; (finding = audit_finding_at(report->audit, i)) != NULL; i++) {
        counts[audit_rule_severity(finding->rule)]++;
        json_array_append_new(findings, finding_object(report, finding));
    }
    json_object_set_new(object, "findings", findings);
    json_t *summary = json_object();
    for (int severity = AUDIT_NOTE; severity <= AUDIT_VIOLATION; severity++)
        set_count(summary, audit_severity_words((enum audit_severity)severity), counts[severity]);
    json_object_set_new(object, "summary", summary);
    return object;
}

void audit_report_json(const struct audit_report *reports, size_t count, FILE *out)
{
    json_t *root = json_object(), *audits = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(audits, audit_object(&reports[i]));
    json_object_set_new(root, "audits", audits);
    json_dumpf(root, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(root);
}
