/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: tables are read as declaration_table.h says, and maps as column_map.h says. Method: small
 * tables with other separators, quotes, decimal commas, missing cells and columns; messages are
 * tried in tests/scenarios/risk. */
#include "tests/test.h"

#include "core/risk/declaration_table.h"
#include "sim/scenario/input_file.h"

#include <math.h>

static int read_map(struct arena *arena, const char *text, struct column_map *map,
                    struct error *err) {
    const struct node *page = node_read_text(arena, "map.yml", text, strlen(text), err);
    return page == NULL ? -1 : column_map_read(page, map, err);
}

static int read_table(struct arena *arena, const struct column_map *map, const char *text,
                      enum declaration_labels labels, struct declaration_table *table,
                      struct error *err) {
    struct declaration_source source = {
        .name = "t.csv", .text = arena_text(arena, text, strlen(text)), .length = strlen(text)};
    return declaration_table_read(table, map, labels, &source, 1, arena, err);
}

static const char map_text[] =
    "clearlab: 1\n"
    "risk_columns: ours\n"
    "separator: \";\"\n"
    "decimal: \",\"\n"
    "columns: {declaration: no, date: day, label: hit, goods: code, departure: null,\n"
    "  origin: from, tax_type: null, importer: who, declarant: null, seller: null, courier: null,\n"
    "  office: null, process: null, kind: null, use: null, transport: null, proof: null,\n"
    "  payment: null, rate: rate, mass: kg, value: worth}\n";

static void test_own_columns(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct column_map map;
    struct declaration_table table;
    CHECK_INT(read_map(&arena, map_text, &map, &err), 0);
    CHECK(map.columns[COLUMN_departure] == NULL && map.separator == ';' && map.decimal == ',');
    const char text[] = "\xEF\xBB\xBFno;day;hit;code;from;who;rate;kg;worth;more\r\n"
                        "\"A;1\";2024-02-29;1;8517.12;CN;\"Müller \"\"& Co\";7,5;0,5;100;x\r\n"
                        "B;2024-03-01;;30111;;;;0;;\r\n"
                        "C;2024-02-28;0;8517120090;CN;Z;8;2;1,25;y\r\n";
    CHECK_INT(read_table(&arena, &map, text, DECLARATION_LABELS_ANY, &table, &err), 0);
    CHECK_INT(table.row_count, 3);
    CHECK_TEXT(table.names[0], "A;1");
    CHECK_TEXT(table.texts[COLUMN_importer][0], "Müller \"& Co");
    CHECK_TEXT(table.texts[COLUMN_goods][0], "851712");
    CHECK_TEXT(table.texts[COLUMN_goods][1], "030111"); /* a spreadsheet took the zero */
    CHECK_TEXT(table.texts[COLUMN_goods][2], "8517120090");
    CHECK_NEAR((double)table.rates[0], 7.5, 0);
    CHECK_NEAR(declaration_table_unit_value(&table, 0), 200, 0);
    CHECK_NEAR(declaration_table_stake(&table, 0), 7.5, 1e-12);
    CHECK(isnan((double)table.rates[1]) && isnan(table.masses_kg[1]) && isnan(table.values[1]));
    CHECK_NEAR(declaration_table_stake(&table, 1), 0, 0);
    CHECK_INT(table.codes[COLUMN_origin][1], 0);
    CHECK(table.codes[COLUMN_origin][0] == table.codes[COLUMN_origin][2]);
    CHECK_INT(table.codes[COLUMN_departure][0], 0);
    CHECK_INT(table.labels[0], 1);
    CHECK_INT(table.labels[1], DECLARATION_LABEL_MISSING);
    CHECK_INT(table.labels[2], 0);
    CHECK_INT(table.days[1] - table.days[0], 1);
    const uint32_t *order = declaration_table_by_day(&table, &arena);
    CHECK(order[0] == 2 && order[1] == 0 && order[2] == 1);
    const uint32_t rows[] = {2, 0};
    struct declaration_table picked = declaration_table_pick(&table, rows, 2, &arena);
    CHECK_INT(picked.row_count, 2);
    CHECK_TEXT(picked.names[1], "A;1");
    CHECK(picked.codes[COLUMN_importer][0] == table.codes[COLUMN_importer][2]);
    arena_free(&arena);
}

