/* SPDX-License-Identifier: GPL-3.0-or-later
 * bench_risk.c - the cases of `bench risk`: training, scoring one declaration and explaining it, on
 * made data of the shape of the shared declarations, with XGBoost's library on the same data beside
 * it where it is installed.
 *
 * Of the 30 columns 10 are codes (of 300 values, some much more frequent), 10 have few values and
 * 10 are numbers; some are missing; labels are random with odds that six columns decide, about 21 %
 * ones. One core: nothing here uses a second thread. */
#define _GNU_SOURCE /* dlopen's flags */
#include "sim/commands/bench_xgboost.h"

#include "core/risk/learner.h"
#include "sim/commands/bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 37385, COLUMNS = 30, CALLS = 20000, EXPLAIN_CALLS = 2000, ROUNDS = 100 };

/* Made once: cases are repeated, models need not be. */
struct workshop {
    bool is_open, has_peer;
    struct arena arena;
    struct learner_data data;
    float *rows;                       /* row by row */
    struct learner_model small, large; /* 100 trees of depth 4, 300 of depth 8 */
    struct bench_xgboost xgboost;
    void *peer_matrix, *peer_small, *peer_large;
};

/* ---- data ---------------------------------------------------------------------------------- */

static float made_cell(struct random_key key, uint32_t row, uint32_t column) {
    double u = random_uniform(key, row, column + 1, 0);
    if (column % 5 == 1 && random_uniform(key, row, column + 1, 1) < 0.1) {
        return __builtin_nanf("");
    }
    switch (column % 3) {
    case 0:
        return (float)(int)(300.0 * u * u); /* codes */
    case 1:
        return (float)(int)(2.0 + column * u);
    default:
        return (float)(1000.0 * u * u * u);
    }
}

static struct learner_data make_data(struct arena *arena) {
    struct random_key key = random_key_make(20170102, 0);
    struct matrix features = matrix_make(arena, ROWS, COLUMNS);
    float *labels = ARENA_ARRAY(arena, float, ROWS);
    for (uint32_t c = 0; c < COLUMNS; c++) {
        for (uint32_t r = 0; r < ROWS; r++) {
            matrix_column(&features, c)[r] = made_cell(key, r, c);
        }
    }
    for (uint32_t r = 0; r < ROWS; r++) {
        double odds = -2.4;
        for (uint32_t c = 0; c < 6; c++) { /* codes count by their parity, numbers by their size */
            float cell = matrix_column(&features, c)[r];
            bool high = c % 3 == 0 ? ((int)cell * 7 / 10) % 2 == 1 : cell > (c % 3 == 1 ? 3 : 200);
            odds += high ? 0.4 : 0.0;
        }
        double p = 1.0 / (1.0 + numeric_exp(-odds));
        labels[r] = random_uniform(key, r, COLUMNS + 1, 0) < p ? 1.0f : 0.0f;
    }
    return (struct learner_data){features, labels, NULL, NULL};
}

/* ---- training ------------------------------------------------------------------------------ */

static int train(const struct workshop *shop, const char *name, int rounds, int depth,
                 struct arena *arena, struct learner_model *model, struct error *err) {
    const struct learner *learner = learner_find(name);
    double values[LEARNER_PARAMETERS_MAX];
    struct arena scratch = ARENA_INIT;
    learner_defaults(learner, values);
    if (depth > 0 && (learner_set(learner, values, "rounds", rounds, err) < 0 ||
                      learner_set(learner, values, "depth", depth, err) < 0)) {
        return -1;
    }
    int status = learner_train(learner, &shop->data, values, random_key_make(1, 0), arena, &scratch,
                               model, err);
    arena_free(&scratch);
    return status;
}

static int train_peer(struct workshop *shop, int rounds, const char *depth, void **booster,
                      struct error *err) {
    const char *const settings[][2] = {
        {"objective", "binary:logistic"}, {"nthread", "1"},   {"max_depth", depth},
        {"tree_method", "hist"},          {"max_bin", "256"}, {"verbosity", "0"}};
    int status = shop->xgboost.create(&shop->peer_matrix, 1, booster);
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        status |= shop->xgboost.set(*booster, settings[i][0], settings[i][1]);
    }
    for (int round = 0; round < rounds; round++) {
        status |= shop->xgboost.update(*booster, round, shop->peer_matrix);
    }
    return status == 0 ? 0 : error_set(err, ERROR_RUN, "XGBoost fails to train");
}

