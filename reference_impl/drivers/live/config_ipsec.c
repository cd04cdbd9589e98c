/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config_ipsec: static security associations of a tunnel. Whether algorithm, keys and window fit together is
 * the engine's to say.
 */
#include <stdlib.h>
#include <string.h>

#include "drivers/live/config_load.h"

#define REPLAY_WINDOW_DEFAULT 64
#define NAT_T_PORT            4500

static int nibble(char digit)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = digit ? strchr(digits, digit) : NULL;
    return at ? (int)((at - digits) % 16) : -1;
}

/* Hexadecimal digits into octets behind those that are there; what is wrong never repeats the key. */
static bool load_key(struct loading *l, const char *place, const char *key, const char *text,
                     struct span *out)
{
    size_t len = text ? strlen(text) : 0;
    uint8_t *at = l->out->keys + l->out->keys_len;
    for (size_t i = 0; i < len / 2; i++) {
        int high = nibble(text[2 * i]), low = nibble(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return yaml_error(l->error, l->path, place, "%s: something else than hexadecimal digits", key);
        at[i] = (uint8_t)(high << 4 | low);
    }
    if (len % 2 != 0)
        return yaml_error(l->error, l->path, place, "%s: an odd number of hexadecimal digits", key);
    *out = span_of(at, len / 2);
    l->out->keys_len += len / 2;
    return true;
}

static bool load_association(struct loading *l, unsigned i, struct esp_sa_config *out)
{
    const struct file_association *file = &l->file->ipsec->associations[i];
    struct addr here = l->out->node.tunnel.nbma, peer;
    bool outbound = file->direction == ESP_OUTBOUND;
    if (!config_load_address(l, config_where(l, "ipsec.associations[%u].peer", i), "peer", file->peer, here,
                             &peer))
        return false;
    if (!esp_algorithm_by_name(file->algorithm, &out->algorithm))
        return yaml_error(l->error, l->path, config_where(l, "ipsec.associations[%u].algorithm", i),
                          "algorithm: '%s' is none that is known here", file->algorithm);
    uint16_t peer_port = file->peer_port ? file->peer_port : NAT_T_PORT;
    out->direction = file->direction;
    out->spi = file->spi;
    out->source = outbound ? here : peer;
    out->destination = outbound ? peer : here;
    if (file->udp) {
        out->source_port = outbound ? NAT_T_PORT : peer_port;
        out->destination_port = outbound ? peer_port : NAT_T_PORT;
        l->out->udp_encapsulation = true;
    }
    out->extended_sequence = file->extended_sequence;
    out->replay_window = file->replay_window ? *file->replay_window : REPLAY_WINDOW_DEFAULT;
    return load_key(l, config_where(l, "ipsec.associations[%u].key", i), "key", file->key, &out->key) &&
           load_key(l, config_where(l, "ipsec.associations[%u].auth_key", i), "auth_key", file->auth_key,
                    &out->auth_key);
}

static int compare_spis(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

bool live_tunnel_config_has_spi(const struct live_tunnel_config *config, uint32_t spi)
{
    return config->spi_count > 0 &&
           bsearch(&spi, config->spis, config->spi_count, sizeof spi, compare_spis) != NULL;
}

static void list_spis(struct live_tunnel_config *out, const struct esp_sa_config *associations, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (associations[i].direction == ESP_INBOUND)
            out->spis[out->spi_count++] = associations[i].spi;
    if (out->spi_count > 0)
        qsort(out->spis, out->spi_count, sizeof *out->spis, compare_spis);
}

bool config_load_ipsec(struct loading *l)
{
    const struct file_ipsec *file = l->file->ipsec;
    if (!file)
        return true;
    if (addr_is_none(l->out->node.tunnel.nbma))
        return yaml_error(l->error, l->path, config_where(l, "ipsec"),
                          "ipsec: static associations need an NBMA address that is configured ('nbma')");
    size_t key_room = 1;
    for (unsigned i = 0; i < file->associations_count; i++)
        key_room += strlen(file->associations[i].key) +
                    (file->associations[i].auth_key ? strlen(file->associations[i].auth_key) : 0);
    struct esp_sa_config *associations = calloc(file->associations_count, sizeof *associations);
    l->out->node.ipsec.associations = associations;
    l->out->keys = malloc(key_room);
    l->out->spis = calloc(file->associations_count, sizeof *l->out->spis);
    if (!associations || !l->out->keys || !l->out->spis)
        return yaml_error(l->error, l->path, config_where(l, "ipsec"), "ipsec: out of memory");
    for (unsigned i = 0; i < file->associations_count; i++)
        if (!load_association(l, i, &associations[i]))
            return false;
    list_spis(l->out, associations, file->associations_count);
    l->out->node.ipsec.mode = IPSEC_REQUIRED;
    l->out->node.ipsec.association_count = file->associations_count;
    return true;
}
