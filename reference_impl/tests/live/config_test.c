/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon's configuration: what each key becomes, and lines that say what is wrong. */
#include "drivers/live/config.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "tests/files/scratch.h"
#include "tests/suite.h"

static char error[LIVE_ERROR_MAX];

static struct live_config *load(const char *text)
{
    scratch_make();
    struct live_config *config = live_config_load(scratch_file("c.yaml", text, strlen(text)), error);
    scratch_remove();
    return config;
}

static struct live_config *loaded(const char *text)
{
    struct live_config *config = load(text);
    ck_assert_msg(config != NULL, "%s", error);
    return config;
}

/* The file is wrong at that line, and the reason has these words. */
static void refused(const char *text, unsigned line, const char *words)
{
    char place[32];
    ck_assert_ptr_null(load(text));
    snprintf(place, sizeof place, "c.yaml:%u: ", line);
    ck_assert_msg(strstr(error, place) && strstr(error, words), "%s", error);
    ck_assert_ptr_null(strchr(error, '\n'));
}

static void check_address(struct addr a, const char *text)
{
    char found[ADDR_TEXT_MAX];
    ck_assert_str_eq(addr_format(a, found), text);
}

START_TEST(what_is_not_said_has_defaults)
{
    struct live_config *c = loaded("tunnels:\n"
                                   "  - name: t0\n"
                                   "    nbma_device: eth0\n"
                                   "    tunnel: {address: 10.255.0.11/24, mode: multipoint}\n");
    ck_assert_int_eq(c->log_form, LOG_FORM_TEXT);
    ck_assert_int_eq(c->log_level, LOG_INFO);
    ck_assert(!c->trace && c->mirror_routes && !c->mirror_underlay && c->install_routes);
    ck_assert_str_eq(c->user, "nobody");
    ck_assert_str_eq(c->control, "/run/dmvpnd/dmvpnd.sock");
    ck_assert_str_eq(c->state, "/var/lib/dmvpnd");
    ck_assert_uint_eq(c->mirror_table, 254);
    ck_assert_uint_eq(c->install_table, 2332);
    ck_assert_uint_eq(c->tunnel_count, 1);
    const struct live_tunnel_config *t = &c->tunnels[0];
    ck_assert_str_eq(t->name, "t0");
    ck_assert_str_eq(t->node.name, "t0");
    ck_assert_str_eq(t->nbma_device, "eth0");
    ck_assert(addr_is_none(t->node.tunnel.nbma) && !t->node.tunnel.has_key);
    ck_assert(t->node.tunnel.host_counts_hops);
    ck_assert_int_eq(t->node.ipsec.mode, IPSEC_NONE);
    live_config_free(c);
}
END_TEST

