/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "harness.h"
#include "suite.h"

#include <stdio.h>

static bool lose_all(const struct sent *sent)
{
    (void)sent;
    return true;
}

static bool lose_replies(const struct sent *sent)
{
    return sent->reason == SEND_REGISTRATION_REPLY;
}

START_TEST(request_is_ciscos_octet_by_octet)
{
    struct world *world = world_new();
    struct node_config config = spoke_config(11);
    snprintf(config.password, sizeof config.password, "secret");
    config.first_request_id = 77;
    int spoke = world_add(world, &config);
    const struct sent *sent = world_sent(world, spoke, SEND_REGISTRATION, 0);
    ck_assert_ptr_nonnull(sent);
    ck_assert_uint_eq(sent->packet.outer.tos, 0xc0);
    ck_assert_uint_eq(sent->packet.outer.ttl, 255);
    struct span wanted = test_hex("0001 0800 0000000000 ff 006a 0000 0034 01 03 04 00"
                                  "04 04 8002 0000004d c000020b 0aff000b 0aff0001"
                                  "00 ff 0000 0578 0258 00 00 00 00"
                                  "8003 0000 8004 0000 8005 0000 8007 000a 00000001 736563726574"
                                  "0009 0014 00 20 0000 0578 0000 04 00 04 00 c0000201 0aff0001"
                                  "8000 0000");
    nhrp_set_checksum((uint8_t *)wanted.data, wanted.len);
    ck_assert_uint_eq(sent->packet.gre.payload.len, wanted.len);
    ck_assert_mem_eq(sent->packet.gre.payload.data, wanted.data, wanted.len);
    world_free(world);
}
END_TEST

START_TEST(without_the_unique_flag_the_prefix_is_a_host)
{
    struct world *world = world_new();
    struct node_config config = spoke_config(11);
    config.unique = false;
    world_add(world, &config);
    const struct nhrp_message *message = &world->sent[0].packet.nhrp;
    ck_assert(!message->registration.unique);
    ck_assert_uint_eq(first_cie(message).prefix_len, 32);
    world_free(world);
}
END_TEST

START_TEST(unanswered_requests_back_off_with_one_id)
{
    struct world *world = world_new();
    struct node_config config = spoke_config(11);
    int spoke = world_add(world, &config);
    world_run_s(world, 1 + 2 + 4 + 8 + 16 + 32 + 64 + 64);
    const int64_t waits_s[] = {1, 2, 4, 8, 16, 32, 64, 64};
    struct instant at = world->sent[0].at;
    for (size_t i = 0; i < sizeof waits_s / sizeof *waits_s; i++) {
        const struct sent *retry = world_sent(world, spoke, SEND_REGISTRATION_RETRY, i);
        ck_assert_ptr_nonnull(retry);
        at = instant_after_s(at, waits_s[i]);
        ck_assert_int_eq(retry->at.us, at.us);
        ck_assert_uint_eq(retry->packet.nhrp.request_id, world->sent[0].packet.nhrp.request_id);
    }
    ck_assert_uint_eq(world->sent_count, 1 + sizeof waits_s / sizeof *waits_s);
    world_free(world);
}
END_TEST

START_TEST(registration_is_renewed_at_a_third_with_a_new_id)
{
    struct world *world = world_new();
    struct node_config hub = hub_config(), config = spoke_config(11);
    world_add(world, &hub);
    int spoke = world_add(world, &config);
    world_run_s(world, 601);
    ck_assert_uint_eq(world_sent_count(world, spoke, SEND_REGISTRATION), 1);
    ck_assert_uint_eq(world_sent_count(world, spoke, SEND_REGISTRATION_REFRESH), 3);
    ck_assert_uint_eq(world_traced_count(world, spoke, TRACE_REGISTERED), 1);
    const struct sent *first = world_sent(world, spoke, SEND_REGISTRATION, 0);
    const struct sent *renewal = world_sent(world, spoke, SEND_REGISTRATION_REFRESH, 0);
    ck_assert_int_eq(instant_diff_us(first->at, renewal->at), 200 * US_PER_S + 2 * LATENCY_US);
    ck_assert_uint_eq(renewal->packet.nhrp.request_id, first->packet.nhrp.request_id + 1);
    ck_assert_uint_eq(node_next_request_id(world->nodes[spoke]), first->packet.nhrp.request_id + 4);
    world_free(world);
}
END_TEST

START_TEST(retries_come_no_slower_than_a_third_of_the_holding_time)
{
    struct world *world = world_new();
    struct node_config config = spoke_config(11);
    config.hold_s = 20;
    int spoke = world_add(world, &config);
    world_run_s(world, 100);
    for (size_t i = 1; world_sent(world, spoke, SEND_REGISTRATION_RETRY, i); i++)
        ck_assert_int_le(instant_diff_us(world_sent(world, spoke, SEND_REGISTRATION_RETRY, i - 1)->at,
                                         world_sent(world, spoke, SEND_REGISTRATION_RETRY, i)->at),
                         6 * US_PER_S);
    ck_assert_uint_gt(world_sent_count(world, spoke, SEND_REGISTRATION_RETRY), 14);
    world_free(world);
}
END_TEST

