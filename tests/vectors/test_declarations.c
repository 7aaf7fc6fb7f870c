/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: on the published synthetic declarations (Jeong et al. 2022) the engine, trained on 2020,
 * reaches on the first quarter of 2021 what is asked of it; and the table of exact matches and
 * chance, beside it, what their published description says. These figures are about synthetic
 * data; they say nothing of any customs office. Method: the engine on the two files, with memory,
 * without, and on goods of which each stands once. */
#include "tests/test.h"

#include "core/risk/engine.h"
#include "core/risk/evaluate.h"
#include "core/risk/reason.h"
#include "sim/scenario/input_file.h"

#include <math.h>

struct quarter {
    struct declaration_table past, now;
    struct encode_row *rows;
    struct engine *engine;
    struct engine_score *scores;
    struct matrix matrix;
    double *values, *stakes;
    uint32_t *subset;
};

static struct declaration_table load(const char *name, struct arena *arena) {
    struct error err = ERROR_INIT;
    struct column_map map = column_map_usual();
    struct declaration_table table = {.row_count = 0};
    struct declaration_source source = {.name = name};
    const char *path =
        input_file_data_path(arena, arena_format(arena, "customs-declarations/%s", name));
    source.text = input_file_read(arena, path, (size_t)1 << 30, &source.length, &err);
    if (source.text == NULL) {
        SKIP("the published declarations are not there");
    }
    CHECK_INT(
        declaration_table_read(&table, &map, DECLARATION_LABELS_REQUIRED, &source, 1, arena, &err),
        0);
    return table;
}

static void train(struct quarter *quarter, bool with_memory, struct arena *arena) {
    struct error err = ERROR_INIT;
    struct engine_settings settings = engine_settings_usual();
    settings.with_memory = with_memory;
    quarter->engine = ARENA_NEW(arena, struct engine);
    CHECK_INT(engine_train(quarter->engine, &quarter->past, &settings, arena, &err), 0);
    quarter->rows = encode_rows(&quarter->now, arena);
    quarter->scores =
        engine_score_rows(quarter->engine, &quarter->now, quarter->rows, &quarter->matrix, arena);
    quarter->values = ARENA_ARRAY(arena, double, quarter->now.row_count);
    quarter->stakes = ARENA_ARRAY(arena, double, quarter->now.row_count);
    quarter->subset = ARENA_ARRAY(arena, uint32_t, quarter->now.row_count);
    for (uint32_t i = 0; i < quarter->now.row_count; i++) {
        quarter->stakes[i] = declaration_table_stake(&quarter->now, i);
        quarter->values[i] = quarter->scores[i].score;
    }
}

/* seen: 1, never seen: 0, all: -1. */
static struct evaluation figures(struct quarter *quarter, int seen, struct arena *arena) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < quarter->now.row_count; i++) {
        if (seen < 0 || quarter->scores[i].is_seen == (seen > 0)) {
            quarter->subset[count++] = i;
        }
    }
    return evaluate(quarter->values, quarter->now.labels, quarter->stakes, quarter->subset, count,
                    arena);
}

static void test_with_memory(struct quarter *quarter, struct arena *arena) {
    train(quarter, true, arena);
    struct evaluation all = figures(quarter, -1, arena);
    struct evaluation seen = figures(quarter, 1, arena), unseen = figures(quarter, 0, arena);
    CHECK_INT(all.rows, 8134);
    CHECK_INT(unseen.rows, 1453); /* as the description counts them */
    CHECK_INT(quarter->engine->goods.count, 15504);
    CHECK(all.at[2].precision.value >= 0.995);
    CHECK(all.at[3].precision.value >= 0.990);
    CHECK(all.auc.value >= 0.980);
    CHECK(unseen.auc.value >= 0.62);
    CHECK(fabs(seen.mean_score - seen.rate) <= 0.02);
    CHECK(fabs(unseen.mean_score - unseen.rate) <= 0.02);
    CHECK(seen.brier < 0.02 && unseen.brier < unseen.rate * (1 - unseen.rate));
    for (uint32_t i = 0; i < quarter->now.row_count; i++) {
        quarter->values[i] = blend_balance(quarter->values[i], quarter->stakes[i], 0.1);
    }
    struct evaluation balanced = figures(quarter, -1, arena);
    CHECK(balanced.at[2].precision.value >= 0.95);
    CHECK(balanced.at[2].revenue >= 0.70);
}

