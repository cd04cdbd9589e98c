/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture_writer: pcapng files of raw IP packets with comments (draft-ietf-opsawg-pcapng: Section Header, one
 * Interface Description, Enhanced Packet Blocks; little-endian). Owns the output file and its temporary name;
 * must not write anything that differs from run to run or from machine to machine.
 */
#include "files/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_SECTION_HEADER  0x0a0d0d0au
#define BLOCK_INTERFACE       1u
#define BLOCK_ENHANCED_PACKET 6u
#define BYTE_ORDER_MAGIC      0x1a2b3c4du
#define OPTION_END            0
#define OPTION_COMMENT        1
#define PACKET_MAX            262144u /* what libpcap reads back */
#define TEMPORARY_NAMES_TRIED 100u

struct capture_writer {
    FILE *file;
    char *path;
    char *temporary; /* NULL when writing straight to path: standard output, a pipe or a device */
    int failed;      /* errno of the first failure, or 0 */
};

static void put_bytes(struct capture_writer *w, const void *data, size_t len)
{
    if (w->failed || len == 0)
        return;
    errno = 0;
    if (fwrite(data, 1, len, w->file) != len)
        w->failed = errno ? errno : EIO;
}

static void put_u16(struct capture_writer *w, uint16_t value)
{
    const uint8_t octets[2] = {(uint8_t)value, (uint8_t)(value >> 8)};
    put_bytes(w, octets, sizeof octets);
}

static void put_u32(struct capture_writer *w, uint32_t value)
{
    put_u16(w, (uint16_t)value);
    put_u16(w, (uint16_t)(value >> 16));
}

static size_t padded(size_t len)
{
    return (len + 3) & ~(size_t)3;
}

static void put_padded(struct capture_writer *w, const void *data, size_t len)
{
    static const uint8_t zeros[3];
    put_bytes(w, data, len);
    put_bytes(w, zeros, padded(len) - len);
}

/* The octets of a comment that fit an option's 16-bit length, without cutting a UTF-8 character in two. */
static size_t comment_len(const char *comment)
{
    size_t len = comment ? strlen(comment) : 0;
    if (len > UINT16_MAX) {
        len = UINT16_MAX;
        while (len > 0 && ((uint8_t)comment[len] & 0xc0) == 0x80)
            len--;
    }
    return len;
}

/* The size of a comment and the end of options: nothing at all without a comment. */
static size_t options_size(size_t comment)
{
    return comment > 0 ? 4 + padded(comment) + 4 : 0;
}

static void put_options(struct capture_writer *w, const char *comment, size_t len)
{
    if (len == 0)
        return;
    put_u16(w, OPTION_COMMENT);
    put_u16(w, (uint16_t)len);
    put_padded(w, comment, len);
    put_u16(w, OPTION_END);
    put_u16(w, 0);
}

static void put_section_header(struct capture_writer *w, const char *comment)
{
    size_t len = comment_len(comment);
    uint32_t total = (uint32_t)(28 + options_size(len));
    put_u32(w, BLOCK_SECTION_HEADER);
    put_u32(w, total);
    put_u32(w, BYTE_ORDER_MAGIC);
    put_u16(w, 1); /* version 1.0 */
    put_u16(w, 0);
    put_u32(w, UINT32_MAX); /* section length -1: not given */
    put_u32(w, UINT32_MAX);
    put_options(w, comment, len);
    put_u32(w, total);
}

static void put_interface(struct capture_writer *w)
{
    const uint32_t total = 20;
    put_u32(w, BLOCK_INTERFACE);
    put_u32(w, total);
    put_u16(w, CAPTURE_LINK_RAW);
    put_u16(w, 0);
    put_u32(w, PACKET_MAX); /* without options the time resolution is microseconds */
    put_u32(w, total);
}

