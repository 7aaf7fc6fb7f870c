/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_expression.c - the language of `when:`: what it means, what it refuses and where.
 *
 * Results are given as text; every error is met once with its column and its message. Random
 * expressions against an independent evaluator are in test_expression_evaluate.c. */
#include "core/rule/expression.h"

#include "core/base/units.h"
#include "tests/test.h"

static const struct expression_input inputs[] = {
    {"channel", VALUE_SYMBOL, DIMENSION_NONE, "", .choices = "none|green|yellow|red"},
    {"chapter", VALUE_SYMBOL, DIMENSION_NONE, "", .choices = NULL},
    {"trusted", VALUE_BOOLEAN, DIMENSION_NONE, "", .choices = NULL},
    {"value", VALUE_DECIMAL, DIMENSION_MONEY, "", .choices = NULL},
    {"mass", VALUE_DECIMAL, DIMENSION_MASS, "", .choices = NULL},
    {"waiting", VALUE_DECIMAL, DIMENSION_TIME, "", .choices = NULL},
    {"share", VALUE_DECIMAL, DIMENSION_SHARE, "", .choices = NULL},
    {"visits", VALUE_DECIMAL, DIMENSION_NONE, "", .choices = NULL},
    {"lodged", VALUE_DATE, DIMENSION_NONE, "", .choices = NULL},
    {"unknown", VALUE_DECIMAL, DIMENSION_NONE, "", .choices = NULL},
    {"unsure", VALUE_BOOLEAN, DIMENSION_NONE, "", .choices = NULL},
    {"week", VALUE_DECIMAL, DIMENSION_NONE, "", .choices = NULL},
    {"level", VALUE_SYMBOL, DIMENSION_NONE, "", .choices = "1|2|3"},
    {"flow", VALUE_DECIMAL, DIMENSION_RATE, "", .choices = NULL},
    {"wage", VALUE_DECIMAL, DIMENSION_MONEY_PER_TIME, "", .choices = NULL},
};
enum { INPUT_COUNT = sizeof inputs / sizeof *inputs };

struct laboratory {
    struct arena arena;
    struct expression_names names;
    struct value values[INPUT_COUNT];
};

static struct value number(const char *text) {
    struct value value = {.type = VALUE_DECIMAL};
    CHECK_INT(decimal_parse(text, &value.decimal), 0);
    return value;
}

static struct value symbol(struct laboratory *lab, const char *text) {
    return (struct value){.type = VALUE_SYMBOL,
                          .symbol = expression_symbol(&lab->names, &lab->arena, text)};
}

static struct laboratory laboratory(void) {
    struct laboratory lab = {
        .arena = ARENA_INIT,
        .names = {.inputs = inputs, .input_count = INPUT_COUNT, .currency = "USD"}};
    struct value values[INPUT_COUNT] = {
        symbol(&lab, "red"),
        symbol(&lab, "84"),
        {.type = VALUE_BOOLEAN, .boolean = true},
        number("60000"),
        number("1250.5"),
        number("14400"),
        number("0.05"),
        number("3"),
        {.type = VALUE_DATE, .date_day = 17194}, /* 2017-01-28 */
        {.type = VALUE_MISSING},
        {.type = VALUE_MISSING},
        number("8"),
        symbol(&lab, "2"),
        number("0.003"),
        number("0.01"),
    };
    memcpy(lab.values, values, sizeof values);
    return lab;
}

static void gives_type(enum value_type type, const char *text, const char *expected) {
    struct laboratory lab = laboratory();
    struct error err = ERROR_INIT;
    struct place place = {"paper.yml", 3, 10};
    const struct expression *expression =
        expression_compile(text, type, &lab.names, &lab.arena, place, &err);
    CHECK_TEXT(err.text, "");
    char printed[64] = "nothing compiled";
    if (expression != NULL) {
        value_print(expression_evaluate(expression, lab.values), lab.names.symbols, printed,
                    sizeof printed);
    }
    if (!test_check(strcmp(printed, expected) == 0, __FILE__, __LINE__, text)) {
        printf(": got %s, expected %s\n", printed, expected);
    }
    if (expression != NULL && type == VALUE_BOOLEAN) {
        CHECK_INT(expression_holds(expression, lab.values), strcmp(expected, "true") == 0);
    }
    arena_free(&lab.arena);
}

