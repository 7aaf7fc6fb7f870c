/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_experiment.c - what is in a result does not depend on threads, on who finishes first, on
 * interruptions, or on what was there before.
 *
 * The worker is fake: its replications follow from their numbers and it sleeps for a while drawn
 * from them, so that threads overtake each other. Oracle of the stopping rule: the definition in
 * experiment.h, applied to all replications at once. */
#include "tests/test.h"
#include "tests/unit/sample_result.h"

#include "sim/record/result_merge.h"
#include "sim/run/experiment.h"

#include <omp.h>
#include <time.h>
#include <unistd.h>

enum { PATH_SIZE = 128, SEQUENCE_MAX = 256 };

static char folder[64];

static const char *path_of(const char *name, char path[PATH_SIZE]) {
    snprintf(path, PATH_SIZE, "%s/%s", folder, name);
    return path;
}

/* What the fake worker is told, and what it notes. */
struct fake {
    int sleep_max_us;
    bool lacks_metric[SAMPLE_POINTS];
    double spread[SAMPLE_POINTS]; /* of the stopping rule's metric; 0: the sample's own */
    bool fails[SAMPLE_POINTS][SEQUENCE_MAX];
    volatile sig_atomic_t *stop;
    uint32_t stop_after;
    uint32_t started; /* the rest is shared by the threads */
    uint32_t workspace_count;
    uint32_t sequence[SEQUENCE_MAX][2];
};

struct workspace {
    struct sample_arrays arrays;
};

enum { METRIC = 1 };

static void *workspace_create(const void *context) {
    struct fake *fake = (struct fake *)(uintptr_t)context;
#pragma omp atomic
    fake->workspace_count++;
    return malloc(sizeof(struct workspace));
}

static void workspace_free(void *workspace) {
    free(workspace);
}

static double metric_of(const struct fake *fake, uint32_t point, uint32_t replication) {
    static const uint64_t purpose = 77;
    double u = (double)(sample_bits(point, replication, purpose) >> 11) / 0x1p53;
    return fake->lacks_metric[point] ? (double)NAN : -50.0 + fake->spread[point] * (u - 0.5);
}

static void doze(const struct fake *fake, uint32_t point, uint32_t replication) {
    if (fake->sleep_max_us > 0) {
        uint64_t bits = sample_bits(point, replication, 99);
        struct timespec pause = {0, (long)(bits % (uint64_t)fake->sleep_max_us) * 1000};
        nanosleep(&pause, NULL);
    }
}

static int run_fake(const void *context, void *workspace, uint32_t point, uint32_t replication,
                    struct result_replication *result, struct error *err) {
    struct fake *fake = (struct fake *)(uintptr_t)context;
    struct workspace *own = workspace;
    uint32_t order;
#pragma omp atomic capture
    order = fake->started++;
    if (order < SEQUENCE_MAX) {
        fake->sequence[order][0] = point;
        fake->sequence[order][1] = replication;
    }
    if (fake->stop != NULL && order + 1 == fake->stop_after) {
        __atomic_store_n(fake->stop, 1, __ATOMIC_RELAXED);
    }
    doze(fake, point, replication);
    if (replication < SEQUENCE_MAX && fake->fails[point][replication]) {
        return error_set(err, ERROR_RUN, "point %u, replication %u: planted", point, replication);
    }
    *result = sample_replication(point, replication, &own->arrays);
    if (fake->spread[point] > 0 || fake->lacks_metric[point]) {
        own->arrays.metrics[METRIC] = metric_of(fake, point, replication);
    }
    return 0;
}

static struct experiment_worker worker_of(const struct fake *fake) {
    return (struct experiment_worker){.context = fake,
                                      .workspace_create = workspace_create,
                                      .workspace_free = workspace_free,
                                      .run = run_fake};
}

static void begin_journal(const char *path) {
    struct error err = ERROR_INIT;
    struct result_layout layout = sample_layout();
    unlink(path);
    struct journal *journal = journal_create(path, &layout, &err);
    CHECK_TEXT(err.text, "");
    CHECK_INT(journal_close(journal, &err), 0);
}

/* Runs into a journal that exists; checks that it went well. */
static struct experiment_outcome run_well(struct fake *fake, const struct experiment_stopping *rule,
                                          struct experiment_options options, const char *journal,
                                          uint32_t counts[SAMPLE_POINTS]) {
    struct error err = ERROR_INIT;
    struct experiment_outcome outcome = {.replication_count = counts};
    struct result_layout layout = sample_layout();
    struct experiment_worker worker = worker_of(fake);
    options.journal_path = journal;
    CHECK_INT(experiment_run(&layout, &worker, rule, &options, &outcome, &err), 0);
    CHECK_TEXT(err.text, "");
    return outcome;
}

