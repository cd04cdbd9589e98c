/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture: reading capture files through libpcap, which knows pcap (any byte order, micro- and nanoseconds)
 * and pcapng, packed with gzip or not. Owns the libpcap handle; must not interpret a frame (capture_packet.c
 * does).
 */
#include "files/capture.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/gzip.h"

struct capture_reader {
    pcap_t *pcap;
    struct gzip_reader *gzip; /* lives and goes with pcap, which closes the stream */
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

/* The file as libpcap takes it; NULL and a line in error if it does not. */
static pcap_t *open_pcap(const char *path, struct gzip_reader **gzip, char error[CAPTURE_ERROR_MAX])
{
    char why[PCAP_ERRBUF_SIZE] = "";
    FILE *stream = gzip_open(path, gzip);
    if (!stream) {
        snprintf(error, CAPTURE_ERROR_MAX, "%s: %s", path, strerror(errno));
        return NULL;
    }
    pcap_t *pcap = pcap_fopen_offline(stream, why);
    if (!pcap) {
        snprintf(error, CAPTURE_ERROR_MAX, "%s: %s", path, gzip_fault(*gzip) ? gzip_fault(*gzip) : why);
        fclose(stream);
    }
    return pcap;
}

struct capture_reader *capture_open(const char *path, char error[CAPTURE_ERROR_MAX])
{
    struct gzip_reader *gzip;
    pcap_t *pcap = open_pcap(path, &gzip, error);
    if (!pcap)
        return NULL;
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
    reader->gzip = gzip;
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
        const char *fault = gzip_fault(reader->gzip);
        snprintf(error, CAPTURE_ERROR_MAX, "%s: after frame %zu: %s", reader->path, reader->frames,
                 fault ? fault : pcap_geterr(reader->pcap));
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
