/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * deviations: planted faults between an implementation and the wire. A suite that does not notice them
 * notices nothing. Each is one row of deviations.def: which packets it is about, and what happens to them.
 */
#ifndef DMVPNKIT_CONFORMANCE_DEVIATIONS_H
#define DMVPNKIT_CONFORMANCE_DEVIATIONS_H

#include <stddef.h>
#include <stdint.h>

#include "edit/edit.h"
#include "iut/iut.h"
#include "policy.h"

#define DEVIATION_EDITS_MAX 5

enum deviation_way {
    DEVIATE_OUT,  /* packets that the implementation sends */
    DEVIATE_IN,   /* packets that it is about to get */
    DEVIATE_HOST, /* packets that come out on the host side */
};

enum deviation_act {
    ACT_EDIT,        /* the statements are applied */
    ACT_DROP,        /* it is lost */
    ACT_TWICE,       /* it goes out twice */
    ACT_BREAK,       /* the statements are applied, and nothing is made right afterwards */
    ACT_ECHO,        /* what came in goes back to its sender, with the statements applied, and not on */
    ACT_EMIT,        /* what came in goes on, and the last Resolution Request goes out again, edited */
    ACT_CRASH,       /* the implementation ends */
    ACT_DROP_REPEAT, /* it is lost if its request id was sent before */
    ACT_DROP_NEW,    /* it is lost if its request id is not the first that was sent */
    ACT_DROP_AFTER,  /* it is lost once a Resolution Reply has come in */
    ACT_DROP_LATER,  /* it is lost after the third */
    ACT_REPAIR,      /* what cannot be decoded is made sound where it matters, as if nobody looked */
    ACT_DROP_PADDED, /* it is lost if octets follow the message */
    ACT_BAD_ODD_SUM, /* the checksum of a message of odd length is wrong */
};

struct deviation {
    const char *name;
    const char *words; /* what the faulty implementation does */
    const char *bugs;  /* ids of the catalogue of interoperability bugs, separated by spaces; or "" */
    enum deviation_way way;
    unsigned messages;     /* policy_message() bits, or DEVIATE_BAD */
    const char *condition; /* condition.h; NULL: every such packet */
    enum deviation_act act;
    const char *edits[DEVIATION_EDITS_MAX];
    void (*configure)(struct iut_config *config); /* a mistake in the configuration; or NULL */
};

#define DEVIATE_BAD                                                                         \
    (1u << 16) /* what cannot be decoded; edits[0] is then the words of the reason, or NULL \
                */

size_t deviation_count(void);
const struct deviation *deviation_at(size_t i);
/* NULL if there is none of that name. */
const struct deviation *deviation_find(const char *name);

#endif
