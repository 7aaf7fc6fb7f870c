/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_write.c - the same figures for other programs, unrounded: TSV and JSON. */
#include "analysis/statistics/comparison.h"
#include "analysis/statistics/metric.h"
#include "analysis/tables/number.h"
#include "analysis/tables/tables.h"

static int check_written(FILE *file, struct error *err) {
    if (fflush(file) != 0 || ferror(file)) {
        return error_set(err, ERROR_RUN, "the table could not be written: is the disk full?");
    }
    return 0;
}

/* Tabs and line ends inside a name would make other columns of it. */
static void print_cell(const char *text, FILE *file) {
    for (; *text != '\0'; text++) {
        fputc(*text == '\t' || *text == '\n' || *text == '\r' ? ' ' : *text, file);
    }
    fputc('\t', file);
}

int tables_write_tsv(const struct result *result, const struct tables_options *options, FILE *file,
                     struct error *err) {
    const struct result_layout *layout = &result->layout;
    fputs("point\tsystem\tlevels\tkind\tsubject\tgroup\tstatistic\tunit\tvalue\thalf_width\t"
          "replications\n",
          file);
    for (uint32_t point = 0; point < layout->point_count; point++) {
        for (uint32_t m = 0; m < layout->metric_count; m++) {
            const struct result_point *at = &layout->points[point];
            const struct result_column *column = &layout->metrics[m];
            struct metric_estimate estimate =
                metric_estimate(result, point, (int)m, options->level);
            if (estimate.count == 0) {
                continue;
            }
            const char *const cells[] = {at->name,          at->system,      at->levels,
                                         column->kind,      column->subject, column->group,
                                         column->statistic, column->unit};
            for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
                print_cell(cells[i], file);
            }
            char value[NUMBER_TEXT_SIZE], half_width[NUMBER_TEXT_SIZE];
            number_print_exact(estimate.mean, value);
            number_print_exact(estimate.half_width, half_width);
            fprintf(file, "%s\t%s\t%" PRId64 "\n", value, half_width, estimate.count);
        }
    }
    return check_written(file, err);
}

static void print_text(const char *key, const char *text, const char *after, FILE *file) {
    fprintf(file, "\"%s\": \"", key);
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\') {
            fprintf(file, "\\%c", *c);
        } else if (*c < 0x20) {
            fprintf(file, "\\u%04x", *c);
        } else {
            fputc(*c, file);
        }
    }
    fprintf(file, "\"%s", after);
}

/* JSON knows neither NaN nor infinity. */
static void print_real(const char *key, double value, const char *after, FILE *file) {
    char text[NUMBER_TEXT_SIZE];
    number_print_exact(value, text);
    fprintf(file, "\"%s\": %s%s", key, value - value == 0 ? text : "null", after);
}

static void print_column(const struct result_column *column, FILE *file) {
    print_text("kind", column->kind, ", ", file);
    print_text("subject", column->subject, ", ", file);
    print_text("group", column->group, ", ", file);
    print_text("statistic", column->statistic, ", ", file);
    print_text("unit", column->unit, ", ", file);
}

static void print_points(const struct result *result, FILE *file) {
    fputs("  \"points\": [", file);
    for (uint32_t point = 0; point < result->layout.point_count; point++) {
        const struct result_point *at = &result->layout.points[point];
        fputs(point > 0 ? ",\n    {" : "\n    {", file);
        print_text("name", at->name, ", ", file);
        print_text("system", at->system, ", ", file);
        print_text("levels", at->levels, ", ", file);
        fprintf(file, "\"replications\": %" PRIu32 "}", metric_replications(result, point));
    }
    fputs("\n  ],\n", file);
}

static void print_metrics(const struct result *result, double level, FILE *file) {
    const struct result_layout *layout = &result->layout;
    bool first = true;
    fputs("  \"metrics\": [", file);
    for (uint32_t point = 0; point < layout->point_count; point++) {
        for (uint32_t m = 0; m < layout->metric_count; m++) {
            struct metric_estimate estimate = metric_estimate(result, point, (int)m, level);
            if (estimate.count == 0) {
                continue;
            }
            fputs(first ? "\n    {" : ",\n    {", file);
            first = false;
            print_text("point", layout->points[point].name, ", ", file);
            print_column(&layout->metrics[m], file);
            print_real("value", estimate.mean, ", ", file);
            print_real("half_width", estimate.half_width, ", ", file);
            fprintf(file, "\"replications\": %" PRId64 "}", estimate.count);
        }
    }
    fputs("\n  ],\n", file);
}

static void print_differences(const struct result *result, double level, FILE *file) {
    const struct result_layout *layout = &result->layout;
    bool first = true;
    fputs("  \"differences\": [", file);
    for (uint32_t point = 0; point < layout->point_count; point++) {
        for (uint32_t m = 0; m < layout->metric_count && point != layout->base_point; m++) {
            struct comparison comparison =
                comparison_make(result, layout->base_point, point, m, level);
            if (comparison.paired.count == 0) {
                continue;
            }
            fputs(first ? "\n    {" : ",\n    {", file);
            first = false;
            print_text("base", layout->points[layout->base_point].name, ", ", file);
            print_text("point", layout->points[point].name, ", ", file);
            print_column(&layout->metrics[m], file);
            print_real("base_value", comparison.base_mean, ", ", file);
            print_real("value", comparison.mean, ", ", file);
            print_real("difference", comparison.paired.difference, ", ", file);
            print_real("half_width", comparison.paired.half_width, ", ", file);
            print_real("relative", comparison.relative, ", ", file);
            print_real("t", comparison.paired.t, ", ", file);
            print_real("p", comparison.paired.p, ", ", file);
            print_real("variance_reduction", comparison.paired.variance_reduction, ", ", file);
            fprintf(file, "\"pairs\": %" PRId64 "}", comparison.paired.count);
        }
    }
    fputs("\n  ]\n", file);
}

int tables_write_json(const struct result *result, const struct tables_options *options, FILE *file,
                      struct error *err) {
    fputs("{\n  ", file);
    print_text("experiment", result->layout.experiment, ",\n  ", file);
    print_text("version", result->layout.version, ",\n  ", file);
    print_text("revision", result->layout.revision, ",\n  ", file);
    fprintf(file, "\"seed\": %" PRIu64 ",\n  ", result->layout.seed);
    print_real("level", options->level, ",\n", file);
    print_points(result, file);
    print_metrics(result, options->level, file);
    print_differences(result, options->level, file);
    fputs("}\n", file);
    return check_written(file, err);
}