static void finish(const char *journal, const uint32_t *counts, const char *path) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct result result;
    CHECK_INT(journal_read(journal, &result, counts, NULL, &arena, &err), 0);
    CHECK_INT(result_file_write(path, &result, &err), 0);
    CHECK_TEXT(err.text, "");
    arena_free(&arena);
}

static const struct experiment_stopping fixed = {.replications_min = 13, .replications_max = 13};
static const struct experiment_stopping precise = {.replications_min = 5,
                                                   .replications_max = 60,
                                                   .metric = METRIC,
                                                   .relative_precision = 0.02,
                                                   .level = 0.95};

/* Fixed number; threads 1, 2, 4, 8. The file with 1 thread is what later tests compare with. */
static void test_threads(void) {
    char journal[PATH_SIZE], path[PATH_SIZE], first[PATH_SIZE];
    path_of("journal", journal);
    path_of("fixed.h5", first);
    for (int threads = 1; threads <= 8; threads *= 2) {
        struct fake fake = {.sleep_max_us = 400};
        uint32_t counts[SAMPLE_POINTS];
        begin_journal(journal);
        struct experiment_options options = {.thread_count = threads};
        struct experiment_outcome outcome = run_well(&fake, &fixed, options, journal, counts);
        CHECK_INT(outcome.run_count, SAMPLE_POINTS * 13);
        CHECK_INT(outcome.interrupted, 0);
        CHECK_INT(counts[1], 13);
        CHECK(fake.workspace_count <= (uint32_t)threads);
        finish(journal, counts, threads == 1 ? first : path_of("again.h5", path));
        CHECK(threads == 1 || sample_same_bytes(path, first));
    }
}

/* One thread shows the order: dear points first, then by replication, then by point. */
static void test_order(void) {
    char journal[PATH_SIZE];
    struct fake fake = {0};
    uint32_t counts[SAMPLE_POINTS];
    const double cost[SAMPLE_POINTS] = {1.5, 7.25, 1.5};
    struct error err = ERROR_INIT;
    struct experiment_outcome outcome = {.replication_count = counts};
    struct result_layout layout = sample_layout();
    struct experiment_worker worker = worker_of(&fake);
    struct experiment_stopping rule = {.replications_min = 3, .replications_max = 3};
    worker.point_cost = cost;
    begin_journal(path_of("journal", journal));
    struct experiment_options options = {.journal_path = journal, .thread_count = 1};
    CHECK_INT(experiment_run(&layout, &worker, &rule, &options, &outcome, &err), 0);
    static const uint32_t expected[][2] = {{1, 0}, {1, 1}, {1, 2}, {0, 0}, {2, 0},
                                           {0, 1}, {2, 1}, {0, 2}, {2, 2}};
    for (unsigned i = 0; i < 9; i++) {
        CHECK_INT(fake.sequence[i][0], expected[i][0]);
        CHECK_INT(fake.sequence[i][1], expected[i][1]);
    }
}

/* Of n values with variance 1; kept, for a quantile takes long. */
static double unit_half_width(uint32_t n, double level) {
    static double known[SEQUENCE_MAX];
    if (known[n] == 0) {
        known[n] = estimate_half_width(1, n, level);
    }
    return known[n];
}

/* The definition, straight: smallest n from the minimum on at which the interval is narrow. */
static uint32_t wanted(const struct fake *fake, const struct experiment_stopping *rule,
                       uint32_t point) {
    for (uint32_t n = rule->replications_min; n < rule->replications_max; n++) {
        double sum = 0, squares = 0;
        for (uint32_t i = 0; i < n; i++) {
            sum += metric_of(fake, point, i);
        }
        for (uint32_t i = 0; i < n; i++) {
            double d = metric_of(fake, point, i) - sum / n;
            squares += d * d;
        }
        double half = unit_half_width(n, rule->level) * sqrt(squares / (n - 1));
        if (fake->lacks_metric[point] || half <= rule->relative_precision * fabs(sum / n)) {
            return n;
        }
    }
    return rule->replications_max;
}

