/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_units.c - quantities, times and dates as people write them.
 *
 * Values are compared bit for bit with GMP rationals rounded by MPFR; dates with a walk over every
 * day from 1600 to 9999; printed times are read back. Every refusal is met once. */
#include "core/base/units.h"

#include "tests/test.h"

#include <locale.h>
#include <math.h>
#ifdef HAVE_MPFR
#include <gmp.h>
#include <mpfr.h>
#endif

static const struct place here = {"port.yml", 14, 9};

static uint64_t bits_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double value_of(const char *text, enum dimension dimension) {
    struct error err = ERROR_INIT;
    struct quantity quantity = {0};
    CHECK_INT(units_parse(text, &quantity, here, &err), 0);
    CHECK_TEXT(err.text, "");
    CHECK_INT(quantity.dimension, dimension);
    return quantity.value;
}

static void refused(const char *text, const char *message) {
    struct error err = ERROR_INIT;
    struct quantity quantity = {.value = 2.385};
    CHECK_INT(units_parse(text, &quantity, here, &err), -1);
    CHECK_INT(err.code, ERROR_INPUT);
    CHECK_INT(err.line, 14);
    CHECK_INT(err.column, 9);
    CHECK_TEXT(err.text, message);
    CHECK(quantity.value == 2.385);
}

static void test_every_dimension(void) {
    CHECK(value_of("35 min", DIMENSION_TIME) == 2100);
    CHECK(value_of("35min", DIMENSION_TIME) == 2100);
    CHECK(value_of("  35\tmin ", DIMENSION_TIME) == 2100);
    CHECK(value_of("-4.5 h", DIMENSION_TIME) == -16200);
    CHECK(value_of("1.5 d", DIMENSION_TIME) == 129600);
    CHECK(value_of("2 week", DIMENSION_TIME) == 1209600);
    CHECK(value_of("250 ms", DIMENSION_TIME) == 0.25);
    CHECK(value_of("7 us", DIMENSION_TIME) == 7e-6);
    CHECK(value_of("3 ns", DIMENSION_TIME) == 3e-9);
    CHECK(value_of("1e3 kg", DIMENSION_MASS) == 1000);
    CHECK(value_of("2.5E-1 t", DIMENSION_MASS) == 250);
    CHECK(value_of("1e+2 g", DIMENSION_MASS) == 0.1);
    CHECK(value_of("10 %", DIMENSION_SHARE) == 0.1);
    CHECK(value_of("2.3%", DIMENSION_SHARE) == 0.023);
    CHECK(value_of("100 USD", DIMENSION_MONEY) == 100);
    CHECK(value_of("12/h", DIMENSION_RATE) == 12.0 / 3600);
    CHECK(value_of("300/d", DIMENSION_RATE) == 300.0 / 86400);
    CHECK(value_of("30 USD/h", DIMENSION_MONEY_PER_TIME) == 30.0 / 3600);
    CHECK(value_of("2 EUR/kg", DIMENSION_MONEY_PER_MASS) == 2);
    CHECK(value_of("4 XOF/g", DIMENSION_MONEY_PER_MASS) == 4000);
    CHECK(value_of("1.2 km", DIMENSION_LENGTH) == 1200);
    CHECK(value_of("12", DIMENSION_NONE) == 12);
    CHECK(bits_of(value_of("-0", DIMENSION_NONE)) == bits_of(-0.0));
    CHECK(value_of("0000.000 s", DIMENSION_TIME) == 0);
    CHECK(value_of("0e9999999999 s", DIMENSION_TIME) == 0);
    CHECK(value_of("9007199254740993", DIMENSION_NONE) == 9007199254740992); /* tie, to even */
    CHECK(value_of("9.2e9 s", DIMENSION_TIME) == UNITS_SECONDS_MAX);
}

static void test_currency(void) {
    struct error err = ERROR_INIT;
    struct quantity quantity;
    CHECK_INT(units_parse("100 ZWG", &quantity, here, &err), 0);
    CHECK_TEXT(quantity.currency, "ZWG");
    CHECK_INT(units_parse("30 AED/d", &quantity, here, &err), 0);
    CHECK_TEXT(quantity.currency, "AED");
    CHECK_INT(units_parse("3 h", &quantity, here, &err), 0);
    CHECK_TEXT(quantity.currency, "");
}

