/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_learner.c - goal: what the table of learners promises holds for every one of them: models
 * are kept exactly, explanations add up, weights mean repeated rows, the same data and key give the
 * same bytes whatever the compiler, and what cannot be learnt from is refused. */
#include "core/risk/learner.h"
#include "tests/test.h"
#include "tests/unit/learner_data.h"

enum { ROWS = 700, COLUMNS = 5 };

static const char *const names[COLUMNS] = {"unit value", "tuple", "mass", "rate", "age"};

static struct learner_data make_data(struct arena *arena) {
    struct matrix features = made_matrix(arena, ROWS, COLUMNS, 40, 0.15, 20170102);
    features.names = names;
    return (struct learner_data){features, made_labels(arena, &features, 0.1, 0.8, 7), NULL, NULL};
}

static struct model_writer kept(const struct learner_model *model, struct arena *arena) {
    struct model_writer writer;
    model_file_create(&writer, arena);
    learner_write(model, &writer);
    model_file_finish(&writer);
    return writer;
}

static void check_kept(const struct learner_model *model, const struct learner_data *data) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct model_writer writer = kept(model, &arena);
    struct model_reader reader;
    struct learner_model again;
    CHECK_INT(model_file_open(&reader, "a", writer.bytes, writer.length, &err), 0);
    CHECK_INT(learner_read(&reader, &arena, &again), 0);
    CHECK_INT(model_file_close(&reader), 0);
    CHECK(again.learner == model->learner && again.column_count == COLUMNS);
    CHECK_TEXT(again.names[4], "age");
    struct model_writer twice = kept(&again, &arena);
    CHECK(twice.length == writer.length && memcmp(twice.bytes, writer.bytes, twice.length) == 0);
    double scores[ROWS];
    unsigned same = 0;
    learner_score_rows(&again, &data->features, scores);
    for (uint32_t r = 0; r < ROWS; r++) {
        float row[COLUMNS];
        matrix_row(&data->features, r, row);
        same += scores[r] == learner_score(model, row);
    }
    CHECK_INT(same, ROWS);
    arena_free(&arena);
}

static void check_explained(const struct learner_model *model, const struct learner_data *data) {
    double worst = 0.0, moved = 0.0;
    for (uint32_t r = 0; r < ROWS; r++) {
        float row[COLUMNS];
        matrix_row(&data->features, r, row);
        for (int how = LEARNER_EXACT; how <= LEARNER_PATH; how++) {
            double parts[COLUMNS], sum = 0.0;
            double base = learner_explain(model, row, (enum learner_explanation)how, parts);
            for (int c = 0; c < COLUMNS; c++) {
                sum += parts[c];
                moved += parts[c] * parts[c];
            }
            double off = base + sum - learner_margin(model, row);
            worst = off > worst ? off : -off > worst ? -off : worst;
        }
    }
    CHECK_NEAR(worst, 0.0, 1e-6);
    CHECK(moved > 0 || strcmp(model->learner->name, "constant") == 0);
}

/* How well scores tell ones from zeros: Mann and Whitney's count of pairs. */
static double auc(const struct learner_model *model, const struct learner_data *data) {
    double scores[ROWS], won = 0.0, pairs = 0.0;
    learner_score_rows(model, &data->features, scores);
    for (uint32_t a = 0; a < ROWS; a++) {
        for (uint32_t b = 0; b < ROWS; b++) {
            if (data->labels[a] > data->labels[b]) {
                pairs += 1.0;
                won += scores[a] > scores[b] ? 1.0 : scores[a] == scores[b] ? 0.5 : 0.0;
            }
        }
    }
    return won / pairs;
}

/* Checksums of the files, the same for every compiler, optimisation and machine; a change of an
 * algorithm or of a default changes them. */
static const struct expected {
    const char *name;
    uint64_t sum;
    double auc_min; /* of the best rule it is .85 */
} expected[] = {
    {"constant", 0x2fc752f0e93d2f11, 0.5},       {"logistic", 0xe1aec7f03faa67fd, 0.7},
    {"tree", 0x60a56f3ad6810685, 0.85},          {"random_forest", 0x93b362a8a2b3f7c0, 0.9},
    {"boost", 0x27aff7a9ac160de9, 0.85},         {"quantile_boost", 0xfba849c0647b8dd1, 0},
    {"isolation_forest", 0xbc3c994825a7a55e, 0},
};

static void test_each(const struct expected *wanted) {
    struct arena arena = ARENA_INIT;
    struct learner_data data = make_data(&arena);
    struct learner_model model = trained(wanted->name, &data, NULL, 0, NULL, 0, &arena);
    struct learner_model same = trained(wanted->name, &data, NULL, 0, NULL, 0, &arena);
    struct model_writer a = kept(&model, &arena), b = kept(&same, &arena);
    CHECK(a.length == b.length && memcmp(a.bytes, b.bytes, a.length) == 0);
    uint64_t sum = model_file_checksum(a.bytes, a.length);
    if (sum != wanted->sum) {
        printf("%s: checksum 0x%016" PRIx64 "\n", wanted->name, sum);
    }
    CHECK(sum == wanted->sum);
    CHECK(auc(&model, &data) >= wanted->auc_min);
    check_kept(&model, &data);
    check_explained(&model, &data);
    arena_free(&arena);
}

