/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: the blend is the posterior mean that blend.h draws, its parts add up, and its strengths are
 * those that the data have. Method: formulas; goods whose rates are drawn from a beta distribution
 * of known strength, where the likelihood must find the nearest strength of the grid. */
#include "tests/test.h"

#include "core/base/random.h"
#include "core/risk/blend.h"
#include "core/risk/slots.h"

#include <gsl/gsl_randist.h>

static void test_formula(void) {
    struct blend blend = {0.4, 2.5};
    struct memory_entry goods = {1, 3, 7}, price = {2, 2, 2};
    double s = (3 + 0.4 * 0.2) / 7.4, q = (2 + 2.5 * s) / 4.5;
    CHECK_NEAR(blend_score(&blend, 0.2, (struct blend_evidence){&goods, &price}), q, 1e-15);
    CHECK_NEAR(blend_score(&blend, 0.2, (struct blend_evidence){&goods, NULL}), s, 1e-15);
    CHECK_NEAR(blend_score(&blend, 0.2, (struct blend_evidence){NULL, NULL}), 0.2, 1e-15);
    const struct blend_evidence evidences[] = {{&goods, &price}, {&goods, NULL}, {NULL, NULL}};
    for (int i = 0; i < 3; i++) {
        struct blend_parts parts = blend_explain(&blend, 0.2, evidences[i]);
        CHECK_NEAR(parts.from_model + parts.from_goods + parts.from_price,
                   blend_score(&blend, 0.2, evidences[i]), 1e-15);
        CHECK_NEAR(parts.from_model, 0.2 * parts.model_share, 1e-15);
    }
}

static void test_balance(void) {
    CHECK_NEAR(blend_balance(0.5, 1e6, 0.5), 500, 1e-9);
    CHECK_NEAR(blend_balance(0.5, 1e6, 0), 0.5, 0);
    CHECK_NEAR(blend_balance(0.5, 0, 0.5), 0.5, 0); /* no stake is no reason to look away */
    CHECK_NEAR(blend_balance(0.25, 80, 1), 20, 1e-12);
    struct memory_entry goods = {1, 1, 1};
    CHECK_NEAR(blend_table(&goods, 0.2), 1.06 / 1.3, 1e-15);
    CHECK_NEAR(blend_table(NULL, 0.2), 0.2, 0);
}

/* Goods with rates from Beta(k p, k (1 - p)), five inspections each; price tells nothing more, so
 * that memory of it may have any strength. */
static double fitted(double strength, unsigned long seed) {
    enum { GOODS = 3000, TIMES = 5, ROWS = GOODS * TIMES };
    struct arena arena = ARENA_INIT;
    struct memory memory;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, seed);
    double *general = ARENA_ARRAY(&arena, double, ROWS);
    int8_t *labels = ARENA_ARRAY(&arena, int8_t, ROWS);
    struct blend_evidence *evidence = ARENA_ARRAY(&arena, struct blend_evidence, ROWS);
    memory_init(&memory, GOODS, &arena);
    for (uint32_t i = 0; i < ROWS; i++) {
        uint32_t goods = i / TIMES;
        general[i] = goods % 2 ? 0.15 : 0.4;
    }
    for (uint32_t goods = 0; goods < GOODS; goods++) {
        double p = general[goods * TIMES];
        double rate = gsl_ran_beta(rng, strength * p, strength * (1 - p));
        for (uint32_t i = goods * TIMES; i < (goods + 1) * TIMES; i++) {
            labels[i] = gsl_rng_uniform(rng) < rate;
            memory_add(&memory, slots_key(1, goods), labels[i], 1);
        }
    }
    for (uint32_t i = 0; i < ROWS; i++) {
        evidence[i].goods = memory_find(&memory, slots_key(1, i / TIMES));
    }
    struct blend blend = blend_fit(general, evidence, labels, ROWS);
    gsl_rng_free(rng);
    arena_free(&arena);
    return blend.goods_strength;
}

static void test_fit(void) {
    CHECK_NEAR(fitted(0.1, 11), 0.1, 0);
    CHECK_NEAR(fitted(1, 12), 1, 0);
    CHECK_NEAR(fitted(10, 13), 10, 0);
}

int main(void) {
    test_formula();
    test_balance();
    test_fit();
    return test_summary();
}
