/* SPDX-License-Identifier: GPL-2.0-or-later */
/* candidates: which of the faults that a rule names fit what was seen. For the audit's own files. */
#ifndef DMVPNKIT_AUDIT_CANDIDATES_H
#define DMVPNKIT_AUDIT_CANDIDATES_H

#include "audit/rules.h"

/* Bit i: the i-th entry of rule->bugs can have left what the sight shows. The rule is broken there. */
unsigned candidates_of(const struct audit_rule *rule, const struct sight *s);
/* The index-th entry that fits under some condition only, and the rule (NULL: any); false behind the last. */
bool candidates_condition_at(size_t index, const char **bug, const char **rule);

#endif
