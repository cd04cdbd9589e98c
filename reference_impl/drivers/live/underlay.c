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

/* One row for each socket: what it receives and what the kernel leaves out of it. */
static const struct port {
    enum addr_family family;
    uint8_t protocol;
    uint8_t headroom; /* octets of headers to restore */
} ports[UNDERLAY_PORT_COUNT] = {
    [UNDERLAY_GRE4] = {ADDR_IPV4, IP_PROTOCOL_GRE, 0},  [UNDERLAY_GRE6] = {ADDR_IPV6, IP_PROTOCOL_GRE, 40},
    [UNDERLAY_ESP4] = {ADDR_IPV4, IP_PROTOCOL_ESP, 0},  [UNDERLAY_ESP6] = {ADDR_IPV6, IP_PROTOCOL_ESP, 40},
    [UNDERLAY_UDP4] = {ADDR_IPV4, IP_PROTOCOL_UDP, 28}, [UNDERLAY_UDP6] = {ADDR_IPV6, IP_PROTOCOL_UDP, 48},
};

#define PACKET_MOST      65536
#define CONTROL_MOST     128
#define SEND_ROOM        (256 * 1024)      /* octets in one batch */
#define SOCKET_BUFFER    (8 * 1024 * 1024) /* octets; a burst of registrations after an outage */
#define UDP_HEADER       8
#define NAT_T_PORT       4500
#define IPV6_HEADER      40
#define IP_PROTOCOL_NOTE 52 /* IP_PROTOCOL, which libc's header lacks */
#define IPV6_HDR_INCL    36 /* IPV6_HDRINCL, which libc's header lacks */

