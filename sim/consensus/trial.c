/* SPDX-License-Identifier: GPL-3.0-or-later
 * trial.c - what members do, and the events of a trial. */
#include "sim/consensus/trial_parts.h"

#include "core/base/require.h"

#include <string.h>

#ifndef PLANTED /* see core/ledger/consensus.c */
#define PLANTED(bug) false
#endif

static const struct consensus_times times = {.propose_ns = MILLISECONDS(24),
                                             .prevote_ns = MILLISECONDS(12),
                                             .precommit_ns = MILLISECONDS(12),
                                             .growth_ns = MILLISECONDS(6),
                                             .resend_ns = MILLISECONDS(70)};

enum { CHAOS_MS = 600, LIMIT_MS = 60000 };

static void carry_out(struct trial *trial, struct node *node,
                      const struct consensus_output *output);

static uint32_t number_of(const struct trial *trial, const struct node *node) {
    return (uint32_t)(node - trial->nodes);
}

/* ---- the trace ------------------------------------------------------------------------------ */

static struct checker_entry *trace(struct trial *trial, const struct node *node,
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
    int64_t delay_ns = MILLISECONDS(1 + trial_draw_below(trial, 300));
    event_queue_push(&trial->queue, trial->now_ns + delay_ns, EVENT_RESTART, node->identity,
                     number_of(trial, node));
}

/* Whether it crashes before this action; the one that writes may be caught half way. */
static bool is_crashing(struct trial *trial, struct node *node,
                        const struct consensus_action *action) {
    if (node->is_liar || !trial->is_chaos || !trial_draw_chance(trial, trial->plan.crash)) {
        return false;
    }
    if (action->kind == ACTION_KEEP && trial_draw_chance(trial, 0.5)) {
        trial_spoil_write(trial, node, action->record);
    }
    crash(trial, node);
    return true;
}

static void begin_later(struct trial *trial, struct node *node) {
    uint32_t number = number_of(trial, node);
    struct parcel parcel = {.kind = PARCEL_BEGIN, .from = number, .to = number};
    parcel.vote.height = node->height + 1;
    trial_post(trial, &parcel, MILLISECONDS(trial_draw_below(trial, 10)));
}

static void count_commit(struct trial *trial, const struct node *node,
                         const struct consensus_action *action) {
    if (node->is_liar) {
        return;
    }
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

static void commit(struct trial *trial, struct node *node, const struct consensus_action *action) {
    struct checker_entry *entry = trace(trial, node, CHECKER_COMMIT);
    entry->height = action->height;
    entry->round = action->round;
    entry->value = action->value;
    entry->is_valid = trial_is_valid_block(&action->value);
    node->height = action->height;
    if (action->height <= TRIAL_HEIGHTS_MAX) {
        node->decisions[action->height] = trial_keep_proof(trial, action->certificate);
    }
    count_commit(trial, node, action);
    struct consensus_output output;
    consensus_next(node->consensus, node->identity, trial->plan.member_count, &output);
    if (node->height < trial->plan.height_count) {
        begin_later(trial, node);
    }
    carry_out(trial, node, &output);
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
    struct checker_entry *entry = trace(trial, node, CHECKER_SIGNED);
    entry->vote_kind = action->vote.kind;
    entry->height = action->vote.height;
    entry->round = action->vote.round;
    entry->value = action->vote.value;
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
    carry_out(trial, node, &output);
    if (node->is_up) {
        consensus_propose(node->consensus, &value, &output);
        carry_out(trial, node, &output);
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
        if (parcel.proof == NULL) {
            return;
        }
    }
    trial_send_to_member(trial, &parcel, action->member);
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
        trace(trial, node, CHECKER_ACCUSED)->other = action->member;
        trial->outcome.accusation_count++;
        break;
    }
}

/* In order, and no further than the next crash. */
static void carry_out(struct trial *trial, struct node *node,
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

static void restart(struct trial *trial, struct node *node) {
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
    carry_out(trial, node, &output);
    if (node->is_up && node->height < trial->plan.height_count) {
        begin_later(trial, node);
    }
}

/* ---- events --------------------------------------------------------------------------------- */

static void learn(struct trial *trial, struct node *node, const struct hash *value) {
    struct consensus_output output;
    if (trial_has_block(node, value)) {
        return;
    }
    trial_hold_block(node, value);
    consensus_learn(node->consensus, value, trial_is_valid_block(value), &output);
    carry_out(trial, node, &output);
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
            carry_out(trial, node, &output);
            return;
        }
    }
    trial_post(trial, parcel, MILLISECONDS(20));
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
    if (parcel->vote.kind == CONSENSUS_PROPOSAL && parcel->has_block &&
        parcel->vote.height == node->height + 1) {
        learn(trial, node, &parcel->vote.value);
    }
    if (node->is_up) {
        consensus_receive(node->consensus, &message, &output);
        carry_out(trial, node, &output);
    }
}

