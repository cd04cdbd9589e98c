/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/codec/vector.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_LEN 512

static _Noreturn void fail(const char *path, unsigned line, const char *why)
{
    fprintf(stderr, "%s:%u: %s\n", path, line, why);
    exit(2);
}

static bool decoder_parse(const char *word, enum vector_decoder *out)
{
    static const char *const words[] = {[VECTOR_NHRP] = "nhrp",
                                        [VECTOR_GRE] = "gre",
                                        [VECTOR_IP] = "ip",
                                        [VECTOR_UDP] = "udp",
                                        [VECTOR_PACKET] = "packet"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i], word) == 0) {
            *out = (enum vector_decoder)i;
            return true;
        }
    return false;
}

static bool status_parse(const char *word, enum codec_status *out)
{
#define STATUS(name, words)         \
    if (strcmp(word, #name) == 0) { \
        *out = CODEC_##name;        \
        return true;                \
    }
#include "codec/status.def"
    return false;
}

/* A comment line may be one of the keys; any other is for people. */
static void key_parse(const char *path, unsigned line, const char *text, struct vector *out)
{
    char word[32];
    if (sscanf(text, "# decoder: %31s", word) == 1 && !decoder_parse(word, &out->decoder))
        fail(path, line, "no such decoder");
    if (sscanf(text, "# status: %31s", word) == 1 && !status_parse(word, &out->status))
        fail(path, line, "no such status");
    sscanf(text, "# offset: %zu", &out->offset);
    if (strncmp(text, "# round-trip: no", strlen("# round-trip: no")) == 0)
        out->round_trip = false;
}

static void octets_parse(const char *path, unsigned line, const char *text, struct vector *out)
{
    while (*text && *text != '#') {
        if (isspace((unsigned char)*text)) {
            text++;
            continue;
        }
        if (!isxdigit((unsigned char)text[0]) || !isxdigit((unsigned char)text[1]))
            fail(path, line, "not two hexadecimal digits");
        if (out->len == VECTOR_MAX_LEN)
            fail(path, line, "too long");
        const char pair[3] = {text[0], text[1], '\0'};
        out->bytes[out->len++] = (uint8_t)strtoul(pair, NULL, 16);
        text += 2;
    }
}

static void file_load(const char *folder, const char *file, struct vector *out)
{
    char path[1024], text[LINE_MAX_LEN];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    *out = (struct vector){.round_trip = true};
    snprintf(out->name, sizeof out->name, "%.*s", (int)(strlen(file) - strlen(".hex")), file);
    FILE *f = fopen(path, "r");
    if (!f)
        fail(path, 0, "cannot be opened");
    for (unsigned line = 1; fgets(text, sizeof text, f); line++) {
        key_parse(path, line, text, out);
        octets_parse(path, line, text, out);
    }
    fclose(f);
    if (out->len == 0)
        fail(path, 0, "no octets");
}

static int is_hex_file(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return len > 4 && strcmp(entry->d_name + len - 4, ".hex") == 0;
}

size_t vector_load_folder(const char *folder, struct vector **out)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_hex_file, alphasort);
    if (count <= 0)
        fail(folder, 0, "no vectors");
    *out = calloc((size_t)count, sizeof **out);
    if (!*out)
        fail(folder, 0, "out of memory");
    for (int i = 0; i < count; i++) {
        file_load(folder, entries[i]->d_name, &(*out)[i]);
        free(entries[i]);
    }
    free(entries);
    return (size_t)count;
}
