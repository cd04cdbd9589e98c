/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/checksum.h"

static uint64_t sum_add(uint64_t sum, struct span bytes)
{
    size_t i = 0;
    for (; i + 1 < bytes.len; i += 2)
        sum += (uint32_t)(bytes.data[i] << 8 | bytes.data[i + 1]);
    if (i < bytes.len)
        sum += (uint32_t)(bytes.data[i] << 8);
    return sum;
}

uint16_t checksum_of_two(struct span first, struct span second)
{
    uint64_t sum = sum_add(sum_add(0, first), second);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

uint16_t checksum_of(struct span bytes)
{
    return checksum_of_two(bytes, (struct span){0});
}
