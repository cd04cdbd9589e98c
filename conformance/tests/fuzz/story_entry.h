/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * story_entry: what the fuzzer and the damage test do with octets that may be a capture file: tell its story in
 * every form. Ends the program if a promise is broken.
 */
#ifndef DMVPNKIT_TESTS_STORY_ENTRY_H
#define DMVPNKIT_TESTS_STORY_ENTRY_H

#include <stddef.h>
#include <stdint.h>

/*
 * The file as it is; and again with the checksums of its packets made right, so that what is behind a checksum
 * is reached, too. Returns how many stories could be told, 0 to 2.
 */
unsigned story_entry(const uint8_t *data, size_t len);

#endif
