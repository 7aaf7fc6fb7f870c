/* SPDX-License-Identifier: GPL-3.0-or-later
 * engine.c - see engine.h. Columns are numbered: log odds of each encoder, inspections behind each,
 * then the features. */
#include "core/risk/engine.h"

#include "core/base/numeric.h"
#include "core/base/require.h"
#include "core/risk/evaluate.h"
#include "core/risk/slots.h"

#include <string.h>

/* How many inspections the rate of all counts for in an encoding. */
static const double general_strength = 30, close_strength = 5;
/* A column stays when its own area differs from a half by more than so many standard errors. */
static const double told_apart = 3;

struct engine_settings engine_settings_usual(void) {
    return (struct engine_settings){.with_memory = true, .seed = 1, .memory_limit = 1 << 20};
}

const char *engine_column_name(const struct engine *engine, uint32_t column, struct arena *arena) {
    uint32_t encoders = engine->encoder_count;
    if (column < encoders) {
        return engine->encoders[column].encoding->name;
    }
    if (column < 2 * encoders) {
        return arena_format(arena, "inspections of %s",
                            engine->encoders[column - encoders].encoding->name);
    }
    return feature_names[column - 2 * encoders];
}

/* All columns of every row; folds NULL: with everything that was found. */
static struct matrix all_columns(const struct engine *engine, struct feature_state *features,
                                 const struct declaration_table *table,
                                 const struct encode_row *rows, const uint8_t *folds,
                                 struct arena *arena) {
    uint32_t encoders = engine->encoder_count;
    struct matrix matrix = matrix_make(arena, table->row_count, 2 * encoders + FEATURE_COUNT);
    for (uint32_t e = 0; e < encoders; e++) {
        float *odds = matrix_column(&matrix, e), *counts = matrix_column(&matrix, encoders + e);
        for (uint32_t i = 0; i < table->row_count; i++) {
            double count;
            odds[i] = (float)encode_log_odds(&engine->encoders[e], &rows[i],
                                             folds != NULL ? folds[i] : -1, &count);
            counts[i] = (float)numeric_log1p(count);
        }
    }
    feature_stream(features, table, rows, folds != NULL, &matrix, 2 * encoders);
    return matrix;
}

static struct matrix pick_columns(const struct engine *engine, const struct matrix *all,
                                  struct arena *arena) {
    struct matrix picked = matrix_make(arena, all->row_count, engine->column_count);
    const char **names = ARENA_ARRAY(arena, const char *, engine->column_count + 1u);
    for (uint32_t i = 0; i < engine->column_count; i++) {
        memcpy(matrix_column(&picked, i), matrix_column(all, engine->columns[i]),
               (size_t)all->row_count * sizeof(float));
        names[i] = engine_column_name(engine, engine->columns[i], arena);
    }
    picked.names = names;
    return picked;
}

/* ---- training ------------------------------------------------------------------------------ */

struct training {
    struct engine *engine;
    const struct engine_settings *settings;
    struct declaration_table table; /* rows with a label */
    struct encode_row *rows;
    uint8_t *folds;
    double *weights;
    struct arena *arena, *scratch;
};

/* With memory, whole goods share a fold; without, each row has its own, for then repetitions are
 * what the model shall learn from. */
static void make_folds(struct training *training) {
    const struct declaration_table *table = &training->table;
    training->folds = ARENA_ARRAY(training->scratch, uint8_t, table->row_count + 1u);
    for (uint32_t i = 0; i < table->row_count; i++) {
        uint64_t group = training->settings->with_memory
                             ? encode_goods(&training->rows[i])
                             : declaration_table_hash(table->names[i], strlen(table->names[i]));
        training->folds[i] = (uint8_t)encode_fold(group, training->settings->seed);
    }
}

static void remember_goods(struct training *training) {
    struct engine *engine = training->engine;
    memory_init(&engine->goods, MEMORY_ENTRIES_MAX, training->arena);
    memory_init(&engine->goods_and_price, MEMORY_ENTRIES_MAX, training->arena);
    for (uint32_t i = 0; i < training->table.row_count; i++) {
        int8_t label = training->table.labels[i];
        memory_add(&engine->goods, encode_goods(&training->rows[i]), label, 1);
        memory_add(&engine->goods_and_price, encode_goods_and_price(&training->rows[i]), label, 1);
    }
}

/* Goods that came n times count as one row in the general model, which is about others. */
static void weigh_rows(struct training *training) {
    uint32_t count = training->table.row_count;
    training->weights = ARENA_ARRAY(training->scratch, double, count + 1u);
    for (uint32_t i = 0; i < count; i++) {
        const struct memory_entry *entry =
            memory_find(&training->engine->goods, encode_goods(&training->rows[i]));
        training->weights[i] = training->settings->with_memory ? 1 / entry->inspections : 1.0;
    }
}

