/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * instance_kernel: what the kernel tells, as inputs of a node: the underlay's address and link, and routes.
 *
 * A route through the tunnel's own device has a next hop on the tunnel; any other leads to the host side, so
 * that this node is the egress for its prefix (DRAFT section 4.4). Those through the underlay device are left
 * out unless the configuration wants them: with them, a host with a default route would be the egress for the
 * whole Internet.
 */
#include "drivers/live/instance.h"

#include <string.h>

static void report_link(struct instance *in, struct instant now, bool up, struct addr nbma)
{
    char text[ADDR_TEXT_MAX], error[LIVE_ERROR_MAX];
    bool moved = !addr_is_none(nbma) && !addr_equal(nbma, in->config.node.tunnel.nbma);
    if (!moved && up == in->link_up)
        return;
    in->link_up = up;
    if (moved)
        in->config.node.tunnel.nbma = nbma;
    log_line(LOG_INFO, in->config.name, "the underlay is %s, at %s", up ? "up" : "down",
             addr_format(in->config.node.tunnel.nbma, text));
    if (!in->node) {
        if (!instance_start(in, now, error))
            log_line(LOG_ERROR, NULL, "%s", error);
        return;
    }
    struct node_input input = {.kind = INPUT_LINK, .link = {.up = up, .nbma = nbma}};
    instance_input(in, now, &input);
}

static bool is_link_local(struct addr a)
{
    return a.family == ADDR_IPV6 && a.bytes[0] == 0xfe && (a.bytes[1] & 0xc0) == 0x80;
}

static enum addr_family wanted_family(const struct instance *in)
{
    const struct node_config *c = &in->config.node;
    if (!addr_is_none(c->tunnel.nbma))
        return c->tunnel.nbma.family;
    return c->nhs_count > 0 ? c->nhs[0].nbma.family : ADDR_IPV4;
}

static void take_address(struct instance *in, struct instant now, const struct kernel_change *change)
{
    bool followed = in->config.nbma_device[0] != '\0';
    bool added = change->kind == KERNEL_ADDRESS_ADDED;
    bool ours = addr_equal(change->address, in->config.node.tunnel.nbma);
    if (!followed) {
        if (ours && added)
            in->underlay_device = change->device;
        return;
    }
    if (change->device != in->underlay_device || change->address.family != wanted_family(in) ||
        is_link_local(change->address))
        return;
    if (added && (!in->node || !in->link_up))
        report_link(in, now, true, change->address);
    else if (added && !ours) /* renumbered: the new address comes before the old one goes, or after it */
        report_link(in, now, true, change->address);
    else if (!added && ours)
        report_link(in, now, false, (struct addr){0});
}

static void take_link(struct instance *in, struct instant now, const struct kernel_change *change)
{
    if (in->config.nbma_device[0] != '\0' && strcmp(change->name, in->config.nbma_device) == 0)
        in->underlay_device = change->device;
    if (in->underlay_device != 0 && change->device == in->underlay_device && in->node)
        report_link(in, now, change->up, (struct addr){0});
}

void instance_take_change(struct instance *in, struct instant now, const struct kernel_change *change)
{
    switch (change->kind) {
    case KERNEL_LINK:
        take_link(in, now, change);
        break;
    case KERNEL_LINK_GONE:
        if (change->device == in->underlay_device && change->device != 0) {
            in->underlay_device = 0;
            report_link(in, now, false, (struct addr){0});
        }
        break;
    case KERNEL_ADDRESS_ADDED:
    case KERNEL_ADDRESS_REMOVED:
        take_address(in, now, change);
        break;
    default:
        break;
    }
}

/* A route that the configuration has, too, is the configuration's. */
static bool is_configured(const struct instance *in, struct prefix prefix)
{
    const struct node_config *c = &in->config.node;
    if (prefix_equal(prefix, prefix_of(c->protocol, c->protocol_len)))
        return true;
    for (size_t i = 0; i < c->route_count; i++)
        if (prefix_equal(prefix, c->routes[i].prefix))
            return true;
    return false;
}

void instance_take_route(struct instance *in, struct instant now, const struct mirror_route *route)
{
    const struct node_config *c = &in->config.node;
    struct node_input input = {.kind = INPUT_ROUTE,
                               .route = {.add = route->present, .prefix = route->prefix}};
    if (route->prefix.addr.family != c->protocol.family || is_configured(in, route->prefix))
        return;
    if (route->present && route->device == in->device) {
        /* Without a next hop it is for the server in use to forward: the unspecified address. */
        input.route.via =
            !addr_is_none(route->via) ? route->via : (struct addr){.family = c->protocol.family};
        input.route.add = input.route.via.family == c->protocol.family;
    } else if (route->present && route->device == in->underlay_device && !in->services->mirror_underlay)
        input.route.add = false;
    instance_input(in, now, &input);
}
