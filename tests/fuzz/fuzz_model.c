/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_model.c - goal: no bytes make the reader of model files crash, hang or refuse without a
 * message; what it reads can be used, and is written back as it was. Method: the checksums of all
 * sections are set right first, so that what stands behind them is reached; then once as they are.
 */
#include "core/risk/learner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Noreturn void fail(const char *what) {
    fprintf(stderr, "%s\n", what);
    abort();
}

/* Walks the sections and gives each the checksum that belongs to it. */
static void repair(uint8_t *bytes, size_t size) {
    size_t at = 8;
    while (at + 24 <= size) {
        uint64_t length, sum;
        memcpy(&length, bytes + at + 8, 8);
        if (length > size - at - 24) {
            return;
        }
        uint8_t *joined = malloc(16 + length + 1);
        memcpy(joined, bytes + at, 16);
        memcpy(joined + 16, bytes + at + 24, length);
        sum = model_file_checksum(joined, 16 + length);
        memcpy(bytes + at + 16, &sum, 8);
        free(joined);
        at += 24 + (length + 7) / 8 * 8;
    }
}

/* Scores and explains, keeps the model and reads it again. */
static void use(const struct learner_model *model, struct arena *arena) {
    static const float cells[3] = {0.5f, -1e30f, 7.0f};
    struct error err = ERROR_INIT;
    struct model_writer writer;
    struct model_reader reader;
    struct learner_model again;
    float *row = ARENA_ARRAY(arena, float, model->column_count);
    double *parts = ARENA_ARRAY(arena, double, model->column_count);
    for (uint32_t c = 0; c < model->column_count; c++) {
        row[c] = c % 4 == 0 ? __builtin_nanf("") : cells[c % 3];
    }
    double margin = learner_margin(model, row);
    learner_explain(model, row, LEARNER_PATH, parts);
    learner_explain(model, row, LEARNER_EXACT, parts);
    model_file_create(&writer, arena);
    learner_write(model, &writer);
    model_file_finish(&writer);
    if (model_file_open(&reader, "again", writer.bytes, writer.length, &err) < 0 ||
        learner_read(&reader, arena, &again) < 0 || model_file_close(&reader) < 0) {
        fail(err.text);
    }
    double same = learner_margin(&again, row);
    if (memcmp(&same, &margin, sizeof margin) != 0 && (same == same || margin == margin)) {
        fail("another margin after keeping");
    }
}

static void try_bytes(const uint8_t *bytes, size_t size) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct model_reader reader;
    struct learner_model model;
    if (model_file_open(&reader, "model", bytes, size, &err) == 0 &&
        learner_read(&reader, &arena, &model) == 0 && model_file_close(&reader) == 0) {
        use(&model, &arena);
    } else if (err.code != ERROR_INPUT || strncmp(err.text, "offset ", 7) != 0) {
        fail("an error without an offset");
    }
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > 1 << 16) {
        return 0;
    }
    uint8_t *bytes = calloc(1, size + 1);
    if (size > 0) {
        memcpy(bytes, data, size);
    }
    try_bytes(bytes, size);
    repair(bytes, size);
    try_bytes(bytes, size);
    free(bytes);
    return 0;
}
