/* SPDX-License-Identifier: GPL-3.0-or-later
 * batch.c - waits for a full load, or for as long as the first of the load is willing to wait. */
#include "sim/run/walk.h"
#include "sim/steps/step.h"

struct params {
    int64_t size, wait_at_most_ns;
};

static const struct field fields[] = {
    FIELD(struct params, size, FIELD_INTEGER, .min = 1, .max = 1000000, .required = true,
          .doc = "How many make a full load."),
    FIELD_AS(struct params, wait_at_most_ns, "wait_at_most", FIELD_TIME, .min = 0, .max = 1e9,
             .doc = "The load goes after this time even when it is not full; absent: never."),
    FIELD_END};

/* All of the load but `leader` wake; they find the list empty and go. */
static void send_off(struct replication *rep, struct step_state *state,
                     const struct token *leader) {
    uint32_t next = state->first;
    *state = (struct step_state){0};
    while (next != 0) {
        struct token *token = token_at(rep, next);
        next = token->waiter_next;
        token->waiter_next = 0;
        event_queue_cancel(&rep->queue, token->event);
        token->event = 0;
        if (token != leader) {
            walk_wake(rep, token);
        }
    }
}

static enum progress begin(struct replication *rep, const struct step *step, struct token *token) {
    const struct params *params = step->params;
    struct step_state *state = &rep->step_states[step->state];
    if (token->phase == PHASE_WOKEN) {
        if (state->first == token->self) { /* its time is over */
            send_off(rep, state, token);
        }
        return GO;
    }
    if (state->count + 1 == params->size) {
        send_off(rep, state, token);
        return GO;
    }
    uint32_t *link = &state->first;
    while (*link != 0) {
        link = &token_at(rep, *link)->waiter_next;
    }
    *link = token->self;
    token->waiter_next = 0;
    if (state->count++ == 0 && params->wait_at_most_ns > 0) {
        state->deadline_ns = rep->now_ns + params->wait_at_most_ns;
        token->event =
            event_queue_push(&rep->queue, state->deadline_ns, EVENT_TIMER,
                             consignment_at(rep, token->consignment)->entity, token->self);
    }
    return PARK;
}

const struct step_type step_type_batch = {
    .name = "batch",
    .doc = "Waits until a full load has come together, or its first has waited long enough.",
    .fields = fields,
    .params_size = sizeof(struct params),
    .keeps_state = true,
    .begin = begin,
};
