/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture: capture files: read through libpcap, written as pcapng with comments (which libpcap cannot).
 */
#ifndef DMVPNKIT_FILES_CAPTURE_H
#define DMVPNKIT_FILES_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/instant.h"

#define CAPTURE_ERROR_MAX     512
#define CAPTURE_LINK_RAW      101 /* LINKTYPE_RAW: an IPv4 or IPv6 header first */
#define CAPTURE_LINK_ETHERNET 1

struct capture_frame {
    size_t number;     /* from 1, as Wireshark counts */
    struct instant at; /* microseconds since 1970 */
    int link_type;     /* LINKTYPE_ value */
    size_t wire_len;   /* length on the wire; more than bytes.len if the capture cut it */
    struct span bytes; /* valid until the next read */
};

struct capture_reader;

/* Open a pcap or pcapng file, packed with gzip or not ("-" for standard input). NULL, and one line in error, if it cannot be read. */
struct capture_reader *capture_open(const char *path, char error[CAPTURE_ERROR_MAX]);
/* 1: a frame; 0: the end; -1: the file is damaged, and one line in error. */
int capture_read(struct capture_reader *reader, struct capture_frame *out, char error[CAPTURE_ERROR_MAX]);
void capture_close(struct capture_reader *reader);

/*
 * The IP packet (outer header first) inside a frame of any supported link type (raw IP, Ethernet with or
 * without VLAN tags, Linux cooked v1 and v2, PPP, null/loop). *ethertype becomes what the link header says
 * (0x0800, 0x86dd, or for instance 0x2001, then packet is its payload). False if the link type is not
 * supported or the frame too short.
 */
bool capture_packet(const struct capture_frame *frame, uint16_t *ethertype, struct span *packet);

struct capture_writer;

/*
 * Begin a pcapng file of raw IP packets, written under a temporary name beside path until capture_finish().
 * NULL, and one line in error, if it cannot be made. comment describes the whole capture and may be NULL.
 * Nothing that changes from run to run (time of day, host, version of the operating system) goes into the
 * file.
 */
struct capture_writer *capture_create(const char *path, const char *comment, char error[CAPTURE_ERROR_MAX]);
/* Append one packet; comment may be NULL. Errors are kept until capture_finish(). */
void capture_write(struct capture_writer *writer, struct instant at, struct span packet, const char *comment);
/* Flush, move into place and free. False, one line in error, and no file left behind if anything went wrong.
 */
bool capture_finish(struct capture_writer *writer, char error[CAPTURE_ERROR_MAX]);
/* Give up: no file is left behind. */
void capture_abandon(struct capture_writer *writer);

#endif
