/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drivers/sim/table.h"

#include <string.h>

void table_begin(FILE *out)
{
    fputs("| capture | shows | phase | underlay / overlay | who | clauses |\n|---|---|---|---|---|---|\n",
          out);
}

/* "10.0.0.1|x" must not end a cell. */
static void put_text(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '|')
            fputc('\\', out);
        fputc(*text == '\n' ? ' ' : *text, out);
    }
}

static void put_families(FILE *out, const struct scenario *s)
{
    const struct node_config *first = &s->nodes[0].config;
    fprintf(out, "IPv%d / IPv%d", first->tunnel.nbma.family, first->protocol.family);
}

static void put_roles(FILE *out, const struct scenario *s)
{
    static const struct {
        enum scenario_role role;
        const char *word;
    } roles[] = {{ROLE_HUB, "hub"}, {ROLE_SPOKE, "spoke"}, {ROLE_PEER, "scripted peer"}};
    const char *comma = "";
    for (size_t r = 0; r < sizeof roles / sizeof roles[0]; r++) {
        size_t count = 0;
        for (size_t i = 0; i < s->node_count; i++)
            count += s->nodes[i].role == roles[r].role;
        if (count > 0) {
            fprintf(out, "%s%zu %s%s", comma, count, roles[r].word, count > 1 ? "s" : "");
            comma = ", ";
        }
    }
    if (s->nat_count > 0)
        fprintf(out, "%s%zu NAT%s", comma, s->nat_count, s->nat_count > 1 ? "s" : "");
}

void table_row(FILE *out, const char *path, const struct scenario *scenario)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    fprintf(out, "| %.*s | ", (int)(dot ? dot - name : (long)strlen(name)), name);
    put_text(out, scenario->title);
    if (scenario->phase)
        fprintf(out, " | %u | ", scenario->phase);
    else
        fputs(" | | ", out);
    put_families(out, scenario);
    fputs(" | ", out);
    put_roles(out, scenario);
    fputs(" | ", out);
    for (size_t i = 0; i < scenario->clause_count; i++) {
        fputs(i ? ", " : "", out);
        put_text(out, scenario->clauses[i]);
    }
    fputs(" |\n", out);
}
