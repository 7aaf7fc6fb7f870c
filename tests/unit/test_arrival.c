/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_arrival.c - renewal streams are their draws one after another; varying rates are Poisson.
 *
 * Thinning: arrivals of 400 streams over six weeks, counted by hour of the week (chi-square at 99.9
 * %), and all times put through the integral of the rate, which must leave gaps that are
 * exponential with mean 1 (Kolmogorov-Smirnov at 99.9 %). Offsets, holidays and hours without
 * arrivals are exact. */
#include "sim/kernel/arrival.h"
#include "tests/test.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#define HOUR_NS INT64_C(3600000000000)

static const double ks_999 = 1.94947;

static const struct random_key key = {0x123456789abcdef0};

/* In blocks, bit for bit what distribution_draw_ns gives one by one. */
static void test_renewal_blocks(void) {
    struct arrival_pattern pattern = {.gap = {.kind = DISTRIBUTION_EXPONENTIAL, .a = 733.1}};
    struct arrival_stream stream;
    for (uint64_t entity = 0; entity < 20; entity++) {
        struct draw draw = {key, entity, 99, 0};
        arrival_start(&stream, &pattern, key, entity, 99);
        int64_t time_ns = 5 + (int64_t)entity, expected_ns = time_ns;
        int wrong = 0;
        for (int i = 0; i < 1000; i++) {
            time_ns = arrival_next_ns(&stream, time_ns);
            expected_ns += distribution_draw_ns(&pattern.gap, &draw);
            wrong += time_ns != expected_ns;
        }
        CHECK_INT(wrong, 0);
    }
}

static void test_renewal_of_other_kinds(void) {
    static const char *const texts[] = {"7 min", "uniform(low: 0 s, high: 20 min)",
                                        "gamma(mean: 7 min, cv: 0.3)"};
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        struct arena arena = ARENA_INIT;
        struct error err = ERROR_INIT;
        struct arrival_pattern pattern = {0};
        CHECK_INT(distribution_parse(texts[k], DIMENSION_TIME, NULL, NULL, &pattern.gap, &arena,
                                     (struct place){"test", 1, 1}, &err),
                  0);
        struct arrival_stream stream;
        struct draw draw = {key, 4, 99, 0};
        arrival_start(&stream, &pattern, key, 4, 99);
        int64_t time_ns = 0, expected_ns = 0;
        int wrong = 0;
        for (int i = 0; i < 1000; i++) {
            time_ns = arrival_next_ns(&stream, time_ns);
            expected_ns += distribution_draw_ns(&pattern.gap, &draw);
            wrong += time_ns != expected_ns;
        }
        CHECK_INT(wrong, 0);
        arena_free(&arena);
    }
}

static void test_no_time_left(void) {
    struct arrival_pattern pattern = {.gap = {.kind = DISTRIBUTION_CONSTANT, .a = 86400}};
    struct arrival_stream stream;
    arrival_start(&stream, &pattern, key, 1, 2);
    CHECK_INT(arrival_next_ns(&stream, CALENDAR_TIME_MAX_NS - CALENDAR_DAY_NS),
              CALENDAR_TIME_MAX_NS);
    CHECK_INT(arrival_next_ns(&stream, CALENDAR_TIME_MAX_NS - CALENDAR_DAY_NS + 1), INT64_MAX);
    pattern.rate_per_s[0] = pattern.rate_max_per_s = 1e-12;
    arrival_start(&stream, &pattern, key, 1, 2);
    int64_t time_ns = 0;
    for (int i = 0; i < 1000 && time_ns != INT64_MAX; i++) {
        time_ns = arrival_next_ns(&stream, time_ns);
    }
    CHECK_INT(time_ns, INT64_MAX);
}

/* Rates of a port: nothing at night and on Sunday, peaks by day, each hour its own. */
static void set_rates(struct arrival_pattern *pattern) {
    for (int hour = 0; hour < ARRIVAL_HOURS; hour++) {
        int of_day = hour % 24, day = hour / 24;
        bool is_quiet = of_day < 5 || of_day == 13 || day == 6;
        pattern->rate_per_s[hour] = is_quiet ? 0.0 : (1 + (of_day * 7 + day * 3) % 11) * 1.5e-4;
    }
    pattern->rate_max_per_s = 1.9e-3; /* above all of them: candidates are always thinned */
}

/* 2017-01-04, a Wednesday; local time runs 9 1/2 hours behind; two days off. */
static const int64_t holidays[] = {17174, 17190};
static const struct calendar calendar = {.start_day = 17170,
                                         .ahead_ns = -19 * HOUR_NS / 2,
                                         .holiday_count = 2,
                                         .holiday_days = holidays};

/* Hour of the local week, by arithmetic of its own, and the rate that holds then. */
static int hour_of_week(int64_t time_ns) {
    int64_t local_ns = time_ns + 2 * CALENDAR_DAY_NS + calendar.ahead_ns + CALENDAR_WEEK_NS;
    return (int)(local_ns % CALENDAR_WEEK_NS / HOUR_NS);
}

static double rate_at(const struct arrival_pattern *pattern, int64_t time_ns) {
    int64_t local_ns = time_ns + calendar.ahead_ns + CALENDAR_WEEK_NS;
    int64_t day = calendar.start_day - 7 + local_ns / CALENDAR_DAY_NS;
    return day == holidays[0] || day == holidays[1] ? 0.0
                                                    : pattern->rate_per_s[hour_of_week(time_ns)];
}

enum { STREAMS = 400, HALF_HOURS = 6 * 7 * 48, GAPS_MAX = 4000000 };
#define END_NS (HALF_HOURS * (HOUR_NS / 2))

