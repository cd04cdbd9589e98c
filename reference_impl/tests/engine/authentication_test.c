/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keyed hash between nodes; the cleartext form is in receive_test. */
#include "engine/authentication.h"

#include "harness.h"
#include "suite.h"

#include <string.h>

static struct world *world;
static struct hash_key_config keys[4];

static struct hash_key_config key_of(uint16_t spi, const char *secret)
{
    struct hash_key_config key = {.spi = spi, .key_len = (uint8_t)strlen(secret)};
    memcpy(key.key, secret, key.key_len);
    return key;
}

static void use(struct node_config *config, struct hash_key_config *list, size_t count)
{
    config->hash_keys = list;
    config->hash_key_count = count;
}

static unsigned auths(const struct nhrp_message *message, uint16_t *spi)
{
    struct span list = message->extensions;
    struct nhrp_ext ext;
    struct nhrp_auth auth;
    unsigned count = 0;
    while (nhrp_ext_next(&list, &ext))
        if (ext.type == NHRP_EXT_AUTHENTICATION) {
            count++;
            ck_assert(nhrp_auth_decode(ext.value, 4, &auth));
            ck_assert_int_eq(auth.form, NHRP_AUTH_KEYED_HASH);
            *spi = auth.spi;
        }
    return count;
}

START_TEST(every_hop_makes_the_hash_anew)
{
    struct node_config h = hub_config(), s = spoke_config(11), t = spoke_config(12);
    keys[0] = key_of(300, "one for all of us");
    use(&h, keys, 1);
    use(&s, keys, 1);
    use(&t, keys, 1);
    h.redirect = true;
    h.resolution = RESOLUTION_FORWARD;
    s.shortcut = t.shortcut = true;
    config_route(&h, "10.12.0.0/24", tunnel_addr(12));
    config_route(&s, "10.0.0.0/8", tunnel_addr(1));
    world = world_new();
    int hub = world_add(world, &h), a = world_add(world, &s);
    world_add(world, &t);
    world_run_s(world, 1);
    world_ping(world, a, lan_addr(11, 5), lan_addr(12, 5));
    world_run_s(world, 1);
    ck_assert_ptr_nonnull(world_traced(world, a, TRACE_SHORTCUT_INSTALLED));
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_FORWARDED), 1);
    for (size_t i = 0; i < world->sent_count; i++) {
        uint16_t spi;
        if (world->sent[i].packet.kind == PACKET_NHRP) {
            ck_assert_uint_eq(auths(&world->sent[i].packet.nhrp, &spi), 1);
            ck_assert_uint_eq(spi, 300);
        }
    }
    world_free(world);
}
END_TEST

START_TEST(another_key_and_no_key_are_failures)
{
    for (int with = 0; with < 2; with++) {
        struct node_config h = hub_config(), s = spoke_config(11);
        keys[0] = key_of(300, "right");
        keys[1] = key_of(300, "wrong");
        use(&h, keys, 1);
        use(&s, keys + 1, with);
        world = world_new();
        int hub = world_add(world, &h), a = world_add(world, &s);
        world_run_s(world, 5);
        ck_assert_uint_ge(world_drops(world, hub, DROP_AUTHENTICATION), 3);
        const struct sent *error = world_sent(world, hub, SEND_ERROR, 0);
        ck_assert_uint_eq(error->packet.nhrp.error.code, NHRP_ERROR_AUTHENTICATION_FAILURE);
        ck_assert_uint_eq(error->packet.nhrp.extensions.len, 0);
        ck_assert_ptr_null(world_traced(world, a, TRACE_REGISTERED));
        ck_assert_uint_eq(world_sent_count(world, a, SEND_ERROR), 0);
        world_free(world);
    }
}
END_TEST

