/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/authentication.h"

#include <stdlib.h>
#include <string.h>

#include "codec/nhrp_ext.h"
#include "engine/extensions.h"
#include "engine/keyed_hash.h"

static struct span own_password(const struct node *node)
{
    return span_of(node->config.password, strlen(node->config.password));
}

/* In a time that does not tell how many octets were right. */
static bool is_secret(struct span given, struct span wanted)
{
    uint8_t differs = given.len != wanted.len;
    for (size_t i = 0; i < given.len; i++)
        differs |= given.data[i] ^ wanted.data[i < wanted.len ? i : 0];
    return differs == 0;
}

/* Keys' lifetimes count from the node's first input. */
static struct instant key_time(const struct node *node)
{
    return (struct instant){.us = instant_diff_us(node->started_at, node->now)};
}

const char *authentication_create(struct node *node)
{
    const struct node_config *config = &node->config;
    const char *why = NULL;
    if (config->hash_key_count == 0)
        return NULL;
    struct keyed_hash_config *keys = calloc(config->hash_key_count, sizeof *keys);
    if (!keys)
        return "memory has run out";
    for (size_t i = 0; i < config->hash_key_count; i++) {
        const struct hash_key_config *key = &config->hash_keys[i];
        struct instant from = instant_after_s((struct instant){0}, key->start_s);
        keys[i] = (struct keyed_hash_config){
            .spi = key->spi,
            .source = key->source,
            .key = span_of(key->key, key->key_len),
            .from = from,
            .until = key->lifetime_s ? instant_after_s(from, key->lifetime_s) : INSTANT_NEVER,
        };
    }
    node->hash_keys = keyed_hash_table_create(keys, config->hash_key_count, &why);
    free(keys);
    return why;
}

static bool check_cleartext(const struct node *node, const struct received *received, size_t *offset)
{
    const struct nhrp_message *message = &received->message;
    struct nhrp_ext ext;
    struct nhrp_auth auth;
    *offset = message->fixed.extensions_offset;
    if (!nhrp_ext_find(message->extensions, NHRP_EXT_AUTHENTICATION, &ext))
        return false;
    *offset = extensions_offset_of(received, NHRP_EXT_AUTHENTICATION);
    return nhrp_auth_decode(ext.value, message->source_protocol.len, &auth) &&
           auth.form == NHRP_AUTH_CLEARTEXT && is_secret(auth.secret, own_password(node));
}

bool authentication_check(const struct node *node, const struct received *received, size_t *offset)
{
    if (received->message.fixed.type == NHRP_ERROR_INDICATION)
        return true;
    if (node->hash_keys)
        return keyed_hash_verify(node->hash_keys, key_time(node), received->bytes, &received->message,
                                 offset) == KEYED_HASH_OK;
    return own_password(node).len == 0 || check_cleartext(node, received, offset);
}

static void write_cleartext(struct span password, struct writer *value)
{
    nhrp_auth_write(value, &(struct nhrp_auth){
                               .form = NHRP_AUTH_CLEARTEXT,
                               .spi = NHRP_AUTH_SPI_CLEARTEXT,
                               .secret = password,
                           });
}

void authentication_write(const struct node *node, struct writer *w)
{
    struct span password = own_password(node);
    uint8_t buf[4 + 16 + KEYED_HASH_LEN];
    struct writer value = writer_of(buf, sizeof buf);
    uint16_t spi;
    if (node->hash_keys && keyed_hash_select(node->hash_keys, key_time(node), node->config.protocol, &spi))
        keyed_hash_write_value(&value, spi, node->config.protocol);
    else if (password.len > 0)
        write_cleartext(password, &value);
    else
        return;
    struct nhrp_ext ext = {.compulsory = true, .type = NHRP_EXT_AUTHENTICATION};
    writer_done(&value, &ext.value);
    nhrp_ext_write(w, &ext);
}

bool authentication_sign(const struct node *node, enum nhrp_type type, struct span encoded)
{
    if (!node->hash_keys || type == NHRP_ERROR_INDICATION)
        return true;
    return keyed_hash_sign(node->hash_keys, key_time(node), (uint8_t *)encoded.data, encoded.len) ==
           KEYED_HASH_OK;
}
