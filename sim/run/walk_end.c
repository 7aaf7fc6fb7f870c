/* SPDX-License-Identifier: GPL-3.0-or-later
 * walk_end.c - how tokens and consignments begin and end, and what they pay on the way. */
#include "sim/record/trace.h"
#include "sim/run/walk_parts.h"

#include <string.h>

struct join_state *walk_joins(const struct replication *rep, struct consignment *consignment) {
    return (struct join_state *)(void *)(consignment->data + rep->join_offset);
}

/* ---- money --------------------------------------------------------------------------------- */

void walk_pay(struct replication *rep, struct consignment *consignment, uint32_t organisation,
              struct money amount) {
    consignment->paid = money_add(consignment->paid, amount);
    rep->received_e4[organisation] += amount.e4;
}

void walk_pay_charge(struct replication *rep, struct consignment *consignment,
                     const struct charge *charge, int64_t elapsed_ns) {
    struct money amount = charge->amount;
    if (charge->per_ns > 0) {
        int64_t charged_ns = elapsed_ns - charge->free_ns;
        if (charged_ns <= 0) {
            return;
        }
        int64_t periods = (charged_ns + charge->per_ns - 1) / charge->per_ns; /* begun ones count */
        amount = money_scale(amount, periods, 1);
    }
    walk_pay(rep, consignment, charge->organisation, amount);
}

/* ---- the end of tokens --------------------------------------------------------------------- */

/* A vessel stays known while something that it carried is inside. */
static void leave_vessel(struct replication *rep, const struct consignment *consignment) {
    struct consignment *vessel = consignment_at(rep, consignment->vessel);
    int32_t awaited = rep->scenario->carried_milestone;
    if (awaited >= 0 && !(consignment->reached >> awaited & 1)) {
        walk_reach_for_vessel(rep, consignment);
    }
    if (--vessel->carried_inside == 0 && vessel->token_count == 0) {
        slab_give(&rep->consignments, consignment->vessel);
    }
}

INLINE void end_consignment(struct replication *rep, uint32_t index,
                            struct consignment *consignment, enum outcome outcome) {
    consignment->outcome = (uint8_t)outcome;
    rep->fingerprint =
        (rep->fingerprint ^ (uint64_t)outcome ^ (uint64_t)consignment->paid.e4 << 8) *
        UINT64_C(0x9E3779B97F4A7C15);
    if (consignment->subject == SUBJECT_CONSIGNMENT) {
        rep->ended[outcome]++;
        rep->paid_e4 += consignment->paid.e4;
        rep->cohort_inside -= consignment->in_cohort;
        if (rep->records) {
            recorder_ended(rep->recorder, rep, consignment);
        }
    }
    if (rep->trace != NULL) {
        trace_ended(rep->trace, rep, consignment);
    }
    if (consignment->vessel != 0) {
        leave_vessel(rep, consignment);
    }
    if (consignment->carried_inside == 0) {
        slab_give(&rep->consignments, index);
    }
}

static void unlink_token(const struct replication *rep, struct consignment *consignment,
                         const struct token *token) {
    uint32_t *link = &consignment->first_token;
    while (*link != token->self) {
        link = &token_at(rep, *link)->next;
    }
    *link = token->next;
    consignment->token_count--;
}

static bool unlink_waiter(const struct replication *rep, uint32_t *first,
                          const struct token *token) {
    for (uint32_t *link = first; *link != 0; link = &token_at(rep, *link)->waiter_next) {
        if (*link == token->self) {
            *link = token->waiter_next;
            return true;
        }
    }
    return false;
}

/* Takes a parked token out of the list it waits in, whichever that is. */
static void unpark(struct replication *rep, struct consignment *consignment,
                   const struct token *token) {
    const struct step *step = walk_step(rep, token);
    if (unlink_waiter(rep, &consignment->waiters, token)) {
        return;
    }
    if (consignment->vessel != 0 &&
        unlink_waiter(rep, &consignment_at(rep, consignment->vessel)->waiters, token)) {
        return;
    }
    if (step->type->keeps_state) {
        struct step_state *state = &rep->step_states[step->state];
        bool had_timer = state->first == token->self;
        state->count -= unlink_waiter(rep, &state->first, token);
        if (had_timer && state->first != 0 && state->deadline_ns > 0) {
            struct token *heir = token_at(rep, state->first);
            heir->event =
                event_queue_push(&rep->queue, state->deadline_ns, EVENT_TIMER,
                                 consignment_at(rep, heir->consignment)->entity, heir->self);
        }
    }
}

/* Lets go of everything a token has, but does not end its consignment. */
INLINE void drop_token(struct replication *rep, struct consignment *consignment,
                       struct token *token) {
    if (token->event != 0) {
        event_queue_cancel(&rep->queue, token->event);
    }
    if (token->phase == PHASE_PARKED) {
        unpark(rep, consignment, token);
    }
    uint32_t requests = token->requests, held = token->held;
    unlink_token(rep, consignment, token);
    token->consignment = 0;
    slab_give(&rep->tokens, token->self);
    if (requests != 0) {
        walk_add_cost(rep, consignment, requests);
        resource_give_back(&rep->pool, requests, rep->now_ns);
    }
    if (held != 0) {
        walk_add_cost(rep, consignment, held);
        resource_give_back(&rep->pool, held, rep->now_ns);
    }
}

void walk_end(struct replication *rep, struct token *token, enum outcome outcome) {
    uint32_t index = token->consignment;
    struct consignment *consignment = consignment_at(rep, index);
    if (consignment->token_count == 1) {
        walk_reach(rep, consignment, token, MILESTONE_ENDED);
    }
    drop_token(rep, consignment, token);
    if (consignment->token_count == 0) {
        end_consignment(rep, index, consignment, outcome);
    }
}

void walk_cancel_siblings(struct replication *rep, struct token *token) {
    struct consignment *consignment = consignment_at(rep, token->consignment);
    for (uint32_t t = consignment->first_token, next; t != 0; t = next) {
        next = token_at(rep, t)->next;
        if (t != token->self) {
            resource_ready_remove(&rep->pool, t);
            drop_token(rep, consignment, token_at(rep, t));
        }
    }
    struct join_state *joins = walk_joins(rep, consignment);
    for (uint32_t i = 0; i < walk_procedure(rep, consignment)->join_count; i++) {
        joins[i].best = 0;
        for (uint32_t branch = 0; branch < BRANCHES_MAX; branch++) {
            joins[i].came_ns[branch] = -1;
        }
        joins[i].pending = joins[i].pending > 1 ? 1 : joins[i].pending;
    }
}

struct token *walk_spawn(struct replication *rep, uint32_t index, uint32_t step) {
    uint32_t self = slab_take(&rep->tokens);
    REQUIRE(self != 0); /* more tokens in flight than the slab holds */
    struct consignment *consignment = consignment_at(rep, index);
    struct token *token = token_at(rep, self);
    *token = (struct token){.consignment = index,
                            .self = self,
                            .step = (uint16_t)step,
                            .phase = PHASE_ENTERING,
                            .since_ns = rep->now_ns,
                            .next = consignment->first_token};
    token->times[0] = 0;
    uint32_t times = rep->scenario->party_count * (1 + rep->scenario->snapshot_count);
    if (times > 1) {
        memset(token->times, 0, times * sizeof(int64_t));
    }
    consignment->first_token = self;
    consignment->token_count++;
    resource_ready_push(&rep->pool, self);
    return token;
}
