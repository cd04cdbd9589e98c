/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario_send: packets that a scenario spells out, for what no well-behaved node sends: NHRP messages in
 * words, or any GRE payload as hexadecimal digits, in a GRE and an outer IP header. Builds octets; says
 * nothing of what they mean.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/gre.h"
#include "codec/ip.h"
#include "codec/nhrp.h"
#include "codec/nhrp_cie.h"
#include "codec/nhrp_ext.h"
#include "drivers/sim/scenario_load.h"
#include "files/yaml.h"

#define PACKET_MAX        65535u /* octets */
#define OUTER_TTL         255
#define TOS_CS6           0xc0
#define HOP_COUNT_DEFAULT 255
#define AT_CHECKSUM       12
#define AT_FLAGS          22

/* One scripted packet while it is built; buffers of its own. */
struct send_load {
    struct load *load;
    const char *place;
    const struct file_send *file;
    uint8_t cies[PACKET_MAX];
    uint8_t extensions[PACKET_MAX];
    uint8_t value[PACKET_MAX];
    uint8_t contents[PACKET_MAX];
    uint8_t payload[PACKET_MAX];
    uint8_t packet[PACKET_MAX + GRE_HEADER_MAX + 40];
};

static bool refuse(struct send_load *l, const char *key, const char *why)
{
    load_place(l->load, "%s.%s", l->place, key);
    return yaml_error(l->load->error, l->load->path, l->load->place, "%s: %s", key, why);
}

/* Digits in pairs, with space anywhere between pairs. */
static bool parse_hex(struct send_load *l, const char *text, uint8_t *buf, size_t cap, struct span *out)
{
    static const char digits[] = "0123456789abcdef";
    size_t len = 0;
    for (const char *c = text; *c;) {
        if (isspace((unsigned char)*c)) {
            c++;
            continue;
        }
        const char *high = strchr(digits, tolower((unsigned char)c[0]));
        const char *low = c[1] ? strchr(digits, tolower((unsigned char)c[1])) : NULL;
        if (!high || !low)
            return refuse(l, "hex", "not pairs of hexadecimal digits");
        if (len == cap)
            return refuse(l, "hex", "more than a packet holds");
        buf[len++] = (uint8_t)((high - digits) << 4 | (low - digits));
        c += 2;
    }
    *out = span_of(buf, len);
    return true;
}

/* What is left out stays empty, which the message's encoding makes a length of zero. */
static bool parse_address(struct send_load *l, const char *text, const char *key, struct addr *out)
{
    *out = (struct addr){0};
    if (text && !addr_parse(text, out))
        return refuse(l, key, "no address");
    return true;
}

static bool write_cies(struct send_load *l, const struct file_cie *cies, unsigned count, struct writer *w)
{
    for (unsigned i = 0; i < count; i++) {
        struct addr nbma, protocol;
        if (!parse_address(l, cies[i].nbma, "nhrp", &nbma) ||
            !parse_address(l, cies[i].protocol, "nhrp", &protocol))
            return false;
        nhrp_cie_write(w, &(struct nhrp_cie){
                              .code = cies[i].code,
                              .prefix_len = cies[i].prefix_len,
                              .mtu = cies[i].mtu,
                              .hold_s = cies[i].hold_s,
                              .preference = cies[i].preference,
                              .nbma = addr_span(&nbma),
                              .protocol = addr_span(&protocol),
                          });
    }
    return true;
}

static bool write_extension(struct send_load *l, const struct file_extension *file, struct writer *w)
{
    struct writer value = writer_of(l->value, sizeof l->value);
    struct nhrp_ext ext = {.type = file->type, .compulsory = !file->optional};
    if (file->hex && !parse_hex(l, file->hex, l->value, sizeof l->value, &ext.value))
        return false;
    if (file->password)
        nhrp_auth_write(&value, &(struct nhrp_auth){
                                    .form = NHRP_AUTH_CLEARTEXT,
                                    .spi = NHRP_AUTH_SPI_CLEARTEXT,
                                    .secret = span_of(file->password, strlen(file->password)),
                                });
    if (!write_cies(l, file->cies, file->cies_count, &value))
        return false;
    if (!file->hex && !writer_done(&value, &ext.value))
        return refuse(l, "nhrp", "an extension is longer than a packet");
    nhrp_ext_write(w, &ext);
    return true;
}

static bool write_extensions(struct send_load *l, const struct file_message *file, struct span *out)
{
    struct writer w = writer_of(l->extensions, sizeof l->extensions);
    for (unsigned i = 0; i < file->extensions_count; i++)
        if (!write_extension(l, &file->extensions[i], &w))
            return false;
    if (file->extensions_count > 0)
        nhrp_ext_write_end(&w);
    return writer_done(&w, out) || refuse(l, "nhrp", "the extensions are longer than a packet");
}

/* Octets that the words cannot say; the checksum is made right again unless it is one of them. */
static bool patch(struct send_load *l, uint8_t *message, size_t len)
{
    bool keep_checksum = false;
    for (unsigned i = 0; i < l->file->patches_count; i++) {
        const struct file_patch *file = &l->file->patches[i];
        struct span octets;
        if (!parse_hex(l, file->hex, l->value, sizeof l->value, &octets))
            return false;
        if (file->at > len || octets.len > len - file->at)
            return refuse(l, "patches", "beyond the end of the message");
        memcpy(message + file->at, octets.data, octets.len);
        keep_checksum |= file->at < AT_CHECKSUM + 2 && file->at + octets.len > AT_CHECKSUM;
    }
    if (!keep_checksum)
        nhrp_set_checksum(message, len);
    return true;
}

