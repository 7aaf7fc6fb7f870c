/* SPDX-License-Identifier: GPL-3.0-or-later
 * tree.h - one tree while it is grown or read; to be used it is packed into a forest.
 *
 * A row goes left where its cell is below the threshold, and where it has none, as the node says.
 * Node 0 is the root. */
#ifndef CORE_RISK_TREE_H
#define CORE_RISK_TREE_H

#include "core/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum { TREE_DEPTH_MAX = 62, TREE_NODES_MAX = 1 << 20 };

struct tree_node {
    uint32_t left, right; /* children; both 0: a leaf */
    uint32_t column;
    float threshold; /* finite */
    bool missing_left;
    float value; /* of a leaf: what it adds to the margin */
    float cover; /* weight of the training rows that came here; its unit is the learner's own */
};

struct tree {
    struct tree_node *nodes;
    uint32_t count;
    size_t capacity;
};

/* A leaf of value and cover 0; returns its number. */
uint32_t tree_add(struct tree *tree, struct arena *arena);

static inline bool tree_is_leaf(const struct tree_node *node) {
    return node->left == 0;
}

/* Levels below the root: 0 for a single leaf. */
uint32_t tree_depth(const struct tree *tree);

#endif
