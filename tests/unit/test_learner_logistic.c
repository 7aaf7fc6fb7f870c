/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_learner_logistic.c - goal: the slopes are those of the optimum. Method: one column of two
 * values has a closed form; elsewhere the gradient of the penalised loss, computed here from its
 * definition, is zero; a missing cell counts as the mean. */
#include "core/risk/learner.h"
#include "tests/test.h"
#include "tests/unit/learner_data.h"

enum { ROWS = 500, COLUMNS = 4 };

/* Without a penalty to speak of, the slope is the logarithm of the odds ratio. */
static void test_odds(void) {
    struct arena arena = ARENA_INIT;
    struct matrix features = matrix_make(&arena, 100, 1);
    float labels[100];
    for (int r = 0; r < 100; r++) { /* 10 of 40 without, 33 of 60 with */
        features.cells[r] = r < 40 ? 2.0f : 5.0f;
        labels[r] = r < 40 ? (r < 10 ? 1.0f : 0.0f) : (r < 73 ? 1.0f : 0.0f);
    }
    struct learner_data data = {features, labels, NULL, NULL};
    struct learner_model model = trained("logistic", &data, "penalty", 1e-9, NULL, 0, &arena);
    CHECK_NEAR(learner_score(&model, (const float[]){2.0f}), 10.0 / 40.0, 1e-9);
    CHECK_NEAR(learner_score(&model, (const float[]){5.0f}), 33.0 / 60.0, 1e-9);
    float mean = 3.8f;
    CHECK_NEAR(learner_margin(&model, (const float[]){__builtin_nanf("")}),
               learner_margin(&model, &mean), 1e-6);
    arena_free(&arena);
}

/* Slopes on scaled columns, from margins alone; column 3 has one value and no slope. */
static void test_gradient(double penalty) {
    struct arena arena = ARENA_INIT;
    struct matrix features = made_matrix(&arena, ROWS, COLUMNS, 1 << 20, 0.1, 12);
    float weights[ROWS];
    double gradient[COLUMNS] = {0}, constant = 0.0;
    for (uint32_t r = 0; r < ROWS; r++) {
        features.cells[r] = features.cells[r] * 1e4f - 3e6f;
        matrix_column(&features, 3)[r] = 0.1f;
        weights[r] = (float)(r % 4) / 2;
    }
    struct learner_data data = {features, made_labels(&arena, &features, 0.2, 0.6, 12), weights,
                                NULL};
    struct learner_model model = trained("logistic", &data, "penalty", penalty, NULL, 0, &arena);
    for (uint32_t c = 0; c < COLUMNS; c++) {
        double weight = 0.0, mean = 0.0, variance = 0.0, sum = 0.0;
        const float *cells = matrix_column(&features, c);
        for (uint32_t r = 0; r < ROWS; r++) {
            if (cells[r] == cells[r]) {
                weight += (double)weights[r];
                mean += (double)weights[r] * (double)cells[r];
            }
        }
        mean /= weight;
        for (uint32_t r = 0; r < ROWS; r++) {
            double off = (double)cells[r] - mean;
            variance += cells[r] == cells[r] ? (double)weights[r] * off * off / weight : 0.0;
        }
        double deviation = numeric_sqrt(variance);
        for (uint32_t r = 0; r < ROWS; r++) {
            float row[COLUMNS];
            matrix_row(&features, r, row);
            double error =
                (double)weights[r] * (learner_score(&model, row) - (double)data.labels[r]);
            sum += cells[r] == cells[r] ? error * ((double)cells[r] - mean) / deviation : 0.0;
            constant += c == 0 ? error : 0.0;
        }
        double parts[COLUMNS];
        float row[COLUMNS] = {(float)mean, (float)mean, (float)mean, (float)mean};
        row[c] = (float)(mean + deviation);
        learner_explain(&model, row, LEARNER_EXACT, parts);
        double slope = parts[c] / (((double)row[c] - mean) / deviation);
        gradient[c] = sum + penalty * slope;
        CHECK_NEAR(c < 3 ? gradient[c] : parts[3], 0.0, 1e-5);
    }
    CHECK_NEAR(constant, 0.0, 1e-6);
    arena_free(&arena);
}

/* Classes that a line tells apart have no optimum without a penalty; with one, a finite one. */
static void test_separable(void) {
    struct arena arena = ARENA_INIT;
    struct matrix features = matrix_make(&arena, 40, 2);
    float labels[40];
    for (int r = 0; r < 40; r++) {
        features.cells[r] = features.cells[40 + r] = (float)r; /* and the same column twice */
        labels[r] = r < 20 ? 0.0f : 1.0f;
    }
    struct learner_data data = {features, labels, NULL, NULL};
    struct learner_model model = trained("logistic", &data, "penalty", 1e-6, NULL, 0, &arena);
    CHECK(learner_score(&model, (const float[]){0, 0}) < 0.01);
    CHECK(learner_score(&model, (const float[]){39, 39}) > 0.99);
    double parts[2];
    learner_explain(&model, (const float[]){30, 30}, LEARNER_EXACT, parts);
    CHECK_NEAR(parts[0], parts[1], 1e-6);
    arena_free(&arena);
}

int main(void) {
    test_odds();
    test_gradient(1.0);
    test_gradient(37.0);
    test_separable();
    return test_summary();
}
