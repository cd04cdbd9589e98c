/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/esp_wireshark.h"

/* An octet string as Wireshark's tables spell it: 0x and digits, or nothing. */
static void add_key(struct text *out, struct span key)
{
    text_add(out, key.len > 0 ? "\"0x" : "\"");
    for (size_t i = 0; i < key.len; i++)
        text_add(out, "%02x", key.data[i]);
    text_add(out, "\"");
}

void esp_wireshark_line(struct text *out, const struct esp_sa_config *config)
{
    const struct esp_algorithm_facts *facts = esp_algorithm_facts(config->algorithm);
    char source[ADDR_TEXT_MAX], destination[ADDR_TEXT_MAX];
    text_add(out, "\"%s\",\"%s\",\"%s\",\"0x%08x\",\"%s\",",
             config->source.family == ADDR_IPV6 ? "IPv6" : "IPv4", addr_format(config->source, source),
             addr_format(config->destination, destination), (unsigned)config->spi,
             facts->wireshark_encryption);
    add_key(out, config->key);
    text_add(out, ",\"%s\",", facts->wireshark_authentication);
    add_key(out, config->auth_key);
    text_add(out, "\n");
}
