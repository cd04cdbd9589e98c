/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/ip_fragment.h"

#include "base/checksum.h"

#define HEADER_LEN      20
#define HEADER_MAX      60
#define AT_TOTAL_LENGTH 2
#define AT_FLAGS        6
#define AT_CHECKSUM     10
#define MORE_FRAGMENTS  0x2000
#define OPTION_END      0
#define OPTION_NOP      1
#define OPTION_COPIED   0x80

static size_t header_len(struct span packet)
{
    return (packet.data[0] & 0x0fu) * 4;
}

bool ip_fragment_is_possible(struct span packet, const struct ip *ip, size_t mtu)
{
    return ip->source.family == ADDR_IPV4 && !ip->dont_fragment && header_len(packet) + 8 <= mtu;
}

/* Options without the copied bit belong into the first fragment only (RFC 791 section 3.1). */
static void blank_options(uint8_t *header, size_t len)
{
    for (size_t at = HEADER_LEN; at < len && header[at] != OPTION_END;) {
        uint8_t kind = header[at];
        size_t option = kind == OPTION_NOP || at + 1 >= len ? 1 : header[at + 1];
        if (option == 0 || option > len - at)
            option = len - at;
        if (!(kind & OPTION_COPIED))
            for (size_t i = 0; i < option; i++)
                header[at + i] = OPTION_NOP;
        at += option;
    }
}

bool ip_fragment_next(struct span packet, const struct ip *ip, size_t mtu, size_t *done, struct writer *w)
{
    size_t headers = header_len(packet), left = ip->payload.len - *done;
    if (left == 0)
        return false;
    size_t room = (mtu - headers) / 8 * 8;
    bool last = left <= mtu - headers;
    size_t len = last ? left : room;
    uint8_t buf[HEADER_MAX];
    struct writer header = writer_of(buf, sizeof buf);
    writer_span(&header, span_of(packet.data, headers));
    if (*done > 0)
        blank_options(buf, headers);
    uint16_t flags = (uint16_t)((ip->fragment_offset + *done) / 8);
    if (!last || ip->more_fragments)
        flags |= MORE_FRAGMENTS;
    writer_patch_u16(&header, AT_TOTAL_LENGTH, (uint16_t)(headers + len));
    writer_patch_u16(&header, AT_FLAGS, flags);
    writer_patch_u16(&header, AT_CHECKSUM, 0);
    writer_patch_u16(&header, AT_CHECKSUM, checksum_of(span_of(buf, headers)));
    writer_span(w, span_of(buf, headers));
    writer_span(w, span_of(ip->payload.data + *done, len));
    *done += len;
    return true;
}
