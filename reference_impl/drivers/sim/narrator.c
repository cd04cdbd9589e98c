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

#include "codec/describe.h"

static const char *fate_words(const struct narration *n)
{
    if (!n->to)
        return " Nobody is at that address.";
    if (n->copies == 0)
        return " The packet is lost on the way.";
    return n->copies > 1 ? " The packet arrives twice." : "";
}

const char *narrator_packet(const struct narration *narration, char comment[NARRATOR_COMMENT_MAX])
{
    struct description description;
    describe_packet(narration->packet, &description);
    snprintf(comment, NARRATOR_COMMENT_MAX, "%s to %s: %s: %s. [%s]%s", narration->from,
             narration->to ? narration->to : "nobody", send_reason_words(narration->reason),
             description.sentence, send_reason_clause(narration->reason), fate_words(narration));
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
