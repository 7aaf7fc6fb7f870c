/* SPDX-License-Identifier: GPL-3.0-or-later
 * result.c - see result.h. */
#include "sim/record/result.h"

#include "core/base/estimate.h"

#include <stdbool.h>
#include <string.h>

static bool text_fits(const char *text, size_t size_max) {
    return text != NULL && strlen(text) <= size_max;
}

static int check_columns(const struct result_column *columns, uint32_t count, const char *what,
                         struct error *err) {
    if (count > RESULT_COLUMNS_MAX) {
        return error_set(err, ERROR_INPUT, "%u %s: at most %d are possible", count, what,
                         RESULT_COLUMNS_MAX);
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct result_column *c = &columns[i];
        const char *texts[] = {c->name,    c->unit,  c->doc,      c->kind,
                               c->subject, c->group, c->statistic};
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
            if (!text_fits(texts[t], RESULT_NAME_SIZE_MAX)) {
                return error_set(err, ERROR_INPUT, "%s %u: a text is missing or too long", what, i);
            }
        }
        if (c->name[0] == '\0') {
            return error_set(err, ERROR_INPUT, "%s %u has no name", what, i);
        }
    }
    return 0;
}

static int check_points(const struct result_layout *layout, struct error *err) {
    if (layout->point_count == 0 || layout->point_count > RESULT_POINTS_MAX) {
        return error_set(err, ERROR_INPUT, "%u points: between 1 and %d are possible",
                         layout->point_count, RESULT_POINTS_MAX);
    }
    if (layout->base_point >= layout->point_count) {
        return error_set(err, ERROR_INPUT, "the base point %u is none of the %u points",
                         layout->base_point, layout->point_count);
    }
    for (uint32_t i = 0; i < layout->point_count; i++) {
        const struct result_point *p = &layout->points[i];
        if (!text_fits(p->name, RESULT_NAME_SIZE_MAX) ||
            !text_fits(p->system, RESULT_NAME_SIZE_MAX) ||
            !text_fits(p->levels, RESULT_NAME_SIZE_MAX)) {
            return error_set(err, ERROR_INPUT, "point %u: a text is missing or too long", i);
        }
    }
    return 0;
}

static int check_table_columns(const struct result_layout *layout, struct error *err) {
    if (layout->table_column_count == 0) {
        return 0;
    }
    if (layout->table_column_count < 2 || strcmp(layout->table_columns[0].name, "point") != 0 ||
        strcmp(layout->table_columns[1].name, "replication") != 0) {
        return error_set(err, ERROR_INPUT,
                         "the consignment table does not begin with point and replication");
    }
    for (uint32_t i = 0; i < layout->table_column_count; i++) {
        if (!text_fits(layout->texts[i], RESULT_NAME_SIZE_MAX)) {
            return error_set(err, ERROR_INPUT, "table column %u: codes are missing or too long", i);
        }
    }
    return 0;
}

int result_check_layout(const struct result_layout *layout, struct error *err) {
    if (!text_fits(layout->experiment, RESULT_NAME_SIZE_MAX) ||
        !text_fits(layout->version, RESULT_NAME_SIZE_MAX) ||
        !text_fits(layout->revision, RESULT_NAME_SIZE_MAX) ||
        !text_fits(layout->resolved, RESULT_RESOLVED_SIZE_MAX)) {
        return error_set(err, ERROR_INPUT,
                         "experiment, version, revision or the resolved text is "
                         "missing or too long");
    }
    if (check_points(layout, err) != 0 ||
        check_columns(layout->metrics, layout->metric_count, "metrics", err) != 0 ||
        check_columns(layout->histograms, layout->histogram_count, "histograms", err) != 0 ||
        check_columns(layout->series, layout->series_count, "series", err) != 0 ||
        check_columns(layout->table_columns, layout->table_column_count, "table columns", err) !=
            0 ||
        check_table_columns(layout, err) != 0) {
        return -1;
    }
    if (layout->series_bin_count > RESULT_BINS_MAX || layout->series_bin_ns < 0) {
        return error_set(err, ERROR_INPUT, "%u bins of a series: at most %d are possible",
                         layout->series_bin_count, RESULT_BINS_MAX);
    }
    uint64_t histogram_cells = (uint64_t)layout->point_count * layout->histogram_count;
    uint64_t series_rows = (uint64_t)layout->point_count * layout->series_count;
    if (histogram_cells > RESULT_CELLS_MAX / HISTOGRAM_BUCKETS ||
        series_rows * layout->series_bin_count > RESULT_CELLS_MAX) {
        return error_set(err, ERROR_INPUT,
                         "%u points with %u histograms and %u series of %u bins are too many: ask "
                         "for fewer points or fewer groups",
                         layout->point_count, layout->histogram_count, layout->series_count,
                         layout->series_bin_count);
    }
    return 0;
}

