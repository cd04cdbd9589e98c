/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scratch: a folder of a test's own, gone again after the test. Used by every test that touches files.
 */
#ifndef DMVPNKIT_TESTS_FILES_SCRATCH_H
#define DMVPNKIT_TESTS_FILES_SCRATCH_H

#include <check.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char scratch_folder[64];

static inline void scratch_make(void)
{
    strcpy(scratch_folder, "/tmp/dmvpnkit-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(scratch_folder));
}

/* The path of a file in the folder; the string lasts until the next call but three. */
static inline const char *scratch_path(const char *name)
{
    static char paths[4][sizeof scratch_folder + NAME_MAX + 1];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", scratch_folder, name);
    return path;
}

static inline const char *scratch_file(const char *name, const void *data, size_t len)
{
    const char *path = scratch_path(name);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(data, 1, len, file), len);
    ck_assert_int_eq(fclose(file), 0);
    return path;
}

/* The number of files in the folder. */
static inline unsigned scratch_count(void)
{
    unsigned count = 0;
    DIR *folder = opendir(scratch_folder);
    ck_assert_ptr_nonnull(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

static inline void scratch_remove(void)
{
    DIR *folder = opendir(scratch_folder);
    for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] != '.')
            unlink(scratch_path(entry->d_name));
    }
    if (folder)
        closedir(folder);
    rmdir(scratch_folder);
}

#endif
