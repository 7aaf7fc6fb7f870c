/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_queues.c - goal: tokens, resources and statistics give what queueing theory says.
 *
 * Method: each queue is written as a scenario, run 20 times, and held against a closed form or a
 * Markov chain that is solved here; see theory.h for when a check fails. Formulas: Kleinrock 1975
 * (M/M/c, M/M/c/K, M/G/1), Cobham 1954 (priorities), Jackson 1957 (networks), Palm 1957
 * (impatience). */
#include "tests/theory/theory.h"

/* ---- texts --------------------------------------------------------------------------------- */

/* An experiment about one desk; `arrivals`, `staff`, `procedures` and `intervals` in flow style. */
static const char *desk(char *text, size_t size, const char *arrivals, const char *staff,
                        const char *procedures, const char *intervals, double cohort_s) {
    snprintf(text, size,
             "clearlab: 1\nexperiment: theory\nseed: 20170102\n"
             "world: {clearlab: 1, world: w, arrivals: %s}\n"
             "systems: {s: {clearlab: 1, system: s, organisations: {customs: {staff: %s}}, "
             "procedures: %s}}\n"
             "study: {warm_up: 2000 s, cohort: %.0f s, limit: 100000000 s, bin: 1000000 s}\n"
             "intervals: %s\n",
             arrivals, staff, procedures, cohort_s, intervals);
    return text;
}

static const char one_stream[] = "{c: {interarrival: 'exponential(mean: 1 s)', procedure: p}}";
static const char sojourn[] = "{sojourn: {from: created, to: ended}}";

static void run_desk(struct theory *theory, const char *staff, const char *step, double cohort_s) {
    char text[4096], procedures[1024];
    snprintf(procedures, sizeof procedures, "{p: [%s]}", step);
    theory_run(theory, desk(text, sizeof text, one_stream, staff, procedures, sojourn, cohort_s),
               THEORY_REPLICATIONS);
}

/* Mean sojourn at one desk with arrivals of rate 1. */
static void check_sojourn(const char *what, const char *staff, const char *step, double cohort_s,
                          double expected, double precision) {
    struct theory theory;
    run_desk(&theory, staff, step, cohort_s);
    theory_check(&theory, what, "interval.sojourn.all.mean", expected, precision);
    theory_free(&theory);
}

/* ---- closed forms -------------------------------------------------------------------------- */

/* Probability of waiting in M/M/c with offered load a (Erlang C). */
static double erlang_c(int servers, double load) {
    double term = 1, sum = 1;
    for (int n = 1; n < servers; n++) {
        term *= load / n;
        sum += term;
    }
    term *= load / servers / (1 - load / servers);
    return term / (sum + term);
}

static void test_single_queues(void) {
    check_sojourn("M/M/1, load .5", "{d: 1}",
                  "{s: {by: customs.d, duration: 'exponential(mean: 0.5 s)'}}", 40000, 1, 0.03);
    check_sojourn("M/M/1, load .9", "{d: 1}",
                  "{s: {by: customs.d, duration: 'exponential(mean: 0.9 s)'}}", 200000, 9, 0.06);
    check_sojourn("M/M/3, load .8", "{d: 3}",
                  "{s: {by: customs.d, duration: 'exponential(mean: 2.4 s)'}}", 60000,
                  2.4 + erlang_c(3, 2.4) * 2.4 / (3 - 2.4), 0.04);
    check_sojourn("M/M/10, load .85", "{d: 10}",
                  "{s: {by: customs.d, duration: 'exponential(mean: 8.5 s)'}}", 60000,
                  8.5 + erlang_c(10, 8.5) * 8.5 / (10 - 8.5), 0.03);
    check_sojourn("M/D/1, load .8", "{d: 1}", "{s: {by: customs.d, duration: 0.8 s}}", 60000,
                  0.8 + 0.8 * 0.8 / (2 * (1 - 0.8)), 0.03);
    /* Pollaczek and Khinchine: E[S^2] = m^2 (1 + cv^2). */
    double second = 0.7 * 0.7 * (1 + 1.3 * 1.3);
    check_sojourn("M/G/1, lognormal, load .7", "{d: 1}",
                  "{s: {by: customs.d, duration: 'lognormal(mean: 0.7 s, cv: 1.3)'}}", 100000,
                  0.7 + second / (2 * (1 - 0.7)), 0.05);
    second = 0.6 * 0.6 * (1 + 1 / 3.0);
    check_sojourn("M/G/1, Erlang 3, load .6", "{d: 1}",
                  "{s: {by: customs.d, duration: 'erlang(mean: 0.6 s, shape: 3)'}}", 60000,
                  0.6 + second / (2 * (1 - 0.6)), 0.03);
}

