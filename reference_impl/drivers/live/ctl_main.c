/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dmvpnctl: asks a running dmvpnd and shows what it says. Owns the command line and the exit code: 0 done, 1
 * the daemon refused, 2 wrong arguments, no daemon, or output that cannot be written.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/live/ctl.h"

#define CONTROL_DEFAULT "/run/dmvpnd/dmvpnd.sock"

static const char usage_text[] =
    "Usage: dmvpnctl [-s SOCKET] [-t TUNNEL] [--json] COMMAND\n"
    "Ask a running dmvpnd.\n"
    "\n"
    "  show WHAT          bindings, nhs, requests, shortcuts, told, routes, tunnels, drops, counters\n"
    "  clear [WHAT]       bindings: forget what was learned and registered; shortcuts: only what was asked\n"
    "  register           register anew with every server, now\n"
    "  purge              take back every mapping that was handed out\n"
    "  trace on|off       log what happens in the nodes\n"
    "  trace watch        show it here, until interrupted\n"
    "  capture FILE       save the NHRP messages that pass as pcapng with comments, until interrupted\n"
    "\n"
    "  -s, --socket PATH  the daemon's control socket (default " CONTROL_DEFAULT ")\n"
    "  -t, --tunnel NAME  only this tunnel\n"
    "  -j, --json         JSON as the daemon sends it: one object a line\n"
    "      --data         capture: data packets, too\n"
    "      --count N      capture, watch: end after so many packets or events\n"
    "      --seconds N    capture, watch: end after so long\n"
    "  -h, --help         this text\n"
    "      --version      the version\n"
    "\n"
    "Exit code: 0 done; 1 the daemon refused; 2 wrong arguments, no daemon there, or output that cannot be\n"
    "written.\n";

enum option_code { OPTION_DATA = 256, OPTION_COUNT, OPTION_SECONDS, OPTION_VERSION };

static int complain(const char *what)
{
    fprintf(stderr, "dmvpnctl: %s\n", what);
    return CTL_EXIT_USAGE;
}

static bool parse_number(const char *text, unsigned long *out)
{
    char *end;
    *out = strtoul(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && *out > 0 && *out <= 1000000000;
}

/* -1: go on; otherwise the exit code. */
static int parse_arguments(int argc, char **argv, struct ctl_arguments *out)
{
    static const struct option options[] = {
        {"socket", required_argument, NULL, 's'},
        {"tunnel", required_argument, NULL, 't'},
        {"json", no_argument, NULL, 'j'},
        {"data", no_argument, NULL, OPTION_DATA},
        {"count", required_argument, NULL, OPTION_COUNT},
        {"seconds", required_argument, NULL, OPTION_SECONDS},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, OPTION_VERSION},
        {NULL, 0, NULL, 0},
    };
    int code;
    *out = (struct ctl_arguments){.socket = CONTROL_DEFAULT};
    while ((code = getopt_long(argc, argv, "s:t:jh", options, NULL)) != -1) {
        switch (code) {
        case 's':
            out->socket = optarg;
            break;
        case 't':
            out->tunnel = optarg;
            break;
        case 'j':
            out->json = true;
            break;
        case OPTION_DATA:
            out->data = true;
            break;
        case OPTION_COUNT:
            if (!parse_number(optarg, &out->count))
                return complain("--count: a number above 0, please");
            break;
        case OPTION_SECONDS:
            if (!parse_number(optarg, &out->seconds))
                return complain("--seconds: a number above 0, please");
            break;
        case OPTION_VERSION:
            printf("dmvpnctl %s\n", DMVPNKIT_VERSION);
            return EXIT_SUCCESS;
        case 'h':
            fputs(usage_text, stdout);
            return EXIT_SUCCESS;
        default: /* getopt_long() has said what is wrong */
            return CTL_EXIT_USAGE;
        }
    }
    return -1;
}

int main(int argc, char **argv)
{
    struct ctl_arguments a;
    int code = parse_arguments(argc, argv, &a);
    if (code >= 0)
        return code;
    int left = argc - optind;
    const char *command = left > 0 ? argv[optind] : "";
    const char *operand = left > 1 ? argv[optind + 1] : "";
    code = CTL_EXIT_USAGE;
    if (strcmp(command, "show") == 0 && left == 2)
        code = ctl_show(&a, operand);
    else if (strcmp(command, "clear") == 0 && left <= 2)
        code = ctl_clear(&a, left == 2 ? operand : "bindings");
    else if ((strcmp(command, "register") == 0 || strcmp(command, "purge") == 0) && left == 1)
        code = ctl_simple(&a, command);
    else if (strcmp(command, "trace") == 0 && left == 2 && strcmp(operand, "watch") == 0)
        code = ctl_watch(&a);
    else if (strcmp(command, "trace") == 0 && left == 2 &&
             (strcmp(operand, "on") == 0 || strcmp(operand, "off") == 0))
        code = ctl_trace(&a, strcmp(operand, "on") == 0);
    else if (strcmp(command, "capture") == 0 && left == 2)
        code = ctl_capture(&a, operand);
    else
        return complain(left == 0 ? "which command? See dmvpnctl --help"
                                  : "no such command. See dmvpnctl --help");
    if (fflush(stdout) != 0 || ferror(stdout))
        return complain("standard output cannot be written");
    return code;
}
