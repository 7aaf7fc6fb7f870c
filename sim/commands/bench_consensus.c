/* SPDX-License-Identifier: GPL-3.0-or-later
 * bench_consensus.c - how many schedules of attacks a second, with their messages. */
#include "sim/commands/bench.h"

#include "sim/consensus/trial.h"

enum { SCHEDULES = 2000 };

/* Random schedules from seed 1, or those of twins from number 0. */
static int run_schedules(struct trial_plan (*plan_of)(uint64_t index), double values[3],
                         struct error *err) {
    struct arena arena = ARENA_INIT;
    struct trial *trial = trial_open(&arena);
    uint64_t delivered = 0, least = UINT64_MAX, violations = 0;
    double start_s = bench_now_s();
    for (uint64_t index = 1; index <= SCHEDULES; index++) {
        struct trial_plan plan = plan_of(index);
        struct trial_outcome outcome = trial_run(trial, &plan);
        delivered += outcome.delivered_count;
        least = outcome.delivered_count < least ? outcome.delivered_count : least;
        violations += outcome.verdict.violation != CHECKER_NONE;
    }
    double time_s = bench_now_s() - start_s;
    trial_close(trial);
    arena_free(&arena);
    values[0] = SCHEDULES / time_s;
    values[1] = (double)delivered / SCHEDULES;
    values[2] = (double)least;
    return violations == 0 ? 0
                           : error_set(err, ERROR_RUN, "%llu of %d schedules violate agreement",
                                       (unsigned long long)violations, SCHEDULES);
}

static int measure_random(double values[BENCH_KEYS_MAX], struct error *err) {
    return run_schedules(trial_draw_plan, values, err);
}

static int measure_twins(double values[BENCH_KEYS_MAX], struct error *err) {
    return run_schedules(trial_twins_plan, values, err);
}

static const struct bench_case random_case = {
    .keys = {{"schedules_per_s", "1/s", "random schedules with liars, losses and crashes", 5000,
              true},
             {"messages_per_schedule", "", "messages delivered in one of them", 100, true},
             {"messages_per_schedule_min", "", "and the fewest in any", 100, true}},
    .measure = measure_random};

static const struct bench_case twins_case = {
    .keys = {{"twin_schedules_per_s", "1/s", "schedules of four members with a twin", 5000, true},
             {"messages_per_twin_schedule", "", "messages delivered in one of them", 100, true},
             {"messages_per_twin_schedule_min", "", "and the fewest in any", 100, true}},
    .measure = measure_twins};

const struct bench_case *const bench_consensus_cases[] = {&random_case, &twins_case, NULL};
