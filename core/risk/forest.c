/* SPDX-License-Identifier: GPL-3.0-or-later
 * forest.c - packing and walking; explanations stand in forest_explain.c, files in forest_file.c.
 */
#include "core/risk/forest.h"

#include "core/base/require.h"
#include "core/risk/forest_parts.h"

/* ---- packing ------------------------------------------------------------------------------- */

void forest_reserve(struct forest *forest, uint32_t tree_count, uint32_t node_count,
                    struct arena *arena) {
    uint32_t group_count = (tree_count + FOREST_GROUP - 1) / FOREST_GROUP;
    forest->tree_count = tree_count;
    forest->node_count = node_count;
    forest->roots = ARENA_ARRAY(arena, uint32_t, (size_t)group_count * FOREST_GROUP);
    forest->counts = ARENA_ARRAY(arena, uint32_t, tree_count);
    forest->depths = ARENA_ARRAY(arena, uint8_t, group_count);
    forest->nodes = ARENA_ARRAY(arena, struct forest_node, (size_t)node_count + 1);
    forest->values = ARENA_ARRAY(arena, float, (size_t)node_count + 1);
    forest->covers = ARENA_ARRAY(arena, float, (size_t)node_count + 1);
    forest->repeats = ARENA_ARRAY(arena, uint8_t, (size_t)node_count + 1);
    forest->nodes[node_count] = forest_leaf_of(0.0f);
    for (uint32_t t = tree_count; t < group_count * FOREST_GROUP; t++) {
        forest->roots[t] = node_count;
    }
}

/* Mean of the leaves below a node; fills the values of inner nodes on the way. */
static double fill_values(struct forest *forest, uint32_t at) {
    struct forest_node node = forest->nodes[at];
    if (forest_is_leaf(node)) {
        return (double)forest->values[at];
    }
    uint32_t left = at + forest_step(node);
    double mean = forest_share(forest, left, left) * fill_values(forest, left) +
                  forest_share(forest, left, left + 1) * fill_values(forest, left + 1);
    forest->values[at] = (float)mean;
    return mean;
}

/* Fills `repeats` below a node; columns[level - 1] is the one asked for at that level. Returns the
 * depth. */
static uint32_t fill_repeats(struct forest *forest, uint32_t at, uint16_t columns[TREE_DEPTH_MAX],
                             uint32_t level) {
    struct forest_node node = forest->nodes[at];
    if (forest_is_leaf(node)) {
        return level;
    }
    uint32_t child = at + forest_step(node), above = level;
    columns[level] = (uint16_t)(forest_slot(node) >> 1);
    while (above > 0 && columns[above - 1] != columns[level]) {
        above--;
    }
    forest->repeats[child] = forest->repeats[child + 1] = (uint8_t)above;
    uint32_t left = fill_repeats(forest, child, columns, level + 1);
    uint32_t right = fill_repeats(forest, child + 1, columns, level + 1);
    return left > right ? left : right;
}

void forest_finish(struct forest *forest, struct arena *arena) {
    double sum = 0.0;
    forest->depth = 0;
    for (uint32_t t = 0; t < forest->tree_count; t++) {
        uint16_t columns[TREE_DEPTH_MAX];
        uint32_t root = forest->roots[t];
        sum += fill_values(forest, root);
        uint32_t depth = fill_repeats(forest, root, columns, 0);
        uint8_t *deepest = &forest->depths[t / FOREST_GROUP];
        *deepest = depth > *deepest ? (uint8_t)depth : *deepest;
        forest->depth = depth > forest->depth ? depth : forest->depth;
    }
    forest->expectation = forest->scale * sum;
    forest_fill_quadrature(forest, arena);
}

/* Numbers the nodes of a tree level by level and packs them behind `root`. */
static void pack_tree(struct forest *forest, const struct tree *tree, uint32_t root,
                      uint32_t *order) {
    uint32_t placed = 1;
    order[0] = 0;
    for (uint32_t i = 0; i < tree->count; i++) {
        REQUIRE(i < placed);
        const struct tree_node *node = &tree->nodes[order[i]];
        forest->covers[root + i] = node->cover;
        if (tree_is_leaf(node)) {
            forest->nodes[root + i] = forest_leaf_of(node->value);
            forest->values[root + i] = node->value;
            continue;
        }
        REQUIRE(node->column < forest->column_count && placed + 2 <= tree->count);
        forest->nodes[root + i] =
            forest_inner(placed - i, node->column << 1 | node->missing_left, node->threshold);
        order[placed++] = node->left;
        order[placed++] = node->right;
    }
    REQUIRE(placed == tree->count);
}

