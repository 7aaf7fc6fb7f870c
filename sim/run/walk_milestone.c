/* SPDX-License-Identifier: GPL-3.0-or-later
 * walk_milestone.c - when milestones are reached, whose time it was between them, and who waits
 * for one. */
#include "sim/record/trace.h"
#include "sim/run/walk_parts.h"

int64_t *walk_milestones(struct consignment *consignment) {
    return consignment->data;
}

static int64_t *snapshot(const struct replication *rep, struct token *token, int32_t slot) {
    return token->times + rep->scenario->party_count * (uint32_t)(slot + 1);
}

static inline void keep_times(const struct replication *rep, struct token *token,
                              uint32_t milestone) {
    const struct scenario *scenario = rep->scenario;
    int64_t *kept = snapshot(rep, token, scenario->snapshot_slot[milestone]);
    walk_account(rep, token);
    for (uint32_t party = 0; party < scenario->party_count; party++) {
        kept[party] = token->times[party];
    }
}

/* The time between the two milestones of an interval by party, once both are reached. The later one
 * is now, on this token; the earlier one was kept when it was reached. */
static void keep_interval(const struct replication *rep, struct consignment *consignment,
                          struct token *token, uint32_t number, uint32_t milestone) {
    const struct scenario *scenario = rep->scenario;
    const struct interval *interval = &scenario->intervals[number];
    bool forward = interval->to == milestone;
    uint32_t other = forward ? interval->from : interval->to;
    if (!(consignment->reached >> other & 1)) {
        return;
    }
    const int64_t *then = snapshot(rep, token, forward ? interval->from_slot : interval->to_slot);
    int64_t *times = consignment->data + rep->interval_offset +
                     (uint32_t)interval->party_number * scenario->party_count;
    for (uint32_t party = 0; party < scenario->party_count; party++) {
        int64_t elapsed_ns = token->times[party] - then[party];
        times[party] = forward ? elapsed_ns : -elapsed_ns;
    }
}

void walk_keep_party_times(const struct replication *rep, struct consignment *consignment,
                           struct token *token, uint32_t milestone) {
    for (uint32_t t = consignment->first_token; t != 0; t = token_at(rep, t)->next) {
        keep_times(rep, token_at(rep, t), milestone);
    }
    uint32_t intervals = token == NULL ? 0 : rep->party_intervals[milestone];
    for (; intervals != 0; intervals &= intervals - 1) {
        keep_interval(rep, consignment, token, (uint32_t)__builtin_ctz(intervals), milestone);
    }
}

/* ---- milestones ---------------------------------------------------------------------------- */

/* Those who wake are served in the order in which they came. */
static void wake_waiters(struct replication *rep, struct consignment *consignment) {
    uint32_t first = 0;
    for (uint32_t token = consignment->waiters, next; token != 0; token = next) {
        struct token *waiter = token_at(rep, token);
        next = waiter->waiter_next;
        waiter->waiter_next = first;
        first = token;
    }
    consignment->waiters = 0;
    for (uint32_t token = first; token != 0;) {
        struct token *waiter = token_at(rep, token);
        token = waiter->waiter_next;
        waiter->waiter_next = 0;
        walk_wake(rep, waiter); /* looks again at what it waits for, and may park again */
    }
}

void walk_reach_for_vessel(struct replication *rep, const struct consignment *consignment) {
    struct consignment *vessel = consignment_at(rep, consignment->vessel);
    if (--vessel->carried_missing == 0 && vessel->waiters != 0) {
        wake_waiters(rep, vessel);
    }
}

void walk_milestone_news(struct replication *rep, struct consignment *consignment,
                         uint32_t milestone) {
    if (rep->trace != NULL) {
        trace_milestone(rep->trace, rep, consignment, milestone);
    }
    if (consignment->waiters != 0) {
        wake_waiters(rep, consignment);
    }
    if (consignment->vessel != 0 && (int32_t)milestone == rep->scenario->carried_milestone) {
        walk_reach_for_vessel(rep, consignment);
    }
}

void walk_milestone(struct replication *rep, uint32_t index, struct token *token,
                    uint32_t milestone) {
    walk_reach(rep, consignment_at(rep, index), token, milestone);
}

void walk_wait_for_milestone(struct replication *rep, struct token *token, uint32_t index) {
    struct consignment *consignment = consignment_at(rep, index);
    token->waiter_next = consignment->waiters;
    consignment->waiters = token->self;
}
