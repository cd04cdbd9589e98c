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
#include "engine/wheel.h"

struct node;
struct received;

enum registration_state {
    REGISTRATION_IDLE,       /* not wanted: the link is down, or the node has been stopped */
    REGISTRATION_ASKING,     /* a request is out; the server has no binding of ours that we know of */
    REGISTRATION_REGISTERED, /* acknowledged */
    REGISTRATION_REFRESHING, /* acknowledged, and the renewal is out */
    REGISTRATION_REFUSED,    /* answered with a NAK */
};

struct next_hop_server {
    struct nhs_config config;
    enum registration_state state;
    struct timer timer;
    uint32_t request_id; /* of the last request */
    unsigned attempts;   /* how often it was sent */
    uint16_t hold_s;     /* that the server granted */
    struct instant registered_until;
    struct addr seen_nbma; /* our address as the server sees it, if it is another than ours */
};

/* Begin to register everywhere; give it up. */
void registration_client_start(struct node *node);
void registration_client_stop(struct node *node);
void registration_client_timer(struct node *node, struct next_hop_server *nhs);
void registration_client_reply(struct node *node, const struct received *received);
/* An Error Indication about a registration: it changes nothing, since it cannot be authenticated; it is
 * traced. */
void registration_client_error(struct node *node, const struct nhrp_message *request, uint16_t code);

/*
 * The NBMA address of the server to send requests and unroutable data to: the first that has us registered,
 * else the first; ADDR_NONE if this node has none.
 */
struct addr registration_client_server(const struct node *node);

#endif
