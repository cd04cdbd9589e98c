/* SPDX-License-Identifier: GPL-2.0-or-later */
/* story: see story.h. */
#include "explain/story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "esp_keys.h"
#include "explain/plain_text.h"
#include "files/capture_comments.h"
#include "memory.h"

#define ETHERTYPE_NHRP 0x2001

struct story_frame {
    struct instant at;
    uint16_t ethertype;
    bool cut, decrypted;
    uint8_t *bytes;
    size_t len;
    size_t unheard_by;   /* what the first telling shows */
    unsigned unanswered;
};

/* One telling. */
struct telling {
    struct story *story;
    const struct story_options *options;
    struct narrator *narrator;
    struct world *world;
    size_t step_cap;
    bool last; /* steps are kept */
};

static bool keep_frame(struct story *story, const struct capture_frame *frame, struct esp_keys *keys)
{
    struct span bytes = {0};
    if (story->octets + frame->bytes.len > STORY_BYTES_MAX)
        return false;
    story->frames =
        memory_room_for_one(story->frames, story->frames_read, &story->frame_cap, sizeof(*story->frames));
    struct story_frame *kept = &story->frames[story->frames_read++];
    *kept = (struct story_frame){.at = frame->at, .cut = frame->wire_len > frame->bytes.len};
    if (capture_packet(frame, &kept->ethertype, &bytes) && keys != NULL && kept->ethertype != ETHERTYPE_NHRP)
        kept->decrypted = esp_keys_open(keys, bytes, &bytes);
    if (kept->ethertype == 0)
        bytes = frame->bytes;
    kept->len = bytes.len;
    kept->bytes = bytes.len > 0 ? memory_copy(bytes.data, bytes.len) : NULL;
    story->octets += bytes.len;
    return true;
}

static bool read_frames(const char *path, const struct story_options *o, struct story *story,
                        char error[CAPTURE_ERROR_MAX])
{
    struct capture_reader *reader = capture_open(path, error);
    if (reader == NULL)
        return false;
    struct capture_frame frame;
    size_t first = o->first > 0 ? o->first : 1;
    int got;
    while ((got = capture_read(reader, &frame, error)) == 1) {
        if (frame.number > STORY_FRAMES_MAX || frame.number >= first + STORY_STEPS_MAX ||
            (o->last > 0 && frame.number > o->last) || !keep_frame(story, &frame, o->keys)) {
            story->cut_short = true;
            break;
        }
        if (frame.number == 1)
            story->begins = frame.at;
    }
    capture_close(reader);
    if (got >= 0 && story->frames_read < first) {
        snprintf(error, CAPTURE_ERROR_MAX, "%s: there is no frame %zu among the first %d that are read", path, first,
                 STORY_FRAMES_MAX);
        return false;
    }
    return got >= 0;
}

static void copy_states(struct story_step *step, const struct world *world)
{
    for (size_t i = 0; i < world->node_count; i++)
        step->state_count += world->nodes[i].touched;
    if (step->state_count == 0)
        return;
    step->states = memory_zeroed(step->state_count, sizeof(*step->states));
    struct story_state *state = step->states;
    for (size_t i = 0; i < world->node_count; i++) {
        const struct world_node *node = &world->nodes[i];
        if (!node->touched)
            continue;
        *state = (struct story_state){
            .node = i, .row_count = node->row_count, .outer = node->outer, .host_count = node->host_count};
        memcpy(state->hosts, node->hosts, sizeof(state->hosts));
        if (node->row_count > 0)
            state->rows = memory_copy(node->rows, node->row_count * sizeof(*node->rows));
        state++;
    }
}

static void keep_step(struct telling *t, const struct sight *s, const struct tale *tale)
{
    struct story *story = t->story;
    const struct story_frame *frame = &story->frames[s->frame - 1];
    story->steps = memory_room_for_one(story->steps, story->count, &t->step_cap, sizeof(*story->steps));
    struct story_step *step = &story->steps[story->count++];
    *step = (struct story_step){.frame = s->frame,
                                .at = frame->at,
                                .decrypted = frame->decrypted,
                                .is_message = frame->ethertype == ETHERTYPE_NHRP,
                                .bytes = span_of(frame->bytes, frame->len),
                                .from_addr = s->from,
                                .to_addr = s->to,
                                .from = t->world->from,
                                .to = t->world->to,
                                .tale = *tale,
                                .unheard_by = frame->unheard_by,
                                .unanswered = frame->unanswered,
                                .change_count = t->world->change_count};
    if (step->change_count > 0)
        step->changes = memory_copy(t->world->changes, step->change_count * sizeof(*step->changes));
    copy_states(step, t->world);
}

static void take_sight(void *arg, const struct sight *s)
{
    struct telling *t = arg;
    struct story_frame *frames = t->story->frames;
    struct tale tale;
    if (s->events & SIGHT_UNANSWERED) {
        frames[s->frame - 1].unanswered = s->request->tries > 0 ? s->request->tries : 1;
        return;
    }
    narrator_tell(t->narrator, s, &tale);
    if (tale.unheard > 0)
        frames[tale.unheard - 1].unheard_by = s->frame;
    world_take(t->world, s, &tale, frames[s->frame - 1].unheard_by > 0);
    if (t->last && s->frame >= t->options->first)
        keep_step(t, s, &tale);
}

