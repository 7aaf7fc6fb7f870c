/* SPDX-License-Identifier: GPL-3.0-or-later
 * learner_isolation_forest.c - the odder a row, the fewer random cuts set it apart (Liu, Ting and
 * Zhou 2008).
 *
 * A tree cuts `sample` rows at a random place of a random column until each stands alone or
 * log2(sample) levels are reached. With the mean path length E of a row, rows left together counted
 * as if cut further, and c(n) that of n rows cut at random ranks, the score is 2^(-E / c(sample)).
 * Missing cells go to a side drawn for the cut. Labels are not looked at. */
#include "core/risk/forest.h"

enum parameter { TREES, SAMPLE };

static const struct learner_parameter parameters[] = {
    [TREES] = {"trees", 100, 1, 10000, true, "trees"},
    [SAMPLE] = {"sample", 256, 2, 65536, true, "rows that each tree cuts apart"},
    {NULL, 0, 0, 0, false, NULL}};

struct growth {
    const struct matrix *features;
    struct random_key key;
    uint64_t number;
    uint32_t purposes[3]; /* of the column, the place and the side of missing cells */
    uint32_t depth;
    struct arena *arena;
    struct tree *tree;
    uint32_t *rows, *columns;
    const double *lengths; /* c(n) */
};

/* c(n) = 2 (1/2 + 1/3 + ... + 1/n): mean path to one of n rows where every rank is equally likely
 * to be cut at; lengths[0] is not used. */
static double *path_lengths(uint32_t count, struct arena *arena) {
    double *lengths = ARENA_ARRAY(arena, double, (size_t)count + 1);
    for (uint32_t n = 2; n <= count; n++) {
        lengths[n] = lengths[n - 1] + 2.0 / n;
    }
    return lengths;
}

static double draw(const struct growth *growth, int what, uint32_t node) {
    return random_uniform(growth->key, growth->number, growth->purposes[what], node);
}

/* Least and greatest number of a column among rows; false where no two differ. */
static bool find_range(const struct growth *growth, uint32_t begin, uint32_t end, uint32_t column,
                       float *least, float *most) {
    const float *cells = matrix_column(growth->features, column);
    *least = __builtin_inff();
    *most = -__builtin_inff();
    for (uint32_t i = begin; i < end; i++) {
        float cell = cells[growth->rows[i]];
        *least = cell < *least ? cell : *least; /* false of missing cells */
        *most = cell > *most ? cell : *most;
    }
    return *least < *most;
}

/* One of the columns that differ among the rows, each equally likely; false where there is none. */
static bool choose_column(struct growth *growth, uint32_t begin, uint32_t end, uint32_t node,
                          uint32_t *column, float *least, float *most) {
    uint32_t count = 0;
    for (uint32_t c = 0; c < growth->features->column_count; c++) {
        if (find_range(growth, begin, end, c, least, most)) {
            growth->columns[count++] = c;
        }
    }
    if (count == 0) {
        return false;
    }
    *column = growth->columns[(uint32_t)(draw(growth, 0, node) * count)];
    return find_range(growth, begin, end, *column, least, most);
}

static uint32_t divide(struct growth *growth, uint32_t begin, uint32_t end,
                       const struct tree_node *node) {
    const float *cells = matrix_column(growth->features, node->column);
    uint32_t middle = begin;
    for (uint32_t i = begin; i < end; i++) {
        uint32_t row = growth->rows[i];
        float cell = cells[row];
        if (cell != cell ? node->missing_left : cell < node->threshold) {
            growth->rows[i] = growth->rows[middle];
            growth->rows[middle++] = row;
        }
    }
    return middle;
}

static void grow_below(struct growth *growth, uint32_t begin, uint32_t end, uint32_t number,
                       uint32_t level) {
    struct tree_node node = growth->tree->nodes[number];
    uint32_t count = end - begin;
    float least, most;
    node.cover = (float)count;
    node.value = (float)(level + growth->lengths[count]);
    if (count > 1 && level < growth->depth &&
        choose_column(growth, begin, end, number, &node.column, &least, &most)) {
        double place = (double)least + draw(growth, 1, number) * ((double)most - (double)least);
        node.threshold = (float)place > least ? (float)place : most;
        node.missing_left = draw(growth, 2, number) < 0.5;
        uint32_t middle = divide(growth, begin, end, &node);
        node.left = tree_add(growth->tree, growth->arena);
        node.right = tree_add(growth->tree, growth->arena);
        grow_below(growth, begin, middle, node.left, level + 1);
        grow_below(growth, middle, end, node.right, level + 1);
    }
    growth->tree->nodes[number] = node;
}

/* The first `sample` places of a random order of all rows. */
static void draw_sample(struct growth *growth, uint32_t sample) {
    uint32_t purpose = random_purpose("row of a sample", 0), all = growth->features->row_count;
    for (uint32_t i = 0; i < sample; i++) {
        double place = random_uniform(growth->key, growth->number, purpose, i) * (all - i);
        uint32_t other = i + (uint32_t)place, row = growth->rows[other];
        growth->rows[other] = growth->rows[i];
        growth->rows[i] = row;
    }
}

static uint32_t levels_of(uint32_t sample) {
    uint32_t levels = 0;
    while (((uint32_t)1 << levels) < sample) {
        levels++;
    }
    return levels;
}

static void *train(const struct learner_data *data, const double *values, struct random_key key,
                   struct arena *arena, struct arena *scratch, struct error *err) {
    uint32_t rows = data->features.row_count, tree_count = (uint32_t)values[TREES];
    uint32_t sample = (uint32_t)values[SAMPLE] < rows ? (uint32_t)values[SAMPLE] : rows;
    if (sample < 2) {
        error_set(err, ERROR_INPUT, "isolation_forest: one row cannot be set apart from others");
        return NULL;
    }
    const double *lengths = path_lengths(sample, scratch);
    struct growth growth = {
        .features = &data->features,
        .key = key,
        .purposes = {random_purpose("column of a cut", 0), random_purpose("place of a cut", 0),
                     random_purpose("missing cells of a cut", 0)},
        .depth = levels_of(sample),
        .arena = scratch,
        .rows = ARENA_ARRAY(scratch, uint32_t, rows),
        .columns = ARENA_ARRAY(scratch, uint32_t, data->features.column_count),
        .lengths = lengths,
    };
    struct tree *trees = ARENA_ARRAY(scratch, struct tree, tree_count);
    for (uint32_t t = 0; t < tree_count; t++) {
        growth.number = t;
        growth.tree = &trees[t];
        for (uint32_t r = 0; r < rows; r++) {
            growth.rows[r] = r;
        }
        draw_sample(&growth, sample);
        grow_below(&growth, 0, sample, tree_add(growth.tree, scratch), 0);
    }
    struct forest *forest = ARENA_NEW(arena, struct forest);
    forest_make(forest, trees, tree_count, data->features.column_count, 0.0,
                -1.0 / (lengths[sample] * tree_count), arena);
    return forest;
}

const struct learner learner_isolation_forest = {
    .name = "isolation_forest",
    .doc = "How few random cuts set a row apart from the others; without labels.",
    .task = LEARNER_ANOMALY,
    .link = LEARNER_HALVING,
    .parameters = parameters,
    .train = train,
    FOREST_FUNCTIONS,
};
