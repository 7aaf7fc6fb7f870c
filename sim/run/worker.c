/* SPDX-License-Identifier: GPL-3.0-or-later
 * worker.c - see worker.h. */
#include "sim/run/worker.h"

#include "sim/run/replication.h"

#include <string.h>

static void *workspace_create(const void *context) {
    const struct ready_experiment *experiment = context;
    return replication_create(experiment->scenarios, experiment->plan.point_count,
                              &experiment->recorder);
}

static void workspace_free(void *workspace) {
    struct replication *rep = workspace;
    recorder_free(rep->recorder);
    replication_free(rep);
}

static int run(const void *context, void *workspace, uint32_t point, uint32_t replication,
               struct result_replication *result, struct error *err) {
    const struct ready_experiment *experiment = context;
    struct replication *rep = workspace;
    recorder_set_point(rep->recorder, point);
    if (replication_run(rep, experiment->scenarios[point], replication, err) != 0) {
        return -1;
    }
    recorder_result(rep->recorder, rep, result);
    return 0;
}

/* Arrivals times steps: enough to start the dear points first. */
static double expected_events(const struct scenario *scenario) {
    double end_s = (double)scenario->study.end_ns * 1e-9, arrivals = 0;
    for (uint32_t i = 0; i < scenario->world.stream_count; i++) {
        const struct stream *stream = &scenario->world.streams[i];
        double mean_s = stream->pattern.rate_max_per_s > 0
                            ? 1 / stream->pattern.rate_max_per_s
                            : distribution_mean(&stream->pattern.gap);
        double each = stream->subject == SUBJECT_VESSEL ? distribution_mean(&stream->count) : 1;
        arrivals += stream->declared_count > 0 ? stream->declared_count : each * end_s / mean_s;
    }
    uint32_t steps = 0;
    for (uint32_t i = 0; i < scenario->procedure_count; i++) {
        steps += scenario->procedures[i].step_count;
    }
    return arrivals * steps;
}

static int set_stopping(struct ready_experiment *experiment, struct error *err) {
    const struct experiment_plan *plan = &experiment->plan;
    const struct result_layout *layout = &experiment->recorder.layout;
    experiment->stopping = (struct experiment_stopping){
        .replications_min = plan->replications_min,
        .replications_max = plan->replications_max,
        .relative_precision = plan->relative_precision,
        .level = plan->level,
    };
    if (plan->precision_metric == NULL) {
        return 0;
    }
    for (uint32_t i = 0; i < layout->metric_count; i++) {
        if (strcmp(layout->metrics[i].name, plan->precision_metric) == 0) {
            experiment->stopping.metric = i;
            return 0;
        }
    }
    return error_set(err, ERROR_INPUT,
                     "%s: there is no metric '%s' to stop by; it would be such as "
                     "interval.%s.all.mean",
                     plan->source, plan->precision_metric,
                     plan->points[0].scenario->intervals[0].name);
}

int worker_prepare(struct ready_experiment *experiment, struct arena *arena, struct error *err) {
    const struct experiment_plan *plan = &experiment->plan;
    const struct scenario **scenarios =
        ARENA_ARRAY(arena, const struct scenario *, plan->point_count);
    double *cost = ARENA_ARRAY(arena, double, plan->point_count);
    for (uint32_t i = 0; i < plan->point_count; i++) {
        scenarios[i] = plan->points[i].scenario;
        cost[i] = expected_events(scenarios[i]);
    }
    experiment->scenarios = scenarios;
    experiment->point_cost = cost;
    experiment->worker = (struct experiment_worker){
        .context = experiment,
        .workspace_create = workspace_create,
        .workspace_free = workspace_free,
        .run = run,
        .point_cost = cost,
    };
    if (recorder_plan_make(plan, &experiment->recorder, arena, err) != 0) {
        return -1;
    }
    return set_stopping(experiment, err);
}
