/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay_window: which sequence numbers of an inbound SA have been seen (RFC 4303 section 3.4.3, appendix A).
 *
 * Numbers are 64 bits wide throughout; replay_window_infer() makes them from the 32 bits that the wire
 * carries. A number is looked up before the ICV is verified and noted afterwards, never the other way round:
 * a forged packet must not move the window.
 */
#ifndef DMVPNKIT_ENGINE_REPLAY_WINDOW_H
#define DMVPNKIT_ENGINE_REPLAY_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#define REPLAY_WINDOW_MIN 64
#define REPLAY_WINDOW_MAX 1024
#define REPLAY_WINDOW_WORDS                                                        \
    32 /* a power of two, and at least one word more than the largest window needs \
        */

struct replay_window {
    uint64_t top;                       /* highest number noted; 0 before the first */
    uint16_t size;                      /* numbers, a multiple of 64 */
    uint64_t seen[REPLAY_WINDOW_WORDS]; /* bit n % 64 of word n / 64, the words taken as a ring */
};

enum replay_verdict { REPLAY_NEW, REPLAY_SEEN, REPLAY_TOO_OLD };

/* False if size is not a multiple of 64 from 64 to 1024. */
bool replay_window_init(struct replay_window *window, unsigned size);

/*
 * The 64-bit number that the low-order half low stands for: the one in the window, or else the next one above
 * it (appendix A2.1). Below the first 2^32 numbers there is nothing, so early on it is low itself.
 */
uint64_t replay_window_infer(const struct replay_window *window, uint32_t low);

/* 0 is never sent (section 3.3.3): it is too old. */
enum replay_verdict replay_window_check(const struct replay_window *window, uint64_t number);

/* Note a number that was checked and whose packet was authenticated. */
void replay_window_note(struct replay_window *window, uint64_t number);

#endif
