/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_risk_csv.c - bytes as a map of columns and as a table of declarations.
 *
 * Up to a line of three dashes the bytes are the map, behind it the table; without such a line all
 * is a table with the usual columns. What was read is encoded, trained on and scored: probabilities
 * stay within 0..1, and the parts of an explanation add up. */
#include "core/base/require.h"
#include "core/risk/reason.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int read_map(struct arena *arena, const char *text, size_t length, struct column_map *map,
                    struct error *err) {
    const struct node *page = node_read_text(arena, "map.yml", text, length, err);
    return page == NULL ? -1 : column_map_read(page, map, err);
}

static void use(const struct declaration_table *table, bool with_memory, struct arena *arena) {
    struct error err = ERROR_INIT;
    struct engine_settings settings = engine_settings_usual();
    struct engine *engine = ARENA_NEW(arena, struct engine);
    struct matrix matrix;
    settings.with_memory = with_memory;
    settings.memory_limit = 200;
    int status = engine_train(engine, table, &settings, arena, &err);
    REQUIRE((status == 0) == (err.code == ERROR_NONE));
    if (status < 0) {
        return;
    }
    const struct encode_row *rows = encode_rows(table, arena);
    const struct engine_score *scores = engine_score_rows(engine, table, rows, &matrix, arena);
    for (uint32_t row = 0; row < table->row_count; row++) {
        REQUIRE(scores[row].score >= 0 && scores[row].score <= 1);
        struct reasons reasons = reason_of(engine, table, rows, scores, &matrix, row, arena);
        double sum = reasons.base - reasons.score;
        for (uint32_t i = 0; i < reasons.count; i++) {
            sum += reasons.items[i].part;
        }
        REQUIRE(sum < 1e-6 && sum > -1e-6);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char mark[] = "\n---\n";
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct column_map map = column_map_usual();
    if (size > 65536) {
        return 0;
    }
    char *text = arena_text(&arena, (const char *)data, size), *table_text = text;
    char *between = strstr(text, mark);
    int status = 0;
    if (between != NULL) {
        table_text = between + sizeof mark - 1;
        status = read_map(&arena, text, (size_t)(between + 1 - text), &map, &err);
    }
    struct declaration_source source = {
        .name = "t.csv", .text = table_text, .length = size - (size_t)(table_text - text)};
    struct declaration_table table;
    if (status == 0) {
        status =
            declaration_table_read(&table, &map, DECLARATION_LABELS_ANY, &source, 1, &arena, &err);
    }
    REQUIRE((status == 0) == (err.code == ERROR_NONE));
    if (status == 0 && table.row_count <= 400) {
        use(&table, size % 2 == 0, &arena);
    }
    arena_free(&arena);
    return 0;
}
