/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command_show: one case for a reader: what it is about, what it does step by step, and the packets, decoded;
 * and how an implementation is configured for it.
 */
#include "commands.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "codec/dump.h"
#include "data_folder.h"
#include "edit/edit.h"
#include "memory.h"
#include "profile.h"
#include "script.h"

#define LINE_MAX_OCTETS 256

static const char *const verb_words[] = {
    [VERB_GIVEN] = "given",      [VERB_REPLAY] = "replay",       [VERB_SEND] = "send",
    [VERB_HOST] = "from a host", [VERB_EXPECT] = "expect",       [VERB_DELIVER] = "deliver",
    [VERB_QUIET] = "quiet",      [VERB_ADVANCE] = "time passes",
};

static void print_field(void *arg, unsigned depth, const char *name, const char *text)
{
    (void)arg;
    printf("          %*s%s: %s\n", (int)depth * 2, "", name, text);
}

/* One line, and for NHRP every field if asked for. */
static void print_packet(const char *who, struct span bytes, bool with_fields)
{
    char line[LINE_MAX_OCTETS];
    struct packet packet;
    printf("      %s %s\n", who, dump_packet_line(bytes, line, sizeof(line)));
    packet_decode(bytes, &packet);
    if (with_fields && packet.kind == PACKET_NHRP)
        dump_nhrp_fields(&packet.nhrp, print_field, NULL);
}

static const struct step *find_frame(const struct script *script, size_t number)
{
    for (size_t i = 0; i < script->count; i++)
        if (script->steps[i].frame == number)
            return &script->steps[i];
    return NULL;
}

static void print_frame(const struct script *script, size_t number, bool with_fields)
{
    const struct step *frame = find_frame(script, number);
    char who[48];
    if (frame == NULL)
        return;
    snprintf(who, sizeof(who), "frame %zu %s", number, frame->kind == STEP_INJECT ? "->" : "<-");
    print_packet(who, span_of(frame->bytes, frame->len), with_fields);
}

/* The frame as the step changes it, where that does not hang on what the implementation sends. */
static void print_edited(const struct script *script, const struct case_step *step, size_t number,
                         bool with_fields)
{
    const struct step *frame = find_frame(script, number);
    struct edit_octets edited;
    char error[EDIT_ERROR_MAX];
    struct edit_sources none = {.sent = NULL};
    for (size_t i = 0; i < step->edit_count; i++)
        printf("      %s\n", step->edits[i]);
    if (frame != NULL && step->edit_count > 0 &&
        edit_packet(span_of(frame->bytes, frame->len), step->edits, step->edit_count, &none,
                    !step->leave_wrong, &edited, error)) {
        print_packet("so", span_of(edited.data, edited.len), with_fields);
        free(edited.data);
    }
}

static void print_messages(unsigned messages)
{
    const char *between = "";
    for (uint8_t type = 1; type <= 8; type++)
        if (messages & POLICY_NHRP(type)) {
            printf("%s%s", between, nhrp_type_words(type));
            between = " or ";
        }
    if (messages & POLICY_DATA)
        printf("%sdata", between);
}

static void print_step(const struct script *script, const struct case_step *step, size_t number,
                       bool with_fields)
{
    printf("  %2zu  %s", number, verb_words[step->verb]);
    if (step->verb == VERB_ADVANCE)
        printf(": %lld ms", (long long)(step->within_us / US_PER_MS));
    if (step->verb == VERB_QUIET)
        fputs(step->messages != 0 ? " but for " : " until a probe is answered", stdout);
    else if (step->verb == VERB_EXPECT)
        putchar(' ');
    print_messages(step->messages);
    if (step->times > 1)
        printf(", %zu times", step->times);
    if (step->has_within && step->verb != VERB_ADVANCE)
        printf(", within %lld ms", (long long)(step->within_us / US_PER_MS));
    puts(step->is_should ? "  (should)" : "");
    if (step->story != NULL)
        printf("      %s\n", step->story);
    for (size_t i = 0; i < step->frame_count; i++)
        print_frame(script, step->frames[i], with_fields && step->edit_count == 0);
    if (step->like != 0)
        print_frame(script, step->like, with_fields && step->edit_count == 0);
    print_edited(script, step, step->frame_count > 0 ? step->frames[0] : step->like, with_fields);
    for (size_t i = 0; i < step->condition_count; i++)
        printf("      where %s\n", step->conditions[i]);
    for (size_t i = 0; i < step->mask_count; i++)
        printf("      whatever %s is\n", step->masks[i]);
    if (step->requirement != NULL)
        printf("      else %s\n", step->requirement->id);
}

static int show_case(const char *command, const struct conform_case *c, bool with_fields)
{
    struct script script;
    char error[SCRIPT_ERROR_MAX];
    printf("%s: %s\n", c->id, c->title);
    printf("  phase %u, %s under test, configuration %s, %s\n\n", c->phase, case_role_words(c->role),
           c->configuration != NULL ? c->configuration : "of its own", c->capture_path);
    printf("%s\n", c->story);
    for (size_t i = 0; i < c->requirement_count; i++)
        printf("  %-9s %-16s %s\n            %s\n", requirement_level_words(c->requirements[i]->level),
               c->requirements[i]->clause, c->requirements[i]->id, c->requirements[i]->text);
    putchar('\n');
    if (!script_load(c, &script, error)) {
        command_refuse(command, "%s", error);
        return EXIT_SUITE;
    }
    if (c->step_count == 0)
        puts("  The capture is replayed; -> are frames for the role under test, <- what it owes.");
    for (size_t i = 0; c->step_count == 0 && i < script.count; i++)
        print_frame(&script, script.steps[i].frame, with_fields);
    for (size_t i = 0; i < c->step_count; i++)
        print_step(&script, &c->steps[i], i + 1, with_fields);
    script_free(&script);
    return EXIT_PASSED;
}

