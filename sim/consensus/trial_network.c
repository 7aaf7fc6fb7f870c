/* SPDX-License-Identifier: GPL-3.0-or-later
 * trial_network.c - what becomes of messages on their way. */
#include "sim/consensus/trial_parts.h"

#include <string.h>

enum { LATENCY_MIN_MS = 1, LATENCY_MAX_MS = 6, LATE_MS = 200 };

const struct consensus_certificate *
trial_keep_proof(struct trial *trial, const struct consensus_certificate *certificate) {
    for (uint32_t i = 0; i < trial->proof_count; i++) {
        const struct consensus_certificate *kept = &trial->proofs[i];
        if (kept->height == certificate->height && kept->round == certificate->round &&
            kept->count == certificate->count && hash_equal(&kept->value, &certificate->value) &&
            memcmp(kept->members, certificate->members,
                   certificate->count * sizeof *kept->members) == 0 &&
            memcmp(kept->signatures, certificate->signatures,
                   certificate->count * sizeof *kept->signatures) == 0) {
            return kept;
        }
    }
    if (trial->proof_count == PROOFS_MAX) {
        return NULL;
    }
    struct consensus_certificate *kept = &trial->proofs[trial->proof_count++];
    kept->height = certificate->height;
    kept->round = certificate->round;
    kept->value = certificate->value;
    kept->count = certificate->count;
    memcpy(kept->members, certificate->members, certificate->count * sizeof *kept->members);
    memcpy(kept->signatures, certificate->signatures,
           certificate->count * sizeof *kept->signatures);
    return kept;
}

/* With groups only rounds matter; otherwise a partition parts the two sides while it lasts. */
bool trial_is_parted(const struct trial *trial, const struct parcel *parcel) {
    uint64_t bits = trial->side_bits;
    if (trial->plan.has_groups) {
        if (parcel->kind != PARCEL_VOTE || !trial->is_chaos ||
            parcel->vote.round >= TRIAL_ROUNDS_MAX) {
            return false;
        }
        bits = trial->plan.groups[parcel->vote.round];
    }
    uint64_t from = bits >> parcel->from & 1, to = bits >> parcel->to & 1;
    return from != to && !(trial->is_one_way && to == 0);
}

void trial_post(struct trial *trial, const struct parcel *parcel, int64_t delay_ns) {
    uint32_t index = slab_take(&trial->parcels);
    if (index == 0) {
        return; /* as good as lost */
    }
    *(struct parcel *)slab_at(&trial->parcels, index) = *parcel;
    event_queue_push(&trial->queue, trial->now_ns + delay_ns, EVENT_MESSAGE, parcel->to, index);
}

int64_t trial_draw_latency_ns(struct trial *trial) {
    uint32_t span_us = (LATENCY_MAX_MS - LATENCY_MIN_MS) * 1000;
    int64_t latency_ns =
        MILLISECONDS(LATENCY_MIN_MS) + (int64_t)trial_draw_below(trial, span_us) * 1000;
    bool is_late = trial->is_chaos && !trial->plan.has_groups && trial_draw_chance(trial, 0.05);
    return latency_ns + (is_late ? MILLISECONDS(trial_draw_below(trial, LATE_MS)) : 0);
}

/* With deafness: every other phase of a height and round is not heard by half of the members. Such
 * are the schedules in which one member locks or decides alone. */
static bool is_unheard(const struct trial *trial, const struct parcel *parcel) {
    if (!trial->plan.is_deaf || trial->nodes[parcel->from].is_liar ||
        trial->nodes[parcel->to].is_liar) {
        return false;
    }
    if (parcel->kind != PARCEL_VOTE) {
        return true;
    }
    uint32_t phase = (uint32_t)parcel->vote.round * 4 + parcel->vote.kind;
    uint64_t bits = random_bits(trial->key, parcel->vote.height, 1, phase);
    return (bits & 1) != 0 && (bits >> 1 >> parcel->to & 1) != 0;
}

uint32_t trial_prey(const struct trial *trial) {
    return (trial->plan.first_liar + trial->plan.liar_count) % trial->plan.member_count;
}

/* Who hears whom of the correct members while one of them is hunted. */
static bool is_hunted(const struct trial *trial, const struct parcel *parcel) {
    const struct trial_plan *plan = &trial->plan;
    uint32_t prey = trial_prey(trial);
    if (plan->hunt == HUNT_NONE) {
        return false;
    }
    if (plan->hunt == HUNT_LAGGARD) {
        return parcel->from == prey || parcel->to == prey;
    }
    if (trial->nodes[parcel->from].is_liar || trial->nodes[parcel->to].is_liar) {
        return false;
    }
    if (parcel->vote.height < plan->hunt_height) {
        return false;
    }
    bool is_vote = parcel->kind == PARCEL_VOTE && parcel->vote.height == plan->hunt_height;
    enum consensus_kind kind = parcel->vote.kind;
    int32_t round = parcel->vote.round;
    if (is_vote && round < plan->hunt_round) {
        return kind == CONSENSUS_PREVOTE && parcel->vote.member % 2 != parcel->to % 2;
    }
    if (plan->hunt_is_close && is_vote && round == plan->hunt_round &&
        kind == CONSENSUS_PREVOTE) { /* the f members after it miss one, and are free later */
        uint32_t distance = (parcel->to + plan->member_count - prey) % plan->member_count;
        return parcel->from == prey && distance <= (plan->member_count - 1) / 3;
    }
    bool is_decided = !is_vote || round > plan->hunt_round || kind == CONSENSUS_PRECOMMIT;
    return is_decided && parcel->from == prey;
}

void trial_send(struct trial *trial, const struct parcel *parcel) {
    if (parcel->from == parcel->to) {
        trial_post(trial, parcel, 0);
        return;
    }
    bool is_lost = trial->is_chaos && (is_unheard(trial, parcel) || is_hunted(trial, parcel) ||
                                       trial_draw_chance(trial, trial->plan.loss));
    if (trial_is_parted(trial, parcel) || is_lost) {
        return;
    }
    trial_post(trial, parcel, trial_draw_latency_ns(trial));
    if (trial->is_chaos && trial_draw_chance(trial, trial->plan.doubling)) {
        trial_post(trial, parcel, trial_draw_latency_ns(trial));
    }
}

void trial_send_to_member(struct trial *trial, struct parcel *parcel, uint32_t member) {
    for (uint32_t i = 0; i < trial->node_count; i++) {
        if (trial->nodes[i].identity == member) {
            parcel->to = i;
            trial_send(trial, parcel);
        }
    }
}