static void is(const char *text, const char *expected) {
    gives_type(VALUE_BOOLEAN, text, expected);
}

static void makes(const char *text, const char *expected) {
    gives_type(VALUE_DECIMAL, text, expected);
}

static void test_meaning(void) {
    is("channel == red and (value > 50000 USD or not trusted) and chapter in [02, 03, 04]",
       "false");
    is("channel == red and value > 50000 USD", "true");
    is("red == channel and 50000 USD < value", "true");
    is("60000 USD < value", "false");
    is("60000 USD <= value and 60000 USD >= value", "true");
    is("\"red\" == channel", "true");
    is("channel != 'green'", "true");
    is("channel in [green, \"red\"]", "true");
    is("channel not in [green, red]", "false");
    is("not channel in [green, yellow]", "true");
    is("chapter == 84 and chapter != 02 and chapter != 8471", "true");
    is("level == 2 and level in [1, 2]", "true");
    is("channel == (if trusted then red else green)", "true");
    is("channel == channel", "true");
    is("0.1 + 0.2 == 0.3", "true");
    is("trusted == true and trusted != false and trusted", "true");
    is("lodged == 2017-01-28 and lodged < 2017-01-29 and lodged >= 2016-12-31", "true");
    is("lodged in [2017-01-01..2017-01-31] and not lodged in [2017-01-01..2017-01-28)", "true");
    is("lodged in (2017-01-27..2017-02-01)", "true");
    is("lodged in [2017-01-27, 2017-01-28]", "true");
    is("visits in [1..3] and not visits in [1..3) and not visits in (3..4]", "true");
    is("visits in [-1, -2, 3]", "true");
    is("visits in [visits - 1 .. visits * 2]", "true");
    is("if visits > 2 then trusted else not trusted", "true");
    is("(if visits > 2 then 1 else 2) + 1 == 2", "true");
    is(" \t\n trusted\r\n", "true");
    gives_type(VALUE_SYMBOL, "if trusted then green else red", "green");
    gives_type(VALUE_SYMBOL, "channel", "red");
    gives_type(VALUE_SYMBOL, "if trusted then 07 else channel", "07");
    gives_type(VALUE_DATE, "if trusted then lodged else 2020-02-29", "2017-01-28");
}

static void test_arithmetic(void) {
    makes("1 + 2 * 3 - 4 / 2", "5");
    makes("10 - 3 - 2", "5");
    makes("24 / 4 / 2", "3");
    makes("-2 * -3", "6");
    makes("- - 2", "2");
    makes("-(visits + 1)", "-4");
    makes("2 - -3", "5");
    makes("(1 + 2) * 3", "9");
    makes("2017 - 01 - 28", "1988"); /* with blanks it is no date */
    makes("min(3, 1, 2) + max(3, 1, 2)", "4");
    makes("abs(-2.385) + abs(2)", "4.385");
    makes("abs(min(-1, visits))", "1");
    makes("1 / 3", "0.333333333333333333");
    makes("1e3 + 1.5e-1", "1000.15");
    makes("if visits == 3 then 1 else 2", "1");
    makes("if unsure then 1 else 2", "2"); /* missing counts as not met */
}

