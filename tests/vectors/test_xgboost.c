/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_xgboost.c - goal: models of XGBoost give XGBoost's probabilities, and our boosting is as
 * good as its. Method: two trees by hand; then, where the library is installed, models that it
 * trains and saves here on made data with missing cells, and training beside it on made data and,
 * where the file is, on the shared declarations. What is damaged or of another kind is refused with
 * its place. */
#define _GNU_SOURCE /* dlopen's flags */
#include "core/base/csv.h"
#include "core/risk/xgboost.h"
#include "sim/commands/bench_xgboost.h"
#include "sim/scenario/input_file.h"
#include "tests/test.h"
#include "tests/unit/learner_data.h"

#include <unistd.h>

/* ---- by hand ------------------------------------------------------------------------------- */

#define TREE_1                                                                           \
    "{\"left_children\":[1,-1,3,-1,-1],\"right_children\":[2,-1,4,-1,-1],"               \
    "\"split_indices\":[0,0,1,0,0],\"split_conditions\":[1.5E0,-4E-1,2.5E-1,3E-1,6E-1]," \
    "\"default_left\":[0,0,1,0,0],\"sum_hessian\":[1E1,4E0,6E0,2E0,4E0]}"
#define TREE_2                                                               \
    "{\"left_children\":[-1],\"right_children\":[-1],\"split_indices\":[0]," \
    "\"split_conditions\":[-1E-1],\"default_left\":[false],\"sum_hessian\":[1E1]}"
#define MODEL(objective, base, trees)                                                              \
    "{\"learner\":{\"feature_names\":[\"value\",\"mass\"],\"gradient_booster\":{\"model\":"        \
    "{\"trees\":[" trees "]},\"name\":\"gbtree\"},\"learner_model_param\":{\"base_score\":\"" base \
    "\",\"num_class\":\"0\",\"num_feature\":\"2\"},\n\"objective\":{\"name\":\"" objective         \
    "\"}},\"version\":[1,7,4]}"

static int read_text(const char *text, struct arena *arena, struct learner_model *model,
                     struct error *err) {
    *err = (struct error)ERROR_INIT;
    return xgboost_read("m.json", text, strlen(text), arena, model, err);
}

static double logistic(double margin) {
    return 1.0 / (1.0 + numeric_exp(-margin));
}

static void test_by_hand(void) {
    struct arena arena = ARENA_INIT;
    struct learner_model model;
    struct error err;
    const float nothing = __builtin_nanf("");
    CHECK_INT(read_text(MODEL("binary:logistic", "2E-1", TREE_1 "," TREE_2), &arena, &model, &err),
              0);
    CHECK_TEXT(model.names[1], "mass");
    double base = numeric_log(0.25) - 0.1; /* the odds of .2, and the second tree */
    CHECK_NEAR(learner_score(&model, (const float[]){1, 0}), logistic(base - 0.4), 1e-7);
    CHECK_NEAR(learner_score(&model, (const float[]){1.5f, 0}), logistic(base + 0.3), 1e-7);
    CHECK_NEAR(learner_score(&model, (const float[]){2, 0.25f}), logistic(base + 0.6), 1e-7);
    CHECK_NEAR(learner_score(&model, (const float[]){nothing, nothing}), logistic(base + 0.3),
               1e-7);
    CHECK_INT(read_text(MODEL("reg:logistic", "[5E-1]", TREE_2), &arena, &model, &err), 0);
    CHECK_NEAR(learner_margin(&model, (const float[]){0, 0}), -0.1, 1e-7);
    arena_free(&arena);
}

