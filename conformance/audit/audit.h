/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * audit: judges DMVPN traffic that others made. Packets go in one after the other, in order of time; findings
 * come out, each by the rule that it breaks, with the frames that show it.
 *
 * Passive: nothing is sent, and what a capture does not show is not judged. Streaming: memory is bounded by
 * the stations, requests and flows that are alive, not by the length of the capture. No I/O.
 */
#ifndef DMVPNKIT_AUDIT_AUDIT_H
#define DMVPNKIT_AUDIT_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cursor.h"
#include "base/instant.h"

#define AUDIT_FRAMES_MAX   8   /* frames that a finding names; the rest are counted */
#define AUDIT_ABOUT_MAX    64  /* stations of which a rule keeps a finding each; the rest share one */
#define AUDIT_EVIDENCE_MAX 320 /* characters, with the end */

enum audit_severity {
    AUDIT_NOTE,      /* a SHOULD, or what peers are known to do: reported, never a failure */
    AUDIT_MISTAKE,   /* an operator's: the stations work as they were told */
    AUDIT_VIOLATION, /* an implementation breaks the requirement */
};

enum audit_role {
    AUDIT_CLIENT = 1,  /* registers */
    AUDIT_SERVER = 2,  /* answers registrations, or is asked to */
    AUDIT_TRANSIT = 4, /* forwards NHRP or data between members */
    AUDIT_INGRESS = 8, /* asks for addresses */
    AUDIT_EGRESS = 16, /* is where a resolution leads to */
};

/* One thing to look for. Rows live for ever. */
struct audit_rule;
const char *audit_rule_id(const struct audit_rule *rule);          /* "registration-nak-hold" */
const char *audit_rule_requirement(const struct audit_rule *rule); /* "rfc2332-5.2.0.1-nak-hold-zero" */
/* Further requirements whose breach the rule would show, separated by spaces; or NULL. */
const char *audit_rule_also(const struct audit_rule *rule);
enum audit_severity audit_rule_severity(const struct audit_rule *rule);
/* What breaking it looks like, one sentence without a full stop. */
const char *audit_rule_words(const struct audit_rule *rule);
/* The usual remedy, or NULL. */
const char *audit_rule_remedy(const struct audit_rule *rule);
/* Ids of the catalogue of interoperability bugs whose sign it sees, "IB-152 IB-017"; or NULL. */
const char *audit_rule_bugs(const struct audit_rule *rule);
/* All rules, in the order of their rooms; NULL behind the last. */
const struct audit_rule *audit_rule_at(size_t index);
const char *audit_severity_words(enum audit_severity severity);

struct audit_finding {
    const struct audit_rule *rule;
    struct addr about;                 /* the station that is to blame, or none */
    char evidence[AUDIT_EVIDENCE_MAX]; /* what the first frame shows */
    unsigned candidates;               /* see audit_finding_candidate() */
    uint64_t count;
    size_t frames[AUDIT_FRAMES_MAX];
    size_t frame_count;
    struct instant first_at, last_at;
};

/*
 * The index-th of the rule's entries of the catalogue that can have left what the finding's first frame
 * shows: *len characters of what is returned; or NULL.
 */
const char *audit_finding_candidate(const struct audit_finding *finding, size_t index, size_t *len);

struct audit_totals {
    uint64_t frames, bytes;
    uint64_t gre, messages, data, keepalives, esp, other;
    uint64_t undecodable; /* packets in whole */
    uint64_t broken;      /* of these, packets whose outer IP header no receiver takes: not judged */
    uint64_t cut;         /* packets that the capture did not keep whole */
};

/* What is still known of a station when the capture ends. */
struct audit_station {
    struct addr protocol, nbma, outer;
    unsigned roles;
    bool registered;
    uint16_t hold_s;
};

struct audit_cloud {
    bool has_key;
    uint32_t key;
    unsigned phase;  /* 1, 2, 3; 0 if nothing tells */
    const char *why; /* what the phase was told by */
    uint64_t messages, data, hairpins, direct;
    bool authenticated;
    size_t stations;
};

struct audit;

/* Begin. Free with audit_free(). */
struct audit *audit_new(void);
void audit_free(struct audit *a);

/*
 * Look at one packet. ethertype says what it starts with: 0x0800 or 0x86dd an outer IP header, 0x2001 an NHRP
 * message without one (captures on a tunnel interface); any other is counted and left alone. cut: the capture
 * does not have all of the frame. If that cuts the packet, and not only what pads the frame, then that it
 * cannot be read to its end is nobody's fault.
 */
void audit_packet(struct audit *a, size_t frame, struct instant at, uint16_t ethertype, struct span packet,
                  bool cut);
/* The capture is over: what is still owed is judged. */
void audit_end(struct audit *a);

/* Findings, those of one rule together, worst severity first. NULL behind the last. After audit_end(). */
const struct audit_finding *audit_finding_at(const struct audit *a, size_t index);
/* True if anything worse than notes was found. */
bool audit_has_failed(const struct audit *a);
const struct audit_totals *audit_totals(const struct audit *a);
/* Clouds in the order of their first packets. */
bool audit_cloud_at(const struct audit *a, size_t index, struct audit_cloud *out);

typedef void audit_station_fn(void *arg, const struct audit_station *station);
/* Stations of a cloud, those heard longest ago first. */
void audit_each_station(const struct audit *a, size_t cloud, audit_station_fn *fn, void *arg);
/* "client", "hub", "client and egress". Returns buf. */
const char *audit_roles_words(unsigned roles, char *buf, size_t cap);

#endif
