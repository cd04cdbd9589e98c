/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drivers/live/state.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "drivers/live/config.h"
#include "drivers/live/log.h"

#define RESERVE   1000u /* ids set aside by one write */
#define TEXT_LEN  11    /* ten digits and the end of the line */
#define FILE_MODE 0600

static bool store(struct state *state, uint32_t id)
{
    char text[TEXT_LEN + 1];
    snprintf(text, sizeof text, "%010" PRIu32 "\n", id);
    state->reserved = id;
    return pwrite(state->fd, text, TEXT_LEN, 0) == TEXT_LEN;
}

/* 0, which is no id, if the file is empty or holds something else. */
static uint32_t load(int fd)
{
    char text[TEXT_LEN + 1] = "";
    char *end;
    if (pread(fd, text, TEXT_LEN, 0) != TEXT_LEN)
        return 0;
    unsigned long id = strtoul(text, &end, 10);
    return *end == '\n' && id <= UINT32_MAX ? (uint32_t)id : 0;
}

/* Who is not root cannot give files away, and has no need to. */
static void give(int fd, struct identity owner)
{
    if (geteuid() == 0 && fchown(fd, owner.user, owner.group) != 0)
        log_line(LOG_WARNING, NULL, "state: the owner cannot be changed: %s", strerror(errno));
}

static bool make_folder(const char *folder, struct identity owner)
{
    if (mkdir(folder, 0755) != 0)
        return errno == EEXIST;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    give(fd, owner);
    close(fd);
    return true;
}

bool state_open(struct state *state, const char *folder, const char *tunnel, struct identity owner,
                uint32_t *first)
{
    char path[LIVE_PATH_MAX + LIVE_NAME_MAX + 16];
    *state = (struct state){.fd = -1};
    *first = (uint32_t)time(NULL);
    if (!make_folder(folder, owner))
        return false;
    snprintf(path, sizeof path, "%s/%s.request-id", folder, tunnel);
    state->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
    if (state->fd < 0)
        return false;
    give(state->fd, owner);
    uint32_t kept = load(state->fd);
    if (kept == 0)
        kept = 1; /* the very first start */
    if (!store(state, kept + RESERVE)) {
        int error = errno;
        close(state->fd);
        state->fd = -1;
        errno = error;
        return false;
    }
    *first = kept;
    return true;
}

void state_note(struct state *state, uint32_t next)
{
    /* As serial numbers, which wrap. */
    if (state->fd >= 0 && (int32_t)(next - state->reserved) >= 0)
        store(state, next + RESERVE);
}

void state_close(struct state *state, uint32_t next)
{
    if (state->fd < 0)
        return;
    store(state, next);
    close(state->fd);
    state->fd = -1;
}
