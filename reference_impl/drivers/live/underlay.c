/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drivers/live/underlay.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip6.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "codec/ip.h"

#define PACKET_MOST   65536
#define CONTROL_MOST  128
#define SEND_ROOM     (256 * 1024)      /* octets in one batch */
#define SOCKET_BUFFER (8 * 1024 * 1024) /* octets; a burst of registrations after an outage */
#define IPV6_HEADER   40
#define TRAFFIC_BITS  20 /* of the flow label, below the traffic class */
#define VERSION_6     (UINT32_C(6) << 28)
#define IPV6_HDR_INCL 36 /* IPV6_HDRINCL, which libc's header lacks */

union endpoint {
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

struct incoming {
    struct mmsghdr headers[UNDERLAY_BATCH];
    struct iovec pieces[UNDERLAY_BATCH];
    struct sockaddr_in6 from[UNDERLAY_BATCH];
    uint8_t control[UNDERLAY_BATCH][CONTROL_MOST];
    struct span packets[UNDERLAY_BATCH];
    uint8_t *room; /* UNDERLAY_BATCH times PACKET_MOST */
};

struct outgoing {
    struct mmsghdr headers[UNDERLAY_BATCH];
    struct iovec pieces[UNDERLAY_BATCH];
    union endpoint to[UNDERLAY_BATCH];
    int fds[UNDERLAY_BATCH];
    unsigned count;
    size_t used;
    uint8_t *room; /* SEND_ROOM */
};

struct underlay {
    int receive4, receive6;
    int send4, send6;
    struct incoming in;
    struct outgoing out;
    struct underlay_counters counters;
};

struct underlay *underlay_create(void)
{
    struct underlay *u = calloc(1, sizeof *u);
    if (!u)
        return NULL;
    u->receive4 = u->receive6 = u->send4 = u->send6 = -1;
    u->in.room = malloc((size_t)UNDERLAY_BATCH * PACKET_MOST);
    u->out.room = malloc(SEND_ROOM);
    if (u->in.room && u->out.room)
        return u;
    underlay_free(u);
    return NULL;
}

static void close_socket(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void underlay_free(struct underlay *u)
{
    if (!u)
        return;
    close_socket(&u->receive4);
    close_socket(&u->receive6);
    close_socket(&u->send4);
    close_socket(&u->send6);
    free(u->in.room);
    free(u->out.room);
    free(u);
}

static int raw_socket(int domain, int protocol)
{
    int fd = socket(domain, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
    int size = SOCKET_BUFFER;
    if (fd < 0)
        return -1;
    /* More than net.core.rmem_max needs CAP_NET_ADMIN; what the kernel gives instead will do. */
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) != 0)
        setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    return fd;
}

static bool switch_on(int fd, int option)
{
    int on = 1;
    return setsockopt(fd, IPPROTO_IPV6, option, &on, sizeof on) == 0;
}

bool underlay_open(struct underlay *u, enum addr_family family)
{
    int *receive = family == ADDR_IPV6 ? &u->receive6 : &u->receive4;
    int *send = family == ADDR_IPV6 ? &u->send6 : &u->send4;
    int domain = family == ADDR_IPV6 ? AF_INET6 : AF_INET;
    if (*receive >= 0)
        return true;
    *receive = raw_socket(domain, IPPROTO_GRE);
    /* IPPROTO_RAW: send-only, with the header as given. */
    *send = raw_socket(domain, IPPROTO_RAW);
    bool ok = *receive >= 0 && *send >= 0;
    if (ok && family == ADDR_IPV6)
        ok = switch_on(*send, IPV6_HDR_INCL) && switch_on(*receive, IPV6_RECVPKTINFO) &&
             switch_on(*receive, IPV6_RECVHOPLIMIT) && switch_on(*receive, IPV6_RECVTCLASS);
    if (ok)
        return true;
    int error = errno;
    close_socket(receive);
    close_socket(send);
    errno = error;
    return false;
}

int underlay_fd(const struct underlay *u, enum addr_family family)
{
    return family == ADDR_IPV6 ? u->receive6 : u->receive4;
}

/* ---- receiving ---- */

static int control_number(const struct cmsghdr *header)
{
    int number;
    memcpy(&number, CMSG_DATA(header), sizeof number);
    return number;
}

/* Write the header that the kernel has taken away, in the room kept in front of the payload. */
static bool restore_header(struct incoming *in, unsigned i, uint8_t *packet, size_t payload_len)
{
    struct msghdr *message = &in->headers[i].msg_hdr;
    struct in6_pktinfo info;
    bool has_info = false;
    unsigned hop_limit = 0, traffic_class = 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level != IPPROTO_IPV6)
            continue;
        if (c->cmsg_type == IPV6_PKTINFO) {
            memcpy(&info, CMSG_DATA(c), sizeof info);
            has_info = true;
        } else if (c->cmsg_type == IPV6_HOPLIMIT)
            hop_limit = (unsigned)control_number(c);
        else if (c->cmsg_type == IPV6_TCLASS)
            traffic_class = (unsigned)control_number(c);
    }
    if (!has_info || payload_len > PACKET_MOST - IPV6_HEADER - 1)
        return false;
    struct writer w = writer_of(packet, IPV6_HEADER);
    writer_u32(&w, VERSION_6 | (traffic_class & 0xff) << TRAFFIC_BITS);
    writer_u16(&w, (uint16_t)payload_len);
    writer_u8(&w, IP_PROTOCOL_GRE);
    writer_u8(&w, (uint8_t)hop_limit);
    writer_span(&w, span_of(&in->from[i].sin6_addr, 16));
    writer_span(&w, span_of(&info.ipi6_addr, 16));
    return !w.failed;
}

