/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command_run: run cases against an implementation and report.
 */
#include "commands.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "data_folder.h"
#include "isolate.h"
#include "iut/deviant.h"
#include "iut/exec.h"
#include "iut/raw.h"
#include "memory.h"
#include "profile.h"
#include "report/report.h"

#define LIMIT_S_VIRTUAL 10
#define LIMIT_S_REAL    600

enum run_option {
    OPTION_IUT = 1,
    OPTION_EXEC,
    OPTION_LIVE,
    OPTION_RAW,
    OPTION_NETNS,
    OPTION_HOST_INTERFACE,
    OPTION_HOST_GATEWAY,
    OPTION_PREPARE,
    OPTION_DEVIATION,
    OPTION_FORMAT,
    OPTION_CAPTURES,
    OPTION_PROFILE,
    OPTION_BASELINE,
    OPTION_WRITE_BASELINE,
    OPTION_MAX_SKIPPED,
    OPTION_TIME_LIMIT,
    OPTION_HELP = 'h',
};

struct run_options {
    struct filter_options filter;
    const struct iut_driver *driver;
    const char *command; /* for exec */
    struct live_setup live;
    const struct deviation *deviation; /* or NULL */
    enum report_kind format;
    const char *captures;     /* folder, or NULL */
    const char *profile_name; /* or NULL */
    const char *baseline;
    const char *new_baseline;
    long max_skipped; /* -1: no limit */
    long limit_s;     /* 0: as the driver needs */
};

static const struct iut_driver *const named_drivers[] = {&iut_reference, &iut_silent};
#define DRIVER_COUNT (sizeof(named_drivers) / sizeof(named_drivers[0]))

static void print_run_help(void)
{
    puts("Usage: dmvpn-conform run --iut NAME | --exec COMMAND | --live INTERFACE | --raw [OPTION...] "
         "[PATTERN...]\n"
         "Run cases against an implementation.\n\n"
         "  --iut NAME        the implementation under test:");
    for (size_t i = 0; i < DRIVER_COUNT; i++)
        printf("                      %-10s %s\n", named_drivers[i]->name, named_drivers[i]->words);
    puts("  --exec COMMAND    a program that speaks the protocol of docs/conformance.md\n"
         "  --live INTERFACE  a router on that wire; with --host-interface IF and --host-gateway ADDRESS "
         "also its\n"
         "                    host side; --netns NAME: both are in that network namespace\n"
         "  --raw             a peer behind this machine's IP stack, with whatever IPsec the kernel does\n"
         "  --prepare COMMAND before each live case, to configure and reset the router; CONFORM_NODE is set\n"
         "  --profile NAME    its features and known deviations (profiles/NAME.yaml, or a path)\n"
         "  --baseline FILE   cases that are known to fail, one a line with the reason\n"
         "  --write-baseline FILE   write what failed\n"
         "  --max-skipped N   fail if more cases than that are not applicable or inconclusive\n"
         "  --time-limit S    real seconds that a case may take\n"
         "  --format FORMAT   text (default), tap, junit, json, markdown or html\n"
         "  --captures DIR    also write the packets of each case, DIR/CASE.pcapng, with the verdict as a "
         "comment\n"
         "  --deviation NAME  plant a fault between the implementation and the wire ('dmvpn-conform "
         "deviations')");
    filter_print_help();
    puts("\nExamples:\n"
         "  dmvpn-conform run --iut reference\n"
         "  dmvpn-conform run --iut reference --format json 'phase3-*'\n"
         "  dmvpn-conform run --iut reference --deviation redirect-twice phase3-hub\n"
         "  dmvpn-conform run --live eth1 --profile cisco-ios --role hub\n"
         "Exit codes: 0 all passed, 1 something failed, 2 usage or a bad file, 3 nothing selected,\n"
         "            4 nothing failed but something is inconclusive, 5 a fault of the suite.");
}

static int take_driver(const char *command, const char *name, struct run_options *o)
{
    for (size_t i = 0; i < DRIVER_COUNT; i++)
        if (strcmp(named_drivers[i]->name, name) == 0) {
            o->driver = named_drivers[i];
            return EXIT_PASSED;
        }
    return command_refuse(command, "there is no implementation '%s'; try --help", name);
}

static int take_format(const char *command, const char *name, enum report_kind *out)
{
    return report_kind_find(name, out)
               ? EXIT_PASSED
               : command_refuse(command, "format '%s' is none of %s", name, report_kind_names());
}

static int take_number(const char *command, const char *what, const char *text, long least, long *out)
{
    char *end;
    *out = strtol(text, &end, 10);
    if (end == text || *end != '\0' || *out < least || *out > 1000000)
        return command_refuse(command, "--%s '%s' is no number from %ld on", what, text, least);
    return EXIT_PASSED;
}

