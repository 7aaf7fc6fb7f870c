/* SPDX-License-Identifier: GPL-3.0-or-later
 * consensus.h - agreement of n = 3f + 1 members on one block a height, f of them liars: Tendermint
 * (Buchman, Kwon and Milosevic, "The latest gossip on BFT consensus", 2018, algorithm 1; its lines
 * are named in consensus.c), with the proof of QBFT: a proposal that repeats an older block carries
 * the prevotes that justify it.
 *
 * A state machine that neither waits nor draws, and knows no clock, no key and no network. In go
 * messages whose signatures the caller has verified, timers that ran out and what is known of
 * blocks; out come actions for the caller to carry out in order: keep a record, send, set a timer,
 * ask for a block, commit, accuse.
 *
 *     idle --begin--> propose --proposal--> prevote --2f+1 prevotes--> precommit --2f+1--> commit
 *                        ^                                                 |
 *                        +------------------ next round -------------------+
 *
 * Invariants, as long as at most f members lie, whatever the network does:
 *   - a correct member signs one proposal, one prevote and one precommit a round, also after a
 *     crash, since it keeps its record before it sends;
 *   - it precommits only what 2f + 1 members prevoted in that round, and is then locked on it;
 *   - locked in round r it prevotes another block only on proof that 2f + 1 members prevoted that
 *     one in a round from r on;
 *   - so once f + 1 correct members are locked on a block in a round in which 2f + 1 precommitted
 *     it, no other block of the height ever gets 2f + 1 prevotes: no two correct members commit
 *     different blocks.
 * A member whose record is lost keeps silent until the height is decided without it. */
#ifndef CORE_LEDGER_CONSENSUS_H
#define CORE_LEDGER_CONSENSUS_H

#include "core/base/arena.h"
#include "core/ledger/hash.h"
#include "core/ledger/signature.h"

enum {
    CONSENSUS_MEMBERS_MAX = 128,
    CONSENSUS_ROUNDS_KEPT = 8,  /* three before the member's round, its own, and four after */
    CONSENSUS_ACTIONS_MAX = 64, /* accusations that don't fit are left out, nothing else */
    CONSENSUS_CLOCK_RATIO = 5, /* the fastest clock runs at most so many times as fast as another */
};

enum consensus_kind { CONSENSUS_PROPOSAL, CONSENSUS_PREVOTE, CONSENSUS_PRECOMMIT };

/* A vote for no block has `value` zero. */
struct consensus_vote {
    enum consensus_kind kind;
    uint32_t member; /* who signed it, 0 .. n - 1 */
    uint64_t height;
    int32_t round;
    int32_t valid_round; /* of a proposal: the round that justifies it, -1 for a new block */
    struct hash value;   /* the hash of the block */
    struct signature signature;
};

/* The votes of one kind, height and round for one value, by different members. */
struct consensus_certificate {
    uint64_t height;
    int32_t round;
    struct hash value;
    uint32_t count;
    uint32_t members[CONSENSUS_MEMBERS_MAX]; /* ascending */
    struct signature signatures[CONSENSUS_MEMBERS_MAX];
};

/* A proposal travels with the prevotes of its valid round; NULL when it has none. */
struct consensus_message {
    struct consensus_vote vote;
    const struct consensus_certificate *proof;
};

enum consensus_step {
    CONSENSUS_IDLE, /* nothing to decide yet */
    CONSENSUS_PROPOSE,
    CONSENSUS_PREVOTED,
    CONSENSUS_PRECOMMITTED,
};

/* What a member signed in one round. */
struct consensus_own {
    int32_t round; /* -1: nothing yet */
    bool has_proposal, has_prevote, has_precommit;
    int32_t proposal_valid_round;
    struct hash proposal, prevote, precommit;
};

enum { CONSENSUS_OWN_ROUNDS = 4 };

