/* SPDX-License-Identifier: GPL-3.0-or-later
 * experiment.h - runs points x replications in parallel and commits them.
 *
 * One flat queue, dear points first, finishing in any order; each finished replication is appended
 * to the journal by one writer at a time. Nothing here knows what a replication does. A stopping
 * rule decides on the prefix of replication indices of a point, so the number of threads cannot
 * change what is in the result; overruns are discarded. */
#ifndef SIM_RUN_EXPERIMENT_H
#define SIM_RUN_EXPERIMENT_H

#include "core/base/error.h"
#include "sim/record/result.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* How to run one replication. `workspace` belongs to one thread and is reused; the arrays of
 * `result` may point into it and stay valid until its next run. */
struct experiment_worker {
    const void *context;
    void *(*workspace_create)(const void *context);
    void (*workspace_free)(void *workspace);
    int (*run)(const void *context, void *workspace, uint32_t point, uint32_t replication,
               struct result_replication *result, struct error *err);
    const double *point_cost; /* expected effort a point, any unit; NULL when alike */
};

/* Fixed number (replications_max) when relative_precision is 0; else each point has the smallest
 * number n from replications_min on, at least 2, at which the half width of the metric's t interval
 * over its replications 0 .. n - 1 is at most relative_precision times the size of their mean; or
 * replications_max. A point that lacks the metric has replications_min. */
struct experiment_stopping {
    uint32_t replications_min, replications_max;
    uint32_t metric;
    double relative_precision, level;
};

struct experiment_options {
    const char *journal_path; /* must exist: created by the caller or left by an earlier run */
    /* What is there besides the journal: the result that is extended, or NULL. No point gets fewer
     * replications than it has there, for pooled histograms cannot be taken apart again. */
    const struct result *existing;
    int thread_count;            /* 0: what OpenMP says */
    uint32_t shard, shard_count; /* this run does replications with index % shard_count == shard;
                                    shard_count 0 or 1: all. Needs a fixed number. */
    volatile sig_atomic_t *stop; /* set by a signal: finish what runs, commit it, return; or NULL */
    /* Called by one thread at a time after each commit; may be NULL. `total` grows while a stopping
     * rule asks for more. */
    void (*progress)(void *user, uint32_t done, uint32_t total, double elapsed_s);
    void *progress_user;
};

struct experiment_outcome {
    /* [point_count] what the stopping rule decided, for journal_read; replications_max where it has
     * not yet. Owned by the caller. */
    uint32_t *replication_count;
    uint32_t run_count; /* replications run now, overruns included */
    bool interrupted;   /* stopped before everything was done: resume goes on */
    double wall_s;
};

/* Runs what neither the journal nor options->existing holds yet. 0, or -1 and the error of the
 * lowest (point, replication) that failed; work under way is finished first, and what has been
 * committed stays in the journal. */
int experiment_run(const struct result_layout *layout, const struct experiment_worker *worker,
                   const struct experiment_stopping *stopping,
                   const struct experiment_options *options, struct experiment_outcome *outcome,
                   struct error *err);

#endif
