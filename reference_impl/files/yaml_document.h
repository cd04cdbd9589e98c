/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * yaml_document: a YAML file as text and as a tree with line numbers. Internal to the files library.
 */
#ifndef DMVPNKIT_FILES_YAML_DOCUMENT_H
#define DMVPNKIT_FILES_YAML_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cyaml/cyaml.h>
#include <yaml.h>

#define YAML_FILE_MAX (64u * 1024 * 1024) /* octets */

struct yaml_text {
    uint8_t *data;
    size_t len;
};

/* The whole file into memory; free() data. False and a line in error if it cannot be read or is too big. */
bool yaml_text_read(const char *path, struct yaml_text *out, char *error);

/*
 * The text's one document as a tree; yaml_document_delete() it. False and a line in error if it is no YAML,
 * empty, or has a second document.
 */
bool yaml_document_parse(const char *path, struct yaml_text text, yaml_document_t *out, char *error);

/* The line, from 1, on which a node begins. */
unsigned yaml_node_line(const yaml_node_t *node);
/* The scalar's characters compared with a string. */
bool yaml_scalar_is(const yaml_node_t *node, const char *text);
/* The line of what "nodes[1].tunnel.key" names, or of the nearest place above it that exists. */
unsigned yaml_document_line(yaml_document_t *document, const char *where);

/* yaml_check.c: does the tree fit the schema? False and a line in error at the first place where it does not.
 */
bool yaml_check(const char *path, yaml_document_t *document, const cyaml_schema_value_t *schema, char *error);

#endif
