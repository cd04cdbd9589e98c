/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture_comments: walks the blocks of a pcapng file (draft-ietf-opsawg-pcapng section 3.1) and keeps the
 * comments of section headers and packets. Counts packets as libpcap does. Ends at the first block that is not
 * whole: whoever reads the packets has said so already.
 */
#include "files/capture_comments.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "files/gzip.h"

#define BLOCK_SECTION_HEADER  0x0a0d0d0au
#define BLOCK_PACKET          2u /* obsolete, but libpcap reads it */
#define BLOCK_SIMPLE_PACKET   3u
#define BLOCK_ENHANCED_PACKET 6u
#define BYTE_ORDER_MAGIC      0x1a2b3c4du
#define BLOCK_MAX             (16u * 1024 * 1024) /* as libpcap has it */
#define OPTION_END            0
#define OPTION_COMMENT        1
#define SECTION_FIXED         16u /* magic, version, length of the section */
#define PACKET_FIXED          20u /* interface, time, captured length, length; the same in both blocks */

struct comment {
    size_t frame; /* 0: the file */
    char *text;
};

struct capture_comments {
    struct comment *items; /* in the order of the frames */
    size_t count, cap, octets;
};

struct walk {
    FILE *file;
    bool big; /* this section is big-endian */
    uint8_t *body;
    size_t body_cap, len; /* of the body, without the two lengths and the type */
    uint32_t type;
    size_t frames;
    struct capture_comments *out;
};

static uint32_t get_u32(const uint8_t *at, bool big)
{
    return big ? (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3]
               : (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

static uint16_t get_u16(const uint8_t *at, bool big)
{
    return big ? (uint16_t)(at[0] << 8 | at[1]) : (uint16_t)(at[1] << 8 | at[0]);
}

static size_t padded(size_t len)
{
    return (len + 3) & ~(size_t)3;
}

static bool read_exactly(struct walk *w, size_t offset, size_t len)
{
    if (offset + len > w->body_cap) {
        size_t cap = padded(offset + len + 1024);
        uint8_t *body = realloc(w->body, cap);
        if (body == NULL)
            return false;
        w->body = body;
        w->body_cap = cap;
    }
    return fread(w->body + offset, 1, len, w->file) == len;
}

/* The next block into body: what stands between its two lengths. */
static bool read_block(struct walk *w)
{
    uint8_t head[12];
    if (fread(head, 1, sizeof head, w->file) != sizeof head)
        return false;
    bool is_section = get_u32(head, false) == BLOCK_SECTION_HEADER;
    if (is_section) {
        w->big = get_u32(head + 8, true) == BYTE_ORDER_MAGIC;
        if (get_u32(head + 8, w->big) != BYTE_ORDER_MAGIC)
            return false;
    }
    w->type = get_u32(head, w->big);
    uint32_t total = get_u32(head + 4, w->big);
    if (total < 12 || total > BLOCK_MAX || total % 4 != 0)
        return false;
    w->len = total - 12;
    /* The last four of head are of the body, or the second length of an empty block. */
    if (!read_exactly(w, 4, w->len))
        return false;
    memcpy(w->body, head + 8, 4);
    return true;
}

static bool add_comment(struct capture_comments *c, size_t frame, const uint8_t *text, size_t len)
{
    struct comment *last = c->count > 0 ? &c->items[c->count - 1] : NULL;
    bool more = last != NULL && last->frame == frame;
    size_t had = more ? strlen(last->text) : 0;
    len = strnlen((const char *)text, len);
    if (had + 1 + len > CAPTURE_COMMENT_MAX)
        len = had + 1 < CAPTURE_COMMENT_MAX ? CAPTURE_COMMENT_MAX - had - 1 : 0;
    if (len == 0 || c->octets + len > CAPTURE_COMMENTS_MAX)
        return true;
    if (!more && c->count == c->cap) {
        size_t cap = c->cap > 0 ? 2 * c->cap : 64;
        struct comment *items = realloc(c->items, cap * sizeof *items);
        if (items == NULL)
            return false;
        c->items = items;
        c->cap = cap;
    }
    char *joined = realloc(more ? last->text : NULL, had + 1 + len + 1);
    if (joined == NULL)
        return false;
    if (!more)
        c->items[c->count++].frame = frame;
    c->items[c->count - 1].text = joined;
    if (more)
        joined[had++] = '\n';
    memcpy(joined + had, text, len);
    joined[had + len] = '\0';
    c->octets += len + 1;
    return true;
}

static bool take_options(struct walk *w, size_t offset, size_t frame)
{
    while (offset + 4 <= w->len) {
        uint16_t code = get_u16(w->body + offset, w->big), len = get_u16(w->body + offset + 2, w->big);
        offset += 4;
        if (code == OPTION_END || len > w->len - offset)
            break;
        if (code == OPTION_COMMENT && !add_comment(w->out, frame, w->body + offset, len))
            return false;
        offset += padded(len);
    }
    return true;
}

static bool take_block(struct walk *w)
{
    switch (w->type) {
    case BLOCK_SECTION_HEADER:
        /* Of several sections the first speaks for the file; frames come in between, and keep their order. */
        return w->frames > 0 || take_options(w, SECTION_FIXED, 0);
    case BLOCK_SIMPLE_PACKET:
        w->frames++;
        return true;
    case BLOCK_PACKET:
    case BLOCK_ENHANCED_PACKET: {
        w->frames++;
        if (w->len < PACKET_FIXED)
            return false;
        uint32_t captured = get_u32(w->body + 12, w->big);
        return captured > w->len - PACKET_FIXED || take_options(w, PACKET_FIXED + padded(captured), w->frames);
    }
    default:
        return true;
    }
}

struct capture_comments *capture_comments_read(const char *path, size_t last_frame)
{
    struct gzip_reader *gzip;
    struct stat status;
    if (strcmp(path, "-") == 0 || stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return NULL;
    struct walk w = {.file = gzip_open(path, &gzip), .out = calloc(1, sizeof *w.out)};
    bool good = w.file != NULL && w.out != NULL && read_block(&w) && w.type == BLOCK_SECTION_HEADER;
    while (good)
        good = take_block(&w) && w.frames < last_frame && read_block(&w);
    if (w.file != NULL)
        fclose(w.file);
    free(w.body);
    if (w.out != NULL && w.out->count == 0) {
        capture_comments_free(w.out);
        w.out = NULL;
    }
    return w.out;
}

void capture_comments_free(struct capture_comments *comments)
{
    if (comments == NULL)
        return;
    for (size_t i = 0; i < comments->count; i++)
        free(comments->items[i].text);
    free(comments->items);
    free(comments);
}

static int compare(const void *key, const void *item)
{
    size_t frame = *(const size_t *)key, other = ((const struct comment *)item)->frame;
    return frame < other ? -1 : frame > other;
}

const char *capture_comment_of_frame(const struct capture_comments *comments, size_t frame)
{
    if (comments == NULL)
        return NULL;
    const struct comment *found =
        bsearch(&frame, comments->items, comments->count, sizeof *comments->items, compare);
    return found != NULL ? found->text : NULL;
}

const char *capture_comment_of_file(const struct capture_comments *comments)
{
    return capture_comment_of_frame(comments, 0);
}
