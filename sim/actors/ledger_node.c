/* SPDX-License-Identifier: GPL-3.0-or-later
 * ledger_node.c - a node of a chain: one server, around the state machine of the agreement. */
#include "core/ledger/ballot.h"
#include "sim/actors/ledger_service_parts.h"

/* Bytes of messages as message.h draws them. */
enum { VOTE_SIZE = 130, SIGNER_SIZE = 68, ASK_SIZE = 9, FETCH_SIZE = 41, DECISION_SIZE = 49 };

/* ---- the server ----------------------------------------------------------------------------- */

void ledger_node_take_up(const struct ledger_service *service, struct ledger_node *node) {
    int64_t now_ns = service->rep->now_ns;
    node->clock_ns = node->clock_ns < now_ns ? now_ns : node->clock_ns;
}

static int64_t clamp(int64_t value, int64_t low, int64_t high) {
    return value < low ? low : value > high ? high : value;
}

void ledger_node_work(const struct ledger_service *service, struct ledger_node *node,
                      int64_t duration_ns) {
    const struct study *study = &service->rep->scenario->study;
    int64_t end_ns = node->clock_ns + duration_ns;
    node->busy_ns += clamp(end_ns, study->warm_up_ns, study->end_ns) -
                     clamp(node->clock_ns, study->warm_up_ns, study->end_ns);
    node->clock_ns = end_ns;
}

int64_t ledger_node_hash_ns(const struct ledger_service *service, uint64_t size) {
    return service->plan->hash_ns * (int64_t)size / 1024;
}

static void post_to_itself(struct ledger_service *service, const struct ledger_node *node,
                           struct ledger_task *task, int64_t time_ns) {
    task->to = node->number;
    task->generation = node->generation;
    ledger_network_post(service, task, time_ns);
}

/* When the next block is due; INT64_MAX: not before there is something to do. */
static int64_t due(const struct ledger_service *service, const struct ledger_node *node) {
    const struct ledger_plan *plan = service->plan;
    if (ledger_store_has_work(service, node)) {
        return node->committed_ns + plan->block_interval_ns;
    }
    return plan->heartbeat_ns > 0 ? node->committed_ns + plan->heartbeat_ns : INT64_MAX;
}

void ledger_node_look_ahead(struct ledger_service *service, struct ledger_node *node) {
    int64_t due_ns = due(service, node);
    due_ns = due_ns < node->clock_ns ? node->clock_ns : due_ns;
    if (node->is_up && node->begin_ns > due_ns) {
        node->begin_ns = due_ns;
        struct ledger_task task = {.kind = TASK_BEGIN, .from = node->number};
        post_to_itself(service, node, &task, due_ns);
    }
}

void ledger_node_remember(struct ledger_service *service, struct ledger_node *node) {
    if (service->may_lose && node->is_up && !node->is_reminding && node->own_count > 0) {
        node->is_reminding = true;
        struct ledger_task task = {.kind = TASK_REMIND, .from = node->number};
        post_to_itself(service, node, &task, node->clock_ns + service->plan->times.resend_ns);
    }
}

/* ---- blocks --------------------------------------------------------------------------------- */

static void carry_out(struct ledger_service *service, struct ledger_node *node,
                      const struct consensus_output *output);

/* Checks a block of the node's next height and tells the machine. */
static void learn(struct ledger_service *service, struct ledger_node *node, uint32_t index) {
    const struct ledger_block *block = ledger_block_at(service, index);
    struct consensus_output output;
    bool is_valid = ledger_check(node->ledger, block->block) == NULL;
    consensus_learn(node->consensus, &block->block->hash, is_valid, &output);
    carry_out(service, node, &output);
}

/* What it takes to check a block: signatures that the node has not verified yet, hashes, all of the
 * transactions. */
static void work_on_block(struct ledger_service *service, struct ledger_node *node,
                          const struct ledger_block *block) {
    const struct ledger_plan *plan = service->plan;
    uint32_t count = block->block->header.transaction_count, unseen = 0;
    for (uint32_t i = 0; i < count; i++) {
        unseen += ledger_store_hold(service, node, block->entries[i]);
    }
    ledger_node_work(service, node,
                     ledger_node_hash_ns(service, block->size) + plan->verify_ns * unseen +
                         plan->execute_ns * count);
}

