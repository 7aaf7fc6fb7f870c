/* SPDX-License-Identifier: GPL-3.0-or-later
 * decimal.c - see decimal.h.
 *
 * Everything is done on sizes (absolute values) of 128 bits, then fitted. */
#include "core/rule/decimal.h"

#include "core/base/wide.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

/* What was cut off below the last digit, as far as rounding needs to know. */
enum rest { REST_NONE, REST_BELOW_HALF, REST_HALF, REST_ABOVE_HALF };

/* clang-format off */
static const uint64_t powers[] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000,
    100000000000, 1000000000000, 10000000000000, 100000000000000, 1000000000000000,
    10000000000000000, 100000000000000000, 1000000000000000000, 10000000000000000000u};
/* clang-format on */

static uint128 power_of_ten(int exponent) {
    return exponent <= 19 ? powers[exponent] : (uint128)powers[exponent - 19] * powers[19];
}

static enum rest rest_of(uint128 cut, uint128 unit, enum rest below) {
    uint128 other = unit - cut;
    if (cut == other) {
        return below == REST_NONE ? REST_HALF : REST_ABOVE_HALF;
    }
    if (cut == 0) {
        return below == REST_NONE ? REST_NONE : REST_BELOW_HALF;
    }
    return cut < other ? REST_BELOW_HALF : REST_ABOVE_HALF;
}

static uint128 round_half_even(uint128 size, enum rest rest) {
    return size + (rest == REST_ABOVE_HALF || (rest == REST_HALF && (size & 1) != 0));
}

/* Drops as few decimals as possible, in one step, so that it is rounded only once. */
static int fit(bool negative, uint128 size, int scale, enum rest rest, struct decimal *result) {
    int dropped = scale > DECIMAL_SCALE_MAX ? scale - DECIMAL_SCALE_MAX : 0;
    /* Products are cheap and quotients dear: pass over what is too large even when cut off. */
    while (dropped < scale && dropped < 19 &&
           size >= (uint128)(INT64_MAX + UINT64_C(1)) * powers[dropped]) {
        dropped++;
    }
    for (; dropped <= scale; dropped++) {
        uint128 rounded = round_half_even(size, rest);
        if (dropped > 0) {
            uint128 unit = power_of_ten(dropped);
            rounded = round_half_even(size / unit, rest_of(size % unit, unit, rest));
        }
        if (rounded <= INT64_MAX) {
            int64_t coefficient = (int64_t)rounded;
            *result = (struct decimal){negative ? -coefficient : coefficient, scale - dropped};
            return 0;
        }
    }
    return -1;
}

static uint64_t size_of(struct decimal a) {
    return a.coefficient < 0 ? 0 - (uint64_t)a.coefficient : (uint64_t)a.coefficient;
}

/* At most 2^63 * 10^18 < 2^123. */
static int128 at_scale(struct decimal a, int scale) {
    return (int128)a.coefficient * (int64_t)powers[scale - a.scale];
}

int decimal_add(struct decimal a, struct decimal b, struct decimal *result) {
    int scale = a.scale > b.scale ? a.scale : b.scale;
    int128 sum = at_scale(a, scale) + at_scale(b, scale);
    return fit(sum < 0, (uint128)(sum < 0 ? -sum : sum), scale, REST_NONE, result);
}

int decimal_subtract(struct decimal a, struct decimal b, struct decimal *result) {
    return decimal_add(a, decimal_negate(b), result);
}

int decimal_multiply(struct decimal a, struct decimal b, struct decimal *result) {
    return fit((a.coefficient < 0) != (b.coefficient < 0), (uint128)size_of(a) * size_of(b),
               a.scale + b.scale, REST_NONE, result);
}

/* Long division of size * 10^-scale, up to 19 decimal digits at a time. The scale may be negative
 * at first. Stops when nothing is left, or more digits would not be kept. */
static int divide(bool negative, uint128 size, int scale, uint64_t divisor,
                  struct decimal *result) {
    uint128 quotient = size / divisor;
    uint64_t left = (uint64_t)(size % divisor);
    while ((scale < 0 || (left != 0 && scale < DECIMAL_SCALE_MAX)) && quotient <= UINT64_MAX) {
        int digits = scale < -1 ? -scale : DECIMAL_SCALE_MAX - scale;
        uint128 next = (uint128)left * powers[digits];
        quotient = quotient * powers[digits] + next / divisor;
        left = (uint64_t)(next % divisor);
        scale += digits;
    }
    return fit(negative, quotient, scale, rest_of(left, divisor, REST_NONE), result);
}

