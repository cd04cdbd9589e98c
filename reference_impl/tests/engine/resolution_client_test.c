/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "harness.h"
#include "suite.h"

/* A Phase 3 spoke whose hub is the test itself. */
static struct world *world;
static int spoke;

static void spoke_up(uint16_t hold_s)
{
    struct node_config config = spoke_config(11);
    config.shortcut = true;
    config.hold_s = hold_s;
    config_route(&config, "10.0.0.0/8", tunnel_addr(1));
    world = world_new();
    spoke = world_add(world, &config);
    world_forget(world);
}

/* The hub says that a packet of 10.11.0.5 to that destination has a better way. */
static void redirect_to(struct addr destination)
{
    struct nhrp_message message =
        test_message(NHRP_TRAFFIC_INDICATION, nbma_addr(1), tunnel_addr(1), lan_addr(11, 5));
    uint8_t buf[64];
    struct writer w = writer_of(buf, sizeof buf);
    struct ip ip = {.source = lan_addr(11, 5), .destination = destination, .protocol = 17, .ttl = 60};
    ip_write(&w, &ip, span_of("12345678", 8));
    message.contents = span_of(buf, w.pos);
    world_inject_nhrp(world, nbma_addr(1), spoke, &message);
}

static const struct sent *request(enum send_reason reason, size_t n)
{
    const struct sent *sent = world_sent(world, spoke, reason, n);
    ck_assert_ptr_nonnull(sent);
    return sent;
}

static void answer(const struct sent *to, const struct nhrp_cie *cie, struct addr from)
{
    struct nhrp_message reply = to->packet.nhrp;
    reply.fixed.type = NHRP_RESOLUTION_REPLY;
    reply.cies = test_cies(cie);
    reply.extensions = (struct span){0};
    world_inject_nhrp(world, from, spoke, &reply);
}

/* Spoke 12 is the egress for 10.12.0.0/24. */
static void answer_well(const struct sent *to, uint16_t hold_s)
{
    struct addr nbma = nbma_addr(12), protocol = tunnel_addr(12);
    answer(
        to,
        &(struct nhrp_cie){
            .prefix_len = 24, .hold_s = hold_s, .nbma = addr_span(&nbma), .protocol = addr_span(&protocol)},
        nbma_addr(12));
}

static struct addr data_goes_to(struct addr destination)
{
    size_t before = world->sent_count;
    world_ping(world, spoke, lan_addr(11, 5), destination);
    ck_assert_uint_gt(world->sent_count, before);
    return world->sent[world->sent_count - 1].packet.outer.destination;
}

START_TEST(redirects_in_a_row_make_one_request)
{
    spoke_up(600);
    for (int i = 0; i < 5; i++)
        redirect_to(lan_addr(12, 5));
    ck_assert_uint_eq(world_sent_count(world, spoke, SEND_RESOLUTION_REDIRECTED), 1);
    const struct sent *sent = request(SEND_RESOLUTION_REDIRECTED, 0);
    ck_assert_uint_eq(sent->packet.outer.tos, 0xc0);
    struct nhrp_cie cie = first_cie(&sent->packet.nhrp);
    ck_assert_uint_eq(cie.hold_s, 600);
    ck_assert(sent->packet.nhrp.resolution.source_stable);
    world_free(world);
}
END_TEST

