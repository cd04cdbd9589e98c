/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Captures of real routers, when the folder is there: each is read to its end, and every frame gives its
 * packet. */
#include "files/capture.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SKIPPED 77

START_TEST(real_captures_are_read_whole)
{
    static const struct {
        const char *name;
        unsigned frames;
        unsigned of_type;
        uint16_t ethertype;
    } known[] = {
        {"cisco-ios-phase3-auth.pcap", 4, 4, 0x0800},
        {"cisco-ios-registration.pcap", 1, 1, 0x0800},
        {"frr-8.4.4-hub-gre1-cooked.pcap", 48, 24, 0x2001},
        {"opennhrp-0.14.1-phase2.pcap", 90, 18, 0x0806},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        char path[512], error[CAPTURE_ERROR_MAX];
        struct capture_frame frame;
        struct span packet;
        unsigned count = 0, of_type = 0;
        snprintf(path, sizeof path, "%s/%s", REAL_CAPTURES, known[i].name);
        struct capture_reader *reader = capture_open(path, error);
        ck_assert_msg(reader != NULL, "%s", error);
        for (; capture_read(reader, &frame, error) == 1; count++) {
            uint16_t type;
            ck_assert(capture_packet(&frame, &type, &packet));
            of_type += type == known[i].ethertype;
        }
        capture_close(reader);
        ck_assert_uint_eq(count, known[i].frames);
        ck_assert_uint_eq(of_type, known[i].of_type);
    }
}
END_TEST

int main(void)
{
    if (access(REAL_CAPTURES, R_OK) != 0) {
        fprintf(stderr, "SKIPPED: no folder %s with captures of real routers\n", REAL_CAPTURES);
        return SKIPPED;
    }
    Suite *suite = suite_create("capture_real");
    TCase *cases = tcase_create("reader");
    tcase_add_test(cases, real_captures_are_read_whole);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
