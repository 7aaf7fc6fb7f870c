/* SPDX-License-Identifier: GPL-3.0-or-later
 * consensus.c - the rules of Tendermint, one function each, named as everybody names them and by
 * the lines of algorithm 1 in Buchman, Kwon and Milosevic (2018). They are tried after every input
 * until none applies. consensus.md beside this says what they keep true.
 *
 * PLANTED(bug) is false but in the tests, which compile this file with faults in it to see that
 * they are caught. */
#include "core/ledger/consensus.h"

#include "core/base/require.h"
#include "core/ledger/votes.h"

#ifndef PLANTED
#define PLANTED(bug) false
#endif

enum { KNOWN_MAX = 16 };

/* What the caller said of a block. */
struct known_block {
    struct hash value;
    bool is_known, is_valid; /* false while it is being fetched */
};

struct consensus {
    uint32_t self, member_count, count_max, quorum, faulty_max;
    struct consensus_times times;
    struct consensus_record record;
    bool is_silent; /* the record of this height is lost */
    bool is_resending, is_behind;
    uint32_t ahead; /* a member at a later height */
    bool
        *is_helped; /* by member: it got the votes of the last round, and shall not so soon again */
    struct votes votes;
    struct known_block known[KNOWN_MAX];
    unsigned known_count;
    unsigned next_known;          /* the one to forget first */
    struct consensus_vote *early; /* of round 0 of the next height, which others have begun */
    uint32_t early_count;
    struct consensus_certificate decision;
    struct consensus_output *output; /* of the input that is being worked on */
};

static const struct hash nothing;

static bool is_nothing(const struct hash *value) {
    return hash_equal(value, &nothing);
}

uint32_t consensus_quorum(uint32_t count) {
    return count - (count - 1) / 3;
}

uint32_t consensus_proposer(uint64_t height, int32_t round, uint32_t count) {
    return (uint32_t)((height + (uint64_t)round) % count);
}

uint64_t consensus_height(const struct consensus *consensus) {
    return consensus->record.height;
}

int32_t consensus_round(const struct consensus *consensus) {
    return consensus->record.round;
}

/* ---- actions -------------------------------------------------------------------------------- */

static struct consensus_action *act(struct consensus *c, enum consensus_action_kind kind) {
    REQUIRE(c->output->count < CONSENSUS_ACTIONS_MAX);
    struct consensus_action *action = &c->output->actions[c->output->count++];
    action->kind = kind;
    action->height = c->record.height;
    action->round = c->record.round;
    return action;
}

/* A record without what was signed before it was lost would let the member sign again. */
static void keep(struct consensus *c) {
    if (!c->is_silent || PLANTED(keep_without_record)) {
        act(c, ACTION_KEEP)->record = &c->record;
    }
}

/* A round begins when the wait for precommits is over: with a slow clock (s) later than with a fast
 * one (f), by (s - f) of that wait. Whoever is early has to wait so long for the proposal and the
 * prevotes of the others, hence they grow so much faster. */
static void set_timer(struct consensus *c, enum consensus_timer timer, int64_t delay_ns) {
    struct consensus_action *action = act(c, ACTION_TIMER);
    bool waits_for_others =
        (timer == TIMER_PROPOSE || timer == TIMER_PREVOTE) && !PLANTED(one_clock);
    int64_t growth_ns = c->times.growth_ns * (waits_for_others ? CONSENSUS_CLOCK_RATIO - 1 : 1);
    growth_ns = PLANTED(constant_timers) ? 0 : growth_ns;
    action->timer = timer;
    action->delay_ns = delay_ns + growth_ns * c->record.round;
}

static void send(struct consensus *c, enum consensus_kind kind, int32_t round,
                 const struct hash *value, int32_t valid_round) {
    struct consensus_action *action = act(c, ACTION_SEND);
    action->vote = (struct consensus_vote){.kind = kind,
                                           .member = c->self,
                                           .height = c->record.height,
                                           .round = round,
                                           .valid_round = valid_round,
                                           .value = *value};
    action->certificate = valid_round >= 0 ? &c->record.valid_proof : NULL;
}

