/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/authentication.h"

#include <string.h>

#include "codec/nhrp_ext.h"
#include "engine/extensions.h"

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

bool authentication_check(const struct node *node, const struct received *received, size_t *offset)
{
    const struct nhrp_message *message = &received->message;
    struct span wanted = own_password(node);
    if (wanted.len == 0 || message->fixed.type == NHRP_ERROR_INDICATION)
        return true;
    struct nhrp_ext ext;
    struct nhrp_auth auth;
    *offset = message->fixed.extensions_offset;
    if (!nhrp_ext_find(message->extensions, NHRP_EXT_AUTHENTICATION, &ext))
        return false;
    *offset = extensions_offset_of(received, NHRP_EXT_AUTHENTICATION);
    return nhrp_auth_decode(ext.value, message->source_protocol.len, &auth) &&
           auth.form == NHRP_AUTH_CLEARTEXT && is_secret(auth.secret, wanted);
}

void authentication_write(const struct node *node, struct writer *w)
{
    struct span password = own_password(node);
    if (password.len == 0)
        return;
    uint8_t buf[4 + PASSWORD_MAX];
    struct writer value = writer_of(buf, sizeof buf);
    nhrp_auth_write(&value, &(struct nhrp_auth){
                                .form = NHRP_AUTH_CLEARTEXT,
                                .spi = NHRP_AUTH_SPI_CLEARTEXT,
                                .secret = password,
                            });
    struct nhrp_ext ext = {.compulsory = true, .type = NHRP_EXT_AUTHENTICATION};
    writer_done(&value, &ext.value);
    nhrp_ext_write(w, &ext);
}