START_TEST(unanswered_request_is_repeated_and_given_up_but_not_for_good)
{
    spoke_up(600);
    redirect_to(lan_addr(12, 5));
    struct instant at = world->sent[0].at;
    world_run_s(world, 20);
    const int64_t waits_s[] = {1, 2, 4};
    ck_assert_uint_eq(world_sent_count(world, spoke, SEND_RESOLUTION_RETRY), 3);
    for (size_t i = 0; i < 3; i++) {
        const struct sent *retry = request(SEND_RESOLUTION_RETRY, i);
        at = instant_after_s(at, waits_s[i]);
        ck_assert_int_eq(retry->at.us, at.us);
        ck_assert_uint_eq(retry->packet.nhrp.request_id,
                          request(SEND_RESOLUTION_REDIRECTED, 0)->packet.nhrp.request_id);
    }
    ck_assert_uint_eq(world_traced_count(world, spoke, TRACE_RESOLUTION_FAILED), 1);
    redirect_to(lan_addr(12, 5)); /* silence is no refusal */
    ck_assert_uint_eq(world_sent_count(world, spoke, SEND_RESOLUTION_REDIRECTED), 2);
    ck_assert_uint_gt(request(SEND_RESOLUTION_REDIRECTED, 1)->packet.nhrp.request_id,
                      request(SEND_RESOLUTION_REDIRECTED, 0)->packet.nhrp.request_id);
    world_free(world);
}
END_TEST

START_TEST(answer_installs_route_and_neighbour)
{
    spoke_up(600);
    redirect_to(lan_addr(12, 5));
    answer_well(request(SEND_RESOLUTION_REDIRECTED, 0), 600);
    bool route = false, neighbour = false;
    for (size_t i = 0; i < world->traced_count; i++) {
        const struct node_output *out = &world->traced[i].output;
        if (out->kind == OUTPUT_ROUTE)
            route = out->route.install && addr_equal(out->route.prefix.addr, lan_addr(12, 0)) &&
                    out->route.prefix.len == 24 && addr_equal(out->route.via, tunnel_addr(12));
        if (out->kind == OUTPUT_NEIGHBOUR)
            neighbour = out->neighbour.bind && addr_equal(out->neighbour.nbma, nbma_addr(12));
    }
    ck_assert(route && neighbour);
    ck_assert(addr_equal(data_goes_to(lan_addr(12, 200)), nbma_addr(12)));
    ck_assert(addr_equal(data_goes_to(lan_addr(13, 5)), nbma_addr(1)));
    world_free(world);
}
END_TEST

START_TEST(refusal_is_remembered_for_the_holding_time)
{
    spoke_up(30);
    redirect_to(lan_addr(12, 5));
    struct addr bogus = nbma_addr(12);
    answer(request(SEND_RESOLUTION_REDIRECTED, 0),
           &(struct nhrp_cie){.code = NHRP_CIE_NO_BINDING, .hold_s = 60, .nbma = addr_span(&bogus)},
           nbma_addr(1));
    ck_assert(addr_equal(data_goes_to(lan_addr(12, 5)), nbma_addr(1)));
    for (int i = 0; i < 9; i++) {
        world_run_s(world, 3);
        redirect_to(lan_addr(12, 5));
    }
    ck_assert_uint_eq(world_sent_count(world, spoke, SEND_RESOLUTION_REDIRECTED), 1);
    world_run_s(world, 3);
    redirect_to(lan_addr(12, 5));
    ck_assert_uint_eq(world_sent_count(world, spoke, SEND_RESOLUTION_REDIRECTED), 2);
    world_free(world);
}
END_TEST

START_TEST(error_about_the_destination_is_a_refusal)
{
    spoke_up(30);
    redirect_to(lan_addr(12, 5));
    const struct sent *sent = request(SEND_RESOLUTION_REDIRECTED, 0);
    struct nhrp_message report =
        test_message(NHRP_ERROR_INDICATION, nbma_addr(1), tunnel_addr(1), tunnel_addr(11));
    report.error.code = NHRP_ERROR_ADDRESS_UNREACHABLE;
    report.contents = sent->packet.gre.payload;
    world_inject_nhrp(world, nbma_addr(1), spoke, &report);
    world_run_s(world, 5);
    redirect_to(lan_addr(12, 5));
    ck_assert_uint_eq(world_sent_count(world, spoke, SEND_RESOLUTION_REDIRECTED), 1);
    ck_assert_uint_eq(world_sent_count(world, spoke, SEND_RESOLUTION_RETRY), 0);
    world_free(world);
}
END_TEST

