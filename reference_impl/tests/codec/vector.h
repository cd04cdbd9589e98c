/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vector: the commented hex files of captures/vectors, as captures/vectors/README.md explains them.
 */
#ifndef DMVPNKIT_TESTS_CODEC_VECTOR_H
#define DMVPNKIT_TESTS_CODEC_VECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "codec/status.h"

#define VECTOR_NAME_MAX 96
#define VECTOR_MAX_LEN  1024

enum vector_decoder { VECTOR_NHRP, VECTOR_GRE, VECTOR_IP, VECTOR_UDP, VECTOR_PACKET };

struct vector {
    char name[VECTOR_NAME_MAX]; /* of the file, without folder and ".hex" */
    enum vector_decoder decoder;
    enum codec_status status; /* CODEC_OK in good/ */
    size_t offset;
    bool round_trip; /* encoding what was decoded must give the same octets */
    uint8_t bytes[VECTOR_MAX_LEN];
    size_t len;
};

/*
 * Load every *.hex of a folder, sorted by name. Returns how many; *out is the caller's to free(). A file that
 * breaks the format, or a folder without any, ends the program with one line that names it.
 */
size_t vector_load_folder(const char *folder, struct vector **out);

static inline struct span vector_span(const struct vector *v)
{
    return span_of(v->bytes, v->len);
}

#endif
