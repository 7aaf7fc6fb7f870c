/* SPDX-License-Identifier: GPL-3.0-or-later
 * distribution.c - draws and moments; see distribution.h. distribution_parse.c reads them. */
#include "sim/kernel/distribution.h"

#include "core/base/numeric.h"
#include "core/base/require.h"

static const struct {
    const char *name, *doc;
} kinds[DISTRIBUTION_KIND_COUNT] = {
    [DISTRIBUTION_CONSTANT] = {"constant", "constant(value: 35 min), or 35 min alone."},
    [DISTRIBUTION_UNIFORM] = {"uniform", "uniform(low: 10 min, high: 1 h): all equally likely."},
    [DISTRIBUTION_TRIANGULAR] = {"triangular", "triangular(low: 10 min, mode: 20 min, high: 1 h)."},
    [DISTRIBUTION_EXPONENTIAL] = {"exponential", "exponential(mean: 1 h): without memory."},
    [DISTRIBUTION_ERLANG] = {"erlang", "erlang(mean: 1 h, shape: 3): the sum of `shape` "
                                       "exponential phases, 1 to 1000."},
    [DISTRIBUTION_GAMMA] = {"gamma", "gamma(mean: 1 h, cv: 0.5) or gamma(shape: 4, scale: 15 "
                                     "min)."},
    [DISTRIBUTION_WEIBULL] = {"weibull", "weibull(mean: 1 h, cv: 0.5) or weibull(shape: 2.1, "
                                         "scale: 68 min)."},
    [DISTRIBUTION_NORMAL] = {"normal", "normal(mean: 1 h, cv: 0.2) or normal(mean: 1 h, sd: 12 "
                                       "min), without what lies below 0, so the mean drawn is a "
                                       "little above the mean given."},
    [DISTRIBUTION_LOGNORMAL] = {"lognormal", "lognormal(mean: 20 h, cv: 0.8) or lognormal(median: "
                                             "16 h, sigma: 0.7)."},
    [DISTRIBUTION_BETA] = {"beta", "beta(alpha: 2, beta: 3, low: 10 min, high: 1 h) or beta(mean: "
                                   "30 min, cv: 0.3, low: 10 min, high: 1 h); shares and bare "
                                   "numbers lie in 0..1 unless low and high are given."},
    [DISTRIBUTION_POISSON] = {"poisson", "poisson(mean: 3.5): a count."},
    [DISTRIBUTION_DISCRETE] = {"discrete", "discrete(20 min: 3, 40 min: 1): values with weights."},
    [DISTRIBUTION_EMPIRICAL] = {"empirical", "empirical(10 min: 0 %, 1 h: 50 %, 1 d: 100 %): "
                                             "cumulative shares, linear between."},
    [DISTRIBUTION_MIXTURE] = {"mixture", "mixture(0.7: exponential(mean: 1 h), 0.3: 4 h): one of "
                                         "several, with weights."},
};

const char *distribution_kind_name(enum distribution_kind kind) {
    return kinds[kind].name;
}

const char *distribution_kind_doc(enum distribution_kind kind) {
    return kinds[kind].doc;
}

static _Noreturn void unknown_kind(void) {
    require_failed("a known kind of distribution", __FILE__, __LINE__);
}

static inline double next_uniform(struct draw *draw) {
    return random_uniform(draw->key, draw->entity, draw->purpose, draw->index++);
}

static inline double next_exponential(struct draw *draw) {
    return random_exponential(draw->key, draw->entity, draw->purpose, draw->index++);
}

static inline double next_normal(struct draw *draw) {
    return numeric_normal_quantile(next_uniform(draw));
}

static double draw_triangular(double low, double mode, double high, double u) {
    double below = u * (high - low), above = (1.0 - u) * (high - low);
    return below < mode - low ? low + numeric_sqrt(below * (mode - low))
                              : high - numeric_sqrt(above * (high - mode));
}

/* One logarithm for up to 16 phases: their product is at least 2^-848. */
static double draw_erlang(double phase_mean, uint32_t shape, struct draw *draw) {
    double sum = 0.0;
    for (uint32_t phase = 0; phase < shape;) {
        double product = 1.0;
        for (uint32_t last = phase + 16; phase < shape && phase < last; phase++) {
            product *= 1.0 - next_uniform(draw);
        }
        sum -= numeric_log(product);
    }
    return phase_mean * sum;
}

