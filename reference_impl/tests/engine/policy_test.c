/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is admitted, how refusals are taken, what several addresses and cautious requests do. */
#include "harness.h"
#include "suite.h"

#include "engine/show.h"

static struct world *world;
static int station;

static uint8_t registers(struct addr protocol, struct addr nbma)
{
    struct nhrp_message message = test_message(NHRP_REGISTRATION_REQUEST, nbma, protocol, tunnel_addr(1));
    message.cies = test_cies(&(struct nhrp_cie){.prefix_len = 32, .hold_s = 300});
    world_forget(world);
    world_inject_nhrp(world, nbma, station, &message);
    ck_assert_uint_eq(world->sent_count, 1);
    struct nhrp_cie cie = first_cie(&world->sent[0].packet.nhrp);
    ck_assert(cie.code == 0 || cie.hold_s == 0);
    return cie.code;
}

START_TEST(only_who_is_listed_may_register)
{
    static struct prefix protocols[1], nbmas[1];
    struct node_config config = hub_config();
    ck_assert(prefix_parse("10.255.0.0/28", &protocols[0]) && prefix_parse("192.0.2.0/24", &nbmas[0]));
    config.admission = (struct admission_config){protocols, 1, nbmas, 1, 0};
    world = world_new();
    station = world_add(world, &config);
    ck_assert_uint_eq(registers(tunnel_addr(11), nbma_addr(11)), NHRP_CIE_OK);
    ck_assert_uint_eq(registers(tunnel_addr(99), nbma_addr(12)), NHRP_CIE_PROHIBITED);
    ck_assert_uint_eq(registers(tunnel_addr(12), addr_ipv4(203, 0, 113, 1)), NHRP_CIE_PROHIBITED);
    world_free(world);
}
END_TEST

START_TEST(no_more_than_so_many_but_who_is_in_may_stay)
{
    struct node_config config = hub_config();
    config.admission.max_registrations = 1;
    world = world_new();
    station = world_add(world, &config);
    ck_assert_uint_eq(registers(tunnel_addr(11), nbma_addr(11)), NHRP_CIE_OK);
    ck_assert_uint_eq(registers(tunnel_addr(12), nbma_addr(12)), NHRP_CIE_NO_RESOURCES);
    ck_assert_uint_eq(registers(tunnel_addr(11), nbma_addr(11)), NHRP_CIE_OK);
    world_run_s(world, 301);
    ck_assert_uint_eq(registers(tunnel_addr(12), nbma_addr(12)), NHRP_CIE_OK);
    world_free(world);
}
END_TEST

/* Seconds from a refusal with this code to the next request, the nth time in a row. */
START_TEST(refusals_are_taken_by_their_code)
{
    static const struct {
        uint8_t code;
        int64_t waits_s[3];
    } rows[] = {{NHRP_CIE_PROHIBITED, {600, 600, 600}},
                {NHRP_CIE_NO_RESOURCES, {1, 2, 4}},
                {NHRP_CIE_ALREADY_REGISTERED, {200, 200, 200}}};
    for (size_t i = 0; i < 3; i++) {
        struct node_config config = spoke_config(11);
        world = world_new();
        station = world_add(world, &config);
        for (size_t n = 0; n < 3; n++) {
            struct nhrp_message no = world->sent[world->sent_count - 1].packet.nhrp;
            no.fixed.type = NHRP_REGISTRATION_REPLY;
            no.cies = test_cies(&(struct nhrp_cie){.code = rows[i].code});
            world_inject_nhrp(world, nbma_addr(1), station, &no);
            size_t before = world->sent_count;
            world_run_us(world, rows[i].waits_s[n] * US_PER_S - 1);
            ck_assert_uint_eq(world->sent_count, before);
            world_run_us(world, 1);
            ck_assert_uint_eq(world->sent_count, before + 1);
        }
        world_free(world);
    }
}
END_TEST

