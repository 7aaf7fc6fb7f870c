/* SPDX-License-Identifier: GPL-3.0-or-later
 * estimate.c - see estimate.h. */
#include "core/base/estimate.h"

#include "core/base/numeric.h"
#include "core/base/require.h"

#include <math.h>

/* ---- tally --------------------------------------------------------------------------------- */

void tally_merge(struct tally *into, const struct tally *from) {
    if (from->count == 0) {
        return;
    }
    if (into->count == 0 || from->min < into->min) {
        into->min = from->min;
    }
    if (into->count == 0 || from->max > into->max) {
        into->max = from->max;
    }
    into->count += from->count;
    into->sum += from->sum;
    REQUIRE(!__builtin_add_overflow(into->sum_squares, from->sum_squares, &into->sum_squares));
}

double tally_mean(const struct tally *tally) {
    return tally->count > 0 ? (double)tally->sum / (double)tally->count : NAN;
}

/* n sum(x^2) - (sum x)^2 cancels badly in doubles, so the sums are shifted by the whole part of the
 * mean first, exactly: with d = x - m, sum d = sum x - n m and sum d^2 = sum x^2 - m (2 sum x - n
 * m). */
double tally_standard_deviation(const struct tally *tally) {
    if (tally->count < 2) {
        return NAN;
    }
    int128 mean = tally->sum / tally->count;
    int128 sum = tally->sum - mean * tally->count;
    uint128 squares =
        tally->sum_squares - (uint128)mean * (uint128)(2 * tally->sum - mean * tally->count);
    double n = (double)tally->count;
    double deviations = (double)squares - (double)sum * (double)sum / n;
    return deviations > 0 ? numeric_sqrt(deviations / (n - 1)) : 0;
}

/* ---- moments ------------------------------------------------------------------------------- */

void moments_add(struct moments *moments, double value) {
    if (moments->count == 0 || value < moments->min) {
        moments->min = value;
    }
    if (moments->count == 0 || value > moments->max) {
        moments->max = value;
    }
    moments->count++;
    double distance = value - moments->mean;
    moments->mean += distance / (double)moments->count;
    moments->sum_squared_deviations += distance * (value - moments->mean);
}

void moments_merge(struct moments *into, const struct moments *from) {
    if (from->count == 0) {
        return;
    }
    if (into->count == 0) {
        *into = *from;
        return;
    }
    double a = (double)into->count, b = (double)from->count;
    double distance = from->mean - into->mean;
    into->mean += distance * (b / (a + b));
    into->sum_squared_deviations +=
        from->sum_squared_deviations + distance * distance * (a * b / (a + b));
    into->min = from->min < into->min ? from->min : into->min;
    into->max = from->max > into->max ? from->max : into->max;
    into->count += from->count;
}

double moments_variance(const struct moments *moments) {
    return moments->count > 1 ? moments->sum_squared_deviations / (double)(moments->count - 1)
                              : NAN;
}

/* ---- histogram ----------------------------------------------------------------------------- */

enum { STEP_BITS = 6 };

uint64_t histogram_lower(uint32_t bucket) {
    uint32_t octave = bucket >> STEP_BITS;
    if (octave <= 1) {
        return bucket;
    }
    uint64_t step = (bucket & (HISTOGRAM_STEPS - 1)) | HISTOGRAM_STEPS;
    return step << (octave - 1);
}

uint64_t histogram_width(uint32_t bucket) {
    uint32_t octave = bucket >> STEP_BITS;
    return octave <= 1 ? 1 : (uint64_t)1 << (octave - 1);
}

/* Values of a bucket are taken to lie evenly in it: the k-th of n (from 0) at (k + 1/2) / n. */
static double value_in(uint32_t bucket, uint64_t count, double rank) {
    double width = (double)histogram_width(bucket);
    if (width <= 1) {
        return (double)histogram_lower(bucket);
    }
    double place = (rank + 0.5) / (double)count;
    return (double)histogram_lower(bucket) + place * width - 0.5;
}

/* One walk for both widths of counts. */
#define DEFINE_QUANTILE(name, type)                                                          \
    double name(const type *counts, double q) {                                              \
        uint64_t total = 0, before = 0;                                                      \
        for (uint32_t b = 0; b < HISTOGRAM_BUCKETS; b++) {                                   \
            total += counts[b];                                                              \
        }                                                                                    \
        if (total == 0 || !(q >= 0 && q <= 1)) {                                             \
            return NAN;                                                                      \
        }                                                                                    \
        double rank = q * (double)(total - 1), last = 0, last_rank = -1;                     \
        for (uint32_t b = 0; b < HISTOGRAM_BUCKETS; b++) {                                   \
            if (counts[b] == 0) {                                                            \
                continue;                                                                    \
            }                                                                                \
            if (rank <                                                                       \
                (double)before) { /* between the last of one bucket and the first of this */ \
                double next = value_in(b, counts[b], 0);                                     \
                return last + (next - last) * (rank - last_rank);                            \
            }                                                                                \
            if (rank <= (double)(before + counts[b] - 1)) {                                  \
                return value_in(b, counts[b], rank - (double)before);                        \
            }                                                                                \
            before += counts[b];                                                             \
            last_rank = (double)(before - 1);                                                \
            last = value_in(b, counts[b], (double)(counts[b] - 1));                          \
        }                                                                                    \
        return last;                                                                         \
    }

