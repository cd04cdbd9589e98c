/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Preferences.
 * Owns: the preference module "dmvpn" and telling others of changes. Must not: know what they do with them.
 */
#ifndef DMVPN_SETTINGS_H
#define DMVPN_SETTINGS_H

#include "compat.h"

/*
 * Register the preferences. apply_enabled(on): called when Wireshark has read them and whenever they change;
 * false hands GRE and NHRP back to the stock dissectors.
 */
void settings_register(void (*apply_enabled)(bool on));

#endif
