/* SPDX-License-Identifier: GPL-3.0-or-later
 * tree_grow.c - see tree_grow.h.
 *
 * A histogram has 256 slots a column: those of the bins, and the last for missing cells. Codes are
 * kept eight columns a word, row by row, so one load feeds eight counts and the histograms of eight
 * columns stay in the first cache. Nodes are split depth first; of two sisters the smaller is
 * counted and the larger takes over what is left of the parent's histogram. */
#include "core/risk/tree_grow.h"

#include "core/base/require.h"

#include <float.h>
#include <string.h>

enum { SLOTS = 256, MISSING = 255, BLOCK = 8 };

struct tree_grower {
    const struct tree_bins *bins;
    uint32_t block_count;
    uint64_t *codes;        /* codes[block * row_count + row] */
    tree_gradient *ordered; /* gradients in the order of the rows that are counted */
    uint32_t *aside;        /* rows that go right, while others are moved left */
    tree_gradient **free;   /* histograms that nobody uses */
    uint32_t free_count;
};

struct tree_grower *tree_grow_open(const struct tree_bins *bins, uint32_t depth,
                                   struct arena *arena) {
    REQUIRE(depth <= TREE_GROW_DEPTH_MAX);
    struct tree_grower *grower = ARENA_NEW(arena, struct tree_grower);
    uint32_t rows = bins->row_count;
    grower->bins = bins;
    grower->block_count = (bins->column_count + BLOCK - 1) / BLOCK;
    grower->codes = ARENA_ARRAY(arena, uint64_t, (size_t)grower->block_count * rows);
    for (uint32_t c = 0; c < bins->column_count; c++) {
        uint64_t *words = grower->codes + (size_t)(c / BLOCK) * rows;
        const uint16_t *codes = tree_bins_column(bins, c);
        REQUIRE(bins->bin_counts[c] <= TREE_GROW_BINS_MAX);
        for (uint32_t r = 0; r < rows; r++) {
            uint64_t code = codes[r] == bins->bin_counts[c] ? MISSING : codes[r];
            words[r] |= code << c % BLOCK * 8;
        }
    }
    grower->ordered = ARENA_ARRAY(arena, tree_gradient, rows);
    grower->aside = ARENA_ARRAY(arena, uint32_t, rows);
    grower->free = ARENA_ARRAY(arena, tree_gradient *, depth + 1);
    for (uint32_t i = 0; i <= depth; i++) {
        grower->free[grower->free_count++] =
            ARENA_ARRAY(arena, tree_gradient, (size_t)grower->block_count * BLOCK * SLOTS);
    }
    return grower;
}

/* ---- one tree ------------------------------------------------------------------------------ */

/* Rows begin..end of the input at a node. */
struct part {
    uint32_t begin, end, level;
    tree_gradient sum;
    tree_gradient *histogram; /* NULL: it is not to be split */
    double lower, upper;      /* of its value */
};

struct split {
    double gain; /* twice what it lowers the loss by, and the parent's G^2 / (H + lambda) */
    uint32_t column, bin; /* bins up to this go left */
    bool missing_left;
    tree_gradient left;
};

struct growth {
    struct tree_grower *grower;
    const struct tree_grow_settings *settings;
    const struct tree_grow_input *input;
    struct arena *arena;
    struct tree *tree;
    struct tree_grow_leaf *leaves;
    uint32_t leaf_count;
    size_t leaf_capacity;
    double unit; /* of a gradient: 1 / scale */
};

static void count_block(const uint64_t *words, const tree_gradient *ordered, const uint32_t *rows,
                        uint32_t count, tree_gradient *histogram) {
    for (uint32_t i = 0; i < count; i++) {
        uint64_t word = words[rows[i]];
        tree_gradient gradient = ordered[i];
#pragma GCC unroll 8
        for (uint64_t k = 0; k < BLOCK; k++) {
            histogram[k * SLOTS + (word >> k * 8 & 255)] += gradient;
        }
    }
}