static void prepare(struct incoming *in, size_t headroom)
{
    for (unsigned i = 0; i < UNDERLAY_BATCH; i++) {
        in->pieces[i] = (struct iovec){in->room + (size_t)i * PACKET_MOST + headroom, PACKET_MOST - headroom};
        in->headers[i].msg_hdr = (struct msghdr){
            .msg_name = &in->from[i],
            .msg_namelen = sizeof in->from[i],
            .msg_iov = &in->pieces[i],
            .msg_iovlen = 1,
            .msg_control = in->control[i],
            .msg_controllen = CONTROL_MOST,
        };
    }
}

unsigned underlay_receive(struct underlay *u, enum addr_family family)
{
    struct incoming *in = &u->in;
    size_t headroom = family == ADDR_IPV6 ? IPV6_HEADER : 0;
    prepare(in, headroom);
    int count = recvmmsg(underlay_fd(u, family), in->headers, UNDERLAY_BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < count; i++) {
        uint8_t *packet = in->room + (size_t)i * PACKET_MOST;
        size_t len = in->headers[i].msg_len;
        bool whole = headroom == 0 || restore_header(in, (unsigned)i, packet, len);
        in->packets[i] = span_of(packet, whole ? len + headroom : 0);
    }
    return count > 0 ? (unsigned)count : 0;
}

struct span underlay_packet(const struct underlay *u, unsigned index)
{
    return u->in.packets[index];
}

/* ---- sending ---- */

static void count_failure(struct underlay *u, int error)
{
    u->counters.send_failed++;
    u->counters.last_error = error;
}

/* Where the outer header says; false if it is none. */
static bool destination_of(const struct underlay *u, struct span packet, union endpoint *to,
                           socklen_t *to_len, int *fd)
{
    if (packet.len >= IPV6_HEADER && packet.data[0] >> 4 == 6) {
        to->v6 = (struct sockaddr_in6){.sin6_family = AF_INET6};
        memcpy(&to->v6.sin6_addr, packet.data + 24, 16);
        *to_len = sizeof to->v6;
        *fd = u->send6;
    } else if (packet.len >= 20 && packet.data[0] >> 4 == 4) {
        to->v4 = (struct sockaddr_in){.sin_family = AF_INET};
        memcpy(&to->v4.sin_addr, packet.data + 16, 4);
        *to_len = sizeof to->v4;
        *fd = u->send4;
    } else
        return false;
    return *fd >= 0;
}

void underlay_send(struct underlay *u, struct span packet)
{
    struct outgoing *out = &u->out;
    if (out->count == UNDERLAY_BATCH || packet.len > SEND_ROOM - out->used)
        underlay_flush(u);
    unsigned i = out->count;
    socklen_t to_len;
    if (packet.len > SEND_ROOM || !destination_of(u, packet, &out->to[i], &to_len, &out->fds[i])) {
        count_failure(u, EINVAL);
        return;
    }
    memcpy(out->room + out->used, packet.data, packet.len);
    out->pieces[i] = (struct iovec){out->room + out->used, packet.len};
    out->headers[i].msg_hdr = (struct msghdr){
        .msg_name = &out->to[i], .msg_namelen = to_len, .msg_iov = &out->pieces[i], .msg_iovlen = 1};
    out->used += packet.len;
    out->count++;
}

void underlay_flush(struct underlay *u)
{
    struct outgoing *out = &u->out;
    for (unsigned i = 0; i < out->count;) {
        unsigned run = 1; /* as many as go through the same socket */
        while (i + run < out->count && out->fds[i + run] == out->fds[i])
            run++;
        int sent = sendmmsg(out->fds[i], &out->headers[i], run, MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0) { /* the first one is at fault: leave it out */
            count_failure(u, errno);
            i++;
            continue;
        }
        u->counters.sent += (unsigned)sent;
        i += (unsigned)sent;
    }
    out->count = 0;
    out->used = 0;
}

struct underlay_counters underlay_counters(const struct underlay *u)
{
    return u->counters;
}