void forest_make(struct forest *forest, const struct tree *trees, uint32_t tree_count,
                 uint32_t column_count, double base, double scale, struct arena *arena) {
    uint64_t node_count = 0;
    uint32_t largest = 0;
    for (uint32_t t = 0; t < tree_count; t++) {
        REQUIRE(tree_depth(&trees[t]) <= TREE_DEPTH_MAX);
        node_count += trees[t].count;
        largest = trees[t].count > largest ? trees[t].count : largest;
    }
    REQUIRE(node_count <= FOREST_NODES_MAX);
    *forest = (struct forest){.column_count = column_count, .base = base, .scale = scale};
    forest_reserve(forest, tree_count, (uint32_t)node_count, arena);
    struct arena scratch = ARENA_INIT;
    uint32_t *order = ARENA_ARRAY(&scratch, uint32_t, largest), root = 0;
    for (uint32_t t = 0; t < tree_count; t++) {
        forest->roots[t] = root;
        forest->counts[t] = trees[t].count;
        pack_tree(forest, &trees[t], root, order);
        root += trees[t].count;
    }
    arena_free(&scratch);
    forest_finish(forest, arena);
}

/* ---- walking ------------------------------------------------------------------------------- */

void forest_lay_out(const struct forest *forest, const float *restrict row,
                    uint32_t cells[restrict FOREST_CELLS]) {
    const size_t column_count = forest->column_count;
    cells[FOREST_LEAF] = 0;
    for (size_t c = 0; c < column_count; c++) { /* without branches: vector code */
        uint32_t key = forest_key(row[c]), missing = row[c] != row[c] ? 0xffffffff : 0;
        cells[2 * c] = key | missing;
        cells[2 * c + 1] = key & ~missing;
    }
}

static inline const struct forest_node *next_of(const struct forest_node *node,
                                                const uint32_t *cells) {
    return node + (forest_step(*node) + 1 - (cells[forest_slot(*node)] < node->threshold));
}

/* Trees that are deep are seldom balanced, so it is worth looking whether all have arrived. */
enum { STEPS_BEFORE_LOOKS = 10 };

static inline bool all_arrived(const struct forest_node *const nodes[FOREST_GROUP]) {
    bool all = true;
    for (int k = 0; k < FOREST_GROUP; k++) {
        all &= forest_is_leaf(*nodes[k]);
    }
    return all;
}

/* The sum of the leaves that a group of trees, none deeper than `depth`, leads to. */
static inline double sum_group(const struct forest *forest, const uint32_t roots[FOREST_GROUP],
                               uint32_t depth, const uint32_t *cells) {
    const struct forest_node *at[FOREST_GROUP];
    double values[FOREST_GROUP];
    for (int k = 0; k < FOREST_GROUP; k++) {
        at[k] = forest->nodes + roots[k];
    }
    for (uint32_t taken = 0; taken < depth; taken++) {
        if (taken >= STEPS_BEFORE_LOOKS && taken % 2 == 0 && all_arrived(at)) {
            break;
        }
#pragma GCC unroll 8
        for (int k = 0; k < FOREST_GROUP; k++) {
            at[k] = next_of(at[k], cells);
        }
    }
    for (int k = 0; k < FOREST_GROUP; k++) {
        values[k] = (double)forest_value(*at[k]);
    }
    return ((values[0] + values[1]) + (values[2] + values[3])) +
           ((values[4] + values[5]) + (values[6] + values[7]));
}

double forest_margin(const struct forest *forest, const float *row) {
    uint32_t cells[FOREST_CELLS];
    double sum = 0.0;
    forest_lay_out(forest, row, cells);
    for (uint32_t first = 0; first < forest->tree_count; first += FOREST_GROUP) {
        sum +=
            sum_group(forest, forest->roots + first, forest->depths[first / FOREST_GROUP], cells);
    }
    return forest->base + forest->scale * sum;
}

uint32_t forest_leaf(const struct forest *forest, uint32_t tree, const float *row) {
    const struct forest_node *node = forest->nodes + forest->roots[tree];
    while (!forest_is_leaf(*node)) {
        uint32_t slot = forest_slot(*node);
        float cell = row[slot >> 1];
        bool right = cell != cell ? (slot & 1) == 0 : forest_key(cell) >= node->threshold;
        node += forest_step(*node) + right;
    }
    return (uint32_t)(node - forest->nodes);
}

/* ---- as a learner's state ------------------------------------------------------------------ */

double forest_state_margin(const void *state, const float *row) {
    return forest_margin(state, row);
}

double forest_state_explain(const void *state, const float *row, enum learner_explanation how,
                            double *parts) {
    return forest_explain(state, row, how, parts);
}

void forest_state_write(const void *state, struct model_writer *writer) {
    forest_write(state, writer);
}

void *forest_state_read(struct model_reader *reader, uint32_t column_count, struct arena *arena) {
    struct forest *forest = ARENA_NEW(arena, struct forest);
    return forest_read(forest, reader, column_count, arena) < 0 ? NULL : forest;
}