static void test_refusals(void) {
    refused("", "expected a quantity, e.g. 35 min, 2 h, 1.5 d, got nothing");
    refused(" \t", "expected a quantity, e.g. 35 min, 2 h, 1.5 d, got nothing");
    refused("nan", "'nan' does not begin with a number");
    refused("-inf", "'-inf' does not begin with a number");
    refused("+5 s", "'+5 s' does not begin with a number");
    refused("--5 s", "'--5 s' does not begin with a number");
    refused(".5 h", "'.5 h' has no digit before the point: write 0 there");
    refused("5. h", "'5. h' has no digit after the point");
    refused("1,000 USD",
            "'1,000 USD' has a separator within its number: write the digits together");
    refused("1_000", "'1_000' has a separator within its number: write the digits together");
    refused("1e s", "'1e s' has no digits in its exponent");
    refused("1e-", "'1e-' has no digits in its exponent");
    refused("123456789012345678", "'123456789012345678' has more than 17 significant digits");
    refused("1.00000000000000001 s", "'1.00000000000000001 s' has more than 17 significant digits");
    refused("1e18", "'1e18' is too large: at most 18 digits stand before the point");
    refused("1e99999999999", "'1e99999999999' is too large: at most 18 digits stand before the "
                             "point");
    refused("1e-28 h", "'1e-28 h' is too fine: at most 27 digits stand after the point");
    refused("9.3e9 s", "'9.3e9 s' is longer than 291 years, the longest time there is");
    refused("-16000 week", "'-16000 week' is longer than 291 years, the longest time there is");
    refused("0x10", "unknown unit 'x10'; known are ns, us, ms, s, min, h, d, week (time), g, kg, t "
                    "(mass), m, km (length), %, currencies such as USD, and 12/h, 30 USD/h, 2 "
                    "USD/kg");
    refused("5 hours", "unknown unit 'hours': write h");
    refused("5 months", "unknown unit 'months': write days");
    refused("5 \xc2\xb5s", "unknown unit '\xc2\xb5s': write us");
    refused("35 mon", "unknown unit 'mon'; did you mean 'min'?");
    refused("35 wek", "unknown unit 'wek'; did you mean 'week'?");
    const char *const no_unit[] = {"1 h h",   "1 USD/m", "1 h/USD", "1 /USD", "1 %/h", "1 /kg",
                                   "1 USD/",  "1 /",     "1 //h",   "1 USF",  "1 usd", "1 H",
                                   "5 min 3", "1 -",     "1 ED A",  "1 D A"};
    for (size_t i = 0; i < sizeof no_unit / sizeof *no_unit; i++) {
        struct error err = ERROR_INIT;
        struct quantity quantity;
        CHECK_INT(units_parse(no_unit[i], &quantity, here, &err), -1);
        CHECK(strncmp(err.text, "unknown unit '", 14) == 0);
    }
    char longest[5000];
    memset(longest, '7', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    refused(longest, "'777777777777777777777777777777777777777777777777777777777777...' has more "
                     "than 17 significant digits");
}

/* A comma as decimal point must not change what is read. */
static void test_locale(void) {
    const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "fr_FR"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (setlocale(LC_ALL, names[i]) != NULL) {
            CHECK(value_of("-4.5 h", DIMENSION_TIME) == -16200);
            char text[48];
            units_print_time(1500000000, text);
            CHECK_TEXT(text, "1.5 s");
        }
    }
    setlocale(LC_ALL, "C");
}

#ifdef HAVE_MPFR
static uint64_t next(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 20;
}

