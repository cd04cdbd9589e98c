/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drivers/live/overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

int overlay_open(const char *name)
{
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
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