static void test_units(void) {
    is("waiting == 4 h and waiting == 240min and waiting >= 0.5 d / 3", "true");
    is("waiting > 0 and 0 < value and value != 0", "true"); /* zero needs no unit */
    is("mass == 1.2505 t and mass > 999 g", "true");
    is("share == 5 % and share == 0.05 and share * 2 == 10%", "true");
    is("value / mass > 40 USD/kg", "true");
    is("value == 48 USD/kg * mass", "false");
    is("value > 30 USD/h * waiting", "true");
    is("36 USD/h * 4 h == 144 USD", "true");
    is("waiting * 36/h == 144", "true");
    is("48 / waiting == 12/h", "true");
    is("value / 36 USD/h * 36 == 60000 h", "true");
    is("30 USD/h * 4 h == 120 USD and 4 h * 30 USD/h >= 120 USD", "true");
    is("value / 30 USD/h == 2000 h and value / 2000 h == 30 USD/h", "true");
    is("7/d * 3 week == 147 and 147 / 7/d <= 3 week", "true");
    is("10/h / 5/d == 48 and 10/h / 48 == 5/d and 3 * 10/h == 30/h", "true");
    is("10/h + 5/d - 245/d == 0 and -10/h == -240/d and abs(-1/h) == 24/d", "true");
    is("min(10/h, 241/d) in [240/d, 1/h] and max(1/h, 23/d) in [24/d..25/d)", "true");
    is("flow == 10.8/h and 0.18/min == flow and flow * 1 d == 259.2", "true");
    is("wage == 36 USD/h and wage * waiting == 144 USD and wage > 35.99 USD/h", "true");
    is("wage / 2 == 18 USD/h and value / wage == 6e6 s and flow in [10/h..11/h]", "true");
    is("unknown * 30 USD/h is missing and (value / 0 h) is missing", "true");
    makes("wage * 2", "0.02");
    makes("if trusted then flow else 0", "0.003");
    makes("144 USD / wage", "14400");
    makes("1 / flow * 3", "1000"); /* multiplied by the week before it is divided */
    is("waiting / 2 h == 2", "true");
    is("value * 5 % == 3000 USD", "true");
    is("5 % * value == 3000 USD", "true");
    is("min(waiting, 2 h) == 7200 s and abs(-waiting) == 4 h", "true");
    is("value in [100 USD..5000 USD]", "false");
    is("waiting in [0..4 h]", "true");
    makes("waiting", "14400");
    makes("1.5 h", "5400");
    makes("250 g", "0.25");
    makes("12/h", "0.003333333333333333");
    makes("16/week", "2"); /* week is an input here, so this divides */
    makes("16 / week", "2");
    makes("5 * 0", "0");
}

