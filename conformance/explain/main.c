/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dmvpn-explain: tells what happened in a capture. This file knows the options and where output goes.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "esp_keys.h"
#include "explain/story.h"
#include "explain/story_writers.h"
#include "memory.h"

enum { EXIT_GOOD = 0, EXIT_BAD = 2 };

struct form {
    const char *name; /* of the option, and of the file's extension */
    story_writer_fn *write;
};

static const struct form forms[] = {
    {"text", story_text},
    {"json", story_json},
    {"html", story_html},
    {"mermaid", story_mermaid},
    {"svg", story_svg},
};
#define FORM_COUNT (sizeof(forms) / sizeof(forms[0]))

struct order {
    const struct form *form;
    const char *output; /* or NULL: standard output */
    const char *key_file;
    struct story_options options;
};

static void print_help(void)
{
    puts("Usage: dmvpn-explain [OPTION...] FILE\n"
         "Tell what happens in a DMVPN capture: pcap or pcapng, on Ethernet, cooked, raw IP or PPP; '-' is "
         "standard\ninput.\n\n"
         "  --text             a numbered story (default)\n"
         "  --json             the same for programs\n"
         "  --html             a page of its own to step through (default if the output is called .html)\n"
         "  --mermaid          a sequence diagram for Mermaid\n"
         "  --svg              the same as one drawing\n"
         "  -o, --output FILE  write there instead of standard output\n"
         "  --esp-sa FILE      keys of ESP, as Wireshark's esp_sa table has them\n"
         "  --frames A-B       tell these frames only\n"
         "  --no-comments      leave out what the capture's maker has written into it\n"
         "  --help, --version\n\n"
         "Examples:\n"
         "  dmvpn-explain captures/phase3.pcapng | less\n"
         "  dmvpn-explain -o story.html captures/phase3.pcapng\n"
         "Exit codes: 0 told, 2 usage or a bad file.");
}

__attribute__((format(printf, 1, 2))) static int refuse(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("dmvpn-explain: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return EXIT_BAD;
}

/* "A-B", "A-" or "A", from 1. */
static bool parse_frames(const char *text, struct story_options *o)
{
    char *end;
    if (text[0] < '0' || text[0] > '9')
        return false;
    o->first = strtoul(text, &end, 10);
    o->last = o->first;
    if (*end == '-') {
        text = end + 1;
        end = (char *)text;
        o->last = 0;
        if (*text >= '0' && *text <= '9')
            o->last = strtoul(text, &end, 10);
    }
    return *end == '\0' && o->first > 0 && (o->last == 0 || o->last >= o->first);
}

/* Into a file that appears only when it is whole. */
static int write_file(const struct order *r, const struct story *story)
{
    char *part = memory_format("%s.part", r->output);
    FILE *out = fopen(part, "w");
    int code = EXIT_GOOD;
    if (out == NULL) {
        code = refuse("%s: %s", r->output, strerror(errno));
    } else {
        r->form->write(story, out);
        bool good = !ferror(out);
        good = fclose(out) == 0 && good;
        if (!good || rename(part, r->output) != 0) {
            code = refuse("%s: %s", r->output, strerror(errno));
            unlink(part);
        }
    }
    free(part);
    return code;
}

static int write_story(const struct order *r, const struct story *story)
{
    if (r->output != NULL)
        return write_file(r, story);
    r->form->write(story, stdout);
    if (fflush(stdout) != 0 || ferror(stdout))
        return refuse("standard output: %s", strerror(errno));
    return EXIT_GOOD;
}

static int explain(const struct order *r, const char *path)
{
    struct story story;
    struct story_options options = r->options;
    char error[CAPTURE_ERROR_MAX];
    if (r->key_file != NULL && (options.keys = esp_keys_load(r->key_file, error)) == NULL)
        return refuse("%s", error);
    int code = EXIT_GOOD;
    if (!story_read(path, &options, &story, error)) {
        code = refuse("%s", error);
    } else {
        if (story.cut_short && story.frames_read != options.last)
            fprintf(stderr, "dmvpn-explain: %s: told up to frame %zu, and the file goes on; see --frames\n", path,
                    story.frames_read);
        code = write_story(r, &story);
    }
    story_free(&story);
    esp_keys_free(options.keys);
    return code;
}

/* The number of the option of a form is its place in the table and this. */
#define FORM_BASE 256

static bool take_option(int option, struct order *r)
{
    if (option >= FORM_BASE && option < FORM_BASE + (int)FORM_COUNT) {
        r->form = &forms[option - FORM_BASE];
        return true;
    }
    if (option == 'o')
        r->output = optarg;
    else if (option == 'e')
        r->key_file = optarg;
    else if (option == 'F')
        return parse_frames(optarg, &r->options);
    else if (option == 'C')
        r->options.no_comments = true;
    return true;
}

static bool is_page(const char *output)
{
    size_t len = output != NULL ? strlen(output) : 0;
    return len > 5 && strcmp(output + len - 5, ".html") == 0;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"text", no_argument, NULL, FORM_BASE},
        {"json", no_argument, NULL, FORM_BASE + 1},
        {"html", no_argument, NULL, FORM_BASE + 2},
        {"mermaid", no_argument, NULL, FORM_BASE + 3},
        {"svg", no_argument, NULL, FORM_BASE + 4},
        {"output", required_argument, NULL, 'o'},
        {"esp-sa", required_argument, NULL, 'e'},
        {"frames", required_argument, NULL, 'F'},
        {"no-comments", no_argument, NULL, 'C'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    struct order r = {0};
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":o:h", options, NULL)) != -1;) {
        if (option == 'h' || option == 'V') {
            if (option == 'h')
                print_help();
            else
                puts("dmvpn-explain " EXPLAIN_VERSION);
            return fflush(stdout) == 0 ? EXIT_GOOD : refuse("standard output: %s", strerror(errno));
        }
        if (option == '?' || option == ':' || !take_option(option, &r))
            return refuse("option '%s' is not understood; try --help", argv[optind - 1]);
    }
    if (optind + 1 != argc)
        return refuse("%s; try --help", optind == argc ? "which capture?" : "one capture at a time");
    if (r.form == NULL)
        r.form = &forms[is_page(r.output) ? 2 : 0];
    return explain(&r, argv[optind]);
}
