/* SPDX-License-Identifier: GPL-3.0-or-later
 * risk_evaluate.c - `clearlab risk evaluate`: how good the scores of a model are, what a table of
 * exact matches and chance would do, and what of it is only memory; or, with --grouped, how good
 * a model is at goods that it has never seen. */
#include "core/base/numeric.h"
#include "sim/commands/risk.h"
#include "sim/commands/risk_figures.h"
#include "sim/commands/risk_load.h"

#include <stdio.h>
#include <string.h>

struct work {
    const struct engine *engine;
    struct declaration_table table;
    const struct encode_row *rows;
    const struct engine_score *scores;
    struct arena *arena;
};

/* ---- a model on a table -------------------------------------------------------------------- */

static void put_scores(const struct work *work, double weight, uint64_t seed,
                       double *of[RISK_SCORERS], double *stakes) {
    struct random_key key = random_key_make(seed, 0);
    uint32_t purpose = random_purpose("chance", 0);
    for (uint32_t row = 0; row < work->table.row_count; row++) {
        const struct engine_score *score = &work->scores[row];
        stakes[row] = declaration_table_stake(&work->table, row);
        of[RISK_MODEL][row] = score->score;
        of[RISK_BALANCED][row] = blend_balance(score->score, stakes[row], weight);
        of[RISK_TABLE][row] = blend_table(score->evidence.goods, work->engine->rate);
        of[RISK_CHANCE][row] = random_uniform(key, row, purpose, 0);
    }
}

static void evaluate_all(const struct work *work, double weight, uint64_t seed,
                         struct risk_figures *figures) {
    uint32_t count = work->table.row_count, counts[RISK_ROWS] = {0};
    double *of[RISK_SCORERS], *stakes = ARENA_ARRAY(work->arena, double, count);
    uint32_t *rows[RISK_ROWS];
    for (int scorer = 0; scorer < RISK_SCORERS; scorer++) {
        of[scorer] = ARENA_ARRAY(work->arena, double, count);
    }
    for (int subset = 0; subset < RISK_ROWS; subset++) {
        rows[subset] = ARENA_ARRAY(work->arena, uint32_t, count);
    }
    *figures = (struct risk_figures){.weight = weight, .with_memory = work->engine->with_memory};
    put_scores(work, weight, seed, of, stakes);
    for (uint32_t row = 0; row < count; row++) {
        if (work->table.labels[row] < 0) {
            figures->unlabelled++;
            continue;
        }
        int subset = work->scores[row].is_seen ? RISK_SEEN : RISK_UNSEEN;
        rows[RISK_ALL][counts[RISK_ALL]++] = row;
        rows[subset][counts[subset]++] = row;
    }
    for (int scorer = 0; scorer < RISK_SCORERS; scorer++) {
        for (int subset = 0; subset < RISK_ROWS; subset++) {
            figures->of[scorer][subset] = evaluate(of[scorer], work->table.labels, stakes,
                                                   rows[subset], counts[subset], work->arena);
        }
    }
}

static int evaluate_model(const struct invocation *invocation, struct error *err) {
    struct arena *arena = invocation->arena;
    struct engine *engine = ARENA_NEW(arena, struct engine);
    struct risk_figures *figures = ARENA_NEW(arena, struct risk_figures);
    struct work work = {.engine = engine, .arena = arena};
    struct engine_settings settings;
    struct matrix matrix;
    double weight;
    if (risk_load_weight(invocation, &weight, err) < 0 ||
        risk_load_settings(invocation, &settings, err) < 0 ||
        risk_load_model(invocation, engine, err) < 0 ||
        risk_load_table(invocation, DECLARATION_LABELS_ANY, &work.table, err) < 0) {
        return (int)err->code;
    }
    if (!work.table.has_labels) {
        error_set(err, ERROR_INPUT, "--data: there is no column of labels to compare with");
        return 2;
    }
    work.rows = encode_rows(&work.table, arena);
    work.scores = engine_score_rows(engine, &work.table, work.rows, &matrix, arena);
    evaluate_all(&work, weight, settings.seed, figures);
    if (command_option(invocation, "json") != NULL) {
        struct json json = JSON_INIT(stdout);
        json_enter(&json, NULL, '{');
        json_text(&json, "model", command_option(invocation, "model"));
        risk_figures_json(figures, &json);
        json_leave(&json, '}');
        putchar('\n');
    } else {
        risk_figures_print(figures);
    }
    return 0;
}

/* ---- goods that were never seen, five times ------------------------------------------------ */

/* Numbers of the rows with a label in which goods occur for the first time. */
static uint32_t *first_of_goods(const struct work *work, uint32_t *count) {
    uint32_t *firsts = ARENA_ARRAY(work->arena, uint32_t, work->table.row_count);
    struct memory known;
    memory_init(&known, MEMORY_ENTRIES_MAX, work->arena);
    *count = 0;
    for (uint32_t row = 0; row < work->table.row_count; row++) {
        uint64_t goods = encode_goods(&work->rows[row]);
        if (work->table.labels[row] >= 0 && memory_find(&known, goods) == NULL) {
            memory_add(&known, goods, 0, 1);
            firsts[(*count)++] = row;
        }
    }
    return firsts;
}

