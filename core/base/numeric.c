/* SPDX-License-Identifier: GPL-3.0-or-later
 * numeric.c - see numeric.h.
 *
 * A number of higher precision is a struct pair: the unevaluated sum of two doubles. Products are
 * taken apart after Dekker (1971), sums after Knuth (1969), so no fused multiply-add is needed. */
#include "core/base/numeric.h"

#define INFINITE 0x7ff0000000000000u
#define SIGN 0x8000000000000000u

__extension__ typedef unsigned __int128 wide_word; /* ISO C has none */

struct pair {
    double high, low;
};

static double infinity(void) {
    return numeric_from_bits(INFINITE);
}
static double not_a_number(void) {
    return numeric_from_bits(0x7ff8000000000000);
}
static double absolute(double x) {
    return numeric_from_bits(numeric_bits(x) & ~SIGN);
}
static int is_nan(double x) {
    return x != x;
}

static struct pair exact_sum(double a, double b) {
    double sum = a + b, b_part = sum - a;
    return (struct pair){sum, (a - (sum - b_part)) + (b - b_part)};
}

/* exact_sum where |a| >= |b| or a is 0. */
static struct pair exact_sum_ordered(double a, double b) {
    double sum = a + b;
    return (struct pair){sum, b - (sum - a)};
}

/* The upper half of the mantissa. */
static double upper_half(double a) {
    return numeric_from_bits((numeric_bits(a) + 0x04000000) & ~(uint64_t)0x07ffffff);
}

static struct pair exact_product(double a, double b) {
    double a_high = upper_half(a), a_low = a - a_high;
    double b_high = upper_half(b), b_low = b - b_high;
    double product = a * b;
    double error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    return (struct pair){product, error};
}

static struct pair pair_product(struct pair a, struct pair b) {
    struct pair product = exact_product(a.high, b.high);
    return exact_sum_ordered(product.high, product.low + (a.high * b.low + a.low * b.high));
}

/* a + b, for |a| >= |b|. */
static struct pair pair_sum(struct pair a, struct pair b) {
    struct pair sum = exact_sum_ordered(a.high, b.high);
    return exact_sum_ordered(sum.high, sum.low + (a.low + b.low));
}

/* -- logarithms ---------------------------------------------------------------------------- */

double numeric_log_special(double x) {
    if (is_nan(x) || x == infinity()) {
        return x;
    }
    if (x == 0.0) {
        return -infinity();
    }
    if (x < 0.0) {
        return not_a_number();
    }
    return numeric_log_normal(x * 0x1p54, 54.0);
}

void numeric_log_block(const double *x, double *result, size_t count) {
    enum { CHUNK = 64 };
    const uint64_t smallest_normal = 0x0010000000000000;
    for (size_t start = 0; start < count; start += CHUNK) {
        double part[CHUNK] = {0};
        size_t size = count - start < CHUNK ? count - start : CHUNK;
        memcpy(part, x + start, size * sizeof *part);
        double logs[CHUNK];
        uint64_t special = 0;
        for (size_t i = 0; i < CHUNK; i++) {
            logs[i] = numeric_log_normal(part[i], 0.0);
        }
        for (size_t i = 0; i < size; i++) {
            special |= numeric_bits(part[i]) - smallest_normal >= INFINITE - smallest_normal;
        }
        for (size_t i = 0; special && i < size; i++) {
            logs[i] = numeric_log(part[i]);
        }
        memcpy(result + start, logs, size * sizeof *logs);
    }
}

/* The mantissa of a positive normal x in [sqrt(1/2), sqrt(2)), its exponent in *k. */
static double mantissa_of(double x, double *k) {
    const uint64_t root_half = 0x3fe6a09e667f3bcd, one = 0x3ff0000000000000;
    uint64_t shifted = numeric_bits(x) + (one - root_half);
    *k = (double)((int64_t)(shifted >> 52) - 1023);
    return numeric_from_bits((shifted & 0x000fffffffffffff) + root_half);
}

