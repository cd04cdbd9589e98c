/* SPDX-License-Identifier: GPL-2.0-or-later */
/* audit_text: findings for a person at a terminal. */
#include "audit/audit_report.h"

#include <inttypes.h>

#define STATIONS_SHOWN 16

struct colours {
    const char *violation, *mistake, *note, *plain;
};

static const char *colour_of(const struct colours *colours, enum audit_severity severity)
{
    return severity == AUDIT_VIOLATION ? colours->violation
           : severity == AUDIT_MISTAKE ? colours->mistake
                                       : colours->note;
}

struct station_printer {
    FILE *out;
    size_t shown;
};

static void print_station(void *arg, const struct audit_station *station)
{
    struct station_printer *printer = arg;
    char protocol[ADDR_TEXT_MAX], nbma[ADDR_TEXT_MAX], outer[ADDR_TEXT_MAX], roles[64];
    if (printer->shown++ >= STATIONS_SHOWN)
        return;
    bool known = !addr_is_none(station->nbma);
    fprintf(printer->out, "    %-16s %-16s %s", addr_format(station->protocol, protocol),
            addr_format(known ? station->nbma : station->outer, nbma),
            audit_roles_words(station->roles, roles, sizeof(roles)));
    if (known && !addr_is_none(station->outer) && !addr_equal(station->nbma, station->outer))
        fprintf(printer->out, ", seen at %s", addr_format(station->outer, outer));
    if (station->registered)
        fprintf(printer->out, ", registered for %u s", station->hold_s);
    fputc('\n', printer->out);
}

static void print_cloud(const struct audit_report *report, size_t index, const struct audit_cloud *cloud,
                        FILE *out)
{
    if (cloud->has_key)
        fprintf(out, "  tunnel with key %" PRIu32 ": ", cloud->key);
    else
        fputs("  tunnel without key: ", out);
    if (cloud->phase > 0)
        fprintf(out, "Phase %u, because %s", cloud->phase, cloud->why);
    else
        fprintf(out, "phase unknown, because %s", cloud->why);
    fprintf(out, "; %" PRIu64 " messages, %" PRIu64 " data packets%s\n", cloud->messages, cloud->data,
            cloud->authenticated ? ", authenticated" : "");
    struct station_printer printer = {.out = out};
    audit_each_station(report->audit, index, print_station, &printer);
    if (printer.shown > STATIONS_SHOWN)
        fprintf(out, "    and %zu more\n", printer.shown - STATIONS_SHOWN);
}

static void print_head(const struct audit_report *report, FILE *out)
{
    const struct audit_totals *t = audit_totals(report->audit);
    fprintf(out, "%s: %" PRIu64 " frames, %" PRIu64 " NHRP messages, %" PRIu64 " data packets", report->file,
            t->frames, t->messages, t->data);
    if (t->esp > 0)
        fprintf(out, ", %" PRIu64 " ESP packets that were not decrypted", t->esp);
    if (t->undecodable > t->broken)
        fprintf(out, ", %" PRIu64 " that cannot be decoded", t->undecodable - t->broken);
    if (t->broken > 0)
        fprintf(out, ", %" PRIu64 " whose outer IP header is broken and that were not judged", t->broken);
    if (t->cut > 0)
        fprintf(out, ", %" PRIu64 " cut short by the capture and not judged", t->cut);
    fputc('\n', out);
    struct audit_cloud cloud;
    for (size_t i = 0; audit_cloud_at(report->audit, i, &cloud); i++)
        if (cloud.messages + cloud.data > 0)
            print_cloud(report, i, &cloud, out);
}

static void print_frames(const struct audit_finding *finding, FILE *out)
{
    fprintf(out, "frame%s", finding->frame_count > 1 ? "s" : "");
    for (size_t i = 0; i < finding->frame_count; i++)
        fprintf(out, "%s %zu", i > 0 ? "," : "", finding->frames[i]);
    if (finding->count > finding->frame_count)
        fprintf(out, " and %" PRIu64 " more", finding->count - finding->frame_count);
}

/* The catalogue's entries that fit: an operator's mistakes and implementations' faults. */
static void print_candidates(const struct audit_report *report, const struct audit_finding *finding,
                             FILE *out)
{
    const char *at;
    size_t len;
    for (size_t i = 0; (at = audit_finding_candidate(finding, i, &len)) != NULL; i++) {
        const struct interop_fault *fault = interop_find(report->interop, at, len);
        fprintf(out, "    %s %.*s%s%s\n", i == 0 ? "may be " : "    or ", (int)len, at,
                fault != NULL ? ": " : "", fault != NULL ? fault->words : "");
    }
}

static void print_finding(const struct audit_finding *finding, FILE *out)
{
    char about[ADDR_TEXT_MAX];
    fputs("    ", out);
    if (!addr_is_none(finding->about))
        fprintf(out, "%s, ", addr_format(finding->about, about));
    print_frames(finding, out);
    fprintf(out, ": %s\n", finding->evidence);
}

static void print_rule(const struct audit_report *report, const struct audit_rule *rule,
                       const struct colours *colours, FILE *out)
{
    const char *id = audit_rule_requirement(rule);
    const struct requirement *requirement = requirements_find(report->requirements, id);
    fprintf(out, "%s%s%s  %s\n", colour_of(colours, audit_rule_severity(rule)),
            audit_severity_words(audit_rule_severity(rule)), colours->plain, audit_rule_words(rule));
    if (requirement != NULL)
        fprintf(out, "    %s  [%s, %s]\n      %s\n", id, requirement->clause,
                requirement_level_words(requirement->level), requirement->text);
    else
        fprintf(out, "    %s\n", id);
}

/* What belongs below the finding: once for all that have the same candidates, and the remedy once. */
static void print_finding_end(const struct audit_report *report, const struct audit_finding *finding,
                              const struct audit_finding *next, FILE *out)
{
    bool last = next == NULL || next->rule != finding->rule;
    if (last || next->candidates != finding->candidates)
        print_candidates(report, finding, out);
    if (last && audit_rule_remedy(finding->rule) != NULL)
        fprintf(out, "    remedy: %s\n", audit_rule_remedy(finding->rule));
}

void audit_report_text(const struct audit_report *report, FILE *out, bool colour)
{
    static const struct colours bright = {"\033[31m", "\033[33m", "\033[36m", "\033[0m"},
                                none = {"", "", "", ""};
    size_t counts[3] = {0};
    const struct audit_rule *rule = NULL;
    const struct audit_finding *finding, *next;
    print_head(report, out);
    finding = audit_finding_at(report->audit, 0);
    for (size_t i = 1; finding != NULL; i++, finding = next) {
        next = audit_finding_at(report->audit, i);
        if (finding->rule != rule) {
            rule = finding->rule;
            print_rule(report, rule, colour ? &bright : &none, out);
            counts[audit_rule_severity(rule)]++;
        }
        print_finding(finding, out);
        print_finding_end(report, finding, next, out);
    }
    fprintf(out, "%s: %zu rules violated, %zu operator's mistakes, %zu notes\n", report->file,
            counts[AUDIT_VIOLATION], counts[AUDIT_MISTAKE], counts[AUDIT_NOTE]);
}
