/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * echo: the packets of the hosts behind the nodes: ICMP echo requests and replies, IPv4 and IPv6.
 */
#ifndef DMVPNKIT_SIM_ECHO_H
#define DMVPNKIT_SIM_ECHO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cursor.h"

struct echo {
    struct addr source;
    struct addr destination;
    bool reply;
    uint16_t id;
    uint16_t sequence;
    struct span data;
};

/* Read a whole IP packet; data points into it. False if it is anything but an echo request or reply. */
bool echo_read(struct span packet, struct echo *out);
/* A new packet, malloc()ed, with its length; NULL when memory runs out or the data do not fit. ip_id goes
 * into the IPv4 header. */
uint8_t *echo_make(const struct echo *echo, uint16_t ip_id, size_t *len);
/* The same, of data_octets octets counting up from 0. */
uint8_t *echo_make_request(struct echo echo, uint16_t ip_id, size_t data_octets, size_t *len);

#endif
