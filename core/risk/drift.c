/* SPDX-License-Identifier: GPL-3.0-or-later
 * drift.c - see drift.h. */
#include "core/risk/drift.h"

#include "core/base/numeric.h"
#include "core/base/require.h"
#include "core/risk/slots.h"

#include <string.h>

uint32_t drift_bin_code(uint64_t code) {
    return code == 0 ? 0 : 1 + (uint32_t)((slots_key(0, code) >> 32) % (DRIFT_BINS - 1));
}

/* Doublings of the magnitude, 2^-4 and less to 2^24 and more; below zero by the sign alone. */
uint32_t drift_bin_number(double number) {
    if (number != number) {
        return 0;
    }
    if (number < 0.0) {
        return 1;
    }
    int exponent = (int)(numeric_bits(number) >> 52) - 1023;
    int bin = exponent + 6;
    return (uint32_t)(bin < 2 ? 2 : bin >= DRIFT_BINS ? DRIFT_BINS - 1 : bin);
}

void drift_inputs_init(struct drift_inputs *drift, uint32_t feature_count, uint32_t window,
                       double level, struct arena *arena) {
    REQUIRE(feature_count > 0 && window > 0 && level > 0.0 && level < 1.0);
    *drift = (struct drift_inputs){
        .feature_count = feature_count,
        .window = window,
        .level = level,
        .reference = ARENA_ARRAY(arena, uint32_t, (size_t)feature_count * DRIFT_BINS),
        .current = ARENA_ARRAY(arena, uint32_t, (size_t)feature_count * DRIFT_BINS),
    };
}

/* Chi-square of two samples of equal size, made normal (Wilson and Hilferty 1931). Bins with few
 * counts are thrown together. */
static double distance(const uint32_t *a, const uint32_t *b) {
    double chi_square = 0.0, rest_a = 0.0, rest_b = 0.0;
    int degrees = -1;
    for (unsigned bin = 0; bin <= DRIFT_BINS; bin++) {
        double x = bin < DRIFT_BINS ? a[bin] : rest_a, y = bin < DRIFT_BINS ? b[bin] : rest_b;
        if (bin < DRIFT_BINS && x + y < 10.0) {
            rest_a += x;
            rest_b += y;
        } else if (x + y > 0.0) {
            chi_square += (x - y) * (x - y) / (x + y);
            degrees++;
        }
    }
    if (degrees < 1) {
        return 0.0;
    }
    double part = 2.0 / (9.0 * degrees);
    double root = chi_square > 0.0 ? numeric_pow(chi_square / degrees, 1.0 / 3.0) : 0.0;
    return (root - (1.0 - part)) / numeric_sqrt(part);
}

int drift_inputs_add(struct drift_inputs *drift, const uint32_t *bins, double *z) {
    uint32_t *counts = drift->has_reference ? drift->current : drift->reference;
    for (uint32_t feature = 0; feature < drift->feature_count; feature++) {
        REQUIRE(bins[feature] < DRIFT_BINS);
        counts[(size_t)feature * DRIFT_BINS + bins[feature]]++;
    }
    if (++drift->seen < drift->window) {
        return -1;
    }
    drift->seen = 0;
    if (!drift->has_reference) {
        drift->has_reference = true;
        return -1;
    }
    double highest = numeric_normal_quantile(1.0 - drift->level / drift->feature_count);
    int found = -1;
    for (uint32_t feature = 0; feature < drift->feature_count; feature++) {
        size_t first = (size_t)feature * DRIFT_BINS;
        double far = distance(drift->reference + first, drift->current + first);
        if (far > highest) {
            highest = far;
            found = (int)feature;
        }
    }
    memset(drift->current, 0, (size_t)drift->feature_count * DRIFT_BINS * sizeof *drift->current);
    if (z != NULL) {
        *z = found >= 0 ? highest : 0.0;
    }
    return found;
}

void drift_inputs_learn(struct drift_inputs *drift) {
    size_t size = (size_t)drift->feature_count * DRIFT_BINS * sizeof *drift->reference;
    memset(drift->reference, 0, size);
    memset(drift->current, 0, size);
    drift->has_reference = false;
    drift->seen = 0;
}

struct drift_outcomes drift_outcomes_usual(void) {
    return (struct drift_outcomes){.factor = 2.0, .limit = 9.210340371976184};
}

/* ln of the likelihood of the outcome at odds `factor` times p / (1 - p), by that at p. */
static double evidence(double p, bool found, double factor) {
    return (found ? numeric_log(factor) : 0.0) - numeric_log(1.0 - p + factor * p);
}

enum drift_alarm drift_outcomes_add(struct drift_outcomes *drift, double probability, bool found) {
    double p = probability < 1e-4 ? 1e-4 : probability > 1.0 - 1e-4 ? 1.0 - 1e-4 : probability;
    double more = drift->more + evidence(p, found, drift->factor);
    double fewer = drift->fewer + evidence(p, found, 1.0 / drift->factor);
    drift->more = more > 0.0 ? more : 0.0;
    drift->fewer = fewer > 0.0 ? fewer : 0.0;
    enum drift_alarm alarm = drift->more > drift->limit    ? DRIFT_MORE
                             : drift->fewer > drift->limit ? DRIFT_FEWER
                                                           : DRIFT_NONE;
    if (alarm != DRIFT_NONE) {
        drift->more = drift->fewer = 0.0;
    }
    return alarm;
}
