/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario: loading one as a whole: the story, the underlay with its links and NATs. Owns the scenario's
 * memory; nodes and hosts are scenario_node.c's, what happens is scenario_event.c's, what must come of it
 * scenario_expect.c's.
 */
#include "drivers/sim/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/sim/scenario_load.h"
#include "files/yaml.h"

#define NAT_IDLE_S_DEFAULT    60
#define REORDER_MS_DEFAULT    10
#define REPLAY_WINDOW_DEFAULT 64  /* packets (RFC 4303 section 3.4.3) */
#define MTU_LEAST             576 /* octets; RFC 791 section 3.2 */
#define ROUTER_DEFAULT        "192.0.2.254"
#define ROUTER6_DEFAULT       "2001:db8::fe"

_Static_assert(SCENARIO_ERROR_MAX >= YAML_ERROR_MAX, "a YAML error fits");

bool load_quality(struct load *load, const struct file_link_quality *file, const char *place,
                  struct link_config *out)
{
    const struct {
        const char *key;
        double percent;
        uint32_t *out;
    } chances[] = {
        {"loss_percent", file->loss_percent, &out->loss},
        {"duplicate_percent", file->duplicate_percent, &out->duplicate},
        {"reorder_percent", file->reorder_percent, &out->reorder},
    };
    *out = (struct link_config){
        .delay_us = (int64_t)file->delay_ms * US_PER_MS,
        .jitter_us = (int64_t)file->jitter_ms * US_PER_MS,
        .reorder_us = (int64_t)(file->reorder_ms ? file->reorder_ms : REORDER_MS_DEFAULT) * US_PER_MS,
        .mtu = file->mtu_octets,
    };
    for (size_t i = 0; i < sizeof chances / sizeof chances[0]; i++) {
        char where[LOAD_PLACE_MAX + 32];
        snprintf(where, sizeof where, "%s.%s", place, chances[i].key);
        if (!(chances[i].percent >= 0 && chances[i].percent <= 100))
            return yaml_error(load->error, load->path, where, "%s: %g is not from 0 to 100", chances[i].key,
                              chances[i].percent);
        *chances[i].out = (uint32_t)(chances[i].percent * (LINK_CERTAIN / 100.0) + 0.5);
    }
    if (file->mtu_octets != 0 && file->mtu_octets < MTU_LEAST)
        return yaml_error(load->error, load->path, place, "mtu_octets: below %u", MTU_LEAST);
    return true;
}

static bool load_story(struct load *load)
{
    static const char *const sources[] = {"RFC", "DRAFT", "DEFACTO"};
    const struct scenario_file *file = load->file;
    struct scenario *s = load->scenario;
    s->title = file->title;
    s->story = file->story;
    s->phase = file->phase ? *file->phase : 0;
    s->clauses = (const char *const *)file->clauses;
    s->clause_count = file->clauses_count;
    s->end = (struct instant){.us = (int64_t)file->duration_s * US_PER_S};
    if (file->phase && (s->phase < 1 || s->phase > 3))
        return yaml_error(load->error, load->path, "phase", "phase: %u is none of 1, 2, 3", s->phase);
    if (file->duration_s == 0)
        return yaml_error(load->error, load->path, "duration_s", "duration_s: nothing happens in 0 s");
    for (unsigned i = 0; i < file->clauses_count; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof sources / sizeof sources[0]; k++)
            known |= strncmp(file->clauses[i], sources[k], strlen(sources[k])) == 0;
        load_place(load, "clauses[%u]", i);
        if (!known)
            return yaml_error(load->error, load->path, load->place,
                              "clauses: '%s' does not begin with RFC, DRAFT or DEFACTO", file->clauses[i]);
    }
    return load_quality(load, &file->underlay, "underlay", &s->underlay);
}

static bool load_routers(struct load *load)
{
    const struct scenario_file *file = load->file;
    struct addr *routers = load->scenario->routers;
    load_place(load, "router");
    if (!load_address(load, file->router ? file->router : ROUTER_DEFAULT, "router", &routers[0]) ||
        !load_same_family(load, "router", routers[0], addr_ipv4(0, 0, 0, 0)))
        return false;
    load_place(load, "router6");
    if (!load_address(load, file->router6 ? file->router6 : ROUTER6_DEFAULT, "router6", &routers[1]))
        return false;
    if (routers[1].family != ADDR_IPV6)
        return yaml_error(load->error, load->path, load->place, "router6: must be an IPv6 address here");
    return true;
}

static bool load_ipsec(struct load *load)
{
    const struct file_ipsec *file = load->file->ipsec;
    struct scenario_ipsec *ipsec = &load->scenario->ipsec;
    if (!file)
        return true;
    load->scenario->has_ipsec = true;
    ipsec->udp = file->udp;
    ipsec->extended_sequence = file->extended_sequence;
    ipsec->replay_window = file->replay_window ? *file->replay_window : REPLAY_WINDOW_DEFAULT;
    if (!esp_algorithm_by_name(file->algorithm, &ipsec->algorithm))
        return yaml_error(load->error, load->path, "ipsec.algorithm", "algorithm: there is no '%s'",
                          file->algorithm);
    if (ipsec->replay_window % 64 != 0 || ipsec->replay_window > 1024)
        return yaml_error(load->error, load->path, "ipsec.replay_window",
                          "replay_window: %u is no multiple of 64 up to 1024", ipsec->replay_window);
    if (ipsec->extended_sequence && ipsec->replay_window == 0)
        return yaml_error(load->error, load->path, "ipsec.replay_window",
                          "replay_window: extended sequence numbers need one");
    return true;
}

