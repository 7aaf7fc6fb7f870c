/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: tables line up on a terminal whatever the text, and show no more digits than are known.
 * Method: whole tables compared byte by byte; display widths from Unicode's own table of East Asian
 * widths and combining marks. */
#include "analysis/tables/number.h"
#include "analysis/tables/table.h"
#include "tests/test.h"

#include <math.h>

static char printed[4096];

static const char *print(const struct table *table) {
    FILE *file = tmpfile();
    table_print(table, file);
    rewind(file);
    size_t length = fread(printed, 1, sizeof printed - 1, file);
    printed[length] = '\0';
    fclose(file);
    return printed;
}

static void test_points_line_up(void) {
    struct arena arena = ARENA_INIT;
    const char *heads[] = {"", "mean", "±", "in target"};
    struct table *table = table_create(&arena, 80, 4, heads);
    table_section(table, "release_time");
    table_text(table, "  paper");
    table_number(table, 95.71, 1);
    table_number(table, 1.72, 1);
    table_percent(table, 0.3587, 1);
    table_text(table, "  single_window");
    table_number(table, 1061.914, 2);
    table_number(table, NAN, 2);
    table_percent(table, 1, 0);
    CHECK_TEXT(print(table), "                     mean    ±  in target\n"
                             "release_time\n"
                             "  paper             95.7   1.7     35.9 %\n"
                             "  single_window  1,061.91  –        100 %\n");
    arena_free(&arena);
}

static void test_empty_columns_and_narrow_terminals(void) {
    struct arena arena = ARENA_INIT;
    const char *heads[] = {"", "n", "censored"};
    struct table *table = table_create(&arena, 24, 3, heads);
    table_text(table, "通关 customs of a far country");
    table_number(table, 12034, 0);
    table_number(table, NAN, 0);
    table_text(table, "é");
    table_number(table, 7, 0);
    table_text(table, "");
    CHECK_TEXT(print(table), "                       n\n"
                             "通关 customs of…  12,034\n"
                             "é                      7\n");
    arena_free(&arena);
}

static void test_display_width(void) {
    CHECK_INT(table_display_width(""), 0);
    CHECK_INT(table_display_width("paper"), 5);
    CHECK_INT(table_display_width("± µs –"), 6);
    CHECK_INT(table_display_width("e\xcc\x81"), 1); /* e and a combining acute accent */
    CHECK_INT(table_display_width("海关"), 4);
    CHECK_INT(table_display_width("한국"), 4);
    CHECK_INT(table_display_width("\xf0\x9f\x9a\xa2"), 2); /* a ship */
    CHECK_INT(table_display_width("a\xff\xc3"), 3);        /* broken bytes still end */
}

#define CHECK_NUMBER(value, decimals, expected)       \
    do {                                              \
        char test_text[NUMBER_TEXT_SIZE];             \
        number_print((value), (decimals), test_text); \
        CHECK_TEXT(test_text, expected);              \
    } while (0)

static void test_number_print(void) {
    CHECK_NUMBER(0, 0, "0");
    CHECK_NUMBER(2.385, 1, "2.4");
    CHECK_NUMBER(-0.04, 1, "0.0");
    CHECK_NUMBER(-0.05001, 1, "-0.1");
    CHECK_NUMBER(999.96, 1, "1,000.0");
    CHECK_NUMBER(-1234567.891, 2, "-1,234,567.89");
    CHECK_NUMBER(123, 0, "123");
    CHECK_NUMBER(NAN, 2, NUMBER_NONE);
    CHECK_NUMBER(-INFINITY, 2, "-∞");
    CHECK_NUMBER(9.99e14, 4, "999,000,000,000,000.0000");
    CHECK_NUMBER(1.5e300, 9, "1.5e+300");
}

static void test_decimals_follow_the_half_width(void) {
    CHECK_INT(number_decimals(12.3, 3), 0);
    CHECK_INT(number_decimals(9.95, 3), 0);
    CHECK_INT(number_decimals(9.94, 3), 1);
    CHECK_INT(number_decimals(1.0, 3), 1);
    CHECK_INT(number_decimals(0.42, 3), 2);
    CHECK_INT(number_decimals(0.0042, 2), 2);
    CHECK_INT(number_decimals(0, 2), 2);
    CHECK_INT(number_decimals(NAN, 1), 1);
    CHECK_INT(number_decimals(INFINITY, 3), 0);
}

static void test_exact_and_p(void) {
    char text[NUMBER_TEXT_SIZE];
    const double values[] = {0.1, 1.0 / 3, 2.385e-300, 5e-324, -1.7976931348623157e308, 12034};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        number_print_exact(values[i], text);
        CHECK(strtod(text, NULL) == values[i]);
    }
    number_print_exact(0.1, text);
    CHECK_TEXT(text, "0.1");
    number_print_p(0.0321, text);
    CHECK_TEXT(text, "0.032");
    number_print_p(0.00099, text);
    CHECK_TEXT(text, "<0.001");
    number_print_p(NAN, text);
    CHECK_TEXT(text, NUMBER_NONE);
}

static void test_time_unit(void) {
    CHECK_TEXT(number_time_unit(0).name, "h");
    CHECK_TEXT(number_time_unit(0.3).name, "ms");
    CHECK_TEXT(number_time_unit(2.1).name, "s");
    CHECK_TEXT(number_time_unit(119).name, "s");
    CHECK_TEXT(number_time_unit(121).name, "min");
    CHECK_TEXT(number_time_unit(7199).name, "min");
    CHECK_TEXT(number_time_unit(605520).name, "h");
    CHECK_NEAR(number_time_unit(605520).size_s, 3600, 0);
}

/* Thirds would show 33.3 three times and miss the total; negative parts must not loop. */
static void test_rounding_together(void) {
    double thirds[] = {100.0 / 3, 100.0 / 3, 100.0 / 3};
    number_round_together(thirds, 3, 1);
    CHECK_NEAR(thirds[0], 33.4, 1e-12);
    CHECK_NEAR(thirds[1], 33.3, 1e-12);
    CHECK_NEAR(thirds[2], 33.3, 1e-12);
    double mixed[] = {-1.26, 0.0, 5.37, 0.449, 0.001};
    number_round_together(mixed, 5, 1);
    CHECK_NEAR(mixed[0] + mixed[1] + mixed[2] + mixed[3] + mixed[4], 4.6, 1e-12);
    for (int i = 0; i < 5; i++) {
        const double exact[] = {-1.26, 0.0, 5.37, 0.449, 0.001};
        CHECK_NEAR(mixed[i], exact[i], 0.1);
    }
}

int main(void) {
    test_points_line_up();
    test_empty_columns_and_narrow_terminals();
    test_display_width();
    test_number_print();
    test_decimals_follow_the_half_width();
    test_exact_and_p();
    test_time_unit();
    test_rounding_together();
    return test_summary();
}
