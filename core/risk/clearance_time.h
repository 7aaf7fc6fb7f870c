/* SPDX-License-Identifier: GPL-3.0-or-later
 * clearance_time.h - how long a clearance will take: the median and an interval that holds nine in
 * ten, learnt from records.
 *
 * Three quantiles of ln(1 + hours) are boosted (quantile_boost). A category enters as the mean of
 * its records, drawn towards everybody's and taken from the other half of the records, so that
 * none sees itself, and as how many they are; one that was never seen is like everybody. The ends
 * are moved by what a fifth of the records, kept back, miss them by (conformal, Romano, Patterson
 * and Candès 2019): so the interval holds its share where the future is like the records. */
#ifndef CORE_RISK_CLEARANCE_TIME_H
#define CORE_RISK_CLEARANCE_TIME_H

#include "core/risk/learner.h"

#define CLEARANCE_CODES(X) X(route) X(goods) X(mode) X(channel) X(office)

enum clearance_code {
#define X(name) CLEARANCE_##name,
    CLEARANCE_CODES(X)
#undef X
        CLEARANCE_CODE_COUNT,
};

/* What is known when the question is asked. */
struct clearance_case {
    uint32_t codes[CLEARANCE_CODE_COUNT]; /* 0: missing */
    double hour, weekday;                 /* of lodging: 0..24, 1..7; NaN: missing */
};

struct clearance_time; /* immutable, lives in its arena */

struct clearance_forecast {
    double median_h, low_h, high_h; /* low to high: nine in ten */
};

/* `hours` of each case, 0 or more. Errors: fewer than 200 cases, hours that are none. */
const struct clearance_time *clearance_time_train(const struct clearance_case *cases,
                                                  const double *hours, uint32_t count,
                                                  struct random_key key, struct arena *arena,
                                                  struct arena *scratch, struct error *err);

/* Allocates nothing; threads may share the model. */
struct clearance_forecast clearance_time_ask(const struct clearance_time *model,
                                             const struct clearance_case *question);

void clearance_time_write(const struct clearance_time *model, struct model_writer *writer);
const struct clearance_time *clearance_time_read(struct model_reader *reader, struct arena *arena);

#endif
