/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tunnel inside ESP. The harness sees no NHRP there, so these nodes are driven by hand. */
#include "engine/ipsec.h"

#include "harness.h"
#include "suite.h"

#include <string.h>

#include "codec/esp.h"
#include "engine/show.h"

static const uint8_t key[20] = "sixteen octets+salt";

static struct esp_sa_config association(enum esp_direction direction, uint32_t spi, unsigned from,
                                        uint16_t from_port, unsigned to, uint16_t to_port)
{
    return (struct esp_sa_config){
        .direction = direction,
        .algorithm = ESP_AES_128_GCM,
        .spi = spi,
        .source = nbma_addr(from),
        .destination = nbma_addr(to),
        .source_port = from_port,
        .destination_port = to_port,
        .key = span_of(key, sizeof key),
        .replay_window = direction == ESP_INBOUND ? 64 : 0,
    };
}

struct outputs {
    struct node_output of[32];
    uint8_t bytes[32][2048];
    size_t count;
};

static void put(struct node *node, const struct node_input *input, struct outputs *out)
{
    static int64_t clock_us = 1000000;
    node_input(node, (struct instant){clock_us += 1000}, input);
    out->count = 0;
    for (struct node_output o; node_output(node, &o);) {
        ck_assert_uint_lt(out->count, 32);
        if (o.kind == OUTPUT_UNDERLAY) {
            memcpy(out->bytes[out->count], o.underlay.packet.data, o.underlay.packet.len);
            o.underlay.packet.data = out->bytes[out->count];
        }
        out->of[out->count++] = o;
    }
}

static const struct node_output *output_of(const struct outputs *out, enum node_output_kind kind, size_t n)
{
    for (size_t i = 0; i < out->count; i++)
        if (out->of[i].kind == kind && n-- == 0)
            return &out->of[i];
    return NULL;
}

static struct span sent_by(const struct outputs *out)
{
    const struct node_output *o = output_of(out, OUTPUT_UNDERLAY, 0);
    ck_assert_ptr_nonnull(o);
    return o->underlay.packet;
}

static struct node *node_with(struct node_config config, const struct esp_sa_config *list, size_t count)
{
    const char *why = NULL;
    config.ipsec = (struct ipsec_config){IPSEC_REQUIRED, list, count, 0};
    struct node *node = node_create(&config, 1, &why);
    ck_assert_msg(node != NULL, "%s", why);
    return node;
}

static struct node_input arrival(struct span packet)
{
    return (struct node_input){.kind = INPUT_UNDERLAY, .packet = packet};
}

static const struct node_input time_passes = {.kind = INPUT_TIME};
static struct outputs o, p;

START_TEST(registration_inside_static_esp)
{
    struct esp_sa_config at_hub[] = {association(ESP_INBOUND, 0x1000, 11, 0, 1, 0),
                                     association(ESP_OUTBOUND, 0x2000, 1, 0, 11, 0)};
    struct esp_sa_config at_spoke[] = {association(ESP_OUTBOUND, 0x1000, 11, 0, 1, 0),
                                       association(ESP_INBOUND, 0x2000, 1, 0, 11, 0)};
    struct node *hub = node_with(hub_config(), at_hub, 2), *spoke = node_with(spoke_config(11), at_spoke, 2);
    put(spoke, &time_passes, &o);
    struct span request = sent_by(&o);
    struct ip outer;
    ck_assert_int_eq(ip_decode(request, &outer).status, CODEC_OK);
    ck_assert_uint_eq(outer.protocol, IP_PROTOCOL_ESP);
    struct node_input input = arrival(request);
    put(hub, &input, &p);
    ck_assert_uint_eq(node_show_sizes(hub).registrations, 1);
    put(hub, &input, &o); /* replayed */
    ck_assert_uint_eq(node_drop_count(hub, DROP_ESP), 1);
    ck_assert_uint_eq(o.of[0].trace.number, ESP_REPLAYED);
    input = arrival(sent_by(&p));
    put(spoke, &input, &o);
    struct node_cursor cursor = {0};
    struct shown_server server;
    ck_assert(node_show_server(spoke, &cursor, &server));
    ck_assert_str_eq(server.state, "registered");
    node_free(hub);
    node_free(spoke);
}
END_TEST

