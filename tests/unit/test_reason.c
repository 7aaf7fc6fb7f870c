/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: an officer reads what speaks for and against a declaration, in the words of reason.h.
 * Method: a made world in which low prices, one importer and one route are what is found; the
 * declarations that are explained have numbers worked out by hand. */
#include "tests/test.h"
#include "tests/unit/risk_data.h"

#include "core/risk/reason.h"

#include <math.h>

enum { ROWS = 3000 };

/* Phones from CN cost 100 a kilogram; a fifth of them 31, and these are found nine times of ten;
 * others one time of ten. Importer BAD is found half the times. */
static char *world(struct arena *arena) {
    struct random_key key = random_key_make(41, 0);
    size_t size = sizeof risk_data_head + (size_t)ROWS * RISK_DATA_ROW_MAX;
    char *text = arena_alloc(arena, size);
    size_t length = (size_t)snprintf(text, size, "%s", risk_data_head);
    for (uint32_t i = 0; i < ROWS; i++) {
        bool is_low = random_uniform(key, i, 1, 0) < 0.2;
        bool is_bad = random_uniform(key, i, 1, 1) < 0.1;
        double rate = is_low ? 0.9 : is_bad ? 0.5 : 0.1;
        double mass = 1 + 1000 * random_uniform(key, i, 1, 2);
        length += (size_t)snprintf(
            text + length, size - length,
            "%u,2020-%02u-%02u,10,B,11,21,11,40,D,%s,S,,851712,CN,CN,8,A,Y,%.3f,%.6f,%d\n", i,
            1 + i * 12 / ROWS, 1 + i % 28, is_bad ? "BAD" : "GOOD", mass,
            mass * (is_low ? 31 : 100), random_uniform(key, i, 1, 3) < rate);
    }
    return text;
}

static struct declaration_table read(char *text, struct arena *arena) {
    struct error err = ERROR_INIT;
    struct column_map map = column_map_usual();
    struct declaration_table table;
    struct declaration_source source = {"t.csv", text, strlen(text)};
    CHECK_INT(declaration_table_read(&table, &map, DECLARATION_LABELS_ANY, &source, 1, arena, &err),
              0);
    return table;
}

static const struct reason *find(const struct reasons *reasons, const char *text) {
    for (uint32_t i = 0; i < reasons->count; i++) {
        if (strstr(reasons->items[i].text, text) != NULL) {
            return &reasons->items[i];
        }
    }
    printf("none of these says '%s':\n", text);
    for (uint32_t i = 0; i < reasons->count; i++) {
        printf("  %+.4f %s\n", reasons->items[i].part, reasons->items[i].text);
    }
    return NULL;
}

static void test_words(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct declaration_table past = read(world(&arena), &arena);
    struct engine_settings settings = engine_settings_usual();
    struct engine *engine = ARENA_NEW(&arena, struct engine);
    struct matrix matrix;
    CHECK_INT(engine_train(engine, &past, &settings, &arena, &err), 0);
    char *text = arena_format(&arena,
                              "%s"
                              "1,2021-01-04,,,,,,,,BAD,,,851712,CN,CN,8,A,,7,217\n"
                              "2,2021-01-05,,,,,,,,GOOD,,,851712,CN,CN,8,A,,7,700\n"
                              "3,2021-01-06,,,,,,,,,,,,,,,,,,\n",
                              "Declaration ID,Date,Office ID,Process Type,Import Type,Import Use,"
                              "Payment Type,Mode of Transport,Declarant ID,Importer ID,Seller ID,"
                              "Courier ID,HS6 Code,Country of Departure,Country of Origin,Tax Rate,"
                              "Tax Type,Country of Origin Indicator,Net Mass,Item Price\n");
    struct declaration_table now = read(text, &arena);
    struct encode_row *rows = encode_rows(&now, &arena);
    struct engine_score *scores = engine_score_rows(engine, &now, rows, &matrix, &arena);
    CHECK(scores[0].score > 0.7 && scores[1].score < 0.3);
    struct reasons low = reason_of(engine, &now, rows, scores, &matrix, 0, &arena);
    struct reasons usual = reason_of(engine, &now, rows, scores, &matrix, 1, &arena);
    struct reasons nothing = reason_of(engine, &now, rows, scores, &matrix, 2, &arena);
    const struct reason *price = find(&low, "unit value 0.31 of the median for 851712 from CN");
    CHECK(price != NULL && price->part > 0.05);
    const struct reason *importer = find(&low, "importer BAD: findings in ");
    CHECK(importer != NULL && importer->part > 0);
    price = find(&usual, "unit value 1.00 of the median for 851712 from CN");
    CHECK(price != NULL && price->part < 0);
    CHECK(find(&nothing, "unit value that cannot be compared") != NULL);
    CHECK(find(&nothing, "importer (missing): never inspected") != NULL);
    arena_free(&arena);
}

int main(void) {
    test_words();
    return test_summary();
}
