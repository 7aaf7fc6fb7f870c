/* SPDX-License-Identifier: GPL-3.0-or-later
 * fork.c - documents and cargo go on at the same time, each branch with a token of its own. */
#include "sim/run/walk.h"
#include "sim/steps/step.h"

#include <string.h>

static const struct field fields[] = {FIELD_END};

/* Every branch inherits the party times so far, so each adds up to the consignment's age. The token
 * itself walks the first branch. */
static void end(struct replication *rep, const struct step *step, struct token *token) {
    struct consignment *consignment = consignment_at(rep, token->consignment);
    struct join_state *join = &walk_joins(rep, consignment)[step->join];
    const struct scenario *scenario = rep->scenario;
    size_t times_size =
        sizeof(int64_t) * scenario->party_count * (1 + (size_t)scenario->snapshot_count);
    walk_account(rep, token);
    *join = (struct join_state){.pending = step->branch_count};
    for (uint32_t i = 0; i < BRANCHES_MAX; i++) {
        join->came_ns[i] = -1;
    }
    for (uint32_t i = 1; i < step->branch_count; i++) {
        struct token *branch = walk_spawn(rep, token->consignment, step->branches[i]);
        memcpy(branch->times, token->times, times_size);
        branch->party = token->party;
        branch->visits = token->visits;
        branch->branch = (uint8_t)i;
    }
    token->branch = 0;
    token->step = (uint16_t)step->branches[0];
}

const struct step_type step_type_fork = {
    .name = "fork",
    .doc = "Splits into named branches that go on at the same time until the `join` that follows.",
    .fields = fields,
    .end = end,
};
