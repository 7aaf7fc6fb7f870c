/* SPDX-License-Identifier: GPL-3.0-or-later
 * trial.c - a trial from begin to end: its events, and the verdict. */
#include "sim/consensus/trial_parts.h"

#include "core/base/require.h"

#include <string.h>

static const struct consensus_times patient = {.propose_ns = MILLISECONDS(24),
                                               .prevote_ns = MILLISECONDS(12),
                                               .precommit_ns = MILLISECONDS(12),
                                               .growth_ns = MILLISECONDS(6),
                                               .resend_ns = MILLISECONDS(70)};
static const struct consensus_times hasty = {.propose_ns = MILLISECONDS(1) / 2,
                                             .prevote_ns = MILLISECONDS(1) / 2,
                                             .precommit_ns = MILLISECONDS(1) / 2,
                                             .growth_ns = MILLISECONDS(3),
                                             .resend_ns = MILLISECONDS(70)};

enum { LIMIT_MS = 20000 };

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
        trial_take_parcel(trial, node, &parcel);
    }
}

static void on_alarm(struct trial *trial, uint32_t index) {
    struct alarm alarm = *(const struct alarm *)slab_at(&trial->alarms, index);
    struct node *node = &trial->nodes[alarm.node];
    struct consensus_output output;
    slab_give(&trial->alarms, index);
    if (node->is_up && alarm.generation == node->generation) {
        consensus_timeout(node->consensus, alarm.timer, alarm.height, alarm.round, &output);
        trial_carry_out(trial, node, &output);
    }
}

/* One side of the correct members is cut off, then the other. Twins are always of different sides.
 */
static void change_sides(struct trial *trial) {
    uint32_t members = (1u << trial->plan.member_count) - 1;
    bool is_twins = trial->plan.lies == LIES_TWINS;
    trial->plan.side ^= is_twins ? 0 : trial_correct(trial);
    trial->side_bits = trial->plan.side | (is_twins ? ~(uint64_t)members : 0);
    for (uint32_t i = 0; i < trial->node_count && trial->plan.lies == LIES_FORGETFUL; i++) {
        if (trial->nodes[i].is_liar) {
            trial_start_again(trial, &trial->nodes[i]);
        }
    }
    event_queue_push(&trial->queue, trial->now_ns + MILLISECONDS(40 + trial_draw_below(trial, 100)),
                     EVENT_PARTITION, 0, 0);
}

static void on_partition(struct trial *trial) {
    if (!trial->is_chaos) {
        return;
    }
    if (trial->plan.has_sides) {
        change_sides(trial);
        return;
    }
    bool is_whole = !trial_draw_chance(trial, trial->plan.partition);
    trial->side_bits = is_whole ? 0 : trial_draw_bits(trial);
    trial->is_one_way = trial_draw_chance(trial, 0.3);
    event_queue_push(&trial->queue, trial->now_ns + MILLISECONDS(30 + trial_draw_below(trial, 200)),
                     EVENT_PARTITION, 0, 0);
}

/* The members that stay away are the first after the liars. */
static uint32_t choose_absent(const struct trial *trial) {
    const struct trial_plan *plan = &trial->plan;
    uint32_t absent = 0;
    for (uint32_t i = plan->liar_count; plan->stays_parted && i < (plan->member_count - 1) / 3;
         i++) {
        absent |= 1u << (plan->first_liar + i) % plan->member_count;
    }
    return absent;
}

/* From here on rounds are counted by which a height is decided. */
static void heal(struct trial *trial) {
    trial->is_chaos = trial->is_one_way = false;
    trial->absent = choose_absent(trial);
    trial->side_bits = trial->absent;
    for (uint32_t i = 0; i < trial->node_count; i++) {
        struct node *node = &trial->nodes[i];
        node->is_up = node->is_up && !(node->is_liar && trial->plan.falls_silent);
        if (!node->is_liar && (trial->absent >> i & 1) == 0) {
            struct checker_entry *entry = trial_trace(trial, node, CHECKER_HEALED);
            entry->height = consensus_height(node->consensus);
            entry->round = consensus_round(node->consensus);
        }
    }
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
        trial_restart(trial, &trial->nodes[event->subject]);
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
        trial->machines[false][i] = consensus_create(arena, TRIAL_MEMBERS_MAX, 1, &patient);
        trial->machines[true][i] = consensus_create(arena, TRIAL_MEMBERS_MAX, 1, &hasty);
    }
    return trial;
}

