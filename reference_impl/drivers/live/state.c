/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drivers/live/state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "drivers/live/config.h"
#include "drivers/live/log.h"

#define RESERVE    1000u /* ids set aside by one write */
#define TEXT_LEN   11    /* ten digits and the end of the line */
#define FILE_MODE  0600
#define SUFFIX     ".request-id"
#define SUFFIX_LEN (sizeof SUFFIX - 1)

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

/* Is there nothing in the folder but files of ours, or nothing at all? */
static bool is_ours_alone(int folder)
{
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); /* closedir() will close it */
    DIR *list = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    bool ours = list != NULL;
    if (!list && fd >= 0)
        close(fd);
    while (ours && (entry = readdir(list))) {
        size_t len = strlen(entry->d_name);
        bool itself = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
        ours = itself || (len > SUFFIX_LEN && strcmp(entry->d_name + len - SUFFIX_LEN, SUFFIX) == 0);
    }
    if (list)
        closedir(list);
    return ours;
}

static void give(int fd, struct identity owner)
{
    if (!privileges_give(fd, owner))
        log_line(LOG_WARNING, NULL, "state: the owner cannot be changed: %s", strerror(errno));
}

/*
 * The folder, open; -1, and errno, if there can be none. A folder that a service manager has made for us, or
 * that is left from a run as another user, becomes the owner's: after giving up root the daemon makes the
 * files of new tunnels there. One with anything else in it stays whose it is.
 */
static int open_folder(const char *path, struct identity owner)
{
    if (mkdir(path, 0755) != 0 && errno != EEXIST)
        return -1;
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0 && is_ours_alone(folder))
        give(folder, owner);
    return folder;
}

/* As root, or else as the owner: root without CAP_DAC_OVERRIDE may not do everything in another's folder. */
static int open_file(int folder, const char *name, struct identity owner)
{
    const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
    int fd = openat(folder, name, flags, FILE_MODE);
    if (fd >= 0 || errno != EACCES || geteuid() != 0)
        return fd;
    setfsgid(owner.group);
    setfsuid(owner.user);
    fd = openat(folder, name, flags, FILE_MODE);
    int error = errno;
    setfsuid(geteuid());
    setfsgid(getegid());
    errno = error;
    return fd;
}

bool state_open(struct state *state, const char *folder, const char *tunnel, struct identity owner,
                uint32_t *first)
{
    char name[LIVE_NAME_MAX + SUFFIX_LEN];
    *state = (struct state){.fd = -1};
    *first = (uint32_t)time(NULL);
    int at = open_folder(folder, owner);
    if (at < 0)
        return false;
    snprintf(name, sizeof name, "%s" SUFFIX, tunnel);
    state->fd = open_file(at, name, owner);
    int error = errno;
    close(at);
    errno = error;
    if (state->fd < 0)
        return false;
    give(state->fd, owner);
    uint32_t kept = load(state->fd);
    if (kept == 0)
        kept = 1; /* the very first start */
    if (!store(state, kept + RESERVE)) {
        error = errno;
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
