/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: seasons include both their ends, cross the year end and know the leap day; kinds have their
 * names. Method: every day of four centuries against a calendar counted up day by day. */
#include "core/tariff/measure.h"
#include "tests/test.h"

static bool is_leap(int year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static void test_every_day(void) {
    static const unsigned char lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    static const struct {
        const char *from, *to;
    } seasons[] = {{"15/05", "31/10"}, {"01/11", "14/05"}, {"01/01", "31/12"}, {"29/02", "29/02"},
                   {"31/12", "01/01"}, {"01/03", "28/02"}, {"7/7", "7/7"}};
    enum { COUNT = sizeof seasons / sizeof seasons[0] };
    uint16_t from[COUNT], to[COUNT];
    for (int s = 0; s < COUNT; s++) {
        CHECK_INT(measure_season(seasons[s].from, &from[s]), 0);
        CHECK_INT(measure_season(seasons[s].to, &to[s]), 0);
    }
    int64_t day = -135140; /* 1600-01-01 */
    unsigned wrong = 0;
    for (int year = 1600; year < 2000; year++) {
        for (int month = 1; month <= 12; month++) {
            int length = lengths[month - 1] + (month == 2 && is_leap(year));
            for (int of_month = 1; of_month <= length; of_month++, day++) {
                int today = 100 * month + of_month;
                bool expected[COUNT] = {today >= 515 && today <= 1031,
                                        today >= 1101 || today <= 514,
                                        true,
                                        today == 229,
                                        today == 1231 || today == 101,
                                        today != 229,
                                        today == 707};
                for (int s = 0; s < COUNT; s++) {
                    wrong += measure_in_season(from[s], to[s], day) != expected[s];
                }
                wrong += !measure_in_season(0, 0, day);
            }
        }
    }
    CHECK_INT(day, 10957); /* 2000-01-01 */
    CHECK_INT(wrong, 0);
}

static void test_texts(void) {
    static const char *const bad[] = {"",      "15",    "15/",    "/05",    "00/05", "32/01",
                                      "31/04", "30/02", "15/13",  "15/00",  "15-05", "15/05 ",
                                      "a/05",  "15/b",  "015/05", "15/005", "-1/05", "15//5"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint16_t season = 7;
        CHECK_INT(measure_season(bad[i], &season), -1);
        CHECK_INT(season, 7);
    }
    uint16_t season;
    CHECK_INT(measure_season("29/2", &season), 0);
    CHECK_INT(season, measure_day_of_year(2, 29));
}

static void test_kinds(void) {
    for (int kind = 0; kind < MEASURE_KIND_COUNT; kind++) {
        CHECK_INT(measure_kind_find(measure_kind_name((enum measure_kind)kind)), kind);
    }
    CHECK_TEXT(measure_kind_name(MEASURE_KIND_anti_dumping), "anti_dumping");
    CHECK_INT(measure_kind_find("antidumping"), -1);
}

int main(void) {
    test_every_day();
    test_texts();
    test_kinds();
    return test_summary();
}
