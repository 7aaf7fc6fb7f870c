/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_calendar.c - calendars against an oracle that steps minute by minute.
 *
 * The oracle never sees the intervals: it asks, for each minute, whether one of the written spans
 * holds it, by date arithmetic of its own. Random patterns, holidays and offsets (negative ones and
 * half hours too) over eight weeks; then properties at single nanoseconds and over decades. */
#include "sim/kernel/calendar.h"
#include "tests/test.h"

#define MINUTE_NS INT64_C(60000000000)

enum { SPANS_MAX = 6, HOLIDAYS_MAX = 12, WEEK_MINUTES = 7 * 1440, PATTERNS = 300 };
/* One week before the start to seven weeks after. */
enum { FIRST_MINUTE = -WEEK_MINUTES, MINUTES = 8 * WEEK_MINUTES };

static uint64_t state;

static int64_t pick(int64_t count) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((state >> 16) % (uint64_t)count);
}

struct written_span {
    int begin, end; /* minutes; end may be past 1440 */
    unsigned days;
};

struct oracle {
    int span_count;
    struct written_span spans[SPANS_MAX];
    int64_t start_day, ahead_minutes;
    int holiday_count;
    int64_t holidays[HOLIDAYS_MAX];
    bool is_open[MINUTES];
};

static int64_t floor_mod(int64_t a, int64_t b) {
    return (a % b + b) % b;
}

/* Day 4 after 1970-01-01, a Thursday, was a Monday. */
static int weekday_of(int64_t day) {
    return (int)floor_mod(day - 4, 7);
}

static bool minute_is_open(const struct oracle *oracle, int64_t minute) {
    int64_t local = minute + oracle->ahead_minutes;
    int in_day = (int)floor_mod(local, 1440);
    int64_t day = oracle->start_day + (local - in_day) / 1440;
    for (int i = 0; i < oracle->holiday_count; i++) {
        if (oracle->holidays[i] == day) {
            return false;
        }
    }
    for (int i = 0; i < oracle->span_count; i++) {
        struct written_span span = oracle->spans[i];
        bool today = span.days >> weekday_of(day) & 1;
        bool yesterday = span.days >> weekday_of(day - 1) & 1;
        if ((today && in_day >= span.begin && in_day < span.end) ||
            (yesterday && in_day + 1440 < span.end)) {
            return true;
        }
    }
    return false;
}

/* A random pattern as people write it. */
static void write_pattern(struct oracle *oracle, char text[512]) {
    static const char *const names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    static const int steps[] = {1, 15, 60, 240};
    int step = steps[pick(4)], used = 0;
    oracle->span_count = 1 + (int)pick(SPANS_MAX);
    for (int i = 0; i < oracle->span_count; i++) {
        int begin = (int)pick(1440 / step) * step, end = step + (int)pick(1440 / step) * step;
        if (begin == end) {
            end = begin == 1440 - step ? 1440 : end + step;
        }
        int first = (int)pick(7), last = pick(2) ? (int)pick(7) : first;
        unsigned days = 0;
        for (int day = first;; day = (day + 1) % 7) {
            days |= 1u << day;
            if (day == last) {
                break;
            }
        }
        bool is_daily = pick(8) == 0;
        oracle->spans[i] =
            (struct written_span){begin, end < begin ? end + 1440 : end, is_daily ? 127u : days};
        used += snprintf(text + used, 512 - (size_t)used, "%s%02d:%02d-%02d:%02d ",
                         i > 0 ? ", " : "", begin / 60, begin % 60, end / 60, end % 60);
        used += is_daily ? snprintf(text + used, 512 - (size_t)used, "daily")
                : first == last
                    ? snprintf(text + used, 512 - (size_t)used, "%s", names[first])
                    : snprintf(text + used, 512 - (size_t)used, "%s-%s", names[first], names[last]);
    }
}