START_TEST(every_key_arrives)
{
    struct live_config *c = loaded(
        "log: {format: json, level: debug, trace: true}\n"
        "user: daemon\n"
        "control: /tmp/c\n"
        "state: /tmp/s\n"
        "kernel_routes: {mirror: false, mirror_table: 7, mirror_underlay: true, install: false, "
        "install_table: 8}\n"
        "tunnels:\n"
        "  - name: t0\n"
        "    nbma: 198.51.100.11\n"
        "    tunnel: {address: 10.255.0.11/24, mode: point-to-point, destination: 192.0.2.1, key: 42,\n"
        "             checksum: true, sequence: true, mtu_octets: 1300, ttl: 64}\n"
        "    nhrp: {hold_s: 300, hop_count: 9, authentication: secret, unique: true, redirect: true,\n"
        "           shortcut: true, resolution: forward, discovery: server, max_bindings: 10,\n"
        "           max_requests: 11, max_routes: 12, nhs_max: 1, error_limit_per_s: 5, request_limit_per_s: "
        "6,\n"
        "           nhs: [{protocol: 10.255.0.1, nbma: 192.0.2.1, priority: 3}]}\n"
        "    routes: [{to: 172.16.0.0/16, via: 10.255.0.1}]\n"
        "    prefixes: [172.16.1.0/24]\n");
    ck_assert_int_eq(c->log_form, LOG_FORM_JSON);
    ck_assert_int_eq(c->log_level, LOG_DEBUG);
    ck_assert(c->trace && !c->mirror_routes && c->mirror_underlay && !c->install_routes);
    ck_assert_str_eq(c->user, "daemon");
    ck_assert_str_eq(c->control, "/tmp/c");
    ck_assert_str_eq(c->state, "/tmp/s");
    ck_assert_uint_eq(c->mirror_table, 7);
    ck_assert_uint_eq(c->install_table, 8);
    const struct node_config *n = &c->tunnels[0].node;
    check_address(n->protocol, "10.255.0.11");
    ck_assert_uint_eq(n->protocol_len, 24);
    check_address(n->tunnel.nbma, "198.51.100.11");
    check_address(n->tunnel.destination, "192.0.2.1");
    ck_assert_int_eq(n->tunnel.mode, TUNNEL_POINT_TO_POINT);
    ck_assert(n->tunnel.has_key && n->tunnel.checksum && n->tunnel.sequence);
    ck_assert_uint_eq(n->tunnel.key, 42);
    ck_assert_uint_eq(n->tunnel.mtu, 1300);
    ck_assert_uint_eq(n->tunnel.ttl, 64);
    ck_assert_uint_eq(n->hold_s, 300);
    ck_assert_uint_eq(n->hop_count, 9);
    ck_assert_str_eq(n->password, "secret");
    ck_assert(n->unique && n->redirect && n->shortcut);
    ck_assert_int_eq(n->resolution, RESOLUTION_FORWARD);
    ck_assert_int_eq(n->discovery, DISCOVERY_SERVER);
    ck_assert_uint_eq(n->max_bindings + n->max_requests + n->max_routes, 33);
    ck_assert_uint_eq(n->nhs_max, 1);
    ck_assert_uint_eq(n->limits.errors_per_s, 5);
    ck_assert_uint_eq(n->limits.requests_per_s, 6);
    ck_assert_uint_eq(n->nhs_count, 1);
    check_address(n->nhs[0].protocol, "10.255.0.1");
    check_address(n->nhs[0].nbma, "192.0.2.1");
    ck_assert_uint_eq(n->nhs[0].priority, 3);
    ck_assert_uint_eq(n->route_count, 2);
    ck_assert(addr_is_none(n->routes[0].via));
    check_address(n->routes[1].via, "10.255.0.1");
    live_config_free(c);
}
END_TEST

START_TEST(associations)
{
    struct live_config *c =
        loaded("tunnels:\n"
               "  - name: t0\n"
               "    nbma: 198.51.100.11\n"
               "    tunnel: {address: 10.255.0.11/24, mode: multipoint}\n"
               "    ipsec:\n"
               "      associations:\n"
               "        - {direction: out, algorithm: aes-128-gcm, peer: 192.0.2.1, spi: 4097, udp: true,\n"
               "           key: 000102030405060708090a0b0c0d0e0f10111213}\n"
               "        - {direction: in, algorithm: aes-128-gcm, peer: 192.0.2.1, spi: 4099, udp: true, "
               "peer_port: 999,\n"
               "           key: 202122232425262728292A2b2c2d2e2f30313233, replay_window: 128,\n"
               "           extended_sequence: true}\n"
               "        - {direction: in, algorithm: aes-128-gcm, peer: 192.0.2.2, spi: 4098,\n"
               "           key: 202122232425262728292a2b2c2d2e2f30313233}\n");
    const struct live_tunnel_config *t = &c->tunnels[0];
    const struct esp_sa_config *sa = t->node.ipsec.associations;
    ck_assert_int_eq(t->node.ipsec.mode, IPSEC_REQUIRED);
    ck_assert_uint_eq(t->node.ipsec.association_count, 3);
    ck_assert(t->udp_encapsulation);
    check_address(sa[0].source, "198.51.100.11");
    check_address(sa[1].source, "192.0.2.1");
    ck_assert_uint_eq(sa[0].key.len, 20);
    ck_assert_uint_eq(sa[1].key.data[10], 0x2a);
    ck_assert_uint_eq(sa[0].destination_port, 4500);
    ck_assert_uint_eq(sa[1].source_port, 999);
    ck_assert_uint_eq(sa[1].replay_window, 128);
    ck_assert_uint_eq(sa[2].replay_window, 64);
    ck_assert(sa[1].extended_sequence && !sa[2].extended_sequence);
    ck_assert(live_tunnel_config_has_spi(t, 4098) && live_tunnel_config_has_spi(t, 4099));
    ck_assert(!live_tunnel_config_has_spi(t, 4097)); /* outbound */
    live_config_free(c);
}
END_TEST

