/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_sameness.c - goal: a replication is the same whether it runs alone, after others, by another
 * thread or in a workspace that has seen other scenarios.
 *
 * Method: fingerprints (over every event) and all metrics of short runs of two systems with all
 * that a workspace keeps (drawn blocks, half-full batches, broken servers), held against those of
 * replications that run first in a workspace of their own; then all of them on 1, 2, 4 and 8
 * threads. */
#include "tests/theory/theory.h"

#include <omp.h>

enum { REPLICATIONS = 20, POINTS = 2 };

/* About 30 consignments a replication; with `few`, so few that the next one begins in the block of
 * draws in which the last one ended. */
static const char text[] =
    "clearlab: 1\nexperiment: sameness\nseed: 20170105\n"
    "world: {clearlab: 1, world: w, arrivals: {c: {interarrival: 'exponential(mean: 10 min)', "
    "procedure: p}}}\n"
    "systems: {"
    "s: {clearlab: 1, system: s, organisations: {customs: {staff: {d: {units: 2, breakdown: "
    "{after: 'exponential(mean: 40 min)', repair: 'exponential(mean: 9 min)', work: restart}}}}}, "
    "procedures: {p: [{b: {type: batch, size: 4}}, {s: {by: customs.d, duration: "
    "'exponential(mean: 14 min)', patience: 'exponential(mean: 50 min)'}}]}}, "
    "t: {clearlab: 1, system: t, organisations: {customs: {staff: {e: {units: 3, breakdown: "
    "{after: 'exponential(mean: 20 min)', repair: 'exponential(mean: 9 min)', work: suspend}}, d: "
    "1}}}, procedures: {p: [{s: {by: customs.e, duration: 'uniform(low: 5 min, high: 20 min)'}}, "
    "{b: {type: batch, size: 3}}, {u: {type: work, by: customs.d, duration: 'exponential(mean: 5 "
    "min)'}}]}}}\n"
    "study: {warm_up: 1 h, cohort: 4 h, limit: 20 h}\n"
    "intervals: {sojourn: {from: created, to: ended}}\n";

struct run {
    uint64_t fingerprint;
    uint64_t metrics; /* a hash of their bits */
};

static uint64_t hash(const double *values, uint32_t count) {
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        sum = (sum ^ bits) * UINT64_C(0x9E3779B97F4A7C15);
        sum ^= sum >> 29;
    }
    return sum;
}

static struct run run_one(const struct ready_experiment *experiment, void *workspace,
                          uint32_t point, uint32_t replication) {
    struct error err = ERROR_INIT;
    struct result_replication result;
    if (experiment->worker.run(experiment, workspace, point, replication, &result, &err) != 0) {
        return (struct run){0};
    }
    return (struct run){result.fingerprint,
                        hash(result.metrics, experiment->recorder.layout.metric_count)};
}

static bool same(struct run a, struct run b) {
    return a.fingerprint == b.fingerprint && a.metrics == b.metrics && a.fingerprint != 0;
}

static struct run alone(const struct ready_experiment *experiment, uint32_t point,
                        uint32_t replication) {
    void *workspace = experiment->worker.workspace_create(experiment);
    struct run run = run_one(experiment, workspace, point, replication);
    experiment->worker.workspace_free(workspace);
    return run;
}

static void test_threads(const struct ready_experiment *experiment,
                         struct run expected[][REPLICATIONS]) {
    for (int threads = 1; threads <= 8; threads *= 2) {
        int wrong = 0;
#pragma omp parallel num_threads(threads) reduction(+ : wrong)
        {
            void *workspace = experiment->worker.workspace_create(experiment);
#pragma omp for schedule(dynamic)
            for (uint32_t i = 0; i < POINTS * REPLICATIONS; i++) {
                uint32_t point = i % POINTS, replication = i / POINTS;
                wrong += !same(run_one(experiment, workspace, point, replication),
                               expected[point][replication]);
            }
            experiment->worker.workspace_free(workspace);
        }
        CHECK_INT(wrong, 0);
    }
}

static void test_sameness(const char *const *settings, unsigned setting_count) {
    static struct run expected[POINTS][REPLICATIONS];
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct ready_experiment experiment = {0};
    if (experiment_plan_load_text("sameness", text, settings, setting_count, &experiment.plan,
                                  &arena, &err) != 0 ||
        worker_prepare(&experiment, &arena, &err) != 0) {
        char message[1024];
        error_print(&err, message, sizeof message);
        printf("%s", message);
        exit(1);
    }
    CHECK_INT(experiment.plan.point_count, POINTS);
    void *used = experiment.worker.workspace_create(&experiment);
    for (uint32_t r = 0; r < REPLICATIONS; r++) {
        for (uint32_t point = 0; point < POINTS; point++) {
            expected[point][r] = alone(&experiment, point, r);
            CHECK(same(run_one(&experiment, used, point, r), expected[point][r]));
        }
    }
    CHECK(expected[0][0].fingerprint != expected[0][1].fingerprint);
    CHECK(expected[0][0].fingerprint != expected[1][0].fingerprint);
    CHECK(same(run_one(&experiment, used, 0, 3), expected[0][3])); /* back to an earlier one */
    experiment.worker.workspace_free(used);
    test_threads(&experiment, expected);
    arena_free(&arena);
}

int main(void) {
    static const char *const few[] = {"study.warm_up=0 s", "study.cohort=15 min"};
    test_sameness(NULL, 0);
    test_sameness(few, 2);
    return test_summary();
}
