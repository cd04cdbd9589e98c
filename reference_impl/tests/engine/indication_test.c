/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "harness.h"
#include "suite.h"

static struct world *world;
static int hub, a, b;

static void cloud_up(bool redirect)
{
    struct node_config h = hub_config(), s = spoke_config(11), t = spoke_config(12);
    h.redirect = redirect;
    config_route(&h, "10.11.0.0/24", tunnel_addr(11));
    config_route(&h, "10.12.0.0/24", tunnel_addr(12));
    config_route(&s, "10.0.0.0/8", tunnel_addr(1));
    config_route(&t, "10.0.0.0/8", tunnel_addr(1));
    world = world_new();
    hub = world_add(world, &h);
    a = world_add(world, &s);
    b = world_add(world, &t);
    world_run_s(world, 1);
    world_forget(world);
}

START_TEST(one_redirect_for_a_flow_in_an_interval)
{
    cloud_up(true);
    for (int i = 0; i < 100; i++) {
        world_ping(world, a, lan_addr(11, 5), lan_addr(12, 5));
        world_run_us(world, 10000);
    }
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_REDIRECT), 1);
    ck_assert_uint_eq(node_counters(world->nodes[hub])->redirects_limited, 99);
    world_ping(world, a, lan_addr(11, 5), lan_addr(12, 6));
    world_run_us(world, 10000);
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_REDIRECT), 2); /* another flow */
    world_run_s(world, 2);
    world_ping(world, a, lan_addr(11, 5), lan_addr(12, 5));
    world_run_us(world, 10000);
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_REDIRECT), 3);
    world_free(world);
}
END_TEST

START_TEST(no_redirect_where_none_is_wanted)
{
    cloud_up(false);
    world_ping(world, a, lan_addr(11, 5), lan_addr(12, 5));
    world_run_us(world, 10000);
    ck_assert_uint_eq(world->delivered_count, 1);
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_REDIRECT), 0);
    world_free(world);
    cloud_up(true);
    world_ping(world, a, lan_addr(11, 5), lan_addr(1, 5));          /* the hub's own site */
    world_ping(world, a, lan_addr(11, 5), addr_ipv4(10, 77, 0, 1)); /* nowhere */
    world_ping(world, a, lan_addr(11, 5), lan_addr(11, 99));        /* stays at home */
    world_run_us(world, 10000);
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_REDIRECT), 0);
    world_free(world);
}
END_TEST

START_TEST(long_packet_is_cut_to_its_head)
{
    cloud_up(true);
    uint8_t buf[1400], payload[1300] = {0};
    struct ip ip = {.source = lan_addr(11, 5), .destination = lan_addr(12, 5), .protocol = 17, .ttl = 9};
    struct writer w = writer_of(buf, sizeof buf);
    ip_write(&w, &ip, span_of(payload, sizeof payload));
    struct node_input input = {.kind = INPUT_OVERLAY, .packet = span_of(buf, w.pos)};
    world_input(world, a, &input);
    world_run_us(world, 10000);
    const struct nhrp_message *m = &world_sent(world, hub, SEND_REDIRECT, 0)->packet.nhrp;
    ck_assert_uint_eq(m->contents.len, 64);
    struct ip head;
    ck_assert_int_eq(ip_decode_head(m->contents, &head).status, CODEC_OK);
    ck_assert(addr_equal(head.destination, lan_addr(12, 5)));
    world_free(world);
}
END_TEST

/* A redirect from the hub about a packet from source to destination, of which len octets are shown. */
static void redirect(int station, struct addr source, struct addr destination, size_t len)
{
    struct nhrp_message message =
        test_message(NHRP_TRAFFIC_INDICATION, nbma_addr(1), tunnel_addr(1), destination);
    uint8_t buf[1500] = {0};
    struct writer w = writer_of(buf, sizeof buf);
    struct ip ip = {.source = source, .destination = destination, .protocol = 17, .ttl = 60};
    ip_write_header(&w, &ip, 1400);
    message.contents = span_of(buf, len);
    world_inject_nhrp(world, nbma_addr(1), station, &message);
}

