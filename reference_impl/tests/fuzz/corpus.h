/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * corpus: how the files that a fuzzer starts from are written.
 */
#ifndef DMVPNKIT_TESTS_FUZZ_CORPUS_H
#define DMVPNKIT_TESTS_FUZZ_CORPUS_H

#include "base/cursor.h"

/* Write FOLDER/NAME.NUMBER. Ends the program with one line if that cannot be done. */
void corpus_write(const char *folder, const char *name, size_t number, struct span piece);

/*
 * Of every capture in a folder: each layer of each packet, once however often it occurs, as an input for the
 * decoder of that layer; and all packets in their order as one story for the engine. Ends the program with
 * one line if a capture cannot be read, or if there is none.
 */
void corpus_from_captures(const char *captures, const char *folder);

#endif
