/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_node.c - goal: whatever stands in a file, the tree is right or the message is, with its
 * place; and what is written reads back equal.
 *
 * Method: a table of inputs with their exact messages (each rule of node.h, libyaml's complaints
 * reworded); limits met at and one past their value; a property test over random trees of awkward
 * texts, checked for the bytes of a second round too. */
#define _DEFAULT_SOURCE /* mkstemp, ftruncate */
#include "core/base/node.h"
#include "sim/scenario/input_file.h"
#include "tests/test.h"

#include <unistd.h>

static struct node *read_text(struct arena *arena, const char *text, struct error *err) {
    *err = (struct error)ERROR_INIT;
    return node_read_text(arena, "in.yml", text, strlen(text), err);
}

/* The message that reading `text` gives, or "" when it can be read. */
static void check_message(const char *text, size_t length, const char *expected) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    char message[1200] = "";
    if (node_read_text(&arena, "in.yml", text, length, &err) == NULL) {
        error_print(&err, message, sizeof message);
        CHECK_INT(err.code, ERROR_INPUT);
    }
    CHECK_TEXT(message, expected);
    arena_free(&arena);
}

static const struct {
    const char *text, *message;
} refused[] = {
    {"", "in.yml:1:1: error: the file holds nothing to read\n"},
    {"# only this\n", "in.yml:1:1: error: the file holds nothing to read\n  # only this\n  ^\n"},
    {"a: 1\nb: 2\na: 3\n",
     "in.yml:3:1: error: key 'a' stands here twice; first at 1:1\n  a: 3\n  ^\n"},
    {"{z: 1, a: 2, b: 1, a: 3, a: 4, b: 2}",
     "in.yml:1:20: error: key 'a' stands here twice; first at 1:8\n"
     "  {z: 1, a: 2, b: 1, a: 3, a: 4, b: 2}\n                     ^\n"},
    {"a: &x [1, *x]", "in.yml:1:11: error: '*x' stands inside the value that it names\n"
                      "  a: &x [1, *x]\n            ^\n"},
    {"a: *b", "in.yml:1:4: error: nothing above is called '&b'\n  a: *b\n     ^\n"},
    {"a: !!binary abc",
     "in.yml:1:4: error: tags ('!') are not allowed; quotes make text of any value\n"
     "  a: !!binary abc\n     ^\n"},
    {"a: ! b", "in.yml:1:4: error: tags ('!') are not allowed; quotes make text of any value\n"
               "  a: ! b\n     ^\n"},
    {"a: !<x y", "in.yml:1:4: error: tags ('!') are not allowed\n  a: !<x y\n     ^\n"},
    {"a: !x!y z", "in.yml:1:4: error: tags ('!') are not allowed\n  a: !x!y z\n     ^\n"},
    {"{é: {<<: 1}}", "in.yml:1:7: error: the merge key '<<' is not supported; use a patch\n"
                     "  {é: {<<: 1}}\n       ^\n"},
    {"[1]: 2", "in.yml:1:1: error: a key must be text, not a list or a mapping\n  [1]: 2\n  ^\n"},
    {"- &x a\n- *x : 1",
     "in.yml:2:3: error: a key must be text, not an alias\n  - *x : 1\n    ^\n"},
    {"&x a: 1", "in.yml:1:1: error: a key cannot have an anchor ('&')\n  &x a: 1\n  ^\n"},
    {"?\n: 3", "in.yml:1:2: error: a key is missing before ':'\n  ?\n   ^\n"},
    {"a: 1\n---\nb: 2\n",
     "in.yml:2:1: error: a second document begins here; a file holds one\n  ---\n  ^\n"},
    {"a:\n\tb: 1\n",
     "in.yml:2:1: error: a tab cannot be used for indentation; use spaces\n   b: 1\n  ^\n"},
    {"a: |\n x\n\ty\n",
     "in.yml:3:1: error: a tab cannot be used for indentation; use spaces\n   y\n  ^\n"},
    {"a: 1\nb: \"x\nc: 2\n",
     "in.yml:2:4: error: this quotation mark is never closed\n  b: \"x\n     ^\n"},
    {"a: 'x\n---\n", "in.yml:1:4: error: this quotation mark is never closed\n  a: 'x\n     ^\n"},
    {"a: 'it's'",
     "in.yml:1:8: error: expected a key here; check the indentation, and that quotes enclose the "
     "whole value\n  a: 'it's'\n         ^\n"},
    {"a: @x", "in.yml:1:4: error: text cannot begin with this character; put it in quotes\n  a: "
              "@x\n     ^\n"},
    {"a: b: c",
     "in.yml:1:5: error: ':' cannot stand here; check the indentation, and put text that contains "
     "': ' in quotes\n  a: b: c\n      ^\n"},
    {"{a: f(b: 1, c: 2)}",
     "in.yml:1:8: error: ':' cannot stand here; check the indentation, and put text that contains "
     "': ' in quotes\n  {a: f(b: 1, c: 2)}\n         ^\n"},
    {"a: 1\nfoo\nb: 2", "in.yml:2:1: error: expected ':' after this key\n  foo\n  ^\n"},
    {"é: {b:", "in.yml:1:8: error: expected a value here\n  é: {b:\n        ^\n"},
    {"a: [1, 2\nb: 3\n",
     "in.yml:1:4: error: this '[' has no ']'; items are separated by ','\n  a: [1, 2\n     ^\n"},
    {"a: {x: 1",
     "in.yml:1:4: error: this '{' has no '}'; keys are separated by ','\n  a: {x: 1\n     ^\n"},
    {"- a\nb: 1",
     "in.yml:2:1: error: expected '- ' like the items above; check the indentation of this line\n"
     "  b: 1\n  ^\n"},
    {"a: - b", "in.yml:1:4: error: a list item ('- ') cannot stand here; begin a new line\n"
               "  a: - b\n     ^\n"},
    {"a: \"\\q\"",
     "in.yml:1:5: error: unknown escape after '\\' in double quotes; write '\\\\' for a backslash\n"
     "  a: \"\\q\"\n      ^\n"},
    {"a: \"\\xZZ\"",
     "in.yml:1:7: error: expected hexadecimal digits after '\\'\n  a: \"\\xZZ\"\n        ^\n"},
    {"a: \"\\ud800\"",
     "in.yml:1:7: error: this escape names no Unicode character\n  a: \"\\ud800\"\n        ^\n"},
    {"a: \"x\\0y\"",
     "in.yml:1:4: error: text cannot contain the character '\\0'\n  a: \"x\\0y\"\n     ^\n"},
    {"%FOO\n--- 1", "in.yml:1:1: error: this '%' line cannot be read; leave it out\n  %FOO\n  ^\n"},
    {"a: 50 %TAG\r\n...\r%TAG !a! b\n---\n",
     "in.yml:3:1: error: tags ('!') are not allowed\n  %TAG !a! b\n  ^\n"},
    {"%YAML 3.0\n--- 1", "in.yml:1:1: error: only YAML 1.1 and 1.2 are read\n  %YAML 3.0\n  ^\n"},
    {"a: |0\n x", "in.yml:1:5: error: expected 1 to 9 after '|' or '>'\n  a: |0\n      ^\n"},
    {"[a] b",
     "in.yml:1:5: error: the value ended before this; check the indentation\n  [a] b\n      ^\n"},
    {"a: caf\xE9", "in.yml:1:7: error: byte 0xE9 is not UTF-8; save the file as UTF-8\n"},
    {"a: é\r\nb: \xC0\x80", "in.yml:2:4: error: byte 0xC0 is not UTF-8; save the file as UTF-8\n"},
    {"\xED\xA0\x80", "in.yml:1:1: error: byte 0xED is not UTF-8; save the file as UTF-8\n"},
    {"\xE0\x80\xAF", "in.yml:1:1: error: byte 0xE0 is not UTF-8; save the file as UTF-8\n"},
    {"\x84\x80", "in.yml:1:1: error: byte 0x84 is not UTF-8; save the file as UTF-8\n"},
    {"\xF4\x90\x80\x80", "in.yml:1:1: error: byte 0xF4 is not UTF-8; save the file as UTF-8\n"},
    {"a\xE2\x82", "in.yml:1:2: error: byte 0xE2 is not UTF-8; save the file as UTF-8\n"},
    {"\xFF\xFE"
     "a",
     "in.yml:1:1: error: not UTF-8 (it looks like UTF-16); save the file as UTF-8\n"},
    {"a: \x1B[31m",
     "in.yml:1:4: error: character U+001B is not allowed as itself; write \"\\u001B\"\n"},
    {"a: é\xE2\x80\xA8",
     "in.yml:1:6: error: character U+2028 is not allowed as itself; write \"\\u2028\"\n"},
};

