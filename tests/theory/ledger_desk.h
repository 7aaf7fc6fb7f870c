/* SPDX-License-Identifier: GPL-3.0-or-later
 * ledger_desk.h - one desk that puts documents on a ledger, for theories of ledgers. */
#ifndef TESTS_THEORY_LEDGER_DESK_H
#define TESTS_THEORY_LEDGER_DESK_H

#include "tests/theory/theory.h"

#define FREE "costs: {sign: 0 s, verify: 0 s, hash: 0 s, execute: 0 s}"
#define LINKS(latency) "network: {latency: " latency ", transmit: 0 s}"

static const char ledger_desk_world[] =
    "clearlab: 1\n"
    "experiment: ledger\n"
    "world:\n"
    "  clearlab: 1\n"
    "  world: desk\n"
    "  start: 2018-01-01\n"
    "  currency: USD\n"
    "  people: {importers: 10, classes: {all: {share: 100 %%}}}\n"
    "  goods: {\"01\": {share: 100 %%, value: 1000 USD, mass: 1 t}}\n"
    "  arrivals: {desk: {procedure: main, interarrival: \"%s\"}}\n"
    "base: system\n"
    "seed: 20\n"
    "replications: 2\n"
    "study: {warm_up: %s, cohort: %s, limit: 2 d}\n"
    "intervals: {time: {from: created, to: ended}}\n"
    "systems:\n"
    "  system:\n"
    "    clearlab: 1\n"
    "    system: system\n"
    "    organisations:\n"
    "      customs: {}\n"
    "      port: {}\n"
    "      carrier: {}\n"
    "      bank: {}\n"
    "    procedures:\n"
    "      main:\n"
    "        - put: {type: record, at: %s, size: %d}\n"
    "    ledger: {%s}\n";

/* An experiment of one replication, or two, of which theory.h keeps the metrics. */
static inline void ledger_desk_run(struct theory *theory, const char *interarrival,
                                   const char *cohort, const char *at, int size, const char *ledger,
                                   uint32_t count) {
    static const char warm_up[] = "1 min";
    char text[16384];
    snprintf(text, sizeof text, ledger_desk_world, interarrival, warm_up, cohort, at, size, ledger);
    theory_run(theory, text, count);
}

static inline void ledger_desk_check(struct theory *theory, const char *what, const char *metric,
                                     double expected, double share) {
    double value = theory_value(theory, metric, 0);
    printf("%-52s %10.5f, expected %10.5f\n", what, value, expected);
    CHECK_NEAR(value, expected, share * expected);
}

#endif
