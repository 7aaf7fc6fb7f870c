/* SPDX-License-Identifier: GPL-3.0-or-later
 * detector_splitting.c - one consignment declared as several, each below a threshold.
 *
 * Of a trader's declarations of the same goods within a window, those of about the value of the
 * present one are taken for parts of one consignment above the threshold, some of which may be yet
 * to come. Against that stands that each is a consignment of its own, at the trader's usual rate
 * and of his usual (lognormal) values. The score is the logarithm of that ratio of likelihoods. */
#include "core/base/numeric.h"
#include "core/risk/detector.h"
#include "core/risk/slots.h"

#include <stdbool.h>
#include <stdio.h>

enum { THRESHOLD, WINDOW, PART_DEVIATION, KEYS };
enum { RING = 16, PARTS_MAX = 32 };

static const struct detector_parameter parameters[] = {
    {"threshold", 1000, 0.01, 1e15, "Value below which a declaration gains, in the values' unit."},
    {"window_days", 3, 0.01, 365, "Days within which the parts are declared."},
    {"part_deviation", 0.05, 0.001, 1, "Standard deviation of the logarithms of parts' values."},
    {"keys", 65536, 8, 1e7, "Traders with goods that are remembered."},
    {NULL, 0, 0, 0, NULL}};

static const double day_ns = 86400e9;
static const double needless_share = 0.3; /* how likely one part more than needed is */
static const double prior_count = 4.0;    /* declarations that everybody's habits count for */

struct habit {
    double count, sum, sum_squares; /* of log values */
};

struct line { /* one trader's declarations of one kind of goods */
    struct habit habit;
    int64_t first_ns;
    int64_t times_ns[RING]; /* the latest ones */
    float log_values[RING];
    uint32_t next, filled;
};

struct state {
    struct slots slots;
    struct line *lines;
    struct habit everybody;
    double log_threshold, window_ns, part_deviation, gap_ns; /* gap: everybody's mean, learnt */
    double gap_count;
};

static void *create(const double *values, struct arena *arena) {
    struct state *state = ARENA_NEW(arena, struct state);
    slots_init(&state->slots, (uint32_t)values[KEYS], arena);
    state->lines = ARENA_ARRAY(arena, struct line, slots_count(&state->slots));
    state->log_threshold = numeric_log(values[THRESHOLD]);
    state->window_ns = values[WINDOW] * day_ns;
    state->part_deviation = values[PART_DEVIATION];
    state->gap_ns = 30.0 * day_ns;
    state->gap_count = 1.0;
    return state;
}

static uint64_t key_of(const struct declaration *declaration) {
    return slots_key(slots_key(0, declaration->trader), declaration->goods);
}

/* ln of the normal density. */
static double log_density(double x, double mean, double deviation) {
    double z = (x - mean) / deviation;
    return -0.5 * z * z - numeric_log(deviation) - 0.9189385332046727;
}

/* Mean and deviation of a trader's log values, drawn towards everybody's. */
static void values_of(const struct state *state, const struct line *line, double *mean,
                      double *deviation) {
    const struct habit *all = &state->everybody;
    double share = all->count > 0.0 ? prior_count / all->count : 0.0;
    double count = line->habit.count + share * all->count;
    *mean = (line->habit.sum + share * all->sum) / count;
    double variance = (line->habit.sum_squares + share * all->sum_squares) / count - *mean * *mean;
    *deviation = numeric_sqrt(variance > 0.01 ? variance : 0.01);
}

/* The declarations that may be parts of the same: the present one and those like it before. */
struct parts {
    unsigned count;
    double sum_logs, sum_squares, sum; /* of log values; of values */
    double elapsed;                    /* since the first, as a share of the window */
    double by_chance;                  /* ln of the intensity of all as consignments of their own */
};

static void add_part(struct parts *parts, double log_value, double log_intensity) {
    parts->count++;
    parts->sum_logs += log_value;
    parts->sum_squares += log_value * log_value;
    parts->sum += numeric_exp(log_value);
    parts->by_chance += log_intensity;
}

/* ln of how likely these are parts of one consignment, seen so far, against each being one. Of k
 * parts each of the later ones comes at any time of the window. As few as needed are likely, and
 * each more is less. */
