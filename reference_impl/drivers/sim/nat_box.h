/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nat_box: one address translator (RFC 3022). Static: one outside address for each inside address. With
 * ports: one outside address for all; UDP senders are told apart by port (RFC 4787: endpoint-independent
 * mapping), while GRE and ESP, which have none, come back to whoever inside sent last to that peer: the
 * restriction that DMVPN behind one address has (DEFACTO).
 */
#ifndef DMVPNKIT_SIM_NAT_BOX_H
#define DMVPNKIT_SIM_NAT_BOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/instant.h"
#include "drivers/sim/scenario.h"

struct nat_box {
    const struct scenario_nat *config;
    struct nat_session *sessions;
    size_t count;
    size_t cap;
};

void nat_box_init(struct nat_box *box, const struct scenario_nat *config);
void nat_box_free(struct nat_box *box);

/* Is that one of its outside addresses? */
bool nat_box_owns(const struct nat_box *box, struct addr outside);

/* Who inside is behind an outside address and, for a box with ports, a UDP port. False if nobody is. */
bool nat_box_inside(const struct nat_box *box, struct addr outside, uint16_t port, struct addr *inside);

/*
 * A whole packet on its way out, with its source translated, or in, with its destination translated; written
 * to buf of cap octets. False if the box has no translation for it, or no memory for one more.
 */
bool nat_box_out(struct nat_box *box, struct instant now, struct span packet, uint8_t *buf, size_t cap,
                 struct span *out);
bool nat_box_in(struct nat_box *box, struct instant now, struct span packet, uint8_t *buf, size_t cap,
                struct span *out);

#endif
