/* SPDX-License-Identifier: GPL-3.0-or-later
 * detector.h - finds one kind of falsehood in a stream of declarations, without any label.
 *
 * A detector asks what is odd about a declaration, given all that was declared before it; then the
 * declaration becomes part of what is known. Memory is constant. A score has no unit and orders
 * declarations: higher is more suspicious, 0 says that nothing is known. A new detector is one file
 * with a table, and a word in DETECTORS. */
#ifndef CORE_RISK_DETECTOR_H
#define CORE_RISK_DETECTOR_H

#include "core/base/arena.h"
#include "core/risk/declaration.h"

#include <stddef.h>

struct detector_parameter {
    const char *name;
    double otherwise, min, max;
    const char *doc;
};

struct detector {
    const char *name, *doc;
    const struct detector_parameter *parameters; /* a NULL name ends them */
    void *(*create)(const double *values, struct arena *arena);
    double (*score)(const void *state, const struct declaration *declaration);
    void (*learn)(void *state, const struct declaration *declaration);
    /* What an officer reads about the score; "" where there is nothing to say. */
    void (*explain)(const void *state, const struct declaration *declaration, char *text,
                    size_t size);
};

#define DETECTORS(X)  \
    X(none)           \
    X(undervaluation) \
    X(trader_bias)    \
    X(misclassification) X(duplicate) X(origin_shopping) X(splitting)

#define X(name) extern const struct detector detector_##name;
DETECTORS(X)
#undef X

enum { DETECTOR_PARAMETERS_MAX = 8, DETECTOR_TEXT_MAX = 160 };

/* All detectors, in the order of the list; NULL ends them. */
extern const struct detector *const detector_all[];

/* NULL when none is called that. */
const struct detector *detector_find(const char *name);

/* A detector that knows nothing yet. `values` holds one number a parameter; NULL: all as usual.
 * Lives in the arena. */
void *detector_create(const struct detector *detector, const double *values, struct arena *arena);

#endif