static void test_refused(void) {
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        check_message(refused[i].text, strlen(refused[i].text), refused[i].message);
    }
    check_message("a: 1\nb\0c", 8, "in.yml:2:2: error: a NUL byte; this is no text file\n");
}

/* The tree of a small text, node by node, with places that count bytes. */
static void test_places(void) {
    struct arena arena = ARENA_INIT;
    struct error err;
    const char *text = "\xEF\xBB\xBFname: é\r\n"
                       "list: [ 'ü', no, 12 ]\r\n"
                       "inner:\r\n"
                       "  empty:\r\n"
                       "  text: |\r\n"
                       "    two\r\n"
                       "    lines\r\n";
    const struct node *root = read_text(&arena, text, &err);
    CHECK(root != NULL && root->kind == NODE_MAPPING);
    CHECK_INT(root->count, 3);
    CHECK_TEXT(root->source->name, "in.yml");
    const struct node *name = node_get(root, "name");
    CHECK_TEXT(name->text, "é");
    CHECK_INT(name->line, 1);
    CHECK_INT(name->column, 7);
    CHECK_INT(name->key_column, 1);
    const struct node *list = node_get(root, "list");
    CHECK(list->kind == NODE_SEQUENCE && list->count == 3 && list->first->key == NULL);
    CHECK(list->first->quoted && !list->last->quoted);
    CHECK_TEXT(list->first->next->text, "no");
    CHECK_INT(list->first->next->line, 2);
    CHECK_INT(list->first->next->column, 15); /* the ü before it has two bytes */
    const struct node *inner = node_get(root, "inner");
    CHECK_INT(node_get(inner, "empty")->kind, NODE_NULL);
    CHECK_INT(node_get(inner, "empty")->key_line, 4);
    CHECK_TEXT(node_get(inner, "text")->text, "two\nlines\n");
    CHECK(node_get(inner, "text")->quoted);
    CHECK(node_get(inner, "nothing") == NULL);
    CHECK(node_get(list, "x") == NULL && node_get(NULL, "x") == NULL);

    char message[500];
    node_error(list->first->next, &err, "number %d", 7);
    error_print(&err, message, sizeof message);
    CHECK_TEXT(message,
               "in.yml:2:15: error: number 7\n  list: [ 'ü', no, 12 ]\n               ^\n");
    node_error(name, &err, "a later one");
    CHECK_TEXT(err.text, "number 7"); /* the first failure wins */
    err = (struct error)ERROR_INIT;
    node_key_error(node_get(inner, "text"), &err, "key");
    CHECK_INT(err.line, 5);
    CHECK_INT(err.column, 3);
    CHECK_TEXT(err.excerpt, "  text: |");
    arena_free(&arena);
}