static void accuse(struct consensus *c, const struct consensus_vote *vote,
                   const struct consensus_vote *other) {
    if (c->output->count >= CONSENSUS_ACTIONS_MAX / 2 || PLANTED(accuse_nobody)) {
        return;
    }
    struct consensus_action *action = act(c, ACTION_ACCUSE);
    action->member = vote->member;
    action->vote = *vote;
    action->other = *other;
}

/* A resend timer runs whenever there may be something to send or to ask for again. */
static void watch(struct consensus *c) {
    if (!c->is_resending) {
        c->is_resending = true;
        set_timer(c, TIMER_RESEND, c->times.resend_ns);
    }
}

/* ---- what is known of blocks ---------------------------------------------------------------- */

static struct known_block *find_block(struct consensus *c, const struct hash *value) {
    for (unsigned i = 0; i < c->known_count; i++) {
        if (hash_equal(&c->known[i].value, value)) {
            return &c->known[i];
        }
    }
    return NULL;
}

/* The entry of a block; a new one takes the place of the oldest that nothing hangs on. */
static struct known_block *note_block(struct consensus *c, const struct hash *value) {
    struct known_block *block = find_block(c, value);
    if (block != NULL) {
        return block;
    }
    if (c->known_count < KNOWN_MAX) {
        block = &c->known[c->known_count++];
    } else {
        do {
            block = &c->known[c->next_known];
            c->next_known = (c->next_known + 1) % KNOWN_MAX;
        } while (hash_equal(&block->value, &c->record.locked_value) ||
                 hash_equal(&block->value, &c->record.valid_value));
    }
    *block = (struct known_block){.value = *value};
    return block;
}

/* Whether the block is here and valid; asks for it when it is not here. */
static bool has_valid_block(struct consensus *c, const struct hash *value) {
    struct known_block *block = find_block(c, value);
    if (block == NULL) {
        note_block(c, value);
        act(c, ACTION_FETCH)->value = *value;
        return false;
    }
    return block->is_known && (block->is_valid || PLANTED(commit_invalid));
}

static bool is_here(struct consensus *c, const struct hash *value) {
    const struct known_block *block = find_block(c, value);
    return block != NULL && block->is_known;
}

/* ---- own votes ------------------------------------------------------------------------------ */

static struct consensus_own *own_of(struct consensus *c, int32_t round) {
    struct consensus_own *own = &c->record.own[round % CONSENSUS_OWN_ROUNDS];
    if (own->round != round) {
        *own = (struct consensus_own){.round = round};
    }
    return own;
}

/* Prevote and precommit, lines 24 to 26, 30 to 32, 40, 45, 59, 63: the one of this round. */
static void cast(struct consensus *c, enum consensus_kind kind, const struct hash *value) {
    bool is_prevote = kind == CONSENSUS_PREVOTE;
    struct consensus_own *own = own_of(c, c->record.round);
    c->record.step = is_prevote ? CONSENSUS_PREVOTED : CONSENSUS_PRECOMMITTED;
    if (c->is_silent || (is_prevote ? own->has_prevote : own->has_precommit)) {
        return;
    }
    if (is_prevote) {
        own->has_prevote = true;
        own->prevote = *value;
    } else {
        own->has_precommit = true;
        own->precommit = *value;
    }
    if (!PLANTED(send_before_keep)) {
        keep(c);
    }
    send(c, kind, c->record.round, value, -1);
    if (PLANTED(send_before_keep)) {
        keep(c);
    }
}

/* Proposal, line 19. */
static void offer(struct consensus *c, const struct hash *value, int32_t valid_round) {
    struct consensus_own *own = own_of(c, c->record.round);
    if (c->is_silent || own->has_proposal) {
        return;
    }
    own->has_proposal = true;
    own->proposal = *value;
    own->proposal_valid_round = valid_round;
    keep(c);
    send(c, CONSENSUS_PROPOSAL, c->record.round, value, valid_round);
}

