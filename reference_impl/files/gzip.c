/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gzip: zlib behind a stdio stream. Unpacks piece by piece, so that the size of what is packed does not
 * matter.
 */
#include "files/gzip.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define PIECE_MAX (128u << 10) /* octets that are read at a time */

struct gzip_reader {
    gzFile file;
    const char *fault; /* zlib's own words, or strerror()'s */
};

static ssize_t take(void *cookie, char *buf, size_t size)
{
    struct gzip_reader *reader = cookie;
    int code = Z_OK;
    int got = gzread(reader->file, buf, (unsigned)(size < PIECE_MAX ? size : PIECE_MAX));
    if (got > 0)
        return got;
    int why = errno;
    const char *words = gzerror(reader->file, &code);
    if (got == 0 && code != Z_BUF_ERROR)
        return 0;
    reader->fault = code == Z_BUF_ERROR ? "the gzip stream is cut short" : words;
    if (code == Z_ERRNO)
        reader->fault = strerror(why);
    errno = EIO;
    return -1;
}

static int end(void *cookie)
{
    struct gzip_reader *reader = cookie;
    gzclose_r(reader->file); /* an error of the stream was told when it was met */
    free(reader);
    return 0;
}

/* A file that does not go on as gzip begins (RFC 1952 section 2.3.1); of a pipe it cannot be told beforehand. */
static bool is_plain(int fd)
{
    static const unsigned char magic[2] = {0x1f, 0x8b};
    unsigned char head[2];
    off_t at = lseek(fd, 0, SEEK_CUR);
    return at >= 0 && pread(fd, head, sizeof head, at) == sizeof head && memcmp(head, magic, sizeof magic) != 0;
}

/* The stream takes fd; NULL, and fd is closed, without memory. */
static FILE *open_packed(int fd, struct gzip_reader **out)
{
    static const cookie_io_functions_t functions = {.read = take, .close = end};
    struct gzip_reader *reader = calloc(1, sizeof *reader);
    if (reader)
        reader->file = gzdopen(fd, "rb");
    if (!reader || !reader->file) {
        free(reader);
        close(fd);
        return NULL;
    }
    gzbuffer(reader->file, PIECE_MAX);
    FILE *stream = fopencookie(reader, "rb", functions);
    if (stream)
        *out = reader;
    else
        end(reader);
    return stream;
}

static FILE *open_plain(int fd)
{
    FILE *stream = fdopen(fd, "rb");
    if (!stream)
        close(fd);
    return stream;
}

FILE *gzip_open(const char *path, struct gzip_reader **out)
{
    *out = NULL;
    int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    FILE *stream = is_plain(fd) ? open_plain(fd) : open_packed(fd, out);
    if (!stream) {
        errno = ENOMEM;
        return NULL;
    }
    /* libpcap reads a few octets at a time: fewer calls of the system, and no lock, since one thread reads. */
    setvbuf(stream, NULL, _IOFBF, PIECE_MAX);
    __fsetlocking(stream, FSETLOCKING_BYCALLER);
    return stream;
}

const char *gzip_fault(const struct gzip_reader *reader)
{
    return reader ? reader->fault : NULL;
}
