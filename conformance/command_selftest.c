/* SPDX-License-Identifier: GPL-2.0-or-later */
/* command_selftest: the self-test, as a table or as JSON. */
#include "commands.h"

#include <getopt.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"
#include "data_folder.h"
#include "iut/iut.h"
#include "memory.h"
#include "selftest.h"
#include "selftest_audit.h"

static void print_selftest_help(void)
{
    puts("Usage: dmvpn-conform selftest [OPTION...] [PATTERN...]\n"
         "Plant every deviation between the reference and the wire, and see that some case notices; audit "
         "captures\n"
         "of operators' mistakes, and see that each is named. Run all cases against the reference as it is, "
         "and\n"
         "audit clean captures, and see that nothing is found.\n\n"
         "  --format FORMAT   text (default) or json");
    filter_print_help();
    puts("\nExamples:\n"
         "  dmvpn-conform selftest\n"
         "  dmvpn-conform selftest --format json\n"
         "Exit codes: 0 all caught and no false alarm, 1 otherwise, 2 usage or a bad file, 3 nothing "
         "selected.");
}

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, text != NULL ? json_string(text) : json_null());
}

static json_t *row_object(const struct selftest_row *row)
{
    json_t *object = json_object();
    set_text(object, "deviation", row->deviation->name);
    set_text(object, "words", row->deviation->words);
    set_text(object, "bugs", row->deviation->bugs);
    json_object_set_new(object, "caught", json_boolean(row->by != NULL));
    set_text(object, "case", row->by != NULL ? row->by->id : NULL);
    set_text(object, "verdict", row->by != NULL ? verdict_words(row->verdict) : NULL);
    set_text(object, "finding", row->finding);
    set_text(object, "requirement", row->requirement != NULL ? row->requirement->id : NULL);
    return object;
}

static json_t *mistake_object(const struct mistake_row *row)
{
    json_t *object = json_object();
    set_text(object, "deviation", row->capture);
    set_text(object, "bugs", row->bug);
    json_object_set_new(object, "caught", json_boolean(row->by != NULL));
    set_text(object, "rule", row->by != NULL ? audit_rule_id(row->by) : NULL);
    set_text(object, "requirement", row->by != NULL ? audit_rule_requirement(row->by) : NULL);
    set_text(object, "finding", row->evidence);
    return object;
}

static void print_json(const struct selftest *selftest, const struct mistake_rows *mistakes)
{
    json_t *root = json_object(), *rows = json_array(), *alarms = json_array();
    json_object_set_new(root, "planted", json_integer((json_int_t)(selftest->planted + mistakes->count)));
    json_object_set_new(root, "caught", json_integer((json_int_t)(selftest->caught + mistakes->caught)));
    json_object_set_new(root, "false_alarms",
                        json_integer((json_int_t)(selftest->false_alarms + mistakes->false_alarms)));
    for (size_t i = 0; i < selftest->planted; i++)
        json_array_append_new(rows, row_object(&selftest->rows[i]));
    for (size_t i = 0; i < mistakes->count; i++)
        json_array_append_new(rows, mistake_object(&mistakes->items[i]));
    for (size_t i = 0; i < selftest->false_alarms; i++)
        json_array_append_new(alarms, json_string(selftest->alarms[i].c->id));
    json_object_set_new(root, "rows", rows);
    json_object_set_new(root, "alarms", alarms);
    json_dumpf(root, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(root);
}

static void print_table(const struct selftest *selftest, const struct mistake_rows *mistakes)
{
    for (size_t i = 0; i < selftest->planted; i++) {
        const struct selftest_row *row = &selftest->rows[i];
        printf("%-8s %-32s %s%s%s\n", row->by != NULL ? "caught" : "MISSED", row->deviation->name,
               row->deviation->words, *row->deviation->bugs != '\0' ? "  " : "", row->deviation->bugs);
        if (row->by != NULL)
            printf("         by %s (%s): %s\n         %s\n", row->by->id, verdict_words(row->verdict),
                   row->requirement != NULL ? row->requirement->id : "no requirement", row->finding);
    }
    for (size_t i = 0; i < selftest->false_alarms; i++)
        printf("FALSE ALARM  %s: %s on the clean reference\n", selftest->alarms[i].c->id,
               verdict_words(selftest->alarms[i].verdict));
    for (size_t i = 0; i < mistakes->count; i++) {
        const struct mistake_row *row = &mistakes->items[i];
        printf("%-8s %-32s an operator's mistake in a capture  %s\n", row->by != NULL ? "caught" : "MISSED",
               row->capture, row->bug);
        if (row->by != NULL)
            printf("         by the audit's %s: %s\n         %s\n", audit_rule_id(row->by),
                   audit_rule_requirement(row->by), row->evidence);
    }
    printf("%zu planted, %zu caught, %zu false alarms\n", selftest->planted + mistakes->count,
           selftest->caught + mistakes->caught, selftest->false_alarms + mistakes->false_alarms);
}

static int run_selftest(const char *command, const struct filter_options *filter,
                        const struct selection *selection, bool as_json)
{
    struct selftest selftest;
    struct mistake_rows mistakes;
    char error[SELFTEST_ERROR_MAX];
    char *captures =
        memory_format("%s/../captures", filter->data != NULL ? filter->data : data_folder_default());
    bool read = selftest_audit_run(captures, &mistakes, error);
    free(captures);
    if (!read)
        return command_refuse(command, "%s", error);
    selftest_run(selection, &iut_reference, &selftest);
    if (as_json)
        print_json(&selftest, &mistakes);
    else
        print_table(&selftest, &mistakes);
    bool good = selftest.caught == selftest.planted && selftest.false_alarms == 0 &&
                mistakes.caught == mistakes.count && mistakes.false_alarms == 0;
    mistake_rows_free(&mistakes);
    selftest_free(&selftest);
    return good ? EXIT_PASSED : EXIT_FAILED;
}

int command_selftest(int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                            {"format", required_argument, NULL, 'f'},
                                            FILTER_OPTIONS,
                                            {NULL, 0, NULL, 0}};
    struct filter_options filter = {.data = NULL};
    const char *format = "text";
    int code = EXIT_PASSED;
    opterr = 0;
    for (int option; code == EXIT_PASSED && (option = getopt_long(argc, argv, ":h", options, NULL)) != -1;) {
        if (option == 'h') {
            print_selftest_help();
            return command_finish(argv[0], EXIT_PASSED);
        }
        if (option == 'f')
            format = optarg;
        else
            code = option >= FILTER_DATA ? filter_take(argv[0], option, optarg, &filter)
                                         : command_refuse_option(argc, argv);
    }
    bool as_json = strcmp(format, "json") == 0;
    if (code == EXIT_PASSED && !as_json && strcmp(format, "text") != 0)
        code = command_refuse(argv[0], "format '%s' is none of text, json", format);
    filter.patterns.wanted = argv + optind;
    filter.patterns.wanted_count = (size_t)(argc - optind);
    struct selection selection;
    if (code == EXIT_PASSED)
        code = command_select(argv[0], &filter, &selection);
    if (code != EXIT_PASSED)
        return code;
    code = run_selftest(argv[0], &filter, &selection, as_json);
    selection_free(&selection);
    return command_finish(argv[0], code);
}