/* Sends again what it signed in the rounds that others may still be in. */
static void resend(struct consensus *c) {
    for (int i = 0; i < CONSENSUS_OWN_ROUNDS; i++) {
        const struct consensus_own *own = &c->record.own[i];
        if (own->round < 0 || own->round < c->votes.base || PLANTED(send_once)) {
            continue;
        }
        if (own->has_proposal && (own->proposal_valid_round < 0 ||
                                  own->proposal_valid_round == c->record.valid_proof.round)) {
            send(c, CONSENSUS_PROPOSAL, own->round, &own->proposal, own->proposal_valid_round);
        }
        if (own->has_prevote) {
            send(c, CONSENSUS_PREVOTE, own->round, &own->prevote, -1);
        }
        if (own->has_precommit) {
            send(c, CONSENSUS_PRECOMMIT, own->round, &own->precommit, -1);
        }
    }
}

/* Nobody leaves a round without its votes there, if only for no block: those who are still in it
 * wait for 2f + 1 of them, and liars may keep theirs. (Section 2 has members pass on all that they
 * hear; these send again what they have signed.) */
static void vote_in_last_round(struct consensus *c) {
    struct consensus_own *own = c->record.round > 0 ? own_of(c, c->record.round - 1) : NULL;
    if (c->is_silent || own == NULL || PLANTED(leave_without_vote)) {
        return;
    }
    bool lacks_prevote = !own->has_prevote, lacks_precommit = !own->has_precommit;
    if (lacks_prevote || lacks_precommit) {
        own->has_prevote = own->has_precommit = true;
        keep(c);
    }
    if (lacks_prevote) {
        own->prevote = nothing;
        send(c, CONSENSUS_PREVOTE, own->round, &nothing, -1);
    }
    if (lacks_precommit) {
        own->precommit = nothing;
        send(c, CONSENSUS_PRECOMMIT, own->round, &nothing, -1);
    }
}

/* ---- the rules ------------------------------------------------------------------------------ */

/* Round start and proposer's turn, lines 11 to 21: the valid value first, else a new block. */
static void start_round(struct consensus *c, int32_t round) {
    c->record.round = round;
    c->record.step = CONSENSUS_PROPOSE;
    votes_advance(&c->votes, round);
    vote_in_last_round(c);
    if (PLANTED(forget_lock)) {
        c->record.locked_round = -1;
        c->record.locked_value = nothing;
    }
    set_timer(c, TIMER_PROPOSE, c->times.propose_ns);
    watch(c);
    if (consensus_proposer(c->record.height, round, c->member_count) != c->self) {
        return;
    }
    if (c->record.valid_round >= 0) {
        offer(c, &c->record.valid_value, c->record.valid_round);
    } else if (!c->is_silent && !own_of(c, round)->has_proposal) {
        act(c, ACTION_PROPOSE);
    }
}

static void clear_height(struct consensus *c, uint64_t height) {
    c->record = (struct consensus_record){
        .height = height, .step = CONSENSUS_IDLE, .locked_round = -1, .valid_round = -1};
    for (int i = 0; i < CONSENSUS_OWN_ROUNDS; i++) {
        c->record.own[i].round = -1;
    }
    c->record.valid_proof.round = -1;
    c->is_silent = c->is_behind = c->is_resending = false;
    c->known_count = c->next_known = 0;
    votes_reset(&c->votes, c->member_count);
}

/* Commit, lines 50 to 54: c->decision holds what was decided. The caller says who decides the next.
 */
static void decide(struct consensus *c) {
    struct consensus_action *action = act(c, ACTION_COMMIT);
    action->value = c->decision.value;
    action->round = c->decision.round;
    action->certificate = &c->decision;
    clear_height(c, c->record.height + 1);
}

/* Upon 2f + 1 precommits, line 49: of one round, whichever, for one block. */
static bool try_decide(struct consensus *c) {
    for (int i = 0; i < CONSENSUS_ROUNDS_KEPT; i++) {
        struct round_votes *round = &c->votes.rounds[i];
        if (round->round < c->votes.base) {
            continue;
        }
        const struct hash *value = votes_majority(&round->precommits, c->quorum);
        if (PLANTED(decide_on_prevotes) && value == NULL) {
            value = votes_majority(&round->prevotes, c->quorum);
        }
        if (value != NULL && has_valid_block(c, value)) {
            votes_certify(&round->precommits, c->member_count, c->record.height, round->round,
                          value, &c->decision);
            decide(c);
            return true;
        }
    }
    return false;
}

