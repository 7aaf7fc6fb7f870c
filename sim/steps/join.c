/* SPDX-License-Identifier: GPL-3.0-or-later
 * join.c - the branches of a fork meet; the one that came last goes on. */
#include "sim/run/walk.h"
#include "sim/steps/step.h"

static const struct field fields[] = {FIELD_END};

/* `goes` has no more to do here; what it keeps is handed over. */
static void meet(struct replication *rep, struct token *stays, struct token *goes) {
    uint32_t *last = &stays->held;
    while (*last != 0) {
        last = &request_at(&rep->pool, *last)->sibling;
    }
    *last = goes->held;
    goes->held = 0;
    stays->visits = stays->visits > goes->visits ? stays->visits : goes->visits;
    walk_end(rep, goes, OUTCOME_COMPLETED);
}

static void record_slack(struct replication *rep, const struct step *step,
                         const struct join_state *join) {
    for (uint32_t branch = 0; branch < step->branch_count; branch++) {
        if (join->came_ns[branch] >= 0) { /* not cancelled */
            recorder_slack(rep->recorder, rep, step, branch, rep->now_ns - join->came_ns[branch]);
        }
    }
}

/* The last to come goes on with its party times; among those that come at the same instant it is
 * the first written. */
static enum progress begin(struct replication *rep, const struct step *step, struct token *token) {
    struct consignment *consignment = consignment_at(rep, token->consignment);
    struct join_state *join = &walk_joins(rep, consignment)[step->join];
    if (token->phase == PHASE_WOKEN) {
        return GO;
    }
    join->pending--;
    join->came_ns[token->branch] = rep->now_ns;
    uint32_t other = join->best;
    bool other_stays = false;
    if (other != 0) {
        uint8_t branch = token_at(rep, other)->branch;
        other_stays = join->came_ns[branch] == rep->now_ns && branch < token->branch;
    }
    join->best = other_stays ? other : token->self;
    if (join->pending == 0) {
        record_slack(rep, step, join);
        if (other_stays) {
            walk_wake(rep, token_at(rep, other));
        }
    }
    bool last = join->pending == 0;
    if (other != 0) {
        meet(rep, token_at(rep, join->best), other_stays ? token : token_at(rep, other));
    }
    return last ? GO : PARK;
}

/* From here on it stands in the branch of the outer fork again. */
static void end(struct replication *rep, const struct step *step, struct token *token) {
    (void)rep;
    token->branch = (uint8_t)step->branch;
}

const struct step_type step_type_join = {
    .name = "join",
    .doc = "Where the branches of the fork before it meet; goes on when the last has come.",
    .fields = fields,
    .begin = begin,
    .end = end,
};