static const struct refusal {
    const char *text, *message;
    int line, column;
} refusals[] = {
    {"{\"learner\":{}", "expected ',' or '}'", 1, 14},
    {"{L\"learner\"", "this is UBJSON; have XGBoost save the model under a name in .json", 1, 1},
    {"{\"version\":[1,7,4]}", "a model of XGBoost has here the key 'learner'", 1, 1},
    {MODEL("multi:softprob", "5E-1", TREE_2),
     "only models of binary:logistic come in; this one is of 'multi:softprob'", 2, 21},
    {MODEL("binary:logistic", "1E0", TREE_2), "no probability in 'base_score'", 0, 0},
    {MODEL("binary:logistic", "half", TREE_2),
     "no number that XGBoost could have written for 'base_score'", 0, 0},
    {MODEL("binary:logistic", "5E-1",
           "{\"left_children\":[1,0,-1],\"right_children\":[2,2,-1],\"split_indices\":[0,0,0],"
           "\"split_conditions\":[0,0,0],\"default_left\":[0,0,0],\"sum_hessian\":[1,1,1]}"),
     "node 1 of the tree is too deep, or leads back", 0, 0},
    {MODEL("binary:logistic", "5E-1",
           "{\"left_children\":[1,-1,-1],\"right_children\":[3,-1,-1],\"split_indices\":[0,0,0],"
           "\"split_conditions\":[0,0,0],\"default_left\":[0,0,0],\"sum_hessian\":[1,1,1]}"),
     "node 0 of the tree has no such children or no such column", 0, 0},
    {MODEL("binary:logistic", "5E-1",
           "{\"left_children\":[-1],\"right_children\":[-1],\"split_indices\":[0],"
           "\"split_conditions\":[0,1],\"default_left\":[0],\"sum_hessian\":[1]}"),
     "not as many numbers as the tree has nodes in 'split_conditions'", 0, 0},
    {MODEL("binary:logistic", "5E-1",
           "{\"left_children\":[-1],\"right_children\":[-1],\"split_indices\":[0],"
           "\"split_conditions\":[0],\"default_left\":[0],\"sum_hessian\":[1],\"split_type\":[1]}"),
     "a split by categories; only splits by numbers are known", 0, 0},
};

static void test_refusals(void) {
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct arena arena = ARENA_INIT;
        struct learner_model model;
        struct error err;
        CHECK_INT(read_text(refusals[i].text, &arena, &model, &err), -1);
        CHECK_TEXT(err.text, refusals[i].message);
        CHECK(err.line >= 1 && err.column >= 1);
        if (refusals[i].line > 0) {
            CHECK_INT(err.line, refusals[i].line);
            CHECK_INT(err.column, refusals[i].column);
        }
        arena_free(&arena);
    }
}

/* ---- the library --------------------------------------------------------------------------- */

struct peer {
    struct bench_xgboost xgboost;
    void *matrix, *booster;
    float *rows; /* row by row */
};

static void train_peer(struct peer *peer, const struct learner_data *data, const char *depth,
                       const char *booster, int rounds, struct arena *arena) {
    const struct matrix *features = &data->features;
    const char *const settings[][2] = {{"objective", "binary:logistic"},
                                       {"nthread", "1"},
                                       {"max_depth", depth},
                                       {"tree_method", "hist"},
                                       {"max_bin", "256"},
                                       {"base_score", "0.3"},
                                       {"booster", booster},
                                       {"rate_drop", "0.1"},
                                       {"verbosity", "0"}};
    peer->rows = ARENA_ARRAY(arena, float, (size_t)features->row_count * features->column_count);
    for (uint32_t r = 0; r < features->row_count; r++) {
        matrix_row(features, r, peer->rows + (size_t)r * features->column_count);
    }
    CHECK_INT(peer->xgboost.matrix_create(peer->rows, features->row_count, features->column_count,
                                          __builtin_nanf(""), &peer->matrix),
              0);
    peer->xgboost.matrix_set(peer->matrix, "label", data->labels, features->row_count);
    peer->xgboost.create(&peer->matrix, 1, &peer->booster);
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        bool of_dart = strcmp(settings[i][0], "rate_drop") == 0;
        if (!of_dart || strcmp(booster, "dart") == 0) {
            CHECK_INT(peer->xgboost.set(peer->booster, settings[i][0], settings[i][1]), 0);
        }
    }
    for (int round = 0; round < rounds; round++) {
        CHECK_INT(peer->xgboost.update(peer->booster, round, peer->matrix), 0);
    }
}

static void free_peer(struct peer *peer) {
    peer->xgboost.free(peer->booster);
    peer->xgboost.matrix_free(peer->matrix);
}

static void read_peer(struct peer *peer, struct arena *arena, struct learner_model *model) {
    char path[] = "/tmp/clearlab-xgboost-XXXXXX.json";
    struct error err = ERROR_INIT;
    size_t length = 0;
    int file = mkstemps(path, 5);
    CHECK(file >= 0);
    close(file);
    CHECK_INT(peer->xgboost.save(peer->booster, path), 0);
    char *text = input_file_read(arena, path, (size_t)1 << 28, &length, &err);
    CHECK(text != NULL);
    CHECK_INT(xgboost_read(path, text, length, arena, model, &err), 0);
    CHECK_TEXT(err.text, "");
    remove(path);
}

