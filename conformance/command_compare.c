/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command_compare: JSON reports of several runs side by side: what changed from one to the next, or a matrix
 * of implementations.
 */
#include "commands.h"

#include <getopt.h>
#include <string.h>

#include "report/report_tree.h"

#define RUNS_MAX 32

enum compare_format { COMPARE_TEXT, COMPARE_MARKDOWN, COMPARE_HTML };

struct compare_options {
    enum compare_format format;
    bool matrix;
};

static void print_help(void)
{
    puts("Usage: dmvpn-conform compare [OPTION...] OLD NEW\n"
         "       dmvpn-conform compare --matrix [OPTION...] FILE...\n"
         "Compare what 'run --format json' wrote: cases whose verdict changed, or a table of all cases by "
         "run.\n\n"
         "  --matrix          all cases of all files in one table\n"
         "  --format FORMAT   text (default), markdown or html\n\n"
         "Examples:\n"
         "  dmvpn-conform compare yesterday.json today.json\n"
         "  dmvpn-conform compare --matrix --format html frr.json cisco.json > matrix.html\n"
         "Exit codes: 0 nothing got worse, 1 a case that did not fail does now, 2 usage or a bad file.");
}

static const char *text_of_member(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

/* One report, checked as far as it is read here. NULL after a line on standard error. */
static json_t *load_run(const char *command, const char *path)
{
    json_error_t error;
    json_t *run = json_load_file(path, 0, &error);
    if (run == NULL) {
        command_refuse(command, "%s:%d: %s", path, error.line, error.text);
        return NULL;
    }
    const json_t *cases = json_object_get(run, "cases");
    bool good = json_is_string(json_object_get(run, "implementation")) && json_is_array(cases) &&
                json_is_object(json_object_get(run, "summary"));
    size_t i;
    const json_t *row;
    json_array_foreach(cases, i, row) good =
        good && json_is_string(json_object_get(row, "id")) && json_is_string(json_object_get(row, "verdict"));
    if (good)
        return run;
    command_refuse(command, "%s: this is no report of 'run --format json'", path);
    json_decref(run);
    return NULL;
}

/* The verdict of a case in a run; "not run" if it has none. */
static const char *verdict_in(const json_t *run, const char *id)
{
    size_t i;
    const json_t *row;
    json_array_foreach(json_object_get(run, "cases"), i, row) if (strcmp(text_of_member(row, "id"), id) ==
                                                                  0) return text_of_member(row, "verdict");
    return "not run";
}

static bool is_failure(const char *verdict)
{
    return strcmp(verdict, "fail") == 0 || strcmp(verdict, "error") == 0 ||
           strcmp(verdict, "unexpected pass") == 0;
}

static void print_change(const char *id, const char *before, const char *after, enum compare_format format)
{
    const char *kind = is_failure(after) && !is_failure(before)   ? "worse"
                       : is_failure(before) && !is_failure(after) ? "better"
                                                                  : "changed";
    printf(format == COMPARE_MARKDOWN ? "| %s | %s | %s | %s |\n" : "%-8s %-40s %s -> %s\n", kind, id, before,
           after);
}

/* Print what changed; the number of cases that got worse. */
static size_t print_changes(const json_t *old, const json_t *new, enum compare_format format)
{
    size_t i, worse = 0, changed = 0;
    const json_t *row;
    if (format == COMPARE_MARKDOWN)
        puts("| | case | before | after |\n|---|---|---|---|");
    json_array_foreach(json_object_get(new, "cases"), i, row)
    {
        const char *id = text_of_member(row, "id"), *after = text_of_member(row, "verdict");
        const char *before = verdict_in(old, id);
        if (strcmp(before, after) == 0)
            continue;
        changed++;
        worse += is_failure(after) && !is_failure(before);
        print_change(id, before, after, format);
    }
    json_array_foreach(json_object_get(old, "cases"), i, row)
    {
        const char *id = text_of_member(row, "id");
        if (strcmp(verdict_in(new, id), "not run") != 0)
            continue;
        changed++;
        print_change(id, text_of_member(row, "verdict"), "not run", format);
    }
    printf("%s%zu changed, %zu worse\n", format == COMPARE_MARKDOWN ? "\n" : "", changed, worse);
    return worse;
}

static void print_matrix_row(json_t *const *runs, size_t count, const char *id, enum compare_format format)
{
    printf(format == COMPARE_MARKDOWN ? "| %s |" : "%-40s", id);
    for (size_t i = 0; i < count; i++)
        printf(format == COMPARE_MARKDOWN ? " %s |" : " %-18s", verdict_in(runs[i], id));
    putchar('\n');
}

static bool is_in_earlier_run(json_t *const *runs, size_t before, const char *id)
{
    for (size_t i = 0; i < before; i++)
        if (strcmp(verdict_in(runs[i], id), "not run") != 0)
            return true;
    return false;
}

static void print_matrix(json_t *const *runs, size_t count, enum compare_format format)
{
    printf(format == COMPARE_MARKDOWN ? "| case |" : "%-40s", "case");
    for (size_t i = 0; i < count; i++)
        printf(format == COMPARE_MARKDOWN ? " %s |" : " %-18s", text_of_member(runs[i], "implementation"));
    putchar('\n');
    if (format == COMPARE_MARKDOWN) {
        fputs("|---|", stdout);
        for (size_t i = 0; i < count; i++)
            fputs("---|", stdout);
        putchar('\n');
    }
    for (size_t i = 0; i < count; i++) {
        size_t j;
        const json_t *row;
        json_array_foreach(json_object_get(runs[i], "cases"), j,
                           row) if (!is_in_earlier_run(runs, i, text_of_member(row, "id")))
            print_matrix_row(runs, count, text_of_member(row, "id"), format);
    }
}

static int compare_runs(const struct compare_options *o, json_t *const *runs, size_t count)
{
    if (o->format == COMPARE_HTML) {
        json_t *list = json_array();
        for (size_t i = 0; i < count; i++)
            json_array_append(list, runs[i]);
        report_html_runs(list, stdout);
        json_decref(list);
    } else if (o->matrix) {
        print_matrix(runs, count, o->format);
    } else {
        return print_changes(runs[0], runs[1], o->format) > 0 ? EXIT_FAILED : EXIT_PASSED;
    }
    return EXIT_PASSED;
}

static int take_option(int option, int argc, char **argv, struct compare_options *o)
{
    static const char *const names[] = {"text", "markdown", "html"};
    if (option == 'm') {
        o->matrix = true;
        return EXIT_PASSED;
    }
    if (option != 'f')
        return command_refuse_option(argc, argv);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(optarg, names[i]) == 0) {
            o->format = (enum compare_format)i;
            return EXIT_PASSED;
        }
    return command_refuse(argv[0], "format '%s' is none of text, markdown, html", optarg);
}

int command_compare(int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                            {"matrix", no_argument, NULL, 'm'},
                                            {"format", required_argument, NULL, 'f'},
                                            {NULL, 0, NULL, 0}};
    struct compare_options o = {0};
    json_t *runs[RUNS_MAX];
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":h", options, NULL)) != -1;) {
        if (option == 'h') {
            print_help();
            return command_finish(argv[0], EXIT_PASSED);
        }
        int code = take_option(option, argc, argv, &o);
        if (code != EXIT_PASSED)
            return code;
    }
    size_t wanted = (size_t)(argc - optind), count = 0;
    if (wanted == 0 || wanted > RUNS_MAX || (!o.matrix && wanted != 2))
        return command_refuse(
            argv[0], o.matrix ? "--matrix takes 1 to %d reports" : "which two reports? try --help", RUNS_MAX);
    int code = EXIT_PASSED;
    while (count < wanted && (runs[count] = load_run(argv[0], argv[optind + (int)count])) != NULL)
        count++;
    code = count == wanted ? compare_runs(&o, runs, count) : EXIT_USAGE;
    for (size_t i = 0; i < count; i++)
        json_decref(runs[i]);
    return command_finish(argv[0], code);
}
