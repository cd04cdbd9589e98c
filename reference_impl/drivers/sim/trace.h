/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace: what happens, one line each: "t=1.000000 node=hub event=binding-added protocol=10.255.0.11 ...", or
 * the same as one JSON object a line. Owns the form of lines; must not decide what is worth one.
 */
#ifndef DMVPNKIT_SIM_TRACE_H
#define DMVPNKIT_SIM_TRACE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/instant.h"
#include "engine/io.h"

enum trace_form { TRACE_FORM_NONE, TRACE_FORM_TEXT, TRACE_FORM_JSON };

struct trace {
    enum trace_form form;
    FILE *out; /* not owned */
};

#define TRACE_WORD_MAX 48

/* What the simulator itself has to say about a packet or a node; ADDR_NONE and NULL where there is nothing.
 */
struct trace_note {
    const char *event;   /* one word */
    const char *reason;  /* one word */
    struct addr address; /* whom it is about; for pings the other host */
    bool has_number;
    uint64_t number; /* octets of a packet; sequence number of a ping */
};

/* What a node's output says: each kind of output has its line. */
void trace_output(const struct trace *trace, struct instant at, const char *node,
                  const struct node_output *output);
void trace_note(const struct trace *trace, struct instant at, const char *who, const struct trace_note *note);

/* The words that lines have as event and as reason; reason is NULL where a line has none. */
const char *trace_event_of(const struct node_output *output);
const char *trace_reason_of(const struct node_output *output, char word[TRACE_WORD_MAX]);
/* Could any line have that word there? */
bool trace_knows_event(const char *word);
bool trace_knows_reason(const char *word);

/* Events and reasons of the simulator's own. */
#define TRACE_NOTE_LOST          "lost"         /* a packet, on a link */
#define TRACE_NOTE_UNREACHABLE   "unreachable"  /* nobody has the packet's destination */
#define TRACE_NOTE_TOO_BIG       "too-big"      /* for a link, and may not be split */
#define TRACE_NOTE_SPLIT         "split"        /* by a router, into fragments */
#define TRACE_NOTE_NAT_DROPPED   "nat-dropped"  /* a NAT has no translation for it */
#define TRACE_NOTE_NO_SUCH_HOST  "no-such-host" /* a node delivers to nobody */
#define TRACE_NOTE_PING_SENT     "ping-sent"
#define TRACE_NOTE_PING_ANSWERED "ping-answered"
#define TRACE_NOTE_SENDS         "sends" /* a scripted packet; as a node's own, with this reason: */
#define TRACE_NOTE_SCRIPTED      "scripted"
#define TRACE_NOTE_REPORT        "too-big-report" /* reason of a router's packet about another */

#endif
