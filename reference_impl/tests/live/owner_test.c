/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which tunnel a packet is for: by address, GRE key, other end and SPI. */
#include "drivers/live/owner.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "codec/gre.h"
#include "codec/ip.h"
#include "tests/suite.h"

#define PEER     "198.51.100.11"
#define STRANGER "203.0.113.66"

static struct instance *tunnels[4];
static size_t tunnel_count;

static struct addr address(const char *text)
{
    struct addr a;
    ck_assert(addr_parse(text, &a));
    return a;
}

/* One more tunnel at an address, with that GRE key; like any other in the rest. */
static struct instance *add(const char *nbma, uint32_t key)
{
    struct instance *in = calloc(1, sizeof *in);
    struct node_config *c = &in->config.node;
    const char *why = NULL;
    c->protocol = address("10.255.0.1");
    c->protocol_len = 24;
    c->tunnel = (struct tunnel_config){.nbma = address(nbma), .has_key = true, .key = key};
    in->node = node_create(c, 1, &why);
    ck_assert_msg(in->node != NULL, "%s", why);
    tunnels[tunnel_count++] = in;
    return in;
}

static struct instance *add_protected(const char *nbma, uint32_t key, uint32_t spi)
{
    struct instance *in = add(nbma, key);
    in->config.node.ipsec.mode = IPSEC_REQUIRED;
    in->config.spis = malloc(sizeof spi);
    in->config.spis[0] = spi;
    in->config.spi_count = 1;
    return in;
}

static struct instance *add_point_to_point(const char *nbma, uint32_t key, const char *destination)
{
    struct instance *in = add(nbma, key);
    in->config.node.tunnel.mode = TUNNEL_POINT_TO_POINT;
    in->config.node.tunnel.destination = address(destination);
    return in;
}

static void end(void)
{
    while (tunnel_count > 0) {
        struct instance *in = tunnels[--tunnel_count];
        node_free(in->node);
        free(in->config.spis);
        free(in);
    }
}

static struct instance *owner_of(const char *from, const char *to, uint8_t protocol, struct span payload)
{
    uint8_t packet[256];
    struct writer w = writer_of(packet, sizeof packet);
    struct span octets;
    ip_write(
        &w, &(struct ip){.source = address(from), .destination = address(to), .protocol = protocol, .ttl = 9},
        payload);
    ck_assert(writer_done(&w, &octets));
    return owner_find(tunnels, tunnel_count, octets);
}

static struct instance *owner_of_gre(const char *from, const char *to, uint32_t key)
{
    uint8_t payload[32];
    struct writer w = writer_of(payload, sizeof payload);
    struct span octets;
    gre_write(&w, &(struct gre){.has_key = true, .key = key, .protocol = GRE_PROTOCOL_NHRP}, span_of("x", 1));
    ck_assert(writer_done(&w, &octets));
    return owner_of(from, to, IP_PROTOCOL_GRE, octets);
}

static struct instance *owner_of_esp(const char *to, uint32_t spi, bool in_udp)
{
    uint8_t payload[64];
    struct writer w = writer_of(payload, sizeof payload);
    struct ip outer = {.source = address(PEER), .destination = address(to)};
    struct span octets;
    if (in_udp)
        udp_write_header(&w, &outer, &(struct udp){.source_port = 4500, .destination_port = 4500}, 24);
    writer_u32(&w, spi);
    writer_zeros(&w, 20);
    ck_assert(writer_done(&w, &octets));
    return owner_of(PEER, to, in_udp ? IP_PROTOCOL_UDP : IP_PROTOCOL_ESP, octets);
}

START_TEST(by_address_then_by_key)
{
    struct instance *first = add("192.0.2.1", 1), *second = add("192.0.2.1", 2), *other = add("192.0.2.9", 2);
    ck_assert_ptr_eq(owner_of_gre(PEER, "192.0.2.1", 1), first);
    ck_assert_ptr_eq(owner_of_gre(PEER, "192.0.2.1", 2), second);
    ck_assert_ptr_eq(owner_of_gre(PEER, "192.0.2.9", 2), other);
    ck_assert_ptr_eq(owner_of_gre(PEER, "192.0.2.1", 3), first); /* which counts the drop */
    ck_assert_ptr_null(owner_of_gre(PEER, "192.0.2.7", 1));
    ck_assert_ptr_null(owner_find(tunnels, tunnel_count, span_of("\x45", 1)));
    end();
}
END_TEST

START_TEST(point_to_point_by_its_other_end)
{
    struct instance *hub = add("192.0.2.1", 1);
    struct instance *line = add_point_to_point("192.0.2.1", 1, PEER);
    ck_assert_ptr_eq(owner_of_gre(PEER, "192.0.2.1", 1), line);
    ck_assert_ptr_eq(owner_of_gre(STRANGER, "192.0.2.1", 1), hub);
    end();
}
END_TEST

START_TEST(encrypted_by_spi)
{
    struct instance *clear = add("192.0.2.1", 1);
    struct instance *first = add_protected("192.0.2.1", 1, 0x1001);
    struct instance *second = add_protected("192.0.2.1", 2, 0x1002);
    for (int in_udp = 0; in_udp < 2; in_udp++) {
        ck_assert_ptr_eq(owner_of_esp("192.0.2.1", 0x1001, in_udp), first);
        ck_assert_ptr_eq(owner_of_esp("192.0.2.1", 0x1002, in_udp), second);
        ck_assert_ptr_eq(owner_of_esp("192.0.2.1", 0x1003, in_udp), first); /* which counts the drop */
    }
    ck_assert_ptr_eq(owner_of_gre(PEER, "192.0.2.1", 1), clear);
    ck_assert_ptr_eq(owner_of_gre(PEER, "192.0.2.1", 2), second); /* likewise */
    ck_assert_ptr_eq(owner_of(PEER, "192.0.2.1", IP_PROTOCOL_UDP, span_of("\xff", 1)), first);
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        by_address_then_by_key,
        point_to_point_by_its_other_end,
        encrypted_by_spi,
        NULL,
    };
    return suite_run_tests("owner", tests);
}