static void count(const struct growth *growth, struct part *part) {
    struct tree_grower *grower = growth->grower;
    const uint32_t *rows = growth->input->rows + part->begin;
    uint32_t row_count = part->end - part->begin, done = UINT32_MAX;
    for (uint32_t i = 0; i < row_count; i++) {
        grower->ordered[i] = growth->input->gradients[rows[i]];
    }
    for (uint32_t i = 0; i < growth->input->column_count; i++) {
        uint32_t block = growth->input->columns[i] / BLOCK;
        if (block == done) {
            continue;
        }
        tree_gradient *histogram = part->histogram + (size_t)block * BLOCK * SLOTS;
        memset(histogram, 0, BLOCK * SLOTS * sizeof *histogram);
        count_block(grower->codes + (size_t)block * grower->bins->row_count, grower->ordered, rows,
                    row_count, histogram);
        done = block;
    }
}

static void subtract(const struct growth *growth, tree_gradient *from,
                     const tree_gradient *histogram) {
    for (uint32_t i = 0; i < growth->input->column_count; i++) {
        size_t first = (size_t)growth->input->columns[i] * SLOTS;
        for (uint32_t s = 0; s < SLOTS; s++) {
            from[first + s] -= histogram[first + s];
        }
    }
}

/* ---- choosing a split ---------------------------------------------------------------------- */

static double clamp(double value, double lower, double upper) {
    return value < lower ? lower : value > upper ? upper : value;
}

/* The best value of a leaf within bounds. */
static double value_of(const struct growth *growth, tree_gradient sum, double lower, double upper) {
    double g = (double)sum[0] * growth->unit, h = (double)sum[1] * growth->unit;
    double weight = h + growth->settings->lambda;
    return weight > 0 ? clamp(-g / weight, lower, upper) : clamp(0.0, lower, upper);
}

/* Twice what a leaf of a value lowers the loss by. */
static double worth_of(const struct growth *growth, tree_gradient sum, double value) {
    double g = (double)sum[0] * growth->unit, h = (double)sum[1] * growth->unit;
    return -(2.0 * g + (h + growth->settings->lambda) * value) * value;
}

/* The gain of a split where values are bounded or a direction is asked for; -1 where the direction
 * is broken. */
static double bounded_gain(const struct growth *growth, const struct part *part, tree_gradient left,
                           int direction) {
    tree_gradient right = part->sum - left;
    double low = value_of(growth, left, part->lower, part->upper);
    double high = value_of(growth, right, part->lower, part->upper);
    if ((direction > 0 && low > high) || (direction < 0 && low < high)) {
        return -1.0;
    }
    return worth_of(growth, left, low) + worth_of(growth, right, high);
}

static inline double free_gain(const struct growth *growth, const struct part *part,
                               tree_gradient left) {
    tree_gradient right = part->sum - left;
    double unit = growth->unit, lambda = growth->settings->lambda;
    double gl = (double)left[0] * unit, hl = (double)left[1] * unit + lambda;
    double gr = (double)right[0] * unit, hr = (double)right[1] * unit + lambda;
    return (gl * gl * hr + gr * gr * hl) / (hl * hr);
}

/* Tries the split that sends `left` left. */
static inline void try_split(const struct growth *growth, const struct part *part, uint32_t column,
                             uint32_t bin, bool missing_left, tree_gradient left, int64_t cover_min,
                             struct split *best) {
    if (left[1] < cover_min || part->sum[1] - left[1] < cover_min) {
        return;
    }
    const int8_t *directions = growth->settings->directions;
    double gain = directions == NULL ? free_gain(growth, part, left)
                                     : bounded_gain(growth, part, left, directions[column]);
    if (gain > best->gain) {
        *best = (struct split){gain, column, bin, missing_left, left};
    }
}