/* Points that stop at different numbers, at once, and never; and one without the metric. */
static void test_stopping_rule(void) {
    char journal[PATH_SIZE], path[PATH_SIZE], first[PATH_SIZE];
    path_of("journal", journal);
    path_of("precise.h5", first);
    for (int variant = 0; variant < 2; variant++) {
        for (int threads = 1; threads <= 8; threads *= 2) {
            struct fake fake = {.sleep_max_us = 300, .spread = {10, 0.1, 60}};
            fake.lacks_metric[1] = variant == 1;
            uint32_t counts[SAMPLE_POINTS];
            begin_journal(journal);
            struct experiment_options options = {.thread_count = threads};
            struct experiment_outcome outcome = run_well(&fake, &precise, options, journal, counts);
            uint32_t total = 0;
            for (uint32_t p = 0; p < SAMPLE_POINTS; p++) {
                CHECK_INT(counts[p], wanted(&fake, &precise, p));
                total += counts[p];
            }
            CHECK(counts[0] > 5 && counts[0] < 60);
            CHECK_INT(counts[1], 5);
            CHECK_INT(counts[2], 60);
            CHECK(outcome.run_count >= total);
            CHECK(threads > 1 || outcome.run_count == total);
            finish(journal, counts, threads == 1 ? first : path_of("again.h5", path));
            CHECK(threads == 1 || sample_same_bytes(path, first));
        }
    }
}

/* The first replication of a point is much the slowest: others run ahead, and are thrown away. */
static void test_overruns(void) {
    char journal[PATH_SIZE];
    struct fake fake = {.spread = {0.1, 0.1, 0.1}};
    uint32_t counts[SAMPLE_POINTS];
    struct experiment_stopping rule = precise;
    rule.replications_min = 2;
    begin_journal(path_of("journal", journal));
    fake.sleep_max_us = 3000;
    struct experiment_options options = {.thread_count = 8};
    run_well(&fake, &rule, options, journal, counts);
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct result all, kept;
    CHECK_INT(journal_read(journal, &all, NULL, NULL, &arena, &err), 0);
    CHECK_INT(journal_read(journal, &kept, counts, NULL, &arena, &err), 0);
    CHECK_INT(kept.replication_count, 6);
    CHECK_INT(counts[2], 2);
    CHECK(all.replication_count >= kept.replication_count);
    arena_free(&arena);
}

/* Stopped by a signal again and again, then finished: nothing is run twice, the bytes are those. */
static void test_stop_and_resume(void) {
    char journal[PATH_SIZE], path[PATH_SIZE], first[PATH_SIZE];
    uint32_t counts[SAMPLE_POINTS], run_count = 0;
    bool interrupted = true;
    begin_journal(path_of("journal", journal));
    for (int i = 0; i < 20 && interrupted; i++) {
        volatile sig_atomic_t stop = 0;
        struct fake fake = {.sleep_max_us = 200, .stop = &stop, .stop_after = 4};
        struct experiment_options options = {.thread_count = 2, .stop = &stop};
        struct experiment_outcome outcome = run_well(&fake, &fixed, options, journal, counts);
        run_count += outcome.run_count;
        interrupted = outcome.interrupted;
        CHECK(outcome.run_count <= 5);
    }
    CHECK(!interrupted);
    CHECK_INT(run_count, SAMPLE_POINTS * 13);
    finish(journal, counts, path_of("again.h5", path));
    CHECK(sample_same_bytes(path, path_of("fixed.h5", first)));
}

static void test_shards(void) {
    enum { SHARDS = 4 };
    char journal[PATH_SIZE], path[PATH_SIZE], first[PATH_SIZE];
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct result shards[SHARDS], merged;
    const struct result *parts[SHARDS];
    for (uint32_t i = 0; i < SHARDS; i++) {
        struct fake fake = {0};
        uint32_t counts[SAMPLE_POINTS];
        begin_journal(path_of("journal", journal));
        struct experiment_options options = {.thread_count = 2, .shard = i, .shard_count = SHARDS};
        struct experiment_outcome outcome = run_well(&fake, &fixed, options, journal, counts);
        CHECK_INT(outcome.run_count, SAMPLE_POINTS * (i == 0 ? 4 : 3));
        CHECK_INT(journal_read(journal, &shards[i], counts, NULL, &arena, &err), 0);
        parts[i] = &shards[i];
    }
    CHECK_INT(result_merge(parts, SHARDS, NULL, &merged, &arena, &err), 0);
    CHECK_INT(result_file_write(path_of("again.h5", path), &merged, &err), 0);
    CHECK_TEXT(err.text, "");
    CHECK(sample_same_bytes(path, path_of("fixed.h5", first)));
    arena_free(&arena);
}

