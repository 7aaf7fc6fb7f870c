/* SPDX-License-Identifier: GPL-3.0-or-later
 * bench.c - runs the cases of a suite in turn and prints medians beside targets. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "sim/commands/bench.h"

#include "sim/commands/command.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { REPEATS_MAX = 101, CASES_MAX = 64 };

static const struct option options[] = {
    {"json", NULL, "prints the medians by key as one JSON object"},
    {"repeats", "N", "runs of each case; absent: 9"},
    {"only", "TEXT", "cases with a key that contains TEXT"},
    {"peers", NULL, "kernel: also runs the same M/M/1 queue in SimPy, where it is installed"},
    {NULL, NULL, NULL}};

double bench_now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

struct measured {
    const struct bench_case *bench;
    unsigned count;
    double values[BENCH_KEYS_MAX][REPEATS_MAX];
};

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool is_chosen(const struct bench_case *bench, const char *only) {
    for (unsigned k = 0; k < BENCH_KEYS_MAX && bench->keys[k].name != NULL; k++) {
        if (only == NULL || strstr(bench->keys[k].name, only) != NULL) {
            return true;
        }
    }
    return false;
}

static int measure_once(struct measured *measured, unsigned round, struct error *err) {
    double values[BENCH_KEYS_MAX];
    const struct bench_case *bench = measured->bench;
    if (bench->repeats_max != 0 && round >= bench->repeats_max) {
        return 0;
    }
    if (bench->measure(values, err) != 0) {
        return -1;
    }
    for (unsigned k = 0; k < BENCH_KEYS_MAX && bench->keys[k].name != NULL; k++) {
        measured->values[k][measured->count] = values[k];
    }
    measured->count++;
    return 0;
}

static double median_of(struct measured *measured, unsigned k) {
    qsort(measured->values[k], measured->count, sizeof(double), by_size);
    unsigned half = measured->count / 2;
    return measured->count % 2 ? measured->values[k][half]
                               : (measured->values[k][half - 1] + measured->values[k][half]) / 2;
}

static void print_text(struct measured *all, unsigned count) {
    printf("%-36s %10s %10s %10s %10s  %s\n", "key", "median", "least", "most", "target", "");
    for (unsigned c = 0; c < count; c++) {
        for (unsigned k = 0; k < BENCH_KEYS_MAX && all[c].bench->keys[k].name != NULL; k++) {
            const struct bench_key *key = &all[c].bench->keys[k];
            double median = median_of(&all[c], k);
            bool met = key->more_is_better ? median >= key->target : median <= key->target;
            const char *verdict = median != median ? "not measured here" : met ? "met" : "missed";
            printf("%-36s %10.4g %10.4g %10.4g %9s%.4g  %s (%u runs)\n", key->name, median,
                   all[c].values[k][0], all[c].values[k][all[c].count - 1],
                   key->target != key->target ? ""
                   : key->more_is_better      ? ">= "
                                              : "<= ",
                   key->target, key->target != key->target ? "" : verdict, all[c].count);
        }
    }
}

static void print_json(struct measured *all, unsigned count) {
    const char *separator = "{";
    for (unsigned c = 0; c < count; c++) {
        for (unsigned k = 0; k < BENCH_KEYS_MAX && all[c].bench->keys[k].name != NULL; k++) {
            double median = median_of(&all[c], k);
            printf("%s\n  \"%s\": ", separator, all[c].bench->keys[k].name);
            if (median == median) {
                printf("%.6g", median);
            } else {
                printf("null");
            }
            separator = ",";
        }
    }
    puts(separator[0] == '{' ? "{}" : "\n}");
}

/* The peer's script prints seconds a million customers. */
static void run_peer(double own_s) {
    FILE *peer = popen("/usr/bin/python3 tests/bench/mm1_simpy.py 2>/dev/null", "r");
    double seconds = NAN;
    if (peer == NULL || fscanf(peer, "%lf", &seconds) != 1) {
        seconds = NAN;
    }
    if (peer != NULL) {
        pclose(peer);
    }
    if (seconds == seconds) {
        printf("SimPy: %.3g s per million customers, %.0f times ours\n", seconds, seconds / own_s);
    } else {
        puts("SimPy is not installed here (package python3-simpy3), so it was not measured");
    }
}

static const struct suite {
    const char *name;
    const struct bench_case *const *cases;
} suites[] = {
#define X(name) {#name, bench_##name##_cases},
    BENCH_SUITES(X)
#undef X
};

static const struct bench_case *const *find_suite(const char *name, struct arena *arena,
                                                  struct error *err) {
    const char *names = "";
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++) {
        if (strcmp(suites[i].name, name) == 0) {
            return suites[i].cases;
        }
        names = arena_format(arena, "%s%s %s", names, i > 0 ? "," : "", suites[i].name);
    }
    error_set(err, ERROR_INPUT, "there is no suite '%s'; there are:%s", name, names);
    return NULL;
}

static int run(const struct invocation *invocation, struct error *err) {
    static struct measured all[CASES_MAX];
    int64_t repeats;
    const char *suite = invocation->positionals[0];
    const struct bench_case *const *cases = find_suite(suite, invocation->arena, err);
    if (cases == NULL) {
        return -1;
    }
    if (command_option_number(invocation, "repeats", 1, REPEATS_MAX, 9, &repeats, err) != 0) {
        return -1;
    }
    unsigned count = 0;
    for (unsigned c = 0; cases[c] != NULL && count < CASES_MAX; c++) {
        if (is_chosen(cases[c], command_option(invocation, "only"))) {
            all[count++].bench = cases[c];
        }
    }
    for (unsigned round = 0; round < (unsigned)repeats; round++) {
        for (unsigned c = 0; c < count; c++) {
            if (measure_once(&all[c], round, err) != 0) {
                return -1;
            }
        }
    }
    if (command_option(invocation, "json") != NULL) {
        print_json(all, count);
    } else {
        print_text(all, count);
    }
    if (command_option(invocation, "peers") != NULL && count > 0 && strcmp(suite, "kernel") == 0) {
        run_peer(median_of(&all[0], 0));
    }
    return 0;
}

const struct command command_bench = {
    .name = "bench",
    .arguments = "SUITE [--json] [--repeats N] [--only TEXT] [--peers]",
    .doc = "Measures speeds: medians beside their targets.",
    .positionals_min = 1,
    .positionals_max = 1,
    .options = options,
    .run = run,
};
