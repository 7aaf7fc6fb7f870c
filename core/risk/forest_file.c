/* SPDX-License-Identifier: GPL-3.0-or-later
 * forest_file.c - the section "forest", drawn in forest.h.
 *
 * Children are not written: nodes stand level by level, so the next two nodes that nobody has led
 * to yet are the children of the next that is no leaf. A file therefore cannot hold a loop. */
#include "core/risk/forest_parts.h"

static const uint32_t LEAF = UINT32_MAX;

void forest_write(const struct forest *forest, struct model_writer *writer) {
    model_file_section(writer, "forest");
    model_file_put_u32(writer, forest->tree_count);
    model_file_put_f64(writer, forest->base);
    model_file_put_f64(writer, forest->scale);
    model_file_put_u32s(writer, forest->counts, forest->tree_count);
    for (uint32_t i = 0; i < forest->node_count; i++) {
        struct forest_node node = forest->nodes[i];
        model_file_put_u32(writer, forest_is_leaf(node) ? LEAF : forest_slot(node));
    }
    for (uint32_t i = 0; i < forest->node_count; i++) {
        struct forest_node node = forest->nodes[i];
        model_file_put_f32(writer, forest_is_leaf(node) ? 0.0f : forest_number(node.threshold));
    }
    for (uint32_t i = 0; i < forest->node_count; i++) {
        model_file_put_f32(writer, forest_is_leaf(forest->nodes[i]) ? forest->values[i] : 0.0f);
    }
    model_file_put_f32s(writer, forest->covers, forest->node_count);
}

/* What a file says of all nodes. */
struct columns {
    const uint32_t *slots;
    const float *thresholds, *values, *covers;
};

static int read_node(struct forest *forest, const struct columns *columns, uint32_t node,
                     struct model_reader *reader) {
    uint32_t slot = columns->slots[node];
    if (slot != LEAF && slot >= 2 * forest->column_count) {
        return model_file_fail(reader, "node %u asks for column %u of %u", node, slot / 2,
                               forest->column_count);
    }
    if (!__builtin_isfinite(columns->thresholds[node]) ||
        !__builtin_isfinite(columns->values[node]) || !__builtin_isfinite(columns->covers[node]) ||
        columns->covers[node] < 0) {
        return model_file_fail(reader, "node %u has a threshold, value or cover that is none",
                               node);
    }
    forest->values[node] = columns->values[node];
    forest->covers[node] = columns->covers[node];
    return 0;
}

/* Links the nodes of a tree; `ends` of a level is where the nodes of the next begin. */
static int link_tree(struct forest *forest, const struct columns *columns, uint32_t tree,
                     struct model_reader *reader) {
    uint32_t root = forest->roots[tree], count = forest->counts[tree];
    uint32_t placed = 1, depth = 0, level_end = 1;
    for (uint32_t i = 0; i < count; i++) {
        if (i == placed) {
            return model_file_fail(reader, "tree %u: nobody leads to node %u", tree, i);
        }
        if (i == level_end) {
            level_end = placed;
            depth++;
        }
        if (read_node(forest, columns, root + i, reader) < 0) {
            return -1;
        }
        if (columns->slots[root + i] == LEAF) {
            forest->nodes[root + i] = forest_leaf_of(columns->values[root + i]);
            continue;
        }
        if (count - placed < 2 || depth == TREE_DEPTH_MAX) {
            return model_file_fail(reader, "tree %u: node %u has no children, or is too deep", tree,
                                   i);
        }
        forest->nodes[root + i] =
            forest_inner(placed - i, columns->slots[root + i], columns->thresholds[root + i]);
        placed += 2;
    }
    return 0;
}

/* Reads how many nodes the trees have; returns their sum. */
static uint32_t read_counts(struct model_reader *reader, const uint32_t *counts,
                            uint32_t tree_count) {
    uint64_t sum = 0;
    for (uint32_t t = 0; t < tree_count; t++) {
        if (counts[t] == 0 || counts[t] > TREE_NODES_MAX) {
            model_file_fail(reader, "tree %u has %u nodes; it has 1 to %d", t, counts[t],
                            TREE_NODES_MAX);
            return 0;
        }
        sum += counts[t];
    }
    if (sum > FOREST_NODES_MAX) {
        model_file_fail(reader, "more than %d nodes", FOREST_NODES_MAX);
        return 0;
    }
    return (uint32_t)sum;
}

int forest_read(struct forest *forest, struct model_reader *reader, uint32_t column_count,
                struct arena *arena) {
    *forest = (struct forest){.column_count = column_count};
    model_file_require(reader, "forest");
    uint32_t tree_count = model_file_count(reader, FOREST_NODES_MAX, "trees");
    forest->base = model_file_f64(reader);
    forest->scale = model_file_f64(reader);
    const uint32_t *counts = model_file_u32s(reader, arena, tree_count);
    uint32_t node_count = counts == NULL ? 0 : read_counts(reader, counts, tree_count);
    struct columns columns = {
        model_file_u32s(reader, arena, node_count), model_file_f32s(reader, arena, node_count),
        model_file_f32s(reader, arena, node_count), model_file_f32s(reader, arena, node_count)};
    if (!__builtin_isfinite(forest->base) || !__builtin_isfinite(forest->scale)) {
        model_file_fail(reader, "base or scale is no finite number");
    }
    if (reader->failed) {
        return -1;
    }
    forest_reserve(forest, tree_count, node_count, arena);
    for (uint32_t t = 0, root = 0; t < tree_count; root += counts[t], t++) {
        forest->roots[t] = root;
        forest->counts[t] = counts[t];
        if (link_tree(forest, &columns, t, reader) < 0) {
            return -1;
        }
    }
    forest_finish(forest, arena);
    return 0;
}
