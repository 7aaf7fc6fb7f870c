/* SPDX-License-Identifier: GPL-3.0-or-later
 * facts.h - what conditions may know of a consignment: what was declared and what has happened.
 *
 * Whether goods are illicit is not among it: that is the truth, and it stays in sim/world. */
#ifndef SIM_WORLD_FACTS_H
#define SIM_WORLD_FACTS_H

#include "sim/run/replication.h"

/* True when the condition holds now. `token` may be NULL. */
bool facts_hold(struct replication *rep, const struct consignment *consignment,
                const struct token *token, const struct expression *condition);

/* The value of a numeric expression as a priority, cut to 0 .. PRIORITY_COUNT - 1. */
uint32_t facts_priority(struct replication *rep, const struct consignment *consignment,
                        const struct token *token, const struct expression *expression);

#endif