static int take_deviation(const char *command, const char *name, struct run_options *o)
{
    o->deviation = deviation_find(name);
    return o->deviation != NULL
               ? EXIT_PASSED
               : command_refuse(command, "there is no deviation '%s'; 'dmvpn-conform deviations' lists them",
                                name);
}

/* Options that name the implementation or something about it: true if it was one. */
static bool take_implementation(int option, struct run_options *o)
{
    switch (option) {
    case OPTION_EXEC:
        o->driver = &iut_exec;
        o->command = optarg;
        return true;
    case OPTION_LIVE:
        o->driver = &iut_live;
        o->live.interface = optarg;
        return true;
    case OPTION_RAW:
        o->driver = &iut_raw;
        return true;
    case OPTION_NETNS:
        o->live.netns = optarg;
        return true;
    case OPTION_HOST_INTERFACE:
        o->live.host_interface = optarg;
        return true;
    case OPTION_HOST_GATEWAY:
        o->live.host_gateway = optarg;
        return true;
    case OPTION_PREPARE:
        o->live.prepare = optarg;
        return true;
    case OPTION_CAPTURES:
        o->captures = optarg;
        return true;
    case OPTION_PROFILE:
        o->profile_name = optarg;
        return true;
    case OPTION_BASELINE:
        o->baseline = optarg;
        return true;
    case OPTION_WRITE_BASELINE:
        o->new_baseline = optarg;
        return true;
    }
    return false;
}

/* One option: EXIT_PASSED to go on. */
static int take_option(int option, int argc, char **argv, struct run_options *o)
{
    if (take_implementation(option, o))
        return EXIT_PASSED;
    switch (option) {
    case OPTION_IUT:
        return take_driver(argv[0], optarg, o);
    case OPTION_DEVIATION:
        return take_deviation(argv[0], optarg, o);
    case OPTION_FORMAT:
        return take_format(argv[0], optarg, &o->format);
    case OPTION_MAX_SKIPPED:
        return take_number(argv[0], "max-skipped", optarg, 0, &o->max_skipped);
    case OPTION_TIME_LIMIT:
        return take_number(argv[0], "time-limit", optarg, 1, &o->limit_s);
    }
    return option >= FILTER_DATA ? filter_take(argv[0], option, optarg, &o->filter)
                                 : command_refuse_option(argc, argv);
}

static void report(const struct run_result *run, enum report_kind format)
{
    report_write(run, format, stdout, isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL);
}

static int exit_code_of(const char *command, const struct run_options *o, const struct run_result *run)
{
    for (size_t i = 0; i < run->count; i++)
        if (run->cases[i].verdict == VERDICT_ERROR) {
            command_refuse(command, "%s", run->cases[i].error);
            return EXIT_SUITE;
        }
    size_t skipped = run->verdicts[VERDICT_NOT_APPLICABLE] + run->verdicts[VERDICT_INCONCLUSIVE];
    if (run->verdicts[VERDICT_FAIL] > 0 || run->verdicts[VERDICT_UNEXPECTED_PASS] > 0)
        return EXIT_FAILED;
    if (o->max_skipped >= 0 && skipped > (size_t)o->max_skipped) {
        command_refuse(command, "%zu cases were not judged, and %ld may be", skipped, o->max_skipped);
        return EXIT_FAILED;
    }
    return run->verdicts[VERDICT_INCONCLUSIVE] > 0 ? EXIT_INCONCLUSIVE : EXIT_PASSED;
}

static void run_case(const struct run_options *o, const struct profile *profile,
                     const struct requirement_table *requirements, const struct conform_case *c,
                     struct case_result *out)
{
    const void *setup = o->driver == &iut_exec                               ? (const void *)o->command
                        : o->live.interface != NULL || o->driver == &iut_raw ? (const void *)&o->live
                                                                             : NULL;
    struct deviant_setup deviant = {.inner = o->driver, .inner_setup = setup, .deviation = o->deviation};
    bool is_virtual = o->driver == &iut_reference || o->driver == &iut_silent;
    long limit_s = o->limit_s > 0 ? o->limit_s : is_virtual ? LIMIT_S_VIRTUAL : LIMIT_S_REAL;
    const char *missing = profile != NULL ? profile_missing_feature(profile, c) : NULL;
    if (missing != NULL) {
        *out = (struct case_result){.c = c,
                                    .verdict = VERDICT_NOT_APPLICABLE,
                                    .reason = REASON_FEATURE,
                                    .error = memory_format("needs the feature '%s'", missing)};
        return;
    }
    struct iut_driver driver = *o->driver;
    if (profile != NULL)
        driver.probe = profile->probe;
    if (o->deviation != NULL)
        isolate_run(c, requirements, &iut_deviant, &deviant, (unsigned)limit_s, out);
    else
        isolate_run(c, requirements, &driver, setup, (unsigned)limit_s, out);
}

static int64_t real_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * US_PER_S + now.tv_nsec / 1000;
}

