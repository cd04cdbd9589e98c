/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * esp_keys: what is inside ESP, for whoever has the keys: Wireshark's esp_sa table. Besides iut/reference.c
 * the one file of the suite that links the engine, of which it uses the security associations only.
 */
#ifndef DMVPNKIT_CONFORMANCE_ESP_KEYS_H
#define DMVPNKIT_CONFORMANCE_ESP_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"

#define ESP_KEYS_ERROR_MAX 512

struct esp_keys;

/* Read a table. NULL, and "FILE:LINE: what is wrong" in error, for a bad one. Free with esp_keys_free(). */
struct esp_keys *esp_keys_load(const char *path, char error[ESP_KEYS_ERROR_MAX]);
void esp_keys_free(struct esp_keys *keys);
/*
 * The packet as it was before ESP in transport mode: outer IP header and what was protected. False if it is
 * not ESP, if its association is not in the table, or if it does not verify. *plain lives until the next
 * call.
 */
bool esp_keys_open(struct esp_keys *keys, struct span packet, struct span *plain);

#endif