/* The table: area .976, precision .993 at 5 % and .991 at 10 %, .5 for goods never seen. */
static void test_rivals(struct quarter *quarter, struct arena *arena) {
    uint32_t count = quarter->now.row_count;
    for (uint32_t i = 0; i < count; i++) {
        quarter->values[i] = blend_table(quarter->scores[i].evidence.goods, quarter->engine->rate);
    }
    struct evaluation all = figures(quarter, -1, arena);
    CHECK_NEAR(all.auc.value, 0.976, 0.0005);
    CHECK_NEAR(all.at[2].precision.value, 0.993, 0.0015);
    CHECK_NEAR(all.at[3].precision.value, 0.991, 0.0015);
    CHECK_NEAR(figures(quarter, 0, arena).auc.value, 0.5, 1e-12);
    struct random_key key = random_key_make(1, 0);
    for (uint32_t i = 0; i < count; i++) {
        quarter->values[i] = random_uniform(key, i, 1, 0);
    }
    all = figures(quarter, -1, arena);
    CHECK(all.auc.low < 0.5 && all.auc.high > 0.5);
    CHECK(all.at[3].precision.low < all.rate && all.at[3].precision.high > all.rate);
}

static void test_without_memory(struct quarter *quarter, struct arena *arena) {
    train(quarter, false, arena);
    struct evaluation all = figures(quarter, -1, arena);
    CHECK(all.at[2].precision.value >= 0.943);
    CHECK(all.at[3].precision.value >= 0.871);
}

static void test_reasons(struct quarter *quarter, struct arena *arena) {
    for (uint32_t row = 0; row < quarter->now.row_count; row += 41) {
        struct reasons reasons = reason_of(quarter->engine, &quarter->now, quarter->rows,
                                           quarter->scores, &quarter->matrix, row, arena);
        double sum = reasons.base;
        for (uint32_t i = 0; i < reasons.count; i++) {
            sum += reasons.items[i].part;
        }
        CHECK_NEAR(sum, quarter->scores[row].score, 1e-6);
    }
}

/* Goods, each once; a model of four fifths of them and the others, five times. */
static void test_grouped(const struct declaration_table *past, struct arena *arena) {
    struct encode_row *rows = encode_rows(past, arena);
    struct memory known;
    double area = 0;
    memory_init(&known, MEMORY_ENTRIES_MAX, arena);
    uint32_t *firsts = ARENA_ARRAY(arena, uint32_t, past->row_count), first_count = 0;
    for (uint32_t row = 0; row < past->row_count; row++) {
        if (memory_find(&known, encode_goods(&rows[row])) == NULL) {
            memory_add(&known, encode_goods(&rows[row]), 0, 1);
            firsts[first_count++] = row;
        }
    }
    uint32_t *sides[2] = {ARENA_ARRAY(arena, uint32_t, first_count),
                          ARENA_ARRAY(arena, uint32_t, first_count)};
    for (unsigned fold = 0; fold < ENCODE_FOLDS; fold++) {
        struct quarter part;
        uint32_t counts[2] = {0, 0};
        for (uint32_t i = 0; i < first_count; i++) {
            int side = encode_fold(encode_goods(&rows[firsts[i]]), 2021) == fold;
            sides[side][counts[side]++] = firsts[i];
        }
        part.past = declaration_table_pick(past, sides[0], counts[0], arena);
        part.now = declaration_table_pick(past, sides[1], counts[1], arena);
        train(&part, true, arena);
        area += figures(&part, -1, arena).auc.value / ENCODE_FOLDS;
    }
    CHECK(area >= 0.615);
}

int main(void) {
    struct arena arena = ARENA_INIT;
    struct quarter quarter = {.past = load("df_syn_train_eng.csv", &arena),
                              .now = load("df_syn_valid_eng.csv", &arena)};
    CHECK_INT(quarter.past.row_count, 37385);
    test_with_memory(&quarter, &arena);
    test_reasons(&quarter, &arena);
    test_rivals(&quarter, &arena);
    test_without_memory(&quarter, &arena);
    test_reasons(&quarter, &arena);
    test_grouped(&quarter.past, &arena);
    arena_free(&arena);
    return test_summary();
}
