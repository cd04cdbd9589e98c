/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * iut: the implementation under test, behind one narrow interface: five calls, and a configuration in the
 * words of DMVPN. An adapter is one struct iut_driver; the runner knows nothing else of what it judges.
 *
 * Time belongs to the runner. An adapter of an implementation inside this process moves its clock to where
 * advance() says; one of a real device waits until then.
 */
#ifndef DMVPNKIT_CONFORMANCE_IUT_H
#define DMVPNKIT_CONFORMANCE_IUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/addr.h"
#include "base/cursor.h"
#include "base/instant.h"

#define IUT_ERROR_MAX 256

#define IUT_UNSUPPORTED "unsupported"

static inline bool iut_is_unsupported(const char *error)
{
    return strncmp(error, IUT_UNSUPPORTED, sizeof(IUT_UNSUPPORTED) - 1) == 0;
}

struct iut_nhs {
    struct addr protocol;
    struct addr nbma;
};

struct iut_route {
    struct prefix prefix;
    struct addr via; /* next hop on the tunnel; ADDR_NONE: on the host side */
};

/* What the implementation must be told before a case: one router's end of one tunnel. Lives as long as the
 * case does. */
struct iut_config {
    const char *name;
    bool point_to_point; /* else multipoint */
    struct addr nbma;
    struct addr destination; /* point to point: the other end */
    struct addr protocol;
    uint8_t protocol_len; /* of the tunnel's subnet, in bits */
    bool has_key;
    uint32_t key;
    bool checksum;
    bool sequence;
    uint16_t mtu;      /* octets, of inner packets */
    uint8_t ttl;       /* of outer packets; the comparison does not look at it */
    uint16_t hold_s;   /* to register with and to hand out */
    uint8_t hop_count; /* of originated messages; the comparison asks for 1 or more */
    bool unique;
    bool redirect;
    bool shortcut;
    bool answers; /* a server answers for its registered clients; else it passes requests on to them */
    const char *authentication; /* cleartext password, or NULL */
    const struct iut_nhs *nhs;
    size_t nhs_count;
    const struct iut_route *routes;
    size_t route_count;
};

enum iut_event_kind {
    IUT_SENT,      /* a packet on the underlay, outer IP header first */
    IUT_DELIVERED, /* a packet that left the tunnel on the host side */
};

struct iut_event {
    enum iut_event_kind kind;
    struct instant at;
    struct span packet; /* valid until the next call */
};

/* What a step that asks for silence sends last: the answer tells that all that came before is dealt with. */
enum iut_probe {
    IUT_PROBE_PURGE,        /* a Purge Request for an address that nobody has (RFC 2332 section 5.2.5) */
    IUT_PROBE_REGISTRATION, /* a Registration Request of such an address, for what answers no Purge Requests
                             */
};

struct iut_driver {
    const char *name;
    const char *words;   /* one line for --help */
    bool sees_host_side; /* takes packets on the host side, and reports IUT_DELIVERED */
    enum iut_probe probe;

    /*
     * Start an implementation configured so, at the time now. setup is what this driver's creator gave the
     * runner (a command, an interface, another driver), NULL for most. NULL, and one line in error, if it
     * cannot be; a line that begins with IUT_UNSUPPORTED says that it never can, which is no error.
     */
    void *(*open)(const void *setup, const struct iut_config *config, struct instant now,
                  char error[IUT_ERROR_MAX]);
    /* A packet arrives from the underlay, or from the host side, at the time that advance() last reached. */
    bool (*send_underlay)(void *self, struct span packet, char error[IUT_ERROR_MAX]);
    bool (*send_overlay)(void *self, struct span packet, char error[IUT_ERROR_MAX]);
    /*
     * Go on until something comes back or until the time given, whichever is first: 1 with *event (time has
     * moved to event->at), 0 when `until` was reached, -1 with one line in error when the implementation is
     * gone. That is its own fault: the case fails.
     */
    int (*advance)(void *self, struct instant until, struct iut_event *event, char error[IUT_ERROR_MAX]);
    void (*close)(void *self);
};

/* The engine of this project, in this process, in virtual time (iut/reference.c, the one file that links it).
 */
extern const struct iut_driver iut_reference;
/* Never sends anything: every case must fail with it. */
extern const struct iut_driver iut_silent;

#endif