/* YAML 1.2 core: five spellings of null and nothing else that is not text. */
static void test_null(void) {
    struct arena arena = ARENA_INIT;
    struct error err;
    const struct node *root = read_text(
        &arena, "[~, null, Null, NULL, '~', \"null\", nULL, no, yes, true, off, '']", &err);
    int index = 0;
    for (const struct node *node = root->first; node != NULL; node = node->next, index++) {
        CHECK_INT(node->kind, index < 4 ? NODE_NULL : NODE_SCALAR);
        CHECK((node->text == NULL) == (index < 4));
    }
    CHECK_INT(index, 12);
    arena_free(&arena);
}

static void test_aliases(void) {
    struct arena arena = ARENA_INIT;
    struct error err;
    struct node *root = read_text(&arena, "- &a {x: &b 1, y: [*b, 2]}\n- *a\n- &b 3\n- *b\n", &err);
    CHECK_INT(root->count, 4);
    CHECK(node_equal(root->first, root->first->next));
    CHECK_TEXT(root->last->text, "3"); /* the name stands for what bore it last */
    CHECK_INT(root->first->next->line, 1);
    node_remove(root->first, root->first->first);
    CHECK(!node_equal(root->first, root->first->next)); /* expanded: a copy of its own */
    arena_free(&arena);
}