void trial_close(struct trial *trial) {
    event_queue_free(&trial->queue);
    slab_free(&trial->parcels);
    slab_free(&trial->alarms);
    arena_free(&trial->scratch);
}

static void set_up_node(struct trial *trial, uint32_t number, uint32_t identity, bool is_liar) {
    struct node *node = &trial->nodes[number];
    struct consensus *consensus = trial->machines[trial->plan.is_hasty][number];
    struct consensus_output output;
    memset(node, 0, offsetof(struct node, slots));
    node->consensus = consensus;
    node->identity = identity;
    node->is_liar = is_liar;
    node->is_up = true;
    node->skew_percent = trial->plan.skewed_clocks ? 62 + trial_draw_below(trial, 139) : 100;
    node->slots[0].sequence = node->slots[1].sequence = 0;
    node->sequence = node->height = 0;
    node->body_count = 0;
    memset(node->decisions, 0, sizeof node->decisions);
    struct consensus_record empty = {.height = 0, .step = CONSENSUS_IDLE};
    consensus_restore(consensus, 1, &empty, &output);
    consensus_next(consensus, identity, trial->plan.member_count, &output);
    trial_begin_later(trial, node);
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
    trial->goal = plan->height_count;
    trial->absent = 0;
    trial->hunted = (struct hash){.bytes = {0}};
    trial->side_bits = 0;
    trial->is_one_way = false;
    trial->spied_count = 0;
    trial->log_count = 0;
    trial->fork = (struct fork){.height = 0};
    if (plan->keeps_logs && trial->log == NULL) {
        trial->log = ARENA_ARRAY(trial->arena, struct log_entry, LOG_MAX);
    }
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
    uint32_t faulty_max = (plan->member_count - 1) / 3;
    for (uint32_t i = 0; plan->liar_count + i < faulty_max; i++) {
        uint32_t member = (plan->first_liar + plan->liar_count + i) % plan->member_count;
        trial->nodes[member].has_lost_record = true;
    }
    event_queue_push(&trial->queue, MILLISECONDS(plan->chaos_ms), EVENT_HEAL, 0, 0);
    if (plan->partition > 0 || plan->has_sides) {
        event_queue_push(&trial->queue, 0, EVENT_PARTITION, 0, 0);
    }
}

/* Whether all have reached the goal; sets a later one while there have been few messages. */
static bool is_finished(struct trial *trial) {
    if (trial->fork.height != 0) {
        return true;
    }
    for (uint32_t i = 0; i < trial->plan.member_count; i++) {
        const struct node *node = &trial->nodes[i];
        if (!node->is_liar && (trial->absent >> i & 1) == 0 && node->height < trial->goal) {
            return false;
        }
    }
    if (trial->outcome.delivered_count >= TRIAL_MESSAGES_MIN || trial->goal == TRIAL_HEIGHTS_MAX) {
        return true;
    }
    trial->goal++;
    for (uint32_t i = 0; i < trial->node_count; i++) {
        if (trial->nodes[i].is_up && trial->nodes[i].height == trial->goal - 1) {
            trial_begin_later(trial, &trial->nodes[i]);
        }
    }
    return false;
}

const struct checker_entry *trial_entries(const struct trial *trial, size_t *count) {
    *count = trial->trace_count;
    return trial->trace;
}

struct trial_outcome trial_run(struct trial *trial, const struct trial_plan *plan) {
    REQUIRE(plan->member_count <= TRIAL_MEMBERS_MAX && plan->height_count <= TRIAL_HEIGHTS_MAX);
    REQUIRE(plan->liar_count < plan->member_count);
    set_up(trial, plan);
    struct event event;
    int64_t limit_ns = MILLISECONDS(plan->has_sides ? plan->chaos_ms : LIMIT_MS);
    while (!is_finished(trial) && event_queue_pop_until(&trial->queue, limit_ns, &event)) {
        trial->now_ns = event.time_ns;
        handle(trial, &event);
    }
    struct checker_case about = {.trace = trial->trace,
                                 .count = trial->trace_count,
                                 .member_count = plan->member_count,
                                 .liars = ~trial_correct(trial),
                                 .absent = trial->absent,
                                 .height_count = trial->goal,
                                 .rounds_max = TRIAL_ROUNDS_TO_LIVE};
    trial->outcome.height_count = trial->goal;
    trial->outcome.verdict = checker_judge(&about);
    return trial->outcome;
}
