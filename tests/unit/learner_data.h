/* SPDX-License-Identifier: GPL-3.0-or-later
 * learner_data.h - made rows for tests of learners: drawn by key, so the same everywhere. */
#ifndef TESTS_UNIT_LEARNER_DATA_H
#define TESTS_UNIT_LEARNER_DATA_H

#include "core/risk/learner.h"

#include <stdio.h>
#include <stdlib.h>

/* Cells are 0..1 in steps of 1 / `steps`; each is missing with probability `missing`. */
static inline struct matrix made_matrix(struct arena *arena, uint32_t rows, uint32_t columns,
                                        uint32_t steps, double missing, uint64_t seed) {
    struct matrix matrix = matrix_make(arena, rows, columns);
    struct random_key key = random_key_make(seed, 0);
    for (uint32_t c = 0; c < columns; c++) {
        for (uint32_t r = 0; r < rows; r++) {
            double u = random_uniform(key, r, c + 1, 0);
            bool is_missing = random_uniform(key, r, c + 1, 1) < missing;
            matrix_column(&matrix, c)[r] =
                is_missing ? __builtin_nanf("") : (float)(uint32_t)(u * steps) / (float)steps;
        }
    }
    return matrix;
}

/* 1 with probability `high` where column 0 is above 1/2 or column 1 is missing, else `low`. */
static inline float *made_labels(struct arena *arena, const struct matrix *matrix, double low,
                                 double high, uint64_t seed) {
    float *labels = ARENA_ARRAY(arena, float, matrix->row_count);
    struct random_key key = random_key_make(seed, 1);
    for (uint32_t r = 0; r < matrix->row_count; r++) {
        float first = matrix_column(matrix, 0)[r], second = matrix_column(matrix, 1)[r];
        double p = first > 0.5f || second != second ? high : low;
        labels[r] = random_uniform(key, r, 1, 0) < p ? 1.0f : 0.0f;
    }
    return labels;
}

/* Trains as usual but for one or two parameters; a NULL name for none. Stops the test on errors. */
static inline struct learner_model trained(const char *name, const struct learner_data *data,
                                           const char *first, double first_value,
                                           const char *second, double second_value,
                                           struct arena *arena) {
    struct error err = ERROR_INIT;
    struct arena scratch = ARENA_INIT;
    struct learner_model model;
    double values[LEARNER_PARAMETERS_MAX];
    const struct learner *learner = learner_find(name);
    learner_defaults(learner, values);
    if ((first != NULL && learner_set(learner, values, first, first_value, &err) < 0) ||
        (second != NULL && learner_set(learner, values, second, second_value, &err) < 0) ||
        learner_train(learner, data, values, random_key_make(20170102, 3), arena, &scratch, &model,
                      &err) < 0) {
        printf("%s: %s\n", name, err.text);
        exit(1);
    }
    arena_free(&scratch);
    return model;
}

#endif