static bool load_static_nat(struct load *load, unsigned index, struct scenario_nat *nat)
{
    const struct file_nat *file = &load->file->nats[index];
    nat->kind = NAT_STATIC;
    nat->pairs = load_array(load, file->fixed_count, sizeof *nat->pairs);
    if (!nat->pairs)
        return false;
    for (unsigned i = 0; i < file->fixed_count; i++) {
        load_place(load, "nats[%u].static[%u].inside", index, i);
        if (!load_address(load, file->fixed[i].inside, "inside", &nat->pairs[i].inside))
            return false;
        load_place(load, "nats[%u].static[%u].outside", index, i);
        if (!load_address(load, file->fixed[i].outside, "outside", &nat->pairs[i].outside) ||
            !load_same_family(load, "outside", nat->pairs[i].outside, nat->pairs[i].inside))
            return false;
    }
    nat->pair_count = file->fixed_count;
    return true;
}

bool load_nats(struct load *load)
{
    const struct scenario_file *file = load->file;
    struct scenario *s = load->scenario;
    s->nats = load_array(load, file->nats_count, sizeof *s->nats);
    if (!s->nats)
        return false;
    for (unsigned i = 0; i < file->nats_count; i++) {
        const struct file_nat *from = &file->nats[i];
        struct scenario_nat *nat = &s->nats[i];
        s->nat_count++;
        nat->name = from->name;
        nat->kind = NAT_PORT;
        nat->idle_us = (int64_t)(from->idle_s ? *from->idle_s : NAT_IDLE_S_DEFAULT) * US_PER_S;
        load_place(load, "nats[%u]", i);
        if ((from->outside != NULL) == (from->fixed_count > 0))
            return yaml_error(load->error, load->path, load->place,
                              "nats: '%s' needs one of 'outside' and 'static'", nat->name);
        load_place(load, "nats[%u].outside", i);
        if (from->outside ? !load_address(load, from->outside, "outside", &nat->outside)
                          : !load_static_nat(load, i, nat))
            return false;
    }
    return true;
}

bool load_ends(struct load *load, char *const names[2], const char *place, size_t ends[2])
{
    for (unsigned end = 0; end < 2; end++) {
        load_place(load, "%s.between[%u]", place, end);
        if (!load_node_named(load, names[end], "between", &ends[end]))
            return false;
    }
    if (ends[0] == ends[1])
        return yaml_error(load->error, load->path, load->place, "between: '%s' needs no link to itself",
                          names[0]);
    return true;
}

bool load_links(struct load *load)
{
    const struct scenario_file *file = load->file;
    struct scenario *s = load->scenario;
    struct names pairs = {0};
    bool ok = true;
    s->links = load_array(load, file->links_count, sizeof *s->links);
    for (unsigned i = 0; s->links && ok && i < file->links_count; i++) {
        struct scenario_link *link = &s->links[i];
        char place[32], pair[64];
        snprintf(place, sizeof place, "links[%u]", i);
        ok = load_ends(load, file->links[i].between, place, link->ends) &&
             load_quality(load, &file->links[i].quality, place, &link->config);
        if (!ok)
            break;
        size_t low = link->ends[0] < link->ends[1] ? 0 : 1;
        snprintf(pair, sizeof pair, "%zu %zu", link->ends[low], link->ends[1 - low]);
        load_place(load, "%s.between", place);
        if (names_add(&pairs, pair, i) != NAMES_ADDED)
            ok =
                yaml_error(load->error, load->path, load->place, "between: '%s' and '%s' have a link already",
                           file->links[i].between[0], file->links[i].between[1]);
        s->link_count++;
    }
    names_free(&pairs);
    return s->links && ok;
}

struct scenario *scenario_load(const char *path, char error[SCENARIO_ERROR_MAX])
{
    void *file = NULL;
    if (!yaml_load(path, &scenario_schema, &file, NULL, error))
        return NULL;
    struct scenario *scenario = calloc(1, sizeof *scenario);
    if (!scenario) {
        snprintf(error, SCENARIO_ERROR_MAX, "%s: out of memory", path);
        yaml_unload(&scenario_schema, file, 0);
        return NULL;
    }
    scenario->file = file;
    struct load load = {.path = path, .file = file, .scenario = scenario, .error = error};
    bool ok = load_story(&load) && load_routers(&load) && load_ipsec(&load) && load_nats(&load) &&
              load_nodes(&load) && load_peers(&load) && load_hosts(&load) && load_links(&load) &&
              load_events(&load) && load_expectations(&load);
    names_free(&load.nbmas);
    if (!ok) {
        scenario_free(scenario);
        return NULL;
    }
    return scenario;
}

void scenario_free(struct scenario *scenario)
{
    if (!scenario)
        return;
    for (size_t i = 0; i < scenario->node_count; i++) {
        load_policy_free(&scenario->nodes[i].config);
        free((void *)scenario->nodes[i].config.routes);
    }
    for (size_t i = 0; i < scenario->host_count; i++)
        free(scenario->hosts[i].owned_name);
    for (size_t i = 0; i < scenario->nat_count; i++)
        free(scenario->nats[i].pairs);
    for (size_t i = 0; i < scenario->event_count; i++)
        if (scenario->events[i].kind == EVENT_SEND)
            free(scenario->events[i].send.packet);
    free(scenario->nats);
    free(scenario->nodes);
    free(scenario->hosts);
    free(scenario->links);
    free(scenario->events);
    free(scenario->expectations);
    names_free(&scenario->names);
    yaml_unload(&scenario_schema, scenario->file, 0);
    free(scenario);
}
