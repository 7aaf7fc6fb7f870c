/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: an encoding is the smoothed rate of its key without the row's fold, and does not tell a
 * row its own label. Method: rates by loops over all rows; goods with labels that nothing explains,
 * of which encodings with folds of whole goods know nothing, while folds of rows give them away. */
#include "tests/test.h"
#include "tests/unit/risk_data.h"

#include "core/risk/encode.h"
#include "core/risk/evaluate.h"

#include <math.h>

static void make_folds(const struct declaration_table *table, const struct encode_row *rows,
                       bool by_goods, uint8_t *folds) {
    for (uint32_t i = 0; i < table->row_count; i++) {
        folds[i] = (uint8_t)encode_fold(by_goods ? encode_goods(&rows[i]) : i, 5);
    }
}

static const struct encoding *named(const char *name) {
    const struct encoding *encoding = encode_all;
    while (strcmp(encoding->name, name) != 0) {
        encoding++;
    }
    return encoding;
}

static void test_brute_force(void) {
    struct arena arena = ARENA_INIT;
    uint32_t full_row = 0;
    struct risk_data data = {.seed = 3, .rows = 700, .goods = 150, .spread = 0.2};
    struct declaration_table table = risk_data_table(&data, &arena);
    struct encode_row *rows = encode_rows(&table, &arena);
    uint8_t folds[700];
    double weights[700], sum = 0, all = 0;
    make_folds(&table, rows, true, folds);
    for (uint32_t i = 0; i < 700; i++) {
        weights[i] = 0.5 + i % 3;
        sum += weights[i] * table.labels[i];
        all += weights[i];
    }
    const char *const names[] = {"route", "heading and origin", "importer", "courier"};
    for (unsigned n = 0; n < 4; n++) {
        struct encoder encoder;
        const struct encoding *encoding = named(names[n]);
        CHECK_INT(encode_learn(&encoder, encoding, rows, table.labels, weights, folds, 700, 2.5,
                               100000, &arena, &full_row),
                  0);
        for (uint32_t i = 0; i < 700; i += 13) {
            double findings = 2.5 * sum / all, inspections = 2.5, count;
            for (uint32_t j = 0; j < 700; j++) {
                if (folds[j] != folds[i] && encode_key(&rows[j], encoding->parts) ==
                                                encode_key(&rows[i], encoding->parts)) {
                    findings += weights[j] * table.labels[j];
                    inspections += weights[j];
                }
            }
            double rate = findings / inspections;
            CHECK_NEAR(encode_log_odds(&encoder, &rows[i], folds[i], &count),
                       log(rate / (1 - rate)), 1e-9);
            CHECK_NEAR(count, inspections - 2.5, 1e-9);
        }
    }
    arena_free(&arena);
}

/* The area of the goods' own encoding when labels belong to goods and to nothing else. */
static double area_of_goods(bool folds_by_goods) {
    struct arena arena = ARENA_INIT;
    uint32_t full_row = 0;
    struct risk_data data = {.seed = 9, .rows = 6000, .goods = 1500, .are_pure = true};
    struct declaration_table table = risk_data_table(&data, &arena);
    struct encode_row *rows = encode_rows(&table, &arena);
    uint8_t *folds = ARENA_ARRAY(&arena, uint8_t, 6000);
    double *scores = ARENA_ARRAY(&arena, double, 6000), *stakes = ARENA_ARRAY(&arena, double, 6000);
    uint32_t *every = ARENA_ARRAY(&arena, uint32_t, 6000);
    struct encoder encoder;
    make_folds(&table, rows, folds_by_goods, folds);
    CHECK_INT(encode_learn(&encoder, named("goods, route, rate and kind of tax"), rows,
                           table.labels, NULL, folds, 6000, 5, 100000, &arena, &full_row),
              0);
    for (uint32_t i = 0; i < 6000; i++) {
        double count;
        scores[i] = encode_log_odds(&encoder, &rows[i], folds[i], &count);
        every[i] = i;
    }
    struct evaluation result = evaluate(scores, table.labels, stakes, every, 6000, &arena);
    arena_free(&arena);
    return result.auc.value;
}

static void test_leak(void) {
    CHECK_NEAR(area_of_goods(true), 0.5, 0.02);
    CHECK(area_of_goods(false) > 0.9); /* what folds of single rows would have told */
}

