/* SPDX-License-Identifier: GPL-3.0-or-later
 * learner.c - the list of learners, what they have in common, and the one that learns the mean. */
#include "core/risk/learner.h"

#include "core/base/require.h"

#include <stdio.h>
#include <string.h>

const struct learner *const learner_all[] = {
#define X(name) &learner_##name,
    LEARNERS(X)
#undef X
        NULL,
};

const struct learner *learner_find(const char *name) {
    for (unsigned i = 0; learner_all[i] != NULL; i++) {
        if (strcmp(learner_all[i]->name, name) == 0) {
            return learner_all[i];
        }
    }
    return NULL;
}

/* ---- parameters ---------------------------------------------------------------------------- */

void learner_defaults(const struct learner *learner, double values[LEARNER_PARAMETERS_MAX]) {
    for (unsigned i = 0; learner->parameters[i].name != NULL; i++) {
        REQUIRE(i < LEARNER_PARAMETERS_MAX);
        values[i] = learner->parameters[i].otherwise;
    }
}

static int check_value(const struct learner *learner, const struct learner_parameter *parameter,
                       double value, struct error *err) {
    if (!(value >= parameter->min && value <= parameter->max)) {
        return error_set(err, ERROR_INPUT, "%s: %s is %g; it lies within %g and %g", learner->name,
                         parameter->name, value, parameter->min, parameter->max);
    }
    if (parameter->whole && value != __builtin_floor(value)) {
        return error_set(err, ERROR_INPUT, "%s: %s is %g; it is a whole number", learner->name,
                         parameter->name, value);
    }
    return 0;
}

int learner_set(const struct learner *learner, double values[LEARNER_PARAMETERS_MAX],
                const char *name, double value, struct error *err) {
    const char *names[LEARNER_PARAMETERS_MAX];
    unsigned count = 0;
    for (; learner->parameters[count].name != NULL; count++) {
        names[count] = learner->parameters[count].name;
        if (strcmp(names[count], name) == 0) {
            values[count] = value;
            return check_value(learner, &learner->parameters[count], value, err);
        }
    }
    return error_set(err, ERROR_INPUT, "%s has no parameter '%s'%s", learner->name, name,
                     error_hint(name, names, count, "").text);
}

/* ---- training ------------------------------------------------------------------------------ */

static int check_classes(const struct learner *learner, const struct learner_data *data,
                         struct error *err) {
    double weights[2] = {0, 0};
    for (uint32_t r = 0; r < data->features.row_count; r++) {
        if (data->labels[r] != 0.0f && data->labels[r] != 1.0f) {
            return error_set(err, ERROR_INPUT, "row %u: label %g; %s learns labels 0 and 1", r + 1,
                             (double)data->labels[r], learner->name);
        }
        weights[data->labels[r] == 1.0f] += data->weights == NULL ? 1.0 : (double)data->weights[r];
    }
    if (weights[0] == 0 || weights[1] == 0) {
        return error_set(err, ERROR_INPUT,
                         "one class only: all rows are labelled %d, so there is nothing to tell "
                         "apart",
                         weights[1] > 0);
    }
    return 0;
}

static int check_labels(const struct learner *learner, const struct learner_data *data,
                        struct error *err) {
    if (learner->task == LEARNER_ANOMALY) {
        return 0;
    }
    if (data->labels == NULL) {
        return error_set(err, ERROR_INPUT, "%s needs labels", learner->name);
    }
    if (learner->task == LEARNER_CLASS) {
        return check_classes(learner, data, err);
    }
    for (uint32_t r = 0; r < data->features.row_count; r++) {
        if (!__builtin_isfinite(data->labels[r])) {
            return error_set(err, ERROR_INPUT, "row %u: the label is no finite number", r + 1);
        }
    }
    return 0;
}