/* A block has come; false when the node had it. */
static bool receive_block(struct ledger_service *service, struct ledger_node *node,
                          uint32_t index) {
    struct ledger_block *block = ledger_block_at(service, index);
    if (ledger_bit(block->held, node->number)) {
        return false;
    }
    ledger_set_bit(block->held, node->number);
    work_on_block(service, node, block);
    return true;
}

static bool is_next(const struct ledger_service *service, const struct ledger_node *node,
                    uint32_t index) {
    return ledger_block_at(service, index)->block->header.height == node->height + 1;
}

/* A block that the machine wants may have come before its height did; else another has it. */
static void look_for_block(struct ledger_service *service, struct ledger_node *node,
                           const struct ledger_task *task) {
    uint32_t index = ledger_store_find(service, &task->vote.value);
    if (task->height != node->height + 1) {
        return;
    }
    if (index != 0 && ledger_bit(ledger_block_at(service, index)->held, node->number)) {
        learn(service, node, index);
        return;
    }
    struct ledger_task look = *task, fetch = *task;
    look.from = (task->from + 1) % service->plan->node_count;
    post_to_itself(service, node, &look, node->clock_ns + service->plan->times.resend_ns);
    if (task->from != node->number) {
        fetch.kind = TASK_FETCH;
        fetch.from = node->number;
        fetch.to = task->from;
        ledger_network_send(service, &fetch, FETCH_SIZE);
    }
}

static void propose(struct ledger_service *service, struct ledger_node *node) {
    struct consensus_output output;
    uint32_t index = ledger_store_make(service, node, (uint32_t)consensus_round(node->consensus));
    const struct ledger_block *block = ledger_block_at(service, index);
    ledger_node_work(service, node,
                     ledger_node_hash_ns(service, block->size) +
                         service->plan->execute_ns * block->block->header.transaction_count);
    learn(service, node, index);
    consensus_propose(node->consensus, &block->block->hash, &output);
    carry_out(service, node, &output);
}

/* ---- actions -------------------------------------------------------------------------------- */

static uint32_t keep_proof(struct ledger_service *service,
                           const struct consensus_certificate *certificate) {
    uint32_t index = slab_take(&service->proofs);
    REQUIRE(index != 0);
    struct ledger_proof *proof = slab_at(&service->proofs, index);
    proof->references = 1;
    proof->certificate = *certificate;
    return index;
}

static void send_vote(struct ledger_service *service, struct ledger_node *node,
                      const struct consensus_action *action) {
    struct hash id = ledger_pool_id(service->pool);
    struct ledger_task task = {.kind = TASK_VOTE, .from = node->number, .vote = action->vote};
    uint32_t size = VOTE_SIZE;
    ledger_node_work(service, node, service->plan->sign_ns);
    struct hash hash = ballot_hash(&id, &task.vote, ledger_pool_hasher(service->pool));
    task.vote.signature = ledger_store_seal(service, node, &hash);
    if (action->vote.kind == CONSENSUS_PROPOSAL) {
        task.index = ledger_store_find(service, &action->vote.value);
        REQUIRE(task.index != 0);
        task.ticket = ledger_block_at(service, task.index)->ticket;
        size += ledger_block_at(service, task.index)->size;
    }
    if (action->certificate != NULL) {
        task.proof = keep_proof(service, action->certificate);
        size += SIGNER_SIZE * action->certificate->count;
    }
    ledger_network_broadcast(service, &task, size);
    post_to_itself(service, node, &task, node->clock_ns); /* takes over the proof */
}