#define FIRST \
    "tunnels:\n  - {name: a, nbma: 192.0.2.1, tunnel: {address: 10.1.0.1/24, mode: multipoint, key: 1}}\n"
#define LINE "  - {name: %s, nbma: 192.0.2.1, tunnel: {address: 10.2.0.1/24, mode: %s, key: %d%s}}\n"

static const char *with_another(const char *mode, int key, const char *more)
{
    static char text[1000];
    int len = snprintf(text, sizeof text, FIRST);
    snprintf(text + len, sizeof text - (size_t)len, LINE, "b", mode, key, more);
    return text;
}

START_TEST(tunnels_that_nothing_tells_apart)
{
    char three[1200];
    live_config_free(loaded(with_another("multipoint", 2, "")));
    refused(with_another("multipoint", 1, ""), 3, "GRE key");
    const char *line = with_another("point-to-point", 1, ", destination: 198.51.100.11");
    live_config_free(loaded(line));
    int len = snprintf(three, sizeof three, "%s", line);
    snprintf(three + len, sizeof three - (size_t)len, LINE, "c", "point-to-point", 1,
             ", destination: 198.51.100.12");
    live_config_free(loaded(three));
    snprintf(three + len, sizeof three - (size_t)len, LINE, "c", "point-to-point", 1,
             ", destination: 198.51.100.11");
    refused(three, 4, "'b'");
}
END_TEST

#define PROTECTED                                                                                       \
    "  - name: %s\n    nbma: 192.0.2.1\n    tunnel: {address: 10.2.0.1/24, mode: multipoint, key: 1}\n" \
    "    ipsec: {associations: [{direction: in, algorithm: aes-128-gcm, peer: 192.0.2.9, spi: %d,\n"    \
    "            key: 202122232425262728292a2b2c2d2e2f30313233}]}\n"

START_TEST(protected_tunnels_differ_by_spi)
{
    char text[1200];
    snprintf(text, sizeof text, FIRST PROTECTED PROTECTED, "b", 4097, "c", 4098);
    live_config_free(loaded(text));
    snprintf(text, sizeof text, FIRST PROTECTED PROTECTED, "b", 4097, "c", 4097);
    refused(text, 8, "inbound SPI other than that of 'b'");
}
END_TEST

START_TEST(keys_are_not_repeated_in_what_is_said)
{
    char text[1200];
    snprintf(text, sizeof text, FIRST PROTECTED, "b", 4097);
    strcpy(strstr(text, "2021222324"), "secretsecret}]}\n");
    refused(text, 7, "hexadecimal");
    ck_assert_ptr_null(strstr(error, "secret"));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        what_is_not_said_has_defaults,
        every_key_arrives,
        associations,
        tunnels_that_nothing_tells_apart,
        protected_tunnels_differ_by_spi,
        keys_are_not_repeated_in_what_is_said,
        NULL,
    };
    return suite_run_tests("config", tests);
}
