/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * yaml_check: does a YAML tree fit a libcyaml schema? Owns every judgement that libcyaml makes too leniently
 * (numbers followed by letters, any word as a bool) or reports on the wrong line (unknown, repeated and
 * missing keys). Depth of recursion is the schema's depth, never the file's.
 */
#include "files/yaml_document.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/yaml.h"

#define SHOWN_MAX 40 /* characters of a bad value that an error repeats */

struct check {
    const char *path;
    yaml_document_t *document;
    size_t visits_left; /* an alias could make one node stand in many places */
    char *error;
};

static bool check_value(struct check *c, const cyaml_schema_value_t *schema, yaml_node_t *node,
                        const char *name);

__attribute__((format(printf, 3, 4))) static bool refuse(struct check *c, unsigned line, const char *format,
                                                         ...)
{
    int prefix = snprintf(c->error, YAML_ERROR_MAX, "%s:%u: ", c->path, line);
    if (prefix > 0 && prefix < YAML_ERROR_MAX) {
        va_list args;
        va_start(args, format);
        vsnprintf(c->error + prefix, (size_t)(YAML_ERROR_MAX - prefix), format, args);
        va_end(args);
    }
    return false;
}

/* A scalar for an error line: short, printable, on one line. */
static const char *shown(const yaml_node_t *node, char buf[SHOWN_MAX + 4])
{
    size_t len = node->data.scalar.length < SHOWN_MAX ? node->data.scalar.length : SHOWN_MAX;
    for (size_t i = 0; i < len; i++) {
        unsigned char ch = node->data.scalar.value[i];
        buf[i] = (char)(ch < 0x20 || ch == 0x7f ? '?' : ch);
    }
    strcpy(buf + len, len < node->data.scalar.length ? "..." : "");
    return buf;
}

/* Append "word" or ", word" to a list in an error line; silently full when the line is. */
static void list_add(char *list, size_t cap, const char *word)
{
    size_t len = strlen(list);
    snprintf(list + len, cap - len, "%s%s", len ? ", " : "", word);
}

static bool wrong_kind(struct check *c, const yaml_node_t *node, const char *name, const char *expected)
{
    static const char *const kinds[] = {
        [YAML_NO_NODE] = "nothing",
        [YAML_SCALAR_NODE] = "a single value",
        [YAML_SEQUENCE_NODE] = "a list",
        [YAML_MAPPING_NODE] = "keys with values",
    };
    return refuse(c, yaml_node_line(node), "%s: expected %s, found %s", name, expected, kinds[node->type]);
}

static bool check_integer(struct check *c, const cyaml_schema_value_t *schema, yaml_node_t *node,
                          const char *name)
{
    char buf[SHOWN_MAX + 4];
    const char *text = (const char *)node->data.scalar.value;
    const char *digits = text + (text[0] == '-');
    bool is_signed = schema->type == CYAML_INT;
    bool hex = digits[0] == '0' && digits[1] == 'x';
    const char *allowed = hex ? "0123456789abcdefABCDEF" : "0123456789";
    digits += hex ? 2 : 0;
    size_t len = strlen(text);
    /* "010" is eight to some readers and ten to others. */
    bool octal = !hex && digits[0] == '0' && digits[1] != '\0';
    if (len != node->data.scalar.length || digits[0] == '\0' || strspn(digits, allowed) != strlen(digits) ||
        octal)
        return refuse(c, yaml_node_line(node), "%s: '%s' is not a number", name, shown(node, buf));

    unsigned bits = schema->data_size * 8 - is_signed;
    uint64_t most = bits >= 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1;
    errno = 0;
    unsigned long long value = strtoull(digits, NULL, hex ? 16 : 10);
    bool negative = text[0] == '-' && value != 0;
    if (errno == 0 && value <= most && (!negative || is_signed))
        return true;
    return refuse(c, yaml_node_line(node), "%s: %s is out of range (%s%llu to %llu)", name, shown(node, buf),
                  is_signed ? "-" : "", is_signed ? (unsigned long long)most : 0ull,
                  (unsigned long long)most);
}

static bool check_float(struct check *c, yaml_node_t *node, const char *name)
{
    char buf[SHOWN_MAX + 4];
    char *end;
    const char *text = (const char *)node->data.scalar.value;
    double value = strtod(text, &end);
    if (end == text || (size_t)(end - text) != node->data.scalar.length || !isfinite(value))
        return refuse(c, yaml_node_line(node), "%s: '%s' is not a number", name, shown(node, buf));
    return true;
}

static bool check_bool(struct check *c, yaml_node_t *node, const char *name)
{
    static const char *const words[] = {"true", "false", "yes", "no", "on", "off"};
    char buf[SHOWN_MAX + 4];
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (yaml_scalar_is(node, words[i]))
            return true;
    }
    return refuse(c, yaml_node_line(node), "%s: '%s' is neither true nor false", name, shown(node, buf));
}

static bool check_word(struct check *c, const cyaml_schema_value_t *schema, yaml_node_t *node,
                       const char *name)
{
    char buf[SHOWN_MAX + 4];
    char known[256] = "";
    for (uint32_t i = 0; i < schema->enumeration.count; i++) {
        if (yaml_scalar_is(node, schema->enumeration.strings[i].str))
            return true;
        list_add(known, sizeof known, schema->enumeration.strings[i].str);
    }
    return refuse(c, yaml_node_line(node), "%s: '%s' is none of: %s", name, shown(node, buf), known);
}

