/* SPDX-License-Identifier: GPL-3.0-or-later
 * risk_score.c - `clearlab risk score`: a table with a score for each declaration.
 *
 * Columns: the name of the declarations' column, score, probability, general (what the model says
 * without memory), inspected_before (of the same goods), findings_before. */
#include "sim/commands/risk.h"
#include "sim/commands/risk_load.h"
#include "sim/record/storage.h"

#include <stdio.h>
#include <string.h>

struct text {
    char *bytes;
    size_t length, capacity;
    struct arena *arena;
};

static void put(struct text *text, const char *bytes, size_t length) {
    while (text->length + length > text->capacity) {
        text->bytes = arena_grow(text->arena, text->bytes, text->capacity, &text->capacity, 1);
    }
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
}

/* Quoted where it must be. */
static void put_name(struct text *text, const char *name) {
    if (strpbrk(name, ",\"\r\n") == NULL) {
        put(text, name, strlen(name));
        return;
    }
    put(text, "\"", 1);
    for (; *name != '\0'; name++) {
        put(text, "\"\"", *name == '"' ? 2 : 0);
        put(text, name, *name == '"' ? 0 : 1);
    }
    put(text, "\"", 1);
}

static int read_target(const struct invocation *invocation, double *weight, struct error *err) {
    const char *target = command_option(invocation, "target");
    if (target == NULL || strcmp(target, "probability") == 0) {
        *weight = 0;
        return 0;
    }
    if (strcmp(target, "revenue") == 0) {
        *weight = 1;
        return 0;
    }
    if (strcmp(target, "balanced") != 0) {
        return error_set(err, ERROR_INPUT,
                         "--target: expected probability, revenue or balanced, got '%s'", target);
    }
    return risk_load_weight(invocation, weight, err);
}

static void write_scores(struct text *text, const struct declaration_table *table,
                         const struct engine_score *scores, double weight) {
    static const char head[] =
        "Declaration ID,score,probability,general,inspected_before,findings_before\n";
    put(text, head, sizeof head - 1);
    for (uint32_t row = 0; row < table->row_count; row++) {
        const struct engine_score *score = &scores[row];
        const struct memory_entry *goods = score->evidence.goods;
        char line[160];
        double selected = blend_balance(score->score, declaration_table_stake(table, row), weight);
        int length =
            snprintf(line, sizeof line, ",%.9g,%.9g,%.9g,%.0f,%.0f\n", selected, score->score,
                     score->general, goods != NULL ? goods->inspections : 0.0,
                     goods != NULL ? goods->findings : 0.0);
        put_name(text, table->names[row]);
        put(text, line, (size_t)length);
    }
}

int risk_score(const struct invocation *invocation, struct error *err) {
    struct arena *arena = invocation->arena;
    struct declaration_table table;
    struct matrix matrix;
    double weight;
    struct engine *engine = ARENA_NEW(arena, struct engine);
    const char *path = risk_load_option(invocation, "out", err);
    if (path == NULL || read_target(invocation, &weight, err) < 0 ||
        risk_load_model(invocation, engine, err) < 0 ||
        risk_load_table(invocation, DECLARATION_LABELS_ANY, &table, err) < 0) {
        return (int)err->code;
    }
    const struct encode_row *rows = encode_rows(&table, arena);
    const struct engine_score *scores = engine_score_rows(engine, &table, rows, &matrix, arena);
    struct text text = {.arena = arena};
    write_scores(&text, &table, scores, weight);
    if (storage_replace(path, text.bytes, text.length, err) < 0) {
        return (int)err->code;
    }
    uint32_t seen = 0;
    for (uint32_t row = 0; row < table.row_count; row++) {
        seen += scores[row].is_seen;
    }
    printf("%u declarations, goods inspected before in %u: %s\n", table.row_count, seen, path);
    return 0;
}
