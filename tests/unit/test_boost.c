/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_boost.c - goal: each round lowers the loss, missing cells are used, directions are kept
 * through all rounds, class weights do what they say, and a quantile is one. Method: made data of
 * known truth; rounds are cut short, because the first trees of a longer training are the same. */
#include "core/risk/learner.h"
#include "tests/test.h"
#include "tests/unit/learner_data.h"

enum { ROWS = 3000, COLUMNS = 4 };

static double loss_of(const struct learner_model *model, const struct learner_data *data) {
    double sum = 0.0;
    for (uint32_t r = 0; r < ROWS; r++) {
        float row[COLUMNS];
        matrix_row(&data->features, r, row);
        double p = learner_score(model, row);
        sum -= numeric_log(data->labels[r] == 1.0f ? p : 1.0 - p) / ROWS;
    }
    return sum;
}

static void test_rounds(void) {
    struct arena arena = ARENA_INIT;
    struct matrix features = made_matrix(&arena, ROWS, COLUMNS, 1000, 0.1, 3);
    struct learner_data data = {features, made_labels(&arena, &features, 0.1, 0.7, 3), NULL, NULL};
    struct learner_model constant = trained("constant", &data, NULL, 0, NULL, 0, &arena);
    double before = loss_of(&constant, &data);
    for (int rounds = 1; rounds <= 25; rounds++) {
        struct learner_model model =
            trained("boost", &data, "rounds", rounds, "learning_rate", 0.17, &arena);
        double now = loss_of(&model, &data);
        CHECK(now < before);
        before = now;
    }
    CHECK(before < 0.52); /* the truth's own: about .49 */
    arena_free(&arena);
}

/* Column 0 missing means 1, whatever its other numbers. */
static void test_missing(void) {
    struct arena arena = ARENA_INIT;
    struct matrix features = made_matrix(&arena, ROWS, COLUMNS, 1000, 0.2, 4);
    float *labels = ARENA_ARRAY(&arena, float, ROWS);
    for (uint32_t r = 0; r < ROWS; r++) {
        labels[r] = features.cells[r] != features.cells[r] ? 1.0f : 0.0f;
    }
    struct learner_data data = {features, labels, NULL, NULL};
    struct learner_model model = trained("boost", &data, NULL, 0, NULL, 0, &arena);
    CHECK(learner_score(&model, (const float[]){__builtin_nanf(""), 0.5f, 0.1f, 0.9f}) > 0.99);
    CHECK(learner_score(&model, (const float[]){-1e30f, 0.5f, 0.1f, 0.9f}) < 0.01);
    CHECK(learner_score(&model, (const float[]){1e30f, 0.5f, 0.1f, 0.9f}) < 0.01);
    arena_free(&arena);
}

/* Falls in columns 1 and rises in column 0 wherever the others are; noise would break it. */
static void test_directions(void) {
    struct arena arena = ARENA_INIT;
    struct matrix features = made_matrix(&arena, ROWS, COLUMNS, 30, 0.05, 5);
    const int8_t directions[COLUMNS] = {1, -1, 0, 0};
    struct learner_data data = {features, made_labels(&arena, &features, 0.3, 0.5, 5), NULL, NULL};
    unsigned breaks[2] = {0, 0};
    for (int kept = 0; kept < 2; kept++) {
        data.directions = kept ? directions : NULL;
        struct learner_model model = trained("boost", &data, "depth", 5, NULL, 0, &arena);
        for (uint32_t r = 0; r < 100; r++) {
            float row[COLUMNS];
            for (int c = 0; c < 2; c++) {
                double before = 0.0;
                matrix_row(&features, r, row);
                for (int step = 0; step < 30; step++) {
                    row[c] = (float)step / 30.0f;
                    double now = learner_margin(&model, row);
                    breaks[kept] += step > 0 && (c == 0 ? now < before : now > before);
                    before = now;
                }
            }
        }
    }
    CHECK(breaks[0] > 100);
    CHECK_INT(breaks[1], 0);
    arena_free(&arena);
}

