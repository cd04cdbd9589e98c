/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * yaml: YAML files into structs through a libcyaml schema, with errors as one line: "FILE:LINE: what is wrong".
 */
#ifndef DMVPNKIT_FILES_YAML_H
#define DMVPNKIT_FILES_YAML_H

#include <stdbool.h>

#include <cyaml/cyaml.h>

#define YAML_ERROR_MAX 512

/*
 * Load path by schema into *data (libcyaml's ownership: free with yaml_free()). False, *data NULL, and one line in
 * error, for a file that cannot be read, is no YAML, has an unknown key or a bad value.
 */
bool yaml_load(const char *path, const cyaml_schema_value_t *schema, void **data, unsigned *sequence_count,
               char error[YAML_ERROR_MAX]);
void yaml_free(const cyaml_schema_value_t *schema, void *data, unsigned sequence_count);

#endif
