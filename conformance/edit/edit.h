/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * edit: packets changed by short statements, as sidecars and planted faults write them. Names are those of
 * field.h, so that what is changed and what is reported are called the same.
 *
 *   NAME = VALUE           a field; an extension or CIE that is not there yet is added
 *   remove NAME            an extension, a CIE, or all of "nhrp.ext" or "nhrp.cie"
 *   copy NAME              a second one of an extension or CIE, behind all others
 *   last NAME              an extension moved to just before the End extension
 *   add ext TYPE = OCTETS  an extension before End; TYPE has the compulsory bit, as in 0xb800
 *   patch BASE+N = OCTETS  raw octets, N from where BASE (ip, gre, nhrp, data or a field) begins
 *   append OCTETS          octets after the message, inside the outer packet
 *   cut N                  the last N octets go
 *
 * A VALUE is a number, an address, octets in hexadecimal, "text" for octets, (empty), or $sent:NAME and
 * $got:NAME for a field of the packet sent or received last. Lengths, offsets and checksums are made right
 * afterwards, unless a statement sets them or the caller wants them left.
 */
#ifndef DMVPNKIT_CONFORMANCE_EDIT_H
#define DMVPNKIT_CONFORMANCE_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "field.h"

#define EDIT_ERROR_MAX  256
#define EDIT_OCTETS_MAX 2048 /* of a value, and of what may be appended */

/* What $sent: and $got: refer to; either may be NULL. */
struct edit_sources {
    const struct field_list *sent;
    const struct field_list *got;
};

struct edit_octets {
    uint8_t *data; /* free() it */
    size_t len;
};

/*
 * Apply the statements to a packet (outer IP header first) that packet_decode() accepts. With fix false,
 * nothing is made right after a patch. False, and one line in error, if a statement is malformed, names what
 * is not there, or if the result does not fit.
 */
bool edit_packet(struct span packet, const char *const *statements, size_t count,
                 const struct edit_sources *sources, bool fix, struct edit_octets *out,
                 char error[EDIT_ERROR_MAX]);

/* A value as a statement or a condition writes it, taken for a field of that kind. */
struct edit_value {
    uint64_t number;
    uint8_t octets[EDIT_OCTETS_MAX];
    size_t len;
};
bool edit_value_parse(const char *text, enum field_kind kind, const struct edit_sources *sources,
                      struct edit_value *out, char error[EDIT_ERROR_MAX]);

#endif