/* -1, 0 or 1, as a (point, replication) comes before, at or after another. */
static int compare_keys(int64_t point_a, int64_t rep_a, int64_t point_b, int64_t rep_b) {
    return point_a != point_b ? (point_a > point_b) - (point_a < point_b)
                              : (rep_a > rep_b) - (rep_a < rep_b);
}

static int check_rows(const struct result *result, struct error *err) {
    uint64_t cells = (uint64_t)result->replication_count * result->layout.metric_count;
    if (cells > RESULT_CELLS_MAX || result->replication_count > RESULT_CELLS_MAX) {
        return error_set(err, ERROR_INPUT, "%u replications of %u metrics are too many",
                         result->replication_count, result->layout.metric_count);
    }
    for (uint32_t i = 0; i < result->replication_count; i++) {
        if (result->point[i] >= result->layout.point_count ||
            result->replication[i] >= RESULT_REPLICATIONS_MAX) {
            return error_set(err, ERROR_INPUT, "row %u: no such point or replication", i);
        }
        if (i > 0 && compare_keys(result->point[i - 1], result->replication[i - 1],
                                  result->point[i], result->replication[i]) >= 0) {
            return error_set(err, ERROR_INPUT,
                             "row %u: replications are out of order or occur twice", i);
        }
    }
    return 0;
}

/* Table rows come in the order of the replications and each belongs to one of them. */
static int check_table(const struct result *result, struct error *err) {
    uint32_t column_count = result->layout.table_column_count;
    if ((uint64_t)result->table_row_count * column_count > RESULT_CELLS_MAX ||
        (column_count == 0 && result->table_row_count > 0)) {
        return error_set(err, ERROR_INPUT, "%u rows of the consignment table are too many",
                         result->table_row_count);
    }
    uint32_t row = 0;
    for (uint32_t i = 0; i < result->table_row_count; i++) {
        const int64_t *cells = result->table + (size_t)i * column_count;
        while (row < result->replication_count &&
               compare_keys(result->point[row], result->replication[row], cells[0], cells[1]) < 0) {
            row++;
        }
        if (row == result->replication_count ||
            compare_keys(result->point[row], result->replication[row], cells[0], cells[1]) != 0) {
            return error_set(err, ERROR_INPUT,
                             "consignment table, row %u: out of order or of no replication", i);
        }
    }
    return 0;
}

int result_check(const struct result *result, struct error *err) {
    return result_check_layout(&result->layout, err) != 0 || check_rows(result, err) != 0 ||
                   check_table(result, err) != 0
               ? -1
               : 0;
}

static int differ(const char *what, const char *a, const char *b, struct error *err) {
    return error_set(err, ERROR_INPUT, "these are not parts of one run: %s '%s' and '%s' differ",
                     what, a, b);
}

static int compare_numbers(const char *what, uint64_t a, uint64_t b, struct error *err) {
    return a == b ? 0
                  : error_set(err, ERROR_INPUT,
                              "these are not parts of one run: %s %llu and %llu differ", what,
                              (unsigned long long)a, (unsigned long long)b);
}

static int compare_columns(const char *what, const struct result_column *a,
                           const struct result_column *b, uint32_t count, struct error *err) {
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(a[i].name, b[i].name) != 0) {
            return differ(what, a[i].name, b[i].name, err);
        }
        if (strcmp(a[i].unit, b[i].unit) != 0) {
            return differ(what, a[i].unit, b[i].unit, err);
        }
        if (strcmp(a[i].doc, b[i].doc) != 0 || strcmp(a[i].kind, b[i].kind) != 0 ||
            strcmp(a[i].subject, b[i].subject) != 0 || strcmp(a[i].group, b[i].group) != 0 ||
            strcmp(a[i].statistic, b[i].statistic) != 0) {
            return error_set(err, ERROR_INPUT,
                             "these are not parts of one run: %s '%s' is described in two ways",
                             what, a[i].name);
        }
    }
    return 0;
}

