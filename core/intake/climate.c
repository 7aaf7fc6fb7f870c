/* SPDX-License-Identifier: GPL-3.0-or-later
 * climate.c - see climate.h. */
#include "core/intake/climate.h"

#include "core/base/numeric.h"

static const double gas_constant = 8.314472; /* J/(mol K) */
static const double zero_c_k = 273.15;
static const double hour_ns = 3600e9;

/* Exponents are taken from 0 C on, so that none is lost: exp(-E / (R T)) itself is near 1e-16. */
static double exponent(const struct climate_limits *limits, double temperature_c) {
    double kelvin = temperature_c + zero_c_k;
    return limits->activation_j_per_mol / gas_constant * (1.0 / zero_c_k - 1.0 / kelvin);
}

void climate_add(struct climate *climate, const struct climate_limits *limits, double temperature_c,
                 double hours) {
    bool is_first = climate->hours == 0.0;
    climate->hours += hours;
    climate->temperature_hours += temperature_c * hours;
    climate->kinetic_hours += numeric_exp(exponent(limits, temperature_c)) * hours;
    if (temperature_c < limits->low_c || temperature_c > limits->high_c) {
        climate->outside_hours += hours;
    }
    if (temperature_c > limits->high_c) {
        climate->degree_hours_above += (temperature_c - limits->high_c) * hours;
    }
    if (is_first || temperature_c < climate->lowest_c) {
        climate->lowest_c = temperature_c;
    }
    if (is_first || temperature_c > climate->highest_c) {
        climate->highest_c = temperature_c;
    }
}

static enum climate_event follow(struct climate *climate, const struct climate_limits *limits,
                                 int64_t time_ns, double temperature_c) {
    bool is_outside = temperature_c < limits->low_c || temperature_c > limits->high_c;
    if (!is_outside) {
        bool was = climate->is_excursion;
        climate->is_outside = climate->is_excursion = false;
        return was ? CLIMATE_EXCURSION_ENDS : CLIMATE_NOTHING;
    }
    if (!climate->is_outside) {
        climate->is_outside = true;
        climate->outside_since_ns = time_ns;
    }
    if (climate->is_excursion || time_ns - climate->outside_since_ns <= limits->allowed_ns) {
        return CLIMATE_NOTHING;
    }
    climate->is_excursion = true;
    return CLIMATE_EXCURSION_BEGINS;
}

enum climate_event climate_read(struct climate *climate, const struct climate_limits *limits,
                                int64_t time_ns, double temperature_c) {
    if (temperature_c != temperature_c || (climate->has_reading && time_ns < climate->last_ns)) {
        return CLIMATE_NOTHING;
    }
    if (climate->has_reading && time_ns > climate->last_ns) {
        climate_add(climate, limits, climate->last_c,
                    (double)(time_ns - climate->last_ns) / hour_ns);
    }
    climate->has_reading = true;
    climate->last_ns = time_ns;
    climate->last_c = temperature_c;
    return follow(climate, limits, time_ns, temperature_c);
}

int64_t climate_excursion_due_ns(const struct climate *climate,
                                 const struct climate_limits *limits) {
    return climate->is_outside && !climate->is_excursion
               ? climate->outside_since_ns + limits->allowed_ns + 1
               : INT64_MAX;
}

double climate_mean_c(const struct climate *climate) {
    return climate->temperature_hours / climate->hours;
}

double climate_kinetic_c(const struct climate *climate, const struct climate_limits *limits) {
    double mean = numeric_log(climate->kinetic_hours / climate->hours);
    double inverse = 1.0 / zero_c_k - mean * gas_constant / limits->activation_j_per_mol;
    return 1.0 / inverse - zero_c_k;
}
