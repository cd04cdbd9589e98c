/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command_list: what there is: cases, the comparison's policy, planted faults.
 */
#include "commands.h"

#include <getopt.h>
#include <string.h>

#include "deviations/deviations.h"
#include "feature.h"
#include "policy.h"

static const struct option help_only[] = {{"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};

static void print_list_help(void)
{
    puts("Usage: dmvpn-conform list [OPTION...] [PATTERN...]\n"
         "List the cases: id, phase, role under test, title.\n\n"
         "  --requirements    under each case, the requirements that it checks, its features and tags");
    filter_print_help();
    puts("\nExamples:\n"
         "  dmvpn-conform list\n"
         "  dmvpn-conform list --requirements 'phase3-*'\n"
         "  dmvpn-conform list --role transit --level MUST --clause 'RFC2332 §5.3.2'");
}

static void print_words(const char *what, const char *const *words, size_t count)
{
    if (count == 0)
        return;
    printf("    %s:", what);
    for (size_t i = 0; i < count; i++)
        printf(" %s", words[i]);
    putchar('\n');
}

static void print_cases(const struct selection *selection, bool with_requirements)
{
    size_t width = 0;
    for (size_t i = 0; i < selection->count; i++)
        if (strlen(selection->cases[i]->id) > width)
            width = strlen(selection->cases[i]->id);
    for (size_t i = 0; i < selection->count; i++) {
        const struct conform_case *c = selection->cases[i];
        printf("%-*s  phase %u  %-7s  %s\n", (int)width, c->id, c->phase, case_role_words(c->role), c->title);
        for (size_t j = 0; with_requirements && j < c->requirement_count; j++)
            printf("    %-8s  %-40s  %s\n", requirement_level_words(c->requirements[j]->level),
                   c->requirements[j]->id, c->requirements[j]->clause);
        if (with_requirements) {
            print_words("features", c->features, c->feature_count);
            print_words("tags", c->tags, c->tag_count);
        }
    }
}

int command_list(int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                            {"requirements", no_argument, NULL, 'r'},
                                            FILTER_OPTIONS,
                                            {NULL, 0, NULL, 0}};
    struct filter_options filter = {.data = NULL};
    bool with_requirements = false;
    int code = EXIT_PASSED;
    opterr = 0;
    for (int option; code == EXIT_PASSED && (option = getopt_long(argc, argv, ":h", options, NULL)) != -1;) {
        if (option == 'h') {
            print_list_help();
            return command_finish(argv[0], EXIT_PASSED);
        }
        if (option == 'r')
            with_requirements = true;
        else
            code = option >= FILTER_DATA ? filter_take(argv[0], option, optarg, &filter)
                                         : command_refuse_option(argc, argv);
    }
    filter.patterns.wanted = argv + optind;
    filter.patterns.wanted_count = (size_t)(argc - optind);
    struct selection selection;
    if (code == EXIT_PASSED)
        code = command_select(argv[0], &filter, &selection);
    if (code != EXIT_PASSED)
        return code;
    print_cases(&selection, with_requirements);
    selection_free(&selection);
    return command_finish(argv[0], code);
}

/* Take no argument but --help: true if the command should go on; else *code is set. */
static bool take_help_only(int argc, char **argv, const char *help, int *code)
{
    opterr = 0;
    int option = getopt_long(argc, argv, ":h", help_only, NULL);
    if (option == 'h') {
        puts(help);
        *code = command_finish(argv[0], EXIT_PASSED);
    } else if (option != -1) {
        *code = command_refuse_option(argc, argv);
    } else if (optind < argc) {
        *code = command_refuse(argv[0], "'%s' is one argument too many", argv[optind]);
    } else {
        return true;
    }
    return false;
}

/* "1 3", "data": which packets a row of the policy is about. */
static void print_messages(unsigned messages)
{
    if (messages == 0xffff) {
        printf("%-13s", "all");
        return;
    }
    char text[32] = "";
    size_t at = 0;
    if (messages & POLICY_DATA)
        at += (size_t)snprintf(text, sizeof(text), "data ");
    for (unsigned type = 1; type <= 8; type++)
        if (messages & POLICY_NHRP(type))
            at += (size_t)snprintf(text + at, sizeof(text) - at, "%u ", type);
    printf("%-13s", text);
}

/* Blank where a row is about every phase. */
static void print_phases(unsigned phases)
{
    char text[16] = "";
    size_t at = 0;
    for (unsigned phase = 1; phase <= 3; phase++)
        if (phases != POLICY_ANY_PHASE && (phases & POLICY_PHASE(phase)))
            at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%u", at > 0 ? "," : "phase ", phase);
    printf("%-11s", text);
}

int command_policy(int argc, char **argv)
{
    static const char *const origins[] = {"own", "reply", "forwarded"};
    int code;
    if (!take_help_only(
            argc, argv,
            "Usage: dmvpn-conform policy\n"
            "Print the comparison's policy: for which packets (NHRP types, data), in which phase, sent how, "
            "a field is\n"
            "compared how, and which requirement a difference violates. The first row that fits decides.\n\n"
            "Example:\n  dmvpn-conform policy | grep prefix",
            &code))
        return code;
    for (size_t i = 0; i < policy_row_count(); i++) {
        const struct policy_row *row = policy_row_at(i);
        char who[32] = "";
        for (unsigned o = 0; o < 3; o++)
            if ((row->origins & 1u << o) && row->origins != 7)
                snprintf(who, sizeof(who), "%s", origins[o]);
        print_messages(row->messages);
        print_phases(row->phases);
        printf("%-10s%-28s%-58s %s\n", who, row->pattern, policy_treatment_words(row->treatment),
               row->requirement);
    }
    return command_finish(argv[0], EXIT_PASSED);
}

int command_features(int argc, char **argv)
{
    int code;
    if (!take_help_only(argc, argv,
                        "Usage: dmvpn-conform features\n"
                        "List the features: what a case may need, and a profile may claim.\n\n"
                        "Example:\n  dmvpn-conform features",
                        &code))
        return code;
    for (size_t i = 0; i < feature_count(); i++)
        printf("%-26s%s\n", feature_at(i)->name, feature_at(i)->words);
    return command_finish(argv[0], EXIT_PASSED);
}

int command_deviations(int argc, char **argv)
{
    int code;
    if (!take_help_only(argc, argv,
                        "Usage: dmvpn-conform deviations\n"
                        "List the faults that can be planted between an implementation and the wire.\n\n"
                        "Example:\n  dmvpn-conform run --iut reference --deviation hop-count-zero",
                        &code))
        return code;
    for (size_t i = 0; i < deviation_count(); i++)
        printf("%-24s%s\n", deviation_at(i)->name, deviation_at(i)->words);
    return command_finish(argv[0], EXIT_PASSED);
}
