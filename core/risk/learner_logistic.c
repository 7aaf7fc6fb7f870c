/* SPDX-License-Identifier: GPL-3.0-or-later
 * learner_logistic.c - logistic regression with a quadratic penalty, by Newton's method.
 *
 * Columns are centred and scaled to variance 1, so the penalty means the same for all; a missing
 * cell counts as the mean. The loss is convex: halved steps make every round lower it. */
#include "core/risk/learner.h"

enum parameter { PENALTY, POSITIVE_WEIGHT };

enum { ROUNDS_MAX = 50, HALVINGS_MAX = 40, COLUMNS_MAX = 1024 };

static const double GRADIENT_ENOUGH = 1e-10; /* a row */

static const struct learner_parameter parameters[] = {
    [PENALTY] = {"penalty", 1, 1e-9, 1e9, false, "times half the squares of the scaled weights"},
    [POSITIVE_WEIGHT] = {"positive_weight", 1, 1e-6, 1e6, false, "of a row labelled 1"},
    {NULL, 0, 0, 0, false, NULL}};

struct logistic {
    uint32_t column_count;
    double base;    /* margin of the mean row */
    double *slopes; /* margin = base + sum of slopes * (cell - means) over the cells there are */
    double *means;
};

/* ---- training ------------------------------------------------------------------------------ */

/* Weight 0 of `betas` is that of the constant, 1 + c that of column c. */
struct fit {
    uint32_t rows, size;
    const struct learner_data *data;
    const float *weights;
    double penalty, weight_sum;
    double *cells; /* scaled, row by row, beginning with 1 */
    double *betas, *tried, *gradient, *step, *hessian;
};

static double weight_of(const struct fit *fit, uint32_t row) {
    return fit->weights == NULL ? 1.0 : (double)fit->weights[row];
}

/* Mean and standard deviation of the cells that are there; 0 and 0 where there are none. */
static void measure_column(const struct fit *fit, const float *cells, double *mean,
                           double *deviation) {
    double weight = 0.0, sum = 0.0, squares = 0.0;
    for (uint32_t r = 0; r < fit->rows; r++) {
        if (cells[r] == cells[r]) {
            weight += weight_of(fit, r);
            sum += weight_of(fit, r) * (double)cells[r];
        }
    }
    *mean = weight > 0 ? sum / weight : 0.0;
    for (uint32_t r = 0; r < fit->rows; r++) {
        double from_mean = (double)cells[r] - *mean;
        if (cells[r] == cells[r]) {
            squares += weight_of(fit, r) * from_mean * from_mean;
        }
    }
    double spread = weight > 0 ? numeric_sqrt(squares / weight) : 0.0;
    double size = *mean < 0 ? -*mean : *mean;
    *deviation = spread > 1e-12 * size ? spread : 0.0; /* rounding of a constant is no spread */
}

static void scale_columns(struct fit *fit, double *means, double *deviations) {
    const struct matrix *features = &fit->data->features;
    for (uint32_t r = 0; r < fit->rows; r++) {
        fit->cells[(size_t)r * fit->size] = 1.0;
    }
    for (uint32_t c = 0; c < features->column_count; c++) {
        const float *cells = matrix_column(features, c);
        measure_column(fit, cells, &means[c], &deviations[c]);
        for (uint32_t r = 0; r < fit->rows && deviations[c] > 0; r++) {
            fit->cells[(size_t)r * fit->size + 1 + c] =
                cells[r] == cells[r] ? ((double)cells[r] - means[c]) / deviations[c] : 0.0;
        }
    }
}

static double margin_of(const struct fit *fit, const double *betas, uint32_t row) {
    const double *cells = fit->cells + (size_t)row * fit->size;
    double margin = 0.0;
    for (uint32_t i = 0; i < fit->size; i++) {
        margin += betas[i] * cells[i];
    }
    return margin;
}

static double penalty_of(const struct fit *fit, const double *betas) {
    double squares = 0.0;
    for (uint32_t i = 1; i < fit->size; i++) {
        squares += betas[i] * betas[i];
    }
    return 0.5 * fit->penalty * squares;
}

