/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture: reading capture files through libpcap, which knows pcap (any byte order, micro- and nanoseconds)
 * and pcapng. Owns the libpcap handle; must not interpret a frame (capture_packet.c does).
 */
#include "files/capture.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct capture_reader {
    pcap_t *pcap;
    char *path;
    int link_type;
    size_t frames;
};

/* libpcap has its own number for raw IP, other than the one in the files; the rest are the same on Linux. */
static int link_type_of(pcap_t *pcap)
{
    int type = pcap_datalink(pcap);
    return type == DLT_RAW ? CAPTURE_LINK_RAW : type;
}

struct capture_reader *capture_open(const char *path, char error[CAPTURE_ERROR_MAX])
{
    char why[PCAP_ERRBUF_SIZE] = "";
    pcap_t *pcap = pcap_open_offline(path, why);
    if (!pcap) {
        /* libpcap names the file itself when it cannot be opened. */
        if (strncmp(why, path, strlen(path)) == 0)
            snprintf(error, CAPTURE_ERROR_MAX, "%s", why);
        else
            snprintf(error, CAPTURE_ERROR_MAX, "%s: %s", path, why);
        return NULL;
    }
    struct capture_reader *reader = calloc(1, sizeof *reader);
    char *copy = strdup(path);
    if (!reader || !copy) {
        snprintf(error, CAPTURE_ERROR_MAX, "%s: out of memory", path);
        free(reader);
        free(copy);
        pcap_close(pcap);
        return NULL;
    }
    reader->pcap = pcap;
    reader->path = copy;
    reader->link_type = link_type_of(pcap);
    return reader;
}

int capture_read(struct capture_reader *reader, struct capture_frame *out, char error[CAPTURE_ERROR_MAX])
{
    struct pcap_pkthdr *header;
    const unsigned char *data;
    int got = pcap_next_ex(reader->pcap, &header, &data);
    if (got == PCAP_ERROR_BREAK)
        return 0;
    if (got != 1) {
        snprintf(error, CAPTURE_ERROR_MAX, "%s: after frame %zu: %s", reader->path, reader->frames,
                 pcap_geterr(reader->pcap));
        return -1;
    }
    reader->frames++;
    /* A pcapng file can claim any 64-bit time at any resolution. */
    const int64_t latest_s = INT64_MAX / US_PER_S - 1;
    if (header->ts.tv_sec < 0 || header->ts.tv_sec > latest_s || header->ts.tv_usec < 0 ||
        header->ts.tv_usec >= US_PER_S) {
        snprintf(error, CAPTURE_ERROR_MAX, "%s: frame %zu: its time is out of range", reader->path,
                 reader->frames);
        return -1;
    }
    *out = (struct capture_frame){
        .number = reader->frames,
        .at = {.us = (int64_t)header->ts.tv_sec * US_PER_S + header->ts.tv_usec},
        .link_type = reader->link_type,
        .wire_len = header->len > header->caplen ? header->len : header->caplen,
        .bytes = span_of(data, header->caplen),
    };
    return 1;
}

void capture_close(struct capture_reader *reader)
{
    if (!reader)
        return;
    pcap_close(reader->pcap);
    free(reader->path);
    free(reader);
}
