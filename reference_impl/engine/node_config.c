/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/node_config.h"

#include <stdlib.h>
#include <string.h>

/* What a 0 in the configuration stands for. */
#define DEFAULT_HOP_COUNT    255 /* as Cisco sends (DEFACTO) */
#define DEFAULT_TTL          255
#define DEFAULT_HOLD_S       600
#define DEFAULT_MTU          1400 /* octets; leaves room for GRE and ESP on a 1500-octet path */
#define DEFAULT_MAX_BINDINGS 65536
#define DEFAULT_MAX_REQUESTS 1024
#define DEFAULT_MAX_ROUTES   65536
#define DEFAULT_MAX_TOLD     8192
#define DEFAULT_ERRORS_PER_S 10
#define MTU_MIN              256 /* octets: the largest request or reply of our own fits */
#define REGISTERED_MAX       8   /* addresses beside the own one: they share a message of MTU_MIN... */
#define MTU_REGISTERED       576 /* ...or this, if there are any */

static const char *addresses_fault(const struct node_config *c)
{
    const struct tunnel_config *t = &c->tunnel;
    if (addr_is_unspecified(c->protocol) || addr_is_multicast(c->protocol))
        return "the tunnel needs a protocol address";
    if (addr_is_unspecified(t->nbma) || addr_is_multicast(t->nbma))
        return "the tunnel needs an NBMA address";
    if (c->protocol_len > addr_bits(c->protocol))
        return "the tunnel subnet's prefix is longer than its address";
    if (t->mode == TUNNEL_POINT_TO_POINT &&
        (t->destination.family != t->nbma.family || addr_is_unspecified(t->destination)))
        return "a point-to-point tunnel needs a destination of the same family as its source";
    if (t->mtu != 0 && t->mtu < MTU_MIN)
        return "the tunnel's MTU is below 256 octets";
    return NULL;
}

static const char *servers_fault(const struct node_config *c)
{
    const struct tunnel_config *t = &c->tunnel;
    for (size_t i = 0; i < c->nhs_count; i++) {
        const struct addr *protocol = &c->nhs[i].protocol;
        if ((!addr_is_none(*protocol) && protocol->family != c->protocol.family) ||
            c->nhs[i].nbma.family != t->nbma.family)
            return "a next hop server's addresses are of other families than the tunnel's";
        if (t->mode == TUNNEL_POINT_TO_POINT && !addr_equal(c->nhs[i].nbma, t->destination))
            return "the next hop server of a point-to-point tunnel is not its other end";
    }
    return NULL;
}

static const char *registered_fault(const struct node_config *c)
{
    if (c->registered_count > 0 && c->unique)
        return "a unique registration is of one address: it cannot have further ones";
    if (c->registered_count > REGISTERED_MAX)
        return "more than 8 further addresses are to be registered";
    if (c->registered_count > 0 && c->tunnel.mtu != 0 && c->tunnel.mtu < MTU_REGISTERED)
        return "registering further addresses needs a tunnel MTU of at least 576 octets";
    for (size_t i = 0; i < c->registered_count; i++) {
        const struct registered_address *r = &c->registered[i];
        if (r->protocol.family != c->protocol.family || addr_is_unspecified(r->protocol))
            return "an address to be registered is of another family than the tunnel's";
        if (r->prefix_len == 0 || r->prefix_len > addr_bits(r->protocol))
            return "an address to be registered has a prefix length that is 0 or longer than it";
    }
    return NULL;
}

static const char *authentication_fault(const struct node_config *c)
{
    if (!memchr(c->password, 0, sizeof c->password))
        return "the password is longer than 8 octets";
    if (c->password[0] && c->hash_key_count > 0)
        return "cleartext and keyed hash authentication exclude each other";
    for (size_t i = 0; i < c->hash_key_count; i++) {
        const struct hash_key_config *key = &c->hash_keys[i];
        if (key->key_len == 0 || key->key_len > HASH_KEY_MAX)
            return "a key of the keyed hash has no octets, or more than 64";
        if (!addr_is_none(key->source) && key->source.family != c->protocol.family)
            return "a key of the keyed hash is for an address of another family than the tunnel's";
    }
    return NULL;
}