union endpoint {
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

struct incoming {
    struct mmsghdr headers[UNDERLAY_BATCH];
    struct iovec pieces[UNDERLAY_BATCH];
    union endpoint from[UNDERLAY_BATCH];
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

/*
 * The kernel looks its IPsec policies up by a protocol number that a socket with headers included has to tell
 * it; without, a policy for GRE does not fit. Older kernels refuse to be told (EINVAL).
 */
union protocol_note {
    struct cmsghdr header;
    uint8_t room[CMSG_SPACE(sizeof(int))];
};

struct underlay {
    int receive[UNDERLAY_PORT_COUNT];
    int send4, send6;
    struct incoming in;
    struct outgoing out;
    bool notes; /* the kernel has not refused one yet */
    struct underlay_counters counters;
    union protocol_note gre_note; /* last, because cmsghdr ends in an array without a length */
};

struct underlay *underlay_create(void)
{
    struct underlay *u = calloc(1, sizeof *u);
    if (!u)
        return NULL;
    u->gre_note.header = (struct cmsghdr){
        .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = IPPROTO_IP, .cmsg_type = IP_PROTOCOL_NOTE};
    memcpy(CMSG_DATA(&u->gre_note.header), &(int){IPPROTO_GRE}, sizeof(int));
    u->notes = true;
    u->send4 = u->send6 = -1;
    for (unsigned i = 0; i < UNDERLAY_PORT_COUNT; i++)
        u->receive[i] = -1;
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
    for (unsigned i = 0; i < UNDERLAY_PORT_COUNT; i++)
        close_socket(&u->receive[i]);
    close_socket(&u->send4);
    close_socket(&u->send6);
    free(u->in.room);
    free(u->out.room);
    free(u);
}

static int open_socket(enum addr_family family, int type, int protocol)
{
    int domain = family == ADDR_IPV6 ? AF_INET6 : AF_INET;
    int fd = socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
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

static bool switch_on(int fd, int level, int option)
{
    int on = 1;
    return setsockopt(fd, level, option, &on, sizeof on) == 0;
}

/* Send with the headers as given. */
static bool include_header(int fd, enum addr_family family)
{
    return family == ADDR_IPV6 ? switch_on(fd, IPPROTO_IPV6, IPV6_HDR_INCL)
                               : switch_on(fd, IPPROTO_IP, IP_HDRINCL);
}

/* A socket for sending what has none of its own for receiving: IPPROTO_RAW takes every protocol. */
static bool open_sending(int *fd, enum addr_family family)
{
    if (*fd < 0)
        *fd = open_socket(family, SOCK_RAW, IPPROTO_RAW);
    return *fd >= 0 && include_header(*fd, family);
}

static bool bind_nat_t(int fd, enum addr_family family)
{
    union endpoint here = {0};
    if (family == ADDR_IPV6)
        here.v6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(NAT_T_PORT)};
    else
        here.v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(NAT_T_PORT)};
    if (family == ADDR_IPV6 && !switch_on(fd, IPPROTO_IPV6, IPV6_V6ONLY))
        return false;
    return bind(fd, (const struct sockaddr *)&here, family == ADDR_IPV6 ? sizeof here.v6 : sizeof here.v4) ==
           0;
}

static bool open_receiving(int *fd, const struct port *port)
{
    bool udp = port->protocol == IP_PROTOCOL_UDP;
    *fd = open_socket(port->family, udp ? SOCK_DGRAM : SOCK_RAW, udp ? 0 : port->protocol);
    bool ok = *fd >= 0;
    if (ok && port->family == ADDR_IPV6)
        ok = switch_on(*fd, IPPROTO_IPV6, IPV6_RECVPKTINFO) &&
             switch_on(*fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT) && switch_on(*fd, IPPROTO_IPV6, IPV6_RECVTCLASS);
    else if (ok && udp)
        ok = switch_on(*fd, IPPROTO_IP, IP_PKTINFO) && switch_on(*fd, IPPROTO_IP, IP_RECVTTL) &&
             switch_on(*fd, IPPROTO_IP, IP_RECVTOS);
    if (ok && port->protocol == IP_PROTOCOL_GRE)
        ok = include_header(*fd, port->family);
    return ok && (!udp || bind_nat_t(*fd, port->family));
}

bool underlay_open(struct underlay *u, enum underlay_port number)
{
    const struct port *port = &ports[number];
    int *fd = &u->receive[number];
    if (*fd >= 0)
        return true;
    if (open_sending(port->family == ADDR_IPV6 ? &u->send6 : &u->send4, port->family) &&
        open_receiving(fd, port))
        return true;
    int error = errno;
    close_socket(fd);
    errno = error;
    return false;
}

int underlay_fd(const struct underlay *u, enum underlay_port port)
{
    return u->receive[port];
}

/* ---- receiving ---- */

/* What the kernel tells beside a packet whose headers it keeps to itself. */
struct told {
    bool has_destination;
    struct addr destination;
    uint8_t ttl;
    uint8_t tos;
};

static int number_in(const struct cmsghdr *header)
{
    int number = 0;
    memcpy(&number, CMSG_DATA(header), sizeof number);
    return number;
}

static struct told read_control(struct msghdr *message)
{
    struct told told = {0};
    struct in_pktinfo info4;
    struct in6_pktinfo info6;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
        bool v6 = c->cmsg_level == IPPROTO_IPV6;
        if (v6 && c->cmsg_type == IPV6_PKTINFO) {
            memcpy(&info6, CMSG_DATA(c), sizeof info6);
            told.destination = addr_from_span(span_of(&info6.ipi6_addr, 16));
        } else if (!v6 && c->cmsg_type == IP_PKTINFO) {
            memcpy(&info4, CMSG_DATA(c), sizeof info4);
            told.destination = addr_from_span(span_of(&info4.ipi_addr, 4));
        } else if (c->cmsg_type == (v6 ? IPV6_HOPLIMIT : IP_TTL))
            told.ttl = (uint8_t)number_in(c);
        else if (v6 && c->cmsg_type == IPV6_TCLASS)
            told.tos = (uint8_t)number_in(c);
        else if (!v6 && c->cmsg_type == IP_TOS)
            told.tos = *CMSG_DATA(c); /* an octet, unlike the others */
    }
    told.has_destination = !addr_is_none(told.destination);
    return told;
}

