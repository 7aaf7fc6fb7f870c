/* SPDX-License-Identifier: GPL-3.0-or-later
 * evaluate.c - see evaluate.h. */
#include "core/risk/evaluate.h"

#include "core/base/numeric.h"

#include <math.h>
#include <stdbool.h>

static const double normal_975 = 1.959963984540054;

const double evaluate_shares[EVALUATE_SHARES] = {0.01, 0.02, 0.05, 0.1, 0.2};

uint32_t *evaluate_order(const double *scores, uint32_t row_count, struct arena *arena) {
    uint32_t *order = ARENA_ARRAY(arena, uint32_t, row_count + 1u);
    uint32_t *merged = ARENA_ARRAY(arena, uint32_t, row_count + 1u);
    for (uint32_t i = 0; i < row_count; i++) {
        order[i] = i;
    }
    for (uint64_t width = 1; width < row_count; width *= 2) {
        for (uint64_t begin = 0; begin < row_count; begin += 2 * width) {
            uint64_t middle = begin + width < row_count ? begin + width : row_count;
            uint64_t end = middle + width < row_count ? middle + width : row_count;
            uint64_t left = begin, right = middle;
            for (uint64_t at = begin; at < end; at++) {
                bool from_left =
                    left < middle && (right == end || scores[order[left]] >= scores[order[right]]);
                merged[at] = from_left ? order[left++] : order[right++];
            }
        }
        uint32_t *other = order;
        order = merged;
        merged = other;
    }
    return order;
}

/* The mean over orders of equals of the sum of `amounts` in the first `first` of `order`. */
static double sum_of_first(const double *scores, const double *amounts, const uint32_t *order,
                           uint32_t row_count, uint32_t first) {
    double sum = 0;
    for (uint32_t begin = 0; begin < first;) {
        uint32_t end = begin;
        double tied = 0;
        while (end < row_count && scores[order[end]] == scores[order[begin]]) {
            tied += amounts[order[end++]];
        }
        uint32_t taken = end < first ? end : first;
        sum += tied * (double)(taken - begin) / (double)(end - begin);
        begin = end;
    }
    return sum;
}

/* Wilson's interval of a share, of which the numerator may be a mean. */
static struct interval share_interval(double hits, double count) {
    double share = hits / count, square = normal_975 * normal_975;
    double centre = (share + square / (2 * count)) / (1 + square / count);
    double half = normal_975 / (1 + square / count) *
                  numeric_sqrt(share * (1 - share) / count + square / (4 * count * count));
    return (struct interval){share, centre - half, centre + half};
}

/* The area is the mean placement of the findings among the others; its variance is that of the
 * placements of either class (DeLong et al. 1988, equations 2 to 6, for one curve). */
static struct interval area(const double *scores, const double *labels, const uint32_t *order,
                            uint32_t row_count, double positives) {
    double negatives = (double)row_count - positives, above[2] = {0, 0};
    double sums[2] = {0, 0}, squares[2] = {0, 0};
    for (uint32_t begin = 0; begin < row_count;) {
        uint32_t end = begin;
        double tied[2] = {0, 0};
        while (end < row_count && scores[order[end]] == scores[order[begin]]) {
            tied[labels[order[end++]] > 0] += 1;
        }
        double below = (negatives - above[0] - 0.5 * tied[0]) / negatives;
        double over = (above[1] + 0.5 * tied[1]) / positives;
        sums[1] += tied[1] * below;
        squares[1] += tied[1] * below * below;
        sums[0] += tied[0] * over;
        squares[0] += tied[0] * over * over;
        above[0] += tied[0];
        above[1] += tied[1];
        begin = end;
    }
    double value = sums[1] / positives, variance = 0;
    const double counts[2] = {negatives, positives};
    for (int i = 0; i < 2; i++) {
        double mean = sums[i] / counts[i];
        variance += (squares[i] / counts[i] - mean * mean) / (counts[i] > 1 ? counts[i] - 1 : 1);
    }
    double half = normal_975 * numeric_sqrt(variance > 0 ? variance : 0);
    return (struct interval){value, value - half < 0 ? 0 : value - half,
                             value + half > 1 ? 1 : value + half};
}

static struct evaluation_at at_share(double share, const double *scores, const double *labels,
                                     const double *revenue, const uint32_t *order,
                                     const struct evaluation *whole, double revenue_sum) {
    struct evaluation_at at = {.inspected = (uint32_t)(share * (double)whole->rows + 0.5)};
    at.inspected = at.inspected == 0 ? 1 : at.inspected;
    double hits = sum_of_first(scores, labels, order, whole->rows, at.inspected);
    double found = sum_of_first(scores, revenue, order, whole->rows, at.inspected);
    at.precision = share_interval(hits, (double)at.inspected);
    at.recall = whole->findings > 0 ? hits / (double)whole->findings : (double)NAN;
    at.revenue = revenue_sum > 0 ? found / revenue_sum : (double)NAN;
    return at;
}

struct evaluation evaluate(const double *scores, const int8_t *labels, const double *revenue,
                           const uint32_t *rows, uint32_t row_count, struct arena *scratch) {
    struct evaluation result = {.rows = row_count, .auc = {(double)NAN, (double)NAN, (double)NAN}};
    double *own_scores = ARENA_ARRAY(scratch, double, row_count + 1u);
    double *own_labels = ARENA_ARRAY(scratch, double, row_count + 1u);
    double *own_revenue = ARENA_ARRAY(scratch, double, row_count + 1u);
    double score_sum = 0, square_sum = 0, revenue_sum = 0;
    bool are_probabilities = true;
    for (uint32_t i = 0; i < row_count; i++) {
        double score = own_scores[i] = scores[rows[i]];
        double label = own_labels[i] = labels[rows[i]] > 0 ? 1.0 : 0.0;
        own_revenue[i] = label * revenue[rows[i]];
        result.findings += label > 0;
        score_sum += score;
        square_sum += (score - label) * (score - label);
        revenue_sum += own_revenue[i];
        are_probabilities = are_probabilities && score >= 0 && score <= 1;
    }
    if (row_count == 0) {
        return result;
    }
    uint32_t *order = evaluate_order(own_scores, row_count, scratch);
    if (result.findings > 0 && result.findings < row_count) {
        result.auc = area(own_scores, own_labels, order, row_count, (double)result.findings);
    }
    for (int i = 0; i < EVALUATE_SHARES; i++) {
        result.at[i] = at_share(evaluate_shares[i], own_scores, own_labels, own_revenue, order,
                                &result, revenue_sum);
    }
    result.mean_score = score_sum / (double)row_count;
    result.rate = (double)result.findings / (double)row_count;
    result.brier = are_probabilities ? square_sum / (double)row_count : (double)NAN;
    return result;
}