static int compare_reals(const void *a, const void *b) {
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void check_gaps(double *shares, int count) {
    qsort(shares, (size_t)count, sizeof *shares, compare_reals);
    double distance = 0;
    for (int i = 0; i < count; i++) {
        distance = fmax(distance,
                        fmax(shares[i] - (double)i / count, (double)(i + 1) / count - shares[i]));
    }
    printf("%d rescaled gaps: sqrt(n) D = %.3f\n", count, distance * sqrt(count));
    CHECK(distance * sqrt(count) < ks_999);
}

static void check_hours(const int64_t *counts, const double *expected) {
    double statistic = 0;
    int cells = 0, in_quiet_hours = 0;
    for (int i = 0; i < ARRIVAL_HOURS; i++) {
        if (expected[i] == 0) {
            in_quiet_hours += (int)counts[i];
            continue;
        }
        double difference = (double)counts[i] - expected[i];
        statistic += difference * difference / expected[i];
        cells++;
    }
    double limit = gsl_cdf_chisq_Qinv(0.001, cells);
    printf("%d hours: chi-square %.1f of %.1f\n", cells, statistic, limit);
    CHECK(cells == 6 * 18);
    CHECK(statistic < limit);
    CHECK_INT(in_quiet_hours, 0);
}

static void test_thinning(void) {
    static struct arrival_pattern pattern;
    set_rates(&pattern);
    pattern.calendar = &calendar;
    pattern.start_day = calendar.start_day;
    static double integral[HALF_HOURS + 1]; /* of the rate, to the start of each half hour */
    double expected[ARRIVAL_HOURS] = {0};
    for (int i = 0; i < HALF_HOURS; i++) {
        int64_t time_ns = i * (HOUR_NS / 2);
        double arrivals = rate_at(&pattern, time_ns) * 1800;
        integral[i + 1] = integral[i] + arrivals;
        expected[hour_of_week(time_ns)] += arrivals * STREAMS;
    }
    int64_t counts[ARRIVAL_HOURS] = {0};
    double *shares = malloc(GAPS_MAX * sizeof *shares);
    int gap_count = 0, on_holidays = 0;
    double before = 0;
    for (uint64_t entity = 0; entity < STREAMS; entity++) {
        struct arrival_stream stream;
        arrival_start(&stream, &pattern, key, entity, 7);
        for (int64_t time_ns = arrival_next_ns(&stream, 0);
             time_ns < END_NS && gap_count < GAPS_MAX;
             time_ns = arrival_next_ns(&stream, time_ns)) {
            counts[hour_of_week(time_ns)]++;
            double rate = rate_at(&pattern, time_ns);
            on_holidays += rate == 0;
            int64_t half = time_ns / (HOUR_NS / 2);
            double now = integral[half] + rate * (double)(time_ns - half * (HOUR_NS / 2)) * 1e-9;
            now += (double)entity * integral[HALF_HOURS]; /* one stream after another */
            shares[gap_count++] = gsl_cdf_exponential_P(now - before, 1);
            before = now;
        }
    }
    CHECK_INT(on_holidays, 0);
    check_hours(counts, expected);
    check_gaps(shares, gap_count);
    free(shares);
}

/* A rate changed in one hour moves no arrival of another. */
static void test_hours_are_apart(void) {
    static struct arrival_pattern before, after;
    set_rates(&before);
    before.start_day = 17168;
    after = before;
    enum { CHANGED = 3 * 24 + 10 };
    after.rate_per_s[CHANGED] = 0;
    struct arrival_stream a, b;
    arrival_start(&a, &before, key, 1, 2);
    arrival_start(&b, &after, key, 1, 2);
    int dropped = 0, wrong = 0;
    int64_t a_ns = 0, b_ns = 0;
    while (a_ns < 20 * CALENDAR_WEEK_NS) {
        a_ns = arrival_next_ns(&a, a_ns);
        if (a_ns % CALENDAR_WEEK_NS / HOUR_NS == CHANGED) {
            dropped++;
            continue;
        }
        b_ns = arrival_next_ns(&b, b_ns);
        wrong += a_ns != b_ns;
    }
    CHECK_INT(wrong, 0);
    CHECK(dropped > 15);
}

/* Without a calendar: world time and no holidays. With the highest rate all candidates come. */
static void test_constant_rate(void) {
    struct arrival_pattern pattern = {.start_day = 17171, .rate_max_per_s = 0.01};
    for (int hour = 0; hour < ARRIVAL_HOURS; hour++) {
        pattern.rate_per_s[hour] = 0.01;
    }
    struct arrival_stream stream;
    arrival_start(&stream, &pattern, key, 3, 8);
    int64_t time_ns = 0, expected_ns = 0;
    int wrong = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        time_ns = arrival_next_ns(&stream, time_ns);
        expected_ns += distribution_ns(random_exponential(key, 3, 8, 2 * i) / 0.01);
        wrong += time_ns != expected_ns;
    }
    CHECK_INT(wrong, 0);
    /* Start on a Thursday: the only busy hour is Friday 00:00. */
    memset(pattern.rate_per_s, 0, sizeof pattern.rate_per_s);
    pattern.rate_per_s[4 * 24] = 0.01;
    arrival_start(&stream, &pattern, key, 3, 8);
    for (int i = 0; i < 200; i++) {
        time_ns = arrival_next_ns(&stream, i == 0 ? 0 : time_ns);
        wrong += time_ns % CALENDAR_WEEK_NS / HOUR_NS != 24;
    }
    CHECK_INT(wrong, 0);
}

int main(void) {
    test_renewal_blocks();
    test_renewal_of_other_kinds();
    test_no_time_left();
    test_thinning();
    test_hours_are_apart();
    test_constant_rate();
    return test_summary();
}
