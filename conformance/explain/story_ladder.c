/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * story_ladder: who sends what to whom, as a Mermaid sequence diagram and as an SVG drawing. A frame of which
 * one end is not known is left out of both, and counted.
 */
#include <string.h>

#include "explain/story_writers.h"

#define COLUMN 190
#define ROW    34
#define TOP    70

static bool is_drawn(const struct story_step *step)
{
    return step->from != WORLD_NOBODY && step->to != WORLD_NOBODY && step->from != step->to;
}

static size_t count_left_out(const struct story *story)
{
    size_t count = 0;
    for (size_t i = 0; i < story->count; i++)
        count += !is_drawn(&story->steps[i]);
    return count;
}

/* Mermaid ends a text at ';' and takes '#' for an entity. */
static void write_mermaid_text(const char *text, FILE *out)
{
    for (; *text != '\0'; text++)
        fputc(*text == ';' || *text == '#' ? ',' : *text, out);
}

void story_mermaid(const struct story *story, FILE *out)
{
    char protocol[ADDR_TEXT_MAX];
    fputs("sequenceDiagram\n", out);
    for (size_t i = 0; i < story->world->node_count; i++) {
        const struct world_node *node = &story->world->nodes[i];
        fprintf(out, "    participant n%zu as %s<br/>%s\n", i, node->name,
                addr_format(addr_is_none(node->protocol) ? node->outer : node->protocol, protocol));
    }
    for (size_t i = 0; i < story->count; i++) {
        const struct story_step *step = &story->steps[i];
        if (!is_drawn(step))
            continue;
        fprintf(out, "    n%zu->>n%zu: %zu ", step->from, step->to, step->frame);
        write_mermaid_text(step->tale.tells, out);
        fputc('\n', out);
    }
    size_t left_out = count_left_out(story);
    if (left_out > 0)
        fprintf(out, "    %%%% %zu frames whose sender or receiver is not known are left out\n", left_out);
}

static void write_xml(const char *text, FILE *out)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '<' || c == '>' || c == '&' || c == '"')
            fprintf(out, "&#%d;", c);
        else
            fputc(c < 0x20 || c == 0x7f ? '?' : c, out);
    }
}

static int column_of(size_t node)
{
    return (int)node * COLUMN + COLUMN / 2;
}

static void draw_node(const struct story *story, size_t i, int height, FILE *out)
{
    char address[ADDR_TEXT_MAX];
    const struct world_node *node = &story->world->nodes[i];
    int x = column_of(i);
    fprintf(out, "<path class=\"life\" d=\"M%d %dV%d\"/>\n<text class=\"name\" x=\"%d\" y=\"28\">%s</text>\n", x, TOP - 16,
            height, x, node->name);
    fprintf(out, "<text x=\"%d\" y=\"46\">%s</text>\n", x,
            addr_format(addr_is_none(node->protocol) ? node->outer : node->protocol, address));
}

static void draw_step(const struct story_step *step, int y, FILE *out)
{
    int from = column_of(step->from), to = column_of(step->to), side = to > from ? -7 : 7;
    fprintf(out, "<g><title>frame %zu: ", step->frame);
    write_xml(step->tale.tells, out);
    fprintf(out, "</title><path class=\"arrow\" d=\"M%d %dH%dM%d %dl%d -5v10z\"/>", from, y, to, to, y, side);
    fprintf(out, "<text x=\"%d\" y=\"%d\">%zu %s</text></g>\n", (from + to) / 2, y - 5, step->frame,
            tale_title(step->tale.kind));
}

void story_svg(const struct story *story, FILE *out)
{
    size_t left_out = count_left_out(story), nodes = story->world->node_count;
    int height = TOP + (int)(story->count - left_out) * ROW + 20, y = TOP + 20;
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %zu %d\" role=\"img\" aria-labelledby=\"t d\">\n"
            "<title id=\"t\">The ladder of the packets of ",
            nodes > 0 ? nodes * COLUMN : COLUMN, height);
    write_xml(story->file, out);
    fputs("</title>\n<desc id=\"d\">", out);
    for (size_t i = 0; i < story->count; i++) {
        fprintf(out, "Frame %zu: ", story->steps[i].frame);
        write_xml(story->steps[i].tale.tells, out);
        fputs(".\n", out);
    }
    fputs("</desc>\n<style>svg{background:#fff;color:#1c2430}text{font:12px sans-serif;text-anchor:middle;fill:currentColor}"
          ".name{font-weight:bold;font-size:14px}.life{stroke:#8a94a3;stroke-dasharray:4 4}"
          ".arrow{stroke:#0b5cad;fill:#0b5cad;stroke-width:1.5}"
          "@media(prefers-color-scheme:dark){svg{background:#1a212b;color:#e5eaf1}.arrow{stroke:#7dbbff;fill:#7dbbff}}"
          "</style>\n",
          out);
    for (size_t i = 0; i < nodes; i++)
        draw_node(story, i, height, out);
    for (size_t i = 0; i < story->count; i++)
        if (is_drawn(&story->steps[i])) {
            draw_step(&story->steps[i], y, out);
            y += ROW;
        }
    if (left_out > 0)
        fprintf(out, "<!-- %zu frames whose sender or receiver is not known are left out -->\n", left_out);
    fputs("</svg>\n", out);
}
