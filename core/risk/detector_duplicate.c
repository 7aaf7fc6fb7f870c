/* SPDX-License-Identifier: GPL-3.0-or-later
 * detector_duplicate.c - a declaration that repeats an earlier one, perhaps with some fields
 * altered.
 *
 * Record linkage after Fellegi and Sunter (1969) on a stream: candidates share one of a few keys
 * with the declaration (blocking), fields agree or not, and the score is the sum of their weights
 * ln(m / u) or ln((1 - m) / (1 - u)). m is a parameter; u, how often fields agree by nature, is
 * learnt from each trader's successive declarations. The last `records` ones are remembered. */
#include "core/base/numeric.h"
#include "core/risk/detector.h"
#include "core/risk/slots.h"

#include <stdbool.h>
#include <stdio.h>

enum { RECORDS, KEPT, TOLERANCE };

static const struct detector_parameter parameters[] = {
    {"records", 65536, 8, 1e7, "Declarations that are remembered."},
    {"kept", 0.9, 0.5, 0.999, "Chance that a duplicate keeps a field as it was."},
    {"tolerance", 0.01, 0, 0.5, "Masses and values that differ by less, as a share, agree."},
    {NULL, 0, 0, 0, NULL}};

enum field { TRADER, SELLER, GOODS, ORIGIN, DEPARTURE, DOCUMENT, MASS, VALUE, FIELDS };
enum { BANDS = 5 };

struct record {
    uint64_t codes[MASS]; /* 0: missing */
    double amounts[2];    /* mass and value; not above 0: missing */
    uint64_t number;
};

struct state {
    struct record *records; /* a ring */
    uint64_t record_count;  /* ever */
    uint32_t record_mask;
    struct slots slots, trader_slots; /* of bands and of traders */
    uint64_t *last, *last_of_trader;  /* their latest records, counted from 1 */
    double compared[FIELDS], agreed[FIELDS];
    double kept, tolerance;
};

static void *create(const double *values, struct arena *arena) {
    struct state *state = ARENA_NEW(arena, struct state);
    uint32_t count = 8;
    while (count < values[RECORDS]) {
        count *= 2;
    }
    state->records = ARENA_ARRAY(arena, struct record, count);
    state->record_mask = count - 1;
    slots_init(&state->slots, 2 * BANDS * count, arena);
    slots_init(&state->trader_slots, count, arena);
    state->last = ARENA_ARRAY(arena, uint64_t, slots_count(&state->slots));
    state->last_of_trader = ARENA_ARRAY(arena, uint64_t, slots_count(&state->trader_slots));
    state->kept = values[KEPT];
    state->tolerance = values[TOLERANCE];
    return state;
}

static struct record record_of(const struct declaration *declaration) {
    return (struct record){
        .codes = {declaration->trader, declaration->seller, declaration->goods, declaration->origin,
                  declaration->departure, declaration->document},
        .amounts = {declaration->mass_kg, declaration->value},
        .number = declaration->number,
    };
}

/* 1, 0, or -1 where it cannot be said. */
static int agrees(const struct state *state, const struct record *a, const struct record *b,
                  enum field field) {
    if (field < MASS) {
        bool both = a->codes[field] != 0 && b->codes[field] != 0;
        return both ? a->codes[field] == b->codes[field] : -1;
    }
    double x = a->amounts[field - MASS], y = b->amounts[field - MASS];
    if (!(x > 0.0 && y > 0.0)) {
        return -1;
    }
    double larger = x > y ? x : y, smaller = x > y ? y : x;
    return larger - smaller <= state->tolerance * larger;
}

static double weight_of(const struct state *state, enum field field, int agreement) {
    if (agreement < 0) {
        return 0.0;
    }
    double u = (state->agreed[field] + 0.5) / (state->compared[field] + 1.0);
    return numeric_log(agreement ? state->kept / u : (1.0 - state->kept) / (1.0 - u));
}

static uint64_t amount_bits(double amount) {
    return amount > 0.0 ? numeric_bits(amount) : 0;
}