/* Random numbers with every unit against the nearest double of the exact rational. */
static void test_nearest(void) {
    const char *const names[] = {"ns", "us", "s", "min", "h",     "d",      "week",  "g", "kg",
                                 "t",  "m",  "%", "/h",  "/week", "USD/ns", "USD/d", ""};
    uint64_t state = 20170128;
    mpq_t exact, factor;
    mpz_t power;
    mpfr_t rounded;
    mpq_inits(exact, factor, NULL);
    mpz_init(power);
    mpfr_init2(rounded, 53);
    for (int round = 0; round < 200000; round++) {
        const char *name = names[next(&state) % (sizeof names / sizeof *names)];
        uint64_t coefficient = 1 + next(&state) * 3571 % 99999999999999999u;
        coefficient >>= next(&state) % 56;
        coefficient += coefficient == 0;
        int exponent = (int)(next(&state) % 28) - 27;
        struct unit unit = {DIMENSION_NONE, 1, 1, ""};
        CHECK(name[0] == '\0' || units_find(name, (unsigned)strlen(name), &unit) == 0);
        char text[64];
        snprintf(text, sizeof text, "%" PRIu64 "e%d %s", coefficient, exponent, name);
        mpq_set_ui(exact, coefficient, 1);
        mpq_set_si(factor, unit.numerator, (unsigned long)unit.denominator);
        mpq_canonicalize(factor);
        mpq_mul(exact, exact, factor);
        mpz_ui_pow_ui(power, 10, (unsigned long)-exponent);
        mpz_mul(mpq_denref(exact), mpq_denref(exact), power);
        mpq_canonicalize(exact);
        mpfr_set_q(rounded, exact, MPFR_RNDN);
        struct error err = ERROR_INIT;
        struct quantity quantity = {0};
        if (units_parse(text, &quantity, here, &err) < 0) {
            CHECK(strstr(err.text, "291 years") != NULL);
        } else if (bits_of(quantity.value) != bits_of(mpfr_get_d(rounded, MPFR_RNDN))) {
            CHECK_TEXT(text, "the nearest double");
        }
    }
    mpq_clears(exact, factor, NULL);
    mpz_clear(power);
    mpfr_clear(rounded);
}
#endif

static void test_nanoseconds(void) {
    CHECK_INT(units_ns(0), 0);
    CHECK_INT(units_ns(2100), 2100000000000);
    CHECK_INT(units_ns(0.1), 100000000);
    CHECK_INT(units_ns(-0.1), -100000000);
    CHECK_INT(units_ns(-2.385), -2385000000);
    CHECK_INT(units_ns(1e-10), 0);
    CHECK_INT(units_ns(-1e-10), 0);
    CHECK_INT(units_ns(0x1p-10 * 1e-9), 0);
    CHECK_INT(units_ns(0.5e-9), 0); /* ties to even */
    CHECK_INT(units_ns(1.5e-9), 2);
    CHECK_INT(units_ns(-1.5e-9), -2);
    CHECK_INT(units_ns(9.2e9), 9200000000000000000);
    CHECK_INT(units_ns(-9.2e9), -9200000000000000000);
    CHECK_INT(units_ns(1234567890.123456), 1234567890123456001); /* as the double is */
}

static void prints(int64_t time_ns, const char *expected) {
    char text[48];
    unsigned length = units_print_time(time_ns, text);
    CHECK_TEXT(text, expected);
    CHECK_INT(length, strlen(expected));
}

static void test_print_time(void) {
    const int64_t s = 1000000000, min = 60 * s, h = 60 * min, d = 24 * h;
    prints(0, "0 s");
    prints(1, "1 ns");
    prints(999, "999 ns");
    prints(1500, "1.5 us");
    prints(-12345678, "-12.346 ms");
    prints(999999500, "1 s");
    prints(1500000000, "1.5 s");
    prints(1050000000, "1.05 s");
    prints(59 * s + 999600000, "1 min");
    prints(35 * min, "35 min");
    prints(35 * min + 7 * s, "35 min 7 s");
    prints(59 * min + 59 * s + 600000000, "1 h");
    prints(23 * h + 35 * min, "23 h 35 min");
    prints(23 * h + 59 * min + 29 * s, "23 h 59 min");
    prints(23 * h + 59 * min + 30 * s, "1 d");
    prints(2 * d + 4 * h + 13 * min, "2 d 4 h");
    prints(-2 * d - 4 * h, "-2 d 4 h");
    prints(6 * d + 23 * h + 45 * min, "7 d");
    prints(INT64_MAX, "106752 d");
    prints(INT64_MIN, "-106752 d");
}