/* Probabilities within 1e-6, and the library's own exact contributions, which are floats. */
static void test_scores(struct bench_xgboost xgboost, const char *depth, const char *booster) {
    enum { ROWS = 3000, COLUMNS = 6 };
    struct arena arena = ARENA_INIT;
    struct peer peer = {.xgboost = xgboost};
    struct learner_model model;
    struct matrix features = made_matrix(&arena, ROWS, COLUMNS, 500, 0.2, 31);
    struct learner_data data = {features, made_labels(&arena, &features, 0.2, 0.7, 31), NULL, NULL};
    uint64_t count = 0;
    const float *scores = NULL, *parts = NULL;
    double worst = 0.0, worst_part = 0.0;
    train_peer(&peer, &data, depth, booster, 40, &arena);
    read_peer(&peer, &arena, &model);
    peer.xgboost.predict(peer.booster, peer.matrix, 0, 0, 0, &count, &scores);
    CHECK_INT(count, ROWS);
    for (uint32_t r = 0; r < ROWS; r++) {
        double off = learner_score(&model, peer.rows + (size_t)r * COLUMNS) - (double)scores[r];
        worst = off > worst ? off : -off > worst ? -off : worst;
    }
    CHECK_NEAR(worst, 0.0, 1e-6);
    peer.xgboost.predict(peer.booster, peer.matrix, 4, 0, 0, &count, &parts);
    for (uint32_t r = 0; r < 200; r++) {
        double ours[COLUMNS];
        learner_explain(&model, peer.rows + (size_t)r * COLUMNS, LEARNER_EXACT, ours);
        for (uint32_t c = 0; c < COLUMNS; c++) {
            double off = ours[c] - (double)parts[r * (COLUMNS + 1) + c];
            worst_part = off > worst_part ? off : -off > worst_part ? -off : worst_part;
        }
    }
    CHECK_NEAR(worst_part, 0.0,
               strcmp(booster, "dart") == 0 ? 1e9 : 2e-5); /* dart's ignore drops */
    free_peer(&peer);
    arena_free(&arena);
}

/* ---- as good ------------------------------------------------------------------------------- */

struct scored {
    double score;
    float label;
};

static int by_score(const void *a, const void *b) {
    double x = ((const struct scored *)a)->score, y = ((const struct scored *)b)->score;
    return (x > y) - (x < y);
}

/* Area under the curve with its standard error (Hanley and McNeil 1982). */
static double auc_of(struct scored *rows, uint32_t count, double *error) {
    double ranks = 0.0, ones = 0.0;
    qsort(rows, count, sizeof *rows, by_score);
    for (uint32_t i = 0, j; i < count; i = j) {
        for (j = i; j < count && rows[j].score == rows[i].score; j++) {
        }
        for (uint32_t k = i; k < j; k++) {
            if (rows[k].label == 1.0f) {
                ranks += 0.5 * (i + j + 1);
                ones += 1.0;
            }
        }
    }
    double zeros = count - ones, a = (ranks - 0.5 * ones * (ones + 1.0)) / (ones * zeros);
    double q1 = a / (2.0 - a), q2 = 2.0 * a * a / (1.0 + a);
    *error =
        numeric_sqrt((a * (1.0 - a) + (ones - 1.0) * (q1 - a * a) + (zeros - 1.0) * (q2 - a * a)) /
                     (ones * zeros));
    return a;
}

/* How much greater the area of our boosting is; *error is that of the area itself. */
static double compare(struct bench_xgboost xgboost, const struct learner_data *train,
                      const struct learner_data *test, const char *depth, int rounds,
                      double *error) {
    struct arena arena = ARENA_INIT;
    struct peer peer = {.xgboost = xgboost};
    uint32_t count = test->features.row_count, columns = test->features.column_count;
    struct scored *ours = ARENA_ARRAY(&arena, struct scored, count);
    struct scored *theirs = ARENA_ARRAY(&arena, struct scored, count);
    struct learner_model model, other;
    double error_other;
    float *row = ARENA_ARRAY(&arena, float, columns);
    train_peer(&peer, train, depth, "gbtree", rounds, &arena);
    read_peer(&peer, &arena, &other);
    model = trained("boost", train, "depth", strtod(depth, NULL), "rounds", rounds, &arena);
    for (uint32_t r = 0; r < count; r++) {
        matrix_row(&test->features, r, row);
        ours[r] = (struct scored){learner_margin(&model, row), test->labels[r]};
        theirs[r] = (struct scored){learner_margin(&other, row), test->labels[r]};
    }
    double a = auc_of(ours, count, error), b = auc_of(theirs, count, &error_other);
    printf("depth %s: AUC %.4f +- %.4f, XGBoost's %.4f\n", depth, a, *error, b);
    CHECK(a > 0.6);
    free_peer(&peer);
    arena_free(&arena);
    return a - b;
}

