/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The control socket: lines in and out, clients that misbehave, and news for those who are slow. */
#include "drivers/live/control.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/files/scratch.h"
#include "tests/suite.h"

static struct control *control;

static void start(void)
{
    scratch_make();
    control = control_create(scratch_path("socket"), (struct identity){getuid(), getgid()});
    ck_assert_ptr_nonnull(control);
}

static void end(void)
{
    control_free(control);
    ck_assert_uint_eq(scratch_count(), 0);
    scratch_remove();
}

static int connect_client(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", scratch_path("socket"));
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    control_poll(control);
    return fd;
}

static void say(int fd, const char *text)
{
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    control_poll(control);
}

/* What has come, or "" for nothing, or "(end)". */
static const char *heard(int fd)
{
    static char text[4096];
    ssize_t len = recv(fd, text, sizeof text - 1, MSG_DONTWAIT);
    if (len == 0)
        return "(end)";
    text[len > 0 ? len : 0] = '\0';
    return text;
}

START_TEST(a_request_and_its_answer)
{
    unsigned client;
    json_t *request;
    start();
    int fd = connect_client();
    say(fd, "{\"command\": ");
    ck_assert(!control_next(control, &client, &request));
    say(fd, "\"show\"}\n{\"command\": \"clear\"}\n");
    ck_assert(control_next(control, &client, &request));
    ck_assert_str_eq(json_string_value(json_object_get(request, "command")), "show");
    json_decref(request);
    control_reply(control, client, json_pack("{sb}", "ok", 1));
    ck_assert_str_eq(heard(fd), "{\"ok\":true}\n");
    ck_assert(control_next(control, &client, &request));
    ck_assert_str_eq(json_string_value(json_object_get(request, "command")), "clear");
    json_decref(request);
    ck_assert(!control_next(control, &client, &request));
    close(fd);
    end();
}
END_TEST

START_TEST(nonsense_is_answered_and_ends_the_conversation)
{
    unsigned client;
    json_t *request;
    char flood[5000];
    start();
    int fd = connect_client(), other = connect_client();
    say(fd, "[1, 2]\n");
    ck_assert(!control_next(control, &client, &request));
    ck_assert_ptr_nonnull(strstr(heard(fd), "no JSON object"));
    ck_assert_str_eq(heard(fd), "(end)");
    memset(flood, 'x', sizeof flood);
    ck_assert_int_gt(write(other, flood, sizeof flood), 0);
    control_poll(control);
    ck_assert(!control_next(control, &client, &request));
    ck_assert_ptr_nonnull(strstr(heard(other), "longer than"));
    close(fd);
    close(other);
    end();
}
END_TEST

START_TEST(news_go_to_those_who_asked)
{
    unsigned client;
    json_t *request, *news = json_pack("{ss}", "event", "registered");
    start();
    int all = connect_client(), some = connect_client(), none = connect_client();
    say(all, "{}\n");
    ck_assert(control_next(control, &client, &request));
    json_decref(request);
    control_subscribe(control, client, CONTROL_EVENTS, NULL);
    say(some, "{}\n");
    ck_assert(control_next(control, &client, &request));
    json_decref(request);
    control_subscribe(control, client, CONTROL_EVENTS, "b");
    ck_assert_uint_eq(control_audience(control, CONTROL_EVENTS), 2);
    ck_assert_uint_eq(control_audience(control, CONTROL_PACKETS), 0);
    control_publish(control, CONTROL_EVENTS, "a", news);
    ck_assert_str_eq(heard(all), "{\"event\":\"registered\",\"tunnel\":\"a\"}\n");
    ck_assert_str_eq(heard(some), "");
    ck_assert_str_eq(heard(none), "");
    close(all);
    control_poll(control);
    ck_assert_uint_eq(control_audience(control, CONTROL_EVENTS), 1);
    close(some);
    close(none);
    json_decref(news);
    end();
}
END_TEST

START_TEST(a_slow_client_misses_news_and_is_told)
{
    unsigned client;
    json_t *request;
    char padding[1001];
    size_t got = 0;
    start();
    int fd = connect_client();
    say(fd, "{}\n");
    ck_assert(control_next(control, &client, &request));
    json_decref(request);
    control_subscribe(control, client, CONTROL_EVENTS, NULL);
    memset(padding, 'x', 1000);
    padding[1000] = '\0';
    json_t *news = json_pack("{ss}", "event", padding);
    for (int i = 0; i < 5000; i++) /* five times what may wait */
        control_publish(control, CONTROL_EVENTS, "t", news);
    for (const char *text = heard(fd); text[0]; text = heard(fd)) {
        got += strlen(text);
        control_poll(control);
    }
    ck_assert_uint_lt(got, 3000000);
    control_publish(control, CONTROL_EVENTS, "t", news);
    ck_assert_ptr_nonnull(strstr(heard(fd), "\"missed\":"));
    json_decref(news);
    close(fd);
    end();
}
END_TEST

START_TEST(a_socket_that_is_in_use_is_left_alone)
{
    start();
    ck_assert_ptr_null(control_create(scratch_path("socket"), (struct identity){getuid(), getgid()}));
    ck_assert_int_eq(errno, EADDRINUSE);
    scratch_file("file", "precious", 8);
    ck_assert_ptr_null(control_create(scratch_path("file"), (struct identity){getuid(), getgid()}));
    ck_assert_int_eq(access(scratch_path("file"), F_OK), 0);
    unlink(scratch_path("file"));
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_request_and_its_answer,
        nonsense_is_answered_and_ends_the_conversation,
        news_go_to_those_who_asked,
        a_slow_client_misses_news_and_is_told,
        a_socket_that_is_in_use_is_left_alone,
        NULL,
    };
    return suite_run_tests("control", tests);
}
