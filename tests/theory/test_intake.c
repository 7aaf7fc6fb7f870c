/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: events made of noisy readings are the ones that happened. Method: tags, vehicles and seals
 * whose truth is known; the shares of missed, false and late events against their bounds. */
#include "tests/test.h"
#include "tests/theory/detector_data.h"

#include "core/intake/geofence.h"
#include "core/intake/presence.h"
#include "core/intake/seal.h"

#include <math.h>

static const int64_t second_ns = INT64_C(1000000000);

/* A tag is read in each cycle with the chance `rate`, for a hundred cycles, then it is gone.
 * Returns the presences that were made of it; one is right. */
static unsigned presences(struct draws *draws, const struct presence_rules *rules, double rate,
                          double *late_cycles) {
    struct presence presence = {0};
    unsigned made = 0;
    int64_t last_ns = 0;
    for (int64_t cycle = 0; cycle < 100; cycle++) {
        int64_t now_ns = cycle * rules->cycle_ns;
        if (presence_due_ns(&presence, rules) < now_ns) {
            made += presence_end(&presence, rules, &last_ns);
        }
        if (draw_uniform(draws) < rate) {
            presence_read(&presence, rules, now_ns);
        }
    }
    if (presence.reads > 0) {
        int64_t due_ns = presence_due_ns(&presence, rules);
        made += presence_end(&presence, rules, &last_ns);
        *late_cycles += (double)(due_ns - last_ns) / (double)rules->cycle_ns;
    }
    return made;
}

static void test_presence(void) {
    enum { TAGS = 4000 };
    const struct presence_rules rules = {second_ns / 2, 0.002, second_ns, 120 * second_ns, 2};
    const double rates[] = {0.2, 0.5, 0.9};
    for (unsigned i = 0; i < 3; i++) {
        struct draws draws = draws_of(91 + i);
        unsigned right = 0;
        double late = 0.0;
        for (unsigned tag = 0; tag < TAGS; tag++) {
            right += presences(&draws, &rules, rates[i], &late) == 1;
        }
        printf("read rate %.1f: %.1f %% of tags are one presence, gone after %.1f cycles\n",
               rates[i], 100.0 * right / TAGS, late / TAGS);
        CHECK(right > 0.85 * TAGS);
        CHECK(late / TAGS < 1.3 * log(500.0) / rates[i] + 3.0);
    }
}

static void test_presence_by_hand(void) {
    const struct presence_rules rules = {second_ns, 0.05, 2 * second_ns, 60 * second_ns, 3};
    struct presence presence = {0};
    int64_t last_ns;
    CHECK(presence_due_ns(&presence, &rules) == INT64_MAX);
    CHECK(!presence_read(&presence, &rules, 0));
    CHECK(!presence_read(&presence, &rules, 1)); /* the same cycle */
    CHECK_INT(presence.reads, 1);
    CHECK(!presence_read(&presence, &rules, 2 * second_ns));
    CHECK(presence_read(&presence, &rules, 3 * second_ns)); /* the third: it is here, since 0 */
    CHECK(presence.first_ns == 0);
    CHECK(!presence_read(&presence, &rules, 4 * second_ns));
    CHECK(presence_end(&presence, &rules, &last_ns) && last_ns == 4 * second_ns);
    CHECK(!presence_read(&presence, &rules, 100 * second_ns)); /* a ghost */
    CHECK(!presence_end(&presence, &rules, &last_ns));
    const struct presence portals[] = {{0, 9, 4}, {0, 8, 7}, {0, 9, 7}, {0, 0, 0}};
    CHECK_INT(presence_strongest(portals, 4), 2);
    CHECK_INT(presence_strongest(portals + 3, 1), -1);
}

static void test_distance(void) {
    /* A degree of a great circle, and the way round the corner at 60 degrees. */
    double degree = 6371008.8 * M_PI / 180.0;
    CHECK_NEAR(geofence_distance_m(10.0, 20.0, 11.0, 20.0), degree, 2.0);
    CHECK_NEAR(geofence_distance_m(0.0, 179.5, 0.0, -179.5), degree, 2.0);
    CHECK_NEAR(geofence_distance_m(60.0, 5.0, 60.0, 5.001), degree * 0.001 * 0.5, 0.01);
}

/* Trucks drive to a yard, wait, and drive off; fixes are a few metres wrong, some are missing, and
 * one in a hundred is far off. */