static void test_every_day(void) {
    int64_t day = UNITS_DAY_MIN;
    int weekday = 5, failures = 0; /* 1600-01-01 was a Saturday */
    for (int year = 1600; year <= 9999; year++) {
        for (int month = 1; month <= 12; month++) {
            bool leap = year % 400 == 0 || (year % 100 != 0 && year % 4 == 0);
            int last = month == 2                                              ? 28 + leap
                       : month == 4 || month == 6 || month == 9 || month == 11 ? 30
                                                                               : 31;
            for (int month_day = 1; month_day <= last; month_day++, day++) {
                char written[48], printed[16];
                snprintf(written, sizeof written, "%04d-%02d-%02d", year, month, month_day);
                int64_t read = 0;
                struct error err = ERROR_INIT;
                failures += units_parse_date(written, &read, here, &err) != 0 || read != day;
                failures += units_print_date(day, printed) != 10 || strcmp(printed, written) != 0;
                failures += units_weekday(day) != weekday;
                weekday = (weekday + 1) % 7;
            }
        }
    }
    CHECK_INT(failures, 0);
    CHECK_INT(day, UNITS_DAY_MAX + 1);
    CHECK_INT(units_weekday(0), 3);
    int64_t known = -1;
    struct error err = ERROR_INIT;
    CHECK_INT(units_parse_date("1970-01-01", &known, here, &err), 0);
    CHECK_INT(known, 0);
    CHECK_INT(units_parse_date("2000-03-01", &known, here, &err), 0);
    CHECK_INT(known, 11017); /* 951868800 / 86400 */
}

static void date_refused(const char *text, const char *message) {
    struct error err = ERROR_INIT;
    int64_t day = 2385;
    CHECK_INT(units_parse_date(text, &day, here, &err), -1);
    CHECK_TEXT(err.text, message);
    CHECK_INT(err.column, 9);
    CHECK_INT(day, 2385);
}

static void test_date_refusals(void) {
    date_refused("", "'' is not a date, e.g. 2017-01-28");
    date_refused("2017-1-28", "'2017-1-28' is not a date, e.g. 2017-01-28");
    date_refused("28-01-2017", "'28-01-2017' is not a date, e.g. 2017-01-28");
    date_refused("2017-01-28 ", "'2017-01-28 ' is not a date, e.g. 2017-01-28");
    date_refused("2017/01/28", "'2017/01/28' is not a date, e.g. 2017-01-28");
    date_refused("1599-12-31", "'1599-12-31' is before the year 1600");
    date_refused("2017-13-01", "'2017-13-01' has no such month: dates are year-month-day");
    date_refused("2017-00-01", "'2017-00-01' has no such month: dates are year-month-day");
    date_refused("2017-02-29", "'2017-02-29': that month has 28 days");
    date_refused("2016-02-30", "'2016-02-30': that month has 29 days");
    date_refused("1900-02-29", "'1900-02-29': that month has 28 days");
    date_refused("2017-04-00", "'2017-04-00': that month has 30 days");
}

static void test_words(void) {
    for (int i = 0; i < DIMENSION_COUNT; i++) {
        CHECK(strlen(units_dimension_name((enum dimension)i)) > 0);
        /* The first example of a dimension is of that dimension. */
        char example[64];
        CHECK_INT(sscanf(units_examples((enum dimension)i), "e.g. %63[^,]", example), 1);
        value_of(example, (enum dimension)i);
    }
}

int main(void) {
    test_every_dimension();
    test_currency();
    test_refusals();
    test_locale();
#ifdef HAVE_MPFR
    test_nearest();
#else
    printf("without MPFR: values are not compared with exact rationals\n");
#endif
    test_nanoseconds();
    test_print_time();
    test_every_day();
    test_date_refusals();
    test_words();
    return test_summary();
}