double numeric_log1p(double x) {
    if (is_nan(x) || x == infinity() || absolute(x) < 0x1p-54) {
        return x;
    }
    if (x <= -1.0) {
        return x == -1.0 ? -infinity() : not_a_number();
    }
    if (x > -0.29 && x < 0.41) {
        return numeric_log_reduced(x, 2.0 + x, 0.0, 0.0);
    }
    struct pair sum = exact_sum(1.0, x);
    double k, mantissa = mantissa_of(sum.high, &k);
    return numeric_log_reduced(mantissa - 1.0, mantissa + 1.0, k,
                               k * NUMERIC_LN2_LOW + sum.low / sum.high);
}

/* ln x of a positive x to about 2^-65 of itself, by the series 2 artanh(s) = 2 s (1 + z/3 + z²/5 +
 * ...), z = s², whose first terms are pairs. */
static struct pair log_pair(double x) {
    double scale = 0.0, k;
    if (x < 0x1p-1022) {
        x *= 0x1p54;
        scale = 54.0;
    }
    double mantissa = mantissa_of(x, &k);
    k -= scale;
    double f = mantissa - 1.0;
    struct pair divisor = exact_sum(mantissa, 1.0);
    double quotient = f / divisor.high;
    struct pair back = exact_product(quotient, divisor.high);
    double rest = ((f - back.high) - back.low) - quotient * divisor.low;
    struct pair s = exact_sum_ordered(quotient, rest / divisor.high);
    struct pair z = pair_product(s, s);
    double tail = 0.0;
    for (int n = 25; n >= 5; n -= 2) {
        tail = z.high * (tail + 1.0 / n);
    }
    struct pair third = {0x1.5555555555555p-2, 0x1.5555555555555p-56};
    struct pair series = pair_product(z, pair_sum(third, (struct pair){tail, 0.0}));
    struct pair artanh = pair_sum(s, pair_product(s, series));
    struct pair log_mantissa = {2.0 * artanh.high, 2.0 * artanh.low};
    return pair_sum((struct pair){k * NUMERIC_LN2_HIGH, k * NUMERIC_LN2_LOW}, log_mantissa);
}

/* -- exponentials -------------------------------------------------------------------------- */

/* 2^(i/32) */
static const struct pair exp2_table[32] = {
    {0x1p+0, 0x0p+0},
    {0x1.059b0d3158574p+0, 0x1.d73e2a475b465p-55},
    {0x1.0b5586cf9890fp+0, 0x1.8a62e4adc610bp-54},
    {0x1.11301d0125b51p+0, -0x1.6c51039449b3ap-54},
    {0x1.172b83c7d517bp+0, -0x1.19041b9d78a76p-55},
    {0x1.1d4873168b9aap+0, 0x1.e016e00a2643cp-54},
    {0x1.2387a6e756238p+0, 0x1.9b07eb6c70573p-54},
    {0x1.29e9df51fdee1p+0, 0x1.612e8afad1255p-55},
    {0x1.306fe0a31b715p+0, 0x1.6f46ad23182e4p-55},
    {0x1.371a7373aa9cbp+0, -0x1.63aeabf42eae2p-54},
    {0x1.3dea64c123422p+0, 0x1.ada0911f09ebcp-55},
    {0x1.44e086061892dp+0, 0x1.89b7a04ef80dp-59},
    {0x1.4bfdad5362a27p+0, 0x1.d4397afec42e2p-56},
    {0x1.5342b569d4f82p+0, -0x1.07abe1db13cadp-55},
    {0x1.5ab07dd485429p+0, 0x1.6324c054647adp-54},
    {0x1.6247eb03a5585p+0, -0x1.383c17e40b497p-54},
    {0x1.6a09e667f3bcdp+0, -0x1.bdd3413b26456p-54},
    {0x1.71f75e8ec5f74p+0, -0x1.16e4786887a99p-55},
    {0x1.7a11473eb0187p+0, -0x1.41577ee04992fp-55},
    {0x1.82589994cce13p+0, -0x1.d4c1dd41532d8p-54},
    {0x1.8ace5422aa0dbp+0, 0x1.6e9f156864b27p-54},
    {0x1.93737b0cdc5e5p+0, -0x1.75fc781b57ebcp-57},
    {0x1.9c49182a3f09p+0, 0x1.c7c46b071f2bep-56},
    {0x1.a5503b23e255dp+0, -0x1.d2f6edb8d41e1p-54},
    {0x1.ae89f995ad3adp+0, 0x1.7a1cd345dcc81p-54},
    {0x1.b7f76f2fb5e47p+0, -0x1.5584f7e54ac3bp-56},
    {0x1.c199bdd85529cp+0, 0x1.11065895048ddp-55},
    {0x1.cb720dcef9069p+0, 0x1.503cbd1e949dbp-56},
    {0x1.d5818dcfba487p+0, 0x1.2ed02d75b3707p-55},
    {0x1.dfc97337b9b5fp+0, -0x1.1a5cd4f184b5cp-54},
    {0x1.ea4afa2a490dap+0, -0x1.e9c23179c2893p-54},
    {0x1.f50765b6e454p+0, 0x1.9d3e12dd8a18bp-54},
};

