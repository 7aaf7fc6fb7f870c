/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: after a fork the logs name f + 1 guilty, and no log ever names a correct member.
 * Method: thousands of schedules in which f + 1 to 2f + 1 members lie and the correct ones are cut
 * in two sides, of 4, 7 and 10 members; the logs of one member of each side are put together and
 * the accused asked. Then thousands with at most f liars, crashes, partitions and losses, and the
 * logs of everybody. */
#include "sim/consensus/trial.h"
#include "tests/test.h"

enum { FORK_SCHEDULES = 6000, QUIET_SCHEDULES = 2000, MEMBERS = 16 };

static struct trial *trial;

static uint32_t bits_of(uint32_t members) {
    return (uint32_t)__builtin_popcount(members);
}

static void test_forks(void) {
    uint32_t forks[MEMBERS + 1] = {0}, charges[EVIDENCE_KIND_COUNT] = {0}, least_spare = MEMBERS;
    uint32_t without_double_votes = 0, answers = 0;
    for (uint64_t seed = 1; seed <= FORK_SCHEDULES; seed++) {
        struct trial_plan plan = trial_draw_fork_plan(seed);
        trial_run(trial, &plan);
        struct trial_inquiry inquiry = trial_inquire(trial);
        CHECK(inquiry.is_complete);
        CHECK_INT(inquiry.guilty & inquiry.correct, 0);
        answers += inquiry.answer_count;
        if (!inquiry.is_fork) {
            continue;
        }
        uint32_t faulty_max = (plan.member_count - 1) / 3, named = bits_of(inquiry.guilty);
        CHECK(plan.liar_count > faulty_max);
        CHECK(named >= faulty_max + 1);
        forks[plan.member_count]++;
        if (named - faulty_max - 1 < least_spare) {
            least_spare = named - faulty_max - 1;
        }
        without_double_votes += inquiry.charge_counts[EVIDENCE_DOUBLE_VOTE] == 0;
        for (int kind = 0; kind < EVIDENCE_KIND_COUNT; kind++) {
            charges[kind] += inquiry.charge_counts[kind];
        }
    }
    printf("forks of 4, 7, 10 members: %u, %u, %u; without a double vote: %u; charges that stand: "
           "%u double votes, %u out of turn, %u unfounded, %u of amnesia; %u answers\n",
           forks[4], forks[7], forks[10], without_double_votes, charges[EVIDENCE_DOUBLE_VOTE],
           charges[EVIDENCE_OUT_OF_TURN], charges[EVIDENCE_UNFOUNDED], charges[EVIDENCE_AMNESIA],
           answers);
    /* The schedules reach what they are for. */
    CHECK(forks[4] >= 300 && forks[7] >= 300 && forks[10] >= 300);
    CHECK(without_double_votes >= 100);
    CHECK(charges[EVIDENCE_UNFOUNDED] > 0 && answers > 0);
    CHECK_INT(least_spare, 0); /* so the bound is sharp */
}

static void test_quiet(void) {
    uint32_t named = 0, questions = 0, answers = 0, crashes = 0;
    for (uint64_t seed = 1; seed <= QUIET_SCHEDULES; seed++) {
        struct trial_plan plan = trial_draw_plan(seed);
        plan.keeps_logs = true;
        struct trial_outcome outcome = trial_run(trial, &plan);
        struct trial_inquiry inquiry = trial_inquire(trial);
        CHECK(inquiry.is_complete && !inquiry.is_fork);
        CHECK_INT(inquiry.guilty & inquiry.correct, 0);
        named += bits_of(inquiry.guilty);
        questions += inquiry.question_count;
        answers += inquiry.answer_count;
        crashes += outcome.crash_count;
    }
    printf("%d schedules without a fork, %u crashes: %u liars named, %u questions, %u answers\n",
           QUIET_SCHEDULES, crashes, named, questions, answers);
    CHECK(named > 0);
}

int main(void) {
    struct arena arena = ARENA_INIT;
    trial = trial_open(&arena);
    test_forks();
    test_quiet();
    trial_close(trial);
    arena_free(&arena);
    return test_summary();
}
