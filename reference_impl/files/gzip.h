/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gzip: a file as a stream of octets, unpacked while it is read if it is gzip (RFC 1952), as it is if not.
 * Internal to the files library.
 */
#ifndef DMVPNKIT_FILES_GZIP_H
#define DMVPNKIT_FILES_GZIP_H

#include <stdio.h>

struct gzip_reader;

/*
 * Open path ("-" for standard input) for reading. fclose() the stream; *out lasts as long as it does, and is
 * NULL for a file that is not packed. NULL, with errno set, if the file cannot be opened or memory runs out.
 */
FILE *gzip_open(const char *path, struct gzip_reader **out);

/* Why unpacking failed, in words; NULL if it did not. reader may be NULL. */
const char *gzip_fault(const struct gzip_reader *reader);

#endif
