/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: evaluate.h's promises. Method: few rows with many ties, compared with the definitions
 * written out: all pairs, all orders of equals, the quadratic equation of Wilson's interval. */
#include "tests/test.h"

#include "core/base/random.h"
#include "core/risk/evaluate.h"

#include <math.h>

enum { ROWS = 57 };

struct sample {
    double scores[ROWS], revenue[ROWS];
    int8_t labels[ROWS];
    uint32_t rows[ROWS];
};

static struct sample make(uint64_t seed, double steps) {
    struct random_key key = random_key_make(seed, 0);
    uint32_t purpose = random_purpose("sample", 0);
    struct sample sample;
    for (uint32_t i = 0; i < ROWS; i++) {
        sample.labels[i] = random_uniform(key, i, purpose, 0) < 0.31;
        double score = 0.3 * sample.labels[i] + 0.7 * random_uniform(key, i, purpose, 1);
        sample.scores[i] = floor(score * steps) / steps;
        sample.revenue[i] = 100 * random_uniform(key, i, purpose, 2);
        sample.rows[i] = i;
    }
    return sample;
}

static double above(double a, double b) {
    return a > b ? 1.0 : a == b ? 0.5 : 0.0;
}

/* The area over all pairs, and the variance of the placements, as DeLong et al. define them. */
static void check_area(const struct sample *sample, const struct evaluation *result) {
    double placements[ROWS] = {0}, area = 0, counts[2] = {0, 0}, variance = 0;
    for (int i = 0; i < ROWS; i++) {
        counts[sample->labels[i]] += 1;
    }
    for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < ROWS; j++) {
            if (sample->labels[i] == 1 && sample->labels[j] == 0) {
                double win = above(sample->scores[i], sample->scores[j]);
                placements[i] += win / counts[0];
                placements[j] += win / counts[1];
                area += win / counts[0] / counts[1];
            }
        }
    }
    for (int i = 0; i < ROWS; i++) {
        double n = counts[sample->labels[i]], from_mean = placements[i] - area;
        variance += from_mean * from_mean / (n - 1) / n;
    }
    CHECK_NEAR(result->auc.value, area, 1e-12);
    CHECK_NEAR(result->auc.high - area, 1.959963984540054 * sqrt(variance), 1e-9);
    CHECK_NEAR(area - result->auc.low, result->auc.high - area, 1e-12);
}

/* The mean over many shuffles of what stands first, by sorting with a random key. */
static double first_by_shuffles(const struct sample *sample, const double *amounts,
                                uint32_t first) {
    struct random_key key = random_key_make(99, 0);
    double sum = 0;
    enum { SHUFFLES = 4000 };
    for (uint32_t shuffle = 0; shuffle < SHUFFLES; shuffle++) {
        for (uint32_t i = 0; i < ROWS; i++) {
            uint32_t before = 0;
            double own = random_uniform(key, shuffle, 1, i);
            for (uint32_t j = 0; j < ROWS; j++) {
                before += sample->scores[j] > sample->scores[i] ||
                          (sample->scores[j] == sample->scores[i] &&
                           random_uniform(key, shuffle, 1, j) < own);
            }
            sum += before < first ? amounts[i] : 0;
        }
    }
    return sum / SHUFFLES;
}

static void test_definitions(void) {
    struct arena arena = ARENA_INIT;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct sample sample = make(seed, seed % 2 ? 7 : 1e9);
        struct evaluation result =
            evaluate(sample.scores, sample.labels, sample.revenue, sample.rows, ROWS, &arena);
        double sum = 0, squares = 0, findings = 0;
        for (int i = 0; i < ROWS; i++) {
            double miss = sample.scores[i] - sample.labels[i];
            sum += sample.scores[i] / ROWS;
            squares += miss * miss / ROWS;
            findings += sample.labels[i];
        }
        check_area(&sample, &result);
        CHECK_INT(result.findings, findings);
        CHECK_NEAR(result.mean_score, sum, 1e-12);
        CHECK_NEAR(result.brier, squares, 1e-12);
        for (int i = 0; i < EVALUATE_SHARES; i++) {
            CHECK_INT(result.at[i].inspected, fmax(1, floor(evaluate_shares[i] * ROWS + 0.5)));
            CHECK_NEAR(result.at[i].recall * findings,
                       result.at[i].precision.value * result.at[i].inspected, 1e-9);
        }
    }
    arena_free(&arena);
}

