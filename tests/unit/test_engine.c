/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: an engine knows goods that it has seen, admits those that it has not, sees no label that it
 * should not, is the same each time, and comes back from a file. Method: made declarations whose
 * goods have one label or a rate; what the best possible score would reach is computed from the
 * truth; explanations are added up. */
#include "tests/test.h"
#include "tests/unit/risk_data.h"

#include "core/risk/engine.h"
#include "core/risk/evaluate.h"
#include "core/risk/reason.h"

#include <math.h>

enum { ROWS = 8000, PAST = 6000 };

struct trial {
    struct declaration_table past, now;
    struct encode_row *rows;
    struct engine engine;
    struct matrix matrix;
    struct engine_score *scores;
};

static void split(const struct risk_data *data, struct trial *trial, struct arena *arena) {
    struct declaration_table all = risk_data_table(data, arena);
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, ROWS);
    for (uint32_t i = 0; i < ROWS; i++) {
        rows[i] = i;
    }
    trial->past = declaration_table_pick(&all, rows, PAST, arena);
    trial->now = declaration_table_pick(&all, rows + PAST, ROWS - PAST, arena);
}

static void run(struct trial *trial, bool with_memory, struct arena *arena) {
    struct error err = ERROR_INIT;
    struct engine_settings settings = engine_settings_usual();
    settings.with_memory = with_memory;
    CHECK_INT(engine_train(&trial->engine, &trial->past, &settings, arena, &err), 0);
    trial->rows = encode_rows(&trial->now, arena);
    trial->scores =
        engine_score_rows(&trial->engine, &trial->now, trial->rows, &trial->matrix, arena);
}

static struct evaluation figures(const struct trial *trial, int seen, struct arena *arena) {
    uint32_t count = 0, *rows = ARENA_ARRAY(arena, uint32_t, ROWS);
    double *scores = ARENA_ARRAY(arena, double, ROWS), *none = ARENA_ARRAY(arena, double, ROWS);
    for (uint32_t i = 0; i < trial->now.row_count; i++) {
        scores[i] = trial->scores[i].score;
        if (seen < 0 || trial->scores[i].is_seen == (seen > 0)) {
            rows[count++] = i;
        }
    }
    return evaluate(scores, trial->now.labels, none, rows, count, arena);
}

/* The area of the origins' true rates: nobody can order goods that he never saw any better. */
static double best_area(const struct risk_data *data) {
    double rates[RISK_DATA_ORIGINS], findings = 0, area = 0;
    for (unsigned i = 0; i < RISK_DATA_ORIGINS; i++) {
        rates[i] = risk_data_rate(data, i);
        findings += rates[i];
    }
    for (unsigned i = 0; i < RISK_DATA_ORIGINS; i++) {
        for (unsigned j = 0; j < RISK_DATA_ORIGINS; j++) {
            double win = rates[i] > rates[j] ? 1 : rates[i] == rates[j] ? 0.5 : 0;
            area += win * rates[i] * (1 - rates[j]);
        }
    }
    return area / findings / (RISK_DATA_ORIGINS - findings);
}

static void test_seen_and_unseen(void) {
    struct arena arena = ARENA_INIT;
    struct risk_data data = {
        .seed = 31, .rows = ROWS, .goods = 5000, .are_pure = true, .spread = 0.25};
    struct trial *trial = ARENA_NEW(&arena, struct trial);
    split(&data, trial, &arena);
    run(trial, true, &arena);
    struct evaluation seen = figures(trial, 1, &arena), unseen = figures(trial, 0, &arena);
    CHECK(seen.rows > 1000 && unseen.rows > 400);
    CHECK(seen.auc.value > 0.995);
    /* Less than a tenth of what can be known is missed, but for chance. */
    double best = best_area(&data);
    CHECK(unseen.auc.high - 0.5 > 0.9 * (best - 0.5));
    CHECK(unseen.auc.low < best);
    CHECK_NEAR(seen.mean_score, seen.rate, 0.02);
    CHECK_NEAR(unseen.mean_score, unseen.rate,
               0.02 + 2 * sqrt(unseen.rate * (1 - unseen.rate) / unseen.rows));
    /* Pure goods: one inspection says nearly all, and the strengths say so. */
    CHECK(trial->engine.blend.goods_strength < 0.2 || trial->engine.blend.price_strength < 0.2);
    arena_free(&arena);
}

/* Goods with one rate each way tell nothing beyond their origin: then memory must not be believed.
 */
static void test_worthless_memory(void) {
    struct arena arena = ARENA_INIT;
    struct risk_data data = {.seed = 32, .rows = ROWS, .goods = 1500, .spread = 0.25};
    struct trial *trial = ARENA_NEW(&arena, struct trial);
    split(&data, trial, &arena);
    run(trial, true, &arena);
    CHECK(trial->engine.blend.goods_strength >= 30);
    struct evaluation all = figures(trial, -1, &arena);
    CHECK(all.auc.high - 0.5 > 0.9 * (best_area(&data) - 0.5));
    arena_free(&arena);
}

/* Labels of chance; or of goods, each drawn by chance: of others than those nothing can be learnt,
 * and the general model must not have been told by repetitions. */
