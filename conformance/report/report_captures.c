/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report_captures: the packets of each case as a pcapng file, with the verdict where it belongs.
 */
#include "report/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "files/capture.h"
#include "memory.h"

/* What the case's findings say about one packet; NULL for nothing. free() it. */
static char *comment_on(const struct case_result *result, size_t packet)
{
    char *text = NULL;
    size_t len = 0;
    struct case_result about = {.c = result->c};
    FILE *memory = NULL;
    for (size_t i = 0; i < result->finding_count; i++) {
        if (result->findings[i].sent != packet)
            continue;
        if (memory == NULL && (memory = open_memstream(&text, &len)) == NULL)
            memory_missing();
        if (memory != NULL && ftell(memory) == 0)
            fprintf(memory, "%s: %s\n", result->c->id, verdict_words(result->verdict));
        about.findings = &result->findings[i];
        about.finding_count = 1;
        report_findings(&about, memory, "");
    }
    if (memory != NULL && fclose(memory) != 0)
        memory_missing();
    return text;
}

/* The verdict, and the findings that no packet is to blame for. */
static char *comment_on_case(const struct case_result *result)
{
    char *rest = comment_on(result, 0);
    char *text = memory_format("%s: %s\n%s\n%s", result->c->id, verdict_words(result->verdict),
                               result->c->title, rest != NULL ? rest : "");
    free(rest);
    return text;
}

static bool write_case(const struct case_result *result, const char *path, char error[REPORT_ERROR_MAX])
{
    char why[CAPTURE_ERROR_MAX];
    char *comment = comment_on_case(result);
    struct capture_writer *writer = capture_create(path, comment, why);
    free(comment);
    if (writer == NULL) {
        snprintf(error, REPORT_ERROR_MAX, "%s", why);
        return false;
    }
    for (size_t i = 0; i < result->frame_count; i++) {
        const struct frame_record *frame = &result->frames[i];
        char *about = comment_on(result, i + 1);
        struct instant at = {.us = frame->at_us > 0 ? frame->at_us : 0};
        capture_write(writer, at, span_of(frame->bytes, frame->len), about);
        free(about);
    }
    if (capture_finish(writer, why))
        return true;
    snprintf(error, REPORT_ERROR_MAX, "%s", why);
    return false;
}

bool report_captures(const struct run_result *run, const char *folder, char error[REPORT_ERROR_MAX])
{
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        snprintf(error, REPORT_ERROR_MAX, "%s: %s", folder, strerror(errno));
        return false;
    }
    bool good = true;
    for (size_t i = 0; i < run->count && good; i++) {
        char *path = memory_format("%s/%s.pcapng", folder, run->cases[i].c->id);
        good = write_case(&run->cases[i], path, error);
        free(path);
    }
    return good;
}
