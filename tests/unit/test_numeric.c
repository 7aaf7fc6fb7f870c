/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: core/base/numeric keeps what it promises: 1 ulp, the special cases of C17 Annex F, blocks
 * bit for bit as one by one.
 *
 * Method: MPFR with 100 bits is the oracle at random arguments of every size and at hard ones: near
 * zeros, at the ends of the range, with subnormal results, and next to multiples of π/2, where
 * reduction loses most. GSL is the oracle of ln Γ and of the normal quantile, and of the rest where
 * MPFR is not installed. The largest errors are printed.
 *
 * usage: test_numeric [ARGUMENTS_A_RANGE] */
#include "core/base/numeric.h"
#include "core/base/random.h"
#include "tests/test.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_sf.h>
#include <math.h>
#ifdef HAVE_MPFR
#include <mpfr.h>
#endif

static const struct random_key key = {0x5eed0f7e57};

/* The index-th number of a test, between low and high. */
static double between(double low, double high, uint32_t test, uint32_t index) {
    return low + (high - low) * random_uniform(key, test, 1, index);
}

#ifdef HAVE_MPFR
static double sign_of(uint32_t test, uint32_t index) {
    return random_bits(key, test, 2, index) & 1 ? -1.0 : 1.0;
}

/* Distance of `got` from the truth in units of the last place that a double of that size has. */
static double ulp_error(double got, const mpfr_t truth) {
    double nearest = mpfr_get_d(truth, MPFR_RNDN);
    if (isnan(got) || isinf(got) || isinf(nearest)) {
        return got == nearest ? 0.0 : HUGE_VAL;
    }
    int exponent = -1021;
    if (fabs(nearest) >= 0x1p-1022) {
        (void)frexp(nearest, &exponent);
    }
    mpfr_t distance;
    mpfr_init2(distance, 100);
    mpfr_sub_d(distance, truth, got, MPFR_RNDN);
    mpfr_mul_2si(distance, distance, 53 - exponent, MPFR_RNDN);
    double error = fabs(mpfr_get_d(distance, MPFR_RNDN));
    mpfr_clear(distance);
    return error;
}

typedef double numeric_function(double x);
typedef int oracle_function(mpfr_t result, const mpfr_t x, mpfr_rnd_t rounding);

static double error_at(numeric_function *f, oracle_function *oracle, double x) {
    mpfr_t argument, truth;
    mpfr_init2(argument, 53);
    mpfr_init2(truth, 100);
    mpfr_set_d(argument, x, MPFR_RNDN);
    oracle(truth, argument, MPFR_RNDN);
    double error = ulp_error(f(x), truth);
    mpfr_clears(argument, truth, (mpfr_ptr)0);
    return error;
}

enum spread {
    EVEN,     /* evenly between low and high */
    POSITIVE, /* 2^low .. 2^high, evenly in the exponent */
    SIGNED,   /* the same, of either sign */
};

struct range {
    const char *name;
    numeric_function *f;
    oracle_function *oracle;
    enum spread spread;
    double low, high;
};

static double argument_of(const struct range *range, uint32_t test, uint32_t index) {
    double x = between(range->low, range->high, test, index);
    if (range->spread == EVEN) {
        return x;
    }
    double size = ldexp(between(1.0, 2.0, test + 1000, index), (int)floor(x));
    return range->spread == SIGNED ? sign_of(test, index) * size : size;
}

static const struct range ranges[] = {
    {"log", numeric_log, mpfr_log, POSITIVE, -1074, 1023},
    {"log", numeric_log, mpfr_log, EVEN, 0.5, 2},
    {"log", numeric_log, mpfr_log, EVEN, 0.99, 1.01},
    {"log1p", numeric_log1p, mpfr_log1p, SIGNED, -1074, -1},
    {"log1p", numeric_log1p, mpfr_log1p, EVEN, -1, 2},
    {"log1p", numeric_log1p, mpfr_log1p, POSITIVE, -60, 1023},
    {"exp", numeric_exp, mpfr_exp, EVEN, -746, 710},
    {"exp", numeric_exp, mpfr_exp, EVEN, -745.2, -708},
    {"exp", numeric_exp, mpfr_exp, SIGNED, -60, 3},
    {"expm1", numeric_expm1, mpfr_expm1, EVEN, -41, 710},
    {"expm1", numeric_expm1, mpfr_expm1, EVEN, -1.2, 1.2},
    {"expm1", numeric_expm1, mpfr_expm1, EVEN, -0.05, 0.05},
    {"expm1", numeric_expm1, mpfr_expm1, SIGNED, -1074, 6},
    {"sin", numeric_sin, mpfr_sin, SIGNED, -1074, 1023},
    {"sin", numeric_sin, mpfr_sin, EVEN, -10, 10},
    {"cos", numeric_cos, mpfr_cos, SIGNED, -1074, 1023},
    {"cos", numeric_cos, mpfr_cos, EVEN, -10, 10},
};

