/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/registration_client.h"

#include "engine/compose.h"
#include "engine/extensions.h"
#include "engine/nat.h"
#include "engine/timers.h"

enum event { EVENT_START, EVENT_STOP, EVENT_TIMER, EVENT_ACK, EVENT_NAK };

/* One CIE with no client addresses of its own: those of the common header count (§5.2.3). */
static void send_request(struct node *node, struct next_hop_server *nhs, enum send_reason reason)
{
    const struct node_config *config = &node->config;
    struct nhrp_message message = compose_message(node, NHRP_REGISTRATION_REQUEST, &nhs->config.protocol);
    message.registration = (struct nhrp_registration_flags){.unique = config->unique, .nat = true};
    message.request_id = nhs->request_id;

    uint8_t cies[NHRP_CIE_FIXED_LEN], extensions[256];
    struct writer w = writer_of(cies, sizeof cies);
    nhrp_cie_write(&w,
                   &(struct nhrp_cie){
                       /* 0xff if, and only if, the binding is to be unique (§5.2.3) */
                       .prefix_len = config->unique ? NHRP_PREFIX_HOST : (uint8_t)addr_bits(config->protocol),
                       .mtu = config->tunnel.mtu,
                       .hold_s = config->hold_s,
                   });
    writer_done(&w, &message.cies);
    struct nhrp_cie server = {
        .prefix_len = (uint8_t)addr_bits(nhs->config.protocol),
        .mtu = config->tunnel.mtu,
        .nbma = addr_span(&nhs->config.nbma),
        .protocol = addr_span(&nhs->config.protocol),
    };
    w = writer_of(extensions, sizeof extensions);
    extensions_write_request(node, NHRP_REGISTRATION_REQUEST, &server, &w);
    writer_done(&w, &message.extensions);
    nhs->attempts++;
    compose_send(node, &message, nhs->config.nbma, reason);
}

static unsigned refresh_s(const struct next_hop_server *nhs)
{
    unsigned third_s = nhs->hold_s / HOLD_REFRESH_PARTS;
    return third_s > 0 ? third_s : 1;
}

/* A third of the holding time also bounds the wait between retries, so that an outage cannot outlast it
 * unnoticed. */
static unsigned retry_s(const struct next_hop_server *nhs)
{
    unsigned max_s = refresh_s(nhs);
    return timers_retry_s(nhs->attempts, max_s < REGISTRATION_RETRY_MAX_S ? max_s : REGISTRATION_RETRY_MAX_S);
}

static void arm_s(struct node *node, struct next_hop_server *nhs, unsigned wait_s)
{
    timers_arm(node, &nhs->timer, TIMER_REGISTRATION, instant_after_s(node->now, wait_s));
}

static struct about about_server(const struct next_hop_server *nhs, uint32_t number)
{
    return (struct about){nhs->config.protocol, nhs->config.nbma, number};
}

/* The one place where the state changes. */
static void enter(struct node *node, struct next_hop_server *nhs, enum registration_state state)
{
    bool was_registered = nhs->state == REGISTRATION_REGISTERED || nhs->state == REGISTRATION_REFRESHING;
    bool is_registered = state == REGISTRATION_REGISTERED || state == REGISTRATION_REFRESHING;
    nhs->state = state;
    if (is_registered && !was_registered)
        node_trace(node, TRACE_REGISTERED, about_server(nhs, nhs->hold_s));
    if (!is_registered && was_registered)
        node_trace(node, TRACE_REGISTRATION_LOST, about_server(nhs, 0));
}

static void ask(struct node *node, struct next_hop_server *nhs, enum send_reason reason)
{
    nhs->request_id = compose_request_id(node);
    nhs->attempts = 0;
    send_request(node, nhs, reason);
    arm_s(node, nhs, retry_s(nhs));
}

static void ask_again(struct node *node, struct next_hop_server *nhs)
{
    send_request(node, nhs, SEND_REGISTRATION_RETRY);
    arm_s(node, nhs, retry_s(nhs));
}

/*
 *              START          TIMER                          ACK            NAK            STOP
 * idle         ask: asking    -                              -              -              -
 * asking       ask: asking    repeat: asking                 registered     refused        idle
 * registered   ask: asking    renew: refreshing              -              -              idle
 * refreshing   ask: asking    repeat: refreshing, or asking  registered     refused        idle
 *                             when the binding has expired
 * refused      ask: asking    ask: asking                    -              -              idle
 */
