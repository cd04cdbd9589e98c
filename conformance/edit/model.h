/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: a packet in pieces that can be changed and put together again, sound or not. It writes messages by
 * itself instead of through the codec, which rightly refuses to write most of what a test wants to send.
 */
#ifndef DMVPNKIT_CONFORMANCE_EDIT_MODEL_H
#define DMVPNKIT_CONFORMANCE_EDIT_MODEL_H

#include "codec/nhrp_cie.h"
#include "codec/nhrp_ext.h"
#include "codec/packet.h"
#include "edit/edit.h"

#define MODEL_PACKET_MAX 9216 /* octets; no test sends more */
#define MODEL_AS_WRITTEN (-1)

struct model_cies {
    struct nhrp_cie *items;
    size_t count;
    size_t cap;
};

struct model_ext {
    struct nhrp_ext ext;
    bool is_list; /* its value is cies */
    struct model_cies cies;
};

/* Spans point into the packet it was made from, or into memory that the model owns. */
struct model {
    struct packet packet; /* kind and layers; nhrp only as it was */
    struct span payload;  /* of GRE or IP, for what is neither NHRP nor an IP packet */

    /* NHRP: the fixed part and the common header as octets have it, because their meaning hangs on the type
     */
    struct nhrp_fixed fixed;
    uint16_t flags;
    uint32_t word; /* request id, or code and offset, or code and unused */
    struct span source_nbma, source_subaddress, source_protocol, destination_protocol;
    struct model_cies cies;
    struct span contents;
    struct model_ext *exts;
    size_t ext_count;
    size_t ext_cap;
    struct span trailer;
    int32_t packet_size, checksum, extensions_offset; /* set by a statement, or MODEL_AS_WRITTEN */

    void **owned;
    size_t owned_count;
    size_t owned_cap;
};

/* Take a packet apart. False if packet_decode() does not accept it. Free with model_free(). */
bool model_of_packet(struct span bytes, struct model *out);
void model_free(struct model *m);
/* A copy of the octets that lives as long as the model. */
struct span model_keep(struct model *m, const void *data, size_t len);

/* The extension called by a slug of field.h, as in "auth" or "auth#2"; NULL if it is not there. */
struct model_ext *model_ext_find(struct model *m, const char *slug);
/* Append one before End (which is added to a message that has no extensions yet). */
struct model_ext *model_ext_add(struct model *m, uint16_t raw_type, struct span value);
/* The type that a slug stands for, with its usual compulsory bit; false for no known slug. */
bool model_ext_type(const char *slug, uint16_t *raw_type);
void model_ext_remove(struct model *m, struct model_ext *ext);
/* A CIE of the list; one past the end is made, from zeroes. NULL further on. */
struct nhrp_cie *model_cie_at(struct model_cies *list, size_t i);

/* Write the whole packet, everything right except what a statement set. False if it does not fit. */
bool model_write(const struct model *m, struct writer *w);

/* Make lengths and checksums of the packet in data right again: NHRP's unless keep_nhrp, GRE's, IP's. */
void model_fix(uint8_t *data, size_t len, bool keep_nhrp);

#endif
