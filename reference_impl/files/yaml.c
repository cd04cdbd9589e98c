/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * yaml: loading by schema. Owns the order of the steps (text, tree, check, load) and libcyaml's
 * configuration; a file that yaml_check.c takes and libcyaml refuses is still reported with the line that
 * libcyaml knows.
 */
#include "files/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/yaml_document.h"

/* What libcyaml says about an error: first what is wrong, then a backtrace, innermost place first. */
struct load_log {
    char what[256];
    unsigned line;
};

static void load_log_take(cyaml_log_t level, void *ctx, const char *format, va_list args)
{
    struct load_log *log = ctx;
    char text[256];
    if (level != CYAML_LOG_ERROR)
        return;
    vsnprintf(text, sizeof text, format, args);
    text[strcspn(text, "\n")] = '\0';
    const char *place = strstr(text, "(line: ");
    if (!log->what[0])
        snprintf(log->what, sizeof log->what, "%s", strncmp(text, "Load: ", 6) == 0 ? text + 6 : text);
    else if (place && log->line == 0)
        log->line = (unsigned)strtoul(place + strlen("(line: "), NULL, 10);
}

static cyaml_config_t config_for(struct load_log *log)
{
    return (cyaml_config_t){
        .log_fn = log ? load_log_take : NULL,
        .log_ctx = log,
        .log_level = CYAML_LOG_ERROR,
        .mem_fn = cyaml_mem,
        .flags = CYAML_CFG_NO_ALIAS,
    };
}

static bool load_text(const char *path, struct yaml_text text, const cyaml_schema_value_t *schema,
                      void **data, unsigned *sequence_count, char error[YAML_ERROR_MAX])
{
    yaml_document_t document;
    if (!yaml_document_parse(path, text, &document, error))
        return false;
    bool ok = yaml_check(path, &document, schema, error);
    yaml_document_delete(&document);
    if (!ok)
        return false;

    struct load_log log = {0};
    cyaml_config_t config = config_for(&log);
    bool is_sequence = schema->type == CYAML_SEQUENCE;
    cyaml_err_t failed =
        cyaml_load_data(text.data, text.len, &config, schema, data, is_sequence ? sequence_count : NULL);
    if (failed != CYAML_OK) {
        *data = NULL;
        snprintf(error, YAML_ERROR_MAX, "%s:%u: %s", path, log.line ? log.line : 1,
                 log.what[0] ? log.what : cyaml_strerror(failed));
        return false;
    }
    return true;
}

bool yaml_load(const char *path, const cyaml_schema_value_t *schema, void **data, unsigned *sequence_count,
               char error[YAML_ERROR_MAX])
{
    struct yaml_text text;
    *data = NULL;
    if (!yaml_text_read(path, &text, error))
        return false;
    bool ok = load_text(path, text, schema, data, sequence_count, error);
    free(text.data);
    return ok;
}

void yaml_unload(const cyaml_schema_value_t *schema, void *data, unsigned sequence_count)
{
    cyaml_config_t config = config_for(NULL);
    config.log_level = CYAML_LOG_NOTICE;
    if (data)
        cyaml_free(&config, schema, data, sequence_count);
}

static unsigned line_of(const char *path, const char *where)
{
    struct yaml_text text;
    yaml_document_t document;
    unsigned line = 1;
    char ignored[YAML_ERROR_MAX];
    if (!yaml_text_read(path, &text, ignored))
        return line;
    if (yaml_document_parse(path, text, &document, ignored)) {
        line = yaml_document_line(&document, where);
        yaml_document_delete(&document);
    }
    free(text.data);
    return line;
}

bool yaml_error(char error[YAML_ERROR_MAX], const char *path, const char *where, const char *format, ...)
{
    int prefix = snprintf(error, YAML_ERROR_MAX, "%s:%u: ", path, line_of(path, where));
    if (prefix > 0 && prefix < YAML_ERROR_MAX) {
        va_list args;
        va_start(args, format);
        vsnprintf(error + prefix, (size_t)(YAML_ERROR_MAX - prefix), format, args);
        va_end(args);
    }
    return false;
}
