/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words for code points. See values.h.
 */
#include "values.h"

#include <epan/etypes.h>
#include <epan/to_str.h>

const value_string nhrp_message_names[] = {
    {NHRP_RESOLUTION_REQUEST, "NHRP Resolution Request"},
    {NHRP_RESOLUTION_REPLY, "NHRP Resolution Reply"},
    {NHRP_REGISTRATION_REQUEST, "NHRP Registration Request"},
    {NHRP_REGISTRATION_REPLY, "NHRP Registration Reply"},
    {NHRP_PURGE_REQUEST, "NHRP Purge Request"},
    {NHRP_PURGE_REPLY, "NHRP Purge Reply"},
    {NHRP_ERROR_INDICATION, "NHRP Error Indication"},
    {NHRP_TRAFFIC_INDICATION, "NHRP Traffic Indication"},
    {0, NULL},
};

const value_string nhrp_message_short_names[] = {
    {NHRP_RESOLUTION_REQUEST, "Resolution Request"},
    {NHRP_RESOLUTION_REPLY, "Resolution Reply"},
    {NHRP_REGISTRATION_REQUEST, "Registration Request"},
    {NHRP_REGISTRATION_REPLY, "Registration Reply"},
    {NHRP_PURGE_REQUEST, "Purge Request"},
    {NHRP_PURGE_REPLY, "Purge Reply"},
    {NHRP_ERROR_INDICATION, "Error Indication"},
    {NHRP_TRAFFIC_INDICATION, "Traffic Indication"},
    {0, NULL},
};

const value_string nhrp_version_names[] = {
    {0, "MARS"},
    {NHRP_VERSION, "NHRP, RFC 2332"},
    {0xFF, "Experimental/local use"},
    {0, NULL},
};

/* IANA "address family numbers", as far as RFC 2332 networks could use them */
const value_string nhrp_address_families[] = {
    {0, "Reserved"},
    {NHRP_AFN_IPV4, "IPv4"},
    {NHRP_AFN_IPV6, "IPv6"},
    {NHRP_AFN_NSAP, "NSAP"},
    {4, "HDLC (8-bit multidrop)"},
    {5, "BBN 1822"},
    {6, "802 (includes all 802 media plus Ethernet)"},
    {7, "E.163"},
    {NHRP_AFN_E164, "E.164 (SMDS, Frame Relay, ATM)"},
    {9, "F.69 (Telex)"},
    {10, "X.121 (X.25, Frame Relay)"},
    {11, "IPX"},
    {12, "Appletalk"},
    {13, "Decnet IV"},
    {14, "Banyan Vines"},
    {NHRP_AFN_E164_NSAP, "E.164 with NSAP subaddress"},
    {16, "DNS (Domain Name System)"},
    {17, "Distinguished Name"},
    {18, "AS Number"},
    {22, "Fibre Channel World-Wide Port Name"},
    {23, "Fibre Channel World-Wide Node Name"},
    {24, "GWID"},
    {25, "Layer-2 VPN"},
    {16389, "48-bit MAC Address"},
    {16390, "64-bit MAC Address"},
    {65535, "Reserved"},
    {0, NULL},
};

const value_string nhrp_tl_types[] = {
    {0, "NSAP format"},
    {1, "Native E.164 format"},
    {0, NULL},
};

const value_string nhrp_cie_codes[] = {
    {NHRP_CODE_SUCCESS, "Success"},
    {4, "Administratively Prohibited"},
    {5, "Insufficient Resources"},
    {11, "No Binding Exists, as FRR and OpenNHRP send it (RFC 2332: 12)"},
    {12, "No Internetworking Layer Address to NBMA Address Binding Exists"},
    {13, "Binding Exists But Is Not Unique"},
    {14, "Unique Internetworking Layer Address Already Registered"},
    {0, NULL},
};

const value_string nhrp_error_codes[] = {
    {1, "Unrecognized Extension"},
    {2, "NHRP Loop Detected, as FRR and OpenNHRP send it (RFC 2332: 3)"},
    {3, "NHRP Loop Detected"},
    {6, "Protocol Address Unreachable"},
    {7, "Protocol Error"},
    {8, "NHRP SDU Size Exceeded"},
    {9, "Invalid Extension"},
    {10, "Invalid NHRP Resolution Reply Received"},
    {11, "Authentication Failure"},
    {15, "Hop Count Exceeded"},
    {16, "VPN Mismatch"},
    {17, "VPN Unsupported"},
    {0, NULL},
};

const value_string nhrp_traffic_codes[] = {
    {NHRP_TRAFFIC_REDIRECT, "NHRP Redirect/Indirection"},
    {0, NULL},
};