static void commit(struct ledger_service *service, struct ledger_node *node,
                   const struct consensus_action *action) {
    struct consensus_output output;
    uint32_t index = ledger_store_find(service, &action->value);
    REQUIRE(index != 0 && ledger_bit(ledger_block_at(service, index)->held, node->number));
    const struct block *block = ledger_block_at(service, index)->block;
    ledger_store_note(service, CONSENSUS_PRECOMMIT, action->certificate);
    const char *reason = ledger_commit(node->ledger, block, action->certificate);
    if (reason != NULL) {
        require_failed(reason, __FILE__, __LINE__);
    }
    ledger_store_commit(service, node, index, action->certificate);
    consensus_next(node->consensus, node->number, service->plan->node_count, &output);
    carry_out(service, node, &output);
    ledger_node_look_ahead(service, node);
}

static void send_decision(struct ledger_service *service, struct ledger_node *node, uint32_t member,
                          uint64_t height) {
    uint32_t index = height <= node->height ? ledger_store_at_height(service, height) : 0;
    if (index == 0 || member == node->number) {
        return;
    }
    const struct ledger_block *block = ledger_block_at(service, index);
    struct ledger_task task = {.kind = TASK_DECISION,
                               .from = node->number,
                               .to = member,
                               .index = index,
                               .ticket = block->ticket,
                               .height = node->height};
    ledger_network_send(service, &task,
                        DECISION_SIZE + SIGNER_SIZE * block->certificate->count + block->size);
}

static void ask(struct ledger_service *service, struct ledger_node *node, uint32_t member,
                uint64_t height) {
    struct ledger_task task = {
        .kind = TASK_ASK, .from = node->number, .to = member, .height = height};
    if (member != node->number) {
        ledger_network_send(service, &task, ASK_SIZE);
    }
}

static void carry_out_one(struct ledger_service *service, struct ledger_node *node,
                          const struct consensus_action *action) {
    struct ledger_task task = {.from = node->number,
                               .timer = action->timer,
                               .height = action->height,
                               .round = action->round};
    switch (action->kind) {
    case ACTION_KEEP:
        if (node->record != NULL) {
            *node->record = *action->record;
        }
        break;
    case ACTION_SEND:
        send_vote(service, node, action);
        break;
    case ACTION_TIMER:
        task.kind = TASK_TIMER;
        post_to_itself(service, node, &task, node->clock_ns + action->delay_ns);
        break;
    case ACTION_PROPOSE:
        propose(service, node);
        break;
    case ACTION_FETCH:
        task.kind = TASK_LOOK;
        task.from = consensus_proposer(action->height, action->round, service->plan->node_count);
        task.vote.value = action->value;
        post_to_itself(service, node, &task, node->clock_ns);
        break;
    case ACTION_COMMIT:
        commit(service, node, action);
        break;
    case ACTION_ASK:
        ask(service, node, action->member, action->height);
        break;
    case ACTION_HELP:
        send_decision(service, node, action->member, action->height);
        break;
    case ACTION_ACCUSE:
        require_failed("no node of a simulation lies", __FILE__, __LINE__);
    default:
        break; /* what only liars make necessary */
    }
}

static void carry_out(struct ledger_service *service, struct ledger_node *node,
                      const struct consensus_output *output) {
    for (unsigned i = 0; i < output->count; i++) {
        carry_out_one(service, node, &output->actions[i]);
    }
}

/* ---- messages ------------------------------------------------------------------------------- */

/* Votes for what was decided come late even when nothing is wrong; only who repeats them is behind.
 */
static bool is_late(const struct ledger_service *service, const struct ledger_node *node,
                    const struct consensus_vote *vote) {
    return vote->height <= node->height &&
           service->rep->now_ns < node->committed_ns + service->plan->times.resend_ns;
}