/* Round skip, lines 55 and 56: f + 1 members are further on, so a correct one is. */
static bool try_skip(struct consensus *c) {
    uint32_t ahead = 0;
    for (uint32_t i = 0; i < c->member_count; i++) {
        ahead += c->votes.seen_round[i] > c->record.round;
    }
    uint32_t liars_max = PLANTED(skip_alone) ? 0 : c->faulty_max;
    if (ahead <= liars_max || PLANTED(never_skip)) {
        return false;
    }
    int32_t reached = votes_round_reached(&c->votes, liars_max + 1);
    start_round(c, reached);
    return true;
}

/* Upon proposal, lines 22 to 27, and upon proposal with an older polka, lines 28 to 33; the polka
 * came along as proof, see is_justified. */
static bool try_prevote(struct consensus *c, const struct round_votes *round) {
    if (c->record.step != CONSENSUS_PROPOSE || !round->has_proposal) {
        return false;
    }
    const struct consensus_vote *proposal = &round->proposal;
    bool is_valid = has_valid_block(c, &proposal->value) || PLANTED(prevote_invalid);
    if (!is_here(c, &proposal->value)) {
        return false;
    }
    bool is_locked_on_it =
        c->record.locked_round >= 0 && hash_equal(&c->record.locked_value, &proposal->value);
    bool is_free = c->record.locked_round <= proposal->valid_round || /* line 29; 23 for -1 */
                   PLANTED(no_lock_check);
    cast(c, CONSENSUS_PREVOTE,
         is_valid && (is_free || is_locked_on_it) ? &proposal->value : &nothing);
    return true;
}

/* Upon polka (2f + 1 prevotes for a block), lines 36 to 43: lock, precommit, and take it for the
 * valid value, with the polka as proof. */
static bool try_lock(struct consensus *c, struct round_votes *round) {
    if (c->record.step < CONSENSUS_PREVOTED || round->has_polka) {
        return false;
    }
    const struct hash *value =
        votes_majority(&round->prevotes, PLANTED(lock_on_minority) ? 1 : c->quorum);
    if (value == NULL || !has_valid_block(c, value)) {
        return false;
    }
    round->has_polka = true;
    c->record.valid_value = *value;
    c->record.valid_round = PLANTED(forget_valid) ? -1 : round->round;
    votes_certify(&round->prevotes, c->member_count, c->record.height, round->round, value,
                  &c->record.valid_proof);
    if (c->record.step == CONSENSUS_PREVOTED) {
        if (!PLANTED(never_lock)) {
            c->record.locked_value = *value;
            c->record.locked_round = round->round;
        }
        cast(c, CONSENSUS_PRECOMMIT, value);
    } else {
        keep(c);
    }
    return true;
}

/* Upon a polka for no block, lines 44 to 46: precommit none. A lock stays. */
static bool try_give_up(struct consensus *c, const struct round_votes *round) {
    if (c->record.step != CONSENSUS_PREVOTED || votes_for(&round->prevotes, &nothing) < c->quorum) {
        return false;
    }
    if (PLANTED(unlock_on_nothing)) {
        c->record.locked_round = -1;
    }
    cast(c, CONSENSUS_PRECOMMIT, &nothing);
    return true;
}

/* Waits for prevotes, lines 34 and 35, and for precommits, lines 47 and 48: enough members voted,
 * though not for one value. */
static void try_timers(struct consensus *c, struct round_votes *round) {
    if (c->record.step == CONSENSUS_PREVOTED && !round->has_prevote_timer &&
        round->prevotes.count >= c->quorum) {
        round->has_prevote_timer = true;
        set_timer(c, TIMER_PREVOTE, c->times.prevote_ns);
    }
    if (!round->has_precommit_timer && round->precommits.count >= c->quorum) {
        round->has_precommit_timer = true;
        set_timer(c, TIMER_PRECOMMIT, c->times.precommit_ns);
    }
}

static void apply_rules(struct consensus *c) {
    while (c->record.step != CONSENSUS_IDLE) {
        if (try_decide(c) || try_skip(c)) {
            continue;
        }
        struct round_votes *round = votes_round(&c->votes, c->record.round);
        if (!try_prevote(c, round) && !try_lock(c, round) && !try_give_up(c, round)) {
            try_timers(c, round);
            return;
        }
    }
}

/* ---- inputs --------------------------------------------------------------------------------- */

