/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/addr.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct addr addr_ipv4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
    return (struct addr){.family = ADDR_IPV4, .bytes = {a, b, c, d}};
}

size_t addr_len(struct addr a)
{
    return a.family == ADDR_IPV4 ? 4 : a.family == ADDR_IPV6 ? 16 : 0;
}

struct span addr_span(const struct addr *a)
{
    return span_of(a->bytes, addr_len(*a));
}

bool addr_is_unspecified(struct addr a)
{
    static const uint8_t zero[16];
    return memcmp(a.bytes, zero, sizeof zero) == 0;
}

bool addr_is_multicast(struct addr a)
{
    return a.family == ADDR_IPV4 ? (a.bytes[0] & 0xf0) == 0xe0 : a.family == ADDR_IPV6 && a.bytes[0] == 0xff;
}

int addr_compare(struct addr a, struct addr b)
{
    if (a.family != b.family)
        return a.family < b.family ? -1 : 1;
    return memcmp(a.bytes, b.bytes, sizeof a.bytes);
}

uint64_t addr_hash(struct addr a, uint64_t seed)
{
    uint64_t word[2];
    memcpy(word, a.bytes, sizeof word);
    uint64_t h = seed ^ ((uint64_t)a.family << 56);
    for (int i = 0; i < 2; i++) { /* the finishing steps of MurmurHash3, once per word */
        h ^= word[i];
        h = (h ^ h >> 33) * 0xff51afd7ed558ccdULL;
        h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53ULL;
        h ^= h >> 33;
    }
    return h;
}

bool addr_parse(const char *text, struct addr *out)
{
    struct addr a = {0};
    if (inet_pton(AF_INET, text, a.bytes) == 1)
        a.family = ADDR_IPV4;
    else if (inet_pton(AF_INET6, text, a.bytes) == 1)
        a.family = ADDR_IPV6;
    else
        return false;
    *out = a;
    return true;
}

const char *addr_format(struct addr a, char buf[ADDR_TEXT_MAX])
{
    if (a.family == ADDR_NONE)
        snprintf(buf, ADDR_TEXT_MAX, "none");
    else
        inet_ntop(a.family == ADDR_IPV4 ? AF_INET : AF_INET6, a.bytes, buf, ADDR_TEXT_MAX);
    return buf;
}

unsigned addr_bits(struct addr a)
{
    return (unsigned)addr_len(a) * 8;
}

struct prefix prefix_of(struct addr a, unsigned len)
{
    struct prefix p = {.addr = a, .len = (uint8_t)(len < addr_bits(a) ? len : addr_bits(a))};
    for (unsigned i = 0; i < sizeof p.addr.bytes; i++) {
        unsigned kept = p.len > i * 8 ? p.len - i * 8 : 0;
        if (kept < 8)
            p.addr.bytes[i] &= (uint8_t)(0xff00 >> kept);
    }
    return p;
}

bool prefix_contains(struct prefix p, struct addr a)
{
    return p.addr.family == a.family && addr_equal(prefix_of(a, p.len).addr, p.addr);
}

bool prefix_equal(struct prefix a, struct prefix b)
{
    return a.len == b.len && addr_equal(a.addr, b.addr);
}

bool prefix_parse(const char *text, struct prefix *out)
{
    char host[ADDR_TEXT_MAX];
    const char *slash = strchr(text, '/');
    size_t len = slash ? (size_t)(slash - text) : strlen(text);
    if (len >= sizeof host)
        return false;
    memcpy(host, text, len);
    host[len] = '\0';

    struct addr a;
    if (!addr_parse(host, &a))
        return false;
    unsigned long bits = addr_bits(a);
    if (slash) {
        char *end;
        if (slash[1] < '0' || slash[1] > '9')
            return false;
        bits = strtoul(slash + 1, &end, 10);
        if (*end != '\0' || bits > addr_bits(a))
            return false;
    }
    struct prefix p = prefix_of(a, (unsigned)bits);
    if (!addr_equal(p.addr, a))
        return false;
    *out = p;
    return true;
}

const char *prefix_format(struct prefix p, char buf[PREFIX_TEXT_MAX])
{
    char host[ADDR_TEXT_MAX];
    snprintf(buf, PREFIX_TEXT_MAX, "%s/%u", addr_format(p.addr, host), p.len);
    return buf;
}