static void print_show_help(void)
{
    puts("Usage: dmvpn-conform show [OPTION...] PATTERN...\n"
         "Show cases: story, requirements, steps, packets.\n\n"
         "  --fields          every field of the NHRP messages");
    filter_print_help();
    puts("\nExamples:\n"
         "  dmvpn-conform show hub-unique-conflict\n"
         "  dmvpn-conform show --fields phase1-spoke");
}

int command_show(int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                            {"fields", no_argument, NULL, 'f'},
                                            FILTER_OPTIONS,
                                            {NULL, 0, NULL, 0}};
    struct filter_options filter = {.patterns = {.with_excluded = true}};
    bool with_fields = false;
    int code = EXIT_PASSED;
    opterr = 0;
    for (int option; code == EXIT_PASSED && (option = getopt_long(argc, argv, ":h", options, NULL)) != -1;) {
        if (option == 'h') {
            print_show_help();
            return command_finish(argv[0], EXIT_PASSED);
        }
        if (option == 'f')
            with_fields = true;
        else
            code = option >= FILTER_DATA ? filter_take(argv[0], option, optarg, &filter)
                                         : command_refuse_option(argc, argv);
    }
    if (code == EXIT_PASSED && optind == argc)
        code = command_refuse(argv[0], "which case? 'dmvpn-conform list' lists them");
    filter.patterns.wanted = argv + optind;
    filter.patterns.wanted_count = (size_t)(argc - optind);
    struct selection selection;
    if (code == EXIT_PASSED)
        code = command_select(argv[0], &filter, &selection);
    if (code != EXIT_PASSED)
        return code;
    for (size_t i = 0; i < selection.count && code == EXIT_PASSED; i++) {
        if (i > 0)
            putchar('\n');
        code = show_case(argv[0], selection.cases[i], with_fields);
    }
    selection_free(&selection);
    return command_finish(argv[0], code);
}

/* Each configuration class that a selected case needs, once. */
static int configure_classes(const char *command, const struct profile *profile,
                             const struct selection *selection)
{
    for (size_t i = 0; i < selection->count; i++) {
        const struct conform_case *c = selection->cases[i];
        char error[PROFILE_ERROR_MAX];
        size_t cases = 0;
        bool is_first = c->configuration != NULL;
        for (size_t j = 0; j < selection->count && is_first; j++) {
            const char *other = selection->cases[j]->configuration;
            bool same = other != NULL && strcmp(other, c->configuration) == 0;
            cases += same;
            is_first = !same || j >= i;
        }
        if (!is_first)
            continue;
        printf("! ---- %s, for %zu cases\n", c->configuration, cases);
        if (!profile_print_configuration(profile, c->configuration, &c->config, stdout, error))
            return command_refuse(command, "%s", error);
        putchar('\n');
    }
    return EXIT_PASSED;
}

int command_configure(int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                            {"profile", required_argument, NULL, 'p'},
                                            FILTER_OPTIONS,
                                            {NULL, 0, NULL, 0}};
    struct filter_options filter = {.data = NULL};
    const char *name = NULL;
    int code = EXIT_PASSED;
    opterr = 0;
    for (int option; code == EXIT_PASSED && (option = getopt_long(argc, argv, ":h", options, NULL)) != -1;) {
        if (option == 'h') {
            puts("Usage: dmvpn-conform configure --profile NAME [OPTION...] [PATTERN...]\n"
                 "Print how the implementation is configured, for each configuration class that the cases "
                 "need.\n\n"
                 "  --profile NAME    the implementation (profiles/NAME.yaml, or a path)");
            filter_print_help();
            puts("\nExample:\n  dmvpn-conform configure --profile cisco-ios --role hub");
            return command_finish(argv[0], EXIT_PASSED);
        }
        if (option == 'p')
            name = optarg;
        else
            code = option >= FILTER_DATA ? filter_take(argv[0], option, optarg, &filter)
                                         : command_refuse_option(argc, argv);
    }
    if (code == EXIT_PASSED && name == NULL)
        code = command_refuse(argv[0], "which implementation? '--profile frr', say; try --help");
    filter.patterns.wanted = argv + optind;
    filter.patterns.wanted_count = (size_t)(argc - optind);
    struct selection selection;
    if (code == EXIT_PASSED)
        code = command_select(argv[0], &filter, &selection);
    if (code != EXIT_PASSED)
        return code;
    char error[PROFILE_ERROR_MAX];
    const char *data = filter.data != NULL ? filter.data : data_folder_default();
    struct profile *profile = profile_load(data, name, "0000-00-00", NULL, error);
    code = profile != NULL ? configure_classes(argv[0], profile, &selection)
                           : command_refuse(argv[0], "%s", error);
    profile_free(profile);
    selection_free(&selection);
    return command_finish(argv[0], code);
}