/* Standard output, pipes and devices are written in place: renaming over /dev/null would replace it. */
static bool written_in_place(const char *path)
{
    struct stat status;
    return strcmp(path, "-") == 0 || (stat(path, &status) == 0 && !S_ISREG(status.st_mode));
}

static bool open_in_place(struct capture_writer *w)
{
    if (strcmp(w->path, "-") == 0) {
        int fd = dup(STDOUT_FILENO);
        if (fd < 0)
            return false;
        w->file = fdopen(fd, "wb");
        if (!w->file)
            close(fd);
    } else {
        w->file = fopen(w->path, "wb");
    }
    return w->file != NULL;
}

static bool open_temporary(struct capture_writer *w)
{
    size_t cap = strlen(w->path) + sizeof ".tmp-4294967295-100";
    w->temporary = malloc(cap);
    if (!w->temporary)
        return false;
    for (unsigned i = 0; i < TEMPORARY_NAMES_TRIED; i++) {
        snprintf(w->temporary, cap, "%s.tmp-%u-%u", w->path, (unsigned)getpid(), i);
        /* Not mkstemp(): the finished file shall have the permissions that the user's mask gives. */
        int fd = open(w->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0) {
            w->file = fdopen(fd, "wb");
            if (w->file)
                return true;
            close(fd);
            unlink(w->temporary);
            return false;
        }
        if (errno != EEXIST)
            return false;
    }
    return false;
}

static void writer_free(struct capture_writer *w)
{
    free(w->temporary);
    free(w->path);
    free(w);
}

struct capture_writer *capture_create(const char *path, const char *comment, char error[CAPTURE_ERROR_MAX])
{
    struct capture_writer *w = calloc(1, sizeof *w);
    if (w)
        w->path = strdup(path);
    if (!w || !w->path) {
        snprintf(error, CAPTURE_ERROR_MAX, "%s: out of memory", path);
        free(w);
        return NULL;
    }
    if (!(written_in_place(path) ? open_in_place(w) : open_temporary(w))) {
        snprintf(error, CAPTURE_ERROR_MAX, "%s: cannot create: %s", path, strerror(errno));
        writer_free(w);
        return NULL;
    }
    put_section_header(w, comment);
    put_interface(w);
    return w;
}

void capture_write(struct capture_writer *writer, struct instant at, struct span packet, const char *comment)
{
    if (packet.len > PACKET_MAX || at.us < 0) {
        if (!writer->failed)
            writer->failed = ERANGE;
        return;
    }
    size_t len = comment_len(comment);
    uint32_t total = (uint32_t)(32 + padded(packet.len) + options_size(len));
    put_u32(writer, BLOCK_ENHANCED_PACKET);
    put_u32(writer, total);
    put_u32(writer, 0); /* the only interface */
    put_u32(writer, (uint32_t)((uint64_t)at.us >> 32));
    put_u32(writer, (uint32_t)at.us);
    put_u32(writer, (uint32_t)packet.len);
    put_u32(writer, (uint32_t)packet.len);
    put_padded(writer, packet.data, packet.len);
    put_options(writer, comment, len);
    put_u32(writer, total);
}

bool capture_finish(struct capture_writer *writer, char error[CAPTURE_ERROR_MAX])
{
    errno = 0;
    if (fclose(writer->file) != 0 && !writer->failed)
        writer->failed = errno ? errno : EIO;
    if (!writer->failed && writer->temporary && rename(writer->temporary, writer->path) != 0)
        writer->failed = errno;
    bool ok = !writer->failed;
    if (!ok) {
        snprintf(error, CAPTURE_ERROR_MAX, "%s: cannot write: %s", writer->path, strerror(writer->failed));
        if (writer->temporary)
            unlink(writer->temporary);
    }
    writer_free(writer);
    return ok;
}

void capture_abandon(struct capture_writer *writer)
{
    if (!writer)
        return;
    fclose(writer->file);
    if (writer->temporary)
        unlink(writer->temporary);
    writer_free(writer);
}
