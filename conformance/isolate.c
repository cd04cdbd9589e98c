/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * isolate: fork, run, and read the result from a pipe. The child is a copy of this process, so structures go
 * through as they are; only what the child allocated follows behind them. Pointers to the case and to the
 * table of requirements hold in both.
 */
#include "isolate.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "memory.h"

/* Octets for the pipe, or from it. Sticky: a read past the end fails all that follow. */
struct parcel {
    uint8_t *data;
    size_t len;
    size_t cap;
    size_t pos;
    bool failed;
};

static void put(struct parcel *p, const void *data, size_t len)
{
    while (p->cap - p->len < len) {
        p->cap = p->cap * 2 + 4096;
        uint8_t *more = realloc(p->data, p->cap);
        if (more == NULL)
            _exit(EXIT_FAILURE);
        p->data = more;
    }
    if (len > 0)
        memcpy(p->data + p->len, data, len);
    p->len += len;
}

static void put_block(struct parcel *p, const void *data, size_t len)
{
    put(p, &len, sizeof(len));
    put(p, data, len);
}

static void put_text(struct parcel *p, const char *text)
{
    bool there = text != NULL;
    put(p, &there, sizeof(there));
    if (there)
        put_block(p, text, strlen(text));
}

static void take(struct parcel *p, void *out, size_t len)
{
    p->failed = p->failed || len > p->len - p->pos;
    if (p->failed) {
        memset(out, 0, len);
        return;
    }
    memcpy(out, p->data + p->pos, len);
    p->pos += len;
}

/* New memory with one octet of zero behind it; NULL for nothing. */
static void *take_block(struct parcel *p, size_t *len)
{
    take(p, len, sizeof(*len));
    p->failed = p->failed || *len > p->len - p->pos;
    if (p->failed)
        *len = 0;
    char *block = memory_zeroed(*len + 1, 1);
    take(p, block, *len);
    return block;
}

static char *take_text(struct parcel *p)
{
    bool there;
    size_t len;
    take(p, &there, sizeof(there));
    return there ? take_block(p, &len) : NULL;
}

static void put_result(struct parcel *p, const struct case_result *result)
{
    put(p, result, sizeof(*result));
    put_text(p, result->error);
    for (size_t i = 0; i < result->finding_count; i++) {
        const struct finding *finding = &result->findings[i];
        put(p, finding, sizeof(*finding));
        put_text(p, finding->expected);
        put_text(p, finding->actual);
        put_block(p, finding->differences, finding->difference_count * sizeof(*finding->differences));
    }
    for (size_t i = 0; i < result->frame_count; i++) {
        put(p, &result->frames[i], sizeof(result->frames[i]));
        put_block(p, result->frames[i].bytes, result->frames[i].len);
    }
}

/* False if the parcel is not whole; then *out is what could be read, and sound. */
static bool take_result(struct parcel *p, struct case_result *out)
{
    struct case_result sent;
    take(p, &sent, sizeof(sent));
    size_t findings = sent.finding_count, frames = sent.frame_count;
    sent.error = take_text(p);
    sent.known = NULL;
    sent.findings = NULL;
    sent.frames = NULL;
    sent.finding_count = sent.finding_cap = sent.frame_count = sent.frame_cap = 0;
    for (size_t i = 0; i < findings && !p->failed; i++) {
        struct finding *finding = result_add_finding(&sent, FINDING_FIELDS);
        size_t len;
        take(p, finding, sizeof(*finding));
        finding->expected = take_text(p);
        finding->actual = take_text(p);
        finding->differences = take_block(p, &len);
        finding->difference_count = len / sizeof(*finding->differences);
    }
    for (size_t i = 0; i < frames && !p->failed; i++) {
        struct frame_record record;
        size_t len;
        take(p, &record, sizeof(record));
        uint8_t *bytes = take_block(p, &len);
        result_add_frame(&sent, record.way, record.at_us, span_of(bytes, len));
        sent.frames[sent.frame_count - 1].capture = record.capture;
        sent.frames[sent.frame_count - 1].step = record.step;
        free(bytes);
    }
    *out = sent;
    return !p->failed;
}

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * US_PER_S + now.tv_nsec / 1000;
}

static void send_parcel(int pipe_end, const struct parcel *p)
{
    for (size_t sent = 0; sent < p->len;) {
        ssize_t wrote = write(pipe_end, p->data + sent, p->len - sent);
        if (wrote < 0 && errno != EINTR)
            _exit(EXIT_FAILURE);
        sent += wrote > 0 ? (size_t)wrote : 0;
    }
}

/* Read until the child closes its end: false when the time is over first. */
static bool receive_parcel(int pipe_end, int64_t deadline_us, struct parcel *p)
{
    for (;;) {
        struct pollfd wait_for = {.fd = pipe_end, .events = POLLIN};
        int64_t left_us = deadline_us - now_us();
        if (left_us <= 0)
            return false;
        if (poll(&wait_for, 1, (int)(left_us / 1000 + 1)) <= 0)
            continue;
        uint8_t buf[65536];
        ssize_t got = read(pipe_end, buf, sizeof(buf));
        if (got == 0)
            return true;
        if (got > 0)
            put(p, buf, (size_t)got);
        else if (errno != EINTR)
            return true;
    }
}

static void note_end(struct case_result *out, enum finding_kind kind, const char *format, int number)
{
    struct finding *finding = result_add_finding(out, kind);
    finding->has_actual_at = true;
    finding->actual = memory_format(format, number); /* a literal of this file */
    result_conclude(out);
}

static void judge_end(bool in_time, int status, bool whole, unsigned limit_s, struct case_result *out)
{
    if (!in_time)
        note_end(out, FINDING_HUNG, "ended after %d s", (int)limit_s);
    else if (!whole && WIFSIGNALED(status))
        note_end(out, FINDING_CRASHED, "signal %d", WTERMSIG(status));
    else if (!whole)
        note_end(out, FINDING_CRASHED, "exit code %d", WEXITSTATUS(status));
}

void isolate_run(const struct conform_case *c, const struct requirement_table *requirements,
                 const struct iut_driver *driver, const void *setup, unsigned limit_s,
                 struct case_result *out)
{
    int ends[2];
    int64_t began = now_us();
    *out = (struct case_result){.c = c};
    fflush(NULL);
    pid_t child = pipe2(ends, O_CLOEXEC) == 0 ? fork() : -1;
    if (child < 0) {
        out->verdict = VERDICT_ERROR;
        out->error = memory_format("%s: no process for it: %s", c->id, strerror(errno));
        return;
    }
    struct parcel parcel = {.data = NULL};
    if (child == 0) {
        struct case_result result;
        close(ends[0]);
        setpgid(0, 0); /* whatever it starts goes with it */
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        runner_run(c, requirements, driver, setup, &result);
        put_result(&parcel, &result);
        send_parcel(ends[1], &parcel);
        _exit(EXIT_SUCCESS);
    }
    close(ends[1]);
    int status = 0;
    bool in_time = receive_parcel(ends[0], began + limit_s * US_PER_S, &parcel);
    kill(-child, SIGKILL);
    if (!in_time)
        kill(child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    close(ends[0]);
    bool whole = parcel.len > 0 && take_result(&parcel, out);
    out->c = c;
    out->took_us = now_us() - began;
    judge_end(in_time, status, whole, limit_s, out);
    free(parcel.data);
}