int decimal_divide(struct decimal a, struct decimal b, struct decimal *result) {
    if (b.coefficient == 0) {
        return -1;
    }
    return divide((a.coefficient < 0) != (b.coefficient < 0), size_of(a), a.scale - b.scale,
                  size_of(b), result);
}

int decimal_scale(struct decimal a, int64_t numerator, int64_t denominator,
                  struct decimal *result) {
    uint64_t factor = numerator < 0 ? 0 - (uint64_t)numerator : (uint64_t)numerator;
    return divide((a.coefficient < 0) != (numerator < 0), (uint128)size_of(a) * factor, a.scale,
                  (uint64_t)denominator, result);
}

/* ---- powers ---- */

/* A number of up to 57 digits in three limbs of 19, the lowest first, times 10^exponent. Products
 * keep the upper limbs: 38 digits or more. `is_cut` when anything but zeros was below. */
enum { LIMB_COUNT = 3, LIMB_DIGITS = 19 };
static const uint64_t limb_end = UINT64_C(10000000000000000000);

struct long_decimal {
    uint64_t limbs[LIMB_COUNT];
    int64_t exponent;
    bool is_cut;
};

static struct long_decimal multiply_long(struct long_decimal a, struct long_decimal b) {
    uint64_t product[2 * LIMB_COUNT] = {0};
    for (int i = 0; i < LIMB_COUNT; i++) {
        uint64_t carry = 0;
        for (int j = 0; j < LIMB_COUNT; j++) {
            uint128 sum = (uint128)a.limbs[i] * b.limbs[j] + product[i + j] + carry;
            product[i + j] = (uint64_t)(sum % limb_end);
            carry = (uint64_t)(sum / limb_end);
        }
        product[i + LIMB_COUNT] = carry;
    }
    struct long_decimal result = {.exponent = a.exponent + b.exponent,
                                  .is_cut = a.is_cut || b.is_cut};
    int cut = LIMB_COUNT;
    while (cut > 0 && product[cut + LIMB_COUNT - 1] == 0) {
        cut--;
    }
    for (int i = 0; i < cut; i++) {
        result.is_cut = result.is_cut || product[i] != 0;
    }
    for (int i = 0; i < LIMB_COUNT; i++) {
        result.limbs[i] = product[cut + i];
    }
    result.exponent += (int64_t)cut * LIMB_DIGITS;
    return result;
}

/* 1 / (size * 10^-scale), which ends by itself where it is a decimal. */
static struct long_decimal reciprocal(uint64_t size, int scale) {
    if (size == 1) {
        return (struct long_decimal){.limbs = {1}, .exponent = scale};
    }
    struct long_decimal result = {.exponent = scale - LIMB_COUNT * LIMB_DIGITS};
    uint64_t left = 1;
    for (int i = LIMB_COUNT - 1; i >= 0; i--) {
        uint128 next = (uint128)left * limb_end;
        result.limbs[i] = (uint64_t)(next / size);
        left = (uint64_t)(next % size);
    }
    result.is_cut = left != 0;
    return result;
}

/* Two limbs hold 20 digits or more, which is one more than can be kept. */
static int fit_long(bool negative, struct long_decimal x, struct decimal *result) {
    enum rest rest = x.is_cut ? REST_BELOW_HALF : REST_NONE;
    while (x.limbs[2] != 0 || (x.exponent < -36 && (x.limbs[0] | x.limbs[1]) != 0)) {
        rest = rest_of(x.limbs[0], limb_end, rest);
        x = (struct long_decimal){.limbs = {x.limbs[1], x.limbs[2]},
                                  .exponent = x.exponent + LIMB_DIGITS};
    }
    uint128 size = (uint128)x.limbs[1] * limb_end + x.limbs[0];
    if (x.exponent < -36) { /* nothing is left of it */
        x.exponent = -36;
        rest = REST_BELOW_HALF;
    }
    for (; x.exponent > 0; x.exponent--) {
        if (size > INT64_MAX) {
            return -1;
        }
        size *= 10;
    }
    return fit(negative, size, (int)-x.exponent, rest, result);
}

/* Without zeros at the end, so that what is exact is seen to be. */
static struct decimal shortest(struct decimal a) {
    while (a.scale > 0 && a.coefficient % 10 == 0) {
        a.coefficient /= 10;
        a.scale--;
    }
    return a;
}

