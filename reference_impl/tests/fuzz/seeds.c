/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/fuzz/seeds.h"

#define SEED(name, text)                              \
    {                                                 \
        name,                                         \
        {                                             \
            (const uint8_t *)(text), sizeof(text) - 1 \
        }                                             \
    }

/* 10.1.0.0/16 by 10.0.0.11, metric 2 */
#define RIP_ENTRY "\0\2\0\7\12\1\0\0\377\377\0\0\12\0\0\13\0\0\0\2"

static const struct seed seeds[] = {
    SEED("esp_gcm", "\x10\x00\xab\xcd\0\0\0\1\0\0\0\0\0\0\0\1some encrypted octets and their ICV"),
    SEED("esp_trailer", "payload\1\2\3\4\5\5\57"),
    SEED("esp_in_udp",
         "\x11\x94\x11\x94\0\x2c\0\0\x10\0\xab\xcd\0\0\0\1\0\0\0\0\0\0\0\1abcdefghijklmnopqrst"),
    SEED("rip_response", "\2\2\0\0" RIP_ENTRY RIP_ENTRY),
    SEED("rip_request", "\1\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\20"),
    SEED("rip_password", "\2\2\0\0\377\377\0\2secret\0\0\0\0\0\0\0\0\0\0" RIP_ENTRY),
    SEED("rip_digest",
         "\2\2\0\0\377\377\0\3\0\54\1\24\0\0\0\11\0\0\0\0\0\0\0\0" RIP_ENTRY "\377\377\0\1a digest of 16 oc"),
    SEED("rip_conversation", "\54\13\1\2\2\0\0" RIP_ENTRY RIP_ENTRY "\30\14\50\2\2\0\0" RIP_ENTRY
                             "\30\14\2\1\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\20"),
};

size_t seeds_count(void)
{
    return sizeof seeds / sizeof seeds[0];
}

struct seed seeds_get(size_t i)
{
    return seeds[i];
}
