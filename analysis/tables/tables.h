/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables.h - what a run says, as tables for a terminal and as files for other programs.
 *
 * Every figure comes from a result alone. A mean is that of the replications' values, and ± is half
 * of its Student t interval; figures are shown with the digits that the interval supports. */
#ifndef ANALYSIS_TABLES_TABLES_H
#define ANALYSIS_TABLES_TABLES_H

#include "core/base/error.h"
#include "sim/record/result_file.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

struct tables_options {
    double level;       /* of intervals, e.g. 0.95 */
    const char *by;     /* "channel", "class", "hours": rows of these groups too; NULL: none */
    unsigned width;     /* terminal columns; 0 means 100 */
    const char *cohort; /* who is measured, a phrase for the reader; NULL leaves it out */
};

#define TABLES_OPTIONS_INIT \
    { .level = 0.95, .width = 100 }

/* Whether `by` may stand in the options. 0, or -1 and an error. */
int tables_check_by(const char *by, struct error *err);

/* Time between milestones as a Time Release Study shows it: n, censored, mean, mode, median, P90,
 * standard deviation, share within the target. n and censored are over all replications; mode,
 * median and P90 are of all consignments together (pooled histogram); where the result has no such
 * histogram there is no mode, and the quantiles are the mean of the replications'. */
void tables_release(const struct result *result, const struct tables_options *options, FILE *file);

/* Whose time it is. Rounded so that the parties add up to the mean; says so when they do not. */
void tables_parties(const struct result *result, const struct tables_options *options, FILE *file);

/* Utilisation, queue and wait of every resource that a system has. */
void tables_resources(const struct result *result, const struct tables_options *options,
                      FILE *file);

/* Cost per consignment. What is used up, what only changes hands, and what time costs stand apart.
 */
void tables_costs(const struct result *result, const struct tables_options *options, FILE *file);

/* Paired differences of every point against the base: interval, relative change, t, p, and the
 * variance-reduction factor of common random numbers. */
void tables_differences(const struct result *result, const struct tables_options *options,
                        FILE *file);

/* The warm-up that MSER finds in the time series, beside the time it looked at; nothing where there
 * are fewer than ten bins. */
void tables_warm_up(const struct result *result, const struct tables_options *options, FILE *file);

/* How the figures were obtained: replications, seed, cohort, error of the quantiles. */
void tables_provenance(const struct result *result, const struct tables_options *options,
                       FILE *file);

/* All of the above, in reading order. */
void tables_print(const struct result *result, const struct tables_options *options, FILE *file);

/* One line a point and metric: point, system, levels, kind, subject, group, statistic, unit, value,
 * half_width, replications. Absent metrics are left out; an unknown half width is NaN. */
int tables_write_tsv(const struct result *result, const struct tables_options *options, FILE *file,
                     struct error *err);

/* The same as one JSON object, with the paired differences and where they come from; null for what
 * is not a number. */
int tables_write_json(const struct result *result, const struct tables_options *options, FILE *file,
                      struct error *err);

#endif
