/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command_run: run cases against an implementation and report.
 */
#include "commands.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iut/deviant.h"
#include "iut/iut.h"
#include "memory.h"
#include "report/report.h"
#include "runner.h"

#define EXCLUDED_MAX 64

enum report_format { FORMAT_TEXT, FORMAT_TAP, FORMAT_JSON };

struct run_options {
    const char *data;
    const struct iut_driver *driver;
    const struct deviation *deviation; /* or NULL */
    enum report_format format;
    const char *excluded[EXCLUDED_MAX];
    size_t excluded_count;
};

static const struct iut_driver *const drivers[] = {&iut_reference, &iut_silent};
#define DRIVER_COUNT (sizeof(drivers) / sizeof(drivers[0]))

static void print_run_help(void)
{
    puts("Usage: dmvpn-conform run --iut NAME [OPTION...] [PATTERN...]\n"
         "Run cases against an implementation.\n\n"
         "  --iut NAME        the implementation under test:");
    for (size_t i = 0; i < DRIVER_COUNT; i++)
        printf("                      %-10s %s\n", drivers[i]->name, drivers[i]->words);
    puts("  --format FORMAT   text (default), tap or json\n"
         "  --exclude GLOB    leave cases out; may be given several times\n"
         "  --deviation NAME  plant a fault between the implementation and the wire ('dmvpn-conform "
         "deviations')\n"
         "  --data DIR        the folder with cases/ and requirements/ (default: " CONFORM_DATA ")\n"
         "  PATTERN           ids of cases, or globs; all if there is none\n\n"
         "Examples:\n"
         "  dmvpn-conform run --iut reference\n"
         "  dmvpn-conform run --iut reference --format json 'phase3-*'\n"
         "  dmvpn-conform run --iut reference --deviation redirect-twice phase3-hub\n"
         "Exit codes: 0 all passed, 1 something failed, 2 usage or a bad file, 3 nothing selected.");
}

static const struct iut_driver *find_driver(const char *name)
{
    for (size_t i = 0; i < DRIVER_COUNT; i++)
        if (strcmp(drivers[i]->name, name) == 0)
            return drivers[i];
    return NULL;
}

static int take_format(const char *command, const char *name, enum report_format *out)
{
    static const char *const names[] = {"text", "tap", "json"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(name, names[i]) == 0) {
            *out = (enum report_format)i;
            return EXIT_PASSED;
        }
    return command_refuse(command, "format '%s' is none of text, tap, json", name);
}

/* One option: EXIT_PASSED to go on. */
static int take_option(int option, int argc, char **argv, struct run_options *o)
{
    switch (option) {
    case 'd':
        o->data = optarg;
        return EXIT_PASSED;
    case 'i':
        o->driver = find_driver(optarg);
        return o->driver != NULL
                   ? EXIT_PASSED
                   : command_refuse(argv[0], "there is no implementation '%s'; try --help", optarg);
    case 'v':
        o->deviation = deviation_find(optarg);
        return o->deviation != NULL
                   ? EXIT_PASSED
                   : command_refuse(argv[0],
                                    "there is no deviation '%s'; 'dmvpn-conform deviations' lists them",
                                    optarg);
    case 'f':
        return take_format(argv[0], optarg, &o->format);
    case 'x':
        if (o->excluded_count == EXCLUDED_MAX)
            return command_refuse(argv[0], "more than %d times --exclude", EXCLUDED_MAX);
        o->excluded[o->excluded_count++] = optarg;
        return EXIT_PASSED;
    default:
        return command_refuse_option(argc, argv);
    }
}

static void report(const struct run_result *run, enum report_format format)
{
    switch (format) {
    case FORMAT_TEXT:
        report_text(run, stdout, isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL);
        break;
    case FORMAT_TAP:
        report_tap(run, stdout);
        break;
    case FORMAT_JSON:
        report_json(run, stdout);
        break;
    }
}

/* An unusable capture is a bad file, which the exit code says before it says anything about the others. */
static int exit_code_of(const char *command, const struct run_result *run)
{
    for (size_t i = 0; i < run->count; i++)
        if (run->cases[i].verdict == VERDICT_ERROR)
            return command_refuse(command, "%s", run->cases[i].error);
    return run->verdicts[VERDICT_FAIL] > 0 ? EXIT_FAILED : EXIT_PASSED;
}

static int run_selection(const char *command, const struct run_options *o, const struct selection *selection)
{
    struct deviant_setup deviant = {.inner = o->driver, .deviation = o->deviation};
    struct run_result run = {
        .implementation = o->driver->name,
        .deviation = o->deviation != NULL ? o->deviation->name : NULL,
        .cases = memory_zeroed(selection->count, sizeof(*run.cases)),
        .count = selection->count,
    };
    for (size_t i = 0; i < selection->count; i++) {
        if (o->deviation != NULL)
            runner_run(selection->cases[i], &selection->requirements, &iut_deviant, &deviant, &run.cases[i]);
        else
            runner_run(selection->cases[i], &selection->requirements, o->driver, NULL, &run.cases[i]);
        run_count(&run, run.cases[i].verdict);
    }
    report(&run, o->format);
    int code = exit_code_of(command, &run);
    for (size_t i = 0; i < run.count; i++)
        result_free(&run.cases[i]);
    free(run.cases);
    return command_finish(command, code);
}

int command_run(int argc, char **argv)
{
    static const struct option options[] = {
        {"help", no_argument, NULL, 'h'},
        {"data", required_argument, NULL, 'd'},
        {"iut", required_argument, NULL, 'i'},
        {"deviation", required_argument, NULL, 'v'},
        {"format", required_argument, NULL, 'f'},
        {"exclude", required_argument, NULL, 'x'},
        {NULL, 0, NULL, 0},
    };
    struct run_options o = {.data = CONFORM_DATA};
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":h", options, NULL)) != -1;) {
        if (option == 'h') {
            print_run_help();
            return command_finish(argv[0], EXIT_PASSED);
        }
        int code = take_option(option, argc, argv, &o);
        if (code != EXIT_PASSED)
            return code;
    }
    if (o.driver == NULL)
        return command_refuse(argv[0], "which implementation? '--iut reference', say; try --help");
    struct selection_patterns patterns = {.wanted = argv + optind,
                                          .wanted_count = (size_t)(argc - optind),
                                          .excluded = o.excluded,
                                          .excluded_count = o.excluded_count};
    struct selection selection;
    int code = command_select(argv[0], o.data, &patterns, &selection);
    if (code != EXIT_PASSED)
        return code;
    code = run_selection(argv[0], &o, &selection);
    selection_free(&selection);
    return code;
}
