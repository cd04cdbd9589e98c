/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs between the Wireshark series that the plugin builds on.
 * Owns: the only version tests of the plugin. Must not: hold behaviour.
 */
#ifndef DMVPN_COMPAT_H
#define DMVPN_COMPAT_H

#include <wireshark.h>
#include <ws_version.h>
#include <stdbool.h>
#include <stdint.h>

#define DMVPN_WIRESHARK_AT_LEAST(major, minor) \
    (WIRESHARK_VERSION_MAJOR > (major) ||      \
     (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

#if DMVPN_WIRESHARK_AT_LEAST(4, 6)
#include <wsutil/value_string.h>
#else
#include <epan/value_string.h>
#endif

#if DMVPN_WIRESHARK_AT_LEAST(4, 4)
#define DMVPN_PREFERENCE_BOOL bool
#else
#define DMVPN_PREFERENCE_BOOL gboolean
#endif

#if DMVPN_WIRESHARK_AT_LEAST(4, 6)
#define dmvpn_try_uint dissector_try_uint_with_data
#else
#define dmvpn_try_uint dissector_try_uint_new
#endif

#if !DMVPN_WIRESHARK_AT_LEAST(4, 4)
#define tvb_get_uint8 tvb_get_guint8
#endif

#endif
