/* SPDX-License-Identifier: GPL-3.0-or-later
 * walk_milestone.c - when milestones are reached, whose time it was between them, and who waits
 * for one. */
#include "sim/record/trace.h"
#include "sim/run/walk_parts.h"

#include <string.h>

int64_t *walk_milestones(struct consignment *consignment) {
    return consignment->data;
}

static int64_t *snapshot(const struct replication *rep, struct token *token, int32_t slot) {
    return token->times + rep->scenario->party_count * (uint32_t)(slot + 1);
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
    const struct scenario *scenario = rep->scenario;
    for (uint32_t t = consignment->first_token; t != 0; t = token_at(rep, t)->next) {
        struct token *each = token_at(rep, t);
        walk_account(rep, each);
        memcpy(snapshot(rep, each, scenario->snapshot_slot[milestone]), each->times,
               scenario->party_count * sizeof(int64_t));
    }
    for (uint32_t i = 0; token != NULL && i < scenario->interval_count; i++) {
        const struct interval *interval = &scenario->intervals[i];
        if (interval->party_number >= 0 &&
            (interval->from == milestone || interval->to == milestone)) {
            keep_interval(rep, consignment, token, i, milestone);
        }
    }
}

/* ---- milestones ---------------------------------------------------------------------------- */

static void wake_waiters(struct replication *rep, struct consignment *consignment) {
    uint32_t token = consignment->waiters;
    consignment->waiters = 0;
    while (token != 0) {
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
    /* Kept in order of coming, so that those who wake are served in that order. */
    uint32_t *link = &consignment_at(rep, index)->waiters;
    while (*link != 0) {
        link = &token_at(rep, *link)->waiter_next;
    }
    *link = token->self;
    token->waiter_next = 0;
}
