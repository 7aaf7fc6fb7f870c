/* SPDX-License-Identifier: GPL-3.0-or-later
 * calendar_parse.c - reads opening hours.
 *
 *     hours = "always" | "never" | part {"," part}
 *     part  = span {span} days {days}        08:00-12:00 13:00-17:00 mon-fri
 *     span  = HH:MM "-" HH:MM                begin before 24:00; an end not after it is next day's
 *     days  = "daily" | day ["-" day]        mon tue wed thu fri sat sun; fri-mon runs on */
#include "core/base/require.h"
#include "sim/kernel/calendar.h"

#include <stdlib.h>
#include <string.h>

enum { SPANS_MAX = 64, DAYS = 7 };

static const int64_t minute_ns = INT64_C(60000000000);
static const char *const day_names[DAYS] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

struct reader {
    const char *text;
    size_t at;
    struct place place;
    struct error *err;
    struct arena *arena;
    struct calendar_interval *intervals;
    size_t count, capacity;
};

/* Minutes of a day. */
struct span {
    int begin, end;
};

static struct place place_at(const struct reader *reader, size_t at) {
    struct place place = reader->place;
    place.column += place.column > 0 ? (int)at : 0;
    return place;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char next_char(struct reader *reader) {
    while (is_blank(reader->text[reader->at])) {
        reader->at++;
    }
    return reader->text[reader->at];
}

static int refuse(struct reader *reader, const char *expected) {
    struct place place = place_at(reader, reader->at);
    const char *found = reader->text + reader->at;
    if (*found == '\0') {
        return error_at(reader->err, place, "expected %s, but the text ends here", expected);
    }
    int length = (int)strcspn(found, " \t\r\n,"), shown = length < 40 ? length : 40;
    while (shown < length && shown > 0 && ((unsigned char)found[shown] & 0xC0) == 0x80) {
        shown--; /* not in the middle of a UTF-8 sequence */
    }
    return error_at(reader->err, place, "expected %s, got '%.*s'", expected, shown > 0 ? shown : 1,
                    found);
}

/* Minutes since midnight, 0 .. 1440. */
static int read_clock(struct reader *reader, int *minutes) {
    static const char expected[] = "a time of day, e.g. 08:00";
    next_char(reader);
    const char *c = reader->text + reader->at;
    size_t hour_digits = is_digit(c[0]) ? (is_digit(c[1]) ? 2 : 1) : 0;
    if (hour_digits == 0 || c[hour_digits] != ':' || !is_digit(c[hour_digits + 1]) ||
        !is_digit(c[hour_digits + 2]) || is_digit(c[hour_digits + 3])) {
        return refuse(reader, expected);
    }
    int hour = hour_digits == 2 ? (c[0] - '0') * 10 + (c[1] - '0') : c[0] - '0';
    int minute = (c[hour_digits + 1] - '0') * 10 + (c[hour_digits + 2] - '0');
    if (minute > 59 || hour * 60 + minute > 1440) {
        return refuse(reader, "a time of day from 00:00 to 24:00");
    }
    reader->at += hour_digits + 3;
    *minutes = hour * 60 + minute;
    return 0;
}

static int read_span(struct reader *reader, struct span *span) {
    next_char(reader);
    size_t start = reader->at;
    if (read_clock(reader, &span->begin) < 0) {
        return -1;
    }
    if (next_char(reader) != '-') {
        return refuse(reader, "'-' between two times of day");
    }
    reader->at++;
    if (read_clock(reader, &span->end) < 0) {
        return -1;
    }
    if (span->begin == 1440) {
        return error_at(reader->err, place_at(reader, start), "24:00 can only be an end");
    }
    if (span->begin == span->end) {
        return error_at(reader->err, place_at(reader, start),
                        "opens for no time; all day is 00:00-24:00");
    }
    span->end += span->end < span->begin ? 1440 : 0;
    return 0;
}

/* The word at the cursor, or "" when it is none of ours. */
static void read_word(struct reader *reader, char word[16]) {
    size_t length = 0;
    next_char(reader);
    while (is_letter(reader->text[reader->at + length]) && length < 15) {
        word[length] = reader->text[reader->at + length];
        length++;
    }
    word[length] = '\0';
}

static int read_day(struct reader *reader, int *day) {
    char word[16];
    read_word(reader, word);
    for (*day = 0; *day < DAYS; ++*day) {
        if (strcmp(word, day_names[*day]) == 0) {
            reader->at += strlen(word);
            return 0;
        }
    }
    return refuse(reader, "a day: mon, tue, wed, thu, fri, sat, sun, or daily");
}

/* Adds one item of a list of days to the set; bit 0 is Monday. */
static int read_days(struct reader *reader, unsigned *days) {
    char word[16];
    read_word(reader, word);
    if (strcmp(word, "daily") == 0) {
        reader->at += strlen(word);
        *days = (1u << DAYS) - 1;
        return 0;
    }
    int first;
    if (read_day(reader, &first) < 0) {
        return -1;
    }
    int last = first;
    if (next_char(reader) == '-') {
        reader->at++;
        if (read_day(reader, &last) < 0) {
            return -1;
        }
    }
    for (int day = first;; day = (day + 1) % DAYS) {
        *days |= 1u << day;
        if (day == last) {
            return 0;
        }
    }
}

static void add_interval(struct reader *reader, int64_t begin_ns, int64_t end_ns) {
    reader->intervals = arena_grow(reader->arena, reader->intervals, reader->count,
                                   &reader->capacity, sizeof *reader->intervals);
    reader->intervals[reader->count++] = (struct calendar_interval){begin_ns, end_ns};
}

/* What runs past Sunday midnight begins the week. */
static void add_span(struct reader *reader, int day, struct span span) {
    int64_t begin_ns = day * CALENDAR_DAY_NS + span.begin * minute_ns;
    int64_t end_ns = day * CALENDAR_DAY_NS + span.end * minute_ns;
    if (end_ns > CALENDAR_WEEK_NS) {
        add_interval(reader, 0, end_ns - CALENDAR_WEEK_NS);
        end_ns = CALENDAR_WEEK_NS;
    }
    add_interval(reader, begin_ns, end_ns);
}

static int read_part(struct reader *reader) {
    struct span spans[SPANS_MAX];
    int span_count = 0;
    do {
        if (span_count == SPANS_MAX) {
            return error_at(reader->err, place_at(reader, reader->at),
                            "more than %d spans for the same days", SPANS_MAX);
        }
        if (read_span(reader, &spans[span_count++]) < 0) {
            return -1;
        }
    } while (is_digit(next_char(reader)));
    unsigned days = 0;
    do {
        if (read_days(reader, &days) < 0) {
            return -1;
        }
    } while (is_letter(next_char(reader)));
    for (int day = 0; day < DAYS; day++) {
        for (int i = 0; i < span_count && (days & (1u << day)); i++) {
            add_span(reader, day, spans[i]);
        }
    }
    return 0;
}

static int compare_intervals(const void *a, const void *b) {
    const struct calendar_interval *first = a, *second = b;
    return (first->begin_ns > second->begin_ns) - (first->begin_ns < second->begin_ns);
}

/* Sorts, and joins what touches or overlaps. */
static void merge(struct reader *reader) {
    struct calendar_interval *intervals = reader->intervals;
    qsort(intervals, reader->count, sizeof *intervals, compare_intervals);
    size_t kept = 1;
    for (size_t i = 1; i < reader->count; i++) {
        struct calendar_interval *last = &intervals[kept - 1];
        if (intervals[i].begin_ns > last->end_ns) {
            intervals[kept++] = intervals[i];
        } else if (intervals[i].end_ns > last->end_ns) {
            last->end_ns = intervals[i].end_ns;
        }
    }
    reader->count = kept;
}

static int read_hours(struct reader *reader) {
    char word[16];
    read_word(reader, word);
    if (strcmp(word, "always") == 0 || strcmp(word, "never") == 0) {
        reader->at += strlen(word);
        if (word[0] == 'a') {
            add_interval(reader, 0, CALENDAR_WEEK_NS);
        }
        return next_char(reader) == '\0' ? 0 : refuse(reader, "nothing more");
    }
    if (!is_digit(next_char(reader))) {
        return refuse(reader, "opening hours, e.g. 08:00-17:00 mon-fri, always or never");
    }
    for (;;) {
        if (read_part(reader) < 0) {
            return -1;
        }
        if (next_char(reader) == '\0') {
            merge(reader);
            return 0;
        }
        if (reader->text[reader->at] != ',') {
            return refuse(reader, "',' or a day");
        }
        reader->at++;
    }
}

int calendar_parse(const char *text, struct calendar *calendar, struct arena *arena,
                   struct place place, struct error *err) {
    struct reader reader = {.text = text, .place = place, .err = err, .arena = arena};
    if (read_hours(&reader) < 0) {
        return -1;
    }
    REQUIRE(reader.count <= UINT32_MAX);
    *calendar =
        (struct calendar){.interval_count = (uint32_t)reader.count, .intervals = reader.intervals};
    return 0;
}