/* ln(1 + exp(m)) - y m, without overflow. */
static double loss_of(const struct fit *fit, const double *betas) {
    double sum = penalty_of(fit, betas);
    for (uint32_t r = 0; r < fit->rows; r++) {
        double margin = margin_of(fit, betas, r), size = margin < 0 ? -margin : margin;
        double positive = margin > 0 ? margin : 0.0, label = (double)fit->data->labels[r];
        sum += weight_of(fit, r) * (positive + numeric_log1p(numeric_exp(-size)) - label * margin);
    }
    return sum;
}

/* Fills the gradient and the lower half of the Hessian. */
static void derive(struct fit *fit) {
    uint32_t size = fit->size;
    for (uint32_t i = 0; i < size; i++) {
        double diagonal = i > 0 ? fit->penalty : 0.0;
        fit->gradient[i] = diagonal * fit->betas[i];
        for (uint32_t j = 0; j <= i; j++) {
            fit->hessian[(size_t)i * size + j] = i == j ? diagonal : 0.0;
        }
    }
    for (uint32_t r = 0; r < fit->rows; r++) {
        const double *cells = fit->cells + (size_t)r * size;
        double p = 1.0 / (1.0 + numeric_exp(-margin_of(fit, fit->betas, r)));
        double slope = weight_of(fit, r) * (p - (double)fit->data->labels[r]);
        double curvature = weight_of(fit, r) * p * (1.0 - p);
        for (uint32_t i = 0; i < size; i++) {
            double scaled = curvature * cells[i];
            double *line = fit->hessian + (size_t)i * size;
            fit->gradient[i] += slope * cells[i];
            for (uint32_t j = 0; j <= i; j++) {
                line[j] += scaled * cells[j];
            }
        }
    }
}

/* step = hessian^-1 gradient by Cholesky's factors, which take the Hessian's place. A pivot that
 * rounding has lost (only the constant's can be: the others hold the penalty) stays as 1e-300. */
static void solve(struct fit *fit) {
    uint32_t size = fit->size;
    double *a = fit->hessian;
    for (uint32_t i = 0; i < size; i++) {
        double *line = a + (size_t)i * size, sum = fit->gradient[i];
        for (uint32_t j = 0; j <= i; j++) {
            const double *other = a + (size_t)j * size;
            double rest = line[j];
            for (uint32_t k = 0; k < j; k++) {
                rest -= line[k] * other[k];
            }
            line[j] = j < i ? rest / other[j] : numeric_sqrt(rest > 1e-300 ? rest : 1e-300);
        }
        for (uint32_t k = 0; k < i; k++) {
            sum -= line[k] * fit->step[k];
        }
        fit->step[i] = sum / line[i];
    }
    for (uint32_t i = size; i-- > 0;) {
        for (uint32_t k = i + 1; k < size; k++) {
            fit->step[i] -= a[(size_t)k * size + i] * fit->step[k];
        }
        fit->step[i] /= a[(size_t)i * size + i];
    }
}

/* Takes the step, halved until it lowers the loss; false when none does. */
static bool take_step(struct fit *fit, double *loss) {
    double part = 1.0;
    for (int halving = 0; halving < HALVINGS_MAX; halving++, part *= 0.5) {
        for (uint32_t i = 0; i < fit->size; i++) {
            fit->tried[i] = fit->betas[i] - part * fit->step[i];
        }
        double tried = loss_of(fit, fit->tried);
        if (tried < *loss) {
            double *betas = fit->betas;
            fit->betas = fit->tried;
            fit->tried = betas;
            *loss = tried;
            return true;
        }
    }
    return false;
}

static void find_optimum(struct fit *fit) {
    double loss = loss_of(fit, fit->betas);
    for (int round = 0; round < ROUNDS_MAX; round++) {
        double largest = 0.0;
        derive(fit);
        for (uint32_t i = 0; i < fit->size; i++) {
            double size = fit->gradient[i] < 0 ? -fit->gradient[i] : fit->gradient[i];
            largest = size > largest ? size : largest;
        }
        solve(fit);
        if (largest <= GRADIENT_ENOUGH * fit->weight_sum || !take_step(fit, &loss)) {
            return;
        }
    }
}