static void test_one_ulp(uint32_t arguments) {
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        const struct range *range = &ranges[i];
        double worst = 0.0, worst_x = 0.0;
        for (uint32_t index = 0; index < arguments; index++) {
            double x = argument_of(range, (uint32_t)i, index);
            double error = error_at(range->f, range->oracle, x);
            if (error > worst) {
                worst = error;
                worst_x = x;
            }
        }
        printf("%-6s %5g .. %-5g %s: at most %.3f ulp, at %a\n", range->name, range->low,
               range->high, range->spread == EVEN ? "" : "(powers of 2)", worst, worst_x);
        CHECK(worst <= 1.0);
    }
}

/* Doubles next to multiples of π/2. The first two are the worst of all doubles. */
static void test_circular_hard_cases(void) {
    double hard[] = {0x1.6ac5b262ca1ffp+849, 0x1.6ac5b262ca1ffp+843, 0x1.fffffffffffffp+1023,
                     0x1.921fb54442d18p-1,   0x1.921fb54442d19p-1,   0x1p-27,
                     0x1.921fb54442d18p+0};
    double worst = 0.0;
    for (size_t i = 0; i < sizeof hard / sizeof *hard; i++) {
        worst = fmax(worst, error_at(numeric_sin, mpfr_sin, hard[i]));
        worst = fmax(worst, error_at(numeric_cos, mpfr_cos, -hard[i]));
    }
    mpfr_t multiple;
    mpfr_init2(multiple, 1200);
    for (uint32_t i = 1; i < 20000; i++) {
        mpfr_const_pi(multiple, MPFR_RNDN);
        mpfr_mul_ui(multiple, multiple, i, MPFR_RNDN);
        mpfr_mul_2si(multiple, multiple, i % 7 == 0 ? (long)(i % 1000) : -1, MPFR_RNDN);
        double x = mpfr_get_d(multiple, MPFR_RNDN);
        worst = fmax(worst, error_at(numeric_sin, mpfr_sin, x));
        worst = fmax(worst, error_at(numeric_cos, mpfr_cos, x));
    }
    mpfr_clear(multiple);
    printf("sin and cos next to multiples of pi/2: at most %.3f ulp\n", worst);
    CHECK(worst <= 1.0);
}

/* Bases and exponents of one kind: any, those with results at the ends, those near 1. */
static void pow_arguments(uint32_t kind, uint32_t index, double *x, double *y) {
    double large = between(-750.0, 750.0, 50 + kind, index);
    double exponent = floor(between(-1074.0, 1024.0, 60 + kind, index));
    double mantissa = between(1.0, 2.0, 70 + kind, index);
    *x = kind == 0   ? ldexp(mantissa, (int)exponent)
         : kind == 1 ? between(0.5, 2.0, 80, index)
         : kind == 2 ? 1.0 + ldexp(between(-1.0, 1.0, 81, index), (int)(exponent / 21.0))
                     : between(0.0, 100.0, 82, index);
    *y = kind == 3 ? between(-5.0, 5.0, 83, index) : large / fabs(log(*x));
}

