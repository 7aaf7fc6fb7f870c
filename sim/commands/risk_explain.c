/* SPDX-License-Identifier: GPL-3.0-or-later
 * risk_explain.c - `clearlab risk explain`: the reasons of scores, for those who inspect. */
#include "core/risk/evaluate.h"
#include "core/risk/reason.h"
#include "sim/commands/risk.h"
#include "sim/commands/risk_load.h"
#include "sim/scenario/json.h"

#include <stdio.h>
#include <string.h>

/* Parts that move the score by less are left out for people, and summed up in one line. */
static const double part_min = 0.0005;

static void print(const char *name, const struct reasons *reasons) {
    double rest = 0;
    printf("%s: score %.4f\n  %+.4f  what is found on average, as far as that counts here\n", name,
           reasons->score, reasons->base);
    for (uint32_t i = 0; i < reasons->count; i++) {
        const struct reason *reason = &reasons->items[i];
        if (reason->part > -part_min && reason->part < part_min) {
            rest += reason->part;
        } else {
            printf("  %+.4f  %s\n", reason->part, reason->text);
        }
    }
    printf("  %+.4f  everything else\n", rest);
}

static void write(const char *name, const struct reasons *reasons, struct json *json) {
    json_enter(json, NULL, '{');
    json_text(json, "declaration", name);
    json_number(json, "score", reasons->score);
    json_number(json, "base", reasons->base);
    json_enter(json, "parts", '[');
    for (uint32_t i = 0; i < reasons->count; i++) {
        json_enter(json, NULL, '{');
        json_number(json, "part", reasons->items[i].part);
        json_text(json, "reason", reasons->items[i].text);
        json_leave(json, '}');
    }
    json_leave(json, ']');
    json_leave(json, '}');
}

/* The rows to explain: those of one declaration, or the `top` with the highest scores. */
static uint32_t *choose(const struct invocation *invocation, const struct declaration_table *table,
                        const struct engine_score *scores, uint32_t *count, struct error *err) {
    const char *name = command_option(invocation, "declaration");
    uint32_t *rows = ARENA_ARRAY(invocation->arena, uint32_t, table->row_count);
    int64_t top;
    *count = 0;
    if (name != NULL) {
        for (uint32_t row = 0; row < table->row_count; row++) {
            if (strcmp(table->names[row], name) == 0) {
                rows[(*count)++] = row;
            }
        }
        if (*count == 0) {
            error_set(err, ERROR_INPUT, "--declaration: there is no declaration '%s'", name);
        }
        return *count > 0 ? rows : NULL;
    }
    if (command_option_number(invocation, "top", 1, INT32_MAX, 10, &top, err) < 0) {
        return NULL;
    }
    double *values = ARENA_ARRAY(invocation->arena, double, table->row_count);
    for (uint32_t row = 0; row < table->row_count; row++) {
        values[row] = scores[row].score;
    }
    *count = table->row_count < top ? table->row_count : (uint32_t)top;
    return evaluate_order(values, table->row_count, invocation->arena);
}

int risk_explain(const struct invocation *invocation, struct error *err) {
    struct arena *arena = invocation->arena;
    struct declaration_table table;
    struct matrix matrix;
    uint32_t count;
    struct engine *engine = ARENA_NEW(arena, struct engine);
    if (risk_load_model(invocation, engine, err) < 0 ||
        risk_load_table(invocation, DECLARATION_LABELS_ANY, &table, err) < 0) {
        return (int)err->code;
    }
    const struct encode_row *rows = encode_rows(&table, arena);
    const struct engine_score *scores = engine_score_rows(engine, &table, rows, &matrix, arena);
    const uint32_t *chosen = choose(invocation, &table, scores, &count, err);
    if (chosen == NULL) {
        return (int)err->code;
    }
    struct json json = JSON_INIT(stdout);
    bool as_json = command_option(invocation, "json") != NULL;
    if (as_json) {
        json_enter(&json, NULL, '[');
    }
    for (uint32_t i = 0; i < count; i++) {
        const char *name = table.names[chosen[i]];
        struct reasons reasons = reason_of(engine, &table, rows, scores, &matrix, chosen[i], arena);
        if (as_json) {
            write(name, &reasons, &json);
        } else {
            print(name, &reasons);
        }
    }
    if (as_json) {
        json_leave(&json, ']');
        putchar('\n');
    }
    return 0;
}
