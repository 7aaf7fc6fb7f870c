/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: a ledger in simulated time takes the time that it must.
 * Method:
 *   - analytic: with links of one latency and no other cost, a lone transaction takes four message
 *     delays, three where the submitter proposes; with costs, what the longest way through the
 *     servers adds, counted by hand;
 *   - published: BFT-SMaRt on four continents, measured on Amazon EC2 (Berger, Toumia and Reiser,
 *     "Simulating BFT Protocol Implementations at Scale", arXiv:2208.14745, 2022; numbers from the
 *     data sets of their tool Delphi-BFT: consensus-latencies.txt and client-latencies.txt, links
 *     from its aws21.json, yearly means of Cloudping). Its three steps PROPOSE, WRITE and ACCEPT
 *     are our proposal, prevote and precommit;
 *   - published: CometBFT's blocks a minute with and without emulated wide-area latency (CometBFT
 *     documentation, "QA results for CometBFT v1.x", 2024: from about 30 to around 10);
 *   - sameness: signatures that nobody works out change no metric. */
#include "sim/actors/ledger_service_parts.h"
#include "tests/theory/ledger_desk.h"

/* ---- analytic ------------------------------------------------------------------------------- */

/* Heights go round, so the submitter proposes every n-th time. The rest is exact to the nanosecond:
 * the tolerance is that of the mean over a number of blocks that n need not divide. */
static void test_delays(void) {
    struct theory theory;
    ledger_desk_run(&theory, "10 s", "4000 s", "port", 100,
                    "type: chain, nodes: [customs, port, carrier, bank], heartbeat: 0 s, " FREE
                    ", " LINKS("50 ms"),
                    1);
    ledger_desk_check(&theory, "4 nodes, latency in s: 3.75 delays of 50 ms",
                      "ledger.latency.all.mean", 3.75 * 0.05, 0.001);
    ledger_desk_check(&theory, "from proposal to commit: 3 delays, one shared",
                      "ledger.agreement.all.mean", 3 * 0.05, 0.001);
    ledger_desk_check(&theory, "the token's time is the ledger's", "party.time.technology.mean",
                      3.75 * 0.05, 0.001);
    ledger_desk_check(&theory, "one round each", "ledger.blocks.all.rounds", 1, 0);
    ledger_desk_check(&theory, "six blocks a minute, as tokens", "ledger.blocks.all.per_minute", 6,
                      0.001);
    theory_free(&theory);
    ledger_desk_run(
        &theory, "10 s", "8000 s", "port", 100,
        "type: chain, nodes: [customs x 5, port x 5, carrier x 3, bank x 3], heartbeat: 0 s, " FREE
        ", " LINKS("50 ms"),
        1);
    ledger_desk_check(&theory, "16 nodes: 3.9375 delays of 50 ms", "ledger.latency.all.mean",
                      3.9375 * 0.05, 0.001);
    theory_free(&theory);
}

/* A database answers after one way there and one back, and its operator at once. */
static void test_database(void) {
    struct theory theory;
    ledger_desk_run(
        &theory, "10 s", "1000 s", "port", 100,
        "type: database, nodes: [customs, port], block_interval: 0 s, costs: {execute: 3 "
        "ms}, " LINKS("50 ms"),
        1);
    ledger_desk_check(&theory, "database: 2 delays and 3 ms", "ledger.latency.all.mean", 0.103,
                      1e-6);
    ledger_desk_check(&theory, "its two messages a transaction", "ledger.messages.all.rate", 0.2,
                      0.001);
    theory_free(&theory);
    ledger_desk_run(
        &theory, "10 s", "1000 s", "customs", 100,
        "type: database, nodes: [customs, port], block_interval: 0 s, costs: {execute: 3 "
        "ms}, " LINKS("50 ms"),
        1);
    ledger_desk_check(&theory, "its operator: 3 ms", "ledger.latency.all.mean", 0.003, 1e-6);
    theory_free(&theory);
}

/* Of four nodes, where another than the submitter proposes: it signs and sends (s, L); the proposer
 * verifies, executes and signs (v, e, s), sends (L); the others verify the proposal, execute and
 * sign their prevotes (v, e, s), send (L). The proposer's own prevote came just after its proposal
 * (v, in time); one more of two that come together is enough (v), they sign precommits (s), send
 * (L); two more than the submitter's own, again together, decide (2 v): 4 L + 4 s + 5 v + 2 e.
 * Where the submitter proposes: s, e, s, L, v, e, s, L; as proposer it needs two prevotes of three
 * that come together (2 v), but the others need only v and s until they send; it then has the
 * precommits after L, behind all three prevotes: it verifies two (2 v): 3 L + 4 s + 4 v + 2 e. */
