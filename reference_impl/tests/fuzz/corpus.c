/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * corpus: writes every vector, and the pieces of it, into a folder, one file each, for a fuzzer to start
 * from. fuzz_corpus FOLDER
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/pieces.h"

static bool piece_write(const char *folder, const struct vector *v, size_t number, struct span piece)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s.%zu", folder, v->name, number);
    FILE *f = fopen(path, "wb");
    bool written = f && fwrite(piece.data, 1, piece.len, f) == piece.len;
    return f && fclose(f) == 0 && written;
}

static void vector_write(const char *folder, const struct vector *v)
{
    struct span pieces[PIECES_MAX];
    size_t count = pieces_of(v, pieces);
    for (size_t i = 0; i < count; i++) {
        if (!piece_write(folder, v, i, pieces[i])) {
            fprintf(stderr, "fuzz_corpus: cannot write %s into %s\n", v->name, folder);
            exit(2);
        }
    }
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
    return EXIT_SUCCESS;
}
