/* SPDX-License-Identifier: GPL-3.0-or-later
 * tree.c - see tree.h. */
#include "core/risk/tree.h"

#include "core/base/require.h"

uint32_t tree_add(struct tree *tree, struct arena *arena) {
    REQUIRE(tree->count < TREE_NODES_MAX);
    tree->nodes = arena_grow(arena, tree->nodes, tree->count, &tree->capacity, sizeof *tree->nodes);
    tree->nodes[tree->count] = (struct tree_node){0};
    return tree->count++;
}

static uint32_t depth_below(const struct tree *tree, uint32_t number) {
    const struct tree_node *node = &tree->nodes[number];
    if (tree_is_leaf(node)) {
        return 0;
    }
    uint32_t left = depth_below(tree, node->left), right = depth_below(tree, node->right);
    return 1 + (left > right ? left : right);
}

uint32_t tree_depth(const struct tree *tree) {
    return depth_below(tree, 0);
}