START_TEST(packets_in_clear_are_refused_both_ways)
{
    struct node_config config = hub_config();
    struct node *plain = node_create(&config, 1, NULL), *hub = node_with(hub_config(), NULL, 0);
    struct node_config s = spoke_config(11);
    struct node *spoke = node_create(&s, 1, NULL);
    put(spoke, &time_passes, &o);
    struct node_input input = arrival(sent_by(&o));
    put(hub, &input, &p);
    ck_assert_uint_eq(node_drop_count(hub, DROP_CLEAR), 1);
    put(plain, &input, &p);
    ck_assert_uint_eq(node_show_sizes(plain).registrations, 1);
    node_free(plain);
    node_free(hub);
    node_free(spoke);
}
END_TEST

START_TEST(missing_association_is_asked_for_and_released)
{
    struct node *spoke = node_with(spoke_config(11), NULL, 0);
    put(spoke, &time_passes, &o);
    ck_assert_ptr_null(output_of(&o, OUTPUT_UNDERLAY, 0));
    ck_assert_uint_eq(node_drop_count(spoke, DROP_NO_SA), 1);
    const struct node_output *wish = output_of(&o, OUTPUT_SA, 0);
    ck_assert_ptr_nonnull(wish);
    ck_assert(wish->sa.want && addr_equal(wish->sa.peer.nbma, nbma_addr(1)));
    ck_assert(addr_equal(wish->sa.local, nbma_addr(11)));
    put(spoke, &(struct node_input){.kind = INPUT_ADMIN, .admin = ADMIN_REGISTER}, &o);
    ck_assert_ptr_null(output_of(&o, OUTPUT_SA, 0)); /* it has been asked for */

    struct esp_sa_config out = association(ESP_OUTBOUND, 0x1000, 11, 0, 1, 0);
    put(spoke, &(struct node_input){.kind = INPUT_SA, .sa = {.add = true, .config = &out}}, &o);
    put(spoke, &(struct node_input){.kind = INPUT_ADMIN, .admin = ADMIN_REGISTER}, &o);
    ck_assert_ptr_nonnull(output_of(&o, OUTPUT_UNDERLAY, 0));
    struct node_input gone = {
        .kind = INPUT_SA,
        .sa = {.direction = ESP_OUTBOUND, .spi = 0x1000, .peer = {.nbma = nbma_addr(1)}},
    };
    put(spoke, &gone, &o);
    put(spoke, &(struct node_input){.kind = INPUT_ADMIN, .admin = ADMIN_REGISTER}, &o);
    ck_assert_ptr_null(output_of(&o, OUTPUT_UNDERLAY, 0));
    ck_assert(output_of(&o, OUTPUT_SA, 0)->sa.want);
    node_free(spoke);
}
END_TEST

START_TEST(association_that_nobody_can_use_is_refused)
{
    struct node *hub = node_with(hub_config(), NULL, 0);
    struct esp_sa_config in = association(ESP_INBOUND, 0x1000, 11, 0, 1, 0);
    struct node_input add = {.kind = INPUT_SA, .sa = {.add = true, .config = &in}};
    put(hub, &add, &o);
    put(hub, &add, &o); /* the SPI is taken */
    ck_assert_uint_eq(node_drop_count(hub, DROP_SA_REFUSED), 1);
    in.key.len = 3;
    in.spi++;
    put(hub, &add, &o);
    ck_assert_uint_eq(node_drop_count(hub, DROP_SA_REFUSED), 2);
    struct node_input gone = {.kind = INPUT_SA, .sa = {.direction = ESP_INBOUND, .spi = 0x1000}};
    put(hub, &gone, &o);
    in = association(ESP_INBOUND, 0x1000, 11, 0, 1, 0);
    put(hub, &add, &o);
    ck_assert_uint_eq(node_drop_count(hub, DROP_SA_REFUSED), 2);
    node_free(hub);
    struct node_config config = hub_config();
    struct node *plain = node_create(&config, 1, NULL);
    put(plain, &add, &o);
    ck_assert_uint_eq(node_drop_count(plain, DROP_SA_REFUSED), 1);
    node_free(plain);
}
END_TEST

/* Spokes at .77 as seen from outside, whose NAT gives each a port of its own; both claim private addresses.
 */
