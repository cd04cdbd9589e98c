/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pieces: what a vector has for the fuzz targets to start from: itself, and of a good message its CIE list
 * and its extensions, which are whole inputs of other decoders.
 */
#ifndef DMVPNKIT_TESTS_FUZZ_PIECES_H
#define DMVPNKIT_TESTS_FUZZ_PIECES_H

#include "tests/codec/vector.h"

#define PIECES_MAX 3

/* Spans into the vector, none empty. Returns how many. */
size_t pieces_of(const struct vector *v, struct span out[PIECES_MAX]);

#endif