/* e^x = 2^exponent (root.high + root.low) (1 + r + tail), |r| < 0.011, relative error 2^-67. */
struct exp_parts {
    int exponent;
    struct pair root;
    double r, tail;
};

/* Parts of e^(x + low) for |x| < 800; `low` is small against x. */
static struct exp_parts exp_split(double x, double low) {
    const double ln2_32_high = 0x1.62e42fefap-6, ln2_32_low = 0x1.cf79abc9e3b3ap-45;
    const double to_whole = 0x1.8p52; /* adding it leaves no bits for a fraction */
    double n = (x * 0x1.71547652b82fep+5 + to_whole) - to_whole;
    double r_high = x - n * ln2_32_high; /* exact: the product has 52 bits, the difference less */
    struct pair r = exact_sum(r_high, low - n * ln2_32_low);
    double r1 = r.high, r2 = r1 * r1;
    double tail =
        r.low +
        r2 * (0.5 + r1 * (1.0 / 6 + r1 * (1.0 / 24 + r1 * (1.0 / 120 +
                                                           r1 * (1.0 / 720 + r1 * (1.0 / 5040))))));
    int whole = (int)n;
    return (struct exp_parts){(whole - (whole & 31)) / 32, exp2_table[whole & 31], r1, tail};
}

/* x 2^exponent, rounded once; |exponent| < 2000. */
static double scaled(double x, int exponent) {
    int half = exponent / 2, rest = exponent - half;
    return x * numeric_from_bits((uint64_t)(1023 + half) << 52) *
           numeric_from_bits((uint64_t)(1023 + rest) << 52);
}

static double exp_pair(double x, double low) {
    if (x > 710.0) {
        return infinity();
    }
    if (x < -746.0) {
        return 0.0;
    }
    struct exp_parts e = exp_split(x, low);
    double fraction = e.r + e.tail;
    return scaled(e.root.high + (e.root.low + e.root.high * fraction), e.exponent);
}

double numeric_exp(double x) {
    return is_nan(x) ? x : exp_pair(x, 0.0);
}

double numeric_expm1(double x) {
    if (is_nan(x) || absolute(x) < 0x1p-54) {
        return x;
    }
    if (x > 710.0) {
        return infinity();
    }
    if (x < -40.0) {
        return -1.0;
    }
    struct exp_parts e = exp_split(x, 0.0);
    if (e.exponent > 60) { /* taking 1 away changes nothing, and 2^exponent may overflow */
        return scaled(e.root.high + (e.root.low + e.root.high * (e.r + e.tail)), e.exponent);
    }
    double high = scaled(e.root.high, e.exponent), low = scaled(e.root.low, e.exponent);
    struct pair base = exact_sum(high, -1.0);
    if (absolute(x) > 1.0) {
        return base.high + (high * (e.r + e.tail) + (low + base.low));
    }
    /* (1 + a)(1 + r + tail) - 1 with a = high - 1: near 0, a + r is the result but for crumbs. */
    struct pair sum = exact_sum(base.high, e.r);
    return sum.high + (sum.low + (base.low + low + e.tail + base.high * (e.r + e.tail)));
}

