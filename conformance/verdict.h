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
    VERDICT_INCONCLUSIVE,     /* the implementation gave no ground to judge it; the reason says why */
    VERDICT_NOT_APPLICABLE,   /* the case needs what the implementation does not claim to have */
    VERDICT_EXPECTED_FAILURE, /* fails, and a baseline or the profile says that it does */
    VERDICT_UNEXPECTED_PASS,  /* passes, although these say that it fails */
    VERDICT_ERROR,            /* of the suite: an unusable capture, an implementation that does not start */
    VERDICT_COUNT
};

/* Why a case is inconclusive or not applicable. */
enum verdict_reason {
    REASON_NONE,
    REASON_NO_ANSWER,    /* it never answered anything in this case, so its silence proves nothing */
    REASON_PRECONDITION, /* what the case is built on did not come about; other cases judge that */
    REASON_HOST_SIDE,    /* the case needs to see the host side, which this adapter cannot */
    REASON_FEATURE,      /* a feature is not in the implementation conformance statement */
    REASON_UNSUPPORTED,  /* the implementation itself says that it cannot be configured so */
    REASON_COUNT
};

enum finding_kind {
    FINDING_FIELDS,      /* a frame came, with other fields */
    FINDING_MISSING,     /* a frame never came */
    FINDING_TIME,        /* it came too early or too late */
    FINDING_UNEXPECTED,  /* a frame came that the capture does not have */
    FINDING_UNDECODABLE, /* a frame came that cannot be decoded */
    FINDING_UNDELIVERED, /* data for the host side did not come out there */
    FINDING_UNEXPECTED_DELIVERY,
    FINDING_CRASHED, /* the implementation ended in the middle of the case */
    FINDING_HUNG,    /* the case came to no end within its time limit */
    FINDING_STOPPED, /* it answered before, and does not any more */
    FINDING_COUNT
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
    size_t step;  /* of the sidecar, from 1; 0 if the case replays a capture */
    size_t sent;  /* index + 1 of the guilty packet in case_result.frames; 0 if there is none */
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

/* A packet that went over the interface to the implementation, as evidence. */
enum frame_way {
    FRAME_TO_IUT,      /* the suite to the implementation, on the underlay */
    FRAME_FROM_IUT,    /* the implementation, on the underlay */
    FRAME_HOST_TO_IUT, /* inner packets of the host side: no outer header */
    FRAME_HOST_FROM_IUT,
};

struct frame_record {
    enum frame_way way;
    int64_t at_us;  /* on the clock of the case: after the capture's first frame, or after the start */
    size_t capture; /* the capture's frame that it was made from or matched; 0 if none */
    size_t step;    /* as in struct finding */
    uint8_t *bytes; /* outer IP header first; inner on the host side */
    size_t len;
};

struct case_result {
    const struct conform_case *c;
    enum verdict verdict;
    enum verdict_reason reason;
    char *error; /* one line: for VERDICT_ERROR, and what is behind the reason; or NULL */
    char *known; /* the baseline's or profile's reason, for VERDICT_EXPECTED_FAILURE and _UNEXPECTED_PASS */
    int64_t took_us;             /* of real time */
    struct frame_record *frames; /* in order of time */
    size_t frame_count;
    size_t frame_cap;
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
/* Remember a packet, which is copied: its index + 1, for finding.sent. */
size_t result_add_frame(struct case_result *result, enum frame_way way, int64_t at_us, struct span bytes);
/*
 * Put the findings in order of time; pass, non-strict or fail, from them, unless it is an error, inconclusive
 * or not applicable already. A finding that is more than a note outweighs "inconclusive".
 */
void result_conclude(struct case_result *result);
void result_free(struct case_result *result);

const char *verdict_words(enum verdict verdict);
const char *finding_words(enum finding_kind kind);
/* A code such as "no-answer", and one sentence about it. */
const char *verdict_reason_code(enum verdict_reason reason);
const char *verdict_reason_words(enum verdict_reason reason);

/* The results of a run over several cases. */
struct run_result {
    const char *implementation;
    const char *deviation; /* or NULL */
    const char *profile;   /* the name of the implementation's profile, or NULL */
    struct case_result *cases;
    size_t count;
    size_t verdicts[VERDICT_COUNT]; /* how many cases have each */
    int64_t took_us;                /* of real time */
};

/* Count the verdict of one more finished case. */
void run_count(struct run_result *run, enum verdict verdict);

#endif