static int compare_points(const struct result_layout *a, const struct result_layout *b,
                          struct error *err) {
    for (uint32_t i = 0; i < a->point_count; i++) {
        const struct result_point *p = &a->points[i], *q = &b->points[i];
        if (strcmp(p->name, q->name) != 0) {
            return differ("points", p->name, q->name, err);
        }
        if (strcmp(p->system, q->system) != 0) {
            return differ("systems", p->system, q->system, err);
        }
        if (strcmp(p->levels, q->levels) != 0) {
            return differ("levels", p->levels, q->levels, err);
        }
    }
    return 0;
}

static int compare_counts(const struct result_layout *a, const struct result_layout *b,
                          struct error *err) {
    const struct {
        const char *what;
        uint64_t a, b;
    } numbers[] = {
        {"seeds", a->seed, b->seed},
        {"numbers of points", a->point_count, b->point_count},
        {"base points", a->base_point, b->base_point},
        {"numbers of metrics", a->metric_count, b->metric_count},
        {"numbers of histograms", a->histogram_count, b->histogram_count},
        {"numbers of series", a->series_count, b->series_count},
        {"numbers of bins", a->series_bin_count, b->series_bin_count},
        {"bin lengths", (uint64_t)a->series_bin_ns, (uint64_t)b->series_bin_ns},
        {"numbers of table columns", a->table_column_count, b->table_column_count},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (compare_numbers(numbers[i].what, numbers[i].a, numbers[i].b, err) != 0) {
            return -1;
        }
    }
    return 0;
}

int result_compare_layouts(const struct result_layout *a, const struct result_layout *b,
                           enum result_compare what, struct error *err) {
    if (strcmp(a->experiment, b->experiment) != 0) {
        return differ("experiments", a->experiment, b->experiment, err);
    }
    if (strcmp(a->version, b->version) != 0) {
        return differ("versions", a->version, b->version, err);
    }
    if (strcmp(a->revision, b->revision) != 0) {
        return differ("revisions", a->revision, b->revision, err);
    }
    if (compare_counts(a, b, err) != 0 || compare_points(a, b, err) != 0 ||
        compare_columns("metrics", a->metrics, b->metrics, a->metric_count, err) != 0 ||
        compare_columns("histograms", a->histograms, b->histograms, a->histogram_count, err) != 0 ||
        compare_columns("series", a->series, b->series, a->series_count, err) != 0 ||
        compare_columns("table columns", a->table_columns, b->table_columns, a->table_column_count,
                        err) != 0) {
        return -1;
    }
    for (uint32_t i = 0; i < a->table_column_count; i++) {
        if (strcmp(a->texts[i], b->texts[i]) != 0) {
            return differ("codes", a->texts[i], b->texts[i], err);
        }
    }
    if (what == RESULT_COMPARE_ALL && strcmp(a->resolved, b->resolved) != 0) {
        return error_set(err, ERROR_INPUT,
                         "these are not parts of one run: their resolved experiments differ");
    }
    return 0;
}

int result_metric(const struct result *result, const char *name) {
    for (uint32_t i = 0; i < result->layout.metric_count; i++) {
        if (strcmp(result->layout.metrics[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* First row of a point or of a later one, by bisection. */
static uint32_t first_row(const struct result *result, uint32_t point) {
    uint32_t low = 0, high = result->replication_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (result->point[middle] < point) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

uint32_t result_replication_count(const struct result *result, uint32_t point) {
    return first_row(result, point + 1) - first_row(result, point);
}

uint32_t result_values(const struct result *result, uint32_t point, uint32_t metric, double *values,
                       uint32_t value_count_max) {
    uint32_t first = first_row(result, point);
    uint32_t count = first_row(result, point + 1) - first;
    count = count < value_count_max ? count : value_count_max;
    for (uint32_t i = 0; i < count; i++) {
        values[i] = result->metrics[(size_t)(first + i) * result->layout.metric_count + metric];
    }
    return count;
}
