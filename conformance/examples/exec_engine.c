/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exec_engine: a program that `dmvpn-conform run --exec` can judge, as an example for others: it reads the
 * protocol's lines, and has this project's engine behind them. To put another implementation there, keep
 * what reads and writes lines, and replace what is done with struct setup and with the node.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/node.h"

#define EXIT_UNSUPPORTED 127
#define LIST_MAX         64

static char line[2 * 65535 + 64];
static uint8_t packet[65535];

/* What the lines before "start" said. */
struct setup {
    struct node_config config;
    struct nhs_config nhs[LIST_MAX];
    struct route_config routes[LIST_MAX];
};

static bool next_line(void)
{
    if (fgets(line, sizeof(line), stdin) == NULL)
        return false;
    line[strcspn(line, "\n")] = '\0';
    return true;
}

/* "key VALUE": the value, or NULL if the line is about something else. */
static const char *value_of(const char *key)
{
    size_t len = strlen(key);
    if (strncmp(line, key, len) != 0 || (line[len] != ' ' && line[len] != '\0'))
        return NULL;
    return line[len] == ' ' ? line + len + 1 : line + len;
}

static bool take_address(const char *text, struct addr *out)
{
    return addr_parse(text, out);
}

/* "ADDRESS/LEN" with host bits. */
static bool take_interface(const char *text, struct node_config *config)
{
    char address[ADDR_TEXT_MAX];
    size_t len = strcspn(text, "/");
    if (len >= sizeof(address) || text[len] != '/')
        return false;
    memcpy(address, text, len);
    address[len] = '\0';
    config->protocol_len = (uint8_t)atoi(text + len + 1);
    return take_address(address, &config->protocol);
}

/* "FIRST SECOND" cut in two. */
static bool split(const char *text, char first[64], const char **second)
{
    size_t len = strcspn(text, " ");
    if (len >= 64 || text[len] != ' ')
        return false;
    memcpy(first, text, len);
    first[len] = '\0';
    *second = text + len + 1;
    return true;
}

static bool take_list(struct setup *s)
{
    char first[64];
    const char *second, *value;
    if ((value = value_of("nhs")) != NULL && s->config.nhs_count < LIST_MAX) {
        struct nhs_config *nhs = &s->nhs[s->config.nhs_count++];
        return split(value, first, &second) && take_address(first, &nhs->protocol) &&
               take_address(second, &nhs->nbma);
    }
    bool is_lan = (value = value_of("lan")) != NULL;
    if (!is_lan)
        value = value_of("route");
    if (value == NULL || s->config.route_count == LIST_MAX)
        return false;
    struct route_config *route = &s->routes[s->config.route_count++];
    if (is_lan)
        return prefix_parse(value, &route->prefix);
    return split(value, first, &second) && prefix_parse(first, &route->prefix) &&
           take_address(second, &route->via);
}

/* One line of configuration. False for one that this program cannot do. */
static bool take_setting(struct setup *s)
{
    struct node_config *config = &s->config;
    struct tunnel_config *tunnel = &config->tunnel;
    const struct {
        const char *key;
        bool *at;
    } words[] = {{"checksum", &tunnel->checksum},
                 {"sequence", &tunnel->sequence},
                 {"unique", &config->unique},
                 {"redirect", &config->redirect},
                 {"shortcut", &config->shortcut}};
    const char *value;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (value_of(words[i].key) != NULL)
            return *words[i].at = true;
    if (value_of("answers") != NULL) {
        config->resolution = RESOLUTION_ANSWER;
        return true;
    }
    if ((value = value_of("name")) != NULL)
        return snprintf(config->name, sizeof(config->name), "%s", value) > 0;
    if ((value = value_of("authentication")) != NULL)
        return (size_t)snprintf(config->password, sizeof(config->password), "%s", value) <
               sizeof(config->password);
    if ((value = value_of("mode")) != NULL)
        tunnel->mode = strcmp(value, "multipoint") == 0 ? TUNNEL_MULTIPOINT : TUNNEL_POINT_TO_POINT;
    else if ((value = value_of("nbma")) != NULL)
        return take_address(value, &tunnel->nbma);
    else if ((value = value_of("destination")) != NULL)
        return take_address(value, &tunnel->destination);
    else if ((value = value_of("protocol")) != NULL)
        return take_interface(value, config);
    else if ((value = value_of("key")) != NULL) {
        tunnel->has_key = true;
        tunnel->key = (uint32_t)strtoul(value, NULL, 10);
    } else if ((value = value_of("mtu")) != NULL)
        tunnel->mtu = (uint16_t)atoi(value);
    else if ((value = value_of("ttl")) != NULL)
        tunnel->ttl = (uint8_t)atoi(value);
    else if ((value = value_of("hold")) != NULL)
        config->hold_s = (uint16_t)atoi(value);
    else if ((value = value_of("hop-count")) != NULL)
        config->hop_count = (uint8_t)atoi(value);
    else
        return take_list(s);
    return true;
}

