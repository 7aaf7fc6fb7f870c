/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: exact.h never gives a wrong digit, and gives up only where no 127 bits hold the result.
 * Method: random fractions of all sizes against GMP's rationals, roundings against their
 * definition, half cents drawn on purpose, texts there and back. */
#include "core/tariff/exact.h"
#include "tests/test.h"

#ifdef HAVE_MPFR
#include <gmp.h>

static uint64_t state = 20170128;

static uint64_t draw(void) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    uint64_t mixed = state ^ state >> 33;
    return mixed * 0xff51afd7ed558ccdu;
}

/* Up to `bits` bits, sizes evenly spread. */
static int128 draw_number(unsigned bits) {
    uint128 number = (uint128)draw() << 64 | draw();
    return (int128)(number >> (128 - bits + draw() % bits));
}

static struct exact draw_fraction(unsigned bits) {
    struct exact a = {.numerator = draw_number(bits), .denominator = draw_number(bits)};
    a.denominator += a.denominator == 0;
    a.numerator = draw() % 2 == 0 ? a.numerator : -a.numerator;
    return a;
}

static void to_integer(mpz_t target, int128 number) {
    bool is_negative = number < 0;
    uint128 size = is_negative ? -(uint128)number : (uint128)number;
    uint64_t words[2] = {(uint64_t)size, (uint64_t)(size >> 64)};
    mpz_import(target, 2, -1, 8, 0, 0, words);
    if (is_negative) {
        mpz_neg(target, target);
    }
}

static void to_rational(mpq_t target, struct exact a) {
    to_integer(mpq_numref(target), a.numerator);
    to_integer(mpq_denref(target), a.denominator);
    mpq_canonicalize(target);
}

static bool fits(const mpq_t a) {
    return mpz_sizeinbase(mpq_numref(a), 2) <= 127 && mpz_sizeinbase(mpq_denref(a), 2) <= 127;
}

static unsigned refused;

static void agrees(int status, struct exact got, const mpq_t expected) {
    if (status != 0) {
        CHECK(!fits(expected));
        refused++;
        return;
    }
    mpq_t actual;
    mpq_init(actual);
    to_rational(actual, got);
    CHECK(mpq_equal(actual, expected));
    mpq_clear(actual);
}

static void test_operations(void) {
    mpq_t a_exact, b_exact, expected;
    mpq_inits(a_exact, b_exact, expected, NULL);
    for (int round = 0; round < 200000; round++) {
        unsigned bits = round % 2 == 0 ? 126 : 70;
        struct exact a = draw_fraction(bits), b = draw_fraction(bits), got = exact_integer(0);
        b.denominator = round % 5 == 0 ? a.denominator : b.denominator;
        to_rational(a_exact, a);
        to_rational(b_exact, b);
        mpq_add(expected, a_exact, b_exact);
        agrees(exact_add(a, b, &got), got, expected);
        mpq_sub(expected, a_exact, b_exact);
        agrees(exact_subtract(a, b, &got), got, expected);
        mpq_mul(expected, a_exact, b_exact);
        agrees(exact_multiply(a, b, &got), got, expected);
        if (b.numerator != 0) {
            mpq_div(expected, a_exact, b_exact);
            agrees(exact_divide(a, b, &got), got, expected);
        }
        int order = mpq_cmp(a_exact, b_exact);
        CHECK_INT(exact_compare(a, b), (order > 0) - (order < 0));
        CHECK_INT(exact_compare(a, a), 0);
    }
    mpq_clears(a_exact, b_exact, expected, NULL);
    printf("%u results are beyond 127 bits\n", refused);
}

/* floor(a / step + shift) steps for a >= 0, the definition of most modes. */
static void definition(mpq_t result, const mpq_t a, const mpq_t step, enum rounding_mode mode) {
    mpq_t steps, rest, half;
    mpz_t count;
    mpq_inits(steps, rest, half, NULL);
    mpz_init(count);
    mpq_div(steps, a, step);
    bool is_negative = mpq_sgn(steps) < 0;
    mpq_abs(steps, steps);
    mpz_fdiv_q(count, mpq_numref(steps), mpq_denref(steps));
    mpq_set_z(rest, count);
    mpq_sub(rest, steps, rest);
    mpq_set_ui(half, 1, 2);
    int above = mpq_cmp(rest, half), some = mpq_sgn(rest);
    bool up =
        (mode == ROUNDING_HALF_UP && above >= 0) || (mode == ROUNDING_HALF_DOWN && above > 0) ||
        (mode == ROUNDING_HALF_EVEN && (above > 0 || (above == 0 && mpz_odd_p(count)))) ||
        (mode == ROUNDING_UP && some > 0) || (mode == ROUNDING_FLOOR && some > 0 && is_negative) ||
        (mode == ROUNDING_CEILING && some > 0 && !is_negative);
    mpz_add_ui(count, count, up);
    mpq_set_z(result, count);
    mpq_mul(result, result, step);
    if (is_negative) {
        mpq_neg(result, result);
    }
    mpz_clear(count);
    mpq_clears(steps, rest, half, NULL);
}

