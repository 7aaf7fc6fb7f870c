/* SPDX-License-Identifier: GPL-3.0-or-later
 * forest_parts.h - what the files that make, explain and keep a forest share. */
#ifndef CORE_RISK_FOREST_PARTS_H
#define CORE_RISK_FOREST_PARTS_H

#include "core/risk/forest.h"

/* Arrays for so many trees and nodes. */
void forest_reserve(struct forest *forest, uint32_t tree_count, uint32_t node_count,
                    struct arena *arena);
/* Fills what follows from nodes, leaf values and covers. */
void forest_finish(struct forest *forest, struct arena *arena);
void forest_fill_quadrature(struct forest *forest, struct arena *arena);

static inline struct forest_node forest_inner(uint32_t step, uint32_t slot, float threshold) {
    return (struct forest_node){forest_key(threshold), slot << 20 | (step + 1)};
}

static inline struct forest_node forest_leaf_of(float value) {
    struct forest_node leaf = {0x80000000, (uint32_t)FOREST_LEAF << 20 | 1};
    if (value != 0.0f) {
        memcpy(&leaf.threshold, &value, sizeof value);
    }
    return leaf;
}

/* The keys of a row, twice: cells[2 c] and cells[2 c + 1] are its cell's, or where that is missing,
 * above and below all others; and what leaves ask for. */
void forest_lay_out(const struct forest *forest, const float *row, uint32_t cells[FOREST_CELLS]);

/* The share of a node's cover that went to one of its children; `left` is the left one. A half
 * each where nothing is covered. */
static inline double forest_share(const struct forest *forest, uint32_t left, uint32_t child) {
    double all = (double)forest->covers[left] + (double)forest->covers[left + 1];
    return all > 0 ? (double)forest->covers[child] / all : 0.5;
}

#endif
