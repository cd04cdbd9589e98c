/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario_policy: what a node is told beside its tunnel and its routes: NHRP's settings, whom it registers
 * with and what, whom it lets register, keys, RIP, IPsec.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/sim/scenario_load.h"
#include "files/yaml.h"

#define HOLD_S_DEFAULT    600 /* seconds, as newer Cisco routers register with (DEFACTO) */
#define HOP_COUNT_DEFAULT 255

/* One node's policy while it is loaded. */
struct policy_load {
    struct load *load;
    const char *place; /* the node's mapping in the file */
    const struct file_node *file;
    struct node_config *config;
};

#define AT(n, format, ...) load_place((n)->load, "%s." format, (n)->place, __VA_ARGS__)

static bool load_nhs(struct policy_load *n)
{
    const struct file_nhrp *file = &n->file->nhrp;
    struct nhs_config *nhs = load_array(n->load, file->nhs_count, sizeof *nhs);
    n->config->nhs = nhs;
    if (!nhs)
        return false;
    for (unsigned i = 0; i < file->nhs_count; i++) {
        AT(n, "nhrp.nhs[%u].protocol", i);
        if (file->nhs[i].protocol &&
            (!load_address(n->load, file->nhs[i].protocol, "protocol", &nhs[i].protocol) ||
             !load_same_family(n->load, "protocol", nhs[i].protocol, n->config->protocol)))
            return false;
        AT(n, "nhrp.nhs[%u].nbma", i);
        if (!load_address(n->load, file->nhs[i].nbma, "nbma", &nhs[i].nbma) ||
            !load_same_family(n->load, "nbma", nhs[i].nbma, n->config->tunnel.nbma))
            return false;
        nhs[i].priority = file->nhs[i].priority;
    }
    n->config->nhs_count = file->nhs_count;
    n->config->nhs_max = file->nhs_max;
    if (n->file->role == ROLE_SPOKE && file->nhs_count == 0)
        return yaml_error(n->load->error, n->load->path, AT(n, "%s", "nhrp"),
                          "nhrp: a spoke needs at least one 'nhs' to register with");
    return true;
}

static bool load_nhrp(struct policy_load *n)
{
    const struct file_nhrp *file = &n->file->nhrp;
    struct node_config *config = n->config;
    config->hold_s = file->hold_s ? *file->hold_s : HOLD_S_DEFAULT;
    config->hop_count = file->hop_count ? *file->hop_count : HOP_COUNT_DEFAULT;
    config->unique = file->unique;
    config->redirect = file->redirect;
    config->shortcut = file->shortcut;
    config->resolution = file->resolution;
    config->discovery = file->discovery;
    config->first_request_id = file->first_request_id;
    config->max_bindings = file->max_bindings;
    config->max_told = file->max_told;
    snprintf(config->password, sizeof config->password, "%s",
             file->authentication ? file->authentication : "");
    if (file->authentication && file->keys_count > 0)
        return yaml_error(n->load->error, n->load->path, AT(n, "%s", "nhrp.keys"),
                          "keys: not beside 'authentication'; a node has the one form or the other");
    if (config->hold_s == 0)
        return yaml_error(n->load->error, n->load->path, AT(n, "%s", "nhrp.hold_s"),
                          "hold_s: a holding time of 0 s registers nothing");
    return true;
}

static bool load_registered(struct policy_load *n)
{
    const struct file_nhrp *file = &n->file->nhrp;
    struct registered_address *out = load_array(n->load, file->addresses_count, sizeof *out);
    n->config->registered = out;
    if (!out)
        return false;
    for (unsigned i = 0; i < file->addresses_count; i++) {
        const struct file_registered *from = &file->addresses[i];
        AT(n, "nhrp.addresses[%u].address", i);
        if (!load_address(n->load, from->address, "address", &out[i].protocol) ||
            !load_same_family(n->load, "address", out[i].protocol, n->config->protocol))
            return false;
        out[i].prefix_len = from->prefix_len ? *from->prefix_len : (uint8_t)addr_bits(out[i].protocol);
        out[i].preference = from->preference;
    }
    n->config->registered_count = file->addresses_count;
    return true;
}

static bool load_keys(struct policy_load *n)
{
    const struct file_nhrp *file = &n->file->nhrp;
    struct hash_key_config *out = load_array(n->load, file->keys_count, sizeof *out);
    n->config->hash_keys = out;
    if (!out)
        return false;
    for (unsigned i = 0; i < file->keys_count; i++) {
        const struct file_hash_key *from = &file->keys[i];
        out[i].spi = from->spi;
        out[i].key_len = (uint8_t)strlen(from->secret); /* the schema bounds it */
        memcpy(out[i].key, from->secret, out[i].key_len);
        out[i].start_s = from->start_s;
        out[i].lifetime_s = from->lifetime_s;
        AT(n, "nhrp.keys[%u].source", i);
        if (from->source && (!load_address(n->load, from->source, "source", &out[i].source) ||
                             !load_same_family(n->load, "source", out[i].source, n->config->protocol)))
            return false;
    }
    n->config->hash_key_count = file->keys_count;
    return true;
}

static bool load_prefixes(struct policy_load *n, const char *list, const char *key, char **texts,
                          unsigned count, struct addr family, const struct prefix **out)
{
    struct prefix *prefixes = load_array(n->load, count, sizeof *prefixes);
    *out = prefixes;
    for (unsigned i = 0; prefixes && i < count; i++) {
        AT(n, "%s.%s[%u]", list, key, i);
        if (!load_prefix(n->load, texts[i], key, &prefixes[i]) ||
            !load_same_family(n->load, key, prefixes[i].addr, family))
            return false;
    }
    return prefixes != NULL;
}

static bool load_admission(struct policy_load *n)
{
    const struct file_admission *file = &n->file->nhrp.admission;
    struct admission_config *out = &n->config->admission;
    out->max_registrations = file->registrations;
    out->protocol_count = file->addresses_count;
    out->nbma_count = file->nbmas_count;
    return load_prefixes(n, "nhrp.admission", "addresses", file->addresses, file->addresses_count,
                         n->config->protocol, &out->protocols) &&
           load_prefixes(n, "nhrp.admission", "nbmas", file->nbmas, file->nbmas_count, n->config->tunnel.nbma,
                         &out->nbmas);
}

static bool load_rip(struct policy_load *n)
{
    const struct file_rip *file = &n->file->rip;
    struct routing_config *out = &n->config->routing;
    out->rip = file->mode;
    out->update_s = file->update_s;
    out->summary_count = file->summaries_count;
    return load_prefixes(n, "rip", "summaries", file->summaries, file->summaries_count, n->config->protocol,
                         &out->summaries);
}

bool load_policy(struct load *load, const char *place, const struct file_node *file,
                 struct node_config *config)
{
    struct policy_load n = {.load = load, .place = place, .file = file, .config = config};
    config->ipsec.mode = load->scenario->has_ipsec && !file->clear ? IPSEC_REQUIRED : IPSEC_NONE;
    return load_nhrp(&n) && load_nhs(&n) && load_registered(&n) && load_keys(&n) && load_admission(&n) &&
           load_rip(&n);
}

void load_policy_free(struct node_config *config)
{
    free((void *)config->nhs);
    free((void *)config->registered);
    free((void *)config->hash_keys);
    free((void *)config->admission.protocols);
    free((void *)config->admission.nbmas);
    free((void *)config->routing.summaries);
}
