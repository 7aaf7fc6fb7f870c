/* SPDX-License-Identifier: GPL-3.0-or-later
 * trial_plan.c - chance, blocks, stand-in signatures, and the plans themselves. */
#include "sim/consensus/trial_parts.h"

#include <string.h>

uint64_t trial_draw_bits(struct trial *trial) {
    return random_bits(trial->key, 0, 0, trial->draws++);
}

uint32_t trial_draw_below(struct trial *trial, uint32_t below) {
    return (uint32_t)((trial_draw_bits(trial) >> 32) * below >> 32);
}

bool trial_draw_chance(struct trial *trial, double probability) {
    return probability > 0 && random_unit(trial_draw_bits(trial)) < probability;
}

/* The hash of a block stands for the block: its first byte says whether it is valid. */
struct hash trial_make_block(struct trial *trial, uint32_t maker, bool is_valid) {
    struct hash value = {.bytes = {is_valid ? 1 : 2, (uint8_t)maker}};
    uint32_t number = ++trial->block_count;
    memcpy(value.bytes + 4, &number, sizeof number);
    return value;
}

bool trial_is_valid_block(const struct hash *value) {
    return value->bytes[0] == 1;
}

bool trial_has_block(const struct node *node, const struct hash *value) {
    uint32_t count = node->body_count < BODIES_MAX ? node->body_count : BODIES_MAX;
    for (uint32_t i = 0; i < count; i++) {
        if (hash_equal(&node->bodies[i], value)) {
            return true;
        }
    }
    return false;
}

void trial_hold_block(struct node *node, const struct hash *value) {
    if (!trial_has_block(node, value)) {
        node->bodies[node->body_count++ % BODIES_MAX] = *value;
    }
}

static uint64_t mix(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * 0xff51afd7ed558ccdu;
    return hash ^ hash >> 33;
}

struct signature trial_sign(const struct consensus_vote *vote, bool is_forged) {
    struct signature signature = {.bytes = {0}};
    uint64_t words[4];
    memcpy(words, vote->value.bytes, sizeof words);
    uint64_t hash = mix(vote->member + 1, vote->height);
    hash = mix(hash, (uint64_t)vote->kind << 32 | (uint32_t)vote->round);
    hash = mix(hash, (uint32_t)vote->valid_round);
    for (int i = 0; i < 4; i++) {
        hash = mix(hash, words[i]);
    }
    hash ^= is_forged;
    memcpy(signature.bytes, &hash, sizeof hash);
    return signature;
}

bool trial_is_signed(const struct consensus_vote *vote) {
    struct signature expected = trial_sign(vote, false);
    return memcmp(&expected, &vote->signature, sizeof expected) == 0;
}

bool trial_is_certified(const struct consensus_certificate *certificate, enum consensus_kind kind) {
    for (uint32_t i = 0; i < certificate->count; i++) {
        struct consensus_vote vote = {.kind = kind,
                                      .member = certificate->members[i],
                                      .height = certificate->height,
                                      .round = certificate->round,
                                      .valid_round = -1,
                                      .value = certificate->value,
                                      .signature = certificate->signatures[i]};
        if (!trial_is_signed(&vote)) {
            return false;
        }
    }
    return true;
}

/* As many random bits as one asks for. */
static uint32_t take_bits(uint64_t *bits, unsigned count) {
    uint32_t taken = (uint32_t)(*bits & ((1u << count) - 1));
    *bits >>= count;
    return taken;
}

static void draw_liars(struct trial_plan *plan, uint64_t bits) {
    static const enum trial_lies lies[8] = {LIES_ANY,     LIES_ANY,   LIES_ANY,   LIES_SLEEPER,
                                            LIES_SLEEPER, LIES_TWINS, LIES_TWINS, LIES_FORGETFUL};
    uint32_t faulty_max = (plan->member_count - 1) / 3;
    plan->lies = lies[take_bits(&bits, 3)];
    plan->first_liar = take_bits(&bits, 16) % plan->member_count;
    plan->liar_count = take_bits(&bits, 2) == 0 ? 0 : take_bits(&bits, 2) == 0 ? 1 : faulty_max;
    plan->falls_silent = take_bits(&bits, 1) == 0;
    plan->is_overheard = take_bits(&bits, 3) == 0;
    plan->broken_disks = take_bits(&bits, 1) == 0 || plan->liar_count == 0;
    plan->stays_parted = take_bits(&bits, 2) == 0;
}

/* What is left to chance in a hunt would only help the prey. */
static void draw_hunt(struct trial_plan *plan, uint64_t bits) {
    plan->hunt = take_bits(&bits, 2) != 0 ? HUNT_LOCKS : HUNT_LAGGARD;
    plan->hunt_round = (int32_t)take_bits(&bits, 1);
    plan->hunt_height =
        plan->hunt == HUNT_LOCKS && plan->height_count > 1 ? 1 + take_bits(&bits, 1) : 1;
    plan->hunt_is_close = take_bits(&bits, 1) != 0;
    plan->lies = LIES_ANY;
    plan->liar_count = (plan->member_count - 1) / 3;
    plan->chaos_ms = 400;
    plan->is_deaf = plan->is_hasty = plan->stays_parted = false;
    plan->partition = plan->loss = 0;
    plan->crash = take_bits(&bits, 1) == 0 ? 0.05 : 0;
    plan->falls_silent = plan->falls_silent || plan->hunt == HUNT_LAGGARD;
}

