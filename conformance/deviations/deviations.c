/* SPDX-License-Identifier: GPL-2.0-or-later */
/* deviations: the table of planted faults, from deviations.def, and mistakes in configurations. */
#include "deviations/deviations.h"

#include <string.h>

#define M(name) POLICY_NHRP(NHRP_##name)
#define ANY_NHRP                                                                                     \
    (M(RESOLUTION_REQUEST) | M(RESOLUTION_REPLY) | M(REGISTRATION_REQUEST) | M(REGISTRATION_REPLY) | \
     M(PURGE_REQUEST) | M(PURGE_REPLY) | M(ERROR_INDICATION) | M(TRAFFIC_INDICATION))
#define WITH_ID                                                                                      \
    (M(RESOLUTION_REQUEST) | M(RESOLUTION_REPLY) | M(REGISTRATION_REQUEST) | M(REGISTRATION_REPLY) | \
     M(PURGE_REQUEST) | M(PURGE_REPLY))
#define ANYTHING (ANY_NHRP | POLICY_DATA)

static void other_password(struct iut_config *config)
{
    if (config->authentication != NULL)
        config->authentication = "public";
}

static void no_password(struct iut_config *config)
{
    config->authentication = NULL;
}

static void other_key(struct iut_config *config)
{
    config->key++;
}

static void no_key(struct iut_config *config)
{
    config->has_key = false;
}

static void no_redirect(struct iut_config *config)
{
    config->redirect = false;
}

static void no_shortcut(struct iut_config *config)
{
    config->shortcut = false;
}

static void not_unique(struct iut_config *config)
{
    config->unique = false;
}

static void short_hold(struct iut_config *config)
{
    config->hold_s = 5;
}

static void long_hold(struct iut_config *config)
{
    config->hold_s = UINT16_MAX;
}

/* Renews as if it had registered for ten times as long. */
static void slow_refresh(struct iut_config *config)
{
    config->hold_s = (uint16_t)(config->hold_s * 10);
}

static void other_source(struct iut_config *config)
{
    config->nbma.bytes[3] ^= 0x40;
}

static void checksums(struct iut_config *config)
{
    config->checksum = !config->checksum;
}

static void sequence_numbers(struct iut_config *config)
{
    config->sequence = !config->sequence;
}

static void forwards(struct iut_config *config)
{
    config->answers = !config->answers;
}

static void other_tunnel_address(struct iut_config *config)
{
    config->protocol.bytes[addr_len(config->protocol) - 1] ^= 0x20;
}

static const struct deviation deviations[] = {
#define DEVIATION(name, bugs, way, messages, condition, act, configure, words, ...) \
    {name, words, bugs, DEVIATE_##way, messages, condition, ACT_##act, {__VA_ARGS__}, configure},
#include "deviations/deviations.def"
#undef DEVIATION
};

size_t deviation_count(void)
{
    return sizeof(deviations) / sizeof(deviations[0]);
}

const struct deviation *deviation_at(size_t i)
{
    return &deviations[i];
}

const struct deviation *deviation_find(const char *name)
{
    for (size_t i = 0; i < deviation_count(); i++)
        if (strcmp(deviations[i].name, name) == 0)
            return &deviations[i];
    return NULL;
}
