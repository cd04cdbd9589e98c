/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drivers/live/commands.h"

#include <string.h>

#include "drivers/live/daemon.h"
#include "drivers/live/show.h"

static json_t *refuse(const char *why)
{
    return json_pack("{sb ss}", "ok", 0, "error", why);
}

static const char *word_of(const json_t *request, const char *key)
{
    return json_string_value(json_object_get(request, key));
}

/* The tunnel that the request names, or any, or none. */
static bool concerns(const json_t *request, const struct instance *in)
{
    const char *name = word_of(request, "tunnel");
    return !name || strcmp(name, in->config.name) == 0;
}

static json_t *answer_show(struct daemon *d, unsigned client, const json_t *request)
{
    const char *what = word_of(request, "what");
    (void)client;
    if (!what || !show_knows(what))
        return refuse(
            "show what? bindings, nhs, requests, shortcuts, told, routes, tunnels, drops or counters");
    json_t *rows = json_array();
    for (size_t i = 0; i < d->instance_count; i++)
        if (concerns(request, d->instances[i]))
            show_append(rows, what, d->instances[i], daemon_now());
    json_t *answer = json_pack("{sb ss so}", "ok", 1, "what", what, "rows", rows);
    if (answer && strcmp(what, "counters") == 0)
        json_object_set_new(answer, "process", show_process(d));
    return answer;
}

/* An operator's wish, for every tunnel that it concerns. */
static json_t *administer(struct daemon *d, const json_t *request, enum admin_request wish)
{
    struct node_input input = {.kind = INPUT_ADMIN, .admin = wish};
    json_int_t tunnels = 0;
    for (size_t i = 0; i < d->instance_count; i++) {
        if (!concerns(request, d->instances[i]))
            continue;
        instance_input(d->instances[i], daemon_now(), &input);
        tunnels++;
    }
    return json_pack("{sb sI}", "ok", 1, "tunnels", tunnels);
}

static json_t *answer_clear(struct daemon *d, unsigned client, const json_t *request)
{
    const char *what = word_of(request, "what");
    (void)client;
    if (!what || strcmp(what, "bindings") == 0)
        return administer(d, request, ADMIN_CLEAR_BINDINGS);
    if (strcmp(what, "shortcuts") == 0)
        return administer(d, request, ADMIN_CLEAR_SHORTCUTS);
    return refuse("clear what? bindings or shortcuts");
}

static json_t *answer_register(struct daemon *d, unsigned client, const json_t *request)
{
    (void)client;
    return administer(d, request, ADMIN_REGISTER);
}

static json_t *answer_purge(struct daemon *d, unsigned client, const json_t *request)
{
    (void)client;
    return administer(d, request, ADMIN_PURGE);
}

static json_t *answer_trace(struct daemon *d, unsigned client, const json_t *request)
{
    const json_t *on = json_object_get(request, "on");
    (void)client;
    if (!json_is_boolean(on))
        return refuse("trace: on or off?");
    d->services.trace = json_is_true(on);
    return json_pack("{sb sb}", "ok", 1, "trace", d->services.trace);
}

static json_t *answer_watch(struct daemon *d, unsigned client, const json_t *request)
{
    control_subscribe(d->services.control, client, CONTROL_EVENTS, word_of(request, "tunnel"));
    return json_pack("{sb}", "ok", 1);
}

static json_t *answer_capture(struct daemon *d, unsigned client, const json_t *request)
{
    bool data = json_is_true(json_object_get(request, "data"));
    control_subscribe(d->services.control, client, data ? CONTROL_PACKETS : CONTROL_NHRP,
                      word_of(request, "tunnel"));
    return json_pack("{sb}", "ok", 1);
}

static const struct command {
    const char *name;
    json_t *(*answer)(struct daemon *daemon, unsigned client, const json_t *request);
} commands[] = {
    {"show", answer_show},   {"clear", answer_clear}, {"register", answer_register}, {"purge", answer_purge},
    {"trace", answer_trace}, {"watch", answer_watch}, {"capture", answer_capture},
};

static bool has_tunnel(const struct daemon *d, const char *name)
{
    for (size_t i = 0; i < d->instance_count; i++)
        if (strcmp(d->instances[i]->config.name, name) == 0)
            return true;
    return false;
}

json_t *commands_answer(struct daemon *d, unsigned client, const json_t *request)
{
    const char *name = word_of(request, "command");
    const char *tunnel = word_of(request, "tunnel");
    if (tunnel && !has_tunnel(d, tunnel))
        return refuse("there is no such tunnel");
    for (size_t i = 0; name && i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(commands[i].name, name) == 0)
            return commands[i].answer(d, client, request);
    return refuse("the request has no command that this daemon knows");
}
