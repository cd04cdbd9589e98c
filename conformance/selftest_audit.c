/* SPDX-License-Identifier: GPL-2.0-or-later */
/* selftest_audit: see selftest_audit.h. */
#include "selftest_audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"
#include "files/capture.h"
#include "memory.h"

static const struct {
    const char *capture;
    const char *bug;
} mistakes[] = {
#define MISTAKE(capture, bug) {capture, bug},
#include "deviations/mistakes.def"
#undef MISTAKE
};
#define MISTAKE_COUNT (sizeof(mistakes) / sizeof(mistakes[0]))

/* In which nothing is wrong. */
static const char *const clean_captures[] = {"phase1", "phase2", "phase3", "three_spokes",
                                             "phase3_ipv6_over_ipv4"};

/* NULL and one line in error if the capture cannot be read. Free with audit_free(). */
static struct audit *audit_of(const char *folder, const char *name, char error[SELFTEST_ERROR_MAX])
{
    char *path = memory_format("%s/%s.pcapng", folder, name);
    char why[CAPTURE_ERROR_MAX] = "";
    struct capture_reader *reader = capture_open(path, why);
    struct audit *audit = reader != NULL ? audit_new() : NULL;
    int more = -1;
    struct capture_frame frame;
    while (audit != NULL && (more = capture_read(reader, &frame, why)) == 1) {
        uint16_t ethertype;
        struct span packet;
        if (capture_packet(&frame, &ethertype, &packet))
            audit_packet(audit, frame.number, frame.at, ethertype, packet, frame.wire_len > frame.bytes.len);
    }
    if (reader != NULL)
        capture_close(reader);
    if (audit != NULL && more == 0)
        audit_end(audit);
    if (more != 0) {
        snprintf(error, SELFTEST_ERROR_MAX, "%s: %s", path, why);
        if (audit != NULL)
            audit_free(audit);
        audit = NULL;
    }
    free(path);
    return audit;
}

static bool names_bug(const struct audit_finding *finding, const char *bug)
{
    const char *candidate;
    size_t len;
    for (size_t i = 0; (candidate = audit_finding_candidate(finding, i, &len)) != NULL; i++)
        if (strlen(bug) == len && strncmp(candidate, bug, len) == 0)
            return true;
    return false;
}

static bool audit_mistake(const char *folder, struct mistake_row *row, char error[SELFTEST_ERROR_MAX])
{
    struct audit *audit = audit_of(folder, row->capture, error);
    if (audit == NULL)
        return false;
    const struct audit_finding *finding;
    for (size_t i = 0; row->by == NULL && (finding = audit_finding_at(audit, i)) != NULL; i++)
        if (names_bug(finding, row->bug)) {
            row->by = finding->rule;
            row->evidence = memory_copy_text(finding->evidence);
        }
    audit_free(audit);
    return true;
}

/* Every capture that stands for nothing wrong: true if it could be read. */
static bool audit_clean(const char *folder, const char *name, size_t *false_alarms,
                        char error[SELFTEST_ERROR_MAX])
{
    struct audit *audit = audit_of(folder, name, error);
    if (audit == NULL)
        return false;
    bool alarm = false;
    const struct audit_finding *finding;
    for (size_t i = 0; (finding = audit_finding_at(audit, i)) != NULL; i++)
        alarm = alarm || audit_rule_severity(finding->rule) != AUDIT_NOTE;
    *false_alarms += alarm;
    audit_free(audit);
    return true;
}

bool selftest_audit_run(const char *captures_folder, struct mistake_rows *out, char error[SELFTEST_ERROR_MAX])
{
    *out = (struct mistake_rows){.items = memory_zeroed(MISTAKE_COUNT, sizeof(*out->items)),
                                 .count = MISTAKE_COUNT};
    bool good = true;
    for (size_t i = 0; good && i < MISTAKE_COUNT; i++) {
        out->items[i].capture = mistakes[i].capture;
        out->items[i].bug = mistakes[i].bug;
        good = audit_mistake(captures_folder, &out->items[i], error);
        out->caught += out->items[i].by != NULL;
    }
    for (size_t i = 0; good && i < sizeof(clean_captures) / sizeof(clean_captures[0]); i++)
        good = audit_clean(captures_folder, clean_captures[i], &out->false_alarms, error);
    if (!good)
        mistake_rows_free(out);
    return good;
}

void mistake_rows_free(struct mistake_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        free(rows->items[i].evidence);
    free(rows->items);
    *rows = (struct mistake_rows){.items = NULL};
}
