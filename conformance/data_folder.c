/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data_folder.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define INSTALLED "/../share/dmvpnkit/conformance"

const char *data_folder_default(void)
{
    static char path[PATH_MAX + sizeof(INSTALLED)];
    ssize_t len = readlink("/proc/self/exe", path, PATH_MAX - 1);
    if (len <= 0)
        return CONFORM_DATA;
    path[len] = '\0';
    char *slash = strrchr(path, '/');
    if (slash == NULL)
        return CONFORM_DATA;
    strcpy(slash, INSTALLED);
    return access(path, R_OK) == 0 ? path : CONFORM_DATA;
}
