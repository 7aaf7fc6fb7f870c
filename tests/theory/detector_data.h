/* SPDX-License-Identifier: GPL-3.0-or-later
 * detector_data.h - draws for made data, and the area under the curve of a score. */
#ifndef TESTS_THEORY_DETECTOR_DATA_H
#define TESTS_THEORY_DETECTOR_DATA_H

#include "core/base/numeric.h"
#include "core/base/random.h"
#include "core/risk/detector.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* One draw after another. */
struct draws {
    struct random_key key;
    uint64_t next;
};

static inline struct draws draws_of(uint64_t seed) {
    return (struct draws){random_key_make(seed, 0), 0};
}

static inline double draw_uniform(struct draws *draws) {
    return random_uniform(draws->key, draws->next++, 7, 0);
}

static inline double draw_normal(struct draws *draws) {
    return numeric_normal_quantile(draw_uniform(draws));
}

static inline unsigned draw_below(struct draws *draws, unsigned count) {
    return (unsigned)(draw_uniform(draws) * count);
}

/* An index by its weight. */
static inline unsigned draw_weighted(struct draws *draws, const double *weights, unsigned count) {
    double total = 0.0;
    for (unsigned i = 0; i < count; i++) {
        total += weights[i];
    }
    double left = draw_uniform(draws) * total;
    unsigned i = 0;
    while (i + 1 < count && left >= weights[i]) {
        left -= weights[i++];
    }
    return i;
}

struct scored {
    double score;
    bool is_false;
};

static inline int scored_order(const void *a_, const void *b_) {
    const struct scored *a = a_, *b = b_;
    return (a->score > b->score) - (a->score < b->score);
}

/* Mann and Whitney (1947): a tie counts for half. Sorts its argument. */
static inline double area_under_curve(struct scored *scores, size_t count) {
    double rank_sum = 0.0, falses = 0.0;
    qsort(scores, count, sizeof *scores, scored_order);
    for (size_t first = 0, end; first < count; first = end) {
        double falses_here = 0.0;
        for (end = first; end < count && scores[end].score == scores[first].score; end++) {
            falses_here += scores[end].is_false;
        }
        rank_sum += falses_here * ((double)(first + 1 + end) / 2.0);
        falses += falses_here;
    }
    double trues = (double)count - falses;
    return (rank_sum - falses * (falses + 1.0) / 2.0) / (falses * trues);
}

/* Two ways to score the same declarations: a detector's, and the best there is. */
struct contest {
    struct scored *ours, *best;
    size_t count, room;
};

static inline struct contest contest_begin(struct arena *arena, size_t room) {
    return (struct contest){ARENA_ARRAY(arena, struct scored, room),
                            ARENA_ARRAY(arena, struct scored, room), 0, room};
}

static inline void contest_add(struct contest *contest, double ours, double best, bool is_false) {
    if (contest->count < contest->room) {
        contest->ours[contest->count] = (struct scored){ours, is_false};
        contest->best[contest->count++] = (struct scored){best, is_false};
    }
}

/* (AUC - .5) of ours by that of the best. */
static inline double contest_end(struct contest *contest, const char *name) {
    double ours = area_under_curve(contest->ours, contest->count);
    double best = area_under_curve(contest->best, contest->count);
    double share = (ours - 0.5) / (best - 0.5);
    printf("%-34s AUC %.4f, at best %.4f: %.1f %% of what can be known (%zu scored)\n", name, ours,
           best, 100.0 * share, contest->count);
    return share;
}

#endif
