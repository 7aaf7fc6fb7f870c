/* SPDX-License-Identifier: GPL-3.0-or-later
 * reproduce.c - reruns a result from its file alone and says whether the bits agree. */
#include "sim/commands/session.h"
#include "sim/record/version.h"
#include "sim/run/replication.h"

#include <inttypes.h>
#include <omp.h>
#include <string.h>

static const struct option options[] = {{"threads", "N", "threads; absent: one a processor"},
                                        {NULL, NULL, NULL}};

struct comparison {
    const struct result *result;
    const struct ready_experiment *experiment;
    uint32_t fingerprints_apart, metrics_apart, failed;
    uint32_t first_apart; /* row, UINT32_MAX for none */
};

/* NaN equals NaN here: a system that lacks a metric still lacks it. */
static bool same_metrics(const struct comparison *comparison, uint32_t row,
                         const struct result_replication *again) {
    const struct result *result = comparison->result;
    const double *kept = result->metrics + (size_t)row * result->layout.metric_count;
    for (uint32_t i = 0; i < result->layout.metric_count; i++) {
        if (memcmp(&kept[i], &again->metrics[i], sizeof(double)) != 0 &&
            !(kept[i] != kept[i] && again->metrics[i] != again->metrics[i])) {
            return false;
        }
    }
    return true;
}

static void compare_row(struct comparison *comparison, void *workspace, uint32_t row) {
    const struct result *result = comparison->result;
    struct result_replication again;
    struct error err = ERROR_INIT;
    bool failed =
        comparison->experiment->worker.run(comparison->experiment, workspace, result->point[row],
                                           result->replication[row], &again, &err) != 0;
    bool same_path = !failed && again.fingerprint == result->fingerprint[row];
    bool same_numbers = !failed && same_metrics(comparison, row, &again);
#pragma omp critical(reproduce_compare)
    {
        comparison->failed += failed;
        comparison->fingerprints_apart += !failed && !same_path;
        comparison->metrics_apart += !failed && !same_numbers;
        if ((!same_path || !same_numbers) && row < comparison->first_apart) {
            comparison->first_apart = row;
        }
    }
}

static void compare_all(struct comparison *comparison, int threads) {
    const struct ready_experiment *experiment = comparison->experiment;
    int count = threads > 0 ? threads : omp_get_max_threads();
#pragma omp parallel num_threads(count)
    {
        void *workspace = experiment->worker.workspace_create(experiment);
#pragma omp for schedule(dynamic, 1)
        for (uint32_t row = 0; row < comparison->result->replication_count; row++) {
            compare_row(comparison, workspace, row);
        }
        experiment->worker.workspace_free(workspace);
    }
}

static int report(const struct comparison *comparison) {
    const struct result *result = comparison->result;
    uint32_t count = result->replication_count;
    bool same_version = strcmp(result->layout.version, version_number) == 0 &&
                        strcmp(result->layout.revision, version_revision) == 0;
    printf("made by   clearlab %s (%s)\nrerun by  clearlab %s (%s)%s\n", result->layout.version,
           result->layout.revision, version_number, version_revision,
           same_version ? "" : ", a different one");
    if (comparison->first_apart == UINT32_MAX) {
        printf("%u replications: all fingerprints and metrics agree to the last bit\n", count);
        return 0;
    }
    uint32_t row = comparison->first_apart;
    printf("%u replications: %u paths differ, %u sets of metrics differ, %u failed; first at point "
           "'%s', replication %u\n",
           count, comparison->fingerprints_apart, comparison->metrics_apart, comparison->failed,
           result->layout.points[result->point[row]].name, result->replication[row]);
    return 1;
}

static int run(const struct invocation *invocation, struct error *err) {
    struct arena *arena = invocation->arena;
    struct ready_experiment *experiment = ARENA_NEW(arena, struct ready_experiment);
    struct result result;
    int64_t threads;
    if (command_option_number(invocation, "threads", 1, 4096, 0, &threads, err) != 0 ||
        result_file_read(invocation->positionals[0], &result, arena, err) != 0 ||
        experiment_plan_load_text(invocation->positionals[0], result.layout.resolved, NULL, 0,
                                  &experiment->plan, arena, err) != 0 ||
        worker_prepare(experiment, arena, err) != 0) {
        return -1;
    }
    if (experiment->recorder.layout.metric_count != result.layout.metric_count ||
        experiment->plan.point_count != result.layout.point_count) {
        printf(
            "made by   clearlab %s (%s): this one records other metrics, so only a build of that "
            "revision can compare\n",
            result.layout.version, result.layout.revision);
        return 1;
    }
    struct comparison comparison = {
        .result = &result, .experiment = experiment, .first_apart = UINT32_MAX};
    compare_all(&comparison, (int)threads);
    return report(&comparison);
}

const struct command command_reproduce = {
    .name = "reproduce",
    .arguments = "RESULT.h5 [--threads N]",
    .doc = "Reruns a result from its file alone and says whether the bits agree.",
    .positionals_min = 1,
    .positionals_max = 1,
    .options = options,
    .run = run,
};
