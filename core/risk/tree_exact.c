/* SPDX-License-Identifier: GPL-3.0-or-later
 * tree_exact.c - see tree_exact.h.
 *
 * With o ones of weight w, 2 p (1 - p) w = 2 (o - o^2 / w); so the best split has the greatest sum
 * of o^2 / w. */
#include "core/risk/tree_exact.h"

#include "core/base/require.h"

#include <float.h>
#include <string.h>

/* Weight of the ones, and of all. */
typedef int64_t weights_pair __attribute__((vector_size(16)));

enum { INSERTION_MAX = 24, CODES = TREE_BINS_MAX + 1 };

struct growth {
    const struct tree_exact_input *input;
    const struct tree_exact_settings *settings;
    struct random_key key;
    uint64_t number;
    uint32_t purpose;
    struct arena *arena;
    struct tree *tree;
    uint32_t *rows, *aside;
    weights_pair *row_weights; /* of the node's rows, in their order */
    uint64_t *keys, *other;    /* code and place of each row, to be sorted */
    weights_pair *slots;       /* by code; all zero between uses */
    uint32_t *columns;         /* a permutation */
};

struct part {
    uint32_t begin, end, level;
    weights_pair sum;
};

struct split {
    double worth;
    uint32_t column, code; /* codes up to this go left */
    bool missing_left;
    weights_pair left;
};

/* ---- one column ---------------------------------------------------------------------------- */

static double worth_of(weights_pair left, weights_pair right) {
    double ones_left = (double)left[0], ones_right = (double)right[0];
    double all_left = (double)left[1], all_right = (double)right[1];
    return ones_left * (ones_left / all_left) + ones_right * (ones_right / all_right);
}

struct scan {
    const struct part *part;
    uint32_t column;
    int64_t least; /* weight on either side */
    weights_pair left, missing;
    struct split *best;
};

static inline void try_split(struct scan *scan, uint32_t code, weights_pair left,
                             bool missing_left) {
    weights_pair right = scan->part->sum - left;
    if (left[1] < scan->least || right[1] < scan->least) {
        return;
    }
    double worth = worth_of(left, right);
    if (worth > scan->best->worth) {
        *scan->best = (struct split){worth, scan->column, code, missing_left, left};
    }
}

/* The rows of `code` go left as well. */
static inline void pass_code(struct scan *scan, uint32_t code, weights_pair weights) {
    scan->left += weights;
    if (scan->missing[1] == 0) { /* nobody is missing here: they go where more rows go */
        try_split(scan, code, scan->left, 2 * scan->left[1] >= scan->part->sum[1]);
        return;
    }
    try_split(scan, code, scan->left, false);
    try_split(scan, code, scan->left + scan->missing, true);
}

static void sort_by_insertion(uint64_t *keys, uint32_t count) {
    for (uint32_t i = 1; i < count; i++) {
        uint64_t key = keys[i];
        uint32_t j = i;
        for (; j > 0 && keys[j - 1] > key; j--) {
            keys[j] = keys[j - 1];
        }
        keys[j] = key;
    }
}

/* By the sixteen bits of the code, eight at a time. */
static void sort_by_digits(uint64_t *keys, uint64_t *other, uint32_t count) {
    for (int shift = 32; shift < 48; shift += 8) {
        uint32_t places[256] = {0}, sum = 0;
        for (uint32_t i = 0; i < count; i++) {
            places[keys[i] >> shift & 255]++;
        }
        for (uint32_t d = 0; d < 256; d++) {
            uint32_t here = places[d];
            places[d] = sum;
            sum += here;
        }
        for (uint32_t i = 0; i < count; i++) {
            other[places[keys[i] >> shift & 255]++] = keys[i];
        }
        uint64_t *sorted = other;
        other = keys;
        keys = sorted;
    }
}

static void scan_sorted(struct growth *growth, struct scan *scan, uint32_t count) {
    if (count <= INSERTION_MAX) {
        sort_by_insertion(growth->keys, count);
    } else {
        sort_by_digits(growth->keys, growth->other, count);
    }
    for (uint32_t i = 0; i < count;) {
        uint32_t code = (uint32_t)(growth->keys[i] >> 32);
        weights_pair sum = {0, 0};
        for (; i < count && growth->keys[i] >> 32 == code; i++) {
            sum += growth->row_weights[(uint32_t)growth->keys[i]];
        }
        pass_code(scan, code, sum);
    }
}

static void scan_counted(struct growth *growth, struct scan *scan, uint32_t count, uint32_t first,
                         uint32_t last) {
    for (uint32_t i = 0; i < count; i++) {
        uint64_t key = growth->keys[i];
        growth->slots[key >> 32] += growth->row_weights[(uint32_t)key];
    }
    for (uint32_t code = first; code <= last; code++) {
        weights_pair weights = growth->slots[code];
        if (weights[1] != 0) {
            growth->slots[code] = (weights_pair){0, 0};
            pass_code(scan, code, weights);
        }
    }
}

/* Looks for a better split on a column; false when all rows of the part have one value there. */
static bool try_column(struct growth *growth, const struct part *part, uint32_t column,
                       struct split *best) {
    const struct tree_bins *bins = growth->input->bins;
    const uint16_t *codes = tree_bins_column(bins, column);
    const uint32_t *rows = growth->rows + part->begin;
    uint32_t row_count = part->end - part->begin, present = 0, first = CODES, last = 0;
    double least = growth->settings->leaf_weight_min * growth->input->scale;
    struct scan scan = {.part = part, .column = column, .best = best};
    scan.least = least < 1 ? 1 : least < 0x1p62 ? (int64_t)__builtin_ceil(least) : INT64_MAX;
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t code = codes[rows[i]];
        if (code == bins->bin_counts[column]) {
            scan.missing += growth->row_weights[i];
            continue;
        }
        growth->keys[present++] = (uint64_t)code << 32 | i;
        first = code < first ? code : first;
        last = code > last ? code : last;
    }
    if (present == 0 || (first == last && present == row_count)) {
        return false;
    }
    if (present > INSERTION_MAX && last - first < 2 * present) {
        scan_counted(growth, &scan, present, first, last);
    } else {
        scan_sorted(growth, &scan, present);
    }
    return true;
}

