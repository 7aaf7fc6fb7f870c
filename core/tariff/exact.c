/* SPDX-License-Identifier: GPL-3.0-or-later
 * exact.c - fractions of 127 bits over intermediate results of 256.
 *
 * Most operations of an assessment have operands of a few digits: they take the first branch, one
 * multiplication with an overflow check. The rest is reduced by greatest common divisors. */
#include "core/tariff/exact.h"

#include "core/base/require.h"

#include <string.h>

/* high * 2^128 + low */
struct wide {
    uint128 high, low;
};

static const uint128 LARGEST = ~(uint128)0 >> 1;

/* The one number whose negative isn't one is left out of numerators. */
static bool has_negative(int128 a) {
    return (uint128)a != LARGEST + 1;
}

static uint128 magnitude(int128 a) {
    return a < 0 ? -(uint128)a : (uint128)a;
}

static uint128 common_divisor(uint128 a, uint128 b) {
    while (b != 0) {
        if ((uint64_t)a == a && (uint64_t)b == b) { /* the last steps in registers */
            uint64_t x = (uint64_t)a, y = (uint64_t)b;
            while (y != 0) {
                uint64_t rest = x % y;
                x = y;
                y = rest;
            }
            return x;
        }
        uint128 rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static struct wide wide_product(uint128 a, uint128 b) {
    uint64_t a0 = (uint64_t)a, a1 = (uint64_t)(a >> 64);
    uint64_t b0 = (uint64_t)b, b1 = (uint64_t)(b >> 64);
    uint128 low = (uint128)a0 * b0, high = (uint128)a1 * b1;
    uint128 first = (uint128)a0 * b1, second = (uint128)a1 * b0;
    uint128 middle = (low >> 64) + (uint64_t)first + (uint64_t)second;
    return (struct wide){.high = high + (first >> 64) + (second >> 64) + (middle >> 64),
                         .low = middle << 64 | (uint64_t)low};
}

static int wide_compare(struct wide a, struct wide b) {
    if (a.high != b.high) {
        return a.high < b.high ? -1 : 1;
    }
    return (a.low > b.low) - (a.low < b.low);
}

static struct wide wide_sum(struct wide a, struct wide b) {
    uint128 low = a.low + b.low;
    return (struct wide){.high = a.high + b.high + (low < a.low), .low = low};
}

static struct wide wide_difference(struct wide a, struct wide b) {
    return (struct wide){.high = a.high - b.high - (a.low < b.low), .low = a.low - b.low};
}

/* a / b in `*quotient`; returns a % b. b is below 2^127, so a doubled rest still fits. */
static uint128 wide_divide(struct wide a, uint128 b, struct wide *quotient) {
    struct wide result = {.high = a.high / b};
    uint128 rest = a.high % b;
    for (int bit = 127; bit >= 0; bit--) {
        rest = rest << 1 | (a.low >> bit & 1);
        result.low <<= 1;
        if (rest >= b) {
            rest -= b;
            result.low |= 1;
        }
    }
    *quotient = result;
    return rest;
}

static int assign(bool is_negative, struct wide numerator, uint128 denominator,
                  struct exact *result) {
    if (numerator.high != 0 || numerator.low > LARGEST || denominator > LARGEST) {
        return -1;
    }
    result->numerator = is_negative ? -(int128)numerator.low : (int128)numerator.low;
    result->denominator = (int128)denominator;
    return 0;
}

struct exact exact_ratio(int64_t numerator, int64_t denominator) {
    REQUIRE(denominator > 0);
    return (struct exact){.numerator = numerator, .denominator = denominator};
}

static const int64_t powers_of_ten[DECIMAL_SCALE_MAX + 1] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
    10000000000000000,
    100000000000000000,
    1000000000000000000,
};

struct exact exact_from_decimal(struct decimal decimal) {
    return exact_ratio(decimal.coefficient, powers_of_ten[decimal.scale]);
}

struct exact exact_negate(struct exact a) {
    return (struct exact){.numerator = -a.numerator, .denominator = a.denominator};
}

struct exact exact_reduced(struct exact a) {
    REQUIRE(a.denominator > 0);
    int128 divisor = (int128)common_divisor(magnitude(a.numerator), (uint128)a.denominator);
    return (struct exact){.numerator = a.numerator / divisor,
                          .denominator = a.denominator / divisor};
}

/* a/b + c/d with g = gcd(b, d): (a (d/g) + c (b/g)) / (b (d/g)), then reduced. What is left to
 * reduce divides g (Knuth, The Art of Computer Programming, volume 2, 4.5.1). */
static int add_wide(struct exact a, struct exact b, struct exact *result) {
    a = exact_reduced(a);
    b = exact_reduced(b);
    uint128 divisor = common_divisor((uint128)a.denominator, (uint128)b.denominator);
    uint128 a_factor = (uint128)b.denominator / divisor;
    uint128 b_factor = (uint128)a.denominator / divisor;
    struct wide left = wide_product(magnitude(a.numerator), a_factor);
    struct wide right = wide_product(magnitude(b.numerator), b_factor);
    bool is_negative = a.numerator < 0;
    struct wide sum;
    if (is_negative == (b.numerator < 0)) {
        sum = wide_sum(left, right);
    } else if (wide_compare(left, right) >= 0) {
        sum = wide_difference(left, right);
    } else {
        sum = wide_difference(right, left);
        is_negative = !is_negative;
    }
    struct wide ignored;
    uint128 rest = common_divisor(divisor, wide_divide(sum, divisor, &ignored));
    wide_divide(sum, rest, &sum);
    struct wide denominator = wide_product(b_factor, (uint128)b.denominator / rest);
    return denominator.high != 0 ? -1 : assign(is_negative, sum, denominator.low, result);
}

int exact_add(struct exact a, struct exact b, struct exact *result) {
    int128 left, right, sum, denominator;
    if (a.denominator == b.denominator) {
        if (!__builtin_add_overflow(a.numerator, b.numerator, &sum) && has_negative(sum)) {
            *result = (struct exact){.numerator = sum, .denominator = a.denominator};
            return 0;
        }
    } else if (!__builtin_mul_overflow(a.numerator, b.denominator, &left) &&
               !__builtin_mul_overflow(b.numerator, a.denominator, &right) &&
               !__builtin_add_overflow(left, right, &sum) && has_negative(sum) &&
               !__builtin_mul_overflow(a.denominator, b.denominator, &denominator)) {
        *result = (struct exact){.numerator = sum, .denominator = denominator};
        return 0;
    }
    return add_wide(a, b, result);
}

int exact_subtract(struct exact a, struct exact b, struct exact *result) {
    return exact_add(a, exact_negate(b), result);
}

/* Reduced crosswise the product is in lowest terms, so it fits when it can. */
static int multiply_wide(struct exact a, struct exact b, struct exact *result) {
    a = exact_reduced(a);
    b = exact_reduced(b);
    uint128 first = common_divisor(magnitude(a.numerator), (uint128)b.denominator);
    uint128 second = common_divisor(magnitude(b.numerator), (uint128)a.denominator);
    struct wide numerator =
        wide_product(magnitude(a.numerator) / first, magnitude(b.numerator) / second);
    struct wide denominator =
        wide_product((uint128)a.denominator / second, (uint128)b.denominator / first);
    bool is_negative = (a.numerator < 0) != (b.numerator < 0);
    return denominator.high != 0 ? -1 : assign(is_negative, numerator, denominator.low, result);
}

int exact_multiply(struct exact a, struct exact b, struct exact *result) {
    int128 numerator, denominator;
    if (!__builtin_mul_overflow(a.numerator, b.numerator, &numerator) && has_negative(numerator) &&
        !__builtin_mul_overflow(a.denominator, b.denominator, &denominator)) {
        *result = (struct exact){.numerator = numerator, .denominator = denominator};
        return 0;
    }
    return multiply_wide(a, b, result);
}

int exact_divide(struct exact a, struct exact b, struct exact *result) {
    if (b.numerator == 0) {
        return -1;
    }
    struct exact inverse = b.numerator > 0 ? (struct exact){b.denominator, b.numerator}
                                           : (struct exact){-b.denominator, -b.numerator};
    return exact_multiply(a, inverse, result);
}

int exact_compare(struct exact a, struct exact b) {
    if (a.denominator == b.denominator) {
        return (a.numerator > b.numerator) - (a.numerator < b.numerator);
    }
    int sign = exact_sign(a);
    if (sign != exact_sign(b)) {
        return sign < exact_sign(b) ? -1 : 1;
    }
    return sign * wide_compare(wide_product(magnitude(a.numerator), (uint128)b.denominator),
                               wide_product(magnitude(b.numerator), (uint128)a.denominator));
}

/* Whether |a| = (count + rest/denominator) steps goes to count + 1. */
static bool goes_up(enum rounding_mode mode, bool is_negative, bool is_odd, uint128 rest,
                    uint128 denominator) {
    int half = rest > denominator - rest ? 1 : rest == denominator - rest ? 0 : -1;
    switch (mode) {
    case ROUNDING_NONE:
    case ROUNDING_DOWN:
        return false;
    case ROUNDING_HALF_UP:
        return half >= 0;
    case ROUNDING_HALF_EVEN:
        return half > 0 || (half == 0 && is_odd);
    case ROUNDING_HALF_DOWN:
        return half > 0;
    case ROUNDING_UP:
        return true;
    case ROUNDING_FLOOR:
        return is_negative;
    case ROUNDING_CEILING:
        return !is_negative;
    }
    return false;
}

int exact_round(struct exact a, struct rounding rounding, struct exact *result) {
    if (rounding.mode == ROUNDING_NONE) {
        *result = a;
        return 0;
    }
    REQUIRE(exact_sign(rounding.step) > 0);
    struct exact steps;
    if (exact_divide(a, rounding.step, &steps) != 0) {
        return -1;
    }
    uint128 denominator = (uint128)steps.denominator, size = magnitude(steps.numerator);
    uint128 count = size / denominator, rest = size % denominator;
    bool is_negative = steps.numerator < 0;
    if (rest != 0 && goes_up(rounding.mode, is_negative, (count & 1) != 0, rest, denominator)) {
        count++;
    }
    struct exact whole = {.numerator = is_negative ? -(int128)count : (int128)count,
                          .denominator = 1};
    return exact_multiply(whole, rounding.step, result);
}

int exact_to_e4(struct exact a, int64_t *e4) {
    struct exact scaled;
    if (exact_multiply(a, exact_integer(10000), &scaled) != 0 ||
        scaled.numerator % scaled.denominator != 0) {
        return -1;
    }
    int128 whole = scaled.numerator / scaled.denominator;
    if (whole > INT64_MAX || whole < INT64_MIN) {
        return -1;
    }
    *e4 = (int64_t)whole;
    return 0;
}

/* Digits and at most one point, up to `end`; -1 when there is anything else. */
static int parse_decimal(const char *text, const char *end, struct exact *result) {
    int128 numerator = 0, denominator = 1;
    bool has_point = false, has_digit = false;
    for (; text < end; text++) {
        if (*text == '.' && !has_point) {
            has_point = true;
            continue;
        }
        if (*text < '0' || *text > '9' || __builtin_mul_overflow(numerator, 10, &numerator) ||
            __builtin_add_overflow(numerator, *text - '0', &numerator) ||
            (has_point && __builtin_mul_overflow(denominator, 10, &denominator))) {
            return -1;
        }
        has_digit = true;
    }
    *result = (struct exact){.numerator = numerator, .denominator = denominator};
    return has_digit ? 0 : -1;
}

/* "1/3": two whole numbers. */
static int parse_fraction(const char *text, const char *slash, const char *end,
                          struct exact *result) {
    struct exact above, below;
    if (parse_decimal(text, slash, &above) != 0 || parse_decimal(slash + 1, end, &below) != 0 ||
        above.denominator != 1 || below.denominator != 1) {
        return -1;
    }
    return exact_divide(above, below, result);
}

int exact_parse(const char *text, struct exact *result) {
    bool is_negative = *text == '-';
    text += is_negative;
    const char *end = text + strlen(text), *blank = strchr(text, ' ');
    const char *slash = strchr(text, '/');
    struct exact number, fraction = exact_integer(0);
    if (slash == NULL) {
        if (parse_decimal(text, end, &number) != 0) {
            return -1;
        }
    } else if (blank == NULL) {
        if (parse_fraction(text, slash, end, &number) != 0) {
            return -1;
        }
    } else if (blank > slash || parse_decimal(text, blank, &number) != 0 ||
               number.denominator != 1 || parse_fraction(blank + 1, slash, end, &fraction) != 0 ||
               exact_add(number, fraction, &number) != 0) {
        return -1;
    }
    *result = is_negative ? exact_negate(number) : number;
    return 0;
}

/* Writes the digits of a number before `end`; returns where they begin. */
static char *put_digits(uint128 number, char *end) {
    do {
        *--end = (char)('0' + (int)(number % 10));
        number /= 10;
    } while (number != 0);
    return end;
}

/* The decimals that make the denominator divide a power of ten, or -1. */
static int decimals_of(uint128 denominator) {
    int twos = 0, fives = 0;
    for (; denominator % 2 == 0; denominator /= 2) {
        twos++;
    }
    for (; denominator % 5 == 0; denominator /= 5) {
        fives++;
    }
    return denominator != 1 ? -1 : twos > fives ? twos : fives;
}

unsigned exact_print(struct exact a, char text[96]) {
    a = exact_reduced(a);
    uint128 numerator = magnitude(a.numerator), denominator = (uint128)a.denominator;
    int decimals = decimals_of(denominator);
    char digits[96], *end = digits + sizeof digits, *at = end;
    if (decimals < 0 || decimals > 40) {
        at = put_digits(denominator, at);
        *--at = '/';
        at = put_digits(numerator, at);
    } else {
        at = put_digits(numerator / denominator, at - decimals - (decimals > 0));
        uint128 rest = numerator % denominator;
        char *write = end - decimals;
        if (decimals > 0) {
            write[-1] = '.';
        }
        for (; write < end; write++) { /* rest * 10 / denominator, within 256 bits */
            struct wide quotient;
            rest = wide_divide(wide_product(rest, 10), denominator, &quotient);
            *write = (char)('0' + (int)quotient.low);
        }
    }
    if (a.numerator < 0) {
        *--at = '-';
    }
    unsigned length = (unsigned)(end - at);
    memcpy(text, at, length);
    text[length] = '\0';
    return length;
}

double exact_to_real(struct exact a) {
    return (double)a.numerator / (double)a.denominator;
}
