/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * simulation: the loop. Owns the nodes, the clock and the one source of chance; a node sees nothing of the
 * others but packets. Packets are written when they are sent, so a capture shows lost ones too.
 */
#include "drivers/sim/simulation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "codec/ip.h"
#include "drivers/sim/clock.h"
#include "drivers/sim/echo.h"
#include "drivers/sim/narrator.h"
#include "drivers/sim/topology.h"
#include "engine/node.h"

#define HOST_DELAY_US     100 /* between a node and its hosts, and for a host to answer */
#define WAKES_PER_INSTANT 1000u

enum happening {
    HAPPENING_START,     /* target: node */
    HAPPENING_WAKE,      /* target: node; number: which wake, since later ones replace earlier ones */
    HAPPENING_ARRIVAL,   /* target: node; a packet from the underlay */
    HAPPENING_FROM_HOST, /* target: node; a packet from its host side */
    HAPPENING_AT_HOST,   /* target: host; a packet for it */
    HAPPENING_PING,      /* target: the scenario's event; number: the sequence number */
};

/* A node while it runs. */
struct running {
    struct node *node;
    struct instant wake;
    uint64_t wake_number;
    struct instant last_wake;
    unsigned wakes_at_once;
};

struct simulation {
    const struct scenario *scenario;
    struct topology topology;
    struct clock clock;
    struct random_state chance;
    struct running *running;
    bool **answered; /* by the scenario's event and sequence number */
    uint16_t next_ip_id;
    struct capture_writer *writer;
    const struct trace *trace;
    struct simulation_result *result;
    char *error;
    bool failed;
};

static void fail(struct simulation *sim, const char *who, const char *what)
{
    if (!sim->failed)
        snprintf(sim->error, SIMULATION_ERROR_MAX, "%s: %s at %.6f s", who, what,
                 (double)sim->clock.now.us / US_PER_S);
    sim->failed = true;
}

static void add(struct simulation *sim, struct clock_event event)
{
    if (!clock_add(&sim->clock, event))
        fail(sim, "simulation", "out of memory");
}

static void add_packet(struct simulation *sim, struct instant at, enum happening kind, size_t target,
                       struct span packet)
{
    uint8_t *copy = malloc(packet.len ? packet.len : 1);
    if (!copy) {
        fail(sim, "simulation", "out of memory");
        return;
    }
    if (packet.len > 0)
        memcpy(copy, packet.data, packet.len);
    add(sim,
        (struct clock_event){
            .at = at, .kind = kind, .target = (uint32_t)target, .packet = copy, .packet_len = packet.len});
}

/* A packet that a node sends on the underlay: written, and put on its way. */
static void carry(struct simulation *sim, size_t from, struct span packet, enum send_reason reason)
{
    const struct scenario *s = sim->scenario;
    struct instant now = sim->clock.now;
    struct ip outer = {0};
    struct link_fate fate = {0};
    size_t to;
    bool found = ip_decode(packet, &outer).status == CODEC_OK &&
                 topology_find_node(&sim->topology, outer.destination, &to);
    if (found)
        fate = link_send(topology_link(&sim->topology, from, to), now, &sim->chance);
    sim->result->packets++;
    if (sim->writer) {
        char comment[NARRATOR_COMMENT_MAX];
        struct narration narration = {
            .from = s->nodes[from].name,
            .to = found ? s->nodes[to].name : NULL,
            .reason = reason,
            .packet = packet,
            .copies = fate.copies,
        };
        capture_write(sim->writer, instant_after_us(now, SIMULATION_EPOCH_US), packet,
                      narrator_packet(&narration, comment));
    }
    for (unsigned i = 0; i < fate.copies; i++)
        add_packet(sim, fate.arrivals[i], HAPPENING_ARRIVAL, to, packet);
    if (fate.copies == 0)
        trace_packet(sim->trace, now, s->nodes[from].name, found ? "lost" : "unreachable", outer.destination);
}

/* A packet that a node hands to its host side. */
static void deliver(struct simulation *sim, size_t node, struct span packet)
{
    struct ip inner;
    size_t host;
    if (ip_decode(packet, &inner).status != CODEC_OK ||
        !topology_find_host(&sim->topology, node, inner.destination, &host)) {
        trace_packet(sim->trace, sim->clock.now, sim->scenario->nodes[node].name, "no-such-host",
                     inner.destination);
        return;
    }
    add_packet(sim, instant_after_us(sim->clock.now, HOST_DELAY_US), HAPPENING_AT_HOST, host, packet);
}

