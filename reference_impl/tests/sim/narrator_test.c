/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Comments: the speakers, the reason, the clause, the packet's fate; and the capture's own. */
#include "drivers/sim/narrator.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "codec/describe.h"
#include "drivers/sim/echo.h"

static char *comment_for(struct narration narration)
{
    static char comment[NARRATOR_COMMENT_MAX];
    size_t len;
    struct echo echo = {
        .source = addr_ipv4(10, 1, 1, 10), .destination = addr_ipv4(10, 1, 2, 10), .sequence = 1};
    uint8_t *packet = echo_make_request(echo, 1, 8, &len);
    ck_assert_ptr_nonnull(packet);
    narration.packet = span_of(packet, len);
    narrator_packet(&narration, comment);
    free(packet);
    return comment;
}

START_TEST(who_what_why_and_where_it_is_written)
{
    struct narration narration = {.from = "spoke1",
                                  .to = "hub",
                                  .words = send_reason_words(SEND_DATA_TO_HUB),
                                  .clause = send_reason_clause(SEND_DATA_TO_HUB),
                                  .copies = 1};
    const char *comment = comment_for(narration);
    static const char beginning[] = "spoke1 to hub: sends data by way of the hub, as routed: ";
    static const char end[] = ". [RFC2332 §2.2]";
    ck_assert_msg(strncmp(comment, beginning, strlen(beginning)) == 0, "%s", comment);
    ck_assert_str_eq(comment + strlen(comment) - strlen(end), end);
    ck_assert_ptr_nonnull(strstr(comment, "10.1.2.10"));
}
END_TEST

START_TEST(what_becomes_of_it)
{
    struct narration lost = {.from = "spoke1",
                             .to = "hub",
                             .words = send_reason_words(SEND_DATA_TO_HUB),
                             .clause = send_reason_clause(SEND_DATA_TO_HUB),
                             .copies = 0};
    struct narration twice = {.from = "spoke1",
                              .to = "hub",
                              .words = send_reason_words(SEND_DATA_TO_HUB),
                              .clause = send_reason_clause(SEND_DATA_TO_HUB),
                              .copies = 2};
    struct narration astray = {.from = "spoke1",
                               .words = send_reason_words(SEND_DATA_TO_HUB),
                               .clause = send_reason_clause(SEND_DATA_TO_HUB),
                               .copies = 0};
    ck_assert_ptr_nonnull(strstr(comment_for(lost), "] The packet is lost on the way."));
    ck_assert_ptr_nonnull(strstr(comment_for(twice), "] The packet arrives twice."));
    ck_assert_ptr_nonnull(strstr(comment_for(astray), "spoke1 to nobody: "));
    ck_assert_ptr_nonnull(strstr(comment_for(astray), "] Nobody is at that address."));
}
END_TEST

START_TEST(the_longest_sentence_fits)
{
    char name[NODE_NAME_MAX];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    /* Two names, a reason, a sentence, a clause, a fate: all at their longest, with room to spare. */
    ck_assert_uint_lt(2 * strlen(name) + 120 + DESCRIBE_SENTENCE_MAX + 40 + 40, NARRATOR_COMMENT_MAX);
    struct narration lost = {.from = name,
                             .to = name,
                             .words = send_reason_words(SEND_REDIRECT),
                             .clause = send_reason_clause(SEND_REDIRECT),
                             .copies = 0};
    ck_assert_ptr_nonnull(strstr(comment_for(lost), "lost on the way."));
}
END_TEST

START_TEST(the_capture_as_a_whole)
{
    static const char *const clauses[] = {"RFC2332 §5.2.3", "DRAFT §4.3"};
    struct scenario scenario = {
        .story = "A story\nin two lines.\n\n", .phase = 3, .clauses = clauses, .clause_count = 2};
    char *comment = narrator_capture(&scenario, 42);
    ck_assert_str_eq(comment, "A story\nin two lines.\n"
                              "DMVPN phase 3. Clauses: RFC2332 §5.2.3, DRAFT §4.3. Simulated, seed 42.");
    free(comment);
    scenario.phase = 0;
    comment = narrator_capture(&scenario, 0);
    ck_assert_str_eq(comment,
                     "A story\nin two lines.\nClauses: RFC2332 §5.2.3, DRAFT §4.3. Simulated, seed 0.");
    free(comment);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("narrator");
    TCase *cases = tcase_create("comments");
    tcase_add_test(cases, who_what_why_and_where_it_is_written);
    tcase_add_test(cases, what_becomes_of_it);
    tcase_add_test(cases, the_longest_sentence_fits);
    tcase_add_test(cases, the_capture_as_a_whole);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
