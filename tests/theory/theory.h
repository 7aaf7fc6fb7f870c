/* SPDX-License-Identifier: GPL-3.0-or-later
 * theory.h - runs an experiment given as text and compares a metric's mean with what theory says.
 *
 * A check fails when theory lies outside the 99.9 % t interval over independent replications, or
 * when that interval is wider than the precision asked for: a test that could not fail proves
 * nothing. Seeds are in the texts, so a check that passes always passes. */
#ifndef TESTS_THEORY_THEORY_H
#define TESTS_THEORY_THEORY_H

#include "core/base/estimate.h"
#include "sim/run/replication.h"
#include "sim/run/worker.h"
#include "tests/test.h"

#include <math.h>
#include <stdarg.h>

enum { THEORY_REPLICATIONS = 20 };

struct theory {
    struct arena arena;
    struct ready_experiment experiment;
    uint32_t count;
    double *values; /* [count][metric_count] */
};

/* Loads and runs; stops the test program with the error when it cannot. */
static inline void theory_run(struct theory *theory, const char *text, uint32_t count) {
    struct error err = ERROR_INIT;
    char message[2048];
    *theory = (struct theory){.count = count};
    int status = experiment_plan_load_text("theory", text, NULL, 0, &theory->experiment.plan,
                                           &theory->arena, &err);
    if (status == 0) {
        status = worker_prepare(&theory->experiment, &theory->arena, &err);
    }
    uint32_t metrics = theory->experiment.recorder.layout.metric_count;
    struct replication *rep = NULL;
    if (status == 0) {
        theory->values = ARENA_ARRAY(&theory->arena, double, (size_t)count *metrics);
        rep = theory->experiment.worker.workspace_create(&theory->experiment);
    }
    for (uint32_t r = 0; r < count && status == 0; r++) {
        struct result_replication result;
        status = theory->experiment.worker.run(&theory->experiment, rep, 0, r, &result, &err);
        memcpy(theory->values + (size_t)r * metrics, result.metrics, metrics * sizeof(double));
    }
    if (status != 0) {
        error_print(&err, message, sizeof message);
        printf("%s", message);
        exit(1);
    }
    theory->experiment.worker.workspace_free(rep);
}

static inline void theory_free(struct theory *theory) {
    arena_free(&theory->arena);
}

static inline double theory_value(const struct theory *theory, const char *metric, uint32_t r) {
    const struct result_layout *layout = &theory->experiment.recorder.layout;
    for (uint32_t i = 0; i < layout->metric_count; i++) {
        if (strcmp(layout->metrics[i].name, metric) == 0) {
            return theory->values[(size_t)r * layout->metric_count + i];
        }
    }
    printf("there is no metric '%s'\n", metric);
    exit(1);
}

/* `values` are independent and alike; theory says what their mean is. */
static inline void theory_check_values(const char *what, const double *values, uint32_t count,
                                       double expected, double precision) {
    struct moments moments = {0};
    for (uint32_t r = 0; r < count; r++) {
        moments_add(&moments, values[r]);
    }
    double half = estimate_half_width(moments_variance(&moments), count, 0.999);
    printf("%-44s %10.5f +- %.5f, theory %10.5f\n", what, moments.mean, half, expected);
    CHECK(fabs(moments.mean - expected) <= half);
    CHECK(half <= precision * fabs(expected));
}

static inline void theory_check(const struct theory *theory, const char *what, const char *metric,
                                double expected, double precision) {
    double values[1024];
    for (uint32_t r = 0; r < theory->count; r++) {
        values[r] = theory_value(theory, metric, r);
    }
    theory_check_values(what, values, theory->count, expected, precision);
}

#endif
