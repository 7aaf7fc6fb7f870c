/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_expression_text.c - texts and powers in expressions: results, refusals, and the room.
 *
 * Each expression is compiled for the type named; results are given as text. The payment of a loan
 * is held to the figures of DMN TCK 0008 (15 digits). */
#include "core/rule/expression.h"

#include "core/base/units.h"
#include "tests/test.h"

static const struct expression_input inputs[] = {
    {"channel", VALUE_SYMBOL, DIMENSION_NONE, "", .choices = "green|red"},
    {"name", VALUE_TEXT, DIMENSION_NONE, "", .choices = NULL},
    {"nobody", VALUE_TEXT, DIMENSION_NONE, "", .choices = NULL},
    {"trusted", VALUE_BOOLEAN, DIMENSION_NONE, "", .choices = NULL},
    {"p", VALUE_DECIMAL, DIMENSION_NONE, "", .choices = NULL},
    {"r", VALUE_DECIMAL, DIMENSION_NONE, "", .choices = NULL},
    {"n", VALUE_DECIMAL, DIMENSION_NONE, "", .choices = NULL},
    {"mass", VALUE_DECIMAL, DIMENSION_MASS, "", .choices = NULL},
};
enum { INPUT_COUNT = sizeof inputs / sizeof *inputs };

static struct value number(const char *text) {
    struct value value = {.type = VALUE_DECIMAL};
    CHECK_INT(decimal_parse(text, &value.decimal), 0);
    return value;
}

struct laboratory {
    struct arena arena;
    struct expression_names names;
    struct value values[INPUT_COUNT];
};

static struct laboratory laboratory(void) {
    struct laboratory lab = {
        .arena = ARENA_INIT,
        .names = {.inputs = inputs, .input_count = INPUT_COUNT, .has_room = true}};
    struct value values[INPUT_COUNT] = {
        {.type = VALUE_SYMBOL, .symbol = expression_symbol(&lab.names, &lab.arena, "red")},
        {.type = VALUE_TEXT, .text = {"Ada Lovelace", 3}},
        {.type = VALUE_MISSING},
        {.type = VALUE_BOOLEAN, .boolean = false},
        number("600000"),
        number("0.0375"),
        number("360"),
        number("2.5"),
    };
    memcpy(lab.values, values, sizeof values);
    return lab;
}

static void gives_in(size_t room_size, enum value_type type, const char *text,
                     const char *expected) {
    struct laboratory lab = laboratory();
    struct error err = ERROR_INIT;
    struct place place = {"paper.yml", 3, 10};
    const struct expression *expression =
        expression_compile(text, type, &lab.names, &lab.arena, place, &err);
    CHECK_TEXT(err.text, "");
    char bytes[256], printed[256] = "nothing compiled";
    struct expression_room room = {lab.names.symbols, bytes, room_size, 0};
    if (expression != NULL) {
        struct value value = expression_evaluate_in(expression, lab.values, &room);
        CHECK(value.type == type || value.type == VALUE_MISSING);
        value_print(value, lab.names.symbols, printed, sizeof printed);
    }
    if (!test_check(strcmp(printed, expected) == 0, __FILE__, __LINE__, text)) {
        printf(": got '%s', expected '%s'\n", printed, expected);
    }
    CHECK(room.used <= room_size);
    arena_free(&lab.arena);
}

static void text_is(const char *text, const char *expected) {
    gives_in(256, VALUE_TEXT, text, expected);
}

static void truth_is(const char *text, const char *expected) {
    gives_in(256, VALUE_BOOLEAN, text, expected);
}

static void number_is(const char *text, const char *expected) {
    gives_in(256, VALUE_DECIMAL, text, expected);
}

static void test_texts(void) {
    text_is("'plain'", "plain");
    text_is("\"\"", "");
    text_is("name", "Ada");
    text_is("channel", "red");
    text_is("\"Hello \" + name", "Hello Ada");
    text_is("name + \", \" + name + '.'", "Ada, Ada.");
    text_is("'<' + (name + ('>' + name))", "<Ada>Ada"); /* the right part is put together first */
    text_is("channel + ': ' + channel", "red: red");
    text_is("'a\\\\b\\'c\\n' + \"\\\"\"", "a\\b'c\n\"");
    text_is("'\xe6\xa8\xaa' + '\xe7\xb6\xb1'", "\xe6\xa8\xaa\xe7\xb6\xb1");
    text_is("name + nobody", "missing");
    text_is("nobody + name", "missing");
    text_is("if trusted then channel else name", "Ada");
    text_is("if not trusted then channel else name + '!'", "red");
    text_is("missing", "missing");
    text_is("if trusted then 'yes' else missing", "missing");
    text_is("if trusted then missing else 'no'", "no");
}

static void test_comparisons(void) {
    truth_is("name == 'Ada'", "true");
    truth_is("'Ada' == name", "true");
    truth_is("name != 'Ad'", "true");
    truth_is("name < 'Adb' and name > 'Ad' and name >= 'Ada' and 'Z' < 'a'", "true");
    truth_is("name in ['Bob', 'Ada']", "true");
    truth_is("name not in ['Bob', 'Ad']", "true");
    truth_is("name in ['A'..'B')", "true");
    truth_is("nobody == 'Ada'", "missing");
    truth_is("nobody is missing and name is not missing", "true");
    truth_is("channel == 're' + 'd'", "true");
    truth_is("'' + channel < 's'", "true");
    truth_is("name > channel", "false");
    truth_is("channel == 'red'", "true"); /* two symbols */
    truth_is("if trusted then missing else 1 < 2", "true");
    truth_is("missing", "missing");
}

