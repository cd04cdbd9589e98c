/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/esp_sa_table.h"

#include <stdlib.h>

#include "base/random.h"
#include "codec/esp.h"
#include "engine/hash.h"
#include "engine/pool.h"

struct entry {
    struct hash_link link;
    struct esp_sa *sa;
    uint64_t serial; /* rises with every addition */
};

struct esp_sa_table {
    uint64_t seed;
    uint64_t next_serial;
    struct pool entries;
    struct hash_table inbound;  /* by SPI */
    struct hash_table outbound; /* by peer */
};

struct esp_sa_table *esp_sa_table_create(size_t max, uint64_t seed)
{
    struct esp_sa_table *table = calloc(1, sizeof *table);
    if (!table)
        return NULL;
    table->seed = seed;
    pool_init(&table->entries, sizeof(struct entry), max);
    hash_init(&table->inbound);
    hash_init(&table->outbound);
    return table;
}

static struct entry *entry_of(struct hash_link *link)
{
    return (struct entry *)link; /* its first member */
}

static void free_associations(struct hash_table *hash)
{
    size_t bucket = 0;
    for (struct hash_link *link = NULL; (link = hash_walk(hash, &bucket, link)) != NULL;)
        esp_sa_free(entry_of(link)->sa);
    hash_free(hash);
}

void esp_sa_table_free(struct esp_sa_table *table)
{
    if (!table)
        return;
    free_associations(&table->inbound);
    free_associations(&table->outbound);
    pool_free(&table->entries);
    free(table);
}

static uint64_t inbound_hash(const struct esp_sa_table *table, uint32_t spi)
{
    struct random_state mixer = random_seeded(table->seed ^ spi);
    return random_u64(&mixer);
}

static uint64_t outbound_hash(const struct esp_sa_table *table, struct addr peer, uint16_t port)
{
    return addr_hash(peer, table->seed + port);
}

bool esp_sa_table_add(struct esp_sa_table *table, struct esp_sa *sa)
{
    bool inbound = esp_sa_direction(sa) == ESP_INBOUND;
    if (inbound && esp_sa_table_inbound(table, esp_sa_spi(sa)))
        return false;
    struct entry *entry = pool_take(&table->entries);
    if (!entry)
        return false;
    uint16_t port;
    struct addr peer = esp_sa_peer(sa, &port);
    entry->sa = sa;
    entry->serial = table->next_serial++;
    if (inbound)
        hash_insert(&table->inbound, &entry->link, inbound_hash(table, esp_sa_spi(sa)));
    else
        hash_insert(&table->outbound, &entry->link, outbound_hash(table, peer, port));
    return true;
}

static bool is_peer(const struct esp_sa *sa, struct addr peer, uint16_t port)
{
    uint16_t sa_port;
    return addr_equal(esp_sa_peer(sa, &sa_port), peer) && sa_port == port;
}

static struct entry *find_inbound(const struct esp_sa_table *table, uint32_t spi)
{
    struct hash_link *link = hash_first(&table->inbound, inbound_hash(table, spi));
    while (link && esp_sa_spi(entry_of(link)->sa) != spi)
        link = hash_next(link);
    return link ? entry_of(link) : NULL;
}

static bool remove_entry(struct esp_sa_table *table, struct hash_table *hash, struct entry *entry)
{
    if (!entry)
        return false;
    hash_remove(hash, &entry->link);
    esp_sa_free(entry->sa);
    pool_give(&table->entries, entry);
    return true;
}

bool esp_sa_table_remove_inbound(struct esp_sa_table *table, uint32_t spi)
{
    return remove_entry(table, &table->inbound, find_inbound(table, spi));
}

bool esp_sa_table_remove_outbound(struct esp_sa_table *table, struct addr peer, uint16_t port, uint32_t spi)
{
    struct hash_link *link = hash_first(&table->outbound, outbound_hash(table, peer, port));
    while (link && !(esp_sa_spi(entry_of(link)->sa) == spi && is_peer(entry_of(link)->sa, peer, port)))
        link = hash_next(link);
    return remove_entry(table, &table->outbound, link ? entry_of(link) : NULL);
}

struct esp_sa *esp_sa_table_inbound(const struct esp_sa_table *table, uint32_t spi)
{
    struct entry *entry = find_inbound(table, spi);
    return entry ? entry->sa : NULL;
}

struct esp_sa *esp_sa_table_outbound(const struct esp_sa_table *table, struct addr peer, uint16_t port)
{
    struct entry *newest = NULL;
    struct hash_link *link = hash_first(&table->outbound, outbound_hash(table, peer, port));
    for (; link; link = hash_next(link)) {
        struct entry *entry = entry_of(link);
        if (is_peer(entry->sa, peer, port) && (!newest || entry->serial > newest->serial))
            newest = entry;
    }
    return newest ? newest->sa : NULL;
}

/* The ESP packet inside; false if there is none. */
static bool find_esp(const struct ip *outer, struct span *esp, uint16_t *source_port)
{
    struct udp udp;
    *source_port = 0;
    *esp = outer->payload;
    if (outer->protocol == IP_PROTOCOL_ESP)
        return true;
    if (outer->protocol != IP_PROTOCOL_UDP || udp_decode(outer->payload, &udp).status != CODEC_OK)
        return false;
    *source_port = udp.source_port;
    bool ours = udp.destination_port == ESP_UDP_PORT || udp.source_port == ESP_UDP_PORT;
    return ours && esp_udp_classify(udp.payload, esp) == ESP_UDP_ESP;
}

enum esp_result esp_sa_table_receive(struct esp_sa_table *table, const struct ip *outer, uint8_t *plain,
                                     struct esp_received *out)
{
    struct span packet;
    *out = (struct esp_received){0};
    if (!find_esp(outer, &packet, &out->source_port))
        return ESP_NOT_ESP;
    struct reader r = reader_of(packet);
    uint32_t spi = reader_u32(&r);
    if (r.failed)
        return ESP_TRUNCATED;
    out->sa = esp_sa_table_inbound(table, spi);
    if (!out->sa)
        return ESP_UNKNOWN_SPI;
    enum esp_result result = ESP_OK;
    uint16_t peer_port;
    if (esp_sa_protocol(out->sa) != outer->protocol)
        result = ESP_WRONG_ENCAPSULATION;
    else if (outer->protocol == IP_PROTOCOL_ESP &&
             !addr_equal(outer->source, esp_sa_peer(out->sa, &peer_port)))
        result = ESP_WRONG_ADDRESS;
    if (result != ESP_OK) {
        esp_sa_count_failure(out->sa, result);
        return result;
    }
    return esp_sa_unprotect(out->sa, packet, plain, &out->payload, &out->next_header);
}
