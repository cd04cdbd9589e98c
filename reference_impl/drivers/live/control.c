/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drivers/live/control.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "drivers/live/config.h"

#define CLIENTS_MOST 32
#define REQUEST_MOST 4096               /* octets of one line */
#define BACKLOG_MOST (64 * 1024 * 1024) /* octets waiting for a client; a reply about every binding fits */
#define NEWS_MOST    (1024 * 1024)      /* octets waiting beyond which news are left out */
#define LISTENER     CLIENTS_MOST       /* its number among the clients' */

struct client {
    int fd; /* -1: nobody */
    char request[REQUEST_MOST];
    size_t request_len;
    char *backlog;
    size_t backlog_len;
    size_t backlog_cap;
    bool closing; /* when the backlog is written */
    bool topics[CONTROL_TOPIC_COUNT];
    char only[LIVE_NAME_MAX];
    uint64_t missed;
};

struct control {
    int epoll;
    int listener;
    char path[LIVE_PATH_MAX];
    struct client clients[CLIENTS_MOST];
    unsigned audience[CONTROL_TOPIC_COUNT];
};

static bool watch(struct control *control, int fd, unsigned number, uint32_t events, int operation)
{
    struct epoll_event event = {.events = events, .data.u32 = number};
    return epoll_ctl(control->epoll, operation, fd, &event) == 0;
}

/* A file that nobody listens behind is in the way; anything else is not ours to remove. */
static bool clear_path(const struct sockaddr_un *address)
{
    struct stat status;
    if (lstat(address->sun_path, &status) != 0)
        return true;
    if (!S_ISSOCK(status.st_mode)) {
        errno = EEXIST;
        return false;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool answers = fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof *address) == 0;
    if (fd >= 0)
        close(fd);
    if (answers) {
        errno = EADDRINUSE;
        return false;
    }
    return unlink(address->sun_path) == 0;
}

static bool make_parent(const char *path, struct identity owner)
{
    char folder[LIVE_PATH_MAX];
    const char *end = strrchr(path, '/');
    if (!end || end == path)
        return true;
    snprintf(folder, sizeof folder, "%.*s", (int)(end - path), path);
    return privileges_make_folder(folder, owner);
}

static bool listen_at(struct control *control, const char *path, struct identity owner)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (!make_parent(path, owner) || !clear_path(&address))
        return false;
    control->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (control->listener < 0)
        return false;
    mode_t mask = umask(0117);
    bool bound = bind(control->listener, (struct sockaddr *)&address, sizeof address) == 0;
    umask(mask);
    if (!bound)
        return false;
    snprintf(control->path, sizeof control->path, "%s", path);
    return privileges_give_path(path, owner) && listen(control->listener, CLIENTS_MOST) == 0 &&
           watch(control, control->listener, LISTENER, EPOLLIN, EPOLL_CTL_ADD);
}

struct control *control_create(const char *path, struct identity owner)
{
    struct control *control = calloc(1, sizeof *control);
    if (!control)
        return NULL;
    for (unsigned i = 0; i < CLIENTS_MOST; i++)
        control->clients[i].fd = -1;
    control->listener = -1;
    control->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (control->epoll >= 0 && listen_at(control, path, owner))
        return control;
    int error = errno;
    control_free(control);
    errno = error;
    return NULL;
}

static void hang_up(struct control *control, struct client *client)
{
    for (unsigned i = 0; i < CONTROL_TOPIC_COUNT; i++)
        control->audience[i] -= client->topics[i];
    close(client->fd);
    free(client->backlog);
    *client = (struct client){.fd = -1};
}

void control_free(struct control *control)
{
    if (!control)
        return;
    for (unsigned i = 0; i < CLIENTS_MOST; i++)
        if (control->clients[i].fd >= 0)
            hang_up(control, &control->clients[i]);
    if (control->listener >= 0)
        close(control->listener);
    if (control->epoll >= 0)
        close(control->epoll);
    if (control->path[0])
        unlink(control->path);
    free(control);
}

int control_fd(const struct control *control)
{
    return control->epoll;
}

/* ---- clients ---- */

