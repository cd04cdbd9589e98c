/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * io: everything that goes into a node and everything that comes out. There is no other way in or out: the
 * engine has no sockets, clock, chance, environment or log.
 *
 * A node's first input should be INPUT_LINK with up set: a node is created with its underlay taken to be up,
 * and whatever input comes first makes it register. A driver whose underlay is down says so first.
 */
#ifndef DMVPNKIT_ENGINE_IO_H
#define DMVPNKIT_ENGINE_IO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cursor.h"
#include "base/instant.h"
#include "engine/endpoint.h"
#include "engine/esp_sa.h"

enum node_input_kind {
    INPUT_TIME,     /* nothing but time has passed */
    INPUT_UNDERLAY, /* a packet arrived from the NBMA network, outer IP header first */
    INPUT_OVERLAY,  /* an IP packet arrived from the host side */
    INPUT_LINK,     /* the underlay came up, went down, or changed this node's address */
    INPUT_ROUTE,    /* a route was added or withdrawn */
    INPUT_ADMIN,    /* an operator's wish */
    INPUT_SA,       /* a security association was made, or has ended (the driver has IKE) */
};

enum admin_request {
    ADMIN_STOP,            /* purge what was registered, then send nothing more */
    ADMIN_CLEAR_BINDINGS,  /* forget what was learned and registered */
    ADMIN_CLEAR_SHORTCUTS, /* forget what was asked and answered, and what came of it */
    ADMIN_REGISTER,        /* register anew with every server, now */
    ADMIN_PURGE,           /* take back every mapping to this node that was handed out */
};

struct node_input {
    enum node_input_kind kind;
    union {
        struct span packet; /* INPUT_UNDERLAY, INPUT_OVERLAY; read during the call only */
        struct {
            bool up;
            struct addr nbma;
        } link;
        struct {
            bool add;
            struct prefix prefix;
            struct addr via; /* ADDR_NONE: host side */
        } route;
        enum admin_request admin;
        struct {
            bool add;
            const struct esp_sa_config *config; /* add: read during the call only */
            enum esp_direction direction;       /* else: which one; for an inbound one the SPI is enough */
            uint32_t spi;
            struct endpoint peer;
        } sa;
    };
};

/* Why a packet goes out, one row each: the sentence for its comment and the clause that asks for it. */
enum send_reason {
#define SEND_REASON(name, words, clause) SEND_##name,
#include "engine/send_reason.def"
};
const char *send_reason_words(enum send_reason reason);
const char *send_reason_clause(enum send_reason reason);

/* Why a packet was dropped. */
enum drop_reason {
#define DROP_REASON(name, words) DROP_##name,
#include "engine/drop_reason.def"
    DROP_REASON_COUNT
};
const char *drop_reason_words(enum drop_reason reason);

/* What happened, for traces. */
enum trace_event {
#define TRACE_EVENT(name, words) TRACE_##name,
#include "engine/trace_event.def"
};
const char *trace_event_words(enum trace_event event);

enum node_output_kind {
    OUTPUT_UNDERLAY,  /* send: outer IP header first */
    OUTPUT_OVERLAY,   /* deliver to the host side */
    OUTPUT_ROUTE,     /* NHRP installs or withdraws a route (Phase 3 shortcut) */
    OUTPUT_NEIGHBOUR, /* protocol address <-> NBMA address on the tunnel: bind or unbind */
    OUTPUT_SA,        /* security associations with a peer are wanted, or not needed any more */
    OUTPUT_TRACE,
};

struct node_output {
    enum node_output_kind kind;
    union {
        struct {
            struct span packet; /* valid until the next node_input() */
            enum send_reason reason;
        } underlay;
        struct span overlay; /* valid until the next node_input() */
        struct {
            bool install;
            struct prefix prefix;
            struct addr via;
        } route;
        struct {
            bool bind;
            struct addr protocol;
            struct addr nbma;
        } neighbour;
        struct {
            bool want;
            struct addr local; /* this node's NBMA address */
            struct endpoint peer;
        } sa;
        struct {
            enum trace_event event;
            enum drop_reason drop; /* for TRACE_DROPPED */
            struct addr protocol;  /* whom it is about; ADDR_NONE where there is none */
            struct addr nbma;
            uint32_t number; /* request id, code or seconds, as the event's row says */
        } trace;
    };
};

#endif