static void test_powers(void) {
    number_is("2 ** 10", "1024");
    number_is("-2 ** 2", "-4");
    number_is("(-2) ** 2", "4");
    number_is("3 * 2 ** 3 + 1", "25");
    number_is("2 ** -3", "0.125");
    number_is("2 ** -(1 + 2)", "0.125");
    number_is("4 ** 0.5", "missing");
    number_is("0 ** -1", "missing");
    number_is("(2 ** 3) ** 2", "64");
    gives_in(256, VALUE_BOOLEAN,
             "(p * r / 12) / (1 - (1 + r / 12) ** -n) in "
             "(2778.69354943276675 .. 2778.69354943276680)",
             "true");
}

static void test_room(void) {
    gives_in(8, VALUE_TEXT, "'12345' + name", "12345Ada");
    gives_in(7, VALUE_TEXT, "'12345' + name", "missing");
    gives_in(16, VALUE_TEXT, "'12345' + (name + name)", "missing"); /* 6 bytes are taken */
    gives_in(17, VALUE_TEXT, "'12345' + (name + name)", "12345AdaAda");
    gives_in(0, VALUE_TEXT, "name", "Ada");
    gives_in(0, VALUE_TEXT, "'' + ''", "");
    /* A result of before is put to use again, and stays what it was. */
    struct laboratory lab = laboratory();
    struct error err = ERROR_INIT;
    struct place place = {"paper.yml", 3, 10};
    char bytes[64];
    const struct expression *doubled =
        expression_compile("name + name", VALUE_TEXT, &lab.names, &lab.arena, place, &err);
    struct expression_room room = {lab.names.symbols, bytes, sizeof bytes, 0};
    struct value once = expression_evaluate_in(doubled, lab.values, &room);
    lab.values[1] = once;
    struct value twice = expression_evaluate_in(doubled, lab.values, &room);
    char printed[64];
    value_print(once, NULL, printed, sizeof printed);
    CHECK_TEXT(printed, "AdaAda");
    value_print(twice, NULL, printed, sizeof printed);
    CHECK_TEXT(printed, "AdaAdaAdaAda");
    arena_free(&lab.arena);
}

static void refused(bool has_room, enum value_type type, const char *text, int column,
                    const char *message) {
    struct laboratory lab = laboratory();
    lab.names.has_room = has_room;
    struct error err = ERROR_INIT;
    struct place place = {"paper.yml", 3, 10};
    CHECK(expression_compile(text, type, &lab.names, &lab.arena, place, &err) == NULL);
    if (!test_check(err.column == 10 + column, __FILE__, __LINE__, text)) {
        printf(": column %d, expected %d\n", err.column, 10 + column);
    }
    CHECK_TEXT(err.text, message);
    arena_free(&lab.arena);
}

static void test_refusals(void) {
    refused(true, VALUE_TEXT, "name + 1", 0, "expected a number, but 'name' is a text");
    refused(true, VALUE_TEXT, "p", 0, "expected a text, but 'p' is a number");
    refused(true, VALUE_DECIMAL, "'12'", 1, "expected a number, but '12' is a text");
    refused(true, VALUE_BOOLEAN, "name == p", 8,
            "cannot compare 'name' (a text) and 'p' (a number)");
    refused(true, VALUE_BOOLEAN, "name == blue", 8,
            "unknown name 'blue'; known are channel, name, nobody, trusted, p, r, n, mass");
    refused(true, VALUE_BOOLEAN, "channel == ''", 11, "an empty text is no symbol");
    refused(true, VALUE_TEXT, "'a\\b'", 2, "write '\\\\' for a backslash in a text");
    refused(true, VALUE_DECIMAL, "2 ** 3 ** 2", 7,
            "put one of the two powers into parentheses: (a ** b) ** c");
    refused(true, VALUE_DECIMAL, "mass ** 2", 0, "a power has no units, but 'mass' is mass");
    refused(true, VALUE_DECIMAL, "2 ** mass", 5, "a power has no units, but 'mass' is mass");
    refused(true, VALUE_DECIMAL, "1 + missing", 4, "expected a number, but 'missing' is nothing");
    refused(true, VALUE_BOOLEAN, "missing == 3", 0,
            "write 'x is missing' to ask whether x is known");
    refused(false, VALUE_TEXT, "name + 'x'", 0,
            "texts cannot be put together here: a value is a number, a date, true or false, or a "
            "name that is written in the page");
    refused(false, VALUE_TEXT, "channel", 0,
            "a symbol is no text here: a value is a number, a date, true or false, or a name that "
            "is written in the page");
    refused(false, VALUE_BOOLEAN, "name == channel", 8,
            "a symbol cannot be compared with a text here: a value is a number, a date, true or "
            "false, or a name that is written in the page");
}

int main(void) {
    test_texts();
    test_comparisons();
    test_powers();
    test_room();
    test_refusals();
    return test_summary();
}
