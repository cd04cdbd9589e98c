/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rip_fixture: RIP routers on one tunnel in virtual time: a hub and its spokes. What a spoke says to the
 * group, the hub hears; what the hub says, every spoke hears; the rest goes to whom it is addressed.
 */
#ifndef DMVPNKIT_TESTS_ENGINE_RIP_FIXTURE_H
#define DMVPNKIT_TESTS_ENGINE_RIP_FIXTURE_H

#include <check.h>
#include <string.h>

#include "engine/rip.h"

#define NET_ROUTERS_MAX 4
#define NET_FIB_MAX     64
#define HUB             0

/* What a router's owner was told to use. */
struct fib_entry {
    struct prefix prefix;
    struct addr via;
    uint8_t metric;
};

struct router {
    struct rip *rip;
    struct addr address;
    bool cut_off; /* hears nothing and is not heard */
    struct fib_entry fib[NET_FIB_MAX];
    size_t fib_count;
    size_t sent[4]; /* packets, by enum rip_send */
    struct instant sent_at[4];
};

struct net {
    struct instant now;
    struct router routers[NET_ROUTERS_MAX];
    size_t count;
};

static inline struct addr net_address(size_t router)
{
    return addr_ipv4(10, 0, 0, router == HUB ? 1 : (uint8_t)(10 + router));
}

/* Spoke n's own network, 10.n.0.0/16. */
static inline struct prefix net_lan(size_t router)
{
    return prefix_of(addr_ipv4(10, (uint8_t)router, 0, 0), 16);
}

static inline struct rip_settings net_settings(size_t router)
{
    return (struct rip_settings){.address = net_address(router), .subnet_len = 24};
}

static inline void net_add(struct net *net, struct rip_settings settings)
{
    const char *why = "";
    struct router *router = &net->routers[net->count++];
    router->address = settings.address;
    router->rip = rip_create(&settings, 1000 + net->count, &why);
    ck_assert_msg(router->rip != NULL, "%s", why);
}

static inline void net_free(struct net *net)
{
    for (size_t i = 0; i < net->count; i++)
        rip_free(net->routers[i].rip);
}

static inline struct fib_entry *fib_find(struct router *router, struct prefix prefix)
{
    for (size_t i = 0; i < router->fib_count; i++)
        if (prefix_equal(router->fib[i].prefix, prefix))
            return &router->fib[i];
    return NULL;
}

static inline void fib_change(struct router *router, const struct rip_output *out)
{
    struct fib_entry *entry = fib_find(router, out->route.prefix);
    if (!out->route.install) {
        ck_assert_msg(entry != NULL, "withdrawn without having been installed");
        *entry = router->fib[--router->fib_count];
        return;
    }
    if (!entry) {
        ck_assert_uint_lt(router->fib_count, NET_FIB_MAX);
        entry = &router->fib[router->fib_count++];
    }
    *entry = (struct fib_entry){out->route.prefix, out->route.via, out->route.metric};
}

static void net_input(struct net *net, size_t index, const struct rip_input *input);

static inline void net_carry(struct net *net, size_t from, struct span packet, struct addr to)
{
    bool to_group = addr_is_multicast(to);
    for (size_t i = 0; i < net->count; i++) {
        bool hears = to_group ? (from == HUB) != (i == HUB) : addr_equal(net->routers[i].address, to);
        if (i == from || !hears || net->routers[i].cut_off || net->routers[from].cut_off)
            continue;
        struct rip_input input = {.kind = RIP_INPUT_PACKET, .packet = packet};
        net_input(net, i, &input);
    }
}

static inline void net_input(struct net *net, size_t index, const struct rip_input *input)
{
    struct router *router = &net->routers[index];
    struct rip_output out;
    rip_input(router->rip, net->now, input);
    while (rip_output(router->rip, &out)) {
        uint8_t copy[1024];
        switch (out.kind) {
        case RIP_OUTPUT_SEND:
            router->sent[out.send.reason]++;
            router->sent_at[out.send.reason] = net->now;
            memcpy(copy, out.send.packet.data, out.send.packet.len);
            net_carry(net, index, span_of(copy, out.send.packet.len), out.send.destination);
            break;
        case RIP_OUTPUT_ROUTE:
            fib_change(router, &out);
            break;
        case RIP_OUTPUT_IGNORED:
            break;
        }
    }
}

/* Let time pass, timer by timer. */
static inline void net_run(struct net *net, int64_t s)
{
    struct instant end = instant_after_s(net->now, s);
    for (;;) {
        size_t next = 0;
        for (size_t i = 1; i < net->count; i++)
            if (instant_before(rip_deadline(net->routers[i].rip), rip_deadline(net->routers[next].rip)))
                next = i;
        struct instant deadline = rip_deadline(net->routers[next].rip);
        if (instant_before(end, deadline))
            break;
        ck_assert_msg(!instant_before(deadline, net->now), "a deadline in the past");
        net->now = deadline;
        net_input(net, next, &(struct rip_input){.kind = RIP_INPUT_TIME});
    }
    net->now = end;
}

static inline void net_link(struct net *net, size_t router, bool up)
{
    net_input(net, router, &(struct rip_input){.kind = RIP_INPUT_LINK, .link_up = up});
}

static inline void net_local(struct net *net, size_t router, bool add, struct prefix prefix)
{
    net_input(net, router,
              &(struct rip_input){.kind = RIP_INPUT_LOCAL, .local = {.add = add, .prefix = prefix}});
}

/* A hub of this configuration and two spokes with a network each, all up. */
static inline void net_build(struct net *net, struct rip_settings hub)
{
    *net = (struct net){0};
    net_add(net, hub);
    for (size_t i = 1; i <= 2; i++) {
        net_add(net, net_settings(i));
        net_local(net, i, true, net_lan(i));
    }
    for (size_t i = 0; i < net->count; i++)
        net_link(net, i, true);
}

/* The route of a router, or the reason to fail: who, to where, and by whom. */
static inline void require_route(struct net *net, size_t router, struct prefix prefix, struct addr via,
                                 uint8_t metric)
{
    char text[PREFIX_TEXT_MAX], got[ADDR_TEXT_MAX];
    struct fib_entry *entry = fib_find(&net->routers[router], prefix);
    ck_assert_msg(entry != NULL, "router %zu has no route to %s", router, prefix_format(prefix, text));
    ck_assert_msg(addr_equal(entry->via, via), "router %zu reaches %s by %s", router,
                  prefix_format(prefix, text), addr_format(entry->via, got));
    ck_assert_uint_eq(entry->metric, metric);
}

static inline void require_no_route(struct net *net, size_t router, struct prefix prefix)
{
    char text[PREFIX_TEXT_MAX];
    ck_assert_msg(!fib_find(&net->routers[router], prefix), "router %zu has a route to %s", router,
                  prefix_format(prefix, text));
}

#endif