/* Repeats `piece` into `text`; returns its end. */
static char *repeat(char *text, const char *piece, int count) {
    for (int i = 0; i < count; i++) {
        text = strcpy(text, piece) + strlen(piece);
    }
    return text;
}

static void check_length(const char *text, const char *expected) {
    struct arena arena = ARENA_INIT;
    struct error err;
    bool ok = read_text(&arena, text, &err) != NULL;
    CHECK_TEXT(ok ? "" : err.text, expected);
    arena_free(&arena);
}

static void test_limits(void) {
    size_t size = NODE_FILE_SIZE_MAX + 100;
    char *text = malloc(size);
    strcpy(repeat(repeat(text, "[", NODE_DEPTH_MAX - 1), "]", NODE_DEPTH_MAX - 1), "");
    check_length(text, "");
    repeat(repeat(repeat(text, "[", NODE_DEPTH_MAX - 1), "x", 1), "]", NODE_DEPTH_MAX - 1);
    check_length(text, "");
    repeat(repeat(text, "[", NODE_DEPTH_MAX + 1), "]", NODE_DEPTH_MAX + 1);
    check_length(text, "more than 64 levels");
    repeat(text, "[", 200000);
    check_length(text, "more than 64 levels");

    repeat(repeat(text, "k", NODE_KEY_LENGTH_MAX), ": 1", 1);
    check_length(text, "");
    repeat(repeat(text, "k", NODE_KEY_LENGTH_MAX + 1), ": 1", 1);
    check_length(text, "a key of more than 128 bytes");

    char *end = text;
    for (int i = 0; i < NODE_KEYS_MAX; i++) {
        end += sprintf(end, "k%d: \n", i);
    }
    check_length(text, "");
    strcpy(end, "one: more");
    check_length(text, "more than 4096 keys in one mapping");
    strcpy(end - 8, "k0: twice\n");
    check_length(text, "key 'k0' stands here twice; first at 1:1");

    repeat(text, "-\n", NODE_COUNT_MAX - 1);
    check_length(text, "");
    repeat(text, "-\n", NODE_COUNT_MAX);
    check_length(text, "more than 1000000 values");

    end = text;
    for (int i = 0; i <= NODE_ANCHORS_MAX; i++) {
        end += sprintf(end, "- &a%d x\n", i);
    }
    check_length(text, "more than 256 anchors");

    memset(text, '#', size);
    text[size - 1] = '\0';
    check_length(text, "larger than 16 MiB");
    text[NODE_FILE_SIZE_MAX] = '\0';
    memcpy(text, "1 ", 2);
    check_length(text, "");
    free(text);
}

/* Billion laughs, and aliases that nest one deeper each. */
static void test_bombs(void) {
    char text[4096], *end = text;
    end += sprintf(end, "- &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 10; i++) {
        end += sprintf(end, "- &a%d [*a%d", i, i - 1);
        for (int j = 1; j < 10; j++) {
            end += sprintf(end, ",*a%d", i - 1);
        }
        end += sprintf(end, "]\n");
    }
    struct arena arena = ARENA_INIT;
    struct error err;
    CHECK(read_text(&arena, text, &err) == NULL);
    CHECK_TEXT(err.text, "aliases expand to more than 1000000 values");
    CHECK_INT(err.line, 6);
    CHECK(arena.total_size < 400u * 1024 * 1024);
    arena_free(&arena);

    end = text + sprintf(text, "- &a0 x\n");
    for (int i = 1; i < NODE_DEPTH_MAX - 1; i++) {
        end += sprintf(end, "- &a%d [*a%d]\n", i, i - 1);
    }
    check_length(text, "");
    sprintf(end, "- [*a%d]\n", NODE_DEPTH_MAX - 2);
    check_length(text, "aliases expand to more than 64 levels");
}

