/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * privileges: from root, after the start, to an ordinary user who may still use raw sockets and change the
 * network's configuration (CAP_NET_RAW, CAP_NET_ADMIN), and nothing else.
 */
#ifndef DMVPNKIT_LIVE_PRIVILEGES_H
#define DMVPNKIT_LIVE_PRIVILEGES_H

#include <stdbool.h>
#include <sys/types.h>

struct identity {
    uid_t user;
    gid_t group;
};

/* False if there is no such user. */
bool privileges_find_user(const char *name, struct identity *out);

/*
 * Become that user, with the two capabilities, for ever. An ordinary user stays who it is, and keeps of the
 * two what it has. False if the kernel refuses.
 */
bool privileges_drop(struct identity identity);

/* Does this process have both capabilities? */
bool privileges_suffice(void);

/*
 * Make an open file or folder, or a path, theirs. Who is not root cannot give anything away, and has no need
 * to: that is no failure. False, and errno, if the kernel refuses.
 */
bool privileges_give(int fd, struct identity identity);
bool privileges_give_path(const char *path, struct identity identity);
/* Make a folder of theirs, unless there is one already. False, and errno, if there can be none. */
bool privileges_make_folder(const char *path, struct identity identity);

#endif
