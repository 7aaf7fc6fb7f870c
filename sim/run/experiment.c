/* SPDX-License-Identifier: GPL-3.0-or-later
 * experiment.c - see experiment.h.
 *
 * Threads take tasks, run them, and commit them; the queue, the journal and the stopping rule are
 * each touched by one thread at a time. */
#include "sim/run/experiment.h"

#include "core/base/arena.h"
#include "core/base/estimate.h"
#include "core/base/require.h"
#include "sim/record/journal.h"

#include <omp.h>

enum task_state { TASK_FREE, TASK_TAKEN, TASK_COMMITTED };

struct point_state {
    uint8_t *tasks;   /* [replications_max] enum task_state */
    double *values;   /* [replications_max] the metric; NULL when the number is fixed */
    uint32_t minimum; /* the rule does not look below */
    uint32_t next;    /* no replication below is free */
    uint32_t prefix;  /* 0 .. prefix - 1 are committed and in `moments` */
    uint32_t count;   /* replications wanted, as far as is known: at most */
    bool decided;     /* `count` is final */
    struct moments moments;
};

struct task {
    uint32_t point, replication;
};

struct run {
    const struct result_layout *layout;
    const struct experiment_worker *worker;
    const struct experiment_stopping *stopping;
    const struct experiment_options *options;
    struct journal *journal;
    struct point_state *points;
    uint32_t done, run_count;
    double start_s;
    bool failed;
    struct task failed_task; /* the lowest so far */
    struct error failure;
};

static bool is_fixed(const struct run *run) {
    return run->stopping->relative_precision == 0;
}

static bool in_shard(const struct run *run, uint32_t replication) {
    uint32_t count = run->options->shard_count;
    return count <= 1 || replication % count == run->options->shard;
}

/* Whether the interval of the first `prefix` replications is narrow enough. */
static bool is_precise(const struct run *run, const struct point_state *point) {
    const struct moments *moments = &point->moments;
    if (moments->mean != moments->mean) {
        return true; /* the system lacks the metric: more replications bring nothing */
    }
    double size = moments->mean < 0 ? -moments->mean : moments->mean;
    double half_width =
        estimate_half_width(moments_variance(moments), moments->count, run->stopping->level);
    return half_width <= run->stopping->relative_precision * size;
}

/* Takes committed replications into the prefix until the rule has decided. Each step sees one more
 * replication in order of index, so the decision does not depend on who finished first. */
static void decide(const struct run *run, struct point_state *point) {
    while (!point->decided && point->prefix < run->stopping->replications_max &&
           point->tasks[point->prefix] == TASK_COMMITTED) {
        moments_add(&point->moments, point->values[point->prefix]);
        point->prefix++;
        if (point->prefix >= point->minimum && is_precise(run, point)) {
            point->count = point->prefix;
            point->decided = true;
        }
    }
    point->decided = point->decided || point->prefix == run->stopping->replications_max;
}

/* Free replications that the point surely needs come before those that it may turn out to need. */
static bool is_sure(const struct point_state *point, uint32_t replication) {
    return point->decided || replication < point->minimum || replication == point->prefix;
}

static bool comes_before(const struct run *run, struct task a, struct task b) {
    bool a_sure = is_sure(&run->points[a.point], a.replication);
    bool b_sure = is_sure(&run->points[b.point], b.replication);
    const double *cost = run->worker->point_cost;
    if (a_sure != b_sure) {
        return a_sure;
    }
    if (cost != NULL && cost[a.point] != cost[b.point]) {
        return cost[a.point] > cost[b.point];
    }
    return a.replication != b.replication ? a.replication < b.replication : a.point < b.point;
}

/* The first of the free tasks of this run; false when there is none. */
static bool find_task(const struct run *run, struct task *first) {
    bool found = false;
    for (uint32_t p = 0; p < run->layout->point_count; p++) {
        struct point_state *point = &run->points[p];
        while (point->next < point->count &&
               (point->tasks[point->next] != TASK_FREE || !in_shard(run, point->next))) {
            point->next++;
        }
        struct task task = {p, point->next};
        if (point->next < point->count && (!found || comes_before(run, task, *first))) {
            *first = task;
            found = true;
        }
    }
    return found;
}

/* The signal may be handled by any thread. */
static bool is_stopped(const struct run *run) {
    volatile sig_atomic_t *stop = run->options->stop;
    return run->failed || (stop != NULL && __atomic_load_n(stop, __ATOMIC_RELAXED) != 0);
}

