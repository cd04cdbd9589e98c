/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The five calls: configurations that contradict themselves, inputs, and all four combinations of families.
 */
#include "harness.h"
#include "suite.h"

#include <stdio.h>
#include <string.h>

static const char *fault_of(const struct node_config *config)
{
    const char *why = NULL;
    struct node *node = node_create(config, 1, &why);
    ck_assert(!node == !!why);
    node_free(node);
    return why;
}

START_TEST(contradictions_are_named)
{
    struct node_config good = spoke_config(11), config = good;
    ck_assert_ptr_null(fault_of(&good));
    config.protocol = (struct addr){0};
    ck_assert_ptr_nonnull(fault_of(&config));
    config = good;
    config.tunnel.nbma = addr_ipv4(0, 0, 0, 0);
    ck_assert_ptr_nonnull(fault_of(&config));
    config = good;
    config.protocol_len = 33;
    ck_assert_ptr_nonnull(fault_of(&config));
    config = good;
    config.tunnel.mode = TUNNEL_POINT_TO_POINT;
    ck_assert_ptr_nonnull(fault_of(&config));
    config.tunnel.destination = nbma_addr(2); /* not the server */
    ck_assert_ptr_nonnull(fault_of(&config));
    config.tunnel.destination = nbma_addr(1);
    ck_assert_ptr_null(fault_of(&config));
    config = good;
    memset(config.password, 'x', sizeof config.password);
    ck_assert_ptr_nonnull(fault_of(&config));
    config = good;
    config.tunnel.mtu = 100;
    ck_assert_ptr_nonnull(fault_of(&config));
    config = good;
    config.max_routes = 1;
    ck_assert_ptr_nonnull(fault_of(&config));
    config = good;
    struct nhs_config other = {.nbma = nbma_addr(1)};
    ck_assert(addr_parse("2001:db8::1", &other.protocol));
    config.nhs = &other;
    ck_assert_ptr_nonnull(fault_of(&config));
    config = good;
    struct route_config route = {.via = other.protocol};
    ck_assert(prefix_parse("10.0.0.0/8", &route.prefix));
    config.routes = &route;
    config.route_count = 1;
    ck_assert_ptr_nonnull(fault_of(&config));
}
END_TEST

START_TEST(node_is_at_rest_until_its_first_input)
{
    struct node_config config = spoke_config(11);
    struct node *node = node_create(&config, 1, NULL);
    struct node_output out;
    ck_assert(!node_output(node, &out));
    ck_assert_int_eq(node_deadline(node).us, INSTANT_NEVER.us);
    struct node_input input = {.kind = INPUT_TIME};
    node_input(node, (struct instant){.us = 5}, &input);
    ck_assert_int_eq(node_deadline(node).us, 1000005);
    ck_assert(node_output(node, &out));
    node_free(node);
}
END_TEST

START_TEST(routes_can_change)
{
    struct world *world = world_new();
    struct node_config h = hub_config(), s = spoke_config(11);
    int hub = world_add(world, &h);
    world_add(world, &s);
    world_run_s(world, 1);
    world_forget(world);
    struct node_input input = {.kind = INPUT_ROUTE, .route = {.add = true, .via = tunnel_addr(11)}};
    ck_assert(prefix_parse("10.11.0.0/24", &input.route.prefix));
    world_input(world, hub, &input);
    world_ping(world, hub, lan_addr(1, 5), lan_addr(11, 5));
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_DATA_TO_SPOKE), 1);
    input.route.add = false;
    world_input(world, hub, &input);
    world_ping(world, hub, lan_addr(1, 5), lan_addr(11, 5));
    ck_assert_uint_eq(world_drops(world, hub, DROP_NO_ROUTE), 1);
    world_free(world);
}
END_TEST

START_TEST(cleared_bindings_come_back_with_the_next_registration)
{
    struct world *world = world_new();
    struct node_config h = hub_config(), s = spoke_config(11);
    int hub = world_add(world, &h);
    world_add(world, &s);
    world_run_s(world, 1);
    struct node_input input = {.kind = INPUT_ADMIN, .admin = ADMIN_CLEAR_BINDINGS};
    world_input(world, hub, &input);
    ck_assert_uint_eq(world_traced_count(world, hub, TRACE_BINDING_PURGED), 1);
    world_run_s(world, 200);
    ck_assert_uint_eq(world_traced_count(world, hub, TRACE_BINDING_ADDED), 2);
    world_free(world);
}
END_TEST

