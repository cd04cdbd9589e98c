/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * corpus: writes every vector, the pieces of it, what the captures hold, and the seeds into a folder, one
 * file each, for a fuzzer to start from. fuzz_corpus FOLDER
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/corpus.h"
#include "tests/fuzz/entries_engine.h"
#include "tests/fuzz/pieces.h"
#include "tests/fuzz/seeds.h"

void corpus_write(const char *folder, const char *name, size_t number, struct span piece)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s.%zu", folder, name, number);
    FILE *f = fopen(path, "wb");
    bool written = f && fwrite(piece.data, 1, piece.len, f) == piece.len;
    if (f && fclose(f) == 0 && written)
        return;
    fprintf(stderr, "fuzz_corpus: cannot write %s into %s\n", name, folder);
    exit(2);
}

/* The same octets as a story of one step for the engine. */
static void story_write(const char *folder, const struct vector *v)
{
    uint8_t story[1 + FUZZ_STEP_HEADER + VECTOR_MAX_LEN] = {0}; /* the plain profile first */
    enum fuzz_step_kind kind = v->decoder == VECTOR_NHRP ? FUZZ_STEP_NHRP : FUZZ_STEP_UNDERLAY;
    size_t len = 1 + fuzz_engine_step(story + 1, kind, 1, 1, vector_span(v));
    corpus_write(folder, v->name, PIECES_MAX, span_of(story, len));
}

static void vector_write(const char *folder, const struct vector *v)
{
    struct span pieces[PIECES_MAX];
    size_t count = pieces_of(v, pieces);
    for (size_t i = 0; i < count; i++)
        corpus_write(folder, v->name, i, pieces[i]);
    story_write(folder, v);
}

int main(int argc, char **argv)
{
    static const char *const sources[] = {SOURCE_ROOT "/captures/vectors/good",
                                          SOURCE_ROOT "/captures/vectors/bad"};
    if (argc != 2) {
        fprintf(stderr, "usage: fuzz_corpus FOLDER\n");
        return 2;
    }
    for (size_t i = 0; i < 2; i++) {
        struct vector *vectors;
        size_t count = vector_load_folder(sources[i], &vectors);
        for (size_t k = 0; k < count; k++)
            vector_write(argv[1], &vectors[k]);
        free(vectors);
    }
    corpus_from_captures(SOURCE_ROOT "/captures", argv[1]);
    for (size_t i = 0; i < seeds_count(); i++)
        corpus_write(argv[1], seeds_get(i).name, 0, seeds_get(i).octets);
    return EXIT_SUCCESS;
}