static bool take_task(struct run *run, struct task *task) {
    if (is_stopped(run) || !find_task(run, task)) {
        return false;
    }
    run->points[task->point].tasks[task->replication] = TASK_TAKEN;
    run->run_count++;
    return true;
}

/* What is wanted of this run, done or not; a point that is undecided counts what is sure. */
static uint32_t total_of(const struct run *run) {
    uint32_t total = 0, shard_count = run->options->shard_count;
    for (uint32_t p = 0; p < run->layout->point_count; p++) {
        const struct point_state *point = &run->points[p];
        uint32_t count = point->count;
        if (!point->decided) {
            uint32_t known = point->next > point->prefix ? point->next : point->prefix + 1;
            count = known > point->minimum ? known : point->minimum;
        }
        if (shard_count > 1) {
            count = (count + shard_count - 1 - run->options->shard) / shard_count;
        }
        total += count;
    }
    return total;
}

static void note_failure(struct run *run, struct task task, const struct error *err) {
    const struct task *lowest = &run->failed_task;
    if (!run->failed || task.point < lowest->point ||
        (task.point == lowest->point && task.replication < lowest->replication)) {
        run->failed_task = task;
        run->failure = *err;
    }
    run->failed = true;
}

static void note_committed(struct run *run, struct task task, double value) {
    struct point_state *point = &run->points[task.point];
    point->tasks[task.replication] = TASK_COMMITTED;
    run->done++;
    if (!is_fixed(run)) {
        point->values[task.replication] = value;
        decide(run, point);
    }
    if (run->options->progress != NULL) {
        uint32_t total = total_of(run);
        run->options->progress(run->options->progress_user, run->done,
                               total > run->done ? total : run->done,
                               omp_get_wtime() - run->start_s);
    }
}

/* One task from start to commit. */
static void run_task(struct run *run, void *workspace, struct task task) {
    struct error err = ERROR_INIT;
    struct result_replication result = {0};
    int status = run->worker->run(run->worker->context, workspace, task.point, task.replication,
                                  &result, &err);
    if (status == 0) {
        REQUIRE(result.point == task.point);
        REQUIRE(result.replication == task.replication);
#pragma omp critical(experiment_journal)
        status = journal_append(run->journal, &result, &err);
    }
    double value = status == 0 && !is_fixed(run) ? result.metrics[run->stopping->metric] : 0;
#pragma omp critical(experiment_queue)
    {
        if (status == 0) {
            note_committed(run, task, value);
        } else {
            note_failure(run, task, &err);
        }
    }
}

static void work(struct run *run) {
    void *workspace = NULL;
    for (;;) {
        struct task task = {0, 0};
        bool found;
#pragma omp critical(experiment_queue)
        found = take_task(run, &task);
        if (!found) {
            break;
        }
        if (workspace == NULL) {
            workspace = run->worker->workspace_create(run->worker->context);
        }
        run_task(run, workspace, task);
    }
    if (workspace != NULL) {
        run->worker->workspace_free(workspace);
    }
}

/* Marks what an earlier run has committed. */
static void note_rows(struct run *run, const struct result *rows) {
    for (uint32_t i = 0; i < rows->replication_count; i++) {
        struct point_state *point = &run->points[rows->point[i]];
        uint32_t replication = rows->replication[i];
        if (replication >= run->stopping->replications_max) {
            continue; /* of a longer run: left out when the journal is read */
        }
        if (point->tasks[replication] == TASK_FREE && in_shard(run, replication)) {
            run->done++;
        }
        point->tasks[replication] = TASK_COMMITTED;
        if (point->values != NULL) {
            size_t row = (size_t)i * run->layout->metric_count;
            point->values[replication] = rows->metrics[row + run->stopping->metric];
        }
    }
}

static void make_points(struct run *run, struct arena *arena) {
    uint32_t maximum = run->stopping->replications_max;
    uint32_t minimum = run->stopping->replications_min;
    run->points = ARENA_ARRAY(arena, struct point_state, run->layout->point_count);
    for (uint32_t p = 0; p < run->layout->point_count; p++) {
        struct point_state *point = &run->points[p];
        point->tasks = ARENA_ARRAY(arena, uint8_t, maximum);
        point->count = maximum;
        point->minimum = maximum;
        point->decided = is_fixed(run);
        if (!is_fixed(run)) {
            point->minimum = minimum > 2 ? minimum : 2;
            point->values = ARENA_ARRAY(arena, double, maximum);
        }
    }
}