START_TEST(a_changed_octet_is_noticed)
{
    struct node_config h = hub_config(), s = spoke_config(11);
    keys[0] = key_of(300, "right");
    use(&h, keys, 1);
    use(&s, keys, 1);
    world = world_new();
    int a = world_add(world, &s); /* nobody hears it yet */
    int hub = world_add(world, &h);
    struct span packet = world_sent(world, a, SEND_REGISTRATION, 0)->bytes;
    uint8_t changed[512];
    memcpy(changed, packet.data, packet.len);
    changed[28 + 9]--; /* the hop count is covered as well (§5.3.4.1: the entire payload) */
    nhrp_set_checksum(changed + 28, packet.len - 28);
    world_inject(world, hub, span_of(changed, packet.len));
    ck_assert_uint_eq(world_drops(world, hub, DROP_AUTHENTICATION), 1);
    world_inject(world, hub, packet);
    ck_assert_uint_eq(world_sent_count(world, hub, SEND_REGISTRATION_REPLY), 1);
    world_free(world);
}
END_TEST

START_TEST(keys_are_rolled_over_without_a_gap)
{
    struct node_config h = hub_config(), s = spoke_config(11);
    keys[0] = key_of(300, "the old one");
    keys[0].lifetime_s = 100;
    keys[1] = key_of(301, "the new one");
    keys[1].start_s = 80;
    use(&h, keys, 2);
    use(&s, keys, 2);
    s.hold_s = 30;
    world = world_new();
    int hub = world_add(world, &h), a = world_add(world, &s);
    world_run_s(world, 200);
    ck_assert_uint_eq(world_drops(world, hub, DROP_AUTHENTICATION), 0);
    ck_assert_ptr_null(world_traced(world, a, TRACE_REGISTRATION_LOST));
    uint16_t first, last;
    auths(&world_sent(world, a, SEND_REGISTRATION, 0)->packet.nhrp, &first);
    size_t refreshes = world_sent_count(world, a, SEND_REGISTRATION_REFRESH);
    auths(&world_sent(world, a, SEND_REGISTRATION_REFRESH, refreshes - 1)->packet.nhrp, &last);
    ck_assert_uint_eq(first, 300);
    ck_assert_uint_eq(last, 301);
    world_free(world);
}
END_TEST

START_TEST(without_a_valid_key_nothing_is_sent)
{
    struct node_config s = spoke_config(11);
    keys[0] = key_of(300, "short-lived");
    keys[0].lifetime_s = 10;
    use(&s, keys, 1);
    world = world_new();
    int a = world_add(world, &s);
    world_run_s(world, 10);
    size_t before = world->sent_count;
    ck_assert_uint_ge(before, 1);
    world_run_s(world, 100);
    ck_assert_uint_eq(world->sent_count, before);
    ck_assert_uint_ge(world_drops(world, a, DROP_NO_KEY), 1);
    world_free(world);
}
END_TEST

START_TEST(keys_that_cannot_be)
{
    struct node_config s = spoke_config(11);
    const char *why = NULL;
    keys[0] = key_of(300, "");
    use(&s, keys, 1);
    ck_assert_ptr_null(node_create(&s, 1, &why));
    ck_assert_str_eq(why, "a key of the keyed hash has no octets, or more than 64");
    keys[0] = key_of(300, "x");
    keys[0].source = addr_ipv4(10, 255, 0, 1);
    keys[1] = keys[0];
    use(&s, keys, 2);
    ck_assert_ptr_null(node_create(&s, 1, &why));
    ck_assert_ptr_nonnull(why);
    use(&s, keys, 1);
    memcpy(s.password, "secret", 7);
    ck_assert_ptr_null(node_create(&s, 1, &why));
    ck_assert_str_eq(why, "cleartext and keyed hash authentication exclude each other");
}
END_TEST

SUITE_MAIN("authentication", every_hop_makes_the_hash_anew, another_key_and_no_key_are_failures,
           a_changed_octet_is_noticed, keys_are_rolled_over_without_a_gap,
           without_a_valid_key_nothing_is_sent, keys_that_cannot_be)