static void test_geofence(void) {
    const struct geofence yard = {51.95, 4.05, 400.0, 60.0, 30.0, 3};
    struct draws draws = draws_of(95);
    unsigned right = 0, trucks = 1000, jumps = 0, made_jumps = 0;
    double late_s = 0.0;
    for (unsigned truck = 0; truck < trucks; truck++) {
        struct geofence_track track = {0};
        unsigned arrived = 0, left = 0;
        for (int second = 0; second < 2400; second += 10) {
            double away_m = second < 1000   ? 10000.0 - 10.0 * second
                            : second < 1500 ? 0.0
                                            : 10.0 * (second - 1500);
            double north_m = away_m + 15.0 * draw_normal(&draws);
            bool is_wrong = draw_uniform(&draws) < 0.01;
            made_jumps += is_wrong && track.has_fix;
            north_m += is_wrong ? 50000.0 : 0.0;
            if (draw_uniform(&draws) < 0.2) {
                made_jumps -= is_wrong && track.has_fix;
                continue;
            }
            enum geofence_event event =
                geofence_fix(&track, &yard, second * second_ns, 51.95 + north_m / 111194.9, 4.05);
            jumps += event == GEOFENCE_JUMPS;
            arrived += event == GEOFENCE_ARRIVES;
            left += event == GEOFENCE_LEAVES;
            if (event == GEOFENCE_ARRIVES) {
                late_s += (double)track.since_ns / 1e9 - 966.0; /* 340 m from the middle */
            }
        }
        right += arrived == 1 && left == 1;
    }
    printf("%u of %u trucks arrive and leave once, %.1f s late; %u of %u jumps left out\n", right,
           trucks, late_s / trucks, jumps, made_jumps);
    CHECK(right >= 0.99 * trucks);
    CHECK(fabs(late_s / trucks) < 15.0);
    CHECK(jumps >= 0.99 * made_jumps && jumps <= 1.02 * made_jumps);
}

/* A receiver that begins with a false place is believed again once the true ones agree. */
static void test_spoofed_start(void) {
    const struct geofence yard = {51.95, 4.05, 400.0, 60.0, 30.0, 3};
    struct geofence_track track = {0};
    CHECK_INT(geofence_fix(&track, &yard, 0, 40.0, 4.05), GEOFENCE_NOTHING);
    for (int64_t i = 1; i <= 2; i++) {
        CHECK_INT(geofence_fix(&track, &yard, i * 10 * second_ns, 51.95, 4.05), GEOFENCE_JUMPS);
    }
    CHECK_INT(geofence_fix(&track, &yard, 30 * second_ns, 51.95, 4.05), GEOFENCE_NOTHING);
    CHECK_INT(geofence_fix(&track, &yard, 40 * second_ns, 51.95, 4.05), GEOFENCE_NOTHING);
    CHECK_INT(geofence_fix(&track, &yard, 50 * second_ns, 51.95, 4.05), GEOFENCE_ARRIVES);
    CHECK(track.since_ns == 30 * second_ns);
}

static void test_seal(void) {
    struct seal seal = seal_close(4711, 5);
    CHECK_INT(seal_report(&seal, 4711, 6, true, 10), SEAL_INTACT);
    seal.may_open = true;
    CHECK_INT(seal_report(&seal, 4711, 7, false, 20), SEAL_OPENED);
    CHECK_INT(seal_report(&seal, 4711, 8, true, 30), SEAL_INTACT);
    seal.may_open = false;
    CHECK_INT(seal_report(&seal, 4711, 10, true, 40), SEAL_SUSPICIOUS); /* the ninth is missing */
    CHECK_INT(seal_report(&seal, 4711, 11, true, 50), SEAL_SUSPICIOUS);
    struct seal copy = seal, other = seal;
    CHECK_INT(seal_report(&copy, 4711, 11, true, 60), SEAL_BROKEN); /* played again */
    CHECK_INT(seal_report(&other, 4712, 12, true, 60), SEAL_BROKEN);
    CHECK_INT(seal_report(&seal, 4711, 12, false, 60), SEAL_BROKEN);
    CHECK(seal.broken_ns == 60);
    CHECK_INT(seal_report(&seal, 4711, 13, true, 70), SEAL_BROKEN);
    CHECK_TEXT(seal_state_name(seal.state), "broken");
    struct seal none = {0};
    CHECK_INT(seal_report(&none, 4711, 13, true, 70), SEAL_UNKNOWN);
}

int main(void) {
    test_presence_by_hand();
    test_presence();
    test_distance();
    test_geofence();
    test_spoofed_start();
    test_seal();
    return test_summary();
}