static int check_weights(const struct learner_data *data, struct error *err) {
    double sum = 0;
    for (uint32_t r = 0; data->weights != NULL && r < data->features.row_count; r++) {
        if (!(data->weights[r] >= 0) || __builtin_isinf(data->weights[r])) {
            return error_set(err, ERROR_INPUT, "row %u: weight %g; weights are 0 or more", r + 1,
                             (double)data->weights[r]);
        }
        sum += (double)data->weights[r];
    }
    return data->weights == NULL || sum > 0 ? 0 : error_set(err, ERROR_INPUT, "all weights are 0");
}

static int check_data(const struct learner *learner, const struct learner_data *data,
                      struct error *err) {
    char number[16];
    if (data->features.row_count == 0) {
        return error_set(err, ERROR_INPUT, "%s: no rows to learn from", learner->name);
    }
    for (uint32_t c = 0; data->directions != NULL && c < data->features.column_count; c++) {
        if (data->directions[c] != 0 && !learner->keeps_directions) {
            return error_set(err, ERROR_INPUT,
                             "%s cannot promise that its score only %s with '%s'; boost can",
                             learner->name, data->directions[c] > 0 ? "rises" : "falls",
                             matrix_name(data->features.names, c, number));
        }
    }
    if (matrix_check(&data->features, err) < 0 || check_weights(data, err) < 0) {
        return -1;
    }
    return check_labels(learner, data, err);
}

const float *learner_class_weights(const struct learner_data *data, double positive_weight,
                                   struct arena *scratch) {
    if (positive_weight == 1.0) {
        return data->weights;
    }
    float *weights = ARENA_ARRAY(scratch, float, data->features.row_count);
    for (uint32_t r = 0; r < data->features.row_count; r++) {
        double weight = data->weights == NULL ? 1.0 : (double)data->weights[r];
        weights[r] = (float)(data->labels[r] == 1.0f ? weight * positive_weight : weight);
    }
    return weights;
}

static const char *const *copy_names(const struct matrix *matrix, struct arena *arena) {
    if (matrix->names == NULL) {
        return NULL;
    }
    const char **names = ARENA_ARRAY(arena, const char *, matrix->column_count);
    for (uint32_t c = 0; c < matrix->column_count; c++) {
        names[c] = arena_text(arena, matrix->names[c], strlen(matrix->names[c]));
    }
    return names;
}

int learner_train(const struct learner *learner, const struct learner_data *data,
                  const double *values, struct random_key key, struct arena *arena,
                  struct arena *scratch, struct learner_model *model, struct error *err) {
    double usual[LEARNER_PARAMETERS_MAX];
    learner_defaults(learner, usual);
    values = values != NULL ? values : usual;
    for (unsigned i = 0; learner->parameters[i].name != NULL; i++) {
        if (check_value(learner, &learner->parameters[i], values[i], err) < 0) {
            return -1;
        }
    }
    if (check_data(learner, data, err) < 0) {
        return -1;
    }
    void *state = learner->train(data, values, key, arena, scratch, err);
    if (state == NULL) {
        return -1;
    }
    *model = (struct learner_model){learner, data->features.column_count,
                                    copy_names(&data->features, arena), state};
    return 0;
}

/* ---- use ----------------------------------------------------------------------------------- */

double learner_link_score(enum learner_link link, double margin) {
    switch (link) {
    case LEARNER_LOGISTIC:
        return 1.0 / (1.0 + numeric_exp(-margin));
    case LEARNER_HALVING:
        return numeric_pow(2.0, margin);
    case LEARNER_IDENTITY:
        break;
    }
    return margin;
}

double learner_margin(const struct learner_model *model, const float *row) {
    return model->learner->margin(model->state, row);
}

double learner_score(const struct learner_model *model, const float *row) {
    return learner_link_score(model->learner->link, model->learner->margin(model->state, row));
}

void learner_score_rows(const struct learner_model *model, const struct matrix *matrix,
                        double *scores) {
    float cells[MATRIX_COLUMNS_MAX];
    REQUIRE(matrix->column_count == model->column_count);
    for (uint32_t r = 0; r < matrix->row_count; r++) {
        matrix_row(matrix, r, cells);
        scores[r] = learner_score(model, cells);
    }
}

