/* SPDX-License-Identifier: GPL-3.0-or-later
 * bench_xgboost.h - the few functions of XGBoost's C interface that it is compared by.
 *
 * The library is opened when it is asked for, so nothing of ours needs it to be built or to run. */
#ifndef SIM_COMMANDS_BENCH_XGBOOST_H
#define SIM_COMMANDS_BENCH_XGBOOST_H

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bench_xgboost {
    void *library;
    int (*matrix_create)(const float *cells, uint64_t rows, uint64_t columns, float missing,
                         void **matrix);
    int (*matrix_set)(void *matrix, const char *field, const float *values, uint64_t count);
    int (*matrix_free)(void *matrix);
    int (*create)(void *const matrices[], uint64_t count, void **booster);
    int (*set)(void *booster, const char *name, const char *value);
    int (*update)(void *booster, int round, void *matrix);
    /* `options`: 0 scores, 1 margins, 4 exact contributions. */
    int (*predict)(void *booster, void *matrix, int options, unsigned trees, int training,
                   uint64_t *count, const float **result);
    int (*predict_dense)(void *booster, const char *values, const char *config, void *matrix,
                         const uint64_t **shape, uint64_t *dimensions, const float **result);
    int (*save)(void *booster, const char *path);
    int (*free)(void *booster);
};

/* False where the library, or one of the functions, is not there. */
static inline bool bench_xgboost_open(struct bench_xgboost *xgboost) {
    static const struct {
        const char *name;
        size_t offset;
    } functions[] = {
        {"XGDMatrixCreateFromMat", offsetof(struct bench_xgboost, matrix_create)},
        {"XGDMatrixSetFloatInfo", offsetof(struct bench_xgboost, matrix_set)},
        {"XGDMatrixFree", offsetof(struct bench_xgboost, matrix_free)},
        {"XGBoosterCreate", offsetof(struct bench_xgboost, create)},
        {"XGBoosterSetParam", offsetof(struct bench_xgboost, set)},
        {"XGBoosterUpdateOneIter", offsetof(struct bench_xgboost, update)},
        {"XGBoosterPredict", offsetof(struct bench_xgboost, predict)},
        {"XGBoosterPredictFromDense", offsetof(struct bench_xgboost, predict_dense)},
        {"XGBoosterSaveModel", offsetof(struct bench_xgboost, save)},
        {"XGBoosterFree", offsetof(struct bench_xgboost, free)},
    };
    xgboost->library = dlopen("libxgboost.so.0", RTLD_NOW | RTLD_LOCAL);
    if (xgboost->library == NULL) {
        xgboost->library = dlopen("libxgboost.so", RTLD_NOW | RTLD_LOCAL);
    }
    if (xgboost->library == NULL) {
        return false;
    }
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *function = dlsym(xgboost->library, functions[i].name);
        if (function == NULL) {
            return false;
        }
        memcpy((char *)xgboost + functions[i].offset, &function, sizeof function);
    }
    return true;
}

#endif
