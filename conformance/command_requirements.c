/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command_requirements: the table of requirements with what looks at each: cases, audit rules, expert items.
 */
#include "commands.h"

#include <getopt.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "coverage.h"
#include "data_folder.h"
#include "memory.h"

enum list_format { LIST_TEXT, LIST_JSON, LIST_MARKDOWN, LIST_HTML };

struct list_options {
    const char *data;
    const char *experts; /* or NULL */
    enum list_format format;
};

static void print_help(void)
{
    puts("Usage: dmvpn-conform requirements [OPTION...]\n"
         "List the requirements, and the cases, audit rules and expert items of Wireshark that look at "
         "each.\n\n"
         "  --format FORMAT   text (default), json, markdown or html\n"
         "  --data DIR        the folder with cases/ and requirements/\n"
         "  --experts DIR     the folder with the dissector's lists of expert items (dissector/ beside the "
         "data)\n\n"
         "Examples:\n"
         "  dmvpn-conform requirements | grep hop-count\n"
         "  dmvpn-conform requirements --format markdown > docs/requirements.md");
}

static unsigned percent(size_t part, size_t whole)
{
    return whole > 0 ? (unsigned)(part * 100 / whole) : 0;
}

static void print_names(const char *before, const struct name_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        printf("%s%s", i == 0 ? before : ", ", list->names[i]);
    if (list->count > 0)
        putchar('\n');
}

static bool is_uncovered(const struct covered *covered)
{
    return covered->cases.count + covered->rules.count + covered->experts.count == 0;
}

static void print_text(const struct coverage *coverage)
{
    for (size_t i = 0; i < coverage->count; i++) {
        const struct covered *covered = &coverage->items[i];
        const struct requirement *r = covered->requirement;
        printf("%s  [%s, %s, observable: %s]\n  %s\n", r->id, r->clause, requirement_level_words(r->level),
               requirement_observable_word(r->observable), r->text);
        print_names("  cases: ", &covered->cases);
        print_names("  rules: ", &covered->rules);
        print_names("  experts: ", &covered->experts);
        if (r->note[0] != '\0')
            printf("  note: %s\n", r->note);
        else if (is_uncovered(covered))
            puts("  nothing looks at it");
    }
    printf("%zu requirements; of the MUSTs, a case covers %zu of %zu that can be put to the test (%u %%), "
           "an audit rule %zu of %zu that show by themselves (%u %%)\n",
           coverage->count, coverage->active_covered, coverage->active,
           percent(coverage->active_covered, coverage->active), coverage->passive_covered, coverage->passive,
           percent(coverage->passive_covered, coverage->passive));
}

static json_t *names_array(const struct name_list *list)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(array, json_string(list->names[i]));
    return array;
}

static json_t *requirement_object(const struct covered *covered)
{
    static const char *const binds[] = {"client", "server", "transit", "any"};
    const struct requirement *r = covered->requirement;
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o}", "id", r->id, "level",
                     requirement_level_words(r->level), "binds", binds[r->binds], "phase", r->phase, "clause",
                     r->clause, "text", r->text, "why", r->why, "observable",
                     requirement_observable_word(r->observable), "note", r->note, "cases",
                     names_array(&covered->cases), "rules", names_array(&covered->rules), "experts",
                     names_array(&covered->experts));
}

static json_t *figure_object(size_t covered, size_t of)
{
    return json_pack("{s:I, s:I}", "covered", (json_int_t)covered, "of", (json_int_t)of);
}

static void print_json(const struct coverage *coverage)
{
    json_t *root = json_object(), *list = json_array();
    for (size_t i = 0; i < coverage->count; i++)
        json_array_append_new(list, requirement_object(&coverage->items[i]));
    json_object_set_new(root, "requirements", list);
    json_object_set_new(root, "active_musts_with_case",
                        figure_object(coverage->active_covered, coverage->active));
    json_object_set_new(root, "passive_musts_with_rule",
                        figure_object(coverage->passive_covered, coverage->passive));
    json_dumpf(root, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(root);
}

/* What would be markup in Markdown and in HTML alike. */
static void print_plain(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '&')
            fputs("&amp;", stdout);
        else if (*text == '<')
            fputs("&lt;", stdout);
        else if (*text == '|')
            fputs("&#124;", stdout);
        else
            putchar(*text);
    }
}

static void print_markdown_names(const char *kind, const struct name_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        printf("%s`%s`", i == 0 ? kind : ", ", list->names[i]);
    if (list->count > 0)
        fputs(". ", stdout);
}

