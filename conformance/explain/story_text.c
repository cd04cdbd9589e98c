/* SPDX-License-Identifier: GPL-2.0-or-later */
/* story_text: the story for a terminal. */
#include "explain/story_writers.h"

#include <ctype.h>
#include <inttypes.h>
#include "explain/story_findings.h"

static void print_capital(const char *sentence, FILE *out)
{
    fputc(toupper((unsigned char)sentence[0]), out);
    if (sentence[0] != '\0')
        fputs(sentence + 1, out);
}

static void print_cast(const struct story *story, FILE *out)
{
    char protocol[ADDR_TEXT_MAX], outer[ADDR_TEXT_MAX], claimed[ADDR_TEXT_MAX];
    fputs("Who\n", out);
    for (size_t i = 0; i < story->world->node_count; i++) {
        const struct world_node *node = &story->world->nodes[i];
        fprintf(out, "  %-10s", node->name);
        if (!addr_is_none(node->protocol))
            fprintf(out, " %s in the tunnel,", addr_format(node->protocol, protocol));
        if (addr_is_none(node->outer))
            fputs(" its outer address is not in the capture", out);
        else
            fprintf(out, " at %s", addr_format(node->outer, outer));
        if (!addr_is_none(node->claimed) && !addr_is_none(node->outer) && !addr_equal(node->claimed, node->outer))
            fprintf(out, " (its own address is %s: behind a NAT)", addr_format(node->claimed, claimed));
        fprintf(out, "%s\n", node->speaks ? "" : ", never heard");
    }
}

static void print_clouds(const struct story *story, FILE *out)
{
    struct audit_cloud cloud;
    for (size_t i = 0; audit_cloud_at(story->audit, i, &cloud); i++) {
        if (cloud.messages + cloud.data == 0)
            continue;
        if (cloud.has_key)
            fprintf(out, "Tunnel with key %" PRIu32 ": ", cloud.key);
        else
            fputs("Tunnel: ", out);
        if (cloud.phase > 0)
            fprintf(out, "Phase %u, because %s.\n", cloud.phase, cloud.why);
        else
            fprintf(out, "which phase is open, because %s.\n", cloud.why);
    }
}

static void print_table(const struct story *story, const struct story_step *step, const struct story_state *state,
                        enum world_table table, FILE *out)
{
    char text[WORLD_TEXT_MAX];
    size_t shown = 0;
    for (size_t i = 0; i < state->row_count; i++) {
        if (world_table_of(&state->rows[i]) != table)
            continue;
        if (shown++ == 0)
            fprintf(out, "         %s's %s:\n", story->world->nodes[state->node].name, world_table_title(table));
        fprintf(out, "           %s\n", world_row_text(&state->rows[i], step->at, text));
    }
}

static bool has_changed(const struct story_step *step, size_t node, enum world_table table)
{
    for (size_t i = 0; i < step->change_count; i++)
        if (step->changes[i].node == node && world_table_of(&step->changes[i].row) == table)
            return true;
    return false;
}

static void print_changes(const struct story *story, const struct story_step *step, FILE *out)
{
    char text[WORLD_TEXT_MAX];
    for (size_t i = 0; i < step->change_count; i++) {
        const struct world_change *change = &step->changes[i];
        bool gone = change->sign == '-', ended = change->sign == '!';
        if (gone || ended)
            fprintf(out, "         %s, %s: %s\n", story->world->nodes[change->node].name,
                    gone ? "forgotten" : "ended with its time", world_row_text(&change->row, change->row.until, text));
    }
    for (size_t i = 0; i < step->state_count; i++)
        for (int table = 0; table < TABLE_COUNT; table++)
            if (has_changed(step, step->states[i].node, (enum world_table)table))
                print_table(story, step, &step->states[i], (enum world_table)table, out);
}

/* Whatever lines it has, they stay within the margin, so that none can look like the story's own. */
static void print_comment(const char *title, const char *comment, const char *margin, FILE *out)
{
    fprintf(out, "%s%s", margin, title);
    for (; *comment != '\0'; comment++) {
        fputc(*comment, out);
        if (*comment == '\n')
            fprintf(out, "%s  | ", margin);
    }
    fputs(margin[0] == '\0' ? "\n\n" : "\n", out);
}

static void print_step(const struct story *story, const struct story_step *step, FILE *out)
{
    char from[ADDR_TEXT_MAX], to[ADDR_TEXT_MAX];
    const struct tale *tale = &step->tale;
    int64_t us = instant_diff_us(story->begins, step->at);
    fprintf(out, "\n%5zu  %.3f s  ", step->frame, (double)us / (double)US_PER_S);
    if (step->from != WORLD_NOBODY || !addr_is_none(step->from_addr))
        fprintf(out, "%s -> %s  ", story_who(story, step->from, step->from_addr, from),
                story_who(story, step->to, step->to_addr, to));
    fprintf(out, "%s%s\n       ", tale_title(tale->kind), step->decrypted ? " (inside ESP)" : "");
    print_capital(tale->tells, out);
    fprintf(out, "%s%s.", tale->because[0] != '\0' ? ", " : "", tale->because);
    if (tale->clause != NULL)
        fprintf(out, " [%s]", tale->clause);
    fputc('\n', out);
    if (tale->says.clause != NULL)
        fprintf(out, "       It says: %s.\n", tale->says.sentence);
    if (step->comment != NULL)
        print_comment("The capture's comment: ", step->comment, "       ", out);
    if (step->unheard_by > 0)
        fprintf(out, "       It has no effect: frame %zu repeats the question.\n", step->unheard_by);
    if (step->unanswered > 0)
        fprintf(out, "       Nobody answers it%s.\n", step->unanswered > 1 ? ", nor its repetitions" : "");
    print_changes(story, step, out);
}

static void print_finding(void *arg, const struct story_finding *finding)
{
    fprintf(arg, "       The audit: %s: %s [%s]\n", audit_severity_words(audit_rule_severity(finding->rule)),
            finding->evidence, audit_rule_requirement(finding->rule));
}

void story_text(const struct story *story, FILE *out)
{
    fprintf(out, "The story of %s\n\n", story->file);
    if (story->comment != NULL)
        print_comment("The capture says of itself: ", story->comment, "", out);
    print_cast(story, out);
    fputc('\n', out);
    print_clouds(story, out);
    fputs("Caches and routes are inferred from the packets, as if each arrived unless a later one shows otherwise.\n",
          out);
    for (size_t i = 0; i < story->count; i++) {
        print_step(story, &story->steps[i], out);
        story_each_finding(story, story->steps[i].frame, print_finding, out);
    }
    if (story->cut_short)
        fprintf(out, "\nThe file goes on behind frame %zu.\n", story->frames_read);
    if (story->world->is_full)
        fputs("\nThere are more stations, mappings or routes than are followed here.\n", out);
}
