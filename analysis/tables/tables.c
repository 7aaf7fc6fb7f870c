/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables.c - the tables in reading order, and how their figures were obtained. */
#include "analysis/tables/tables.h"

#include "analysis/statistics/metric.h"
#include "analysis/tables/number.h"
#include "core/base/estimate.h"

#include <string.h>

/* "50 replications", or a line for each point when they differ. */
static void print_replications(const struct result *result, FILE *file) {
    uint32_t points = result->layout.point_count;
    uint32_t first = points > 0 ? metric_replications(result, 0) : 0;
    bool alike = true;
    for (uint32_t p = 1; p < points; p++) {
        alike &= metric_replications(result, p) == first;
    }
    if (alike) {
        fprintf(file, "%" PRIu32 " replication%s", first, first == 1 ? "" : "s");
        return;
    }
    fprintf(file, "replications: ");
    for (uint32_t p = 0; p < points; p++) {
        fprintf(file, "%s%s %" PRIu32, p > 0 ? ", " : "", result->layout.points[p].name,
                metric_replications(result, p));
    }
}

int tables_check_by(const char *by, struct error *err) {
    static const char *const known[] = {"channel", "class", "hours"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (by == NULL || strcmp(by, known[i]) == 0) {
            return 0;
        }
    }
    return error_set(err, ERROR_INPUT, "--by: expected channel, class or hours, got '%s'", by);
}

void tables_provenance(const struct result *result, const struct tables_options *options,
                       FILE *file) {
    fprintf(file, "%s: ", result->layout.experiment);
    print_replications(result, file);
    fprintf(file, ", seed %" PRIu64 ", clearlab %s (%s).\n", result->layout.seed,
            result->layout.version, result->layout.revision);
    if (options->cohort != NULL) {
        fprintf(file, "Measured: %s.\n", options->cohort);
    }
    char level[NUMBER_TEXT_SIZE], error[NUMBER_TEXT_SIZE];
    number_print(100 * options->level, options->level * 100 - (int)(options->level * 100) > 0,
                 level);
    number_print(100.0 / HISTOGRAM_STEPS, 1, error); /* see estimate.h */
    fprintf(file,
            "± is half of the %s %% Student t interval over replications. Mode, median and P90 are "
            "of all\n"
            "consignments together, from histograms; median and P90 are within %s %% of "
            "themselves, the\n"
            "mode is the middle of the fullest of equal bins, 20 to 50 of them below P90.\n",
            level, error);
}

void tables_print(const struct result *result, const struct tables_options *options, FILE *file) {
    static void (*const tables[])(const struct result *, const struct tables_options *, FILE *) = {
        tables_release,     tables_parties, tables_resources, tables_costs,
        tables_differences, tables_warm_up, tables_provenance};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        tables[i](result, options, file);
    }
}
