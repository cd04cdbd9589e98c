/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of audit/facts.c and of the facts that audit/observe.c adds: a rule that needs a fact is not asked
 * where the fact does not hold. So there it must not be broken.
 */
#include "suite.h"

#include <glob.h>
#include <stdio.h>

#include "audit/rules.h"
#include "audit/watch.h"
#include "files/capture.h"

struct tally {
    const char *path;
    size_t asked; /* rules that were asked without need */
};

static void ask_without_need(void *arg, const struct sight *s)
{
    struct tally *tally = arg;
    const struct audit_rule *rule;
    unsigned type = s->m != NULL ? s->m->fixed.type : s->request != NULL ? s->request->type : 0;
    for (size_t i = 0; (rule = audit_rule_at(i)) != NULL; i++) {
        struct claim claim = {0};
        if (rule->needs == 0 || (rule->needs & s->facts) != 0 || (rule->events & s->events) == 0 ||
            (rule->types != 0 && (rule->types & TYPES(type)) == 0))
            continue;
        tally->asked++;
        ck_assert_msg(!rule->broken(s, &claim), "%s, frame %zu: %s is broken, and lacks its fact", tally->path,
                      s->frame, rule->id);
    }
}

static void audit_capture(struct tally *tally, const char *path)
{
    char error[CAPTURE_ERROR_MAX] = "";
    struct capture_reader *reader = capture_open(path, error);
    ck_assert_msg(reader != NULL, "%s", error);
    struct audit *audit = audit_new();
    struct capture_frame frame;
    tally->path = path;
    audit_watch(audit, ask_without_need, tally);
    while (capture_read(reader, &frame, error) == 1) {
        uint16_t ethertype = 0;
        struct span packet = {0};
        capture_packet(&frame, &ethertype, &packet);
        audit_packet(audit, frame.number, frame.at, ethertype, packet, frame.wire_len > frame.bytes.len);
    }
    audit_end(audit);
    audit_free(audit);
    capture_close(reader);
}

START_TEST(rules_are_not_broken_without_their_facts)
{
    struct tally tally = {0};
    glob_t found;
    ck_assert_int_eq(glob(SOURCE_ROOT "/captures/*.pcapng", 0, NULL, &found), 0);
    glob(REAL_CAPTURES "/*.pcap*", GLOB_APPEND, NULL, &found); /* may be missing */
    for (size_t i = 0; i < found.gl_pathc; i++)
        audit_capture(&tally, found.gl_pathv[i]);
    globfree(&found);
    ck_assert_uint_gt(tally.asked, 10000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("audit_facts");
    TCase *tc = tcase_create("facts");
    tcase_add_test(tc, rules_are_not_broken_without_their_facts);
    suite_add_tcase(suite, tc);
    return suite_main(suite);
}