static void drain(struct simulation *sim, size_t node)
{
    struct node_output output;
    while (!sim->failed && node_output(sim->running[node].node, &output)) {
        trace_output(sim->trace, sim->clock.now, sim->scenario->nodes[node].name, &output);
        if (output.kind == OUTPUT_UNDERLAY)
            carry(sim, node, output.underlay.packet, output.underlay.reason);
        else if (output.kind == OUTPUT_OVERLAY)
            deliver(sim, node, output.overlay);
    }
}

/* See that the node is called at its deadline; an earlier appointment, if later than that, is void. */
static void plan_wake(struct simulation *sim, size_t node)
{
    struct running *running = &sim->running[node];
    struct instant deadline = node_deadline(running->node);
    if (deadline.us == running->wake.us)
        return;
    running->wake = deadline;
    running->wake_number++;
    if (deadline.us != INSTANT_NEVER.us)
        add(sim, (struct clock_event){.at = deadline,
                                      .kind = HAPPENING_WAKE,
                                      .target = (uint32_t)node,
                                      .number = running->wake_number});
}

static void feed(struct simulation *sim, size_t node, const struct node_input *input)
{
    if (!sim->running[node].node)
        return; /* not started yet: the packet finds nobody awake */
    node_input(sim->running[node].node, sim->clock.now, input);
    drain(sim, node);
    plan_wake(sim, node);
}

static void start(struct simulation *sim, size_t node)
{
    const struct scenario_node *config = &sim->scenario->nodes[node];
    const char *why = "cannot be created";
    struct running *running = &sim->running[node];
    running->wake = INSTANT_NEVER;
    running->node = node_create(&config->config, random_u64(&sim->chance), &why);
    if (!running->node) {
        fail(sim, config->name, why);
        return;
    }
    feed(sim, node,
         &(struct node_input){.kind = INPUT_LINK, .link = {.up = true, .nbma = config->config.tunnel.nbma}});
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
        fail(sim, sim->scenario->nodes[node].name, "the node never comes to rest");
    else
        feed(sim, node, &(struct node_input){.kind = INPUT_TIME});
}

/* A host's own packet, on its way to the node. Takes over the packet. */
static void send_from_host(struct simulation *sim, size_t host, uint8_t *packet, size_t len)
{
    if (!packet) {
        fail(sim, sim->scenario->hosts[host].name, "out of memory");
        return;
    }
    add(sim, (struct clock_event){
                 .at = instant_after_us(sim->clock.now, HOST_DELAY_US),
                 .kind = HAPPENING_FROM_HOST,
                 .target = (uint32_t)sim->scenario->hosts[host].node,
                 .packet = packet,
                 .packet_len = len,
             });
}

static void ping(struct simulation *sim, size_t index, uint64_t sequence)
{
    const struct scenario_event *event = &sim->scenario->events[index];
    const struct scenario_host *host = &sim->scenario->hosts[event->ping.from];
    struct echo echo = {
        .source = host->address,
        .destination = event->ping.to,
        .id = (uint16_t)(index + 1),
        .sequence = (uint16_t)sequence,
    };
    size_t len = 0;
    uint8_t *packet = echo_make_request(echo, sim->next_ip_id++, event->ping.data_octets, &len);
    send_from_host(sim, event->ping.from, packet, len);
    trace_ping(sim->trace, sim->clock.now, host->name, "ping-sent", event->ping.to, (unsigned)sequence);
    sim->result->pings_sent++;
    if (sequence < event->ping.count)
        add(sim, (struct clock_event){
                     .at = instant_after_us(sim->clock.now, event->ping.interval_us),
                     .kind = HAPPENING_PING,
                     .target = (uint32_t)index,
                     .number = sequence + 1,
                 });
}

