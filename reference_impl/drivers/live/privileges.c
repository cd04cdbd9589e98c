/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drivers/live/privileges.h"

#include <cap-ng.h>
#include <errno.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

bool privileges_find_user(const char *name, struct identity *out)
{
    const struct passwd *entry = getpwnam(name);
    if (!entry)
        return false;
    *out = (struct identity){.user = entry->pw_uid, .group = entry->pw_gid};
    return true;
}

bool privileges_suffice(void)
{
    return capng_get_caps_process() == 0 && capng_have_capability(CAPNG_EFFECTIVE, CAP_NET_ADMIN) &&
           capng_have_capability(CAPNG_EFFECTIVE, CAP_NET_RAW);
}

bool privileges_drop(struct identity identity)
{
    if (capng_get_caps_process() != 0)
        return false;
    bool admin = capng_have_capability(CAPNG_PERMITTED, CAP_NET_ADMIN);
    bool raw = capng_have_capability(CAPNG_PERMITTED, CAP_NET_RAW);
    capng_clear(CAPNG_SELECT_BOTH);
    if (admin)
        capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_NET_ADMIN);
    if (raw)
        capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_NET_RAW);
    if (geteuid() != 0 || identity.user == 0)
        return capng_apply(CAPNG_SELECT_CAPS) == 0;
    return capng_change_id((int)identity.user, (int)identity.group,
                           CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING) == 0;
}

bool privileges_give(int fd, struct identity identity)
{
    return geteuid() != 0 || fchown(fd, identity.user, identity.group) == 0;
}

bool privileges_give_path(const char *path, struct identity identity)
{
    return geteuid() != 0 || lchown(path, identity.user, identity.group) == 0;
}

bool privileges_make_folder(const char *path, struct identity identity)
{
    if (mkdir(path, 0755) != 0)
        return errno == EEXIST;
    return privileges_give_path(path, identity);
}
