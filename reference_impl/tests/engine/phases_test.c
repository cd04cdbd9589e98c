/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The three phases from end to end: one hub, two spokes, a host behind each. */
#include "harness.h"
#include "suite.h"

#include <stdio.h>

struct cloud {
    struct world *world;
    int hub, a, b;
};

static struct cloud cloud_up(const struct node_config *hub, const struct node_config *a,
                             const struct node_config *b)
{
    struct cloud c = {.world = world_new()};
    c.world->echo = true;
    c.hub = world_add(c.world, hub);
    c.a = world_add(c.world, a);
    c.b = world_add(c.world, b);
    world_run_s(c.world, 1);
    world_forget(c.world);
    return c;
}

static void hub_routes_to(struct node_config *hub, unsigned site)
{
    char prefix[32];
    snprintf(prefix, sizeof prefix, "10.%u.0.0/24", site);
    config_route(hub, prefix, tunnel_addr(site));
}

static struct cloud phase1(void)
{
    struct node_config hub = hub_config(), a = spoke_config(11), b = spoke_config(12);
    hub_routes_to(&hub, 11);
    hub_routes_to(&hub, 12);
    struct node_config *spokes[] = {&a, &b};
    for (int i = 0; i < 2; i++) {
        spokes[i]->tunnel.mode = TUNNEL_POINT_TO_POINT;
        spokes[i]->tunnel.destination = nbma_addr(1);
        config_route(spokes[i], "0.0.0.0/0", tunnel_addr(1));
    }
    return cloud_up(&hub, &a, &b);
}

static struct cloud phase2(void)
{
    struct node_config hub = hub_config(), a = spoke_config(11), b = spoke_config(12);
    hub_routes_to(&hub, 11);
    hub_routes_to(&hub, 12);
    config_route(&a, "10.12.0.0/24", tunnel_addr(12));
    config_route(&b, "10.11.0.0/24", tunnel_addr(11));
    return cloud_up(&hub, &a, &b);
}

static struct cloud phase3_with(uint16_t hold_s, const char *password)
{
    struct node_config hub = hub_config(), a = spoke_config(11), b = spoke_config(12);
    hub.redirect = true;
    hub.resolution = RESOLUTION_FORWARD;
    hub_routes_to(&hub, 11);
    hub_routes_to(&hub, 12);
    struct node_config *all[] = {&hub, &a, &b};
    for (int i = 0; i < 3; i++) {
        snprintf(all[i]->password, sizeof all[i]->password, "%s", password);
        all[i]->hold_s = hold_s;
        if (i > 0) {
            all[i]->shortcut = true;
            config_route(all[i], "10.0.0.0/8", tunnel_addr(1));
        }
    }
    return cloud_up(&hub, &a, &b);
}

static void ping(struct cloud *c)
{
    world_ping(c->world, c->a, lan_addr(11, 5), lan_addr(12, 5));
}

/* Did the last ping come back? Its path as a text: one letter for each packet's sender. */
static const char *ping_path(struct cloud *c)
{
    static char path[64];
    size_t len = 0;
    world_run_s(c->world, 3); /* past the redirect's rate limit */
    world_forget(c->world);
    ping(c);
    world_run_us(c->world, 20 * LATENCY_US);
    bool back =
        c->world->delivered_count > 0 && c->world->delivered[c->world->delivered_count - 1].station == c->a;
    ck_assert(back);
    for (size_t i = 0; i < c->world->sent_count && len < sizeof path - 1; i++) {
        const struct sent *sent = &c->world->sent[i];
        if (sent->packet.kind == PACKET_DATA)
            path[len++] = sent->station == c->hub ? 'h' : sent->station == c->a ? 'a' : 'b';
    }
    path[len] = 0;
    return path;
}

START_TEST(phase1_goes_through_the_hub_for_ever)
{
    struct cloud c = phase1();
    for (int i = 0; i < 5; i++)
        ck_assert_str_eq(ping_path(&c), "ahbh");
    ck_assert_uint_eq(world_sent_count(c.world, -1, SEND_REDIRECT), 0);
    ck_assert_uint_eq(world_sent_count(c.world, -1, SEND_RESOLUTION_NEXT_HOP), 0);
    ck_assert_uint_eq(world_sent_count(c.world, -1, SEND_DATA_DIRECT), 0);
    ck_assert_uint_eq(world_sent_count(c.world, -1, SEND_DATA_SHORTCUT), 0);
    world_free(c.world);
}
END_TEST

