/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * yaml_document: reading a YAML file and finding places in it. Owns file access and the errors of syntax;
 * must not know any schema (yaml_check.c does).
 */
#include "files/yaml_document.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/yaml.h"

#define READ_STEP   65536u
#define NESTING_MAX 1000u

static bool text_reserve(struct yaml_text *text, size_t *cap)
{
    if (*cap - text->len >= READ_STEP)
        return true;
    size_t more = *cap ? *cap * 2 : READ_STEP;
    uint8_t *data = realloc(text->data, more);
    if (!data)
        return false;
    text->data = data;
    *cap = more;
    return true;
}

bool yaml_text_read(const char *path, struct yaml_text *out, char *error)
{
    struct yaml_text text = {0};
    size_t cap = 0;
    const char *why = NULL;
    FILE *file = fopen(path, "rb");
    if (!file) {
        snprintf(error, YAML_ERROR_MAX, "%s: cannot open: %s", path, strerror(errno));
        return false;
    }
    while (!why) {
        if (!text_reserve(&text, &cap)) {
            why = strerror(ENOMEM);
            break;
        }
        size_t got = fread(text.data + text.len, 1, READ_STEP, file);
        text.len += got;
        if (got == 0) {
            if (ferror(file))
                why = strerror(errno);
            break;
        }
        if (text.len > YAML_FILE_MAX)
            why = "larger than 64 MiB";
    }
    fclose(file);
    if (why) {
        snprintf(error, YAML_ERROR_MAX, "%s: cannot read: %s", path, why);
        free(text.data);
        return false;
    }
    *out = text;
    return true;
}

/* libyaml counts lines for errors of syntax, but only octets for errors of encoding. */
static size_t problem_line(const yaml_parser_t *parser, struct yaml_text text)
{
    if (parser->error != YAML_READER_ERROR)
        return parser->problem_mark.line + 1;
    size_t line = 1;
    for (size_t i = 0; i < parser->problem_offset && i < text.len; i++)
        line += text.data[i] == '\n';
    return line;
}

static bool syntax_error(const char *path, const yaml_parser_t *parser, struct yaml_text text, char *error)
{
    if (parser->error == YAML_MEMORY_ERROR)
        snprintf(error, YAML_ERROR_MAX, "%s: out of memory", path);
    else
        snprintf(error, YAML_ERROR_MAX, "%s:%zu: not YAML: %s", path, problem_line(parser, text),
                 parser->problem ? parser->problem : "cannot be parsed");
    return false;
}

/*
 * libyaml's time grows with the square of the depth of brackets, from a hundred thousand on to minutes.
 * Brackets in strings and comments count as well, which no sensible file notices.
 */
static bool check_nesting(const char *path, struct yaml_text text, char *error)
{
    size_t line = 1;
    size_t depth = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        line += c == '\n';
        if (c == '[' || c == '{')
            depth++;
        else if ((c == ']' || c == '}') && depth > 0)
            depth--;
        if (depth > NESTING_MAX) {
            snprintf(error, YAML_ERROR_MAX, "%s:%zu: brackets more than %u deep", path, line, NESTING_MAX);
            return false;
        }
    }
    return true;
}

bool yaml_document_parse(const char *path, struct yaml_text text, yaml_document_t *out, char *error)
{
    yaml_parser_t parser;
    yaml_document_t next;
    if (!check_nesting(path, text, error))
        return false;
    if (!yaml_parser_initialize(&parser)) {
        snprintf(error, YAML_ERROR_MAX, "%s: out of memory", path);
        return false;
    }
    yaml_parser_set_input_string(&parser, text.data, text.len);
    bool ok = yaml_parser_load(&parser, out);
    if (!ok) {
        syntax_error(path, &parser, text, error);
        goto done;
    }
    ok = yaml_document_get_root_node(out) != NULL;
    if (!ok) {
        snprintf(error, YAML_ERROR_MAX, "%s:1: nothing in it but space and comments", path);
        yaml_document_delete(out);
        goto done;
    }
    ok = yaml_parser_load(&parser, &next);
    if (!ok) {
        syntax_error(path, &parser, text, error);
        yaml_document_delete(out);
        goto done;
    }
    yaml_node_t *second = yaml_document_get_root_node(&next);
    if (second) {
        ok = false;
        snprintf(error, YAML_ERROR_MAX, "%s:%u: a second document begins here; a file holds one", path,
                 yaml_node_line(second));
        yaml_document_delete(out);
    }
    yaml_document_delete(&next);
done:
    yaml_parser_delete(&parser);
    return ok;
}

unsigned yaml_node_line(const yaml_node_t *node)
{
    return (unsigned)node->start_mark.line + 1;
}

bool yaml_scalar_is(const yaml_node_t *node, const char *text)
{
    return node->type == YAML_SCALAR_NODE && node->data.scalar.length == strlen(text) &&
           memcmp(node->data.scalar.value, text, node->data.scalar.length) == 0;
}

/* One step down by key; *line becomes the key's. NULL if there is no such key. */
static yaml_node_t *step_key(yaml_document_t *document, yaml_node_t *node, const char *key, unsigned *line)
{
    if (node->type != YAML_MAPPING_NODE)
        return NULL;
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top;
         pair++) {
        yaml_node_t *name = yaml_document_get_node(document, pair->key);
        if (yaml_scalar_is(name, key)) {
            *line = yaml_node_line(name);
            return yaml_document_get_node(document, pair->value);
        }
    }
    return NULL;
}

static yaml_node_t *step_index(yaml_document_t *document, yaml_node_t *node, unsigned long index,
                               unsigned *line)
{
    if (node->type != YAML_SEQUENCE_NODE)
        return NULL;
    yaml_node_item_t *items = node->data.sequence.items.start;
    if (index >= (size_t)(node->data.sequence.items.top - items))
        return NULL;
    yaml_node_t *item = yaml_document_get_node(document, items[index]);
    *line = yaml_node_line(item);
    return item;
}

unsigned yaml_document_line(yaml_document_t *document, const char *where)
{
    yaml_node_t *node = yaml_document_get_root_node(document);
    unsigned line = node ? yaml_node_line(node) : 1;
    while (node && *where) {
        if (*where == '[') {
            char *end;
            unsigned long index = strtoul(where + 1, &end, 10);
            node = step_index(document, node, index, &line);
            where = *end == ']' ? end + 1 : "";
        } else {
            char key[64];
            size_t len = strcspn(where, ".[");
            snprintf(key, sizeof key, "%.*s", (int)len, where);
            node = step_key(document, node, key, &line);
            where += len;
        }
        where += *where == '.';
    }
    return line;
}
