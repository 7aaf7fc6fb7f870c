/* SPDX-License-Identifier: GPL-3.0-or-later
 * blend.h - one probability of what a model believes and what was found of the same goods before.
 *
 *     s = (f1 + k1 p) / (n1 + k1)        goods: f1 findings in n1 inspections
 *     q = (f2 + k2 s) / (n2 + k2)        goods and price
 *
 * p is the general model's probability. Of goods that were never inspected n1 = n2 = 0 and q = p;
 * the more they were, the less the model counts. A strength k says how many inspections the layer
 * before is worth; both are those of the greatest likelihood of each row given the others. */
#ifndef CORE_RISK_BLEND_H
#define CORE_RISK_BLEND_H

#include "core/risk/memory.h"

struct blend {
    double goods_strength, price_strength;
};

/* What is remembered of one row's goods; NULL where nothing is. */
struct blend_evidence {
    const struct memory_entry *goods, *goods_and_price;
};

struct blend_parts {
    double from_model, from_goods, from_price; /* sum to the probability */
    double model_share;                        /* what p was multiplied with */
};

/* Strengths by leave-one-out likelihood over a grid. `general` holds probabilities that did not see
 * the row's own goods, `evidence` what is remembered, the row itself included with weight 1. */
struct blend blend_fit(const double *general, const struct blend_evidence *evidence,
                       const int8_t *labels, uint32_t row_count);

double blend_score(const struct blend *blend, double general, struct blend_evidence evidence);

/* The score, taken apart. */
struct blend_parts blend_explain(const struct blend *blend, double general,
                                 struct blend_evidence evidence);

/* What a table of exact matches says, the rival that stands beside every model: the rate of the
 * goods, of which 0.3 inspections with the rate of all are taken as known before; that rate itself
 * of goods that were never inspected. */
double blend_table(const struct memory_entry *goods, double rate);

/* What a row is selected by when findings and revenue both count: probability * stake^weight, a
 * weighted geometric mean; a stake below 1 counts as 1. Weight 0 is the probability, weight 1 the
 * revenue to be expected. */
double blend_balance(double probability, double stake, double weight);

#endif
