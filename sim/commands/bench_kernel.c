/* SPDX-License-Identifier: GPL-3.0-or-later
 * bench_kernel.c - the cases of `bench kernel`: queues, event queue, draws, threads, the first
 * experiment. */
#define _POSIX_C_SOURCE 200809L /* sysconf */
#include "core/base/arena.h"
#include "core/base/random.h"
#include "sim/commands/bench.h"
#include "sim/kernel/event_queue.h"
#include "sim/kernel/resource.h"
#include "sim/run/replication.h"
#include "sim/run/worker.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- experiments as YAML ------------------------------------------------------------------- */

#define HEAD                                                                       \
    "clearlab: 1\nexperiment: bench\nseed: 20170102\nreplications: 1\n"            \
    "intervals: {sojourn: {from: created, to: ended}}\n"                           \
    "world: {clearlab: 1, world: bench, arrivals: {customers: {procedure: serve, " \
    "interarrival: 'exponential(mean: 1 s)'}}}\n"

static const char mm1_text[] =
    HEAD "systems: {one: {clearlab: 1, system: one, organisations: {customs: {staff: {clerk: 1}}}, "
         "procedures: {serve: [{serve: {by: customs.clerk, duration: 'exponential(mean: 0.9 s)'}}]"
         "}}}\n"
         "study: {cohort: 1000000 s, limit: 2000000 s, bin: 1000000 s}\n";

static const char mminf_text[] =
    HEAD "systems: {many: {clearlab: 1, system: many, parameters: {stay: 10000 s}, procedures: "
         "{serve: [{serve: {by: importer, duration: 'exponential(mean: stay)'}}]}}}\n"
         "study: {cohort: 1000000000 s, limit: 2000000000 s, bin: 1000000000 s, statistics: "
         "false}\n";

/* Loads an experiment, ready to run; everything in `arena`. */
static struct ready_experiment *load(const char *text, const char *setting, struct arena *arena,
                                     struct error *err) {
    struct ready_experiment *experiment = ARENA_NEW(arena, struct ready_experiment);
    if (experiment_plan_load_text("bench", text, setting == NULL ? NULL : &setting, setting != NULL,
                                  &experiment->plan, arena, err) != 0 ||
        worker_prepare(experiment, arena, err) != 0) {
        return NULL;
    }
    return experiment;
}

/* Seconds that a million customers take, after one run to have the memory. */
static int time_mm1(const char *setting, double *seconds, struct error *err) {
    struct arena arena = ARENA_INIT;
    const struct ready_experiment *experiment = load(mm1_text, setting, &arena, err);
    if (experiment == NULL) {
        arena_free(&arena);
        return -1;
    }
    struct replication *rep = experiment->worker.workspace_create(experiment);
    struct result_replication result;
    int status = experiment->worker.run(experiment, rep, 0, 0, &result, err);
    double began_s = bench_now_s();
    if (status == 0) {
        status = experiment->worker.run(experiment, rep, 0, 1, &result, err);
    }
    *seconds = (bench_now_s() - began_s) * 1e6 / (double)rep->created[SUBJECT_CONSIGNMENT];
    experiment->worker.workspace_free(rep);
    arena_free(&arena);
    return status;
}

static int measure_mm1(double values[BENCH_KEYS_MAX], struct error *err) {
    return time_mm1("study.statistics=false", &values[0], err);
}

static int measure_mm1_statistics(double values[BENCH_KEYS_MAX], struct error *err) {
    return time_mm1(NULL, &values[0], err);
}

static double resident_mib(void) {
    FILE *file = fopen("/proc/self/statm", "r");
    long total = 0, resident = 0;
    if (file == NULL || fscanf(file, "%ld %ld", &total, &resident) != 2) {
        resident = 0;
    }
    if (file != NULL) {
        fclose(file);
    }
    return (double)resident * (double)sysconf(_SC_PAGESIZE) / (1024.0 * 1024.0);
}

/* Fills a system without queues to nearly its mean number inside, then times what one more tenth of
 * that number costs each. */
static int time_mminf(double inside, double *us_per_entity, double *mib, struct error *err) {
    struct arena arena = ARENA_INIT;
    char setting[64];
    snprintf(setting, sizeof setting, "stay=%.0f s", inside);
    const struct ready_experiment *experiment = load(mminf_text, setting, &arena, err);
    if (experiment == NULL) {
        arena_free(&arena);
        return -1;
    }
    double before_mib = resident_mib();
    struct replication *rep = experiment->worker.workspace_create(experiment);
    replication_start(rep, experiment->scenarios[0], 0, err);
    replication_advance(rep, units_ns(5 * inside));
    *mib = (resident_mib() - before_mib) * inside / rep->tokens.live;
    int64_t created = rep->created[SUBJECT_CONSIGNMENT];
    double began_s = bench_now_s();
    replication_advance(rep, units_ns((inside < 1e5 ? 105 : 5.5) * inside));
    *us_per_entity =
        (bench_now_s() - began_s) * 1e6 / (double)(rep->created[SUBJECT_CONSIGNMENT] - created);
    experiment->worker.workspace_free(rep);
    arena_free(&arena);
    return 0;
}

