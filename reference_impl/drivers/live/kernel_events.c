/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_events: what netlink tells, one change at a time. A synchronisation is a dump of the links, then of
 * the addresses, then of the routes, through the same socket as the changes, so that nothing falls between.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "drivers/live/kernel_parts.h"

static const uint16_t dumps[] = {RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE};
#define DUMP_COUNT (sizeof dumps / sizeof dumps[0])

int kernel_fd(const struct kernel *kernel)
{
    return mnl_socket_get_fd(kernel->events);
}

static bool ask_dump(struct kernel *kernel)
{
    char buffer[256];
    struct nlmsghdr *header = mnl_nlmsg_put_header(buffer);
    header->nlmsg_type = dumps[kernel->dump];
    header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    header->nlmsg_seq = ++kernel->sequence;
    struct rtmsg *body = mnl_nlmsg_put_extra_header(header, sizeof(struct ifinfomsg));
    body->rtm_family = AF_UNSPEC;
    return mnl_socket_sendto(kernel->events, header, header->nlmsg_len) >= 0;
}

bool kernel_synchronise(struct kernel *kernel)
{
    kernel->dump = 0;
    return ask_dump(kernel);
}

static struct addr address_of(const struct nlattr *attribute)
{
    return addr_from_span(span_of(mnl_attr_get_payload(attribute), mnl_attr_get_payload_len(attribute)));
}

/* Attributes whose payload is a number of 32 bits; 0 for one that is too short. */
static uint32_t number_of(const struct nlattr *attribute)
{
    return mnl_attr_get_payload_len(attribute) >= sizeof(uint32_t) ? mnl_attr_get_u32(attribute) : 0;
}

static bool read_link(const struct nlmsghdr *message, struct kernel_change *out)
{
    const struct ifinfomsg *body = mnl_nlmsg_get_payload(message);
    const struct nlattr *attribute;
    if (mnl_nlmsg_get_payload_len(message) < sizeof *body)
        return false;
    out->kind = message->nlmsg_type == RTM_NEWLINK ? KERNEL_LINK : KERNEL_LINK_GONE;
    out->device = (unsigned)body->ifi_index;
    out->up = (body->ifi_flags & IFF_UP) && (body->ifi_flags & IFF_RUNNING);
    mnl_attr_for_each(attribute, message, sizeof *body)
    {
        if (mnl_attr_get_type(attribute) == IFLA_IFNAME)
            snprintf(out->name, sizeof out->name, "%.*s", (int)mnl_attr_get_payload_len(attribute),
                     (const char *)mnl_attr_get_payload(attribute));
    }
    return true;
}

static bool read_address(const struct nlmsghdr *message, struct kernel_change *out)
{
    const struct ifaddrmsg *body = mnl_nlmsg_get_payload(message);
    const struct nlattr *attribute;
    if (mnl_nlmsg_get_payload_len(message) < sizeof *body)
        return false;
    out->kind = message->nlmsg_type == RTM_NEWADDR ? KERNEL_ADDRESS_ADDED : KERNEL_ADDRESS_REMOVED;
    out->device = body->ifa_index;
    mnl_attr_for_each(attribute, message, sizeof *body)
    {
        uint16_t type = mnl_attr_get_type(attribute);
        /* IFA_LOCAL is this end of a point-to-point link, where IFA_ADDRESS is the other. */
        if (type == IFA_LOCAL || (type == IFA_ADDRESS && addr_is_none(out->address)))
            out->address = address_of(attribute);
    }
    return !addr_is_none(out->address);
}

/* The first next hop of several. */
static void read_next_hops(const struct nlattr *list, struct kernel_change *out)
{
    const struct rtnexthop *hop = mnl_attr_get_payload(list);
    size_t len = mnl_attr_get_payload_len(list);
    if (len < sizeof *hop || hop->rtnh_len < sizeof *hop || hop->rtnh_len > len)
        return;
    out->device = (unsigned)hop->rtnh_ifindex;
    const struct nlattr *attr; /* the macro's own name for it */
    mnl_attr_for_each_payload((const void *)((const char *)hop + sizeof *hop), hop->rtnh_len - sizeof *hop)
    {
        if (mnl_attr_get_type(attr) == RTA_GATEWAY)
            out->via = address_of(attr);
    }
}

static bool read_route(const struct nlmsghdr *message, struct kernel_change *out)
{
    const struct rtmsg *body = mnl_nlmsg_get_payload(message);
    const struct nlattr *attribute;
    if (mnl_nlmsg_get_payload_len(message) < sizeof *body ||
        (body->rtm_family != AF_INET && body->rtm_family != AF_INET6) || (body->rtm_flags & RTM_F_CLONED))
        return false;
    out->kind = message->nlmsg_type == RTM_NEWROUTE ? KERNEL_ROUTE_ADDED : KERNEL_ROUTE_REMOVED;
    out->table = body->rtm_table;
    out->unicast = body->rtm_type == RTN_UNICAST;
    static const uint8_t zeros[16];
    struct addr destination = addr_from_span(span_of(zeros, body->rtm_family == AF_INET ? 4 : 16));
    mnl_attr_for_each(attribute, message, sizeof *body)
    {
        switch (mnl_attr_get_type(attribute)) {
        case RTA_DST:
            destination = address_of(attribute);
            break;
        case RTA_GATEWAY:
            out->via = address_of(attribute);
            break;
        case RTA_OIF:
            out->device = number_of(attribute);
            break;
        case RTA_PRIORITY:
            out->metric = number_of(attribute);
            break;
        case RTA_TABLE:
            out->table = number_of(attribute);
            break;
        case RTA_MULTIPATH:
            read_next_hops(attribute, out);
            break;
        default:
            break;
        }
    }
    out->prefix = prefix_of(destination, body->rtm_dst_len);
    return !addr_is_none(destination);
}

/* The end of one dump: on to the next. True when it was the last one. */
static bool end_of_dump(struct kernel *kernel)
{
    if (kernel->dump >= DUMP_COUNT)
        return false;
    kernel->dump++;
    if (kernel->dump < DUMP_COUNT)
        ask_dump(kernel);
    return kernel->dump == DUMP_COUNT;
}

static bool read_message(struct kernel *kernel, const struct nlmsghdr *message, struct kernel_change *out)
{
    *out = (struct kernel_change){0};
    switch (message->nlmsg_type) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
        return read_link(message, out);
    case RTM_NEWADDR:
    case RTM_DELADDR:
        return read_address(message, out);
    case RTM_NEWROUTE:
    case RTM_DELROUTE:
        return read_route(message, out);
    case NLMSG_DONE:
        out->kind = KERNEL_SYNCHRONISED;
        return end_of_dump(kernel);
    default:
        return false;
    }
}

bool kernel_next(struct kernel *kernel, struct kernel_change *out)
{
    for (;;) {
        while (kernel->message && mnl_nlmsg_ok(kernel->message, kernel->left)) {
            const struct nlmsghdr *message = kernel->message;
            kernel->message = mnl_nlmsg_next(message, &kernel->left);
            if (read_message(kernel, message, out))
                return true;
        }
        ssize_t len = mnl_socket_recvfrom(kernel->events, kernel->buffer, sizeof kernel->buffer);
        kernel->message = NULL;
        if (len < 0 && errno == ENOBUFS) {
            *out = (struct kernel_change){.kind = KERNEL_LOST};
            return true;
        }
        if (len <= 0)
            return false;
        kernel->message = (const struct nlmsghdr *)kernel->buffer;
        kernel->left = (int)len;
    }
}