START_TEST(phase2_asks_the_hub_for_the_next_hop)
{
    struct cloud c = phase2();
    ping(&c);
    ck_assert_uint_eq(world_sent_count(c.world, c.a, SEND_DATA_TO_HUB), 1);
    const struct sent *request = world_sent(c.world, c.a, SEND_RESOLUTION_NEXT_HOP, 0);
    ck_assert_ptr_nonnull(request);
    ck_assert(addr_equal(request->packet.outer.destination, nbma_addr(1)));
    const struct nhrp_message *m = &request->packet.nhrp;
    ck_assert(addr_equal(addr_from_span(m->destination_protocol), tunnel_addr(12)));
    ck_assert(m->resolution.requester_is_router && m->resolution.authoritative &&
              m->resolution.source_stable);
    ck_assert(!m->resolution.unique);
    ck_assert_uint_eq(first_cie(m).prefix_len, 0);
    ck_assert_str_eq(extension_types(m), "8003 8004 8005 0009 8000");
    world_run_us(c.world, 10 * LATENCY_US);

    const struct sent *reply = world_sent(c.world, c.hub, SEND_RESOLUTION_REPLY_SERVER, 0);
    ck_assert_ptr_nonnull(reply);
    m = &reply->packet.nhrp;
    struct nhrp_cie cie = first_cie(m);
    ck_assert(m->resolution.authoritative);
    ck_assert_uint_eq(cie.code, NHRP_CIE_OK);
    ck_assert(addr_equal(addr_from_span(cie.nbma), nbma_addr(12)));
    ck_assert(addr_equal(addr_from_span(cie.protocol), tunnel_addr(12)));
    ck_assert_uint_eq(cie.hold_s, 599); /* what is left of 600 after less than a second */

    ck_assert_str_eq(ping_path(&c), "ab");
    ck_assert_uint_eq(world_sent_count(c.world, -1, SEND_REDIRECT), 0);
    world_free(c.world);
}
END_TEST

START_TEST(phase3_redirect_resolution_shortcut)
{
    struct cloud c = phase3_with(600, "secret");
    ping(&c);
    world_run_us(c.world, 20 * LATENCY_US);

    const struct sent *redirect = world_sent(c.world, c.hub, SEND_REDIRECT, 0);
    ck_assert_ptr_nonnull(redirect);
    const struct nhrp_message *m = &redirect->packet.nhrp;
    ck_assert(addr_equal(redirect->packet.outer.destination, nbma_addr(11)));
    ck_assert(addr_equal(addr_from_span(m->source_protocol), tunnel_addr(1)));
    ck_assert(addr_equal(addr_from_span(m->destination_protocol), lan_addr(11, 5)));
    ck_assert_uint_eq(m->fixed.hop_count, 255);
    ck_assert_uint_eq(m->traffic.code, 0);
    ck_assert_uint_eq(m->contents.len, 54); /* the whole packet, shorter than 64 octets */
    ck_assert_str_eq(extension_types(m), "8004 8005 8007 0009 8000");

    const struct sent *request = world_sent(c.world, c.a, SEND_RESOLUTION_REDIRECTED, 0);
    ck_assert_ptr_nonnull(request);
    ck_assert(addr_equal(addr_from_span(request->packet.nhrp.destination_protocol), lan_addr(12, 5)));
    ck_assert(addr_equal(request->packet.outer.destination, nbma_addr(1)));

    const struct sent *passed = world_sent(c.world, c.hub, SEND_FORWARDED, 0);
    ck_assert_ptr_nonnull(passed);
    m = &passed->packet.nhrp;
    ck_assert(addr_equal(passed->packet.outer.destination, nbma_addr(12)));
    ck_assert_uint_eq(m->fixed.hop_count, 254);
    ck_assert_str_eq(extension_types(m), "8003 8004 8005 8007 0009 8000");
    struct nhrp_ext record;
    ck_assert(nhrp_ext_find(m->extensions, NHRP_EXT_FORWARD_TRANSIT, &record));
    struct nhrp_cie cie;
    ck_assert(nhrp_cie_next(&record.value, &cie));
    ck_assert(addr_equal(addr_from_span(cie.protocol), tunnel_addr(1)));
    ck_assert(addr_equal(addr_from_span(cie.nbma), nbma_addr(1)));
    ck_assert_uint_eq(cie.prefix_len, 0);
    ck_assert_uint_eq(record.value.len, 0);

    const struct sent *reply = world_sent(c.world, c.b, SEND_RESOLUTION_REPLY_EGRESS, 0);
    ck_assert_ptr_nonnull(reply);
    m = &reply->packet.nhrp;
    ck_assert(addr_equal(reply->packet.outer.destination, nbma_addr(11))); /* spoke to spoke */
    cie = first_cie(m);
    ck_assert_uint_eq(cie.prefix_len, 24);
    ck_assert(addr_equal(addr_from_span(cie.nbma), nbma_addr(12)));
    ck_assert(addr_equal(addr_from_span(cie.protocol), tunnel_addr(12)));
    ck_assert_str_eq(extension_types(m), "8003 8004 8005 8007 0009 8000");
    ck_assert(nhrp_ext_find(m->extensions, NHRP_EXT_RESPONDER_ADDRESS, &record));
    ck_assert(nhrp_cie_next(&record.value, &cie));
    ck_assert(addr_equal(addr_from_span(cie.protocol), tunnel_addr(12)));

    const struct node_output *shortcut = world_traced(c.world, c.a, TRACE_SHORTCUT_INSTALLED);
    ck_assert_ptr_nonnull(shortcut);
    ck_assert(addr_equal(shortcut->trace.protocol, lan_addr(12, 0)));
    ck_assert_uint_eq(shortcut->trace.number, 24);
    ck_assert_str_eq(ping_path(&c), "ab");
    world_free(c.world);
}
END_TEST

