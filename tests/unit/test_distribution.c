/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_distribution.c - every kind against GSL's distribution functions.
 *
 * A million draws each, keyed as the simulation keys them (one entity a draw): Kolmogorov-Smirnov
 * or chi-square at 99.9 %, seeds fixed. Kinds drawn by inversion must in addition give F(x) = u for
 * every single draw. Moments are compared with integrals of GSL's functions and with the mean and
 * cv that were asked for. A hash of draws of all kinds is the same for every compiler. */
#include "sim/kernel/distribution.h"
#include "tests/test.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_randist.h>
#include <math.h>

enum { DRAWS = 1000000, CELLS_MAX = 12000 };

static const double ks_999 = 1.94947; /* Kolmogorov's limit distribution at 99.9 % */

static struct arena arena = ARENA_INIT;

static struct distribution parse(const char *text, enum dimension dimension) {
    struct distribution distribution = {0};
    struct error err = ERROR_INIT;
    if (distribution_parse(text, dimension, NULL, NULL, &distribution, &arena,
                           (struct place){"test", 1, 1}, &err) < 0) {
        printf("%s: %d: %s\n", text, err.column, err.text);
        exit(1);
    }
    return distribution;
}

/* Each test has a purpose, hence numbers, of its own. */
static struct draw source(const char *purpose, uint64_t entity) {
    return (struct draw){random_key_make(20170102, 3), entity, random_purpose(purpose, 0), 0};
}

/* The distribution functions that draws must have. */

static double uniform_cdf(double x) {
    return gsl_cdf_flat_P(x, 2.385, 17.25);
}

static double triangular_cdf(double x) {
    const double low = 1.5, mode = 2.25, high = 9.75;
    return x <= low    ? 0
           : x <= mode ? (x - low) * (x - low) / ((high - low) * (mode - low))
           : x < high  ? 1 - (high - x) * (high - x) / ((high - low) * (high - mode))
                       : 1;
}

static double triangular_edge_cdf(double x) { /* mode at the low end */
    return x <= 0 ? 0 : x < 3 ? 1 - (3 - x) * (3 - x) / 9 : 1;
}

static double exponential_cdf(double x) {
    return gsl_cdf_exponential_P(x, 4410.0);
}

static double erlang_cdf(double x) {
    return gsl_cdf_gamma_P(x, 3, 2.385 / 3);
}

static double erlang_long_cdf(double x) {
    return gsl_cdf_gamma_P(x, 53, 7.7 / 53);
}

static double gamma_cdf(double x) {
    return gsl_cdf_gamma_P(x, 1 / (0.7 * 0.7), 2.385 * 0.7 * 0.7);
}

static double gamma_small_cdf(double x) {
    return gsl_cdf_gamma_P(x, 0.13, 5.5);
}

static double gamma_large_cdf(double x) {
    return gsl_cdf_gamma_P(x, 1717.5, 0.25);
}

static double weibull_cdf(double x) {
    return gsl_cdf_weibull_P(x, 3.17, 0.77);
}

static double normal_cdf(double x) {
    double below = gsl_cdf_gaussian_P(0 - 2.385, 1.9);
    return x <= 0 ? 0 : (gsl_cdf_gaussian_P(x - 2.385, 1.9) - below) / (1 - below);
}

static double normal_far_cdf(double x) {
    return gsl_cdf_gaussian_P(x - 77.5, 3.1);
}

static double normal_half_cdf(double x) {
    return x <= 0 ? 0 : 2 * gsl_cdf_gaussian_P(x, 1.7) - 1;
}

static double lognormal_cdf(double x) {
    double square = log1p(0.8 * 0.8);
    return gsl_cdf_lognormal_P(x, log(72000) - square / 2, sqrt(square));
}

static double lognormal_median_cdf(double x) {
    return gsl_cdf_lognormal_P(x, log(3.3), 1.21);
}

static double beta_cdf(double x) {
    return gsl_cdf_beta_P((x - 1.5) / 8, 2.3, 0.85);
}

static double beta_small_cdf(double x) {
    return gsl_cdf_beta_P(x, 0.31, 0.17);
}

static double empirical_cdf(double x) {
    return x < 600     ? 0
           : x < 3600  ? 0.125 + (x - 600) / 3000 * 0.5
           : x < 7200  ? 0.625
           : x < 86400 ? 0.625 + (x - 7200) / 79200 * 0.375
                       : 1;
}