const value_string nhrp_extension_names[] = {
    {NHRP_EXT_END, "End of Extensions"},
    {NHRP_EXT_RESPONDER_ADDRESS, "Responder Address Extension"},
    {NHRP_EXT_FORWARD_TRANSIT, "Forward Transit NHS Record Extension"},
    {NHRP_EXT_REVERSE_TRANSIT, "Reverse Transit NHS Record Extension"},
    {NHRP_EXT_AUTHENTICATION, "NHRP Authentication Extension"},
    {NHRP_EXT_VENDOR_PRIVATE, "NHRP Vendor Private Extension"},
    {NHRP_EXT_NAT_ADDRESS, "NAT Address Extension"},
    {NHRP_EXT_MOBILE_AUTHENTICATION, "Mobile NHC Authentication Extension"},
    {0, NULL},
};

const value_string nhrp_auth_kinds[] = {
    {0, "Keyed hash with source address (RFC 2332)"},
    {1, "Password in clear (de facto)"},
    {0, NULL},
};

const value_string nhrp_nlpids[] = {
    {0x00, "Null"},
    {NHRP_PROTOCOL_SNAP, "SNAP, see the long form"},
    {0x81, "CLNP"},
    {0x82, "ES-IS"},
    {0x83, "IS-IS"},
    {NHRP_PROTOCOL_NLPID_IPV6, "IPv6"},
    {NHRP_PROTOCOL_NLPID_IPV4, "IPv4"},
    {0xCF, "PPP"},
    {0, NULL},
};

const value_string gre_protocol_types[] = {
    {GRE_TYPE_KEEPALIVE, "Possible GRE keepalive packet"},
    {GRE_TYPE_IPV4, "IP"},
    {GRE_TYPE_ARP, "ARP"},
    {GRE_TYPE_CDP, "CDP (Cisco)"},
    {GRE_TYPE_NHRP, "NHRP"},
    {GRE_TYPE_TRANSPARENT_ETHERNET, "Transparent Ethernet bridging"},
    {GRE_TYPE_IPV6, "IPv6"},
    {GRE_TYPE_MPLS, "MPLS label switched packet"},
    {GRE_TYPE_MPLS_UPSTREAM, "MPLS label switched packet, upstream-assigned"},
    {GRE_TYPE_CISCO_METADATA, "CiscoMetaData"},
    {GRE_TYPE_NSH, "Network Service Header"},
    {0, NULL},
};

const value_string gre_versions[] = {
    {0, "GRE"},
    {1, "Enhanced GRE"},
    {0, NULL},
};

/* As enum track_role and enum track_path */
const value_string dmvpn_roles[] = {
    {1, "Spoke"},
    {2, "Transit server"},
    {3, "Hub"},
    {0, NULL},
};

const value_string dmvpn_paths[] = {
    {1, "From a spoke to the hub"},
    {2, "From the hub to a spoke"},
    {3, "Through the hub, from spoke to spoke"},
    {4, "Direct from spoke to spoke"},
    {0, NULL},
};

const char *nhrp_extension_name(unsigned type)
{
    const char *name = try_val_to_str(type, nhrp_extension_names);

    if (name)
        return name;
    if (type <= 0x0FFF)
        return "Unknown NHRP Extension";
    if (type <= 0x11FF)
        return "ATM Forum Extension";
    if (type <= 0x37FF)
        return "Unknown IETF Extension";
    return "Experimental Extension";
}

const char *nhrp_message_name(unsigned type)
{
    const char *name = try_val_to_str(type, nhrp_message_short_names);

    if (name)
        return name;
    return type >= 128 ? "Message of a research type" : "Message of an unknown type";
}

const char *value_name_or_hex(packet_info *pinfo, unsigned value, const value_string *names)
{
    const char *name = try_val_to_str(value, names);

    return name ? name : wmem_strdup_printf(pinfo->pool, "0x%02X - unknown", value);
}

const char *nhrp_protocol_type_name(unsigned protocol_type)
{
    if (protocol_type <= NHRP_PROTOCOL_LAST_NLPID)
        return val_to_str_const(protocol_type, nhrp_nlpids, "Unknown NLPID");
    if (protocol_type <= 0x03FF)
        return "Reserved for future use by the IETF";
    if (protocol_type <= 0x04FF)
        return "Allocated for use by the ATM Forum";
    if (protocol_type <= 0x05FF)
        return "Experimental/Local use";
    return val_to_str_const(protocol_type, etype_vals, "Unknown Ethertype");
}