/* Write the headers that the kernel has taken away, in the room kept in front of the payload. */
static bool restore_headers(struct incoming *in, unsigned i, const struct port *port, uint8_t *packet,
                            size_t payload_len)
{
    const union endpoint *from = &in->from[i];
    struct told told = read_control(&in->headers[i].msg_hdr);
    bool v6 = port->family == ADDR_IPV6, udp = port->protocol == IP_PROTOCOL_UDP;
    if (!told.has_destination)
        return false;
    struct ip outer = {
        .source = v6 ? addr_from_span(span_of(&from->v6.sin6_addr, 16))
                     : addr_from_span(span_of(&from->v4.sin_addr, 4)),
        .destination = told.destination,
        .protocol = port->protocol,
        .ttl = told.ttl,
        .tos = told.tos,
    };
    struct writer w = writer_of(packet, port->headroom);
    ip_write_header(&w, &outer, payload_len + (udp ? UDP_HEADER : 0));
    if (udp) {
        writer_u16(&w, ntohs(v6 ? from->v6.sin6_port : from->v4.sin_port));
        writer_u16(&w, NAT_T_PORT);
        writer_u16(&w, (uint16_t)(payload_len + UDP_HEADER));
        writer_u16(&w, 0); /* the kernel has checked it */
    }
    struct span written;
    return payload_len <= UINT16_MAX - UDP_HEADER && writer_done(&w, &written);
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

unsigned underlay_receive(struct underlay *u, enum underlay_port number)
{
    const struct port *port = &ports[number];
    struct incoming *in = &u->in;
    prepare(in, port->headroom);
    int count = recvmmsg(u->receive[number], in->headers, UNDERLAY_BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < count; i++) {
        uint8_t *packet = in->room + (size_t)i * PACKET_MOST;
        size_t len = in->headers[i].msg_len;
        bool whole = port->headroom == 0 || restore_headers(in, (unsigned)i, port, packet, len);
        in->packets[i] = span_of(packet, whole ? len + port->headroom : 0);
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

/*
 * Where the outer header says, and through which socket; false if it is none. GRE goes out through the socket
 * that receives it: the kernel looks its IPsec policies up by the socket's protocol, and a policy for GRE
 * does not fit IPPROTO_RAW.
 */
static bool destination_of(const struct underlay *u, struct span packet, union endpoint *to,
                           socklen_t *to_len, int *fd)
{
    if (packet.len >= IPV6_HEADER && packet.data[0] >> 4 == 6) {
        to->v6 = (struct sockaddr_in6){.sin6_family = AF_INET6};
        memcpy(&to->v6.sin6_addr, packet.data + 24, 16);
        *to_len = sizeof to->v6;
        *fd = packet.data[6] == IP_PROTOCOL_GRE ? u->receive[UNDERLAY_GRE6] : u->send6;
    } else if (packet.len >= 20 && packet.data[0] >> 4 == 4) {
        to->v4 = (struct sockaddr_in){.sin_family = AF_INET};
        memcpy(&to->v4.sin_addr, packet.data + 16, 4);
        *to_len = sizeof to->v4;
        *fd = packet.data[9] == IP_PROTOCOL_GRE ? u->receive[UNDERLAY_GRE4] : u->send4;
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
    if (u->notes && out->fds[i] == u->receive[UNDERLAY_GRE4]) {
        out->headers[i].msg_hdr.msg_control = &u->gre_note;
        out->headers[i].msg_hdr.msg_controllen = sizeof u->gre_note;
    }
    out->used += packet.len;
    out->count++;
}

static void leave_out_notes(struct underlay *u)
{
    u->notes = false;
    for (unsigned i = 0; i < u->out.count; i++) {
        u->out.headers[i].msg_hdr.msg_control = NULL;
        u->out.headers[i].msg_hdr.msg_controllen = 0;
    }
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
        if (sent < 0 && errno == EINVAL && out->headers[i].msg_hdr.msg_control) {
            leave_out_notes(u);
            continue;
        }
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
