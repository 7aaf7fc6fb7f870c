/* SPDX-License-Identifier: GPL-3.0-or-later
 * bench.h - measured figures: medians of repeated runs beside their targets.
 *
 * A case measures one or several keys once; it is repeated, cases in turn, so that a drift of the
 * machine's speed meets all of them alike. */
#ifndef SIM_COMMANDS_BENCH_H
#define SIM_COMMANDS_BENCH_H

#include "core/base/error.h"

#include <stdbool.h>

struct bench_key {
    const char *name, *unit, *doc;
    double target;
    bool more_is_better;
};

enum { BENCH_KEYS_MAX = 4 };

struct bench_case {
    struct bench_key keys[BENCH_KEYS_MAX]; /* a NULL name ends them */
    /* Fills one value a key. -1 and an error when it cannot; NaN for what this machine lacks. */
    int (*measure)(double values[BENCH_KEYS_MAX], struct error *err);
    unsigned repeats_max; /* 0: as often as asked for */
};

/* Suites, each in its own file with a table of cases that NULL ends. */
#define BENCH_SUITES(X) X(kernel) X(rule) X(ledger) X(consensus) X(tariff) X(risk)

#define X(name) extern const struct bench_case *const bench_##name##_cases[];
BENCH_SUITES(X)
#undef X

/* Cases of the suite ledger that stand in files of their own. */
extern const struct bench_case bench_ledger_chain_case;

/* Monotonic wall-clock seconds. */
double bench_now_s(void);

#endif
