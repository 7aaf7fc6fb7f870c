/* SPDX-License-Identifier: GPL-3.0-or-later
 * walk_interrupt.c - work that is taken away from a token before it is done. */
#include "sim/run/walk_parts.h"

/* The end of the current stretch is no longer due; what is left of the work is in mark_ns. */
static void stop_work(struct replication *rep, struct token *token, enum interruption rule) {
    const struct step *step = walk_step(rep, token);
    int64_t end_ns = token->mark_ns;
    walk_add_cost(rep, consignment_at(rep, token->consignment), token->requests);
    event_queue_cancel(&rep->queue, token->event);
    token->event = 0;
    if (rule == INTERRUPT_RESTART) {
        token->mark_ns =
            walk_draw_duration_ns(rep, step, token); /* the same draw: all of it again */
    } else if (step->work_calendar == NULL) {
        token->mark_ns = end_ns - rep->now_ns;
    } else {
        token->mark_ns = calendar_open_between_ns(step->work_calendar, rep->now_ns, end_ns);
    }
    token->phase = PHASE_SUSPENDED;
    walk_change_party(rep, token, step->wait_party);
}

bool walk_interrupt(struct replication *rep, struct token *token, enum interruption rule) {
    uint32_t requests = token->requests;
    if (rule == INTERRUPT_FINISH || requests == 0 ||
        request_at(&rep->pool, requests)->state != REQUEST_HOLDING) {
        return false;
    }
    if (token->phase == PHASE_BUSY) {
        stop_work(rep, token, rule);
    } else if (token->phase == PHASE_WAITING || token->phase == PHASE_SUSPENDED) {
        resource_ready_remove(&rep->pool,
                              token->self); /* granted at this very instant, not begun */
    } else {
        return false;
    }
    if (rule == INTERRUPT_DISCARD) {
        token->requests = 0;
        resource_withdraw(&rep->pool, requests, rep->now_ns);
        event_queue_cancel(&rep->queue, token->event);
        token->event = 0;
        walk_otherwise(rep, token, OUTCOME_DISCARDED);
    } else {
        resource_interrupt(&rep->pool, requests, rep->now_ns);
    }
    return true;
}

void walk_interrupt_excess(struct replication *rep, uint32_t index, enum interruption rule) {
    const struct resource *resource = &rep->pool.resources[index];
    while (resource->busy_units > resource->capacity_units) {
        uint32_t victim = resource_victim(&rep->pool, index, PRIORITY_COUNT);
        if (victim == 0 || !walk_interrupt(rep, token_at(rep, victim), rule)) {
            return;
        }
    }
}
