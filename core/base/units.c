/* SPDX-License-Identifier: GPL-3.0-or-later
 * units.c - see units.h.
 *
 * A written number is kept as a whole coefficient and a power of ten, multiplied by the unit as a
 * fraction in 128 bits, and rounded to a double once. */
#include "core/base/units.h"

#include "core/base/require.h"
#include "core/base/wide.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct number {
    bool negative;
    uint64_t coefficient; /* no trailing decimal zeros */
    int exponent;         /* of ten */
};

struct unit_row {
    const char *name;
    enum dimension dimension;
    int64_t numerator, denominator;
};

static const struct unit_row unit_rows[] = {
    {"ns", DIMENSION_TIME, 1, 1000000000}, {"us", DIMENSION_TIME, 1, 1000000},
    {"ms", DIMENSION_TIME, 1, 1000},       {"s", DIMENSION_TIME, 1, 1},
    {"min", DIMENSION_TIME, 60, 1},        {"h", DIMENSION_TIME, 3600, 1},
    {"d", DIMENSION_TIME, 86400, 1},       {"week", DIMENSION_TIME, 604800, 1},
    {"g", DIMENSION_MASS, 1, 1000},        {"kg", DIMENSION_MASS, 1, 1},
    {"t", DIMENSION_MASS, 1000, 1},        {"m", DIMENSION_LENGTH, 1, 1},
    {"km", DIMENSION_LENGTH, 1000, 1},     {"%", DIMENSION_SHARE, 1, 100},
};
enum { UNIT_COUNT = sizeof unit_rows / sizeof *unit_rows };

/* Spellings that people try, with what to write instead. */
static const struct {
    const char *word, *advice;
} advices[] = {
    {"sec", "write s"},
    {"secs", "write s"},
    {"second", "write s"},
    {"seconds", "write s"},
    {"mins", "write min"},
    {"minute", "write min"},
    {"minutes", "write min"},
    {"hr", "write h"},
    {"hrs", "write h"},
    {"hour", "write h"},
    {"hours", "write h"},
    {"day", "write d"},
    {"days", "write d"},
    {"w", "write week"},
    {"wk", "write week"},
    {"weeks", "write week"},
    {"month", "write days"},
    {"months", "write days"},
    {"year", "write days"},
    {"years", "write days"},
    {"ton", "write t"},
    {"tons", "write t"},
    {"tonne", "write t"},
    {"tonnes", "write t"},
    {"kilogram", "write kg"},
    {"kilo", "write kg"},
    {"percent", "write %"},
    {"pct", "write %"},
    {"\xc2\xb5s", "write us"},
    {"$", "write a currency code, e.g. USD"},
    {"\xe2\x82\xac", "write EUR"},
};

/* ISO 4217, and the codes withdrawn since 1999 that older records still carry. */
static const char currencies[] =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP "
    "BYN BYR BZD CAD CDF CHF CLP CNY COP CRC CUC CUP CVE CZK DJF DKK DOP DZD EEK EGP ERN ETB EUR "
    "FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD "
    "JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LTL LVL LYD MAD MDL MGA MKD MMK "
    "MNT MOP MRO MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN "
    "PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STD STN SVC SYP SZL "
    "THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VEF VES VND VUV WST XAF XCD XCG "
    "XDR XOF XPF YER ZAR ZMK ZMW ZWG ZWL ";

static const struct {
    const char *name, *examples;
} dimensions[DIMENSION_COUNT] = {
    [DIMENSION_NONE] = {"number", "e.g. 12, 0.35, 1e3"},
    [DIMENSION_TIME] = {"time", "e.g. 35 min, 2 h, 1.5 d"},
    [DIMENSION_MASS] = {"mass", "e.g. 20 kg, 1.5 t"},
    [DIMENSION_SHARE] = {"share", "e.g. 5 %, 0.05"},
    [DIMENSION_MONEY] = {"money", "e.g. 100 USD, 12.50 EUR"},
    [DIMENSION_RATE] = {"rate", "e.g. 12/h, 300/d"},
    [DIMENSION_MONEY_PER_TIME] = {"money per time", "e.g. 30 USD/h"},
    [DIMENSION_MONEY_PER_MASS] = {"money per mass", "e.g. 2 USD/kg"},
    [DIMENSION_LENGTH] = {"length", "e.g. 500 m, 12 km"},
};

