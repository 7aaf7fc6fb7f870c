/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_json_read.c - goal: what RFC 8259 allows is read as it means, and everything else is refused
 * where it stands. */
#include "core/base/json_read.h"
#include "tests/test.h"

static const struct json *parsed(const char *text, struct json_document *document,
                                 struct arena *arena) {
    struct error err = ERROR_INIT;
    CHECK_INT(json_read(document, "t.json", text, strlen(text), arena, &err), 0);
    CHECK_TEXT(err.text, "");
    return &document->root;
}

static void test_values(void) {
    struct arena arena = ARENA_INIT;
    struct json_document document;
    struct error err = ERROR_INIT;
    const struct json *root =
        parsed(" {\"a\": [1, -2.5e-1, 0, 1E+2],\n  \"b\": {\"c\": null, \"d\":"
               " true}, \"e\": [\"x\", 3, false, []], \"f\": [] }\t",
               &document, &arena);
    const struct json *a = json_read_get(root, "a");
    CHECK(root->kind == JSON_OBJECT && root->count == 4);
    CHECK(a->kind == JSON_ARRAY && a->count == 4 && a->first == NULL);
    CHECK(a->numbers[0] == 1 && a->numbers[1] == -0.25 && a->numbers[3] == 100);
    const struct json *b = json_read_get(root, "b"), *e = json_read_get(root, "e");
    CHECK(json_read_get(b, "c")->kind == JSON_NULL);
    CHECK(json_read_get(b, "d")->kind == JSON_BOOLEAN && json_read_get(b, "d")->number == 1);
    CHECK(json_read_get(b, "e") == NULL && json_read_get(a, "e") == NULL);
    CHECK(e->numbers == NULL && e->count == 4 && e->first->kind == JSON_TEXT);
    CHECK(e->first->next->number == 3 && e->first->next->next->kind == JSON_BOOLEAN);
    CHECK(json_read_get(root, "f")->count == 0 && json_read_get(root, "f")->numbers == NULL);
    json_read_error(&document, b, &err, "no %s", "good");
    CHECK_TEXT(err.text, "no good");
    CHECK_INT(err.line, 2);
    CHECK_INT(err.column, 8);
    arena_free(&arena);
}

static void test_texts(void) {
    struct arena arena = ARENA_INIT;
    struct json_document document;
    CHECK_TEXT(parsed("\"a\\\"b\\\\c\\/\\n\\t\\u0041\"", &document, &arena)->text, "a\"b\\c/\n\tA");
    CHECK_TEXT(parsed("\"\\u00e9\\u20ac\\ud83d\\udea2\"", &document, &arena)->text,
               "\xc3\xa9\xe2\x82\xac\xf0\x9f\x9a\xa2");
    CHECK_TEXT(parsed("\"\"", &document, &arena)->text, "");
    arena_free(&arena);
}

static const struct refusal {
    const char *text, *message;
    int line, column;
} refusals[] = {
    {"", "the text ends too early", 1, 1},
    {"[1,2", "expected ',' or ']'", 1, 5},
    {"[1,]", "expected a JSON value", 1, 4},
    {"{\"a\":1,}", "expected a key in quotes", 1, 8},
    {"{\"a\" 1}", "expected ':'", 1, 6},
    {"{\"a\":1,\n\"a\":2}", "the key before stands here twice", 2, 4},
    {"[01]", "a number does not begin with 0 and a digit", 1, 3},
    {"[1.]", "expected a digit", 1, 4},
    {"-", "expected a digit", 1, 2},
    {"[1e]", "expected a digit", 1, 4},
    {"1e999", "a number too large", 1, 6},
    {"[NaN]", "expected a JSON value", 1, 2},
    {"+1", "expected a JSON value", 1, 1},
    {"tru", "expected a JSON value", 1, 1},
    {"1 2", "something stands behind the value", 1, 3},
    {"\"a", "a text that never ends", 1, 3},
    {"\"a\\", "no escape begins so", 1, 4},
    {"\"a\nb\"", "a control character in a text", 1, 3},
    {"\"\\x\"", "no escape begins so", 1, 3},
    {"\"\\u12g4\"", "expected four hexadecimal digits behind \\u", 1, 6},
    {"\"\\ud800\"", "a code that is no character", 1, 8},
    {"\"\\ud800\\u0041\"", "the second half of a surrogate pair is missing", 1, 14},
    {"\"\\u0000\"", "a code that is no character", 1, 8},
    {"// no\n1", "expected a JSON value", 1, 1},
};

static void test_refusals(void) {
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct arena arena = ARENA_INIT;
        struct json_document document;
        struct error err = ERROR_INIT;
        const char *text = refusals[i].text;
        CHECK_INT(json_read(&document, "t.json", text, strlen(text), &arena, &err), -1);
        CHECK_TEXT(err.text, refusals[i].message);
        CHECK_INT(err.line, refusals[i].line);
        CHECK_INT(err.column, refusals[i].column);
        arena_free(&arena);
    }
}

static void test_depth(void) {
    struct arena arena = ARENA_INIT;
    struct json_document document;
    struct error err = ERROR_INIT;
    char text[2 * JSON_READ_DEPTH_MAX + 3] = {0};
    memset(text, '[', JSON_READ_DEPTH_MAX);
    memset(text + JSON_READ_DEPTH_MAX, ']', JSON_READ_DEPTH_MAX);
    parsed(text, &document, &arena);
    memset(text, '[', JSON_READ_DEPTH_MAX + 1);
    memset(text + JSON_READ_DEPTH_MAX + 1, ']', JSON_READ_DEPTH_MAX + 1);
    CHECK_INT(json_read(&document, "t", text, strlen(text), &arena, &err), -1);
    CHECK_TEXT(err.text, "values stand too deep within each other");
    arena_free(&arena);
}

int main(void) {
    test_values();
    test_texts();
    test_refusals();
    test_depth();
    return test_summary();
}