static void registration_step(struct node *node, struct next_hop_server *nhs, enum event event)
{
    bool asked = nhs->state == REGISTRATION_ASKING || nhs->state == REGISTRATION_REFRESHING;
    switch (event) {
    case EVENT_START:
        enter(node, nhs, REGISTRATION_ASKING);
        ask(node, nhs, SEND_REGISTRATION);
        break;
    case EVENT_STOP:
        enter(node, nhs, REGISTRATION_IDLE);
        wheel_disarm(&node->wheel, &nhs->timer);
        break;
    case EVENT_TIMER:
        if (nhs->state == REGISTRATION_REGISTERED) {
            enter(node, nhs, REGISTRATION_REFRESHING);
            ask(node, nhs, SEND_REGISTRATION_REFRESH);
        } else if (nhs->state == REGISTRATION_REFUSED) {
            enter(node, nhs, REGISTRATION_ASKING);
            ask(node, nhs, SEND_REGISTRATION);
        } else if (asked) {
            if (instant_reached(node->now, nhs->registered_until))
                enter(node, nhs, REGISTRATION_ASKING);
            ask_again(node, nhs);
        }
        break;
    case EVENT_ACK:
        if (asked) {
            nhs->registered_until = instant_after_s(node->now, nhs->hold_s);
            enter(node, nhs, REGISTRATION_REGISTERED);
            arm_s(node, nhs, refresh_s(nhs));
        }
        break;
    case EVENT_NAK:
        if (asked) {
            enter(node, nhs, REGISTRATION_REFUSED);
            arm_s(node, nhs, refresh_s(nhs));
        }
        break;
    }
}

void registration_client_start(struct node *node)
{
    for (size_t i = 0; i < node->config.nhs_count; i++) {
        node->nhs[i].hold_s = node->config.hold_s;
        registration_step(node, &node->nhs[i], EVENT_START);
    }
}

void registration_client_stop(struct node *node)
{
    for (size_t i = 0; i < node->config.nhs_count; i++)
        registration_step(node, &node->nhs[i], EVENT_STOP);
}

void registration_client_timer(struct node *node, struct next_hop_server *nhs)
{
    registration_step(node, nhs, EVENT_TIMER);
}

static struct next_hop_server *find_request(struct node *node, uint32_t request_id)
{
    for (size_t i = 0; i < node->config.nhs_count; i++)
        if (node->nhs[i].attempts > 0 && node->nhs[i].request_id == request_id)
            return &node->nhs[i];
    return NULL;
}

/* A server may grant less than was asked for, never more. */
static uint16_t granted_s(const struct node *node, const struct nhrp_cie *cie)
{
    bool less = cie->hold_s > 0 && cie->hold_s < node->config.hold_s;
    return less ? cie->hold_s : node->config.hold_s;
}

void registration_client_reply(struct node *node, const struct received *received)
{
    const struct nhrp_message *message = &received->message;
    struct about about = {received->source_protocol, received->from, message->request_id};
    struct next_hop_server *nhs = find_request(node, message->request_id);
    struct span cies = message->cies;
    struct nhrp_cie cie;
    if (!nhs || !nhrp_cie_next(&cies, &cie)) {
        node_drop(node, DROP_UNSOLICITED, about);
        return;
    }
    if (nhs->state != REGISTRATION_ASKING && nhs->state != REGISTRATION_REFRESHING) {
        node_drop(node, DROP_DUPLICATE, about);
        return;
    }
    if (cie.code != NHRP_CIE_OK) {
        node_trace(node, TRACE_REGISTRATION_FAILED, about_server(nhs, cie.code));
        registration_step(node, nhs, EVENT_NAK);
        return;
    }
    nhs->hold_s = granted_s(node, &cie);
    nhs->seen_nbma = nat_address_of(message, node->config.protocol);
    registration_step(node, nhs, EVENT_ACK);
}

void registration_client_error(struct node *node, const struct nhrp_message *request, uint16_t code)
{
    const struct next_hop_server *nhs = find_request(node, request->request_id);
    if (nhs)
        node_trace(node, TRACE_REGISTRATION_FAILED, about_server(nhs, code));
}

struct addr registration_client_server(const struct node *node)
{
    const struct next_hop_server *chosen = node->config.nhs_count > 0 ? &node->nhs[0] : NULL;
    for (size_t i = node->config.nhs_count; i-- > 0;) {
        enum registration_state state = node->nhs[i].state;
        if (state == REGISTRATION_REGISTERED || state == REGISTRATION_REFRESHING)
            chosen = &node->nhs[i];
    }
    return chosen ? chosen->config.nbma : (struct addr){0};
}
