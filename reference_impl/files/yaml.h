/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * yaml: YAML files into structs through a libcyaml schema, with errors as one line: "FILE:LINE: what is
 * wrong".
 *
 * Stricter than libcyaml alone: a number must be all number ("12x" is none), a bool one of true, false, yes,
 * no, on, off, a file exactly one document without aliases, every key known and given once.
 */
#ifndef DMVPNKIT_FILES_YAML_H
#define DMVPNKIT_FILES_YAML_H

#include <stdbool.h>

#include <cyaml/cyaml.h>

#define YAML_ERROR_MAX 512

/*
 * Load path by schema into *data (libcyaml's ownership: free with yaml_unload()). False, *data NULL, and one
 * line in error, for a file that cannot be read, is no YAML, has an unknown key or a bad value.
 */
bool yaml_load(const char *path, const cyaml_schema_value_t *schema, void **data, unsigned *sequence_count,
               char error[YAML_ERROR_MAX]);
void yaml_unload(const cyaml_schema_value_t *schema, void *data, unsigned sequence_count);

/*
 * One line in error about a value that the schema takes but the program does not: "FILE:LINE: " and what
 * format says. where names the value from the top, as in "nodes[1].tunnel.key"; if it is not in the file, the
 * line is that of the nearest place above it. The file is read anew for its lines: meant for the way out, not
 * for loops. Always false, so that a validator can return it.
 */
__attribute__((format(printf, 4, 5))) bool yaml_error(char error[YAML_ERROR_MAX], const char *path,
                                                      const char *where, const char *format, ...);

#endif
