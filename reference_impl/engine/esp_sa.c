/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/esp_sa.h"

#include <stdlib.h>
#include <string.h>

#include "codec/esp.h"
#include "engine/replay_window.h"

struct esp_sa {
    enum esp_direction direction;
    const struct esp_algorithm_facts *facts;
    struct esp_crypto *crypto;
    uint32_t spi;
    struct addr source;
    struct addr destination;
    uint16_t source_port;
    uint16_t destination_port;
    bool extended_sequence;
    bool anti_replay;
    uint64_t next_number;  /* outbound */
    uint64_t numbers_left; /* outbound */
    struct replay_window window;
    struct esp_counters counters;
};

static bool is_in_udp(const struct esp_sa *sa)
{
    return sa->source_port != 0;
}

/* What is wrong with a configuration, keys aside; NULL if nothing is. */
static const char *config_fault(const struct esp_sa_config *config)
{
    struct replay_window window;
    if (config->spi <= ESP_SPI_RESERVED)
        return "the SPI is a reserved one, 0 to 255";
    if (config->source.family != config->destination.family || addr_is_none(config->source))
        return "source and destination must be addresses of one family";
    if ((config->source_port == 0) != (config->destination_port == 0))
        return "ESP in UDP needs both ports";
    if (config->direction == ESP_INBOUND && config->replay_window != 0 &&
        !replay_window_init(&window, config->replay_window))
        return "the replay window must be a multiple of 64 from 64 to 1024, or 0";
    if (config->direction == ESP_INBOUND && config->extended_sequence && config->replay_window == 0)
        return "extended sequence numbers need a replay window";
    if (!config->extended_sequence && config->first_number > UINT32_MAX)
        return "the first sequence number does not fit in 32 bits";
    return NULL;
}

struct esp_sa *esp_sa_create(const struct esp_sa_config *config, const char **why)
{
    const char *fault = config_fault(config);
    struct esp_sa *sa = fault ? NULL : calloc(1, sizeof *sa);
    if (sa) {
        uint64_t first = config->first_number > 0 ? config->first_number : 1;
        *sa = (struct esp_sa){
            .direction = config->direction,
            .facts = esp_algorithm_facts(config->algorithm),
            .crypto = esp_crypto_create(config->algorithm, config->key, config->auth_key,
                                        config->direction == ESP_OUTBOUND),
            .spi = config->spi,
            .source = config->source,
            .destination = config->destination,
            .source_port = config->source_port,
            .destination_port = config->destination_port,
            .extended_sequence = config->extended_sequence,
            .next_number = first,
            .numbers_left = (config->extended_sequence ? UINT64_MAX : UINT32_MAX) - (first - 1),
        };
        sa->anti_replay =
            config->direction == ESP_INBOUND && replay_window_init(&sa->window, config->replay_window);
        sa->window.top = first - 1;
    }
    if (sa && !sa->crypto) {
        esp_sa_free(sa);
        sa = NULL;
        fault = "the keys do not fit the algorithm, or the cryptographic library refuses it";
    }
    if (!sa && why)
        *why = fault ? fault : "out of memory";
    return sa;
}

void esp_sa_free(struct esp_sa *sa)
{
    if (sa)
        esp_crypto_free(sa->crypto);
    free(sa);
}

enum esp_direction esp_sa_direction(const struct esp_sa *sa)
{
    return sa->direction;
}

uint32_t esp_sa_spi(const struct esp_sa *sa)
{
    return sa->spi;
}

struct addr esp_sa_peer(const struct esp_sa *sa, uint16_t *port)
{
    bool outbound = sa->direction == ESP_OUTBOUND;
    *port = outbound ? sa->destination_port : sa->source_port;
    return outbound ? sa->destination : sa->source;
}

uint8_t esp_sa_protocol(const struct esp_sa *sa)
{
    return is_in_udp(sa) ? IP_PROTOCOL_UDP : IP_PROTOCOL_ESP;
}

uint64_t esp_sa_numbers_left(const struct esp_sa *sa)
{
    return sa->numbers_left;
}

const struct esp_counters *esp_sa_counters(const struct esp_sa *sa)
{
    return &sa->counters;
}

void esp_sa_count_failure(struct esp_sa *sa, enum esp_result result)
{
    sa->counters.failures[result]++;
}

size_t esp_sa_head_len(const struct esp_sa *sa)
{
    return (is_in_udp(sa) ? UDP_HEADER_LEN : 0u) + ESP_HEADER_LEN + sa->facts->iv_len;
}

size_t esp_sa_tail_len(const struct esp_sa *sa, size_t payload_len)
{
    return esp_pad_len(payload_len, sa->facts->block_len) + ESP_TRAILER_LEN + sa->facts->icv_len;
}

static enum esp_result fail(struct esp_sa *sa, enum esp_result result)
{
    sa->counters.failures[result]++;
    return result;
}