static void test_noise(bool are_pure) {
    struct arena arena = ARENA_INIT;
    struct risk_data data = {
        .seed = 33, .rows = ROWS, .goods = 4000, .are_pure = are_pure, .spread = 0};
    struct trial *trial = ARENA_NEW(&arena, struct trial);
    split(&data, trial, &arena);
    run(trial, true, &arena);
    struct evaluation unseen = figures(trial, 0, &arena);
    CHECK(unseen.auc.low <= 0.5 && unseen.auc.high >= 0.5);
    CHECK(trial->engine.column_count <= 2); /* columns that tell nothing are left out */
    arena_free(&arena);
}

/* Nothing about a score depends on labels of the rows that are scored. */
static void test_blind(bool with_memory) {
    struct arena arena = ARENA_INIT;
    struct risk_data data = {.seed = 34, .rows = ROWS, .goods = 3000, .spread = 0.25};
    struct trial *trial = ARENA_NEW(&arena, struct trial);
    split(&data, trial, &arena);
    run(trial, with_memory, &arena);
    struct engine_score *before = trial->scores;
    for (uint32_t i = 0; i < trial->now.row_count; i++) {
        trial->now.labels[i] = (int8_t)(1 - trial->now.labels[i]);
    }
    struct trial *other = ARENA_NEW(&arena, struct trial);
    *other = *trial;
    run(other, with_memory, &arena);
    for (uint32_t i = 0; i < trial->now.row_count; i++) {
        CHECK(before[i].score == other->scores[i].score);
    }
    arena_free(&arena);
}

static void test_file(bool with_memory) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct risk_data data = {
        .seed = 35, .rows = ROWS, .goods = 3000, .are_pure = true, .spread = 0.25};
    struct trial *trial = ARENA_NEW(&arena, struct trial);
    struct engine *again = ARENA_NEW(&arena, struct engine);
    struct model_writer writer, second;
    struct model_reader reader;
    struct matrix matrix;
    split(&data, trial, &arena);
    run(trial, with_memory, &arena);
    model_file_create(&writer, &arena);
    engine_write(&trial->engine, &writer);
    model_file_finish(&writer);
    CHECK_INT(model_file_open(&reader, "m", writer.bytes, writer.length, &err), 0);
    CHECK_INT(engine_read(again, &reader, &arena), 0);
    struct engine_score *scores =
        engine_score_rows(again, &trial->now, trial->rows, &matrix, &arena);
    for (uint32_t i = 0; i < trial->now.row_count; i++) {
        CHECK(scores[i].score == trial->scores[i].score);
    }
    model_file_create(&second, &arena);
    engine_write(again, &second);
    model_file_finish(&second);
    CHECK(second.length == writer.length && memcmp(second.bytes, writer.bytes, writer.length) == 0);
    arena_free(&arena);
}

static void test_reasons(bool with_memory) {
    struct arena arena = ARENA_INIT;
    struct risk_data data = {
        .seed = 36, .rows = ROWS, .goods = 4000, .are_pure = true, .spread = 0.25};
    struct trial *trial = ARENA_NEW(&arena, struct trial);
    split(&data, trial, &arena);
    run(trial, with_memory, &arena);
    for (uint32_t row = 0; row < trial->now.row_count; row += 7) {
        struct reasons reasons = reason_of(&trial->engine, &trial->now, trial->rows, trial->scores,
                                           &trial->matrix, row, &arena);
        double sum = reasons.base;
        bool speaks_of_memory = false;
        for (uint32_t i = 0; i < reasons.count; i++) {
            sum += reasons.items[i].part;
            CHECK(reasons.items[i].text[0] != '\0');
            CHECK(i == 0 || fabs(reasons.items[i].part) <= fabs(reasons.items[i - 1].part));
            speaks_of_memory |= strstr(reasons.items[i].text, "memory of repeated goods") != NULL;
        }
        CHECK_NEAR(sum, trial->scores[row].score, 1e-6);
        CHECK(speaks_of_memory == (with_memory && trial->scores[row].is_seen));
    }
    arena_free(&arena);
}

/* More categories than memory: the row is named where it came too much. */
static void test_full(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct risk_data data = {.seed = 37, .rows = ROWS, .goods = 3000, .spread = 0.25};
    struct trial *trial = ARENA_NEW(&arena, struct trial);
    struct engine_settings settings = engine_settings_usual();
    split(&data, trial, &arena);
    settings.memory_limit = 36; /* 37 rows with as many codes of goods */
    trial->past.row_count = 37;
    CHECK_INT(engine_train(&trial->engine, &trial->past, &settings, &arena, &err), -1);
    CHECK_TEXT(err.text, "five digits: this is value 37, and a model remembers no more than 36");
    CHECK_TEXT(err.source, "made.csv");
    CHECK_INT(err.line, 38);
    arena_free(&arena);
}

int main(void) {
    test_full();
    test_seen_and_unseen();
    test_worthless_memory();
    test_noise(false);
    test_noise(true);
    test_blind(true);
    test_blind(false);
    test_file(true);
    test_file(false);
    test_reasons(true);
    test_reasons(false);
    return test_summary();
}
