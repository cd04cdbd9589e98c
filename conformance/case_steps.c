/* SPDX-License-Identifier: GPL-2.0-or-later */
/* case_steps: which keys go with which verb, and what the words in them mean. */
#include "case_steps.h"

#include <stdio.h>
#include <string.h>

#include "policy.h"

static const struct {
    const char *word;
    unsigned message;
} message_words[] = {
    {"resolution-request", POLICY_NHRP(NHRP_RESOLUTION_REQUEST)},
    {"resolution-reply", POLICY_NHRP(NHRP_RESOLUTION_REPLY)},
    {"registration-request", POLICY_NHRP(NHRP_REGISTRATION_REQUEST)},
    {"registration-reply", POLICY_NHRP(NHRP_REGISTRATION_REPLY)},
    {"purge-request", POLICY_NHRP(NHRP_PURGE_REQUEST)},
    {"purge-reply", POLICY_NHRP(NHRP_PURGE_REPLY)},
    {"error-indication", POLICY_NHRP(NHRP_ERROR_INDICATION)},
    {"traffic-indication", POLICY_NHRP(NHRP_TRAFFIC_INDICATION)},
    {"data", POLICY_DATA},
    {"other", POLICY_OTHER},
};

unsigned case_messages_parse(const char *words)
{
    unsigned messages = 0;
    for (;;) {
        words += strspn(words, " |");
        size_t len = strcspn(words, " |");
        if (len == 0)
            return messages;
        unsigned found = 0;
        for (size_t i = 0; i < sizeof(message_words) / sizeof(message_words[0]); i++)
            if (strlen(message_words[i].word) == len && strncmp(words, message_words[i].word, len) == 0)
                found = message_words[i].message;
        if (found == 0)
            return 0;
        messages |= found;
        words += len;
    }
}

/* The verbs that the step has; *verb is the last of them. */
static unsigned count_verbs(const struct case_file_step *from, enum case_verb *verb)
{
    const bool there[] = {
        [VERB_GIVEN] = from->given != NULL,   [VERB_REPLAY] = from->replay != NULL,
        [VERB_SEND] = from->send != NULL,     [VERB_HOST] = from->host != NULL,
        [VERB_EXPECT] = from->expect != NULL, [VERB_DELIVER] = from->deliver != NULL,
        [VERB_QUIET] = from->quiet != NULL,   [VERB_ADVANCE] = from->advance_ms != NULL,
    };
    unsigned count = 0;
    for (unsigned i = 0; i < sizeof(there) / sizeof(there[0]); i++)
        if (there[i]) {
            *verb = (enum case_verb)i;
            count++;
        }
    return count;
}

#define ON(verb) (1u << VERB_##verb)
/* NULL, or the first key that says nothing beside this verb. */
static const char *misplaced_key(const struct case_file_step *from, enum case_verb verb)
{
    const struct {
        const char *key;
        bool there;
        unsigned verbs;
    } keys[] = {
        {"like", from->like != NULL, ON(EXPECT)},
        {"probe", from->probe != NULL, ON(QUIET)},
        {"set", from->set != NULL, ON(SEND) | ON(HOST) | ON(EXPECT) | ON(QUIET) | ON(DELIVER)},
        {"where", from->where != NULL, ON(EXPECT)},
        {"mask", from->mask != NULL, ON(EXPECT)},
        {"as_is", from->as_is, ON(SEND)},
        {"should", from->should, ON(EXPECT) | ON(QUIET) | ON(DELIVER)},
        {"times", from->times != NULL, ON(SEND) | ON(HOST)},
        {"within_ms", from->within_ms != NULL, ON(EXPECT) | ON(QUIET) | ON(DELIVER)},
        {"requirement", from->requirement != NULL, ON(EXPECT) | ON(QUIET) | ON(DELIVER)},
    };
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (keys[i].there && !(keys[i].verbs & 1u << verb))
            return keys[i].key;
    return NULL;
}

static void take_frames(const struct case_file_step *from, struct case_step *out)
{
    const uint32_t *const lists[] = {from->given, from->replay, from->send, from->host, from->deliver, NULL};
    const enum case_verb verbs[] = {VERB_GIVEN, VERB_REPLAY, VERB_SEND, VERB_HOST, VERB_DELIVER, VERB_QUIET};
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (out->verb == verbs[i]) {
            out->frames = lists[i];
            out->frame_count = lists[i] != NULL;
        }
    if (out->verb == VERB_GIVEN)
        out->frame_count = from->given_count;
    if (out->verb == VERB_REPLAY)
        out->frame_count = from->replay_count;
}

static bool take_messages(const struct case_file_step *from, struct case_step *out, const char **key,
                          char error[CASE_ERROR_MAX])
{
    const char *words = from->expect != NULL ? from->expect : from->quiet;
    *key = from->expect != NULL ? "expect" : "quiet";
    if (words == NULL || (out->verb == VERB_QUIET && strcmp(words, "all") == 0))
        return true;
    /* "all but WORDS" */
    if (out->verb == VERB_QUIET && strncmp(words, "all but ", 8) == 0)
        words += 8;
    else if (out->verb == VERB_QUIET)
        words = "";
    out->messages = case_messages_parse(words);
    if (out->messages == 0)
        snprintf(error, CASE_ERROR_MAX, "%s",
                 out->verb == VERB_QUIET ? "a quiet step says 'all' or 'all but' some messages"
                                         : "the message expected is none that is known");
    return out->messages != 0;
}

bool case_step_take(const struct case_file_step *from, const struct requirement_table *table,
                    struct case_step *out, const char **key, char error[CASE_ERROR_MAX])
{
    *out = (struct case_step){
        .like = from->like != NULL    ? *from->like
                : from->probe != NULL ? *from->probe
                                      : 0,
        .edits = (const char *const *)from->set,
        .edit_count = from->set_count,
        .conditions = (const char *const *)from->where,
        .condition_count = from->where_count,
        .masks = (const char **)from->mask,
        .mask_count = from->mask_count,
        .leave_wrong = from->as_is,
        .is_should = from->should,
        .times = from->times != NULL ? *from->times : 1,
        .has_within = from->within_ms != NULL,
        .within_us = from->within_ms != NULL ? *from->within_ms * US_PER_MS : 0,
        .story = from->story,
    };
    *key = "";
    if (count_verbs(from, &out->verb) != 1) {
        snprintf(error, CASE_ERROR_MAX,
                 "a step has one of given, replay, send, host, expect, deliver, quiet, advance_ms");
        return false;
    }
    const char *misplaced = misplaced_key(from, out->verb);
    if (misplaced != NULL) {
        *key = misplaced;
        snprintf(error, CASE_ERROR_MAX, "'%s' says nothing in a step of this kind", misplaced);
        return false;
    }
    take_frames(from, out);
    if (out->verb == VERB_ADVANCE)
        out->within_us = *from->advance_ms * US_PER_MS;
    if (from->requirement != NULL) {
        out->requirement = requirements_find(table, from->requirement);
        if (out->requirement == NULL) {
            *key = "requirement";
            snprintf(error, CASE_ERROR_MAX, "'%s' is not in the table of requirements", from->requirement);
            return false;
        }
    }
    return take_messages(from, out, key, error);
}
