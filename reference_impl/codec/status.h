/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * status: how a decoding ended. An NHRP Error Indication carries both a code and the offset of the offending
 * octet (RFC 2332 section 5.2.7), so every decoder reports both.
 */
#ifndef DMVPNKIT_CODEC_STATUS_H
#define DMVPNKIT_CODEC_STATUS_H

#include <stddef.h>

enum codec_status {
#define STATUS(name, words) CODEC_##name,
#include "codec/status.def"
};

struct codec_error {
    enum codec_status status;
    size_t offset; /* octets from the start of the message that was decoded */
};

/* One sentence fragment in English; never NULL. */
const char *codec_status_words(enum codec_status status);

#endif
