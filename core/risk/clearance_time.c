/* SPDX-License-Identifier: GPL-3.0-or-later
 * clearance_time.c - see clearance_time.h.
 *
 * In a model file: section "clrtime" (u32 categories of each code with their codes, f64 sums, f64
 * counts; f64 mean, f64 margins of low and high), then three models: median, low, high. */
#include "core/risk/clearance_time.h"

#include "core/base/numeric.h"

#include <stdlib.h>

enum { MEDIAN, LOW, HIGH, QUANTILES };
enum { COLUMNS = 2 * CLEARANCE_CODE_COUNT + 2, CASES_MIN = 200, CATEGORIES_MAX = 1 << 20 };

static const double quantiles[QUANTILES] = {0.5, 0.05, 0.95};
static const double smoothing = 20.0; /* records that everybody counts for */

static const char *const column_names[COLUMNS] = {
#define X(name) #name, #name "_count",
    CLEARANCE_CODES(X)
#undef X
        "hour",
    "weekday",
};

/* The categories of one code, ascending. */
struct categories {
    uint32_t count;
    uint32_t *codes;
    double *sums, *counts; /* of log hours */
};

struct clearance_time {
    struct categories categories[CLEARANCE_CODE_COUNT];
    double mean;         /* of all log hours */
    double below, above; /* by how much the ends are moved outwards */
    struct learner_model models[QUANTILES];
};

static int by_code(const void *a_, const void *b_) {
    const uint32_t *a = a_, *b = b_;
    return (*a > *b) - (*a < *b);
}

static void list_categories(struct categories *categories, const struct clearance_case *cases,
                            uint32_t count, enum clearance_code code, struct arena *arena) {
    categories->codes = ARENA_ARRAY(arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) {
        categories->codes[i] = cases[i].codes[code];
    }
    qsort(categories->codes, count, sizeof *categories->codes, by_code);
    for (uint32_t i = 0; i < count; i++) {
        if (i == 0 || categories->codes[i] != categories->codes[categories->count - 1]) {
            categories->codes[categories->count++] = categories->codes[i];
        }
    }
    categories->sums = ARENA_ARRAY(arena, double, categories->count);
    categories->counts = ARENA_ARRAY(arena, double, categories->count);
}