/* From 5 to 13 replications: only the new ones are run. */
static void test_extend(void) {
    char journal[PATH_SIZE], path[PATH_SIZE], first[PATH_SIZE];
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct result old, more, merged;
    struct fake fake = {0};
    uint32_t counts[SAMPLE_POINTS];
    struct experiment_stopping five = {.replications_min = 5, .replications_max = 5};
    struct experiment_options options = {.thread_count = 2};
    begin_journal(path_of("journal", journal));
    run_well(&fake, &five, options, journal, counts);
    finish(journal, counts, path_of("old.h5", path));
    CHECK_INT(result_file_read(path, &old, &arena, &err), 0);
    begin_journal(journal);
    options.existing = &old;
    struct experiment_outcome outcome = run_well(&fake, &fixed, options, journal, counts);
    CHECK_INT(outcome.run_count, SAMPLE_POINTS * 8);
    CHECK_INT(journal_read(journal, &more, counts, NULL, &arena, &err), 0);
    const struct result *parts[] = {&old, &more};
    CHECK_INT(result_merge(parts, 2, &more.layout, &merged, &arena, &err), 0);
    CHECK_INT(result_file_write(path, &merged, &err), 0);
    CHECK(sample_same_bytes(path, path_of("fixed.h5", first)));
    arena_free(&arena);
}

/* Extended under a stopping rule: not below what is there, and as the rule says beyond it. */
static void test_extend_by_rule(void) {
    char journal[PATH_SIZE];
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct result old;
    struct fake fake = {.spread = {10, 0.1, 60}};
    uint32_t counts[SAMPLE_POINTS];
    struct experiment_stopping seven = {.replications_min = 7, .replications_max = 7};
    struct experiment_options options = {.thread_count = 2};
    begin_journal(path_of("journal", journal));
    run_well(&fake, &seven, options, journal, counts);
    CHECK_INT(journal_read(journal, &old, NULL, NULL, &arena, &err), 0);
    begin_journal(journal);
    options.existing = &old;
    run_well(&fake, &precise, options, journal, counts);
    CHECK_INT(counts[0], wanted(&fake, &precise, 0));
    CHECK_INT(counts[1], 7);
    CHECK_INT(counts[2], 60);
    struct experiment_outcome outcome = {.replication_count = counts};
    struct result_layout layout = sample_layout();
    struct experiment_worker worker = worker_of(&fake);
    struct experiment_stopping five = {.replications_min = 5, .replications_max = 5};
    options.journal_path = journal;
    CHECK_INT(experiment_run(&layout, &worker, &five, &options, &outcome, &err), -1);
    CHECK_TEXT(err.text, "the result already holds replication 5 of point 'paper': ask for at "
                         "least 6 replications");
    arena_free(&arena);
}

/* The lowest of the planted failures is reported; what was committed stays and is gone on with. */
static void test_failure(void) {
    char journal[PATH_SIZE], path[PATH_SIZE], first[PATH_SIZE];
    uint32_t counts[SAMPLE_POINTS];
    begin_journal(path_of("journal", journal));
    struct fake fake = {0};
    fake.fails[0][4] = fake.fails[1][4] = fake.fails[2][4] = true;
    struct error err = ERROR_INIT;
    struct experiment_outcome outcome = {.replication_count = counts};
    struct result_layout layout = sample_layout();
    struct experiment_worker worker = worker_of(&fake);
    struct experiment_options options = {.journal_path = journal, .thread_count = 1};
    CHECK_INT(experiment_run(&layout, &worker, &fixed, &options, &outcome, &err), -1);
    CHECK_TEXT(err.text, "point 0, replication 4: planted");
    CHECK_INT(err.code, ERROR_RUN);
    CHECK_INT(outcome.run_count, 4 * SAMPLE_POINTS + 1);
    CHECK_INT(outcome.interrupted, 0);
    struct fake sound = {0};
    outcome = run_well(&sound, &fixed, options, journal, counts);
    CHECK_INT(outcome.run_count, 9 * SAMPLE_POINTS);
    finish(journal, counts, path_of("again.h5", path));
    CHECK(sample_same_bytes(path, path_of("fixed.h5", first)));
}

/* Two threads meet: both fail, the one with the lower number later; it is the one reported. */
static void *wait_for_both(const void *context) {
    (void)context;
    return NULL;
}

static void forget(void *workspace) {
    (void)workspace;
}

