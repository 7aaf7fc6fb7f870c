/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: a ledger in simulated time comes through what its plan lets go wrong, and takes as long as
 * that must take.
 * Method: outages with known ends and links of one latency, so that waits can be counted by hand;
 * loss, partitions and crashes together, where nothing may be missing at the end. That all nodes of
 * one height have one head and one state, and that what is submitted is committed or waits, every
 * run checks itself. */
#include "sim/actors/ledger_service_parts.h"
#include "tests/theory/ledger_desk.h"

#define FOUR "type: chain, nodes: [customs, port, carrier, bank], heartbeat: 0 s, " FREE ", "

/* With one of four down all three others must vote, which they do anyway. When it is the proposer's
 * turn (every fourth height), the others wait for it: the submitter from 0 on, the others from L
 * on, until 3 s and 3 s + L; their prevotes and then their precommits for nothing arrive L later
 * each, at 3 s + 3 L the wait for more precommits begins, at 4 s + 3 L the next proposer proposes,
 * and at 4 s + 6 L that is committed. */
static void test_crash(void) {
    struct theory theory;
    const double L = 0.05;
    ledger_desk_run(&theory, "10 s", "4000 s", "port", 100,
                    FOUR LINKS("50 ms") ", crashes: [{at: 1 s, for: 1 d, nodes: bank}]", 1);
    ledger_desk_check(&theory, "one of four down", "ledger.latency.all.mean",
                      (4 + 6 * L + 3 * L + 2 * 4 * L) / 4, 0.001);
    ledger_desk_check(&theory, "longest", "ledger.latency.all.max", 4 + 6 * L, 1e-6);
    ledger_desk_check(&theory, "rounds", "ledger.blocks.all.rounds", 1.25, 0.003);
    theory_free(&theory);
}

/* Two and two agree on nothing. */
static void test_partition(void) {
    struct theory theory;
    ledger_desk_run(&theory, "10 s", "1000 s", "port", 100,
                    FOUR "network: {latency: 50 ms, partitions: [{at: 301 s, for: 300 s, apart: "
                         "[carrier, bank]}]}",
                    1);
    double longest = theory_value(&theory, "ledger.latency.all.max", 0);
    printf("two and two apart for 300 s: longest wait %.2f s\n", longest);
    CHECK(longest > 291 && longest < 291 + 40); /* the first submitted then waits for its end */
    CHECK_INT(theory_value(&theory, "count.inside.all.count", 0), 0);
    CHECK(theory_value(&theory, "ledger.messages.all.lost", 0) > 0);
    theory_free(&theory);
    ledger_desk_run(&theory, "10 s", "1000 s", "port", 100,
                    FOUR "network: {latency: 50 ms, partitions: [{at: 301 s, for: 300 s, apart: "
                         "bank}]}",
                    1);
    double mean = theory_value(&theory, "ledger.latency.all.mean", 0);
    printf("one apart for 300 s of 1,000: mean %.3f s\n", mean);
    CHECK(mean < 0.7 * 0.1875 + 0.3 * 1.3); /* as if it were down, and no more */
    theory_free(&theory);
}

/* A database stands still while its operator does: 30 of 100 documents wait for its return, the
 * first for 300 s, and then until they are sent again. */
static void test_operator_down(void) {
    struct theory theory;
    ledger_desk_run(&theory, "10 s", "1000 s", "port", 100,
                    "type: database, nodes: [customs, port], block_interval: 0 s, " FREE
                    ", " LINKS("50 ms") ", crashes: [{at: 301 s, for: 300 s, nodes: customs}]",
                    1);
    double mean = theory_value(&theory, "ledger.latency.all.mean", 0);
    printf("operator down for 300 s of 1,000: mean %.3f s\n", mean);
    CHECK(mean > 0.3 * 145 && mean < 0.3 * 165);
    CHECK_INT(theory_value(&theory, "count.inside.all.count", 0), 0);
    theory_free(&theory);
}

/* Who was down for 400 blocks has them all in the end, and votes again. */
static void test_catch_up(void) {
    struct theory theory;
    struct error err = ERROR_INIT;
    ledger_desk_run(&theory, "1 s", "1000 s", "port", 100,
                    "type: chain, nodes: [customs, port, carrier, bank], block_interval: 0 s, "
                    "crashes: [{at: 100 s, for: 400 s, nodes: bank}]",
                    1);
    struct replication *rep = theory.experiment.worker.workspace_create(&theory.experiment);
    replication_start(rep, theory.experiment.scenarios[0], 0, &err);
    const struct ledger_node *nodes = rep->ledger->nodes;
    replication_advance(rep, 499000000000);
    CHECK(nodes[0].height > 150 && nodes[3].height < 120);
    CHECK(rep->ledger->blocks.live > 100); /* kept for the one that is down */
    replication_advance(rep, 800500000000);
    CHECK(nodes[0].height > 400);
    CHECK(nodes[3].height + 2 >= nodes[0].height);
    CHECK(rep->ledger->blocks.live < 10);
    CHECK(rep->ledger->entries.live < 10);
    theory.experiment.worker.workspace_free(rep);
    theory_free(&theory);
}

/* Everything at once, and nothing is missing when it is over. */
static void test_storm(void) {
    static const char storm[] =
        "network: {latency: \"lognormal(mean: 50 ms, cv: 1)\", loss: 20 %, partitions: [{at: 200 "
        "s, "
        "for: 100 s, every: 350 s, apart: [carrier, bank]}]}, timeouts: {resend: 2 s}, crashes: "
        "[{at: 250 s, for: 120 s, every: 400 s, nodes: customs}, {at: 330 s, for: 50 s, every: 500 "
        "s, nodes: [port, bank]}]";
    char ledger[1024];
    struct theory theory;
    for (int type = 0; type < 2; type++) {
        snprintf(ledger, sizeof ledger,
                 "type: %s, nodes: [customs, port, carrier, bank], block_interval: 0 s, %s",
                 type == 0 ? "chain" : "database", storm);
        ledger_desk_run(&theory, "exponential(mean: 2 s)", "3000 s", "port", 100, ledger, 2);
        for (uint32_t r = 0; r < 2; r++) {
            printf("storm over a %s: mean %.2f s, longest %.1f s, %.2f rounds\n",
                   type == 0 ? "chain" : "database",
                   theory_value(&theory, "ledger.latency.all.mean", r),
                   theory_value(&theory, "ledger.latency.all.max", r),
                   theory_value(&theory, "ledger.blocks.all.rounds", r));
            CHECK_INT(theory_value(&theory, "count.inside.all.count", r), 0);
            CHECK(theory_value(&theory, "ledger.messages.all.lost", r) > 100);
        }
        theory_free(&theory);
    }
}

/* What nobody waits for goes on at once; the ledger has it all the same. */
static void test_not_waiting(void) {
    struct theory theory;
    ledger_desk_run(&theory, "10 s", "1000 s", "port, wait: false", 100, FOUR LINKS("50 ms"), 1);
    CHECK_NEAR(theory_value(&theory, "interval.time.all.mean", 0), 0, 0);
    ledger_desk_check(&theory, "latency, nobody waiting", "ledger.latency.all.mean", 0.1875, 0.01);
    theory_free(&theory);
}

int main(void) {
    test_crash();
    test_partition();
    test_operator_down();
    test_catch_up();
    test_storm();
    test_not_waiting();
    return test_summary();
}