/* A row of weight 2 is two rows, and one of weight 0 none. Only where rows are not drawn. */
static void test_weights(const char *name) {
    struct arena arena = ARENA_INIT;
    struct learner_data data = make_data(&arena), repeated = data;
    float weights[ROWS], labels[2 * ROWS];
    uint32_t rows[2 * ROWS], count = 0;
    for (uint32_t r = 0; r < ROWS; r++) {
        weights[r] = (float)(r % 3);
        for (uint32_t copy = 0; copy < r % 3; copy++) {
            labels[count] = data.labels[r];
            rows[count++] = r;
        }
    }
    data.weights = weights;
    repeated.features = matrix_pick(&arena, &data.features, rows, count);
    repeated.labels = labels;
    struct learner_model one = trained(name, &data, NULL, 0, NULL, 0, &arena);
    struct learner_model other = trained(name, &repeated, NULL, 0, NULL, 0, &arena);
    double worst = 0.0;
    for (uint32_t r = 0; r < ROWS; r++) {
        float row[COLUMNS];
        matrix_row(&data.features, r, row);
        double off = learner_margin(&one, row) - learner_margin(&other, row);
        worst = off > worst ? off : -off > worst ? -off : worst;
    }
    CHECK_NEAR(worst, 0.0, 1e-5);
    arena_free(&arena);
}

static const char *failure(const char *name, const struct learner_data *data, struct error *err) {
    struct arena arena = ARENA_INIT;
    struct learner_model model;
    *err = (struct error)ERROR_INIT;
    int status = learner_train(learner_find(name), data, NULL, random_key_make(1, 1), &arena,
                               &arena, &model, err);
    arena_free(&arena);
    return status < 0 && err->code == ERROR_INPUT ? err->text : "no failure";
}

static void test_refusals(void) {
    struct arena arena = ARENA_INIT;
    struct error err;
    struct learner_data data = make_data(&arena), bad = data;
    float *ones = ARENA_ARRAY(&arena, float, ROWS);
    int8_t directions[COLUMNS] = {0, 0, -1, 0, 0};
    bad.labels = ones;
    CHECK_TEXT(failure("boost", &bad, &err), "one class only: all rows are labelled 0, so there is "
                                             "nothing to tell apart");
    ones[3] = 2.5f;
    CHECK_TEXT(failure("tree", &bad, &err), "row 4: label 2.5; tree learns labels 0 and 1");
    ones[3] = -1.0f;
    bad = data;
    bad.weights = ones;
    CHECK_TEXT(failure("logistic", &bad, &err), "row 4: weight -1; weights are 0 or more");
    bad = data;
    bad.directions = directions;
    CHECK_TEXT(failure("random_forest", &bad, &err),
               "random_forest cannot promise that its score only falls with 'mass'; boost can");
    bad = data;
    bad.labels = NULL;
    CHECK_TEXT(failure("quantile_boost", &bad, &err), "quantile_boost needs labels");
    matrix_column(&data.features, 3)[11] = __builtin_inff();
    CHECK_TEXT(failure("tree", &data, &err), "column 'rate', row 12: an infinite number");
    data.features.row_count = 0;
    CHECK_TEXT(failure("tree", &data, &err), "tree: no rows to learn from");
    data.features.row_count = 1;
    CHECK_TEXT(failure("isolation_forest", &data, &err),
               "isolation_forest: one row cannot be set apart from others");
    arena_free(&arena);
}

static void test_parameters(void) {
    struct error err = ERROR_INIT;
    double values[LEARNER_PARAMETERS_MAX];
    const struct learner *boost = learner_find("boost");
    CHECK(learner_find("oracle") == NULL);
    learner_defaults(boost, values);
    CHECK_INT(learner_set(boost, values, "round", 3, &err), -1);
    CHECK_TEXT(err.text, "boost has no parameter 'round'; did you mean 'rounds'?");
    err = (struct error)ERROR_INIT;
    CHECK_INT(learner_set(boost, values, "depth", 2.5, &err), -1);
    CHECK_TEXT(err.text, "boost: depth is 2.5; it is a whole number");
    err = (struct error)ERROR_INIT;
    CHECK_INT(learner_set(boost, values, "depth", 99, &err), -1);
    CHECK_TEXT(err.text, "boost: depth is 99; it lies within 1 and 16");
    for (unsigned i = 0; learner_all[i] != NULL; i++) {
        CHECK(learner_find(learner_all[i]->name) == learner_all[i]);
    }
}

int main(void) {
    unsigned count = 0;
    while (learner_all[count] != NULL) {
        count++;
    }
    CHECK_INT(count, sizeof expected / sizeof *expected);
    for (unsigned i = 0; i < sizeof expected / sizeof *expected; i++) {
        test_each(&expected[i]);
    }
    test_weights("constant");
    test_weights("logistic");
    test_weights("tree");
    test_weights("boost");
    test_refusals();
    test_parameters();
    return test_summary();
}
