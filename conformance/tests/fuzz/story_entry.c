/* SPDX-License-Identifier: GPL-2.0-or-later */
/* story_entry: see story_entry.h. Files live in memory only (memfd_create). */
#include "tests/fuzz/story_entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/checksum.h"
#include "explain/story_writers.h"

#define REQUIRE(condition)                                                                 \
    do {                                                                                   \
        if (!(condition)) {                                                                \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                       \
        }                                                                                  \
    } while (0)

#define PATH_MAX_HERE      32
#define PACKET_MAX         65535
#define IPV4_HEAD          20
#define PROTOCOL_GRE       47
#define GRE_KEY            0x20
#define ETHERTYPE_NHRP     0x2001
#define NHRP_CHECKSUM_AT   12
#define CLASSIC_MICROSECONDS 0xa1b2c3d4u

static void write_all(int file, const void *data, size_t len)
{
    REQUIRE(write(file, data, len) == (ssize_t)len);
}

static int memory_file(char path[PATH_MAX_HERE])
{
    int file = memfd_create("capture", 0);
    REQUIRE(file >= 0);
    snprintf(path, PATH_MAX_HERE, "/proc/self/fd/%d", file);
    return file;
}

static void write_in_every_form(const struct story *story)
{
    static story_writer_fn *const writers[] = {story_text, story_json, story_html, story_mermaid, story_svg};
    for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++) {
        char *text = NULL;
        size_t len = 0;
        FILE *out = open_memstream(&text, &len);
        REQUIRE(out != NULL);
        writers[i](story, out);
        REQUIRE(!ferror(out) && fclose(out) == 0);
        REQUIRE(len > 0 && strlen(text) == len);
        free(text);
    }
}

static bool tell(const char *path)
{
    struct story story;
    struct story_options options = {0};
    char error[CAPTURE_ERROR_MAX] = "";
    bool told = story_read(path, &options, &story, error);
    REQUIRE(told == (error[0] == '\0') && strchr(error, '\n') == NULL);
    if (told)
        write_in_every_form(&story);
    story_free(&story);
    return told;
}

static void put_u16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

/* IPv4 without options, GRE without its own checksum, NHRP: what our captures have. Others stay as they are. */
static void make_right(uint8_t *packet, size_t len)
{
    if (len < IPV4_HEAD + 4 || packet[0] != 0x45)
        return;
    put_u16(packet + 10, 0);
    put_u16(packet + 10, checksum_of(span_of(packet, IPV4_HEAD)));
    size_t nhrp = IPV4_HEAD + 4 + (packet[IPV4_HEAD] & GRE_KEY ? 4 : 0);
    if (packet[9] != PROTOCOL_GRE || (packet[IPV4_HEAD + 2] << 8 | packet[IPV4_HEAD + 3]) != ETHERTYPE_NHRP ||
        len < nhrp + NHRP_CHECKSUM_AT + 2)
        return;
    put_u16(packet + nhrp + NHRP_CHECKSUM_AT, 0);
    put_u16(packet + nhrp + NHRP_CHECKSUM_AT, checksum_of(span_of(packet + nhrp, len - nhrp)));
}

/* The packets of one file in another, a classic one of raw IP. */
static void copy_made_right(const char *path, int to)
{
    const uint32_t head[] = {CLASSIC_MICROSECONDS, 2 | 4 << 16, 0, 0, PACKET_MAX, CAPTURE_LINK_RAW};
    char error[CAPTURE_ERROR_MAX];
    struct capture_frame frame;
    uint16_t ethertype;
    struct span inside;
    write_all(to, head, sizeof(head));
    struct capture_reader *reader = capture_open(path, error);
    while (reader != NULL && capture_read(reader, &frame, error) == 1) {
        uint8_t packet[PACKET_MAX];
        if (!capture_packet(&frame, &ethertype, &inside) || inside.len > sizeof(packet) || inside.len == 0)
            continue;
        memcpy(packet, inside.data, inside.len);
        make_right(packet, inside.len);
        const uint32_t record[] = {(uint32_t)(frame.at.us / US_PER_S), (uint32_t)(frame.at.us % US_PER_S), (uint32_t)inside.len,
                                   (uint32_t)inside.len};
        write_all(to, record, sizeof(record));
        write_all(to, packet, inside.len);
    }
    capture_close(reader);
}

unsigned story_entry(const uint8_t *data, size_t len)
{
    char path[PATH_MAX_HERE], right_path[PATH_MAX_HERE];
    int file = memory_file(path), right = memory_file(right_path);
    write_all(file, data, len);
    unsigned told = tell(path);
    copy_made_right(path, right);
    told += tell(right_path);
    close(file);
    close(right);
    return told;
}
