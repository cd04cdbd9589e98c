/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/registration_client.h"

#include "codec/nhrp_ext.h"
#include "engine/bindings.h"
#include "engine/compose.h"
#include "engine/extensions.h"
#include "engine/nat.h"
#include "engine/purge.h"
#include "engine/routing.h"
#include "engine/timers.h"

enum event { EVENT_START, EVENT_STOP, EVENT_STAND_BY, EVENT_TIMER, EVENT_ACK, EVENT_NAK };

/* A server that leaves so many requests in a row unanswered is given up for the next one. */
#define FAILOVER_ATTEMPTS 4
#define CIES_ROOM         1024 /* octets: the addresses of one registration */

/*
 * Alone, the CIE for this node has no client addresses of its own: those of the common header count (§5.2.3).
 * Beside others it names itself as they do.
 */
static void write_cies(const struct node *node, struct writer *w)
{
    const struct node_config *config = &node->config;
    struct nhrp_cie own = {.mtu = config->tunnel.mtu, .hold_s = config->hold_s};
    if (config->registered_count > 0)
        own = compose_own_cie(node);
    /* 0xff if, and only if, the binding is to be unique (§5.2.3) */
    own.prefix_len = config->unique ? NHRP_PREFIX_HOST : (uint8_t)addr_bits(config->protocol);
    nhrp_cie_write(w, &own);
    for (size_t i = 0; i < config->registered_count; i++) {
        struct nhrp_cie more = compose_own_cie(node);
        more.protocol = addr_span(&config->registered[i].protocol);
        more.prefix_len = config->registered[i].prefix_len;
        more.preference = config->registered[i].preference;
        nhrp_cie_write(w, &more);
    }
}

static void send_request(struct node *node, struct next_hop_server *nhs, enum send_reason reason)
{
    const struct node_config *config = &node->config;
    bool configured =
        !addr_is_none(nhs->config.protocol); /* else the destination is the client's own (§5.2.3) */
    struct nhrp_message message = compose_message(node, NHRP_REGISTRATION_REQUEST,
                                                  configured ? &nhs->config.protocol : &config->protocol);
    message.registration = (struct nhrp_registration_flags){.unique = config->unique, .nat = true};
    message.request_id = nhs->request_id;

    uint8_t cies[CIES_ROOM], extensions[256];
    struct writer w = writer_of(cies, sizeof cies);
    write_cies(node, &w);
    writer_done(&w, &message.cies); /* node_create() has seen to the room */
    struct addr protocol =
        configured ? nhs->config.protocol : (struct addr){.family = config->protocol.family};
    struct nhrp_cie server = {
        .prefix_len = (uint8_t)addr_bits(protocol),
        .mtu = config->tunnel.mtu,
        .nbma = addr_span(&nhs->config.nbma),
        .protocol = addr_span(&protocol),
    };
    w = writer_of(extensions, sizeof extensions);
    extensions_write_request(node, NHRP_REGISTRATION_REQUEST, &server, &w);
    writer_done(&w, &message.extensions);
    nhs->attempts++;
    compose_send(node, &message, (struct endpoint){.nbma = nhs->config.nbma}, reason);
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
    return (struct about){nhs->protocol, nhs->config.nbma, number};
}

static bool is_registered(const struct next_hop_server *nhs)
{
    return nhs->state == REGISTRATION_REGISTERED || nhs->state == REGISTRATION_REFRESHING;
}

/* Registered, and not silent for long. */
static bool is_answering(const struct next_hop_server *nhs)
{
    return nhs->state == REGISTRATION_REGISTERED ||
           (nhs->state == REGISTRATION_REFRESHING && nhs->attempts < FAILOVER_ATTEMPTS);
}

