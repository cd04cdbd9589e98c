/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/fuzz/corpus.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/esp.h"
#include "codec/packet.h"
#include "codec/rip.h"
#include "files/capture.h"
#include "tests/fuzz/entries_engine.h"

#define STORY_MAX (64 * 1024)
#define TIME_MAX  255

static uint64_t digest(struct span octets)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a: equal pieces become one file */
    for (size_t i = 0; i < octets.len; i++)
        hash = (hash ^ octets.data[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static void layer_write(const char *folder, const char *layer, struct span octets)
{
    if (octets.len > 0)
        corpus_write(folder, layer, (size_t)digest(octets), octets);
}

static void datagram_write(const char *folder, const struct ip *ip)
{
    struct udp udp;
    if (udp_decode(ip->payload, &udp).status != CODEC_OK)
        return;
    if (udp.destination_port == RIP_UDP_PORT)
        layer_write(folder, "rip", udp.payload);
    else if (udp.destination_port == ESP_UDP_PORT)
        layer_write(folder, "esp_in_udp", ip->payload);
}

static void layers_write(const char *folder, struct span packet)
{
    struct packet p;
    packet_decode(packet, &p);
    layer_write(folder, "ip", packet);
    if (p.outer.protocol == IP_PROTOCOL_ESP)
        layer_write(folder, "esp", p.outer.payload);
    if (p.outer.protocol == IP_PROTOCOL_UDP)
        datagram_write(folder, &p.outer);
    if (p.has_gre)
        layer_write(folder, "gre", p.outer.payload);
    if (p.kind == PACKET_DATA && p.inner.protocol == IP_PROTOCOL_UDP)
        datagram_write(folder, &p.inner);
    if (p.kind == PACKET_NHRP) {
        layer_write(folder, "message", p.gre.payload);
        layer_write(folder, "cies", p.nhrp.cies);
        layer_write(folder, "extensions", p.nhrp.extensions);
    }
}

/* What the fuzzer's hub would make of it: messages and data as if from one of its stations, in their order.
 */
static size_t step_append(uint8_t *story, size_t len, struct span packet)
{
    struct packet p;
    packet_decode(packet, &p);
    if (p.kind != PACKET_NHRP && p.kind != PACKET_DATA)
        return 0;
    struct span octets = p.gre.payload;
    if (octets.len > STORY_MAX - FUZZ_STEP_HEADER - len)
        return 0;
    unsigned sender = p.outer.source.bytes[3] & 7;
    enum fuzz_step_kind kind = p.kind == PACKET_NHRP ? FUZZ_STEP_NHRP : FUZZ_STEP_DATA;
    return fuzz_engine_step(story + len, kind, sender, TIME_MAX, octets);
}

static void capture_take(const char *path, const char *folder)
{
    static uint8_t story[STORY_MAX];
    char error[CAPTURE_ERROR_MAX];
    struct capture_reader *reader = capture_open(path, error);
    struct capture_frame frame;
    size_t len = 1; /* the plain profile first */
    int got = reader ? 1 : -1;
    while (got > 0 && (got = capture_read(reader, &frame, error)) > 0) {
        uint16_t ethertype;
        struct span packet;
        if (!capture_packet(&frame, &ethertype, &packet))
            continue;
        layers_write(folder, packet);
        len += step_append(story, len, packet);
    }
    if (got < 0) {
        fprintf(stderr, "fuzz_corpus: %s\n", error);
        exit(2);
    }
    capture_close(reader);
    layer_write(folder, "story", span_of(story, len));
}

void corpus_from_captures(const char *captures, const char *folder)
{
    char pattern[1024];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/*.pcapng", captures);
    if (glob(pattern, 0, NULL, &found) != 0) {
        fprintf(stderr, "fuzz_corpus: no captures in %s\n", captures);
        exit(2);
    }
    for (size_t i = 0; i < found.gl_pathc; i++)
        capture_take(found.gl_pathv[i], folder);
    globfree(&found);
}
