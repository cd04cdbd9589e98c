/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * script: a case's capture, read once and turned into what the runner does and expects: frames of other
 * parties to send, frames of the role under test to wait for, packets to send or to see on the host side.
 */
#ifndef DMVPNKIT_CONFORMANCE_SCRIPT_H
#define DMVPNKIT_CONFORMANCE_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case.h"
#include "codec/packet.h"
#include "field.h"
#include "policy.h"

#define SCRIPT_ERROR_MAX 1024
#define STEP_NONE        SIZE_MAX

enum step_kind {
    STEP_INJECT, /* a frame of another party for the role under test */
    STEP_EXPECT, /* a frame of the role under test */
};

struct step {
    enum step_kind kind;
    size_t frame;      /* its number in the capture */
    struct instant at; /* after the capture's first frame */
    uint8_t *bytes;    /* from the outer IP header */
    size_t len;
    struct packet packet;                  /* spans into bytes */
    struct field_list fields;              /* the same */
    const struct frame_override *override; /* or NULL */

    /* STEP_EXPECT */
    enum packet_origin origin;
    bool host_sends;  /* its inner packet comes from the hosts that the suite plays */
    bool is_refresh;  /* a registration that renews an answered one */
    bool is_optional; /* the sidecar says to ignore it */
    int64_t early_us; /* how far from `at` it may come without being another frame */
    int64_t late_us;

    /* STEP_INJECT */
    size_t answers; /* index of the expected request that this frame answers, or STEP_NONE */
    bool delivers;  /* its inner packet must come out on the host side */
};

struct script {
    struct step *steps;
    size_t count;
    struct instant start; /* when the implementation starts */
    struct instant end;   /* of the capture */
};

/*
 * Read the capture of a case. False and one line in error if it cannot be read, has a frame of the role under
 * test that cannot be decoded (and that the sidecar does not ignore), or has none of its frames at all. Free
 * with script_free(). The case must outlive the script.
 */
bool script_load(const struct conform_case *c, struct script *out, char error[SCRIPT_ERROR_MAX]);
void script_free(struct script *script);

/* The inner packet of a data frame as its host sent it, before the router lowered the time to live; as long
 * as the payload of GRE. free() it. */
uint8_t *script_host_packet(const struct packet *packet);
/* The same inner packet, whatever has happened to its time to live? */
bool script_same_inner(const struct ip *a, const struct ip *b);

#endif
