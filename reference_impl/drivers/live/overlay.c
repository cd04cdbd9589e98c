/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drivers/live/overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Process-wide, as the right to open the file was. */
static int reserve[OVERLAY_RESERVE];
static unsigned reserve_count;

static int open_file(void)
{
    return open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

void overlay_reserve(void)
{
    int fd;
    while (reserve_count < OVERLAY_RESERVE && (fd = open_file()) >= 0)
        reserve[reserve_count++] = fd;
}

void overlay_release(void)
{
    while (reserve_count > 0)
        close(reserve[--reserve_count]);
}

int overlay_open(const char *name)
{
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    int fd = open_file();
    if (fd < 0 && reserve_count > 0)
        fd = reserve[--reserve_count];
    if (fd < 0)
        return -1;
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    if (ioctl(fd, TUNSETIFF, &request) == 0)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

size_t overlay_read(int fd, uint8_t *buffer, size_t cap)
{
    ssize_t len = read(fd, buffer, cap);
    return len > 0 ? (size_t)len : 0;
}

bool overlay_write(int fd, struct span packet)
{
    return write(fd, packet.data, packet.len) == (ssize_t)packet.len;
}