const char *units_dimension_name(enum dimension dimension) {
    return dimensions[dimension].name;
}

const char *units_examples(enum dimension dimension) {
    return dimensions[dimension].examples;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static int find_simple(const char *text, size_t length, struct unit *unit) {
    for (size_t i = 0; i < UNIT_COUNT; i++) {
        const struct unit_row *row = &unit_rows[i];
        if (strlen(row->name) == length && memcmp(row->name, text, length) == 0) {
            *unit = (struct unit){row->dimension, row->numerator, row->denominator, ""};
            return 0;
        }
    }
    for (const char *code = currencies; length == 3 && *code != '\0'; code += 4) {
        if (memcmp(code, text, 3) == 0) {
            *unit = (struct unit){DIMENSION_MONEY, 1, 1, {code[0], code[1], code[2], '\0'}};
            return 0;
        }
    }
    return -1;
}

int units_find(const char *text, unsigned length, struct unit *unit) {
    const char *slash = memchr(text, '/', length);
    if (slash == NULL) {
        return find_simple(text, length, unit);
    }
    size_t over_length = (size_t)(slash - text);
    struct unit over = {DIMENSION_NONE, 1, 1, ""}, under;
    if ((over_length > 0 &&
         (find_simple(text, over_length, &over) < 0 || over.dimension != DIMENSION_MONEY)) ||
        find_simple(slash + 1, length - over_length - 1, &under) < 0) {
        return -1;
    }
    bool is_money = over.dimension == DIMENSION_MONEY;
    if (under.dimension == DIMENSION_TIME) {
        over.dimension = is_money ? DIMENSION_MONEY_PER_TIME : DIMENSION_RATE;
    } else if (under.dimension == DIMENSION_MASS && is_money) {
        over.dimension = DIMENSION_MONEY_PER_MASS;
    } else {
        return -1;
    }
    over.numerator = under.denominator;
    over.denominator = under.numerator;
    *unit = over;
    return 0;
}

/* What is being read, so that every error can quote all of it. */
struct reading {
    const char *text;
    int length;
    struct place place;
    struct error *err;
};

enum { QUOTE_MAX = 60 };

static int refuse(const struct reading *reading, const char *why) {
    int shown = reading->length < QUOTE_MAX ? reading->length : QUOTE_MAX;
    return error_at(reading->err, reading->place, "'%.*s%s' %s", shown, reading->text,
                    shown < reading->length ? "..." : "", why);
}

/* A digit of the number at the given exponent of ten; zeros wait until a later digit needs them. */
static int add_digit(struct number *number, int *pending_zeros, int *digits, int digit) {
    if (digit == 0) {
        *pending_zeros += number->coefficient != 0;
        return 0;
    }
    *digits += number->coefficient != 0 ? *pending_zeros + 1 : 1;
    if (*digits > UNITS_DIGITS_MAX) {
        return -1;
    }
    for (; *pending_zeros > 0; --*pending_zeros) {
        number->coefficient *= 10;
    }
    number->coefficient = number->coefficient * 10 + (uint64_t)digit;
    return 0;
}

static int read_exponent(const char **cursor, int *exponent) {
    const char *c = *cursor;
    if (*c != 'e' && *c != 'E') {
        return 0;
    }
    bool negative = c[1] == '-';
    c += c[1] == '-' || c[1] == '+' ? 2 : 1;
    if (!is_digit(*c)) {
        return -1;
    }
    int written = 0;
    for (; is_digit(*c); c++) {
        written = written < 10000 ? written * 10 + (*c - '0') : written;
    }
    *exponent += negative ? -written : written;
    *cursor = c;
    return 0;
}

/* Reads a number at the cursor and moves it behind. */
static int read_number(const struct reading *reading, const char **cursor, struct number *number) {
    static const char many_digits[] = "has more than 17 significant digits";
    *number = (struct number){0};
    int pending_zeros = 0, digits = 0, decimals = 0;
    const char *c = *cursor;
    number->negative = *c == '-';
    c += number->negative;
    if (!is_digit(*c)) {
        return refuse(reading, *c == '.' && is_digit(c[1])
                                   ? "has no digit before the point: write 0 there"
                                   : "does not begin with a number");
    }
    for (; is_digit(*c); c++) {
        if (add_digit(number, &pending_zeros, &digits, *c - '0') < 0) {
            return refuse(reading, many_digits);
        }
    }
    if (*c == '.') {
        if (!is_digit(*++c)) {
            return refuse(reading, "has no digit after the point");
        }
        for (; is_digit(*c); c++, decimals++) {
            if (add_digit(number, &pending_zeros, &digits, *c - '0') < 0) {
                return refuse(reading, many_digits);
            }
        }
    }
    if (*c == ',' || *c == '_' || *c == '\'') {
        return refuse(reading, "has a separator within its number: write the digits together");
    }
    number->exponent = pending_zeros - decimals;
    if (read_exponent(&c, &number->exponent) < 0) {
        return refuse(reading, "has no digits in its exponent");
    }
    if (number->coefficient == 0) {
        number->exponent = 0;
    } else if (digits + number->exponent > UNITS_WHOLE_MAX) {
        return refuse(reading, "is too large: at most 18 digits stand before the point");
    } else if (-number->exponent > UNITS_DECIMALS_MAX) {
        return refuse(reading, "is too fine: at most 27 digits stand after the point");
    }
    *cursor = c;
    return 0;
}

static uint128 power_of_ten(int exponent) {
    uint128 power = 1;
    while (exponent-- > 0) {
        power *= 10;
    }
    return power;
}

/* The double nearest to numerator / denominator, ties to even. The quotient is taken to at least
 * 55 bits, and what is left over sets the last one: enough for the one rounding that follows. */
static double nearest_ratio(uint128 numerator, uint128 denominator) {
    uint128 quotient = numerator / denominator, rest = numerator % denominator;
    double scale = 1;
    while (quotient >> 54 == 0 && rest != 0) {
        rest <<= 1;
        quotient = quotient << 1 | (rest >= denominator);
        rest -= rest >= denominator ? denominator : 0;
        scale *= 0.5;
    }
    return (double)(quotient | (rest != 0)) * scale;
}

static double nearest_value(const struct number *number, const struct unit *unit) {
    /* At most 1e18 * 1e9 over 1e9 * 1e27: both fit 127 bits. */
    uint128 numerator = (uint128)number->coefficient * (uint128)unit->numerator;
    uint128 denominator = (uint128)unit->denominator;
    if (number->exponent >= 0) {
        numerator *= power_of_ten(number->exponent);
    } else {
        denominator *= power_of_ten(-number->exponent);
    }
    double value = nearest_ratio(numerator, denominator);
    return number->negative ? -value : value;
}

static int refuse_unit(const struct reading *reading, const char *unit, int length) {
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++) {
        if (strlen(advices[i].word) == (size_t)length &&
            memcmp(advices[i].word, unit, (size_t)length) == 0) {
            return error_at(reading->err, reading->place, "unknown unit '%.*s': %s", length, unit,
                            advices[i].advice);
        }
    }
    const char *names[UNIT_COUNT];
    for (size_t i = 0; i < UNIT_COUNT; i++) {
        names[i] = unit_rows[i].name;
    }
    char word[32];
    int shown = length < (int)sizeof word ? length : (int)sizeof word - 1;
    snprintf(word, sizeof word, "%.*s", shown, unit);
    const char *nearest = length > 1 ? error_nearest_name(word, names, UNIT_COUNT) : NULL;
    if (nearest != NULL) {
        return error_at(reading->err, reading->place, "unknown unit '%s'; did you mean '%s'?", word,
                        nearest);
    }
    return error_at(reading->err, reading->place,
                    "unknown unit '%s%s'; known are ns, us, ms, s, min, h, d, week (time), g, kg, "
                    "t (mass), m, km (length), %%, currencies such as USD, and 12/h, 30 USD/h, "
                    "2 USD/kg",
                    word, shown < length ? "..." : "");
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

int units_parse(const char *text, struct quantity *quantity, struct place place,
                struct error *err) {
    while (is_blank(*text)) {
        text++;
    }
    const char *end = text + strlen(text);
    while (end > text && is_blank(end[-1])) {
        end--;
    }
    ptrdiff_t length = end - text;
    struct reading reading = {text, length < 1000 ? (int)length : 1000, place, err};
    if (length == 0) {
        return error_at(err, place, "expected a quantity, %s, got nothing",
                        units_examples(DIMENSION_TIME));
    }
    struct number number;
    const char *cursor = text;
    if (read_number(&reading, &cursor, &number) < 0) {
        return -1;
    }
    while (is_blank(*cursor)) {
        cursor++;
    }
    struct unit unit = {DIMENSION_NONE, 1, 1, ""};
    ptrdiff_t unit_length = end - cursor;
    if (unit_length > 0 &&
        (unit_length > 15 || units_find(cursor, (unsigned)unit_length, &unit) < 0)) {
        return refuse_unit(&reading, cursor, unit_length < 1000 ? (int)unit_length : 1000);
    }
    double value = nearest_value(&number, &unit);
    if (unit.dimension == DIMENSION_TIME &&
        (value > UNITS_SECONDS_MAX || value < -UNITS_SECONDS_MAX)) {
        return refuse(&reading, "is longer than 291 years, the longest time there is");
    }
    *quantity = (struct quantity){.value = value, .dimension = unit.dimension};
    memcpy(quantity->currency, unit.currency, sizeof quantity->currency);
    return 0;
}

int64_t units_ns(double seconds) {
    REQUIRE(seconds >= -UNITS_SECONDS_MAX);
    REQUIRE(seconds <= UNITS_SECONDS_MAX);
    int64_t whole_s = (int64_t)seconds;
    double rest_ns = (seconds - (double)whole_s) * 1e9; /* the difference is exact */
    int64_t floor_ns = (int64_t)rest_ns;
    floor_ns -= rest_ns < (double)floor_ns;
    double above = rest_ns - (double)floor_ns;
    bool up = above > 0.5 || (above >= 0.5 && (floor_ns & 1) != 0);
    return whole_s * 1000000000 + floor_ns + up;
}

static uint64_t round_to(uint64_t time_ns, uint64_t step_ns) {
    return (time_ns + step_ns / 2) / step_ns * step_ns;
}

/* "1.5 s": at most three decimals, without trailing zeros. */
static unsigned print_decimal(uint64_t whole, uint64_t thousandths, const char *sign,
                              const char *unit, char text[48]) {
    if (thousandths == 0) {
        return (unsigned)snprintf(text, 48, "%s%u %s", sign, (unsigned)whole, unit);
    }
    int digits = 3;
    for (; thousandths % 10 == 0; thousandths /= 10) {
        digits--;
    }
    return (unsigned)snprintf(text, 48, "%s%u.%0*u %s", sign, (unsigned)whole, digits,
                              (unsigned)thousandths, unit);
}

unsigned units_print_time(int64_t time_ns, char text[48]) {
    static const struct {
        const char *name;
        uint64_t ns;
    } scale[] = {{"d", 86400000000000},
                 {"h", 3600000000000},
                 {"min", 60000000000},
                 {"s", 1000000000},
                 {"ms", 1000000},
                 {"us", 1000},
                 {"ns", 1},
                 {"ns", 1}};
    const char *sign = time_ns < 0 ? "-" : "";
    uint64_t size_ns = time_ns < 0 ? 0 - (uint64_t)time_ns : (uint64_t)time_ns;
    for (unsigned i = 0; i < 6; i++) {
        /* 59.9996 min is "1 h", and 23.9 h is not "1 d": the unit counts that is reached when
         * rounding as the next smaller one would. */
        if (round_to(size_ns, scale[i + 2].ns) < scale[i].ns) {
            continue;
        }
        uint64_t rounded = round_to(size_ns, scale[i + 1].ns);
        uint64_t whole = rounded / scale[i].ns;
        uint64_t part = rounded % scale[i].ns / scale[i + 1].ns;
        if (i >= 3) {
            return print_decimal(whole, part, sign, scale[i].name, text);
        }
        if (part == 0) {
            return (unsigned)snprintf(text, 48, "%s%u %s", sign, (unsigned)whole, scale[i].name);
        }
        return (unsigned)snprintf(text, 48, "%s%u %s %u %s", sign, (unsigned)whole, scale[i].name,
                                  (unsigned)part, scale[i + 1].name);
    }
    return (unsigned)snprintf(text, 48, "%s%u %s", sign, (unsigned)size_ns,
                              size_ns == 0 ? "s" : "ns");
}

static bool is_leap(int64_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_days(int64_t year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 1970-01-01 to January 1 of the year. */
static int64_t year_start(int64_t year) {
    int64_t before = year - 1;
    enum { LEAPS_BEFORE_1970 = 1969 / 4 - 1969 / 100 + 1969 / 400 };
    return 365 * (year - 1970) + before / 4 - before / 100 + before / 400 - LEAPS_BEFORE_1970;
}

int units_parse_date(const char *text, int64_t *day, struct place place, struct error *err) {
    size_t length = strlen(text);
    struct reading reading = {text, length < 1000 ? (int)length : 1000, place, err};
    bool well_formed = length == 10;
    for (size_t i = 0; i < length && well_formed; i++) {
        well_formed = i == 4 || i == 7 ? text[i] == '-' : is_digit(text[i]);
    }
    if (!well_formed) {
        return refuse(&reading, "is not a date, e.g. 2017-01-28");
    }
    int number[10];
    for (int i = 0; i < 10; i++) {
        number[i] = text[i] - '0';
    }
    int year = number[0] * 1000 + number[1] * 100 + number[2] * 10 + number[3];
    int month = number[5] * 10 + number[6], month_day = number[8] * 10 + number[9];
    if (year < 1600) {
        return refuse(&reading, "is before the year 1600");
    }
    if (month < 1 || month > 12) {
        return refuse(&reading, "has no such month: dates are year-month-day");
    }
    if (month_day < 1 || month_day > month_days(year, month)) {
        return error_at(err, place, "'%s': that month has %d days", text, month_days(year, month));
    }
    *day = year_start(year) + month_day - 1;
    for (int earlier = 1; earlier < month; earlier++) {
        *day += month_days(year, earlier);
    }
    return 0;
}

unsigned units_print_date(int64_t day, char text[16]) {
    REQUIRE(day >= UNITS_DAY_MIN);
    REQUIRE(day <= UNITS_DAY_MAX);
    int64_t year = 1970 + day / 365; /* at most two years late, or one early before 1970 */
    while (year_start(year) > day) {
        year--;
    }
    while (year_start(year + 1) <= day) {
        year++;
    }
    int64_t rest = day - year_start(year);
    int month = 1;
    for (; rest >= month_days(year, month); month++) {
        rest -= month_days(year, month);
    }
    return (unsigned)snprintf(text, 16, "%04d-%02d-%02d", (int)year, month, (int)rest + 1);
}

int units_weekday(int64_t day) {
    int64_t weekday = (day + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(weekday < 0 ? weekday + 7 : weekday);
}
