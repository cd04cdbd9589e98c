/* SPDX-License-Identifier: GPL-2.0-or-later */
/* filter_options: see filter_options.h. */
#include "filter_options.h"

#include <string.h>

#include "commands.h"

static int add(const char *command, const char *what, const char *argument, const char **list, size_t *count)
{
    if (*count == SELECTION_FILTERS_MAX)
        return command_refuse(command, "more than %d times --%s", SELECTION_FILTERS_MAX, what);
    list[(*count)++] = argument;
    return EXIT_PASSED;
}

static int take_level(const char *command, const char *argument, struct selection_patterns *out)
{
    static const char *const names[] = {"MUST", "SHOULD", "MAY", "DEFACTO"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcasecmp(names[i], argument) == 0) {
            out->has_level = true;
            out->level = (enum requirement_level)i;
            return EXIT_PASSED;
        }
    return command_refuse(command, "level '%s' is none of MUST, SHOULD, MAY, DEFACTO", argument);
}

static int take_role(const char *command, const char *argument, struct selection_patterns *out)
{
    for (unsigned i = ROLE_HUB; i <= ROLE_TRANSIT; i++)
        if (strcmp(case_role_words((enum case_role)i), argument) == 0) {
            out->has_role = true;
            out->role = (enum case_role)i;
            return EXIT_PASSED;
        }
    return command_refuse(command, "role '%s' is none of hub, spoke, transit", argument);
}

int filter_take(const char *command, int option, const char *argument, struct filter_options *out)
{
    struct selection_patterns *patterns = &out->patterns;
    switch (option) {
    case FILTER_DATA:
        out->data = argument;
        return EXIT_PASSED;
    case FILTER_EXCLUDE:
        return add(command, "exclude", argument, patterns->excluded, &patterns->excluded_count);
    case FILTER_TAG:
        return add(command, "tag", argument, patterns->tags, &patterns->tag_count);
    case FILTER_CLAUSE:
        return add(command, "clause", argument, patterns->clauses, &patterns->clause_count);
    case FILTER_LEVEL:
        return take_level(command, argument, patterns);
    case FILTER_ROLE:
        return take_role(command, argument, patterns);
    case FILTER_PHASE:
        if (argument[0] < '1' || argument[0] > '3' || argument[1] != '\0')
            return command_refuse(command, "phase '%s' is none of 1, 2, 3", argument);
        patterns->phase = (unsigned)(argument[0] - '0');
        return EXIT_PASSED;
    case FILTER_CONFIGURATION:
        return add(command, "configuration", argument, patterns->configurations,
                   &patterns->configuration_count);
    case FILTER_WITH_EXCLUDED:
        patterns->with_excluded = true;
        return EXIT_PASSED;
    }
    return command_refuse(command, "an option that is not understood; try --help");
}

void filter_print_help(void)
{
    puts("  --exclude GLOB    leave cases out by id; may be given several times, like --tag and --clause\n"
         "  --tag GLOB        with such a tag, as in valid, negative, malformed, IB-005\n"
         "  --clause GLOB     that check such a clause or requirement, as in 'RFC2332 §5.2.3*' or "
         "'draft-4.*'\n"
         "  --level LEVEL     that check a MUST, SHOULD, MAY or DEFACTO\n"
         "  --role ROLE       for a hub, spoke or transit\n"
         "  --phase N         of Phase 1, 2 or 3\n"
         "  --configuration GLOB  whose router is configured as that class says, as in hub-redirect\n"
         "  --with-excluded   also the cases that cases/excluded.txt leaves out\n"
         "  --data DIR        the folder with cases/, configurations/, profiles/ and requirements/\n"
         "  PATTERN           ids of cases, or globs; all if there is none");
}
