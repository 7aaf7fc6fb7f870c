/* SPDX-License-Identifier: GPL-3.0-or-later
 * plots.h - figures of a result, drawn by gnuplot from tables that are left beside them.
 *
 * Each writes STEM.tsv, STEM.svg and STEM.png. The scripts are looked for in $CLEARLAB_HOME, above
 * the program's own folder and in the working directory, in that order. Returns 0, or -1 and an
 * error that says whether the table stands: a run goes on without a picture. */
#ifndef ANALYSIS_PLOTS_PLOTS_H
#define ANALYSIS_PLOTS_PLOTS_H

#include "core/base/error.h"
#include "sim/record/result_file.h"

/* Distribution of the first interval's time, one line a point. Points where it takes no time at all
 * have no line. */
int plots_release_cdf(const struct result *result, const char *stem, struct error *err);

/* Mean time of the first interval by party, one bar a point. */
int plots_party_time(const struct result *result, const char *stem, struct error *err);

#endif
