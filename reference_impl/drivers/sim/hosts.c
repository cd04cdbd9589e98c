/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hosts: the machines behind the nodes, and the nodes themselves as hosts: they ping, and answer pings.
 */
#include <stdlib.h>

#include "codec/ip.h"
#include "drivers/sim/echo.h"
#include "drivers/sim/simulation_state.h"

#define HOST_DELAY_US 100 /* between a node and its hosts, and for a host to answer */

void hosts_deliver(struct simulation *sim, size_t node, struct span packet)
{
    struct ip inner = {0};
    size_t host;
    if (ip_decode(packet, &inner).status == CODEC_OK &&
        topology_find_host(&sim->topology, node, inner.destination, &host))
        simulation_add_packet(sim, instant_after_us(sim->clock.now, HOST_DELAY_US), HAPPENING_AT_HOST, host,
                              packet);
    else
        simulation_note(sim, node,
                        &(struct trace_note){.event = TRACE_NOTE_NO_SUCH_HOST, .address = inner.destination});
}

/* A host's own packet, on its way to the node. Takes over the packet. */
static void send_from(struct simulation *sim, size_t host, uint8_t *packet, size_t len)
{
    if (!packet) {
        simulation_fail(sim, sim->scenario->hosts[host].name, "out of memory");
        return;
    }
    simulation_add(sim, (struct clock_event){
                            .at = instant_after_us(sim->clock.now, HOST_DELAY_US),
                            .kind = HAPPENING_FROM_HOST,
                            .target = (uint32_t)sim->scenario->hosts[host].node,
                            .packet = packet,
                            .packet_len = len,
                        });
}

static void note_ping(struct simulation *sim, size_t host, const char *event, struct addr other,
                      uint64_t sequence)
{
    simulation_note(
        sim, host,
        &(struct trace_note){.event = event, .address = other, .has_number = true, .number = sequence});
}

void hosts_ping(struct simulation *sim, size_t index, uint64_t sequence)
{
    const struct scenario_event *event = &sim->scenario->events[index];
    struct echo echo = {
        .source = sim->scenario->hosts[event->ping.from].address,
        .destination = event->ping.to,
        .id = (uint16_t)(index + 1),
        .sequence = (uint16_t)sequence,
    };
    size_t len = 0;
    uint8_t *packet = echo_make_request(echo, sim->next_ip_id++, event->ping.data_octets, &len);
    send_from(sim, event->ping.from, packet, len);
    note_ping(sim, event->ping.from, TRACE_NOTE_PING_SENT, event->ping.to, sequence);
    sim->result.pings_sent++;
    if (sequence < event->ping.count)
        simulation_add(sim, (struct clock_event){
                                .at = instant_after_us(sim->clock.now, event->ping.interval_us),
                                .kind = HAPPENING_PING,
                                .target = (uint32_t)index,
                                .number = sequence + 1,
                            });
}

/* The host that has an address, wherever it is; SCENARIO_ANY if none has. */
static size_t host_with(const struct scenario *s, struct addr address)
{
    for (size_t i = 0; i < s->host_count; i++)
        if (addr_equal(s->hosts[i].address, address))
            return i;
    return SCENARIO_ANY;
}

/* An echo reply counts once, and only at the host that asked. */
static void take_reply(struct simulation *sim, size_t host, const struct echo *echo)
{
    size_t index = (size_t)echo->id - 1; /* 0 gives an index that no event has */
    const struct scenario *s = sim->scenario;
    if (index >= s->event_count || s->events[index].kind != EVENT_PING ||
        s->events[index].ping.from != host || echo->sequence == 0 ||
        echo->sequence > s->events[index].ping.count || sim->answered[index][echo->sequence])
        return;
    sim->answered[index][echo->sequence] = true;
    sim->result.pings_answered++;
    note_ping(sim, host, TRACE_NOTE_PING_ANSWERED, echo->source, echo->sequence);
    if (s->expectation_count > 0)
        judge_ping(&sim->judge, sim->clock.now, host, host_with(s, echo->source));
}

void hosts_receive(struct simulation *sim, size_t host, struct span packet)
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
    send_from(sim, host, answer, len);
}
