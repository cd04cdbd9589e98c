/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dmvpn-conform: judges DMVPN implementations by captures. This file knows the sub-commands and nothing else.
 */
#include "commands.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <string.h>

#include "data_folder.h"

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *words;
};

static const struct command commands[] = {
    {"list", command_list, "list the cases"},
    {"show", command_show, "show a case: its story, steps and packets"},
    {"run", command_run, "run cases against an implementation"},
    {"compare", command_compare, "compare the reports of several runs"},
    {"requirements", command_requirements, "list the requirements, and what looks at each"},
    {"audit", command_audit, "apply the rules to captures that others made"},
    {"selftest", command_selftest, "plant faults, and see that the cases notice them"},
    {"configure", command_configure, "print how an implementation is configured for the cases"},
    {"features", command_features, "list the features that cases need and profiles claim"},
    {"policy", command_policy, "print which differences matter, and which requirement each violates"},
    {"deviations", command_deviations, "list the faults that 'run --deviation' can plant"},
};
#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static void print_help(void)
{
    puts(
        "Usage: dmvpn-conform COMMAND [OPTION...] [PATTERN...]\n"
        "Judge a DMVPN implementation: play every other party from a capture and compare what comes back.\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("  %-12s %s\n", commands[i].name, commands[i].words);
    puts("\nOptions: --help, --version; 'dmvpn-conform COMMAND --help' has examples.\n"
         "Exit codes: 0 all passed, 1 something failed, 2 usage or a bad file, 3 nothing selected,\n"
         "            4 nothing failed but something is inconclusive, 5 a fault of the suite.");
}

int command_refuse(const char *command, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "dmvpn-conform%s%s: ", command != NULL ? " " : "", command != NULL ? command : "");
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return EXIT_USAGE;
}

int command_refuse_option(int argc, char **argv)
{
    const char *word = optind > 0 && optind <= argc ? argv[optind - 1] : "";
    return command_refuse(argv[0], "option '%s' is not understood; try --help", word);
}

int command_select(const char *command, const struct filter_options *options, struct selection *out)
{
    char error[SELECTION_ERROR_MAX];
    const char *data = options->data != NULL ? options->data : data_folder_default();
    if (!selection_load(data, &options->patterns, out, error))
        return command_refuse(command, "%s", error);
    if (out->count == 0) {
        command_refuse(command,
                       out->left_out == 0
                           ? "no case matches"
                           : "all cases that match are in cases/excluded.txt; --with-excluded takes them");
        selection_free(out);
        return EXIT_NOTHING;
    }
    return EXIT_PASSED;
}

int command_finish(const char *command, int code)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        return command_refuse(command, "standard output: %s", strerror(errno));
    return code;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return command_refuse(NULL, "which command? 'dmvpn-conform --help' lists them");
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_help();
        return command_finish(NULL, EXIT_PASSED);
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("dmvpn-conform " CONFORM_VERSION);
        return command_finish(NULL, EXIT_PASSED);
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    return command_refuse(NULL, "there is no command '%s'; 'dmvpn-conform --help' lists them", argv[1]);
}