static int open_peer(struct workshop *shop, struct error *err) {
    shop->has_peer = bench_xgboost_open(&shop->xgboost);
    if (!shop->has_peer) {
        return 0;
    }
    if (shop->xgboost.matrix_create(shop->rows, ROWS, COLUMNS, __builtin_nanf(""),
                                    &shop->peer_matrix) != 0 ||
        shop->xgboost.matrix_set(shop->peer_matrix, "label", shop->data.labels, ROWS) != 0) {
        return error_set(err, ERROR_RUN, "XGBoost refuses the data");
    }
    return train_peer(shop, ROUNDS, "4", &shop->peer_small, err) < 0
               ? -1
               : train_peer(shop, 3 * ROUNDS, "8", &shop->peer_large, err);
}

static struct workshop *open_workshop(struct error *err) {
    static struct workshop shop;
    if (shop.is_open) {
        return &shop;
    }
    shop.data = make_data(&shop.arena);
    shop.rows = ARENA_ARRAY(&shop.arena, float, (size_t)ROWS *COLUMNS);
    for (uint32_t r = 0; r < ROWS; r++) {
        matrix_row(&shop.data.features, r, shop.rows + (size_t)r * COLUMNS);
    }
    if (train(&shop, "boost", ROUNDS, 4, &shop.arena, &shop.small, err) < 0 ||
        train(&shop, "boost", 3 * ROUNDS, 8, &shop.arena, &shop.large, err) < 0 ||
        open_peer(&shop, err) < 0) {
        return NULL;
    }
    shop.is_open = true;
    return &shop;
}

static int measure_boost(double values[BENCH_KEYS_MAX], struct error *err) {
    struct workshop *shop = open_workshop(err);
    struct arena arena = ARENA_INIT;
    struct learner_model model;
    void *booster;
    values[1] = NAN;
    if (shop == NULL) {
        return -1;
    }
    double start_s = bench_now_s();
    int status = train(shop, "boost", ROUNDS, 4, &arena, &model, err);
    values[0] = bench_now_s() - start_s;
    arena_free(&arena);
    if (shop->has_peer && status == 0) {
        start_s = bench_now_s();
        status = train_peer(shop, ROUNDS, "4", &booster, err);
        values[1] = bench_now_s() - start_s;
        shop->xgboost.free(booster);
    }
    return status;
}

static int measure_forest(double values[BENCH_KEYS_MAX], struct error *err) {
    struct workshop *shop = open_workshop(err);
    struct arena arena = ARENA_INIT;
    struct learner_model model;
    if (shop == NULL) {
        return -1;
    }
    double start_s = bench_now_s();
    int status = train(shop, "random_forest", 0, 0, &arena, &model, err);
    values[0] = bench_now_s() - start_s;
    arena_free(&arena);
    return status;
}

/* ---- one declaration ----------------------------------------------------------------------- */

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Rows far from each other, so that none is still in the first cache. */
static const float *row_of(const struct workshop *shop, int call) {
    return shop->rows + (size_t)((uint32_t)call * 7919u % ROWS) * COLUMNS;
}

/* Sorted times of calls, the clock's own included (some 0.03 µs). */
static void time_scores(const struct workshop *shop, const struct learner_model *model,
                        double *times_us, double *sum) {
    for (int i = 0; i < CALLS; i++) {
        const float *row = row_of(shop, i);
        double start_s = bench_now_s();
        *sum += learner_score(model, row);
        times_us[i] = 1e6 * (bench_now_s() - start_s);
    }
    qsort(times_us, CALLS, sizeof *times_us, by_size);
}

/* Median of the peer's fastest call for one row, "in place". */
static double time_peer(const struct workshop *shop, void *booster, double *times_us) {
    enum { PEER_CALLS = 1000 };
    const uint64_t *shape;
    uint64_t dimensions;
    const float *result;
    int status = 0;
    for (int i = 0; i < PEER_CALLS; i++) {
        char array[160];
        snprintf(array, sizeof array,
                 "{\"data\":[%llu,false],\"shape\":[1,%d],\"typestr\":\"<f4\",\"version\":3}",
                 (unsigned long long)(uintptr_t)row_of(shop, i), COLUMNS);
        double start_s = bench_now_s();
        status |= shop->xgboost.predict_dense(
            booster, array,
            "{\"type\":0,\"training\":false,\"iteration_begin\":0,\"iteration_end\":0,"
            "\"strict_shape\":false,\"missing\":NaN,\"cache_id\":0}",
            NULL, &shape, &dimensions, &result);
        times_us[i] = 1e6 * (bench_now_s() - start_s);
    }
    qsort(times_us, PEER_CALLS, sizeof *times_us, by_size);
    return status == 0 ? times_us[PEER_CALLS / 2] : NAN;
}