int decimal_power(struct decimal a, struct decimal b, struct decimal *result) {
    a = shortest(a);
    b = shortest(b);
    uint64_t left = size_of(b);
    if (b.scale != 0 || left > DECIMAL_POWER_MAX || (a.coefficient == 0 && b.coefficient < 0)) {
        return -1;
    }
    if (a.coefficient == 0) {
        *result = (struct decimal){left == 0, 0};
        return 0;
    }
    bool negative = a.coefficient < 0 && left % 2 != 0;
    struct long_decimal power = {.limbs = {1}};
    struct long_decimal square = {.limbs = {size_of(a)}, .exponent = -a.scale};
    if (b.coefficient < 0) {
        square = reciprocal(size_of(a), a.scale);
    }
    for (; left != 0; left /= 2) {
        power = left % 2 != 0 ? multiply_long(power, square) : power;
        square = left > 1 ? multiply_long(square, square) : square;
    }
    return fit_long(negative, power, result);
}

struct decimal decimal_negate(struct decimal a) {
    return (struct decimal){-a.coefficient, a.scale};
}

/* The one with fewer decimals is brought to the scale of the other; where it does not fit there, it
 * is the larger in size. */
int decimal_compare_scaled(struct decimal a, struct decimal b) {
    int64_t left = a.coefficient, right = b.coefficient;
    if (a.scale < b.scale &&
        __builtin_mul_overflow(left, (int64_t)powers[b.scale - a.scale], &left)) {
        return a.coefficient < 0 ? -1 : 1;
    }
    if (b.scale < a.scale &&
        __builtin_mul_overflow(right, (int64_t)powers[a.scale - b.scale], &right)) {
        return b.coefficient < 0 ? 1 : -1;
    }
    return (left > right) - (left < right);
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Digits at the cursor into the size; -1 when more than 38 digits matter. */
static int read_digits(const char **cursor, uint128 *size) {
    for (; is_digit(**cursor); ++*cursor) {
        if (*size > power_of_ten(37)) {
            return -1;
        }
        *size = *size * 10 + (unsigned)(**cursor - '0');
    }
    return 0;
}

static int read_exponent(const char **cursor, int *exponent) {
    const char *c = *cursor + 1;
    bool negative = *c == '-';
    c += *c == '-' || *c == '+';
    if (!is_digit(*c)) {
        return -1;
    }
    for (*exponent = 0; is_digit(*c); c++) {
        *exponent = *exponent < 1000 ? *exponent * 10 + (*c - '0') : *exponent;
    }
    *exponent = negative ? -*exponent : *exponent;
    *cursor = c;
    return 0;
}

int decimal_parse(const char *text, struct decimal *decimal) {
    const char *c = text;
    bool negative = *c == '-';
    c += negative;
    uint128 size = 0;
    if (!is_digit(*c) || read_digits(&c, &size) < 0) {
        return -1;
    }
    int exponent = 0;
    const char *point = c;
    if (*c == '.') {
        c++;
        if (!is_digit(*c) || read_digits(&c, &size) < 0) {
            return -1;
        }
    }
    long decimals = c == point ? 0 : (long)(c - point - 1);
    if ((*c == 'e' || *c == 'E') && read_exponent(&c, &exponent) < 0) {
        return -1;
    }
    if (*c != '\0') {
        return -1;
    }
    if (size == 0) {
        *decimal = (struct decimal){0};
        return 0;
    }
    long scale = decimals - exponent;
    for (; scale > 0 && size % 10 == 0; scale--) {
        size /= 10;
    }
    for (; scale < 0 && size <= INT64_MAX; scale++) {
        size *= 10;
    }
    if (scale < 0 || scale > DECIMAL_SCALE_MAX || size > INT64_MAX) {
        return -1;
    }
    *decimal = (struct decimal){negative ? -(int64_t)size : (int64_t)size, (int32_t)scale};
    return 0;
}

unsigned decimal_print(struct decimal decimal, char text[28]) {
    uint64_t size = size_of(decimal);
    int scale = decimal.scale;
    for (; scale > 0 && size % 10 == 0; scale--) {
        size /= 10;
    }
    const char *sign = decimal.coefficient < 0 ? "-" : "";
    uint64_t whole = size / powers[scale], part = size % powers[scale];
    if (scale == 0) {
        return (unsigned)snprintf(text, 28, "%s%" PRIu64, sign, whole);
    }
    return (unsigned)snprintf(text, 28, "%s%" PRIu64 ".%0*" PRIu64, sign, whole, scale, part);
}