/* Share of M/M/c/K arrivals that find it full: PASTA on the truncated birth-death chain. */
static void test_blocking(void) {
    double load = 1.8, weight = 1, sum = 1;
    int servers = 2, room = 5;
    for (int n = 1; n <= room; n++) {
        weight *= load / (n < servers ? n : servers);
        sum += weight;
    }
    struct theory theory;
    run_desk(&theory, "{d: {units: 2, queue_limit: 3}}",
             "{s: {by: customs.d, duration: 'exponential(mean: 1.8 s)'}}", 60000);
    double shares[THEORY_REPLICATIONS];
    for (uint32_t r = 0; r < theory.count; r++) {
        shares[r] = theory_value(&theory, "count.balked.all.count", r) /
                    theory_value(&theory, "count.created.all.count", r);
    }
    theory_check_values("M/M/2/5, share turned away", shares, theory.count, weight / sum, 0.05);
    theory_free(&theory);
}

/* Two classes of rate .4 each, mean service 1, at one server. */
static void check_priorities(const char *rule, double high, double low) {
    char text[4096], procedures[1024], what[64];
    snprintf(procedures, sizeof procedures,
             "{high: [{a: {type: work, by: customs.d, duration: 'exponential(mean: 1 s)', "
             "priority: 2%s, milestone: high_done}}], low: [{b: {type: work, by: customs.d, "
             "duration: 'exponential(mean: 1 s)', priority: 1, milestone: low_done}}]}",
             rule);
    struct theory theory;
    theory_run(&theory,
               desk(text, sizeof text,
                    "{h: {interarrival: 'exponential(mean: 2.5 s)', procedure: high}, "
                    "l: {interarrival: 'exponential(mean: 2.5 s)', procedure: low}}",
                    "{d: 1}", procedures,
                    "{high: {from: created, to: high_done}, low: {from: created, to: low_done}}",
                    200000),
               THEORY_REPLICATIONS);
    snprintf(what, sizeof what, "M/M/1 priorities%s, high", rule[0] ? ", preemptive" : "");
    theory_check(&theory, what, "interval.high.all.mean", high, 0.03);
    snprintf(what, sizeof what, "M/M/1 priorities%s, low", rule[0] ? ", preemptive" : "");
    theory_check(&theory, what, "interval.low.all.mean", low, 0.05);
    theory_free(&theory);
}

static void test_priorities(void) {
    double rho = 0.4, residual = 0.8; /* sum of rate x E[S^2] / 2 */
    check_priorities("", 1 + residual / (1 - rho), 1 + residual / ((1 - rho) * (1 - 2 * rho)));
    check_priorities(", preempt: true", 1 / (1 - rho), 1 / ((1 - rho) * (1 - 2 * rho)));
}

/* Three stations; a fifth of those who leave the last go back to the first. */
static void test_network(void) {
    char text[4096];
    struct theory theory;
    theory_run(&theory,
               desk(text, sizeof text, one_stream, "{a: 1, b: 2, c: 1}",
                    "{p: [{a: {type: work, by: customs.a, duration: 'exponential(mean: 0.5 s)'}}, "
                    "{b: {type: work, by: customs.b, duration: 'exponential(mean: 1.2 s)'}}, "
                    "{c: {type: work, by: customs.c, duration: 'exponential(mean: 0.6 s)'}}, "
                    "{again: {type: goto, to: a, share: 20 %, at_most: 200}}]}",
                    sojourn, 100000),
               THEORY_REPLICATIONS);
    double rate = 1 / (1 - 0.2), a = rate * 0.5, b = rate * 1.2, c = rate * 0.6;
    double inside = a / (1 - a) + b + erlang_c(2, b) * b / (2 - b) + c / (1 - c);
    theory_check(&theory, "Jackson network with feedback", "interval.sojourn.all.mean", inside,
                 0.04);
    theory_free(&theory);
}

/* ---- chains solved here -------------------------------------------------------------------- */

enum { STATES = 200 };

/* M/M/c+M: birth-death with rates min(n, c) mu + (n - c)+ theta. */
static void test_impatience(void) {
    const double service = 1 / 3.2, impatience = 1 / 2.0;
    const int servers = 3;
    double weight = 1, sum = 1, lost = 0;
    for (int n = 1; n < STATES; n++) {
        int waiting = n > servers ? n - servers : 0;
        weight /= (n < servers ? n : servers) * service + waiting * impatience;
        sum += weight;
        lost += weight * waiting * impatience;
    }
    struct theory theory;
    run_desk(&theory, "{d: 3}",
             "{s: {by: customs.d, duration: 'exponential(mean: 3.2 s)', patience: "
             "'exponential(mean: 2 s)'}}",
             60000);
    double shares[THEORY_REPLICATIONS];
    for (uint32_t r = 0; r < theory.count; r++) {
        shares[r] = theory_value(&theory, "count.reneged.all.count", r) /
                    theory_value(&theory, "count.created.all.count", r);
    }
    theory_check_values("M/M/3+M, share that gives up", shares, theory.count, lost / sum, 0.05);
    theory_free(&theory);
}