START_TEST(two_spokes_behind_one_address_are_told_apart_by_their_ports)
{
    static const uint16_t ports[] = {ESP_UDP_PORT, 31000};
    struct esp_sa_config at_hub[4];
    for (uint32_t i = 0; i < 2; i++) {
        at_hub[2 * i] = association(ESP_INBOUND, 0x1000 + i, 77, ports[i], 1, ESP_UDP_PORT);
        at_hub[2 * i + 1] = association(ESP_OUTBOUND, 0x2000 + i, 1, ESP_UDP_PORT, 77, ports[i]);
    }
    struct node_config h = hub_config();
    for (unsigned i = 0; i < 2; i++)
        config_route(&h, i ? "10.12.0.0/24" : "10.11.0.0/24", tunnel_addr(11 + i));
    struct node *hub = node_with(h, at_hub, 4);
    for (uint32_t i = 0; i < 2; i++) {
        struct esp_sa_config inside = association(ESP_OUTBOUND, 0x1000 + i, 0, ESP_UDP_PORT, 1, ESP_UDP_PORT);
        struct node_config s = spoke_config(11 + i);
        s.tunnel.nbma = inside.source = addr_ipv4(192, 168, 1, (uint8_t)(11 + i));
        struct node *spoke = node_with(s, &inside, 1);
        put(spoke, &time_passes, &o);
        /* what the NAT does: another source, another port; the UDP checksum is 0 (RFC 3948 section 2.1) */
        struct span packet = sent_by(&o);
        struct ip outer;
        ck_assert_int_eq(ip_decode(packet, &outer).status, CODEC_OK);
        uint8_t buf[1024], payload[1024];
        memcpy(payload, outer.payload.data, outer.payload.len);
        payload[0] = (uint8_t)(ports[i] >> 8);
        payload[1] = (uint8_t)ports[i];
        outer.source = nbma_addr(77);
        struct writer w = writer_of(buf, sizeof buf);
        ip_write(&w, &outer, span_of(payload, outer.payload.len));
        struct node_input input = arrival(span_of(buf, w.pos));
        put(hub, &input, &p);
        ck_assert_uint_eq(node_show_sizes(hub).registrations, i + 1);
        node_free(spoke);
    }
    for (unsigned i = 0; i < 2; i++) { /* and each gets what is for it */
        uint8_t buf[128];
        struct ip ip = {.source = lan_addr(1, 5), .destination = lan_addr(11 + i, 5), .ttl = 9};
        struct writer w = writer_of(buf, sizeof buf);
        ip_write(&w, &ip, (struct span){0});
        put(hub, &(struct node_input){.kind = INPUT_OVERLAY, .packet = span_of(buf, w.pos)}, &o);
        struct ip outer;
        ck_assert_int_eq(ip_decode(sent_by(&o), &outer).status, CODEC_OK);
        ck_assert_uint_eq(outer.payload.data[2] << 8 | outer.payload.data[3], ports[i]);
    }
    node_free(hub);
}
END_TEST

START_TEST(associations_without_ipsec_are_a_contradiction)
{
    struct node_config config = hub_config();
    struct esp_sa_config sa = association(ESP_INBOUND, 0x1000, 11, 0, 1, 0);
    const char *why = NULL;
    config.ipsec = (struct ipsec_config){IPSEC_NONE, &sa, 1, 0};
    ck_assert_ptr_null(node_create(&config, 1, &why));
    ck_assert_str_eq(why, "there are security associations but IPsec is off");
    config.ipsec.mode = IPSEC_REQUIRED;
    sa.spi = 7; /* reserved */
    ck_assert_ptr_null(node_create(&config, 1, &why));
    ck_assert_ptr_nonnull(why);
    struct esp_sa_config twice[] = {association(ESP_INBOUND, 0x1000, 11, 0, 1, 0),
                                    association(ESP_INBOUND, 0x1000, 12, 0, 1, 0)};
    config.ipsec = (struct ipsec_config){IPSEC_REQUIRED, twice, 2, 0};
    ck_assert_ptr_null(node_create(&config, 1, &why));
}
END_TEST

SUITE_MAIN("ipsec", registration_inside_static_esp, packets_in_clear_are_refused_both_ways,
           missing_association_is_asked_for_and_released, association_that_nobody_can_use_is_refused,
           two_spokes_behind_one_address_are_told_apart_by_their_ports,
           associations_without_ipsec_are_a_contradiction)