/* Odds are multiplied by the weight of ones where the model can tell nothing apart. */
static void test_positive_weight(void) {
    struct arena arena = ARENA_INIT;
    struct matrix features = matrix_make(&arena, ROWS, 1);
    float *labels = ARENA_ARRAY(&arena, float, ROWS);
    for (uint32_t r = 0; r < ROWS; r++) {
        labels[r] = r % 5 == 0 ? 1.0f : 0.0f;
    }
    struct learner_data data = {features, labels, NULL, NULL};
    struct learner_model model = trained("boost", &data, "positive_weight", 7, NULL, 0, &arena);
    CHECK_NEAR(learner_score(&model, (const float[]){0}), 7.0 / (7.0 + 4.0), 1e-6);
    arena_free(&arena);
}

/* Drawn rows and columns: other trees, nearly the same loss. */
static void test_shares(void) {
    struct arena arena = ARENA_INIT;
    struct matrix features = made_matrix(&arena, ROWS, COLUMNS, 1000, 0.1, 3);
    struct learner_data data = {features, made_labels(&arena, &features, 0.1, 0.7, 3), NULL, NULL};
    struct learner_model all = trained("boost", &data, "rounds", 30, NULL, 0, &arena);
    struct learner_model some =
        trained("boost", &data, "row_share", 0.5, "column_share", 0.6, &arena);
    CHECK(loss_of(&all, &data) != loss_of(&some, &data));
    CHECK(loss_of(&some, &data) < 0.52);
    arena_free(&arena);
}

/* Hours that are exponential with a mean of 1 + 9 x: quantile q is -(1 + 9 x) ln(1 - q). */
static void test_quantiles(double level) {
    struct arena arena = ARENA_INIT;
    struct matrix features = made_matrix(&arena, ROWS, COLUMNS, 1 << 20, 0.0, 6);
    float *labels = ARENA_ARRAY(&arena, float, ROWS);
    struct random_key key = random_key_make(6, 6);
    for (uint32_t r = 0; r < ROWS; r++) {
        double mean = 1.0 + 9.0 * (double)features.cells[r];
        labels[r] = (float)(mean * random_exponential(key, r, 1, 0));
    }
    struct learner_data data = {features, labels, NULL, NULL};
    struct learner_model model =
        trained("quantile_boost", &data, "quantile", level, "depth", 2, &arena);
    double below = 0.0, off = 0.0;
    for (int i = 0; i < 2000; i++) {
        float row[COLUMNS] = {((float)i + 0.5f) / 2000.0f, 0.3f, 0.6f, 0.2f};
        double mean = 1.0 + 9.0 * (double)row[0], wanted = -mean * numeric_log(1.0 - level);
        double found = learner_score(&model, row);
        below += (1.0 - numeric_exp(-found / mean)) / 2000.0; /* the true share below */
        off += (found > wanted ? found - wanted : wanted - found) / wanted / 2000.0;
    }
    CHECK_NEAR(below, level, 0.025);
    CHECK(off < 0.3);
    arena_free(&arena);
}

/* The start of a constant column is the weighted quantile of the labels itself. */
static void test_weighted_quantile(void) {
    struct arena arena = ARENA_INIT;
    struct matrix features = matrix_make(&arena, 7, 1);
    const float labels[7] = {5, 1, 4, 1, 5, 9, 2}, weights[7] = {0.5f, 2, 0, 1, 1, 0.5f, 3};
    const double wanted[][2] = {{0.2, 1},  {0.375, 1},  {0.376, 2}, {0.75, 2},
                                {0.76, 5}, {0.9375, 5}, {0.94, 9}};
    struct learner_data data = {features, labels, weights, NULL};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        struct learner_model model =
            trained("quantile_boost", &data, "quantile", wanted[i][0], "rounds", 3, &arena);
        CHECK_NEAR(learner_score(&model, (const float[]){0}), wanted[i][1], 0);
    }
    arena_free(&arena);
}

int main(void) {
    test_rounds();
    test_missing();
    test_directions();
    test_positive_weight();
    test_shares();
    test_quantiles(0.05);
    test_quantiles(0.5);
    test_quantiles(0.95);
    test_weighted_quantile();
    return test_summary();
}