static double empirical_plain_cdf(double x) {
    return x < 2 ? 0 : x < 3.5 ? (x - 2) / 1.5 * 0.3 : x < 11 ? 0.3 + (x - 3.5) / 7.5 * 0.7 : 1;
}

static double mixture_cdf(double x) {
    return 0.3 * gsl_cdf_exponential_P(x, 1.5) + 0.5 * gsl_cdf_gamma_P(x, 5, 1.1) +
           0.2 * (0.25 * gsl_cdf_flat_P(x, 8, 9) + 0.75 * gsl_cdf_flat_P(x, 9, 12));
}

struct continuous {
    const char *text;
    enum dimension dimension;
    double (*cdf)(double);
    double high;       /* beyond it lies less than 1e-13 of the first two moments */
    bool by_inversion; /* from one uniform */
};

static const struct continuous continuous[] = {
    {"uniform(low: 2.385, high: 17.25)", DIMENSION_NONE, uniform_cdf, 17.25, true},
    {"triangular(low: 1.5, mode: 2.25, high: 9.75)", DIMENSION_NONE, triangular_cdf, 9.75, true},
    {"triangular(low: 0, mode: 0, high: 3)", DIMENSION_NONE, triangular_edge_cdf, 3, true},
    {"exponential(mean: 73.5 min)", DIMENSION_TIME, exponential_cdf, 2e5, true},
    {"erlang(mean: 2.385, shape: 3)", DIMENSION_NONE, erlang_cdf, 50, false},
    {"erlang(mean: 7.7, shape: 53)", DIMENSION_NONE, erlang_long_cdf, 60, false},
    {"gamma(mean: 2.385, cv: 0.7)", DIMENSION_NONE, gamma_cdf, 60, false},
    {"gamma(shape: 0.13, scale: 5.5)", DIMENSION_NONE, gamma_small_cdf, 250, false},
    {"gamma(shape: 1717.5, scale: 0.25)", DIMENSION_NONE, gamma_large_cdf, 600, false},
    {"weibull(shape: 0.77, scale: 3.17)", DIMENSION_NONE, weibull_cdf, 500, true},
    {"normal(mean: 2.385, sd: 1.9)", DIMENSION_NONE, normal_cdf, 30, true},
    {"normal(mean: 77.5, cv: 0.04)", DIMENSION_NONE, normal_far_cdf, 120, true},
    {"normal(mean: 0, sd: 1.7)", DIMENSION_NONE, normal_half_cdf, 20, true},
    {"lognormal(mean: 20 h, cv: 0.8)", DIMENSION_TIME, lognormal_cdf, 1e9, true},
    {"lognormal(median: 3.3, sigma: 1.21)", DIMENSION_NONE, lognormal_median_cdf, 1e8, true},
    {"beta(alpha: 2.3, beta: 0.85, low: 1.5, high: 9.5)", DIMENSION_NONE, beta_cdf, 9.5, false},
    {"beta(alpha: 0.31, beta: 0.17)", DIMENSION_SHARE, beta_small_cdf, 1, false},
    {"empirical(2: 0, 3.5: 30 %, 11: 1)", DIMENSION_NONE, empirical_plain_cdf, 11, true},
    {"mixture(3: exponential(mean: 1.5), 5: erlang(mean: 5.5, shape: 5), "
     "2: empirical(8: 0, 9: 25 %, 12: 100 %))",
     DIMENSION_NONE, mixture_cdf, 150, false},
};
enum { CONTINUOUS_COUNT = sizeof continuous / sizeof *continuous };