struct trial_plan trial_draw_plan(uint64_t seed) {
    struct random_key key = random_key_make(seed, 1);
    static const uint32_t sizes[16] = {4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 7, 7, 10};
    uint64_t bits = random_bits(key, 0, 0, 0);
    struct trial_plan plan = {.seed = seed, .member_count = sizes[take_bits(&bits, 4)]};
    bool is_small = plan.member_count == 4;
    plan.height_count = is_small ? 2 : 1;
    plan.chaos_ms = (is_small ? 150 : 100) + take_bits(&bits, 8);
    plan.loss = take_bits(&bits, 1) == 0 ? 0 : 0.3 * random_unit(random_bits(key, 0, 0, 2));
    plan.doubling = take_bits(&bits, 1) == 0 ? 0 : 0.5 * random_unit(random_bits(key, 0, 0, 3));
    plan.crash = take_bits(&bits, 1) == 0 ? 0.02 : 0;
    plan.partition = take_bits(&bits, 1) == 0 ? 0 : 0.7;
    plan.is_deaf = take_bits(&bits, 2) != 0;
    plan.skewed_clocks = take_bits(&bits, 2) == 0;
    plan.is_hasty = take_bits(&bits, 3) == 0;
    draw_liars(&plan, random_bits(key, 0, 0, 1));
    if (take_bits(&bits, 3) == 0) {
        draw_hunt(&plan, random_bits(key, 0, 0, 4));
    }
    return plan;
}

/* Three rounds; five nodes (the twin is the fifth) on two sides, of which one is the side of node
 * 0: 16 ways a round. */
enum { WAYS = 16, ROUNDS = 3, MEMBERS = 4 };

uint64_t trial_twins_count(void) {
    return (uint64_t)MEMBERS * WAYS * WAYS * WAYS;
}

struct trial_plan trial_twins_plan(uint64_t index) {
    struct trial_plan plan = {.seed = index,
                              .member_count = MEMBERS,
                              .liar_count = 1,
                              .height_count = 2,
                              .chaos_ms = 600,
                              .lies = LIES_TWINS,
                              .has_groups = true,
                              .first_liar = (uint32_t)(index % MEMBERS)};
    index /= MEMBERS;
    for (int round = 0; round < ROUNDS; round++, index /= WAYS) {
        plan.groups[round] = (uint32_t)(index % WAYS) << 1;
    }
    return plan;
}

struct trial_plan trial_draw_fork_plan(uint64_t seed) {
    struct random_key key = random_key_make(seed, 2);
    uint64_t bits = random_bits(key, 0, 0, 0), more = random_bits(key, 0, 0, 1);
    static const uint32_t sizes[4] = {4, 4, 7, 10};
    static const enum trial_lies lies[4] = {LIES_FORGETFUL, LIES_FORGETFUL, LIES_TWINS, LIES_ANY};
    struct trial_plan plan = {.seed = seed,
                              .member_count = sizes[bits & 3],
                              .height_count = 2,
                              .lies = lies[bits >> 2 & 3],
                              .chaos_ms = 600,
                              .has_sides = true,
                              .keeps_logs = true};
    /* Two correct members at least, or there are no two sides. */
    uint32_t faulty_max = (plan.member_count - 1) / 3;
    uint32_t most =
        2 * faulty_max + 1 < plan.member_count - 2 ? 2 * faulty_max + 1 : plan.member_count - 2;
    plan.liar_count = faulty_max + 1 + (uint32_t)(bits >> 16 & 0xffff) % (most - faulty_max);
    plan.first_liar = (uint32_t)(bits >> 32 & 0xffff) % plan.member_count;
    /* Either side of the correct members makes a quorum with the liars. */
    uint32_t correct = plan.member_count - plan.liar_count;
    uint32_t least = correct > faulty_max ? correct - faulty_max : 1;
    uint32_t most_on_side = correct - least;
    uint32_t on_side = least + (uint32_t)(more & 0xffff) % (most_on_side - least + 1);
    for (uint32_t i = 0; i < on_side; i++) {
        plan.side |= 1u << (plan.first_liar + plan.liar_count + i) % plan.member_count;
    }
    plan.loss = (more >> 16 & 3) == 0 ? 0.1 * random_unit(random_bits(key, 0, 0, 2)) : 0;
    plan.doubling = (more >> 18 & 3) == 0 ? 0.3 : 0;
    plan.crash = (more >> 20 & 3) == 0 ? 0.01 : 0;
    plan.skewed_clocks = (more >> 22 & 1) == 0;
    return plan;
}
