/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * story_html: one page that works by itself. story.html, story.css and story.js are built in; the story goes
 * in as JSON, and as text for whoever has no JavaScript or cannot see the drawings. The page's policy (CSP)
 * allows this style and this script by their hashes and nothing else.
 */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "explain/story_tree.h"
#include "memory.h"
#include "story_css.inc"
#include "story_html.inc"
#include "story_js.inc"

/* "sha256-..." of a text, as CSP has it. */
static void write_hash(const char *text, FILE *out)
{
    unsigned char digest[EVP_MAX_MD_SIZE], encoded[2 * EVP_MAX_MD_SIZE];
    unsigned len = 0;
    if (EVP_Digest(text, strlen(text), digest, &len, EVP_sha256(), NULL) != 1)
        memory_missing();
    EVP_EncodeBlock(encoded, digest, (int)len);
    fprintf(out, "sha256-%s", (const char *)encoded);
}

/* JSON inside a script element must not have "</" or "<!--" in it. */
static int write_json(const char *buffer, size_t size, void *out)
{
    for (size_t i = 0; i < size; i++) {
        if (buffer[i] == '<')
            fputs("\\u003c", out);
        else
            fputc(buffer[i], out);
    }
    return 0;
}

static void write_escaped(const char *text, FILE *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '<' || *text == '>' || *text == '&' || *text == '"')
            fprintf(out, "&#%d;", *text);
        else
            fputc(*text, out);
    }
}

static void write_text(const struct story *story, FILE *out)
{
    char *text = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&text, &len);
    if (memory == NULL)
        memory_missing();
    story_text(story, memory);
    if (fclose(memory) != 0)
        memory_missing();
    write_escaped(text, out);
    free(text);
}

static bool is_called(const char *name, size_t len, const char *wanted)
{
    return strlen(wanted) == len && strncmp(name, wanted, len) == 0;
}

static void write_place(const struct story *story, const char *name, size_t len, FILE *out)
{
    if (is_called(name, len, "CSS-HASH")) {
        write_hash((const char *)page_css, out);
    } else if (is_called(name, len, "JS-HASH")) {
        write_hash((const char *)page_js, out);
    } else if (is_called(name, len, "CSS")) {
        fputs((const char *)page_css, out);
    } else if (is_called(name, len, "JS")) {
        fputs((const char *)page_js, out);
    } else if (is_called(name, len, "TEXT")) {
        write_text(story, out);
    } else if (is_called(name, len, "FILE")) {
        write_escaped(story->file, out);
    } else {
        json_t *tree = story_tree(story);
        json_dump_callback(tree, write_json, out, JSON_COMPACT);
        json_decref(tree);
    }
}

void story_html(const struct story *story, FILE *out)
{
    const char *at = (const char *)page_html;
    for (const char *place; (place = strstr(at, "@@")) != NULL;) {
        fwrite(at, 1, (size_t)(place - at), out);
        const char *end = strstr(place + 2, "@@");
        write_place(story, place + 2, (size_t)(end - place - 2), out);
        at = end + 2;
    }
    fputs(at, out);
}
