/* SPDX-License-Identifier: GPL-3.0-or-later
 * selection_stream.h - the same for a lane that must answer each declaration at once.
 *
 * Whoever cannot wait for the day's others compares with the last ones: the value has to be among
 * the highest share of them that keeps the lane at its budget. What is owed moves that share, so
 * that the rate holds when values drift. The random ones are drawn one in each block of as many
 * declarations as make one of them due, at a place in it that nobody can foresee. */
#ifndef CORE_RISK_SELECTION_STREAM_H
#define CORE_RISK_SELECTION_STREAM_H

#include "core/risk/selection.h"

enum { SELECTION_MEMORY = 1024 }; /* values of the last declarations */

struct selection_stream {
    struct selection_lane owed;
    struct random_key key;
    uint64_t seen;
    uint64_t random_block; /* the last one of which the random declaration is chosen */
    float recent[SELECTION_MEMORY], sorted[SELECTION_MEMORY];
};

void selection_stream_open(struct selection_stream *stream, struct random_key key);

/* Fills the answers of one item. Strategies that divide a budget are followed by their shares. */
void selection_stream_choose(struct selection_stream *stream, const struct selection_rules *rules,
                             const struct strategy_state *state, struct selection_item *item);

#endif
