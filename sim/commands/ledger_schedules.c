/* SPDX-License-Identifier: GPL-3.0-or-later
 * ledger_schedules.c - `clearlab ledger schedules`: many schedules of attacks by seed, judged one
 * by one; a seed that fails is printed, and replays the same schedule. */
#include "sim/commands/ledger.h"

#include "sim/consensus/trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 500, FAILED_MAX = 20 };

struct schedule_kind {
    const char *name;
    struct trial_plan (*plan_of)(uint64_t seed);
    bool has_forks;
};

static const struct schedule_kind kinds[] = {{"random", trial_draw_plan, false},
                                             {"twins", trial_twins_plan, false},
                                             {"forks", trial_draw_fork_plan, true}};

enum { KINDS = sizeof kinds / sizeof *kinds };

/* Of the schedules with seeds `first` .. `first` + `count` - 1. */
struct tally {
    uint64_t count, failed_count, messages, messages_min, crashes, accusations, forks;
    uint64_t failed[FAILED_MAX]; /* the lowest */
    int32_t round_max, rounds_to_live;
};

static void note_failed(struct tally *tally, uint64_t seed) {
    uint64_t kept = tally->failed_count < FAILED_MAX ? tally->failed_count : FAILED_MAX;
    uint64_t place = kept;
    while (place > 0 && tally->failed[place - 1] > seed) {
        if (place < FAILED_MAX) {
            tally->failed[place] = tally->failed[place - 1];
        }
        place--;
    }
    if (place < FAILED_MAX) {
        tally->failed[place] = seed;
    }
    tally->failed_count++;
}

/* More than a third lie: members may disagree, but then f + 1 are named, and never a correct one.
 */
static bool is_well_judged(struct trial *trial, const struct trial_plan *plan,
                           struct tally *tally) {
    struct trial_inquiry inquiry = trial_inquire(trial);
    uint32_t named = (uint32_t)__builtin_popcount(inquiry.guilty);
    uint32_t wanted = inquiry.is_fork ? (plan->member_count - 1) / 3 + 1 : 0;
    tally->forks += inquiry.is_fork;
    return inquiry.is_complete && (inquiry.guilty & inquiry.correct) == 0 && named >= wanted;
}

static void run_one(struct trial *trial, const struct schedule_kind *kind, uint64_t seed,
                    struct tally *tally) {
    struct trial_plan plan = kind->plan_of(seed);
    struct trial_outcome outcome = trial_run(trial, &plan);
    bool is_good = kind->has_forks ? is_well_judged(trial, &plan, tally)
                                   : outcome.verdict.violation == CHECKER_NONE;
    tally->count++;
    tally->messages += outcome.delivered_count;
    tally->crashes += outcome.crash_count;
    tally->accusations += outcome.accusation_count;
    if (outcome.delivered_count < tally->messages_min) {
        tally->messages_min = outcome.delivered_count;
    }
    if (outcome.round_max > tally->round_max) {
        tally->round_max = outcome.round_max;
    }
    if (outcome.rounds_to_live > tally->rounds_to_live) {
        tally->rounds_to_live = outcome.rounds_to_live;
    }
    if (!is_good) {
        note_failed(tally, seed);
    }
}

static void merge(struct tally *into, const struct tally *from) {
    uint64_t kept = from->failed_count < FAILED_MAX ? from->failed_count : FAILED_MAX;
    for (uint64_t i = 0; i < kept; i++) {
        note_failed(into, from->failed[i]);
    }
    into->failed_count += from->failed_count - kept;
    into->count += from->count;
    into->messages += from->messages;
    into->crashes += from->crashes;
    into->accusations += from->accusations;
    into->forks += from->forks;
    into->messages_min =
        from->messages_min < into->messages_min ? from->messages_min : into->messages_min;
    into->round_max = from->round_max > into->round_max ? from->round_max : into->round_max;
    into->rounds_to_live =
        from->rounds_to_live > into->rounds_to_live ? from->rounds_to_live : into->rounds_to_live;
}

static const struct tally no_tally = {.messages_min = UINT64_MAX};

static struct tally run_all(const struct invocation *invocation, const struct schedule_kind *kind,
                            uint64_t first, uint64_t count, int threads) {
    struct tally all = no_tally;
    uint64_t chunk_count = (count + CHUNK - 1) / CHUNK;
#pragma omp parallel num_threads(threads)
    {
        struct arena arena = ARENA_INIT;
        struct trial *trial = trial_open(&arena);
        struct tally tally = no_tally;
#pragma omp for schedule(dynamic)
        for (uint64_t chunk = 0; chunk < chunk_count; chunk++) {
            for (uint64_t i = chunk * CHUNK; i < count && i < (chunk + 1) * CHUNK; i++) {
                if (*invocation->stop == 0) {
                    run_one(trial, kind, first + i, &tally);
                }
            }
        }
#pragma omp critical(schedules)
        merge(&all, &tally);
        trial_close(trial);
        arena_free(&arena);
    }
    return all;
}

