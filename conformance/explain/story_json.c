/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * story_json: the story for programs, and for the page that shows it. The schema is story.schema.json.
 */
#include <stdlib.h>
#include <string.h>

#include "explain/story_fields.h"
#include "explain/story_findings.h"
#include "explain/story_tree.h"
#include "memory.h"

/* Text from a capture is not always UTF-8: what is not ASCII becomes '?'. */
static json_t *text_of_capture(const char *text)
{
    char *copy = memory_copy_text(text);
    for (char *at = copy; *at != '\0'; at++)
        if ((*at & 0x80) != 0 || *at < 0x20)
            *at = '?';
    json_t *value = json_string(copy);
    free(copy);
    return value;
}

static json_t *comment(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

static json_t *address(struct addr a)
{
    char buf[ADDR_TEXT_MAX];
    return addr_is_none(a) ? json_null() : json_string(addr_format(a, buf));
}

static json_t *node_number(size_t node)
{
    return node == WORLD_NOBODY ? json_null() : json_integer((json_int_t)node);
}

static json_t *seconds(const struct story *story, struct instant at)
{
    return json_real((double)instant_diff_us(story->begins, at) / (double)US_PER_S);
}

static json_t *hex(struct span bytes)
{
    static const char digits[] = "0123456789abcdef";
    char *text = memory_zeroed(bytes.len * 2 + 1, 1);
    for (size_t i = 0; i < bytes.len; i++) {
        text[2 * i] = digits[bytes.data[i] >> 4];
        text[2 * i + 1] = digits[bytes.data[i] & 15];
    }
    json_t *value = json_string(text);
    free(text);
    return value;
}

static json_t *row(const struct story *story, const struct world_row *r, struct instant at)
{
    char text[WORLD_TEXT_MAX];
    json_t *out = json_object();
    json_object_set_new(out, "table", json_string(world_table_name(world_table_of(r))));
    json_object_set_new(out, "text", json_string(world_row_text(r, at, text)));
    char to[PREFIX_TEXT_MAX];
    json_object_set_new(out, "to", addr_is_none(r->to.addr) ? json_null() : json_string(prefix_format(r->to, to)));
    json_object_set_new(out, "via", address(r->via));
    json_object_set_new(out, "how", json_string(world_how_words(r->how)));
    json_object_set_new(out, "frame", json_integer((json_int_t)r->frame));
    json_object_set_new(out, "until_s", r->until.us == INSTANT_NEVER.us ? json_null() : seconds(story, r->until));
    size_t peer = world_find(story->world, r->is_route ? r->via : r->to.addr);
    json_object_set_new(out, "peer", node_number(peer != WORLD_NOBODY ? peer : world_find_at(story->world, r->via)));
    return out;
}

static const char *change_words(char sign)
{
    return sign == '+' ? "new" : sign == '=' ? "changed" : sign == '-' ? "forgotten" : "ended";
}

static json_t *changes_of(const struct story *story, const struct story_step *step)
{
    json_t *out = json_array();
    for (size_t i = 0; i < step->change_count; i++) {
        const struct world_change *change = &step->changes[i];
        json_t *item = row(story, &change->row, change->sign == '!' || change->sign == '-' ? change->row.until : step->at);
        json_object_set_new(item, "node", node_number(change->node));
        json_object_set_new(item, "what", json_string(change_words(change->sign)));
        json_array_append_new(out, item);
    }
    return out;
}

static json_t *states_of(const struct story *story, const struct story_step *step)
{
    json_t *out = json_array();
    for (size_t i = 0; i < step->state_count; i++) {
        const struct story_state *state = &step->states[i];
        json_t *item = json_object(), *rows = json_array(), *hosts = json_array();
        for (size_t k = 0; k < state->row_count; k++)
            json_array_append_new(rows, row(story, &state->rows[k], step->at));
        for (size_t k = 0; k < state->host_count; k++)
            json_array_append_new(hosts, address(state->hosts[k]));
        json_object_set_new(item, "node", node_number(state->node));
        json_object_set_new(item, "address", address(state->outer));
        json_object_set_new(item, "rows", rows);
        json_object_set_new(item, "hosts", hosts);
        json_array_append_new(out, item);
    }
    return out;
}

static json_t *fields_of(const struct story_step *step)
{
    struct story_field *fields;
    json_t *out = json_array();
    size_t count = story_fields(step->bytes, step->is_message, &fields);
    for (size_t i = 0; i < count && i < STORY_FIELDS_SHOWN; i++) {
        json_t *item = json_object();
        json_object_set_new(item, "name", json_string(fields[i].name));
        json_object_set_new(item, "label", json_string(fields[i].label));
        json_object_set_new(item, "value", text_of_capture(fields[i].value));
        json_object_set_new(item, "offset", json_integer((json_int_t)fields[i].offset));
        json_object_set_new(item, "length", json_integer((json_int_t)fields[i].len));
        json_object_set_new(item, "depth", json_integer(fields[i].depth));
        json_object_set_new(item, "clause", json_string(fields[i].clause));
        json_array_append_new(out, item);
    }
    free(fields);
    return out;
}

static void add_finding(void *arg, const struct story_finding *finding)
{
    json_t *item = json_object();
    json_object_set_new(item, "rule", json_string(audit_rule_id(finding->rule)));
    json_object_set_new(item, "severity", json_string(audit_severity_words(audit_rule_severity(finding->rule))));
    json_object_set_new(item, "requirement", json_string(audit_rule_requirement(finding->rule)));
    json_object_set_new(item, "evidence", text_of_capture(finding->evidence));
    json_array_append_new(arg, item);
}

static void add_tale(json_t *out, const struct tale *tale)
{
    json_t *causes = json_array();
    for (size_t i = 0; i < tale->cause_count; i++)
        json_array_append_new(causes, json_integer((json_int_t)tale->causes[i]));
    json_object_set_new(out, "kind", json_string(tale_name(tale->kind)));
    json_object_set_new(out, "title", json_string(tale_title(tale->kind)));
    json_object_set_new(out, "family", json_string(tale_family_name(tale_family(tale->kind))));
    json_object_set_new(out, "tells", json_string(tale->tells));
    json_object_set_new(out, "says", text_of_capture(tale->says.sentence));
    json_object_set_new(out, "because", json_string(tale->because));
    json_object_set_new(out, "causes", causes);
    json_object_set_new(out, "clause", tale->clause != NULL ? json_string(tale->clause) : json_null());
}

static json_t *step_tree(const struct story *story, const struct story_step *step)
{
    json_t *out = json_object(), *findings = json_array();
    struct span shown = step->bytes;
    if (shown.len > STORY_BYTES_SHOWN)
        shown.len = STORY_BYTES_SHOWN;
    json_object_set_new(out, "frame", json_integer((json_int_t)step->frame));
    json_object_set_new(out, "time_s", seconds(story, step->at));
    json_object_set_new(out, "from", node_number(step->from));
    json_object_set_new(out, "to", node_number(step->to));
    json_object_set_new(out, "from_address", address(step->from_addr));
    json_object_set_new(out, "to_address", address(step->to_addr));
    add_tale(out, &step->tale);
    json_object_set_new(out, "comment", comment(step->comment));
    json_object_set_new(out, "repeated_in", step->unheard_by > 0 ? json_integer((json_int_t)step->unheard_by) : json_null());
    json_object_set_new(out, "unanswered", json_boolean(step->unanswered > 0));
    json_object_set_new(out, "decrypted", json_boolean(step->decrypted));
    json_object_set_new(out, "length", json_integer((json_int_t)step->bytes.len));
    json_object_set_new(out, "bytes", hex(shown));
    json_object_set_new(out, "fields", fields_of(step));
    json_object_set_new(out, "changes", changes_of(story, step));
    json_object_set_new(out, "states", states_of(story, step));
    story_each_finding(story, step->frame, add_finding, findings);
    json_object_set_new(out, "findings", findings);
    return out;
}

static json_t *nodes_tree(const struct story *story)
{
    json_t *out = json_array();
    for (size_t i = 0; i < story->world->node_count; i++) {
        const struct world_node *node = &story->world->nodes[i];
        json_t *item = json_object();
        json_object_set_new(item, "name", json_string(node->name));
        json_object_set_new(item, "role", json_string(world_role(node)));
        json_object_set_new(item, "tunnel_address", address(node->protocol));
        json_object_set_new(item, "address", address(node->outer));
        json_object_set_new(item, "own_address", address(node->claimed));
        json_object_set_new(item, "heard", json_boolean(node->speaks));
        json_object_set_new(item, "first_frame", json_integer((json_int_t)node->first_frame));
        json_array_append_new(out, item);
    }
    return out;
}

static json_t *clouds_tree(const struct story *story)
{
    json_t *out = json_array();
    struct audit_cloud cloud;
    for (size_t i = 0; audit_cloud_at(story->audit, i, &cloud); i++) {
        if (cloud.messages + cloud.data == 0)
            continue;
        json_t *item = json_object();
        json_object_set_new(item, "key", cloud.has_key ? json_integer(cloud.key) : json_null());
        json_object_set_new(item, "phase", cloud.phase > 0 ? json_integer(cloud.phase) : json_null());
        json_object_set_new(item, "why", json_string(cloud.why));
        json_array_append_new(out, item);
    }
    return out;
}

/* What would happen in each phase, by family. */
static json_t *phases_tree(void)
{
    static const char *const would_words[] = {[WOULD_SAME] = "same", [WOULD_OTHER] = "other", [WOULD_NEVER] = "never"};
    json_t *out = json_object();
    for (int family = 0; family < FAMILY_COUNT; family++) {
        json_t *phases = json_array();
        for (unsigned phase = 1; phase <= 3; phase++) {
            enum tale_would would;
            json_t *item = json_object();
            const char *words = tale_in_phase((enum tale_family)family, phase, &would);
            json_object_set_new(item, "would", json_string(would_words[would]));
            json_object_set_new(item, "words", json_string(words));
            json_array_append_new(phases, item);
        }
        json_object_set_new(out, tale_family_name((enum tale_family)family), phases);
    }
    return out;
}

json_t *story_tree(const struct story *story)
{
    json_t *out = json_object(), *steps = json_array();
    json_object_set_new(out, "format", json_string("dmvpnkit-story"));
    json_object_set_new(out, "version", json_integer(1));
    json_object_set_new(out, "file", json_string(story->file));
    json_object_set_new(out, "comment", comment(story->comment));
    json_object_set_new(out, "frames_read", json_integer((json_int_t)story->frames_read));
    json_object_set_new(out, "cut_short", json_boolean(story->cut_short));
    json_object_set_new(out, "followed_all", json_boolean(!story->world->is_full));
    json_object_set_new(out, "tunnels", clouds_tree(story));
    json_object_set_new(out, "nodes", nodes_tree(story));
    json_object_set_new(out, "phases", phases_tree());
    for (size_t i = 0; i < story->count; i++)
        json_array_append_new(steps, step_tree(story, &story->steps[i]));
    json_object_set_new(out, "steps", steps);
    return out;
}

void story_json(const struct story *story, FILE *out)
{
    json_t *tree = story_tree(story);
    json_dumpf(tree, out, JSON_INDENT(1));
    fputc('\n', out);
    json_decref(tree);
}