static void check_file(const char *path, const char *message) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    char expected[600] = "", text[1200] = "";
    if (input_file_node(&arena, path, &err) == NULL) {
        error_print(&err, text, sizeof text);
    }
    if (message[0] != '\0') {
        snprintf(expected, sizeof expected, "%s: error: %s\n", path, message);
    }
    CHECK_TEXT(text, expected);
    CHECK(arena.total_size < 50u * 1024 * 1024);
    arena_free(&arena);
}

static void test_files(void) {
    check_file("tests/no such file.yml", "cannot be opened: No such file or directory");
    check_file(P_tmpdir, "is a folder, not a file");
    char path[] = P_tmpdir "/clearlab_node_XXXXXX";
    int file = mkstemp(path);
    CHECK(file >= 0);
    CHECK_INT(write(file, "a: 1\n", 5), 5);
    check_file(path, "");
    CHECK_INT(ftruncate(file, 100 * 1024 * 1024), 0);
    check_file(path, "larger than 16 MiB");
    close(file);
    unlink(path);
}

static void test_building(void) {
    struct arena arena = ARENA_INIT;
    struct error err;
    struct node *root = read_text(&arena, "{a: 1, b: 2, c: 3}", &err);
    struct node *a = node_get(root, "a"), *c = node_get(root, "c");
    node_remove(root, c);
    node_insert_after(root, c, NULL);
    node_remove(root, a);
    node_insert_after(root, a, node_get(root, "b"));
    node_put(root, node_scalar(&arena, a, "new"), "b");
    node_put(root, node_new(&arena, NODE_NULL, NULL), "d");
    CHECK_TEXT(node_write(&arena, root), "c: 3\nb: new\na: 1\nd: null\n");
    CHECK_INT(root->count, 4);
    CHECK_INT(node_get(root, "b")->column, a->column);
    CHECK(node_copy(&arena, c)->next == NULL && c->next != NULL);
    err = (struct error)ERROR_INIT;
    node_error(node_get(root, "d"), &err, "nowhere");
    CHECK_INT(err.line, 0);
    while (root->first != NULL) {
        node_remove(root, root->last);
    }
    CHECK(root->last == NULL && root->count == 0);
    CHECK_TEXT(node_write(&arena, root), "{}\n");
    arena_free(&arena);
}

static void test_written(void) {
    struct arena arena = ARENA_INIT;
    struct error err;
    const struct node *root = read_text(
        &arena,
        "procedures: {sea: [{fork: {cargo: [{store: {}}], 'a: b': ~}}, [x, [y]], {join: null}]}\n"
        "values: [-5 min, .5, -, '12', 12, 'null', it's, 40 %, '%', a#b, 'a #b', http://x, "
        "\"\\t\\x07\"]\n",
        &err);
    CHECK_TEXT(node_write(&arena, root), "procedures:\n"
                                         "  sea:\n"
                                         "    - fork:\n"
                                         "        cargo:\n"
                                         "          - store: {}\n"
                                         "        \"a: b\": null\n"
                                         "    - - x\n"
                                         "      - - y\n"
                                         "    - join: null\n"
                                         "values:\n"
                                         "  - -5 min\n"
                                         "  - .5\n"
                                         "  - \"-\"\n"
                                         "  - \"12\"\n"
                                         "  - 12\n"
                                         "  - \"null\"\n"
                                         "  - it's\n"
                                         "  - 40 %\n"
                                         "  - \"%\"\n"
                                         "  - a#b\n"
                                         "  - \"a #b\"\n"
                                         "  - http://x\n"
                                         "  - \"\\t\\x07\"\n");
    arena_free(&arena);
}

/* ---- random trees ---- */

static uint64_t state;

static unsigned draw(unsigned below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % below;
}

static const char *draw_text(struct arena *arena) {
    static const char *const pieces[] = {
        ":",
        ": ",
        " :",
        "#",
        " #",
        " ",
        "  ",
        "null",
        "~",
        "- x",
        "-",
        "--- ",
        "...",
        "'",
        "\"",
        "\\",
        "\n",
        "\r",
        "\r\n",
        "\t",
        "12",
        "-7.5 min",
        "@",
        "%",
        "&a",
        "*a",
        "!",
        "|",
        ">",
        "{",
        "}",
        "[",
        "]",
        ",",
        "?",
        "? ",
        "`",
        "<<",
        "=",
        "é",
        "\xE2\x80\xA8",
        "\xC2\x85",
        "\xEF\xBB\xBF",
        "\x01",
        "\x7F",
        "日本",
        "😀",
        "word",
        "a b",
        "yes",
        "0x1F",
        "1e3",
        "NULL",
        "\xEF\xBF\xBE",
        "\xC2\xA0",
    };
    char text[200] = "";
    for (unsigned i = draw(5); i > 0; i--) {
        strcat(text, pieces[draw(sizeof pieces / sizeof *pieces)]);
    }
    return arena_text(arena, text, strlen(text));
}