/* -- powers -------------------------------------------------------------------------------- */

enum parity { NOT_WHOLE, ODD, EVEN };

static enum parity parity_of(double y) {
    double size = absolute(y);
    if (size >= 0x1p53) {
        return EVEN;
    }
    int64_t whole = (int64_t)size;
    if ((double)whole != size) {
        return NOT_WHOLE;
    }
    return whole & 1 ? ODD : EVEN;
}

/* x^y for finite x > 0 and finite y. */
static double pow_positive(double x, double y) {
    struct pair log = log_pair(x);
    double estimate = y * log.high;
    if (!(absolute(estimate) < 750.0)) {
        return estimate > 0.0 ? infinity() : 0.0;
    }
    struct pair product = exact_product(y, log.high);
    return exp_pair(product.high, product.low + y * log.low);
}

double numeric_pow(double x, double y) {
    if (y == 0.0 || x == 1.0) {
        return 1.0;
    }
    if (is_nan(x) || is_nan(y)) {
        return not_a_number();
    }
    double size = absolute(x);
    if (absolute(y) == infinity()) {
        if (size == 1.0) {
            return 1.0;
        }
        return (size > 1.0) == (y > 0.0) ? infinity() : 0.0;
    }
    enum parity parity = parity_of(y);
    double sign = (numeric_bits(x) & SIGN) != 0 && parity == ODD ? -1.0 : 1.0;
    if (size == 0.0 || size == infinity()) {
        return (size == 0.0) == (y > 0.0) ? sign * 0.0 : sign * infinity();
    }
    if (x < 0.0 && parity == NOT_WHOLE) {
        return not_a_number();
    }
    return sign * pow_positive(size, y);
}

/* -- circular functions -------------------------------------------------------------------- */

/* 2/π: a word of zeros, then the bits after the binary point. */
static const uint64_t two_over_pi[] = {0,
                                       0xa2f9836e4e441529,
                                       0xfc2757d1f534ddc0,
                                       0xdb6295993c439041,
                                       0xfe5163abdebbc561,
                                       0xb7246e3a424dd2e0,
                                       0x06492eea09d1921c,
                                       0xfe1deb1cb129a73e,
                                       0xe88235f52ebb4484,
                                       0xe99c7026b45f7e41,
                                       0x3991d639835339f4,
                                       0x9c845f8bbdf9283b,
                                       0x1ff897ffde05980f,
                                       0xef2f118b5a0a6d1f,
                                       0x6d367ecf27cb09b7,
                                       0x4f463f669e5fea2d,
                                       0x7527bac7ebe5f17b,
                                       0x3d0739f78a5292ea,
                                       0x6bfb5fb11f8d5d08,
                                       0x56033046fc7b6bab};

/* x = quadrant π/2 + angle, |angle| <= π/4. */
struct turn {
    unsigned quadrant;
    struct pair angle;
};

/* Of a finite |x| > π/4, after Payne and Hanek (1983): x 2/π as whole numbers, with only those bits
 * of 2/π that reach the last two bits before the binary point and 128 places after it. */