static void test_rounding(void) {
    static const struct exact steps[] = {{1, 100}, {1, 1}, {1000, 1}, {1, 20}, {1, 3}};
    mpq_t a_exact, step_exact, expected;
    mpq_inits(a_exact, step_exact, expected, NULL);
    unsigned ties = 0;
    for (int round = 0; round < 200000; round++) {
        struct exact step = steps[round % 5], a = draw_fraction(50);
        if (round % 2 == 0) { /* a tie: an odd number of half steps */
            int64_t halves = (int64_t)(draw() % 2000000) * 2 - 2000001;
            exact_multiply(step, exact_ratio(halves, 2), &a);
            ties++;
        }
        to_rational(a_exact, a);
        to_rational(step_exact, step);
        for (int mode = ROUNDING_HALF_UP; mode <= ROUNDING_CEILING; mode++) {
            struct rounding rounding = {.mode = (enum rounding_mode)mode, .step = step};
            struct exact got = exact_integer(0);
            definition(expected, a_exact, step_exact, rounding.mode);
            agrees(exact_round(a, rounding, &got), got, expected);
        }
    }
    mpq_clears(a_exact, step_exact, expected, NULL);
    printf("%u ties\n", ties);
}
#endif

static void prints(int64_t numerator, int64_t denominator, const char *expected) {
    char text[96];
    unsigned length = exact_print(exact_ratio(numerator, denominator), text);
    CHECK_TEXT(text, expected);
    CHECK_INT(length, strlen(expected));
    struct exact back;
    CHECK_INT(exact_parse(text, &back), 0);
    CHECK_INT(exact_compare(back, exact_ratio(numerator, denominator)), 0);
}

static void test_texts(void) {
    prints(0, 7, "0");
    prints(-25, 2, "-12.5");
    prints(1, 3, "1/3");
    prints(-200, 6, "-100/3");
    prints(1234500, 1000, "1234.5");
    prints(1, 1000000000000000000, "0.000000000000000001");
    prints(INT64_MAX, 1, "9223372036854775807");
    struct exact third;
    CHECK_INT(exact_parse("33 1/3", &third), 0);
    CHECK_INT(exact_compare(third, exact_ratio(100, 3)), 0);
    CHECK_INT(exact_parse("-33 1/3", &third), 0);
    CHECK_INT(exact_compare(third, exact_ratio(-100, 3)), 0);
    static const char *const wrong[] = {"",    "-",     "1/0", "1/", "/3",    "1 2",  "1.5 1/3",
                                        "1e3", "1,5",   "--1", ".",  "1/3/4", "1 /3", " 1",
                                        "1 ",  "1/1.5", "0x1", "+1", "1.2.3", "1/-3", "NaN"};
    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK_INT(exact_parse(wrong[i], &third), -1);
    }
    CHECK_INT(exact_parse("170141183460469231731687303715884105728", &third), -1); /* 2^127 */
}

static void test_limits(void) {
    struct exact largest, small, got = exact_integer(7);
    CHECK_INT(exact_parse("170141183460469231731687303715884105727", &largest), 0);
    CHECK_INT(exact_add(largest, exact_integer(1), &got), -1);
    CHECK_INT(exact_subtract(exact_negate(largest), exact_integer(1), &got), -1);
    CHECK_INT(exact_multiply(largest, exact_integer(2), &got), -1);
    CHECK_INT(exact_divide(largest, exact_integer(0), &got), -1);
    CHECK_INT(exact_compare(got, exact_integer(7)), 0); /* left alone */
    CHECK_INT(exact_divide(exact_integer(1), largest, &small), 0);
    CHECK_INT(exact_multiply(largest, small, &got), 0);
    CHECK_INT(exact_compare(got, exact_integer(1)), 0);
    CHECK_INT(exact_compare(small, exact_ratio(1, INT64_MAX)), -1);
    struct rounding cent = {.mode = ROUNDING_HALF_UP, .step = exact_ratio(1, 100)};
    CHECK_INT(exact_round(largest, cent, &got), -1);
}

static void test_money(void) {
    int64_t e4;
    CHECK_INT(exact_to_e4(exact_ratio(12345, 100), &e4), 0);
    CHECK_INT(e4, 1234500);
    CHECK_INT(exact_to_e4(exact_ratio(1, 3), &e4), -1);
    CHECK_INT(exact_to_e4(exact_integer(INT64_MAX), &e4), -1);
    CHECK_NEAR(exact_to_real(exact_ratio(100, 3)), 33.333333333333336, 0);
}

int main(void) {
    test_texts();
    test_limits();
    test_money();
#ifdef HAVE_MPFR
    test_operations();
    test_rounding();
#else
    printf("without GMP: nothing is compared with exact rationals\n");
#endif
    return test_summary();
}
