/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_decimal.c - decimal arithmetic against GMP rationals, and values made from reals.
 *
 * The oracle, rational.h, says in rationals what decimal.h promises. */
#include "core/rule/decimal.h"
#include "core/rule/value.h"

#include "tests/test.h"
#include "tests/unit/rational.h"

static struct decimal number(const char *text) {
    struct decimal decimal = {0};
    CHECK_INT(decimal_parse(text, &decimal), 0);
    return decimal;
}

static void prints(struct decimal decimal, const char *expected) {
    char text[28];
    unsigned length = decimal_print(decimal, text);
    CHECK_TEXT(text, expected);
    CHECK_INT(length, strlen(expected));
}

static void test_parse_and_print(void) {
    const char *const pairs[][2] = {
        {"0", "0"},
        {"-0", "0"},
        {"0.00", "0"},
        {"0e999", "0"},
        {"12.50", "12.5"},
        {"-12.5", "-12.5"},
        {"007", "7"},
        {"1e3", "1000"},
        {"1.25e1", "12.5"},
        {"1E-2", "0.01"},
        {"1e+2", "100"},
        {"-0.000000000000000001", "-0.000000000000000001"},
        {"9223372036854775807", "9223372036854775807"},
        {"-9.223372036854775807", "-9.223372036854775807"},
        {"0.92233720368547758000", "0.92233720368547758"},
        {"100000000000000000000e-5", "1000000000000000"},
        {"0.1000000000000000000000000000", "0.1"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        prints(number(pairs[i][0]), pairs[i][1]);
    }
    const char *const wrong[] = {"",
                                 "-",
                                 "+1",
                                 ".5",
                                 "5.",
                                 "1e",
                                 "1e+",
                                 "1..2",
                                 " 1",
                                 "1 ",
                                 "0x1",
                                 "nan",
                                 "1,5",
                                 "9223372036854775808",
                                 "1e19",
                                 "1e-19",
                                 "0.9223372036854775807",
                                 "1e99999999999999999999",
                                 "1e-99999999999999999999",
                                 "123456789012345678901234567890123456789012"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct decimal decimal = {2385, 3};
        CHECK_INT(decimal_parse(wrong[i], &decimal), -1);
        CHECK_INT(decimal.coefficient, 2385);
    }
}

static void test_known(void) {
    struct decimal r;
    CHECK_INT(decimal_add(number("0.1"), number("0.2"), &r), 0);
    CHECK_INT(decimal_compare(r, number("0.3")), 0);
    CHECK_INT(decimal_divide(number("1"), number("3"), &r), 0);
    prints(r, "0.333333333333333333");
    CHECK_INT(decimal_divide(number("2"), number("3"), &r), 0);
    prints(r, "0.666666666666666667");
    CHECK_INT(decimal_divide(number("20000000000"), number("3"), &r), 0);
    prints(r, "6666666666.666666667");
    CHECK_INT(decimal_divide(number("1"), number("0"), &r), -1);
    CHECK_INT(decimal_multiply(number("9223372036854775807"), number("2"), &r), -1);
    CHECK_INT(decimal_multiply(number("12345.678912345"), number("0.123456789"), &r), 0);
    prints(r, "1524.15787654312616"); /* 1524.157876543126160205 in full */
}

static void power_is(const char *a, const char *b, const char *expected) {
    struct decimal result = {2385, 3};
    int code = decimal_power(number(a), number(b), &result);
    CHECK_INT(code, *expected == '-' && expected[1] == '\0' ? -1 : 0);
    prints(result, code < 0 ? "2.385" : expected);
}

static void test_powers(void) {
    power_is("10", "5", "100000");
    power_is("10", "-5", "0.00001");
    power_is("-2.50", "3", "-15.625");
    power_is("2", "62", "4611686018427387904");
    power_is("2", "63", "-");
    power_is("0.5", "-60", "1152921504606846976"); /* the power of 0.5 alone has 140 bits */
    power_is("0.2", "-27", "7450580596923828125");
    power_is("2", "-19", "0.000001907348632812"); /* a tie: ...8125 in full */
    power_is("1.5", "19", "2216.837820053100586");
    power_is("0.1", "18", "0.000000000000000001");
    power_is("0.1", "19", "0");
    power_is("0.000000000000000001", "1000000000", "0");
    power_is("0.000000000000000001", "-2", "-");
    power_is("100.000", "2.0", "10000");
    power_is("-1", "999999999", "-1");
    power_is("-1.00", "-1000000000", "1");
    power_is("1", "1000000001", "-"); /* beyond DECIMAL_POWER_MAX */
    power_is("0", "0", "1");
    power_is("2.385", "0", "1");
    power_is("0", "3", "0");
    power_is("0", "-3", "-");
    power_is("4", "0.5", "-");
    /* e to 18 digits: (1 + 10^-9)^(10^9) = e (1 - 10^-9 / 2 + ...) = 2.71828182709990432... */
    power_is("1.000000001", "1000000000", "2.718281827099904322");
}

#ifdef HAVE_MPFR
static uint64_t next(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state ^ *state >> 31;
}

/* Whether `result` (or its absence) is what decimal.h promises for the exact q. */
static bool as_promised(const mpq_t q, int code, struct decimal result) {
    mpq_t expected, actual;
    mpq_inits(expected, actual, NULL);
    mpq_set(expected, q);
    bool fits = rational_round(expected), right = code == -1 && !fits;
    if (fits && code == 0) {
        rational_set(actual, result);
        right = mpq_equal(expected, actual) && result.scale >= 0 &&
                result.scale <= DECIMAL_SCALE_MAX && result.coefficient != INT64_MIN;
    }
    mpq_clears(expected, actual, NULL);
    return right;
}

static struct decimal any_decimal(uint64_t *state) {
    const int64_t edges[] = {0, 1, -1, 5, 9, 10, 25, INT64_MAX, -INT64_MAX, INT64_MAX - 1};
    uint64_t kind = next(state) >> 20;
    int64_t coefficient =
        kind % 8 == 0 ? edges[(kind >> 8) % 10] : (int64_t)(next(state) >> (1 + (kind >> 8) % 63));
    coefficient = (kind >> 20) % 2 == 0 ? coefficient : -coefficient;
    return (struct decimal){coefficient, (int32_t)((next(state) >> 20) % 19)};
}

static void promised(const char *what, struct decimal a, struct decimal b, const mpq_t q, int code,
                     struct decimal result) {
    if (!test_check(as_promised(q, code, result), __FILE__, __LINE__, what)) {
        printf(" of %" PRId64 "e-%d and %" PRId64 "e-%d\n", a.coefficient, (int)a.scale,
               b.coefficient, (int)b.scale);
    }
}

static void test_against_rationals(void) {
    uint64_t state = 20170128;
    mpq_t p, q, r;
    mpq_inits(p, q, r, NULL);
    for (int round = 0; round < 60000; round++) {
        struct decimal a = any_decimal(&state), b = any_decimal(&state), c = {0};
        rational_set(p, a);
        rational_set(q, b);
        int code = decimal_add(a, b, &c);
        mpq_add(r, p, q);
        promised("sum", a, b, r, code, c);
        code = decimal_subtract(a, b, &c);
        mpq_sub(r, p, q);
        promised("difference", a, b, r, code, c);
        code = decimal_multiply(a, b, &c);
        mpq_mul(r, p, q);
        promised("product", a, b, r, code, c);
        if (b.coefficient != 0) {
            code = decimal_divide(a, b, &c);
            mpq_div(r, p, q);
            promised("quotient", a, b, r, code, c);
        }
        int order = mpq_cmp(p, q);
        CHECK_INT(decimal_compare(a, b), (order > 0) - (order < 0));
        int64_t numerator = b.coefficient,
                denominator = 1 + (int64_t)(next(&state) >> (2 + next(&state) % 60));
        code = decimal_scale(a, numerator, denominator, &c);
        mpq_set_si(r, (long)numerator, (unsigned long)denominator);
        mpq_canonicalize(r);
        mpq_mul(r, r, p);
        promised("scaled", a, b, r, code, c);
        char text[28];
        decimal_print(a, text);
        CHECK_INT(decimal_compare(number(text), a), 0);
    }
    mpq_clears(p, q, r, NULL);
}

/* Powers whose exact value is short enough to write down: bases near one and any others. */
static void test_powers_against_rationals(void) {
    uint64_t state = 8;
    mpq_t p, r;
    mpq_inits(p, r, NULL);
    unsigned fitting = 0;
    for (int round = 0; round < 60000; round++) {
        struct decimal a = any_decimal(&state), c = {0};
        long n = (long)(next(&state) % 41) - 20;
        if (round % 2 == 0) { /* of a size whose powers fit */
            int32_t scale = (int32_t)(next(&state) % 19);
            int64_t unit = 1;
            for (int32_t i = 0; i < scale; i++) {
                unit *= 10;
            }
            a = (struct decimal){(int64_t)(next(&state) % (3 * (uint64_t)unit)) + 1, scale};
            n = (long)(next(&state) % 801) - 400;
        }
        if (a.coefficient == 0) {
            continue;
        }
        rational_set(p, a);
        unsigned long size = (unsigned long)(n < 0 ? -n : n);
        mpz_pow_ui(mpq_numref(r), mpq_numref(p), size);
        mpz_pow_ui(mpq_denref(r), mpq_denref(p), size);
        if (n < 0) {
            mpq_inv(r, r);
        }
        struct decimal exponent = {n, 0};
        int code = decimal_power(a, exponent, &c);
        fitting += code == 0 && c.coefficient != 0;
        promised("power", a, exponent, r, code, c);
    }
    CHECK(fitting > 10000);
    mpq_clears(p, r, NULL);
}
#endif

static void real_is(double x, const char *expected) {
    struct value value = value_decimal_from_real(x);
    CHECK_INT(value.type, VALUE_DECIMAL);
    prints(value.decimal, expected);
}

static void test_from_real(void) {
    real_is(0.0, "0");
    real_is(-0.0, "0");
    real_is(0.1, "0.1");
    real_is(-2.385, "-2.385");
    real_is(0.1 + 0.2, "0.3");
    real_is(999999.999999999, "999999.999999999");
    real_is(123456789.1, "123456789.1");
    real_is(-12345678901234.5, "-12345678901234.5");
    real_is(1e15, "1000000000000000");
    real_is(9.1e18, "9100000000000000000");
    real_is(4e-10, "0");
    real_is(6e-10, "0.000000001");
    CHECK_INT(value_decimal_from_real(__builtin_nan("")).type, VALUE_MISSING);
    CHECK_INT(value_decimal_from_real(__builtin_inf()).type, VALUE_MISSING);
    CHECK_INT(value_decimal_from_real(-9.3e18).type, VALUE_MISSING);
    /* What has at most 15 digits and 9 decimals survives the way through a double. */
    uint64_t state = 7;
    for (int round = 0; round < 100000; round++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        int64_t coefficient = (int64_t)(state >> 14) % 1000000000000000;
        int scale = (int)((state >> 5) % 10);
        char text[28], back[28];
        decimal_print((struct decimal){coefficient, scale}, text);
        struct value value = value_decimal_from_real(strtod(text, NULL));
        decimal_print(value.decimal, back);
        CHECK_TEXT(back, text);
    }
}

static void test_values(void) {
    const char *const symbols[] = {"green", "red"};
    char text[32];
    prints(value_decimal_from_money((struct money){-12345000}).decimal, "-1234.5");
    CHECK_INT(value_decimal_from_money((struct money){INT64_MIN}).type, VALUE_MISSING);
    struct value values[] = {{.type = VALUE_MISSING},
                             {.type = VALUE_BOOLEAN, .boolean = true},
                             {.type = VALUE_SYMBOL, .symbol = 1},
                             {.type = VALUE_DATE, .date_day = 17194},
                             {.type = VALUE_DECIMAL, .decimal = {250, 2}}};
    const char *const expected[] = {"missing", "true", "red", "2017-01-28", "2.5"};
    for (int i = 0; i < 5; i++) {
        CHECK_INT(value_print(values[i], symbols, text, sizeof text), strlen(expected[i]));
        CHECK_TEXT(text, expected[i]);
    }
}

int main(void) {
    test_parse_and_print();
    test_known();
    test_powers();
    test_from_real();
    test_values();
#ifdef HAVE_MPFR
    test_against_rationals();
    test_powers_against_rationals();
#else
    printf("without GMP: arithmetic is not compared with rationals\n");
#endif
    return test_summary();
}
