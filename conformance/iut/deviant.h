/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * deviant: another implementation with a planted fault between it and the wire.
 */
#ifndef DMVPNKIT_CONFORMANCE_DEVIANT_H
#define DMVPNKIT_CONFORMANCE_DEVIANT_H

#include "deviations/deviations.h"
#include "iut/iut.h"

/* What iut_deviant takes as its setup; must outlive the implementation. */
struct deviant_setup {
    const struct iut_driver *inner;
    const void *inner_setup;
    const struct deviation *deviation;
};

extern const struct iut_driver iut_deviant;

#endif