double learner_explain(const struct learner_model *model, const float *row,
                       enum learner_explanation how, double *parts) {
    for (uint32_t c = 0; c < model->column_count; c++) {
        parts[c] = 0.0;
    }
    return model->learner->explain(model->state, row, how, parts);
}

/* ---- files --------------------------------------------------------------------------------- */

void learner_write(const struct learner_model *model, struct model_writer *writer) {
    model_file_section(writer, "model");
    model_file_put_text(writer, model->learner->name);
    model_file_put_u32(writer, model->column_count);
    model_file_put_u32(writer, model->names != NULL);
    for (uint32_t c = 0; model->names != NULL && c < model->column_count; c++) {
        model_file_put_text(writer, model->names[c]);
    }
    model->learner->write(model->state, writer);
}

int learner_read(struct model_reader *reader, struct arena *arena, struct learner_model *model) {
    model_file_require(reader, "model");
    const char *name = model_file_text(reader, arena);
    *model = (struct learner_model){.learner = learner_find(name)};
    if (model->learner == NULL) {
        return model_file_fail(reader, "no learner is called '%.64s'", name);
    }
    model->column_count = model_file_count(reader, MATRIX_COLUMNS_MAX, "columns");
    if (model_file_count(reader, 1, "lists of names") == 1) {
        const char **names = ARENA_ARRAY(arena, const char *, model->column_count);
        for (uint32_t c = 0; c < model->column_count; c++) {
            names[c] = model_file_text(reader, arena);
        }
        model->names = names;
    }
    if (reader->failed) {
        return -1;
    }
    model->state = model->learner->read(reader, model->column_count, arena);
    return reader->failed ? -1 : 0;
}

/* ---- the constant -------------------------------------------------------------------------- */

struct constant {
    double margin;
};

static void *constant_train(const struct learner_data *data, const double *values,
                            struct random_key key, struct arena *arena, struct arena *scratch,
                            struct error *err) {
    (void)values, (void)key, (void)scratch, (void)err;
    double sum[2] = {0, 0};
    for (uint32_t r = 0; r < data->features.row_count; r++) {
        sum[data->labels[r] == 1.0f] += data->weights == NULL ? 1.0 : (double)data->weights[r];
    }
    struct constant *constant = ARENA_NEW(arena, struct constant);
    constant->margin = numeric_log(sum[1] / sum[0]);
    return constant;
}

static double constant_margin(const void *state, const float *row) {
    (void)row;
    return ((const struct constant *)state)->margin;
}

static double constant_explain(const void *state, const float *row, enum learner_explanation how,
                               double *parts) {
    (void)how, (void)parts;
    return constant_margin(state, row);
}

static void constant_write(const void *state, struct model_writer *writer) {
    model_file_section(writer, "constant");
    model_file_put_f64(writer, constant_margin(state, NULL));
}

static void *constant_read(struct model_reader *reader, uint32_t column_count,
                           struct arena *arena) {
    (void)column_count;
    struct constant *constant = ARENA_NEW(arena, struct constant);
    model_file_require(reader, "constant");
    constant->margin = model_file_f64(reader);
    if (!__builtin_isfinite(constant->margin)) {
        model_file_fail(reader, "the margin is no finite number");
    }
    return constant;
}

static const struct learner_parameter constant_parameters[] = {{NULL, 0, 0, 0, false, NULL}};

const struct learner learner_constant = {
    .name = "constant",
    .doc = "The share of ones in the training data, whatever the row.",
    .task = LEARNER_CLASS,
    .link = LEARNER_LOGISTIC,
    .parameters = constant_parameters,
    .train = constant_train,
    .margin = constant_margin,
    .explain = constant_explain,
    .write = constant_write,
    .read = constant_read,
};
