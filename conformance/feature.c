/* SPDX-License-Identifier: GPL-2.0-or-later */
/* feature: the table. Cases and profiles name its rows. */
#include "feature.h"

#include <string.h>

static const struct feature features[] = {
    {"registration-client", "registers with a next hop server"},
    {"registration-server", "takes registrations"},
    {"resolution-client", "asks for the NBMA address of a next hop or destination"},
    {"resolution-server", "answers resolutions from its registrations"},
    {"resolution-egress", "answers resolutions for the networks behind it"},
    {"transit", "passes NHRP messages on towards the station that they are for"},
    {"redirect", "sends Traffic Indications (Phase 3 hub)"},
    {"shortcut", "acts on Traffic Indications (Phase 3 spoke)"},
    {"purge-server", "honours and answers Purge Requests"},
    {"purge-client", "sends Purge Requests for what is no longer true"},
    {"error-indication", "answers faulty messages with Error Indications"},
    {"authentication-cleartext", "Cisco's cleartext form of the Authentication extension"},
    {"unique", "keeps unique bindings unique"},
    {"nat", "the NAT Address extension"},
    {"data", "forwards data packets"},
    {"gre-checksum", "GRE checksums"},
    {"gre-sequence", "GRE sequence numbers"},
    {"ipv6-overlay", "IPv6 as the protocol inside the tunnel"},
    {"ipv6-underlay", "IPv6 as the NBMA network"},
};
#define FEATURE_COUNT (sizeof(features) / sizeof(features[0]))

size_t feature_count(void)
{
    return FEATURE_COUNT;
}

const struct feature *feature_at(size_t i)
{
    return &features[i];
}

const struct feature *feature_find(const char *name)
{
    for (size_t i = 0; i < FEATURE_COUNT; i++)
        if (strcmp(features[i].name, name) == 0)
            return &features[i];
    return NULL;
}
