/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/fuzz/entries.h"

#include <string.h>

#include "engine/rip.h"
#include "tests/fuzz/require.h"

#define MAX_LEN     4096
#define ROUTES_MAX  8
#define OUTPUTS_MAX 1000

static uint8_t again[RIP_MESSAGE_MAX], packet[1024];

static void message_require(struct span bytes)
{
    struct rip_message message;
    struct rip_entry entry;
    struct prefix prefix;
    struct span list, out;
    struct codec_error error = rip_decode(bytes, &message);
    REQUIRE(error.offset <= bytes.len);
    if (error.status != CODEC_OK)
        return;
    REQUIRE(message.entries.len % RIP_ENTRY_LEN == 0 && message.version > 0);
    struct writer w = writer_of(again, sizeof again);
    for (list = message.entries; rip_entry_next(&list, &entry);) {
        rip_write_entry(&w, &entry);
        if (rip_entry_prefix(&entry, &prefix)) {
            struct rip_entry same = rip_entry_of(prefix, entry.next_hop, entry.metric, entry.tag);
            REQUIRE(same.mask == entry.mask && addr_equal(same.address, entry.address));
        }
    }
    REQUIRE(list.len == 0 && writer_done(&w, &out) && span_equal(out, message.entries));
}

static void outputs_require(struct rip *rip)
{
    struct rip_output out;
    struct ip ip;
    struct udp udp;
    size_t count = 0;
    while (rip_output(rip, &out)) {
        REQUIRE(++count < OUTPUTS_MAX);
        if (out.kind == RIP_OUTPUT_ROUTE) {
            REQUIRE(out.route.metric >= 1 && out.route.metric <= RIP_INFINITY);
            REQUIRE(!out.route.install || out.route.metric < RIP_INFINITY);
        } else if (out.kind == RIP_OUTPUT_SEND) {
            REQUIRE(ip_decode(out.send.packet, &ip).status == CODEC_OK);
            REQUIRE(udp_decode(ip.payload, &udp).status == CODEC_OK);
            message_require(udp.payload);
        }
    }
}

/* One message from a neighbour, packed well whatever it says. */
static void say(struct rip *rip, struct instant now, uint8_t neighbour, struct span message)
{
    struct ip header = {.source = addr_ipv4(10, 0, 0, neighbour),
                        .destination = addr_ipv4(224, 0, 0, 9),
                        .protocol = IP_PROTOCOL_UDP,
                        .ttl = 1};
    struct udp udp = {.source_port = RIP_UDP_PORT, .destination_port = RIP_UDP_PORT};
    struct writer w = writer_of(packet, sizeof packet);
    struct span out;
    ip_write_header(&w, &header, UDP_HEADER_LEN + message.len);
    udp_write(&w, &header, &udp, message);
    REQUIRE(writer_done(&w, &out));
    rip_input(rip, now, &(struct rip_input){.kind = RIP_INPUT_PACKET, .packet = out});
}

static void conversation_require(struct span bytes)
{
    struct rip_settings settings = {.address = addr_ipv4(10, 0, 0, 1),
                                    .subnet_len = 24,
                                    .split_horizon = RIP_SPLIT_HORIZON_OFF,
                                    .keep_next_hop = bytes.len % 2,
                                    .max_routes = ROUTES_MAX};
    struct rip *rip = rip_create(&settings, 1, NULL);
    struct instant now = {0};
    struct reader r = reader_of(bytes);
    REQUIRE(rip);
    rip_input(rip, now, &(struct rip_input){.kind = RIP_INPUT_LINK, .link_up = true});
    outputs_require(rip);
    while (reader_left(&r) > 0) {
        size_t len = reader_u8(&r);
        uint8_t neighbour = reader_u8(&r);
        now = instant_after_s(now, reader_u8(&r));
        say(rip, now, neighbour, reader_span(&r, len < reader_left(&r) ? len : reader_left(&r)));
        outputs_require(rip);
        REQUIRE(rip_route_count(rip) <= ROUTES_MAX);
        REQUIRE(instant_before(now, rip_deadline(rip)));
    }
    rip_free(rip);
}

void fuzz_rip(const uint8_t *data, size_t len)
{
    if (len > MAX_LEN)
        return;
    message_require(span_of(data, len));
    conversation_require(span_of(data, len));
}