static int measure_mminf_10k(double values[BENCH_KEYS_MAX], struct error *err) {
    double mib;
    return time_mminf(1e4, &values[0], &mib, err);
}

static int measure_mminf_1m(double values[BENCH_KEYS_MAX], struct error *err) {
    return time_mminf(1e6, &values[0], &values[1], err);
}

/* ---- the kernel called from C -------------------------------------------------------------- */

enum { BLOCK = 4096 };

struct block {
    struct random_key key;
    uint64_t entity;
    uint32_t index, used;
    double draws[BLOCK];
};

static inline double next_draw(struct block *block) {
    if (block->used == BLOCK) {
        random_exponential_block(block->key, block->entity, 1, block->index, block->draws, BLOCK);
        block->index += BLOCK;
        block->used = 0;
    }
    return block->draws[block->used++];
}

/* M/M/1 with the event queue and a resource alone: a customer is a number. */
static int measure_mm1_block(double values[BENCH_KEYS_MAX], struct error *err) {
    (void)err;
    enum { ARRIVE = 1, FINISH = 0, CUSTOMERS = 1000000 };
    static struct block gaps, services;
    struct resource clerk = {.waiting_count_max = UINT32_MAX};
    struct resource_pool pool;
    struct event_queue queue;
    const struct resource_use use = {0, 1};
    gaps = (struct block){.key = random_key_make(1, 0), .entity = 1, .used = BLOCK};
    services = (struct block){.key = random_key_make(1, 0), .entity = 2, .used = BLOCK};
    resource_pool_init(&pool, &clerk, 1);
    event_queue_init(&queue);
    pool.statistics = false;
    resource_set_capacity(&pool, 0, 1, 0);
    uint32_t arrived = 0, served = 0, in_service = 0;
    struct event event;
    double began_s = bench_now_s();
    event_queue_push(&queue, (int64_t)(next_draw(&gaps) * 1e9), ARRIVE, 0, 0);
    while (served < CUSTOMERS && event_queue_pop(&queue, &event)) {
        if (event.kind == ARRIVE) {
            uint32_t requests;
            if (resource_ask(&pool, ++arrived, &use, 1, 0, event.time_ns, &requests) ==
                ASK_GRANTED) {
                in_service = requests;
                event_queue_push(&queue, event.time_ns + (int64_t)(next_draw(&services) * 0.9e9),
                                 FINISH, arrived, arrived);
            }
            event_queue_push(&queue, event.time_ns + (int64_t)(next_draw(&gaps) * 1e9), ARRIVE, 0,
                             0);
            continue;
        }
        served++;
        uint32_t next_request = clerk.waiting[0].first;
        resource_give_back(&pool, in_service, event.time_ns);
        uint32_t token = resource_ready_pop(&pool);
        if (token != 0) {
            in_service = next_request;
            event_queue_push(&queue, event.time_ns + (int64_t)(next_draw(&services) * 0.9e9),
                             FINISH, token, token);
        }
    }
    values[0] = (bench_now_s() - began_s) * 1e6 / served;
    event_queue_free(&queue);
    resource_pool_free(&pool);
    return 0;
}

/* ---- the event queue ----------------------------------------------------------------------- */

enum { HOLD_ROUNDS = 1000000, MANY = 100000 };

static double time_hold(uint32_t count) {
    static struct block gaps;
    struct event_queue queue;
    struct event event;
    gaps = (struct block){.key = random_key_make(2, 0), .entity = 3, .used = BLOCK};
    event_queue_init(&queue);
    for (uint32_t i = 0; i < count; i++) {
        event_queue_push(&queue, (int64_t)(next_draw(&gaps) * 1e12), 1, i, i);
    }
    double began_s = 0;
    for (uint32_t i = 0; i < 2 * HOLD_ROUNDS; i++) {
        if (i == HOLD_ROUNDS) {
            began_s = bench_now_s();
        }
        event_queue_pop(&queue, &event);
        event_queue_push(&queue, event.time_ns + (int64_t)(next_draw(&gaps) * 1e12), 1,
                         event.entity, event.subject);
    }
    double ns = (bench_now_s() - began_s) * 1e9 / HOLD_ROUNDS;
    event_queue_free(&queue);
    return ns;
}

