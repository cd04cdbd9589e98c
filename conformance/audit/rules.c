/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules: the rooms put together, and findings kept: for each rule one finding a station, up to a number, and
 * one for all others; each with its first frames and a count.
 */
#include "audit/rules.h"

#include <stdlib.h>

#include "audit/candidates.h"
#include "memory.h"

static const struct audit_rule *const rooms[] = {
    rules_header,    rules_gre,     rules_registration, rules_resolution, rules_purge,    rules_error,
    rules_extension, rules_forward, rules_redirect,     rules_data,       rules_operator,
};
#define ROOM_COUNT (sizeof(rooms) / sizeof(rooms[0]))

const struct audit_rule *audit_rule_at(size_t index)
{
    for (size_t i = 0; i < ROOM_COUNT; i++)
        for (const struct audit_rule *rule = rooms[i]; rule->id != NULL; rule++)
            if (index-- == 0)
                return rule;
    return NULL;
}

size_t rules_count(void)
{
    size_t count = 0;
    for (size_t i = 0; i < ROOM_COUNT; i++)
        for (const struct audit_rule *rule = rooms[i]; rule->id != NULL; rule++)
            count++;
    return count;
}

const char *audit_rule_id(const struct audit_rule *rule)
{
    return rule->id;
}

const char *audit_rule_requirement(const struct audit_rule *rule)
{
    return rule->requirement;
}

const char *audit_rule_also(const struct audit_rule *rule)
{
    return rule->also;
}

enum audit_severity audit_rule_severity(const struct audit_rule *rule)
{
    return rule->severity;
}

const char *audit_rule_words(const struct audit_rule *rule)
{
    return rule->words;
}

const char *audit_rule_remedy(const struct audit_rule *rule)
{
    return rule->remedy;
}

const char *audit_rule_bugs(const struct audit_rule *rule)
{
    return rule->bugs;
}

const char *audit_severity_words(enum audit_severity severity)
{
    static const char *const words[] = {
        [AUDIT_NOTE] = "note", [AUDIT_MISTAKE] = "mistake", [AUDIT_VIOLATION] = "violation"};
    return words[severity];
}

int record_length(const struct nhrp_message *m, uint16_t type)
{
    struct nhrp_ext ext;
    struct span list;
    if (!nhrp_ext_find(m->extensions, type, &ext))
        return -1;
    return nhrp_ext_cies(&ext, &list) ? (int)nhrp_cie_count(list) : 0;
}

bool record_last(const struct nhrp_message *m, uint16_t type, struct nhrp_cie *out)
{
    struct nhrp_ext ext;
    struct span list;
    if (!nhrp_ext_find(m->extensions, type, &ext) || !nhrp_ext_cies(&ext, &list))
        return false;
    bool any = false;
    while (nhrp_cie_next(&list, out))
        any = true;
    return any;
}

void claim_add_addr(struct claim *c, const char *before, struct addr address, const char *behind)
{
    char text[ADDR_TEXT_MAX];
    if (c->words.cap == 0)
        return;
    text_add(&c->words, "%s%s%s", before, addr_format(address, text), behind);
}

/* The station's finding of this rule; the last slot is shared by all for whom there is no room. */
static struct audit_finding *finding_of(struct rule_findings *found, struct addr about)
{
    for (size_t i = 0; i < found->count; i++)
        if (addr_equal(found->slots[i].about, about))
            return &found->slots[i].finding;
    if (found->count > AUDIT_ABOUT_MAX)
        return &found->slots[found->count - 1].finding;
    found->slots = memory_room_for_one(found->slots, found->count, &found->cap, sizeof(*found->slots));
    struct finding_slot *slot = &found->slots[found->count++];
    *slot = (struct finding_slot){.about = found->count > AUDIT_ABOUT_MAX ? (struct addr){0} : about};
    slot->finding.about = slot->about;
    return &slot->finding;
}

