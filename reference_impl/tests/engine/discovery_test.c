/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A client that knows its server by the NBMA address only (RFC2332 §5.2.3), and both ways in which it may
 * learn the rest: from the responder address (§5.3.1), or from the reply's destination (DEFACTO: FRR's "nhs
 * dynamic").
 */
#include "harness.h"
#include "suite.h"

#include "engine/show.h"

static struct world *world;
static int hub, spoke;

static void cloud_up(enum discovery_reply discovery)
{
    static struct nhs_config server;
    struct node_config h = hub_config(), s = spoke_config(11);
    server = (struct nhs_config){.nbma = nbma_addr(1)};
    h.discovery = discovery;
    s.nhs = &server;
    config_route(&s, "10.0.0.0/8", addr_ipv4(0, 0, 0, 0)); /* whichever server is in use */
    world = world_new();
    hub = world_add(world, &h);
    spoke = world_add(world, &s);
}

static struct shown_server shown(void)
{
    struct node_cursor cursor = {0};
    struct shown_server server;
    ck_assert(node_show_server(world->nodes[spoke], &cursor, &server));
    return server;
}

static const struct nhrp_message *message(int station, enum send_reason reason, size_t n)
{
    const struct sent *sent = world_sent(world, station, reason, n);
    ck_assert_ptr_nonnull(sent);
    return &sent->packet.nhrp;
}

static void ask_again(void)
{
    world_forget(world);
    world_input(world, spoke, &(struct node_input){.kind = INPUT_ADMIN, .admin = ADMIN_REGISTER});
}

START_TEST(request_is_for_the_client_itself_and_names_no_server)
{
    cloud_up(DISCOVERY_COPY);
    world_run_s(world, 1);
    const struct nhrp_message *request = message(spoke, SEND_REGISTRATION, 0);
    ck_assert(addr_equal(addr_from_span(request->destination_protocol), tunnel_addr(11)));
    struct nhrp_ext nat;
    struct nhrp_cie cie;
    ck_assert(nhrp_ext_find(request->extensions, NHRP_EXT_NAT_ADDRESS, &nat));
    ck_assert(nhrp_cie_next(&nat.value, &cie)); /* IB-096 */
    ck_assert(addr_equal(addr_from_span(cie.nbma), nbma_addr(1)));
    ck_assert(addr_equal(addr_from_span(cie.protocol), addr_ipv4(0, 0, 0, 0)));
    ck_assert_uint_eq(cie.prefix_len, 32);
    world_free(world);
}
END_TEST

START_TEST(server_is_learned_from_either_reply)
{
    for (int defacto = 0; defacto < 2; defacto++) {
        cloud_up(defacto ? DISCOVERY_SERVER : DISCOVERY_COPY);
        world_run_s(world, 1);
        const struct nhrp_message *reply = message(hub, SEND_REGISTRATION_REPLY, 0);
        ck_assert(addr_equal(addr_from_span(reply->destination_protocol), tunnel_addr(defacto ? 1 : 11)));
        ck_assert_str_eq(shown().state, "registered");
        ck_assert(addr_equal(shown().protocol, tunnel_addr(1)));
        world_forget(world);
        world_ping(world, spoke, lan_addr(11, 5), tunnel_addr(1));
        ck_assert_ptr_nonnull(world_sent(world, spoke, SEND_DATA_TO_HUB, 0));
        ck_assert_uint_eq(world_sent_count(world, spoke, SEND_RESOLUTION_NEXT_HOP), 0);
        ask_again(); /* not configured, so it goes on asking for itself */
        ck_assert(addr_equal(addr_from_span(message(spoke, SEND_REGISTRATION, 0)->destination_protocol),
                             tunnel_addr(11)));
        world_free(world);
    }
}
END_TEST

