/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dmvpn-sim: plays a scenario and writes the capture. Owns the command line and the exit code: 0 done, 2
 * anything wrong with the arguments, the scenario or the output, told in one line.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drivers/sim/narrator.h"
#include "drivers/sim/simulation.h"

#define EXIT_USAGE 2

struct arguments {
    const char *scenario;
    const char *output; /* NULL: no capture */
    uint64_t seed;
    enum trace_form trace;
};

static const char usage_text[] =
    "Usage: dmvpn-sim SCENARIO.yaml -o OUT.pcapng [--seed N] [--trace | --trace-json]\n"
    "Play a DMVPN scenario in virtual time and write what crosses the underlay.\n"
    "\n"
    "  -o, --output FILE  the capture, pcapng with a comment on every packet; '-' is standard output\n"
    "      --seed N       where chance begins (default 1); same scenario and seed, same capture\n"
    "      --trace        also print what happens inside the nodes, one line each\n"
    "      --trace-json   the same, one JSON object a line\n"
    "  -h, --help         this text\n"
    "      --version      the version\n"
    "With --trace or --trace-json the capture may be left out.\n"
    "\n"
    "Examples:\n"
    "  dmvpn-sim captures/scenarios/phase3.yaml -o phase3.pcapng\n"
    "  dmvpn-sim captures/scenarios/phase2.yaml --trace | grep node=hub\n"
    "  dmvpn-sim captures/scenarios/phase1.yaml -o - | tshark -r - -T fields -e frame.comment\n"
    "\n"
    "Exit code: 0 done; 2 wrong arguments, a bad scenario, or output that cannot be written.\n";

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
    interrupted = number;
}

static void watch_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = interrupt};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        sigaction(numbers[i], &action, NULL);
    /* Writing to a closed pipe is an error to report, not a death that leaves a half-written file. */
    signal(SIGPIPE, SIG_IGN);
}

static bool parse_seed(const char *text, uint64_t *out)
{
    char *end;
    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 0);
    *out = value;
    return errno == 0 && *end == '\0';
}

static int complain(const char *what)
{
    fprintf(stderr, "dmvpn-sim: %s\n", what);
    return EXIT_USAGE;
}

enum option_code { OPTION_SEED = 256, OPTION_TRACE, OPTION_TRACE_JSON, OPTION_VERSION };

/* -1: go on; otherwise the exit code. */
static int parse_arguments(int argc, char **argv, struct arguments *out)
{
    static const struct option options[] = {
        {"output", required_argument, NULL, 'o'},
        {"seed", required_argument, NULL, OPTION_SEED},
        {"trace", no_argument, NULL, OPTION_TRACE},
        {"trace-json", no_argument, NULL, OPTION_TRACE_JSON},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, OPTION_VERSION},
        {NULL, 0, NULL, 0},
    };
    int code;
    *out = (struct arguments){.seed = 1};
    while ((code = getopt_long(argc, argv, "o:h", options, NULL)) != -1) {
        switch (code) {
        case 'o':
            out->output = optarg;
            break;
        case OPTION_SEED:
            if (!parse_seed(optarg, &out->seed))
                return complain("--seed: a number from 0 to 18446744073709551615, please");
            break;
        case OPTION_TRACE:
            out->trace = TRACE_FORM_TEXT;
            break;
        case OPTION_TRACE_JSON:
            out->trace = TRACE_FORM_JSON;
            break;
        case OPTION_VERSION:
            printf("dmvpn-sim %s\n", DMVPNKIT_VERSION);
            return EXIT_SUCCESS;
        case 'h':
            fputs(usage_text, stdout);
            return EXIT_SUCCESS;
        default: /* getopt_long() has said what is wrong */
            return EXIT_USAGE;
        }
    }
    if (optind + 1 != argc)
        return complain(optind == argc ? "which scenario? See dmvpn-sim --help"
                                       : "one scenario at a time, please");
    out->scenario = argv[optind];
    if (!out->output && out->trace == TRACE_FORM_NONE)
        return complain("neither -o FILE nor --trace: nothing to do. See dmvpn-sim --help");
    if (out->output && strcmp(out->output, "-") == 0 && out->trace != TRACE_FORM_NONE)
        return complain("the capture and the trace cannot both go to standard output");
    return -1;
}

/* One line about the run, where standard output is not needed for more. */
static void report(const struct arguments *arguments, const struct simulation_result *result)
{
    if (arguments->trace != TRACE_FORM_NONE || strcmp(arguments->output, "-") == 0)
        return;
    printf("%s: %zu packets, %zu of %zu pings answered\n", arguments->output, result->packets,
           result->pings_answered, result->pings_sent);
}

static int play(const struct arguments *arguments, const struct scenario *scenario)
{
    struct trace trace = {.form = arguments->trace, .out = stdout};
    struct simulation_result result;
    struct capture_writer *writer = NULL;
    char error[CAPTURE_ERROR_MAX];
    char why[SIMULATION_ERROR_MAX];
    char *comment = narrator_capture(scenario, arguments->seed);
    if (!comment)
        return complain("out of memory");
    if (arguments->output)
        writer = capture_create(arguments->output, comment, error);
    free(comment);
    if (arguments->output && !writer)
        return complain(error);

    bool ok = simulation_run(scenario, arguments->seed, writer, &trace, &interrupted, &result, why);
    if (!ok || interrupted) {
        capture_abandon(writer);
        if (interrupted) /* end as a program does that the signal ends */
            return 128 + interrupted;
        fprintf(stderr, "dmvpn-sim: %s: %s\n", arguments->scenario, why);
        return EXIT_USAGE;
    }
    if (writer && !capture_finish(writer, error))
        return complain(error);
    report(arguments, &result);
    if (fflush(stdout) != 0 || ferror(stdout))
        return complain("standard output cannot be written");
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    struct arguments arguments;
    char error[SCENARIO_ERROR_MAX];
    int code = parse_arguments(argc, argv, &arguments);
    if (code >= 0)
        return code;
    watch_signals();
    struct scenario *scenario = scenario_load(arguments.scenario, error);
    if (!scenario)
        return complain(error);
    code = play(&arguments, scenario);
    scenario_free(scenario);
    return code;
}
