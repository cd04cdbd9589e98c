/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Editing: what a statement says is what changes, lengths and checksums are right again unless they are the
 * point, and a bad statement is refused in one line. */
#include "edit/edit.h"

#include <stdlib.h>
#include <string.h>

#include "condition.h"
#include "frames.h"
#include "suite.h"

static struct frame registration;
static struct edit_octets edited;
static struct packet packet;
static struct field_list fields;
static char error[EDIT_ERROR_MAX];

static void setup(void)
{
    struct sample sample = sample_registration(7);
    frame_of_sample(&sample, &registration);
    edited = (struct edit_octets){.data = NULL};
    fields = (struct field_list){.items = NULL};
}

static void teardown(void)
{
    field_list_free(&fields);
    free(edited.data);
}

static bool apply(bool fix, const char *first, const char *second)
{
    const char *const statements[] = {first, second};
    struct edit_sources none = {.sent = NULL};
    field_list_free(&fields);
    free(edited.data);
    bool good = edit_packet(span_of(registration.bytes, registration.len), statements, second != NULL ? 2 : 1,
                            &none, fix, &edited, error);
    if (good) {
        packet_decode(span_of(edited.data, edited.len), &packet);
        fields_of_packet(span_of(edited.data, edited.len), &packet, &fields);
    }
    return good;
}

static void edit(const char *first, const char *second)
{
    ck_assert_msg(apply(true, first, second), "%s: %s", first, error);
}

static const char *text_of_field(const char *name)
{
    static char text[FIELD_TEXT_MAX];
    const struct field *field = field_find(&fields, name);
    return field != NULL ? field_format(field, text) : "(absent)";
}

START_TEST(a_field_changes_and_the_packet_stays_sound)
{
    static const struct {
        const char *statement, *name, *text;
    } rows[] = {
        {"ip.src = 203.0.113.99", "ip.src", "203.0.113.99"},
        {"gre.key = 43", "gre.key", "43"},
        {"nhrp.hdr.hopcnt = 0", "nhrp.hdr.hopcnt", "0"},
        {"nhrp.flag.u = 0", "nhrp.flag.u", "0"},
        {"nhrp.reqid = 4711", "nhrp.reqid", "4711"},
        {"nhrp.cie[0].htime = 1", "nhrp.cie[0].htime", "1"},
        {"nhrp.cie[1].prot.addr = 10.9.9.9", "nhrp.cie[1].prot.addr", "10.9.9.9"},
        {"nhrp.ext[auth].value = \"secret\"", "nhrp.ext[auth].value", "736563726574"},
        {"nhrp.src.nbma.addr = (empty)", "nhrp.src.nbma.addr", "(empty)"},
        {"nhrp.hdr.op.type = 5", "nhrp.hdr.op.type", "5"},
        {"add ext 0xb800 = 01020304", "nhrp.ext[0x3800].value", "01020304"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        edit(rows[i].statement, NULL);
        ck_assert_msg(packet.kind == PACKET_NHRP, "%s: %s", rows[i].statement,
                      codec_status_words(packet.error.status));
        ck_assert_str_eq(text_of_field(rows[i].name), rows[i].text);
    }
}
END_TEST

START_TEST(extensions_are_copied_moved_and_removed)
{
    edit("nhrp.ext[auth].value = 00", "copy nhrp.ext[auth]");
    ck_assert_str_eq(text_of_field("nhrp.ext[auth#2].value"), "00");
    edit("nhrp.ext[auth].value = 00", "last nhrp.ext[responder]");
    const struct field *order = field_find(&fields, "nhrp.ext.order");
    ck_assert_ptr_nonnull(strstr(order->text, "auth responder end"));
    edit("remove nhrp.ext", NULL);
    ck_assert_ptr_null(field_find(&fields, "nhrp.ext.order"));
    ck_assert_uint_eq(packet.nhrp.fixed.extensions_offset, 0);
    edit("remove nhrp.cie", NULL);
    ck_assert_ptr_null(field_find(&fields, "nhrp.cie[0]"));
}
END_TEST

START_TEST(what_is_to_be_wrong_stays_wrong)
{
    edit("nhrp.hdr.chksum = 0x1234", NULL);
    ck_assert_int_eq(packet.kind, PACKET_BAD);
    ck_assert_int_eq(packet.error.status, CODEC_BAD_CHECKSUM);
    edit("nhrp.hdr.pktsz = 400", NULL);
    ck_assert_int_eq(packet.error.status, CODEC_BAD_SIZE);
    edit("patch nhrp+16 = 02", NULL);
    ck_assert_int_eq(packet.error.status, CODEC_BAD_VERSION);
    edit("patch nhrp.cie[0]+8 = 3f", NULL);
    ck_assert_int_eq(packet.error.status, CODEC_BAD_CIE);
    ck_assert(apply(false, "patch nhrp+9 = 00", NULL));
    ck_assert_int_eq(packet.error.status, CODEC_BAD_CHECKSUM);
    ck_assert(apply(true, "patch nhrp+9 = 00", NULL));
    ck_assert_int_eq(packet.kind, PACKET_NHRP);
}
END_TEST

START_TEST(octets_are_appended_and_cut)
{
    edit("append 00ff00", NULL);
    ck_assert_uint_eq(edited.len, registration.len + 3);
    ck_assert_int_eq(packet.kind, PACKET_NHRP);
    edit("cut 10", NULL);
    ck_assert_uint_eq(edited.len, registration.len - 10);
    ck_assert_int_eq(packet.kind, PACKET_BAD);
}
END_TEST

START_TEST(bad_statements_are_refused)
{
    static const char *const rows[] = {"nhrp.hdr.hopcnt",
                                       "nhrp.hdr.hopcnt = x",
                                       "nhrp.hdr.hopcnt = 256",
                                       "nhrp.no.such = 1",
                                       "remove nhrp.ext[auth]",
                                       "copy nhrp.cie[7]",
                                       "patch nhrp = 00",
                                       "patch nhrp+4000 = 00",
                                       "patch nhrp+1 = 0",
                                       "append xy",
                                       "cut 4000",
                                       "ip.src = nowhere",
                                       "nhrp.cie[5].code = 1",
                                       "nhrp.flag.s = 1",
                                       "add ext what = 00",
                                       "nhrp.reqid = $got:nhrp.reqid",
                                       "data.payload = 0"};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        error[0] = '\0';
        ck_assert_msg(!apply(true, rows[i], NULL), "'%s' is taken", rows[i]);
        ck_assert_msg(error[0] != '\0' && strchr(error, '\n') == NULL, "'%s': '%s'", rows[i], error);
        ck_assert_ptr_null(edited.data);
    }
}
END_TEST

