/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stays encrypted. See esp_watch.c.
 */
#ifndef DMVPN_ESP_WATCH_H
#define DMVPN_ESP_WATCH_H

/* Look at every frame when all dissectors are through. Once, at handoff. */
void esp_watch_register(void);

#endif