static void try_column(const struct growth *growth, const struct part *part, uint32_t column,
                       int64_t cover_min, struct split *best) {
    const tree_gradient *slots = part->histogram + (size_t)column * SLOTS;
    uint32_t bins = growth->grower->bins->bin_counts[column];
    tree_gradient missing = slots[MISSING], left = {0, 0};
    bool has_missing = missing[0] != 0 || missing[1] != 0;
    for (uint32_t bin = 0; bin < bins; bin++) {
        if (slots[bin][1] == 0 && slots[bin][0] == 0) {
            continue;
        }
        left += slots[bin];
        /* Without missing cells in the node they go where more rows went. */
        bool heavier = 2 * left[1] >= part->sum[1];
        try_split(growth, part, column, bin, !has_missing && heavier, left, cover_min, best);
        if (has_missing) {
            try_split(growth, part, column, bin, true, left + missing, cover_min, best);
        }
    }
}

/* False where no split is worth it. */
static bool find_split(const struct growth *growth, const struct part *part, struct split *best) {
    const struct tree_grow_settings *settings = growth->settings;
    double value = value_of(growth, part->sum, part->lower, part->upper);
    double least = worth_of(growth, part->sum, value) + 2.0 * settings->gain_min;
    double cover = settings->child_cover_min * growth->input->scale;
    int64_t cover_min = cover < 1 ? 1 : cover < 0x1p62 ? (int64_t)__builtin_ceil(cover) : INT64_MAX;
    /* Rounding alone may make a split of nothing look like a gain. */
    best->gain = least + 1e-12 * (least > 0 ? least : 1.0);
    best->column = UINT32_MAX;
    for (uint32_t i = 0; i < growth->input->column_count; i++) {
        try_column(growth, part, growth->input->columns[i], cover_min, best);
    }
    return best->column != UINT32_MAX;
}

/* ---- splitting ----------------------------------------------------------------------------- */

static bool goes_left(uint16_t code, uint32_t bin, uint32_t bin_count, bool missing_left) {
    return code == bin_count ? missing_left : code <= bin;
}

/* Brings the rows that go left to the front, each side in its old order. Returns where right
 * begins. */
static uint32_t divide(const struct growth *growth, const struct part *part,
                       const struct split *split) {
    const struct tree_bins *bins = growth->grower->bins;
    const uint16_t *codes = tree_bins_column(bins, split->column);
    uint32_t bin_count = bins->bin_counts[split->column];
    uint32_t *rows = growth->input->rows, *aside = growth->grower->aside;
    uint32_t left = part->begin, right = 0;
    for (uint32_t i = part->begin; i < part->end; i++) {
        uint32_t row = rows[i];
        bool goes = goes_left(codes[row], split->bin, bin_count, split->missing_left);
        rows[left] = row;
        aside[right] = row;
        left += goes;
        right += !goes;
    }
    memcpy(rows + left, aside, right * sizeof *rows);
    return left;
}

static void make_leaf(struct growth *growth, const struct part *part, uint32_t number) {
    growth->leaves = arena_grow(growth->arena, growth->leaves, growth->leaf_count,
                                &growth->leaf_capacity, sizeof *growth->leaves);
    growth->leaves[growth->leaf_count++] = (struct tree_grow_leaf){number, part->begin, part->end};
}

/* Gives the parts that may be split further a histogram; the parent's is used up. */
static void hand_down(struct growth *growth, struct part *parent, struct part *left,
                      struct part *right) {
    struct tree_grower *grower = growth->grower;
    if (left->level >= growth->settings->depth) {
        grower->free[grower->free_count++] = parent->histogram;
        return;
    }
    bool left_is_smaller = left->end - left->begin <= right->end - right->begin;
    struct part *smaller = left_is_smaller ? left : right;
    struct part *larger = left_is_smaller ? right : left;
    REQUIRE(grower->free_count > 0);
    smaller->histogram = grower->free[--grower->free_count];
    count(growth, smaller);
    larger->histogram = parent->histogram;
    subtract(growth, larger->histogram, smaller->histogram);
}

