/* SPDX-License-Identifier: GPL-3.0-or-later
 * trial_member.c - what members do: they carry out the actions of their machines, crash in the
 * middle of it, start again, and feed the machines with what comes in. */
#include "sim/consensus/trial_parts.h"

#include "core/base/require.h"

#ifndef PLANTED /* see core/ledger/consensus.c */
#define PLANTED(bug) false
#endif

enum { FORGETS_MAX = 8 };

static uint32_t number_of(const struct trial *trial, const struct node *node) {
    return (uint32_t)(node - trial->nodes);
}

/* ---- the trace ------------------------------------------------------------------------------ */

struct checker_entry *trial_trace(struct trial *trial, const struct node *node,
                                  enum checker_kind kind) {
    REQUIRE(trial->trace_count < TRACE_MAX);
    struct checker_entry *entry = &trial->trace[trial->trace_count];
    *entry = (struct checker_entry){.kind = kind, .member = node->identity};
    trial->trace_count += !node->is_liar && trial->trace_count < TRACE_MAX - 1;
    return entry;
}

/* ---- members -------------------------------------------------------------------------------- */

static void crash(struct trial *trial, struct node *node) {
    node->is_up = false;
    node->generation++;
    trial->outcome.crash_count++;
    trial_trace(trial, node, CHECKER_CRASHED);
    uint32_t longest_ms = trial->plan.hunt != HUNT_NONE ? 30 : 300;
    int64_t delay_ns = MILLISECONDS(1 + trial_draw_below(trial, longest_ms));
    event_queue_push(&trial->queue, trial->now_ns + delay_ns, EVENT_RESTART, node->identity,
                     number_of(trial, node));
}

/* Whether it crashes before this action; the one that writes may be caught half way. */
static bool is_crashing(struct trial *trial, struct node *node,
                        const struct consensus_action *action) {
    double chance = trial->plan.crash * (node->has_lost_record ? 4 : 1);
    if (node->is_liar || !trial->is_chaos || !trial_draw_chance(trial, chance)) {
        return false;
    }
    if (action->kind == ACTION_KEEP && trial_draw_chance(trial, 0.5)) {
        trial_spoil_write(trial, node, action->record);
    }
    crash(trial, node);
    return true;
}

void trial_begin_later(struct trial *trial, struct node *node) {
    uint32_t number = number_of(trial, node);
    struct parcel parcel = {.kind = PARCEL_BEGIN, .from = number, .to = number};
    parcel.vote.height = node->height + 1;
    trial_post(trial, &parcel, MILLISECONDS(trial_draw_below(trial, 10)));
}

static void count_commit(struct trial *trial, const struct consensus_action *action) {
    trial->outcome.commit_count++;
    if (action->round > trial->outcome.round_max) {
        trial->outcome.round_max = action->round;
    }
    if (!trial->is_chaos && action->height <= TRIAL_HEIGHTS_MAX) {
        int32_t rounds = action->round - trial->healed_round[action->height];
        if (rounds > trial->outcome.rounds_to_live) {
            trial->outcome.rounds_to_live = rounds;
        }
    }
}

bool trial_start_again(struct trial *trial, struct node *liar) {
    struct consensus_output output;
    if (liar->forget_count == FORGETS_MAX ||
        !trial_draw_chance(trial, trial->plan.has_sides ? 1 : 0.4) ||
        !trial_forget(trial, liar, &output)) {
        return false;
    }
    liar->forget_count++;
    trial_carry_out(trial, liar, &output);
    return true;
}

static void commit(struct trial *trial, struct node *node, const struct consensus_action *action) {
    if (node->is_liar && trial->plan.lies == LIES_FORGETFUL && trial_start_again(trial, node)) {
        return;
    }
    struct checker_entry *entry = trial_trace(trial, node, CHECKER_COMMIT);
    entry->height = action->height;
    entry->round = action->round;
    entry->value = action->value;
    entry->is_valid = trial_is_valid_block(&action->value);
    node->height = action->height;
    if (action->height <= TRIAL_HEIGHTS_MAX) {
        node->decisions[action->height] = trial_keep_proof(trial, action->certificate);
    }
    if (!node->is_liar) {
        count_commit(trial, action);
        trial_note_commit(trial, node, action->height, &action->value);
    }
    struct consensus_output output;
    consensus_next(node->consensus, node->identity, trial->plan.member_count, &output);
    if (node->height < trial->goal) {
        trial_begin_later(trial, node);
    }
    trial_carry_out(trial, node, &output);
}

static bool is_votable(const struct hash *value) {
    static const struct hash no_block;
    return hash_equal(value, &no_block) || trial_is_valid_block(value);
}