static int compare_reals(const void *a, const void *b) {
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* F of all draws, sorted, stays near the diagonal. */
static void test_continuous(const struct continuous *test, double *shares) {
    struct distribution distribution = parse(test->text, test->dimension);
    double inversion_error = 0;
    int more_than_one = 0;
    for (uint64_t i = 0; i < DRAWS; i++) {
        struct draw draw = source(test->text, i);
        double x = distribution_draw(&distribution, &draw);
        shares[i] = test->cdf(x);
        if (test->by_inversion) {
            double u = random_uniform(draw.key, i, draw.purpose, 0);
            inversion_error = fmax(inversion_error, fabs(shares[i] - u));
            more_than_one += draw.index != 1;
        }
    }
    qsort(shares, DRAWS, sizeof *shares, compare_reals);
    double distance = 0;
    for (int i = 0; i < DRAWS; i++) {
        distance = fmax(distance,
                        fmax(shares[i] - (double)i / DRAWS, (double)(i + 1) / DRAWS - shares[i]));
    }
    printf("%-50.50s sqrt(n) D = %.3f\n", test->text, distance * sqrt(DRAWS));
    CHECK(distance * sqrt(DRAWS) < ks_999);
    CHECK(inversion_error < 1e-12);
    CHECK_INT(more_than_one, 0);
}

static double upper_tail(double x, void *cdf) {
    return 1 - (*(double (**)(double))cdf)(x);
}

static double upper_tail_twice(double x, void *cdf) {
    return 2 * x * upper_tail(x, cdf);
}

static double integral(double (*f)(double, void *), double (*cdf)(double), double high,
                       gsl_integration_workspace *workspace) {
    double sum = 0, error, from = 0;
    gsl_function function = {f, &cdf};
    for (double to = high * 0x1p-30; from < high; from = to, to = 2 * to < high ? 2 * to : high) {
        double part;
        gsl_integration_qag(&function, from, to, 0, 1e-10, 200, GSL_INTEG_GAUSS31, workspace, &part,
                            &error);
        sum += part;
    }
    return sum;
}

/* E X = the integral of 1 - F, E X² = that of 2 x (1 - F). */
static void test_moments(const struct continuous *test) {
    gsl_integration_workspace *workspace = gsl_integration_workspace_alloc(200);
    struct distribution distribution = parse(test->text, test->dimension);
    double mean = integral(upper_tail, test->cdf, test->high, workspace);
    double square = integral(upper_tail_twice, test->cdf, test->high, workspace);
    CHECK_NEAR(distribution_mean(&distribution), mean, 1e-9 * mean);
    CHECK_NEAR(distribution_variance(&distribution), square - mean * mean, 1e-8 * square);
    gsl_integration_workspace_free(workspace);
}

static void test_all_continuous(void) {
    double *shares = malloc(DRAWS * sizeof *shares);
    for (int i = 0; i < CONTINUOUS_COUNT; i++) {
        test_continuous(&continuous[i], shares);
        test_moments(&continuous[i]);
    }
    free(shares);
}

/* Chi-square of counts, cells pooled from the left until 20 are expected. */
static void check_counts(const char *text, const int64_t *counts, const double *chances,
                         int cell_count) {
    double statistic = 0, expected = 0, rest = DRAWS;
    int64_t counted = 0, rest_counted = DRAWS;
    int pooled = 0;
    for (int i = 0; i < cell_count; i++) {
        expected += chances[i] * DRAWS;
        counted += counts[i];
        if (expected >= 20 && rest - expected >= 20) {
            statistic += ((double)counted - expected) * ((double)counted - expected) / expected;
            rest -= expected;
            rest_counted -= counted;
            expected = 0;
            counted = 0;
            pooled++;
        }
    }
    statistic += ((double)rest_counted - rest) * ((double)rest_counted - rest) / rest;
    double limit = gsl_cdf_chisq_Qinv(0.001, pooled);
    printf("%-50.50s chi-square %.1f of %.1f at %d\n", text, statistic, limit, pooled);
    CHECK(pooled > 0);
    CHECK(statistic < limit);
}

static void test_poisson(double mean) {
    static int64_t counts[CELLS_MAX];
    static double chances[CELLS_MAX];
    char text[64];
    snprintf(text, sizeof text, "poisson(mean: %.17g)", mean);
    struct distribution distribution = parse(text, DIMENSION_NONE);
    memset(counts, 0, sizeof counts);
    int first = mean > 6000 ? (int)mean - 6000 : 0;
    for (int i = 0; i < CELLS_MAX; i++) {
        chances[i] = gsl_ran_poisson_pdf((unsigned)(first + i), mean);
    }
    for (uint64_t i = 0; i < DRAWS; i++) {
        struct draw draw = source(text, i);
        double x = distribution_draw(&distribution, &draw);
        int cell = (int)x - first;
        if (cell < 0 || cell >= CELLS_MAX || x != (int)x) {
            CHECK_NEAR(x, mean, 0); /* not a whole number near the mean */
            return;
        }
        counts[cell]++;
    }
    check_counts(text, counts, chances, CELLS_MAX);
    CHECK_NEAR(distribution_mean(&distribution), mean, 0);
    CHECK_NEAR(distribution_variance(&distribution), mean, 0);
}

static void test_discrete(void) {
    /* Written out of order: values are sorted, so that a larger u never gives a smaller value. */
    const char *text = "discrete(40 min: 1.5, 10 min: 3, 1 h: 0, 25 min: 0.5)";
    struct distribution distribution = parse(text, DIMENSION_TIME);
    static const double values[] = {600, 1500, 2400, 3600};
    static const double chances[] = {0.6, 0.1, 0.3, 0};
    int64_t counts[4] = {0};
    int wrong = 0;
    for (uint64_t i = 0; i < DRAWS; i++) {
        struct draw draw = source(text, i);
        double x = distribution_draw(&distribution, &draw);
        double u = random_uniform(draw.key, i, draw.purpose, 0);
        int cell = u < 0.6 ? 0 : u < 0.7 ? 1 : 2;
        wrong += x != values[cell];
        for (int k = 0; k < 4; k++) {
            counts[k] += x == values[k];
        }
    }
    CHECK_INT(wrong, 0);
    CHECK_INT(counts[3], 0);
    check_counts(text, counts, chances, 4);
    CHECK_NEAR(distribution_mean(&distribution), 1230, 1e-9);
    CHECK_NEAR(distribution_variance(&distribution),
               0.6 * 630 * 630 + 0.1 * 270 * 270 + 0.3 * 1170 * 1170, 1e-6);
}

/* A first share above 0 is that of the first value itself; equal shares leave a gap. */
static void test_empirical(void) {
    const char *text = "empirical(10 min: 12.5 %, 1 h: 62.5 %, 2 h: 62.5 %, 1 d: 100 %)";
    struct distribution distribution = parse(text, DIMENSION_TIME);
    int64_t first = 0;
    double error = 0;
    for (uint64_t i = 0; i < DRAWS; i++) {
        struct draw draw = source(text, i);
        double x = distribution_draw(&distribution, &draw);
        double u = random_uniform(draw.key, i, draw.purpose, 0);
        first += x == 600;
        error = fmax(error, fabs(empirical_cdf(x) - fmax(u, 0.125)));
    }
    CHECK(error < 1e-12);
    int64_t counts[2] = {first, DRAWS - first};
    check_counts(text, counts, (double[]){0.125, 0.875}, 2);
    double mean = 0.125 * 600 + 0.5 * 2100 + 0.375 * 46800;
    CHECK_NEAR(distribution_mean(&distribution), mean, 1e-9);
    CHECK_NEAR(distribution_variance(&distribution),
               0.125 * 600 * 600 + 0.5 * (2100. * 2100 + 3000. * 3000 / 12) +
                   0.375 * (46800. * 46800 + 79200. * 79200 / 12) - mean * mean,
               1e-4);
}

/* What is asked for by mean and cv comes out: 1e-12 over the whole range. */
static void test_mean_and_cv(void) {
    static const struct {
        const char *format;
        double cv_low, cv_high;
    } cases[] = {
        {"gamma(mean: 2.385, cv: %.17g)", 1e-4, 100},
        {"weibull(mean: 2.385, cv: %.17g)", 0.0013, 400},
        {"lognormal(mean: 2.385, cv: %.17g)", 1e-6, 1000},
        {"beta(mean: 2.385, cv: %.17g, low: 2, high: 4.5)", 1e-3, 0.37},
        {"normal(mean: 2.385, cv: %.17g)", 1e-6, 0.1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int step = 0; step <= 100; step++) {
            double cv = cases[i].cv_low * pow(cases[i].cv_high / cases[i].cv_low, step / 100.0);
            cv = fmin(fmax(cv, cases[i].cv_low), cases[i].cv_high);
            char text[96];
            snprintf(text, sizeof text, cases[i].format, cv);
            struct distribution distribution = parse(text, DIMENSION_NONE);
            double mean = distribution_mean(&distribution);
            CHECK_NEAR(mean, 2.385, 2.385e-12);
            CHECK_NEAR(sqrt(distribution_variance(&distribution)) / mean, cv, 1e-12 * cv);
        }
    }
}

/* The shape that was solved for, against C's own long double gamma function. */
static void test_weibull_shape(void) {
    for (double cv = 0.0013; cv < 400; cv *= 1.37) {
        char text[96];
        snprintf(text, sizeof text, "weibull(mean: 3.5, cv: %.17g)", cv);
        struct distribution distribution = parse(text, DIMENSION_NONE);
        long double x = 1.0L / (long double)distribution.a;
        long double ratio = lgammal(1 + 2 * x) - 2 * lgammal(1 + x);
        CHECK_NEAR((double)sqrtl(expm1l(ratio)), cv, 1e-12 * cv);
        CHECK_NEAR((double)((long double)distribution.b * tgammal(1 + x)), 3.5, 3.5e-12);
        CHECK_NEAR(distribution.c * distribution.a, 1, 1e-15);
    }
}

static void test_degenerate(void) {
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"35 min", 2100},
        {"constant(value: 1.5 h)", 5400},
        {"uniform(low: 3 s, high: 3 s)", 3},
        {"triangular(low: 3 s, mode: 3 s, high: 3 s)", 3},
        {"exponential(mean: 0 s)", 0},
        {"erlang(mean: 0 s, shape: 4)", 0},
        {"gamma(mean: 7 s, cv: 0)", 7},
        {"weibull(mean: 7 s, cv: 0)", 7},
        {"lognormal(mean: 7 s, cv: 0)", 7},
        {"lognormal(median: 7 s, sigma: 0)", 7},
        {"lognormal(mean: 0 s, cv: 2)", 0},
        {"normal(mean: 7 s, sd: 0 s)", 7},
        {"beta(mean: 3 s, cv: 0, low: 1 s, high: 4 s)", 3},
        {"discrete(9 s: 2)", 9},
        {"empirical(9 s: 100 %)", 9},
        {"mixture(1: 4 s)", 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct distribution distribution = parse(cases[i].text, DIMENSION_TIME);
        struct draw draw = source(cases[i].text, i);
        CHECK_NEAR(distribution_draw(&distribution, &draw), cases[i].value, 0);
        CHECK_INT(distribution_draw_ns(&distribution, &draw), (int64_t)cases[i].value * 1000000000);
        CHECK_NEAR(distribution_mean(&distribution), cases[i].value, 0);
        CHECK_NEAR(distribution_variance(&distribution), 0, 0);
    }
}