START_TEST(unsolicited_reply_is_reported_and_a_late_one_is_not)
{
    spoke_up(600);
    redirect_to(lan_addr(12, 5));
    const struct sent *sent = request(SEND_RESOLUTION_REDIRECTED, 0);
    answer_well(sent, 600);
    answer_well(sent, 600);
    ck_assert_uint_eq(world_drops(world, spoke, DROP_DUPLICATE), 1);
    ck_assert_uint_eq(world_sent_count(world, spoke, SEND_ERROR), 0);

    struct sent forged = *sent;
    forged.packet.nhrp.request_id += 1000;
    answer_well(&forged, 600);
    const struct sent *error = request(SEND_ERROR, 0);
    ck_assert_uint_eq(error->packet.nhrp.error.code, NHRP_ERROR_INVALID_REPLY);
    ck_assert_uint_eq(error->packet.nhrp.error.offset, 24);
    ck_assert(addr_equal(error->packet.outer.destination, nbma_addr(12)));

    forged.packet.nhrp.request_id -= 1000; /* the right id for another destination */
    struct addr other = lan_addr(13, 5);
    forged.packet.nhrp.destination_protocol = addr_span(&other);
    answer_well(&forged, 600);
    ck_assert_uint_eq(world_sent_count(world, spoke, SEND_ERROR), 2);
    world_free(world);
}
END_TEST