/* Missing and never seen: the rate of all; and a limit that is named. */
static void test_unknown(void) {
    struct arena arena = ARENA_INIT;
    uint32_t full_row = 0;
    struct risk_data data = {.seed = 4, .rows = 300, .goods = 100, .spread = 0.2};
    struct declaration_table table = risk_data_table(&data, &arena);
    struct encode_row *rows = encode_rows(&table, &arena);
    uint8_t folds[300] = {0};
    struct encoder encoder;
    double count, rate = 0;
    for (uint32_t i = 0; i < 300; i++) {
        rate += table.labels[i] / 300.0;
    }
    encode_learn(&encoder, named("seller"), rows, table.labels, NULL, folds, 300, 7, 1000, &arena,
                 &full_row);
    struct encode_row other = rows[0];
    other.parts[ENCODE_seller] = 12345;
    CHECK_NEAR(encode_log_odds(&encoder, &other, -1, &count), log(rate / (1 - rate)), 1e-12);
    CHECK_NEAR(count, 0, 0);
    /* Missing is a value of its own: couriers are all missing here. */
    encode_learn(&encoder, named("courier"), rows, table.labels, NULL, folds, 300, 7, 1000, &arena,
                 &full_row);
    CHECK_INT(rows[0].parts[ENCODE_courier], 0);
    encode_log_odds(&encoder, &rows[0], -1, &count);
    CHECK_NEAR(count, 300, 0);
    CHECK_INT(encode_learn(&encoder, named("seller"), rows, table.labels, NULL, folds, 300, 7, 22,
                           &arena, &full_row),
              -1);
    CHECK(full_row > 20 && full_row < 60); /* the row of the 23rd seller */
    for (uint32_t i = 0; i < full_row; i++) {
        CHECK(rows[i].parts[ENCODE_seller] != rows[full_row].parts[ENCODE_seller]);
    }
    arena_free(&arena);
}

/* Sizes are powers of two, at their borders exactly; five digits of a unit value count. */
static void test_parts(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct column_map map = column_map_usual();
    const char *rows_text = "%s1,2020-01-01,,,,,,,,,,,010121,AA,BB,,,,8,16,0\n"
                            "2,2020-01-01,,,,,,,,,,,010129,AA,BB,,,,15.99,31.98000001,0\n"
                            "3,2020-01-01,,,,,,,,,,,10129,AA,BB,,,,16,0,1\n"
                            "4,2020-01-01,,,,,,,,,,,0101.29,AA,BB,,,,0,5,1\n";
    char *text = arena_format(&arena, rows_text, risk_data_head);
    struct declaration_source source = {"t.csv", text, strlen(text)};
    struct declaration_table table;
    CHECK_INT(
        declaration_table_read(&table, &map, DECLARATION_LABELS_ANY, &source, 1, &arena, &err), 0);
    struct encode_row *rows = encode_rows(&table, &arena);
    const uint64_t *a = rows[0].parts, *b = rows[1].parts, *c = rows[2].parts, *d = rows[3].parts;
    CHECK(a[ENCODE_mass_size] == b[ENCODE_mass_size] && b[ENCODE_mass_size] != c[ENCODE_mass_size]);
    CHECK(a[ENCODE_mass_step] != b[ENCODE_mass_step]);
    CHECK(a[ENCODE_unit_value] == b[ENCODE_unit_value] && a[ENCODE_unit_value] != 0);
    CHECK(a[ENCODE_value_size] == b[ENCODE_value_size] && c[ENCODE_value_size] == 0);
    CHECK(c[ENCODE_unit_value] == 0 && d[ENCODE_unit_value] == 0 && d[ENCODE_mass] == 0);
    CHECK(a[ENCODE_five] == b[ENCODE_five] && a[ENCODE_goods] != b[ENCODE_goods]);
    CHECK(b[ENCODE_goods] == c[ENCODE_goods] && c[ENCODE_goods] == d[ENCODE_goods]);
    CHECK(encode_goods(&rows[1]) != encode_goods(&rows[2])); /* other masses */
    arena_free(&arena);
}

int main(void) {
    test_brute_force();
    test_leak();
    test_unknown();
    test_parts();
    return test_summary();
}
