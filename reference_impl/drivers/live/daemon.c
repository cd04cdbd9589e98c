/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * daemon: made, run, reloaded, ended. What is waited for is in enum source; what an operator's requests do is
 * commands.c's business.
 */
#include "drivers/live/daemon.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "drivers/live/commands.h"
#include "drivers/live/notify.h"
#include "drivers/live/overlay.h"
#include "drivers/live/owner.h"
#include "drivers/live/privileges.h"

#define EVENTS_MOST   32
#define RECEIVE_TURNS 4 /* batches from the underlay before others get their turn */

/* What the loop waits for: one for each port of the underlay, and one for each instance's overlay. */
enum source {
    SOURCE_UNDERLAY,
    SOURCE_KERNEL = SOURCE_UNDERLAY + UNDERLAY_PORT_COUNT,
    SOURCE_CONTROL,
    SOURCE_TIMER,
    SOURCE_SIGNALS,
    SOURCE_OVERLAYS,
};

struct instant daemon_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (struct instant){.us = (int64_t)now.tv_sec * US_PER_S + now.tv_nsec / 1000};
}

static bool watch(struct daemon *d, int fd, unsigned source)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = source};
    return fd < 0 || epoll_ctl(d->epoll, EPOLL_CTL_ADD, fd, &event) == 0 || errno == EEXIST;
}

static bool fail(char error[LIVE_ERROR_MAX], const char *what)
{
    snprintf(error, LIVE_ERROR_MAX, "%s: %s", what, strerror(errno));
    return false;
}

/* ---- making ---- */

static bool open_signals(struct daemon *d)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    signal(SIGPIPE, SIG_IGN);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return false;
    d->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    return d->signals >= 0 && watch(d, d->signals, SOURCE_SIGNALS);
}

static bool open_shared(struct daemon *d, char error[LIVE_ERROR_MAX])
{
    d->epoll = epoll_create1(EPOLL_CLOEXEC);
    d->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (d->epoll < 0 || d->timer < 0 || !watch(d, d->timer, SOURCE_TIMER) || !open_signals(d))
        return fail(error, "dmvpnd");
    d->services.underlay = underlay_create();
    d->mirror = mirror_create(d->config->mirror_table);
    if (!d->services.underlay || !d->mirror)
        return fail(error, "dmvpnd");
    d->services.kernel = kernel_open();
    if (!d->services.kernel || !watch(d, kernel_fd(d->services.kernel), SOURCE_KERNEL))
        return fail(error, "netlink");
    return true;
}

static bool open_control(struct daemon *d, char error[LIVE_ERROR_MAX])
{
    const char *path = d->config->control;
    d->services.control = control_create(path, d->services.owner);
    if (!d->services.control || !watch(d, control_fd(d->services.control), SOURCE_CONTROL))
        return fail(error, path);
    return true;
}

static void apply_settings(struct daemon *d)
{
    log_setup(d->config->log_form, d->config->log_level);
    d->services.trace = d->config->trace;
    d->services.install_routes = d->config->install_routes;
    d->services.install_table = d->config->install_table;
    d->services.mirror_underlay = d->config->mirror_underlay;
}

static bool add_instance(struct daemon *d, struct live_tunnel_config *config, char error[LIVE_ERROR_MAX])
{
    struct instance *in = instance_create(config, d->config->state, &d->services, error);
    if (!in)
        return false;
    struct instant now = daemon_now();
    if (!instance_start(in, now, error)) {
        instance_free(in, now);
        return false;
    }
    unsigned source = SOURCE_OVERLAYS + (unsigned)d->instance_count;
    d->instances[d->instance_count++] = in;
    for (unsigned port = 0; port < UNDERLAY_PORT_COUNT; port++)
        watch(d, underlay_fd(d->services.underlay, (enum underlay_port)port), SOURCE_UNDERLAY + port);
    if (!watch(d, in->overlay, source))
        return fail(error, in->config.name);
    return true;
}

/* Rules for the families of the tunnels that there are now, and for no others. */
static void adjust_rules(struct daemon *d)
{
    static const enum addr_family families[DAEMON_FAMILIES] = {ADDR_IPV4, ADDR_IPV6};
    if (!d->services.install_routes || !d->services.kernel)
        return;
    for (size_t f = 0; f < DAEMON_FAMILIES; f++) {
        bool needed = false;
        for (size_t i = 0; i < d->instance_count; i++)
            needed |= d->instances[i]->config.node.protocol.family == families[f];
        if (needed == d->has_rules[f])
            continue;
        d->has_rules[f] = needed;
        if (!kernel_set_rules(d->services.kernel, needed, families[f], d->config->mirror_table,
                              d->services.install_table))
            log_line(LOG_WARNING, NULL, "the rules for routing table %u cannot be %s: %s",
                     d->services.install_table, needed ? "set" : "removed", strerror(errno));
    }
}

