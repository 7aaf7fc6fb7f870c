/* SPDX-License-Identifier: GPL-3.0-or-later
 * levy_circle.h - levies in each other's base as a linear system, solved exactly. */
#ifndef CORE_TARIFF_LEVY_CIRCLE_H
#define CORE_TARIFF_LEVY_CIRCLE_H

#include "core/tariff/levy_build.h"

enum levy_circle_status { LEVY_CIRCLE_SOLVED, LEVY_CIRCLE_SINGULAR, LEVY_CIRCLE_TOO_LARGE };

/* Line i says: the amount of levies[i], less what it takes of the others, is the last column. */
struct levy_circle {
    unsigned count;
    uint8_t levies[LEVY_CIRCLE_MAX];
    struct exact matrix[LEVY_CIRCLE_MAX][LEVY_CIRCLE_MAX + 1];
    struct exact solution[LEVY_CIRCLE_MAX];
};

/* Gauss and Jordan, with fractions; overwrites the matrix. */
enum levy_circle_status levy_circle_solve(struct levy_circle *circle);

/* Where a levy stands; -1 when it is none of them. */
int levy_circle_index(const struct levy_circle *circle, unsigned levy);

/* Whether a duty is a share plus what doesn't depend on the base. */
bool levy_circle_is_linear(const struct levy_duty *duty);

#endif
