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

/* Mean number in a birth-death chain whose servers are `units` in phases of `phase_s`, in its
 * periodic state: forward equations by Runge and Kutta's method, period after period until nothing
 * moves. */
static double periodic_mean(const int units[2], double phase_s, double rate, double service) {
    static double p[STATES], k[4][STATES], at[STATES];
    const double step = 0.05;
    double mean = 0, before = -1;
    memset(p, 0, sizeof p);
    p[0] = 1;
    for (int period = 0; period < 2000 && fabs(mean - before) > 1e-10; period++) {
        before = mean;
        mean = 0;
        for (int phase = 0; phase < 2; phase++) {
            for (int i = 0; i < (int)(phase_s / step + 0.5); i++) {
                for (int stage = 0; stage < 4; stage++) {
                    double ahead = stage == 0 ? 0 : stage == 3 ? step : step / 2;
                    for (int n = 0; n < STATES; n++) {
                        at[n] = p[n] + (stage == 0 ? 0 : ahead * k[stage - 1][n]);
                    }
                    for (int n = 0; n < STATES; n++) {
                        int busy = n < units[phase] ? n : units[phase];
                        int busy_above = n + 1 < units[phase] ? n + 1 : units[phase];
                        k[stage][n] = -(n + 1 < STATES ? rate : 0) * at[n] -
                                      busy * service * at[n] + (n > 0 ? rate * at[n - 1] : 0) +
                                      (n + 1 < STATES ? busy_above * service * at[n + 1] : 0);
                    }
                }
                double inside = 0;
                for (int n = 0; n < STATES; n++) {
                    inside += n * p[n];
                    p[n] += step / 6 * (k[0][n] + 2 * k[1][n] + 2 * k[2][n] + k[3][n]);
                }
                mean += inside * step / (2 * phase_s);
            }
        }
    }
    return mean;
}

/* Arrivals of rate 1 an hour, service of mean 1 h; 3 desks by day, 1 by night. With exponential
 * service suspension is exact: the chain does not care whose work is left. */
static void test_shifts(void) {
    char text[4096];
    struct theory theory;
    const int units[2] = {1, 3};
    double inside = periodic_mean(units, 12, 1, 1);
    snprintf(
        text, sizeof text,
        "clearlab: 1\nexperiment: theory\nseed: 20170103\n"
        "world: {clearlab: 1, world: w, arrivals: {c: {interarrival: 'exponential(mean: 1 h)', "
        "procedure: p}}}\n"
        "systems: {s: {clearlab: 1, system: s, organisations: {customs: {staff: {d: "
        "{at_shift_end: suspend, shifts: [{units: 1, hours: '00:00-12:00 daily'}, {units: 3, "
        "hours: '12:00-24:00 daily'}]}}}}, procedures: {p: [{s: {by: customs.d, duration: "
        "'exponential(mean: 1 h)'}}]}}}\n"
        "study: {warm_up: 40 d, cohort: 4000 d, limit: 9000 d, bin: 4000 d}\n"
        "intervals: {sojourn: {from: created, to: ended}}\n");
    theory_run(&theory, text, THEORY_REPLICATIONS);
    theory_check(&theory, "M/M/c(t), suspended at shift end, h", "interval.sojourn.all.mean",
                 inside * 3600, 0.05);
    theory_free(&theory);
}

/* M/M/1 whose server breaks down and is repaired, whether it works or not: the chain (number, up or
 * down), by value iteration on its truncated states. */
static double breakdown_mean(double service, double fail, double repair) {
    static double p[2][STATES], q[2][STATES];
    const double fastest = 1 + service + fail + repair;
    memset(p, 0, sizeof p);
    p[0][0] = 1;
    for (int i = 0; i < 200000; i++) {
        for (int n = 0; n < STATES; n++) {
            double up_out = (n + 1 < STATES) + (n > 0 ? service : 0) + fail;
            double down_out = (n + 1 < STATES) + repair;
            q[0][n] = p[0][n] * (1 - up_out / fastest) + p[1][n] * repair / fastest +
                      (n > 0 ? p[0][n - 1] / fastest : 0) +
                      (n + 1 < STATES ? p[0][n + 1] * service / fastest : 0);
            q[1][n] = p[1][n] * (1 - down_out / fastest) + p[0][n] * fail / fastest +
                      (n > 0 ? p[1][n - 1] / fastest : 0);
        }
        memcpy(p, q, sizeof p);
    }
    double mean = 0;
    for (int n = 0; n < STATES; n++) {
        mean += n * (p[0][n] + p[1][n]);
    }
    return mean;
}

static void test_breakdowns(void) {
    check_sojourn("M/M/1 with breakdowns",
                  "{d: {units: 1, breakdown: {after: 'exponential(mean: 20 s)', repair: "
                  "'exponential(mean: 4 s)', work: suspend}}}",
                  "{s: {by: customs.d, duration: 'exponential(mean: 0.6 s)'}}", 200000,
                  breakdown_mean(1 / 0.6, 1 / 20.0, 1 / 4.0), 0.05);
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
    test_shifts();
    test_breakdowns();
    test_infinite_servers();
    return test_summary();
}
