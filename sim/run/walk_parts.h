/* SPDX-License-Identifier: GPL-3.0-or-later
 * walk_parts.h - what the files of the walk share; nobody else needs it. */
#ifndef SIM_RUN_WALK_PARTS_H
#define SIM_RUN_WALK_PARTS_H

#include "sim/run/walk.h"

#define INLINE static inline __attribute__((always_inline))
#define COLD __attribute__((noinline, cold))

static inline const struct procedure *walk_procedure(const struct replication *rep,
                                                     const struct consignment *consignment) {
    return &rep->scenario->procedures[consignment->procedure];
}

static inline const struct step *walk_step_of(const struct replication *rep,
                                              const struct consignment *consignment,
                                              const struct token *token) {
    return &walk_procedure(rep, consignment)->steps[token->step];
}

static inline const struct step *walk_step(const struct replication *rep,
                                           const struct token *token) {
    return walk_step_of(rep, consignment_at(rep, token->consignment), token);
}

/* From here on it is this party's time. */
static inline void walk_change_party(const struct replication *rep, struct token *token,
                                     enum party party) {
    uint8_t slot = (uint8_t)rep->scenario->party_slot[party];
    if (slot != token->party) {
        walk_account(rep, token);
        token->party = slot;
    }
}

/* What a chain of units, or one request, has cost since they were taken is added to the
 * consignment's cost; those that wait cost nothing. */
static inline void walk_add_unit_cost(struct replication *rep, struct consignment *consignment,
                                      const struct request *request) {
    double cost_per_s = rep->scenario->resources[request->resource].cost_per_s;
    if (cost_per_s > 0 && request->state == REQUEST_HOLDING) {
        consignment->resource_cost +=
            cost_per_s * request->units * ((double)(rep->now_ns - request->since_ns) * 1e-9);
    }
}

static inline void walk_add_cost(struct replication *rep, struct consignment *consignment,
                                 uint32_t chain) {
    for (uint32_t i = chain; i != 0; i = request_at(&rep->pool, i)->sibling) {
        walk_add_unit_cost(rep, consignment, request_at(&rep->pool, i));
    }
}

/* The consignment has reached what its vessel awaits of all that it carries. */
void walk_reach_for_vessel(struct replication *rep, const struct consignment *consignment);

/* What a milestone, just reached, brings about for those who wait for it and for the event log. */
void walk_milestone_news(struct replication *rep, struct consignment *consignment,
                         uint32_t milestone);

/* Keeps the party times of all tokens at a milestone that an interval needs them of. */
void walk_keep_party_times(const struct replication *rep, struct consignment *consignment,
                           struct token *token, uint32_t milestone);

/* walk_milestone, for those who have the consignment at hand. The first time counts: rework does
 * not move a milestone. */
static inline void walk_reach(struct replication *rep, struct consignment *consignment,
                              struct token *token, uint32_t milestone) {
    if (consignment->reached >> milestone & 1) {
        return;
    }
    consignment->data[milestone] = rep->now_ns;
    if (rep->scenario->snapshot_mask >> milestone & 1) {
        walk_keep_party_times(rep, consignment, token, milestone);
    }
    consignment->reached |= 1u << milestone;
    if (rep->trace != NULL || consignment->waiters != 0 || consignment->vessel != 0) {
        walk_milestone_news(rep, consignment, milestone);
    }
}

/* A charge for `elapsed_ns` is paid. */
void walk_pay_charge(struct replication *rep, struct consignment *consignment,
                     const struct charge *charge, int64_t elapsed_ns);

/* Before a step that preempts asks for its resources: makes those free that it needs, where it can
 * have all of them so and passes nobody in line. Who is to be discarded for it has lost its units
 * and is returned, for walk_discard once the units are taken. */
uint32_t walk_preempt(struct replication *rep, const struct step *step, const struct token *token,
                      uint32_t priority);
void walk_discard(struct replication *rep, uint32_t victims);

/* How long the token's step will take: always the same for the same visit. */
int64_t walk_draw_duration_ns(struct replication *rep, const struct step *step,
                              const struct token *token);

/* Goes to the step that `otherwise` names, or ends so. The token holds and awaits nothing. */
void walk_otherwise(struct replication *rep, struct token *token, enum outcome outcome);

#endif
