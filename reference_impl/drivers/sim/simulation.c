/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * simulation: the loop. Owns the nodes, the clock and the one source of chance; a node sees nothing of the
 * others but packets.
 */
#include "drivers/sim/simulation.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/sim/simulation_state.h"
#include "files/yaml.h"

#define WAKES_PER_INSTANT 1000u

void simulation_fail(struct simulation *sim, const char *who, const char *what)
{
    if (!sim->failed)
        snprintf(sim->error, SIMULATION_ERROR_MAX, "%s: %s at %.6f s", who, what,
                 (double)sim->clock.now.us / US_PER_S);
    sim->failed = true;
}

void simulation_add(struct simulation *sim, struct clock_event event)
{
    if (!clock_add(&sim->clock, event))
        simulation_fail(sim, "simulation", "out of memory");
}

void simulation_add_packet(struct simulation *sim, struct instant at, enum happening_kind kind, size_t target,
                           struct span packet)
{
    uint8_t *copy = malloc(packet.len ? packet.len : 1);
    if (!copy) {
        simulation_fail(sim, "simulation", "out of memory");
        return;
    }
    if (packet.len > 0)
        memcpy(copy, packet.data, packet.len);
    simulation_add(
        sim,
        (struct clock_event){
            .at = at, .kind = kind, .target = (uint32_t)target, .packet = copy, .packet_len = packet.len});
}

void simulation_note(struct simulation *sim, size_t host, const struct trace_note *note)
{
    trace_note(sim->trace, sim->clock.now, sim->scenario->hosts[host].name, note);
    judge_note(&sim->judge, sim->clock.now, host, note);
}

/* ---- nodes ---- */

static void drain(struct simulation *sim, size_t node)
{
    struct node_output output;
    char word[TRACE_WORD_MAX];
    while (!sim->failed && node_output(sim->running[node].node, &output)) {
        trace_output(sim->trace, sim->clock.now, sim->scenario->nodes[node].name, &output);
        judge_output(&sim->judge, sim->clock.now, node, &output);
        if (output.kind == OUTPUT_UNDERLAY)
            underlay_carry(sim, node, output.underlay.packet,
                           &(struct errand){.words = send_reason_words(output.underlay.reason),
                                            .clause = send_reason_clause(output.underlay.reason),
                                            .reason = trace_reason_of(&output, word)});
        else if (output.kind == OUTPUT_OVERLAY)
            hosts_deliver(sim, node, output.overlay);
        else if (output.kind == OUTPUT_SA && output.sa.want)
            security_want(sim, node, output.sa.peer);
    }
}

/* The same instant by the node's clock, and by ours. */
static struct instant node_now(const struct simulation *sim, const struct running *running)
{
    return instant_after_us(sim->clock.now, running->ahead_us);
}

static struct instant our_instant(const struct running *running, struct instant at)
{
    return at.us == INSTANT_NEVER.us ? at : (struct instant){.us = at.us - running->ahead_us};
}

/* See that the node is called at its deadline; an earlier appointment, if later than that, is void. */
static void plan_wake(struct simulation *sim, size_t node)
{
    struct running *running = &sim->running[node];
    struct instant deadline = our_instant(running, node_deadline(running->node));
    if (deadline.us == running->wake.us)
        return;
    running->wake = deadline;
    running->wake_number++;
    if (deadline.us != INSTANT_NEVER.us)
        simulation_add(sim, (struct clock_event){.at = deadline,
                                                 .kind = HAPPENING_WAKE,
                                                 .target = (uint32_t)node,
                                                 .number = running->wake_number});
}

void simulation_feed(struct simulation *sim, size_t node, const struct node_input *input)
{
    struct running *running = &sim->running[node];
    if (!running->node)
        return; /* switched off: the packet finds nobody awake */
    node_input(running->node, node_now(sim, running), input);
    drain(sim, node);
    plan_wake(sim, node);
}

static void set_link(struct simulation *sim, size_t node, bool up)
{
    simulation_feed(
        sim, node,
        &(struct node_input){.kind = INPUT_LINK, .link = {.up = up, .nbma = sim->topology.nbma[node]}});
}

/* Off, and everything that it knew is gone; a driver would have stored its next request id. */
static void switch_off(struct simulation *sim, size_t node)
{
    struct running *running = &sim->running[node];
    if (!running->node)
        return;
    running->next_request_id = node_next_request_id(running->node);
    node_free(running->node);
    running->node = NULL;
    running->wake = INSTANT_NEVER;
    running->wake_number++; /* appointments are void */
    reassembly_free(&running->reassembly);
    judge_gone(&sim->judge, sim->clock.now, node);
}

