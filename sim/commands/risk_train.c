/* SPDX-License-Identifier: GPL-3.0-or-later
 * risk_train.c - `clearlab risk train`: a model file, and what is in it. */
#include "sim/commands/risk.h"
#include "sim/commands/risk_load.h"
#include "sim/record/storage.h"

#include <stdio.h>

static void print(const struct engine *engine, const struct declaration_table *table,
                  const char *path, struct arena *arena) {
    printf("%u declarations, findings in %.2f %%\n", table->row_count, 100 * engine->rate);
    if (engine->with_memory) {
        printf("memory of %u goods, %u with their price; a model counts for %g and %g "
               "inspections of the same\n",
               engine->goods.count, engine->goods_and_price.count, engine->blend.goods_strength,
               engine->blend.price_strength);
    } else {
        printf("no memory of repeated goods\n");
    }
    printf("model: %s of", engine->model.learner->name);
    for (uint32_t i = 0; i < engine->column_count; i++) {
        printf("%s %s", i > 0 ? "," : "", engine_column_name(engine, engine->columns[i], arena));
    }
    printf("\nwithout effect here, and left out:");
    const char *comma = "";
    for (uint32_t column = 0; column < 2 * engine->encoder_count + FEATURE_COUNT; column++) {
        bool is_used = column >= engine->encoder_count && column < 2 * engine->encoder_count;
        is_used |= engine->with_memory && column >= 2 * engine->encoder_count &&
                   column - 2 * engine->encoder_count <= FEATURE_rate; /* in its encodings */
        for (uint32_t i = 0; i < engine->column_count; i++) {
            is_used |= engine->columns[i] == column;
        }
        if (!is_used) {
            printf("%s %s", comma, engine_column_name(engine, column, arena));
            comma = ",";
        }
    }
    printf("%s\n%s\n", comma[0] == '\0' ? " nothing" : "", path);
}

int risk_train(const struct invocation *invocation, struct error *err) {
    struct declaration_table table;
    struct engine_settings settings;
    struct model_writer writer;
    struct engine *engine = ARENA_NEW(invocation->arena, struct engine);
    const char *path = risk_load_option(invocation, "out", err);
    if (path == NULL || risk_load_settings(invocation, &settings, err) < 0 ||
        risk_load_table(invocation, DECLARATION_LABELS_REQUIRED, &table, err) < 0 ||
        engine_train(engine, &table, &settings, invocation->arena, err) < 0) {
        return (int)err->code;
    }
    model_file_create(&writer, invocation->arena);
    engine_write(engine, &writer);
    model_file_finish(&writer);
    if (storage_replace(path, writer.bytes, writer.length, err) < 0) {
        return (int)err->code;
    }
    print(engine, &table, path, invocation->arena);
    return 0;
}
