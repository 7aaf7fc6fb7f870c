/* SPDX-License-Identifier: GPL-3.0-or-later
 * detector_misclassification.c - a description that speaks of other goods than the code does.
 *
 * Multinomial naive Bayes over the codes of one chapter (Manning, Raghavan and Schütze 2008, ch.
 * 13), words smoothed towards their general frequency (Zhai and Lafferty 2004, Dirichlet prior).
 * The score is the logarithm of the odds of any other code of the chapter against the declared one;
 * codes with a higher duty count in full, the others by the parameter `careless`. */
#include "core/base/numeric.h"
#include "core/risk/detector.h"
#include "core/risk/slots.h"

#include <stdbool.h>
#include <stdio.h>

enum { PAIRS, WORDS, SMOOTHING, CARELESS };
enum { GOODS_MAX = 8192, CHAPTERS = 100, WORDS_MAX = 64 };

static const struct detector_parameter parameters[] = {
    {"pairs", 262144, 8, 1e8, "Words with goods that are remembered."},
    {"words", 65536, 8, 1e8, "Words that are remembered."},
    {"smoothing", 20, 0.01, 1e6, "Words of general language that every code begins with."},
    {"careless", 0.1, 0, 1, "Weight of codes whose duty is not higher than the declared one's."},
    {NULL, 0, 0, 0, NULL}};

struct goods {
    uint32_t code, next; /* of the chapter, + 1; 0 ends it */
    double declarations, words;
    double duty_share; /* as last declared */
};

struct state {
    struct slots pairs, words, index; /* index: place of a code -> goods_of */
    float *pair_counts, *word_counts;
    uint32_t *goods_of;
    uint32_t chapters[CHAPTERS]; /* first of its goods, + 1 */
    struct goods goods[GOODS_MAX];
    uint32_t goods_count;
    double word_total, declaration_total, word_kinds, smoothing, careless;
};

static void *create(const double *values, struct arena *arena) {
    struct state *state = ARENA_NEW(arena, struct state);
    slots_init(&state->pairs, (uint32_t)values[PAIRS], arena);
    slots_init(&state->words, (uint32_t)values[WORDS], arena);
    slots_init(&state->index, 4 * GOODS_MAX, arena);
    state->pair_counts = ARENA_ARRAY(arena, float, slots_count(&state->pairs));
    state->word_counts = ARENA_ARRAY(arena, float, slots_count(&state->words));
    state->goods_of = ARENA_ARRAY(arena, uint32_t, slots_count(&state->index));
    state->smoothing = values[SMOOTHING];
    state->careless = values[CARELESS];
    return state;
}

static const struct goods *find_goods(const struct state *state, uint32_t code) {
    int64_t place = code != 0 ? slots_find(&state->index, slots_key(0, code)) : -1;
    return place >= 0 ? &state->goods[state->goods_of[place]] : NULL;
}

/* NULL when there are too many. */
static struct goods *take_goods(struct state *state, uint32_t code) {
    const struct goods *found = find_goods(state, code);
    if (found != NULL) {
        return &state->goods[found - state->goods];
    }
    if (code == 0 || code / 10000 >= CHAPTERS || state->goods_count == GOODS_MAX) {
        return NULL;
    }
    bool is_new;
    uint32_t *chapter = &state->chapters[code / 10000];
    struct goods *goods = &state->goods[state->goods_count];
    state->goods_of[slots_take(&state->index, slots_key(0, code), &is_new)] = state->goods_count++;
    *goods = (struct goods){.code = code, .next = *chapter};
    *chapter = state->goods_count;
    return goods;
}

static double count_at(const struct slots *slots, const float *counts, uint64_t key) {
    int64_t place = slots_find(slots, key);
    return place >= 0 ? (double)counts[place] : 0.0;
}

static void add_one(struct slots *slots, float *counts, uint64_t key) {
    bool is_new;
    uint32_t place = slots_take(slots, key, &is_new);
    counts[place] = is_new ? 1.0f : counts[place] + 1.0f;
}