/* Wages and times in all units, chosen so that what is earned is a decimal: nothing is lost. */
static void test_exact_rates(void) {
    static const struct {
        const char *name;
        int64_t size_s;
    } units[] = {{"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}, {"week", 604800}};
    uint64_t state = 20170128;
    for (int round = 0; round < 2000; round++) {
        uint64_t picks[4];
        for (int i = 0; i < 4; i++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            picks[i] = state >> 33;
        }
        uint64_t per = picks[0] % 4, in = picks[1] % 5; /* no USD/week: week is an input here */
        int64_t larger_s = units[per > in ? per : in].size_s; /* each divides the next */
        int64_t times = 1 + (int64_t)(picks[2] % 50);
        struct decimal wage = {1 + (int64_t)(picks[3] % 9999), 2};
        struct decimal earned = {wage.coefficient * times * (larger_s / units[per].size_s), 2};
        char wage_text[28], earned_text[28], text[256];
        decimal_print(wage, wage_text);
        decimal_print(earned, earned_text);
        long long worked = (long long)(times * (larger_s / units[in].size_s));
        const char *per_name = units[per].name, *in_name = units[in].name;
        snprintf(text, sizeof text,
                 "%s USD/%s * %lld %s == %s USD and %s USD / %s USD/%s == %lld %s and "
                 "%s USD / %lld %s == %s USD/%s",
                 wage_text, per_name, worked, in_name, earned_text, earned_text, wage_text,
                 per_name, worked, in_name, earned_text, worked, in_name, wage_text, per_name);
        is(text, "true");
    }
}

static void test_missing(void) {
    is("unknown is missing and not (visits is missing) and visits is not missing", "true");
    is("unknown is not missing", "false");
    is("unknown > 3", "missing");
    is("3 < unknown", "missing");
    is("unknown == unknown", "missing");
    is("unknown in [1, 2]", "missing");
    is("unknown in [1..2]", "missing");
    is("visits in [unknown..2]", "false"); /* above 2, whatever unknown is */
    is("visits in [unknown..5]", "missing");
    is("unknown > 3 and 1 > 2", "false");
    is("unknown > 3 or 1 < 2", "true");
    is("not (unknown > 3)", "missing");
    is("not unsure", "missing");
    is("unsure == true", "missing");
    is("1 / 0 > 1", "missing");
    is("(1 / 0) is missing", "true");
    is("(9e18 + 9e18) is missing and (9e18 * 9) is missing", "true");
    makes("unknown + 1", "missing");
    makes("-unknown", "missing");
    makes("abs(unknown)", "missing");
    makes("min(unknown, 1)", "missing");
    makes("max(1, unknown)", "missing");
    makes("if unknown > 3 then 1 else 2", "2");
    makes("if trusted then unknown else 2", "missing");
}

/* All combinations of true, false and missing, in both orders and beside jumps. */
static void test_truth_tables(void) {
    const char *const values[] = {"true", "unsure", "false"}; /* in Kleene's order */
    const char *const results[] = {"true", "missing", "false"};
    char text[200];
    for (int a = 0; a < 3; a++) {
        snprintf(text, sizeof text, "not %s", values[a]);
        is(text, results[2 - a]);
        for (int b = 0; b < 3; b++) {
            int least = a > b ? a : b, most = a < b ? a : b;
            snprintf(text, sizeof text, "%s and %s", values[a], values[b]);
            is(text, results[least]);
            snprintf(text, sizeof text, "%s or %s", values[a], values[b]);
            is(text, results[most]);
            for (int c = 0; c < 3; c++) {
                snprintf(text, sizeof text, "%s and %s and %s", values[a], values[b], values[c]);
                is(text, results[least > c ? least : c]);
                snprintf(text, sizeof text, "%s or %s and %s", values[a], values[b], values[c]);
                int inner = b > c ? b : c;
                is(text, results[a < inner ? a : inner]);
                snprintf(text, sizeof text, "not (%s or %s) or %s", values[a], values[b],
                         values[c]);
                is(text, results[2 - most < c ? 2 - most : c]);
            }
        }
    }
}

static void refused_as(enum value_type type, const char *text, int column, const char *message) {
    struct laboratory lab = laboratory();
    struct error err = ERROR_INIT;
    struct place place = {"paper.yml", 3, 10};
    CHECK(expression_compile(text, type, &lab.names, &lab.arena, place, &err) == NULL);
    CHECK_INT(err.code, ERROR_INPUT);
    CHECK_TEXT(err.source, "paper.yml");
    CHECK_INT(err.line, 3);
    if (!test_check(err.column == 10 + column, __FILE__, __LINE__, text)) {
        printf(": column %d, expected %d\n", err.column - 10, column);
    }
    CHECK_TEXT(err.text, message);
    arena_free(&lab.arena);
}

static void refused(const char *text, int column, const char *message) {
    refused_as(VALUE_BOOLEAN, text, column, message);
}

static void test_wrong_names(void) {
    refused("chanel == red", 0, "unknown name 'chanel'; did you mean 'channel'?");
    refused("zzzzzzzzz > 3", 0,
            "unknown name 'zzzzzzzzz'; known are channel, chapter, trusted, value, mass, waiting, "
            "share, visits, lodged, unknown, unsure, week, ...");
    refused("channel == rad", 11, "'rad' is no symbol of channel; did you mean 'red'?");
    refused("channel in [red, purple]", 17,
            "'purple' is no symbol of channel; its symbols are none, green, yellow, red");
    refused("channel == 3", 11,
            "'3' is no symbol of channel; its symbols are none, green, yellow, red");
    refused("level == 4", 9, "'4' is no symbol of level; its symbols are 1, 2, 3");
    refused("chapter == 3", 11, "cannot compare 'chapter' (a symbol) and '3' (a number)");
    refused("chapter == 3.5", 11, "cannot compare 'chapter' (a symbol) and '3.5' (a number)");
    refused("chapter == -02", 11, "cannot compare 'chapter' (a symbol) and '-02' (a number)");
    refused("channel == trusted", 11,
            "cannot compare 'channel' (a symbol) and 'trusted' (true or false); a symbol that is "
            "also the name of an input stands in quotes");
    refused("red == red", 0,
            "unknown name 'red'; known are channel, chapter, trusted, value, mass, waiting, share, "
            "visits, lodged, unknown, unsure, week, ...");
    refused("visits == red", 10,
            "unknown name 'red'; known are channel, chapter, trusted, value, mass, waiting, share, "
            "visits, lodged, unknown, unsure, week, ...");
    refused("visits == \"red\"", 11, "cannot compare 'visits' (a number) and 'red' (a text)");
    refused_as(VALUE_SYMBOL, "visits", 0, "expected a symbol, but 'visits' is a number");
}

static void test_wrong_types(void) {
    refused("visits", 0, "expected true or false, but 'visits' is a number");
    refused("value", 0, "expected true or false, but 'value' is money");
    refused_as(VALUE_DECIMAL, "trusted", 0, "expected a number, but 'trusted' is true or false");
    refused_as(VALUE_DATE, "channel", 0, "expected a date, but 'channel' is a symbol");
    refused("trusted and visits", 12,
            "expected true or false beside 'and' and 'or', but 'visits' is a number");
    refused("not visits", 4, "expected true or false after 'not', but 'visits' is a number");
    refused("if visits then true else false", 3,
            "expected true or false after 'if', but 'visits' is a number");
    refused("if trusted then visits else true", 28,
            "cannot choose between 'visits' (a number) and 'true' (true or false)");
    refused("trusted + 1 > 2", 0, "expected a number, but 'trusted' is true or false");
    refused("-channel == 2", 1, "expected a number, but 'channel' is a symbol");
    refused("trusted < true", 0,
            "'trusted' is true or false, which has no order: use ==, != or a list");
    refused("channel > green", 0,
            "'channel' is a symbol, which has no order: use ==, != or a list");
    refused("chapter in [01..24]", 0,
            "'chapter' is a symbol, which has no order: use ==, != or a list");
    refused("lodged + 1 == lodged", 0, "expected a number, but 'lodged' is a date");
    refused("lodged > 3", 9, "cannot compare 'lodged' (a date) and '3' (a number)");
    refused("visits in [1, true]", 14,
            "cannot compare 'visits' (a number) and 'true' (true or false)");
    refused("visits in [1, week]", 14,
            "a list holds plain values: join comparisons with 'or' for 'week'");
    refused("visits in [1..true]", 14,
            "cannot compare 'visits' (a number) and 'true' (true or false)");
}

static void test_wrong_units(void) {
    refused("value > 50000", 8, "'50000' needs a unit of money, e.g. 100 USD, 12.50 EUR");
    refused("35 < waiting", 0, "'35' needs a unit of time, e.g. 35 min, 2 h, 1.5 d");
    refused("value > 4 h", 8, "cannot compare 'value' (money) and '4 h' (time)");
    refused("value > visits * 2", 8, "cannot compare 'value' (money) and 'visits * 2' (a number)");
    refused("visits > 4 h", 9, "cannot compare 'visits' (a number) and '4 h' (time)");
    refused("value > 5 EUR", 10, "money is in USD here, not in EUR");
    refused("value / mass > 5 EUR/kg", 17, "money is in USD here, not in EUR");
    refused("value + waiting > 0", 8, "cannot add 'value' (money) and 'waiting' (time)");
    refused("value - 3 > 0", 8, "'3' needs a unit of money, e.g. 100 USD, 12.50 EUR");
    refused("value * value > 0", 8, "cannot multiply 'value' (money) and 'value' (money)");
    refused("mass / waiting > 0", 7, "cannot divide 'mass' (mass) and 'waiting' (time)");
    refused("min(value, mass) > 0", 11,
            "cannot take the least of 'value' (money) and 'mass' (mass)");
    refused("waiting > 5 hours", 12, "unknown unit 'hours': write h");
    refused("waiting > 5 mon", 12, "unknown unit 'mon'; did you mean 'min'?");
    refused("waiting > 9e18 week", 10, "'9e18 week' is too large");
    refused("waiting in [1 h..5]", 17, "'5' needs a unit of time, e.g. 35 min, 2 h, 1.5 d");
}

static void test_wrong_shape(void) {
    refused("", 0, "expected a value, but the expression ends");
    refused("trusted and", 11, "expected a value, but the expression ends");
    refused("trusted trusted", 8, "expected an operator or the end, got 'trusted'");
    refused("(trusted", 8, "expected ')', but the expression ends");
    refused("trusted)", 7, "expected an operator or the end, got ')'");
    refused("and trusted", 0, "expected a value, got 'and'");
    refused("* 3", 0, "expected a value, got '*'");
    refused("1 < visits < 5", 11, "comparisons do not chain: join two of them with 'and'");
    refused("visits = 3", 7, "write '==' here");
    refused("visits <> 3", 7, "write '!=' instead of '<>'");
    refused("trusted && trusted", 8, "write 'and' here");
    refused("trusted || trusted", 8, "write 'or' here");
    refused("!trusted", 0, "write 'not' here");
    refused("visits \xe2\x89\xa4 3", 7, "write '<=' here");
    refused("visits # 3", 7, "'#' has no meaning here");
    refused("visits \xc3\xa9 3", 7, "this character has no meaning here");
    refused("visits == missing", 10, "write 'x is missing' to ask whether x is known");
    refused("visits is 3", 10, "expected 'missing' or 'not missing' after 'is', got '3'");
    refused("visits not 3", 11, "expected 'in' after 'not', got '3'");
    refused("visits in 3", 10, "expected '[' after 'in', e.g. in [02, 03] or in [1..5], got '3'");
    refused("visits in (1, 2)", 12,
            "expected '..' in a range that begins with '(' (lists are written with '['), got ','");
    refused("visits in [1, 2", 15, "expected ',', '..' or ']', but the expression ends");
    refused("visits in [1..2", 15, "expected ']' or ')' after a range, but the expression ends");
    refused("visits in []", 11, "expected a value, got ']'");
    refused("if trusted then true", 20,
            "expected 'else': every 'if' has one, but the expression ends");
    refused("if trusted", 10, "expected 'then', but the expression ends");
    refused("trusted == if trusted then true else false", 11, "put the 'if' into parentheses");
    refused("trusted == not trusted", 11, "put the 'not' into parentheses");
    refused("min(3) > 1", 0, "min and max take two values or more");
    refused("abs(3, 4) > 1", 5, "expected ')', got ','");
    refused("min 3", 4, "expected '(' after the name of a function, got '3'");
    refused("channel == 'red", 11, "the text that begins here has no closing ' within 1024 bytes");
    refused("channel == ''", 11, "an empty text is no symbol");
    refused("lodged > 2017-02-29", 9, "'2017-02-29': that month has 28 days");
    refused("lodged > 1492-10-12", 9, "'1492-10-12' is before the year 1600");
    refused("visits > 9223372036854775808", 9,
            "'9223372036854775808' does not fit: numbers have at most 18 decimals and stay below "
            "9.2e18");
    refused("visits > 1..5", 10, "expected an operator or the end, got '..'");
}

static char *repeated(const char *part, int times, const char *middle, const char *end_part) {
    size_t size = (strlen(part) + strlen(end_part)) * (size_t)times + strlen(middle) + 1;
    char *text = calloc(1, size);
    for (int i = 0; i < times; i++) {
        strcat(text, part);
    }
    strcat(text, middle);
    for (int i = 0; i < times; i++) {
        strcat(text, end_part);
    }
    return text;
}

static void test_limits(void) {
    struct {
        const char *part;
        int times;
        const char *middle, *end_part;
        int column;
        const char *message; /* NULL: compiles */
        const char *gives;
    } cases[] = {
        /* the whole and `true` are one level each */
        {"(", 31, "true", ")", 0, NULL, "true"},
        {"(", 32, "true", ")", 32, "the expression is nested more than 64 deep", NULL},
        {"not ", 62, "true", "", 0, NULL, "true"},
        {"not ", 63, "true", "", 252, "the expression is nested more than 64 deep", NULL},
        {"- ", 70, "visits > 0", "", 126, "the expression is nested more than 64 deep", NULL},
        {"1+", 510, "1 > 1", "", 0, NULL, "true"},
        {"1+", 511, "1 > 1", "", 1026,
         "the expression has more than 1023 names, numbers and operators", NULL},
        /* five values wait at each level */
        {"1+1*(if true and 1 in [1..", 6, "1", "] then 1 else 1)", 0, NULL, "2"},
        {"1+1*(if true and 1 in [1..", 7, "1", "] then 1 else 1)", 161,
         "more than 32 values wait for others here: simplify or reorder", NULL},
        {" ", 4090, "true", "", 0, NULL, "true"},
        {" ", 4093, "true", "", 0, "the expression is longer than 4096 bytes", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = repeated(cases[i].part, cases[i].times, cases[i].middle, cases[i].end_part);
        enum value_type type =
            cases[i].part[0] == '1' && cases[i].end_part[0] != '\0' ? VALUE_DECIMAL : VALUE_BOOLEAN;
        if (cases[i].message == NULL) {
            gives_type(type, text, cases[i].gives);
        } else {
            refused_as(type, text, cases[i].column, cases[i].message);
        }
        free(text);
    }
}

static void test_inputs_and_cost(void) {
    struct laboratory lab = laboratory();
    struct error err = ERROR_INIT;
    const struct expression *expression = expression_compile(
        "waiting > 4 h or channel in [red, green] or waiting is missing or trusted", VALUE_BOOLEAN,
        &lab.names, &lab.arena, (struct place){NULL, 0, 0}, &err);
    unsigned count = 0;
    const uint16_t *read = expression_inputs(expression, &count);
    CHECK_INT(count, 3);
    CHECK_INT(read[0], 0);
    CHECK_INT(read[1], 2);
    CHECK_INT(read[2], 5);
    /* 4 conditions of 1, 2 + 2, 2 and 1 operations, 3 times `or` of 2, and the end */
    CHECK_INT(expression_cost(expression), 15);
    /* What it does not read may be anything. */
    lab.values[7] = (struct value){.type = VALUE_DATE, .date_day = 1};
    CHECK(expression_holds(expression, lab.values) == true);
    CHECK_INT(expression_symbol(&lab.names, &lab.arena, "red"), 0);
    uint32_t known = lab.names.symbol_count;
    CHECK_INT(expression_symbol(&lab.names, &lab.arena, "violet"), known);
    CHECK_INT(expression_symbol(&lab.names, &lab.arena, "violet"), known);
    for (int i = 0; i < 100; i++) {
        char text[16];
        snprintf(text, sizeof text, "s%d", i);
        CHECK_INT(expression_symbol(&lab.names, &lab.arena, text), known + 1 + (uint32_t)i);
    }
    CHECK_TEXT(lab.names.symbols[known + 50], "s49");
    arena_free(&lab.arena);
}

/* Without a currency any one will do; the error that was there first stays. */
static void test_edges(void) {
    struct laboratory lab = laboratory();
    struct error err = ERROR_INIT;
    struct place place = {"paper.yml", 3, 10};
    lab.names.currency = NULL;
    CHECK(expression_compile("value > 5 EUR", VALUE_BOOLEAN, &lab.names, &lab.arena, place, &err) !=
          NULL);
    error_set(&err, ERROR_RUN, "before");
    CHECK(expression_compile("true", VALUE_BOOLEAN, &lab.names, &lab.arena, place, &err) == NULL);
    CHECK_TEXT(err.text, "before");
    arena_free(&lab.arena);
}

int main(void) {
    test_meaning();
    test_arithmetic();
    test_units();
    test_exact_rates();
    test_missing();
    test_truth_tables();
    test_wrong_names();
    test_wrong_types();
    test_wrong_units();
    test_wrong_shape();
    test_limits();
    test_inputs_and_cost();
    test_edges();
    return test_summary();
}
