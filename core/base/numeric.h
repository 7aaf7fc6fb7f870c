/* SPDX-License-Identifier: GPL-3.0-or-later
 * numeric.h - exp, log, pow, sin, cos with the same last bits on every processor.
 *
 * libm's differ between processors and releases. These use +, -, *, / and sqrt of IEEE doubles
 * only, are accurate to 1 ulp (tested against MPFR), and are compiled with -ffp-contract=off.
 * Special cases follow C17 Annex F. They set no errno. */
#ifndef CORE_BASE_NUMERIC_H
#define CORE_BASE_NUMERIC_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

double numeric_exp(double x);
double numeric_log1p(double x);
double numeric_expm1(double x);
double numeric_pow(double x, double y);
double numeric_sin(double x);
double numeric_cos(double x);

/* ln Γ(x) for x >= 0, NaN below; relative error below 1e-14, also near its zeros at 1 and 2. */
double numeric_log_gamma(double x);

/* Quantile of the standard normal distribution, 0 < p < 1 (Wichura 1988, AS 241); infinite at 0
 * and 1, NaN outside. */
double numeric_normal_quantile(double p);

/* log of a block, bit for bit the same as numeric_log of each; vectorised. In place is allowed. */
void numeric_log_block(const double *x, double *result, size_t count);

/* What numeric_log leaves to it: zeros, subnormal and negative numbers, infinities, NaN. */
double numeric_log_special(double x);

static inline uint64_t numeric_bits(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double numeric_from_bits(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Correctly rounded. */
static inline double numeric_sqrt(double x) {
    return __builtin_sqrt(x);
}

/* ln 2 in two parts: the first has 42 bits, so its product with an exponent is exact. */
#define NUMERIC_LN2_HIGH 0x1.62e42fefa38p-1
#define NUMERIC_LN2_LOW 0x1.ef35793c7673p-45

/* k ln 2 + ln(1 + f) for sqrt(1/2) <= 1 + f < sqrt(2); `low` is k NUMERIC_LN2_LOW and whatever
 * small the caller adds. With s = f / (2 + f), ln(1 + f) = 2 artanh(s) = f - (f²/2 - s (f²/2 + r)),
 * r a minimax polynomial in z = s² without constant (Remez, relative error 2^-58). The sums are
 * paired so that little waits for the division. */
static inline double numeric_log_reduced(double f, double two_plus_f, double k, double low) {
    double s = f / two_plus_f;
    double z = s * s, z2 = z * z, z3 = z * z2, z5 = z2 * z3;
    double half_square = 0.5 * f * f;
    double r1 = z * (0x1.5555555555592p-1 + z * 0x1.999999997fd77p-2);
    double r3 = z3 * (0x1.24924941f4fcap-2 + z * 0x1.c71c520607208p-3);
    double r5 =
        z5 * ((0x1.74663fa24cd53p-3 + z * 0x1.39a1a6f3b88a4p-3) + z2 * 0x1.2f0634a5f7592p-3);
    double sum = ((half_square + r1) + r3) + r5;
    return k * NUMERIC_LN2_HIGH - (((half_square - low) - s * sum) - f);
}

/* ln(x 2^-scale) for a positive normal x. Without a branch or a table, so that loops over it become
 * vector code with the same operations in each lane. */
static inline double numeric_log_normal(double x, double scale) {
    /* Moves the mantissa to [sqrt(1/2), sqrt(2)), where ln is computed with the least exponent. */
    const uint64_t root_half = 0x3fe6a09e667f3bcd, one = 0x3ff0000000000000;
    uint64_t shifted = numeric_bits(x) + (one - root_half);
    /* An exponent in the low bits of a double of 2^52 becomes a number by one subtraction. */
    double k = numeric_from_bits((shifted >> 52) | 0x4330000000000000) - (0x1p52 + 1023.0 + scale);
    double mantissa = numeric_from_bits((shifted & 0x000fffffffffffff) + root_half);
    return numeric_log_reduced(mantissa - 1.0, mantissa + 1.0, k, k * NUMERIC_LN2_LOW);
}

static inline double numeric_log(double x) {
    const uint64_t smallest_normal = 0x0010000000000000, infinity = 0x7ff0000000000000;
    if (__builtin_expect(numeric_bits(x) - smallest_normal >= infinity - smallest_normal, 0)) {
        return numeric_log_special(x);
    }
    return numeric_log_normal(x, 0.0);
}

#endif