static struct turn turn_of(double x) {
    uint64_t bits = numeric_bits(x);
    uint64_t mantissa = (bits & 0x000fffffffffffff) | 0x0010000000000000;
    unsigned start =
        (unsigned)(bits >> 52 & 0x7ff) - 1075 - 2 + 64; /* |x| = mantissa 2^(e - 1075) */
    const uint64_t *word = two_over_pi + start / 64;
    unsigned shift = start % 64;
    uint64_t part[3];
    for (int i = 0; i < 3; i++) {
        part[i] = shift == 0 ? word[i] : word[i] << shift | word[i + 1] >> (64 - shift);
    }
    wide_word product = ((wide_word)(mantissa * part[0]) << 64) + (wide_word)mantissa * part[1] +
                        ((wide_word)mantissa * part[2] >> 64);
    /* Two bits of quadrant, 126 of fraction; the nearest multiple of π/2, so round. */
    unsigned quadrant = (unsigned)(product >> 126);
    wide_word fraction = product << 2;
    int negative = (fraction >> 127) != 0;
    quadrant += (unsigned)negative;
    fraction = negative ? -fraction : fraction;
    const double unit = 0x1p-128;
    double high = (double)(uint64_t)(fraction >> 75) * 0x1p75;
    uint64_t rest = (uint64_t)(fraction >> 22) & 0x001fffffffffffff;
    struct pair turns = exact_sum_ordered(high * unit, (double)rest * 0x1p22 * unit);
    turns = exact_sum_ordered(turns.high, turns.low + (double)(fraction & 0x3fffff) * unit);
    struct pair half_pi = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54};
    struct pair angle = pair_product(turns, half_pi);
    if (negative != ((bits & SIGN) != 0)) {
        angle = (struct pair){-angle.high, -angle.low};
    }
    return (struct turn){(bits & SIGN) != 0 ? -quadrant & 3 : quadrant & 3, angle};
}

/* sin(high + low) for |high| <= π/4: the Taylor series to its 17th power, error 2^-63. */
static double sin_reduced(struct pair angle) {
    double x = angle.high, z = x * x;
    double series =
        z * (1.0 / 120 +
             z * (-1.0 / 5040 +
                  z * (1.0 / 362880 + z * (-1.0 / 39916800 + z * (1.0 / 6227020800.0 +
                                                                  z * (-1.0 / 1307674368000.0 +
                                                                       z / 355687428096000.0))))));
    return x + (x * z * (-1.0 / 6 + series) + angle.low * (1.0 - 0.5 * z));
}

/* cos(high + low) for |high| <= π/4: the Taylor series to its 18th power. */
static double cos_reduced(struct pair angle) {
    double x = angle.high, z = x * x;
    double series =
        1.0 / 24 +
        z * (-1.0 / 720 +
             z * (1.0 / 40320 + z * (-1.0 / 3628800 +
                                     z * (1.0 / 479001600 + z * (-1.0 / 87178291200.0 +
                                                                 z * (1.0 / 20922789888000.0 -
                                                                      z / 6402373705728000.0))))));
    struct pair head = exact_sum_ordered(1.0, -0.5 * z);
    return head.high + (head.low + (z * z * series - x * angle.low));
}

static double circular(double x, unsigned quarter) {
    struct turn turn = {0, {x, 0.0}};
    if (absolute(x) > 0x1.921fb54442d18p-1) {
        turn = turn_of(x);
    }
    unsigned quadrant = (turn.quadrant + quarter) & 3;
    double value = quadrant & 1 ? cos_reduced(turn.angle) : sin_reduced(turn.angle);
    return quadrant & 2 ? -value : value;
}

double numeric_sin(double x) {
    if (!(absolute(x) < infinity())) {
        return not_a_number();
    }
    return absolute(x) < 0x1p-27 ? x : circular(x, 0);
}

double numeric_cos(double x) {
    if (!(absolute(x) < infinity())) {
        return not_a_number();
    }
    return circular(x, 1);
}

/* -- gamma and normal ---------------------------------------------------------------------- */

/* ln Γ(2 + z) for |z| <= 1/2: z (1 - γ) + sum over n >= 2 of (-1)^n (ζ(n) - 1) zⁿ / n (Abramowitz
 * and Stegun 1964, 6.1.33), so that the zero at 2 is exact. */