static void take_parcel(struct trial *trial, struct node *node, const struct parcel *parcel) {
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
        if (trial_is_certified(parcel->proof, CONSENSUS_PRECOMMIT) &&
            consensus_catch_up(node->consensus, parcel->proof, &output) == 0) {
            trial_hold_block(node, &parcel->proof->value);
            carry_out(trial, node, &output);
        }
        return;
    case PARCEL_FETCH:
        look_for_block(trial, node, parcel);
        return;
    case PARCEL_BEGIN:
        if (parcel->vote.height == node->height + 1) {
            consensus_begin(node->consensus, &output);
            carry_out(trial, node, &output);
        }
        return;
    }
}

static void on_message(struct trial *trial, uint32_t index) {
    struct parcel parcel = *(const struct parcel *)slab_at(&trial->parcels, index);
    struct node *node = &trial->nodes[parcel.to];
    slab_give(&trial->parcels, index);
    if (!node->is_up) {
        return;
    }
    trial->outcome.delivered_count += parcel.from != parcel.to;
    if (node->is_liar && trial->plan.lies == LIES_ANY) {
        trial_lie(trial, node, &parcel);
    } else {
        take_parcel(trial, node, &parcel);
    }
}

static void on_alarm(struct trial *trial, uint32_t index) {
    struct alarm alarm = *(const struct alarm *)slab_at(&trial->alarms, index);
    struct node *node = &trial->nodes[alarm.node];
    struct consensus_output output;
    slab_give(&trial->alarms, index);
    if (node->is_up && alarm.generation == node->generation) {
        consensus_timeout(node->consensus, alarm.timer, alarm.height, alarm.round, &output);
        carry_out(trial, node, &output);
    }
}

static void on_partition(struct trial *trial) {
    if (!trial->is_chaos) {
        return;
    }
    bool is_whole = !trial_draw_chance(trial, trial->plan.partition);
    trial->side_bits = is_whole ? 0 : trial_draw_bits(trial);
    trial->is_one_way = trial_draw_chance(trial, 0.3);
    event_queue_push(&trial->queue, trial->now_ns + MILLISECONDS(30 + trial_draw_below(trial, 200)),
                     EVENT_PARTITION, 0, 0);
}

/* From here on rounds are counted by which a height is decided. */
static void heal(struct trial *trial) {
    trial->is_chaos = false;
    trial->side_bits = 0;
    for (uint32_t i = 0; i < trial->plan.member_count; i++) {
        const struct node *node = &trial->nodes[i];
        uint64_t height = consensus_height(node->consensus);
        int32_t round = consensus_round(node->consensus);
        if (!node->is_liar && height <= TRIAL_HEIGHTS_MAX && round > trial->healed_round[height]) {
            trial->healed_round[height] = round;
        }
    }
}

static void handle(struct trial *trial, const struct event *event) {
    switch ((enum event_kind)event->kind) {
    case EVENT_HEAL:
        heal(trial);
        break;
    case EVENT_PARTITION:
        on_partition(trial);
        break;
    case EVENT_RESTART:
        restart(trial, &trial->nodes[event->subject]);
        break;
    case EVENT_MESSAGE:
        on_message(trial, event->subject);
        break;
    case EVENT_ALARM:
        on_alarm(trial, event->subject);
        break;
    }
}

/* ---- a trial from begin to end -------------------------------------------------------------- */

struct trial *trial_open(struct arena *arena) {
    struct trial *trial = ARENA_NEW(arena, struct trial);
    trial->arena = arena;
    event_queue_init(&trial->queue);
    slab_init(&trial->parcels, sizeof(struct parcel), PARCELS_MAX);
    slab_init(&trial->alarms, sizeof(struct alarm), ALARMS_MAX);
    trial->proofs = ARENA_ARRAY(arena, struct consensus_certificate, PROOFS_MAX);
    trial->trace = ARENA_ARRAY(arena, struct checker_entry, TRACE_MAX);
    for (uint32_t i = 0; i < NODES_MAX; i++) {
        trial->nodes[i].consensus = consensus_create(arena, TRIAL_MEMBERS_MAX, 1, &times);
    }
    return trial;
}

