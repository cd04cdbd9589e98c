/* SPDX-License-Identifier: GPL-2.0-or-later */
/* story: see story.h. */
#include "explain/story.h"

#include <stdlib.h>

#include "codec/packet.h"
#include "esp_keys.h"
#include "memory.h"

#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_IPV6 0x86dd
#define ETHERTYPE_NHRP 0x2001

static void tell_message(struct span bytes, struct story_step *step)
{
    struct nhrp_message message;
    if (nhrp_decode(bytes, NHRP_DECODE_STRICT, &message).status != CODEC_OK)
        return;
    step->title = nhrp_type_words(message.fixed.type);
    describe_nhrp(&message, &step->says);
}

static void tell(const struct capture_frame *frame, const struct story_options *o, struct story_step *step)
{
    uint16_t ethertype = 0;
    struct span bytes = {0};
    step->title = "frame that is no IP packet";
    if (!capture_packet(frame, &ethertype, &bytes))
        return;
    if (ethertype == ETHERTYPE_NHRP) {
        tell_message(bytes, step);
    } else if (ethertype == ETHERTYPE_IPV4 || ethertype == ETHERTYPE_IPV6) {
        struct packet packet;
        if (o->keys != NULL)
            esp_keys_open(o->keys, bytes, &bytes);
        packet_decode(bytes, &packet);
        step->title = packet.kind == PACKET_NHRP ? nhrp_type_words(packet.nhrp.fixed.type) : "packet";
        describe_packet(bytes, &step->says);
    }
}

bool story_read(const char *path, const struct story_options *o, struct story *out,
                char error[CAPTURE_ERROR_MAX])
{
    *out = (struct story){.file = path};
    struct capture_reader *reader = capture_open(path, error);
    if (reader == NULL)
        return false;
    struct capture_frame frame;
    size_t cap = 0;
    int got;
    while ((got = capture_read(reader, &frame, error)) == 1) {
        if (frame.number == 1)
            out->begins = frame.at;
        if (out->count == STORY_STEPS_MAX || frame.number > STORY_FRAMES_MAX ||
            (o->last > 0 && frame.number > o->last)) {
            out->cut_short = true;
            break;
        }
        out->frames_read = frame.number;
        if (frame.number < o->first)
            continue;
        out->steps = memory_room_for_one(out->steps, out->count, &cap, sizeof(*out->steps));
        struct story_step *step = &out->steps[out->count++];
        *step = (struct story_step){.frame = frame.number, .at = frame.at};
        tell(&frame, o, step);
    }
    capture_close(reader);
    if (got < 0)
        story_free(out);
    return got >= 0;
}

void story_free(struct story *story)
{
    free(story->steps);
    *story = (struct story){0};
}
