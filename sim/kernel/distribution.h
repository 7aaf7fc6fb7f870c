/* SPDX-License-Identifier: GPL-3.0-or-later
 * distribution.h - what a random duration, size or count is drawn from: never a negative number.
 *
 * Draws are by inversion where an inverse is at hand, rising with the uniform, so that two systems
 * that share their uniform numbers stay in step; gamma, beta and Poisson of mean 30 or more use
 * rejection over further indices of the same purpose. Parameters are in the inside unit (seconds
 * for times). */
#ifndef SIM_KERNEL_DISTRIBUTION_H
#define SIM_KERNEL_DISTRIBUTION_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/random.h"
#include "core/base/units.h"

#include <stdbool.h>
#include <stdint.h>

/* As written, and what a, b, c, d of the struct are then. */
enum distribution_kind {
    DISTRIBUTION_CONSTANT,    /* value                           a value */
    DISTRIBUTION_UNIFORM,     /* low, high                       a low, b high */
    DISTRIBUTION_TRIANGULAR,  /* low, mode, high                 a low, b mode, c high */
    DISTRIBUTION_EXPONENTIAL, /* mean                            a mean */
    DISTRIBUTION_ERLANG,      /* mean, shape (whole)             a mean of a phase, b shape */
    DISTRIBUTION_GAMMA,       /* mean, cv; shape, scale          a shape, b scale */
    DISTRIBUTION_WEIBULL,     /* mean, cv; shape, scale          a shape, b scale, c 1 / shape */
    DISTRIBUTION_NORMAL,      /* mean, cv; mean, sd              a mean, b sd, c share above 0 */
    DISTRIBUTION_LOGNORMAL,   /* mean, cv; median, sigma         a median, b sigma */
    DISTRIBUTION_BETA,        /* alpha, beta, or mean, cv, on low..high; a low, b high,
                                                                 c alpha, d beta */
    DISTRIBUTION_POISSON,     /* mean                            a mean, b exp(-mean) below 30,
                                                                 log(mean) from there */
    DISTRIBUTION_DISCRETE,    /* value: weight, ... */
    DISTRIBUTION_EMPIRICAL,   /* value: cumulative share, ... linear between */
    DISTRIBUTION_MIXTURE,     /* weight: distribution, ... */
    DISTRIBUTION_KIND_COUNT
};

/* A normal is conditioned on being positive, so its mean lies above the `mean` it was given by
 * sd φ(mean/sd) / Φ(mean/sd), and its deviation below `sd`. */

/* Poisson draws are by inversion below this mean. */
#define DISTRIBUTION_POISSON_LARGE 30.0

/* Where a draw comes from; `index` is moved on by every uniform that is used. */
struct draw {
    struct random_key key;
    uint64_t entity;
    uint32_t purpose;
    uint32_t index;
};

/* Immutable once made. Constant, uniform and exponential may be made by hand. */
struct distribution {
    enum distribution_kind kind;
    double a, b, c, d;
    uint32_t table_count;
    const double *table_values, *table_weights; /* weights cumulative, the last is 1 */
    const struct distribution *components;      /* [table_count] of a mixture */
    char currency[4];                           /* of money, else empty */
};

/* Gives the quantity behind a parameter's name. 0; 1 when there is no such name; -1 and an error.
 */
typedef int distribution_lookup(void *user, const char *name, struct quantity *quantity,
                                struct place place, struct error *err);

/* Reads "lognormal(mean: 20 h, cv: 0.8)", "mixture(0.7: exponential(mean: 1 h), 0.3: 4 h)", "35
 * min" or the name of a parameter (`lookup` may be NULL: there are none). All arguments must have
 * `dimension`, shape-like ones none. Errors point into the text, of which `place` is the first
 * byte, and list kinds or arguments when one is unknown. A mean, scale, cv or sd of 0 gives a
 * constant. Tables live in the arena. */
int distribution_parse(const char *text, enum dimension dimension, distribution_lookup *lookup,
                       void *user, struct distribution *distribution, struct arena *arena,
                       struct place place, struct error *err);

double distribution_draw(const struct distribution *distribution, struct draw *draw);

/* A drawn time in whole nanoseconds, never negative, cut to DISTRIBUTION_SECONDS_MAX. */
int64_t distribution_draw_ns(const struct distribution *distribution, struct draw *draw);

/* 146 years: the clock and one duration added to it both fit. */
#define DISTRIBUTION_SECONDS_MAX 4.6e9

/* A drawn number of seconds as distribution_draw_ns rounds it: to nearest, ties to even. */
static inline int64_t distribution_ns(double seconds) {
    const double no_fraction = 0x1p52; /* from here on every double is whole */
    double ns = (seconds < DISTRIBUTION_SECONDS_MAX ? seconds : DISTRIBUTION_SECONDS_MAX) * 1e9;
    return (int64_t)(ns < no_fraction ? (ns + no_fraction) - no_fraction : ns);
}

/* Whether a draw uses exactly one uniform number, and what it makes of that: the same bits. */
static inline bool distribution_takes_one_uniform(const struct distribution *distribution) {
    return distribution->kind == DISTRIBUTION_EXPONENTIAL ||
           distribution->kind == DISTRIBUTION_LOGNORMAL ||
           distribution->kind == DISTRIBUTION_UNIFORM;
}
int64_t distribution_ns_from_uniform(const struct distribution *distribution, double u);

/* The same for an exponential distribution from a draw of mean 1. */
int64_t distribution_ns_from_exponential(const struct distribution *distribution, double draw);

/* Exact moments of what is drawn, of a normal those after the cut. */
double distribution_mean(const struct distribution *distribution);
double distribution_variance(const struct distribution *distribution);

/* One line a kind: name, arguments, meaning; for the reference page. */
const char *distribution_kind_name(enum distribution_kind kind);
const char *distribution_kind_doc(enum distribution_kind kind);

#endif
