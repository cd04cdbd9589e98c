/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * narrator: sentences put together from the engine's reason for sending and the codec's reading of the
 * packet. Must say nothing that depends on anything but the scenario, the seed and the packet.
 */
#include "drivers/sim/narrator.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/describe.h"

static void add_fate(struct text *t, const struct narration *n)
{
    if (n->piece > 0)
        text_add(t, " It is too big for the link: a router on the way splits it, this is fragment %u.",
                 n->piece);
    if (n->link_mtu > 0)
        text_add(t, " It is too big for a link of %zu octets and may not be split: a router drops it.",
                 n->link_mtu);
    else if (!n->to)
        text_add(t, " Nobody is at that address.");
    else if (n->copies == 0)
        text_add(t, " The packet is lost on the way.");
    else if (n->copies > 1)
        text_add(t, " The packet arrives twice.");
}

const char *narrator_packet(const struct narration *narration, char comment[NARRATOR_COMMENT_MAX])
{
    struct description description;
    struct text t = text_of(comment, NARRATOR_COMMENT_MAX);
    bool inside = narration->inside.len > 0;
    describe_packet(inside ? narration->inside : narration->packet, &description);
    text_add(&t, "%s to %s%s: %s: %s%s. [%s]", narration->from, narration->to ? narration->to : "nobody",
             narration->scripted ? " (scripted)" : "", narration->words, description.sentence,
             inside ? ", inside ESP" : "", narration->clause);
    add_fate(&t, narration);
    return comment;
}

char *narrator_capture(const struct scenario *scenario, uint64_t seed)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    if (!out)
        return NULL;
    size_t story = strlen(scenario->story);
    while (story > 0 && scenario->story[story - 1] == '\n')
        story--;
    fprintf(out, "%.*s\n", (int)story, scenario->story);
    if (scenario->phase)
        fprintf(out, "DMVPN phase %u. ", scenario->phase);
    fputs("Clauses:", out);
    for (size_t i = 0; i < scenario->clause_count; i++)
        fprintf(out, "%s %s", i ? "," : "", scenario->clauses[i]);
    fprintf(out, ". Simulated, seed %" PRIu64 ".", seed);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