/* Extreme shapes give numbers in range, never NaN. */
static void test_extremes(void) {
    static const struct {
        const char *text;
        double high;
    } cases[] = {
        {"gamma(shape: 0.0001, scale: 1)", INFINITY},
        {"gamma(shape: 100000000, scale: 1)", 100100000},
        {"beta(alpha: 0.001, beta: 0.001)", 1},
        {"beta(alpha: 100000000, beta: 0.001)", 1},
        {"beta(alpha: 100000000, beta: 100000000)", 0.51},
        {"weibull(mean: 1, cv: 400)", INFINITY},
        {"lognormal(median: 1, sigma: 5)", INFINITY},
        {"normal(mean: 1, sd: 1000000)", 1e7},
        {"poisson(mean: 1000000000)", 1001000000},
        {"poisson(mean: 0.000000001)", 1},
        {"erlang(mean: 1, shape: 1000)", 1.5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct distribution distribution = parse(cases[i].text, DIMENSION_NONE);
        int wrong = 0;
        for (uint64_t entity = 0; entity < 20000; entity++) {
            struct draw draw = source(cases[i].text, entity);
            double x = distribution_draw(&distribution, &draw);
            wrong += !(x >= 0 && x <= cases[i].high) || isinf(x);
        }
        if (wrong > 0) {
            printf("%s\n", cases[i].text);
        }
        CHECK_INT(wrong, 0);
    }
}

static void test_nanoseconds(void) {
    CHECK_INT(distribution_ns(0), 0);
    CHECK_INT(distribution_ns(0.4e-9), 0);
    CHECK_INT(distribution_ns(0.6e-9), 1);
    CHECK_INT(distribution_ns(1.5), 1500000000);
    CHECK_INT(distribution_ns(0x1p-31), 0); /* 0.4657 ns */
    CHECK_INT(distribution_ns(2.5e-9), 2);
    CHECK_INT(distribution_ns(3.5e-9), 4);
    CHECK_INT(distribution_ns(4503599.627370497), 4503599627370497); /* odd, past 2^52 */
    CHECK_INT(distribution_ns(86400.0 * 365 * 100), INT64_C(3153600000000000000));
    CHECK_INT(distribution_ns(1e300), INT64_C(4600000000000000000));
    CHECK_INT(distribution_ns(INFINITY), INT64_C(4600000000000000000));
    struct distribution year = parse("exponential(mean: 365 d)", DIMENSION_TIME);
    for (uint64_t i = 0; i < 1000; i++) {
        struct draw a = source("year", i), b = source("year", i);
        CHECK_INT(distribution_draw_ns(&year, &a), distribution_ns(distribution_draw(&year, &b)));
        CHECK_INT(a.index, b.index);
    }
}

/* Draws made of uniforms or exponentials that came in a block are the draws one by one. */
static void test_from_blocks(void) {
    static const char *const texts[] = {"exponential(mean: 35 min)", "uniform(low: 1 h, high: 9 h)",
                                        "lognormal(mean: 20 h, cv: 0.8)"};
    int wrong = 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct distribution distribution = parse(texts[i], DIMENSION_TIME);
        CHECK(distribution_takes_one_uniform(&distribution));
        for (uint64_t entity = 0; entity < 20000; entity++) {
            struct draw draw = source(texts[i], entity);
            double u = random_uniform(draw.key, entity, draw.purpose, 0);
            double e = random_exponential(draw.key, entity, draw.purpose, 0);
            int64_t ns = distribution_draw_ns(&distribution, &draw);
            wrong += distribution_ns_from_uniform(&distribution, u) != ns;
            wrong += i == 0 && distribution_ns_from_exponential(&distribution, e) != ns;
            wrong += draw.index != 1;
        }
    }
    CHECK_INT(wrong, 0);
    struct distribution gamma = parse("gamma(mean: 1 h, cv: 2)", DIMENSION_TIME);
    CHECK(!distribution_takes_one_uniform(&gamma));
}

