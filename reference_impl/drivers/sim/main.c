/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dmvpn-sim: plays a scenario and writes the capture. Owns the command line and the exit code: 0 done, 1 the
 * scenario did not come out as it expects, 2 anything wrong with the arguments, the scenario or the output,
 * told in one line.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/sim/narrator.h"
#include "drivers/sim/progress.h"
#include "drivers/sim/simulation.h"
#include "drivers/sim/table.h"

#define EXIT_MISSED 1
#define EXIT_USAGE  2

struct arguments {
    const char *output; /* NULL: no capture */
    uint64_t seed;
    enum trace_form trace;
    bool table; /* one row for each scenario instead of playing */
    char **scenarios;
    int scenario_count;
};

static const char usage_text[] =
    "Usage: dmvpn-sim SCENARIO.yaml -o OUT.pcapng [--seed N] [--trace | --trace-json]\n"
    "       dmvpn-sim --table SCENARIO.yaml...\n"
    "Play a DMVPN scenario in virtual time and write what crosses the underlay.\n"
    "\n"
    "  -o, --output FILE  the capture, pcapng with a comment on every packet; '-' is standard output.\n"
    "                     With IPsec the keys come beside it, as Wireshark's table: FILE with '.esp_sa'\n"
    "      --seed N       where chance begins (default 1); same scenario and seed, same capture\n"
    "      --trace        also print what happens inside the nodes, one line each\n"
    "      --trace-json   the same, one JSON object a line\n"
    "      --table        play nothing; print a Markdown table with one row for each scenario\n"
    "  -h, --help         this text\n"
    "      --version      the version\n"
    "The capture may be left out; then what the scenario expects is judged all the same.\n"
    "\n"
    "Examples:\n"
    "  dmvpn-sim captures/scenarios/phase3.yaml -o phase3.pcapng\n"
    "  dmvpn-sim captures/scenarios/phase2.yaml --trace | grep node=hub\n"
    "  dmvpn-sim captures/scenarios/phase1.yaml -o - | tshark -r - -T fields -e frame.comment\n"
    "\n"
    "Exit code: 0 done; 1 it came out otherwise than the scenario expects; 2 wrong arguments, a bad "
    "scenario,\n"
    "or output that cannot be written.\n";

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

enum option_code { OPTION_SEED = 256, OPTION_TRACE, OPTION_TRACE_JSON, OPTION_TABLE, OPTION_VERSION };

