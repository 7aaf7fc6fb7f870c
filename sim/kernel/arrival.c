/* SPDX-License-Identifier: GPL-3.0-or-later
 * arrival.c - see arrival.h. */
#include "sim/kernel/arrival.h"

#include "core/base/require.h"

static const int64_t hour_ns = INT64_C(3600000000000);

void arrival_start(struct arrival_stream *stream, const struct arrival_pattern *pattern,
                   struct random_key key, uint64_t entity, uint32_t purpose) {
    stream->pattern = pattern;
    stream->draw = (struct draw){.key = key, .entity = entity, .purpose = purpose};
    stream->block_next = 0;
    stream->block_count = 0;
    bool comes = false;
    for (int hour = 0; pattern->rate_max_per_s > 0.0 && hour < ARRIVAL_HOURS; hour++) {
        REQUIRE(pattern->rate_per_s[hour] >= 0.0);
        REQUIRE(pattern->rate_per_s[hour] <= pattern->rate_max_per_s);
        comes |= pattern->rate_per_s[hour] > 0.0;
    }
    REQUIRE(comes || pattern->rate_max_per_s <= 0.0);
}

static int64_t after(int64_t time_ns, int64_t gap_ns) {
    return gap_ns <= CALENDAR_TIME_MAX_NS - time_ns ? time_ns + gap_ns : INT64_MAX;
}

static __attribute__((noinline)) void fill_block(struct arrival_stream *stream) {
    struct draw *draw = &stream->draw;
    random_exponential_block(draw->key, draw->entity, draw->purpose, draw->index, stream->block,
                             ARRIVAL_BLOCK);
    draw->index += ARRIVAL_BLOCK;
    stream->block_next = 0;
    stream->block_count = ARRIVAL_BLOCK;
}

static int64_t renewal_gap_ns(struct arrival_stream *stream) {
    const struct distribution *gap = &stream->pattern->gap;
    if (gap->kind != DISTRIBUTION_EXPONENTIAL) {
        return distribution_draw_ns(gap, &stream->draw);
    }
    if (__builtin_expect(stream->block_next == stream->block_count, 0)) {
        fill_block(stream);
    }
    return distribution_ns(gap->a * stream->block[stream->block_next++]);
}

/* Arrivals a second at a time; none on holidays. */
static double rate_per_s(const struct arrival_pattern *pattern, int64_t time_ns) {
    const struct calendar world = {.start_day = pattern->start_day};
    const struct calendar *calendar = pattern->calendar != NULL ? pattern->calendar : &world;
    double rate = pattern->rate_per_s[calendar_week_time_ns(calendar, time_ns) / hour_ns];
    return rate > 0.0 && calendar_is_holiday(calendar, time_ns) ? 0.0 : rate;
}

int64_t arrival_next_ns(struct arrival_stream *stream, int64_t time_ns) {
    const struct arrival_pattern *pattern = stream->pattern;
    struct draw *draw = &stream->draw;
    if (pattern->rate_max_per_s <= 0.0) {
        return after(time_ns, renewal_gap_ns(stream));
    }
    for (;;) {
        double gap_s = random_exponential(draw->key, draw->entity, draw->purpose, draw->index) /
                       pattern->rate_max_per_s;
        double fate = random_uniform(draw->key, draw->entity, draw->purpose, draw->index + 1);
        draw->index += 2;
        time_ns = after(time_ns, distribution_ns(gap_s));
        if (time_ns == INT64_MAX || fate * pattern->rate_max_per_s < rate_per_s(pattern, time_ns)) {
            return time_ns;
        }
    }
}