static int learn_encoders(struct training *training, struct error *err) {
    struct engine *engine = training->engine;
    unsigned use = training->settings->with_memory ? ENCODE_GENERAL : ENCODE_CLOSE;
    double strength = training->settings->with_memory ? general_strength : close_strength;
    for (const struct encoding *encoding = encode_all; encoding->name != NULL; encoding++) {
        if ((encoding->uses & use) == 0) {
            continue;
        }
        REQUIRE(engine->encoder_count < ENCODINGS_MAX);
        uint32_t full_row, limit = training->settings->memory_limit;
        if (encode_learn(&engine->encoders[engine->encoder_count++], encoding, training->rows,
                         training->table.labels, training->weights, training->folds,
                         training->table.row_count, strength, limit, training->arena,
                         &full_row) < 0) {
            return error_at(err, training->table.places[full_row],
                            "%s: this is value %u, and a model remembers no more than %u",
                            encoding->name, limit + 1, limit);
        }
    }
    return 0;
}

/* Rows by which columns are judged: with memory each goods once, for repetitions would make chance
 * look sure. Returns their number. */
static uint32_t pick_judges(const struct training *training, uint32_t *judges) {
    const struct memory *goods = &training->engine->goods;
    bool *is_known = ARENA_ARRAY(training->scratch, bool, goods->count + 1u);
    uint32_t count = 0;
    for (uint32_t i = 0; i < training->table.row_count; i++) {
        const struct memory_entry *entry = memory_find(goods, encode_goods(&training->rows[i]));
        size_t number = (size_t)(entry - goods->entries);
        if (!training->settings->with_memory || !is_known[number]) {
            judges[count++] = i;
        }
        is_known[number] = true;
    }
    return count;
}

/* Whether a column by itself orders the judges better than chance does; or worse, where a number
 * may fall with the risk. An encoding cannot: without the row's fold, chance itself looks worse. */
static bool tells_something(const struct training *training, const float *cells, bool is_encoding,
                            const uint32_t *judges, uint32_t judge_count) {
    struct arena scratch = ARENA_INIT;
    uint32_t count = training->table.row_count, present = 0;
    double *scores = ARENA_ARRAY(&scratch, double, count + 1u);
    double *revenue = ARENA_ARRAY(&scratch, double, count + 1u);
    uint32_t *rows = ARENA_ARRAY(&scratch, uint32_t, count + 1u);
    for (uint32_t i = 0; i < judge_count; i++) {
        float cell = cells[judges[i]];
        scores[judges[i]] = (double)cell;
        if (cell == cell) {
            rows[present++] = judges[i];
        }
    }
    struct evaluation result =
        evaluate(scores, training->table.labels, revenue, rows, present, &scratch);
    double distance = result.auc.value - 0.5, error = (result.auc.high - result.auc.low) / 3.92;
    arena_free(&scratch);
    return distance > told_apart * error || (!is_encoding && -distance > told_apart * error);
}

/* A linear model has no use for inspections behind an encoding, nor for mass, value and rate as
 * they are: their sizes stand in its encodings. Trees sort out by themselves what an encoding
 * tells. */
static bool is_wanted(const struct training *training, const struct matrix *all, uint32_t column,
                      const uint32_t *judges, uint32_t judge_count) {
    uint32_t encoders = training->engine->encoder_count;
    bool is_number = column >= 2 * encoders;
    bool is_count = column >= encoders && !is_number;
    bool is_own = is_number && column - 2 * encoders <= FEATURE_rate;
    if (!training->settings->with_memory && !is_number) {
        return true;
    }
    if (training->settings->with_memory && (is_count || is_own)) {
        return false;
    }
    return tells_something(training, matrix_column(all, column), !is_number, judges, judge_count);
}

static void choose_columns(struct training *training, const struct matrix *all) {
    struct engine *engine = training->engine;
    uint32_t *judges = ARENA_ARRAY(training->scratch, uint32_t, all->row_count + 1u);
    uint32_t judge_count = pick_judges(training, judges);
    for (uint32_t column = 0; column < all->column_count; column++) {
        if (is_wanted(training, all, column, judges, judge_count)) {
            engine->columns[engine->column_count++] = column;
        }
    }
}

/* Where nothing of a trader's past is used, the model need not carry it. */
static void forget_unused_pasts(struct training *training) {
    struct engine *engine = training->engine;
    uint32_t first = 2 * engine->encoder_count + FEATURE_trader_count;
    bool is_used = false;
    for (uint32_t i = 0; i < engine->column_count; i++) {
        is_used |= engine->columns[i] >= first;
    }
    if (!is_used) {
        feature_forget_past(&engine->features);
    }
}

static int train_model(struct training *training, const struct matrix *matrix, struct error *err) {
    const char *name = matrix->column_count == 0         ? "constant"
                       : training->settings->with_memory ? "logistic"
                                                         : "boost";
    uint32_t count = training->table.row_count;
    float *labels = ARENA_ARRAY(training->scratch, float, count + 1u);
    float *weights = ARENA_ARRAY(training->scratch, float, count + 1u);
    for (uint32_t i = 0; i < count; i++) {
        labels[i] = training->table.labels[i];
        weights[i] = (float)training->weights[i];
    }
    const struct learner *learner = learner_find(name);
    REQUIRE(learner != NULL);
    struct learner_data data = {.features = *matrix, .labels = labels, .weights = weights};
    return learner_train(learner, &data, NULL, random_key_make(training->settings->seed, 0),
                         training->arena, training->scratch, &training->engine->model, err);
}