static bool check_string(struct check *c, const cyaml_schema_value_t *schema, yaml_node_t *node,
                         const char *name)
{
    size_t len = node->data.scalar.length;
    if (strlen((const char *)node->data.scalar.value) != len)
        return refuse(c, yaml_node_line(node), "%s: a NUL character inside", name);
    if (len < schema->string.min)
        return refuse(c, yaml_node_line(node), len == 0 ? "%s: no value" : "%s: too short", name);
    if (len > schema->string.max)
        return refuse(c, yaml_node_line(node), "%s: longer than %u characters", name,
                      (unsigned)schema->string.max);
    return true;
}

static bool check_scalar(struct check *c, const cyaml_schema_value_t *schema, yaml_node_t *node,
                         const char *name)
{
    if (node->type != YAML_SCALAR_NODE)
        return wrong_kind(c, node, name, "a single value");
    switch (schema->type) {
    case CYAML_INT:
    case CYAML_UINT:
        return check_integer(c, schema, node, name);
    case CYAML_FLOAT:
        return check_float(c, node, name);
    case CYAML_BOOL:
        return check_bool(c, node, name);
    case CYAML_ENUM:
    case CYAML_FLAGS:
        return check_word(c, schema, node, name);
    default:
        return check_string(c, schema, node, name);
    }
}

static bool check_list(struct check *c, const cyaml_schema_value_t *schema, yaml_node_t *node,
                       const char *name)
{
    if (node->type != YAML_SEQUENCE_NODE)
        return wrong_kind(c, node, name, "a list");
    size_t count = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
    bool is_flags = schema->type == CYAML_FLAGS;
    if (!is_flags && count < schema->sequence.min)
        return refuse(c, yaml_node_line(node), "%s: %zu entries, at least %u are needed", name, count,
                      (unsigned)schema->sequence.min);
    if (!is_flags && count > schema->sequence.max)
        return refuse(c, yaml_node_line(node), "%s: %zu entries, at most %u are allowed", name, count,
                      (unsigned)schema->sequence.max);
    for (size_t i = 0; i < count; i++) {
        yaml_node_t *item = yaml_document_get_node(c->document, node->data.sequence.items.start[i]);
        bool ok = is_flags ? check_scalar(c, schema, item, name)
                           : check_value(c, schema->sequence.entry, item, name);
        if (!ok)
            return false;
    }
    return true;
}

static const cyaml_schema_field_t *field_named(const cyaml_schema_field_t *fields, const yaml_node_t *key)
{
    for (; fields->key; fields++) {
        if (yaml_scalar_is(key, fields->key))
            return fields;
    }
    return NULL;
}

static bool unknown_key(struct check *c, const cyaml_schema_field_t *fields, const yaml_node_t *key)
{
    char buf[SHOWN_MAX + 4];
    char known[384] = "";
    if (key->type != YAML_SCALAR_NODE)
        return wrong_kind(c, key, "key", "a word");
    for (; fields->key; fields++)
        list_add(known, sizeof known, fields->key);
    return refuse(c, yaml_node_line(key), "unknown key '%s'; known here: %s", shown(key, buf), known);
}

static bool check_pair(struct check *c, const cyaml_schema_field_t *fields, yaml_node_t *node,
                       yaml_node_pair_t *pair)
{
    yaml_node_t *key = yaml_document_get_node(c->document, pair->key);
    const cyaml_schema_field_t *field = field_named(fields, key);
    if (!field)
        return unknown_key(c, fields, key);
    for (yaml_node_pair_t *p = node->data.mapping.pairs.start; p < pair; p++) {
        if (yaml_scalar_is(yaml_document_get_node(c->document, p->key), field->key))
            return refuse(c, yaml_node_line(key), "%s: given twice", field->key);
    }
    return check_value(c, &field->value, yaml_document_get_node(c->document, pair->value), field->key);
}

static bool check_mapping(struct check *c, const cyaml_schema_value_t *schema, yaml_node_t *node,
                          const char *name)
{
    const cyaml_schema_field_t *fields = schema->mapping.fields;
    if (node->type != YAML_MAPPING_NODE)
        return wrong_kind(c, node, name, "keys with values");
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top;
         pair++) {
        if (!check_pair(c, fields, node, pair))
            return false;
    }
    for (const cyaml_schema_field_t *field = fields; field->key; field++) {
        bool found = (field->value.flags & CYAML_FLAG_OPTIONAL) != 0;
        for (yaml_node_pair_t *p = node->data.mapping.pairs.start; !found && p < node->data.mapping.pairs.top;
             p++)
            found = yaml_scalar_is(yaml_document_get_node(c->document, p->key), field->key);
        if (!found)
            return refuse(c, yaml_node_line(node), "%s: key '%s' is missing", name, field->key);
    }
    return true;
}

static bool check_value(struct check *c, const cyaml_schema_value_t *schema, yaml_node_t *node,
                        const char *name)
{
    if (c->visits_left-- == 0)
        return refuse(c, yaml_node_line(node), "aliases (*name) are not allowed");
    if ((schema->flags & CYAML_FLAG_POINTER_NULL) == CYAML_FLAG_POINTER_NULL && yaml_scalar_is(node, ""))
        return true;
    switch (schema->type) {
    case CYAML_MAPPING:
        return check_mapping(c, schema, node, name);
    case CYAML_SEQUENCE:
    case CYAML_SEQUENCE_FIXED:
    case CYAML_FLAGS:
        return check_list(c, schema, node, name);
    case CYAML_IGNORE:
    case CYAML_BITFIELD:
        return true;
    default:
        return check_scalar(c, schema, node, name);
    }
}

bool yaml_check(const char *path, yaml_document_t *document, const cyaml_schema_value_t *schema, char *error)
{
    struct check c = {
        .path = path,
        .document = document,
        .visits_left = (size_t)(document->nodes.top - document->nodes.start),
        .error = error,
    };
    return check_value(&c, schema, yaml_document_get_root_node(document), "file");
}
