/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dmvpnd: a hub or spoke on real networks. Owns the command line and the exit code: 0 ended as asked, 1 the
 * daemon could not go on, 2 wrong arguments or configuration, or a start that failed, told in one line.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "drivers/live/daemon.h"
#include "drivers/live/privileges.h"

#define EXIT_USAGE 2

static const char usage_text[] =
    "Usage: dmvpnd -c FILE [--check]\n"
    "Be the hub or the spoke of DMVPN tunnels: NHRP, multipoint GRE in user space, a TUN device each.\n"
    "\n"
    "  -c, --config FILE  the configuration; see dmvpnkit-formats(5)\n"
    "      --check        read the configuration, say whether it is right, and end\n"
    "  -h, --help         this text\n"
    "      --version      the version\n"
    "\n"
    "Stays in the foreground and logs to standard error. SIGHUP reads the configuration again; SIGTERM "
    "takes\n"
    "back what was registered and ends. Ask it how it is doing with dmvpnctl(8).\n"
    "\n"
    "Exit code: 0 ended by SIGTERM or SIGINT; 1 could not go on; 2 wrong arguments or configuration, or the\n"
    "start failed.\n";

struct arguments {
    const char *config;
    bool check;
};

enum option_code { OPTION_CHECK = 256, OPTION_VERSION };

static int complain(const char *what)
{
    fprintf(stderr, "dmvpnd: %s\n", what);
    return EXIT_USAGE;
}

/* -1: go on; otherwise the exit code. */
static int parse_arguments(int argc, char **argv, struct arguments *out)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'},
        {"check", no_argument, NULL, OPTION_CHECK},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, OPTION_VERSION},
        {NULL, 0, NULL, 0},
    };
    int code;
    *out = (struct arguments){0};
    while ((code = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
        switch (code) {
        case 'c':
            out->config = optarg;
            break;
        case OPTION_CHECK:
            out->check = true;
            break;
        case OPTION_VERSION:
            printf("dmvpnd %s\n", DMVPNKIT_VERSION);
            return EXIT_SUCCESS;
        case 'h':
            fputs(usage_text, stdout);
            return EXIT_SUCCESS;
        default: /* getopt_long() has said what is wrong */
            return EXIT_USAGE;
        }
    }
    if (optind != argc)
        return complain("everything is in the configuration: no further arguments, please");
    return out->config ? -1 : complain("which configuration? See dmvpnd --help");
}

int main(int argc, char **argv)
{
    struct arguments arguments;
    char error[LIVE_ERROR_MAX];
    int code = parse_arguments(argc, argv, &arguments);
    if (code >= 0)
        return code;
    struct live_config *config = live_config_load(arguments.config, error);
    if (!config)
        return complain(error);
    if (arguments.check) {
        printf("%s: all right, %zu tunnels\n", arguments.config, config->tunnel_count);
        live_config_free(config);
        return EXIT_SUCCESS;
    }
    if (!privileges_suffice()) {
        live_config_free(config);
        return complain("CAP_NET_ADMIN and CAP_NET_RAW are needed: be root, or have them given");
    }
    struct daemon *daemon = daemon_create(arguments.config, config, error);
    if (!daemon)
        return complain(error);
    bool ok = daemon_run(daemon, error);
    daemon_free(daemon);
    if (!ok)
        fprintf(stderr, "dmvpnd: %s\n", error);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
