/* SPDX-License-Identifier: GPL-3.0-or-later
 * calendar.h - when a place is open: a weekly pattern, holidays, a fixed offset from the world's
 * time.
 *
 * Simulated time 0 is 00:00 of the world's start date in the world's own UTC offset. All arithmetic
 * is exact in nanoseconds, for times up to CALENDAR_TIME_MAX_NS; what would lie beyond is "never",
 * INT64_MAX. There is no daylight saving: a place that has it is written as two systems. */
#ifndef SIM_KERNEL_CALENDAR_H
#define SIM_KERNEL_CALENDAR_H

#include "core/base/arena.h"
#include "core/base/error.h"

#include <stdbool.h>
#include <stdint.h>

#define CALENDAR_DAY_NS (INT64_C(86400) * 1000000000)
#define CALENDAR_WEEK_NS (7 * CALENDAR_DAY_NS)

/* Four weeks below what 64 bits hold: local time fits, and that of the opening after it. */
#define CALENDAR_TIME_MAX_NS (INT64_MAX - 4 * CALENDAR_WEEK_NS)

/* Half-open, in local time since Monday 00:00, sorted, disjoint, merged. */
struct calendar_interval {
    int64_t begin_ns, end_ns;
};

struct calendar {
    int64_t start_day; /* the world's start date, days since 1970-01-01 */
    int64_t ahead_ns;  /* local time minus the world's time, less than a week */
    uint32_t interval_count;
    const struct calendar_interval *intervals; /* whole week for "always" */
    uint32_t holiday_count;
    const int64_t *holiday_days; /* sorted; local dates on which nothing is open */
};

/* Reads "08:00-17:00 mon-fri, 08:00-12:00 sat", "08:00-12:00 13:00-17:00 mon wed fri", "always",
 * "never", "22:00-06:00 daily" (runs past midnight, also from Sunday into Monday), "24:00" as an
 * end. What overlaps is merged. Only the hours are read; the caller fills start_day, ahead_ns and
 * holidays. A part of a night shift after midnight belongs to the day it falls on, for holidays
 * too. Errors point into the text, of which `place` is the first byte. */
int calendar_parse(const char *text, struct calendar *calendar, struct arena *arena,
                   struct place place, struct error *err);

bool calendar_is_open(const struct calendar *calendar, int64_t time_ns);

/* The first time after `time_ns` at which it opens or closes; INT64_MAX when it never changes. */
int64_t calendar_next_change_ns(const struct calendar *calendar, int64_t time_ns);

/* The first time at or after `time_ns` at which it is open; INT64_MAX when it never opens. */
int64_t calendar_next_open_ns(const struct calendar *calendar, int64_t time_ns);

/* Open time in [from_ns, to_ns); 0 when to_ns is not after from_ns. */
int64_t calendar_open_between_ns(const struct calendar *calendar, int64_t from_ns, int64_t to_ns);

/* When `work_ns` >= 0 of open time after `time_ns` are done, the first such time: `time_ns` itself
 * for no work, the moment of closing where the work just fits; INT64_MAX when never. */
int64_t calendar_after_work_ns(const struct calendar *calendar, int64_t time_ns, int64_t work_ns);

/* Share of the week that it is open, holidays aside. */
double calendar_open_share(const struct calendar *calendar);

/* Local time since Monday 00:00, and whether the local date is a holiday. */
int64_t calendar_week_time_ns(const struct calendar *calendar, int64_t time_ns);
bool calendar_is_holiday(const struct calendar *calendar, int64_t time_ns);

#endif
