/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel: netlink sockets, and what the daemon changes. What it hears is kernel_events.c's business.
 */
#include "drivers/live/kernel.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/live/kernel_parts.h"

#define ROUTE_PROTOCOL_NHRP 54    /* who installed a route, in `ip route`: NHRP's protocol number */
#define RULE_MAIN           32764 /* priorities: just before the rule for the main table */
#define RULE_OWN            32765
#define EVENTS_ROOM         (4 * 1024 * 1024) /* octets; a full routing table at once */

static int family_number(enum addr_family family)
{
    return family == ADDR_IPV6 ? AF_INET6 : AF_INET;
}

static struct mnl_socket *open_socket(unsigned groups)
{
    struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | (groups ? SOCK_NONBLOCK : 0));
    if (socket && mnl_socket_bind(socket, groups, MNL_SOCKET_AUTOPID) == 0)
        return socket;
    int error = errno;
    if (socket)
        mnl_socket_close(socket);
    errno = error;
    return NULL;
}

struct kernel *kernel_open(void)
{
    struct kernel *kernel = calloc(1, sizeof *kernel);
    int room = EVENTS_ROOM;
    if (!kernel)
        return NULL;
    kernel->requests = open_socket(0);
    kernel->events = open_socket(RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE |
                                 RTMGRP_IPV6_ROUTE);
    if (kernel->requests && kernel->events) {
        /* With less room, changes get lost under load and are told again (KERNEL_LOST). */
        setsockopt(mnl_socket_get_fd(kernel->events), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
        return kernel;
    }
    int error = errno;
    kernel_close(kernel);
    errno = error;
    return NULL;
}

void kernel_close(struct kernel *kernel)
{
    if (!kernel)
        return;
    if (kernel->requests)
        mnl_socket_close(kernel->requests);
    if (kernel->events)
        mnl_socket_close(kernel->events);
    free(kernel);
}

/* ---- changing ---- */

struct request {
    char buffer[512];
    struct nlmsghdr *header;
};

static void *begin(struct request *r, uint16_t type, uint16_t flags, size_t body)
{
    r->header = mnl_nlmsg_put_header(r->buffer);
    r->header->nlmsg_type = type;
    r->header->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
    return mnl_nlmsg_put_extra_header(r->header, body);
}

static void put_address(struct request *r, uint16_t type, const struct addr *address)
{
    mnl_attr_put(r->header, type, addr_len(*address), address->bytes);
}

/* Send it and wait for the kernel's word on it. */
static bool ask(struct kernel *kernel, struct request *r)
{
    union {
        struct nlmsghdr header;
        char room[1024];
    } answer;
    r->header->nlmsg_seq = ++kernel->sequence;
    if (mnl_socket_sendto(kernel->requests, r->header, r->header->nlmsg_len) < 0)
        return false;
    for (;;) {
        ssize_t len = mnl_socket_recvfrom(kernel->requests, &answer, sizeof answer);
        if (len < 0)
            return false;
        /* The answer to a request that was given up earlier may still come in. */
        if (!mnl_nlmsg_ok(&answer.header, (int)len) || answer.header.nlmsg_seq != kernel->sequence ||
            answer.header.nlmsg_type != NLMSG_ERROR ||
            mnl_nlmsg_get_payload_len(&answer.header) < sizeof(struct nlmsgerr))
            continue;
        const struct nlmsgerr *verdict = mnl_nlmsg_get_payload(&answer.header);
        errno = -verdict->error;
        return verdict->error == 0;
    }
}

static bool set_link(struct kernel *kernel, unsigned device, uint16_t mtu)
{
    struct request r;
    struct ifinfomsg *body = begin(&r, RTM_NEWLINK, 0, sizeof *body);
    body->ifi_index = (int)device;
    body->ifi_flags = IFF_UP;
    body->ifi_change = IFF_UP;
    mnl_attr_put_u32(r.header, IFLA_MTU, mtu);
    return ask(kernel, &r);
}

/*
 * A device of an IPv4 tunnel wants no IPv6 address of its own, which would only make it ask for routers. A
 * kernel without IPv6 refuses, which is as good.
 */
static void leave_out_ipv6(struct kernel *kernel, unsigned device)
{
    struct request r;
    struct ifinfomsg *body = begin(&r, RTM_NEWLINK, 0, sizeof *body);
    body->ifi_index = (int)device;
    struct nlattr *families = mnl_attr_nest_start(r.header, IFLA_AF_SPEC);
    struct nlattr *family = mnl_attr_nest_start(r.header, AF_INET6);
    mnl_attr_put_u8(r.header, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
    mnl_attr_nest_end(r.header, family);
    mnl_attr_nest_end(r.header, families);
    ask(kernel, &r);
}

bool kernel_set_device(struct kernel *kernel, const char *device, struct addr address, unsigned len,
                       uint16_t mtu)
{
    struct request r;
    unsigned index = if_nametoindex(device);
    if (index != 0 && address.family == ADDR_IPV4)
        leave_out_ipv6(kernel, index);
    if (index == 0 || !set_link(kernel, index, mtu))
        return false;
    struct ifaddrmsg *body = begin(&r, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, sizeof *body);
    body->ifa_family = (uint8_t)family_number(address.family);
    body->ifa_prefixlen = (uint8_t)len;
    body->ifa_flags = IFA_F_PERMANENT;
    body->ifa_scope = RT_SCOPE_UNIVERSE;
    body->ifa_index = index;
    put_address(&r, IFA_LOCAL, &address);
    put_address(&r, IFA_ADDRESS, &address);
    return ask(kernel, &r);
}

bool kernel_set_route(struct kernel *kernel, bool add, uint32_t table, struct prefix prefix, unsigned device,
                      struct addr via)
{
    struct request r;
    struct rtmsg *body =
        begin(&r, add ? RTM_NEWROUTE : RTM_DELROUTE, add ? NLM_F_CREATE | NLM_F_REPLACE : 0, sizeof *body);
    body->rtm_family = (uint8_t)family_number(prefix.addr.family);
    body->rtm_dst_len = prefix.len;
    body->rtm_protocol = ROUTE_PROTOCOL_NHRP;
    body->rtm_type = RTN_UNICAST;
    body->rtm_scope = RT_SCOPE_UNIVERSE;
    if (prefix.len > 0)
        put_address(&r, RTA_DST, &prefix.addr);
    mnl_attr_put_u32(r.header, RTA_TABLE, table);
    mnl_attr_put_u32(r.header, RTA_OIF, device);
    if (add && via.family == prefix.addr.family) {
        body->rtm_flags = RTNH_F_ONLINK;
        put_address(&r, RTA_GATEWAY, &via);
    }
    return ask(kernel, &r);
}

/* suppress: of what the table finds, leave the default route out. */
static bool set_rule(struct kernel *kernel, bool add, enum addr_family family, uint32_t priority,
                     uint32_t table, bool suppress)
{
    struct request r;
    struct fib_rule_hdr *body =
        begin(&r, add ? RTM_NEWRULE : RTM_DELRULE, add ? NLM_F_CREATE | NLM_F_EXCL : 0, sizeof *body);
    body->family = (uint8_t)family_number(family);
    body->action = FR_ACT_TO_TBL;
    mnl_attr_put_u32(r.header, FRA_PRIORITY, priority);
    mnl_attr_put_u32(r.header, FRA_TABLE, table);
    if (suppress)
        mnl_attr_put_u32(r.header, FRA_SUPPRESS_PREFIXLEN, 0);
    return ask(kernel, &r) || (add && errno == EEXIST);
}

bool kernel_set_rules(struct kernel *kernel, bool add, enum addr_family family, uint32_t main_table,
                      uint32_t table)
{
    bool first = set_rule(kernel, add, family, RULE_MAIN, main_table, true);
    return set_rule(kernel, add, family, RULE_OWN, table, false) && first;
}
