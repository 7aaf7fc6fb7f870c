/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: numbers about prices and the past are what feature.h says, and see nothing of a row's own
 * day or later. Method: a small table worked out by hand; made tables whose rows of a day are
 * turned round and whose later labels are changed; a state saved and read again. */
#include "tests/test.h"
#include "tests/unit/risk_data.h"

#include "core/risk/feature.h"

#include <math.h>

static const char by_hand[] = "%s"
                              "1,2020-01-10,,,,,,,,I,,,851712,AA,CN,8,,,2,20,0\n"
                              "2,2020-01-20,,,,,,,,I,,,851712,AA,CN,8,,,1,10,1\n"
                              "3,2020-01-20,,,,,,,,I,,,851712,AA,CN,8,,,1,30,0\n"
                              "4,2020-02-03,,,,,,,,I,,,851712,AA,CN,8,,,1,40,0\n"
                              "5,2020-02-03,,,,,,,,I,,,851712,AA,VN,8,,,1,80,0\n"
                              "6,2020-02-04,,,,,,,,,,,851712,AA,VN,,,,,,1\n"
                              "7,2020-02-04,,,,,,,,I,,,851712,AA,CN,8,,,1,3.1,1\n";

static struct declaration_table table_of(const char *format, struct arena *arena) {
    struct error err = ERROR_INIT;
    struct column_map map = column_map_usual();
    struct declaration_table table;
    char *text = arena_format(arena, format, risk_data_head);
    struct declaration_source source = {"t.csv", text, strlen(text)};
    CHECK_INT(declaration_table_read(&table, &map, DECLARATION_LABELS_ANY, &source, 1, arena, &err),
              0);
    return table;
}

static void test_by_hand(void) {
    struct arena arena = ARENA_INIT;
    struct declaration_table table = table_of(by_hand, &arena);
    struct encode_row *rows = encode_rows(&table, &arena);
    struct feature_state state;
    struct matrix matrix = matrix_make(&arena, 7, FEATURE_COUNT);
    feature_begin(&state, &table, rows, &arena);
    feature_stream(&state, &table, rows, true, &matrix, 0);
#define CELL(name, row) ((double)matrix_column(&matrix, FEATURE_##name)[row])
    /* Unit values of CN: 10, 10, 30, 40, 3.1, the median is 10; of VN there is one, so that of the
     * goods counts: 3.1, 10, 10, 30, 40, 80 have (ln 10 + ln 30) / 2. */
    CHECK_NEAR(CELL(price, 6), log(0.31), 1e-6);
    CHECK_NEAR(CELL(price, 4), log(80) - (log(10) + log(30)) / 2, 1e-6);
    CHECK_NEAR(CELL(price_anywhere, 0), log(10) - (log(10) + log(30)) / 2, 1e-6);
    CHECK(isnan(CELL(price, 5)) && isnan(CELL(mass, 5)) && isnan(CELL(rate, 5)));
    CHECK_NEAR(CELL(unit_value, 0), log(10), 1e-6);
    CHECK(isnan(CELL(trader_count, 5)) && isnan(CELL(trader_credit, 5))); /* nobody */
    CHECK_NEAR(CELL(trader_count, 0), 0, 0);
    CHECK(isnan(CELL(trader_pause, 0)));
    CHECK_NEAR(CELL(trader_count, 2), log(2), 1e-6); /* the other of that day does not count */
    CHECK_NEAR(CELL(trader_pause, 2), log(11), 1e-6);
    CHECK_NEAR(CELL(trader_month, 2), log(2), 1e-6);
    CHECK_NEAR(CELL(trader_month, 3), 0, 0); /* another month */
    CHECK_NEAR(CELL(trader_goods, 6), log(3), 1e-6);
    CHECK_NEAR(CELL(trader_route, 6), log(5), 1e-6);
    CHECK_NEAR(CELL(trader_credit, 0), 0.8, 1e-6); /* 4 / (4 + 1), credit.h */
    struct credit_rules rules = credit_rules_usual();
    struct credit credit = credit_begin(&rules, table.days[0]);
    credit_record(&credit, &rules, CREDIT_clean, table.days[0]);
    credit_record(&credit, &rules, CREDIT_undeclared, table.days[1]);
    credit_record(&credit, &rules, CREDIT_clean, table.days[2]);
    credit_fade(&credit, &rules, table.days[3]);
    CHECK_NEAR(CELL(trader_credit, 3), credit_explain(&credit, &rules).score / 1000, 1e-6);
#undef CELL
    arena_free(&arena);
}