/* Address number n of a family, on the underlay (0), the tunnel (1) or the LAN of site (2 + site). */
static struct addr any_addr(bool ipv6, unsigned net, unsigned n)
{
    struct addr a;
    char text[64];
    if (ipv6)
        snprintf(text, sizeof text, "2001:db8:%x::%x", net, n);
    else if (net == 0)
        snprintf(text, sizeof text, "192.0.2.%u", n);
    else
        snprintf(text, sizeof text, "10.%u.0.%u", net, n);
    ck_assert(addr_parse(text, &a));
    return a;
}

static int add_any(struct world *world, bool under6, bool over6, unsigned n)
{
    unsigned lan_len = over6 ? 64 : 24;
    struct nhs_config nhs = {.protocol = any_addr(over6, 1, 1), .nbma = any_addr(under6, 0, 1)};
    struct route_config routes[3] = {{.prefix = prefix_of(any_addr(over6, 2 + n, 0), lan_len)}};
    struct node_config config = {
        .tunnel = {.nbma = any_addr(under6, 0, n), .has_key = true, .key = 42, .checksum = true},
        .protocol = any_addr(over6, 1, n),
        .protocol_len = (uint8_t)lan_len,
        .redirect = n == 1,
        .shortcut = n != 1,
        .resolution = RESOLUTION_FORWARD,
        .password = "secret",
        .routes = routes,
    };
    if (n == 1) {
        for (unsigned i = 0; i < 2; i++)
            routes[1 + i] = (struct route_config){prefix_of(any_addr(over6, 4 + i, 0), lan_len),
                                                  any_addr(over6, 1, 2 + i)};
        config.route_count = 3;
    } else {
        config.nhs = &nhs;
        config.nhs_count = 1;
        routes[1] =
            (struct route_config){prefix_of(any_addr(over6, 0, 0), over6 ? 32 : 8), any_addr(over6, 1, 1)};
        if (!over6)
            routes[1].prefix = prefix_of(any_addr(false, 9, 0), 8);
        config.route_count = 2;
    }
    return world_add(world, &config);
}

START_TEST(phase3_in_all_families)
{
    for (int combination = 0; combination < 4; combination++) {
        bool under6 = combination & 1, over6 = combination & 2;
        struct world *world = world_new();
        world->echo = true;
        int hub = add_any(world, under6, over6, 1);
        int a = add_any(world, under6, over6, 2);
        int b = add_any(world, under6, over6, 3);
        world_run_s(world, 1);
        world_forget(world);
        for (int i = 0; i < 2; i++) {
            world_ping(world, a, any_addr(over6, 4, 5), any_addr(over6, 5, 5));
            world_run_s(world, 1);
        }
        ck_assert_uint_eq(world->delivered_count, 4);
        ck_assert_uint_ge(world_sent_count(world, hub, SEND_REDIRECT), 1);
        ck_assert_uint_eq(world_sent_count(world, a, SEND_DATA_SHORTCUT), 1);
        ck_assert_uint_ge(world_sent_count(world, b, SEND_DATA_SHORTCUT), 1);
        const struct nhrp_message *m = &world_sent(world, a, SEND_RESOLUTION_REDIRECTED, 0)->packet.nhrp;
        ck_assert_uint_eq(m->fixed.afn, under6 ? NHRP_AFN_IPV6 : NHRP_AFN_IPV4);
        ck_assert_uint_eq(m->fixed.protocol_type, over6 ? NHRP_PROTOCOL_IPV6 : NHRP_PROTOCOL_IPV4);
        m = &world_sent(world, b, SEND_RESOLUTION_REPLY_EGRESS, 0)->packet.nhrp;
        ck_assert_uint_eq(first_cie(m).prefix_len, over6 ? 64 : 24);
        world_free(world);
    }
}
END_TEST

SUITE_MAIN("node", contradictions_are_named, node_is_at_rest_until_its_first_input, routes_can_change,
           cleared_bindings_come_back_with_the_next_registration, phase3_in_all_families)
