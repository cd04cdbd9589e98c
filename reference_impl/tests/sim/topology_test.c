/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding nodes, hosts and links among many. */
#include "drivers/sim/topology.h"

#include <check.h>
#include <stdlib.h>

enum { NODES = 300, LINKS = NODES - 1 };

static struct scenario_node nodes[NODES];
static struct scenario_host hosts[NODES * 2];
static struct scenario_link links[LINKS];
static struct scenario scenario;
static struct topology topology;

static struct addr nbma_of(size_t node)
{
    /* Neither in ascending nor in descending order. */
    size_t mixed = node * 7 % NODES;
    return addr_ipv4(192, 0, (uint8_t)(mixed >> 8), (uint8_t)mixed);
}

/* A star around node 0; every node has the same host address behind it. */
static void build(void)
{
    for (size_t i = 0; i < NODES; i++) {
        nodes[i].config.tunnel.nbma = nbma_of(i);
        hosts[i] =
            (struct scenario_host){.address = addr_ipv4(10, 255, (uint8_t)(i >> 8), (uint8_t)i), .node = i};
        hosts[NODES + i] = (struct scenario_host){.address = addr_ipv4(10, 0, 0, 1), .node = i};
        if (i > 0)
            links[i - 1] = (struct scenario_link){.ends = {i % 2 ? 0 : i, i % 2 ? i : 0}};
    }
    scenario = (struct scenario){
        .nodes = nodes,
        .node_count = NODES,
        .hosts = hosts,
        .host_count = NODES * 2,
        .links = links,
        .link_count = LINKS,
    };
    ck_assert(topology_make(&scenario, &topology));
}

static void tear_down(void)
{
    topology_free(&topology);
}

START_TEST(nodes_by_address)
{
    size_t node = NODES;
    for (size_t i = 0; i < NODES; i++) {
        ck_assert(topology_find_node(&topology, 0, nbma_of(i), &node));
        ck_assert_uint_eq(node, i);
    }
    ck_assert(!topology_find_node(&topology, 0, addr_ipv4(192, 0, 2, 255), &node));
    ck_assert(!topology_find_node(&topology, 0, (struct addr){0}, &node));
}
END_TEST

START_TEST(nodes_that_move)
{
    /* Every third node goes elsewhere, to the front, the middle or the end of the order. */
    size_t node = NODES;
    for (size_t i = 0; i < NODES; i += 3)
        topology_move_node(&topology, i,
                           addr_ipv4((uint8_t)(150 + i % 100), 1, (uint8_t)(i >> 8), (uint8_t)i));
    for (size_t i = 0; i < NODES; i++) {
        ck_assert(topology_find_node(&topology, 0, topology.nbma[i], &node));
        ck_assert_uint_eq(node, i);
        ck_assert(topology_find_node(&topology, 0, nbma_of(i), &node) == (i % 3 != 0));
    }
}
END_TEST

START_TEST(the_same_address_in_two_realms)
{
    size_t node = NODES;
    nodes[7].realm = 2;
    tear_down();
    ck_assert(topology_make(&scenario, &topology));
    ck_assert(!topology_find_node(&topology, 0, nbma_of(7), &node));
    ck_assert(topology_find_node(&topology, 2, nbma_of(7), &node));
    ck_assert_uint_eq(node, 7);
    topology_move_node(&topology, 7, nbma_of(8));
    ck_assert(topology_find_node(&topology, 2, nbma_of(8), &node));
    ck_assert_uint_eq(node, 7);
    ck_assert(topology_find_node(&topology, 0, nbma_of(8), &node));
    ck_assert_uint_eq(node, 8);
    nodes[7].realm = 0;
}
END_TEST

START_TEST(hosts_by_node_and_address)
{
    size_t host;
    for (size_t i = 0; i < NODES; i++) {
        ck_assert(topology_find_host(&topology, i, addr_ipv4(10, 0, 0, 1), &host));
        ck_assert_uint_eq(host, NODES + i);
        ck_assert(topology_find_host(&topology, i, hosts[i].address, &host));
        ck_assert_uint_eq(host, i);
        ck_assert(!topology_find_host(&topology, i, hosts[(i + 1) % NODES].address, &host));
    }
}
END_TEST

START_TEST(links_both_ways_and_the_common_one)
{
    for (size_t i = 1; i < NODES; i++) {
        ck_assert_uint_eq(topology_link(&topology, 0, i), i - 1);
        ck_assert_uint_eq(topology_link(&topology, i, 0), i - 1);
    }
    ck_assert_uint_eq(topology_link(&topology, 1, 2), LINKS);
    ck_assert_uint_eq(topology_link(&topology, 5, 5), LINKS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("topology");
    TCase *cases = tcase_create("finding");
    tcase_add_checked_fixture(cases, build, tear_down);
    tcase_add_test(cases, nodes_by_address);
    tcase_add_test(cases, nodes_that_move);
    tcase_add_test(cases, the_same_address_in_two_realms);
    tcase_add_test(cases, hosts_by_node_and_address);
    tcase_add_test(cases, links_both_ways_and_the_common_one);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
