/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vectors_test: every vector does what it says: good ones decode, encode to the same octets and read as their
 * golden text; bad ones fail with their status and offset. "vectors_test --update" writes the golden texts
 * anew.
 */
#include "tests/suite.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "codec/describe.h"
#include "codec/dump.h"
#include "codec/gre.h"
#include "codec/ip.h"
#include "codec/nhrp_ext.h"
#include "codec/packet.h"
#include "tests/codec/vector.h"

#define FOLDER      SOURCE_ROOT "/captures/vectors/"
#define GOLDEN_MAX  32768
#define MESSAGE_MAX 2048

static struct vector *good, *bad;
static size_t good_count, bad_count;

static struct codec_error decode_any(const struct vector *v)
{
    struct nhrp_message message;
    struct gre gre;
    struct ip ip;
    struct udp udp;
    struct packet packet;
    switch (v->decoder) {
    case VECTOR_NHRP:
        return nhrp_decode(vector_span(v), NHRP_DECODE_STRICT, &message);
    case VECTOR_GRE:
        return gre_decode(vector_span(v), &gre);
    case VECTOR_IP:
        return ip_decode(vector_span(v), &ip);
    case VECTOR_UDP:
        return udp_decode(vector_span(v), &udp);
    default:
        packet_decode(vector_span(v), &packet);
        return packet.error;
    }
}

START_TEST(test_bad_fails_as_it_says)
{
    const struct vector *v = &bad[_i];
    struct codec_error error = decode_any(v);
    ck_assert_msg(v->status != CODEC_OK, "%s states no status", v->name);
    ck_assert_msg(error.status == v->status && error.offset == v->offset, "%s: %s at %zu, not %s at %zu",
                  v->name, codec_status_words(error.status), error.offset, codec_status_words(v->status),
                  v->offset);
}
END_TEST

START_TEST(test_good_decodes)
{
    const struct vector *v = &good[_i];
    struct codec_error error = decode_any(v);
    if (error.status == CODEC_BAD_CHECKSUM && v->decoder == VECTOR_NHRP) {
        uint8_t copy[VECTOR_MAX_LEN];
        memcpy(copy, v->bytes, v->len);
        size_t size = (size_t)(copy[10] << 8 | copy[11]);
        nhrp_set_checksum(copy, size < v->len ? size : v->len);
        ck_abort_msg("%s: wrong checksum; %02x %02x would be right", v->name, copy[12], copy[13]);
    }
    ck_assert_msg(error.status == CODEC_OK, "%s: %s at %zu", v->name, codec_status_words(error.status),
                  error.offset);
}
END_TEST

/* The octets that decoding and encoding make of a vector. */
static struct span encode_again(const struct vector *v, uint8_t *buf, size_t cap)
{
    struct writer w = writer_of(buf, cap);
    struct span out = {0};
    struct nhrp_message message;
    struct gre gre;
    struct ip ip;
    switch (v->decoder) {
    case VECTOR_NHRP:
        nhrp_decode(vector_span(v), NHRP_DECODE_STRICT, &message);
        ck_assert(nhrp_encode(&message, buf, cap, &out));
        return out;
    case VECTOR_GRE:
        gre_decode(vector_span(v), &gre);
        gre_write(&w, &gre, gre.payload);
        break;
    case VECTOR_IP:
        ip_decode(vector_span(v), &ip);
        ip_write(&w, &ip, ip.payload);
        break;
    case VECTOR_UDP: {
        struct udp udp;
        const struct ip carrier = {.source = addr_ipv4(192, 0, 2, 1), .destination = addr_ipv4(192, 0, 2, 2)};
        udp_decode(vector_span(v), &udp);
        udp_write(&w, &carrier, &udp, udp.payload);
        break;
    }
    case VECTOR_PACKET:
        return vector_span(v); /* has no encoder of its own */
    }
    writer_done(&w, &out);
    return out;
}

START_TEST(test_good_round_trip)
{
    const struct vector *v = &good[_i];
    uint8_t buf[MESSAGE_MAX];
    struct span again = encode_again(v, buf, sizeof buf);
    struct span original = vector_span(v);
    if (v->decoder == VECTOR_NHRP)
        original.len =
            (size_t)(original.data[10] << 8 | original.data[11]); /* link padding is not the message's */
    ck_assert_msg(span_equal(again, original) == v->round_trip, "%s: round trip gives %s octets", v->name,
                  v->round_trip ? "other" : "the same");
}
END_TEST

START_TEST(test_good_needs_every_octet)
{
    const struct vector *v = &good[_i];
    if (v->decoder != VECTOR_NHRP)
        return;
    size_t size = (size_t)(v->bytes[10] << 8 | v->bytes[11]);
    for (size_t len = 0; len < size; len++) {
        struct nhrp_message message;
        enum codec_status status = nhrp_decode(span_of(v->bytes, len), NHRP_DECODE_STRICT, &message).status;
        ck_assert_msg(status == (len < NHRP_FIXED_LEN ? CODEC_TRUNCATED : CODEC_BAD_SIZE),
                      "%s cut to %zu: %s", v->name, len, codec_status_words(status));
    }
}
END_TEST

