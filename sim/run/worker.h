/* SPDX-License-Identifier: GPL-3.0-or-later
 * worker.h - runs replications of a loaded experiment, for the experiment runner. */
#ifndef SIM_RUN_WORKER_H
#define SIM_RUN_WORKER_H

#include "sim/record/recorder.h"
#include "sim/run/experiment.h"

/* An experiment that is ready to run. Immutable; lives in the arena. */
struct ready_experiment {
    struct experiment_plan plan;
    struct recorder_plan recorder;
    const struct scenario *const *scenarios; /* [point] */
    const double *point_cost;                /* expected events of one replication */
    struct experiment_worker worker;
    struct experiment_stopping stopping;
};

/* Prepares what `experiment->plan` holds. -1 and an error when a metric that the stopping rule
 * names does not exist. */
int worker_prepare(struct ready_experiment *experiment, struct arena *arena, struct error *err);

#endif