static void test_costs(void) {
    const double L = 0.05, s = 0.001, v = 0.002, e = 0.003;
    double other = 4 * L + 4 * s + 5 * v + 2 * e, own = 3 * L + 4 * s + 4 * v + 2 * e;
    struct theory theory;
    ledger_desk_run(
        &theory, "10 s", "4000 s", "port", 100,
        "type: chain, nodes: [customs, port, carrier, bank], heartbeat: 0 s, costs: {sign: 1 ms, "
        "verify: 2 ms, hash: 0 s, execute: 3 ms}, " LINKS("50 ms"),
        1);
    ledger_desk_check(&theory, "with costs, longest way through the servers",
                      "ledger.latency.all.mean", 0.75 * other + 0.25 * own, 0.001);
    ledger_desk_check(&theory, "longest", "ledger.latency.all.max", other, 1e-6);
    theory_free(&theory);
}

/* A message of b bytes occupies its link for b / 1,024 of `transmit`. */
static void test_bandwidth(void) {
    struct theory theory;
    ledger_desk_run(
        &theory, "10 s", "1000 s", "port", 1024,
        "type: database, nodes: [customs, port], block_interval: 0 s, costs: {execute: 0 s}, "
        "network: {latency: 0 s, transmit: 1 s}",
        1);
    double bytes = theory_value(&theory, "ledger.messages.all.bytes", 0);
    double committed = theory_value(&theory, "ledger.transactions.all.committed", 0);
    CHECK_NEAR(bytes / committed, 1024 + 200, 40);
    ledger_desk_check(&theory, "both messages at 1,024 bytes a second", "ledger.latency.all.mean",
                      bytes / committed / 1024, 0.01);
    theory_free(&theory);
}

/* ---- published: BFT-SMaRt ------------------------------------------------------------------- */

enum { REGIONS = 4 };

/* Half the round trips of Cloudping 2021, mean of both directions, in ms: Oregon, Ireland, São
 * Paulo, Sydney. */
static const double one_way_ms[REGIONS][REGIONS] = {{0, 59.585, 88.195, 70.465},
                                                    {59.585, 0, 90.3625, 128.8425},
                                                    {88.195, 90.3625, 0, 156.8025},
                                                    {70.465, 128.8425, 156.8025, 0}};

static double third_smallest(const double values[REGIONS]) {
    double sorted[REGIONS];
    memcpy(sorted, values, sizeof sorted);
    for (int i = 0; i < REGIONS; i++) {
        for (int k = i; k > 0 && sorted[k] < sorted[k - 1]; k--) {
            double swap = sorted[k];
            sorted[k] = sorted[k - 1];
            sorted[k - 1] = swap;
        }
    }
    return sorted[2];
}

/* When the nodes commit a block of Oregon's, from its proposal on, in ms. */
static void decide(double committed_ms[REGIONS]) {
    struct theory theory;
    struct error err = ERROR_INIT;
    ledger_desk_run(
        &theory, "1 h", "1 h", "customs", 100,
        "type: chain, nodes: [customs, port, carrier, bank], heartbeat: 10 s, costs: {sign: 0 s, "
        "verify: 0 s, hash: 0 s, execute: 0 s}, network: {transmit: 0 s, routes: ["
        "{from: customs, to: port, latency: 59.585 ms}, "
        "{from: customs, to: carrier, latency: 88.195 ms}, "
        "{from: customs, to: bank, latency: 70.465 ms}, "
        "{from: port, to: carrier, latency: 90.3625 ms}, "
        "{from: port, to: bank, latency: 128.8425 ms}, "
        "{from: carrier, to: bank, latency: 156.8025 ms}]}",
        1);
    struct replication *rep = theory.experiment.worker.workspace_create(&theory.experiment);
    replication_start(rep, theory.experiment.scenarios[0], 0, &err);
    const struct ledger_node *nodes = rep->ledger->nodes;
    int64_t now_ns = 0;
    while (nodes[3].height < 3 || nodes[0].height < 3) { /* Oregon makes the fourth */
        replication_advance(rep, now_ns += 1000000);
    }
    int64_t proposed_ns = nodes[0].committed_ns + 10000000000;
    replication_advance(rep, proposed_ns + 2000000000);
    for (int i = 0; i < REGIONS; i++) {
        CHECK_INT(nodes[i].height, 4);
        committed_ms[i] = (double)(nodes[i].committed_ns - proposed_ns) * 1e-6;
    }
    theory.experiment.worker.workspace_free(rep);
    theory_free(&theory);
}