START_TEST(refused_client_asks_again_later)
{
    struct world *world = world_new();
    struct node_config hub = hub_config(), first = spoke_config(11), second = spoke_config(11);
    second.tunnel.nbma = nbma_addr(12); /* the same tunnel address from another place */
    world_add(world, &hub);
    world_add(world, &first);
    world_run_s(world, 1);
    int refused = world_add(world, &second);
    world_run_s(world, 1);
    const struct node_output *failed = world_traced(world, refused, TRACE_REGISTRATION_FAILED);
    ck_assert_ptr_nonnull(failed);
    ck_assert_uint_eq(failed->trace.number, NHRP_CIE_ALREADY_REGISTERED);
    ck_assert_uint_eq(world_traced_count(world, refused, TRACE_REGISTERED), 0);
    world_run_s(world, 200);
    ck_assert_uint_eq(world_sent_count(world, refused, SEND_REGISTRATION), 2);
    ck_assert_uint_eq(world_sent_count(world, refused, SEND_REGISTRATION_REFRESH), 0);
    world_free(world);
}
END_TEST

START_TEST(lost_registration_is_noticed_and_found_again)
{
    struct world *world = world_new();
    struct node_config hub = hub_config(), config = spoke_config(11);
    world_add(world, &hub);
    int spoke = world_add(world, &config);
    world_run_s(world, 1);
    world->lose = lose_all;
    world_run_s(world, 700);
    ck_assert_uint_eq(world_traced_count(world, spoke, TRACE_REGISTRATION_LOST), 1);
    world->lose = NULL;
    world_run_s(world, 70);
    ck_assert_uint_eq(world_traced_count(world, spoke, TRACE_REGISTERED), 2);
    world_free(world);
}
END_TEST

START_TEST(late_and_strange_replies_change_nothing)
{
    struct world *world = world_new();
    struct node_config hub = hub_config(), config = spoke_config(11);
    int server = world_add(world, &hub);
    int spoke = world_add(world, &config);
    world->lose = lose_replies;
    world_run_s(world, 2);
    const struct sent *lost = world_sent(world, server, SEND_REGISTRATION_REPLY, 0);
    ck_assert_ptr_nonnull(lost);
    world_inject(world, spoke, lost->bytes);
    world_inject(world, spoke, lost->bytes);
    ck_assert_uint_eq(world_traced_count(world, spoke, TRACE_REGISTERED), 1);
    ck_assert_uint_eq(world_drops(world, spoke, DROP_DUPLICATE), 1);
    struct nhrp_message stranger = lost->packet.nhrp;
    stranger.request_id += 1000;
    world_inject_nhrp(world, nbma_addr(1), spoke, &stranger);
    ck_assert_uint_eq(world_drops(world, spoke, DROP_UNSOLICITED), 1);
    ck_assert_uint_eq(world_sent_count(world, spoke, SEND_ERROR), 0);
    world_free(world);
}
END_TEST

START_TEST(link_outage_and_new_address_register_anew)
{
    struct world *world = world_new();
    struct node_config hub = hub_config(), config = spoke_config(11);
    config.unique = false;
    int server = world_add(world, &hub);
    int spoke = world_add(world, &config);
    world_run_s(world, 1);
    struct node_input link = {.kind = INPUT_LINK, .link = {.up = false}};
    world_input(world, spoke, &link);
    world_run_s(world, 300);
    ck_assert_uint_eq(world_sent_count(world, spoke, SEND_REGISTRATION_REFRESH), 0);
    world->nbma[spoke] = nbma_addr(99);
    link.link.up = true;
    link.link.nbma = nbma_addr(99);
    world_input(world, spoke, &link);
    world_run_s(world, 1);
    ck_assert_uint_eq(world_traced_count(world, spoke, TRACE_REGISTERED), 2);
    world_forget(world);
    world_ping(world, server, lan_addr(1, 5), tunnel_addr(11));
    ck_assert(addr_equal(world->sent[0].packet.outer.destination, nbma_addr(99)));
    world_free(world);
}
END_TEST

SUITE_MAIN("registration_client", request_is_ciscos_octet_by_octet,
           without_the_unique_flag_the_prefix_is_a_host, unanswered_requests_back_off_with_one_id,
           registration_is_renewed_at_a_third_with_a_new_id,
           retries_come_no_slower_than_a_third_of_the_holding_time, refused_client_asks_again_later,
           lost_registration_is_noticed_and_found_again, late_and_strange_replies_change_nothing,
           link_outage_and_new_address_register_anew)