static struct node *draw_tree(struct arena *arena, unsigned depth) {
    unsigned kind = draw(depth > 0 ? 6 : 3);
    struct node *node = node_new(arena,
                                 kind < 3   ? NODE_SCALAR
                                 : kind < 5 ? NODE_MAPPING
                                            : NODE_SEQUENCE,
                                 NULL);
    if (kind == 0) {
        node->kind = NODE_NULL;
    } else if (kind < 3) {
        node->text = draw_text(arena);
        node->quoted = draw(2) == 0;
    }
    for (unsigned i = kind < 3 ? 0 : draw(5); i > 0; i--) {
        const char *key = draw_text(arena);
        if (node_get(node, key) == NULL) {
            node_append(node, draw_tree(arena, depth - 1), kind < 5 ? key : NULL);
        }
    }
    return node;
}

static void test_round_trip(void) {
    state = 20170102;
    unsigned leaves = 0;
    for (int i = 0; i < 20000; i++) {
        struct arena arena = ARENA_INIT;
        struct error err;
        const struct node *tree = draw_tree(&arena, 4);
        const char *text = node_write(&arena, tree);
        const struct node *again = read_text(&arena, text, &err);
        bool same = again != NULL && node_equal(tree, again);
        CHECK(same);
        if (!same) {
            printf("tree %d: %s\n%s\n", i, err.text, text);
        } else {
            CHECK_TEXT(node_write(&arena, again), text);
        }
        leaves += tree->count;
        arena_free(&arena);
    }
    CHECK(leaves > 10000);
}

/* A text that grows past its first room, one that needs several times that at once included. */
static void test_long_text(void) {
    struct arena arena = ARENA_INIT;
    struct error err;
    struct node *list = node_new(&arena, NODE_SEQUENCE, NULL);
    char *word = arena_alloc(&arena, 100001);
    memset(word, 'w', 100000);
    for (int i = 0; i < 3000; i++) {
        const char *text = i == 1500 ? word : arena_format(&arena, "item %d", i);
        node_append(list, node_scalar(&arena, list, text), NULL);
    }
    const char *text = node_write(&arena, list);
    const struct node *again = read_text(&arena, text, &err);
    CHECK(again != NULL && node_equal(list, again));
    CHECK_INT(strlen(text), 100000 + 3000 * 8 + 10 + 90 * 2 + 900 * 3 + 2000 * 4 - 4 - 5);
    arena_free(&arena);
}

/* node_equal sees each kind of difference. */
static void test_equal(void) {
    static const char *const texts[] = {
        "{a: 1, b: [x]}", "{a: 2, b: [x]}",       "{b: [x], a: 1}",   "{a: 1, b: x}",
        "{a: 1, b: []}",  "{a: 1, b: [x, null]}", "{a: '1', b: [x]}", "{a: 1, c: [x]}",
    };
    struct arena arena = ARENA_INIT;
    struct error err;
    enum { COUNT = sizeof texts / sizeof *texts };
    for (int i = 0; i < COUNT; i++) {
        for (int j = 0; j < COUNT; j++) {
            CHECK_INT(
                node_equal(read_text(&arena, texts[i], &err), read_text(&arena, texts[j], &err)),
                i == j);
        }
    }
    CHECK(node_equal(read_text(&arena, "'a: b'", &err), read_text(&arena, "\"a: b\"", &err)));
    arena_free(&arena);
}

int main(void) {
    test_refused();
    test_places();
    test_null();
    test_aliases();
    test_limits();
    test_bombs();
    test_files();
    test_building();
    test_written();
    test_round_trip();
    test_long_text();
    test_equal();
    return test_summary();
}