static struct matrix stream(const struct declaration_table *table, bool uses_labels,
                            struct arena *arena) {
    struct encode_row *rows = encode_rows(table, arena);
    struct feature_state state;
    struct matrix matrix = matrix_make(arena, table->row_count, FEATURE_COUNT);
    feature_begin(&state, table, rows, arena);
    feature_stream(&state, table, rows, uses_labels, &matrix, 0);
    return matrix;
}

static bool same(const struct matrix *a, uint32_t row_a, const struct matrix *b, uint32_t row_b) {
    float cells_a[FEATURE_COUNT], cells_b[FEATURE_COUNT];
    matrix_row(a, row_a, cells_a);
    matrix_row(b, row_b, cells_b);
    for (int i = 0; i < FEATURE_COUNT; i++) {
        float gap = cells_a[i] - cells_b[i];
        /* Sums of fading weights may end in other last bits for another order within a day. */
        if (isnan(cells_a[i]) != isnan(cells_b[i]) || gap > 1e-5f || gap < -1e-5f) {
            return false;
        }
    }
    return true;
}

static void test_no_foresight(void) {
    struct arena arena = ARENA_INIT;
    struct risk_data data = {.seed = 21, .rows = 900, .goods = 80, .spread = 0.25};
    struct declaration_table table = risk_data_table(&data, &arena);
    uint32_t turned[900];
    for (uint32_t i = 0; i < 900; i++) {
        turned[i] = 899 - i;
    }
    struct declaration_table other = declaration_table_pick(&table, turned, 900, &arena);
    struct matrix forth = stream(&table, true, &arena), back = stream(&other, true, &arena);
    for (uint32_t i = 0; i < 900; i++) {
        CHECK(same(&forth, i, &back, 899 - i));
    }
    /* Labels of a day change the days behind it, and nothing else. */
    int32_t day = table.days[450];
    for (uint32_t i = 0; i < 900; i++) {
        other.labels[899 - i] =
            (int8_t)(table.days[i] >= day ? 1 - table.labels[i] : table.labels[i]);
    }
    struct matrix changed = stream(&other, true, &arena);
    uint32_t differ = 0;
    for (uint32_t i = 0; i < 900; i++) {
        bool equal = same(&forth, i, &changed, 899 - i);
        CHECK(equal || table.days[i] > day);
        differ += !equal;
    }
    CHECK(differ > 100);
    struct matrix blind = stream(&table, false, &arena), blind_too = stream(&other, false, &arena);
    for (uint32_t i = 0; i < 900; i++) {
        CHECK(same(&blind, i, &blind_too, 899 - i));
    }
    arena_free(&arena);
}

static void test_file(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct risk_data data = {.seed = 22, .rows = 500, .goods = 60, .spread = 0.25};
    struct declaration_table table = risk_data_table(&data, &arena);
    struct encode_row *rows = encode_rows(&table, &arena);
    struct feature_state state, again;
    struct matrix first = matrix_make(&arena, 500, FEATURE_COUNT);
    struct matrix second = matrix_make(&arena, 500, FEATURE_COUNT);
    struct model_writer writer;
    struct model_reader reader;
    feature_begin(&state, &table, rows, &arena);
    feature_stream(&state, &table, rows, true, &first, 0);
    model_file_create(&writer, &arena);
    model_file_section(&writer, "features");
    feature_write(&state, &writer);
    model_file_finish(&writer);
    CHECK_INT(model_file_open(&reader, "m", writer.bytes, writer.length, &err), 0);
    model_file_require(&reader, "features");
    feature_read(&again, &reader, &arena);
    CHECK(!reader.failed);
    feature_stream(&state, &table, rows, true, &first, 0);
    feature_stream(&again, &table, rows, true, &second, 0);
    CHECK(memcmp(first.cells, second.cells, 500 * FEATURE_COUNT * sizeof(float)) == 0);
    arena_free(&arena);
}

int main(void) {
    test_by_hand();
    test_no_foresight();
    test_file();
    return test_summary();
}
