/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_tree_grow.c - goal: every split has the greatest gain of all that could be made, missing
 * cells included; leaves hold the sums of their rows; a partition that was hidden is found; and
 * directions are kept. Method: brute force over rows, columns, thresholds and sides. */
#include "core/risk/tree_grow.h"
#include "tests/test.h"
#include "tests/unit/learner_data.h"

enum { ROWS = 400, COLUMNS = 11 };

struct setting {
    struct arena arena;
    struct matrix matrix;
    struct tree_bins bins;
    struct tree_grower *grower;
    tree_gradient gradients[ROWS];
    uint32_t rows[ROWS], columns[COLUMNS];
    struct tree tree;
    struct tree_grow_leaf *leaves;
    uint32_t leaf_count;
};

static const double SCALE = 0x1p30;

static void set_up(struct setting *setting, uint64_t seed) {
    struct random_key key = random_key_make(seed, 9);
    *setting = (struct setting){.arena = ARENA_INIT};
    setting->matrix = made_matrix(&setting->arena, ROWS, COLUMNS, 12, seed % 2 ? 0.2 : 0.0, seed);
    tree_bins_make(&setting->bins, &setting->matrix, 255, &setting->arena, &setting->arena);
    setting->grower = tree_grow_open(&setting->bins, 6, &setting->arena);
    for (uint32_t r = 0; r < ROWS; r++) {
        setting->gradients[r] =
            (tree_gradient){(int64_t)(SCALE * (random_uniform(key, r, 2, 0) - 0.5)),
                            (int64_t)(SCALE * random_uniform(key, r, 2, 1))};
        setting->rows[r] = r;
    }
    for (uint32_t c = 0; c < COLUMNS; c++) {
        setting->columns[c] = c;
    }
}

static void grow(struct setting *setting, const struct tree_grow_settings *settings,
                 uint32_t row_count) {
    struct tree_grow_input input = {setting->gradients, SCALE,  setting->rows, row_count,
                                    setting->columns,   COLUMNS};
    setting->leaf_count = tree_grow(setting->grower, settings, &input, &setting->arena,
                                    &setting->tree, &setting->leaves);
}

static bool goes_left(float cell, float threshold, bool missing_left) {
    return cell != cell ? missing_left : cell < threshold;
}

/* What a division of rows lowers the loss by, less what the whole does; -1 where a side has too
 * little. */
static double gain_of(const struct setting *setting, const uint32_t *rows, uint32_t count,
                      uint32_t column, float threshold, bool missing_left,
                      const struct tree_grow_settings *settings) {
    double g[2] = {0, 0}, h[2] = {0, 0}, lambda = settings->lambda;
    for (uint32_t i = 0; i < count; i++) {
        float cell = matrix_column(&setting->matrix, column)[rows[i]];
        int side = !goes_left(cell, threshold, missing_left);
        g[side] += (double)setting->gradients[rows[i]][0] / SCALE;
        h[side] += (double)setting->gradients[rows[i]][1] / SCALE;
    }
    if (h[0] < settings->child_cover_min || h[1] < settings->child_cover_min || h[0] == 0 ||
        h[1] == 0) {
        return -1.0;
    }
    double all = g[0] + g[1];
    return 0.5 * (g[0] * g[0] / (h[0] + lambda) + g[1] * g[1] / (h[1] + lambda) -
                  all * all / (h[0] + h[1] + lambda));
}

static double best_gain(const struct setting *setting, const uint32_t *rows, uint32_t count,
                        const struct tree_grow_settings *settings) {
    double best = 0.0;
    for (uint32_t c = 0; c < COLUMNS; c++) {
        for (int step = 0; step <= 12; step++) {
            float threshold = ((float)step + 0.5f) / 12.0f;
            for (int missing_left = 0; missing_left < 2; missing_left++) {
                double gain =
                    gain_of(setting, rows, count, c, threshold, missing_left == 1, settings);
                best = gain > best ? gain : best;
            }
        }
    }
    return best;
}

/* Follows the rows down the tree and compares at each node. */
static void check_node(const struct setting *setting, uint32_t at, const uint32_t *rows,
                       uint32_t count, uint32_t level, const struct tree_grow_settings *settings) {
    const struct tree_node *node = &setting->tree.nodes[at];
    uint32_t sides[2][ROWS], counts[2] = {0, 0};
    double best = level < settings->depth ? best_gain(setting, rows, count, settings) : 0.0;
    double g = 0.0, h = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        g += (double)setting->gradients[rows[i]][0] / SCALE;
        h += (double)setting->gradients[rows[i]][1] / SCALE;
    }
    CHECK_NEAR((double)node->value, -g / (h + settings->lambda), 1e-6);
    CHECK_NEAR((double)node->cover, h, 1e-4);
    if (tree_is_leaf(node)) {
        CHECK(best <= settings->gain_min + 1e-9);
        return;
    }
    CHECK_NEAR(
        gain_of(setting, rows, count, node->column, node->threshold, node->missing_left, settings),
        best, 1e-9);
    for (uint32_t i = 0; i < count; i++) {
        float cell = matrix_column(&setting->matrix, node->column)[rows[i]];
        int side = !goes_left(cell, node->threshold, node->missing_left);
        sides[side][counts[side]++] = rows[i];
    }
    check_node(setting, node->left, sides[0], counts[0], level + 1, settings);
    check_node(setting, node->right, sides[1], counts[1], level + 1, settings);
}

