/* SPDX-License-Identifier: GPL-3.0-or-later
 * walk_parts.h - what the files of the walk share; nobody else needs it. */
#ifndef SIM_RUN_WALK_PARTS_H
#define SIM_RUN_WALK_PARTS_H

#include "sim/run/walk.h"

static inline const struct procedure *walk_procedure(const struct replication *rep,
                                                     const struct consignment *consignment) {
    return &rep->scenario->procedures[consignment->procedure];
}

static inline const struct step *walk_step(const struct replication *rep,
                                           const struct token *token) {
    return &walk_procedure(rep, consignment_at(rep, token->consignment))->steps[token->step];
}

/* Brings the token's party times up to now. */
static inline void walk_account(const struct replication *rep, struct token *token) {
    token->times[token->party] += rep->now_ns - token->since_ns;
    token->since_ns = rep->now_ns;
}

/* The same; from here on it is another party's time. */
static inline void walk_change_party(const struct replication *rep, struct token *token,
                                     enum party party) {
    walk_account(rep, token);
    token->party = (uint8_t)rep->scenario->party_slot[party];
}

/* What a chain of units, or one request, has cost since they were taken is added to the
 * consignment's cost; those that wait cost nothing. */
void walk_add_cost(struct replication *rep, struct consignment *consignment, uint32_t requests);
void walk_add_unit_cost(struct replication *rep, struct consignment *consignment,
                        const struct request *request);

/* The consignment has reached what its vessel awaits of all that it carries. */
void walk_reach_for_vessel(struct replication *rep, const struct consignment *consignment);

/* A charge for `elapsed_ns` is paid. */
void walk_pay_charge(struct replication *rep, struct consignment *consignment,
                     const struct charge *charge, int64_t elapsed_ns);

/* How long the token's step will take: always the same for the same visit. */
int64_t walk_draw_duration_ns(struct replication *rep, const struct step *step,
                              const struct token *token);

/* Goes to the step that `otherwise` names, or ends so. The token holds and awaits nothing. */
void walk_otherwise(struct replication *rep, struct token *token, enum outcome outcome);

#endif