/* The one place where the state changes. */
static void enter(struct node *node, struct next_hop_server *nhs, enum registration_state state)
{
    bool was_registered = is_registered(nhs);
    nhs->state = state;
    if (is_registered(nhs) && !was_registered)
        node_trace(node, TRACE_REGISTERED, about_server(nhs, nhs->hold_s));
    if (!is_registered(nhs) && was_registered)
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
 * How long a refusal is taken as it is (§5.2.4). 4, prohibited: nothing will change soon, so a holding time.
 * 5, no resources: soon again, and ever later, like a request that got lost. 14, and whatever else a server
 * may say: the binding in the way ends by itself, so when ours would have been renewed.
 */
static unsigned refused_s(const struct next_hop_server *nhs)
{
    switch (nhs->refused_code) {
    case NHRP_CIE_PROHIBITED:
        return nhs->hold_s > 0 ? nhs->hold_s : 1;
    case NHRP_CIE_NO_RESOURCES:
        return timers_retry_s(nhs->refusals, REGISTRATION_RETRY_MAX_S);
    default:
        return refresh_s(nhs);
    }
}

/*
 *              START        TIMER                         ACK         NAK      STOP  STAND_BY
 * idle         ask: asking  -                             -           -        -     standby
 * asking       ask: asking  repeat: asking                registered  refused  idle  standby
 * registered   ask: asking  renew: refreshing             -           -        idle  purge: standby
 * refreshing   ask: asking  repeat: refreshing, or asking registered  refused  idle  purge: standby
 *                           when the binding has expired
 * refused      ask: asking  ask: asking                   -           -        idle  standby
 * standby      ask: asking  -                             -           -        idle  -
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
    case EVENT_STAND_BY:
        if (is_registered(nhs))
            purge_own_registration(node, nhs);
        enter(node, nhs, REGISTRATION_STANDBY);
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
            nhs->refusals = nhs->refused_code = 0;
            nhs->registered_until = instant_after_s(node->now, nhs->hold_s);
            enter(node, nhs, REGISTRATION_REGISTERED);
            arm_s(node, nhs, refresh_s(nhs));
        }
        break;
    case EVENT_NAK:
        if (asked) {
            nhs->refusals++;
            enter(node, nhs, REGISTRATION_REFUSED);
            arm_s(node, nhs, refused_s(nhs));
        }
        break;
    }
}

/* ---- several servers ---- */

/*
 * With nhs_max: the best that answer, and those better ones that might come back, are asked; as soon as there
 * are enough the others stand by. One that has just been asked gets the benefit of the doubt.
 */
static void choose_servers(struct node *node)
{
    size_t wanted = node->config.nhs_max;
    if (wanted == 0)
        return;
    for (size_t i = 0; i < node->config.nhs_count; i++) {
        struct next_hop_server *nhs = &node->nhs[i];
        if (wanted == 0) {
            if (nhs->state != REGISTRATION_STANDBY)
                registration_step(node, nhs, EVENT_STAND_BY);
            continue;
        }
        if (nhs->state == REGISTRATION_STANDBY || nhs->state == REGISTRATION_IDLE)
            registration_step(node, nhs, EVENT_START);
        bool hopeful = nhs->state == REGISTRATION_ASKING && nhs->attempts < FAILOVER_ATTEMPTS;
        if (is_answering(nhs) || hopeful)
            wanted--;
    }
}

const struct next_hop_server *registration_client_in_use(const struct node *node)
{
    const struct next_hop_server *registered = NULL;
    for (size_t i = 0; i < node->config.nhs_count; i++) { /* in the order of their priority */
        if (is_answering(&node->nhs[i]))
            return &node->nhs[i];
        if (!registered && is_registered(&node->nhs[i]))
            registered = &node->nhs[i];
    }
    return registered ? registered : node->config.nhs_count > 0 ? &node->nhs[0] : NULL;
}

/* After every event: who is asked, and who is in use now. */
static void settle(struct node *node)
{
    choose_servers(node);
    const struct next_hop_server *in_use = registration_client_in_use(node);
    if (in_use && node->server_in_use && in_use != node->server_in_use)
        node_trace(node, TRACE_SERVER_IN_USE, about_server(in_use, in_use->config.priority));
    node->server_in_use = in_use;
    routing_link_changed(node);
}

bool registration_client_has_server(const struct node *node)
{
    const struct next_hop_server *in_use = registration_client_in_use(node);
    return in_use && is_registered(in_use);
}

void registration_client_start(struct node *node)
{
    for (size_t i = 0; i < node->config.nhs_count; i++) {
        node->nhs[i].hold_s = node->config.hold_s;
        bool all = node->config.nhs_max == 0;
        if (all || node->nhs[i].state != REGISTRATION_STANDBY)
            registration_step(node, &node->nhs[i], all ? EVENT_START : EVENT_STOP);
    }
    settle(node);
}

void registration_client_stop(struct node *node)
{
    for (size_t i = 0; i < node->config.nhs_count; i++)
        registration_step(node, &node->nhs[i], EVENT_STOP);
}

void registration_client_timer(struct node *node, struct next_hop_server *nhs)
{
    registration_step(node, nhs, EVENT_TIMER);
    settle(node);
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

/* The entries behind the first are further addresses; one that is refused does not take the others along. */
static void report_refused(struct node *node, const struct next_hop_server *nhs, struct span further)
{
    struct nhrp_cie cie;
    while (nhrp_cie_next(&further, &cie))
        if (cie.code != NHRP_CIE_OK)
            node_trace(node, TRACE_REGISTRATION_FAILED,
                       (struct about){addr_from_span(cie.protocol), nhs->config.nbma, cie.code});
}

/* ---- where a server is ---- */

static struct binding_facts server_facts(const struct next_hop_server *nhs)
{
    return (struct binding_facts){
        .origin = BINDING_STATIC,
        .prefix = prefix_of(nhs->protocol, addr_bits(nhs->protocol)),
        .protocol = nhs->protocol,
        .nbma = nhs->config.nbma,
        .claimed_nbma = nhs->config.nbma,
    };
}

bool registration_client_bind(struct node *node)
{
    for (size_t i = 0; i < node->config.nhs_count; i++) {
        struct next_hop_server *nhs = &node->nhs[i];
        nhs->protocol = nhs->config.protocol;
        struct binding_facts facts = server_facts(nhs);
        if (!addr_is_none(nhs->protocol) && !bindings_put(node, &facts))
            return false;
    }
    return true;
}

/* Another server of ours may have the same address. */
static void unbind(struct node *node, const struct next_hop_server *nhs)
{
    struct binding_facts facts = server_facts(nhs);
    for (struct binding *next, *b = cache_find(&node->cache, facts.prefix); b; b = next) {
        next = cache_same(b);
        if (b->origin == BINDING_STATIC && addr_equal(b->nbma, facts.nbma))
            bindings_remove(node, b, TRACE_BINDING_PURGED);
    }
}

/* The destination, if the server put its own address there (DEFACTO), or the responder's (§5.3.1). */
static struct addr server_named_by(const struct node *node, const struct received *received)
{
    struct nhrp_ext ext;
    struct nhrp_cie cie;
    struct addr named = received->destination_protocol;
    if (node_owns(node, named) &&
        nhrp_ext_find(received->message.extensions, NHRP_EXT_RESPONDER_ADDRESS, &ext) &&
        nhrp_cie_next(&ext.value, &cie))
        named = addr_from_span(cie.protocol);
    bool possible = named.family == node->config.protocol.family && !addr_is_unspecified(named) &&
                    !addr_is_multicast(named) && !node_owns(node, named);
    return possible ? named : (struct addr){0};
}

/* A server that was not configured by its protocol address has told it. */
static void learn_server(struct node *node, struct next_hop_server *nhs, const struct received *received)
{
    struct addr named = server_named_by(node, received);
    if (!addr_is_none(nhs->config.protocol) || addr_is_none(named) || addr_equal(named, nhs->protocol))
        return;
    if (!addr_is_none(nhs->protocol))
        unbind(node, nhs);
    nhs->protocol = named;
    struct binding_facts facts = server_facts(nhs);
    bindings_put(node, &facts);
}

void registration_client_reply(struct node *node, const struct received *received)
{
    const struct nhrp_message *message = &received->message;
    struct about about = {received->source_protocol, received->from.nbma, message->request_id};
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
        nhs->refused_code = cie.code;
        registration_step(node, nhs, EVENT_NAK);
        settle(node);
        return;
    }
    report_refused(node, nhs, cies);
    learn_server(node, nhs, received);
    nhs->hold_s = granted_s(node, &cie);
    nhs->seen_nbma = nat_address_of(message, node->config.protocol);
    registration_step(node, nhs, EVENT_ACK);
    settle(node);
}

void registration_client_error(struct node *node, const struct nhrp_message *request, uint16_t code)
{
    const struct next_hop_server *nhs = find_request(node, request->request_id);
    if (nhs)
        node_trace(node, TRACE_REGISTRATION_FAILED, about_server(nhs, code));
}

struct endpoint registration_client_server(const struct node *node)
{
    const struct next_hop_server *in_use = registration_client_in_use(node);
    return (struct endpoint){.nbma = in_use ? in_use->config.nbma : (struct addr){0}};
}

bool registration_client_is_standby(const struct node *node, struct addr nbma)
{
    for (size_t i = 0; i < node->config.nhs_count; i++)
        if (addr_equal(node->nhs[i].config.nbma, nbma))
            return node->nhs[i].state == REGISTRATION_STANDBY;
    return false;
}

const char *registration_state_words(enum registration_state state)
{
    static const char *const words[] = {
        [REGISTRATION_IDLE] = "idle",
        [REGISTRATION_ASKING] = "asking",
        [REGISTRATION_REGISTERED] = "registered",
        [REGISTRATION_REFRESHING] = "refreshing",
        [REGISTRATION_REFUSED] = "refused",
        [REGISTRATION_STANDBY] = "standby",
    };
    return words[state];
}