/* -1: go on; otherwise the exit code. */
static int parse_arguments(int argc, char **argv, struct arguments *out)
{
    static const struct option options[] = {
        {"output", required_argument, NULL, 'o'},       {"seed", required_argument, NULL, OPTION_SEED},
        {"trace", no_argument, NULL, OPTION_TRACE},     {"trace-json", no_argument, NULL, OPTION_TRACE_JSON},
        {"table", no_argument, NULL, OPTION_TABLE},     {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, OPTION_VERSION}, {NULL, 0, NULL, 0},
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
        case OPTION_TABLE:
            out->table = true;
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
    out->scenarios = argv + optind;
    out->scenario_count = argc - optind;
    if (out->scenario_count == 0)
        return complain("which scenario? See dmvpn-sim --help");
    if (out->table)
        return -1;
    if (out->scenario_count > 1)
        return complain("one scenario at a time, please");
    if (out->output && strcmp(out->output, "-") == 0 && out->trace != TRACE_FORM_NONE)
        return complain("the capture and the trace cannot both go to standard output");
    return -1;
}

/* One line about the run, where standard output is not needed for more. */
static void report(const struct arguments *arguments, struct simulation_result result)
{
    bool to_stdout = arguments->output && strcmp(arguments->output, "-") == 0;
    if (arguments->trace == TRACE_FORM_NONE && !to_stdout)
        printf("%s: %zu packets, %zu of %zu pings answered\n",
               arguments->output ? arguments->output : arguments->scenarios[0], result.packets,
               result.pings_answered, result.pings_sent);
}

/* What was expected and did not come, and how to see it again. */
static int judge(const struct arguments *arguments, const struct simulation *simulation)
{
    const char *path = arguments->scenarios[0];
    size_t missed = simulation_judge(simulation, path, stderr);
    if (missed == 0)
        return EXIT_SUCCESS;
    fprintf(stderr,
            "dmvpn-sim: %s: %zu expectation(s) not met with seed %" PRIu64
            "; replay: dmvpn-sim %s --seed %" PRIu64 " --trace\n",
            path, missed, arguments->seed, path, arguments->seed);
    return EXIT_MISSED;
}

/* In slices, so that a long run can show how far it is and be interrupted. */
static bool play_slices(struct simulation *simulation, const struct scenario *scenario)
{
    struct progress progress = progress_begin(stderr, scenario->end);
    bool ok = true;
    for (struct instant until = {0}; ok && !interrupted && instant_before(until, scenario->end);) {
        until = instant_min(instant_after_s(until, 1), scenario->end);
        ok = simulation_play(simulation, until);
        progress_show(&progress, until, simulation_result(simulation).packets);
    }
    progress_end(&progress);
    return ok;
}

/* Beside the capture, with the keys that decrypt it: "x.pcapng" has "x.esp_sa". */
static bool write_keys(const char *capture, const char *keys, char error[CAPTURE_ERROR_MAX])
{
    static const char suffix[] = ".pcapng";
    size_t stem = strlen(capture);
    if (stem > strlen(suffix) && strcmp(capture + stem - strlen(suffix), suffix) == 0)
        stem -= strlen(suffix);
    char *path = malloc(stem + sizeof ".esp_sa");
    if (!path)
        return snprintf(error, CAPTURE_ERROR_MAX, "out of memory") < 0;
    sprintf(path, "%.*s.esp_sa", (int)stem, capture);
    FILE *out = fopen(path, "w");
    bool ok = out && fputs(keys, out) >= 0;
    ok = out && fclose(out) == 0 && ok;
    if (!ok) {
        snprintf(error, CAPTURE_ERROR_MAX, "%s: cannot write: %s", path, strerror(errno));
        unlink(path);
    }
    free(path);
    return ok;
}

/* The capture into its place, and its keys, if it has any. */
static bool finish_output(const struct arguments *arguments, const struct simulation *simulation,
                          struct capture_writer *writer, char error[CAPTURE_ERROR_MAX])
{
    const char *keys = simulation_keys(simulation);
    struct stat status;
    if (!writer)
        return true;
    if (!capture_finish(writer, error))
        return false;
    bool is_file = stat(arguments->output, &status) == 0 && S_ISREG(status.st_mode);
    return !keys || !is_file || write_keys(arguments->output, keys, error);
}

static int play_to(const struct arguments *arguments, const struct scenario *scenario,
                   struct capture_writer *writer)
{
    struct trace trace = {.form = arguments->trace, .out = stdout};
    char why[SIMULATION_ERROR_MAX], error[CAPTURE_ERROR_MAX];
    struct simulation *simulation = simulation_create(scenario, arguments->seed, writer, &trace, why);
    bool ok = simulation && play_slices(simulation, scenario);
    if (!ok || interrupted) {
        capture_abandon(writer);
        simulation_free(simulation);
        if (interrupted) /* end as a program does that the signal ends */
            return 128 + interrupted;
        fprintf(stderr, "dmvpn-sim: %s: %s\n", arguments->scenarios[0], why);
        return EXIT_USAGE;
    }
    int code = finish_output(arguments, simulation, writer, error) ? EXIT_SUCCESS : complain(error);
    if (code == EXIT_SUCCESS) {
        report(arguments, simulation_result(simulation));
        code = judge(arguments, simulation);
    }
    simulation_free(simulation);
    if (fflush(stdout) != 0 || ferror(stdout))
        return complain("standard output cannot be written");
    return code;
}

static int play(const struct arguments *arguments, const struct scenario *scenario)
{
    struct capture_writer *writer = NULL;
    char error[CAPTURE_ERROR_MAX];
    char *comment = narrator_capture(scenario, arguments->seed);
    if (!comment)
        return complain("out of memory");
    if (arguments->output)
        writer = capture_create(arguments->output, comment, error);
    free(comment);
    if (arguments->output && !writer)
        return complain(error);
    return play_to(arguments, scenario, writer);
}

static int print_table(const struct arguments *arguments)
{
    char error[SCENARIO_ERROR_MAX];
    table_begin(stdout);
    for (int i = 0; i < arguments->scenario_count; i++) {
        struct scenario *scenario = scenario_load(arguments->scenarios[i], error);
        if (!scenario)
            return complain(error);
        table_row(stdout, arguments->scenarios[i], scenario);
        scenario_free(scenario);
    }
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
    if (arguments.table)
        return print_table(&arguments);
    struct scenario *scenario = scenario_load(arguments.scenarios[0], error);
    if (!scenario)
        return complain(error);
    code = play(&arguments, scenario);
    scenario_free(scenario);
    return code;
}