/* Scale 1, shape at least 1: Marsaglia and Tsang 2000. */
static double draw_gamma_upper(double shape, struct draw *draw) {
    double d = shape - 1.0 / 3.0, c = 1.0 / (3.0 * numeric_sqrt(d));
    for (;;) {
        double x = next_normal(draw), root = 1.0 + c * x;
        double u = next_uniform(draw);
        if (root <= 0.0) {
            continue;
        }
        double v = root * root * root, x_square = x * x;
        if (u < 1.0 - 0.0331 * x_square * x_square ||
            numeric_log(u) < 0.5 * x_square + d * (1.0 - v + numeric_log(v))) {
            return d * v;
        }
    }
}

/* The logarithm of a gamma of scale 1: of a small shape the draw itself may be below every double.
 */
static double draw_log_gamma(double shape, struct draw *draw) {
    if (shape >= 1.0) {
        return numeric_log(draw_gamma_upper(shape, draw));
    }
    double upper = draw_gamma_upper(shape + 1.0, draw);
    return numeric_log(upper) - next_exponential(draw) / shape;
}

static double draw_gamma(double shape, struct draw *draw) {
    return shape >= 1.0 ? draw_gamma_upper(shape, draw) : numeric_exp(draw_log_gamma(shape, draw));
}

/* X / (X + Y) of two gammas. */
static double draw_beta(double alpha, double beta, struct draw *draw) {
    double log_x = draw_log_gamma(alpha, draw), log_y = draw_log_gamma(beta, draw);
    return 1.0 / (1.0 + numeric_exp(log_y - log_x));
}

/* 1 - u is the share of the positive part that lies above the draw. */
static double draw_normal(double mean, double deviation, double share_above, struct draw *draw) {
    double tail = share_above * (1.0 - next_uniform(draw));
    double x = mean - deviation * numeric_normal_quantile(tail);
    return x > 0.0 ? x : 0.0;
}

static double draw_poisson_by_inversion(double mean, double chance_of_none, double u) {
    double chance = chance_of_none, cumulative = chance;
    double count = 0.0;
    /* Rounding may leave the sum of all chances a little below the largest u. */
    while (u > cumulative && count < 1000.0) {
        count += 1.0;
        chance *= mean / count;
        cumulative += chance;
    }
    return count;
}

/* Transformed rejection, PTRS of Hörmann 1993. */
static double draw_poisson_by_rejection(double mean, double log_mean, struct draw *draw) {
    double b = 0.931 + 2.53 * numeric_sqrt(mean), a = -0.059 + 0.02483 * b;
    double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), v_r = 0.9277 - 3.6224 / (b - 2.0);
    for (;;) {
        double u = next_uniform(draw) - 0.5, v = next_uniform(draw);
        double u_s = 0.5 - (u < 0.0 ? -u : u);
        double x = (2.0 * a / u_s + b) * u + mean + 0.43;
        if (x < 0.0 || x > 1e15 || (u_s < 0.013 && v > u_s)) {
            continue;
        }
        double k = (double)(int64_t)x;
        if (u_s >= 0.07 && v <= v_r) {
            return k;
        }
        double left = numeric_log(v * inverse_alpha / (a / (u_s * u_s) + b));
        if (left <= k * log_mean - mean - numeric_log_gamma(k + 1.0)) {
            return k;
        }
    }
}

