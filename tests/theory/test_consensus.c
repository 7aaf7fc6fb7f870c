/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: no schedule makes correct members disagree, and the harness that says so would notice.
 * Method: random schedules by seed and all schedules of four members with a twin, judged by the
 * trace alone; then the same with one fault planted in the protocol at a time: each must be caught.
 *
 *   test_consensus [COUNT [FIRST]]     COUNT random schedules from seed FIRST, and nothing else */
#include <stdbool.h>
#include <stdlib.h>

/* Faults, each with the rule that it breaks. */
#define BUGS(X)                                                              \
    X(no_lock_check)       /* prevotes another block than it is locked on */ \
    X(small_quorum)        /* 2f votes are enough */                         \
    X(no_proof)            /* an old block is repeated without proof */      \
    X(proof_of_any_round)  /* or with the proof of another round */          \
    X(repeated_signers)    /* or of a proof that some signed twice */        \
    X(forget_own_votes)    /* votes again after a crash */                   \
    X(send_before_keep)    /* sends before the record is safe */             \
    X(vote_without_record) /* votes although its record is lost */           \
    X(crash_unlocks)       /* a crash takes the lock */                      \
    X(forget_lock)         /* every round unlocks */                         \
    X(unlock_on_nothing)   /* 2f + 1 prevotes for nothing unlock */          \
    X(never_lock)          /* precommits without a lock */                   \
    X(lock_on_minority)    /* precommits what few prevoted */                \
    X(decide_on_prevotes)  /* commits without precommits */                  \
    X(count_twice)         /* a member votes for two blocks */               \
    X(count_again)         /* a vote that comes twice counts twice */        \
    X(count_any_value)     /* votes count for any block */                   \
    X(any_proposer)        /* whoever likes proposes */                      \
    X(commit_invalid)      /* does not look at the block */                  \
    X(prevote_invalid)     /* nor before it votes */                         \
    X(weak_catch_up)       /* f members decide for others */                 \
    X(any_decision)        /* a decision of another height is as good */     \
    X(unverified)          /* signatures are not checked */                  \
    X(accuse_nobody)       /* keeps contradictions to itself */              \
    X(forget_valid)        /* proposes anew though a block had 2f + 1 */     \
    X(constant_timers)     /* timers don't grow */                           \
    X(one_clock)           /* and not enough for clocks that differ */       \
    X(never_skip)          /* stays in its round when others go on */        \
    X(skip_alone)          /* follows whoever claims to be further on */     \
    X(send_once)           /* nothing is sent again */                       \
    X(leave_without_vote)  /* leaves a round without its votes */

enum bug {
    BUG_none,
#define X(name) BUG_##name,
    BUGS(X)
#undef X
        BUG_COUNT
};

static const char *const bug_names[BUG_COUNT] = {"none",
#define X(name) #name,
                                                 BUGS(X)
#undef X
};

static enum bug planted;
#define BUG_any_height BUG_COUNT /* too rare for schedules: unit tests and a fuzzer find these */
#define BUG_keep_without_record BUG_COUNT
#define PLANTED(name) (planted == BUG_##name)

#include "core/ledger/consensus.c" /* with the faults in reach */
#include "core/ledger/votes.c"
#include "sim/consensus/trial_member.c"

#include "tests/test.h"

enum { CATCH_WITHIN = 10000 };

static struct trial *trial;

static void report(const char *what, uint64_t index, const struct trial_outcome *outcome) {
    printf("%s %llu: %s (members %u and %u, height %llu)\n", what, (unsigned long long)index,
           checker_violation_text(outcome->verdict.violation), outcome->verdict.member,
           outcome->verdict.other, (unsigned long long)outcome->verdict.height);
}

/* Runs seeds first .. first + count - 1; the violations. */
static uint64_t run_random(uint64_t first, uint64_t count) {
    uint64_t violations = 0, delivered = 0, crashes = 0, accusations = 0;
    int32_t round_max = 0, rounds_to_live = 0;
    for (uint64_t seed = first; seed < first + count; seed++) {
        struct trial_plan plan = trial_draw_plan(seed);
        struct trial_outcome outcome = trial_run(trial, &plan);
        delivered += outcome.delivered_count;
        crashes += outcome.crash_count;
        accusations += outcome.accusation_count;
        round_max = outcome.round_max > round_max ? outcome.round_max : round_max;
        rounds_to_live =
            outcome.rounds_to_live > rounds_to_live ? outcome.rounds_to_live : rounds_to_live;
        if (outcome.verdict.violation != CHECKER_NONE) {
            violations++;
            report("seed", seed, &outcome);
        }
    }
    printf("%llu schedules, %.0f messages each, %.2f crashes, %.2f accusations, rounds up to %d, "
           "at most %d after the chaos\n",
           (unsigned long long)count, (double)delivered / (double)count,
           (double)crashes / (double)count, (double)accusations / (double)count, round_max,
           rounds_to_live);
    return violations;
}

static void test_random(void) {
    planted = BUG_none;
    CHECK_INT(run_random(1, getenv("CLEARLAB_LONG") != NULL ? 100000 : 4000), 0);
}

static void test_twins(void) {
    planted = BUG_none;
    uint64_t violations = 0;
    for (uint64_t index = 0; index < trial_twins_count(); index++) {
        struct trial_plan plan = trial_twins_plan(index);
        struct trial_outcome outcome = trial_run(trial, &plan);
        if (outcome.verdict.violation != CHECKER_NONE) {
            violations++;
            report("schedule", index, &outcome);
        }
    }
    CHECK_INT(violations, 0);
    printf("%llu schedules of twins\n", (unsigned long long)trial_twins_count());
}

static void test_planted(enum bug bug) {
    planted = bug;
    for (uint64_t seed = 1; seed <= CATCH_WITHIN; seed++) {
        struct trial_plan plan = trial_draw_plan(seed);
        struct trial_outcome outcome = trial_run(trial, &plan);
        if (outcome.verdict.violation != CHECKER_NONE) {
            printf("%-20s caught by ", bug_names[bug]);
            report("seed", seed, &outcome);
            CHECK(true);
            return;
        }
    }
    printf("%-20s not caught\n", bug_names[bug]);
    CHECK(false);
}

static bool is_same(const struct trial_outcome *a, const struct trial_outcome *b) {
    return a->verdict.violation == b->verdict.violation &&
           a->delivered_count == b->delivered_count && a->height_count == b->height_count &&
           a->round_max == b->round_max && a->rounds_to_live == b->rounds_to_live &&
           a->commit_count == b->commit_count && a->accusation_count == b->accusation_count &&
           a->crash_count == b->crash_count;
}

/* The same seed, the same trial. */
static void test_sameness(void) {
    planted = BUG_none;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct trial_plan plan = trial_draw_plan(seed);
        struct trial_outcome first = trial_run(trial, &plan);
        struct trial_plan between = trial_draw_plan(seed + 1000);
        trial_run(trial, &between);
        struct trial_outcome second = trial_run(trial, &plan);
        CHECK(is_same(&first, &second));
    }
}

int main(int argc, char **argv) {
    struct arena arena = ARENA_INIT;
    trial = trial_open(&arena);
    if (argc > 1) {
        uint64_t count = strtoull(argv[1], NULL, 10);
        CHECK_INT(run_random(argc > 2 ? strtoull(argv[2], NULL, 10) : 1, count), 0);
    } else {
        test_random();
        test_twins();
        for (int bug = BUG_none + 1; bug < BUG_COUNT; bug++) {
            test_planted((enum bug)bug);
        }
        test_sameness();
    }
    trial_close(trial);
    arena_free(&arena);
    return test_summary();
}