static int fail_together(const void *context, void *workspace, uint32_t point, uint32_t replication,
                         struct result_replication *result, struct error *err) {
    struct fake *fake = (struct fake *)(uintptr_t)context;
    (void)workspace;
    (void)result;
    uint32_t started = 0;
#pragma omp atomic
    fake->started++;
    double until_s = omp_get_wtime() + 5;
    while (started < 2 && omp_get_wtime() < until_s) {
#pragma omp atomic read
        started = fake->started;
    }
    struct timespec pause = {0, point == 0 && replication == 0 ? 20000000 : 0};
    nanosleep(&pause, NULL);
    return error_set(err, ERROR_RUN, "point %u, replication %u", point, replication);
}

static void test_lowest_failure(void) {
    char journal[PATH_SIZE];
    uint32_t counts[SAMPLE_POINTS];
    const double first_is_dear[SAMPLE_POINTS] = {2, 1, 1};
    begin_journal(path_of("journal", journal));
    for (int same_point = 0; same_point < 2; same_point++) {
        struct fake fake = {0};
        struct error err = ERROR_INIT;
        struct experiment_outcome outcome = {.replication_count = counts};
        struct result_layout layout = sample_layout();
        struct experiment_worker worker = {.context = &fake,
                                           .workspace_create = wait_for_both,
                                           .workspace_free = forget,
                                           .run = fail_together,
                                           .point_cost = same_point ? first_is_dear : NULL};
        struct experiment_options options = {.journal_path = journal, .thread_count = 2};
        CHECK_INT(experiment_run(&layout, &worker, &fixed, &options, &outcome, &err), -1);
        CHECK_TEXT(err.text, "point 0, replication 0");
    }
}

static void expect_refusal(struct result_layout layout, const struct experiment_stopping *rule,
                           const struct experiment_options *options, const char *text) {
    uint32_t counts[SAMPLE_POINTS];
    struct fake fake = {0};
    struct error err = ERROR_INIT;
    struct experiment_outcome outcome = {.replication_count = counts};
    struct experiment_worker worker = worker_of(&fake);
    CHECK_INT(experiment_run(&layout, &worker, rule, options, &outcome, &err), -1);
    if (strstr(err.text, text) == NULL) {
        CHECK_TEXT(err.text, text);
    }
    CHECK_INT(fake.started, 0);
}

static void test_refusals(void) {
    char journal[PATH_SIZE], none[PATH_SIZE];
    begin_journal(path_of("journal", journal));
    struct experiment_options options = {.journal_path = journal, .shard = 1, .shard_count = 2};
    struct result_layout layout = sample_layout();
    expect_refusal(layout, &precise, &options, "give a fixed number of replications");
    layout.seed++;
    expect_refusal(layout, &fixed, &options, "seeds");
    layout = sample_layout();
    layout.resolved = "another: text\n";
    expect_refusal(layout, &fixed, &options, "resolved experiments differ");
    struct experiment_stopping nothing = {0};
    expect_refusal(sample_layout(), &nothing, &options, "0 replications of 3 points");
    options.journal_path = path_of("none", none);
    expect_refusal(sample_layout(), &fixed, &options, "No such file");
}

struct progress {
    uint32_t calls, last_done, last_total;
    bool backwards;
};

static void note_progress(void *user, uint32_t done, uint32_t total, double elapsed_s) {
    struct progress *progress = user;
    progress->calls++;
    progress->backwards =
        progress->backwards || done != progress->last_done + 1 || done > total || elapsed_s < 0;
    progress->last_done = done;
    progress->last_total = total;
}

static void test_progress(void) {
    char journal[PATH_SIZE];
    for (int variant = 0; variant < 2; variant++) {
        struct progress progress = {0};
        struct fake fake = {.sleep_max_us = 200, .spread = {10, 0.1, 60}};
        uint32_t counts[SAMPLE_POINTS];
        begin_journal(path_of("journal", journal));
        struct experiment_options options = {
            .thread_count = 4, .progress = note_progress, .progress_user = &progress};
        struct experiment_outcome outcome =
            run_well(&fake, variant == 0 ? &fixed : &precise, options, journal, counts);
        CHECK_INT(progress.calls, outcome.run_count);
        CHECK_INT(progress.last_done, progress.last_total);
        CHECK(!progress.backwards);
    }
}

int main(void) {
    if (sample_folder(folder) == NULL) {
        SKIP("no folder for temporary files");
    }
    test_threads();
    test_order();
    test_stopping_rule();
    test_overruns();
    test_stop_and_resume();
    test_shards();
    test_extend();
    test_extend_by_rule();
    test_failure();
    test_lowest_failure();
    test_refusals();
    test_progress();
    sample_folder_remove(folder);
    return test_summary();
}