static void test_pow_one_ulp(uint32_t arguments) {
    mpfr_t base, exponent, truth;
    mpfr_init2(base, 53);
    mpfr_init2(exponent, 53);
    mpfr_init2(truth, 100);
    for (uint32_t kind = 0; kind < 4; kind++) {
        double worst = 0.0, worst_x = 0.0, worst_y = 0.0;
        for (uint32_t index = 0; index < arguments; index++) {
            double x, y;
            pow_arguments(kind, index, &x, &y);
            if (!(x > 0.0) || x == 1.0) {
                continue;
            }
            mpfr_set_d(base, x, MPFR_RNDN);
            mpfr_set_d(exponent, y, MPFR_RNDN);
            mpfr_pow(truth, base, exponent, MPFR_RNDN);
            double error = ulp_error(numeric_pow(x, y), truth);
            if (error > worst) {
                worst = error;
                worst_x = x;
                worst_y = y;
            }
        }
        printf("pow, kind %u: at most %.3f ulp, at %a, %a\n", kind, worst, worst_x, worst_y);
        CHECK(worst <= 1.0);
    }
    mpfr_clears(base, exponent, truth, (mpfr_ptr)0);
}
#endif

static void test_against_gsl(void) {
    for (uint32_t i = 0; i < 20000; i++) {
        double x = between(-30.0, 30.0, 90, i), size = fabs(x);
        CHECK_NEAR(numeric_exp(x), gsl_sf_exp(x), 1e-15 * exp(x));
        CHECK_NEAR(numeric_log(size), gsl_sf_log(size), 1e-15 * fabs(log(size)));
        CHECK_NEAR(numeric_sin(x), gsl_sf_sin(x), 1e-14);
        CHECK_NEAR(numeric_cos(x), gsl_sf_cos(x), 1e-14);
        CHECK_NEAR(numeric_expm1(x / 30.0), gsl_expm1(x / 30.0), 1e-15 * size);
        CHECK_NEAR(numeric_log1p(size), gsl_log1p(size), 2e-15 * size);
        CHECK_NEAR(numeric_pow(size, 3.25), pow(size, 3.25), 1e-15 * pow(size, 3.25));
    }
}

static void test_log_gamma(void) {
#ifdef HAVE_MPFR
    const double tolerance = 1e-14;
#else
    const double tolerance = 1e-12;
#endif
    double worst = 0.0;
    for (uint32_t i = 0; i < 100000; i++) {
        double x = i % 2 ? between(0.0, 20.0, 91, i)
                         : ldexp(between(1.0, 2.0, 92, i), (int)(i % 1600) - 800);
#ifdef HAVE_MPFR
        mpfr_t truth;
        mpfr_init2(truth, 100);
        mpfr_set_d(truth, x, MPFR_RNDN);
        mpfr_lngamma(truth, truth, MPFR_RNDN);
        double expected = mpfr_get_d(truth, MPFR_RNDN);
        mpfr_clear(truth);
#else
        double expected = gsl_sf_lngamma(x); /* itself off by 5e-13 near 1 and 2 */
#endif
        worst = fmax(worst, fabs(numeric_log_gamma(x) / expected - 1.0));
    }
    printf("log_gamma: relative error at most %.2g\n", worst);
    CHECK(worst < tolerance);
    CHECK_NEAR(numeric_log_gamma(100.5), gsl_sf_lngamma(100.5), 1e-13 * 362.0);
    CHECK(numeric_log_gamma(1.0) == 0.0);
    CHECK(numeric_log_gamma(2.0) == 0.0);
    CHECK(numeric_log_gamma(0.0) == HUGE_VAL);
    CHECK(numeric_log_gamma(HUGE_VAL) == HUGE_VAL);
    CHECK(isnan(numeric_log_gamma(-0.5)));
    CHECK(isnan(numeric_log_gamma(NAN)));
}

static void test_normal_quantile(void) {
    double worst = 0.0;
    for (uint32_t i = 0; i < 100000; i++) {
        double p = i % 2 ? between(0.0, 1.0, 93, i)
                         : ldexp(between(1.0, 2.0, 94, i), -(int)(i % 1000) - 2);
        worst = fmax(worst, fabs(numeric_normal_quantile(p) / gsl_cdf_ugaussian_Pinv(p) - 1.0));
    }
    printf("normal_quantile: relative difference from GSL at most %.2g\n", worst);
    CHECK(worst < 2e-15);
    CHECK_NEAR(numeric_normal_quantile(0.975), 1.959963984540054, 1e-15 * 2); /* tables */
    CHECK_NEAR(numeric_normal_quantile(0.001), -3.090232306167813, 1e-15 * 4);
    CHECK(numeric_normal_quantile(0.5) == 0.0);
    CHECK(numeric_normal_quantile(0.0) == -HUGE_VAL);
    CHECK(numeric_normal_quantile(1.0) == HUGE_VAL);
    CHECK(isnan(numeric_normal_quantile(-0.1)));
    CHECK(isnan(numeric_normal_quantile(1.1)));
    CHECK(isnan(numeric_normal_quantile(NAN)));
}

