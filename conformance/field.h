/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * field: a packet as a flat list of named values with their place in the packet, which is what gets compared
 * and what a report shows. Names follow Wireshark's filter names where there is one; list elements have an
 * index.
 */
#ifndef DMVPNKIT_CONFORMANCE_FIELD_H
#define DMVPNKIT_CONFORMANCE_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "codec/packet.h"

#define FIELD_NAME_MAX 64
#define FIELD_TEXT_MAX 128

enum field_kind {
    FIELD_GROUP, /* a header or list element: its fields have names that begin with its own */
    FIELD_NUMBER,
    FIELD_HEX,     /* a number that is usually written in hexadecimal */
    FIELD_FLAG,    /* 0 or 1 */
    FIELD_ADDRESS, /* octets: 4 are IPv4, 16 IPv6, none "(empty)" */
    FIELD_OCTETS,
    FIELD_TEXT,
};

struct field {
    char name[FIELD_NAME_MAX];
    enum field_kind kind;
    uint64_t number;    /* NUMBER, HEX, FLAG */
    struct span octets; /* ADDRESS, OCTETS, the group "nhrp": into the packet, which must outlive the list */
    char text[FIELD_NAME_MAX]; /* TEXT */
    size_t offset;             /* from the start of the outer IP header */
};

struct field_list {
    struct field *items;
    size_t count;
    size_t cap;
};

/*
 * Take a decoded packet to fields. packet is the decoded form of bytes, which start at the outer IP header.
 * What decoding has verified already (lengths, offsets, checksums) is left out. Free with field_list_free().
 */
void fields_of_packet(struct span bytes, const struct packet *packet, struct field_list *out);
/* The same for an NHRP message without a packet around it. */
void fields_of_message(struct span bytes, const struct nhrp_message *message, struct field_list *out);
/* The field of that name, or NULL. */
const struct field *field_find(const struct field_list *list, const char *name);
/* Same kind of value, same value. */
bool field_equal(const struct field *a, const struct field *b);
/* The value for a reader; long octets are cut with their length. Returns buf. */
const char *field_format(const struct field *field, char buf[FIELD_TEXT_MAX]);
void field_list_free(struct field_list *list);

/* Does the pattern, in which * stands for any characters, match the whole name? */
bool field_name_matches(const char *pattern, const char *name);

#endif