static int measure_scores(bool is_large, double values[BENCH_KEYS_MAX], struct error *err) {
    static double times_us[CALLS];
    struct workshop *shop = open_workshop(err);
    double sum = 0.0;
    if (shop == NULL) {
        return -1;
    }
    time_scores(shop, is_large ? &shop->large : &shop->small, times_us, &sum);
    values[0] = times_us[CALLS / 2];
    values[1] = times_us[CALLS / 100 * 99];
    values[2] = shop->has_peer
                    ? time_peer(shop, is_large ? shop->peer_large : shop->peer_small, times_us)
                    : NAN;
    return sum > 0 ? 0 : error_set(err, ERROR_RUN, "no scores");
}

static int measure_small(double values[BENCH_KEYS_MAX], struct error *err) {
    return measure_scores(false, values, err);
}

static int measure_large(double values[BENCH_KEYS_MAX], struct error *err) {
    return measure_scores(true, values, err);
}

/* The peer's contributions of many rows in one call, by the row. */
static double time_peer_explanations(struct workshop *shop, struct error *err) {
    void *matrix;
    uint64_t count;
    const float *parts;
    if (shop->xgboost.matrix_create(shop->rows, EXPLAIN_CALLS, COLUMNS, __builtin_nanf(""),
                                    &matrix) != 0) {
        error_set(err, ERROR_RUN, "XGBoost refuses the rows");
        return NAN;
    }
    double start_s = bench_now_s();
    int status = shop->xgboost.predict(shop->peer_small, matrix, 4, 0, 0, &count, &parts);
    double time_us = 1e6 * (bench_now_s() - start_s) / EXPLAIN_CALLS;
    shop->xgboost.matrix_free(matrix);
    return status == 0 ? time_us : NAN;
}

static int measure_explanations(double values[BENCH_KEYS_MAX], struct error *err) {
    struct workshop *shop = open_workshop(err);
    double parts[COLUMNS], worst = 0.0;
    if (shop == NULL) {
        return -1;
    }
    for (int how = LEARNER_EXACT; how <= LEARNER_PATH; how++) {
        double start_s = bench_now_s();
        for (int i = 0; i < EXPLAIN_CALLS; i++) {
            learner_explain(&shop->small, row_of(shop, i), (enum learner_explanation)how, parts);
        }
        values[how == LEARNER_PATH] = 1e6 * (bench_now_s() - start_s) / EXPLAIN_CALLS;
    }
    for (int i = 0; i < EXPLAIN_CALLS; i++) {
        double sum = learner_explain(&shop->small, row_of(shop, i), LEARNER_EXACT, parts) -
                     learner_margin(&shop->small, row_of(shop, i));
        for (int c = 0; c < COLUMNS; c++) {
            sum += parts[c];
        }
        worst = fabs(sum) > worst ? fabs(sum) : worst;
    }
    values[2] = shop->has_peer ? time_peer_explanations(shop, err) : NAN;
    return worst < 1e-6 ? 0 : error_set(err, ERROR_RUN, "parts are off their sum by %g", worst);
}

/* ---- cases --------------------------------------------------------------------------------- */

static const struct bench_case boost_case = {
    .keys = {{"train_boost_s", "s", "boosting, 100 trees of depth 4 on 37,385 x 30 made rows", 0.5,
              false},
             {"train_boost_xgboost_s", "s", "the same by XGBoost, hist, one thread", NAN, false}},
    .measure = measure_boost};

static const struct bench_case forest_case = {
    .keys = {{"train_forest_s", "s", "a forest of 100 full trees on the same rows", 4, false}},
    .measure = measure_forest,
    .repeats_max = 3};

static const struct bench_case small_case = {
    .keys = {{"score_100x4_p50_us", "us", "one declaration by 100 trees of depth 4, median", 0.5,
              false},
             {"score_100x4_p99_us", "us", "the same, all but the slowest hundredth", 1, false},
             {"score_100x4_xgboost_p50_us", "us", "the same by XGBoost's C interface", NAN, false}},
    .measure = measure_small};

static const struct bench_case large_case = {
    .keys = {{"score_300x8_p50_us", "us", "one declaration by 300 trees of depth 8, median", 3.6,
              false},
             {"score_300x8_p99_us", "us", "the same, all but the slowest hundredth", NAN, false},
             {"score_300x8_xgboost_p50_us", "us", "the same by XGBoost's C interface", NAN, false}},
    .measure = measure_large};

static const struct bench_case explain_case = {
    .keys = {{"explain_exact_us", "us", "Shapley values of one declaration, 100 x depth 4", 60,
              false},
             {"explain_path_us", "us", "path attribution of one declaration", NAN, false},
             {"explain_exact_xgboost_us", "us", "Shapley values by XGBoost, many in one call", NAN,
              false}},
    .measure = measure_explanations};

const struct bench_case *const bench_risk_cases[] = {&boost_case, &forest_case,  &small_case,
                                                     &large_case, &explain_case, NULL};