static const char *routes_fault(const struct node_config *c)
{
    for (size_t i = 0; i < c->route_count; i++)
        if (!addr_is_none(c->routes[i].via) && c->routes[i].via.family != c->routes[i].prefix.addr.family)
            return "a route's next hop is of another family than its prefix";
    if (c->routing.rip != RIP_MODE_OFF && c->protocol.family != ADDR_IPV4)
        return "RIPv2 carries IPv4 routes only";
    if (c->routing.rip == RIP_MODE_SUMMARY && c->routing.summary_count == 0)
        return "RIPv2 with summaries has none to announce";
    for (size_t i = 0; i < c->routing.summary_count; i++)
        if (c->routing.summaries[i].addr.family != ADDR_IPV4)
            return "RIPv2 carries IPv4 routes only";
    return NULL;
}

const char *node_config_fault(const struct node_config *config)
{
    static const char *(*const checks[])(const struct node_config *) = {
        addresses_fault, servers_fault, registered_fault, authentication_fault, routes_fault,
    };
    const char *fault = NULL;
    for (size_t i = 0; i < sizeof checks / sizeof *checks && !fault; i++)
        fault = checks[i](config);
    return fault;
}

static void fill_defaults(struct node_config *c)
{
    if (c->hop_count == 0)
        c->hop_count = DEFAULT_HOP_COUNT;
    if (c->tunnel.ttl == 0)
        c->tunnel.ttl = DEFAULT_TTL;
    if (c->hold_s == 0)
        c->hold_s = DEFAULT_HOLD_S;
    if (c->tunnel.mtu == 0)
        c->tunnel.mtu = DEFAULT_MTU;
    if (c->max_bindings == 0)
        c->max_bindings = DEFAULT_MAX_BINDINGS;
    if (c->max_requests == 0)
        c->max_requests = DEFAULT_MAX_REQUESTS;
    if (c->max_routes == 0)
        c->max_routes = DEFAULT_MAX_ROUTES;
    if (c->max_told == 0)
        c->max_told = DEFAULT_MAX_TOLD;
    if (c->limits.errors_per_s == 0)
        c->limits.errors_per_s = DEFAULT_ERRORS_PER_S;
}

/* Move a list to *at, and *at behind it. All lists' members are aligned like uint32_t at most. */
static const void *take(unsigned char **at, const void *list, size_t count, size_t size)
{
    void *here = *at;
    if (count > 0)
        memcpy(here, list, count * size);
    *at += (count * size + 3) / 4 * 4;
    return here;
}

void *node_config_copy(struct node_config *copy, const struct node_config *config)
{
    *copy = *config;
    fill_defaults(copy);
    copy->routes = NULL;
    copy->route_count = 0;
    copy->nhs = NULL; /* their number is still wanted */
    copy->ipsec.associations = NULL;
    copy->ipsec.association_count = 0;
    size_t prefixes =
        config->admission.protocol_count + config->admission.nbma_count + config->routing.summary_count;
    size_t size = config->hash_key_count * sizeof *config->hash_keys +
                  config->registered_count * sizeof *config->registered + prefixes * sizeof(struct prefix) +
                  32;
    unsigned char *room = calloc(1, size), *at = room;
    if (!room)
        return NULL;
    copy->hash_keys = take(&at, config->hash_keys, config->hash_key_count, sizeof *config->hash_keys);
    copy->registered = take(&at, config->registered, config->registered_count, sizeof *config->registered);
    copy->admission.protocols =
        take(&at, config->admission.protocols, config->admission.protocol_count, sizeof(struct prefix));
    copy->admission.nbmas =
        take(&at, config->admission.nbmas, config->admission.nbma_count, sizeof(struct prefix));
    copy->routing.summaries =
        take(&at, config->routing.summaries, config->routing.summary_count, sizeof(struct prefix));
    return room;
}