/* Keys of which a near duplicate shares at least one; 0 where a part of it is missing. */
static void band_keys(const struct record *record, uint64_t keys[BANDS]) {
    uint64_t mass = amount_bits(record->amounts[0]), value = amount_bits(record->amounts[1]);
    const uint64_t *codes = record->codes;
    const uint64_t parts[BANDS][3] = {{codes[DOCUMENT], 1, 1},
                                      {codes[TRADER], mass, 1},
                                      {codes[TRADER], value, 1},
                                      {codes[SELLER], codes[GOODS], mass},
                                      {codes[GOODS], codes[ORIGIN], value}};
    for (unsigned i = 0; i < BANDS; i++) {
        keys[i] = 0;
        if (parts[i][0] != 0 && parts[i][1] != 0 && parts[i][2] != 0) {
            uint64_t key = slots_key(i, parts[i][0]);
            keys[i] = slots_key(slots_key(key, parts[i][1]), parts[i][2]);
        }
    }
}

/* NULL when it is too long ago. */
static const struct record *remembered(const struct state *state, uint64_t count) {
    bool is_there = count != 0 && state->record_count - count <= state->record_mask;
    return is_there ? &state->records[(count - 1) & state->record_mask] : NULL;
}

/* The highest score, that of no field agreeing where no record shares a key; its record or NULL. */
static double best_score(const struct state *state, const struct record *record,
                         const struct record **best) {
    uint64_t keys[BANDS];
    double highest = 0.0;
    *best = NULL;
    for (enum field field = 0; field < FIELDS; field++) {
        highest += weight_of(state, field, 0);
    }
    band_keys(record, keys);
    for (unsigned i = 0; i < BANDS; i++) {
        int64_t place = keys[i] != 0 ? slots_find(&state->slots, keys[i]) : -1;
        const struct record *other = place >= 0 ? remembered(state, state->last[place]) : NULL;
        double sum = 0.0;
        for (enum field field = 0; other != NULL && field < FIELDS; field++) {
            sum += weight_of(state, field, agrees(state, record, other, field));
        }
        if (other != NULL && sum > highest) {
            highest = sum;
            *best = other;
        }
    }
    return highest;
}

static double score(const void *state, const struct declaration *declaration) {
    struct record record = record_of(declaration);
    const struct record *best;
    return best_score(state, &record, &best);
}

/* How alike two successive declarations of a trader are by nature. */
static void learn_agreement(struct state *state, const struct record *record) {
    bool is_new;
    uint64_t trader = record->codes[TRADER];
    if (trader == 0) {
        return;
    }
    uint32_t place = slots_take(&state->trader_slots, slots_key(0, trader), &is_new);
    const struct record *before = is_new ? NULL : remembered(state, state->last_of_trader[place]);
    for (enum field field = 0; before != NULL && field < FIELDS; field++) {
        int agreement = agrees(state, record, before, field);
        state->compared[field] += agreement >= 0;
        state->agreed[field] += agreement > 0;
    }
    state->last_of_trader[place] = state->record_count + 1;
}

static void learn(void *state_, const struct declaration *declaration) {
    struct state *state = state_;
    struct record record = record_of(declaration);
    uint64_t keys[BANDS];
    learn_agreement(state, &record);
    state->records[state->record_count++ & state->record_mask] = record;
    band_keys(&record, keys);
    for (unsigned i = 0; i < BANDS; i++) {
        if (keys[i] != 0) {
            bool is_new;
            state->last[slots_take(&state->slots, keys[i], &is_new)] = state->record_count;
        }
    }
}

static void explain(const void *state, const struct declaration *declaration, char *text,
                    size_t size) {
    struct record record = record_of(declaration);
    const struct record *best;
    text[0] = '\0';
    if (best_score(state, &record, &best) > 0.0 && best != NULL) {
        unsigned same = 0, compared = 0;
        for (enum field field = 0; field < FIELDS; field++) {
            int agreement = agrees(state, &record, best, field);
            same += agreement > 0;
            compared += agreement >= 0;
        }
        snprintf(text, size, "%u of %u fields as in declaration %llu", same, compared,
                 (unsigned long long)best->number);
    }
}

const struct detector detector_duplicate = {
    .name = "duplicate",
    .doc = "Likeness to a declaration made before, beyond what is usual of the trader.",
    .parameters = parameters,
    .create = create,
    .score = score,
    .learn = learn,
    .explain = explain,
};