/* ---- one node ------------------------------------------------------------------------------ */

/* Draws columns without replacement until enough of them could have split. */
static bool find_split(struct growth *growth, const struct part *part, uint32_t node,
                       struct split *best) {
    uint32_t column_count = growth->input->bins->column_count, looked = 0;
    for (uint32_t i = part->begin; i < part->end; i++) {
        uint32_t row = growth->rows[i];
        int64_t weight = growth->input->weights[row];
        growth->row_weights[i - part->begin] =
            (weights_pair){growth->input->labels[row] == 1.0f ? weight : 0, weight};
    }
    double ones = (double)part->sum[0];
    best->worth = ones * (ones / (double)part->sum[1]) * (1.0 + 1e-12);
    best->column = UINT32_MAX;
    for (uint32_t i = 0; i < column_count && looked < growth->settings->column_draws; i++) {
        if (growth->settings->column_draws < column_count) {
            double draw =
                random_uniform(growth->key, growth->number, growth->purpose, node << 11 | i);
            uint32_t other = i + (uint32_t)(draw * (column_count - i));
            uint32_t column = growth->columns[other];
            growth->columns[other] = growth->columns[i];
            growth->columns[i] = column;
        }
        looked += try_column(growth, part, growth->columns[i], best);
    }
    return best->column != UINT32_MAX;
}

static uint32_t divide(struct growth *growth, const struct part *part, const struct split *split) {
    const struct tree_bins *bins = growth->input->bins;
    const uint16_t *codes = tree_bins_column(bins, split->column);
    uint32_t missing = bins->bin_counts[split->column], left = part->begin, right = 0;
    for (uint32_t i = part->begin; i < part->end; i++) {
        uint32_t row = growth->rows[i], code = codes[row];
        bool goes = code == missing ? split->missing_left : code <= split->code;
        growth->rows[left] = row;
        growth->aside[right] = row;
        left += goes;
        right += !goes;
    }
    memcpy(growth->rows + left, growth->aside, right * sizeof *growth->aside);
    return left;
}

static void grow_below(struct growth *growth, const struct part *part, uint32_t number) {
    struct tree_node *node = &growth->tree->nodes[number];
    struct split split;
    node->value = (float)((double)part->sum[0] / (double)part->sum[1]);
    node->cover = (float)((double)part->sum[1] / growth->input->scale);
    bool pure = part->sum[0] == 0 || part->sum[0] == part->sum[1];
    if (pure || part->level == growth->settings->depth ||
        growth->tree->count + 2 > TREE_NODES_MAX || !find_split(growth, part, number, &split)) {
        return;
    }
    const struct tree_bins *bins = growth->input->bins;
    uint32_t middle = divide(growth, part, &split);
    struct part left = {part->begin, middle, part->level + 1, split.left};
    struct part right = {middle, part->end, part->level + 1, part->sum - split.left};
    uint32_t first = tree_add(growth->tree, growth->arena);
    uint32_t second = tree_add(growth->tree, growth->arena);
    node = &growth->tree->nodes[number];
    node->left = first;
    node->right = second;
    node->column = split.column;
    node->missing_left = split.missing_left;
    node->threshold = split.code + 1 < bins->bin_counts[split.column]
                          ? bins->thresholds[split.column][split.code]
                          : FLT_MAX; /* all numbers left, only missing cells right */
    grow_below(growth, &left, first);
    grow_below(growth, &right, second);
}

void tree_exact_grow(const struct tree_exact_input *input,
                     const struct tree_exact_settings *settings, struct random_key key,
                     uint64_t number, struct arena *arena, struct tree *tree) {
    uint32_t row_count = input->bins->row_count;
    struct arena scratch = ARENA_INIT;
    struct growth growth = {
        .input = input,
        .settings = settings,
        .key = key,
        .number = number,
        .purpose = random_purpose("column of a node", 0),
        .arena = arena,
        .tree = tree,
        .rows = ARENA_ARRAY(&scratch, uint32_t, row_count),
        .aside = ARENA_ARRAY(&scratch, uint32_t, row_count),
        .row_weights = ARENA_ARRAY(&scratch, weights_pair, row_count),
        .keys = ARENA_ARRAY(&scratch, uint64_t, row_count),
        .other = ARENA_ARRAY(&scratch, uint64_t, row_count),
        .slots = ARENA_ARRAY(&scratch, weights_pair, CODES),
        .columns = ARENA_ARRAY(&scratch, uint32_t, input->bins->column_count),
    };
    struct part root = {0, 0, 0, {0, 0}};
    REQUIRE(settings->depth <= TREE_DEPTH_MAX);
    for (uint32_t r = 0; r < row_count; r++) {
        if (input->weights[r] > 0) {
            int64_t weight = input->weights[r];
            root.sum += (weights_pair){input->labels[r] == 1.0f ? weight : 0, weight};
            growth.rows[root.end++] = r;
        }
    }
    REQUIRE(root.end > 0);
    for (uint32_t c = 0; c < input->bins->column_count; c++) {
        growth.columns[c] = c;
    }
    grow_below(&growth, &root, tree_add(tree, arena));
    arena_free(&scratch);
}
