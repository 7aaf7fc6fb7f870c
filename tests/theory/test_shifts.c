/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_shifts.c - goal: desks that open and close by the hour do with the work at hand what their
 * rule says.
 *
 * Method: with exponential service the number inside (and, where work is finished after hours, the
 * number at work) is a Markov chain whose rates change at 00:00 and 12:00; its periodic state is
 * solved here by Runge and Kutta's method and held against the mean time in the system, which is
 * the mean number over the arrival rate (Little). Restarting has no such chain; with constant
 * service it has an equal instead: a desk that opens no later than one service before closing, and
 * finishes. */
#include "tests/theory/theory.h"

enum { NUMBERS = 120, BUSY_MOST = 4 };

enum rule { SUSPEND, FINISH, DISCARD };

static const char *const rule_names[] = {"suspend", "finish", "discard"};

/* p[busy][n]: `busy` of the n inside are at work. Rates an hour; one unit by day, three by night.
 */
struct chain {
    double p[BUSY_MOST][NUMBERS];
};

static const int units[2] = {1, 3};
static const double arrival_rate = 1, service_rate = 1;

/* Where somebody who leaves, or comes, leaves it: units that are open take who waits. */
static int busy_after(int busy, int number, int open) {
    int can = number < open ? number : open;
    return busy > can ? busy : can;
}

static void slope(const struct chain *at, int open, struct chain *change) {
    memset(change, 0, sizeof *change);
    for (int busy = 0; busy < BUSY_MOST; busy++) {
        for (int n = busy; n < NUMBERS; n++) {
            double p = at->p[busy][n];
            if (n + 1 < NUMBERS) {
                change->p[busy][n] -= arrival_rate * p;
                change->p[busy_after(busy, n + 1, open)][n + 1] += arrival_rate * p;
            }
            if (busy > 0) {
                change->p[busy][n] -= busy * service_rate * p;
                change->p[busy_after(busy - 1, n - 1, open)][n - 1] += busy * service_rate * p;
            }
        }
    }
}

static void add(struct chain *sum, const struct chain *a, double factor, const struct chain *b) {
    for (int i = 0; i < BUSY_MOST * NUMBERS; i++) {
        sum->p[i / NUMBERS][i % NUMBERS] =
            a->p[i / NUMBERS][i % NUMBERS] + factor * b->p[i / NUMBERS][i % NUMBERS];
    }
}

static double number_inside(const struct chain *chain) {
    double mean = 0;
    for (int busy = 0; busy < BUSY_MOST; busy++) {
        for (int n = 0; n < NUMBERS; n++) {
            mean += n * chain->p[busy][n];
        }
    }
    return mean;
}

/* One step of Runge and Kutta's fourth order. */
static void advance(struct chain *chain, int open, double step_h) {
    static struct chain k[4], at;
    slope(chain, open, &k[0]);
    add(&at, chain, step_h / 2, &k[0]);
    slope(&at, open, &k[1]);
    add(&at, chain, step_h / 2, &k[1]);
    slope(&at, open, &k[2]);
    add(&at, chain, step_h, &k[2]);
    slope(&at, open, &k[3]);
    for (int i = 0; i < 4; i++) {
        add(chain, chain, step_h * (i == 0 || i == 3 ? 1 : 2) / 6, &k[i]);
    }
}

/* The units open become `open`: whoever is at work beyond them stops, goes on, or is gone. */
static void change_shift(struct chain *chain, int open, enum rule rule) {
    static struct chain before;
    before = *chain;
    memset(chain, 0, sizeof *chain);
    for (int busy = 0; busy < BUSY_MOST; busy++) {
        for (int n = busy; n < NUMBERS; n++) {
            int excess = busy > open && rule != FINISH ? busy - open : 0;
            int number = rule == DISCARD ? n - excess : n;
            chain->p[busy_after(busy - excess, number, open)][number] += before.p[busy][n];
        }
    }
}

static double periodic_mean(enum rule rule) {
    static struct chain chain;
    const double step_h = 0.05;
    double mean = 0, before = -1;
    memset(&chain, 0, sizeof chain);
    chain.p[0][0] = 1;
    for (int day = 0; day < 1000 && fabs(mean - before) > 1e-9; day++) {
        before = mean;
        mean = 0;
        for (int i = 0; i < 480; i++) {
            if (i % 240 == 0) {
                change_shift(&chain, units[i / 240], rule);
            }
            mean += number_inside(&chain) / 960;
            advance(&chain, units[i / 240], step_h);
            mean += number_inside(&chain) / 960;
        }
    }
    return mean;
}

static const char scenario[] =
    "clearlab: 1\nexperiment: theory\nseed: 20170103\n"
    "world: {clearlab: 1, world: w, arrivals: {c: {interarrival: 'exponential(mean: %s)', "
    "procedure: p}}}\n"
    "systems: {s: {clearlab: 1, system: s, organisations: {customs: {staff: {d: {at_shift_end: %s, "
    "%s}}}}, procedures: {p: [{s: {by: customs.d, duration: %s}}]}}}\n"
    "study: {warm_up: 40 d, cohort: %d d, limit: 9000 d, bin: 4000 d}\n"
    "intervals: {sojourn: {from: created, to: ended}}\n";

static void test_chain(enum rule rule) {
    char text[2048], what[64];
    struct theory theory;
    snprintf(text, sizeof text, scenario, "1 h", rule_names[rule],
             "shifts: [{units: 1, hours: '00:00-12:00 daily'}, {units: 3, hours: "
             "'12:00-24:00 daily'}]",
             "'exponential(mean: 1 h)'", 3000);
    theory_run(&theory, text, THEORY_REPLICATIONS);
    snprintf(what, sizeof what, "M/M/c(t), %s at shift end, s", rule_names[rule]);
    theory_check(&theory, what, "interval.sojourn.all.mean",
                 periodic_mean(rule) / arrival_rate * 3600, 0.03);
    theory_free(&theory);
}

/* Service of 42 minutes: restarting at 12:00 is finishing what began by 11:18, to the nanosecond.
 */
static void test_restart(void) {
    char text[2048];
    struct theory restarted, finished;
    snprintf(text, sizeof text, scenario, "2 h", "restart", "units: 1, hours: '00:00-12:00 daily'",
             "42 min", 400);
    theory_run(&restarted, text, 2);
    snprintf(text, sizeof text, scenario, "2 h", "finish", "units: 1, hours: '00:00-11:18 daily'",
             "42 min", 400);
    theory_run(&finished, text, 2);
    for (uint32_t r = 0; r < 2; r++) {
        double mean = theory_value(&finished, "interval.sojourn.all.mean", r);
        CHECK(mean > 42 * 60 + 600); /* some waited for the morning */
        CHECK(theory_value(&restarted, "interval.sojourn.all.count", r) > 4000);
        CHECK(theory_value(&restarted, "interval.sojourn.all.mean", r) == mean);
        CHECK(theory_value(&restarted, "interval.sojourn.all.sd", r) ==
              theory_value(&finished, "interval.sojourn.all.sd", r));
    }
    theory_free(&restarted);
    theory_free(&finished);
}

int main(void) {
    test_chain(SUSPEND);
    test_chain(FINISH);
    test_chain(DISCARD);
    test_restart();
    return test_summary();
}
