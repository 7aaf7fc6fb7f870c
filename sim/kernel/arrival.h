/* SPDX-License-Identifier: GPL-3.0-or-later
 * arrival.h - when the next one comes: renewal streams, and rates that vary by hour and weekday.
 *
 * A varying stream thins a Poisson stream of its highest rate (Lewis and Shedler 1979). Candidate n
 * of a stream uses index 2n for its gap and 2n + 1 for its fate, so a rate changed in one hour
 * moves no arrival of another while the highest rate stays. Renewal streams draw gap n at index n
 * when one uniform suffices. */
#ifndef SIM_KERNEL_ARRIVAL_H
#define SIM_KERNEL_ARRIVAL_H

#include "sim/kernel/calendar.h"
#include "sim/kernel/distribution.h"

enum { ARRIVAL_HOURS = 24 * 7, ARRIVAL_BLOCK = 128 };

struct arrival_pattern {              /* immutable */
    struct distribution gap;          /* renewal; used when rate_max_per_s is 0 */
    double rate_per_s[ARRIVAL_HOURS]; /* from Monday 00:00 local time, none above the highest */
    double rate_max_per_s;
    const struct calendar *calendar; /* its offset, and its holidays, on which nobody comes; its
                                        hours do not matter. NULL: world time, no holidays */
    int64_t start_day;               /* the world's, as in the calendar */
};

/* One stream in one replication. Gaps are drawn in blocks where that is exact, as many as random.c
 * makes at once. */
struct arrival_stream {
    const struct arrival_pattern *pattern;
    struct draw draw;
    uint32_t block_next, block_count;
    double block[ARRIVAL_BLOCK];
};

/* REQUIREs a positive rate at some hour of a varying stream, and none above the highest. */
void arrival_start(struct arrival_stream *stream, const struct arrival_pattern *pattern,
                   struct random_key key, uint64_t entity, uint32_t purpose);

/* The time of the next arrival after `time_ns`, which is that of the one before (or the start);
 * INT64_MAX when it lies beyond CALENDAR_TIME_MAX_NS. */
int64_t arrival_next_ns(struct arrival_stream *stream, int64_t time_ns);

#endif