static bool write_message(struct send_load *l, struct addr own_nbma, struct span *out)
{
    const struct file_message *file = l->file->nhrp;
    struct addr nbma = own_nbma, source, destination;
    if ((file->source_nbma && !parse_address(l, file->source_nbma, "nhrp", &nbma)) ||
        !parse_address(l, file->source, "nhrp", &source) ||
        !parse_address(l, file->destination, "nhrp", &destination))
        return false;
    struct nhrp_message message = {
        .fixed = {.afn = nbma.family == ADDR_IPV6 ? NHRP_AFN_IPV6 : NHRP_AFN_IPV4,
                  .protocol_type = source.family == ADDR_IPV6 ? NHRP_PROTOCOL_IPV6 : NHRP_PROTOCOL_IPV4,
                  .hop_count = file->hop_count ? *file->hop_count : HOP_COUNT_DEFAULT,
                  .version = NHRP_VERSION,
                  .type = (uint8_t)file->type},
        .source_nbma = addr_span(&nbma),
        .source_protocol = addr_span(&source),
        .destination_protocol = addr_span(&destination),
    };
    if (nhrp_type_has_cies(message.fixed.type)) {
        message.request_id = file->request_id;
    } else if (message.fixed.type == NHRP_ERROR_INDICATION) {
        message.error.code = file->code;
        message.error.offset = file->offset;
    } else {
        message.traffic.code = file->code;
    }
    struct writer w = writer_of(l->cies, sizeof l->cies);
    if (!write_cies(l, file->cies, file->cies_count, &w) || !write_extensions(l, file, &message.extensions))
        return false;
    if (file->contents && !parse_hex(l, file->contents, l->contents, sizeof l->contents, &message.contents))
        return false;
    if (!writer_done(&w, &message.cies) || !nhrp_encode(&message, l->payload, sizeof l->payload, out))
        return refuse(l, "nhrp", "the message is longer than a packet");
    l->payload[AT_FLAGS] = (uint8_t)(file->flags >> 8); /* any bits, known or not */
    l->payload[AT_FLAGS + 1] = (uint8_t)file->flags;
    return patch(l, l->payload, out->len);
}

static bool load_ends_of_packet(struct send_load *l, struct scenario_event *event, struct ip *outer)
{
    const struct file_send *file = l->file;
    const struct scenario *s = l->load->scenario;
    size_t to;
    load_place(l->load, "%s.from", l->place);
    if (!load_node_named(l->load, file->from, "from", &event->node))
        return false;
    outer->source = s->nodes[event->node].config.tunnel.nbma;
    load_place(l->load, "%s.source", l->place);
    if (file->source && !load_address(l->load, file->source, "source", &outer->source))
        return false;
    load_place(l->load, "%s.to", l->place);
    if (names_find(&s->names, file->to, &to) && to < s->node_count)
        outer->destination = s->nodes[to].config.tunnel.nbma;
    else if (!addr_parse(file->to, &outer->destination))
        return yaml_error(l->load->error, l->load->path, l->load->place, "to: '%s' is no node and no address",
                          file->to);
    return load_same_family(l->load, "to", outer->destination, outer->source);
}

static bool load_packet(struct send_load *l, struct scenario_event *event)
{
    const struct file_send *file = l->file;
    struct ip outer = {.protocol = IP_PROTOCOL_GRE, .ttl = OUTER_TTL, .tos = file->nhrp ? TOS_CS6 : 0};
    struct span payload, packet;
    if (!load_ends_of_packet(l, event, &outer))
        return false;
    if ((file->nhrp != NULL) == (file->payload != NULL))
        return refuse(l, "nhrp", "either that or 'payload' is what is sent");
    if (file->payload && file->patches_count > 0)
        return refuse(l, "patches", "only a message in words needs any");
    const struct tunnel_config *tunnel = &l->load->scenario->nodes[event->node].config.tunnel;
    struct gre gre = {
        .protocol = file->payload ? file->payload->protocol : GRE_PROTOCOL_NHRP,
        .has_key = tunnel->has_key || file->key,
        .key = file->key ? *file->key : tunnel->key,
    };
    if (file->payload ? !parse_hex(l, file->payload->hex, l->payload, sizeof l->payload, &payload)
                      : !write_message(l, outer.source, &payload))
        return false;
    struct writer w = writer_of(l->value, sizeof l->value);
    gre_write(&w, &gre, payload);
    struct span inner;
    bool fits = writer_done(&w, &inner);
    w = writer_of(l->packet, sizeof l->packet);
    if (fits)
        ip_write(&w, &outer, inner);
    if (!fits || !writer_done(&w, &packet))
        return refuse(l, "payload", "longer than a packet");
    event->send.packet = malloc(packet.len);
    if (!event->send.packet)
        return refuse(l, "payload", "out of memory");
    memcpy(event->send.packet, packet.data, packet.len);
    event->send.packet_len = packet.len;
    return true;
}

bool load_send(struct load *load, const struct file_send *file, const char *place,
               struct scenario_event *event)
{
    struct send_load *l = calloc(1, sizeof *l);
    if (!l) {
        snprintf(load->error, SCENARIO_ERROR_MAX, "%s: out of memory", load->path);
        return false;
    }
    l->load = load;
    l->place = place;
    l->file = file;
    event->send.why = file->why;
    event->send.clause = file->clause;
    bool ok = load_packet(l, event);
    free(l);
    return ok;
}