/* Equal in every bit, the sign of zero included; one NaN is as good as another. */
static bool same(double a, double b) {
    return numeric_bits(a) == numeric_bits(b) || (isnan(a) && isnan(b));
}

#define CHECK_SAME(actual, expected) CHECK(same((actual), (expected)))

/* C17 Annex F.10.1, F.10.3. */
static void test_special_cases(void) {
    const double infinite = HUGE_VAL;
    CHECK_SAME(numeric_exp(0.0), 1.0);
    CHECK_SAME(numeric_exp(-0.0), 1.0);
    CHECK_SAME(numeric_exp(-infinite), 0.0);
    CHECK_SAME(numeric_exp(infinite), infinite);
    CHECK_SAME(numeric_exp(NAN), NAN);
    CHECK_SAME(numeric_exp(0x1.62e42fefa39efp+9), 0x1.fffffffffff2ap+1023); /* the largest */
    CHECK_SAME(numeric_exp(0x1.62e42fefa39fp+9), infinite);
    CHECK_SAME(numeric_exp(-0x1.74910d52d3051p+9), 0x1p-1074); /* the smallest */
    CHECK_SAME(numeric_exp(-0x1.74910d52d3052p+9), 0.0);
    CHECK_SAME(numeric_expm1(0.0), 0.0);
    CHECK_SAME(numeric_expm1(-0.0), -0.0);
    CHECK_SAME(numeric_expm1(-infinite), -1.0);
    CHECK_SAME(numeric_expm1(infinite), infinite);
    CHECK_SAME(numeric_expm1(NAN), NAN);
    CHECK_SAME(numeric_log(1.0), 0.0);
    CHECK_SAME(numeric_log(0.0), -infinite);
    CHECK_SAME(numeric_log(-0.0), -infinite);
    CHECK_SAME(numeric_log(-1.0), NAN);
    CHECK_SAME(numeric_log(-infinite), NAN);
    CHECK_SAME(numeric_log(infinite), infinite);
    CHECK_SAME(numeric_log(NAN), NAN);
    CHECK_SAME(numeric_log1p(0.0), 0.0);
    CHECK_SAME(numeric_log1p(-0.0), -0.0);
    CHECK_SAME(numeric_log1p(-1.0), -infinite);
    CHECK_SAME(numeric_log1p(-1.5), NAN);
    CHECK_SAME(numeric_log1p(infinite), infinite);
    CHECK_SAME(numeric_log1p(NAN), NAN);
    CHECK_SAME(numeric_sin(0.0), 0.0);
    CHECK_SAME(numeric_sin(-0.0), -0.0);
    CHECK_SAME(numeric_sin(infinite), NAN);
    CHECK_SAME(numeric_sin(NAN), NAN);
    CHECK_SAME(numeric_cos(-0.0), 1.0);
    CHECK_SAME(numeric_cos(-infinite), NAN);
    CHECK_SAME(numeric_cos(NAN), NAN);
    CHECK_SAME(numeric_sqrt(-0.0), -0.0);
    CHECK_SAME(numeric_sqrt(infinite), infinite);
    CHECK_SAME(numeric_sqrt(-2.0), NAN);
    CHECK_SAME(numeric_sqrt(2.0), 0x1.6a09e667f3bcdp+0);
}