/* NHRP straight behind the link header is what a capture on a tunnel interface has. */
static bool is_on_tunnel(const struct story *story)
{
    for (size_t i = 0; i < story->frames_read; i++)
        if (story->frames[i].ethertype == ETHERTYPE_NHRP)
            return true;
    return false;
}

/* The audit and the world as they are at the end go to the story with the last telling. */
static void tell(struct story *story, const struct story_options *options, bool last)
{
    struct telling t = {
        .story = story, .options = options, .narrator = narrator_new(is_on_tunnel(story)), .world = world_new(), .last = last};
    struct audit *audit = audit_new();
    audit_watch(audit, take_sight, &t);
    for (size_t i = 0; i < story->frames_read; i++) {
        const struct story_frame *frame = &story->frames[i];
        audit_packet(audit, i + 1, frame->at, frame->ethertype, span_of(frame->bytes, frame->len), frame->cut);
    }
    audit_end(audit);
    narrator_free(t.narrator);
    if (last) {
        story->audit = audit;
        story->world = t.world;
        world_name_nodes(t.world);
    } else {
        audit_free(audit);
        world_free(t.world);
    }
}

static bool is_address_char(char c)
{
    return c != '\0' && strchr("0123456789abcdef.:", c) != NULL;
}

const char *story_named(const struct story *story, const char *text, bool outer, char *buf, size_t cap)
{
    struct text t = text_of(buf, cap);
    while (*text != '\0') {
        size_t len = 0;
        char word[ADDR_TEXT_MAX];
        struct addr a;
        while (is_address_char(text[len]))
            len++;
        size_t all = len;
        while (len > 0 && (text[len - 1] == '.' || text[len - 1] == ':'))
            len--;
        size_t node = WORLD_NOBODY;
        if (len >= 3 && len < sizeof(word) && text[all] != '/') {
            snprintf(word, sizeof(word), "%.*s", (int)len, text);
            node = addr_parse(word, &a) ? world_find(story->world, a) : WORLD_NOBODY;
            if (node == WORLD_NOBODY && outer && addr_parse(word, &a))
                node = world_find_at(story->world, a);
        }
        if (node != WORLD_NOBODY) {
            const char *name = story->world->nodes[node].name;
            text_add(&t, "%s%s", strcmp(name, "hub") == 0 ? "the " : "", name);
            all = len;
        } else {
            all = all > 0 ? all : 1;
            text_add(&t, "%.*s", (int)all, text);
        }
        text += all;
    }
    return buf;
}

const char *story_who(const struct story *story, size_t node, struct addr otherwise, char buf[ADDR_TEXT_MAX])
{
    if (node == WORLD_NOBODY)
        return addr_is_none(otherwise) ? "somebody" : addr_format(otherwise, buf);
    snprintf(buf, ADDR_TEXT_MAX, "%s", story->world->nodes[node].name);
    return buf;
}

/* What the maker of the capture has written into it. */
static void take_comments(struct story *story, const char *path)
{
    struct capture_comments *comments = capture_comments_read(path, story->frames_read);
    story->comment = plain_text(capture_comment_of_file(comments));
    for (size_t i = 0; i < story->count; i++)
        story->steps[i].comment = plain_text(capture_comment_of_frame(comments, story->steps[i].frame));
    capture_comments_free(comments);
}

bool story_read(const char *path, const struct story_options *o, struct story *out, char error[CAPTURE_ERROR_MAX])
{
    char named[TALE_BECAUSE_MAX];
    const char *slash = strrchr(path, '/');
    *out = (struct story){.file = plain_text(slash != NULL ? slash + 1 : path)};
    if (!read_frames(path, o, out, error))
        return false;
    tell(out, o, false);
    tell(out, o, true);
    if (!o->no_comments)
        take_comments(out, path);
    for (size_t i = 0; i < out->count; i++) {
        struct tale *tale = &out->steps[i].tale;
        story_named(out, tale->tells, true, named, sizeof(tale->tells));
        memcpy(tale->tells, named, sizeof(tale->tells));
        story_named(out, tale->because, false, named, sizeof(tale->because));
        memcpy(tale->because, named, sizeof(tale->because));
    }
    return true;
}

void story_free(struct story *story)
{
    for (size_t i = 0; i < story->count; i++) {
        struct story_step *step = &story->steps[i];
        for (size_t s = 0; s < step->state_count; s++)
            free(step->states[s].rows);
        free(step->comment);
        free(step->states);
        free(step->changes);
    }
    free(story->file);
    free(story->comment);
    free(story->steps);
    for (size_t i = 0; i < story->frames_read; i++)
        free(story->frames[i].bytes);
    free(story->frames);
    world_free(story->world);
    audit_free(story->audit);
    *story = (struct story){0};
}