static void print_packet(const char *word, struct instant at, struct span bytes)
{
    printf("%s %" PRId64 " ", word, at.us);
    for (size_t i = 0; i < bytes.len; i++)
        printf("%02x", bytes.data[i]);
    putchar('\n');
}

/* Hand an input to the engine and print what comes out; true if anything did. */
static bool turn(struct node *node, struct instant now, const struct node_input *in)
{
    struct node_output out;
    bool any = false;
    node_input(node, now, in);
    while (node_output(node, &out)) {
        if (out.kind == OUTPUT_UNDERLAY)
            print_packet("sent", now, out.underlay.packet);
        else if (out.kind == OUTPUT_OVERLAY)
            print_packet("delivered", now, out.overlay);
        any = any || out.kind == OUTPUT_UNDERLAY || out.kind == OUTPUT_OVERLAY;
    }
    return any;
}

static struct span take_packet(const char *hex)
{
    size_t len = 0;
    for (; hex[0] != '\0' && hex[1] != '\0' && len < sizeof(packet); hex += 2) {
        char pair[3] = {hex[0], hex[1], '\0'};
        packet[len++] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return span_of(packet, len);
}

/* Let time pass until then, or until something has come out. */
static struct instant pass_time(struct node *node, struct instant now, struct instant until, bool pending)
{
    while (!pending && !instant_before(until, node_deadline(node))) {
        struct instant deadline = node_deadline(node);
        if (instant_before(now, deadline))
            now = deadline;
        pending = turn(node, now, &(struct node_input){.kind = INPUT_TIME});
    }
    return pending || !instant_before(now, until) ? now : until;
}

static void serve(struct node *node, struct instant now)
{
    const char *value;
    bool pending = turn(node, now, &(struct node_input){.kind = INPUT_TIME});
    fflush(stdout);
    while (next_line() && strcmp(line, "stop") != 0) {
        if ((value = value_of("underlay")) != NULL || (value = value_of("host")) != NULL) {
            struct node_input in = {.kind = line[0] == 'u' ? INPUT_UNDERLAY : INPUT_OVERLAY,
                                    .packet = take_packet(value)};
            pending = turn(node, now, &in) || pending;
        } else if ((value = value_of("until")) != NULL) {
            now = pass_time(node, now, (struct instant){.us = strtoll(value, NULL, 10)}, pending);
            printf("reached %" PRId64 "\n", now.us);
            pending = false;
            fflush(stdout);
        }
    }
}

int main(void)
{
    static struct setup s = {.config = {.resolution = RESOLUTION_FORWARD}};
    struct instant now = {0};
    const char *why = "";
    if (!next_line() || strcmp(line, "dmvpn-exec 1") != 0)
        return EXIT_UNSUPPORTED;
    while (next_line() && value_of("start") == NULL)
        if (!take_setting(&s)) {
            printf("unsupported: %s\n", line);
            return EXIT_UNSUPPORTED;
        }
    now.us = strtoll(line + strcspn(line, " "), NULL, 10);
    s.config.nhs = s.nhs;
    s.config.routes = s.routes;
    struct node *node = node_create(&s.config, 1, &why);
    if (node == NULL) {
        printf("unsupported: %s\n", why);
        return EXIT_UNSUPPORTED;
    }
    puts("ready");
    serve(node, now);
    node_free(node);
    return EXIT_SUCCESS;
}