void trial_close(struct trial *trial) {
    event_queue_free(&trial->queue);
    slab_free(&trial->parcels);
    slab_free(&trial->alarms);
}

static void set_up_node(struct trial *trial, uint32_t number, uint32_t identity, bool is_liar) {
    struct node *node = &trial->nodes[number];
    struct consensus *consensus = node->consensus;
    struct consensus_output output;
    memset(node, 0, offsetof(struct node, slots));
    node->consensus = consensus;
    node->identity = identity;
    node->is_liar = is_liar;
    node->is_up = true;
    node->skew_percent = trial->plan.skewed_clocks ? 75 + trial_draw_below(trial, 51) : 100;
    node->slots[0].sequence = node->slots[1].sequence = 0;
    node->sequence = node->height = 0;
    node->body_count = 0;
    memset(node->decisions, 0, sizeof node->decisions);
    struct consensus_record empty = {.height = 0, .step = CONSENSUS_IDLE};
    consensus_restore(consensus, 1, &empty, &output);
    consensus_next(consensus, identity, trial->plan.member_count, &output);
    begin_later(trial, node);
}

static bool is_liar(const struct trial_plan *plan, uint32_t member) {
    uint32_t count = plan->member_count;
    return (member + count - plan->first_liar) % count < plan->liar_count;
}

static void set_up(struct trial *trial, const struct trial_plan *plan) {
    trial->plan = *plan;
    trial->key = random_key_make(plan->seed, 0);
    trial->draws = 0;
    trial->now_ns = 0;
    trial->is_chaos = true;
    trial->side_bits = 0;
    trial->is_one_way = false;
    trial->proof_count = trial->trace_count = trial->old_vote_count = trial->block_count = 0;
    trial->outcome = (struct trial_outcome){.delivered_count = 0};
    memset(trial->healed_round, 0, sizeof trial->healed_round);
    event_queue_reset(&trial->queue);
    slab_reset(&trial->parcels);
    slab_reset(&trial->alarms);
    trial->node_count = plan->member_count;
    for (uint32_t i = 0; i < plan->member_count; i++) {
        set_up_node(trial, i, i, is_liar(plan, i));
    }
    for (uint32_t i = 0; i < plan->member_count && plan->lies == LIES_TWINS; i++) {
        if (is_liar(plan, i)) {
            set_up_node(trial, trial->node_count++, i, true);
        }
    }
    /* So many records may be lost that 2f + 1 members still vote. */
    uint32_t spare = (plan->member_count - 1) / 3 - plan->liar_count;
    for (uint32_t i = 0; i < spare; i++) {
        uint32_t member = (plan->first_liar + plan->liar_count + i) % plan->member_count;
        trial->nodes[member].has_lost_record = true;
    }
    event_queue_push(&trial->queue, MILLISECONDS(CHAOS_MS), EVENT_HEAL, 0, 0);
    if (plan->partition > 0) {
        event_queue_push(&trial->queue, 0, EVENT_PARTITION, 0, 0);
    }
}

static bool is_finished(const struct trial *trial) {
    for (uint32_t i = 0; i < trial->plan.member_count; i++) {
        const struct node *node = &trial->nodes[i];
        if (!node->is_liar && node->height < trial->plan.height_count) {
            return false;
        }
    }
    return true;
}

struct trial_outcome trial_run(struct trial *trial, const struct trial_plan *plan) {
    REQUIRE(plan->member_count <= TRIAL_MEMBERS_MAX && plan->height_count <= TRIAL_HEIGHTS_MAX);
    REQUIRE(plan->liar_count <= (plan->member_count - 1) / 3);
    set_up(trial, plan);
    struct event event;
    while (!is_finished(trial) &&
           event_queue_pop_until(&trial->queue, MILLISECONDS(LIMIT_MS), &event)) {
        trial->now_ns = event.time_ns;
        handle(trial, &event);
    }
    uint32_t liars = 0;
    for (uint32_t i = 0; i < plan->member_count; i++) {
        liars |= (uint32_t)is_liar(plan, i) << i;
    }
    trial->outcome.verdict = checker_judge(trial->trace, trial->trace_count, plan->member_count,
                                           liars, plan->height_count);
    return trial->outcome;
}