static uint64_t pair_key(uint32_t word, uint32_t code) {
    return slots_key(slots_key(0, word), code);
}

/* The general share of each word of a description; returns how many are looked at. */
static uint32_t general_shares(const struct state *state, const struct declaration *declaration,
                               double shares[WORDS_MAX]) {
    uint32_t count = declaration->word_count < WORDS_MAX ? declaration->word_count : WORDS_MAX;
    for (uint32_t i = 0; i < count; i++) {
        double seen =
            count_at(&state->words, state->word_counts, slots_key(0, declaration->words[i]));
        shares[i] = (seen + 0.5) / (state->word_total + 0.5 * (state->word_kinds + 1.0));
    }
    return count;
}

/* ln P(code, words), but for a constant. */
static double log_likelihood(const struct state *state, const struct goods *goods,
                             const struct declaration *declaration, const double *shares,
                             uint32_t count) {
    double sum = numeric_log(goods->declarations);
    for (uint32_t i = 0; i < count; i++) {
        double seen = count_at(&state->pairs, state->pair_counts,
                               pair_key(declaration->words[i], goods->code));
        sum +=
            numeric_log((seen + state->smoothing * shares[i]) / (goods->words + state->smoothing));
    }
    return sum;
}

/* The odds, and the best other code. 0 and NULL where nothing is known. */
static double odds_of(const struct state *state, const struct declaration *declaration,
                      const struct goods **best) {
    *best = NULL;
    const struct goods *declared = find_goods(state, declaration->goods);
    if (declared == NULL || declaration->word_count == 0) {
        return 0.0;
    }
    double shares[WORDS_MAX];
    uint32_t count = general_shares(state, declaration, shares);
    double own = log_likelihood(state, declared, declaration, shares, count);
    double sum = 0.0, highest = 0.0;
    for (uint32_t at = state->chapters[declared->code / 10000]; at != 0;
         at = state->goods[at - 1].next) {
        const struct goods *other = &state->goods[at - 1];
        double weight = other->duty_share > declared->duty_share ? 1.0 : state->careless;
        if (other == declared || weight == 0.0) {
            continue;
        }
        double difference = log_likelihood(state, other, declaration, shares, count) - own;
        double term = weight * numeric_exp(difference < 600.0 ? difference : 600.0);
        sum += term;
        if (term > highest) {
            highest = term;
            *best = other;
        }
    }
    return sum;
}

static double score(const void *state, const struct declaration *declaration) {
    const struct goods *best;
    double odds = odds_of(state, declaration, &best);
    return best != NULL ? numeric_log(odds) : 0.0;
}

static void learn(void *state_, const struct declaration *declaration) {
    struct state *state = state_;
    struct goods *goods = take_goods(state, declaration->goods);
    if (goods == NULL) {
        return;
    }
    goods->declarations += 1.0;
    if (declaration->duty_share == declaration->duty_share) {
        goods->duty_share = declaration->duty_share;
    }
    for (uint32_t i = 0; i < declaration->word_count && i < WORDS_MAX; i++) {
        uint64_t word = slots_key(0, declaration->words[i]);
        state->word_kinds += slots_find(&state->words, word) < 0;
        add_one(&state->words, state->word_counts, word);
        add_one(&state->pairs, state->pair_counts, pair_key(declaration->words[i], goods->code));
        goods->words += 1.0;
        state->word_total += 1.0;
    }
}

static void explain(const void *state, const struct declaration *declaration, char *text,
                    size_t size) {
    const struct goods *best;
    double odds = odds_of(state, declaration, &best);
    text[0] = '\0';
    if (best != NULL && odds > 1.0) {
        snprintf(text, size, "described like HS %06u (duty %.1f %%), declared as HS %06u (%.1f %%)",
                 best->code, 100.0 * best->duty_share, declaration->goods,
                 100.0 * declaration->duty_share);
    }
}

const struct detector detector_misclassification = {
    .name = "misclassification",
    .doc = "Description that fits other codes of the chapter, above all codes of a higher duty.",
    .parameters = parameters,
    .create = create,
    .score = score,
    .learn = learn,
    .explain = explain,
};
