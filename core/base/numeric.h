/* SPDX-License-Identifier: GPL-3.0-or-later
 * numeric.h - exp, log, pow, sin, cos with the same last bits on every processor.
 *
 * libm's differ between processors and releases. These use +, -, *, / and sqrt of IEEE doubles
 * only, are accurate to 1 ulp (tested against MPFR), and are compiled with -ffp-contract=off.
 * Special cases follow C17 Annex F. They set no errno. */
#ifndef CORE_BASE_NUMERIC_H
#define CORE_BASE_NUMERIC_H

#include <stddef.h>

double numeric_exp(double x);
double numeric_log(double x);
double numeric_log1p(double x);
double numeric_expm1(double x);
double numeric_pow(double x, double y);
double numeric_sin(double x);
double numeric_cos(double x);
double numeric_sqrt(double x); /* correctly rounded */

/* ln Γ(x) for x > 0; relative error below 1e-14 away from its zeros at 1 and 2. */
double numeric_log_gamma(double x);

/* Quantile of the standard normal distribution, 0 < p < 1 (Wichura 1988, AS 241). */
double numeric_normal_quantile(double p);

/* log of a block, bit for bit the same as numeric_log of each; vectorised. In place is allowed. */
void numeric_log_block(const double *x, double *result, size_t count);

#endif
