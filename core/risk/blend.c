/* SPDX-License-Identifier: GPL-3.0-or-later
 * blend.c - see blend.h. */
#include "core/risk/blend.h"

#include "core/base/numeric.h"

#include <stddef.h>

static const double strengths[] = {0.03, 0.1, 0.3, 1, 3, 10, 30, 100};
enum { STRENGTHS = sizeof strengths / sizeof strengths[0] };

double blend_score(const struct blend *blend, double general, struct blend_evidence evidence) {
    double goods = memory_mean(evidence.goods, NULL, general, blend->goods_strength);
    return memory_mean(evidence.goods_and_price, NULL, goods, blend->price_strength);
}

struct blend_parts blend_explain(const struct blend *blend, double general,
                                 struct blend_evidence evidence) {
    const struct memory_entry none = {0, 0, 0};
    const struct memory_entry *goods = evidence.goods != NULL ? evidence.goods : &none;
    const struct memory_entry *price =
        evidence.goods_and_price != NULL ? evidence.goods_and_price : &none;
    double goods_sum = goods->inspections + blend->goods_strength;
    double price_sum = price->inspections + blend->price_strength;
    double left = blend->price_strength / price_sum; /* for the layers before */
    double model_share = left * blend->goods_strength / goods_sum;
    return (struct blend_parts){.from_model = model_share * general,
                                .from_goods = left * goods->findings / goods_sum,
                                .from_price = price->findings / price_sum,
                                .model_share = model_share};
}

static double log_likelihood(const struct blend *blend, const double *general,
                             const struct blend_evidence *evidence, const int8_t *labels,
                             uint32_t row_count) {
    double sum = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        if (evidence[i].goods == NULL || evidence[i].goods->inspections < 1.5) {
            continue; /* nothing but the row itself */
        }
        struct memory_entry own = {0, labels[i], 1};
        double goods = memory_mean(evidence[i].goods, &own, general[i], blend->goods_strength);
        double score = memory_mean(evidence[i].goods_and_price, &own, goods, blend->price_strength);
        double likelihood = labels[i] > 0 ? score : 1 - score;
        sum += numeric_log(likelihood > 1e-9 ? likelihood : 1e-9);
    }
    return sum;
}

struct blend blend_fit(const double *general, const struct blend_evidence *evidence,
                       const int8_t *labels, uint32_t row_count) {
    struct blend best = {1, 1};
    double most = log_likelihood(&best, general, evidence, labels, row_count);
    for (int i = 0; i < STRENGTHS; i++) {
        for (int j = 0; j < STRENGTHS; j++) {
            struct blend blend = {strengths[i], strengths[j]};
            double value = log_likelihood(&blend, general, evidence, labels, row_count);
            if (value > most) {
                most = value;
                best = blend;
            }
        }
    }
    return best;
}

double blend_table(const struct memory_entry *goods, double rate) {
    return memory_mean(goods, NULL, rate, 0.3);
}

double blend_balance(double probability, double stake, double weight) {
    return stake > 1 && weight > 0 ? probability * numeric_pow(stake, weight) : probability;
}