static void add_field(void *arg, unsigned depth, const char *name, const char *text)
{
    text_add(arg, "%*s%s %s\n", (int)depth * 2, "", name, text);
}

/* One line, one sentence, every field. False for decoders without any. */
static bool golden_make(const struct vector *v, char buf[GOLDEN_MAX])
{
    char line[1024];
    struct text t = text_of(buf, GOLDEN_MAX);
    struct description description;
    if (v->decoder == VECTOR_NHRP) {
        struct nhrp_message message;
        nhrp_decode(vector_span(v), NHRP_DECODE_STRICT, &message);
        describe_nhrp(&message, &description);
        text_add(&t, "%s\n", dump_nhrp_line(&message, line, sizeof line));
        text_add(&t, "%s [%s]\n", description.sentence, description.clause);
        dump_nhrp_fields(&message, add_field, &t);
    } else if (v->decoder == VECTOR_PACKET) {
        describe_packet(vector_span(v), &description);
        text_add(&t, "%s\n", dump_packet_line(vector_span(v), line, sizeof line));
        text_add(&t, "%s [%s]\n", description.sentence, description.clause);
    }
    return t.len > 0;
}

static FILE *golden_open(const struct vector *v, const char *mode)
{
    char path[512];
    snprintf(path, sizeof path, FOLDER "golden/%s.txt", v->name);
    return fopen(path, mode);
}

START_TEST(test_good_reads_as_golden)
{
    static char made[GOLDEN_MAX], stored[GOLDEN_MAX];
    const struct vector *v = &good[_i];
    if (!golden_make(v, made))
        return;
    FILE *f = golden_open(v, "r");
    ck_assert_msg(f != NULL, "%s has no golden text; \"vectors_test --update\" makes it", v->name);
    size_t len = fread(stored, 1, sizeof stored - 1, f);
    stored[len] = '\0';
    fclose(f);
    size_t same = 0, line = 1;
    for (; made[same] && made[same] == stored[same]; same++)
        line += made[same] == '\n';
    ck_assert_msg(made[same] == stored[same], "%s: line %zu differs, from here: \"%.40s\", golden \"%.40s\"",
                  v->name, line, made + same, stored + same);
}
END_TEST

static int golden_update(void)
{
    static char made[GOLDEN_MAX];
    for (size_t i = 0; i < good_count; i++) {
        if (!golden_make(&good[i], made))
            continue;
        FILE *f = golden_open(&good[i], "w");
        if (!f || fputs(made, f) < 0 || fclose(f) != 0) {
            fprintf(stderr, "%s: its golden text cannot be written\n", good[i].name);
            return 2;
        }
    }
    return EXIT_SUCCESS;
}

START_TEST(test_all_is_covered)
{
    bool types[9] = {false}, extensions[11] = {false};
    for (size_t i = 0; i < good_count; i++) {
        struct nhrp_message message;
        if (good[i].decoder != VECTOR_NHRP ||
            nhrp_decode(vector_span(&good[i]), NHRP_DECODE_STRICT, &message).status != CODEC_OK)
            continue;
        types[message.fixed.type] = true;
        struct nhrp_ext ext;
        while (nhrp_ext_next(&message.extensions, &ext))
            if (ext.type < 11)
                extensions[ext.type] = true;
    }
#define MESSAGE_TYPE(name, value, words, clause)   ck_assert_msg(types[value], "no vector of a " words);
#define EXTENSION_TYPE(name, value, words, clause) ck_assert_msg(extensions[value], "no vector with " words);
#include "codec/nhrp_codes.def"

    bool statuses[32] = {
        [CODEC_OK] = true,
        [CODEC_BAD_PADDING] = true, /* of decrypted octets only: esp_test */
    };
    for (size_t i = 0; i < bad_count; i++)
        statuses[bad[i].status] = true;
#define STATUS(name, words) ck_assert_msg(statuses[CODEC_##name], "no vector of " #name);
#include "codec/status.def"
}
END_TEST

int main(int argc, char **argv)
{
    good_count = vector_load_folder(FOLDER "good", &good);
    bad_count = vector_load_folder(FOLDER "bad", &bad);
    if (argc == 2 && strcmp(argv[1], "--update") == 0)
        return golden_update();

    Suite *suite = suite_create("vectors");
    TCase *tcase = tcase_create("vectors");
    tcase_add_loop_test(tcase, test_bad_fails_as_it_says, 0, (int)bad_count);
    tcase_add_loop_test(tcase, test_good_decodes, 0, (int)good_count);
    tcase_add_loop_test(tcase, test_good_round_trip, 0, (int)good_count);
    tcase_add_loop_test(tcase, test_good_needs_every_octet, 0, (int)good_count);
    tcase_add_loop_test(tcase, test_good_reads_as_golden, 0, (int)good_count);
    tcase_add_test(tcase, test_all_is_covered);
    suite_add_tcase(suite, tcase);
    int status = suite_run(suite);
    free(good);
    free(bad);
    return status;
}
