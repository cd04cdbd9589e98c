/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * esp_wireshark: lines of Wireshark's esp_sa table, with which it decrypts a capture.
 *
 * The table is the file esp_sa in a profile's folder, in the form that Wireshark 4.0 reads;
 * decrypting also wants the preference esp.enable_encryption_decode, checking ICVs
 * esp.enable_authentication_check.
 */
#ifndef DMVPNKIT_ENGINE_ESP_WIRESHARK_H
#define DMVPNKIT_ENGINE_ESP_WIRESHARK_H

#include "base/text.h"
#include "engine/esp_sa.h"

/* Room for one line and its end. */
#define ESP_WIRESHARK_LINE_MAX 512

/* Append the line for one association, "\n" included. It holds the keys in clear: that is its purpose. */
void esp_wireshark_line(struct text *out, const struct esp_sa_config *config);

#endif
