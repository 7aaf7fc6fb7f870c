/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: rows become the tree that their indents, numbers and missing rows mean. Method: small made
 * files whose trees are known, one a trap of the real ones; codes read and printed. */
#include "core/tariff/nomenclature_build.h"
#include "tests/test.h"

enum { ROWS_MAX = 32 };

struct tree {
    struct arena arena;
    struct nomenclature nomenclature;
    uint32_t lines[ROWS_MAX];
};

struct row {
    const char *code;
    unsigned indent, suffix;
    int32_t from, to;
};

static void build(struct tree *tree, const struct row *rows, uint32_t count) {
    struct nomenclature_line read[ROWS_MAX];
    *tree = (struct tree){.arena = ARENA_INIT};
    memset(read, 0, sizeof read);
    for (uint32_t i = 0; i < count; i++) {
        unsigned digits = 0;
        if (*rows[i].code != '\0') {
            CHECK_INT(nomenclature_code(rows[i].code, &read[i + 1].code, &digits), 0);
        }
        read[i + 1].description = "";
        read[i + 1].digits = (uint8_t)digits;
        read[i + 1].indent = (uint8_t)rows[i].indent;
        read[i + 1].suffix = (uint8_t)rows[i].suffix;
        bool is_dated = rows[i].from != 0;
        read[i + 1].valid_from = is_dated ? rows[i].from : NOMENCLATURE_EVER;
        read[i + 1].valid_to = is_dated ? rows[i].to : NOMENCLATURE_FOREVER;
    }
    nomenclature_build(read, count + 1, &tree->arena, &tree->nomenclature, tree->lines);
}

static const struct nomenclature_line *line_of(const struct tree *tree, uint32_t row) {
    return &tree->nomenclature.lines[tree->lines[row]];
}

/* The row (from 1) that a row hangs below, 0 where that is an implied line. */
static uint32_t parent_row(const struct tree *tree, uint32_t row, uint32_t count) {
    for (uint32_t i = 1; i <= count; i++) {
        if (tree->lines[i] == line_of(tree, row)->parent) {
            return i;
        }
    }
    return 0;
}

static void test_codes(void) {
    static const struct {
        const char *text;
        uint64_t code;
        unsigned digits;
    } good[] = {
        {"01", 100000000, 2},          {"0101", 101000000, 4},    {"0101.21.00.10", 101210010, 10},
        {"0101210010", 101210010, 10}, {"1003.9", 1003900000, 6}, {"9903.01.63", 9903016300, 8},
        {"101", 1010000000, 4}};
    static const char *const bad[] = {"",      "1",    "0101.", ".0101",       "01..01",
                                      "0101x", "-101", "0101 ", "01012100101", "0.101"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        uint64_t code = 0;
        unsigned digits = 0;
        CHECK_INT(nomenclature_code(good[i].text, &code, &digits), 0);
        CHECK_INT(code, good[i].code);
        CHECK_INT(digits, good[i].digits);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint64_t code = 7;
        unsigned digits = 7;
        CHECK_INT(nomenclature_code(bad[i], &code, &digits), -1);
        CHECK_INT(code, 7);
    }
    char text[16];
    nomenclature_print(101210010, 10, text);
    CHECK_TEXT(text, "0101.21.00.10");
    nomenclature_print(1003900000, 6, text);
    CHECK_TEXT(text, "1003.90");
    nomenclature_print(100000000, 2, text);
    CHECK_TEXT(text, "01");
    CHECK_INT(nomenclature_level(100000000), 2);
    CHECK_INT(nomenclature_level(101210000), 6);
    CHECK_INT(nomenclature_level(101210010), 10);
}

/* Lines without a number bear the first number below them, and suffixes from 10. */
static void test_without_number(void) {
    static const struct row rows[] = {{"0101", 0, 0, 0, 0},
                                      {"", 1, 0, 0, 0},
                                      {"0101.21.00", 2, 0, 0, 0},
                                      {"0101.21.00.10", 3, 0, 0, 0},
                                      {"0101.29.00", 2, 0, 0, 0},
                                      {"", 3, 0, 0, 0},
                                      {"", 4, 0, 0, 0},
                                      {"0101.29.00.10", 5, 0, 0, 0},
                                      {"0101.30.00.00", 1, 0, 0, 0}};
    static const uint32_t parents[] = {0, 1, 2, 3, 2, 5, 6, 7, 1};
    static const uint64_t codes[] = {101000000, 101210000, 101210000, 101210010, 101290000,
                                     101290010, 101290010, 101290010, 101300000};
    static const unsigned suffixes[] = {80, 10, 80, 80, 80, 10, 20, 80, 80};
    struct tree tree;
    build(&tree, rows, 9);
    for (uint32_t i = 0; i < 9; i++) {
        CHECK_INT(parent_row(&tree, i + 1, 9), parents[i]);
        CHECK_INT(line_of(&tree, i + 1)->code, codes[i]);
        CHECK_INT(line_of(&tree, i + 1)->suffix, suffixes[i]);
    }
    const struct nomenclature *lines = &tree.nomenclature;
    CHECK_INT(lines->count, 1 + 9 + 1); /* none, the rows, and the chapter */
    CHECK_INT(lines->lines[line_of(&tree, 1)->parent].code, 100000000);
    CHECK(lines->lines[line_of(&tree, 1)->parent].is_implied);
    CHECK_INT(nomenclature_first(lines, 101290010, 20), tree.lines[7]);
    CHECK_INT(nomenclature_first(lines, 101290010, 30), 0);
    CHECK(nomenclature_is_declarable(lines, tree.lines[4], 0));
    CHECK(!nomenclature_is_declarable(lines, tree.lines[3], 0));
    CHECK(!nomenclature_is_declarable(lines, tree.lines[6], 0));
    CHECK(nomenclature_is_declarable(lines, tree.lines[9], 0));
    CHECK(!nomenclature_is_declarable(lines, 0, 0));
    CHECK(nomenclature_is_above(lines, tree.lines[2], tree.lines[4]));
    CHECK(nomenclature_is_above(lines, tree.lines[4], tree.lines[4]));
    CHECK(!nomenclature_is_above(lines, tree.lines[5], tree.lines[4]));
    CHECK_INT(line_of(&tree, 5)->end - tree.lines[5], 4);
    arena_free(&tree.arena);
}

