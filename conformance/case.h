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

/* What a step does. A case without steps replays its capture. */
enum case_verb {
    VERB_GIVEN,   /* play frames; what the role under test owes must come, but is not judged */
    VERB_REPLAY,  /* play frames; what the role under test owes is compared with the capture */
    VERB_SEND,    /* send a frame to the implementation, perhaps changed */
    VERB_HOST,    /* hand the inner packet of a frame to its host side */
    VERB_EXPECT,  /* a packet of some sort must come */
    VERB_DELIVER, /* the inner packet of a frame must come out on the host side */
    VERB_QUIET,   /* nothing may come until a probe is answered */
    VERB_ADVANCE, /* time passes */
};

struct case_step {
    enum case_verb verb;
    const uint32_t *frames; /* GIVEN, REPLAY: several; SEND, HOST, DELIVER: one */
    size_t frame_count;
    unsigned
        messages; /* EXPECT: policy_message() bits of what may come; QUIET: of what may come all the same */
    size_t like; /* EXPECT: a frame that it is compared with; 0: none. QUIET: the probe; 0: a Purge Request */
    const char *const *edits; /* SEND, HOST, the probe: changes to the frame; EXPECT: to the one it is like */
    size_t edit_count;
    const char *const *conditions; /* EXPECT */
    size_t condition_count;
    const char **masks; /* EXPECT: patterns of field names that are not compared */
    size_t mask_count;
    bool leave_wrong; /* SEND: lengths and checksums are not made right after the changes */
    bool is_should;   /* EXPECT, QUIET, DELIVER: not meeting it is a note */
    size_t times;     /* SEND, HOST: how often */
    bool has_within;
    int64_t within_us; /* EXPECT, QUIET, DELIVER: how long to wait; ADVANCE: how long it lasts */
    const struct requirement *requirement; /* violated when it does not come about; NULL: the policy knows */
    const char *story;
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
    const char *configuration;   /* the name of the configuration class, or NULL */
    const char *const *features; /* that an implementation must have */
    size_t feature_count;
    const char *const *tags;
    size_t tag_count;
    struct case_step *steps;
    size_t step_count;
    bool watches_renewals; /* Registration Requests are for the steps; else the suite answers them */
    struct frame_override *frames;
    size_t frame_count;
    int64_t tolerance_us;
    bool has_start;
    int64_t start_us; /* when the implementation starts, after the capture's first frame */

    struct case_file *file;        /* the loaded sidecar, which the texts above point into */
    struct class_file *class_file; /* the loaded configuration class, or NULL */
};

/*
 * Load a sidecar. NULL, and one line in error, if it cannot be read, has an unknown key or a bad value, or
 * names a requirement that the table does not have. The table must outlive the case. Free with case_free().
 */
struct conform_case *case_load(const char *path, const struct requirement_table *table,
                               char error[CASE_ERROR_MAX]);
void case_free(struct conform_case *c);

bool case_has_tag(const struct conform_case *c, const char *tag);
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
