/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command_audit: capture files through the audit, and its report.
 */
#include "commands.h"
#include "data_folder.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/audit_report.h"
#include "esp_keys.h"
#include "explain/narrator.h"
#include "files/capture.h"
#include "memory.h"

#define ETHERTYPE_NHRP 0x2001
#define RULE_WIDTH     32

struct audit_options {
    const char *data;
    struct esp_keys *keys; /* or NULL */
    const char *key_file;
    bool json, narrate, rules;
};

static void print_help(void)
{
    puts("Usage: dmvpn-conform audit [OPTION...] FILE...\n"
         "Apply the passive rules to captures: pcap or pcapng, on Ethernet, cooked, raw IP or PPP; '-' is "
         "standard\n"
         "input. Names what breaks a requirement, with frame numbers, and what an operator has set wrong.\n\n"
         "  --narrate         tell the exchange first, a sentence and its cause for each NHRP message (text only)\n"
         "  --format FORMAT   text (default) or json\n"
         "  --esp-sa FILE     keys of ESP, as Wireshark's esp_sa table has them\n"
         "  --list            list the rules instead: id, severity, requirement, words\n"
         "  --data DIR        the folder with requirements/\n\n"
         "Examples:\n"
         "  dmvpn-conform audit capture.pcap\n"
         "  dmvpn-conform audit --narrate hub.pcapng | less\n"
         "  dmvpn-conform audit --format json *.pcap\n"
         "Exit codes: 0 nothing worse than notes, 1 findings, 2 usage or a bad file.");
}

static void list_rules(void)
{
    const struct audit_rule *rule;
    for (size_t i = 0; (rule = audit_rule_at(i)) != NULL; i++)
        printf("%-*s %-10s %-44s %s\n", RULE_WIDTH, audit_rule_id(rule),
               audit_severity_words(audit_rule_severity(rule)), audit_rule_requirement(rule),
               audit_rule_words(rule));
}

/* Where a narration goes. */
struct telling {
    struct narrator *narrator;
    struct instant start;
};

/* A sentence for each NHRP message, and why it came; nothing for other packets. */
static void narrate(void *arg, const struct sight *s)
{
    struct telling *telling = arg;
    struct tale tale;
    if (s->events & SIGHT_UNANSWERED)
        return;
    narrator_tell(telling->narrator, s, &tale);
    if (!(s->events & SIGHT_MESSAGE))
        return;
    int64_t us = instant_diff_us(telling->start, s->at);
    printf("%6zu %6" PRId64 ".%06" PRId64 "  %s%s%s. [%s]\n", s->frame, us / US_PER_S, us % US_PER_S,
           tale.says.sentence, tale.because[0] != '\0' ? "; " : "", tale.because, tale.clause);
}

static bool read_capture(const char *path, const struct audit_options *o, struct audit *audit,
                         char error[CAPTURE_ERROR_MAX])
{
    struct capture_reader *reader = capture_open(path, error);
    if (reader == NULL)
        return false;
    struct capture_frame frame;
    struct telling telling = {.narrator = o->narrate ? narrator_new(false) : NULL};
    int got;
    if (o->narrate)
        audit_watch(audit, narrate, &telling);
    while ((got = capture_read(reader, &frame, error)) == 1) {
        uint16_t ethertype = 0;
        struct span packet = {0};
        if (frame.number == 1)
            telling.start = frame.at;
        capture_packet(&frame, &ethertype, &packet);
        if (o->keys != NULL && ethertype != ETHERTYPE_NHRP)
            esp_keys_open(o->keys, packet, &packet);
        audit_packet(audit, frame.number, frame.at, ethertype, packet, frame.wire_len > frame.bytes.len);
    }
    capture_close(reader);
    audit_end(audit);
    narrator_free(telling.narrator);
    return got == 0;
}

static int load_tables(const char *command, const char *data, struct requirement_table *requirements,
                       struct interop_table *interop)
{
    char error[REQUIREMENTS_ERROR_MAX];
    char *path = memory_format("%s/requirements/requirements.tsv", data);
    bool good = requirements_load(path, requirements, error);
    free(path);
    if (!good)
        return command_refuse(command, "%s", error);
    path = memory_format("%s/requirements/interop-map.tsv", data);
    good = interop_load(path, interop, error);
    free(path);
    if (good)
        return EXIT_PASSED;
    requirements_free(requirements);
    return command_refuse(command, "%s", error);
}

static int audit_files(const char *command, const struct audit_options *o, char **files, size_t count)
{
    struct requirement_table requirements;
    struct interop_table interop;
    int code = load_tables(command, o->data, &requirements, &interop);
    if (code != EXIT_PASSED)
        return code;
    struct audit **audits = memory_zeroed(count, sizeof(struct audit *));
    struct audit_report *reports = memory_zeroed(count, sizeof(*reports));
    bool colour = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;
    for (size_t i = 0; i < count && code != EXIT_USAGE; i++) {
        char error[CAPTURE_ERROR_MAX];
        audits[i] = audit_new();
        reports[i] = (struct audit_report){
            .audit = audits[i], .file = files[i], .requirements = &requirements, .interop = &interop};
        if (!read_capture(files[i], o, audits[i], error))
            code = command_refuse(command, "%s", error);
        else if (audit_has_failed(audits[i]))
            code = EXIT_FAILED;
        if (code != EXIT_USAGE && !o->json)
            audit_report_text(&reports[i], stdout, colour);
    }
    if (o->json && code != EXIT_USAGE)
        audit_report_json(reports, count, stdout);
    for (size_t i = 0; i < count; i++)
        audit_free(audits[i]);
    free(audits);
    free(reports);
    interop_free(&interop);
    requirements_free(&requirements);
    return command_finish(command, code);
}

static int take_option(int option, int argc, char **argv, struct audit_options *o)
{
    switch (option) {
    case 'd':
        o->data = optarg;
        return EXIT_PASSED;
    case 'e':
        o->key_file = optarg;
        return EXIT_PASSED;
    case 'n':
        o->narrate = true;
        return EXIT_PASSED;
    case 'l':
        o->rules = true;
        return EXIT_PASSED;
    case 'f':
        o->json = strcmp(optarg, "json") == 0;
        return o->json || strcmp(optarg, "text") == 0
                   ? EXIT_PASSED
                   : command_refuse(argv[0], "format '%s' is none of text, json", optarg);
    default:
        return command_refuse_option(argc, argv);
    }
}

int command_audit(int argc, char **argv)
{
    static const struct option options[] = {
        {"help", no_argument, NULL, 'h'},
        {"data", required_argument, NULL, 'd'},
        {"format", required_argument, NULL, 'f'},
        {"narrate", no_argument, NULL, 'n'},
        {"esp-sa", required_argument, NULL, 'e'},
        {"list", no_argument, NULL, 'l'},
        {NULL, 0, NULL, 0},
    };
    struct audit_options o = {.data = data_folder_default()};
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
    if (o.rules) {
        list_rules();
        return command_finish(argv[0], EXIT_PASSED);
    }
    if (o.json && o.narrate)
        return command_refuse(argv[0], "--narrate goes with --format text only");
    if (optind == argc)
        return command_refuse(argv[0], "which capture? try --help");
    char error[ESP_KEYS_ERROR_MAX];
    if (o.key_file != NULL && (o.keys = esp_keys_load(o.key_file, error)) == NULL)
        return command_refuse(argv[0], "%s", error);
    int code = audit_files(argv[0], &o, argv + optind, (size_t)(argc - optind));
    esp_keys_free(o.keys);
    return code;
}