static int compare_days(const void *a, const void *b) {
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void make_case(struct oracle *oracle, struct calendar *calendar, struct arena *arena) {
    char text[512];
    struct error err = ERROR_INIT;
    write_pattern(oracle, text);
    if (calendar_parse(text, calendar, arena, (struct place){"hours", 1, 1}, &err) < 0) {
        printf("%s: %s\n", text, err.text);
        exit(1);
    }
    oracle->start_day = 17000 + pick(4000) - (pick(4) == 0 ? 20000 : 0);
    oracle->ahead_minutes = 30 * (pick(53) - 26);
    oracle->holiday_count = (int)pick(HOLIDAYS_MAX + 1);
    for (int i = 0; i < oracle->holiday_count; i++) { /* sometimes one twice, or several in a row */
        oracle->holidays[i] = oracle->start_day - 8 + pick(pick(2) ? 60 : 14);
    }
    qsort(oracle->holidays, (size_t)oracle->holiday_count, sizeof *oracle->holidays, compare_days);
    calendar->start_day = oracle->start_day;
    calendar->ahead_ns = oracle->ahead_minutes * MINUTE_NS;
    calendar->holiday_count = (uint32_t)oracle->holiday_count;
    calendar->holiday_days = oracle->holidays;
    for (int i = 0; i < MINUTES; i++) {
        oracle->is_open[i] = minute_is_open(oracle, FIRST_MINUTE + i);
    }
}

static int64_t minute_ns(int index) {
    return (FIRST_MINUTE + index) * MINUTE_NS;
}

/* Index of the first minute from `index` on whose state is `open`; MINUTES when out of sight. */
static int scan(const struct oracle *oracle, int index, bool open) {
    while (index < MINUTES && oracle->is_open[index] != open) {
        index++;
    }
    return index;
}

static bool agrees(int64_t time_ns, int index) {
    return index < MINUTES ? time_ns == minute_ns(index) : time_ns >= minute_ns(MINUTES);
}

static void check_states(const struct oracle *oracle, const struct calendar *calendar) {
    int wrong = 0;
    for (int i = 0; i < MINUTES; i++) {
        int64_t at_ns = minute_ns(i);
        wrong += calendar_is_open(calendar, at_ns) != oracle->is_open[i];
        wrong += calendar_is_open(calendar, at_ns + MINUTE_NS - 1) != oracle->is_open[i];
    }
    CHECK_INT(wrong, 0);
}

static void check_changes(const struct oracle *oracle, const struct calendar *calendar) {
    int wrong = 0;
    for (int trial = 0; trial < 400; trial++) {
        int i = (int)pick(MINUTES), inside_ns = pick(2) ? (int)pick(1000000000) : 0;
        int64_t at_ns = minute_ns(i) + inside_ns;
        wrong +=
            !agrees(calendar_next_change_ns(calendar, at_ns), scan(oracle, i, !oracle->is_open[i]));
        int64_t open_ns = calendar_next_open_ns(calendar, at_ns);
        wrong += oracle->is_open[i] ? open_ns != at_ns : !agrees(open_ns, scan(oracle, i, true));
    }
    CHECK_INT(wrong, 0);
}

static void check_work(const struct oracle *oracle, const struct calendar *calendar) {
    int wrong = 0;
    for (int trial = 0; trial < 200; trial++) {
        int from = (int)pick(MINUTES), to = from + (int)pick(MINUTES - from + 1);
        int64_t open_minutes = 0, last = from;
        for (int i = from; i < to; i++) {
            open_minutes += oracle->is_open[i];
            last = oracle->is_open[i] ? i + 1 : last;
        }
        int64_t work_ns = open_minutes * MINUTE_NS;
        wrong += calendar_open_between_ns(calendar, minute_ns(from), minute_ns(to)) != work_ns;
        wrong += calendar_after_work_ns(calendar, minute_ns(from), work_ns) != minute_ns((int)last);
    }
    CHECK_INT(wrong, 0);
}

/* after_work is the least time with so much open time before it; open time adds up. */
static void check_properties(const struct calendar *calendar) {
    int wrong = 0;
    for (int trial = 0; trial < 400; trial++) {
        int64_t from_ns = pick(INT64_C(50) * 365 * CALENDAR_DAY_NS) - 365 * CALENDAR_DAY_NS;
        int64_t work_ns = 1 + pick(pick(2) ? 1000 * CALENDAR_DAY_NS : CALENDAR_DAY_NS);
        int64_t end_ns = calendar_after_work_ns(calendar, from_ns, work_ns);
        wrong += calendar_open_between_ns(calendar, from_ns, end_ns) != work_ns;
        wrong += calendar_open_between_ns(calendar, from_ns, end_ns - 1) != work_ns - 1;
        wrong += !calendar_is_open(calendar, end_ns - 1);
        int64_t middle_ns = from_ns + pick(end_ns - from_ns);
        wrong += calendar_open_between_ns(calendar, from_ns, middle_ns) +
                     calendar_open_between_ns(calendar, middle_ns, end_ns) !=
                 work_ns;
        int64_t change_ns = calendar_next_change_ns(calendar, middle_ns);
        bool is_open = calendar_is_open(calendar, middle_ns);
        if (change_ns != INT64_MAX) {
            wrong += calendar_is_open(calendar, change_ns) == is_open;
            wrong += calendar_is_open(calendar, change_ns - 1) != is_open;
            wrong += calendar_open_between_ns(calendar, middle_ns, change_ns) !=
                     (is_open ? change_ns - middle_ns : 0);
        }
    }
    CHECK_INT(wrong, 0);
}

static void test_random_patterns(void) {
    static struct oracle oracle;
    for (int pattern = 0; pattern < PATTERNS; pattern++) {
        struct arena arena = ARENA_INIT;
        struct calendar calendar;
        state = (uint64_t)pattern + 20170103;
        make_case(&oracle, &calendar, &arena);
        check_states(&oracle, &calendar);
        check_changes(&oracle, &calendar);
        check_work(&oracle, &calendar);
        check_properties(&calendar);
        arena_free(&arena);
    }
}

static struct calendar parse(const char *text, struct arena *arena) {
    struct calendar calendar;
    struct error err = ERROR_INIT;
    CHECK_INT(calendar_parse(text, &calendar, arena, (struct place){"hours", 7, 12}, &err), 0);
    calendar.start_day = 17168; /* 2017-01-02, a Monday */
    return calendar;
}

#define HOUR_NS (60 * MINUTE_NS)

static void test_written_forms(void) {
    struct arena arena = ARENA_INIT;
    struct calendar week = parse("08:00-17:00 mon-fri, 08:00-12:00 sat", &arena);
    CHECK_INT(week.interval_count, 6);
    CHECK_INT(week.intervals[5].begin_ns, 5 * CALENDAR_DAY_NS + 8 * HOUR_NS);
    CHECK_INT(week.intervals[5].end_ns, 5 * CALENDAR_DAY_NS + 12 * HOUR_NS);
    CHECK_NEAR(calendar_open_share(&week), 49.0 / 168.0, 0);

    struct calendar night = parse("22:00-06:00 daily", &arena);
    CHECK_INT(night.interval_count, 8);
    CHECK_INT(night.intervals[0].end_ns, 6 * HOUR_NS);
    CHECK_INT(night.intervals[7].end_ns, CALENDAR_WEEK_NS);
    /* From Sunday 23:00 it stays open past the end of the week. */
    CHECK_INT(calendar_next_change_ns(&night, 6 * CALENDAR_DAY_NS + 23 * HOUR_NS),
              7 * CALENDAR_DAY_NS + 6 * HOUR_NS);

    struct calendar lunch = parse("8:00-12:00 13:00-17:30 mon wed  fri-sat", &arena);
    CHECK_INT(lunch.interval_count, 8);
    CHECK_NEAR(calendar_open_share(&lunch), 34.0 / 168.0, 0);

    CHECK_INT(parse("00:00-24:00 daily", &arena).interval_count, 1);
    CHECK_INT(parse("08:00-12:00 mon, 10:00-14:00 mon, 14:00-15:00 mon", &arena).interval_count, 1);
    CHECK_INT(parse(" 23:00-24:00 sun-mon ", &arena).interval_count, 2);
    arena_free(&arena);
}

static void test_always_and_never(void) {
    struct arena arena = ARENA_INIT;
    struct calendar always = parse("always", &arena), never = parse("never", &arena);
    CHECK(calendar_is_open(&always, 0));
    CHECK_INT(calendar_next_change_ns(&always, 5), INT64_MAX);
    CHECK_INT(calendar_next_open_ns(&always, 5), 5);
    CHECK_INT(calendar_after_work_ns(&always, 5, 123456789), 123456794);
    CHECK_INT(calendar_open_between_ns(&always, -7, 400 * CALENDAR_DAY_NS),
              400 * CALENDAR_DAY_NS + 7);
    CHECK_INT(calendar_open_between_ns(&always, 9, 8), 0);
    CHECK_NEAR(calendar_open_share(&always), 1, 0);

    CHECK(!calendar_is_open(&never, 0));
    CHECK_INT(calendar_next_change_ns(&never, 5), INT64_MAX);
    CHECK_INT(calendar_next_open_ns(&never, 5), INT64_MAX);
    CHECK_INT(calendar_after_work_ns(&never, 5, 1), INT64_MAX);
    CHECK_INT(calendar_after_work_ns(&never, 5, 0), 5);
    CHECK_INT(calendar_open_between_ns(&never, 0, CALENDAR_WEEK_NS), 0);
    CHECK_NEAR(calendar_open_share(&never), 0, 0);

    /* Always but on holidays: it closes at the midnight before one, also years ahead. */
    const int64_t holidays[] = {17168, 17169, 17169, 20089};
    always.holiday_count = 4;
    always.holiday_days = holidays;
    CHECK_INT(calendar_next_open_ns(&always, 0), 2 * CALENDAR_DAY_NS);
    CHECK_INT(calendar_next_change_ns(&always, 2 * CALENDAR_DAY_NS), 2921 * CALENDAR_DAY_NS);
    CHECK_INT(calendar_next_change_ns(&always, 2922 * CALENDAR_DAY_NS), INT64_MAX);
    CHECK_INT(calendar_week_time_ns(&always, -1), CALENDAR_WEEK_NS - 1);
    CHECK(calendar_is_holiday(&always, CALENDAR_DAY_NS) && !calendar_is_holiday(&always, -1));
    arena_free(&arena);
}

/* Where 64 bits end it says never, and nothing overflows (the sanitizers watch). */
static void test_far_ends(void) {
    struct arena arena = ARENA_INIT;
    struct calendar calendar = parse("09:00-09:01 mon", &arena);
    const int64_t holidays[] = {17168, 100000, 123920, 123927, 123928, 2932896};
    calendar.holiday_count = 6;
    calendar.holiday_days = holidays;
    for (int ahead = -13; ahead <= 13; ahead++) {
        calendar.ahead_ns = ahead * 12 * HOUR_NS;
        CHECK_INT(calendar_after_work_ns(&calendar, 0, INT64_MAX), INT64_MAX);
        CHECK_INT(calendar_after_work_ns(&calendar, 0, INT64_MAX / 10000), INT64_MAX);
        CHECK_INT(calendar_after_work_ns(&calendar, CALENDAR_TIME_MAX_NS, 100 * HOUR_NS),
                  INT64_MAX);
        for (int64_t back = 0; back < 40 * CALENDAR_DAY_NS; back += 7 * HOUR_NS) {
            int64_t at_ns = CALENDAR_TIME_MAX_NS - back;
            int64_t open_ns = calendar_next_open_ns(&calendar, at_ns);
            int64_t change_ns = calendar_next_change_ns(&calendar, at_ns);
            CHECK(open_ns >= at_ns && change_ns > at_ns);
            CHECK(open_ns == INT64_MAX || open_ns <= CALENDAR_TIME_MAX_NS);
            CHECK(calendar_open_between_ns(&calendar, -at_ns, at_ns) > 0);
        }
    }
    arena_free(&arena);
}

static void test_errors(void) {
    static const struct {
        const char *text, *message;
        int column;
    } cases[] = {
        {"",
         "expected opening hours, e.g. 08:00-17:00 mon-fri, always or never, but the text ends "
         "here",
         12},
        {"sometimes",
         "expected opening hours, e.g. 08:00-17:00 mon-fri, always or never, got "
         "'sometimes'",
         12},
        {"08:00-17:00",
         "expected a day: mon, tue, wed, thu, fri, sat, sun, or daily, but the text "
         "ends here",
         23},
        {"08:00-17:00 monday",
         "expected a day: mon, tue, wed, thu, fri, sat, sun, or daily, got "
         "'monday'",
         24},
        {"08:00-17:00 mon-",
         "expected a day: mon, tue, wed, thu, fri, sat, sun, or daily, but the "
         "text ends here",
         28},
        {"08:00-25:00 mon", "expected a time of day from 00:00 to 24:00, got '25:00'", 18},
        {"08:60-17:00 mon", "expected a time of day from 00:00 to 24:00, got '08:60-17:00'", 12},
        {"8-17 mon", "expected a time of day, e.g. 08:00, got '8-17'", 12},
        {"08:00 17:00 mon", "expected '-' between two times of day, got '17:00'", 18},
        {"24:00-08:00 mon", "24:00 can only be an end", 12},
        {"08:00-08:00 mon", "opens for no time; all day is 00:00-24:00", 12},
        {"08:00-17:00 mon;", "expected ',' or a day, got ';'", 27},
        {"08:00-17:00 mon, tue", "expected a time of day, e.g. 08:00, got 'tue'", 29},
        {"always mon", "expected nothing more, got 'mon'", 19},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = ARENA_INIT;
        struct calendar calendar;
        struct error err = ERROR_INIT;
        CHECK_INT(
            calendar_parse(cases[i].text, &calendar, &arena, (struct place){"hours", 7, 12}, &err),
            -1);
        CHECK_TEXT(err.text, cases[i].message);
        CHECK_INT(err.column, cases[i].column);
        CHECK_INT(err.line, 7);
        arena_free(&arena);
    }
}

int main(void) {
    test_random_patterns();
    test_written_forms();
    test_always_and_never();
    test_far_ends();
    test_errors();
    return test_summary();
}
