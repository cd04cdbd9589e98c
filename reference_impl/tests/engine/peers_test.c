/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/peers.h"

#include "harness.h"
#include "suite.h"

START_TEST(one_entry_for_each_endpoint_as_long_as_it_is_held)
{
    struct peers peers;
    peers_init(&peers, 2, 5);
    struct endpoint plain = {nbma_addr(1), 0}, natted = {nbma_addr(1), 31000}, other = {nbma_addr(2), 0};
    struct peer *a = peers_hold(&peers, plain), *b = peers_hold(&peers, natted);
    ck_assert_ptr_nonnull(a);
    ck_assert_ptr_ne(a, b);
    ck_assert_ptr_eq(peers_hold(&peers, plain), a);
    ck_assert_uint_eq(a->bindings, 2);
    ck_assert_ptr_null(peers_hold(&peers, other)); /* full */
    ck_assert(!peers_release(&peers, a));
    ck_assert_ptr_eq(peers_find(&peers, plain), a);
    ck_assert(peers_release(&peers, a));
    ck_assert_ptr_null(peers_find(&peers, plain));
    ck_assert_ptr_eq(peers_find(&peers, natted), b);
    ck_assert_ptr_nonnull(peers_hold(&peers, other));
    peers_free(&peers);
}
END_TEST

/* What a sender numbers for all its peers in one row, a receiver checks for each sender by itself. */
START_TEST(sequence_numbers_are_checked_for_each_peer)
{
    struct node_config h = hub_config(), s = spoke_config(11), t = spoke_config(12);
    h.tunnel.sequence = s.tunnel.sequence = t.tunnel.sequence = true;
    struct world *world = world_new();
    int hub = world_add(world, &h);
    int a = world_add(world, &s);
    world_add(world, &t);
    world_run_s(world, 1);
    world_forget(world);
    world_ping(world, a, tunnel_addr(11), tunnel_addr(1));
    world_ping(world, a, tunnel_addr(11), tunnel_addr(1));
    world_run_s(world, 1);
    ck_assert_uint_eq(world->delivered_count, 2);
    world_inject(world, hub, world->sent[0].bytes); /* again, behind a newer one */
    ck_assert_uint_eq(world_drops(world, hub, DROP_GRE_SEQUENCE), 1);
    world_run_s(world, 5);
    world_inject(world, hub, world->sent[0].bytes); /* after a silence it may be a new beginning */
    ck_assert_uint_eq(world_drops(world, hub, DROP_GRE_SEQUENCE), 1);
    world_free(world);
}
END_TEST

SUITE_MAIN("peers", one_entry_for_each_endpoint_as_long_as_it_is_held,
           sequence_numbers_are_checked_for_each_peer)