static void test_made(struct bench_xgboost xgboost) {
    struct arena arena = ARENA_INIT;
    double error;
    struct matrix train = made_matrix(&arena, 8000, 6, 5000, 0.1, 41);
    struct matrix test = made_matrix(&arena, 4000, 6, 5000, 0.1, 42);
    struct learner_data a = {train, made_labels(&arena, &train, 0.2, 0.6, 41), NULL, NULL};
    struct learner_data b = {test, made_labels(&arena, &test, 0.2, 0.6, 42), NULL, NULL};
    CHECK(compare(xgboost, &a, &b, "4", 40, &error) > -1.96 * error);
    arena_free(&arena);
}

/* A text as a number: itself, or a hash of it, the same in both files. */
static float number_of(const char *text, bool is_number, uint32_t salt) {
    uint32_t hash = 2166136261u ^ salt;
    if (*text == '\0') {
        return __builtin_nanf("");
    }
    if (is_number) {
        return strtof(text, NULL);
    }
    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * 16777619u;
    }
    return (float)(hash >> 8);
}

static bool load_declarations(const char *name, uint32_t salt, struct arena *arena,
                              struct learner_data *data) {
    enum { FIRST = 2, LAST = 19, FRAUD = 20, ROWS_MAX = 40000, COLUMNS = LAST - FIRST + 1 };
    struct error err = ERROR_INIT;
    size_t length = 0;
    const char *path = input_file_data_path(arena, name);
    char *text = input_file_read(arena, path, (size_t)1 << 26, &length, &err);
    if (text == NULL) {
        return false;
    }
    float *labels = ARENA_ARRAY(arena, float, ROWS_MAX);
    struct matrix all = matrix_make(arena, ROWS_MAX, COLUMNS);
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, ROWS_MAX), count = 0;
    struct csv *csv = ARENA_NEW(arena, struct csv);
    csv_init(csv, path, text, ',');
    csv_next(csv, &err);
    while (csv_next(csv, &err) == 1 && count < ROWS_MAX) {
        for (uint32_t c = FIRST; c <= LAST; c++) {
            bool is_number = c == 15 || c == 18 || c == 19; /* rate, mass, price */
            matrix_column(&all, c - FIRST)[count] = number_of(csv->fields[c], is_number, salt);
        }
        labels[count] = strtof(csv->fields[FRAUD], NULL);
        rows[count] = count;
        count++;
    }
    *data = (struct learner_data){matrix_pick(arena, &all, rows, count), labels, NULL, NULL};
    return true;
}

/* The order that codes happen to get moves the area by more than its error, so it is changed. */
static void test_declarations(struct bench_xgboost xgboost, const char *depth, int rounds) {
    enum { SALTS = 4 };
    double gain = 0.0, error = 0.0;
    for (uint32_t salt = 0; salt < SALTS; salt++) {
        struct arena arena = ARENA_INIT;
        struct learner_data train, test;
        if (!load_declarations("customs-declarations/df_syn_train_eng.csv", salt, &arena, &train) ||
            !load_declarations("customs-declarations/df_syn_valid_eng.csv", salt, &arena, &test)) {
            puts("the shared declarations are not here, so training on them was not compared");
            arena_free(&arena);
            return;
        }
        gain += compare(xgboost, &train, &test, depth, rounds, &error) / SALTS;
        arena_free(&arena);
    }
    CHECK(gain > -1.96 * error);
}

int main(void) {
    struct bench_xgboost xgboost;
    test_by_hand();
    test_refusals();
    if (!bench_xgboost_open(&xgboost)) {
        puts("XGBoost is not installed here (package libxgboost-dev), so it was not compared");
        return test_summary();
    }
    test_scores(xgboost, "4", "gbtree");
    test_scores(xgboost, "9", "gbtree");
    test_scores(xgboost, "3", "dart");
    test_made(xgboost);
    test_declarations(xgboost, "4", 60);
    test_declarations(xgboost, "8", 40);
    return test_summary();
}
