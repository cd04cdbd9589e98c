/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * live: a router on a wire. The suite plays every other station of the underlay on one Ethernet interface,
 * each with its own NBMA address, and, if there is a second interface, the hosts behind the router.
 */
#ifndef DMVPNKIT_CONFORMANCE_IUT_LIVE_H
#define DMVPNKIT_CONFORMANCE_IUT_LIVE_H

#include "iut/iut.h"

/* What the command that prepares the router ends with when the router cannot be configured so. */
#define LIVE_CANNOT 127

/* The setup of both drivers; must outlive the implementation. */
struct live_setup {
    const char *interface;      /* towards the router's underlay side */
    const char *host_interface; /* towards its host side; NULL: none */
    const char *host_gateway;   /* the router's IPv4 address there */
    const char *netns;          /* a named network namespace that both are in; NULL: this one */
    const char *prepare; /* shell command before each case, to configure and reset the router; or NULL */
};

/* Without and with a host side. Need the right to open packet sockets. */
extern const struct iut_driver iut_live;
extern const struct iut_driver iut_live_hosted;

#endif
