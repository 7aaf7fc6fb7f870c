/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: climate.h: when an excursion begins and ends, and that readings and sums agree. Method:
 * series by hand, in minutes; the published figures are in tests/vectors/test_standards.c. */
#include "tests/test.h"

#include "core/intake/climate.h"

#include <math.h>

static const int64_t minute_ns = INT64_C(60000000000);
static const struct climate_limits limits = {2.0, 8.0, INT64_C(30) * 60000000000, 83144.0};

static void test_excursion(void) {
    struct climate climate = {.hours = 0.0};
    CHECK(isnan(climate_mean_c(&climate)));
    CHECK_INT(climate_read(&climate, &limits, 0, 5.0), CLIMATE_NOTHING);
    CHECK(climate_excursion_due_ns(&climate, &limits) == INT64_MAX);
    CHECK_INT(climate_read(&climate, &limits, 10 * minute_ns, 8.5), CLIMATE_NOTHING);
    CHECK(climate_excursion_due_ns(&climate, &limits) == 40 * minute_ns + 1);
    CHECK_INT(climate_read(&climate, &limits, 25 * minute_ns, 7.0), CLIMATE_NOTHING); /* short */
    CHECK_INT(climate_read(&climate, &limits, 30 * minute_ns, 9.0), CLIMATE_NOTHING);
    CHECK_INT(climate_read(&climate, &limits, 60 * minute_ns, 9.0), CLIMATE_NOTHING); /* 30 min */
    CHECK_INT(climate_read(&climate, &limits, 61 * minute_ns, 1.0), CLIMATE_EXCURSION_BEGINS);
    CHECK_INT(climate_read(&climate, &limits, 70 * minute_ns, 9.0), CLIMATE_NOTHING);
    CHECK(climate_excursion_due_ns(&climate, &limits) == INT64_MAX);
    CHECK_INT(climate_read(&climate, &limits, 80 * minute_ns, 8.0), CLIMATE_EXCURSION_ENDS);
    CHECK_NEAR(climate.hours, 80.0 / 60.0, 1e-12);
    CHECK_NEAR(climate.outside_hours, (15.0 + 31.0 + 9.0 + 10.0) / 60.0, 1e-12);
    CHECK_NEAR(climate.degree_hours_above, (7.5 + 31.0 + 10.0) / 60.0, 1e-12);
    CHECK(climate.lowest_c == 1.0 && climate.highest_c == 9.0);
    double hours = climate.hours;
    CHECK_INT(climate_read(&climate, &limits, 79 * minute_ns, 30.0), CLIMATE_NOTHING); /* late */
    CHECK_INT(climate_read(&climate, &limits, 99 * minute_ns, NAN), CLIMATE_NOTHING);
    CHECK(climate.hours == hours);
}

/* Above the mean temperature, and nearer to the highest the more the reaction needs. */
static void test_kinetic(void) {
    double before = -100.0;
    for (double activation = 20000.0; activation < 300000.0; activation *= 1.7) {
        struct climate climate = {.hours = 0.0};
        struct climate_limits of = limits;
        of.activation_j_per_mol = activation;
        climate_add(&climate, &of, -20.0, 3.0);
        climate_add(&climate, &of, 25.0, 1.0);
        double kinetic = climate_kinetic_c(&climate, &of);
        CHECK(kinetic > climate_mean_c(&climate) && kinetic > before && kinetic < 25.0);
        before = kinetic;
    }
}

int main(void) {
    test_excursion();
    test_kinetic();
    return test_summary();
}
