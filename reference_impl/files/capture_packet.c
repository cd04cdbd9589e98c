/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture_packet: from a captured frame to the network-layer packet in it. Knows the link headers that DMVPN
 * captures come with, and nothing of what is inside the packet; must never read past the frame.
 */
#include "files/capture.h"

#define LINK_NULL       0
#define LINK_PPP        9
#define LINK_PPP_SERIAL 50
#define LINK_LOOP       108
#define LINK_SLL        113
#define LINK_IPV4       228
#define LINK_IPV6       229
#define LINK_SLL2       276

#define TYPE_IPV4                      0x0800
#define TYPE_IPV6                      0x86dd
#define TYPE_NHRP                      0x2001
#define TYPE_VLAN                      0x8100 /* IEEE 802.1Q */
#define TYPE_SERVICE_VLAN              0x88a8 /* IEEE 802.1ad */
#define TYPE_OLD_QINQ                  0x9100
#define TYPE_SLL_LLC                   0x0004 /* in a Linux cooked header: 802.2 follows */
#define TYPE_LEAST                     0x0600 /* below this, an Ethernet type field is a length */
#define SNAP_PID_NHRP                  0x0003 /* under OUI 00-00-5E (RFC 2332 section 5) */
#define SNAP_OUI_IANA                  0x00005e
#define SNAP_OUI_ENCAPSULATED_ETHERNET 0x000000

/* Raw IP has no header to say which version follows. */
static bool take_raw(struct reader *r, uint16_t *type)
{
    struct reader peek = *r;
    uint8_t version = reader_u8(&peek) >> 4;
    if (peek.failed || (version != 4 && version != 6))
        return false;
    *type = version == 4 ? TYPE_IPV4 : TYPE_IPV6;
    return true;
}

/* 802.2 LLC: only SNAP leads on (RFC 1042). */
static bool take_llc(struct reader *r, uint16_t *type)
{
    uint16_t saps = reader_u16(r);
    uint8_t control = reader_u8(r);
    uint32_t oui = (uint32_t)reader_u8(r) << 16;
    oui |= reader_u16(r);
    uint16_t pid = reader_u16(r);
    if (r->failed || saps != 0xaaaa || control != 0x03)
        return false;
    if (oui == SNAP_OUI_IANA && pid == SNAP_PID_NHRP)
        *type = TYPE_NHRP;
    else if (oui == SNAP_OUI_ENCAPSULATED_ETHERNET)
        *type = pid;
    else
        return false;
    return true;
}

/* What follows an Ethernet type field: VLAN tags, however many, then the packet; or a length and LLC. */
static bool take_after_type(struct reader *r, uint16_t *type)
{
    while (*type == TYPE_VLAN || *type == TYPE_SERVICE_VLAN || *type == TYPE_OLD_QINQ) {
        reader_u16(r);
        *type = reader_u16(r);
        if (r->failed)
            return false;
    }
    return *type >= TYPE_LEAST || take_llc(r, type);
}

static bool take_ethernet(struct reader *r, uint16_t *type)
{
    reader_span(r, 12);
    *type = reader_u16(r);
    return !r->failed && take_after_type(r, type);
}

static bool take_sll(struct reader *r, uint16_t *type)
{
    reader_span(r, 14);
    *type = reader_u16(r);
    return !r->failed && (*type >= TYPE_LEAST || *type == TYPE_SLL_LLC) && take_after_type(r, type);
}

static bool take_sll2(struct reader *r, uint16_t *type)
{
    *type = reader_u16(r);
    reader_span(r, 18);
    return !r->failed && (*type >= TYPE_LEAST || *type == TYPE_SLL_LLC) && take_after_type(r, type);
}

/* PPP, with or without HDLC framing's address and control octets, protocol field compressed or not (RFC
 * 1661). */
static bool take_ppp(struct reader *r, uint16_t *type)
{
    struct reader peek = *r;
    if (reader_u16(&peek) == 0xff03 && !peek.failed)
        *r = peek;
    uint16_t protocol = reader_u8(r);
    if ((protocol & 1) == 0)
        protocol = (uint16_t)(protocol << 8 | reader_u8(r));
    if (r->failed || (protocol != 0x0021 && protocol != 0x0057))
        return false;
    *type = protocol == 0x0021 ? TYPE_IPV4 : TYPE_IPV6;
    return true;
}

/* BSD loopback: the capturing system's number for the address family, in its own byte order. */
static bool take_null(struct reader *r, uint16_t *type)
{
    uint32_t family = reader_u32(r);
    if (family >= 1u << 16)
        family = family >> 24 | (family >> 8 & 0xff00);
    switch (r->failed ? 0 : family) {
    case 2: /* everywhere */
        *type = TYPE_IPV4;
        return true;
    case 10: /* Linux */
    case 24: /* NetBSD, OpenBSD */
    case 28: /* FreeBSD */
    case 30: /* macOS */
        *type = TYPE_IPV6;
        return true;
    default:
        return false;
    }
}

static bool take_link_header(int link_type, struct reader *r, uint16_t *type)
{
    switch (link_type) {
    case CAPTURE_LINK_RAW:
    case LINK_IPV4:
    case LINK_IPV6:
        return take_raw(r, type);
    case CAPTURE_LINK_ETHERNET:
        return take_ethernet(r, type);
    case LINK_SLL:
        return take_sll(r, type);
    case LINK_SLL2:
        return take_sll2(r, type);
    case LINK_PPP:
    case LINK_PPP_SERIAL:
        return take_ppp(r, type);
    case LINK_NULL:
    case LINK_LOOP:
        return take_null(r, type);
    default:
        return false;
    }
}

bool capture_packet(const struct capture_frame *frame, uint16_t *ethertype, struct span *packet)
{
    struct reader r = reader_of(frame->bytes);
    uint16_t type = 0;
    if (!take_link_header(frame->link_type, &r, &type))
        return false;
    *ethertype = type;
    *packet = reader_rest(&r);
    return true;
}
