/* SPDX-License-Identifier: GPL-3.0-or-later
 * experiment.c - see experiment.h.
 *
 * The stopping rule works in rounds: everybody first does the least number of replications, then as
 * many more as the largest point is expected to need, decided on what is there in order of index.
 * So the number of rounds, and what is run, depends on results only, never on who finished when. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "sim/run/experiment.h"

#include "core/base/arena.h"
#include "core/base/estimate.h"
#include "sim/record/journal.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct task {
    uint32_t point, replication;
    double cost;
};

struct runner {
    const struct result_layout *layout;
    const struct experiment_worker *worker;
    const struct experiment_stopping *stopping;
    const struct experiment_options *options;
    struct experiment_outcome *outcome;
    struct journal *journal;
    struct arena arena;
    uint32_t limit;  /* replications of a point at the most */
    bool *committed; /* [point][limit] */
    double *metric;  /* [point][limit], of the stopping rule */
    struct task *tasks;
    uint32_t task_count, done_count;
    double began_s;
    struct error failure; /* of the lowest (point, replication) */
    struct task failed_at;
    bool failed;
};

static double now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static size_t cell(const struct runner *runner, uint32_t point, uint32_t replication) {
    return (size_t)point * runner->limit + replication;
}

static void note(struct runner *runner, uint32_t point, uint32_t replication,
                 const double *metrics) {
    if (point < runner->layout->point_count && replication < runner->limit) {
        runner->committed[cell(runner, point, replication)] = true;
        runner->metric[cell(runner, point, replication)] = metrics[runner->stopping->metric];
    }
}

static void note_all(struct runner *runner, const struct result *result) {
    for (uint32_t row = 0; row < result->replication_count; row++) {
        note(runner, result->point[row], result->replication[row],
             result->metrics + (size_t)row * result->layout.metric_count);
    }
}

/* What is there already: in the journal, and in a result that is extended. */
static int note_existing(struct runner *runner, struct error *err) {
    struct arena arena = ARENA_INIT;
    struct result result;
    int status = journal_read(runner->options->journal_path, &result, NULL, NULL, &arena, err);
    if (status == 0) {
        note_all(runner, &result);
    }
    arena_free(&arena);
    if (status == 0 && runner->options->existing != NULL) {
        note_all(runner, runner->options->existing);
    }
    return status;
}

/* ---- the stopping rule --------------------------------------------------------------------- */

static bool is_open(const struct runner *runner) {
    return runner->stopping->relative_precision > 0;
}

/* The first number of replications of a point at which its interval is narrow enough, looking at
 * the prefix of those that are there; 0 when none is yet. */
static uint32_t enough(const struct runner *runner, uint32_t point, double *ratio) {
    const struct experiment_stopping *stopping = runner->stopping;
    struct moments moments = {0};
    for (uint32_t r = 0; r < runner->limit && runner->committed[cell(runner, point, r)]; r++) {
        moments_add(&moments, runner->metric[cell(runner, point, r)]);
        if (r + 1 < stopping->replications_min) {
            continue;
        }
        double half =
            estimate_half_width(moments_variance(&moments), moments.count, stopping->level);
        double size = moments.mean < 0 ? -moments.mean : moments.mean;
        *ratio = half / (stopping->relative_precision * size);
        if (half <= stopping->relative_precision * size || r + 1 == stopping->replications_max) {
            return r + 1;
        }
    }
    return 0;
}

static uint32_t prefix_length(const struct runner *runner, uint32_t point) {
    uint32_t length = 0;
    while (length < runner->limit && runner->committed[cell(runner, point, length)]) {
        length++;
    }
    return length;
}

/* How many replications a point shall have after the next round. The width shrinks with the root of
 * their number; a half more at the least, so that there are few rounds. */
static uint32_t next_goal(const struct runner *runner, uint32_t point) {
    const struct experiment_stopping *stopping = runner->stopping;
    uint32_t length = prefix_length(runner, point);
    if (length < stopping->replications_min) {
        return stopping->replications_min;
    }
    double ratio = 0;
    if (!is_open(runner) || enough(runner, point, &ratio) != 0) {
        return length;
    }
    double wanted = length * ratio * ratio;
    uint32_t most = length + (length + 1) / 2;
    uint32_t goal = wanted > (double)most || wanted != wanted ? most : (uint32_t)wanted + 1;
    goal = goal > length ? goal : length + 1;
    return goal < stopping->replications_max ? goal : stopping->replications_max;
}

/* ---- tasks --------------------------------------------------------------------------------- */

static int by_cost(const void *a, const void *b) {
    const struct task *x = a, *y = b;
    if (x->cost != y->cost) {
        return x->cost > y->cost ? -1 : 1;
    }
    if (x->replication != y->replication) {
        return x->replication < y->replication ? -1 : 1;
    }
    return (x->point > y->point) - (x->point < y->point);
}