/* Without labels a table can be scored, not learnt from. */
static void test_labels(void) {
    struct arena arena = ARENA_INIT;
    struct column_map map;
    struct declaration_table table;
    struct error err = ERROR_INIT, none = ERROR_INIT, empty = ERROR_INIT, one = ERROR_INIT;
    CHECK_INT(read_map(&arena, map_text, &map, &err), 0);
    const char bare[] = "no;day;code;from;who;rate;kg;worth\n1;2024-01-01;8517;CN;;1;1;1\n";
    CHECK_INT(read_table(&arena, &map, bare, DECLARATION_LABELS_ANY, &table, &err), 0);
    CHECK(!table.has_labels);
    CHECK_INT(table.labels[0], DECLARATION_LABEL_MISSING);
    CHECK_INT(read_table(&arena, &map, bare, DECLARATION_LABELS_REQUIRED, &table, &none), -1);
    CHECK_TEXT(none.text, "there is no column 'hit' (label); name it in the map of columns, or "
                          "null where there is none");
    const char gap[] = "no;day;hit;code;from;who;rate;kg;worth\n1;2024-01-01;;8517;CN;;1;1;1\n";
    CHECK_INT(read_table(&arena, &map, gap, DECLARATION_LABELS_REQUIRED, &table, &empty), -1);
    CHECK_TEXT(empty.text, "hit: the label is empty, so nothing can be learnt from this row");
    CHECK(empty.line == 2 && empty.column == 14);
    const char same[] = "no;day;hit;code;from;who;rate;kg;worth\n1;2024-01-01;1;8517;CN;;1;1;1\n";
    CHECK_INT(read_table(&arena, &map, same, DECLARATION_LABELS_REQUIRED, &table, &err), 0);
    CHECK_INT(declaration_table_check_classes(&table, &one), -1);
    CHECK_TEXT(one.text,
               "hit: all 1 labels are 1; what is a finding can only be learnt where both occur");
    arena_free(&arena);
}

static void test_maps(void) {
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"columns: {goods: null}\n", "goods: every table needs this column"},
        {"columns: {orign: x}\n", "there is no role 'orign'; did you mean 'origin'?"},
        {"colums: {}\n", "there is no key 'colums'; did you mean 'columns'?"},
        {"columns: [a]\n", "columns: expected a mapping from roles to columns"},
        {"columns: {mass: [1]}\n", "mass: expected the name of a column, or null"},
        {"separator: x\n", "separator: expected one of \",\", \";\", \"|\" and tab"},
        {"decimal: \";\"\n", "decimal: expected one of \".\" and \",\""},
        {"decimal: \",\"\n", "a table separated by commas cannot have decimal commas"},
        {"clearlab: 2\n", "clearlab: this program reads language version 1"},
        {"- a\n", "expected a map of columns, with risk_columns and columns"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = ARENA_INIT;
        struct error err = ERROR_INIT;
        struct column_map map;
        CHECK_INT(read_map(&arena, cases[i].text, &map, &err), -1);
        CHECK_TEXT(err.text, cases[i].message);
        CHECK_INT(err.line, 1);
        arena_free(&arena);
    }
    struct column_map usual = column_map_usual();
    CHECK_TEXT(usual.columns[COLUMN_goods], "HS6 Code");
    CHECK_TEXT(column_map_role(COLUMN_goods), "goods");
}

/* The page that people copy says what the program takes for granted. */
static void test_page(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct column_map map, usual = column_map_usual();
    const struct node *page =
        input_file_node(&arena, SOURCE_DIR "/scenarios/risk/columns.yml", &err);
    CHECK(page != NULL);
    CHECK_INT(column_map_read(page, &map, &err), 0);
    const struct node *columns = node_get(page, "columns");
    CHECK_INT(columns->count, COLUMN_ROLE_COUNT);
    for (int role = 0; role < COLUMN_ROLE_COUNT; role++) {
        CHECK(node_get(columns, column_map_role((enum column_role)role)) != NULL);
        CHECK_TEXT(map.columns[role], usual.columns[role]);
    }
    arena_free(&arena);
}

int main(void) {
    test_page();
    test_own_columns();
    test_labels();
    test_maps();
    CHECK_INT(declaration_table_hash("", 0), 0);
    CHECK(declaration_table_hash("a", 1) != declaration_table_hash("a\0", 2));
    return test_summary();
}
