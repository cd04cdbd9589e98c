/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config: the daemon's configuration: loaded, checked, and turned into what the engine and the kernel want.
 */
#ifndef DMVPNKIT_LIVE_CONFIG_H
#define DMVPNKIT_LIVE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/live/log.h"
#include "engine/config.h"

#define LIVE_NAME_MAX     16  /* a network device's name with its end, as Linux limits it */
#define LIVE_PATH_MAX     100 /* fits a UNIX socket's address */
#define LIVE_TUNNELS_MOST 64
#define LIVE_ERROR_MAX    512

/* One tunnel: one TUN device, one node. */
struct live_tunnel_config {
    char name[LIVE_NAME_MAX];        /* of the TUN device, and the node's */
    char nbma_device[LIVE_NAME_MAX]; /* take the NBMA address from this device; empty: it is configured */
    struct node_config node;         /* its lists are the configuration's, see live_tunnel_config_clear() */
    bool udp_encapsulation;          /* one of the associations is of ESP in UDP */
    uint8_t *keys;                   /* of all associations, one after the other */
    size_t keys_len;                 /* octets */
    uint32_t *spis;                  /* of inbound associations, in order */
    size_t spi_count;
    /* All of it as text: two tunnels with equal text need no restart of one for the other. */
    char *fingerprint;
};

struct live_config {
    enum log_form log_form;
    enum log_level log_level;
    bool trace;
    char user[32];
    char control[LIVE_PATH_MAX];
    char state[LIVE_PATH_MAX]; /* the folder of request ids */
    bool mirror_routes;        /* take the kernel's routes over */
    uint32_t mirror_table;
    bool mirror_underlay; /* also those that leave through a tunnel's underlay device */
    bool install_routes;  /* hand NHRP's routes to the kernel */
    uint32_t install_table;
    struct live_tunnel_config *tunnels;
    size_t tunnel_count;
};

/*
 * Load and check a file. NULL, and one line in error ("FILE:LINE: what is wrong"), if anything is wrong with
 * it. Free with live_config_free().
 */
struct live_config *live_config_load(const char *path, char error[LIVE_ERROR_MAX]);
void live_config_free(struct live_config *config);

/* Is one of the tunnel's inbound associations of this SPI? */
bool live_tunnel_config_has_spi(const struct live_tunnel_config *config, uint32_t spi);

/* Free what one tunnel's configuration owns, keys wiped; for who has taken it over. */
void live_tunnel_config_clear(struct live_tunnel_config *config);

#endif