/* Other compilers, optimisation levels and processors must find this very number. */
static void test_same_bits(void) {
    uint64_t hash = 0xcbf29ce484222325;
    for (int i = 0; i < CONTINUOUS_COUNT; i++) {
        struct distribution distribution = parse(continuous[i].text, continuous[i].dimension);
        struct draw draw = source("bits", 77);
        for (int n = 0; n < 1000; n++) {
            hash = (hash ^ numeric_bits(distribution_draw(&distribution, &draw))) * 0x100000001b3;
        }
        hash = (hash ^ numeric_bits(distribution_variance(&distribution))) * 0x100000001b3;
        hash = (hash ^ draw.index) * 0x100000001b3;
    }
    for (double mean = 0.5; mean < 1e9; mean *= 7.7) {
        char text[64];
        snprintf(text, sizeof text, "poisson(mean: %.17g)", mean);
        struct distribution distribution = parse(text, DIMENSION_NONE);
        struct draw draw = source("bits", 78);
        for (int n = 0; n < 1000; n++) {
            hash = (hash ^ numeric_bits(distribution_draw(&distribution, &draw))) * 0x100000001b3;
        }
    }
    printf("hash of draws %016" PRIx64 "\n", hash);
    CHECK(hash == 0xaee9f0933dede955);
}

static void test_names(void) {
    for (unsigned kind = 0; kind < DISTRIBUTION_KIND_COUNT; kind++) {
        const char *name = distribution_kind_name(kind), *doc = distribution_kind_doc(kind);
        CHECK(strncmp(doc, name, strlen(name)) == 0 && doc[strlen(name)] == '(');
    }
}

int main(void) {
    gsl_set_error_handler_off(); /* the integrals complain of the last digits */
    test_all_continuous();
    const double means[] = {0.4, 2.385, 29.9, 30, 77.5, 987654.5};
    for (size_t i = 0; i < sizeof means / sizeof *means; i++) {
        test_poisson(means[i]);
    }
    test_discrete();
    test_empirical();
    test_mean_and_cv();
    test_weibull_shape();
    test_degenerate();
    test_extremes();
    test_nanoseconds();
    test_from_blocks();
    test_same_bits();
    test_names();
    arena_free(&arena);
    return test_summary();
}