static int measure_hold(double values[BENCH_KEYS_MAX], struct error *err) {
    (void)err;
    values[0] = time_hold(10000);
    values[1] = time_hold(100000);
    values[2] = time_hold(1000000);
    return 0;
}

/* Cancels one of 100,000 events, whichever, and schedules it anew. */
static int measure_cancel(double values[BENCH_KEYS_MAX], struct error *err) {
    (void)err;
    static event_handle handles[MANY];
    struct event_queue queue;
    struct random_key key = random_key_make(3, 0);
    event_queue_init(&queue);
    for (uint32_t i = 0; i < MANY; i++) {
        handles[i] = event_queue_push(&queue, (int64_t)(random_bits(key, i, 1, 0) >> 24), 1, i, i);
    }
    double began_s = bench_now_s();
    for (uint32_t i = 0; i < HOLD_ROUNDS; i++) {
        uint64_t bits = random_bits(key, i, 2, 0);
        uint32_t which = (uint32_t)(bits % MANY);
        event_queue_cancel(&queue, handles[which]);
        handles[which] = event_queue_push(&queue, (int64_t)(bits >> 24), 1, which, which);
    }
    values[0] = (bench_now_s() - began_s) * 1e9 / HOLD_ROUNDS;
    event_queue_free(&queue);
    return 0;
}

/* 100,000 hold a unit each and 100,000 wait; one of higher priority takes a unit from a holder,
 * works and gives it back to whom it was taken from. */
static int measure_preempt(double values[BENCH_KEYS_MAX], struct error *err) {
    (void)err;
    static uint32_t requests[2 * MANY + 2];
    struct resource desk = {.waiting_count_max = UINT32_MAX, .interruptible = true};
    struct resource_pool pool;
    const struct resource_use use = {0, 1};
    resource_pool_init(&pool, &desk, 1);
    resource_set_capacity(&pool, 0, MANY, 0);
    for (uint32_t i = 1; i <= 2 * MANY; i++) {
        resource_ask(&pool, i, &use, 1, 3, 0, &requests[i]);
    }
    double began_s = bench_now_s();
    for (uint32_t i = 1; i <= HOLD_ROUNDS; i++) {
        uint32_t victim = resource_victim(&pool, 0, 5, 0), urgent;
        resource_interrupt(&pool, victim, i);
        resource_ask(&pool, 2 * MANY + 1, &use, 1, 5, i, &urgent);
        resource_serve(&pool, 0, i);
        resource_give_back(&pool, urgent, i);
        while (resource_ready_pop(&pool) != 0) {
        }
    }
    values[0] = (bench_now_s() - began_s) * 1e9 / HOLD_ROUNDS;
    resource_pool_free(&pool);
    return 0;
}

/* ---- draws --------------------------------------------------------------------------------- */

static int measure_draws(double values[BENCH_KEYS_MAX], struct error *err) {
    (void)err;
    static double draws[BLOCK];
    struct random_key key = random_key_make(4, 0);
    volatile double sink;
    double sum = 0, began_s = bench_now_s();
    for (uint32_t i = 0; i < 4 * HOLD_ROUNDS; i++) {
        sum += random_exponential(key, i, 7, 0);
    }
    values[0] = (bench_now_s() - began_s) * 1e9 / (4 * HOLD_ROUNDS);
    sink = sum;
    began_s = bench_now_s();
    for (uint32_t i = 0; i < 4 * HOLD_ROUNDS / BLOCK; i++) {
        random_exponential_block(key, i, 7, 0, draws, BLOCK);
        sum += draws[i % BLOCK];
    }
    values[1] = (bench_now_s() - began_s) * 1e9 / (4 * HOLD_ROUNDS / BLOCK * (double)BLOCK);
    sink = sum;
    (void)sink;
    return 0;
}

/* ---- the first experiment ------------------------------------------------------------------ */

static const char first_path[] = "scenarios/experiments/first.yml";

static struct ready_experiment *load_first(struct arena *arena, struct error *err) {
    struct ready_experiment *experiment = ARENA_NEW(arena, struct ready_experiment);
    if (experiment_plan_load(first_path, NULL, 0, &experiment->plan, arena, err) != 0 ||
        worker_prepare(experiment, arena, err) != 0) {
        return NULL;
    }
    return experiment;
}