/* What must survive a crash: kept by the caller before it sends what comes after. */
struct consensus_record {
    uint64_t height;
    int32_t round;
    enum consensus_step step;
    int32_t locked_round, valid_round; /* -1 for none */
    struct hash locked_value, valid_value;
    struct consensus_own own[CONSENSUS_OWN_ROUNDS]; /* the last rounds, each at round % 4 */
    struct consensus_certificate valid_proof;       /* prevotes for valid_value in valid_round */
};

enum consensus_timer { TIMER_PROPOSE, TIMER_PREVOTE, TIMER_PRECOMMIT, TIMER_RESEND };

enum consensus_action_kind {
    ACTION_KEEP,    /* write the record; what follows only once it is safe */
    ACTION_SEND,    /* sign `vote` and give it to every member, this one included */
    ACTION_TIMER,   /* call consensus_timeout after delay_ns */
    ACTION_PROPOSE, /* give the machine a block by consensus_propose */
    ACTION_FETCH,   /* the block `value` is wanted: answer by consensus_learn */
    ACTION_COMMIT,  /* `certificate` decides `value` at `height`; then call consensus_next */
    ACTION_ASK,     /* `member` is ahead: ask it for the decision of `height` */
    ACTION_HELP,    /* `member` is behind: send it the decision of `height` */
    ACTION_ACCUSE,  /* `vote` and `other` contradict each other: `member` is guilty */
};

struct consensus_action {
    enum consensus_action_kind kind;
    enum consensus_timer timer;
    uint32_t member;
    uint64_t height;
    int32_t round;
    int64_t delay_ns;
    struct hash value;
    struct consensus_vote vote, other;
    const struct consensus_record *record;           /* of ACTION_KEEP; good until the next input */
    const struct consensus_certificate *certificate; /* of COMMIT, or the proof of a SEND */
};

struct consensus_output {
    unsigned count;
    struct consensus_action actions[CONSENSUS_ACTIONS_MAX];
};

/* Times grow with the round, so that some round is longer than any delay that lasts: to timeout +
 * round x growth, and those for proposals and prevotes by CONSENSUS_CLOCK_RATIO - 1 times as much,
 * so that this holds for clocks of different rates. */
struct consensus_times {
    int64_t propose_ns, prevote_ns, precommit_ns, growth_ns, resend_ns;
};

struct consensus; /* one member's state; made in an arena */

/* A member among at most `count_max`, idle at `height`; consensus_next says which. */
struct consensus *consensus_create(struct arena *arena, uint32_t count_max, uint64_t height,
                                   const struct consensus_times *times);

/* At the beginning and after every commit: this is member `self` of the `count` who decide the
 * height. Takes up what came early. Only while idle. */
void consensus_next(struct consensus *consensus, uint32_t self, uint32_t count,
                    struct consensus_output *output);

/* The same member after a crash. `record` NULL: its record is lost, so it must not vote at
 * `height`. What it had sent is sent again. */
void consensus_restore(struct consensus *consensus, uint64_t height,
                       const struct consensus_record *record, struct consensus_output *output);

/* Inputs. Each clears `output` first. */
void consensus_begin(struct consensus *consensus, struct consensus_output *output);
void consensus_propose(struct consensus *consensus, const struct hash *value,
                       struct consensus_output *output);
void consensus_learn(struct consensus *consensus, const struct hash *value, bool is_valid,
                     struct consensus_output *output);
void consensus_receive(struct consensus *consensus, const struct consensus_message *message,
                       struct consensus_output *output);
void consensus_timeout(struct consensus *consensus, enum consensus_timer timer, uint64_t height,
                       int32_t round, struct consensus_output *output);

/* Takes over a decision that others reached. The caller has verified its signatures; -1 when it has
 * too few different members or is for another height. */
int consensus_catch_up(struct consensus *consensus, const struct consensus_certificate *decision,
                       struct consensus_output *output);

uint64_t consensus_height(const struct consensus *consensus);
int32_t consensus_round(const struct consensus *consensus);

uint32_t consensus_proposer(uint64_t height, int32_t round, uint32_t count);
uint32_t consensus_quorum(uint32_t count); /* 2f + 1 of 3f + 1; more of other numbers */

#endif
