/* SPDX-License-Identifier: GPL-3.0-or-later
 * votes.h - what a member has received at one height: for each round that it keeps, the
 * proposal and at most one vote of each kind by each member, counted by value. */
#ifndef CORE_LEDGER_VOTES_H
#define CORE_LEDGER_VOTES_H

#include "core/ledger/consensus.h"

/* The votes of one kind in one round. */
struct tally {
    uint32_t count;       /* members who voted */
    uint32_t value_count; /* different values */
    uint32_t *members_of; /* by value: how many voted for it */
    struct hash *values;
    int32_t *choice; /* by member: index of its value, -1 for none */
    struct signature *signatures;
};

struct round_votes {
    int32_t round; /* -1: unused */
    bool has_proposal;
    bool has_polka; /* the first 2f + 1 prevotes for one block have been acted upon */
    bool has_prevote_timer, has_precommit_timer;
    struct consensus_vote proposal;
    struct tally prevotes, precommits;
};

struct votes {
    uint32_t member_count;
    int32_t base; /* the lowest round that is kept */
    struct round_votes rounds[CONSENSUS_ROUNDS_KEPT];
    int32_t *seen_round; /* by member: the highest round of anything it sent, -1 for nothing */
};

enum vote_result { VOTE_NEW, VOTE_KNOWN, VOTE_CONTRADICTS };

void votes_init(struct votes *votes, struct arena *arena, uint32_t count_max);

/* Forgets everything: a new height. */
void votes_reset(struct votes *votes, uint32_t member_count);

/* Forgets the rounds that are too old for a member in `round`. */
void votes_advance(struct votes *votes, int32_t round);

/* The votes of a round; NULL when it is not kept. */
struct round_votes *votes_round(struct votes *votes, int32_t round);

/* Adds a vote. What it contradicts is put into `other`. */
enum vote_result votes_add(struct round_votes *round, const struct consensus_vote *vote,
                           struct consensus_vote *other);

/* How many voted for a value. */
uint32_t votes_for(const struct tally *tally, const struct hash *value);

/* A value other than zero that `quorum` members voted for, or NULL. */
const struct hash *votes_majority(const struct tally *tally, uint32_t quorum);

/* The highest round that at least `count` members have reached, -1 for none. */
int32_t votes_round_reached(const struct votes *votes, uint32_t count);

void votes_certify(const struct tally *tally, uint32_t member_count, uint64_t height, int32_t round,
                   const struct hash *value, struct consensus_certificate *certificate);

/* Whether it has `quorum` different members below `member_count`, in order. */
bool votes_is_quorum(const struct consensus_certificate *certificate, uint32_t member_count,
                     uint32_t quorum);

#endif
