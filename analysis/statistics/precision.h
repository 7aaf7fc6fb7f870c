/* SPDX-License-Identifier: GPL-3.0-or-later
 * precision.h - how precise an estimate is, and how many replications a wish would take. */
#ifndef ANALYSIS_STATISTICS_PRECISION_H
#define ANALYSIS_STATISTICS_PRECISION_H

#include "core/base/estimate.h"

/* Half width of the interval over |mean|; NaN when either is unknown, infinite when the mean is 0
 * and the half width is not. */
double precision_relative(double mean, double half_width);

/* Replications after which the half width is expected to be at most `relative` times the true mean:
 * the smallest i >= count with t(i - 1) sqrt(variance / i) <= relative / (1 + relative) |mean| (Law
 * 2015, section 9.4.1). 0 when the moments say too little, or beyond ten million. */
int64_t precision_replications(const struct moments *moments, double relative, double level);

#endif