static int run_selection(const char *command, const struct run_options *o, const struct profile *profile,
                         const struct known_list *baseline, const struct selection *selection)
{
    struct run_result run = {
        .implementation = o->driver->name,
        .deviation = o->deviation != NULL ? o->deviation->name : NULL,
        .profile = profile != NULL ? profile->name : NULL,
        .cases = memory_zeroed(selection->count, sizeof(*run.cases)),
        .count = selection->count,
    };
    int64_t began = real_us();
    for (size_t i = 0; i < selection->count; i++) {
        run_case(o, profile, &selection->requirements, selection->cases[i], &run.cases[i]);
        known_apply(baseline, &run.cases[i]);
        if (profile != NULL)
            known_apply(&profile->known, &run.cases[i]);
        run_count(&run, run.cases[i].verdict);
        if (isatty(STDERR_FILENO))
            report_progress(i + 1, selection->count, selection->cases[i]->id, stderr);
    }
    run.took_us = real_us() - began;
    report(&run, o->format);
    int code = exit_code_of(command, o, &run);
    char error[KNOWN_ERROR_MAX], why[REPORT_ERROR_MAX];
    if (o->captures != NULL && !report_captures(&run, o->captures, why))
        code = command_refuse(command, "%s", why);
    if (o->new_baseline != NULL && !known_write_baseline(o->new_baseline, &run, error))
        code = command_refuse(command, "%s", error);
    for (size_t i = 0; i < run.count; i++)
        result_free(&run.cases[i]);
    free(run.cases);
    return command_finish(command, code);
}

/* The profile and the baseline, then the cases. */
static int run_with_options(const char *command, struct run_options *o)
{
    char error[PROFILE_ERROR_MAX], today[16];
    struct known_list baseline = {.items = NULL};
    struct profile *profile = NULL;
    struct selection selection;
    const char *data = o->filter.data != NULL ? o->filter.data : data_folder_default();
    time_t now = time(NULL);
    strftime(today, sizeof(today), "%Y-%m-%d", gmtime(&now));
    int code = command_select(command, &o->filter, &selection);
    if (code != EXIT_PASSED)
        return code;
    if (o->baseline != NULL && !known_load_baseline(o->baseline, &baseline, error))
        code = command_refuse(command, "%s", error);
    if (code == EXIT_PASSED && o->profile_name != NULL) {
        profile = profile_load(data, o->profile_name, today, stderr, error);
        if (profile == NULL)
            code = command_refuse(command, "%s", error);
    }
    if (code == EXIT_PASSED)
        code = run_selection(command, o, profile, &baseline, &selection);
    profile_free(profile);
    known_free(&baseline);
    selection_free(&selection);
    return code;
}

int command_run(int argc, char **argv)
{
    static const struct option options[] = {
        {"help", no_argument, NULL, OPTION_HELP},
        {"iut", required_argument, NULL, OPTION_IUT},
        {"exec", required_argument, NULL, OPTION_EXEC},
        {"live", required_argument, NULL, OPTION_LIVE},
        {"raw", no_argument, NULL, OPTION_RAW},
        {"netns", required_argument, NULL, OPTION_NETNS},
        {"host-interface", required_argument, NULL, OPTION_HOST_INTERFACE},
        {"host-gateway", required_argument, NULL, OPTION_HOST_GATEWAY},
        {"prepare", required_argument, NULL, OPTION_PREPARE},
        {"deviation", required_argument, NULL, OPTION_DEVIATION},
        {"format", required_argument, NULL, OPTION_FORMAT},
        {"captures", required_argument, NULL, OPTION_CAPTURES},
        {"profile", required_argument, NULL, OPTION_PROFILE},
        {"baseline", required_argument, NULL, OPTION_BASELINE},
        {"write-baseline", required_argument, NULL, OPTION_WRITE_BASELINE},
        {"max-skipped", required_argument, NULL, OPTION_MAX_SKIPPED},
        {"time-limit", required_argument, NULL, OPTION_TIME_LIMIT},
        FILTER_OPTIONS,
        {NULL, 0, NULL, 0},
    };
    struct run_options o = {.max_skipped = -1};
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":h", options, NULL)) != -1;) {
        if (option == OPTION_HELP) {
            print_run_help();
            return command_finish(argv[0], EXIT_PASSED);
        }
        int code = take_option(option, argc, argv, &o);
        if (code != EXIT_PASSED)
            return code;
    }
    if (o.driver == NULL)
        return command_refuse(argv[0], "which implementation? '--iut reference', say; try --help");
    if (o.driver == &iut_live && o.live.host_interface != NULL)
        o.driver = &iut_live_hosted;
    o.filter.patterns.wanted = argv + optind;
    o.filter.patterns.wanted_count = (size_t)(argc - optind);
    return run_with_options(argv[0], &o);
}