/* Takes over a result that is extended. */
static int note_existing(struct run *run, const struct result *existing, struct error *err) {
    if (result_compare_layouts(run->layout, &existing->layout, RESULT_COMPARE_SHAPE, err) != 0) {
        return -1;
    }
    for (uint32_t i = 0; i < existing->replication_count; i++) {
        struct point_state *point = &run->points[existing->point[i]];
        uint32_t count = existing->replication[i] + 1;
        if (count > run->stopping->replications_max) {
            return error_set(err, ERROR_INPUT,
                             "the result already holds replication %u of point '%s': ask for at "
                             "least %u replications",
                             count - 1, run->layout->points[existing->point[i]].name, count);
        }
        point->minimum = count > point->minimum ? count : point->minimum;
    }
    note_rows(run, existing);
    return 0;
}

/* What is there already: the journal's replications and those of a result that is extended. */
static int note_earlier(struct run *run, struct error *err) {
    struct arena scratch = ARENA_INIT;
    struct result committed;
    const char *path = run->options->journal_path;
    int status =
        result_compare_layouts(run->layout, journal_layout(run->journal), RESULT_COMPARE_ALL, err);
    if (status == 0) {
        status = journal_read(path, &committed, NULL, NULL, &scratch, err);
    }
    if (status == 0) {
        note_rows(run, &committed);
    }
    if (status == 0 && run->options->existing != NULL) {
        status = note_existing(run, run->options->existing, err);
    }
    for (uint32_t p = 0; p < run->layout->point_count && status == 0; p++) {
        decide(run, &run->points[p]);
    }
    arena_free(&scratch);
    return status;
}

static int check_plan(const struct run *run, struct error *err) {
    const struct experiment_stopping *stopping = run->stopping;
    uint32_t maximum = stopping->replications_max;
    if (maximum == 0 || maximum > RESULT_REPLICATIONS_MAX ||
        (uint64_t)maximum * run->layout->point_count > RESULT_CELLS_MAX) {
        return error_set(err, ERROR_INPUT, "%u replications of %u points are not possible", maximum,
                         run->layout->point_count);
    }
    if (!is_fixed(run) && run->options->shard_count > 1) {
        return error_set(err, ERROR_INPUT,
                         "a stopping rule looks at all replications of a point, a shard has only "
                         "some: give a fixed number of replications");
    }
    REQUIRE(is_fixed(run) || stopping->metric < run->layout->metric_count);
    REQUIRE(run->options->shard_count <= 1 || run->options->shard < run->options->shard_count);
    return 0;
}

static void report(struct run *run, struct experiment_outcome *outcome) {
    struct task left;
    outcome->run_count = run->run_count;
    outcome->interrupted = !run->failed && is_stopped(run) && find_task(run, &left);
    outcome->wall_s = omp_get_wtime() - run->start_s;
    for (uint32_t p = 0; p < run->layout->point_count; p++) {
        outcome->replication_count[p] = run->points[p].count;
    }
}

static int run_all(struct run *run, struct experiment_outcome *outcome, struct error *err) {
    int thread_count = run->options->thread_count;
    if (thread_count <= 0) {
        thread_count = omp_get_max_threads();
    }
#pragma omp parallel num_threads(thread_count)
    work(run);
    report(run, outcome);
    if (run->failed) {
        *err = err->code == ERROR_NONE ? run->failure : *err;
        return -1;
    }
    return 0;
}

int experiment_run(const struct result_layout *layout, const struct experiment_worker *worker,
                   const struct experiment_stopping *stopping,
                   const struct experiment_options *options, struct experiment_outcome *outcome,
                   struct error *err) {
    struct arena arena = ARENA_INIT;
    struct run run = {.layout = layout,
                      .worker = worker,
                      .stopping = stopping,
                      .options = options,
                      .start_s = omp_get_wtime()};
    if (check_plan(&run, err) != 0) {
        return -1;
    }
    run.journal = journal_open(options->journal_path, err);
    if (run.journal == NULL) {
        return -1;
    }
    make_points(&run, &arena);
    int status = note_earlier(&run, err);
    if (status == 0) {
        status = run_all(&run, outcome, err);
    }
    if (journal_close(run.journal, err) != 0) {
        status = -1;
    }
    arena_free(&arena);
    return status;
}