static void print_tally(const struct schedule_kind *kind, const struct tally *tally) {
    double count = (double)(tally->count > 0 ? tally->count : 1);
    printf("%llu %s schedules, %llu failed\n", (unsigned long long)tally->count, kind->name,
           (unsigned long long)tally->failed_count);
    printf("messages delivered in each: %.0f on average, %llu at least\n",
           (double)tally->messages / count, (unsigned long long)tally->messages_min);
    printf("crashes in each: %.2f; accusations: %.2f\n", (double)tally->crashes / count,
           (double)tally->accusations / count);
    printf("rounds to a decision: %d at most; %d after all was healed (stated: %d)\n",
           tally->round_max, tally->rounds_to_live, TRIAL_ROUNDS_TO_LIVE);
    if (kind->has_forks) {
        printf("forks: %llu, of which all but the failed ones name f + 1 and no correct member\n",
               (unsigned long long)tally->forks);
    }
    for (uint64_t i = 0; i < tally->failed_count && i < FAILED_MAX; i++) {
        printf("failed: clearlab ledger schedules --kind %s --replay %llu\n", kind->name,
               (unsigned long long)tally->failed[i]);
    }
}

static void print_entry(const struct checker_entry *entry) {
    static const char *const votes[] = {"proposal", "prevote", "precommit"};
    printf("member %u ", entry->member);
    switch (entry->kind) {
    case CHECKER_COMMIT:
        printf("commits");
        break;
    case CHECKER_SIGNED:
        printf("signs %s of", votes[entry->vote_kind]);
        break;
    case CHECKER_HEARD:
        printf("hears %u: %s of", entry->other, votes[entry->vote_kind]);
        break;
    case CHECKER_ACCUSED:
        printf("accuses %u at height %llu\n", entry->other, (unsigned long long)entry->height);
        return;
    case CHECKER_CRASHED:
        printf("crashes\n");
        return;
    case CHECKER_HEALED:
        printf("is free, in height %llu and round %d\n", (unsigned long long)entry->height,
               entry->round);
        return;
    }
    printf(" %02x%02x%02x%02x at height %llu, round %d\n", entry->value.bytes[0],
           entry->value.bytes[1], entry->value.bytes[4], entry->value.bytes[5],
           (unsigned long long)entry->height, entry->round);
}

static int replay(const struct schedule_kind *kind, uint64_t seed) {
    struct arena arena = ARENA_INIT;
    struct trial *trial = trial_open(&arena);
    struct tally tally = no_tally;
    run_one(trial, kind, seed, &tally);
    struct trial_plan plan = kind->plan_of(seed);
    struct trial_outcome outcome = trial_run(trial, &plan);
    size_t count;
    const struct checker_entry *entries = trial_entries(trial, &count);
    for (size_t i = 0; i < count; i++) {
        print_entry(&entries[i]);
    }
    printf("%u members, %u liars from member %u on, %llu messages: %s\n", plan.member_count,
           plan.liar_count, plan.first_liar, (unsigned long long)outcome.delivered_count,
           checker_violation_text(outcome.verdict.violation));
    if (outcome.verdict.violation != CHECKER_NONE) {
        printf("members %u and %u, height %llu\n", outcome.verdict.member, outcome.verdict.other,
               (unsigned long long)outcome.verdict.height);
    }
    trial_close(trial);
    arena_free(&arena);
    return tally.failed_count > 0;
}

static const struct schedule_kind *find_kind(const char *name, struct error *err) {
    const char *names[KINDS];
    for (unsigned i = 0; i < KINDS; i++) {
        if (name == NULL || strcmp(kinds[i].name, name) == 0) {
            return &kinds[i];
        }
        names[i] = kinds[i].name;
    }
    error_set(err, ERROR_INPUT, "--kind: no schedules are called '%s'%s", name,
              error_hint(name, names, KINDS, "; there are random, twins and forks").text);
    return NULL;
}

int ledger_schedules(const struct invocation *invocation, struct error *err) {
    const struct schedule_kind *kind = find_kind(command_option(invocation, "kind"), err);
    int64_t count, seed, threads, replayed;
    if (kind == NULL ||
        command_option_number(invocation, "count", 1, INT64_C(1000000000), 10000, &count, err) ||
        command_option_number(invocation, "seed", 0, INT64_MAX / 2, 1, &seed, err) ||
        command_option_number(invocation, "threads", 1, 1024, 1, &threads, err) ||
        command_option_number(invocation, "replay", 0, INT64_MAX, -1, &replayed, err)) {
        return 2;
    }
    if (replayed >= 0) {
        return replay(kind, (uint64_t)replayed);
    }
    struct tally tally = run_all(invocation, kind, (uint64_t)seed, (uint64_t)count, (int)threads);
    print_tally(kind, &tally);
    return tally.failed_count > 0 || *invocation->stop != 0;
}
