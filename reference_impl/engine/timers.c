/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/timers.h"

#include "engine/bindings.h"
#include "engine/indication.h"
#include "engine/node_state.h"
#include "engine/routing.h"

unsigned timers_retry_s(unsigned attempt, unsigned max_s)
{
    unsigned wait_s = RETRY_FIRST_S;
    while (--attempt > 0 && wait_s < max_s)
        wait_s *= 2;
    if (wait_s > max_s)
        wait_s = max_s;
    return wait_s > 0 ? wait_s : 1;
}

void timers_arm(struct node *node, struct timer *timer, enum timer_kind kind, struct instant at)
{
    timer->kind = (uint8_t)kind;
    wheel_arm(&node->wheel, timer, at);
}

/* The object that the timer sits in. */
#define OWNER(type, member, timer) ((type *)(void *)((char *)(timer)-offsetof(type, member)))

void timers_run(struct node *node)
{
    struct timer *timer;
    while ((timer = wheel_due(&node->wheel, node->now))) {
        switch ((enum timer_kind)timer->kind) {
        case TIMER_REGISTRATION:
            registration_client_timer(node, OWNER(struct next_hop_server, timer, timer));
            break;
        case TIMER_RESOLUTION:
            resolution_client_timer(node, OWNER(struct resolution, timer, timer));
            break;
        case TIMER_BINDING:
            bindings_expire(node, OWNER(struct binding, expiry, timer));
            break;
        case TIMER_TOLD:
            told_timer(node, OWNER(struct told, timer, timer));
            break;
        case TIMER_RIP:
            routing_timer(node);
            break;
        case TIMER_FLOW:
            indication_flow_timer(node, OWNER(struct flow, timer, timer));
            break;
        }
    }
}