START_TEST(answers_that_cannot_be_used_install_nothing)
{
    spoke_up(600);
    redirect_to(lan_addr(12, 5));
    const struct sent *sent = request(SEND_RESOLUTION_REDIRECTED, 0);
    struct addr zero = addr_ipv4(0, 0, 0, 0), own_nbma = nbma_addr(11), nbma = nbma_addr(12);
    struct addr own = tunnel_addr(11), egress = tunnel_addr(12);
    const struct nhrp_cie bad[] = {
        {.hold_s = 60, .protocol = addr_span(&egress)},
        {.hold_s = 60, .nbma = addr_span(&zero), .protocol = addr_span(&egress)},
        {.hold_s = 60, .nbma = addr_span(&own_nbma), .protocol = addr_span(&egress)},
        {.hold_s = 60, .nbma = addr_span(&nbma), .protocol = addr_span(&own)},
        {.hold_s = 0, .nbma = addr_span(&nbma), .protocol = addr_span(&egress)},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        answer(sent, &bad[i], nbma_addr(1));
    ck_assert_uint_eq(world_drops(world, spoke, DROP_UNUSABLE_ANSWER), sizeof bad / sizeof *bad);
    ck_assert(addr_equal(data_goes_to(lan_addr(12, 5)), nbma_addr(1)));
    answer_well(sent, 60); /* the request is still open */
    ck_assert(addr_equal(data_goes_to(lan_addr(12, 5)), nbma_addr(12)));
    world_free(world);
}
END_TEST

START_TEST(prefix_that_would_swallow_the_tunnel_is_cut_to_a_host)
{
    spoke_up(600);
    redirect_to(lan_addr(12, 5));
    struct addr nbma = nbma_addr(12), protocol = tunnel_addr(12);
    answer(request(SEND_RESOLUTION_REDIRECTED, 0),
           &(struct nhrp_cie){
               .prefix_len = 1, .hold_s = 60, .nbma = addr_span(&nbma), .protocol = addr_span(&protocol)},
           nbma_addr(12));
    ck_assert(addr_equal(data_goes_to(lan_addr(12, 5)), nbma_addr(12)));
    ck_assert(addr_equal(data_goes_to(lan_addr(12, 6)), nbma_addr(1)));
    world_free(world);
}
END_TEST

START_TEST(two_destinations_in_one_prefix_share_its_shortcut)
{
    spoke_up(600);
    redirect_to(lan_addr(12, 5));
    redirect_to(lan_addr(12, 6));
    answer_well(request(SEND_RESOLUTION_REDIRECTED, 0), 90);
    answer_well(request(SEND_RESOLUTION_REDIRECTED, 1), 90);
    ck_assert_uint_eq(world_traced_count(world, spoke, TRACE_SHORTCUT_INSTALLED), 1);
    ck_assert(addr_equal(data_goes_to(lan_addr(12, 7)), nbma_addr(12)));
    world_run_s(world, 61);
    ck_assert_uint_eq(world_sent_count(world, spoke, SEND_RESOLUTION_RENEWAL), 1);
    world_run_s(world, 30);
    ck_assert_uint_eq(world_traced_count(world, spoke, TRACE_SHORTCUT_REMOVED), 1);
    world_free(world);
}
END_TEST

START_TEST(unanswered_renewal_ends_with_the_holding_time)
{
    spoke_up(600);
    redirect_to(lan_addr(12, 5));
    answer_well(request(SEND_RESOLUTION_REDIRECTED, 0), 90);
    data_goes_to(lan_addr(12, 5));
    world_run_us(world, 90 * US_PER_S - 1);
    ck_assert_uint_eq(world_sent_count(world, spoke, SEND_RESOLUTION_RENEWAL), 1);
    ck_assert(addr_equal(request(SEND_RESOLUTION_RENEWAL, 0)->packet.outer.destination, nbma_addr(1)));
    ck_assert(addr_equal(data_goes_to(lan_addr(12, 5)), nbma_addr(12)));
    world_run_us(world, 1);
    ck_assert(addr_equal(data_goes_to(lan_addr(12, 5)), nbma_addr(1)));
    world_free(world);
}
END_TEST

START_TEST(address_behind_a_nat_is_taken_from_the_extension)
{
    spoke_up(600);
    redirect_to(lan_addr(12, 5));
    struct nhrp_message reply = request(SEND_RESOLUTION_REDIRECTED, 0)->packet.nhrp;
    struct addr claimed = addr_ipv4(198, 51, 100, 7), protocol = tunnel_addr(12);
    reply.fixed.type = NHRP_RESOLUTION_REPLY;
    reply.cies = test_cies(&(struct nhrp_cie){
        .prefix_len = 24, .hold_s = 90, .nbma = addr_span(&claimed), .protocol = addr_span(&protocol)});
    reply.extensions = test_hex("0009 0014 00200000 0578 0000 04000400 c000020c 0aff000c 80000000");
    world_inject_nhrp(world, nbma_addr(12), spoke, &reply);
    ck_assert(addr_equal(data_goes_to(lan_addr(12, 5)), nbma_addr(12)));
    world_free(world);
}
END_TEST

START_TEST(full_request_table_is_no_disaster)
{
    struct node_config config = spoke_config(11);
    config.shortcut = true;
    config.max_requests = 2;
    config_route(&config, "10.0.0.0/8", tunnel_addr(1));
    world = world_new();
    spoke = world_add(world, &config);
    for (unsigned i = 0; i < 3; i++)
        redirect_to(lan_addr(12 + i, 5));
    ck_assert_uint_eq(world_sent_count(world, spoke, SEND_RESOLUTION_REDIRECTED), 2);
    ck_assert_uint_eq(world_drops(world, spoke, DROP_TABLE_FULL), 1);
    world_free(world);
}
END_TEST

SUITE_MAIN("resolution_client", redirects_in_a_row_make_one_request,
           unanswered_request_is_repeated_and_given_up_but_not_for_good, answer_installs_route_and_neighbour,
           refusal_is_remembered_for_the_holding_time, error_about_the_destination_is_a_refusal,
           unsolicited_reply_is_reported_and_a_late_one_is_not, answers_that_cannot_be_used_install_nothing,
           prefix_that_would_swallow_the_tunnel_is_cut_to_a_host,
           two_destinations_in_one_prefix_share_its_shortcut, unanswered_renewal_ends_with_the_holding_time,
           address_behind_a_nat_is_taken_from_the_extension, full_request_table_is_no_disaster)
