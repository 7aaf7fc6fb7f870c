/* SPDX-License-Identifier: GPL-3.0-or-later
 * walk.h - how tokens walk their procedure: the frame of every step, and what step types may call.
 *
 *   when -> ask for resources -> begin -> duration -> end -> resources back -> milestone -> next
 *
 * A token that must wait leaves the walk and comes back through an event or through the ring of
 * ready tokens; nothing here recurses over tokens. */
#ifndef SIM_RUN_WALK_H
#define SIM_RUN_WALK_H

#include "sim/run/replication.h"
#include "sim/steps/step.h"

/* A new token of a consignment at `step`, put into the ring of ready tokens. */
struct token *walk_spawn(struct replication *rep, uint32_t consignment, uint32_t step);

/* Goes on with a token from the ring. */
void walk_ready(struct replication *rep, uint32_t token);

/* The end of a duration, and of a patience. */
void walk_finish(struct replication *rep, uint32_t token);
void walk_renege(struct replication *rep, uint32_t token);

/* A parked token goes on: its duration runs from now. */
void walk_wake(struct replication *rep, struct token *token);

/* Ends a token: gives back what it holds, withdraws what it awaits. When it was the last one its
 * consignment ends with `outcome`. */
void walk_end(struct replication *rep, struct token *token, enum outcome outcome);

/* Ends all other tokens of the token's consignment; joins ahead no longer wait for them. */
void walk_cancel_siblings(struct replication *rep, struct token *token);

/* The consignment reaches a milestone now, by way of `token` (NULL: by its vessel's). */
void walk_milestone(struct replication *rep, uint32_t consignment, struct token *token,
                    uint32_t milestone);

/* Parks the token in a consignment's list until that reaches a milestone. */
void walk_wait_for_milestone(struct replication *rep, struct token *token, uint32_t consignment);

/* Capacity fell below what is busy: interrupts by `rule` until it fits. */
void walk_interrupt_excess(struct replication *rep, uint32_t resource, enum interruption rule);

/* Interrupts one token that works with a resource. False when its work is kept across steps. */
bool walk_interrupt(struct replication *rep, struct token *token, enum interruption rule);

/* Brings the token's party times up to now: when the party changes, and before they are read. */
static inline void walk_account(const struct replication *rep, struct token *token) {
    token->times[token->party] += rep->now_ns - token->since_ns;
    token->since_ns = rep->now_ns;
}

/* Where the token's draws for one purpose come from. */
struct draw walk_draw(const struct replication *rep, const struct token *token, uint32_t purpose);

/* The milestone times, and the join states, behind a consignment. */
int64_t *walk_milestones(struct consignment *consignment);
struct join_state *walk_joins(const struct replication *rep, struct consignment *consignment);

/* The consignment pays an organisation. */
void walk_pay(struct replication *rep, struct consignment *consignment, uint32_t organisation,
              struct money amount);

/* Stops the replication with an error that names seed, replication and time. */
void walk_fail(struct replication *rep, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