static void send_vote(struct trial *trial, struct node *node,
                      const struct consensus_action *action) {
    struct parcel parcel = {.kind = PARCEL_VOTE,
                            .from = number_of(trial, node),
                            .has_block = true,
                            .vote = action->vote};
    parcel.vote.signature = trial_sign(&parcel.vote, false);
    if (action->certificate != NULL) {
        parcel.proof = trial_keep_proof(trial, action->certificate);
    }
    bool is_sleeper = node->is_liar && trial->plan.lies == LIES_SLEEPER;
    if (is_sleeper && parcel.vote.kind == CONSENSUS_PREVOTE) {
        trial_plot(trial, node, &parcel.vote);
    }
    struct checker_entry *entry = trial_trace(trial, node, CHECKER_SIGNED);
    entry->vote_kind = action->vote.kind;
    entry->height = action->vote.height;
    entry->round = action->vote.round;
    entry->value = action->vote.value;
    entry->is_valid = is_votable(&action->vote.value);
    if (action->vote.kind != CONSENSUS_PROPOSAL && trial->plan.liar_count > 0) {
        trial_spy(trial, &action->vote);
    }
    for (uint32_t member = 0; member < trial->plan.member_count; member++) {
        if (!is_sleeper || member == node->identity || trial_favours(trial, &parcel)) {
            trial_send_to_member(trial, &parcel, member);
        }
    }
}

static void set_alarm(struct trial *trial, struct node *node,
                      const struct consensus_action *action) {
    uint32_t index = slab_take(&trial->alarms);
    REQUIRE(index != 0);
    *(struct alarm *)slab_at(&trial->alarms, index) = (struct alarm){.node = number_of(trial, node),
                                                                     .generation = node->generation,
                                                                     .timer = action->timer,
                                                                     .height = action->height,
                                                                     .round = action->round};
    int64_t delay_ns = action->delay_ns * node->skew_percent / 100;
    event_queue_push(&trial->queue, trial->now_ns + delay_ns, EVENT_ALARM, node->identity, index);
}

static void propose(struct trial *trial, struct node *node) {
    struct consensus_output output;
    struct hash value = trial_make_block(trial, number_of(trial, node), true);
    trial_hold_block(node, &value);
    consensus_learn(node->consensus, &value, true, &output);
    trial_carry_out(trial, node, &output);
    if (node->is_up) {
        consensus_propose(node->consensus, &value, &output);
        trial_carry_out(trial, node, &output);
    }
}

static void fetch(struct trial *trial, struct node *node, const struct hash *value) {
    uint32_t number = number_of(trial, node);
    struct parcel parcel = {.kind = PARCEL_FETCH, .from = number, .to = number};
    parcel.vote.value = *value;
    parcel.vote.height = node->height + 1;
    trial_post(trial, &parcel, trial_draw_latency_ns(trial));
}

static void ask_or_help(struct trial *trial, struct node *node,
                        const struct consensus_action *action) {
    struct parcel parcel = {.kind = PARCEL_ASK, .from = number_of(trial, node)};
    parcel.vote.height = action->height;
    if (action->kind == ACTION_HELP) {
        parcel.kind = PARCEL_DECISION;
        parcel.proof = action->height <= TRIAL_HEIGHTS_MAX && action->height >= 1
                           ? node->decisions[action->height]
                           : NULL;
        if (parcel.proof == NULL || (node->is_liar && trial->plan.has_sides)) {
            return;
        }
    }
    trial_send_to_member(trial, &parcel, action->member);
}

static void note_accusation(struct trial *trial, struct node *node,
                            const struct consensus_action *action) {
    struct checker_entry *entry = trial_trace(trial, node, CHECKER_ACCUSED);
    entry->other = action->member;
    entry->height = action->height;
    trial->outcome.accusation_count++;
}

static void carry_out_one(struct trial *trial, struct node *node,
                          const struct consensus_action *action) {
    switch (action->kind) {
    case ACTION_KEEP:
        trial_write_record(trial, node, action->record);
        break;
    case ACTION_SEND:
        send_vote(trial, node, action);
        break;
    case ACTION_TIMER:
        set_alarm(trial, node, action);
        break;
    case ACTION_PROPOSE:
        propose(trial, node);
        break;
    case ACTION_FETCH:
        fetch(trial, node, &action->value);
        break;
    case ACTION_COMMIT:
        commit(trial, node, action);
        break;
    case ACTION_ASK:
    case ACTION_HELP:
        ask_or_help(trial, node, action);
        break;
    case ACTION_ACCUSE:
        note_accusation(trial, node, action);
        break;
    }
}

void trial_carry_out(struct trial *trial, struct node *node,
                     const struct consensus_output *output) {
    uint32_t generation = node->generation;
    for (unsigned i = 0; i < output->count; i++) {
        if (is_crashing(trial, node, &output->actions[i])) {
            return;
        }
        carry_out_one(trial, node, &output->actions[i]);
        if (node->generation != generation) {
            return;
        }
    }
}

