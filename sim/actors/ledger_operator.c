/* SPDX-License-Identifier: GPL-3.0-or-later
 * ledger_operator.c - a database: node 0 is its operator, who writes what the others send and tells
 * them when it is written. Nobody signs, and nobody verifies. */
#include "sim/actors/ledger_service_parts.h"

enum { NOTICE_SIZE = 1 + HASH_SIZE };

static void tell(struct ledger_service *service, struct ledger_node *operator, uint32_t index) {
    struct ledger_entry *entry = ledger_entry_at(service, index);
    if (entry->origin == operator->number) {
        ledger_store_done(service, operator, entry);
        ledger_store_release_entry(service, index);
        return;
    }
    struct ledger_task task = {.kind = TASK_NOTICE,
                               .from = operator->number,
                               .to = entry->origin,
                               .index = index,
                               .ticket = entry->ticket};
    ledger_network_send(service, &task, NOTICE_SIZE);
}

static void write_block(struct ledger_service *service, struct ledger_node *operator) {
    if (operator->begin_ns != service->rep->now_ns) {
        return;
    }
    operator->begin_ns = INT64_MAX;
    if (!ledger_store_has_work(service, operator) ||
        service->rep->now_ns < operator->committed_ns + service->plan->block_interval_ns) {
        ledger_node_look_ahead(service, operator);
        return;
    }
    ledger_node_take_up(service, operator);
    uint32_t index = ledger_store_make(service, operator, 0);
    const struct ledger_block *block = ledger_block_at(service, index);
    const uint32_t *entries = block->entries; /* on the last shelf, so the commit leaves them */
    uint32_t count = block->block->header.transaction_count;
    ledger_node_work(service, operator, service->plan->execute_ns * count);
    REQUIRE(ledger_commit(operator->ledger, block->block, NULL) == NULL);
    ledger_store_commit(service, operator, index, NULL);
    for (uint32_t i = 0; i < count; i++) {
        tell(service, operator, entries[i]);
    }
    ledger_node_look_ahead(service, operator);
}

static void take_transaction(struct ledger_service *service, struct ledger_node *operator,
                             const struct ledger_task * task) {
    const struct ledger_entry *entry = ledger_entry_at(service, task->index);
    if (entry->ticket != task->ticket) {
        return;
    }
    ledger_node_take_up(service, operator);
    if (entry->is_committed) {
        tell(service, operator, task->index); /* the notice was lost */
    } else if (ledger_store_hold(service, operator, task->index)) {
        ledger_node_look_ahead(service, operator);
    }
}

static void take_notice(struct ledger_service *service, struct ledger_node *node,
                        const struct ledger_task *task) {
    struct ledger_entry *entry = ledger_entry_at(service, task->index);
    if (entry->ticket == task->ticket) {
        ledger_node_take_up(service, node);
        ledger_store_done(service, node, entry);
        ledger_store_release_entry(service, task->index);
    }
}

/* Sends again what the operator has not answered. */
static void remind(struct ledger_service *service, struct ledger_node *node, int64_t before_ns) {
    node->is_reminding = false;
    ledger_node_take_up(service, node);
    for (uint32_t i = 1; i < service->entries.used && node->number != 0; i++) {
        const struct ledger_entry *entry = ledger_entry_at(service, i);
        if (entry->ticket != 0 && entry->origin == node->number &&
            entry->submitted_ns <= before_ns) {
            struct ledger_task task = {.kind = TASK_TRANSACTION,
                                       .from = node->number,
                                       .index = i,
                                       .ticket = entry->ticket};
            ledger_network_send(service, &task, entry->transaction.encoding.size + 1);
        }
    }
    ledger_node_remember(service, node);
}

void ledger_operator_event(struct ledger_service *service, const struct ledger_task *task) {
    struct ledger_node *node = &service->nodes[task->to];
    if (task->kind == TASK_CRASH) {
        node->is_up = node->is_reminding = false;
        node->generation++;
        node->begin_ns = INT64_MAX;
        ledger_network_next_crash(service, task);
    } else if (task->kind == TASK_RESTART) {
        node->is_up = !ledger_network_is_down(service, task->to, service->rep->now_ns);
        if (node->is_up) {
            remind(service, node, service->rep->now_ns);
            ledger_node_look_ahead(service, node);
        }
    } else if (!node->is_up || (task->kind >= TASK_LOOK && task->generation != node->generation)) {
        return;
    } else if (task->kind == TASK_TRANSACTION) {
        take_transaction(service, node, task);
    } else if (task->kind == TASK_NOTICE) {
        take_notice(service, node, task);
    } else if (task->kind == TASK_BEGIN) {
        write_block(service, node);
    } else if (task->kind == TASK_REMIND) {
        remind(service, node, service->rep->now_ns - service->plan->times.resend_ns);
    }
}
