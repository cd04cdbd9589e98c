/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile_template: a router's configuration, made from a template and a configuration class. A line may
 * begin with "[WORD] ": it is printed if the class has that, once for each server, route or LAN.
 */
#include <stdlib.h>
#include <string.h>

#include "profile_file.h"

struct places {
    const struct iut_config *config;
    const struct iut_nhs *nhs;     /* the one that the line is about, or NULL */
    const struct iut_route *route; /* a route or LAN, or NULL */
};

static struct addr mask_of(struct addr like, unsigned len)
{
    struct addr mask = {.family = like.family};
    for (unsigned i = 0; i < len; i++)
        mask.bytes[i / 8] |= (uint8_t)(0x80 >> i % 8);
    return mask;
}

static struct addr network_of(struct addr address, unsigned len)
{
    struct addr mask = mask_of(address, len);
    for (size_t i = 0; i < sizeof(address.bytes); i++)
        address.bytes[i] &= mask.bytes[i];
    return address;
}

static bool put_addr(struct addr address, char out[ADDR_TEXT_MAX])
{
    addr_format(address, out);
    return !addr_is_none(address);
}

static bool put_number(unsigned long number, char out[ADDR_TEXT_MAX])
{
    snprintf(out, ADDR_TEXT_MAX, "%lu", number);
    return true;
}

static bool put_route(const struct iut_route *route, const char *leaf, char out[ADDR_TEXT_MAX])
{
    if (strcmp(leaf, "network") == 0)
        return put_addr(route->prefix.addr, out);
    if (strcmp(leaf, "mask") == 0)
        return put_addr(mask_of(route->prefix.addr, route->prefix.len), out);
    if (strcmp(leaf, "len") == 0)
        return put_number(route->prefix.len, out);
    return strcmp(leaf, "via") == 0 && put_addr(route->via, out);
}

/* The value of a place; false if nothing is known for it. */
static bool value_of(const struct places *p, const char *name, char out[ADDR_TEXT_MAX])
{
    const struct iut_config *config = p->config;
    if (strncmp(name, "route.", 6) == 0 && p->route != NULL)
        return put_route(p->route, name + 6, out);
    if (strcmp(name, "nhs.protocol") == 0 && p->nhs != NULL)
        return put_addr(p->nhs->protocol, out);
    if (strcmp(name, "nhs.nbma") == 0 && p->nhs != NULL)
        return put_addr(p->nhs->nbma, out);
    if (strcmp(name, "nbma") == 0)
        return put_addr(config->nbma, out);
    if (strcmp(name, "destination") == 0)
        return put_addr(config->destination, out);
    if (strcmp(name, "protocol") == 0)
        return put_addr(config->protocol, out);
    if (strcmp(name, "mask") == 0)
        return put_addr(mask_of(config->protocol, config->protocol_len), out);
    if (strcmp(name, "network") == 0)
        return put_addr(network_of(config->protocol, config->protocol_len), out);
    if (strcmp(name, "len") == 0)
        return put_number(config->protocol_len, out);
    if (strcmp(name, "key") == 0)
        return put_number(config->key, out);
    if (strcmp(name, "hold_s") == 0)
        return put_number(config->hold_s, out);
    if (strcmp(name, "third_s") == 0)
        return put_number(config->hold_s / 3u, out);
    if (strcmp(name, "mtu") == 0)
        return put_number(config->mtu, out);
    if (strcmp(name, "name") == 0)
        snprintf(out, ADDR_TEXT_MAX, "%s", config->name);
    else if (strcmp(name, "authentication") == 0 && config->authentication != NULL)
        snprintf(out, ADDR_TEXT_MAX, "%s", config->authentication);
    else
        return false;
    return true;
}

static bool print_line(const struct places *p, const char *line, size_t len, FILE *out, char *error)
{
    for (size_t i = 0; i < len;) {
        if (line[i] != '$' || i + 1 >= len || line[i + 1] != '{') {
            fputc(line[i++], out);
            continue;
        }
        const char *end = memchr(line + i, '}', len - i);
        char name[48], value[ADDR_TEXT_MAX];
        snprintf(name, sizeof(name), "%.*s", end != NULL ? (int)(end - line - (long)i - 2) : 0, line + i + 2);
        if (!value_of(p, name, value)) {
            snprintf(error, PROFILE_ERROR_MAX, "the template has ${%s}, of which nothing is known there",
                     name);
            return false;
        }
        fputs(value, out);
        i = (size_t)(end - line) + 1;
    }
    fputc('\n', out);
    return true;
}

static bool has(const struct iut_config *config, const char *word)
{
    const struct {
        const char *word;
        bool there;
    } words[] = {
        {"redirect", config->redirect},
        {"shortcut", config->shortcut},
        {"unique", config->unique},
        {"shared", !config->unique},
        {"authentication", config->authentication != NULL},
        {"key", config->has_key},
        {"checksum", config->checksum},
        {"sequence", config->sequence},
        {"answers", config->answers},
        {"passes-on", !config->answers},
        {"point-to-point", config->point_to_point},
        {"multipoint", !config->point_to_point},
        {"hub", config->nhs_count == 0},
        {"spoke", config->nhs_count > 0},
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i].there;
    return false;
}

/* A line once, or once for each server, route or LAN of the class. */
static bool print_lines(const struct iut_config *config, const char *line, size_t len, FILE *out, char *error)
{
    struct places p = {.config = config};
    char word[32] = "";
    const char *end = line[0] == '[' ? memchr(line, ']', len) : NULL;
    if (end == NULL || end + 1 >= line + len || end[1] != ' ')
        return print_line(&p, line, len, out, error);
    snprintf(word, sizeof(word), "%.*s", (int)(end - line - 1), line + 1);
    len -= (size_t)(end + 2 - line);
    line = end + 2;
    bool good = true;
    if (strcmp(word, "nhs") == 0) {
        for (size_t i = 0; good && i < config->nhs_count; i++)
            good =
                print_line(&(struct places){.config = config, .nhs = &config->nhs[i]}, line, len, out, error);
        return good;
    }
    if (strcmp(word, "route") == 0 || strcmp(word, "lan") == 0) {
        for (size_t i = 0; good && i < config->route_count; i++) {
            p.route = &config->routes[i];
            if (addr_is_none(p.route->via) == (word[0] == 'l'))
                good = print_line(&p, line, len, out, error);
        }
        return good;
    }
    return !has(config, word) || print_line(&p, line, len, out, error);
}

bool profile_print_configuration(const struct profile *profile, const char *class_name,
                                 const struct iut_config *config, FILE *out, char error[PROFILE_ERROR_MAX])
{
    const struct profile_template *found = NULL;
    for (unsigned i = 0; i < profile->file->configure_count; i++) {
        const struct profile_template *template = &profile->file->configure[i];
        if (strcmp(template->configuration, class_name) == 0 ||
            (found == NULL && strcmp(template->configuration, "*") == 0))
            found = template;
    }
    if (found == NULL) {
        snprintf(error, PROFILE_ERROR_MAX, "%s has no template for the configuration class '%s'",
                 profile->name, class_name);
        return false;
    }
    bool good = true;
    for (const char *line = found->text; good && *line != '\0';) {
        size_t len = strcspn(line, "\n");
        good = print_lines(config, line, len, out, error);
        line += len + (line[len] == '\n');
    }
    return good;
}