static void test_ties(void) {
    struct arena arena = ARENA_INIT;
    struct sample sample = make(3, 4);
    struct evaluation result =
        evaluate(sample.scores, sample.labels, sample.revenue, sample.rows, ROWS, &arena);
    double hits[ROWS], revenue[ROWS], all = 0;
    for (int i = 0; i < ROWS; i++) {
        hits[i] = sample.labels[i];
        revenue[i] = sample.labels[i] * sample.revenue[i];
        all += revenue[i];
    }
    for (int i = 0; i < EVALUATE_SHARES; i++) {
        uint32_t first = result.at[i].inspected;
        CHECK_NEAR(result.at[i].precision.value, first_by_shuffles(&sample, hits, first) / first,
                   0.04);
        CHECK_NEAR(result.at[i].revenue, first_by_shuffles(&sample, revenue, first) / all, 0.04);
    }
    /* All equal: whatever the share, the rate of all. */
    double same[ROWS] = {0};
    result = evaluate(same, sample.labels, sample.revenue, sample.rows, ROWS, &arena);
    CHECK_NEAR(result.at[2].precision.value, result.rate, 1e-12);
    CHECK_NEAR(result.auc.value, 0.5, 1e-12);
    arena_free(&arena);
}

/* Both ends b of Wilson's interval solve (share - b)² = z² b (1 - b) / n. */
static void test_wilson(void) {
    struct arena arena = ARENA_INIT;
    struct sample sample = make(5, 1e9);
    struct evaluation result =
        evaluate(sample.scores, sample.labels, sample.revenue, sample.rows, ROWS, &arena);
    struct interval precision = result.at[4].precision;
    double n = result.at[4].inspected, z2 = 1.959963984540054 * 1.959963984540054;
    const double ends[] = {precision.low, precision.high};
    for (int i = 0; i < 2; i++) {
        double far = precision.value - ends[i];
        CHECK_NEAR(far * far, z2 * ends[i] * (1 - ends[i]) / n, 1e-12);
    }
    CHECK(precision.low < precision.value && precision.value < precision.high);
    arena_free(&arena);
}

static void test_edges(void) {
    struct arena arena = ARENA_INIT;
    struct sample sample = make(8, 1e9);
    struct evaluation nothing =
        evaluate(sample.scores, sample.labels, sample.revenue, sample.rows, 0, &arena);
    CHECK_INT(nothing.rows, 0);
    CHECK(isnan(nothing.auc.value));
    uint32_t one_class[ROWS], count = 0;
    for (uint32_t i = 0; i < ROWS; i++) {
        if (sample.labels[i] == 0) {
            one_class[count++] = i;
        }
    }
    struct evaluation clean =
        evaluate(sample.scores, sample.labels, sample.revenue, one_class, count, &arena);
    CHECK(isnan(clean.auc.value) && isnan(clean.at[0].recall) && isnan(clean.at[0].revenue));
    sample.scores[4] = 1.5;
    struct evaluation large =
        evaluate(sample.scores, sample.labels, sample.revenue, sample.rows, ROWS, &arena);
    CHECK(isnan(large.brier)); /* that is no probability */
    const uint32_t *order = evaluate_order(sample.scores, ROWS, &arena);
    CHECK_INT(order[0], 4);
    for (int i = 1; i < ROWS; i++) {
        CHECK(sample.scores[order[i - 1]] >= sample.scores[order[i]]);
    }
    arena_free(&arena);
}

int main(void) {
    test_definitions();
    test_ties();
    test_wilson();
    test_edges();
    return test_summary();
}