/* A client sends to the leader in Oregon and waits for three equal answers of four. */
static void test_four_continents(void) {
    static const char *const names[REGIONS] = {"Oregon", "Ireland", "Sao Paulo", "Sydney"};
    static const double measured_ms[REGIONS] = {353.938, 415.892, 414.534, 437.612};
    const double consensus_ms = 237.142;
    double committed_ms[REGIONS], answers_ms[REGIONS];
    decide(committed_ms);
    printf("BFT-SMaRt, consensus at its leader          %8.3f ms, measured %8.3f ms, %+.1f %%\n",
           committed_ms[0], consensus_ms, 100 * (committed_ms[0] / consensus_ms - 1));
    CHECK_NEAR(committed_ms[0], consensus_ms, 0.1 * consensus_ms);
    for (int client = 0; client < REGIONS; client++) {
        for (int i = 0; i < REGIONS; i++) {
            answers_ms[i] = one_way_ms[client][0] + committed_ms[i] + one_way_ms[i][client];
        }
        double latency_ms = third_smallest(answers_ms);
        printf("BFT-SMaRt, client in %-10s             %8.3f ms, measured %8.3f ms, %+.1f %%\n",
               names[client], latency_ms, measured_ms[client],
               100 * (latency_ms / measured_ms[client] - 1));
        CHECK_NEAR(latency_ms, measured_ms[client], 0.1 * measured_ms[client]);
    }
}

/* ---- published: CometBFT -------------------------------------------------------------------- */

/* Its test bed has 175 validators that gossip: a message passes about three nodes, each of which
 * looks every 100 ms for something to pass on (peer_gossip_sleep_duration), and a block goes in
 * parts, one behind another, at 5.12 MB/s (send_rate): 200 us for 1,024 bytes. 400 transactions of
 * 1 KB a second come to one node; a second passes between a commit and the next proposal
 * (timeout_commit), and a proposal is awaited for 3 s. The latencies that are added are those
 * between data centres of Amazon: half a round trip is 82 ms on average over the 21 of aws21.json,
 * up to 209 ms, for each node that is passed. Windows limit what a connection then carries, which
 * the report does not say: 256 KiB for each of these round trips of 165 ms make 630 us for 1,024
 * bytes. Sixteen nodes of ours stand for them all: what counts is the way of a message. */
static double blocks_per_minute(const char *what, const char *network) {
    char ledger[1024];
    struct theory theory;
    snprintf(ledger, sizeof ledger,
             "type: chain, nodes: [customs x 4, port x 4, carrier x 4, bank x 4], signatures: "
             "stand_in, block_size: 10000, block_interval: 1 s, timeouts: {propose: 3 s, prevote: "
             "1 s, precommit: 1 s, growth: 500 ms}, network: {%s}",
             network);
    ledger_desk_run(&theory, "2.5 ms", "180 s", "port, wait: false", 1000, ledger, 1);
    double rate = theory_value(&theory, "ledger.blocks.all.per_minute", 0);
    printf("CometBFT, %-23s %5.1f blocks a minute, %.2f rounds, latency %.1f s\n", what, rate,
           theory_value(&theory, "ledger.blocks.all.rounds", 0),
           theory_value(&theory, "ledger.latency.all.mean", 0));
    theory_free(&theory);
    return rate;
}

static void test_wide_area(void) {
    double near = blocks_per_minute(
        "one data centre:", "latency: \"uniform(low: 150 ms, high: 450 ms)\", transmit: 200 us");
    double wide = blocks_per_minute(
        "wide area:", "latency: \"uniform(low: 177 ms, high: 1077 ms)\", transmit: 200 us");
    double far =
        blocks_per_minute("wide area, windows:",
                          "latency: \"uniform(low: 177 ms, high: 1077 ms)\", transmit: 630 us");
    CHECK(near >= 20 && near <= 40); /* where the report has most of the nodes; about 30 */
    CHECK(wide < 0.7 * near);
    CHECK(far >= 7 && far <= 15); /* around 10 */
    CHECK(near / far >= 2 && near / far <= 4.5);
}

/* ---- stand-ins ------------------------------------------------------------------------------ */

static void test_stand_ins(void) {
    static const char chain[] =
        "type: chain, nodes: [customs, port x 2, carrier, bank], heartbeat: "
        "20 s, network: {loss: 5 %}, timeouts: {resend: 8 s}";
    char with[512];
    struct theory real, stand_in;
    snprintf(with, sizeof with, "%s, signatures: stand_in", chain);
    ledger_desk_run(&real, "exponential(mean: 3 s)", "600 s", "port", 300, chain, 2);
    ledger_desk_run(&stand_in, "exponential(mean: 3 s)", "600 s", "port", 300, with, 2);
    uint32_t count = real.experiment.recorder.layout.metric_count;
    CHECK_INT(count, stand_in.experiment.recorder.layout.metric_count);
    CHECK(memcmp(real.values, stand_in.values, 2 * count * sizeof(double)) == 0);
    CHECK(theory_value(&real, "ledger.messages.all.lost", 1) > 0);
    CHECK(theory_value(&real, "ledger.blocks.all.rounds", 1) > 1);
    theory_free(&real);
    theory_free(&stand_in);
}

int main(void) {
    test_delays();
    test_database();
    test_costs();
    test_bandwidth();
    test_four_continents();
    test_wide_area();
    test_stand_ins();
    return test_summary();
}