/* Mean number in M/M/c whose servers break down and are repaired each on its own, whether they work
 * or not, of two at most: the chain (number inside, servers down), by power iteration. */
static double breakdown_mean(int servers, double service, double fail, double repair) {
    static double p[3][STATES], q[3][STATES];
    const double fastest = 1 + servers * (service + fail + repair);
    memset(p, 0, sizeof p);
    p[0][0] = 1;
    for (int i = 0; i < 40000; i++) {
        memset(q, 0, sizeof q);
        for (int down = 0; down <= servers; down++) {
            int up = servers - down;
            for (int n = 0; n < STATES; n++) {
                double flow = p[down][n] / fastest;
                double serve = service * (n < up ? n : up);
                double comes = n + 1 < STATES ? 1 : 0;
                q[down][n] += p[down][n] - flow * (comes + serve + up * fail + down * repair);
                if (n + 1 < STATES) {
                    q[down][n + 1] += flow;
                }
                if (n > 0) {
                    q[down][n - 1] += flow * serve;
                }
                if (up > 0) {
                    q[down + 1][n] += flow * up * fail;
                }
                if (down > 0) {
                    q[down - 1][n] += flow * down * repair;
                }
            }
        }
        memcpy(p, q, sizeof p);
    }
    double mean = 0;
    for (int n = 0; n < STATES; n++) {
        mean += n * (p[0][n] + p[1][n] + p[2][n]);
    }
    return mean;
}

static void test_breakdowns(void) {
    check_sojourn("M/M/1 with breakdowns",
                  "{d: {units: 1, breakdown: {after: 'exponential(mean: 20 s)', repair: "
                  "'exponential(mean: 4 s)', work: suspend}}}",
                  "{s: {by: customs.d, duration: 'exponential(mean: 0.6 s)'}}", 200000,
                  breakdown_mean(1, 1 / 0.6, 1 / 20.0, 1 / 4.0), 0.05);
    check_sojourn("M/M/2 with breakdowns",
                  "{d: {units: 2, breakdown: {after: 'exponential(mean: 5 s)', repair: "
                  "'exponential(mean: 3 s)', work: suspend}}}",
                  "{s: {by: customs.d, duration: 'exponential(mean: 0.7 s)'}}", 200000,
                  breakdown_mean(2, 1 / 0.7, 1 / 5.0, 1 / 3.0), 0.03);
}

/* Vessels of rate 1/5 bring four consignments each to one server: rho (1 + 4) / (2 (1 - rho)) are
 * inside (Kleinrock 1975, the bulk arrival system). */
static void test_batches(void) {
    char text[4096];
    struct theory theory;
    double rho = 0.8 * 0.9, inside = rho * (1 + 4) / (2 * (1 - rho));
    theory_run(&theory,
               desk(text, sizeof text,
                    "{v: {interarrival: 'exponential(mean: 5 s)', carries: 4, procedure: v}}",
                    "{d: 1}",
                    "{v: [{load: {type: spawn, procedure: p}}], p: [{s: {type: work, by: "
                    "customs.d, duration: 'exponential(mean: 0.9 s)'}}]}",
                    sojourn, 100000),
               THEORY_REPLICATIONS);
    theory_check(&theory, "M/M/1, four at a time", "interval.sojourn.all.mean", inside / 0.8, 0.05);
    theory_free(&theory);
}

/* M/G/infinity: the number inside at one moment is Poisson, so its mean and variance are the load.
 */
static void test_infinite_servers(void) {
    enum { RUNS = 1000 };
    static double inside[RUNS], squares[RUNS];
    char text[4096];
    struct theory theory;
    const double load = 25;
    theory_run(
        &theory,
        desk(text, sizeof text, one_stream, "{d: 1}",
             "{p: [{s: {type: work, by: importer, duration: 'gamma(mean: 25 s, cv: 0.6)'}}]}",
             sojourn, 400),
        1);
    const struct ready_experiment *experiment = &theory.experiment;
    struct replication *rep = experiment->worker.workspace_create(experiment);
    struct error err = ERROR_INIT;
    for (uint32_t r = 0; r < RUNS; r++) {
        replication_start(rep, experiment->scenarios[0], r, &err);
        replication_advance(rep, units_ns(500));
        inside[r] = rep->tokens.live;
        squares[r] = (inside[r] - load) * (inside[r] - load);
    }
    experiment->worker.workspace_free(rep);
    theory_check_values("M/G/infinity, mean inside", inside, RUNS, load, 0.05);
    theory_check_values("M/G/infinity, variance inside", squares, RUNS, load, 0.25);
    theory_free(&theory);
}

int main(void) {
    test_single_queues();
    test_blocking();
    test_priorities();
    test_network();
    test_impatience();
    test_batches();
    test_breakdowns();
    test_infinite_servers();
    return test_summary();
}