static void switch_on(struct simulation *sim, size_t node)
{
    const struct scenario_node *scenario_node = &sim->scenario->nodes[node];
    const char *why = "cannot be created";
    struct running *running = &sim->running[node];
    switch_off(sim, node);
    struct node_config config = scenario_node->config;
    config.tunnel.nbma = sim->topology.nbma[node];
    if (running->next_request_id != 0)
        config.first_request_id = running->next_request_id;
    running->wake = INSTANT_NEVER;
    running->node = node_create(&config, random_u64(&sim->chance), &why);
    if (!running->node) {
        simulation_fail(sim, scenario_node->name, why);
        return;
    }
    set_link(sim, node, true);
}

static void wake(struct simulation *sim, size_t node, uint64_t number)
{
    struct running *running = &sim->running[node];
    if (number != running->wake_number)
        return;
    running->wakes_at_once = running->last_wake.us == sim->clock.now.us ? running->wakes_at_once + 1 : 0;
    running->last_wake = sim->clock.now;
    running->wake = INSTANT_NEVER;
    if (running->wakes_at_once > WAKES_PER_INSTANT)
        simulation_fail(sim, sim->scenario->nodes[node].name, "the node never comes to rest");
    else
        simulation_feed(sim, node, &(struct node_input){.kind = INPUT_TIME});
}

/* ---- what the scenario makes happen ---- */

static void send_scripted(struct simulation *sim, const struct scenario_event *event)
{
    struct span packet = span_of(event->send.packet, event->send.packet_len);
    simulation_note(sim, event->node,
                    &(struct trace_note){.event = TRACE_NOTE_SENDS,
                                         .reason = TRACE_NOTE_SCRIPTED,
                                         .has_number = true,
                                         .number = packet.len});
    underlay_carry(sim, event->node, packet,
                   &(struct errand){.words = event->send.why,
                                    .clause = event->send.clause,
                                    .reason = TRACE_NOTE_SCRIPTED,
                                    .scripted = true});
}

static void admin(struct simulation *sim, size_t node, enum admin_request request)
{
    simulation_feed(sim, node, &(struct node_input){.kind = INPUT_ADMIN, .admin = request});
}

static void play_event(struct simulation *sim, size_t index)
{
    const struct scenario_event *event = &sim->scenario->events[index];
    switch (event->kind) {
    case EVENT_PING:
        hosts_ping(sim, index, 1);
        break;
    case EVENT_STOP:
        admin(sim, event->node, ADMIN_STOP);
        break;
    case EVENT_CRASH:
        switch_off(sim, event->node);
        break;
    case EVENT_START:
        switch_on(sim, event->node);
        break;
    case EVENT_CLEAR:
        admin(sim, event->node, ADMIN_CLEAR_BINDINGS);
        break;
    case EVENT_DOWN:
    case EVENT_UP:
        set_link(sim, event->node, event->kind == EVENT_UP);
        break;
    case EVENT_ADDRESS:
        topology_move_node(&sim->topology, event->node, event->address);
        set_link(sim, event->node, true);
        break;
    case EVENT_ROUTE:
        simulation_feed(
            sim, event->node,
            &(struct node_input){
                .kind = INPUT_ROUTE,
                .route = {.add = event->route.add, .prefix = event->route.prefix, .via = event->route.via}});
        break;
    case EVENT_CLOCK:
        sim->running[event->node].ahead_us += event->jump_us;
        simulation_feed(sim, event->node, &(struct node_input){.kind = INPUT_TIME});
        break;
    case EVENT_QUALITY:
        sim->links[event->quality.link] = event->quality.config;
        break;
    case EVENT_SEND:
        send_scripted(sim, event);
        break;
    }
}

static void happen(struct simulation *sim, const struct clock_event *event)
{
    struct span packet = span_of(event->packet, event->packet_len);
    switch ((enum happening_kind)event->kind) {
    case HAPPENING_START:
        switch_on(sim, event->target);
        break;
    case HAPPENING_WAKE:
        wake(sim, event->target, event->number);
        break;
    case HAPPENING_ARRIVAL:
        underlay_arrive(sim, event->target, packet);
        break;
    case HAPPENING_REPORT:
        underlay_report(sim, event->target, packet);
        break;
    case HAPPENING_FROM_HOST:
        simulation_feed(sim, event->target, &(struct node_input){.kind = INPUT_OVERLAY, .packet = packet});
        break;
    case HAPPENING_AT_HOST:
        hosts_receive(sim, event->target, packet);
        break;
    case HAPPENING_PING:
        hosts_ping(sim, event->target, event->number);
        break;
    case HAPPENING_EVENT:
        play_event(sim, event->target);
        break;
    case HAPPENING_AGREED:
        security_agree(sim, event->target);
        break;
    }
}

/* ---- the whole ---- */

static bool prepare_pings(struct simulation *sim)
{
    const struct scenario *s = sim->scenario;
    sim->answered = calloc(s->event_count + 1, sizeof *sim->answered);
    for (size_t i = 0; sim->answered && i < s->event_count; i++) {
        if (s->events[i].kind != EVENT_PING)
            continue;
        sim->answered[i] = calloc((size_t)s->events[i].ping.count + 1, sizeof *sim->answered[i]);
        if (!sim->answered[i])
            return false;
    }
    return sim->answered != NULL;
}

