/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gzip: zlib behind a stdio stream. Unpacks piece by piece, so that the size of what is packed does not
 * matter.
 */
#include "files/gzip.h"

#include <errno.h>
#include <fcntl.h>
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

FILE *gzip_open(const char *path, struct gzip_reader **out)
{
    static const cookie_io_functions_t functions = {.read = take, .close = end};
    int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    struct gzip_reader *reader = calloc(1, sizeof *reader);
    if (reader)
        reader->file = gzdopen(fd, "rb");
    if (reader && reader->file)
        gzbuffer(reader->file, PIECE_MAX);
    if (!reader || !reader->file) {
        free(reader);
        close(fd);
        errno = ENOMEM;
        return NULL;
    }
    FILE *stream = fopencookie(reader, "rb", functions);
    if (!stream) {
        end(reader);
        errno = ENOMEM;
        return NULL;
    }
    /* libpcap reads a few octets at a time: fewer calls of the system, and no lock, since one thread reads. */
    setvbuf(stream, NULL, _IOFBF, PIECE_MAX);
    __fsetlocking(stream, FSETLOCKING_BYCALLER);
    *out = reader;
    return stream;
}

const char *gzip_fault(const struct gzip_reader *reader)
{
    return reader->fault;
}