static void synchronise(struct daemon *d)
{
    mirror_begin(d->mirror);
    if (!kernel_synchronise(d->services.kernel))
        log_line(LOG_ERROR, NULL, "the kernel's configuration cannot be read: %s", strerror(errno));
}

struct daemon *daemon_create(const char *config_path, struct live_config *config, char error[LIVE_ERROR_MAX])
{
    struct daemon *d = calloc(1, sizeof *d);
    if (!d) {
        snprintf(error, LIVE_ERROR_MAX, "dmvpnd: out of memory");
        live_config_free(config);
        return NULL;
    }
    d->config_path = config_path;
    d->config = config;
    d->epoll = d->timer = d->signals = -1;
    apply_settings(d);
    bool ok = privileges_find_user(config->user, &d->services.owner);
    if (!ok)
        snprintf(error, LIVE_ERROR_MAX, "user: there is no user '%s' here", config->user);
    ok = ok && open_shared(d, error);
    for (size_t i = 0; ok && i < config->tunnel_count; i++)
        ok = add_instance(d, &config->tunnels[i], error);
    ok = ok && open_control(d, error);
    if (ok) {
        adjust_rules(d);
        synchronise(d);
        overlay_reserve();
        ok = privileges_drop(d->services.owner);
        if (!ok)
            snprintf(error, LIVE_ERROR_MAX, "the daemon cannot become user '%s'", config->user);
    }
    if (ok && access(config_path, R_OK) != 0)
        log_line(LOG_WARNING, NULL, "%s: user '%s' may not read it: SIGHUP will change nothing", config_path,
                 config->user);
    if (ok)
        return d;
    daemon_free(d);
    return NULL;
}

void daemon_free(struct daemon *d)
{
    if (!d)
        return;
    struct instant now = daemon_now();
    for (size_t i = 0; i < d->instance_count; i++)
        instance_free(d->instances[i], now);
    d->instance_count = 0;
    adjust_rules(d);
    overlay_release();
    control_free(d->services.control);
    kernel_close(d->services.kernel);
    mirror_free(d->mirror);
    underlay_free(d->services.underlay);
    live_config_free(d->config);
    int fds[] = {d->epoll, d->timer, d->signals};
    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    free(d);
}

/* ---- packets ---- */

static void read_underlay(struct daemon *d, enum underlay_port port)
{
    for (unsigned turn = 0; turn < RECEIVE_TURNS; turn++) {
        unsigned count = underlay_receive(d->services.underlay, port);
        struct instant now = daemon_now();
        for (unsigned i = 0; i < count; i++) {
            struct span packet = underlay_packet(d->services.underlay, i);
            struct instance *owner = d->instance_count == 1
                                         ? d->instances[0]
                                         : owner_find(d->instances, d->instance_count, packet);
            if (owner)
                instance_take_packet(owner, now, packet);
            else
                d->strays++;
        }
        if (count < UNDERLAY_BATCH)
            return;
    }
}

/* ---- the kernel ---- */

static void tell_route(struct daemon *d, struct instant now, const struct mirror_route *route)
{
    for (size_t i = 0; i < d->instance_count; i++)
        instance_take_route(d->instances[i], now, route);
}

static void read_kernel(struct daemon *d)
{
    struct kernel_change change;
    struct mirror_route route;
    struct instant now = daemon_now();
    while (kernel_next(d->services.kernel, &change)) {
        switch (change.kind) {
        case KERNEL_ROUTE_ADDED:
        case KERNEL_ROUTE_REMOVED:
            if (d->config->mirror_routes && mirror_take(d->mirror, &change, &route))
                tell_route(d, now, &route);
            break;
        case KERNEL_SYNCHRONISED:
            while (mirror_sweep(d->mirror, &route))
                tell_route(d, now, &route);
            break;
        case KERNEL_LOST:
            synchronise(d);
            break;
        default:
            for (size_t i = 0; i < d->instance_count; i++)
                instance_take_change(d->instances[i], now, &change);
        }
    }
}

/* ---- reloading ---- */

static struct instance *find_same(struct daemon *d, const struct live_tunnel_config *config)
{
    for (size_t i = 0; i < d->instance_count; i++)
        if (strcmp(d->instances[i]->config.fingerprint, config->fingerprint) == 0)
            return d->instances[i];
    return NULL;
}