static bool prepare(struct simulation *sim)
{
    const struct scenario *s = sim->scenario;
    sim->running = calloc(s->node_count + 1, sizeof *sim->running);
    sim->nats = calloc(s->nat_count + 1, sizeof *sim->nats);
    sim->links = calloc(s->link_count + 1, sizeof *sim->links);
    if (!sim->running || !sim->nats || !sim->links || !prepare_pings(sim) || !judge_init(&sim->judge, s) ||
        !topology_make(s, &sim->topology))
        return false;
    for (size_t i = 0; i < s->nat_count; i++)
        nat_box_init(&sim->nats[i], &s->nats[i]);
    for (size_t i = 0; i < s->link_count; i++)
        sim->links[i] = s->links[i].config;
    sim->links[s->link_count] = s->underlay;
    for (size_t i = 0; i < s->node_count; i++)
        if (s->nodes[i].role != ROLE_PEER)
            simulation_add(sim, (struct clock_event){
                                    .at = s->nodes[i].start, .kind = HAPPENING_START, .target = (uint32_t)i});
    for (size_t i = 0; i < s->event_count; i++)
        if (s->events[i].kind != EVENT_PING || s->events[i].ping.count > 0)
            simulation_add(sim, (struct clock_event){
                                    .at = s->events[i].at, .kind = HAPPENING_EVENT, .target = (uint32_t)i});
    return !sim->failed;
}

struct simulation *simulation_create(const struct scenario *scenario, uint64_t seed,
                                     struct capture_writer *writer, const struct trace *trace,
                                     char error[SIMULATION_ERROR_MAX])
{
    struct simulation *sim = calloc(1, sizeof *sim);
    if (!sim) {
        snprintf(error, SIMULATION_ERROR_MAX, "out of memory");
        return NULL;
    }
    sim->scenario = scenario;
    sim->clock = clock_empty();
    sim->chance = random_seeded(seed);
    sim->next_ip_id = 1;
    sim->writer = writer;
    sim->trace = trace;
    sim->error = error;
    if (!prepare(sim)) {
        simulation_fail(sim, "simulation", "out of memory");
        simulation_free(sim);
        return NULL;
    }
    return sim;
}

bool simulation_play(struct simulation *sim, struct instant until)
{
    struct instant end = instant_min(until, sim->scenario->end);
    struct clock_event event;
    while (!sim->failed && instant_before(clock_next(&sim->clock), end) && clock_take(&sim->clock, &event)) {
        happen(sim, &event);
        free(event.packet);
    }
    return !sim->failed;
}

struct simulation_result simulation_result(const struct simulation *sim)
{
    return sim->result;
}

const char *simulation_keys(const struct simulation *sim)
{
    return sim->security.table;
}

size_t simulation_judge(const struct simulation *sim, const char *path, FILE *out)
{
    static const char *const kinds[] = {
        [EXPECT_PINGS] = "answered pings", [EXPECT_TRACE] = "trace lines",  [EXPECT_PACKETS] = "packets",
        [EXPECT_BINDING] = "bindings",     [EXPECT_SHORTCUT] = "shortcuts",
    };
    size_t missed = 0;
    for (size_t i = 0; i < sim->scenario->expectation_count; i++) {
        const struct scenario_expectation *wanted = &sim->scenario->expectations[i];
        char place[32], line[YAML_ERROR_MAX], limit[32] = "any number of";
        if (judge_is_met(&sim->judge, i))
            continue;
        missed++;
        if (wanted->most != UINT64_MAX)
            snprintf(limit, sizeof limit, "%" PRIu64, wanted->most);
        snprintf(place, sizeof place, "expect[%zu]", i);
        yaml_error(line, path, place, "expect: from %" PRIu64 " to %s %s, found %" PRId64, wanted->least,
                   limit, kinds[wanted->kind], sim->judge.found[i]);
        fprintf(out, "%s\n", line);
    }
    return missed;
}

void simulation_free(struct simulation *sim)
{
    if (!sim)
        return;
    const struct scenario *s = sim->scenario;
    for (size_t i = 0; sim->running && i < s->node_count; i++) {
        node_free(sim->running[i].node);
        reassembly_free(&sim->running[i].reassembly);
    }
    for (size_t i = 0; sim->nats && i < s->nat_count; i++)
        nat_box_free(&sim->nats[i]);
    for (size_t i = 0; sim->answered && i < s->event_count; i++)
        free(sim->answered[i]);
    free(sim->running);
    free(sim->nats);
    free(sim->links);
    free(sim->answered);
    judge_free(&sim->judge);
    security_free(&sim->security);
    topology_free(&sim->topology);
    clock_clear(&sim->clock);
    free(sim);
}
