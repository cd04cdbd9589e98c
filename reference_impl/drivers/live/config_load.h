/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config_load: what the loader's files share. Internal to the loader.
 */
#ifndef DMVPNKIT_LIVE_CONFIG_LOAD_H
#define DMVPNKIT_LIVE_CONFIG_LOAD_H

#include "drivers/live/config.h"
#include "drivers/live/config_schema.h"
#include "files/yaml.h"

/* One tunnel while it is loaded. */
struct loading {
    const char *path;
    char *error;
    unsigned index;
    const struct file_tunnel *file;
    struct live_tunnel_config *out;
    char where[128];
};

/* "tunnels[N]." and what format says: names a key for error lines. Lasts until the next call. */
__attribute__((format(printf, 2, 3))) const char *config_where(struct loading *loading, const char *format,
                                                               ...);

/* An address of one machine, of the family of like unless that is ADDR_NONE. */
bool config_load_address(struct loading *loading, const char *place, const char *key, const char *text,
                         struct addr like, struct addr *out);

/* Static security associations (RFC 4303). */
bool config_load_ipsec(struct loading *loading);

#endif
