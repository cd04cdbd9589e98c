/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rip_state: what RIP consists of, for its own files: rip.c (inputs, timers, outputs), rip_receive.c (what
 * neighbours say), rip_compose.c (what neighbours are told).
 */
#ifndef DMVPNKIT_ENGINE_RIP_STATE_H
#define DMVPNKIT_ENGINE_RIP_STATE_H

#include "base/random.h"
#include "engine/rip.h"
#include "engine/rip_table.h"

#define RIP_JOBS_MAX   16
#define RIP_PACKET_MAX (20 + UDP_HEADER_LEN + RIP_MESSAGE_MAX)

enum rip_job_kind {
    RIP_JOB_REQUEST,   /* for the neighbours' whole tables */
    RIP_JOB_REGULAR,   /* the whole table, to the group */
    RIP_JOB_TRIGGERED, /* what has changed, to the group */
    RIP_JOB_ANSWER,    /* the whole table, to whoever asked */
};

/* One or more messages that are still to be composed. */
struct rip_job {
    enum rip_job_kind kind;
    struct addr to;
    uint16_t to_port;
    bool begun;
    size_t next_extra;      /* of the default route and the summaries */
    struct rip_route *next; /* NULL at the end of the table */
};

/* The answer to a request for certain entries, which is composed at once. */
struct rip_reply {
    bool waiting;
    struct addr to;
    uint16_t to_port;
    uint8_t message[RIP_MESSAGE_MAX];
    size_t len;
};

struct rip_ignored {
    enum rip_reason reason;
    struct addr from;
    struct prefix prefix;
};

struct rip {
    struct rip_settings settings; /* the router's own copy; defaults filled in */
    struct rip_summary *summaries;
    uint8_t password[RIP_PASSWORD_LEN]; /* padded with zeros */
    bool has_password;
    struct random_state random;
    struct instant now;
    bool link_up;
    struct rip_table table;
    bool changes; /* since the last update of either kind was begun */
    struct instant update_at;
    struct instant hold_until; /* no triggered update before */

    struct rip_job jobs[RIP_JOBS_MAX];
    size_t job_count;
    struct rip_reply reply;
    struct rip_ignored ignored[RIP_ENTRIES_MAX + 1];
    size_t ignored_count;
    uint64_t counts[RIP_REASON_COUNT];
    uint16_t ip_id;
    uint8_t packet[RIP_PACKET_MAX]; /* the one that was taken last */
};

static inline struct addr rip_group(void)
{
    return addr_ipv4(224, 0, 0, 9);
}

/* Is a on the tunnel's subnet, so that packets reach it in one hop? */
bool rip_is_on_subnet(const struct rip *rip, struct addr a);

void rip_ignore(struct rip *rip, enum rip_reason reason, struct addr from, struct prefix prefix);

/* A route changed in what neighbours are told, or in how the caller uses it. */
void rip_route_changed(struct rip *rip, struct rip_route *route);
/* It cannot be reached any more: tell so until the garbage time is over. */
void rip_route_withdraw(struct rip *rip, struct rip_route *route);

/* False if too many jobs are waiting. */
bool rip_job_add(struct rip *rip, enum rip_job_kind kind, struct addr to, uint16_t to_port);

/* rip_receive.c: take an inner packet. */
void rip_receive(struct rip *rip, struct span packet);

/* rip_compose.c: the next message of the first job or the reply; false when there is none. */
bool rip_compose(struct rip *rip, struct rip_output *out);
/* Begin a response: header and authentication. Returns how many entries fit after them. */
size_t rip_begin_message(const struct rip *rip, struct writer *w, enum rip_command command);

#endif