static void *train(const struct learner_data *data, const double *values, struct random_key key,
                   struct arena *arena, struct arena *scratch, struct error *err) {
    uint32_t columns = data->features.column_count, size = columns + 1;
    uint32_t rows = data->features.row_count;
    (void)key;
    if (columns > COLUMNS_MAX) {
        error_set(err, ERROR_INPUT, "logistic: %u columns; at most %d are possible", columns,
                  COLUMNS_MAX);
        return NULL;
    }
    struct fit fit = {
        .rows = rows,
        .size = size,
        .data = data,
        .weights = learner_class_weights(data, values[POSITIVE_WEIGHT], scratch),
        .penalty = values[PENALTY],
        .cells = ARENA_ARRAY(scratch, double, (size_t)rows *size),
        .betas = ARENA_ARRAY(scratch, double, size),
        .tried = ARENA_ARRAY(scratch, double, size),
        .gradient = ARENA_ARRAY(scratch, double, size),
        .step = ARENA_ARRAY(scratch, double, size),
        .hessian = ARENA_ARRAY(scratch, double, (size_t)size *size),
    };
    double *deviations = ARENA_ARRAY(scratch, double, columns);
    struct logistic *logistic = ARENA_NEW(arena, struct logistic);
    logistic->column_count = columns;
    logistic->slopes = ARENA_ARRAY(arena, double, columns);
    logistic->means = ARENA_ARRAY(arena, double, columns);
    for (uint32_t r = 0; r < rows; r++) {
        fit.weight_sum += weight_of(&fit, r);
    }
    scale_columns(&fit, logistic->means, deviations);
    find_optimum(&fit);
    logistic->base = fit.betas[0];
    for (uint32_t c = 0; c < columns; c++) {
        logistic->slopes[c] = deviations[c] > 0 ? fit.betas[1 + c] / deviations[c] : 0.0;
    }
    return logistic;
}

/* ---- use ----------------------------------------------------------------------------------- */

static double part_of(const struct logistic *logistic, const float *row, uint32_t column) {
    double cell = (double)row[column];
    return cell == cell ? logistic->slopes[column] * (cell - logistic->means[column]) : 0.0;
}

static double margin(const void *state, const float *row) {
    const struct logistic *logistic = state;
    double sum = logistic->base;
    for (uint32_t c = 0; c < logistic->column_count; c++) {
        sum += part_of(logistic, row, c);
    }
    return sum;
}

static double explain(const void *state, const float *row, enum learner_explanation how,
                      double *parts) {
    const struct logistic *logistic = state;
    (void)how; /* a sum of columns has one fair division */
    for (uint32_t c = 0; c < logistic->column_count; c++) {
        parts[c] = part_of(logistic, row, c);
    }
    return logistic->base;
}

/* The section "logistic": f64 base, f64 slopes and f64 means of the columns. */
static void write(const void *state, struct model_writer *writer) {
    const struct logistic *logistic = state;
    model_file_section(writer, "logistic");
    model_file_put_f64(writer, logistic->base);
    model_file_put_f64s(writer, logistic->slopes, logistic->column_count);
    model_file_put_f64s(writer, logistic->means, logistic->column_count);
}

static void *read(struct model_reader *reader, uint32_t column_count, struct arena *arena) {
    struct logistic *logistic = ARENA_NEW(arena, struct logistic);
    model_file_require(reader, "logistic");
    logistic->column_count = column_count;
    logistic->base = model_file_f64(reader);
    logistic->slopes = model_file_f64s(reader, arena, column_count);
    logistic->means = model_file_f64s(reader, arena, column_count);
    for (uint32_t c = 0; !reader->failed && c < column_count; c++) {
        if (!__builtin_isfinite(logistic->slopes[c]) || !__builtin_isfinite(logistic->means[c])) {
            model_file_fail(reader, "slope or mean of column %u is no finite number", c);
        }
    }
    if (!reader->failed && !__builtin_isfinite(logistic->base)) {
        model_file_fail(reader, "the base is no finite number");
    }
    return logistic;
}

const struct learner learner_logistic = {
    .name = "logistic",
    .doc = "Logistic regression with a quadratic penalty.",
    .task = LEARNER_CLASS,
    .link = LEARNER_LOGISTIC,
    .parameters = parameters,
    .train = train,
    .margin = margin,
    .explain = explain,
    .write = write,
    .read = read,
};