static double log_gamma_near_2(double z) {
    static const double coefficients[] = {
        0x1.4a34cc4a60fa6p-2,   -0x1.13e001a557607p-4,  0x1.51322ac7d8483p-6,
        -0x1.e404fc218f5f2p-8,  0x1.7add6eadb6c3p-9,    -0x1.38ac5c2bf8e08p-10,
        0x1.0b36af86396e9p-11,  -0x1.d3fd4c76d2fc8p-13, 0x1.a127b0f17d65ap-14,
        -0x1.78de5bd7c81efp-15, 0x1.580dcee66eb02p-16,  -0x1.3cbc963ce2243p-17,
        0x1.2597a39f34aacp-18,  -0x1.11b2eb7679541p-19, 0x1.0064cdeb22f0fp-20,
        -0x1.e2600d93cfd2fp-22, 0x1.c76bbb3f07a4dp-23,  -0x1.af5a6cbbf8a97p-24,
        0x1.99b93c2070b0fp-25,  -0x1.862c734df3eacp-26, 0x1.7469daccfadcdp-27,
        -0x1.6434a8447aeadp-28, 0x1.555a877ffd2c3p-29,  -0x1.47b1679258d0ep-30,
        0x1.3b15d2b2fc10cp-31,  -0x1.2f69a9fabe3ep-32,  0x1.24932a337434cp-33};
    double sum = 0.0;
    for (size_t i = sizeof coefficients / sizeof *coefficients; i-- > 0;) {
        sum = z * (coefficients[i] + sum);
    }
    return z * (0x1.b0ee6072093cep-2 + sum);
}

/* Stirling's series, for x >= 16. */
static double log_gamma_large(double x) {
    double w = 1.0 / x, w2 = w * w;
    double series =
        w *
        (1.0 / 12 -
         w2 * (1.0 / 360 -
               w2 * (1.0 / 1260 - w2 * (1.0 / 1680 - w2 * (1.0 / 1188 - w2 * (691.0 / 360360))))));
    const double half_log_two_pi = 0x1.d67f1c864beb5p-1;
    return (x - 0.5) * (numeric_log(x) - 1.0) + (half_log_two_pi - 0.5 + series);
}

double numeric_log_gamma(double x) {
    if (is_nan(x) || x == infinity()) {
        return x;
    }
    if (x <= 0.0) {
        return x == 0.0 ? infinity() : not_a_number();
    }
    if (x < 0.5) {
        return log_gamma_near_2(x) - numeric_log1p(x) - numeric_log(x);
    }
    if (x < 1.5) {
        return log_gamma_near_2(x - 1.0) - numeric_log1p(x - 1.0);
    }
    if (x >= 16.0) {
        return log_gamma_large(x);
    }
    double product = 1.0;
    while (x > 2.5) {
        x -= 1.0;
        product *= x;
    }
    return log_gamma_near_2(x - 2.0) + numeric_log(product);
}

/* Value at x of the polynomial with `count` coefficients, the constant first. */
static double polynomial(const double *coefficients, size_t count, double x) {
    double value = 0.0;
    while (count-- > 0) {
        value = value * x + coefficients[count];
    }
    return value;
}

/* Numerator and denominator of the three ranges of AS 241, PPND16. */
static const double normal_centre[2][8] = {
    {3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3,
     1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
     3.3430575583588128105e+4, 2.5090809287301226727e+3},
    {1.0, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
     2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4,
     5.2264952788528545610e+3}};
static const double normal_middle[2][8] = {
    {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
     3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
     2.27238449892691845833e-2, 7.74545014278341407640e-4},
    {1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
     1.05075007164441684324e-9}};
static const double normal_tail[2][8] = {
    {6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
     2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
     2.71155556874348757815e-5, 2.01033439929228813265e-7},
    {1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
     2.04426310338993978564e-15}};

static double ratio(const double table[2][8], double x) {
    return polynomial(table[0], 8, x) / polynomial(table[1], 8, x);
}

double numeric_normal_quantile(double p) {
    if (!(p > 0.0 && p < 1.0)) {
        return p == 0.0 ? -infinity() : p == 1.0 ? infinity() : not_a_number();
    }
    double q = p - 0.5;
    if (absolute(q) <= 0.425) {
        return q * ratio(normal_centre, 0.180625 - q * q);
    }
    double r = numeric_sqrt(-numeric_log(q < 0.0 ? p : 1.0 - p));
    double size = r <= 5.0 ? ratio(normal_middle, r - 1.6) : ratio(normal_tail, r - 5.0);
    return q < 0.0 ? -size : size;
}
