/* SPDX-License-Identifier: GPL-3.0-or-later
 * reason.h - why a declaration has its score, in numbers that add up and in words.
 *
 *     score = base + sum of the parts, within 1e-6
 *
 * The base is the rate of findings as far as the model counts. A part says how far one thing moves
 * the probability: what was found of the same goods, or a column of the model. Where the model's
 * probability is p and that of its base p0, a column with the share d of the margin (learner.h) has
 * the part (p - p0) d / (sum of all d), times what the blend leaves to the model. */
#ifndef CORE_RISK_REASON_H
#define CORE_RISK_REASON_H

#include "core/risk/engine.h"

enum { REASON_TEXT_MAX = 200 };

struct reason {
    double part;
    char text[REASON_TEXT_MAX]; /* "unit value 0.31 of the median for 8517 from CN" */
};

struct reasons {
    double base, score;
    uint32_t count;
    struct reason *items; /* the largest part, of either sign, first */
};

/* Of one row that engine_score_rows() scored; `matrix` is what the model saw of it. */
struct reasons reason_of(const struct engine *engine, const struct declaration_table *table,
                         const struct encode_row *rows, const struct engine_score *scores,
                         const struct matrix *matrix, uint32_t row, struct arena *arena);

#endif