/* 0409.00.00 is its own heading; 9801 has several lines at indent 0 and none; a number that its
 * neighbour above doesn't begin is no child of it, whatever the indent. */
static void test_without_heading(void) {
    static const struct row rows[] = {
        {"0409.00.00", 0, 0, 0, 0}, {"0409.00.00.05", 1, 0, 0, 0}, {"", 0, 0, 0, 0},
        {"9801.00.10", 1, 0, 0, 0}, {"9801.00.20", 0, 0, 0, 0},    {"9802.00.01", 0, 0, 0, 0},
        {"9802.00.02", 1, 0, 0, 0}, {"0409", 0, 0, 0, 0},          {"0409.00.00", 1, 0, 0, 0}};
    struct tree tree;
    build(&tree, rows, 7);
    const struct nomenclature *lines = &tree.nomenclature;
    CHECK_INT(lines->count, 1 + 7 + 2 + 2); /* chapters 04 and 98, headings 9801 and 9802 */
    CHECK_INT(parent_row(&tree, 2, 7), 1);
    CHECK_INT(lines->lines[line_of(&tree, 1)->parent].code, 400000000);
    CHECK_INT(parent_row(&tree, 4, 7), 3);
    CHECK_INT(lines->lines[line_of(&tree, 3)->parent].code, 9801000000);
    CHECK_INT(line_of(&tree, 5)->parent, line_of(&tree, 3)->parent);
    CHECK_INT(lines->lines[line_of(&tree, 6)->parent].code, 9802000000);
    CHECK_INT(line_of(&tree, 7)->parent, line_of(&tree, 6)->parent);
    CHECK(!nomenclature_is_declarable(lines, line_of(&tree, 3)->parent, 0));
    arena_free(&tree.arena);

    build(&tree, rows + 7, 2); /* one code, two depths */
    CHECK_INT(line_of(&tree, 1)->suffix, 10);
    CHECK_INT(line_of(&tree, 2)->suffix, 80);
    CHECK_INT(parent_row(&tree, 2, 2), 1);
    arena_free(&tree.arena);
}

/* A code with two validities is two lines that are one to measures; it can be declared on as long
 * as nothing below it is valid. */
static void test_versions(void) {
    static const struct row rows[] = {{"0201", 0, 80, 0, 0},
                                      {"020110", 1, 80, 10, 99},
                                      {"020110", 1, 80, 100, 300},
                                      {"0201101000", 2, 80, 200, 300},
                                      {"0201109000", 2, 80, 200, 300}};
    struct tree tree;
    build(&tree, rows, 5);
    const struct nomenclature *lines = &tree.nomenclature;
    CHECK_INT(nomenclature_find(lines, 201100000, 80, 99), tree.lines[2]);
    CHECK_INT(nomenclature_find(lines, 201100000, 80, 100), tree.lines[3]);
    CHECK_INT(nomenclature_find(lines, 201100000, 80, 9), 0);
    CHECK_INT(nomenclature_find(lines, 201100000, 80, 301), 0);
    CHECK(nomenclature_is_declarable(lines, tree.lines[2], 50));
    CHECK(!nomenclature_is_declarable(lines, tree.lines[2], 100));
    CHECK(nomenclature_is_declarable(lines, tree.lines[3], 199));
    CHECK(!nomenclature_is_declarable(lines, tree.lines[3], 200));
    CHECK(nomenclature_is_declarable(lines, tree.lines[5], 200));
    CHECK(nomenclature_is_above(lines, tree.lines[2], tree.lines[5]));
    arena_free(&tree.arena);
}

int main(void) {
    test_codes();
    test_without_number();
    test_without_heading();
    test_versions();
    return test_summary();
}