/* C17 Annex F.10.4.4, line by line. */
static void test_pow_special_cases(void) {
    const double infinite = HUGE_VAL;
    static const struct {
        double x, y, result;
    } cases[] = {
        {0.0, -3.0, HUGE_VAL},
        {-0.0, -3.0, -HUGE_VAL},
        {0.0, -2.5, HUGE_VAL},
        {-0.0, -2.0, HUGE_VAL},
        {-0.0, -HUGE_VAL, HUGE_VAL},
        {0.0, 3.0, 0.0},
        {-0.0, 3.0, -0.0},
        {-0.0, 2.0, 0.0},
        {-0.0, 0.5, 0.0},
        {-1.0, HUGE_VAL, 1.0},
        {-1.0, -HUGE_VAL, 1.0},
        {1.0, NAN, 1.0},
        {NAN, 0.0, 1.0},
        {NAN, -0.0, 1.0},
        {-2.0, 0.5, NAN},
        {0.5, -HUGE_VAL, HUGE_VAL},
        {-2.0, -HUGE_VAL, 0.0},
        {-0.5, HUGE_VAL, 0.0},
        {2.0, HUGE_VAL, HUGE_VAL},
        {-HUGE_VAL, -3.0, -0.0},
        {-HUGE_VAL, -2.0, 0.0},
        {-HUGE_VAL, 3.0, -HUGE_VAL},
        {-HUGE_VAL, 2.5, HUGE_VAL},
        {HUGE_VAL, -0.5, 0.0},
        {HUGE_VAL, 0.5, HUGE_VAL},
        {NAN, 1.0, NAN},
        {2.0, NAN, NAN},
        {-2.0, 3.0, -8.0},
        {-2.0, 4.0, 16.0},
        {-2.0, -1074.0, 0x1p-1074},
        {2.0, -1075.0, 0.0},
        {2.0, 1023.0, 0x1p1023},
        {2.0, 1024.0, HUGE_VAL},
        {-2.0, 1025.0, -HUGE_VAL},
        {10.0, 22.0, 1e22},
        {0x1p-1074, 0.5, 0x1p-537},
        {-1.0, 0x1.8p53, 1.0},
        {-1.0, 9007199254740991.0, -1.0},
        {3.0, 0x1p-1074, 1.0},
        {0x1.fffffffffffffp-1, 1e308, 0.0},
        {1.5, 0x1p1000, HUGE_VAL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double result = numeric_pow(cases[i].x, cases[i].y);
        if (!same(result, cases[i].result)) {
            printf("pow(%g, %g) = %a\n", cases[i].x, cases[i].y, result);
        }
        CHECK_SAME(result, cases[i].result);
    }
    CHECK_SAME(numeric_pow(infinite, infinite), infinite);
    CHECK_SAME(numeric_pow(infinite, -infinite), 0.0);
}

/* Special values at every place of a chunk, all lengths, in place too. */
static void test_log_block(void) {
    enum { COUNT = 300 };
    static const double special[] = {0.0, -0.0, -3.0, HUGE_VAL, -HUGE_VAL, NAN, 0x1p-1074, 1.0};
    double x[COUNT], result[COUNT];
    for (uint32_t round = 0; round < COUNT; round++) {
        for (uint32_t i = 0; i < COUNT; i++) {
            x[i] = ldexp(between(1.0, 2.0, 95, i), (int)(i % 2000) - 1000);
        }
        x[round] = special[round % 8];
        numeric_log_block(x, result, round + 1);
        uint32_t different = 0;
        for (uint32_t i = 0; i <= round; i++) {
            different += !same(result[i], numeric_log(x[i]));
        }
        CHECK_INT(different, 0);
        double last = round + 1 < COUNT ? x[round + 1] : 0.0;
        numeric_log_block(x, x, round + 1);
        CHECK(memcmp(x, result, (round + 1) * sizeof *x) == 0);
        CHECK(round + 1 == COUNT || x[round + 1] == last); /* not a place further */
    }
}

int main(int argc, char **argv) {
    gsl_set_error_handler_off();
    test_special_cases();
    test_pow_special_cases();
    test_log_block();
    test_against_gsl();
    test_log_gamma();
    test_normal_quantile();
#ifdef HAVE_MPFR
    uint32_t arguments = argc > 1 ? (uint32_t)atoi(argv[1]) : 100000;
    test_one_ulp(arguments);
    test_circular_hard_cases();
    test_pow_one_ulp(arguments / 2); /* of each of four kinds */
#else
    (void)argc;
    (void)argv;
    printf("MPFR is not installed: 1 ulp is not tested, only the agreement with GSL\n");
#endif
    return test_summary();
}