static double log_ratio(const struct state *state, const struct parts *parts, double mean,
                        double deviation) {
    double count = parts->count, middle = parts->sum_logs / count;
    double spread = parts->sum_squares - count * middle * middle, sum = 0.0;
    for (unsigned k = parts->count > 2 ? parts->count : 2; k <= PARTS_MAX; k++) {
        double whole = middle + numeric_log(k) - state->log_threshold;
        if (whole <= 0.0) {
            continue;
        }
        double needed = __builtin_ceil(numeric_exp(whole));
        double chance = numeric_exp(log_density(whole + state->log_threshold, mean, deviation));
        for (double more = needed; more < k; more++) {
            chance *= needless_share;
        }
        for (unsigned i = 1; i < k; i++) {
            chance *= i < parts->count ? k - i : 1.0 - parts->elapsed;
        }
        sum += chance;
    }
    double z = spread / (state->part_deviation * state->part_deviation);
    double alike = -0.5 * z - 0.5 * numeric_log(count) -
                   (count - 1.0) * (numeric_log(state->part_deviation) + 0.9189385332046727);
    double apart = (count - 1.0) * numeric_log(state->window_ns);
    return numeric_log(sum + 1e-300) + alike - apart - parts->by_chance;
}

static double score_of(const struct state *state, const struct declaration *declaration,
                       struct parts *parts) {
    *parts = (struct parts){0};
    int64_t place = declaration->trader != 0 && declaration->goods != 0
                        ? slots_find(&state->slots, key_of(declaration))
                        : -1;
    if (place < 0 || !(declaration->value > 0.0)) {
        return 0.0;
    }
    const struct line *line = &state->lines[place];
    double log_value = numeric_log(declaration->value), mean, deviation;
    if (log_value >= state->log_threshold) {
        return -1e3; /* whoever pays in full splits nothing */
    }
    values_of(state, line, &mean, &deviation);
    double age_ns = (double)(declaration->time_ns - line->first_ns);
    double log_rate = numeric_log((line->habit.count + 1.0) / (age_ns + state->gap_ns));
    add_part(parts, log_value, log_density(log_value, mean, deviation)); /* it came: no rate */
    double alone = log_ratio(state, parts, mean, deviation);
    for (uint32_t i = 0; i < line->filled; i++) {
        double other = (double)line->log_values[i], difference = other - log_value;
        double elapsed = (double)(declaration->time_ns - line->times_ns[i]) / state->window_ns;
        double far = 3.0 * state->part_deviation;
        if (elapsed <= 1.0 && difference <= far && -difference <= far) {
            add_part(parts, other, log_rate + log_density(other, mean, deviation));
            parts->elapsed = elapsed > parts->elapsed ? elapsed : parts->elapsed;
        }
    }
    double together = parts->count > 1 ? log_ratio(state, parts, mean, deviation) : alone;
    return together > alone ? together : alone;
}

static double score(const void *state, const struct declaration *declaration) {
    struct parts parts;
    return score_of(state, declaration, &parts);
}

static void add_value(struct habit *habit, double log_value) {
    habit->count += 1.0;
    habit->sum += log_value;
    habit->sum_squares += log_value * log_value;
}

static void learn(void *state_, const struct declaration *declaration) {
    struct state *state = state_;
    if (declaration->trader == 0 || declaration->goods == 0 || !(declaration->value > 0.0)) {
        return;
    }
    bool is_new;
    double log_value = numeric_log(declaration->value);
    struct line *line = &state->lines[slots_take(&state->slots, key_of(declaration), &is_new)];
    if (is_new) {
        *line = (struct line){.first_ns = declaration->time_ns};
    } else {
        uint32_t last = (line->next + RING - 1) % RING;
        double gap_ns = (double)(declaration->time_ns - line->times_ns[last]);
        state->gap_count += state->gap_count < 1e4;
        state->gap_ns += (gap_ns - state->gap_ns) / state->gap_count;
    }
    add_value(&line->habit, log_value);
    add_value(&state->everybody, log_value);
    line->times_ns[line->next] = declaration->time_ns;
    line->log_values[line->next] = (float)log_value;
    line->next = (line->next + 1) % RING;
    line->filled += line->filled < RING;
}

static void explain(const void *state_, const struct declaration *declaration, char *text,
                    size_t size) {
    const struct state *state = state_;
    struct parts parts;
    double score_value = score_of(state, declaration, &parts);
    text[0] = '\0';
    if (score_value > 0.0 && parts.count > 1) {
        snprintf(text, size,
                 "%u declarations of about the same value within %.3g days, %.0f together",
                 parts.count, state->window_ns / day_ns, parts.sum);
    }
}

const struct detector detector_splitting = {
    .name = "splitting",
    .doc = "Several consignments of like value below a threshold where one above it is likelier.",
    .parameters = parameters,
    .create = create,
    .score = score,
    .learn = learn,
    .explain = explain,
};