void trial_restart(struct trial *trial, struct node *node) {
    struct consensus_output output;
    bool is_lost;
    const struct consensus_record *record = trial_read_record(node, &is_lost);
    struct consensus_record empty = {.height = 0, .step = CONSENSUS_IDLE};
    node->is_up = true;
    consensus_restore(node->consensus, node->height + 1,
                      is_lost          ? NULL
                      : record != NULL ? record
                                       : &empty,
                      &output);
    trial_carry_out(trial, node, &output);
    if (node->is_up && node->height < trial->goal) {
        trial_begin_later(trial, node);
    }
}

/* ---- what comes in -------------------------------------------------------------------------- */

static void learn(struct trial *trial, struct node *node, const struct hash *value) {
    struct consensus_output output;
    if (trial_has_block(node, value)) {
        return;
    }
    trial_hold_block(node, value);
    consensus_learn(node->consensus, value, trial_is_valid_block(value), &output);
    trial_carry_out(trial, node, &output);
}

/* A block comes from whoever has it and is not cut off. */
static void look_for_block(struct trial *trial, struct node *node, const struct parcel *parcel) {
    if (parcel->vote.height != node->height + 1) {
        return;
    }
    for (uint32_t i = 0; i < trial->node_count; i++) {
        struct node *other = &trial->nodes[i];
        struct parcel way = {.kind = PARCEL_FETCH, .from = i, .to = parcel->to};
        if (other->is_up && !other->is_liar && !trial_is_parted(trial, &way) &&
            trial_has_block(other, &parcel->vote.value)) {
            trial_hold_block(node, &parcel->vote.value);
            struct consensus_output output;
            consensus_learn(node->consensus, &parcel->vote.value,
                            trial_is_valid_block(&parcel->vote.value), &output);
            trial_carry_out(trial, node, &output);
            return;
        }
    }
    trial_post(trial, parcel, MILLISECONDS(20));
}

/* Of prevotes and precommits that a member must remember: of its height, and not too far from its
 * round. */
static void trace_hearing(struct trial *trial, const struct node *node,
                          const struct consensus_vote *vote) {
    int32_t round = consensus_round(node->consensus);
    int32_t oldest =
        round > CONSENSUS_ROUNDS_KEPT / 2 - 1 ? round - CONSENSUS_ROUNDS_KEPT / 2 + 1 : 0;
    if (vote->kind == CONSENSUS_PROPOSAL || vote->height != node->height + 1 ||
        vote->valid_round != -1 || vote->round < oldest ||
        vote->round >= oldest + CONSENSUS_ROUNDS_KEPT) {
        return;
    }
    struct checker_entry *entry = trial_trace(trial, node, CHECKER_HEARD);
    entry->other = vote->member;
    entry->vote_kind = vote->kind;
    entry->height = vote->height;
    entry->round = vote->round;
    entry->value = vote->value;
}

static void deliver_vote(struct trial *trial, struct node *node, const struct parcel *parcel) {
    struct consensus_output output;
    struct consensus_message message = {.vote = parcel->vote, .proof = parcel->proof};
    if (!trial_is_signed(&parcel->vote) && !PLANTED(unverified)) {
        return;
    }
    if (message.proof != NULL && !trial_is_certified(message.proof, CONSENSUS_PREVOTE)) {
        message.proof = NULL;
    }
    trial_log_vote(trial, node, &message.vote, message.proof);
    if (parcel->vote.kind == CONSENSUS_PROPOSAL && parcel->has_block &&
        parcel->vote.height == node->height + 1) {
        learn(trial, node, &parcel->vote.value);
    }
    if (node->is_up) {
        if (trial->plan.is_overheard) {
            trace_hearing(trial, node, &parcel->vote);
        }
        consensus_receive(node->consensus, &message, &output);
        trial_carry_out(trial, node, &output);
    }
}

void trial_take_parcel(struct trial *trial, struct node *node, const struct parcel *parcel) {
    struct consensus_output output;
    switch (parcel->kind) {
    case PARCEL_VOTE:
        deliver_vote(trial, node, parcel);
        return;
    case PARCEL_ASK:
        if (parcel->vote.height >= 1 && parcel->vote.height <= node->height) {
            struct consensus_action help = {.kind = ACTION_HELP,
                                            .height = parcel->vote.height,
                                            .member = trial->nodes[parcel->from].identity};
            ask_or_help(trial, node, &help);
        }
        return;
    case PARCEL_DECISION:
        if (!trial_is_certified(parcel->proof, CONSENSUS_PRECOMMIT) ||
            (node->is_liar && trial->plan.has_sides)) {
            return;
        }
        trial_log_decision(trial, node, parcel->proof);
        if (consensus_catch_up(node->consensus, parcel->proof, &output) == 0) {
            trial_hold_block(node, &parcel->proof->value);
            trial_carry_out(trial, node, &output);
        }
        return;
    case PARCEL_FETCH:
        look_for_block(trial, node, parcel);
        return;
    case PARCEL_BEGIN:
        if (parcel->vote.height == node->height + 1) {
            consensus_begin(node->consensus, &output);
            trial_carry_out(trial, node, &output);
        }
        return;
    }
}
