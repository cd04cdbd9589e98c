/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drivers/live/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "codec/describe.h"
#include "codec/packet.h"

#define COMMENT_MAX (DESCRIBE_SENTENCE_MAX + 200)

bool tap_is_data(enum send_reason reason)
{
    switch (reason) {
    case SEND_DATA_TO_HUB:
    case SEND_DATA_FROM_HUB:
    case SEND_DATA_DIRECT:
    case SEND_DATA_TO_SPOKE:
    case SEND_DATA_SHORTCUT:
    case SEND_ICMP_ERROR:
    case SEND_MULTICAST:
        return true;
    default:
        return false;
    }
}

static void publish(const struct instance *in, enum control_topic topic, struct span packet,
                    const char *comment)
{
    static const char digits[] = "0123456789abcdef";
    struct timespec now;
    char *hex = malloc(2 * packet.len + 1);
    if (!hex)
        return;
    for (size_t i = 0; i < packet.len; i++) {
        hex[2 * i] = digits[packet.data[i] >> 4];
        hex[2 * i + 1] = digits[packet.data[i] & 0xf];
    }
    hex[2 * packet.len] = '\0';
    clock_gettime(CLOCK_REALTIME, &now);
    json_int_t at_us = (json_int_t)now.tv_sec * US_PER_S + now.tv_nsec / 1000;
    json_t *object = json_pack("{sI ss ss}", "at_us", at_us, "octets", hex, "comment", comment);
    if (object)
        control_publish(in->services->control, topic, in->config.name, object);
    json_decref(object);
    free(hex);
}

static bool is_watched(const struct instance *in)
{
    const struct control *control = in->services->control;
    return control && (control_audience(control, CONTROL_NHRP) || control_audience(control, CONTROL_PACKETS));
}

/* Whoever wants all packets gets NHRP, too, and nobody asks for both. */
static void show(const struct instance *in, bool data, struct span packet, const char *comment)
{
    if (!data)
        publish(in, CONTROL_NHRP, packet, comment);
    publish(in, CONTROL_PACKETS, packet, comment);
}

void tap_sent(const struct instance *in, struct span packet, enum send_reason reason)
{
    struct description description;
    char comment[COMMENT_MAX];
    if (!is_watched(in))
        return;
    describe_packet(packet, &description);
    snprintf(comment, sizeof comment, "%s %s: %s. [%s]", in->config.name, send_reason_words(reason),
             description.sentence, send_reason_clause(reason));
    show(in, tap_is_data(reason), packet, comment);
}

void tap_received(const struct instance *in, struct span packet)
{
    struct description description;
    struct packet parts;
    char comment[COMMENT_MAX];
    if (!is_watched(in))
        return;
    packet_decode(packet, &parts);
    describe_packet(packet, &description);
    snprintf(comment, sizeof comment, "%s receives: %s. [%s]", in->config.name, description.sentence,
             description.clause);
    show(in, parts.kind == PACKET_DATA, packet, comment);
}
