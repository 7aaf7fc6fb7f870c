/* SPDX-License-Identifier: GPL-3.0-or-later
 * calendar.c - arithmetic of opening hours; see calendar.h. calendar_parse.c reads them.
 *
 * Everything is done in "local" nanoseconds, counted from Monday 00:00 of the local week of the
 * start date. The open time from there to some moment, holidays aside, is a sum that needs no loop
 * over weeks; holidays are few, so they are looked up one by one where they fall. */
#include "sim/kernel/calendar.h"

#include "core/base/require.h"
#include "core/base/units.h"
#include "core/base/wide.h"

static int64_t floor_divide(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

/* Local time of simulated time 0. */
static int64_t local_origin_ns(const struct calendar *calendar) {
    return units_weekday(calendar->start_day) * CALENDAR_DAY_NS + calendar->ahead_ns;
}

static int64_t to_local(const struct calendar *calendar, int64_t time_ns) {
    REQUIRE(time_ns <= CALENDAR_TIME_MAX_NS);
    REQUIRE(time_ns >= -CALENDAR_TIME_MAX_NS);
    return time_ns + local_origin_ns(calendar);
}

static int64_t from_local(const struct calendar *calendar, int128 local_ns) {
    int128 time_ns = local_ns - local_origin_ns(calendar);
    return time_ns <= CALENDAR_TIME_MAX_NS ? (int64_t)time_ns : INT64_MAX;
}

/* Local time at which a date begins. */
static int128 local_of_day(const struct calendar *calendar, int64_t day) {
    return (int128)(day - calendar->start_day + units_weekday(calendar->start_day)) *
           CALENDAR_DAY_NS;
}

static int64_t day_of_local(const struct calendar *calendar, int64_t local_ns) {
    return floor_divide(local_ns, CALENDAR_DAY_NS) - units_weekday(calendar->start_day) +
           calendar->start_day;
}

/* The first holiday on `day` or later; holiday_count when there is none. */
static uint32_t holiday_from(const struct calendar *calendar, int64_t day) {
    uint32_t low = 0, high = calendar->holiday_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (calendar->holiday_days[middle] < day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool is_holiday(const struct calendar *calendar, int64_t day) {
    uint32_t holiday = holiday_from(calendar, day);
    return holiday < calendar->holiday_count && calendar->holiday_days[holiday] == day;
}

static int64_t open_in_week(const struct calendar *calendar) {
    int64_t sum_ns = 0;
    for (uint32_t i = 0; i < calendar->interval_count; i++) {
        sum_ns += calendar->intervals[i].end_ns - calendar->intervals[i].begin_ns;
    }
    return sum_ns;
}

/* Open time of the pattern, holidays aside, from local 0 to `local_ns`; negative before 0. */
static int64_t pattern_until(const struct calendar *calendar, int64_t local_ns) {
    int64_t weeks = floor_divide(local_ns, CALENDAR_WEEK_NS);
    int64_t in_week_ns = local_ns - weeks * CALENDAR_WEEK_NS;
    int64_t sum_ns = weeks * open_in_week(calendar);
    for (uint32_t i = 0; i < calendar->interval_count; i++) {
        struct calendar_interval interval = calendar->intervals[i];
        if (in_week_ns <= interval.begin_ns) {
            break;
        }
        sum_ns += (in_week_ns < interval.end_ns ? in_week_ns : interval.end_ns) - interval.begin_ns;
    }
    return sum_ns;
}

/* The first local time until which the pattern was open for `open_ns`; the week must open. */
static int128 pattern_reaches(const struct calendar *calendar, int64_t open_ns) {
    int64_t week_open_ns = open_in_week(calendar);
    int64_t weeks = floor_divide(open_ns - 1, week_open_ns);
    int64_t rest_ns = open_ns - weeks * week_open_ns; /* 1 .. week_open_ns */
    for (uint32_t i = 0;; i++) {
        struct calendar_interval interval = calendar->intervals[i];
        if (rest_ns <= interval.end_ns - interval.begin_ns) {
            return (int128)weeks * CALENDAR_WEEK_NS + interval.begin_ns + rest_ns;
        }
        rest_ns -= interval.end_ns - interval.begin_ns;
    }
}

/* The interval of the week that holds or follows a time of the week, or interval_count. */
static uint32_t interval_from(const struct calendar *calendar, int64_t in_week_ns) {
    uint32_t i = 0;
    while (i < calendar->interval_count && calendar->intervals[i].end_ns <= in_week_ns) {
        i++;
    }
    return i;
}

static bool pattern_is_open(const struct calendar *calendar, int64_t in_week_ns) {
    uint32_t i = interval_from(calendar, in_week_ns);
    return i < calendar->interval_count && calendar->intervals[i].begin_ns <= in_week_ns;
}

int64_t calendar_week_time_ns(const struct calendar *calendar, int64_t time_ns) {
    int64_t local_ns = to_local(calendar, time_ns);
    return local_ns - floor_divide(local_ns, CALENDAR_WEEK_NS) * CALENDAR_WEEK_NS;
}

bool calendar_is_holiday(const struct calendar *calendar, int64_t time_ns) {
    return is_holiday(calendar, day_of_local(calendar, to_local(calendar, time_ns)));
}

bool calendar_is_open(const struct calendar *calendar, int64_t time_ns) {
    return pattern_is_open(calendar, calendar_week_time_ns(calendar, time_ns)) &&
           !calendar_is_holiday(calendar, time_ns);
}

/* The first local time at or after `local_ns` at which the pattern is open. */
static int64_t pattern_next_open(const struct calendar *calendar, int64_t local_ns) {
    int64_t weeks = floor_divide(local_ns, CALENDAR_WEEK_NS);
    int64_t in_week_ns = local_ns - weeks * CALENDAR_WEEK_NS;
    uint32_t i = interval_from(calendar, in_week_ns);
    if (i == calendar->interval_count) {
        return (weeks + 1) * CALENDAR_WEEK_NS + calendar->intervals[0].begin_ns;
    }
    int64_t begin_ns = calendar->intervals[i].begin_ns;
    return begin_ns <= in_week_ns ? local_ns : weeks * CALENDAR_WEEK_NS + begin_ns;
}

int64_t calendar_next_open_ns(const struct calendar *calendar, int64_t time_ns) {
    if (calendar->interval_count == 0) {
        return INT64_MAX;
    }
    int64_t local_ns = pattern_next_open(calendar, to_local(calendar, time_ns));
    uint32_t holiday = holiday_from(calendar, day_of_local(calendar, local_ns));
    for (; holiday < calendar->holiday_count; holiday++) {
        int128 begin = local_of_day(calendar, calendar->holiday_days[holiday]);
        if (local_ns < begin) {
            break;
        }
        if (local_ns > INT64_MAX - 2 * CALENDAR_WEEK_NS) {
            return INT64_MAX;
        }
        if (local_ns < begin + CALENDAR_DAY_NS) {
            local_ns = pattern_next_open(calendar, (int64_t)begin + CALENDAR_DAY_NS);
        }
    }
    return from_local(calendar, local_ns);
}

/* The first local time after an open one at which the pattern closes; `*never` when it does not. */
static int128 pattern_close(const struct calendar *calendar, int64_t local_ns, bool *never) {
    int64_t weeks = floor_divide(local_ns, CALENDAR_WEEK_NS);
    int64_t in_week_ns = local_ns - weeks * CALENDAR_WEEK_NS;
    const struct calendar_interval *first = calendar->intervals;
    int64_t end_ns = first[interval_from(calendar, in_week_ns)].end_ns;
    bool runs_on = end_ns == CALENDAR_WEEK_NS && first->begin_ns == 0; /* past Sunday midnight */
    *never = runs_on && first->end_ns == CALENDAR_WEEK_NS;
    return (int128)weeks * CALENDAR_WEEK_NS + end_ns + (runs_on ? first->end_ns : 0);
}

int64_t calendar_next_change_ns(const struct calendar *calendar, int64_t time_ns) {
    if (!calendar_is_open(calendar, time_ns)) {
        return calendar_next_open_ns(calendar, time_ns);
    }
    int64_t local_ns = to_local(calendar, time_ns);
    bool never;
    int128 close_ns = pattern_close(calendar, local_ns, &never);
    uint32_t holiday = holiday_from(calendar, day_of_local(calendar, local_ns));
    if (holiday < calendar->holiday_count) {
        int128 begin_ns = local_of_day(calendar, calendar->holiday_days[holiday]);
        if (never || begin_ns < close_ns) {
            return from_local(calendar, begin_ns);
        }
    }
    return never ? INT64_MAX : from_local(calendar, close_ns);
}

int64_t calendar_open_between_ns(const struct calendar *calendar, int64_t from_ns, int64_t to_ns) {
    if (to_ns <= from_ns) {
        return 0;
    }
    int64_t from = to_local(calendar, from_ns), to = to_local(calendar, to_ns);
    int64_t open_ns = pattern_until(calendar, to) - pattern_until(calendar, from);
    int64_t last_day = day_of_local(calendar, to);
    uint32_t holiday = holiday_from(calendar, day_of_local(calendar, from));
    for (int64_t before = INT64_MIN; holiday < calendar->holiday_count; holiday++) {
        int64_t day = calendar->holiday_days[holiday];
        if (day > last_day) {
            break;
        }
        if (day != before) {
            int64_t begin = (int64_t)local_of_day(calendar, day), end = begin + CALENDAR_DAY_NS;
            open_ns -= pattern_until(calendar, end < to ? end : to) -
                       pattern_until(calendar, begin > from ? begin : from);
        }
        before = day;
    }
    return open_ns;
}

int64_t calendar_after_work_ns(const struct calendar *calendar, int64_t time_ns, int64_t work_ns) {
    if (work_ns == 0) {
        return time_ns;
    }
    if (calendar->interval_count == 0) {
        return INT64_MAX;
    }
    REQUIRE(work_ns > 0);
    int64_t local = to_local(calendar, time_ns);
    int64_t done_ns = pattern_until(calendar, local); /* the pattern's open time at the end */
    if (__builtin_add_overflow(done_ns, work_ns, &done_ns)) {
        return INT64_MAX;
    }
    int128 end = pattern_reaches(calendar, done_ns);
    uint32_t holiday = holiday_from(calendar, day_of_local(calendar, local));
    for (int64_t before = INT64_MIN; holiday < calendar->holiday_count; holiday++) {
        int64_t day = calendar->holiday_days[holiday];
        int128 begin = local_of_day(calendar, day);
        if (end <= begin || begin > INT64_MAX - CALENDAR_DAY_NS) {
            break;
        }
        if (day != before) {
            /* Its open hours do not count: the work is done so much later. */
            int64_t first = begin > local ? (int64_t)begin : local;
            int64_t lost_ns = pattern_until(calendar, (int64_t)begin + CALENDAR_DAY_NS) -
                              pattern_until(calendar, first);
            if (__builtin_add_overflow(done_ns, lost_ns, &done_ns)) {
                return INT64_MAX;
            }
            end = pattern_reaches(calendar, done_ns);
        }
        before = day;
    }
    return from_local(calendar, end);
}

double calendar_open_share(const struct calendar *calendar) {
    return (double)open_in_week(calendar) / (double)CALENDAR_WEEK_NS;
}
