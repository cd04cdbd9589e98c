/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report_json: results as one JSON object; report/report.schema.json describes it. */
#include "report/report_tree.h"

#include "codec/dump.h"

#define LINE_MAX_LEN 512

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
    if (finding->step != 0)
        json_object_set_new(object, "step", json_integer((json_int_t)finding->step));
    if (finding->sent != 0)
        json_object_set_new(object, "packet", json_integer((json_int_t)finding->sent));
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

static const char *way_words(enum frame_way way)
{
    static const char *const words[] = {[FRAME_TO_IUT] = "to",
                                        [FRAME_FROM_IUT] = "from",
                                        [FRAME_HOST_TO_IUT] = "host-to",
                                        [FRAME_HOST_FROM_IUT] = "host-from"};
    return words[way];
}

static json_t *packet_object(const struct frame_record *frame)
{
    char line[LINE_MAX_LEN];
    json_t *object = json_object();
    set_text(object, "way", way_words(frame->way));
    json_object_set_new(object, "at_us", json_integer(frame->at_us));
    if (frame->capture != 0)
        json_object_set_new(object, "frame", json_integer((json_int_t)frame->capture));
    if (frame->step != 0)
        json_object_set_new(object, "step", json_integer((json_int_t)frame->step));
    set_text(object, "line", dump_packet_line(span_of(frame->bytes, frame->len), line, sizeof(line)));
    return object;
}

static json_t *requirement_list(const struct conform_case *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->requirement_count; i++)
        json_array_append_new(list, json_string(c->requirements[i]->id));
    return list;
}

static void set_count(json_t *object, const char *key, size_t count)
{
    json_object_set_new(object, key, json_integer((json_int_t)count));
}

static json_t *case_object(const struct case_result *result)
{
    const struct conform_case *c = result->c;
    json_t *object = json_object(), *findings = json_array(), *packets = json_array();
    set_text(object, "id", c->id);
    set_text(object, "title", c->title);
    set_text(object, "story", c->story);
    json_object_set_new(object, "phase", json_integer((json_int_t)c->phase));
    set_text(object, "role", case_role_words(c->role));
    set_text(object, "verdict", verdict_words(result->verdict));
    if (result->reason != REASON_NONE)
        set_text(object, "reason", verdict_reason_code(result->reason));
    set_text(object, "error", result->error);
    set_text(object, "known", result->known);
    json_object_set_new(object, "took_us", json_integer(result->took_us));
    set_count(object, "frames_sent", result->injected);
    set_count(object, "host_packets_sent", result->hosted);
    set_count(object, "host_packets_delivered", result->delivered);
    set_count(object, "frames_expected", result->expected);
    set_count(object, "frames_matched", result->matched);
    json_object_set_new(object, "requirements", requirement_list(c));
    for (size_t i = 0; i < result->finding_count; i++)
        json_array_append_new(findings, finding_object(&result->findings[i]));
    json_object_set_new(object, "findings", findings);
    for (size_t i = 0; i < result->frame_count; i++)
        json_array_append_new(packets, packet_object(&result->frames[i]));
    json_object_set_new(object, "packets", packets);
    return object;
}

/* The requirements that the run's cases name, by id. */
static json_t *requirements_object(const struct run_result *run)
{
    json_t *all = json_object();
    for (size_t i = 0; i < run->count; i++)
        for (size_t j = 0; j < run->cases[i].c->requirement_count; j++) {
            const struct requirement *requirement = run->cases[i].c->requirements[j];
            json_t *object = json_object();
            set_text(object, "clause", requirement->clause);
            set_text(object, "level", requirement_level_words(requirement->level));
            set_text(object, "text", requirement->text);
            json_object_set_new(all, requirement->id, object);
        }
    return all;
}

json_t *report_tree(const struct run_result *run)
{
    json_t *root = json_object(), *cases = json_array(), *summary = json_object();
    set_text(root, "implementation", run->implementation);
    set_text(root, "deviation", run->deviation);
    set_text(root, "profile", run->profile);
    json_object_set_new(root, "took_us", json_integer(run->took_us));
    for (size_t i = 0; i < run->count; i++)
        json_array_append_new(cases, case_object(&run->cases[i]));
    json_object_set_new(root, "cases", cases);
    json_object_set_new(root, "requirements", requirements_object(run));
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++)
        set_count(summary, verdict_words((enum verdict)verdict), run->verdicts[verdict]);
    json_object_set_new(root, "summary", summary);
    return root;
}

void report_json(const struct run_result *run, FILE *out)
{
    json_t *root = report_tree(run);
    json_dumpf(root, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(root);
}
