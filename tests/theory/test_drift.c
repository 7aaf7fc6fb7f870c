/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: drift.h keeps its promises about false alarms and sees what moved, soon.
 * Method: streams without drift, whose alarms are counted against the level and the bound; then
 * streams in which one feature, or the odds of a finding, change at a known place. */
#include "tests/test.h"
#include "tests/theory/detector_data.h"

#include "core/risk/drift.h"

enum { FEATURES = 5, WINDOW = 1000, CHANGED = 3 };

/* Returns the windows with an alarm; what moved is CHANGED from declaration `change` on. */
static unsigned inputs(uint64_t seed, unsigned windows, unsigned change, int *first_window) {
    struct arena arena = ARENA_INIT;
    struct draws draws = draws_of(seed);
    struct drift_inputs drift;
    drift_inputs_init(&drift, FEATURES, WINDOW, 0.01, &arena);
    unsigned alarms = 0;
    *first_window = -1;
    for (unsigned i = 0; i < windows * WINDOW; i++) {
        uint32_t bins[FEATURES];
        for (unsigned f = 0; f < FEATURES; f++) {
            double moved = f == CHANGED && i >= change ? 0.7 : 0.0;
            bins[f] = f % 2 == 0 ? drift_bin_code(draw_below(&draws, 3 + 40 * f))
                                 : drift_bin_number(numeric_exp(2.0 * draw_normal(&draws) + moved));
        }
        double z;
        int found = drift_inputs_add(&drift, bins, &z);
        if (found >= 0) {
            alarms++;
            CHECK(z > 2.0);
            if (i >= change) {
                CHECK_INT(found, CHANGED);
            }
            *first_window = *first_window < 0 ? (int)(i / WINDOW) : *first_window;
        }
    }
    arena_free(&arena);
    return alarms;
}

static void test_inputs(void) {
    int first;
    unsigned false_alarms = 0;
    for (uint64_t seed = 100; seed < 140; seed++) {
        false_alarms += inputs(seed, 26, UINT32_MAX, &first) > 0 ? 1 : 0;
    }
    /* 25 windows at a level of 1 %, all against one reference: 22 % of years if independent. */
    printf("%u of 40 calm years with an alarm\n", false_alarms);
    CHECK(false_alarms <= 18);
    for (uint64_t seed = 200; seed < 220; seed++) {
        unsigned alarms = inputs(seed, 20, 10 * WINDOW, &first);
        CHECK(alarms >= 8);
    }
}

static void test_relearn(void) {
    struct arena arena = ARENA_INIT;
    struct drift_inputs drift;
    drift_inputs_init(&drift, 1, 500, 0.001, &arena);
    unsigned alarms = 0;
    for (unsigned i = 0; i < 2500; i++) {
        uint32_t bin = i < 500 ? 3 : 4;
        bool alarm = drift_inputs_add(&drift, &bin, NULL) == 0;
        alarms += alarm;
        if (alarm) {
            drift_inputs_learn(&drift);
        }
    }
    CHECK_INT(alarms, 1); /* the new way is the reference after the alarm */
    arena_free(&arena);
}

static void test_bins(void) {
    CHECK_INT(drift_bin_code(0), 0);
    CHECK_INT(drift_bin_number(numeric_from_bits(0x7ff8000000000000)), 0);
    CHECK_INT(drift_bin_number(-3.0), 1);
    CHECK_INT(drift_bin_number(0.0), 2);
    CHECK(drift_bin_number(0.9) < drift_bin_number(1.0));
    CHECK_INT(drift_bin_number(1.0), drift_bin_number(1.99));
    CHECK_INT(drift_bin_number(1e300), DRIFT_BINS - 1);
    for (uint64_t code = 1; code < 1000; code++) {
        CHECK(drift_bin_code(code) >= 1 && drift_bin_code(code) < DRIFT_BINS);
    }
}

/* Lorden's bound, over two million outcomes of a calibrated model; and the delay at odds doubled:
 * about limit / information a finding, here 150 to 250 outcomes. */
static void test_outcomes(void) {
    struct draws draws = draws_of(301);
    struct drift_outcomes drift = drift_outcomes_usual();
    unsigned alarms = 0, count = 2000000;
    for (unsigned i = 0; i < count; i++) {
        double p = 0.02 + 0.5 * draw_uniform(&draws);
        alarms += drift_outcomes_add(&drift, p, draw_uniform(&draws) < p) != DRIFT_NONE;
    }
    printf("%u false alarms in %u outcomes; the bound allows %.0f\n", alarms, count,
           2.0 * count * numeric_exp(-drift.limit));
    CHECK(alarms <= 2.0 * count * numeric_exp(-drift.limit));
    CHECK(alarms > 0);
    for (unsigned way = 0; way < 2; way++) {
        double delay = 0.0;
        for (unsigned round = 0; round < 100; round++) {
            enum drift_alarm alarm = DRIFT_NONE;
            while (alarm == DRIFT_NONE) {
                double p = 0.1 + 0.3 * draw_uniform(&draws), odds = p / (1.0 - p);
                odds *= way == 0 ? 2.0 : 0.5;
                alarm = drift_outcomes_add(&drift, p, draw_uniform(&draws) < odds / (1.0 + odds));
                delay += 0.01;
            }
            CHECK_INT(alarm, way == 0 ? DRIFT_MORE : DRIFT_FEWER);
        }
        printf("odds %s: noticed after %.0f outcomes on average\n", way == 0 ? "doubled" : "halved",
               delay);
        CHECK(delay < 250.0);
    }
}

int main(void) {
    test_bins();
    test_inputs();
    test_relearn();
    test_outcomes();
    return test_summary();
}
