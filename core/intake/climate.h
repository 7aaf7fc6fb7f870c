/* SPDX-License-Identifier: GPL-3.0-or-later
 * climate.h - what a series of temperatures did to the goods.
 *
 * The mean kinetic temperature is the constant one that would have spoilt them as much (Haynes
 * 1971): with E the energy of activation and w the time at each temperature T in kelvin,
 *
 *     T_k = (E / R) / -ln(sum w exp(-E / (R T)) / sum w)
 *
 * An excursion begins when goods have been outside of their range for longer than they may, counted
 * from the first reading outside, and ends at the first reading inside. */
#ifndef CORE_INTAKE_CLIMATE_H
#define CORE_INTAKE_CLIMATE_H

#include <stdbool.h>
#include <stdint.h>

/* For most medicines: United States Pharmacopeia <1079.2>. */
#define CLIMATE_ACTIVATION_J_PER_MOL 83144.0

struct climate_limits {
    double low_c, high_c; /* the range, ends included */
    int64_t allowed_ns;   /* outside without harm */
    double activation_j_per_mol;
};

/* Sums over a series; all zero at first. A temperature holds until the next reading. */
struct climate {
    double hours, temperature_hours, kinetic_hours;
    double outside_hours, degree_hours_above; /* degree hours above high_c */
    double lowest_c, highest_c;
    int64_t last_ns, outside_since_ns;
    double last_c;
    bool has_reading, is_outside, is_excursion;
};

enum climate_event { CLIMATE_NOTHING, CLIMATE_EXCURSION_BEGINS, CLIMATE_EXCURSION_ENDS };

/* A temperature that held for a time. */
void climate_add(struct climate *climate, const struct climate_limits *limits, double temperature_c,
                 double hours);

/* A reading; those before the last one are left out, and so is NaN. */
enum climate_event climate_read(struct climate *climate, const struct climate_limits *limits,
                                int64_t time_ns, double temperature_c);

/* When the excursion begins if no other reading comes; INT64_MAX for never. */
int64_t climate_excursion_due_ns(const struct climate *climate,
                                 const struct climate_limits *limits);

/* NaN where nothing was added. */
double climate_mean_c(const struct climate *climate);
double climate_kinetic_c(const struct climate *climate, const struct climate_limits *limits);

#endif
