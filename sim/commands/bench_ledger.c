/* SPDX-License-Identifier: GPL-3.0-or-later
 * bench_ledger.c - decisions of members who hear everything at once, and Merkle trees of blocks. */
#include "sim/commands/bench.h"

#include "core/base/arena.h"
#include "core/base/require.h"
#include "core/ledger/consensus.h"
#include "core/ledger/merkle.h"

#include <stddef.h>
#include <string.h>

enum { TRANSACTION_SIZE = 320, TRANSACTION_COUNT = 500, TREES = 200 };

/* ---- decisions ------------------------------------------------------------------------------ */

/* Votes on their way, in order: each goes to every member. */
struct line {
    struct consensus_vote *votes;
    uint32_t capacity, first, count;
};

struct council {
    uint32_t member_count;
    struct consensus **members;
    struct line line;
    struct consensus_output output;
    uint64_t commit_count;
};

static void carry_out(struct council *council, uint32_t member) {
    struct consensus *consensus = council->members[member];
    struct line *line = &council->line;
    for (unsigned i = 0; i < council->output.count; i++) {
        const struct consensus_action *action = &council->output.actions[i];
        if (action->kind == ACTION_SEND) {
            REQUIRE(line->count < line->capacity);
            line->votes[(line->first + line->count++) % line->capacity] = action->vote;
        } else if (action->kind == ACTION_COMMIT) {
            council->commit_count++;
            consensus_next(consensus, member, council->member_count, &council->output);
            return; /* the next height begins when all are here */
        } else if (action->kind == ACTION_FETCH) {
            struct hash value = action->value;
            consensus_learn(consensus, &value, true, &council->output);
            carry_out(council, member);
            return;
        }
    }
}

static void begin_height(struct council *council, uint64_t height) {
    struct hash value = {.bytes = {1}};
    memcpy(value.bytes + 8, &height, sizeof height);
    for (uint32_t i = 0; i < council->member_count; i++) {
        consensus_begin(council->members[i], &council->output);
        carry_out(council, i);
        consensus_learn(council->members[i], &value, true, &council->output);
        consensus_propose(council->members[i], &value, &council->output);
        carry_out(council, i);
    }
}

static void decide(struct council *council, uint64_t height) {
    struct line *line = &council->line;
    begin_height(council, height);
    while (line->count > 0) {
        struct consensus_message message = {.vote = line->votes[line->first]};
        line->first = (line->first + 1) % line->capacity;
        line->count--;
        for (uint32_t i = 0; i < council->member_count; i++) {
            consensus_receive(council->members[i], &message, &council->output);
            carry_out(council, i);
        }
    }
}

/* Seconds a decision among `member_count`, every member a machine of its own. */
static double time_decision_s(uint32_t member_count, uint64_t decisions) {
    static const struct consensus_times times = {1, 1, 1, 1, 1};
    struct arena arena = ARENA_INIT;
    struct council *council = ARENA_NEW(&arena, struct council);
    council->member_count = member_count;
    council->members = ARENA_ARRAY(&arena, struct consensus *, member_count);
    council->line.capacity = 4 * member_count;
    council->line.votes = ARENA_ARRAY(&arena, struct consensus_vote, council->line.capacity);
    for (uint32_t i = 0; i < member_count; i++) {
        council->members[i] = consensus_create(&arena, member_count, 1, &times);
        consensus_next(council->members[i], i, member_count, &council->output);
    }
    double start_s = bench_now_s();
    for (uint64_t height = 1; height <= decisions; height++) {
        decide(council, height);
    }
    double time_s = (bench_now_s() - start_s) / (double)decisions;
    REQUIRE(council->commit_count == decisions * member_count);
    arena_free(&arena);
    return time_s;
}

static int measure_decisions(double values[BENCH_KEYS_MAX], struct error *err) {
    (void)err;
    values[0] = 1 / time_decision_s(4, 5000);
    values[1] = 1e3 * time_decision_s(32, 100);
    values[2] = 1e3 * time_decision_s(128, 5);
    return 0;
}

/* ---- trees ---------------------------------------------------------------------------------- */

static int measure_trees(double values[BENCH_KEYS_MAX], struct error *err) {
    (void)err;
    struct arena arena = ARENA_INIT;
    uint8_t *bytes = arena_alloc(&arena, (size_t)TRANSACTION_SIZE * TRANSACTION_COUNT);
    struct hash *leaves = ARENA_ARRAY(&arena, struct hash, TRANSACTION_COUNT);
    struct hasher *hasher = hash_open();
    double start_s = bench_now_s();
    for (int tree = 0; tree < TREES; tree++) {
        for (int i = 0; i < TRANSACTION_COUNT; i++) {
            leaves[i] = merkle_leaf(hasher, bytes + i * TRANSACTION_SIZE, TRANSACTION_SIZE);
        }
        struct hash root = merkle_root(hasher, leaves, TRANSACTION_COUNT);
        bytes[tree] ^= root.bytes[0] | 1; /* so that no tree is built for nothing */
    }
    values[0] = (bench_now_s() - start_s) / (TREES * TRANSACTION_COUNT) * 1e6;
    hash_close(hasher);
    arena_free(&arena);
    return 0;
}

static const struct bench_case decisions_case = {
    .keys = {{"decisions_n4_per_s", "1/s", "decisions of 4 members, without signatures", 50000,
              true},
             {"decision_n32_ms", "ms", "one decision of 32", 1, false},
             {"decision_n128_ms", "ms", "one decision of 128", 20, false}},
    .measure = measure_decisions};

static const struct bench_case trees_case = {
    .keys = {{"merkle_us_per_tx", "us", "leaf and tree of 500 transactions of 320 bytes", 0.5,
              false}},
    .measure = measure_trees};

const struct bench_case *const bench_ledger_cases[] = {&decisions_case, &trees_case, NULL};
