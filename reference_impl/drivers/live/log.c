/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drivers/live/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MESSAGE_MAX 600
#define STAMP_MAX   40

static const char *const level_names[] = {
    [LOG_ERROR] = "error",
    [LOG_WARNING] = "warning",
    [LOG_INFO] = "info",
    [LOG_DEBUG] = "debug",
};

/* Process-wide, as standard error is. */
static enum log_form log_form = LOG_FORM_TEXT;
static enum log_level log_limit = LOG_INFO;

void log_setup(enum log_form form, enum log_level level)
{
    log_form = form;
    log_limit = level;
}

static void stamp(char text[STAMP_MAX])
{
    struct timespec now;
    struct tm parts;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &parts);
    size_t len = strftime(text, STAMP_MAX, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(text + len, STAMP_MAX - len, ".%03ldZ", now.tv_nsec / 1000000);
}

static void write_json(enum log_level level, const char *about, const json_t *members)
{
    char at[STAMP_MAX];
    stamp(at);
    json_t *line = json_pack("{ss ss}", "time", at, "level", level_names[level]);
    if (about)
        json_object_set_new(line, "tunnel", json_string(about));
    json_object_update(line, (json_t *)members);
    char *text = json_dumps(line, JSON_COMPACT);
    if (text)
        fprintf(stderr, "%s\n", text);
    free(text);
    json_decref(line);
}

static void begin_text(enum log_level level, const char *about)
{
    char at[STAMP_MAX];
    stamp(at);
    fprintf(stderr, "%s %s%s%s:", at, level_names[level], about ? " " : "", about ? about : "");
}

void log_line(enum log_level level, const char *about, const char *format, ...)
{
    char message[MESSAGE_MAX];
    va_list args;
    if (level > log_limit)
        return;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (log_form == LOG_FORM_TEXT) {
        begin_text(level, about);
        fprintf(stderr, " %s\n", message);
        return;
    }
    json_t *members = json_object();
    json_object_set_new(members, "message", json_string(message));
    write_json(level, about, members);
    json_decref(members);
}

void log_object(enum log_level level, const char *about, const json_t *object)
{
    const char *key;
    json_t *value;
    if (level > log_limit)
        return;
    if (log_form == LOG_FORM_JSON) {
        write_json(level, about, object);
        return;
    }
    begin_text(level, about);
    json_object_foreach((json_t *)object, key, value)
    {
        if (json_is_string(value))
            fprintf(stderr, " %s=%s", key, json_string_value(value));
        else if (json_is_integer(value))
            fprintf(stderr, " %s=%" JSON_INTEGER_FORMAT, key, json_integer_value(value));
        else if (json_is_boolean(value))
            fprintf(stderr, " %s=%s", key, json_is_true(value) ? "true" : "false");
    }
    fputc('\n', stderr);
}
