/* SPDX-License-Identifier: GPL-3.0-or-later
 * plan.c - what a run will do, before it is run: points, replications, effort, and whether the
 * stated staffing fits the work. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "core/base/units.h"
#include "sim/commands/command.h"
#include "sim/record/recorder.h"
#include "sim/run/replication.h"
#include "sim/run/worker.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

static const struct option options[] = {
    {"set", "KEY=VALUE", "sets a parameter or a dotted path; may be repeated"}, {NULL, NULL, NULL}};

static double wall_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double resource_metric(const struct ready_experiment *experiment, const double *metrics,
                              uint32_t point, uint32_t resource,
                              enum resource_statistic statistic) {
    uint32_t number = experiment->recorder.resource_of[point][resource];
    return metrics[experiment->recorder.resource_first + number * RESOURCE_STATISTIC_COUNT +
                   (uint32_t)statistic];
}

/* Units that the work of the pilot replication asks for at the stated utilisation, beside those
 * that are there. Work done is what came in as long as the queue is stable. */
static void print_staffing(const struct ready_experiment *experiment, uint32_t point,
                           const double *metrics) {
    const struct scenario *scenario = experiment->scenarios[point];
    for (uint32_t i = 0; i < scenario->resource_count; i++) {
        const struct resource_type *type = &scenario->resources[i];
        double used = resource_metric(experiment, metrics, point, i, RESOURCE_utilisation);
        printf("  %-30s %5d units, utilisation %5.1f %%", type->name, type->units_most, used * 100);
        if (type->utilisation > 0 && used == used) {
            double needed = ceil(type->units_most * used / type->utilisation - 1e-9);
            double slack = 0.05 * type->units_most + 1;
            printf("; stated %.0f %%: needs %.0f%s", type->utilisation * 100, needed,
                   needed > type->units_most + slack   ? "  <- too few"
                   : needed < type->units_most - slack ? "  <- more than needed"
                                                       : "");
        }
        putchar('\n');
    }
}

static int plan_point(const struct ready_experiment *experiment, void *workspace, uint32_t point,
                      double *seconds, struct error *err) {
    const struct scenario *scenario = experiment->scenarios[point];
    struct result_replication result;
    double began_s = wall_s();
    if (experiment->worker.run(experiment, workspace, point, 0, &result, err) != 0) {
        return -1;
    }
    double took_s = wall_s() - began_s;
    *seconds += took_s * experiment->plan.replications_min;
    const struct replication *rep = workspace;
    printf("%s: %" PRIu64 " events and %" PRId64 " consignments a replication, %.2f s\n",
           scenario->name, result.event_count, rep->created[SUBJECT_CONSIGNMENT], took_s);
    for (uint32_t i = 0; i < scenario->inert_patch_count; i++) {
        printf("  patch '%s' changes nothing: what it requires is not there\n",
               scenario->inert_patches[i]);
    }
    print_staffing(experiment, point, result.metrics);
    return 0;
}

static int run(const struct invocation *invocation, struct error *err) {
    struct arena *arena = invocation->arena;
    struct ready_experiment *experiment = ARENA_NEW(arena, struct ready_experiment);
    struct experiment_plan *plan = &experiment->plan;
    const char *settings[OPTION_VALUES_MAX];
    unsigned setting_count = command_option_all(invocation, "set", settings);
    if (experiment_plan_load(invocation->positionals[0], settings, setting_count, plan, arena,
                             err) != 0 ||
        worker_prepare(experiment, arena, err) != 0) {
        return -1;
    }
    printf("%s: %u point%s x %u replication%s, seed %" PRIu64 ", %u metrics\n", plan->name,
           plan->point_count, plan->point_count == 1 ? "" : "s", plan->replications_min,
           plan->replications_min == 1 ? "" : "s", plan->seed,
           experiment->recorder.layout.metric_count);
    void *workspace = experiment->worker.workspace_create(experiment);
    double seconds = 0;
    int status = 0;
    for (uint32_t i = 0; i < plan->point_count && status == 0; i++) {
        status = plan_point(experiment, workspace, i, &seconds, err);
    }
    experiment->worker.workspace_free(workspace);
    if (status == 0) {
        char text[48];
        units_print_time(units_ns(seconds), text);
        printf("about %s of computing on one core%s\n", text,
               plan->precision_metric != NULL ? " for the least number of replications" : "");
    }
    return status;
}

const struct command command_plan = {
    .name = "plan",
    .arguments = "EXPERIMENT.yml [--set KEY=VALUE]",
    .doc = "Says what a run will do: points, effort, and whether the staffing fits the work.",
    .positionals_min = 1,
    .positionals_max = 1,
    .options = options,
    .run = run,
};
