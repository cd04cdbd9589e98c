/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture_comments: what the maker of a pcapng file wrote into it, about the whole and about each packet;
 * libpcap does not give that away. The text is the file's: it may be of any octets but zero, and hostile.
 */
#ifndef DMVPNKIT_FILES_CAPTURE_COMMENTS_H
#define DMVPNKIT_FILES_CAPTURE_COMMENTS_H

#include <stddef.h>

#define CAPTURE_COMMENT_MAX  4096                /* octets of the comments on one thing; the rest is left out */
#define CAPTURE_COMMENTS_MAX (4u * 1024 * 1024) /* octets of all; the rest is left out */

struct capture_comments;

/*
 * The comments of the file up to a frame (from 1), packed with gzip or not. NULL if there are none: the file
 * cannot be read twice (standard input, a pipe), is no pcapng, or nobody has commented it. What stands before
 * damage is given. Free with capture_comments_free().
 */
struct capture_comments *capture_comments_read(const char *path, size_t last_frame);
void capture_comments_free(struct capture_comments *comments);

/* What is said about the whole, or about a frame; NULL if nothing. Lasts as long as comments, which may be NULL. */
const char *capture_comment_of_file(const struct capture_comments *comments);
const char *capture_comment_of_frame(const struct capture_comments *comments, size_t frame);

#endif
