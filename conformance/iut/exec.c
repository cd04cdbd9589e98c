/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exec: see exec.h. */
#include "iut/exec.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "memory.h"

#define LINE_MAX_OCTETS (2 * 65535 + 64)

struct exec_event {
    enum iut_event_kind kind;
    struct instant at;
    uint8_t *bytes;
    size_t len;
};

struct exec {
    pid_t child;
    FILE *to;
    int from;
    char *line; /* LINE_MAX_OCTETS */
    size_t line_len;
    struct instant now;
    struct exec_event *queue;
    size_t head;
    size_t count;
    size_t cap;
};

static bool tell(struct exec *x, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool tell(struct exec *x, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int wrote = vfprintf(x->to, format, args);
    va_end(args);
    return wrote >= 0;
}

/* Why the program is gone, once its end of the pipe is closed. */
static bool explain_end(struct exec *x, char error[IUT_ERROR_MAX])
{
    int status = 0;
    while (waitpid(x->child, &status, 0) < 0 && errno == EINTR)
        continue;
    x->child = -1;
    if (WIFEXITED(status) && WEXITSTATUS(status) == EXEC_EXIT_UNSUPPORTED)
        snprintf(error, IUT_ERROR_MAX, IUT_UNSUPPORTED ": the program ended with exit code %d",
                 EXEC_EXIT_UNSUPPORTED);
    else if (WIFSIGNALED(status))
        snprintf(error, IUT_ERROR_MAX, "the program was ended by signal %d", WTERMSIG(status));
    else
        snprintf(error, IUT_ERROR_MAX, "the program ended with exit code %d", WEXITSTATUS(status));
    return false;
}

static int64_t real_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * US_PER_S + now.tv_nsec / 1000;
}

/* The next line of the program, without its end, in x->line until the next call. */
static bool hear(struct exec *x, int64_t patience_us, char *out, char error[IUT_ERROR_MAX])
{
    int64_t deadline_us = real_us() + patience_us;
    for (;;) {
        char *end = memchr(x->line, '\n', x->line_len);
        if (end != NULL) {
            size_t len = (size_t)(end - x->line);
            memcpy(out, x->line, len);
            out[len] = '\0';
            x->line_len -= len + 1;
            memmove(x->line, end + 1, x->line_len);
            return true;
        }
        struct pollfd wait_for = {.fd = x->from, .events = POLLIN};
        int64_t left_us = deadline_us - real_us();
        if (left_us <= 0 || x->line_len == LINE_MAX_OCTETS) {
            snprintf(error, IUT_ERROR_MAX,
                     left_us <= 0 ? "the program did not answer in time"
                                  : "the program sent a line without end");
            return false;
        }
        if (poll(&wait_for, 1, (int)(left_us / 1000 + 1)) <= 0)
            continue;
        ssize_t got = read(x->from, x->line + x->line_len, LINE_MAX_OCTETS - x->line_len);
        if (got == 0 || (got < 0 && errno != EINTR))
            return explain_end(x, error);
        x->line_len += got > 0 ? (size_t)got : 0;
    }
}

static void tell_addr(struct exec *x, const char *key, struct addr address)
{
    char text[ADDR_TEXT_MAX];
    if (!addr_is_none(address))
        tell(x, "%s %s\n", key, addr_format(address, text));
}

static void tell_config(struct exec *x, const struct iut_config *config)
{
    char a[PREFIX_TEXT_MAX], b[ADDR_TEXT_MAX];
    tell(x, "dmvpn-exec 1\nname %s\nmode %s\n", config->name,
         config->point_to_point ? "point-to-point" : "multipoint");
    tell_addr(x, "nbma", config->nbma);
    tell_addr(x, "destination", config->destination);
    tell(x, "protocol %s/%u\n", addr_format(config->protocol, b), config->protocol_len);
    if (config->has_key)
        tell(x, "key %" PRIu32 "\n", config->key);
    tell(x, "mtu %u\nttl %u\nhold %u\nhop-count %u\n", config->mtu, config->ttl, config->hold_s,
         config->hop_count);
    const struct {
        const char *word;
        bool there;
    } words[] = {{"checksum", config->checksum}, {"sequence", config->sequence},
                 {"unique", config->unique},     {"redirect", config->redirect},
                 {"shortcut", config->shortcut}, {"answers", config->answers}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (words[i].there)
            tell(x, "%s\n", words[i].word);
    if (config->authentication != NULL)
        tell(x, "authentication %s\n", config->authentication);
    for (size_t i = 0; i < config->nhs_count; i++)
        tell(x, "nhs %s %s\n", addr_format(config->nhs[i].protocol, a), addr_format(config->nhs[i].nbma, b));
    for (size_t i = 0; i < config->route_count; i++) {
        const struct iut_route *route = &config->routes[i];
        if (addr_is_none(route->via))
            tell(x, "lan %s\n", prefix_format(route->prefix, a));
        else
            tell(x, "route %s %s\n", prefix_format(route->prefix, a), addr_format(route->via, b));
    }
}

static bool start_program(struct exec *x, const char *command, char error[IUT_ERROR_MAX])
{
    int in[2], out[2];
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) {
        snprintf(error, IUT_ERROR_MAX, "no pipe for the program: %s", strerror(errno));
        return false;
    }
    x->child = fork();
    if (x->child == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(EXEC_EXIT_UNSUPPORTED);
    }
    close(in[0]);
    close(out[1]);
    x->to = fdopen(in[1], "w");
    x->from = out[0];
    if (x->child < 0 || x->to == NULL) {
        snprintf(error, IUT_ERROR_MAX, "no process for the program: %s", strerror(errno));
        return false;
    }
    return true;
}

static void forget_queue(struct exec *x)
{
    for (size_t i = 0; i < x->count; i++)
        free(x->queue[i].bytes);
    x->head = x->count = 0;
}

