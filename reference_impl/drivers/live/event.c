/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drivers/live/event.h"

#include <ctype.h>

#include "codec/ip.h"

#define WORD_MAX 48

static const char *const send_names[] = {
#define SEND_REASON(name, words, clause) [SEND_##name] = #name,
#include "engine/send_reason.def"
};

static const char *const drop_names[] = {
#define DROP_REASON(name, words) [DROP_##name] = #name,
#include "engine/drop_reason.def"
};

/* "REGISTRATION_RETRY" as "registration-retry". */
static const char *as_word(const char *name)
{
    static char word[WORD_MAX];
    size_t i = 0;
    for (; name[i] && i < WORD_MAX - 1; i++)
        word[i] = (char)(name[i] == '_' ? '-' : tolower((unsigned char)name[i]));
    word[i] = '\0';
    return word;
}

const char *event_drop_word(enum drop_reason reason)
{
    return as_word(drop_names[reason]);
}

json_t *event_address(struct addr address)
{
    char text[ADDR_TEXT_MAX];
    return addr_is_none(address) ? json_null() : json_string(addr_format(address, text));
}

json_t *event_prefix(struct prefix prefix)
{
    char text[PREFIX_TEXT_MAX];
    return json_string(prefix_format(prefix, text));
}

static void put_address(json_t *object, const char *key, struct addr address)
{
    if (!addr_is_none(address))
        json_object_set_new(object, key, event_address(address));
}

static const char *name_of(const struct node_output *output)
{
    switch (output->kind) {
    case OUTPUT_UNDERLAY:
        return "sends";
    case OUTPUT_OVERLAY:
        return "delivers";
    case OUTPUT_ROUTE:
        return output->route.install ? "route-installed" : "route-withdrawn";
    case OUTPUT_NEIGHBOUR:
        return output->neighbour.bind ? "neighbour-bound" : "neighbour-unbound";
    case OUTPUT_SA:
        return output->sa.want ? "association-wanted" : "association-released";
    case OUTPUT_TRACE:
        return trace_event_words(output->trace.event);
    }
    return "unknown";
}

static void put_send(json_t *object, const struct node_output *output)
{
    struct ip outer;
    json_object_set_new(object, "reason", json_string(as_word(send_names[output->underlay.reason])));
    if (ip_decode(output->underlay.packet, &outer).status == CODEC_OK)
        put_address(object, "to", outer.destination);
    json_object_set_new(object, "octets", json_integer((json_int_t)output->underlay.packet.len));
}

json_t *event_json(const struct node_output *output)
{
    json_t *object = json_object();
    json_object_set_new(object, "event", json_string(name_of(output)));
    switch (output->kind) {
    case OUTPUT_UNDERLAY:
        put_send(object, output);
        break;
    case OUTPUT_OVERLAY:
        json_object_set_new(object, "octets", json_integer((json_int_t)output->overlay.len));
        break;
    case OUTPUT_ROUTE:
        json_object_set_new(object, "prefix", event_prefix(output->route.prefix));
        put_address(object, "via", output->route.via);
        break;
    case OUTPUT_NEIGHBOUR:
        put_address(object, "protocol", output->neighbour.protocol);
        put_address(object, "nbma", output->neighbour.nbma);
        break;
    case OUTPUT_SA:
        put_address(object, "nbma", output->sa.peer.nbma);
        json_object_set_new(object, "port", json_integer(output->sa.peer.port));
        break;
    case OUTPUT_TRACE:
        if (output->trace.event == TRACE_DROPPED)
            json_object_set_new(object, "reason", json_string(event_drop_word(output->trace.drop)));
        put_address(object, "protocol", output->trace.protocol);
        put_address(object, "nbma", output->trace.nbma);
        json_object_set_new(object, "number", json_integer(output->trace.number));
        break;
    }
    return object;
}