static enum esp_result succeed(struct esp_sa *sa, size_t payload_len)
{
    sa->counters.packets++;
    sa->counters.octets += payload_len;
    return ESP_OK;
}

/* The upper half of a number, where it is authenticated; NULL where there is none. */
static const uint32_t *high_half(const struct esp_sa *sa, uint64_t number, uint32_t *buf)
{
    *buf = (uint32_t)(number >> 32);
    return sa->extended_sequence ? buf : NULL;
}

static enum esp_result seal(struct esp_sa *sa, uint64_t number, uint8_t *packet, size_t payload_len,
                            uint8_t next_header)
{
    size_t payload_at = (size_t)ESP_HEADER_LEN + sa->facts->iv_len;
    size_t pad_len = esp_pad_len(payload_len, sa->facts->block_len);
    struct writer header = writer_of(packet, ESP_HEADER_LEN);
    esp_write_header(&header, sa->spi, (uint32_t)number);
    struct writer trailer = writer_of(packet + payload_at + payload_len, pad_len + ESP_TRAILER_LEN);
    esp_write_trailer(&trailer, pad_len, next_header);
    enum esp_result result = esp_crypto_make_iv(sa->crypto, number, packet + ESP_HEADER_LEN);
    if (result != ESP_OK)
        return result;
    uint32_t high;
    return esp_crypto_seal(sa->crypto, high_half(sa, number, &high), packet,
                           payload_len + pad_len + ESP_TRAILER_LEN);
}

enum esp_result esp_sa_protect(struct esp_sa *sa, const struct ip *carrier, uint8_t *at, size_t payload_len,
                               uint8_t next_header)
{
    size_t head_len = esp_sa_head_len(sa);
    if (payload_len > UINT16_MAX ||
        ip_header_len(carrier) + head_len + payload_len + esp_sa_tail_len(sa, payload_len) > UINT16_MAX)
        return fail(sa, ESP_TOO_BIG);
    if (sa->numbers_left == 0)
        return fail(sa, ESP_EXHAUSTED);
    /* A number is used up even if the library fails: whatever was encrypted under its IV, no other text will
     * be. */
    uint64_t number = sa->next_number++;
    sa->numbers_left--;
    size_t udp_len = is_in_udp(sa) ? UDP_HEADER_LEN : 0;
    enum esp_result result = seal(sa, number, at + udp_len, payload_len, next_header);
    if (result != ESP_OK)
        return fail(sa, result);
    if (is_in_udp(sa)) {
        struct udp udp = {.source_port = sa->source_port, .destination_port = sa->destination_port};
        struct writer w = writer_of(at, UDP_HEADER_LEN);
        udp_write_header(&w, carrier, &udp,
                         head_len - udp_len + payload_len + esp_sa_tail_len(sa, payload_len));
    }
    return succeed(sa, payload_len);
}

static enum esp_result check_replay(struct esp_sa *sa, uint64_t number)
{
    switch (replay_window_check(&sa->window, number)) {
    case REPLAY_NEW:
        return ESP_OK;
    case REPLAY_SEEN:
        return ESP_REPLAYED;
    case REPLAY_TOO_OLD:
        break;
    }
    return ESP_TOO_OLD;
}

enum esp_result esp_sa_unprotect(struct esp_sa *sa, struct span packet, uint8_t *plain, struct span *payload,
                                 uint8_t *next_header)
{
    struct esp esp;
    if (esp_decode(packet, sa->facts->iv_len, sa->facts->icv_len, &esp).status != CODEC_OK)
        return fail(sa, ESP_TRUNCATED);
    if (esp.ciphertext.len % sa->facts->block_len != 0)
        return fail(sa, ESP_BAD_LENGTH);
    uint64_t number = sa->extended_sequence ? replay_window_infer(&sa->window, esp.sequence) : esp.sequence;
    enum esp_result result = sa->anti_replay ? check_replay(sa, number) : ESP_OK;
    if (result != ESP_OK)
        return fail(sa, result);
    uint32_t high;
    result = esp_crypto_open(sa->crypto, high_half(sa, number, &high), packet, plain);
    if (result != ESP_OK)
        return fail(sa, result);
    if (sa->anti_replay)
        replay_window_note(&sa->window, number);
    struct span text = span_of(plain, esp.ciphertext.len);
    if (esp_trailer_decode(text, payload, next_header).status != CODEC_OK)
        return fail(sa, ESP_BAD_PADDING);
    if (*next_header == ESP_NEXT_HEADER_NONE)
        return fail(sa, ESP_DUMMY);
    return succeed(sa, payload->len);
}

size_t esp_sa_plain_at(const struct esp_sa *sa)
{
    return (size_t)ESP_HEADER_LEN + sa->facts->iv_len;
}
