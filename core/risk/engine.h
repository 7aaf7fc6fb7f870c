/* SPDX-License-Identifier: GPL-3.0-or-later
 * engine.h - a risk engine that knows what it knows: trained, scoring, saved.
 *
 * With memory it is a blend (blend.h): of goods that were inspected before it says what was found
 * of them; of others what a regularised model says that was trained as if no goods came twice. One
 * model gives both. Without memory it is one model of everything that is like the declaration, the
 * exact goods aside, as if each consignment were new to the office.
 *
 * In a model file: section "engine" (u32 with memory, f64 rate, f64 strengths of the blend, u32
 * columns of the model and of each u32 number, u32 encoders), a section "encoder" each, "features",
 * with memory "goods" and "price", and then the model. */
#ifndef CORE_RISK_ENGINE_H
#define CORE_RISK_ENGINE_H

#include "core/risk/blend.h"
#include "core/risk/declaration_table.h"
#include "core/risk/encode.h"
#include "core/risk/feature.h"
#include "core/risk/learner.h"

enum { ENGINE_COLUMNS_MAX = 2 * ENCODINGS_MAX + FEATURE_COUNT };

struct engine_settings {
    bool with_memory;
    uint64_t seed;
    uint32_t memory_limit; /* different values that one encoding remembers */
};

struct engine {
    bool with_memory;
    double rate; /* of findings among what it was trained on */
    struct blend blend;
    struct memory goods, goods_and_price;
    struct feature_state features;
    struct encoder encoders[ENCODINGS_MAX];
    uint32_t encoder_count;
    uint32_t columns[ENGINE_COLUMNS_MAX]; /* numbers of those that the model sees */
    uint32_t column_count;
    struct learner_model model;
};

/* What is known of one row when it is scored. */
struct engine_score {
    double score;   /* probability of a finding */
    double general; /* the model's part of it, which knows no goods */
    struct blend_evidence evidence;
    bool is_seen; /* such goods were inspected before */
};

struct engine_settings engine_settings_usual(void);

/* Trains on the rows with a label. The engine lives in the arena and refers to nothing else. 0, or
 * -1 and an error: one class only, more categories than memory. */
int engine_train(struct engine *engine, const struct declaration_table *table,
                 const struct engine_settings *settings, struct arena *arena, struct error *err);

/* Scores every row, without looking at its label. `matrix` is set to what the model saw, one row a
 * declaration, for explanations. The past of traders goes on from a copy. */
struct engine_score *engine_score_rows(const struct engine *engine,
                                       const struct declaration_table *table,
                                       const struct encode_row *rows, struct matrix *matrix,
                                       struct arena *arena);

/* "chapter and mass", "inspections of chapter and mass", "price". */
const char *engine_column_name(const struct engine *engine, uint32_t column, struct arena *arena);

void engine_write(const struct engine *engine, struct model_writer *writer);
int engine_read(struct engine *engine, struct model_reader *reader, struct arena *arena);

#endif
