/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verdict: what came of a case: findings with their evidence, as text that outlives the packets. Reports read
 * this and nothing else.
 */
#ifndef DMVPNKIT_CONFORMANCE_VERDICT_H
#define DMVPNKIT_CONFORMANCE_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case.h"
#include "field.h"

enum verdict {
    VERDICT_PASS,
    VERDICT_NON_STRICT, /* passes, with notes */
    VERDICT_FAIL,
    VERDICT_ERROR, /* the suite could not judge: the capture is unusable, the implementation would not start
                    */
};

enum finding_kind {
    FINDING_FIELDS,      /* a frame came, with other fields */
    FINDING_MISSING,     /* a frame never came */
    FINDING_TIME,        /* it came too early or too late */
    FINDING_UNEXPECTED,  /* a frame came that the capture does not have */
    FINDING_UNDECODABLE, /* a frame came that cannot be decoded */
    FINDING_UNDELIVERED, /* data for the host side did not come out there */
    FINDING_UNEXPECTED_DELIVERY,
};

struct difference {
    char name[FIELD_NAME_MAX];
    char expected[FIELD_TEXT_MAX];
    char actual[FIELD_TEXT_MAX];
    bool has_offset;
    size_t offset; /* in the implementation's packet if the field is there, else in the capture's; from the
                      outer IP header */
    bool is_note;
    const struct requirement *requirement;
};

struct finding {
    enum finding_kind kind;
    bool is_note;
    size_t frame; /* of the capture; 0 if it has none */
    bool has_expected_at;
    int64_t expected_us; /* after the capture's first frame */
    bool has_actual_at;
    int64_t actual_us;
    char *expected; /* one line about the packet, or NULL */
    char *actual;
    const struct requirement *requirement; /* of the finding as a whole; NULL for FINDING_FIELDS */
    struct difference *differences;
    size_t difference_count;
};

struct case_result {
    const struct conform_case *c;
    enum verdict verdict;
    char *error; /* one line, for VERDICT_ERROR */
    struct finding *findings;
    size_t finding_count;
    size_t finding_cap;
    size_t injected;  /* frames of other parties sent to the implementation */
    size_t hosted;    /* packets sent to it on the host side */
    size_t expected;  /* frames that it owed */
    size_t matched;   /* of these, came */
    size_t delivered; /* packets that came out on the host side as they should */
};

/* A new finding at the end of the result, which owns it. */
struct finding *result_add_finding(struct case_result *result, enum finding_kind kind);
/* Put the findings in order of time; pass, non-strict or fail, from them, unless it is an error already. */
void result_conclude(struct case_result *result);
void result_free(struct case_result *result);

const char *verdict_words(enum verdict verdict);
const char *finding_words(enum finding_kind kind);

/* The results of a run over several cases. */
struct run_result {
    const char *implementation;
    const char *deviation; /* or NULL */
    struct case_result *cases;
    size_t count;
    size_t passed, non_strict, failed, errors;
};

#endif
