/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/ipsec.h"

#include "codec/esp.h"
#include "engine/esp_sa_table.h"
#include "engine/timers.h"

#define DEFAULT_MAX_ASSOCIATIONS 65536
#define REKEY_NUMBERS            (UINT64_C(1) << 20) /* fewer sequence numbers left than these: a new one, please */

bool ipsec_is_on(const struct node *node)
{
    return node->config.ipsec.mode == IPSEC_REQUIRED;
}

const char *ipsec_create(struct node *node, const struct ipsec_config *config, uint64_t seed)
{
    if (config->mode == IPSEC_NONE)
        return config->association_count > 0 ? "there are security associations but IPsec is off" : NULL;
    size_t max = config->max_associations ? config->max_associations : DEFAULT_MAX_ASSOCIATIONS;
    node->associations = esp_sa_table_create(max, seed);
    if (!node->associations)
        return "memory has run out";
    for (size_t i = 0; i < config->association_count; i++) {
        const char *why;
        struct esp_sa *sa = esp_sa_create(&config->associations[i], &why);
        if (!sa)
            return why;
        if (!esp_sa_table_add(node->associations, sa)) {
            esp_sa_free(sa);
            return "two inbound security associations have the same SPI, or there are too many";
        }
    }
    return NULL;
}

static void ask_driver(struct node *node, struct endpoint peer, bool want)
{
    struct node_output output = {
        .kind = OUTPUT_SA,
        .sa = {.want = want, .local = node->config.tunnel.nbma, .peer = peer},
    };
    output_queue_push(&node->outputs, &output);
}

/* At most once in an interval for each peer, however many packets wait for it. */
static void want(struct node *node, struct endpoint to)
{
    struct peer *peer = peers_find(&node->peers, to);
    if (peer && peer->sa_wanted &&
        !instant_reached(node->now, instant_after_s(peer->sa_wanted_at, SA_WANT_AGAIN_S)))
        return;
    if (peer) {
        peer->sa_wanted = true;
        peer->sa_wanted_at = node->now;
    }
    node_trace(node, TRACE_SA_WANTED, (struct about){.nbma = to.nbma, .number = to.port});
    ask_driver(node, to, true);
}

struct esp_sa *ipsec_outbound(struct node *node, struct endpoint to)
{
    struct esp_sa *sa = esp_sa_table_outbound(node->associations, to.nbma, to.port);
    if (!sa && to.port == 0)
        sa = esp_sa_table_outbound(node->associations, to.nbma, ESP_UDP_PORT);
    if (!sa || esp_sa_numbers_left(sa) < REKEY_NUMBERS)
        want(node, to);
    return sa;
}

enum drop_reason ipsec_receive(struct node *node, const struct ip *outer, struct span *gre, uint16_t *port,
                               uint32_t *detail)
{
    uint8_t *plain = output_queue_reserve(&node->outputs, outer->payload.len);
    if (!plain)
        return DROP_NO_MEMORY;
    struct esp_received received = {0};
    enum esp_result result = esp_sa_table_receive(node->associations, outer, plain, &received);
    *detail = (uint32_t)result;
    if (result != ESP_OK)
        return DROP_ESP;
    if (received.next_header != IP_PROTOCOL_GRE)
        return DROP_NOT_GRE;
    *port = received.source_port == ESP_UDP_PORT ? 0 : received.source_port;
    *gre = received.payload;
    return DROP_NONE;
}

void ipsec_release(struct node *node, struct endpoint to)
{
    if (ipsec_is_on(node))
        ask_driver(node, to, false);
}

void ipsec_input(struct node *node, const struct node_input *input)
{
    if (!ipsec_is_on(node)) {
        node_drop(node, DROP_SA_REFUSED, (struct about){.nbma = input->sa.peer.nbma});
        return;
    }
    if (!input->sa.add) {
        if (input->sa.direction == ESP_INBOUND)
            esp_sa_table_remove_inbound(node->associations, input->sa.spi);
        else
            esp_sa_table_remove_outbound(node->associations, input->sa.peer.nbma, input->sa.peer.port,
                                         input->sa.spi);
        return;
    }
    struct esp_sa *sa = esp_sa_create(input->sa.config, NULL);
    if (!sa || !esp_sa_table_add(node->associations, sa)) {
        esp_sa_free(sa);
        node_drop(node, DROP_SA_REFUSED,
                  (struct about){.nbma = input->sa.config->source, .number = input->sa.config->spi});
        return;
    }
    uint16_t port;
    struct endpoint to = {.nbma = esp_sa_peer(sa, &port)};
    to.port = port == ESP_UDP_PORT ? 0 : port;
    struct peer *peer = peers_find(&node->peers, to);
    if (peer && esp_sa_direction(sa) == ESP_OUTBOUND)
        peer->sa_wanted = false;
}
