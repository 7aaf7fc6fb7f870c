/* SPDX-License-Identifier: GPL-3.0-or-later
 * distribution.h - what a random duration, size or count is drawn from.
 *
 * Draws are by inversion where an exact inverse is at hand, so that two systems that share their
 * uniform numbers stay in step; gamma, beta and large Poisson use rejection over further indices of
 * the same purpose. Parameters are in the inside unit (seconds for times). */
#ifndef SIM_KERNEL_DISTRIBUTION_H
#define SIM_KERNEL_DISTRIBUTION_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/random.h"
#include "core/base/units.h"

#include <stdint.h>

enum distribution_kind {
    DISTRIBUTION_CONSTANT,    /* value */
    DISTRIBUTION_UNIFORM,     /* low, high */
    DISTRIBUTION_TRIANGULAR,  /* low, mode, high */
    DISTRIBUTION_EXPONENTIAL, /* mean */
    DISTRIBUTION_ERLANG,      /* mean, shape (whole) */
    DISTRIBUTION_GAMMA,       /* mean and cv, or shape and scale */
    DISTRIBUTION_WEIBULL,     /* mean and cv, or shape and scale */
    DISTRIBUTION_NORMAL,      /* mean and cv or sd; times and counts are cut at 0 */
    DISTRIBUTION_LOGNORMAL,   /* mean and cv, or median and sigma */
    DISTRIBUTION_BETA,        /* alpha, beta on low..high, or mean and cv on low..high */
    DISTRIBUTION_POISSON,     /* mean */
    DISTRIBUTION_DISCRETE,    /* value: weight, ... */
    DISTRIBUTION_EMPIRICAL,   /* value: cumulative share, ... linear between */
    DISTRIBUTION_MIXTURE,     /* weight: distribution, ... */
    DISTRIBUTION_KIND_COUNT
};

/* Where a draw comes from; `index` is moved on by every uniform that is used. */
struct draw {
    struct random_key key;
    uint64_t entity;
    uint32_t purpose;
    uint32_t index;
};

/* Immutable once made. What a, b, c mean is the kind's business. */
struct distribution {
    enum distribution_kind kind;
    double a, b, c, d;
    uint32_t table_count;
    const double *table_values, *table_weights; /* cumulative, last is 1 */
    const struct distribution *components;      /* of a mixture */
};

/* Gives the quantity behind a parameter's name. 0; 1 when there is no such name; -1 and an error.
 */
typedef int distribution_lookup(void *user, const char *name, struct quantity *quantity,
                                struct place place, struct error *err);

/* Reads "lognormal(mean: 20 h, cv: 0.8)", "mixture(0.7: exponential(mean: 1 h), 0.3: 4 h)", "35
 * min" or the name of a parameter. All arguments must have `dimension` (shape-like ones none).
 * Errors point into the text and list kinds or arguments when one is unknown. Tables live in the
 * arena. */
int distribution_parse(const char *text, enum dimension dimension, distribution_lookup *lookup,
                       void *user, struct distribution *distribution, struct arena *arena,
                       struct place place, struct error *err);

double distribution_draw(const struct distribution *distribution, struct draw *draw);

/* A drawn time in whole nanoseconds, never negative. */
int64_t distribution_draw_ns(const struct distribution *distribution, struct draw *draw);

double distribution_mean(const struct distribution *distribution);
double distribution_variance(const struct distribution *distribution);

/* One line a kind: name, arguments, meaning; for the reference page. */
const char *distribution_kind_name(enum distribution_kind kind);
const char *distribution_kind_doc(enum distribution_kind kind);

#endif