static int64_t find(const struct categories *categories, uint32_t code) {
    uint32_t low = 0, high = categories->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (categories->codes[middle] < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < categories->count && categories->codes[low] == code ? (int64_t)low : -1;
}

/* Adds the records with these numbers: `first`, `first + step`, ... */
static void add_records(struct clearance_time *model, const struct clearance_case *cases,
                        const double *logs, uint32_t count, uint32_t first, uint32_t step) {
    for (uint32_t i = first; i < count; i += step) {
        for (unsigned code = 0; code < CLEARANCE_CODE_COUNT; code++) {
            struct categories *categories = &model->categories[code];
            int64_t at = find(categories, cases[i].codes[code]);
            categories->sums[at] += logs[i];
            categories->counts[at] += 1.0;
        }
    }
}

static void forget_records(struct clearance_time *model) {
    for (unsigned code = 0; code < CLEARANCE_CODE_COUNT; code++) {
        struct categories *categories = &model->categories[code];
        for (uint32_t i = 0; i < categories->count; i++) {
            categories->sums[i] = categories->counts[i] = 0.0;
        }
    }
}

static void fill_row(const struct clearance_time *model, const struct clearance_case *question,
                     float row[COLUMNS]) {
    for (unsigned code = 0; code < CLEARANCE_CODE_COUNT; code++) {
        const struct categories *categories = &model->categories[code];
        int64_t at = find(categories, question->codes[code]);
        double sum = at >= 0 ? categories->sums[at] : 0.0;
        double count = at >= 0 ? categories->counts[at] : 0.0;
        row[2 * code] = (float)((sum + smoothing * model->mean) / (count + smoothing));
        row[2 * code + 1] = (float)count;
    }
    row[COLUMNS - 2] = (float)question->hour;
    row[COLUMNS - 1] = (float)question->weekday;
}

/* Each half of the records sees the means of the other one. */
static struct matrix make_matrix(struct clearance_time *model, const struct clearance_case *cases,
                                 const double *logs, uint32_t count, struct arena *scratch) {
    struct matrix matrix = matrix_make(scratch, count, COLUMNS);
    matrix.names = column_names;
    for (uint32_t half = 0; half < 2; half++) {
        forget_records(model);
        add_records(model, cases, logs, count, 1 - half, 2);
        for (uint32_t i = half; i < count; i += 2) {
            float row[COLUMNS];
            fill_row(model, &cases[i], row);
            for (uint32_t column = 0; column < COLUMNS; column++) {
                matrix_column(&matrix, column)[i] = row[column];
            }
        }
    }
    forget_records(model);
    add_records(model, cases, logs, count, 0, 1);
    return matrix;
}

static int train_quantiles(struct clearance_time *model, const struct matrix *matrix,
                           const float *labels, struct random_key key, struct arena *arena,
                           struct arena *scratch, struct error *err) {
    const struct learner_data data = {.features = *matrix, .labels = labels};
    for (unsigned i = 0; i < QUANTILES; i++) {
        double values[LEARNER_PARAMETERS_MAX];
        learner_defaults(&learner_quantile_boost, values);
        if (learner_set(&learner_quantile_boost, values, "quantile", quantiles[i], err) < 0 ||
            learner_train(&learner_quantile_boost, &data, values, key, arena, scratch,
                          &model->models[i], err) < 0) {
            return -1;
        }
    }
    return 0;
}

static int by_number(const void *a_, const void *b_) {
    const double *a = a_, *b = b_;
    return (*a > *b) - (*a < *b);
}

/* What one in twenty of the kept records lies beyond the end by; below 0 draws the end in. */
static double margin_of(double *misses, uint32_t count) {
    qsort(misses, count, sizeof *misses, by_number);
    uint32_t rank = (uint32_t)(0.95 * (count + 1.0));
    return misses[rank < count ? rank : count - 1];
}

static void move_ends(struct clearance_time *model, const struct clearance_case *cases,
                      const double *logs, uint32_t count, struct arena *scratch) {
    double *below = ARENA_ARRAY(scratch, double, count);
    double *above = ARENA_ARRAY(scratch, double, count);
    for (uint32_t i = 0; i < count; i++) {
        float row[COLUMNS];
        fill_row(model, &cases[i], row);
        below[i] = learner_score(&model->models[LOW], row) - logs[i];
        above[i] = logs[i] - learner_score(&model->models[HIGH], row);
    }
    model->below = margin_of(below, count);
    model->above = margin_of(above, count);
}

/* Records in an order of chance, so that every part of them is like the whole. */
static void shuffle(struct clearance_case *cases, double *logs, uint32_t count,
                    struct random_key key) {
    for (uint32_t i = count; i > 1; i--) {
        double u = random_uniform(key, i, random_purpose("shuffle", 0), 0);
        uint32_t other = (uint32_t)(u * i);
        struct clearance_case one = cases[i - 1];
        double log_hours = logs[i - 1];
        cases[i - 1] = cases[other];
        logs[i - 1] = logs[other];
        cases[other] = one;
        logs[other] = log_hours;
    }
}

const struct clearance_time *clearance_time_train(const struct clearance_case *cases,
                                                  const double *hours, uint32_t count,
                                                  struct random_key key, struct arena *arena,
                                                  struct arena *scratch, struct error *err) {
    if (count < CASES_MIN) {
        error_set(err, ERROR_INPUT, "%u records are too few to learn times from; it takes %d",
                  count, CASES_MIN);
        return NULL;
    }
    struct clearance_time *model = ARENA_NEW(arena, struct clearance_time);
    struct clearance_case *mixed = ARENA_ARRAY(scratch, struct clearance_case, count);
    double *logs = ARENA_ARRAY(scratch, double, count);
    float *labels = ARENA_ARRAY(scratch, float, count);
    for (uint32_t i = 0; i < count; i++) {
        if (!(hours[i] >= 0.0 && hours[i] < 1e6)) {
            error_set(err, ERROR_INPUT, "record %u: expected hours, 0 or more", i + 1);
            return NULL;
        }
        mixed[i] = cases[i];
        logs[i] = numeric_log1p(hours[i]);
    }
    shuffle(mixed, logs, count, key);
    uint32_t kept = count / 5, learnt = count - kept;
    for (uint32_t i = 0; i < learnt; i++) {
        labels[i] = (float)logs[i];
        model->mean += logs[i] / learnt;
    }
    for (unsigned code = 0; code < CLEARANCE_CODE_COUNT; code++) {
        list_categories(&model->categories[code], mixed, learnt, (enum clearance_code)code, arena);
    }
    struct matrix matrix = make_matrix(model, mixed, logs, learnt, scratch);
    if (train_quantiles(model, &matrix, labels, key, arena, scratch, err) < 0) {
        return NULL;
    }
    move_ends(model, mixed + learnt, logs + learnt, kept, scratch);
    return model;
}

static double hours_of(double log_hours) {
    return log_hours > 0.0 ? numeric_expm1(log_hours) : 0.0;
}

struct clearance_forecast clearance_time_ask(const struct clearance_time *model,
                                             const struct clearance_case *question) {
    float row[COLUMNS];
    fill_row(model, question, row);
    double median = learner_score(&model->models[MEDIAN], row);
    double low = learner_score(&model->models[LOW], row) - model->below;
    double high = learner_score(&model->models[HIGH], row) + model->above;
    low = low < median ? low : median; /* quantiles learnt apart may cross */
    high = high > median ? high : median;
    return (struct clearance_forecast){hours_of(median), hours_of(low), hours_of(high)};
}

void clearance_time_write(const struct clearance_time *model, struct model_writer *writer) {
    model_file_section(writer, "clrtime");
    for (unsigned code = 0; code < CLEARANCE_CODE_COUNT; code++) {
        const struct categories *categories = &model->categories[code];
        model_file_put_u32(writer, categories->count);
        model_file_put_u32s(writer, categories->codes, categories->count);
        model_file_put_f64s(writer, categories->sums, categories->count);
        model_file_put_f64s(writer, categories->counts, categories->count);
    }
    model_file_put_f64(writer, model->mean);
    model_file_put_f64(writer, model->below);
    model_file_put_f64(writer, model->above);
    for (unsigned i = 0; i < QUANTILES; i++) {
        learner_write(&model->models[i], writer);
    }
}

const struct clearance_time *clearance_time_read(struct model_reader *reader, struct arena *arena) {
    struct clearance_time *model = ARENA_NEW(arena, struct clearance_time);
    model_file_require(reader, "clrtime");
    for (unsigned code = 0; code < CLEARANCE_CODE_COUNT; code++) {
        struct categories *categories = &model->categories[code];
        categories->count = model_file_count(reader, CATEGORIES_MAX, "categories");
        categories->codes = model_file_u32s(reader, arena, categories->count);
        categories->sums = model_file_f64s(reader, arena, categories->count);
        categories->counts = model_file_f64s(reader, arena, categories->count);
    }
    model->mean = model_file_f64(reader);
    model->below = model_file_f64(reader);
    model->above = model_file_f64(reader);
    for (unsigned i = 0; i < QUANTILES && !reader->failed; i++) {
        if (learner_read(reader, arena, &model->models[i]) < 0) {
            return NULL;
        }
        if (model->models[i].column_count != COLUMNS) {
            model_file_fail(reader, "a model of times has %d columns", COLUMNS);
        }
    }
    return reader->failed ? NULL : model;
}