START_TEST(conditions_hold_or_tell_the_difference)
{
    struct requirement_table table = suite_table();
    struct edit_sources none = {.sent = NULL};
    struct policy_context policy = {.message = POLICY_NHRP(NHRP_REGISTRATION_REQUEST), .phase = 1};
    struct difference difference;
    static const struct {
        const char *text;
        enum condition_answer answer;
    } rows[] = {
        {"nhrp.reqid = 7", CONDITION_HOLDS},
        {"nhrp.reqid = 6 | 7", CONDITION_HOLDS},
        {"nhrp.reqid > 7", CONDITION_FAILS},
        {"nhrp.reqid >= 7", CONDITION_HOLDS},
        {"nhrp.reqid != 7", CONDITION_FAILS},
        {"nhrp.src.nbma.addr = $this:ip.src", CONDITION_HOLDS},
        {"nhrp.src.nbma.addr = 192.0.2.77", CONDITION_FAILS},
        {"nhrp.ext[auth] absent", CONDITION_HOLDS},
        {"nhrp.ext[end] present", CONDITION_HOLDS},
        {"nhrp.ext[auth].value = 00", CONDITION_FAILS},
        {"nhrp.reqid", CONDITION_BAD},
        {"nhrp.reqid ? 7", CONDITION_BAD},
        {"nhrp.reqid = seven", CONDITION_BAD},
        {"nhrp.reqid = 7 @no-such-requirement", CONDITION_BAD},
    };
    edit("nhrp.hdr.hopcnt = 9", NULL);
    struct condition_context context = {
        .fields = &fields, .sources = &none, .policy = &policy, .requirements = &table};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        ck_assert_msg(condition_judge(rows[i].text, &context, &difference, error) == rows[i].answer, "%s",
                      rows[i].text);
    ck_assert_int_eq(
        condition_judge("should nhrp.hdr.hopcnt = 255 @rfc2332-5.1-checksum", &context, &difference, error),
        CONDITION_FAILS);
    ck_assert(difference.is_note);
    ck_assert_str_eq(difference.requirement->id, "rfc2332-5.1-checksum");
    ck_assert_str_eq(difference.actual, "9");
    ck_assert_uint_eq(difference.offset, 20 + 8 + 9);
    requirements_free(&table);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("edit");
    TCase *tests = tcase_create("edit");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_field_changes_and_the_packet_stays_sound);
    tcase_add_test(tests, extensions_are_copied_moved_and_removed);
    tcase_add_test(tests, what_is_to_be_wrong_stays_wrong);
    tcase_add_test(tests, octets_are_appended_and_cut);
    tcase_add_test(tests, bad_statements_are_refused);
    tcase_add_test(tests, conditions_hold_or_tell_the_difference);
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    return suite_main(suite);
}