static void take_vote(struct ledger_service *service, struct ledger_node *node,
                      const struct ledger_task *task) {
    const struct ledger_proof *proof =
        task->proof != 0 ? slab_at(&service->proofs, task->proof) : NULL;
    struct consensus_message message = {.vote = task->vote,
                                        .proof = proof != NULL ? &proof->certificate : NULL};
    struct ballot_judge judge = {.ledger = ledger_pool_id(service->pool),
                                 .members = ledger_members(node->ledger),
                                 .hasher = ledger_pool_hasher(service->pool),
                                 .verifier = ledger_pool_verifier(service->pool)};
    struct consensus_output output;
    if (is_late(service, node, &task->vote)) {
        return;
    }
    ledger_node_take_up(service, node);
    if (task->from != node->number) {
        uint32_t signatures = 1 + (proof != NULL ? proof->certificate.count : 0);
        ledger_node_work(service, node, service->plan->verify_ns * signatures);
        REQUIRE(ballot_check(&judge, &task->vote));
        if (proof != NULL) {
            ledger_store_note(service, CONSENSUS_PREVOTE, message.proof);
            REQUIRE(ballot_check_certificate(&judge, CONSENSUS_PREVOTE, message.proof));
        }
    }
    bool has_block = task->index != 0 &&
                     ledger_block_at(service, task->index)->ticket == task->ticket &&
                     task->vote.height > node->height;
    if (has_block && receive_block(service, node, task->index) &&
        is_next(service, node, task->index)) {
        learn(service, node, task->index);
    }
    consensus_receive(node->consensus, &message, &output);
    carry_out(service, node, &output);
}

static void take_transaction(struct ledger_service *service, struct ledger_node *node,
                             const struct ledger_task *task) {
    struct ledger_entry *entry = ledger_entry_at(service, task->index);
    if (entry->ticket != task->ticket || ledger_bit(entry->held, node->number)) {
        return;
    }
    ledger_node_take_up(service, node);
    ledger_node_work(service, node, service->plan->verify_ns);
    ledger_store_hold(service, node, task->index);
    ledger_node_look_ahead(service, node);
}

/* Whoever sent it may be further on still. */
static void take_decision(struct ledger_service *service, struct ledger_node *node,
                          const struct ledger_task *task) {
    const struct ledger_block *block = ledger_block_at(service, task->index);
    struct consensus_output output;
    if (block->ticket != task->ticket || !is_next(service, node, task->index)) {
        return;
    }
    ledger_node_take_up(service, node);
    ledger_node_work(service, node, service->plan->verify_ns * block->certificate->count);
    ledger_store_note_block(service, block->block);
    receive_block(service, node, task->index);
    if (consensus_catch_up(node->consensus, block->certificate, &output) == 0) {
        carry_out(service, node, &output);
    }
    if (task->height > node->height) {
        ask(service, node, task->from, node->height + 1);
    }
}

static void take_fetch(struct ledger_service *service, struct ledger_node *node,
                       const struct ledger_task *task) {
    uint32_t index = ledger_store_find(service, &task->vote.value);
    if (index == 0 || !ledger_bit(ledger_block_at(service, index)->held, node->number)) {
        return;
    }
    ledger_node_take_up(service, node);
    struct ledger_task reply = {.kind = TASK_BLOCK,
                                .from = node->number,
                                .to = task->from,
                                .index = index,
                                .ticket = ledger_block_at(service, index)->ticket};
    ledger_network_send(service, &reply, 1 + ledger_block_at(service, index)->size);
}

static void take_block(struct ledger_service *service, struct ledger_node *node,
                       const struct ledger_task *task) {
    if (ledger_block_at(service, task->index)->ticket != task->ticket ||
        !is_next(service, node, task->index)) {
        return;
    }
    ledger_node_take_up(service, node);
    if (receive_block(service, node, task->index)) {
        learn(service, node, task->index);
    }
}

/* ---- what a node has set for itself --------------------------------------------------------- */

static void begin(struct ledger_service *service, struct ledger_node *node) {
    struct consensus_output output;
    if (node->begin_ns != service->rep->now_ns) {
        return; /* it has been set anew */
    }
    node->begin_ns = INT64_MAX;
    if (service->rep->now_ns < due(service, node)) {
        ledger_node_look_ahead(service, node);
        return;
    }
    ledger_node_take_up(service, node);
    consensus_begin(node->consensus, &output);
    carry_out(service, node, &output);
}