/* An echo reply counts once, and only at the host that asked. */
static void take_reply(struct simulation *sim, size_t host, const struct echo *echo)
{
    size_t index = (size_t)echo->id - 1; /* 0 gives an index that no event has */
    const struct scenario *s = sim->scenario;
    if (index >= s->event_count || s->events[index].ping.from != host || echo->sequence == 0 ||
        echo->sequence > s->events[index].ping.count || sim->answered[index][echo->sequence])
        return;
    sim->answered[index][echo->sequence] = true;
    sim->result->pings_answered++;
    trace_ping(sim->trace, sim->clock.now, s->hosts[host].name, "ping-answered", echo->source,
               echo->sequence);
}

static void at_host(struct simulation *sim, size_t host, struct span packet)
{
    struct echo echo;
    if (!echo_read(packet, &echo))
        return;
    if (echo.reply) {
        take_reply(sim, host, &echo);
        return;
    }
    struct echo reply = echo;
    size_t len = 0;
    reply.source = echo.destination;
    reply.destination = echo.source;
    reply.reply = true;
    uint8_t *answer = echo_make(&reply, sim->next_ip_id++, &len);
    send_from_host(sim, host, answer, len);
}

static void happen(struct simulation *sim, const struct clock_event *event)
{
    struct span packet = span_of(event->packet, event->packet_len);
    switch ((enum happening)event->kind) {
    case HAPPENING_START:
        start(sim, event->target);
        break;
    case HAPPENING_WAKE:
        wake(sim, event->target, event->number);
        break;
    case HAPPENING_ARRIVAL:
        feed(sim, event->target, &(struct node_input){.kind = INPUT_UNDERLAY, .packet = packet});
        break;
    case HAPPENING_FROM_HOST:
        feed(sim, event->target, &(struct node_input){.kind = INPUT_OVERLAY, .packet = packet});
        break;
    case HAPPENING_AT_HOST:
        at_host(sim, event->target, packet);
        break;
    case HAPPENING_PING:
        ping(sim, event->target, event->number);
        break;
    }
}

static bool prepare(struct simulation *sim)
{
    const struct scenario *s = sim->scenario;
    sim->running = calloc(s->node_count, sizeof *sim->running);
    sim->answered = calloc(s->event_count ? s->event_count : 1, sizeof *sim->answered);
    if (!sim->running || !sim->answered || !topology_make(s, &sim->topology))
        return false;
    for (size_t i = 0; i < s->node_count; i++)
        add(sim,
            (struct clock_event){.at = s->nodes[i].start, .kind = HAPPENING_START, .target = (uint32_t)i});
    for (size_t i = 0; i < s->event_count; i++) {
        sim->answered[i] = calloc((size_t)s->events[i].ping.count + 1, sizeof *sim->answered[i]);
        if (!sim->answered[i])
            return false;
        if (s->events[i].ping.count > 0)
            add(sim, (struct clock_event){
                         .at = s->events[i].at, .kind = HAPPENING_PING, .target = (uint32_t)i, .number = 1});
    }
    return !sim->failed;
}

static void clean_up(struct simulation *sim)
{
    const struct scenario *s = sim->scenario;
    for (size_t i = 0; sim->running && i < s->node_count; i++)
        node_free(sim->running[i].node);
    for (size_t i = 0; sim->answered && i < s->event_count; i++)
        free(sim->answered[i]);
    free(sim->running);
    free(sim->answered);
    topology_free(&sim->topology);
    clock_clear(&sim->clock);
}

bool simulation_run(const struct scenario *scenario, uint64_t seed, struct capture_writer *writer,
                    const struct trace *trace, const volatile sig_atomic_t *stop,
                    struct simulation_result *result, char error[SIMULATION_ERROR_MAX])
{
    *result = (struct simulation_result){0};
    struct simulation sim = {
        .scenario = scenario,
        .clock = clock_empty(),
        .chance = random_seeded(seed),
        .next_ip_id = 1,
        .writer = writer,
        .trace = trace,
        .result = result,
        .error = error,
    };
    struct clock_event event;
    if (!prepare(&sim))
        fail(&sim, "simulation", "out of memory");
    while (!sim.failed && !(stop && *stop) && instant_before(clock_next(&sim.clock), scenario->end) &&
           clock_take(&sim.clock, &event)) {
        happen(&sim, &event);
        free(event.packet);
    }
    clean_up(&sim);
    return !sim.failed;
}