START_TEST(several_addresses_in_one_registration)
{
    static struct registered_address more[2];
    struct node_config h = hub_config(), s = spoke_config(11);
    more[0] = (struct registered_address){lan_addr(11, 1), 24, 7};
    more[1] = (struct registered_address){addr_ipv4(10, 255, 0, 1), 32, 0}; /* the hub's own: refused */
    s.unique = false;
    s.registered = more;
    s.registered_count = 2;
    world = world_new();
    station = world_add(world, &h);
    int spoke = world_add(world, &s);
    world_run_s(world, 1);
    const struct nhrp_message *request = &world_sent(world, spoke, SEND_REGISTRATION, 0)->packet.nhrp;
    ck_assert_uint_eq(nhrp_cie_count(request->cies), 3);
    ck_assert_uint_eq(first_cie(request).protocol.len, 4); /* beside others it names itself */
    ck_assert_ptr_nonnull(world_traced(world, spoke, TRACE_REGISTERED));
    ck_assert_uint_eq(world_traced(world, spoke, TRACE_REGISTRATION_FAILED)->trace.number,
                      NHRP_CIE_PROHIBITED);
    ck_assert_uint_eq(node_show_sizes(world->nodes[station]).registrations, 2);
    world_forget(world);
    world_ping(world, station, tunnel_addr(1), addr_ipv4(224, 0, 0, 9));
    ck_assert_uint_eq(world_sent_count(world, station, SEND_MULTICAST), 1); /* one station, one copy */
    world_input(world, spoke, &(struct node_input){.kind = INPUT_ADMIN, .admin = ADMIN_STOP});
    world_run_s(world, 1);
    ck_assert_uint_eq(node_show_sizes(world->nodes[station]).registrations, 0);
    world_free(world);
}
END_TEST

START_TEST(egress_prefix_whatever_host_length_a_peer_sends)
{
    static const struct {
        uint8_t asked, answered;
        bool unique;
    } rows[] = {{0, 24, false},  {32, 24, false}, {255, 24, false},
                {28, 28, false}, {8, 24, false},  {255, 255, true}};
    struct node_config config = hub_config();
    config.redirect = true;
    world = world_new();
    station = world_add(world, &config);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct nhrp_message message =
            test_message(NHRP_RESOLUTION_REQUEST, nbma_addr(99), tunnel_addr(99), lan_addr(1, 5));
        message.resolution.unique = rows[i].unique;
        message.cies = test_cies(&(struct nhrp_cie){.prefix_len = rows[i].asked});
        world_forget(world);
        world_inject_nhrp(world, nbma_addr(99), station, &message);
        ck_assert_uint_eq(first_cie(&world->sent[0].packet.nhrp).prefix_len, rows[i].answered);
    }
    world_free(world);
}
END_TEST

START_TEST(what_was_learned_is_for_those_who_do_not_insist)
{
    struct node_config config = spoke_config(1);
    config.nhs_count = 0;
    config.redirect = true;
    world = world_new();
    station = world_add(world, &config);
    struct nhrp_message learn =
        test_message(NHRP_RESOLUTION_REQUEST, nbma_addr(11), tunnel_addr(11), tunnel_addr(1));
    learn.resolution.source_stable = true;
    learn.cies = test_cies(&(struct nhrp_cie){.hold_s = 100});
    world_inject_nhrp(world, nbma_addr(11), station, &learn);
    for (int authoritative = 0; authoritative < 2; authoritative++) {
        struct nhrp_message message =
            test_message(NHRP_RESOLUTION_REQUEST, nbma_addr(99), tunnel_addr(99), tunnel_addr(11));
        message.resolution.authoritative = authoritative;
        message.request_id += (uint32_t)authoritative;
        world_forget(world);
        world_inject_nhrp(world, nbma_addr(99), station, &message);
        const struct sent *forwarded = world_sent(world, station, SEND_FORWARDED, 0);
        if (authoritative) {
            ck_assert_ptr_nonnull(forwarded); /* to the one who knows */
            continue;
        }
        ck_assert_ptr_null(forwarded);
        const struct nhrp_message *reply = &world->sent[0].packet.nhrp;
        ck_assert_uint_eq(first_cie(reply).code, NHRP_CIE_OK);
        ck_assert_uint_eq(first_cie(reply).hold_s, 100);
        ck_assert(!reply->resolution.authoritative);
    }
    world_free(world);
}
END_TEST

SUITE_MAIN("policy", only_who_is_listed_may_register, no_more_than_so_many_but_who_is_in_may_stay,
           refusals_are_taken_by_their_code, several_addresses_in_one_registration,
           egress_prefix_whatever_host_length_a_peer_sends, what_was_learned_is_for_those_who_do_not_insist)