/* Only who registers with its own address is told another destination. */
START_TEST(who_knows_the_server_gets_its_request_back)
{
    struct node_config h = hub_config(), s = spoke_config(11);
    h.discovery = DISCOVERY_SERVER;
    world = world_new();
    hub = world_add(world, &h);
    struct nhrp_message request =
        test_message(NHRP_REGISTRATION_REQUEST, nbma_addr(12), tunnel_addr(12), addr_ipv4(0, 0, 0, 0));
    request.destination_protocol = (struct span){0};
    request.cies = test_cies(&(struct nhrp_cie){.hold_s = 300});
    world_inject_nhrp(world, nbma_addr(12), hub, &request);
    ck_assert_uint_eq(message(hub, SEND_REGISTRATION_REPLY, 0)->destination_protocol.len, 0);
    spoke = world_add(world, &s);
    world_run_s(world, 1);
    ck_assert(addr_equal(addr_from_span(message(hub, SEND_REGISTRATION_REPLY, 1)->destination_protocol),
                         tunnel_addr(1)));
    world_free(world);
}
END_TEST

START_TEST(until_it_is_known_data_goes_to_its_nbma_address)
{
    cloud_up(DISCOVERY_COPY);
    world_ping(world, spoke, lan_addr(11, 5), lan_addr(99, 5)); /* before any reply */
    ck_assert(addr_is_none(shown().protocol));
    const struct sent *sent = world_sent(world, spoke, SEND_DATA_TO_HUB, 0);
    ck_assert_ptr_nonnull(sent);
    ck_assert(addr_equal(sent->packet.outer.destination, nbma_addr(1)));
    ck_assert_uint_eq(world_sent_count(world, spoke, SEND_RESOLUTION_NEXT_HOP), 0);
    world_free(world);
}
END_TEST

START_TEST(another_server_at_the_same_place_takes_over)
{
    cloud_up(DISCOVERY_COPY);
    world_run_s(world, 1);
    ask_again();
    struct nhrp_message reply = *message(spoke, SEND_REGISTRATION, 0);
    struct addr other = tunnel_addr(2);
    reply.fixed.type = NHRP_REGISTRATION_REPLY;
    reply.destination_protocol = addr_span(&other);
    world_inject_nhrp(world, nbma_addr(1), spoke, &reply);
    ck_assert(addr_equal(shown().protocol, tunnel_addr(2)));
    world_forget(world);
    world_ping(world, spoke, lan_addr(11, 5), tunnel_addr(2));
    ck_assert_ptr_nonnull(world_sent(world, spoke, SEND_DATA_TO_HUB, 0));
    world_input(world, spoke, &(struct node_input){.kind = INPUT_ADMIN, .admin = ADMIN_STOP});
    ck_assert(
        addr_equal(addr_from_span(message(spoke, SEND_PURGE, 0)->destination_protocol), tunnel_addr(2)));
    world_free(world);
}
END_TEST

START_TEST(a_reply_that_names_nobody_registers_all_the_same)
{
    static const char *const names[] = {
        "80000000",                                                       /* no responder address */
        "80030014 00000000 00000000 04000400 c0000201 00000000 80000000", /* 0.0.0.0 */
        "80030014 00000000 00000000 04000400 c0000201 e0000009 80000000", /* multicast */
        "80030014 00000000 00000000 04000400 c0000201 0aff000b 80000000", /* the client itself */
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        cloud_up(DISCOVERY_COPY);
        ask_again();
        struct nhrp_message reply = *message(spoke, SEND_REGISTRATION, 0);
        reply.fixed.type = NHRP_REGISTRATION_REPLY;
        reply.extensions = test_hex(names[i]);
        world_inject_nhrp(world, nbma_addr(1), spoke, &reply);
        ck_assert_str_eq(shown().state, "registered");
        ck_assert(addr_is_none(shown().protocol));
        world_input(world, spoke, &(struct node_input){.kind = INPUT_ADMIN, .admin = ADMIN_STOP});
        ck_assert(addr_equal(addr_from_span(message(spoke, SEND_PURGE, 0)->destination_protocol),
                             tunnel_addr(11))); /* §5.2.5 */
        world_free(world);
    }
}
END_TEST

SUITE_MAIN("discovery", request_is_for_the_client_itself_and_names_no_server,
           server_is_learned_from_either_reply, who_knows_the_server_gets_its_request_back,
           until_it_is_known_data_goes_to_its_nbma_address, another_server_at_the_same_place_takes_over,
           a_reply_that_names_nobody_registers_all_the_same)