static void exec_close(void *self)
{
    struct exec *x = self;
    if (x->to != NULL) {
        tell(x, "stop\n");
        fclose(x->to);
    }
    if (x->child > 0) {
        /* It has read its end; a moment to go by itself, then it has to. */
        for (int i = 0; i < 100 && waitpid(x->child, NULL, WNOHANG) == 0; i++)
            poll(NULL, 0, 5);
        kill(x->child, SIGKILL);
        waitpid(x->child, NULL, 0);
    }
    close(x->from);
    forget_queue(x);
    free(x->queue);
    free(x->line);
    free(x);
}

static void *exec_open(const void *setup, const struct iut_config *config, struct instant now,
                       char error[IUT_ERROR_MAX])
{
    struct exec *x = memory_zeroed(1, sizeof(*x));
    char *line = memory_zeroed(LINE_MAX_OCTETS + 1, 1);
    x->line = memory_zeroed(LINE_MAX_OCTETS, 1);
    x->child = -1;
    x->from = -1;
    x->now = now;
    signal(SIGPIPE, SIG_IGN);
    bool good = start_program(x, setup, error);
    if (good) {
        tell_config(x, config);
        tell(x, "start %" PRId64 "\n", now.us);
        fflush(x->to);
        good = hear(x, EXEC_PATIENCE_S * US_PER_S, line, error);
    }
    if (good && strncmp(line, IUT_UNSUPPORTED, strlen(IUT_UNSUPPORTED)) == 0) {
        snprintf(error, IUT_ERROR_MAX, "%.200s", line);
        good = false;
    } else if (good && strcmp(line, "ready") != 0) {
        snprintf(error, IUT_ERROR_MAX, "the program said '%.80s' in place of 'ready'", line);
        good = false;
    }
    free(line);
    if (good)
        return x;
    exec_close(x);
    return NULL;
}

static bool send_packet(struct exec *x, const char *word, struct span packet, char error[IUT_ERROR_MAX])
{
    bool good = tell(x, "%s ", word);
    for (size_t i = 0; good && i < packet.len; i++)
        good = tell(x, "%02x", packet.data[i]);
    good = good && tell(x, "\n") && fflush(x->to) == 0;
    return good || explain_end(x, error);
}

static bool exec_send_underlay(void *self, struct span packet, char error[IUT_ERROR_MAX])
{
    return send_packet(self, "underlay", packet, error);
}

static bool exec_send_overlay(void *self, struct span packet, char error[IUT_ERROR_MAX])
{
    return send_packet(self, "host", packet, error);
}

static int hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* "US HEX" behind "sent " or "delivered ". */
static bool take_packet(struct exec *x, enum iut_event_kind kind, const char *text)
{
    char *hex;
    int64_t at_us = strtoll(text, &hex, 10);
    if (hex == text || *hex != ' ')
        return false;
    hex++;
    size_t len = strlen(hex) / 2;
    uint8_t *bytes = memory_zeroed(len + 1, 1);
    for (size_t i = 0; i < len; i++) {
        int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);
        if (high < 0 || low < 0) {
            free(bytes);
            return false;
        }
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    x->queue = memory_room_for_one(x->queue, x->count, &x->cap, sizeof(*x->queue));
    x->queue[x->count++] = (struct exec_event){.kind = kind, .at = {.us = at_us}, .bytes = bytes, .len = len};
    return true;
}

/* Let the program go on: true when it has reached some time, *reached. */
static bool go_on(struct exec *x, struct instant until, char error[IUT_ERROR_MAX])
{
    char *line = memory_zeroed(LINE_MAX_OCTETS + 1, 1);
    int64_t patience_us = instant_diff_us(x->now, until) + EXEC_PATIENCE_S * US_PER_S;
    bool good = tell(x, "until %" PRId64 "\n", until.us) && fflush(x->to) == 0;
    bool reached = false;
    if (!good)
        explain_end(x, error);
    while (good && !reached) {
        good = hear(x, patience_us, line, error);
        if (!good)
            break;
        if (strncmp(line, "sent ", 5) == 0) {
            good = take_packet(x, IUT_SENT, line + 5);
        } else if (strncmp(line, "delivered ", 10) == 0) {
            good = take_packet(x, IUT_DELIVERED, line + 10);
        } else {
            good = reached = strncmp(line, "reached ", 8) == 0;
            if (reached)
                x->now.us = strtoll(line + 8, NULL, 10);
        }
        if (!good)
            snprintf(error, IUT_ERROR_MAX, "the program said '%.80s', which is none of the protocol's lines",
                     line);
    }
    free(line);
    return good;
}

static int exec_advance(void *self, struct instant until, struct iut_event *event, char error[IUT_ERROR_MAX])
{
    struct exec *x = self;
    for (;;) {
        if (x->head < x->count) {
            const struct exec_event *next = &x->queue[x->head++];
            *event = (struct iut_event){
                .kind = next->kind, .at = next->at, .packet = span_of(next->bytes, next->len)};
            return 1;
        }
        forget_queue(x);
        struct instant before = x->now;
        if (!go_on(x, until, error))
            return -1;
        if (x->count == 0 && !instant_before(x->now, until))
            return 0;
        if (x->count == 0 && x->now.us <= before.us) {
            snprintf(error, IUT_ERROR_MAX, "the program sends nothing, and lets no time pass");
            return -1;
        }
    }
}

const struct iut_driver iut_exec = {
    .name = "exec",
    .words = "a program that speaks lines of text (--exec COMMAND)",
    .sees_host_side = true,
    .open = exec_open,
    .send_underlay = exec_send_underlay,
    .send_overlay = exec_send_overlay,
    .advance = exec_advance,
    .close = exec_close,
};