struct consensus *consensus_create(struct arena *arena, uint32_t count_max, uint64_t height,
                                   const struct consensus_times *times) {
    REQUIRE(count_max >= 1 && count_max <= CONSENSUS_MEMBERS_MAX);
    struct consensus *c = ARENA_NEW(arena, struct consensus);
    c->count_max = count_max;
    c->times = *times;
    c->early = ARENA_ARRAY(arena, struct consensus_vote, 3 * (size_t)count_max);
    votes_init(&c->votes, arena, count_max);
    clear_height(c, height);
    return c;
}

void consensus_restore(struct consensus *c, uint64_t height, const struct consensus_record *record,
                       struct consensus_output *output) {
    c->output = output;
    output->count = 0;
    c->early_count = 0;
    clear_height(c, height);
    if (record == NULL) {
        c->is_silent = !PLANTED(vote_without_record);
        c->is_behind = true; /* for all that it knows */
        watch(c);
        return;
    }
    if (record->height != height || record->step == CONSENSUS_IDLE) {
        return; /* nothing was signed at this height */
    }
    c->record = *record;
    if (PLANTED(forget_own_votes)) {
        for (int i = 0; i < CONSENSUS_OWN_ROUNDS; i++) {
            c->record.own[i] = (struct consensus_own){.round = -1};
        }
        c->record.step = CONSENSUS_PROPOSE;
    }
    if (PLANTED(crash_unlocks)) {
        c->record.locked_round = -1;
    }
    votes_advance(&c->votes, c->record.round);
    resend(c);
    watch(c);
    set_timer(c, TIMER_PROPOSE, c->times.propose_ns);
}

void consensus_begin(struct consensus *c, struct consensus_output *output) {
    c->output = output;
    output->count = 0;
    if (c->record.step == CONSENSUS_IDLE) {
        start_round(c, 0);
        apply_rules(c);
    }
}

void consensus_propose(struct consensus *c, const struct hash *value,
                       struct consensus_output *output) {
    c->output = output;
    output->count = 0;
    if (c->record.step == CONSENSUS_PROPOSE && c->record.valid_round < 0 &&
        consensus_proposer(c->record.height, c->record.round, c->member_count) == c->self) {
        offer(c, value, -1);
        apply_rules(c);
    }
}

void consensus_learn(struct consensus *c, const struct hash *value, bool is_valid,
                     struct consensus_output *output) {
    c->output = output;
    output->count = 0;
    struct known_block *block = note_block(c, value);
    block->is_known = true;
    block->is_valid = is_valid;
    apply_rules(c);
}

/* Another height: later ones wait or tell that this member is behind, earlier ones want help. */
static void take_other_height(struct consensus *c, const struct consensus_vote *vote) {
    if (vote->height < c->record.height) {
        if (vote->member != c->self) {
            act(c, ACTION_HELP)->member = vote->member;
            c->output->actions[c->output->count - 1].height = vote->height;
        }
        return;
    }
    c->is_behind = true;
    c->ahead = vote->member;
    watch(c);
    bool fits = c->early_count < 3 * c->count_max;
    if (vote->height == c->record.height + 1 && vote->round == 0 && fits && vote->valid_round < 0) {
        c->early[c->early_count++] = *vote;
    }
}

/* A vote of this height whose proof, if any, is right. */
static void take_vote(struct consensus *c, const struct consensus_vote *vote) {
    if (c->record.step == CONSENSUS_IDLE) {
        start_round(c, 0);
    }
    if (vote->round > c->votes.seen_round[vote->member]) {
        c->votes.seen_round[vote->member] = vote->round;
    }
    struct round_votes *round = votes_round(&c->votes, vote->round);
    struct consensus_vote other;
    if (round != NULL && votes_add(round, vote, &other) == VOTE_CONTRADICTS) {
        accuse(c, vote, &other);
        if (PLANTED(count_twice) && vote->kind != CONSENSUS_PROPOSAL) {
            struct tally *tally =
                vote->kind == CONSENSUS_PREVOTE ? &round->prevotes : &round->precommits;
            tally->choice[vote->member] = -1;
            votes_add(round, vote, &other);
        }
    }
}

/* Line 28: only whose turn it is proposes; an older block on proof that 2f + 1 prevoted it, in a
 * round before. */