/* Sends again what it submitted before a time and nobody has committed. */
static void remind(struct ledger_service *service, struct ledger_node *node, int64_t before_ns) {
    node->is_reminding = false;
    ledger_node_take_up(service, node);
    for (size_t i = 0; i < node->pool_count; i++) {
        const struct ledger_entry *entry = ledger_entry_at(service, node->pool[i]);
        if (entry->origin == node->number && entry->submitted_ns <= before_ns) {
            struct ledger_task task = {.kind = TASK_TRANSACTION,
                                       .from = node->number,
                                       .index = node->pool[i],
                                       .ticket = entry->ticket};
            ledger_network_broadcast(service, &task, entry->transaction.encoding.size + 1);
        }
    }
    ledger_node_remember(service, node);
}

static void crash(struct ledger_node *node) {
    node->is_up = node->is_reminding = false;
    node->generation++;
    node->begin_ns = INT64_MAX;
}

/* What it had signed it knows from its record; at a height where it had signed nothing an empty one
 * says so. */
static void restart(struct ledger_service *service, struct ledger_node *node) {
    struct consensus_output output;
    if (ledger_network_is_down(service, node->number, service->rep->now_ns)) {
        return; /* another outage has not ended */
    }
    node->is_up = true;
    ledger_node_take_up(service, node);
    consensus_restore(node->consensus, node->height + 1, node->record, &output);
    carry_out(service, node, &output);
    remind(service, node, service->rep->now_ns);
    ledger_node_look_ahead(service, node);
}

void ledger_node_start(struct ledger_service *service, struct ledger_node *node) {
    const struct ledger_plan *plan = service->plan;
    struct consensus_output output;
    node->is_up = true;
    node->begin_ns = INT64_MAX;
    if (plan->crash_count > 0) {
        node->record = ARENA_NEW(&service->run, struct consensus_record);
        node->record->step = CONSENSUS_IDLE;
    }
    node->consensus = consensus_create(&service->run, plan->node_count, 1, &plan->times);
    consensus_next(node->consensus, node->number, plan->node_count, &output);
    ledger_node_look_ahead(service, node);
}

static void take_own_task(struct ledger_service *service, struct ledger_node *node,
                          const struct ledger_task *task) {
    struct consensus_output output;
    if (task->generation != node->generation) {
        return;
    }
    if (task->kind == TASK_BEGIN) {
        begin(service, node);
    } else if (task->kind == TASK_REMIND) {
        remind(service, node, service->rep->now_ns - service->plan->times.resend_ns);
    } else if (task->kind == TASK_LOOK) {
        ledger_node_take_up(service, node);
        look_for_block(service, node, task);
    } else if (task->kind == TASK_TIMER) {
        ledger_node_take_up(service, node);
        consensus_timeout(node->consensus, task->timer, task->height, task->round, &output);
        carry_out(service, node, &output);
    }
}

static void take_message(struct ledger_service *service, struct ledger_node *node,
                         const struct ledger_task *task) {
    bool is_own = task->from == node->number;
    if (!node->is_up || (is_own && task->generation != node->generation)) {
        return;
    }
    if (task->kind == TASK_VOTE) {
        take_vote(service, node, task);
    } else if (task->kind == TASK_TRANSACTION) {
        take_transaction(service, node, task);
    } else if (task->kind == TASK_DECISION) {
        take_decision(service, node, task);
    } else if (task->kind == TASK_ASK) {
        ledger_node_take_up(service, node);
        send_decision(service, node, task->from, task->height);
    } else if (task->kind == TASK_FETCH) {
        take_fetch(service, node, task);
    } else if (task->kind == TASK_BLOCK) {
        take_block(service, node, task);
    }
}

void ledger_node_event(struct ledger_service *service, const struct ledger_task *task) {
    struct ledger_node *node = &service->nodes[task->to];
    if (task->kind == TASK_CRASH) {
        crash(node);
        ledger_network_next_crash(service, task);
    } else if (task->kind == TASK_RESTART) {
        restart(service, node);
    } else if (task->kind >= TASK_LOOK) {
        take_own_task(service, node, task);
    } else {
        take_message(service, node, task);
    }
    if (task->proof != 0) {
        ledger_store_release_proof(service, task->proof);
    }
}
