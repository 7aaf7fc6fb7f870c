/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_units.c - goal: whatever text passes as a quantity or a date keeps the promises of units.h.
 *
 * Method: bare numbers are compared with the C library, dates and times are printed and read back,
 * and what is refused must have a message and leave the result alone. */
#include "core/base/units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Noreturn void fail(const char *what, const char *text) {
    fprintf(stderr, "%s:\n%s\n", what, text);
    abort();
}

static void check_error(const struct error *err, const char *text) {
    if (err->code != ERROR_INPUT || err->text[0] == '\0' || err->line != 3 || err->column != 7) {
        fail("a refusal without a message or a place", text);
    }
}

static void check_time(double seconds, const char *text) {
    char printed[48];
    int64_t time_ns = units_ns(seconds);
    double off = (double)time_ns - seconds * 1e9, size = seconds < 0 ? -seconds : seconds;
    if ((off < 0 ? -off : off) > 0.5 + size * 1e9 * 0x1p-51) {
        fail("a time that is not the nearest nanosecond", text);
    }
    if (units_print_time(time_ns, printed) != strlen(printed)) {
        fail("a printed time of another length", text);
    }
}

static void check_quantity(const struct quantity *quantity, const char *text) {
    bool has_currency = quantity->dimension == DIMENSION_MONEY ||
                        quantity->dimension == DIMENSION_MONEY_PER_TIME ||
                        quantity->dimension == DIMENSION_MONEY_PER_MASS;
    if (quantity->dimension < 0 || quantity->dimension >= DIMENSION_COUNT ||
        (quantity->currency[0] != '\0') != has_currency || quantity->currency[3] != '\0') {
        fail("a dimension that does not fit the currency", text);
    }
    if (!(quantity->value > -1e28 && quantity->value < 1e28)) {
        fail("a value that is no number", text);
    }
    if (quantity->dimension == DIMENSION_NONE && quantity->value != strtod(text, NULL)) {
        fail("a number that the C library reads otherwise", text);
    }
    if (quantity->dimension == DIMENSION_TIME) {
        check_time(quantity->value, text);
    }
}

static void check_date(int64_t day, const char *text) {
    char printed[16];
    if (day < UNITS_DAY_MIN || day > UNITS_DAY_MAX || units_print_date(day, printed) != 10 ||
        strcmp(printed, text) != 0) {
        fail("a date that is not printed as it was read", text);
    }
    if (units_weekday(day) != (units_weekday(day - 1) + 1) % 7) {
        fail("a weekday that does not follow its eve", text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    struct place place = {"text", 3, 7};
    struct error err = ERROR_INIT, date_err = ERROR_INIT;
    struct quantity quantity = {.value = 2.385};
    if (units_parse(text, &quantity, place, &err) == 0) {
        check_quantity(&quantity, text);
    } else {
        check_error(&err, text);
    }
    int64_t day = INT64_MIN;
    if (units_parse_date(text, &day, place, &date_err) == 0) {
        check_date(day, text);
    } else {
        check_error(&date_err, text);
    }
    int64_t bits = 0;
    memcpy(&bits, data, size < sizeof bits ? size : sizeof bits);
    char printed[48];
    if (units_print_time(bits, printed) != strlen(printed)) {
        fail("a printed time of another length", text);
    }
    free(text);
    return 0;
}
