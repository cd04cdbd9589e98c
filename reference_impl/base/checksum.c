/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/checksum.h"

#include <string.h>

/*
 * The sum of 16-bit words in the machine's own byte order: the sum in the other order is the same with its
 * octets swapped (RFC 1071 section 2), so that words may be added as they come, eight octets at a time.
 */
static uint64_t sum_add(uint64_t sum, struct span bytes)
{
    const uint8_t *at = bytes.data;
    size_t left = bytes.len;
    for (; left >= sizeof(uint64_t); at += sizeof(uint64_t), left -= sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        sum += (word & 0xffffffff) + (word >> 32);
    }
    for (; left >= sizeof(uint16_t); at += sizeof(uint16_t), left -= sizeof(uint16_t)) {
        uint16_t word;
        memcpy(&word, at, sizeof word);
        sum += word;
    }
    if (left > 0) { /* as if a zero octet followed */
        uint8_t last[2] = {*at, 0};
        uint16_t word;
        memcpy(&word, last, sizeof word);
        sum += word;
    }
    return sum;
}

uint16_t checksum_of_two(struct span first, struct span second)
{
    uint64_t sum = sum_add(sum_add(0, first), second);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    uint16_t word = (uint16_t)~sum;
    uint8_t octets[2];
    memcpy(octets, &word, sizeof octets);
    return (uint16_t)(octets[0] << 8 | octets[1]);
}

uint16_t checksum_of(struct span bytes)
{
    return checksum_of_two(bytes, (struct span){0});
}
