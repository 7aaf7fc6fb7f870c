/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_calendar.c - goal: whatever text passes as opening hours keeps the promises of calendar.h.
 *
 * Method: start date, offset, holidays and times are drawn from a hash of the text. What is refused
 * must have a message and a place inside the text. */
#include "sim/kernel/calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TRIALS = 16, HOLIDAYS = 5, TEXT_MAX = 4096 };

static _Noreturn void fail(const char *what, const char *text) {
    fprintf(stderr, "%s:\n%s\n", what, text);
    abort();
}

static int64_t pick(uint64_t *state, int64_t count) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((*state >> 12) % (uint64_t)count);
}

static void check_intervals(const struct calendar *calendar, const char *text) {
    int64_t end_ns = -1;
    for (uint32_t i = 0; i < calendar->interval_count; i++) {
        struct calendar_interval interval = calendar->intervals[i];
        if (interval.begin_ns <= end_ns || interval.end_ns <= interval.begin_ns) {
            fail("intervals that are not sorted, disjoint and merged", text);
        }
        end_ns = interval.end_ns;
    }
    if (end_ns > CALENDAR_WEEK_NS) {
        fail("an interval that leaves the week", text);
    }
}

static void check_times(const struct calendar *calendar, int64_t from_ns, int64_t work_ns,
                        const char *text) {
    bool is_open = calendar_is_open(calendar, from_ns);
    int64_t change_ns = calendar_next_change_ns(calendar, from_ns);
    int64_t open_ns = calendar_next_open_ns(calendar, from_ns);
    int64_t end_ns = calendar_after_work_ns(calendar, from_ns, work_ns);
    if (change_ns <= from_ns || open_ns < from_ns || (open_ns == from_ns) != is_open) {
        fail("a change in the past", text);
    }
    if (change_ns < CALENDAR_TIME_MAX_NS &&
        (calendar_is_open(calendar, change_ns) == is_open ||
         calendar_is_open(calendar, change_ns - 1) != is_open)) {
        fail("a change that is none", text);
    }
    if (open_ns < CALENDAR_TIME_MAX_NS && !calendar_is_open(calendar, open_ns)) {
        fail("an opening that is none", text);
    }
    if (end_ns != INT64_MAX &&
        (calendar_open_between_ns(calendar, from_ns, end_ns) != work_ns ||
         (work_ns > 0 && calendar_open_between_ns(calendar, from_ns, end_ns - 1) != work_ns - 1))) {
        fail("work that takes another time", text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > TEXT_MAX) {
        return 0;
    }
    struct arena arena = ARENA_INIT;
    const char *text = arena_text(&arena, (const char *)data, size);
    struct calendar calendar;
    struct error err = ERROR_INIT;
    if (calendar_parse(text, &calendar, &arena, (struct place){"fuzz", 1, 1}, &err) == 0) {
        uint64_t state = 20170102;
        for (size_t i = 0; i < size; i++) {
            state = (state ^ data[i]) * 0x100000001b3;
        }
        int64_t holidays[HOLIDAYS];
        calendar.start_day = pick(&state, 40000) - 20000;
        calendar.ahead_ns = (pick(&state, 57) - 28) * (CALENDAR_DAY_NS / 48);
        for (int i = 0; i < HOLIDAYS; i++) {
            holidays[i] = (i == 0 ? calendar.start_day : holidays[i - 1]) + pick(&state, 4);
        }
        calendar.holiday_days = holidays;
        calendar.holiday_count = HOLIDAYS;
        check_intervals(&calendar, text);
        for (int i = 0; i < TRIALS; i++) {
            int64_t from_ns = pick(&state, i % 2 ? 4 * CALENDAR_WEEK_NS : CALENDAR_TIME_MAX_NS);
            check_times(&calendar, from_ns, pick(&state, 3 * CALENDAR_WEEK_NS), text);
        }
    } else if (err.code != ERROR_INPUT || err.text[0] == '\0' || err.column < 1 ||
               err.column > (int)strlen(text) + 1) {
        fail("no message, or a place outside the text", text);
    }
    arena_free(&arena);
    return 0;
}
