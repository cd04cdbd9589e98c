/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules: the rooms put together, and findings kept: for each rule one finding a station, up to a number, and
 * one for all others; each with its first frames and a count.
 */
#include "audit/rules.h"

#include <stdlib.h>
#include <string.h>

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
        finding->first_at = s->at;
        memcpy(finding->evidence, claim->words.buf, claim->words.len + 1);
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

static bool is_for(const struct audit_rule *rule, const struct sight *s)
{
    if ((rule->events & s->events) == 0)
        return false;
    if (rule->types == 0)
        return true;
    if (s->m != NULL)
        return rule->types & TYPES(s->m->fixed.type);
    return s->request != NULL && (rule->types & TYPES(s->request->type));
}

void rules_judge(struct audit *a, const struct sight *s)
{
    size_t index = 0;
    for (size_t i = 0; i < ROOM_COUNT; i++)
        for (const struct audit_rule *rule = rooms[i]; rule->id != NULL; rule++, index++) {
            if (!is_for(rule, s))
                continue;
            char evidence[AUDIT_EVIDENCE_MAX];
            struct claim claim = {.words = text_of(evidence, sizeof(evidence))};
            if (!rule->broken(s, &claim))
                continue;
            if (addr_is_none(claim.about))
                claim.about = sender_of(s);
            keep(a, index, rule, s, &claim);
        }
}