DEFINE_QUANTILE(histogram_quantile, uint64_t)
DEFINE_QUANTILE(histogram_quantile_32, uint32_t)

/* ---- Student's t --------------------------------------------------------------------------- */

/* Continued fraction of the incomplete beta function (Lentz's method, as in Thompson and Barnett
 * 1986), for x < (a + 1) / (a + b + 2). */
static double beta_fraction(double a, double b, double x) {
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (d > tiny || d < -tiny ? d : tiny);
    double result = d;
    for (int i = 1; i <= 10000; i++) {
        double m = i;
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double step = 1;
        for (int half = 0; half < 2; half++) {
            double term = half == 0 ? even : odd;
            d = 1 + term * d;
            c = 1 + term / c;
            d = 1 / (d > tiny || d < -tiny ? d : tiny);
            c = c > tiny || c < -tiny ? c : tiny;
            step = c * d;
            result *= step;
        }
        if (step > 1 - 1e-15 && step < 1 + 1e-15) { /* four roundings wide */
            break;
        }
    }
    return result;
}

static const double log_pi = 0x1.250d048e7a1bdp+0;

/* ln of Γ(a + 1/2) / Γ(a): a series for large a, where the difference of two logarithms would lose
 * its digits. */
static double log_gamma_half_step(double a) {
    if (a < 16) {
        return numeric_log_gamma(a + 0.5) - numeric_log_gamma(a);
    }
    double w = 1 / a, z = w * w;
    return 0.5 * numeric_log(a) -
           w * (1.0 / 8 -
                z * (1.0 / 192 - z * (1.0 / 640 - z * (17.0 / 14336 - z * (31.0 / 18432)))));
}

/* Probability beyond |t| on one side: half the regularised incomplete beta function of degrees / 2
 * and 1/2 at 1 / (1 + ratio), ratio = t^2 / degrees. */
static double one_tail(double ratio, double degrees) {
    double a = degrees / 2, log1p_ratio = numeric_log1p(ratio);
    double x = 1 / (1 + ratio), rest = ratio / (1 + ratio);
    double front = numeric_exp(log_gamma_half_step(a) - a * log1p_ratio +
                               0.5 * (numeric_log(ratio) - log1p_ratio - log_pi));
    return x < (a + 1) / (a + 2.5) ? front * beta_fraction(a, 0.5, x) / degrees
                                   : 0.5 - front * beta_fraction(0.5, a, rest);
}

double estimate_t_cdf(double t, double degrees) {
    if (t != t || !(degrees > 0)) {
        return NAN;
    }
    double ratio = t * t / degrees;
    if (ratio == HUGE_VAL) {
        return t > 0 ? 1 : 0;
    }
    double tail = one_tail(ratio, degrees);
    return t > 0 ? 1 - tail : tail;
}

/* ln of the density of t at 0. */
static double log_density_at_0(double degrees) {
    return log_gamma_half_step(degrees / 2) - 0.5 * (numeric_log(degrees) + log_pi);
}

/* Newton's method on the lower tail, kept inside a bracket. */
double estimate_t_quantile(double p, double degrees) {
    if (!(p > 0 && p < 1) || !(degrees > 0)) {
        return NAN;
    }
    if (p > 0.5) {
        return -estimate_t_quantile(1 - p, degrees);
    }
    double log_scale = log_density_at_0(degrees);
    double low = -1, high = 0;
    while (estimate_t_cdf(low, degrees) > p) {
        high = low;
        low *= 2;
    }
    double t = (low + high) / 2;
    for (int i = 0; i < 200; i++) {
        double error = estimate_t_cdf(t, degrees) - p;
        low = error <= 0 ? t : low;
        high = error >= 0 ? t : high;
        double density =
            numeric_exp(log_scale - (degrees + 1) / 2 * numeric_log1p(t * t / degrees));
        double next = density > 0 ? t - error / density : (low + high) / 2;
        next = next > low && next < high ? next : (low + high) / 2;
        double moved = next > t ? next - t : t - next;
        t = next;
        if (moved <= 1e-15 * -t) {
            break;
        }
    }
    return p == 0.5 ? 0 : t;
}

double estimate_half_width(double variance, int64_t count, double level) {
    if (count < 2) {
        return NAN;
    }
    double n = (double)count;
    return -estimate_t_quantile((1 - level) / 2, n - 1) * numeric_sqrt(variance / n);
}

struct paired estimate_paired(const double *a, const double *b, size_t count, double level) {
    struct moments of_a = {0}, of_b = {0}, of_difference = {0};
    for (size_t i = 0; i < count; i++) {
        moments_add(&of_a, a[i]);
        moments_add(&of_b, b[i]);
        moments_add(&of_difference, b[i] - a[i]);
    }
    double variance = moments_variance(&of_difference), n = (double)count;
    struct paired paired = {
        .count = (int64_t)count,
        .difference = count > 0 ? of_difference.mean : NAN,
        .half_width = estimate_half_width(variance, (int64_t)count, level),
        .t = of_difference.mean / numeric_sqrt(variance / n),
        .variance_reduction =
            variance > 0 ? (moments_variance(&of_a) + moments_variance(&of_b)) / variance : NAN,
    };
    double distance = paired.t > 0 ? -paired.t : paired.t;
    paired.p = 2 * estimate_t_cdf(distance, n - 1);
    return paired;
}