/* The first entry whose cumulative weight is above u. */
static uint32_t table_find(const struct distribution *distribution, double u) {
    uint32_t low = 0, high = distribution->table_count - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (u < distribution->table_weights[middle]) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

static double draw_empirical(const struct distribution *distribution, double u) {
    const double *values = distribution->table_values, *shares = distribution->table_weights;
    uint32_t i = table_find(distribution, u);
    if (i == 0) {
        return values[0];
    }
    double part = (u - shares[i - 1]) / (shares[i] - shares[i - 1]);
    return values[i - 1] + part * (values[i] - values[i - 1]);
}

static __attribute__((noinline)) double draw_other(const struct distribution *distribution,
                                                   struct draw *draw) {
    double a = distribution->a, b = distribution->b, c = distribution->c, d = distribution->d;
    switch (distribution->kind) {
    case DISTRIBUTION_TRIANGULAR:
        return draw_triangular(a, b, c, next_uniform(draw));
    case DISTRIBUTION_ERLANG:
        return draw_erlang(a, (uint32_t)b, draw);
    case DISTRIBUTION_GAMMA:
        return b * draw_gamma(a, draw);
    case DISTRIBUTION_WEIBULL:
        return b * numeric_exp(c * numeric_log(next_exponential(draw)));
    case DISTRIBUTION_NORMAL:
        return draw_normal(a, b, c, draw);
    case DISTRIBUTION_BETA:
        return a + (b - a) * draw_beta(c, d, draw);
    case DISTRIBUTION_POISSON:
        return a < DISTRIBUTION_POISSON_LARGE ? draw_poisson_by_inversion(a, b, next_uniform(draw))
                                              : draw_poisson_by_rejection(a, b, draw);
    case DISTRIBUTION_DISCRETE:
        return distribution->table_values[table_find(distribution, next_uniform(draw))];
    case DISTRIBUTION_EMPIRICAL:
        return draw_empirical(distribution, next_uniform(draw));
    case DISTRIBUTION_MIXTURE: {
        uint32_t chosen = table_find(distribution, next_uniform(draw));
        return distribution_draw(&distribution->components[chosen], draw);
    }
    default:
        unknown_kind();
    }
}

static inline double draw_any(const struct distribution *distribution, struct draw *draw) {
    if (distribution->kind == DISTRIBUTION_EXPONENTIAL) {
        return distribution->a * next_exponential(draw);
    }
    switch (distribution->kind) {
    case DISTRIBUTION_CONSTANT:
        return distribution->a;
    case DISTRIBUTION_LOGNORMAL:
        return distribution->a * numeric_exp(distribution->b * next_normal(draw));
    case DISTRIBUTION_UNIFORM:
        return distribution->a + (distribution->b - distribution->a) * next_uniform(draw);
    default:
        return draw_other(distribution, draw);
    }
}

double distribution_draw(const struct distribution *distribution, struct draw *draw) {
    return draw_any(distribution, draw);
}

int64_t distribution_draw_ns(const struct distribution *distribution, struct draw *draw) {
    return distribution_ns(draw_any(distribution, draw));
}

int64_t distribution_ns_from_uniform(const struct distribution *distribution, double u) {
    switch (distribution->kind) {
    case DISTRIBUTION_EXPONENTIAL: /* 1 - u is exact: u is an odd multiple of 2^-53 */
        return distribution_ns(distribution->a * -numeric_log(1.0 - u));
    case DISTRIBUTION_LOGNORMAL:
        return distribution_ns(distribution->a *
                               numeric_exp(distribution->b * numeric_normal_quantile(u)));
    case DISTRIBUTION_UNIFORM:
        return distribution_ns(distribution->a + (distribution->b - distribution->a) * u);
    default:
        unknown_kind();
    }
}

int64_t distribution_ns_from_exponential(const struct distribution *distribution, double draw) {
    return distribution_ns(distribution->a * draw);
}

/* Mills' ratio upside down, φ(x) / Φ(x): by how many deviations the cut at 0 lifts the mean. */
static double normal_lift(const struct distribution *normal) {
    const double inverse_root_two_pi = 0x1.9884533d43651p-2;
    double x = normal->a / normal->b;
    return inverse_root_two_pi * numeric_exp(-0.5 * x * x) / normal->c;
}

double distribution_mean(const struct distribution *distribution) {
    double a = distribution->a, b = distribution->b, c = distribution->c, d = distribution->d;
    const double *values = distribution->table_values, *weights = distribution->table_weights;
    double sum = 0.0, below = 0.0;
    switch (distribution->kind) {
    case DISTRIBUTION_CONSTANT:
    case DISTRIBUTION_EXPONENTIAL:
    case DISTRIBUTION_POISSON:
        return a;
    case DISTRIBUTION_UNIFORM:
        return 0.5 * (a + b);
    case DISTRIBUTION_TRIANGULAR:
        return (a + b + c) / 3.0;
    case DISTRIBUTION_ERLANG:
    case DISTRIBUTION_GAMMA:
        return a * b;
    case DISTRIBUTION_WEIBULL:
        return b * numeric_exp(numeric_log_gamma(1.0 + c));
    case DISTRIBUTION_NORMAL:
        return a + b * normal_lift(distribution);
    case DISTRIBUTION_LOGNORMAL:
        return a * numeric_exp(0.5 * b * b);
    case DISTRIBUTION_BETA:
        return a + (b - a) * (c / (c + d));
    case DISTRIBUTION_DISCRETE:
    case DISTRIBUTION_MIXTURE:
    case DISTRIBUTION_EMPIRICAL:
        break;
    case DISTRIBUTION_KIND_COUNT:
        unknown_kind();
    }
    for (uint32_t i = 0; i < distribution->table_count; below = weights[i++]) {
        double value = distribution->kind == DISTRIBUTION_MIXTURE
                           ? distribution_mean(&distribution->components[i])
                           : values[i];
        if (distribution->kind == DISTRIBUTION_EMPIRICAL && i > 0) {
            value = 0.5 * (values[i - 1] + values[i]);
        }
        sum += (weights[i] - below) * value;
    }
    return sum;
}

/* ln(1 + cv²) of a Weibull with x = 1 / shape: lnΓ(1 + 2x) - 2 lnΓ(1 + x). Where the two nearly
 * cancel, their power series at 1: the sum over n >= 2 of (-1)^n ζ(n) (2^n - 2) x^n / n. */
static double weibull_log_ratio(double x) {
    static const double zeta_less_one[] = {
        0.64493406684822643647,    0.2020569031595942854,     0.082323233711138191516,
        0.036927755143369926331,   0.017343061984449139714,   0.008349277381922826839,
        0.0040773561979443393786,  0.0020083928260822144179,  0.00099457512781808533715,
        0.0004941886041194645587,  0.00024608655330804829864, 0.00012271334757848914676,
        6.1248135058704829259e-05, 3.0588236307020493552e-05, 1.5282259408651871733e-05,
        7.6371976378997622737e-06, 3.8172932649998398565e-06, 1.9082127165539389257e-06,
    };
    enum { TERMS = sizeof zeta_less_one / sizeof *zeta_less_one };
    if (x > 0.0625) {
        return numeric_log_gamma(1.0 + 2.0 * x) - 2.0 * numeric_log_gamma(1.0 + x);
    }
    double sum = 0.0, power = x, double_power = 2.0 * x;
    for (int n = 2; n < 2 + TERMS; n++) {
        power *= -x;
        double_power *= -2.0 * x;
        sum += (1.0 + zeta_less_one[n - 2]) * (double_power - 2.0 * power) / n;
    }
    return -sum;
}

/* Second moment of one entry of a table about `mean`, below which `part` of a line may lie. */
static double table_variance(const struct distribution *distribution) {
    const double *values = distribution->table_values, *weights = distribution->table_weights;
    double mean = distribution_mean(distribution), below = 0.0, sum = 0.0;
    for (uint32_t i = 0; i < distribution->table_count; below = weights[i++]) {
        double centre, inner = 0.0;
        if (distribution->kind == DISTRIBUTION_MIXTURE) {
            centre = distribution_mean(&distribution->components[i]);
            inner = distribution_variance(&distribution->components[i]);
        } else if (distribution->kind == DISTRIBUTION_EMPIRICAL && i > 0) {
            double width = values[i] - values[i - 1];
            centre = values[i - 1] + 0.5 * width;
            inner = width * width / 12.0;
        } else {
            centre = values[i];
        }
        sum += (weights[i] - below) * (inner + (centre - mean) * (centre - mean));
    }
    return sum;
}

double distribution_variance(const struct distribution *distribution) {
    double a = distribution->a, b = distribution->b, c = distribution->c, d = distribution->d;
    double mean = 0.0, lift = 0.0;
    switch (distribution->kind) {
    case DISTRIBUTION_CONSTANT:
        return 0.0;
    case DISTRIBUTION_POISSON:
        return a;
    case DISTRIBUTION_EXPONENTIAL:
        return a * a;
    case DISTRIBUTION_UNIFORM:
        return (b - a) * (b - a) / 12.0;
    case DISTRIBUTION_TRIANGULAR:
        return ((c - a) * (c - a) - (b - a) * (c - b)) / 18.0;
    case DISTRIBUTION_ERLANG:
        return a * a * b;
    case DISTRIBUTION_GAMMA:
        return a * b * b;
    case DISTRIBUTION_WEIBULL:
        mean = distribution_mean(distribution);
        return mean * mean * numeric_expm1(weibull_log_ratio(c));
    case DISTRIBUTION_NORMAL:
        lift = normal_lift(distribution);
        return b * b * (1.0 - lift * (a / b + lift));
    case DISTRIBUTION_LOGNORMAL:
        mean = distribution_mean(distribution);
        return mean * mean * numeric_expm1(b * b);
    case DISTRIBUTION_BETA:
        return (b - a) * (b - a) * (c / (c + d)) * (d / (c + d)) / (c + d + 1.0);
    case DISTRIBUTION_DISCRETE:
    case DISTRIBUTION_MIXTURE:
    case DISTRIBUTION_EMPIRICAL:
        return table_variance(distribution);
    case DISTRIBUTION_KIND_COUNT:
        break;
    }
    unknown_kind();
}
