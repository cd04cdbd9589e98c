/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * real_captures_test: messages of real routers decode, and encode to the octets that the routers sent; frames
 * made to be malformed are refused. Skipped, with exit code 77, where the folder of real captures is missing.
 */
#include "tests/suite.h"

#include <dirent.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "codec/describe.h"
#include "codec/dump.h"
#include "codec/gre.h"
#include "codec/ip.h"

#define EXIT_SKIPPED   77
#define ETHERTYPE_NHRP 0x2001
#define SLL2_LINKTYPE  276

struct tally {
    const char *file;
    unsigned frame, messages, others, unreadable;
};

/* The Ethertype of a frame and where its payload begins; false for a link type that no capture here has. */
static bool link_strip(int link, struct span frame, uint16_t *ethertype, struct span *payload)
{
    size_t at = link == DLT_EN10MB ? 12 : link == DLT_LINUX_SLL ? 14 : 0;
    size_t header = link == DLT_EN10MB ? 14 : link == DLT_LINUX_SLL ? 16 : 20;
    if ((link != DLT_EN10MB && link != DLT_LINUX_SLL && link != SLL2_LINKTYPE) || frame.len < header)
        return false;
    *ethertype = (uint16_t)(frame.data[at] << 8 | frame.data[at + 1]);
    *payload = span_of(frame.data + header, frame.len - header);
    return true;
}

/* An NHRP message in a frame, empty if there is none. */
static struct span message_find(uint16_t ethertype, struct span payload)
{
    struct ip outer;
    struct gre gre;
    if (ethertype == ETHERTYPE_NHRP)
        return payload;
    if ((ethertype != 0x0800 && ethertype != 0x86dd) || ip_decode(payload, &outer).status != CODEC_OK)
        return (struct span){0};
    if (outer.protocol == IP_PROTOCOL_NHRP)
        return outer.payload;
    bool nhrp = outer.protocol == IP_PROTOCOL_GRE && gre_decode(outer.payload, &gre).status == CODEC_OK &&
                gre.protocol == GRE_PROTOCOL_NHRP;
    return nhrp ? gre.payload : (struct span){0};
}

static void count_field(void *arg, unsigned depth, const char *name, const char *text)
{
    ck_assert(depth < 4 && strncmp(name, "", 1) != 0 && text != NULL);
    ++*(unsigned *)arg;
}

static void message_check(struct tally *tally, struct span bytes)
{
    struct nhrp_message message;
    struct codec_error error = nhrp_decode(bytes, NHRP_DECODE_STRICT, &message);
    if (error.status != CODEC_OK) {
        tally->unreadable++;
        return;
    }
    tally->messages++;
    uint8_t buf[2048];
    struct span again;
    ck_assert(nhrp_encode(&message, buf, sizeof buf, &again));
    bytes.len = message.fixed.packet_size;
    ck_assert_msg(span_equal(again, bytes), "%s frame %u: encoding gives other octets", tally->file,
                  tally->frame);

    char line[1024];
    struct description description;
    unsigned fields = 0;
    ck_assert_ptr_null(strstr(dump_nhrp_line(&message, line, sizeof line), "unreadable"));
    describe_nhrp(&message, &description);
    ck_assert_ptr_nonnull(strstr(description.sentence, " "));
    dump_nhrp_fields(&message, count_field, &fields);
    ck_assert_uint_gt(fields, 25);
}

/* Every suffix of a frame through every decoder: they may say what they like, as long as they come back. */
static void decoders_survive(struct span frame)
{
    for (size_t at = 0; at < frame.len; at++) {
        struct span rest = span_of(frame.data + at, frame.len - at);
        struct nhrp_message message;
        struct gre gre;
        struct ip ip;
        nhrp_decode(rest, NHRP_DECODE_IGNORE_CHECKSUM, &message);
        nhrp_decode_head(rest, &message);
        gre_decode(rest, &gre);
        ip_decode_head(rest, &ip);
    }
}

static struct tally file_check(const char *file)
{
    char path[1024], error[PCAP_ERRBUF_SIZE];
    snprintf(path, sizeof path, "%s/%s", REAL_CAPTURES, file);
    pcap_t *pcap = pcap_open_offline(path, error);
    ck_assert_msg(pcap != NULL, "%s", error);
    struct tally tally = {.file = file};
    struct pcap_pkthdr *header;
    const u_char *data;
    while (pcap_next_ex(pcap, &header, &data) == 1) {
        tally.frame++;
        struct span frame = span_of(data, header->caplen), payload;
        uint16_t ethertype;
        ck_assert(link_strip(pcap_datalink(pcap), frame, &ethertype, &payload));
        struct span message = message_find(ethertype, payload);
        if (message.len > 0)
            message_check(&tally, message);
        else
            tally.others++;
        decoders_survive(frame);
    }
    pcap_close(pcap);
    return tally;
}

/* How many messages each has, as tshark counts them. A capture that is not named here is read all the same.
 */
static const struct {
    const char *file;
    unsigned messages;
} known[] = {
    {"cisco-ios-phase3-auth.pcap", 4},
    {"cisco-ios-registration.pcap", 1},
    {"frr-8.4.4-phase3-no-shortcut.pcap", 24},
    {"frr-8.4.4-hub-gre1-cooked.pcap", 24},
    {"frr-8.4.4-phase3-shortcut.pcap", 24},
    {"opennhrp-0.14.1-phase2.pcap", 50},
    {"various-gre.pcap", 0},
    {"malformed-gre-1.pcap", 0},
    {"malformed-nhrp-1.pcap", 0},
};

static int is_pcap(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && (strcmp(dot, ".pcap") == 0 || strcmp(dot, ".pcapng") == 0);
}

START_TEST(test_every_capture)
{
    struct dirent **entries;
    int count = scandir(REAL_CAPTURES, &entries, is_pcap, alphasort);
    ck_assert_int_gt(count, 0);
    for (int i = 0; i < count; i++) {
        struct tally tally = file_check(entries[i]->d_name);
        printf("%-40s %3u messages, %2u unreadable, %3u other frames\n", tally.file, tally.messages,
               tally.unreadable, tally.others);
        for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
            if (strcmp(known[k].file, tally.file) == 0)
                ck_assert_uint_eq(tally.messages, known[k].messages);
        ck_assert(tally.unreadable == 0 || strncmp(tally.file, "malformed", 9) == 0);
        free(entries[i]);
    }
    free(entries);
}
END_TEST

int main(void)
{
    DIR *folder = opendir(REAL_CAPTURES);
    if (!folder) {
        printf("SKIPPED: no real captures at %s\n", REAL_CAPTURES);
        return EXIT_SKIPPED;
    }
    closedir(folder);
    const TTest *const tests[] = {test_every_capture, NULL};
    return suite_run_tests("real_captures", tests);
}
