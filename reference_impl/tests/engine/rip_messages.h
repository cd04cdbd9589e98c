/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rip_messages: one RIP router, 10.0.0.1/24, and hand-made messages from its neighbours, which may be wrong
 * in any way.
 */
#ifndef DMVPNKIT_TESTS_ENGINE_RIP_MESSAGES_H
#define DMVPNKIT_TESTS_ENGINE_RIP_MESSAGES_H

#include <check.h>

#include "engine/rip.h"

#define MESSAGE_PACKET_MAX 1024

/* A message before it is packed; the defaults are a good one's. */
struct message {
    struct addr from;
    struct addr to;
    uint16_t from_port;
    uint16_t to_port;
    uint8_t command;
    uint8_t version;
    struct rip_entry entries[4];
    size_t count;
};

static inline struct addr neighbour(uint8_t number)
{
    return addr_ipv4(10, 0, 0, number);
}

static inline struct rip_settings router_settings(void)
{
    return (struct rip_settings){
        .address = neighbour(1), .subnet_len = 24, .split_horizon = RIP_SPLIT_HORIZON_OFF};
}

/* 10.number.0.0/16 */
static inline struct prefix lan(uint8_t number)
{
    return prefix_of(addr_ipv4(10, number, 0, 0), 16);
}

static inline struct message response_of(struct addr from, struct prefix prefix, uint32_t metric)
{
    return (struct message){
        .from = from,
        .to = addr_ipv4(224, 0, 0, 9),
        .from_port = RIP_UDP_PORT,
        .to_port = RIP_UDP_PORT,
        .command = RIP_RESPONSE,
        .version = RIP_VERSION,
        .entries = {rip_entry_of(prefix, (struct addr){0}, metric, 0)},
        .count = 1,
    };
}

/* The inner IP packet, with a right UDP checksum. */
static inline struct span message_pack(const struct message *message, uint8_t buf[MESSAGE_PACKET_MAX])
{
    uint8_t body[RIP_MESSAGE_MAX];
    struct writer w = writer_of(body, sizeof body);
    struct span rip, out;
    writer_u8(&w, message->command);
    writer_u8(&w, message->version);
    writer_u16(&w, 0);
    for (size_t i = 0; i < message->count; i++)
        rip_write_entry(&w, &message->entries[i]);
    ck_assert(writer_done(&w, &rip));
    struct ip header = {
        .source = message->from, .destination = message->to, .protocol = IP_PROTOCOL_UDP, .ttl = 1};
    struct udp udp = {.source_port = message->from_port, .destination_port = message->to_port};
    w = writer_of(buf, MESSAGE_PACKET_MAX);
    ip_write_header(&w, &header, UDP_HEADER_LEN + rip.len);
    size_t udp_at = w.pos;
    udp_write(&w, &header, &udp, rip);
    ck_assert(writer_done(&w, &out));
    uint16_t sum = ip_payload_checksum(&header, IP_PROTOCOL_UDP, span_of(buf + udp_at, out.len - udp_at));
    writer_patch_u16(&w, udp_at + 6, sum);
    return out;
}

static inline void say_packet(struct rip *rip, struct instant now, struct span packet)
{
    rip_input(rip, now, &(struct rip_input){.kind = RIP_INPUT_PACKET, .packet = packet});
}

static inline void say(struct rip *rip, struct instant now, struct message message)
{
    uint8_t buf[MESSAGE_PACKET_MAX];
    say_packet(rip, now, message_pack(&message, buf));
}

/* Drain until an output of this kind; the others are dropped. */
static inline bool output_of(struct rip *rip, enum rip_output_kind kind, struct rip_output *out)
{
    while (rip_output(rip, out))
        if (out->kind == kind)
            return true;
    return false;
}

static inline void drain(struct rip *rip)
{
    struct rip_output out;
    while (rip_output(rip, &out))
        continue;
}

/* Up, its first messages taken and dropped. */
static inline struct rip *router_up(struct rip_settings settings)
{
    const char *why = "";
    struct rip *rip = rip_create(&settings, 1, &why);
    ck_assert_msg(rip != NULL, "%s", why);
    rip_input(rip, (struct instant){0}, &(struct rip_input){.kind = RIP_INPUT_LINK, .link_up = true});
    drain(rip);
    return rip;
}

#endif
