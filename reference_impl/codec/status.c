/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "codec/status.h"

const char *codec_status_words(enum codec_status status)
{
    switch (status) {
#define STATUS(name, words) \
    case CODEC_##name:      \
        return words;
#include "codec/status.def"
    }
    return "unknown status";
}
