/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rip_compose: what neighbours are told (RFC 2453 sections 3.9.1, 3.10 and 4), one message after the other.
 */
#include "engine/rip_state.h"

#include <string.h>

#define TOS_CS6         0xc0
#define IP_HEADER_LEN   20
#define AT_UDP_CHECKSUM 6

size_t rip_begin_message(const struct rip *rip, struct writer *w, enum rip_command command)
{
    rip_write_header(w, command);
    if (rip->has_password)
        rip_write_password(w, span_of(rip->password, RIP_PASSWORD_LEN));
    return RIP_ENTRIES_MAX - rip->has_password;
}

/* Inner IP and UDP around a message; the time to live keeps it on the tunnel. */
static struct span wrap(struct rip *rip, struct addr to, uint16_t to_port, struct span message)
{
    struct ip header = {.source = rip->settings.address,
                        .destination = to,
                        .protocol = IP_PROTOCOL_UDP,
                        .ttl = 1,
                        .tos = TOS_CS6,
                        .id = rip->ip_id++};
    struct udp udp = {.source_port = RIP_UDP_PORT, .destination_port = to_port, .payload = message};
    struct writer w = writer_of(rip->packet, sizeof rip->packet);
    ip_write_header(&w, &header, UDP_HEADER_LEN + message.len);
    udp_write(&w, &header, &udp, message);
    struct span datagram = span_of(rip->packet + IP_HEADER_LEN, UDP_HEADER_LEN + message.len), out;
    uint16_t sum = ip_payload_checksum(&header, IP_PROTOCOL_UDP, datagram);
    writer_patch_u16(&w, IP_HEADER_LEN + AT_UDP_CHECKSUM, sum ? sum : 0xffff); /* udp_write() leaves it out */
    writer_done(&w, &out);
    return out;
}

/* Does a summary stand for this route? */
static bool is_summarized(const struct rip *rip, struct prefix prefix)
{
    for (size_t i = 0; i < rip->settings.summary_count; i++) {
        struct prefix summary = rip->summaries[i].prefix;
        if (prefix.len >= summary.len && prefix_contains(summary, prefix.addr))
            return true;
    }
    return false;
}

/* What to tell of a route; false if nothing. */
static bool entry_of_route(const struct rip *rip, const struct rip_route *route, struct rip_entry *out)
{
    const struct rip_settings *settings = &rip->settings;
    uint8_t metric = route->metric;
    struct addr next_hop = {0};
    if (is_summarized(rip, route->entry.prefix))
        return false;
    if (settings->originate_default && route->entry.prefix.len == 0)
        return false; /* the one of our own is told */
    if (route->learned && settings->split_horizon == RIP_SPLIT_HORIZON_ON)
        return false;
    if (route->learned && settings->split_horizon == RIP_SPLIT_HORIZON_POISON)
        metric = RIP_INFINITY;
    if (route->learned && settings->keep_next_hop && metric < RIP_INFINITY)
        next_hop = route->via;
    *out = rip_entry_of(route->entry.prefix, next_hop, metric, route->tag);
    return true;
}

/* The default route and the summaries, by number; false past the last. */
static bool entry_of_extra(const struct rip *rip, size_t number, struct rip_entry *out)
{
    size_t defaults = rip->settings.originate_default;
    if (number < defaults) {
        *out = rip_entry_of(prefix_of(addr_ipv4(0, 0, 0, 0), 0), (struct addr){0}, 1, 0);
        return true;
    }
    if (number - defaults >= rip->settings.summary_count)
        return false;
    const struct rip_summary *summary = &rip->summaries[number - defaults];
    *out = rip_entry_of(summary->prefix, (struct addr){0}, summary->metric, 0);
    return true;
}

/* The next entry of a job; false at its end. */
static bool next_entry(struct rip *rip, struct rip_job *job, struct rip_entry *out)
{
    bool is_update = job->kind != RIP_JOB_ANSWER, only_changes = job->kind == RIP_JOB_TRIGGERED;
    if (!job->begun) {
        job->begun = true;
        job->next = rip_table_next(&rip->table, NULL);
    }
    if (!only_changes && entry_of_extra(rip, job->next_extra, out)) {
        job->next_extra++;
        return true;
    }
    while (job->next) {
        struct rip_route *route = job->next;
        job->next = rip_table_next(&rip->table, route);
        bool is_wanted = route->changed || !only_changes;
        if (is_update)
            route->changed = false;
        if (is_wanted && entry_of_route(rip, route, out))
            return true;
    }
    return false;
}

/* One message of a job, as full as can be; false if the job has nothing more to tell. */
static bool compose_message(struct rip *rip, struct rip_job *job, struct writer *w)
{
    struct rip_entry entry;
    if (job->kind == RIP_JOB_REQUEST) {
        if (job->begun)
            return false;
        job->begun = true;
        rip_begin_message(rip, w, RIP_REQUEST);
        rip_write_everything(w);
        return true;
    }
    size_t room = rip_begin_message(rip, w, RIP_RESPONSE), left = room;
    while (left > 0 && next_entry(rip, job, &entry)) {
        rip_write_entry(w, &entry);
        left--;
    }
    return left < room;
}

static void emit(struct rip *rip, struct addr to, uint16_t to_port, enum rip_send reason, struct span message,
                 struct rip_output *out)
{
    *out = (struct rip_output){
        .kind = RIP_OUTPUT_SEND,
        .send = {.packet = wrap(rip, to, to_port, message), .destination = to, .reason = reason},
    };
}

bool rip_compose(struct rip *rip, struct rip_output *out)
{
    static const enum rip_send send_of[] = {
        [RIP_JOB_REQUEST] = RIP_SEND_REQUEST,
        [RIP_JOB_REGULAR] = RIP_SEND_REGULAR,
        [RIP_JOB_TRIGGERED] = RIP_SEND_TRIGGERED,
        [RIP_JOB_ANSWER] = RIP_SEND_ANSWER,
    };
    struct rip_reply *reply = &rip->reply;
    if (reply->waiting) {
        reply->waiting = false;
        emit(rip, reply->to, reply->to_port, RIP_SEND_ANSWER, span_of(reply->message, reply->len), out);
        return true;
    }
    while (rip->job_count > 0) {
        struct rip_job *job = &rip->jobs[0];
        uint8_t buf[RIP_MESSAGE_MAX];
        struct writer w = writer_of(buf, sizeof buf);
        if (compose_message(rip, job, &w)) {
            emit(rip, job->to, job->to_port, send_of[job->kind], span_of(buf, w.pos), out);
            return true;
        }
        memmove(rip->jobs, rip->jobs + 1, --rip->job_count * sizeof *job);
    }
    return false;
}
