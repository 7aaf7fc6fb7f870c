/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_coverage.c - goal: the 95 % interval that every table shows covers the truth 95 times in
 * 100.
 *
 * Method: 1,000 experiments of 10 replications each of M/M/1 at load .5, 2,000 customers a
 * replication after a warm-up of 50, whose mean sojourn is 1 exactly. The number of intervals that
 * hold it must lie in the binomial 99.9 % band around 950. The mean of 2,000 sojourns is still a
 * little skewed, which costs less than that band is wide. */
#include "tests/theory/theory.h"

enum { EXPERIMENTS = 1000, REPLICATIONS = 10 };

static const char text[] =
    "clearlab: 1\nexperiment: coverage\nseed: 20170104\n"
    "world: {clearlab: 1, world: w, arrivals: {c: {interarrival: 'exponential(mean: 1 s)', "
    "procedure: "
    "p}}}\n"
    "systems: {s: {clearlab: 1, system: s, organisations: {customs: {staff: {d: 1}}}, procedures: "
    "{p: "
    "[{s: {by: customs.d, duration: 'exponential(mean: 0.5 s)'}}]}}}\n"
    "study: {warm_up: 50 s, cohort: 2000 s, limit: 100000 s, bin: 100000 s}\n"
    "intervals: {sojourn: {from: created, to: ended}}\n";

int main(void) {
    struct theory theory;
    theory_run(&theory, text, EXPERIMENTS * REPLICATIONS);
    uint32_t covered = 0;
    for (uint32_t e = 0; e < EXPERIMENTS; e++) {
        struct moments moments = {0};
        for (uint32_t r = 0; r < REPLICATIONS; r++) {
            moments_add(&moments,
                        theory_value(&theory, "interval.sojourn.all.mean", e * REPLICATIONS + r));
        }
        double half = estimate_half_width(moments_variance(&moments), REPLICATIONS, 0.95);
        covered += fabs(moments.mean - 1) <= half;
    }
    double band = 3.29 * sqrt(0.95 * 0.05 / EXPERIMENTS);
    printf("coverage of the 95 %% interval: %.1f %% of %d experiments\n",
           100.0 * covered / EXPERIMENTS, EXPERIMENTS);
    CHECK_NEAR((double)covered / EXPERIMENTS, 0.95, band);
    theory_free(&theory);
    return test_summary();
}
