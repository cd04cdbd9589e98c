/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * case: a conformance case: a capture and what its sidecar (a YAML file, docs/conformance.md lists the keys)
 * says about it. Loading checks everything that can be checked without the capture.
 */
#ifndef DMVPNKIT_CONFORMANCE_CASE_H
#define DMVPNKIT_CONFORMANCE_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iut/iut.h"
#include "requirements.h"

#define CASE_ERROR_MAX 512 /* YAML_ERROR_MAX */

enum case_role { ROLE_HUB, ROLE_SPOKE, ROLE_TRANSIT };

/* Where the packets of the host side come from. */
enum host_stimulus {
    HOST_DEFAULT, /* a data frame of the role under test whose inner packet nobody else sent it came from its
                     hosts */
    HOST_INJECT,  /* so did this one */
    HOST_NONE,    /* this one is the implementation's own doing */
};

/* What the sidecar says about one frame. */
struct frame_override {
    size_t number; /* as in the capture, from 1 */
    bool ignore;
    enum host_stimulus host;
    const char **masks; /* patterns of field names that are not compared */
    size_t mask_count;
    bool has_tolerance;
    int64_t tolerance_us;
};

struct conform_case {
    char *id;           /* the file's name without .yaml */
    char *path;         /* of the sidecar */
    char *capture_path; /* as to be opened */
    const char *title;
    const char *story;
    unsigned phase; /* 1 to 3 */
    enum case_role role;
    const struct requirement **requirements; /* into the table given to case_load() */
    size_t requirement_count;
    struct iut_config config;
    struct frame_override *frames;
    size_t frame_count;
    int64_t tolerance_us;
    bool has_start;
    int64_t start_us; /* when the implementation starts, after the capture's first frame */

    struct case_file *file; /* the loaded sidecar, which the texts above point into */
};

/*
 * Load a sidecar. NULL, and one line in error, if it cannot be read, has an unknown key or a bad value, or
 * names a requirement that the table does not have. The table must outlive the case. Free with case_free().
 */
struct conform_case *case_load(const char *path, const struct requirement_table *table,
                               char error[CASE_ERROR_MAX]);
void case_free(struct conform_case *c);

/* What the sidecar says about that frame, or NULL. */
const struct frame_override *case_frame_override(const struct conform_case *c, size_t number);
const char *case_role_words(enum case_role role);

/* All cases of a folder, in the order of their ids. */
struct case_set {
    struct conform_case **items;
    size_t count;
};

/* Load every *.yaml in the folder. False, nothing loaded, and one line in error if one is bad or none is
 * there. */
bool case_set_load(const char *folder, const struct requirement_table *table, struct case_set *out,
                   char error[CASE_ERROR_MAX]);
void case_set_free(struct case_set *set);

#endif
