/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ctl: the conversation with the daemon. What its answers look like is ctl_print.c's business.
 */
#include "drivers/live/ctl.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "files/capture.h"

struct conversation {
    FILE *stream; /* lines from the daemon */
    char *line;
    size_t cap;
};

/* Set by SIGINT, SIGTERM and the alarm: what is under way is brought to an end. */
static volatile sig_atomic_t over;

static void finish(int number)
{
    over = number;
}

static void end_after(unsigned long seconds)
{
    struct sigaction action = {.sa_handler = finish}; /* without SA_RESTART: reading ends */
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGALRM, &action, NULL);
    alarm((unsigned)seconds);
}

static int complain(const char *who, const char *what)
{
    fprintf(stderr, "dmvpnctl: %s: %s\n", who, what);
    return CTL_EXIT_USAGE;
}

static bool connect_to(const char *path, struct conversation *out)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    *out = (struct conversation){0};
    if (strlen(path) >= sizeof address.sun_path) {
        complain(path, "the path is too long for a socket");
        return false;
    }
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        out->stream = fdopen(fd, "r+");
    if (out->stream)
        return true;
    complain(path, errno == ENOENT || errno == ECONNREFUSED ? "no dmvpnd answers here" : strerror(errno));
    if (fd >= 0)
        close(fd);
    return false;
}

static void hang_up(struct conversation *c)
{
    fclose(c->stream);
    free(c->line);
}

/* The next line as an object; NULL at the end, or when it is over. */
static json_t *read_object(struct conversation *c)
{
    if (over || getline(&c->line, &c->cap, c->stream) <= 0)
        return NULL;
    json_t *object = json_loads(c->line, 0, NULL);
    if (!json_is_object(object)) {
        json_decref(object);
        return NULL;
    }
    return object;
}

/*
 * Send a request and read its answer. Takes over the request. NULL, said on standard error, and *code, if the
 * daemon refuses or is not there; then the conversation is over.
 */
static json_t *ask(const struct ctl_arguments *a, json_t *request, struct conversation *c, int *code)
{
    *code = CTL_EXIT_USAGE;
    if (a->tunnel)
        json_object_set_new(request, "tunnel", json_string(a->tunnel));
    char *text = json_dumps(request, JSON_COMPACT);
    json_decref(request);
    if (!text || !connect_to(a->socket, c)) {
        free(text);
        return NULL;
    }
    fprintf(c->stream, "%s\n", text);
    free(text);
    fflush(c->stream);
    json_t *answer = read_object(c);
    if (json_is_true(json_object_get(answer, "ok")))
        return answer;
    const char *why = json_string_value(json_object_get(answer, "error"));
    fprintf(stderr, "dmvpnctl: %s\n", why ? why : "the daemon gave no answer");
    *code = why ? CTL_EXIT_REFUSED : CTL_EXIT_USAGE;
    json_decref(answer);
    hang_up(c);
    return NULL;
}

static void print_json(const json_t *object)
{
    json_dumpf(object, stdout, JSON_COMPACT);
    putchar('\n');
}

int ctl_show(const struct ctl_arguments *a, const char *what)
{
    struct conversation c;
    int code;
    json_t *answer = ask(a, json_pack("{ss ss}", "command", "show", "what", what), &c, &code);
    if (!answer)
        return code;
    if (a->json)
        print_json(answer);
    else
        ctl_print_table(answer);
    json_decref(answer);
    hang_up(&c);
    return EXIT_SUCCESS;
}

static int ask_simply(const struct ctl_arguments *a, json_t *request)
{
    struct conversation c;
    int code;
    json_t *answer = ask(a, request, &c, &code);
    if (!answer)
        return code;
    if (a->json)
        print_json(answer);
    json_decref(answer);
    hang_up(&c);
    return EXIT_SUCCESS;
}

int ctl_clear(const struct ctl_arguments *a, const char *what)
{
    return ask_simply(a, json_pack("{ss ss}", "command", "clear", "what", what));
}

int ctl_simple(const struct ctl_arguments *a, const char *command)
{
    return ask_simply(a, json_pack("{ss}", "command", command));
}

int ctl_trace(const struct ctl_arguments *a, bool on)
{
    return ask_simply(a, json_pack("{ss sb}", "command", "trace", "on", on));
}

static void report_missed(const json_t *news)
{
    json_int_t missed = json_integer_value(json_object_get(news, "missed"));
    if (missed > 0)
        fprintf(stderr, "dmvpnctl: %" JSON_INTEGER_FORMAT " left out: too many at once\n", missed);
}

int ctl_watch(const struct ctl_arguments *a)
{
    struct conversation c;
    int code;
    json_t *answer = ask(a, json_pack("{ss}", "command", "watch"), &c, &code);
    if (!answer)
        return code;
    json_decref(answer);
    end_after(a->seconds);
    json_t *event;
    for (unsigned long seen = 0; (a->count == 0 || seen < a->count) && (event = read_object(&c)); seen++) {
        report_missed(event);
        if (a->json)
            print_json(event);
        else
            ctl_print_event(event);
        fflush(stdout);
        json_decref(event);
    }
    hang_up(&c);
    return EXIT_SUCCESS;
}

static int nibble(char digit)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = digit ? strchr(digits, digit) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* False if the line holds no packet. */
static bool write_packet(struct capture_writer *writer, const json_t *news)
{
    const char *hex = json_string_value(json_object_get(news, "octets"));
    size_t len = hex ? strlen(hex) / 2 : 0;
    uint8_t *packet = malloc(len + 1);
    bool ok = hex && packet;
    for (size_t i = 0; ok && i < len; i++) {
        int high = nibble(hex[2 * i]), low = nibble(hex[2 * i + 1]);
        ok = high >= 0 && low >= 0;
        packet[i] = (uint8_t)(high << 4 | low);
    }
    struct instant at = {.us = json_integer_value(json_object_get(news, "at_us"))};
    if (ok)
        capture_write(writer, at, span_of(packet, len), json_string_value(json_object_get(news, "comment")));
    free(packet);
    return ok;
}

int ctl_capture(const struct ctl_arguments *a, const char *path)
{
    struct conversation c;
    char error[CAPTURE_ERROR_MAX];
    int code;
    json_t *answer = ask(a, json_pack("{ss sb}", "command", "capture", "data", a->data), &c, &code);
    if (!answer)
        return code;
    json_decref(answer);
    struct capture_writer *writer = capture_create(
        path, a->data ? "What passed dmvpnd." : "The NHRP messages that passed dmvpnd.", error);
    if (!writer) {
        hang_up(&c);
        fprintf(stderr, "dmvpnctl: %s\n", error);
        return CTL_EXIT_USAGE;
    }
    end_after(a->seconds);
    unsigned long seen = 0;
    json_t *news;
    while ((a->count == 0 || seen < a->count) && (news = read_object(&c))) {
        report_missed(news);
        seen += write_packet(writer, news);
        json_decref(news);
    }
    hang_up(&c);
    if (!capture_finish(writer, error)) {
        fprintf(stderr, "dmvpnctl: %s\n", error);
        return CTL_EXIT_USAGE;
    }
    fprintf(stderr, "%s: %lu packets\n", path, seen);
    return EXIT_SUCCESS;
}
