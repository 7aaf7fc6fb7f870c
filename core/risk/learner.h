/* SPDX-License-Identifier: GPL-3.0-or-later
 * learner.h - what learns from labelled rows, and what it has learnt.
 *
 * A learner is trained on a matrix and gives a model: a margin for any row, a score made of it by
 * the learner's link, and an explanation whose parts add up to the margin. A model is immutable:
 * threads may share it, and scoring allocates nothing. The same data, values and key give the same
 * bytes everywhere. A new learner is one file with a table, and a word in LEARNERS.
 *
 * In a model file a model is the section "model" (name of the learner, columns and their names) and
 * then what the learner writes. */
#ifndef CORE_RISK_LEARNER_H
#define CORE_RISK_LEARNER_H

#include "core/base/arena.h"
#include "core/base/random.h"
#include "core/risk/matrix.h"
#include "core/risk/model_file.h"

#include <stdbool.h>
#include <stddef.h>

struct learner_parameter {
    const char *name;
    double otherwise, min, max;
    bool whole;
    const char *doc;
};

/* What a model is trained on. */
struct learner_data {
    struct matrix features;
    const float *labels;      /* one a row; NULL where the learner wants none */
    const float *weights;     /* positive or zero, one a row; NULL: all 1 */
    const int8_t *directions; /* one a column: 1 the score may only rise with the feature, -1 only
                                 fall, 0 either; NULL: all 0. Only boosting keeps them; others
                                 refuse any but 0 */
};

/* What the labels are. */
enum learner_task {
    LEARNER_CLASS,   /* 0 or 1; the score is the probability of 1 */
    LEARNER_NUMBER,  /* any number; the score estimates one in the same unit */
    LEARNER_ANOMALY, /* none; the score is 0..1, higher is odder */
};

/* How a score is made of a margin. */
enum learner_link {
    LEARNER_IDENTITY, /* margin */
    LEARNER_LOGISTIC, /* 1 / (1 + exp(-margin)) */
    LEARNER_HALVING,  /* 2^margin, margins being negative: of isolation forests */
};

/* How an explanation divides a margin among the features. */
enum learner_explanation {
    LEARNER_EXACT, /* Shapley values: the fair division, for trees by way of their covers (Lundberg
                      et al. 2020, "path dependent"), for linear models against the mean row */
    LEARNER_PATH,  /* what each split on the row's way changed (Saabas 2014); quicker, and unfair to
                      splits near the root */
};

struct learner {
    const char *name, *doc;
    enum learner_task task;
    enum learner_link link;
    const struct learner_parameter *parameters; /* a NULL name ends them */
    /* NULL and an error when it cannot. The result lives in `arena` and refers to nothing else. */
    void *(*train)(const struct learner_data *data, const double *values, struct random_key key,
                   struct arena *arena, struct arena *scratch, struct error *err);
    double (*margin)(const void *state, const float *row);
    double (*explain)(const void *state, const float *row, enum learner_explanation how,
                      double *parts);
    void (*write)(const void *state, struct model_writer *writer);
    void *(*read)(struct model_reader *reader, uint32_t column_count, struct arena *arena);
    bool keeps_directions;
};

#define LEARNERS(X) \
    X(constant) X(logistic) X(tree) X(random_forest) X(boost) X(quantile_boost) X(isolation_forest)

#define X(name) extern const struct learner learner_##name;
LEARNERS(X)
#undef X

enum { LEARNER_PARAMETERS_MAX = 16 };

/* All learners, in the order of the list; NULL ends them. */
extern const struct learner *const learner_all[];

/* NULL when none is called that. */
const struct learner *learner_find(const char *name);

/* Sets a parameter by its name; an error for one that the learner lacks, and for a value outside
 * its range. `values` was filled by learner_defaults. */
void learner_defaults(const struct learner *learner, double values[LEARNER_PARAMETERS_MAX]);
int learner_set(const struct learner *learner, double values[LEARNER_PARAMETERS_MAX],
                const char *name, double value, struct error *err);

struct learner_model {
    const struct learner *learner;
    uint32_t column_count;
    const char *const *names; /* of the columns; NULL when the matrix had none */
    const void *state;
};

/* The weights of the data, those of rows labelled 1 times `positive_weight`; NULL when all are 1.
 */
const float *learner_class_weights(const struct learner_data *data, double positive_weight,
                                   struct arena *scratch);

/* Trains; `values` NULL: all as usual. Errors: infinite cells, labels that the task does not know,
 * one class only, negative weights, no rows. The model lives in `arena` and copies the names;
 * `scratch` holds what training needs in between and may be freed afterwards. */
int learner_train(const struct learner *learner, const struct learner_data *data,
                  const double *values, struct random_key key, struct arena *arena,
                  struct arena *scratch, struct learner_model *model, struct error *err);

/* Of one row of column_count cells. */
double learner_margin(const struct learner_model *model, const float *row);
double learner_score(const struct learner_model *model, const float *row);

/* The score that belongs to a margin. */
double learner_link_score(enum learner_link link, double margin);

/* Of all rows of a matrix with the model's columns. */
void learner_score_rows(const struct learner_model *model, const struct matrix *matrix,
                        double *scores);

/* Fills parts, one a column, and returns the base: base + sum of the parts = margin within 1e-6. */
double learner_explain(const struct learner_model *model, const float *row,
                       enum learner_explanation how, double *parts);

void learner_write(const struct learner_model *model, struct model_writer *writer);
int learner_read(struct model_reader *reader, struct arena *arena, struct learner_model *model);

#endif