/* One replication of `paper`, all statistics on, on one core. */
static int measure_first(double values[BENCH_KEYS_MAX], struct error *err) {
    struct arena arena = ARENA_INIT;
    const struct ready_experiment *experiment = load_first(&arena, err);
    if (experiment == NULL) {
        arena_free(&arena);
        return -1;
    }
    uint32_t point = 0;
    for (uint32_t i = 0; i < experiment->plan.point_count; i++) {
        point = strcmp(experiment->plan.points[i].system, "paper") == 0 ? i : point;
    }
    struct replication *rep = experiment->worker.workspace_create(experiment);
    struct result_replication result;
    int status = experiment->worker.run(experiment, rep, point, 0, &result, err);
    double began_s = bench_now_s();
    if (status == 0) {
        status = experiment->worker.run(experiment, rep, point, 1, &result, err);
    }
    values[0] = (double)rep->created[SUBJECT_CONSIGNMENT] / (bench_now_s() - began_s);
    experiment->worker.workspace_free(rep);
    arena_free(&arena);
    return status;
}

/* Wall time of 100 replications of the base point with that many threads. */
static double time_threads(const struct ready_experiment *experiment, int threads, int *status) {
    double began_s = bench_now_s();
    int failed = 0;
#pragma omp parallel num_threads(threads) reduction(+ : failed)
    {
        void *workspace = experiment->worker.workspace_create(experiment);
        struct error err = ERROR_INIT;
#pragma omp for schedule(dynamic, 1)
        for (uint32_t r = 0; r < 100; r++) {
            struct result_replication result;
            failed += experiment->worker.run(experiment, workspace, experiment->plan.base_point, r,
                                             &result, &err) != 0;
        }
        experiment->worker.workspace_free(workspace);
    }
    *status = failed ? -1 : *status;
    return bench_now_s() - began_s;
}

static int measure_threads(double values[BENCH_KEYS_MAX], struct error *err) {
    struct arena arena = ARENA_INIT;
    values[0] = NAN;
    const struct ready_experiment *experiment = load_first(&arena, err);
    int status = experiment == NULL ? -1 : 0;
    if (status == 0 && omp_get_num_procs() >= 2) {
        double two_s = time_threads(experiment, 2, &status);
        values[0] = time_threads(experiment, 1, &status) / two_s;
    }
    arena_free(&arena);
    return status == 0 ? 0 : error_set(err, ERROR_RUN, "a replication of %s failed", first_path);
}

/* ---- the suite ----------------------------------------------------------------------------- */

#define CASE(name, measure_, repeats, ...)  \
    static const struct bench_case name = { \
        .keys = {__VA_ARGS__}, .measure = measure_, .repeats_max = repeats}

CASE(mm1, measure_mm1, 0,
     {"mm1_s_per_million_customers", "s", "YAML, tokens, resources, fingerprint", 0.080, false});
CASE(mm1_block, measure_mm1_block, 0,
     {"mm1_block_s_per_million_customers", "s", "the kernel from C, block draws", 0.050, false});
CASE(mm1_statistics, measure_mm1_statistics, 0,
     {"mm1_statistics_s_per_million_customers", "s", "the YAML one with statistics", 0.110, false});
CASE(mminf_10k, measure_mminf_10k, 0,
     {"mminf_10k_us_per_entity", "us", "10,000 in flight", 0.4, false});
CASE(mminf_1m, measure_mminf_1m, 0,
     {"mminf_1m_us_per_entity", "us", "1,000,000 in flight", 1.5, false},
     {"in_flight_1m_mib", "MiB", "memory of a million in flight", 256, false});
CASE(cancel, measure_cancel, 0,
     {"cancel_100k_ns", "ns", "cancel one of 100,000 and schedule it anew", 500, false});
CASE(preempt, measure_preempt, 0,
     {"preempt_100k_ns", "ns", "preempt one of 100,000 holders and give back", 500, false});
CASE(hold, measure_hold, 0, {"hold_10k_ns", "ns", "pop and push with 10,000", 60, false},
     {"hold_100k_ns", "ns", "pop and push with 100,000", 90, false},
     {"hold_1m_ns", "ns", "pop and push with 1,000,000", 250, false});
CASE(draws, measure_draws, 0, {"exponential_keyed_ns", "ns", "one at a time", 15, false},
     {"exponential_block_ns", "ns", "in blocks", 3, false});
CASE(first, measure_first, 0,
     {"first_consignments_per_s", "1/s", "through paper, all statistics", 200000, true});
CASE(threads, measure_threads, 0,
     {"threads_2_speedup", "1", "100 replications of first.yml", 1.94, true});

const struct bench_case *const bench_kernel_cases[] = {
    &mm1,     &mm1_block, &mm1_statistics, &mminf_10k, &mminf_1m, &cancel,
    &preempt, &hold,      &draws,          &first,     &threads,  NULL};
