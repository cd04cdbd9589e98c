/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/replay_window.h"

#define WORD_BITS 64

bool replay_window_init(struct replay_window *window, unsigned size)
{
    if (size < REPLAY_WINDOW_MIN || size > REPLAY_WINDOW_MAX || size % WORD_BITS != 0)
        return false;
    *window = (struct replay_window){.size = (uint16_t)size};
    return true;
}

uint64_t replay_window_infer(const struct replay_window *window, uint32_t low)
{
    uint32_t top_high = (uint32_t)(window->top >> 32), top_low = (uint32_t)window->top;
    uint32_t bottom_low =
        top_low - window->size + 1; /* wraps below the half's start, as appendix A2.1 wants */
    uint32_t high = top_high;
    if (top_low >= window->size - 1u) { /* case A: the window lies within one half */
        if (low < bottom_low)
            high++;
    } else if (low >= bottom_low && top_high > 0) { /* case B: it began in the one before */
        high--;
    }
    return (uint64_t)high << 32 | low;
}

static uint64_t *word_of(struct replay_window *window, uint64_t number)
{
    return &window->seen[number / WORD_BITS % REPLAY_WINDOW_WORDS];
}

enum replay_verdict replay_window_check(const struct replay_window *window, uint64_t number)
{
    if (number == 0)
        return REPLAY_TOO_OLD;
    if (number > window->top)
        return REPLAY_NEW;
    if (window->top - number >= window->size)
        return REPLAY_TOO_OLD;
    uint64_t word = window->seen[number / WORD_BITS % REPLAY_WINDOW_WORDS];
    return word >> number % WORD_BITS & 1 ? REPLAY_SEEN : REPLAY_NEW;
}

void replay_window_note(struct replay_window *window, uint64_t number)
{
    if (number > window->top) {
        uint64_t words = number / WORD_BITS - window->top / WORD_BITS;
        if (words > REPLAY_WINDOW_WORDS)
            words = REPLAY_WINDOW_WORDS;
        for (uint64_t i = 0; i < words; i++) /* words that the top moves into held numbers of long ago */
            *word_of(window, number - i * WORD_BITS) = 0;
        window->top = number;
    }
    *word_of(window, number) |= UINT64_C(1) << number % WORD_BITS;
}
