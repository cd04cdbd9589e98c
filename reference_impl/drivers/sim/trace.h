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

/* What a node's output says: each kind of output has its line. */
void trace_output(const struct trace *trace, struct instant at, const char *node,
                  const struct node_output *output);
/* A packet that gets lost between two nodes, or finds nobody at its destination: event is one word. */
void trace_packet(const struct trace *trace, struct instant at, const char *node, const char *event,
                  struct addr destination);
/* A host's ping: event is one word. */
void trace_ping(const struct trace *trace, struct instant at, const char *host, const char *event,
                struct addr other, unsigned sequence);

#endif
