/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drivers/sim/progress.h"

#include <inttypes.h>
#include <time.h>
#include <unistd.h>

#define FIRST_AFTER_MS 500
#define EVERY_MS       100

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct progress progress_begin(FILE *out, struct instant end)
{
    struct progress progress = {.end = end};
    if (isatty(fileno(out)))
        progress.out = out;
    progress.next_ms = now_ms() + FIRST_AFTER_MS;
    return progress;
}

void progress_show(struct progress *progress, struct instant now, size_t packets)
{
    if (!progress->out || now_ms() < progress->next_ms)
        return;
    progress->next_ms = now_ms() + EVERY_MS;
    progress->shown = true;
    fprintf(progress->out, "\r%3" PRId64 " %%: %" PRId64 " of %" PRId64 " s simulated, %zu packets ",
            now.us * 100 / progress->end.us, now.us / US_PER_S, progress->end.us / US_PER_S, packets);
    fflush(progress->out);
}

void progress_end(struct progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", progress->out);
}