static void test_splits(uint64_t seed, const struct tree_grow_settings *settings) {
    struct setting setting;
    uint32_t rows[ROWS];
    set_up(&setting, seed);
    memcpy(rows, setting.rows, sizeof rows);
    grow(&setting, settings, ROWS);
    check_node(&setting, 0, rows, ROWS, 0, settings);
    CHECK(setting.leaf_count > 4);
    uint32_t next = 0, wrong = 0;
    for (uint32_t i = 0; i < setting.leaf_count; i++) {
        CHECK_INT(setting.leaves[i].begin, next);
        for (next = setting.leaves[i].begin; next < setting.leaves[i].end; next++) {
            wrong += tree_grow_leaf_of(setting.grower, &setting.tree, setting.rows[next]) !=
                     setting.leaves[i].node;
        }
    }
    CHECK_INT(next, ROWS);
    CHECK_INT(wrong, 0);
    arena_free(&setting.arena);
}

/* Only some of the rows; the rest still find their leaves. */
static void test_some_rows(void) {
    struct setting setting;
    uint32_t rows[ROWS];
    const struct tree_grow_settings settings = {.depth = 4, .lambda = 0.3};
    set_up(&setting, 5);
    for (uint32_t i = 0; i < ROWS / 3; i++) {
        setting.rows[i] = rows[i] = 3 * i + 1;
    }
    grow(&setting, &settings, ROWS / 3);
    check_node(&setting, 0, rows, ROWS / 3, 0, &settings);
    arena_free(&setting.arena);
}

/* Gradients that depend on which of four boxes a row is in: the tree is those boxes. */
static void test_partition(void) {
    struct setting setting;
    const struct tree_grow_settings settings = {.depth = 2, .lambda = 0.0};
    unsigned wrong = 0;
    set_up(&setting, 2);
    for (uint32_t r = 0; r < ROWS; r++) {
        bool a = matrix_column(&setting.matrix, 4)[r] < 0.3f;
        bool b = matrix_column(&setting.matrix, a ? 9 : 1)[r] < 0.7f;
        double value = a ? (b ? 1.0 : -3.0) : (b ? 8.0 : 5.0);
        setting.gradients[r] = (tree_gradient){(int64_t)(-value * SCALE), (int64_t)SCALE};
    }
    grow(&setting, &settings, ROWS);
    CHECK_INT(setting.tree.nodes[0].column, 4);
    for (uint32_t i = 0; i < setting.leaf_count; i++) {
        for (uint32_t j = setting.leaves[i].begin; j < setting.leaves[i].end; j++) {
            double value = -(double)setting.gradients[setting.rows[j]][0] / SCALE;
            wrong += value != (double)setting.tree.nodes[setting.leaves[i].node].value;
        }
    }
    CHECK_INT(setting.leaf_count, 4);
    CHECK_INT(wrong, 0);
    arena_free(&setting.arena);
}

static double predict(const struct tree *tree, const float *row) {
    const struct tree_node *node = tree->nodes;
    while (!tree_is_leaf(node)) {
        float cell = row[node->column];
        node = &tree->nodes[goes_left(cell, node->threshold, node->missing_left) ? node->left
                                                                                 : node->right];
    }
    return (double)node->value;
}

/* On noise, a free tree breaks the directions and a bound one never does. */
static unsigned count_breaks(const int8_t *directions) {
    unsigned breaks = 0;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct setting setting;
        const struct tree_grow_settings settings = {
            .depth = 6, .lambda = 0.1, .directions = directions};
        set_up(&setting, seed);
        grow(&setting, &settings, ROWS);
        for (uint32_t r = 0; r < 50; r++) {
            float row[COLUMNS];
            for (uint32_t c = 0; c < 2; c++) {
                double before = 0.0;
                matrix_row(&setting.matrix, r, row);
                for (int step = 0; step <= 12; step++) {
                    row[c] = (float)step / 12.0f;
                    double now = predict(&setting.tree, row);
                    double rise = c == 0 ? now - before : before - now;
                    breaks += step > 0 && rise < 0;
                    before = now;
                }
            }
        }
        arena_free(&setting.arena);
    }
    return breaks;
}

int main(void) {
    const int8_t directions[COLUMNS] = {1, -1};
    const struct tree_grow_settings plain = {.depth = 3, .lambda = 1.0};
    const struct tree_grow_settings strict = {
        .depth = 5, .lambda = 0.0, .gain_min = 0.15, .child_cover_min = 7.3};
    for (uint64_t seed = 1; seed <= 4; seed++) {
        test_splits(seed, &plain);
        test_splits(seed, &strict);
    }
    test_some_rows();
    test_partition();
    CHECK(count_breaks(NULL) > 50);
    CHECK_INT(count_breaks(directions), 0);
    return test_summary();
}