/* The parts on either side; a direction bounds them by the middle of their values, so that nothing
 * grown below can cross it. */
static void make_parts(const struct growth *growth, const struct part *part,
                       const struct split *split, uint32_t middle, struct part *left,
                       struct part *right) {
    const int8_t *directions = growth->settings->directions;
    *left = (struct part){part->begin, middle,      part->level + 1, split->left,
                          NULL,        part->lower, part->upper};
    *right = (struct part){middle, part->end,   part->level + 1, part->sum - split->left,
                           NULL,   part->lower, part->upper};
    if (directions != NULL && directions[split->column] != 0) {
        double between = 0.5 * (value_of(growth, left->sum, part->lower, part->upper) +
                                value_of(growth, right->sum, part->lower, part->upper));
        bool rising = directions[split->column] > 0;
        *(rising ? &left->upper : &left->lower) = between;
        *(rising ? &right->lower : &right->upper) = between;
    }
}

static float threshold_of(const struct tree_bins *bins, const struct split *split) {
    return split->bin + 1 < bins->bin_counts[split->column]
               ? bins->thresholds[split->column][split->bin]
               : FLT_MAX; /* all numbers left, only missing cells right */
}

static void grow_below(struct growth *growth, struct part *part, uint32_t number) {
    struct tree_node *node = &growth->tree->nodes[number];
    struct split split;
    node->value = (float)value_of(growth, part->sum, part->lower, part->upper);
    node->cover = (float)((double)part->sum[1] * growth->unit);
    if (part->histogram == NULL || !find_split(growth, part, &split)) {
        if (part->histogram != NULL) {
            growth->grower->free[growth->grower->free_count++] = part->histogram;
        }
        make_leaf(growth, part, number);
        return;
    }
    struct part left, right;
    make_parts(growth, part, &split, divide(growth, part, &split), &left, &right);
    hand_down(growth, part, &left, &right);
    uint32_t first = tree_add(growth->tree, growth->arena);
    uint32_t second = tree_add(growth->tree, growth->arena);
    node = &growth->tree->nodes[number];
    node->left = first;
    node->right = second;
    node->column = split.column;
    node->threshold = threshold_of(growth->grower->bins, &split);
    node->missing_left = split.missing_left;
    grow_below(growth, &left, first);
    grow_below(growth, &right, second);
}

uint32_t tree_grow(struct tree_grower *grower, const struct tree_grow_settings *settings,
                   const struct tree_grow_input *input, struct arena *arena, struct tree *tree,
                   struct tree_grow_leaf **leaves) {
    struct growth growth = {.grower = grower,
                            .settings = settings,
                            .input = input,
                            .arena = arena,
                            .tree = tree,
                            .unit = 1.0 / input->scale};
    struct part root = {
        .end = input->row_count, .lower = -__builtin_inf(), .upper = __builtin_inf()};
    for (uint32_t i = 0; i < input->row_count; i++) {
        root.sum += input->gradients[input->rows[i]];
    }
    if (settings->depth > 0) {
        root.histogram = grower->free[--grower->free_count];
        count(&growth, &root);
    }
    grow_below(&growth, &root, tree_add(tree, arena));
    *leaves = growth.leaves;
    return growth.leaf_count;
}

uint32_t tree_grow_leaf_of(const struct tree_grower *grower, const struct tree *tree,
                           uint32_t row) {
    const struct tree_bins *bins = grower->bins;
    uint32_t at = 0;
    while (!tree_is_leaf(&tree->nodes[at])) {
        const struct tree_node *node = &tree->nodes[at];
        uint16_t code = tree_bins_column(bins, node->column)[row];
        uint32_t count = bins->bin_counts[node->column];
        const float *thresholds = bins->thresholds[node->column];
        bool left = code == count        ? node->missing_left
                    : code + 1u == count ? node->threshold == FLT_MAX
                                         : thresholds[code] <= node->threshold;
        at = left ? node->left : node->right;
    }
    return at;
}
