/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * entries: what a fuzzer calls with octets of any kind, one function for each decoder. Each decodes, and if
 * that works checks what must then hold: iterators end, texts end, encoding gives the same octets. A broken
 * promise ends the program with abort(), which fuzzer and test runner both notice.
 */
#ifndef DMVPNKIT_TESTS_FUZZ_ENTRIES_H
#define DMVPNKIT_TESTS_FUZZ_ENTRIES_H

#include <stddef.h>
#include <stdint.h>

void fuzz_message(const uint8_t *data, size_t len);
void fuzz_cie(const uint8_t *data, size_t len);
void fuzz_extension(const uint8_t *data, size_t len);
void fuzz_gre(const uint8_t *data, size_t len);
void fuzz_ip(const uint8_t *data, size_t len);
/* ESP's frame and trailer, and security associations that get anything for a packet or for a plain text. */
void fuzz_esp(const uint8_t *data, size_t len);
/* RIP messages, and a router that gets message after message: octets of length, neighbour and time before
 * each. */
void fuzz_rip(const uint8_t *data, size_t len);

#endif