START_TEST(phase3_shortcut_serves_the_whole_prefix)
{
    struct cloud c = phase3_with(600, "");
    ping(&c);
    world_run_s(c.world, 5);
    world_forget(c.world);
    world_ping(c.world, c.a, lan_addr(11, 9), lan_addr(12, 77));
    ck_assert_uint_eq(world_sent_count(c.world, c.a, SEND_DATA_SHORTCUT), 1);
    world_run_s(c.world, 5);
    ck_assert_uint_eq(world_sent_count(c.world, -1, SEND_REDIRECT), 0);
    world_free(c.world);
}
END_TEST

START_TEST(phase3_shortcut_in_use_is_renewed_through_the_hub)
{
    struct cloud c = phase3_with(60, "");
    for (int i = 0; i < 200; i++) {
        ping(&c);
        world_run_s(c.world, 1);
    }
    ck_assert_uint_ge(world_sent_count(c.world, c.a, SEND_RESOLUTION_RENEWAL), 4);
    for (size_t i = 0; world_sent(c.world, c.a, SEND_RESOLUTION_RENEWAL, i); i++)
        ck_assert(addr_equal(world_sent(c.world, c.a, SEND_RESOLUTION_RENEWAL, i)->packet.outer.destination,
                             nbma_addr(1)));
    ck_assert_uint_eq(world_traced_count(c.world, c.a, TRACE_SHORTCUT_REMOVED), 0);
    ck_assert_uint_le(world_sent_count(c.world, c.a, SEND_DATA_TO_HUB), 1);
    world_free(c.world);
}
END_TEST

START_TEST(phase3_unused_shortcut_expires_and_can_be_made_again)
{
    struct cloud c = phase3_with(60, "");
    ping(&c);
    world_run_s(c.world, 50); /* used in its first moment, so renewed once, at 40 s */
    world_run_s(c.world, 110);
    ck_assert_uint_eq(world_traced_count(c.world, c.a, TRACE_SHORTCUT_REMOVED), 1);
    world_forget(c.world);
    ping(&c);
    world_run_s(c.world, 1);
    ck_assert_uint_eq(world_sent_count(c.world, c.hub, SEND_REDIRECT), 2); /* one for each direction */
    ck_assert_uint_eq(world_traced_count(c.world, c.a, TRACE_SHORTCUT_INSTALLED), 1);
    ck_assert_str_eq(ping_path(&c), "ab");
    world_free(c.world);
}
END_TEST

START_TEST(the_same_inputs_give_the_same_octets)
{
    struct cloud runs[2] = {phase3_with(60, "secret"), phase3_with(60, "secret")};
    for (int r = 0; r < 2; r++)
        for (int i = 0; i < 100; i++) {
            ping(&runs[r]);
            world_run_us(runs[r].world, 777777);
        }
    ck_assert_uint_eq(runs[0].world->sent_count, runs[1].world->sent_count);
    for (size_t i = 0; i < runs[0].world->sent_count; i++) {
        const struct sent *x = &runs[0].world->sent[i], *y = &runs[1].world->sent[i];
        ck_assert_int_eq(x->at.us, y->at.us);
        ck_assert(span_equal(x->bytes, y->bytes));
    }
    world_free(runs[0].world);
    world_free(runs[1].world);
}
END_TEST

SUITE_MAIN("phases", phase1_goes_through_the_hub_for_ever, phase2_asks_the_hub_for_the_next_hop,
           phase3_redirect_resolution_shortcut, phase3_shortcut_serves_the_whole_prefix,
           phase3_shortcut_in_use_is_renewed_through_the_hub,
           phase3_unused_shortcut_expires_and_can_be_made_again, the_same_inputs_give_the_same_octets)