static bool is_justified(const struct consensus *c, const struct consensus_message *message) {
    const struct consensus_vote *vote = &message->vote;
    if (vote->kind != CONSENSUS_PROPOSAL) {
        return vote->valid_round == -1;
    }
    if (consensus_proposer(vote->height, vote->round, c->member_count) != vote->member &&
        !PLANTED(any_proposer)) {
        return false;
    }
    if (vote->valid_round < 0 || PLANTED(no_proof)) {
        return vote->valid_round >= -1;
    }
    const struct consensus_certificate *proof = message->proof;
    return vote->valid_round < vote->round && proof != NULL && proof->height == vote->height &&
           (proof->round == vote->valid_round || PLANTED(proof_of_any_round)) &&
           hash_equal(&proof->value, &vote->value) &&
           votes_is_quorum(proof, c->member_count, c->quorum);
}

void consensus_next(struct consensus *c, uint32_t self, uint32_t count,
                    struct consensus_output *output) {
    REQUIRE(c->record.step == CONSENSUS_IDLE && count <= c->count_max && self < count);
    c->output = output;
    output->count = 0;
    c->self = self;
    c->member_count = count;
    c->faulty_max = (count - 1) / 3;
    c->quorum = consensus_quorum(count) - (PLANTED(small_quorum) ? 1 : 0);
    votes_reset(&c->votes, count);
    uint32_t early_count = c->early_count;
    c->early_count = 0;
    for (uint32_t i = 0; i < early_count; i++) {
        struct consensus_message early = {.vote = c->early[i]};
        if (early.vote.height == c->record.height && early.vote.member < count &&
            is_justified(c, &early)) {
            take_vote(c, &early.vote);
        }
    }
    apply_rules(c);
}

void consensus_receive(struct consensus *c, const struct consensus_message *message,
                       struct consensus_output *output) {
    const struct consensus_vote *vote = &message->vote;
    c->output = output;
    output->count = 0;
    if (vote->member >= c->member_count || vote->round < 0) {
        return;
    }
    if (vote->height != c->record.height && !PLANTED(any_height)) {
        take_other_height(c, vote);
    } else if (is_justified(c, message)) {
        take_vote(c, vote);
        apply_rules(c);
    }
}

/* Messages get lost. Whoever is behind asks one member after another. */
static void remind(struct consensus *c) {
    c->is_resending = false;
    resend(c);
    if (c->is_behind) {
        act(c, ACTION_ASK)->member = c->ahead;
        c->ahead = (c->ahead + 1) % c->member_count;
    }
    if (c->is_behind || c->is_silent || c->record.step != CONSENSUS_IDLE) {
        watch(c);
    }
}

/* Timeouts of propose, prevote and precommit, lines 57 to 67. */
void consensus_timeout(struct consensus *c, enum consensus_timer timer, uint64_t height,
                       int32_t round, struct consensus_output *output) {
    c->output = output;
    output->count = 0;
    if (height != c->record.height) {
        return;
    }
    if (timer == TIMER_RESEND) {
        remind(c);
        return;
    }
    if (round != c->record.round || c->record.step == CONSENSUS_IDLE) {
        return;
    }
    if (timer == TIMER_PROPOSE && c->record.step == CONSENSUS_PROPOSE) {
        cast(c, CONSENSUS_PREVOTE, &nothing);
    } else if (timer == TIMER_PREVOTE && c->record.step == CONSENSUS_PREVOTED) {
        cast(c, CONSENSUS_PRECOMMIT, &nothing);
    } else if (timer == TIMER_PRECOMMIT) {
        start_round(c, round + 1);
    }
    apply_rules(c);
}

int consensus_catch_up(struct consensus *c, const struct consensus_certificate *decision,
                       struct consensus_output *output) {
    c->output = output;
    output->count = 0;
    uint32_t quorum = PLANTED(weak_catch_up) ? c->faulty_max : c->quorum;
    bool is_ours = decision->height == c->record.height || PLANTED(any_decision);
    if (!is_ours || is_nothing(&decision->value) ||
        !votes_is_quorum(decision, c->member_count, quorum)) {
        return -1;
    }
    c->decision = *decision;
    decide(c);
    apply_rules(c);
    return 0;
}
