/* SPDX-License-Identifier: GPL-3.0-or-later
 * forest.h - trees packed for scoring: margin = base + scale * sum of the leaves a row comes to.
 *
 * A row is first laid out twice, with its missing cells below and above all numbers, so that a
 * missing cell takes its direction by an ordinary comparison. Eight trees are walked at a time; a
 * leaf leads to itself, so nothing branches until all eight have arrived. */
#ifndef CORE_RISK_FOREST_H
#define CORE_RISK_FOREST_H

#include "core/risk/learner.h"
#include "core/risk/tree.h"

/* A node, numbered level by level within its tree, sisters beside each other:
 *
 *     where    31         20 19                          0
 *             +-------------+-----------------------------+
 *             |    slot     |  right child, from here     |
 *             +-------------+-----------------------------+
 *
 * The slot is 2 * column, + 1 where a missing cell goes left. That of a leaf is FOREST_LEAF, where
 * a row's layout has 0: below any threshold, and its left child is itself. */
struct forest_node {
    uint32_t threshold; /* key of it; of a leaf: the bits of its value, minus zero for zero */
    uint32_t where;
};

enum { FOREST_LEAF = 4095, FOREST_CELLS = FOREST_LEAF + 1 };

struct forest {
    uint32_t column_count, tree_count, node_count;
    uint32_t depth; /* of the deepest tree */
    double base, scale;
    double expectation; /* mean of the scaled sum over the covers, without the base */
    uint32_t *roots;    /* first node of each tree, to the next multiple of FOREST_GROUP filled up
                           with that of a tree that adds nothing; its node is the last */
    uint32_t *counts;   /* nodes of each tree */
    uint8_t *depths;    /* of each group of trees, the deepest */
    struct forest_node *nodes;
    float *values; /* a leaf's own; else the mean of those below, weighted by cover */
    float *covers;
    uint8_t *repeats; /* the level of the nearest edge above that asks for the same column as the
                         edge to this node; 0: none. Edges count from 1 at the root */
    double *abscissas, *weights; /* Gauss-Legendre on 0..1, (depth + 1) / 2 points */
};

enum { FOREST_GROUP = 8, FOREST_NODES_MAX = 1 << 30 };

/* Packs `tree_count` trees, none deeper than TREE_DEPTH_MAX. */
void forest_make(struct forest *forest, const struct tree *trees, uint32_t tree_count,
                 uint32_t column_count, double base, double scale, struct arena *arena);

/* Margin of one row. */
double forest_margin(const struct forest *forest, const float *row);

/* The leaf of one tree that a row comes to, as a node of the forest. */
uint32_t forest_leaf(const struct forest *forest, uint32_t tree, const float *row);

/* Adds each column's part to `parts` and returns the base, see learner_explain. Exact Shapley
 * values take time proportional to the nodes of all trees, not to the number of subsets. */
double forest_explain(const struct forest *forest, const float *row, enum learner_explanation how,
                      double *parts);

/* The section "forest": u32 trees, f64 base, f64 scale, u32 nodes of each tree, and of all nodes
 * u32 slots (4294967295 in leaves), f32 thresholds (0 in leaves), f32 values (0 elsewhere), f32
 * covers. */
void forest_write(const struct forest *forest, struct model_writer *writer);
/* 0, or -1 and the reader's error for whatever is no forest on `column_count` columns. */
int forest_read(struct forest *forest, struct model_reader *reader, uint32_t column_count,
                struct arena *arena);

/* For the table of a learner whose state is a forest. */
double forest_state_margin(const void *state, const float *row);
double forest_state_explain(const void *state, const float *row, enum learner_explanation how,
                            double *parts);
void forest_state_write(const void *state, struct model_writer *writer);
void *forest_state_read(struct model_reader *reader, uint32_t column_count, struct arena *arena);

#define FOREST_FUNCTIONS                                                                         \
    .margin = forest_state_margin, .explain = forest_state_explain, .write = forest_state_write, \
    .read = forest_state_read

/* Whole numbers in the order of the finite numbers they stand for, neither 0 nor the greatest; one
 * for both zeros. */
static inline uint32_t forest_key(float number) {
    uint32_t bits;
    number += 0.0f;
    memcpy(&bits, &number, sizeof bits);
    return bits ^ ((uint32_t)((int32_t)bits >> 31) | 0x80000000);
}

static inline float forest_number(uint32_t key) {
    uint32_t bits = key ^ (key & 0x80000000 ? 0x80000000 : 0xffffffff);
    float number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

/* The value of a leaf. */
static inline float forest_value(struct forest_node leaf) {
    float value;
    memcpy(&value, &leaf.threshold, sizeof value);
    return value;
}

static inline uint32_t forest_slot(struct forest_node node) {
    return node.where >> 20;
}

static inline bool forest_is_leaf(struct forest_node node) {
    return forest_slot(node) == FOREST_LEAF;
}

/* How far the left child of a node stands behind it, and the right one behind that; 0 of leaves. */
static inline uint32_t forest_step(struct forest_node node) {
    return (node.where & 0xfffff) - 1;
}

#endif
