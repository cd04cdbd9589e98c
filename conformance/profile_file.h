/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile_file: a profile as libcyaml loads it. For profile.c and profile_template.c only. */
#ifndef DMVPNKIT_CONFORMANCE_PROFILE_FILE_H
#define DMVPNKIT_CONFORMANCE_PROFILE_FILE_H

#include "files/yaml.h"
#include "profile.h"

struct profile_known {
    char *cases;
    char *requirement;
    char *reason;
    char *until;
};

struct profile_file {
    char *title;
    char *story;
    char *probe;
    char **features;
    unsigned features_count;
    struct profile_template *configure;
    unsigned configure_count;
    struct profile_known *known;
    unsigned known_count;
};

#endif
