/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "harness.h"
#include "suite.h"

static struct world *world;
static int hub;

static void registers(unsigned host)
{
    struct nhrp_message message =
        test_message(NHRP_REGISTRATION_REQUEST, nbma_addr(host), tunnel_addr(host), tunnel_addr(1));
    message.registration.unique = true;
    message.cies = test_cies(&(struct nhrp_cie){.hold_s = 600, .prefix_len = 255});
    world_inject_nhrp(world, nbma_addr(host), hub, &message);
}

static void hub_up(void)
{
    struct node_config config = hub_config();
    world = world_new();
    hub = world_add(world, &config);
    for (unsigned host = 11; host <= 13; host++)
        registers(host);
    world_forget(world);
}

static struct nhrp_message purge_of(unsigned by, struct addr protocol, uint8_t prefix_len, struct addr nbma)
{
    struct nhrp_message message =
        test_message(NHRP_PURGE_REQUEST, nbma_addr(by), tunnel_addr(by), tunnel_addr(1));
    message.cies = test_cies(&(struct nhrp_cie){
        .prefix_len = prefix_len, .nbma = addr_span(&nbma), .protocol = addr_span(&protocol)});
    message.extensions = test_hex("80030000 80000000");
    return message;
}

static bool hub_knows(unsigned host)
{
    size_t before = world->sent_count;
    world_ping(world, hub, lan_addr(1, 5), tunnel_addr(host));
    return world->sent_count > before;
}

START_TEST(client_takes_its_registration_back)
{
    hub_up();
    struct nhrp_message message = purge_of(11, tunnel_addr(11), 32, (struct addr){0});
    message.purge.nat = true;
    world_inject_nhrp(world, nbma_addr(11), hub, &message);
    const struct sent *reply = world_sent(world, hub, SEND_PURGE_REPLY, 0);
    ck_assert_ptr_nonnull(reply);
    ck_assert(addr_equal(reply->packet.outer.destination, nbma_addr(11)));
    ck_assert_uint_eq(reply->packet.nhrp.fixed.type, NHRP_PURGE_REPLY);
    ck_assert(reply->packet.nhrp.purge.nat && !reply->packet.nhrp.purge.no_reply);
    ck_assert_uint_eq(reply->packet.nhrp.request_id, 99);
    ck_assert(span_equal(reply->packet.nhrp.cies, message.cies));
    ck_assert(!hub_knows(11));
    ck_assert(hub_knows(12));
    /* again, with nothing left to forget: still confirmed (§5.2.5) */
    world_inject_nhrp(world, nbma_addr(11), hub, &message);
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_PURGE_REPLY), 2);
    world_free(world);
}
END_TEST

START_TEST(no_reply_when_none_is_wanted)
{
    hub_up();
    struct nhrp_message message = purge_of(11, tunnel_addr(11), 0, (struct addr){0});
    message.purge.no_reply = true;
    world_inject_nhrp(world, nbma_addr(11), hub, &message);
    ck_assert_uint_eq(world->sent_count, 0);
    ck_assert(!hub_knows(11));
    world_free(world);
}
END_TEST

START_TEST(registration_of_another_stays)
{
    hub_up();
    struct nhrp_message message = purge_of(11, tunnel_addr(12), 32, (struct addr){0});
    world_inject_nhrp(world, nbma_addr(11), hub, &message);
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_PURGE_REPLY), 1);
    ck_assert(hub_knows(12));
    message = purge_of(11, addr_ipv4(10, 255, 0, 0), 24, (struct addr){0});
    world_inject_nhrp(world, nbma_addr(11), hub, &message);
    ck_assert(!hub_knows(11));
    ck_assert(hub_knows(12) && hub_knows(13));
    world_free(world);
}
END_TEST

START_TEST(nbma_address_narrows_the_purge)
{
    hub_up();
    struct nhrp_message message = purge_of(11, tunnel_addr(11), 32, nbma_addr(77));
    world_inject_nhrp(world, nbma_addr(11), hub, &message);
    ck_assert(hub_knows(11));
    message = purge_of(11, tunnel_addr(11), 32, nbma_addr(11));
    world_inject_nhrp(world, nbma_addr(11), hub, &message);
    ck_assert(!hub_knows(11));
    world_free(world);
}
END_TEST

START_TEST(shortcut_goes_when_its_egress_takes_it_back)
{
    struct node_config h = hub_config(), s = spoke_config(11), t = spoke_config(12);
    h.redirect = true;
    config_route(&h, "10.12.0.0/24", tunnel_addr(12));
    s.shortcut = t.shortcut = true;
    config_route(&s, "10.0.0.0/8", tunnel_addr(1));
    config_route(&t, "10.0.0.0/8", tunnel_addr(1));
    world = world_new();
    world_add(world, &h);
    int a = world_add(world, &s);
    world_add(world, &t);
    world_run_s(world, 1);
    world_ping(world, a, lan_addr(11, 5), lan_addr(12, 5));
    world_run_s(world, 1);
    ck_assert_uint_eq(world_traced_count(world, a, TRACE_SHORTCUT_INSTALLED), 1);
    struct nhrp_message message =
        test_message(NHRP_PURGE_REQUEST, nbma_addr(12), tunnel_addr(12), tunnel_addr(11));
    struct addr lan = lan_addr(12, 0);
    message.cies = test_cies(&(struct nhrp_cie){.prefix_len = 24, .protocol = addr_span(&lan)});
    world_inject_nhrp(world, nbma_addr(12), a, &message);
    ck_assert_uint_eq(world_traced_count(world, a, TRACE_SHORTCUT_REMOVED), 1);
    world_forget(world);
    world_ping(world, a, lan_addr(11, 5), lan_addr(12, 5));
    ck_assert(addr_equal(world->sent[0].packet.outer.destination, nbma_addr(1)));
    world_free(world);
}
END_TEST

START_TEST(unsolicited_reply_is_ignored)
{
    hub_up();
    struct nhrp_message message = purge_of(1, tunnel_addr(11), 32, (struct addr){0});
    message.fixed.type = NHRP_PURGE_REPLY;
    world_inject_nhrp(world, nbma_addr(11), hub, &message);
    ck_assert_uint_eq(world->sent_count, 0);
    ck_assert_uint_eq(world_drops(world, hub, DROP_UNSOLICITED), 1);
    world_free(world);
}
END_TEST

START_TEST(node_that_stops_takes_its_registration_back_and_falls_silent)
{
    struct node_config s = spoke_config(14);
    hub_up();
    int spoke = world_add(world, &s);
    world_run_s(world, 1);
    ck_assert(hub_knows(14));
    struct node_input stop = {.kind = INPUT_ADMIN, .admin = ADMIN_STOP};
    world_input(world, spoke, &stop);
    ck_assert_uint_eq(world_sent_count(world, spoke, SEND_PURGE), 1);
    world_run_s(world, 1);
    ck_assert(!hub_knows(14));
    world_forget(world);
    world_run_s(world, 1000);
    world_ping(world, spoke, lan_addr(14, 5), lan_addr(1, 5));
    ck_assert_uint_eq(world->sent_count, 0);
    ck_assert_int_eq(node_deadline(world->nodes[spoke]).us, INSTANT_NEVER.us);
    world_free(world);
}
END_TEST

SUITE_MAIN("purge", client_takes_its_registration_back, no_reply_when_none_is_wanted,
           registration_of_another_stays, nbma_address_narrows_the_purge,
           shortcut_goes_when_its_egress_takes_it_back, unsolicited_reply_is_ignored,
           node_that_stops_takes_its_registration_back_and_falls_silent)