static void fit_blend(struct training *training, const struct matrix *matrix) {
    struct engine *engine = training->engine;
    uint32_t count = training->table.row_count;
    double *general = ARENA_ARRAY(training->scratch, double, count + 1u);
    struct blend_evidence *evidence =
        ARENA_ARRAY(training->scratch, struct blend_evidence, count + 1u);
    learner_score_rows(&engine->model, matrix, general);
    for (uint32_t i = 0; i < count; i++) {
        evidence[i].goods = memory_find(&engine->goods, encode_goods(&training->rows[i]));
        evidence[i].goods_and_price =
            memory_find(&engine->goods_and_price, encode_goods_and_price(&training->rows[i]));
    }
    engine->blend = blend_fit(general, evidence, training->table.labels, count);
}

static int train(struct training *training, struct error *err) {
    struct engine *engine = training->engine;
    training->rows = encode_rows(&training->table, training->scratch);
    make_folds(training);
    remember_goods(training);
    weigh_rows(training);
    double findings = 0;
    for (uint32_t i = 0; i < training->table.row_count; i++) {
        findings += training->table.labels[i];
    }
    engine->rate = findings / (double)training->table.row_count;
    if (learn_encoders(training, err) < 0) {
        return -1;
    }
    feature_begin(&engine->features, &training->table, training->rows, training->arena);
    struct matrix all = all_columns(engine, &engine->features, &training->table, training->rows,
                                    training->folds, training->scratch);
    choose_columns(training, &all);
    forget_unused_pasts(training);
    struct matrix matrix = pick_columns(engine, &all, training->scratch);
    if (train_model(training, &matrix, err) < 0) {
        return -1;
    }
    fit_blend(training, &matrix);
    return 0;
}

int engine_train(struct engine *engine, const struct declaration_table *table,
                 const struct engine_settings *settings, struct arena *arena, struct error *err) {
    if (declaration_table_check_classes(table, err) < 0) {
        return -1;
    }
    struct arena scratch = ARENA_INIT;
    uint32_t *labelled = ARENA_ARRAY(&scratch, uint32_t, table->row_count + 1u);
    uint32_t count = 0;
    for (uint32_t i = 0; i < table->row_count; i++) {
        if (table->labels[i] >= 0) {
            labelled[count++] = i;
        }
    }
    memset(engine, 0, sizeof *engine);
    engine->with_memory = settings->with_memory;
    struct training training = {.engine = engine,
                                .settings = settings,
                                .table = declaration_table_pick(table, labelled, count, &scratch),
                                .arena = arena,
                                .scratch = &scratch};
    int status = train(&training, err);
    arena_free(&scratch);
    return status;
}

/* ---- scoring ------------------------------------------------------------------------------- */

/* The past goes on while rows are scored, and the engine must not change: so it does in a copy. */
static struct feature_state copy_features(const struct feature_state *from, struct arena *arena) {
    struct feature_state copy = *from;
    copy.arena = arena;
    memory_init(&copy.keys, from->keys.limit, arena);
    for (uint32_t i = 0; i < from->keys.count; i++) {
        const struct memory_entry *entry = &from->keys.entries[i];
        memory_add(&copy.keys, entry->key, entry->findings, entry->inspections);
    }
    copy.past_capacity = from->keys.count + 1u;
    copy.pasts = ARENA_ARRAY(arena, struct feature_past, copy.past_capacity);
    if (from->keys.count > 0) {
        memcpy(copy.pasts, from->pasts, from->keys.count * sizeof *copy.pasts);
    }
    return copy;
}

struct engine_score *engine_score_rows(const struct engine *engine,
                                       const struct declaration_table *table,
                                       const struct encode_row *rows, struct matrix *matrix,
                                       struct arena *arena) {
    struct arena scratch = ARENA_INIT;
    struct engine_score *scores = ARENA_ARRAY(arena, struct engine_score, table->row_count + 1u);
    double *general = ARENA_ARRAY(&scratch, double, table->row_count + 1u);
    struct feature_state features = copy_features(&engine->features, &scratch);
    struct matrix all = all_columns(engine, &features, table, rows, NULL, &scratch);
    *matrix = pick_columns(engine, &all, arena);
    learner_score_rows(&engine->model, matrix, general);
    for (uint32_t i = 0; i < table->row_count; i++) {
        struct engine_score *score = &scores[i];
        score->general = general[i];
        score->evidence.goods = memory_find(&engine->goods, encode_goods(&rows[i]));
        score->evidence.goods_and_price =
            memory_find(&engine->goods_and_price, encode_goods_and_price(&rows[i]));
        score->is_seen = score->evidence.goods != NULL;
        score->score = engine->with_memory
                           ? blend_score(&engine->blend, general[i], score->evidence)
                           : general[i];
    }
    arena_free(&scratch);
    return scores;
}