static void spoke_up(bool shortcut, enum tunnel_mode mode)
{
    struct node_config s = spoke_config(11);
    s.shortcut = shortcut;
    s.tunnel.mode = mode;
    s.tunnel.destination = nbma_addr(1);
    config_route(&s, "10.0.0.0/8", tunnel_addr(1));
    world = world_new();
    a = world_add(world, &s);
    world_forget(world);
}

START_TEST(any_length_of_head_will_do_but_no_half_header)
{
    spoke_up(true, TUNNEL_MULTIPOINT);
    const size_t lens[] = {20, 28, 128, 1300};
    for (unsigned i = 0; i < 4; i++)
        redirect(a, lan_addr(11, 5), lan_addr(20 + i, 5), lens[i]);
    ck_assert_uint_eq(world_sent_count(world, a, SEND_RESOLUTION_REDIRECTED), 4);
    redirect(a, lan_addr(11, 5), lan_addr(30, 5), 19);
    redirect(a, lan_addr(11, 5), lan_addr(31, 5), 4);
    redirect(a, lan_addr(11, 5), lan_addr(32, 5), 0);
    ck_assert_uint_eq(world->sent_count, 4);
    ck_assert_uint_eq(world_drops(world, a, DROP_INNER_MALFORMED), 3);
    world_free(world);
}
END_TEST

START_TEST(draft_form_of_the_destination_is_understood)
{
    spoke_up(true, TUNNEL_MULTIPOINT);
    redirect(a, lan_addr(11, 5), lan_addr(12, 5), 28); /* redirect() writes the data's destination */
    ck_assert_uint_eq(world_sent_count(world, a, SEND_RESOLUTION_REDIRECTED), 1);
    world_free(world);
}
END_TEST

START_TEST(only_the_ingress_acts)
{
    spoke_up(true, TUNNEL_MULTIPOINT);
    redirect(a, lan_addr(13, 5), lan_addr(12, 5), 28);
    ck_assert_uint_eq(world_drops(world, a, DROP_INTERMEDIATE), 1);
    redirect(a, lan_addr(11, 5), lan_addr(11, 6), 28);
    ck_assert_uint_eq(world_drops(world, a, DROP_NO_ROUTE), 1);
    redirect(a, lan_addr(11, 5), addr_ipv4(224, 0, 0, 9), 28);
    ck_assert_uint_eq(world_drops(world, a, DROP_MULTICAST), 1);
    ck_assert_uint_eq(world->sent_count, 0);
    redirect(a, tunnel_addr(11), lan_addr(12, 5), 28); /* the router's own packet */
    ck_assert_uint_eq(world_sent_count(world, a, SEND_RESOLUTION_REDIRECTED), 1);
    world_free(world);
}
END_TEST

START_TEST(phase_1_and_2_spokes_ignore_redirects)
{
    spoke_up(false, TUNNEL_MULTIPOINT);
    redirect(a, lan_addr(11, 5), lan_addr(12, 5), 28);
    ck_assert_uint_eq(world_drops(world, a, DROP_NO_SHORTCUT), 1);
    ck_assert_uint_eq(world->sent_count, 0);
    world_free(world);
    spoke_up(true, TUNNEL_POINT_TO_POINT);
    redirect(a, lan_addr(11, 5), lan_addr(12, 5), 28);
    ck_assert_uint_eq(world_drops(world, a, DROP_NO_SHORTCUT), 1);
    ck_assert_uint_eq(world->sent_count, 0);
    world_free(world);
}
END_TEST

SUITE_MAIN("indication", one_redirect_for_a_flow_in_an_interval, no_redirect_where_none_is_wanted,
           long_packet_is_cut_to_its_head, any_length_of_head_will_do_but_no_half_header,
           draft_form_of_the_destination_is_understood, only_the_ingress_acts,
           phase_1_and_2_spokes_ignore_redirects)
