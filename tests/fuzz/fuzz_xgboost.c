/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_xgboost.c - goal: no text makes the readers of JSON and of XGBoost's models crash, hang or
 * refuse without a place; a model that was read can be used and kept. */
#include "core/base/json_read.h"
#include "core/risk/xgboost.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Noreturn void fail(const char *what) {
    fprintf(stderr, "%s\n", what);
    abort();
}

static void check_error(const struct error *err) {
    if (err->code != ERROR_INPUT || err->text[0] == '\0' || err->line < 1 || err->column < 1) {
        fail("an error without a message or a place");
    }
}

static void use(const struct learner_model *model, struct arena *arena) {
    struct error err = ERROR_INIT;
    struct model_writer writer;
    struct model_reader reader;
    struct learner_model again;
    float *row = ARENA_ARRAY(arena, float, model->column_count);
    double *parts = ARENA_ARRAY(arena, double, model->column_count);
    for (uint32_t c = 0; c < model->column_count; c++) {
        row[c] = c % 2 == 0 ? __builtin_nanf("") : 0.5f;
    }
    double margin = learner_margin(model, row);
    learner_explain(model, row, LEARNER_EXACT, parts);
    model_file_create(&writer, arena);
    learner_write(model, &writer);
    model_file_finish(&writer);
    if (model_file_open(&reader, "model", writer.bytes, writer.length, &err) < 0 ||
        learner_read(&reader, arena, &again) < 0) {
        fail(err.text);
    }
    double same = learner_margin(&again, row);
    if (memcmp(&same, &margin, sizeof margin) != 0) {
        fail("another margin after keeping");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct json_document document;
    struct learner_model model;
    char *text = arena_text(&arena, (const char *)data, size);
    if (json_read(&document, "text", text, size, &arena, &err) < 0) {
        check_error(&err);
    }
    err = (struct error)ERROR_INIT;
    if (xgboost_read("text", text, size, &arena, &model, &err) < 0) {
        check_error(&err);
    } else {
        use(&model, &arena);
    }
    arena_free(&arena);
    return 0;
}
