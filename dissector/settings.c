/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Preferences. See settings.h.
 */
#include "settings.h"
#include "fields.h"
#include "finding.h"
#include "track_tunnel.h"

#include <epan/prefs.h>

static const enum_val_t strictness_values[] = {
    {"lenient", "Lenient: leave out what common routers do and all peers accept", STRICTNESS_LENIENT},
    {"normal", "Normal", STRICTNESS_NORMAL},
    {"letter", "To the letter of the documents", STRICTNESS_LETTER},
    {NULL, NULL, 0},
};

/* As prefs_register_bool_preference wants it: its type changed between the series */
static DMVPN_PREFERENCE_BOOL enabled = true;
static const char *hub_hints = "";
static void (*apply)(bool on);

static void settings_changed(void)
{
    track_hub_hints_set(hub_hints);
    apply(enabled);
}

void settings_register(void (*apply_enabled)(bool on))
{
    module_t *module = prefs_register_protocol(proto_dmvpn, settings_changed);

    apply = apply_enabled;
    prefs_register_bool_preference(
        module, "enabled", "Decode GRE and NHRP with this plugin",
        "When off, GRE and NHRP go to Wireshark's own dissectors and there is no analysis", &enabled);
    prefs_register_enum_preference(module, "strictness", "Strictness of findings",
                                   "Which deviations from the documents are reported", &finding_strictness,
                                   strictness_values, false);
    prefs_register_string_preference(
        module, "hubs", "Hubs",
        "NBMA addresses of hubs, with spaces between, for captures that do not show who is one", &hub_hints);
}
