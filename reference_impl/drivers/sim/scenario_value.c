/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario_value: single values of a scenario, checked: addresses, prefixes, names, places for error lines.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/sim/scenario_load.h"
#include "files/yaml.h"

void *load_array(struct load *load, size_t count, size_t size)
{
    void *array = calloc(count ? count : 1, size);
    if (!array)
        snprintf(load->error, SCENARIO_ERROR_MAX, "%s: out of memory", load->path);
    return array;
}

const char *load_place(struct load *load, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(load->place, sizeof load->place, format, args);
    va_end(args);
    return load->place;
}

bool load_address(struct load *load, const char *text, const char *key, struct addr *out)
{
    if (!addr_parse(text, out) || addr_is_unspecified(*out) || addr_is_multicast(*out))
        return yaml_error(load->error, load->path, load->place, "%s: '%s' is no address of one machine", key,
                          text);
    return true;
}

bool load_same_family(struct load *load, const char *key, struct addr a, struct addr b)
{
    if (a.family != b.family)
        return yaml_error(load->error, load->path, load->place, "%s: must be an %s address here", key,
                          b.family == ADDR_IPV4 ? "IPv4" : "IPv6");
    return true;
}

bool load_prefix(struct load *load, const char *text, const char *key, struct prefix *out)
{
    if (!prefix_parse(text, out))
        return yaml_error(load->error, load->path, load->place,
                          "%s: '%s' is no prefix, as in 10.1.0.0/16, with all bits after its length zero",
                          key, text);
    return true;
}

bool load_host_named(struct load *load, const char *name, const char *key, size_t *host)
{
    if (!names_find(&load->scenario->names, name, host))
        return yaml_error(load->error, load->path, load->place, "%s: there is no host or node '%s'", key,
                          name);
    return true;
}

bool load_node_named(struct load *load, const char *name, const char *key, size_t *node)
{
    if (!names_find(&load->scenario->names, name, node) || *node >= load->scenario->node_count)
        return yaml_error(load->error, load->path, load->place, "%s: there is no node '%s'", key, name);
    return true;
}

bool load_router_named(struct load *load, const char *name, const char *key, size_t *node)
{
    if (!load_node_named(load, name, key, node))
        return false;
    if (load->scenario->nodes[*node].role == ROLE_PEER)
        return yaml_error(load->error, load->path, load->place, "%s: '%s' is a peer that only sends", key,
                          name);
    return true;
}

bool load_step_address(struct addr *address, uint64_t steps, unsigned unit_bits)
{
    struct addr sum = *address;
    for (size_t i = addr_len(sum) - unit_bits / 8; i > 0 && steps > 0; i--) {
        /* The lowest octet concerned takes the steps shifted; what is above it takes whole ones. */
        unsigned shift = i == addr_len(sum) - unit_bits / 8 ? unit_bits % 8 : 0;
        uint64_t octet = sum.bytes[i - 1] + ((steps << shift) & 0xff);
        sum.bytes[i - 1] = (uint8_t)octet;
        steps = (steps >> (8 - shift)) + (octet >> 8);
    }
    if (steps > 0)
        return false;
    *address = sum;
    return true;
}