static void print_markdown(const struct coverage *coverage)
{
    puts("<!-- SPDX-License-Identifier: GPL-2.0-or-later -->\n"
         "<!-- Made by: dmvpn-conform requirements --format markdown > docs/requirements.md -->\n# "
         "Requirements\n");
    printf(
        "%zu requirements. Of those of level MUST, a case covers %zu of the %zu that can be put to the test "
        "(%u %%), and an audit rule %zu of the %zu that show by themselves (%u %%).\n\n",
        coverage->count, coverage->active_covered, coverage->active,
        percent(coverage->active_covered, coverage->active), coverage->passive_covered, coverage->passive,
        percent(coverage->passive_covered, coverage->passive));
    puts("| requirement | level | clause | what is required | looked at by |\n|---|---|---|---|---|");
    for (size_t i = 0; i < coverage->count; i++) {
        const struct covered *covered = &coverage->items[i];
        const struct requirement *r = covered->requirement;
        printf("| `%s` | %s | %s | ", r->id, requirement_level_words(r->level), r->clause);
        print_plain(r->text);
        fputs(" | ", stdout);
        print_markdown_names("Cases: ", &covered->cases);
        print_markdown_names("Rules: ", &covered->rules);
        print_markdown_names("Experts: ", &covered->experts);
        if (is_uncovered(covered) && r->note[0] == '\0')
            fputs("Nothing yet.", stdout);
        print_plain(r->note);
        puts(" |");
    }
}

static void print_html_names(const char *kind, const struct name_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        printf("%s<code>%s</code>", i == 0 ? kind : ", ", list->names[i]);
    if (list->count > 0)
        fputs("<br>", stdout);
}

static void print_html(const struct coverage *coverage)
{
    puts("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Requirements</title>\n"
         "<style>:root{color-scheme:light dark}body{font:15px/1.45 system-ui,sans-serif;margin:1.5rem}"
         "table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.3rem .7rem;"
         "border-bottom:1px solid #8884}</style></head><body>\n<h1>Requirements</h1>");
    printf("<p>%zu requirements. MUSTs with a case: %zu of %zu. MUSTs with an audit rule: %zu of %zu.</p>\n",
           coverage->count, coverage->active_covered, coverage->active, coverage->passive_covered,
           coverage->passive);
    puts("<table><thead><tr><th>requirement</th><th>level</th><th>clause</th><th>what and why</th>"
         "<th>looked at by</th></tr></thead><tbody>");
    for (size_t i = 0; i < coverage->count; i++) {
        const struct covered *covered = &coverage->items[i];
        const struct requirement *r = covered->requirement;
        printf("<tr id=\"%s\"><td><code>%s</code></td><td>%s</td><td>%s</td><td>", r->id, r->id,
               requirement_level_words(r->level), r->clause);
        print_plain(r->text);
        fputs("<br><small>", stdout);
        print_plain(r->why);
        fputs("</small></td><td>", stdout);
        print_html_names("cases: ", &covered->cases);
        print_html_names("rules: ", &covered->rules);
        print_html_names("experts: ", &covered->experts);
        print_plain(r->note);
        puts("</td></tr>");
    }
    puts("</tbody></table></body></html>");
}

static int list_coverage(const char *command, const struct list_options *o)
{
    static void (*const printers[])(const struct coverage *) = {print_text, print_json, print_markdown,
                                                                print_html};
    char error[REQUIREMENTS_ERROR_MAX];
    struct requirement_table table;
    struct case_set cases;
    struct coverage coverage;
    char *path = memory_format("%s/requirements/requirements.tsv", o->data);
    char *folder = memory_format("%s/cases", o->data);
    char *experts =
        o->experts != NULL ? memory_copy_text(o->experts) : memory_format("%s/../dissector", o->data);
    bool good = requirements_load(path, &table, error);
    if (good && !(good = case_set_load(folder, &table, &cases, error)))
        requirements_free(&table);
    if (good) {
        good = coverage_collect(&table, &cases, experts, &coverage, error);
        if (good) {
            printers[o->format](&coverage);
            coverage_free(&coverage);
        }
        case_set_free(&cases);
        requirements_free(&table);
    }
    free(path);
    free(folder);
    free(experts);
    return good ? command_finish(command, EXIT_PASSED) : command_refuse(command, "%s", error);
}

static int take_format(const char *command, const char *name, enum list_format *out)
{
    static const char *const names[] = {"text", "json", "markdown", "html"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(name, names[i]) == 0) {
            *out = (enum list_format)i;
            return EXIT_PASSED;
        }
    return command_refuse(command, "format '%s' is none of text, json, markdown, html", name);
}

int command_requirements(int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                            {"format", required_argument, NULL, 'f'},
                                            {"data", required_argument, NULL, 'd'},
                                            {"experts", required_argument, NULL, 'e'},
                                            {NULL, 0, NULL, 0}};
    struct list_options o = {.data = data_folder_default()};
    int code = EXIT_PASSED;
    opterr = 0;
    for (int option; code == EXIT_PASSED && (option = getopt_long(argc, argv, ":h", options, NULL)) != -1;) {
        if (option == 'h') {
            print_help();
            return command_finish(argv[0], EXIT_PASSED);
        }
        if (option == 'f')
            code = take_format(argv[0], optarg, &o.format);
        else if (option == 'd')
            o.data = optarg;
        else if (option == 'e')
            o.experts = optarg;
        else
            code = command_refuse_option(argc, argv);
    }
    if (code == EXIT_PASSED && optind < argc)
        code = command_refuse(argv[0], "'%s' is one argument too many", argv[optind]);
    return code == EXIT_PASSED ? list_coverage(argv[0], &o) : code;
}