static void list_tasks(struct runner *runner) {
    const struct experiment_options *options = runner->options;
    uint32_t shards = options->shard_count > 1 ? options->shard_count : 1;
    runner->task_count = runner->done_count = 0;
    for (uint32_t point = 0; point < runner->layout->point_count; point++) {
        uint32_t goal = next_goal(runner, point);
        if (shards > 1 && runner->stopping->replications_min > goal) {
            goal = runner->stopping->replications_min;
        }
        for (uint32_t r = 0; r < goal; r++) {
            bool ours = r % shards == options->shard % shards;
            if (!ours || runner->committed[cell(runner, point, r)]) {
                continue;
            }
            double cost = runner->worker->point_cost ? runner->worker->point_cost[point] : 0;
            runner->tasks[runner->task_count++] = (struct task){point, r, cost};
        }
    }
    qsort(runner->tasks, runner->task_count, sizeof *runner->tasks, by_cost);
}

static bool stopped(const struct runner *runner) {
    return runner->failed || (runner->options->stop != NULL && *runner->options->stop);
}

static void fail(struct runner *runner, struct task task, const struct error *err) {
    bool lower =
        !runner->failed || task.point < runner->failed_at.point ||
        (task.point == runner->failed_at.point && task.replication < runner->failed_at.replication);
    if (lower) {
        runner->failure = *err;
        runner->failed_at = task;
    }
    runner->failed = true;
}

/* One writer at a time. */
static void commit(struct runner *runner, struct task task, int status,
                   const struct result_replication *result, struct error *err) {
    const struct experiment_options *options = runner->options;
    if (status == 0) {
        status = journal_append(runner->journal, result, err);
    }
    if (status != 0) {
        fail(runner, task, err);
        return;
    }
    note(runner, task.point, task.replication, result->metrics);
    runner->outcome->run_count++;
    runner->done_count++;
    if (options->progress != NULL) {
        options->progress(options->progress_user, runner->done_count, runner->task_count,
                          now_s() - runner->began_s);
    }
}

static void run_tasks(struct runner *runner) {
    int threads =
        runner->options->thread_count > 0 ? runner->options->thread_count : omp_get_max_threads();
    const struct experiment_worker *worker = runner->worker;
#pragma omp parallel num_threads(threads)
    {
        void *workspace = worker->workspace_create(worker->context);
#pragma omp for schedule(dynamic, 1)
        for (uint32_t i = 0; i < runner->task_count; i++) {
            if (stopped(runner)) {
                continue;
            }
            struct task task = runner->tasks[i];
            struct result_replication result;
            struct error err = ERROR_INIT;
            int status = worker->run(worker->context, workspace, task.point, task.replication,
                                     &result, &err);
#pragma omp critical(experiment_commit)
            commit(runner, task, status, &result, &err);
        }
        worker->workspace_free(workspace);
    }
}

static void set_counts(const struct runner *runner) {
    for (uint32_t point = 0; point < runner->layout->point_count; point++) {
        double ratio;
        uint32_t count = is_open(runner) ? enough(runner, point, &ratio) : 0;
        runner->outcome->replication_count[point] =
            count != 0 ? count : runner->stopping->replications_max;
    }
}

int experiment_run(const struct result_layout *layout, const struct experiment_worker *worker,
                   const struct experiment_stopping *stopping,
                   const struct experiment_options *options, struct experiment_outcome *outcome,
                   struct error *err) {
    struct runner runner = {.layout = layout,
                            .worker = worker,
                            .stopping = stopping,
                            .options = options,
                            .outcome = outcome,
                            .limit = stopping->replications_max,
                            .began_s = now_s()};
    size_t cells = (size_t)layout->point_count * runner.limit;
    outcome->run_count = 0;
    if (is_open(&runner) && options->shard_count > 1) {
        return error_set(err, ERROR_INPUT,
                         "a run that stops by precision cannot be cut into shards: fix the number "
                         "of replications");
    }
    runner.committed = ARENA_ARRAY(&runner.arena, bool, cells + 1);
    runner.metric = ARENA_ARRAY(&runner.arena, double, cells + 1);
    runner.tasks = ARENA_ARRAY(&runner.arena, struct task, cells + 1);
    int status = note_existing(&runner, err);
    runner.journal = status == 0 ? journal_open(options->journal_path, err) : NULL;
    if (runner.journal == NULL) {
        arena_free(&runner.arena);
        return -1;
    }
    for (list_tasks(&runner); runner.task_count > 0 && !stopped(&runner); list_tasks(&runner)) {
        run_tasks(&runner);
    }
    outcome->interrupted = !runner.failed && runner.task_count > 0;
    outcome->wall_s = now_s() - runner.began_s;
    set_counts(&runner);
    if (journal_close(runner.journal, err) != 0) {
        status = -1;
    }
    if (runner.failed && err->code == ERROR_NONE) {
        *err = runner.failure;
    }
    arena_free(&runner.arena);
    return runner.failed ? -1 : status;
}
