/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ledger/votes.h"

#ifndef PLANTED /* see consensus.c */
#define PLANTED(bug) false
#endif

static void init_tally(struct tally *tally, struct arena *arena, uint32_t count_max) {
    tally->members_of = ARENA_ARRAY(arena, uint32_t, count_max);
    tally->values = ARENA_ARRAY(arena, struct hash, count_max);
    tally->choice = ARENA_ARRAY(arena, int32_t, count_max);
    tally->signatures = ARENA_ARRAY(arena, struct signature, count_max);
}

void votes_init(struct votes *votes, struct arena *arena, uint32_t count_max) {
    votes->seen_round = ARENA_ARRAY(arena, int32_t, count_max);
    for (int i = 0; i < CONSENSUS_ROUNDS_KEPT; i++) {
        init_tally(&votes->rounds[i].prevotes, arena, count_max);
        init_tally(&votes->rounds[i].precommits, arena, count_max);
    }
}

static void clear_tally(struct tally *tally, uint32_t member_count) {
    tally->count = tally->value_count = 0;
    for (uint32_t i = 0; i < member_count; i++) {
        tally->choice[i] = -1;
    }
}

static void clear_round(struct round_votes *round, int32_t number, uint32_t member_count) {
    round->round = number;
    round->has_proposal = round->has_polka = false;
    round->has_prevote_timer = round->has_precommit_timer = false;
    clear_tally(&round->prevotes, member_count);
    clear_tally(&round->precommits, member_count);
}

void votes_reset(struct votes *votes, uint32_t member_count) {
    votes->member_count = member_count;
    votes->base = 0;
    for (uint32_t i = 0; i < member_count; i++) {
        votes->seen_round[i] = -1;
    }
    for (int i = 0; i < CONSENSUS_ROUNDS_KEPT; i++) {
        votes->rounds[i].round = -1;
    }
}

void votes_advance(struct votes *votes, int32_t round) {
    int32_t behind = CONSENSUS_ROUNDS_KEPT / 2 - 1;
    votes->base = round > behind ? round - behind : 0;
}

struct round_votes *votes_round(struct votes *votes, int32_t round) {
    if (round < votes->base || round - votes->base >= CONSENSUS_ROUNDS_KEPT) {
        return NULL;
    }
    struct round_votes *kept = &votes->rounds[round % CONSENSUS_ROUNDS_KEPT];
    if (kept->round != round) {
        clear_round(kept, round, votes->member_count);
    }
    return kept;
}

static enum vote_result add_proposal(struct round_votes *round, const struct consensus_vote *vote,
                                     struct consensus_vote *other) {
    if (!round->has_proposal) {
        round->has_proposal = true;
        round->proposal = *vote;
        return VOTE_NEW;
    }
    if (hash_equal(&round->proposal.value, &vote->value) &&
        round->proposal.valid_round == vote->valid_round) {
        return VOTE_KNOWN;
    }
    *other = round->proposal;
    return VOTE_CONTRADICTS;
}

static int32_t value_index(struct tally *tally, const struct hash *value) {
    uint32_t i = 0;
    while (i < tally->value_count && !hash_equal(&tally->values[i], value)) {
        i++;
    }
    if (i == tally->value_count) {
        tally->values[i] = *value;
        tally->members_of[i] = 0;
        tally->value_count++;
    }
    return (int32_t)i;
}

enum vote_result votes_add(struct round_votes *round, const struct consensus_vote *vote,
                           struct consensus_vote *other) {
    if (vote->kind == CONSENSUS_PROPOSAL) {
        return add_proposal(round, vote, other);
    }
    struct tally *tally = vote->kind == CONSENSUS_PREVOTE ? &round->prevotes : &round->precommits;
    int32_t known = tally->choice[vote->member];
    if (known >= 0) {
        if (hash_equal(&tally->values[known], &vote->value)) {
            tally->members_of[known] += PLANTED(count_again);
            return VOTE_KNOWN;
        }
        *other = *vote;
        other->value = tally->values[known];
        other->signature = tally->signatures[vote->member];
        return VOTE_CONTRADICTS;
    }
    int32_t index = value_index(tally, &vote->value);
    tally->choice[vote->member] = index;
    tally->signatures[vote->member] = vote->signature;
    tally->members_of[index]++;
    tally->count++;
    return VOTE_NEW;
}

uint32_t votes_for(const struct tally *tally, const struct hash *value) {
    for (uint32_t i = 0; i < tally->value_count; i++) {
        if (hash_equal(&tally->values[i], value)) {
            return tally->members_of[i];
        }
    }
    return 0;
}

const struct hash *votes_majority(const struct tally *tally, uint32_t quorum) {
    static const struct hash no_block;
    if (tally->count < quorum) {
        return NULL;
    }
    for (uint32_t i = 0; i < tally->value_count; i++) {
        uint32_t count = PLANTED(count_any_value) ? tally->count : tally->members_of[i];
        if (count >= quorum && !hash_equal(&tally->values[i], &no_block)) {
            return &tally->values[i];
        }
    }
    return NULL;
}

int32_t votes_round_reached(const struct votes *votes, uint32_t count) {
    int32_t reached = -1;
    for (uint32_t i = 0; i < votes->member_count; i++) {
        uint32_t members = 0;
        for (uint32_t k = 0; k < votes->member_count; k++) {
            members += votes->seen_round[k] >= votes->seen_round[i];
        }
        if (members >= count && votes->seen_round[i] > reached) {
            reached = votes->seen_round[i];
        }
    }
    return reached;
}

void votes_certify(const struct tally *tally, uint32_t member_count, uint64_t height, int32_t round,
                   const struct hash *value, struct consensus_certificate *certificate) {
    certificate->height = height;
    certificate->round = round;
    certificate->value = *value;
    certificate->count = 0;
    for (uint32_t i = 0; i < member_count; i++) {
        if (tally->choice[i] >= 0 && hash_equal(&tally->values[tally->choice[i]], value)) {
            certificate->members[certificate->count] = i;
            certificate->signatures[certificate->count++] = tally->signatures[i];
        }
    }
}

bool votes_is_quorum(const struct consensus_certificate *certificate, uint32_t member_count,
                     uint32_t quorum) {
    if (certificate->count < quorum || certificate->count > CONSENSUS_MEMBERS_MAX) {
        return false;
    }
    for (uint32_t i = 0; i < certificate->count; i++) {
        if (certificate->members[i] >= member_count ||
            (i > 0 && certificate->members[i] <= certificate->members[i - 1] &&
             !PLANTED(repeated_signers))) {
            return false;
        }
    }
    return true;
}