/* End what is not in the new configuration, or is there but changed; the others close up. */
static void remove_others(struct daemon *d)
{
    struct instant now = daemon_now();
    size_t kept = 0;
    for (size_t i = 0; i < d->instance_count; i++) {
        struct instance *in = d->instances[i];
        if (in->keep) {
            struct epoll_event event = {.events = EPOLLIN, .data.u32 = SOURCE_OVERLAYS + (unsigned)kept};
            epoll_ctl(d->epoll, EPOLL_CTL_MOD, in->overlay, &event);
            d->instances[kept++] = in;
            continue;
        }
        log_line(LOG_INFO, in->config.name, "the tunnel ends");
        instance_free(in, now);
    }
    d->instance_count = kept;
}

static void reload(struct daemon *d)
{
    char error[LIVE_ERROR_MAX];
    notify_manager("RELOADING=1");
    struct live_config *config = live_config_load(d->config_path, error);
    if (!config) {
        log_line(LOG_ERROR, NULL, "not reloaded: %s", error);
        notify_manager("READY=1");
        return;
    }
    for (size_t i = 0; i < d->instance_count; i++)
        d->instances[i]->keep = false;
    for (size_t i = 0; i < config->tunnel_count; i++) {
        struct instance *same = find_same(d, &config->tunnels[i]);
        if (same)
            same->keep = true;
    }
    remove_others(d);
    /* What cannot change while it runs stays as it was: the user, the paths and the tables. */
    d->config->log_form = config->log_form;
    d->config->log_level = config->log_level;
    d->config->trace = config->trace;
    d->config->mirror_underlay = config->mirror_underlay;
    apply_settings(d);
    for (size_t i = 0; i < config->tunnel_count; i++)
        if (!find_same(d, &config->tunnels[i]) && !add_instance(d, &config->tunnels[i], error))
            log_line(LOG_ERROR, NULL, "%s", error);
    live_config_free(config);
    adjust_rules(d);
    synchronise(d);
    log_line(LOG_INFO, NULL, "reloaded, %zu tunnels", d->instance_count);
    notify_manager("READY=1");
}

static void read_signals(struct daemon *d)
{
    struct signalfd_siginfo info;
    while (read(d->signals, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGHUP)
            reload(d);
        else
            d->stopping = true;
    }
}

/* ---- the loop ---- */

static void set_timer(struct daemon *d)
{
    struct instant next = INSTANT_NEVER;
    struct itimerspec when = {0};
    for (size_t i = 0; i < d->instance_count; i++)
        next = instant_min(next, instance_deadline(d->instances[i]));
    if (next.us != INSTANT_NEVER.us) {
        int64_t us = next.us > 0 ? next.us : 1; /* 0 would mean never */
        when.it_value.tv_sec = us / US_PER_S;
        when.it_value.tv_nsec = us % US_PER_S * 1000;
    }
    timerfd_settime(d->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static void read_timer(struct daemon *d)
{
    uint64_t count;
    struct instant now = daemon_now();
    if (read(d->timer, &count, sizeof count) != sizeof count)
        return;
    for (size_t i = 0; i < d->instance_count; i++)
        instance_wake(d->instances[i], now);
}

static void read_control(struct daemon *d)
{
    struct control *control = d->services.control;
    unsigned client;
    json_t *request;
    control_poll(control);
    while (control_next(control, &client, &request)) {
        control_reply(control, client, commands_answer(d, client, request));
        json_decref(request);
    }
}

static void attend(struct daemon *d, unsigned source)
{
    if (source < SOURCE_KERNEL)
        read_underlay(d, (enum underlay_port)(source - SOURCE_UNDERLAY));
    switch (source) {
    case SOURCE_KERNEL:
        read_kernel(d);
        break;
    case SOURCE_CONTROL:
        read_control(d);
        break;
    case SOURCE_TIMER:
        read_timer(d);
        break;
    case SOURCE_SIGNALS:
        read_signals(d);
        break;
    default: /* an overlay, unless a reload has just ended it; or the underlay */
        if (source >= SOURCE_OVERLAYS && source - SOURCE_OVERLAYS < d->instance_count)
            instance_read_overlay(d->instances[source - SOURCE_OVERLAYS], daemon_now());
    }
    underlay_flush(d->services.underlay);
}

bool daemon_run(struct daemon *d, char error[LIVE_ERROR_MAX])
{
    struct epoll_event events[EVENTS_MOST];
    notify_manager("READY=1");
    log_line(LOG_INFO, NULL, "ready, %zu tunnels", d->instance_count);
    while (!d->stopping) {
        set_timer(d);
        int count = epoll_wait(d->epoll, events, EVENTS_MOST, -1);
        if (count < 0 && errno != EINTR)
            return fail(error, "epoll");
        for (int i = 0; i < count; i++)
            attend(d, events[i].data.u32);
    }
    notify_manager("STOPPING=1");
    log_line(LOG_INFO, NULL, "stopping");
    return true;
}
