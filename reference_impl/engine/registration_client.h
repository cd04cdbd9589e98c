/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * registration_client: this node registers itself with its next hop servers and keeps itself registered (RFC
 * 2332 sections 5.2.3 and 5.2.4).
 *
 * States and events are those of registration_step() in the .c file, which is the whole machine.
 */
#ifndef DMVPNKIT_ENGINE_REGISTRATION_CLIENT_H
#define DMVPNKIT_ENGINE_REGISTRATION_CLIENT_H

#include "codec/nhrp.h"
#include "engine/config.h"
#include "engine/endpoint.h"
#include "engine/wheel.h"

struct node;
struct received;

enum registration_state {
    REGISTRATION_IDLE,       /* not wanted: the link is down, or the node has been stopped */
    REGISTRATION_ASKING,     /* a request is out; the server has no binding of ours that we know of */
    REGISTRATION_REGISTERED, /* acknowledged */
    REGISTRATION_REFRESHING, /* acknowledged, and the renewal is out */
    REGISTRATION_REFUSED,    /* answered with a NAK */
    REGISTRATION_STANDBY,    /* better servers answer: this one is not needed now (nhs_max) */
};

struct next_hop_server {
    struct nhs_config config;
    struct addr protocol; /* as configured, or as its last reply has it; ADDR_NONE: not known yet */
    enum registration_state state;
    struct timer timer;
    uint32_t request_id;  /* of the last request */
    unsigned attempts;    /* how often it was sent */
    uint16_t hold_s;      /* that the server granted */
    uint8_t refused_code; /* of the last NAK, 0 after an acknowledgement */
    unsigned refusals;    /* NAKs in a row */
    struct instant registered_until;
    struct addr seen_nbma; /* our address as the server sees it, if it is another than ours */
};

/* Once, before all else: configured servers' addresses are mappings that never expire. False when they do not
 * fit. */
bool registration_client_bind(struct node *node);
/* Begin to register everywhere, or with the best nhs_max servers; give it up. */
void registration_client_start(struct node *node);
void registration_client_stop(struct node *node);
void registration_client_timer(struct node *node, struct next_hop_server *nhs);
void registration_client_reply(struct node *node, const struct received *received);
/* An Error Indication about a registration: it changes nothing, since it cannot be authenticated; it is
 * traced. */
void registration_client_error(struct node *node, const struct nhrp_message *request, uint16_t code);

/*
 * The server in use, to which requests and data without a mapping go: the most preferred one that has us
 * registered and still answers; else the most preferred that has us registered; else the most preferred. NULL
 * if this node has none.
 */
const struct next_hop_server *registration_client_in_use(const struct node *node);
/* Is this node registered anywhere? */
bool registration_client_has_server(const struct node *node);
/* Where that one is; none if this node has none. */
struct endpoint registration_client_server(const struct node *node);

/* Is it a server of ours that stands by, so that nothing but registrations should go to it? */
bool registration_client_is_standby(const struct node *node, struct addr nbma);

const char *registration_state_words(enum registration_state state);

#endif