static void keep(struct audit *a, size_t index, const struct audit_rule *rule, const struct sight *s,
                 const struct claim *claim)
{
    struct audit_finding *finding = finding_of(&a->found[index], claim->about);
    if (finding->count++ == 0) {
        finding->rule = rule;
        finding->candidates = candidates_of(rule, s);
        finding->first_at = s->at;
        struct claim worded = {.words = text_of(finding->evidence, sizeof(finding->evidence))};
        rule->broken(s, &worded);
    }
    finding->last_at = s->at;
    if (finding->frame_count < AUDIT_FRAMES_MAX &&
        (finding->frame_count == 0 || finding->frames[finding->frame_count - 1] != s->frame))
        finding->frames[finding->frame_count++] = s->frame;
}

/* Whoever put the packet on the wire. */
static struct addr sender_of(const struct sight *s)
{
    if (s->events & SIGHT_UNANSWERED) /* whoever should have answered */
        return s->sender != NULL ? s->sender->protocol : s->to;
    bool is_request = s->m != NULL && (TYPES(s->m->fixed.type) & TYPES_REQUEST);
    if (is_request && s->own && !addr_is_none(s->source))
        return s->source;
    if (s->sender != NULL)
        return s->sender->protocol;
    if (s->m != NULL && s->m->fixed.type >= NHRP_ERROR_INDICATION && !addr_is_none(s->source))
        return s->source;
    if (s->m != NULL && s->m->fixed.type == NHRP_REGISTRATION_REPLY)
        return s->destination;
    return s->from;
}

/* Is the rule asked about sights with these events and facts, and this message type (0: no message)? */
static bool is_for(const struct audit_rule *rule, unsigned events, unsigned facts, unsigned type)
{
    return (rule->events & events) != 0 && (rule->types == 0 || (rule->types & TYPES(type)) != 0) &&
           (rule->needs == 0 || (rule->needs & facts) != 0);
}

static struct rule_list *list_make(struct audit *a, unsigned events, unsigned facts, unsigned type)
{
    size_t index = 0;
    struct rule_list list = {.events = events, .facts = facts, .type = type};
    list.rules = memory_zeroed(rules_count(), sizeof(*list.rules));
    for (size_t i = 0; i < ROOM_COUNT; i++)
        for (const struct audit_rule *rule = rooms[i]; rule->id != NULL; rule++, index++)
            if (is_for(rule, events, facts, type))
                list.rules[list.count++] = (struct listed_rule){rule, index};
    a->lists = memory_room_for_one(a->lists, a->list_count, &a->list_cap, sizeof(*a->lists));
    a->lists[a->list_count] = list;
    return &a->lists[a->list_count++];
}

/* Sights are of few kinds: what each is asked for is put together once. */
static const struct rule_list *list_for(struct audit *a, const struct sight *s)
{
    unsigned type = s->m != NULL ? s->m->fixed.type : s->request != NULL ? s->request->type : 0;
    for (size_t i = 0; i < a->list_count; i++)
        if (a->lists[i].events == s->events && a->lists[i].facts == s->facts && a->lists[i].type == type)
            return &a->lists[i];
    return list_make(a, s->events, s->facts, type);
}

void rules_judge(struct audit *a, const struct sight *s)
{
    if (a->watch != NULL) {
        a->watched = true;
        a->watch(a->watch_arg, s);
    }
    const struct rule_list *list = list_for(a, s);
    for (size_t i = 0; i < list->count; i++) {
        const struct audit_rule *rule = list->rules[i].rule;
        /* Without room for words: they are for the few sights that become a finding. */
        struct claim claim = {0};
        if (!rule->broken(s, &claim))
            continue;
        if (addr_is_none(claim.about))
            claim.about = sender_of(s);
        keep(a, list->rules[i].index, rule, s, &claim);
    }
}

void rules_forget_lists(struct audit *a)
{
    for (size_t i = 0; i < a->list_count; i++)
        free(a->lists[i].rules);
    free(a->lists);
}
