/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: the rate of a day is that of its row, on both ends; days in gaps have none.
 * Method: rates constant, dated and as rows of a monthly file, read at their first and last days;
 * each kind of wrong table with its message; rounding, numbers and dates as scalars. */
#include "core/base/units.h"
#include "core/tariff/exchange.h"
#include "tests/test.h"

static struct arena arena;

static int64_t day_of(const char *text) {
    int64_t day = 0;
    struct error err = ERROR_INIT;
    struct place place = {.source = "test"};
    units_parse_date(text, &day, place, &err);
    return day;
}

static int read(const char *text, struct exchange *exchange, struct error *err) {
    const struct node *document = node_read_text(&arena, "rates", text, strlen(text), err);
    return document != NULL ? exchange_read(document, &arena, exchange, err) : -1;
}

static const char *rate_on(const struct exchange *exchange, const char *code, const char *day) {
    const struct exact *rate = exchange_on(exchange, exchange_find(exchange, code), day_of(day));
    char text[96];
    if (rate == NULL) {
        return "none";
    }
    exact_print(*rate, text);
    return arena_text(&arena, text, strlen(text));
}

static void test_rates(void) {
    struct exchange exchange;
    struct error err = ERROR_INIT;
    CHECK_INT(
        read("currency: GBP\n"
             "exchange:\n"
             "  rate_round: down 0.01\n"
             "  rates:\n"
             "    EUR: 0.8571\n"
             "    USD:\n"
             "      - {from: 2020-01-01, to: 2020-01-31, rate: 0.76}\n"
             "      - {from: 2020-03-01, rate: 1/3}\n"
             "    XEM: {rows: \"month_start,rate\\n2016-01-01,0.7298\\n2016-02-01,0.75965\"}\n",
             &exchange, &err),
        0);
    CHECK_TEXT(err.text, "");
    CHECK_INT(exchange_find(&exchange, "GBP"), EXCHANGE_OWN);
    CHECK_INT(exchange_find(&exchange, "\0\0\0"), EXCHANGE_OWN);
    CHECK_INT(exchange_find(&exchange, "JPY"), EXCHANGE_UNKNOWN);
    CHECK_INT(exchange.rounding.mode, ROUNDING_DOWN);
    CHECK_TEXT(rate_on(&exchange, "EUR", "1999-01-01"), "0.8571");
    CHECK_TEXT(rate_on(&exchange, "USD", "2019-12-31"), "none");
    CHECK_TEXT(rate_on(&exchange, "USD", "2020-01-01"), "0.76");
    CHECK_TEXT(rate_on(&exchange, "USD", "2020-01-31"), "0.76");
    CHECK_TEXT(rate_on(&exchange, "USD", "2020-02-01"), "none");
    CHECK_TEXT(rate_on(&exchange, "USD", "2020-03-01"), "1/3");
    CHECK_TEXT(rate_on(&exchange, "XEM", "2015-12-31"), "none");
    CHECK_TEXT(rate_on(&exchange, "XEM", "2016-01-31"), "0.7298");
    CHECK_TEXT(rate_on(&exchange, "XEM", "2016-02-01"), "0.75965");
    CHECK_TEXT(rate_on(&exchange, "XEM", "2017-01-01"), "none");
}

static void test_refusals(void) {
    static const char *const cases[][2] = {
        {"currency: POUND\n", "expected a currency of three letters, e.g. EUR"},
        {"exchange: {rates: {EURO: 1}}\n", "expected a currency of three letters, e.g. EUR"},
        {"exchange: {rates: {EUR: much}}\n", "expected a number, e.g. 12.50, 1/3 or 15 %"},
        {"exchange: {rates: {EUR: [{from: 2020-01-01, to: 2020-02-01, rate: 1}, {from: 2020-02-01, "
         "rate: 2}]}}\n",
         "rates of a currency stand in order and don't overlap"},
        {"exchange: {rates: {EUR: [{from: 2020-13-01, rate: 1}]}}\n",
         "expected a date, e.g. 2024-02-29"},
        {"exchange: {rates: {EUR: [{from: 2020-12-01}]}}\n",
         "expected {from: DATE, to: DATE, rate: NUMBER}"},
        {"exchange: {rates: {EUR: {rows: \"2020-02-01,1\\n2020-01-01,2\"}}}\n",
         "row 2: rows stand in order of date"},
        {"exchange: {rate_round: half 0.01, rates: {EUR: 1}}\n",
         "expected a mode (none|half_up|half_even|half_down|down|up|floor|ceiling) and a step "
         "above "
         "0, e.g. half_up 0.01"},
        {"exchange: {rate_round: down 0, rates: {EUR: 1}}\n",
         "expected a mode (none|half_up|half_even|half_down|down|up|floor|ceiling) and a step "
         "above "
         "0, e.g. half_up 0.01"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct exchange exchange;
        struct error err = ERROR_INIT;
        CHECK_INT(read(cases[i][0], &exchange, &err), -1);
        CHECK_TEXT(err.text, cases[i][1]);
        CHECK_INT(err.line, 1);
    }
}

int main(void) {
    test_rates();
    test_refusals();
    arena_free(&arena);
    return test_summary();
}
