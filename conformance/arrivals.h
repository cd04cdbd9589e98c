/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arrivals: the implementation of one case while its steps run: what is sent to it, what came back and has
 * not been asked for yet, and the wait for what is asked for. Knows no verbs.
 */
#ifndef DMVPNKIT_CONFORMANCE_ARRIVALS_H
#define DMVPNKIT_CONFORMANCE_ARRIVALS_H

#include "case.h"
#include "compare.h"
#include "edit/edit.h"
#include "id_map.h"
#include "iut/iut.h"
#include "script.h"
#include "verdict.h"

/* A packet that came back. */
struct arrival {
    struct instant at;
    uint8_t *bytes;
    size_t len;
    struct packet packet;
    struct field_list fields;
    size_t record;    /* as finding.sent */
    bool is_delivery; /* on the host side */
    bool taken;       /* some step has asked for it */
};

/* A packet of our own, kept for $sent:. */
struct sent_packet {
    uint8_t *bytes;
    size_t len;
    struct packet packet;
    struct field_list fields;
};

struct session {
    const struct conform_case *c;
    const struct requirement_table *requirements;
    const struct iut_driver *driver;
    void *self;
    struct script script; /* the capture's frames, to play and to compare with */
    struct case_result *result;
    struct instant now;
    struct id_map ids;
    struct arrival **arrivals;
    size_t arrival_count;
    size_t arrival_cap;
    struct sent_packet sent;   /* the last one; bytes NULL: none */
    const struct arrival *got; /* the last one taken, or NULL */
    size_t step;               /* from 1 */
    unsigned wants;            /* messages that the current step asks for */
    uint32_t next_probe;
    bool ended; /* error of the suite, or the implementation is gone */
};

/* What a step asks for. */
struct wanted {
    unsigned messages;          /* of policy_message() */
    const struct step *like;    /* compared with it, or NULL */
    struct span like_bytes;     /* the packet that it is like, perhaps edited */
    bool is_judged;             /* else any packet of the sort will do */
    const struct case_step *by; /* conditions and masks, or NULL */
    uint32_t request_id;        /* with has_request_id: no other */
    bool has_request_id;
};

/* Everything given outlives the session. False if the capture is unusable or the implementation does not
 * start; the result says so. End with session_end() in any case. */
bool session_begin(struct session *s, const struct conform_case *c,
                   const struct requirement_table *requirements, const struct iut_driver *driver,
                   const void *setup, struct case_result *result);
void session_end(struct session *s);

/* Give the case up: an error of the suite. Always false. */
bool session_break(struct session *s, const char *why);
/* The capture's frame of that number, if it is from or for the role under test; else gives up, and NULL. */
const struct step *session_frame(struct session *s, size_t number);
struct edit_sources session_sources(const struct session *s);

/* Send on the underlay or on the host side. False when the case cannot go on. */
bool session_send(struct session *s, struct span packet, size_t capture_frame);
bool session_send_host(struct session *s, struct span packet, size_t capture_frame);
/* Let time pass until then; what comes is kept. False when the case cannot go on. */
bool session_pump(struct session *s, struct instant until);
/*
 * Wait for a packet: at once if it is there. The best candidate if none is without difference when the time
 * is over, NULL if none of the sort came. *comparison (free its differences) is about the one returned.
 */
struct arrival *session_await(struct session *s, const struct wanted *wanted, struct instant until,
                              struct comparison *comparison);
/* The same for a packet on the host side. */
struct arrival *session_await_delivery(struct session *s, const struct ip *inner, struct instant until);
/* How the station under test came to send this. */
enum packet_origin session_origin(const struct session *s, const struct packet *packet);

#endif