static void welcome(struct control *control)
{
    int fd = accept4(control->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return;
    for (unsigned i = 0; i < CLIENTS_MOST; i++) {
        if (control->clients[i].fd < 0 && watch(control, fd, i, EPOLLIN, EPOLL_CTL_ADD)) {
            control->clients[i].fd = fd;
            return;
        }
    }
    close(fd);
}

/* False if the client is gone. */
static bool read_from(struct control *control, struct client *client)
{
    for (;;) {
        size_t room = sizeof client->request - client->request_len;
        if (room == 0)
            return true; /* control_next() takes lines out, or complains */
        ssize_t len = recv(client->fd, client->request + client->request_len, room, 0);
        if (len > 0) {
            client->request_len += (size_t)len;
            continue;
        }
        if (len < 0 && (errno == EAGAIN || errno == EINTR))
            return true;
        hang_up(control, client);
        return false;
    }
}

/* Write what waits. May end the client. */
static void write_to(struct control *control, unsigned number)
{
    struct client *client = &control->clients[number];
    size_t done = 0;
    while (done < client->backlog_len) {
        ssize_t len =
            send(client->fd, client->backlog + done, client->backlog_len - done, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (len < 0 && errno == EINTR)
            continue;
        if (len < 0 && errno != EAGAIN) {
            hang_up(control, client);
            return;
        }
        if (len < 0)
            break;
        done += (size_t)len;
    }
    client->backlog_len -= done;
    if (client->backlog_len > 0)
        memmove(client->backlog, client->backlog + done, client->backlog_len);
    else if (client->closing) {
        hang_up(control, client);
        return;
    }
    watch(control, client->fd, number, client->backlog_len ? EPOLLIN | EPOLLOUT : EPOLLIN, EPOLL_CTL_MOD);
}

void control_poll(struct control *control)
{
    struct epoll_event events[CLIENTS_MOST + 1];
    int count = epoll_wait(control->epoll, events, CLIENTS_MOST + 1, 0);
    for (int i = 0; i < count; i++) {
        unsigned number = events[i].data.u32;
        if (number == LISTENER) {
            welcome(control);
            continue;
        }
        if (control->clients[number].fd < 0)
            continue;
        if ((events[i].events & ~(uint32_t)EPOLLOUT) && !read_from(control, &control->clients[number]))
            continue;
        if (events[i].events & EPOLLOUT)
            write_to(control, number);
    }
}

/* ---- lines ---- */

static bool make_room(struct client *client, size_t len)
{
    size_t wanted = client->backlog_len + len;
    if (wanted > BACKLOG_MOST)
        return false;
    if (wanted <= client->backlog_cap)
        return true;
    size_t cap = client->backlog_cap ? client->backlog_cap : 4096;
    while (cap < wanted)
        cap *= 2;
    char *backlog = realloc(client->backlog, cap);
    if (!backlog)
        return false;
    client->backlog = backlog;
    client->backlog_cap = cap;
    return true;
}

static bool queue_line(struct client *client, const json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT);
    size_t len = text ? strlen(text) : 0;
    bool ok = text && make_room(client, len + 1);
    if (ok) {
        memcpy(client->backlog + client->backlog_len, text, len);
        client->backlog[client->backlog_len + len] = '\n';
        client->backlog_len += len + 1;
    }
    free(text);
    return ok;
}

void control_reply(struct control *control, unsigned number, json_t *reply)
{
    struct client *client = &control->clients[number];
    if (client->fd >= 0 && reply && queue_line(client, reply))
        write_to(control, number);
    else if (client->fd >= 0)
        hang_up(control, client);
    json_decref(reply);
}

static void refuse(struct control *control, unsigned number, const char *why)
{
    control->clients[number].closing = true;
    control_reply(control, number, json_pack("{sb ss}", "ok", 0, "error", why));
}

bool control_next(struct control *control, unsigned *number, json_t **request)
{
    for (unsigned i = 0; i < CLIENTS_MOST; i++) {
        struct client *client = &control->clients[i];
        if (client->fd < 0 || client->closing)
            continue;
        char *end = memchr(client->request, '\n', client->request_len);
        if (!end) {
            if (client->request_len == sizeof client->request)
                refuse(control, i, "the request is longer than 4096 octets");
            continue;
        }
        size_t len = (size_t)(end - client->request);
        *request = json_loadb(client->request, len, 0, NULL);
        client->request_len -= len + 1;
        memmove(client->request, end + 1, client->request_len);
        *number = i;
        if (json_is_object(*request))
            return true;
        json_decref(*request);
        refuse(control, i, "the request is no JSON object");
    }
    return false;
}

void control_subscribe(struct control *control, unsigned number, enum control_topic topic, const char *only)
{
    struct client *client = &control->clients[number];
    if (client->fd < 0 || client->topics[topic])
        return;
    client->topics[topic] = true;
    control->audience[topic]++;
    snprintf(client->only, sizeof client->only, "%s", only ? only : "");
}

unsigned control_audience(const struct control *control, enum control_topic topic)
{
    return control->audience[topic];
}

void control_publish(struct control *control, enum control_topic topic, const char *tunnel,
                     const json_t *object)
{
    for (unsigned i = 0; i < CLIENTS_MOST; i++) {
        struct client *client = &control->clients[i];
        if (client->fd < 0 || !client->topics[topic] ||
            (client->only[0] && strcmp(client->only, tunnel) != 0))
            continue;
        json_t *line = json_copy((json_t *)object);
        json_object_set_new(line, "tunnel", json_string(tunnel));
        if (client->missed > 0)
            json_object_set_new(line, "missed", json_integer((json_int_t)client->missed));
        if (client->backlog_len > NEWS_MOST || !queue_line(client, line))
            client->missed++;
        else {
            client->missed = 0;
            write_to(control, i);
        }
        json_decref(line);
    }
}