static int evaluate_fold(const struct work *work, const struct engine_settings *settings,
                         unsigned fold, const uint32_t *firsts, uint32_t first_count,
                         struct evaluation *evaluation, struct error *err) {
    struct arena arena = ARENA_INIT;
    struct engine *engine = ARENA_NEW(&arena, struct engine);
    uint32_t *sides[2], counts[2] = {0, 0};
    sides[0] = ARENA_ARRAY(&arena, uint32_t, first_count);
    sides[1] = ARENA_ARRAY(&arena, uint32_t, first_count);
    for (uint32_t i = 0; i < first_count; i++) {
        /* A model is trained on folds of its own, so these are of another seed. */
        uint64_t goods = encode_goods(&work->rows[firsts[i]]);
        int side = encode_fold(goods, settings->seed + 0x5eed) == fold;
        sides[side][counts[side]++] = firsts[i];
    }
    struct declaration_table train =
        declaration_table_pick(&work->table, sides[0], counts[0], &arena);
    struct declaration_table test =
        declaration_table_pick(&work->table, sides[1], counts[1], &arena);
    int status = engine_train(engine, &train, settings, &arena, err);
    if (status == 0) {
        struct matrix matrix;
        const struct encode_row *rows = encode_rows(&test, &arena);
        const struct engine_score *scores = engine_score_rows(engine, &test, rows, &matrix, &arena);
        double *values = ARENA_ARRAY(&arena, double, counts[1] + 1u);
        double *stakes = ARENA_ARRAY(&arena, double, counts[1] + 1u);
        uint32_t *every = ARENA_ARRAY(&arena, uint32_t, counts[1] + 1u);
        for (uint32_t i = 0; i < counts[1]; i++) {
            values[i] = scores[i].score;
            stakes[i] = declaration_table_stake(&test, i);
            every[i] = i;
        }
        *evaluation = evaluate(values, test.labels, stakes, every, counts[1], &arena);
    }
    arena_free(&arena);
    return status;
}

static void print_folds(const struct invocation *invocation, const struct evaluation *folds,
                        uint32_t goods) {
    double mean = 0, square = 0;
    for (int fold = 0; fold < ENCODE_FOLDS; fold++) {
        mean += folds[fold].auc.value / ENCODE_FOLDS;
    }
    for (int fold = 0; fold < ENCODE_FOLDS; fold++) {
        square += (folds[fold].auc.value - mean) * (folds[fold].auc.value - mean);
    }
    double error = numeric_sqrt(square / (ENCODE_FOLDS - 1) / ENCODE_FOLDS);
    if (command_option(invocation, "json") == NULL) {
        printf("%u different goods, each once; five times a model of four fifths and the other "
               "fifth\n",
               goods);
        for (int fold = 0; fold < ENCODE_FOLDS; fold++) {
            struct interval auc = folds[fold].auc;
            printf("  area %.4f (%.4f-%.4f)\n", auc.value, auc.low, auc.high);
        }
        printf("mean %.4f, standard error %.4f; a table of exact matches and chance have .5\n",
               mean, error);
        return;
    }
    struct json json = JSON_INIT(stdout);
    json_enter(&json, NULL, '{');
    json_number(&json, "goods", goods);
    risk_figures_number(&json, "auc", mean);
    risk_figures_number(&json, "standard_error", error);
    json_enter(&json, "folds", '[');
    for (int fold = 0; fold < ENCODE_FOLDS; fold++) {
        risk_figures_interval(&json, NULL, folds[fold].auc);
    }
    json_leave(&json, ']');
    json_leave(&json, '}');
    putchar('\n');
}

static int evaluate_grouped(const struct invocation *invocation, struct error *err) {
    struct work work = {.arena = invocation->arena};
    struct engine_settings settings;
    struct evaluation folds[ENCODE_FOLDS];
    uint32_t count;
    if (risk_load_settings(invocation, &settings, err) < 0 ||
        risk_load_table(invocation, DECLARATION_LABELS_REQUIRED, &work.table, err) < 0) {
        return (int)err->code;
    }
    work.rows = encode_rows(&work.table, work.arena);
    uint32_t *firsts = first_of_goods(&work, &count);
    for (unsigned fold = 0; fold < ENCODE_FOLDS; fold++) {
        if (evaluate_fold(&work, &settings, fold, firsts, count, &folds[fold], err) < 0) {
            return (int)err->code;
        }
    }
    print_folds(invocation, folds, count);
    return 0;
}

int risk_evaluate(const struct invocation *invocation, struct error *err) {
    return command_option(invocation, "grouped") != NULL ? evaluate_grouped(invocation, err)
                                                         : evaluate_model(invocation, err);
}
