/* SPDX-License-Identifier: GPL-3.0-or-later
 * tariff_formula.h - reads the formulas of worked examples into a tree; evaluates nothing.
 *
 *     expression = disjunction ["if" disjunction "else" expression]
 *     disjunction = conjunction {"or" conjunction}
 *     conjunction = negation {"and" negation}
 *     negation = "not" negation | sum {("==" | "!=" | "<" | "<=" | ">" | ">=") sum}
 *              | sum ["not"] "in" "(" expressions ")"
 *     sum = product {("+" | "-") product}
 *     product = factor {("*" | "/" | "//" | "%") factor}
 *     factor = ("-" | "+") factor | primary ["**" whole number]
 *     primary = number | text | name ["(" arguments ")"] | "(" expressions ")", each with slices
 *               behind it: [:2]
 *
 * a < b < c is a < b and b < c; a in (b, c) is a == b or a == c; a // b is down(a / b, 0), a % b
 * what that leaves; a ** 3 is a * a * a. */
#ifndef TESTS_VECTORS_TARIFF_FORMULA_H
#define TESTS_VECTORS_TARIFF_FORMULA_H

#include "core/base/arena.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum formula_kind {
    FORMULA_NUMBER,
    FORMULA_TEXT,
    FORMULA_NAME,
    FORMULA_CALL,
    FORMULA_TUPLE,
    FORMULA_SLICE,  /* the first `count` characters of children[0] */
    FORMULA_BINARY, /* `text` is the operator: + - * / == != < <= > >= and or */
    FORMULA_NOT,
    FORMULA_MINUS,
    FORMULA_IF, /* children: then, condition, else */
};

enum { FORMULA_CHILDREN_MAX = 12 };

struct formula {
    enum formula_kind kind;
    const char *text;
    unsigned count;
    struct formula *children[FORMULA_CHILDREN_MAX];
};

struct formula_reader {
    struct arena *arena;
    const char *next;
    bool is_wrong;
};

static struct formula *formula_expression(struct formula_reader *reader);

static struct formula *formula_make(struct formula_reader *reader, enum formula_kind kind,
                                    const char *text) {
    struct formula *formula = ARENA_NEW(reader->arena, struct formula);
    formula->kind = kind;
    formula->text = text;
    return formula;
}

static void formula_add(struct formula_reader *reader, struct formula *to, struct formula *child) {
    if (to->count == FORMULA_CHILDREN_MAX) {
        reader->is_wrong = true;
    } else {
        to->children[to->count++] = child;
    }
}

static struct formula *formula_binary(struct formula_reader *reader, const char *operator,
                                      struct formula * left, struct formula *right) {
    struct formula *formula = formula_make(reader, FORMULA_BINARY, operator);
    formula_add(reader, formula, left);
    formula_add(reader, formula, right);
    return formula;
}

static char formula_peek(struct formula_reader *reader) {
    reader->next += strspn(reader->next, " \t\n");
    return *reader->next;
}

static bool formula_is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Takes an operator or word when it comes next. */
static bool formula_take(struct formula_reader *reader, const char *word) {
    size_t length = strlen(word);
    formula_peek(reader);
    if (strncmp(reader->next, word, length) != 0 ||
        (formula_is_word(word[0]) && formula_is_word(reader->next[length]))) {
        return false;
    }
    reader->next += length;
    return true;
}

static char *formula_cut(struct formula_reader *reader, size_t length) {
    char *text = arena_text(reader->arena, reader->next, length);
    reader->next += length;
    return text;
}

/* What stands between parentheses, the first of which is taken already. */
static void formula_list(struct formula_reader *reader, struct formula *to) {
    while (!reader->is_wrong && !formula_take(reader, ")")) {
        formula_add(reader, to, formula_expression(reader));
        if (!formula_take(reader, ",") && formula_peek(reader) != ')') {
            reader->is_wrong = true;
        }
    }
}

static struct formula *formula_primary(struct formula_reader *reader) {
    char c = formula_peek(reader);
    if (c == '\'' || c == '"') {
        reader->next++;
        struct formula *text = formula_make(reader, FORMULA_TEXT, NULL);
        text->text = formula_cut(reader, strcspn(reader->next, "'\""));
        reader->is_wrong = reader->is_wrong || *reader->next != c;
        reader->next += *reader->next == c;
        return text;
    }
    if ((c >= '0' && c <= '9') || c == '.') {
        /* 10 ** 9 does not occur in formulas; digits and a point are all there is */
        return formula_make(reader, FORMULA_NUMBER,
                            formula_cut(reader, strspn(reader->next, "0123456789.")));
    }
    if (c == '(') {
        const char *begin = ++reader->next;
        struct formula *tuple = formula_make(reader, FORMULA_TUPLE, begin);
        formula_list(reader, tuple);
        return tuple->count == 1 ? tuple->children[0] : tuple;
    }
    size_t length = 0;
    while (formula_is_word(reader->next[length])) {
        length++;
    }
    if (length == 0) {
        reader->is_wrong = true;
        return formula_make(reader, FORMULA_NUMBER, "0");
    }
    struct formula *name = formula_make(reader, FORMULA_NAME, formula_cut(reader, length));
    if (formula_take(reader, "(")) {
        name->kind = FORMULA_CALL;
        formula_list(reader, name);
    }
    return name;
}

/* factor * factor * ..., the whole number of times that comes next. */
static struct formula *formula_power(struct formula_reader *reader, struct formula *factor) {
    enum { POWER_MAX = 32 };
    formula_peek(reader);
    unsigned long times = strtoul(reader->next, NULL, 10);
    size_t length = strspn(reader->next, "0123456789");
    struct formula *power = formula_make(reader, FORMULA_NUMBER, "1");
    reader->is_wrong = reader->is_wrong || length == 0 || times > POWER_MAX;
    reader->next += length;
    for (unsigned long i = 0; i < times && !reader->is_wrong; i++) {
        power = i == 0 ? factor : formula_binary(reader, "*", power, factor);
    }
    return power;
}

static struct formula *formula_factor(struct formula_reader *reader) {
    if (formula_take(reader, "-")) {
        struct formula *minus = formula_make(reader, FORMULA_MINUS, "-");
        formula_add(reader, minus, formula_factor(reader));
        return minus;
    }
    if (formula_take(reader, "+")) {
        return formula_factor(reader);
    }
    struct formula *factor = formula_primary(reader);
    while (!reader->is_wrong && formula_take(reader, "[")) {
        struct formula *slice = formula_make(reader, FORMULA_SLICE, "");
        reader->is_wrong = !formula_take(reader, ":");
        formula_peek(reader);
        slice->text = formula_cut(reader, strspn(reader->next, "0123456789"));
        reader->is_wrong = reader->is_wrong || !formula_take(reader, "]");
        formula_add(reader, slice, factor);
        factor = slice;
    }
    return formula_take(reader, "**") ? formula_power(reader, factor) : factor;
}

/* The whole part of a / b, downwards; or what is left of a. */
static struct formula *formula_whole(struct formula_reader *reader, struct formula *a,
                                     struct formula *b, bool is_rest) {
    struct formula *down = formula_make(reader, FORMULA_CALL, "down");
    formula_add(reader, down, formula_binary(reader, "/", a, b));
    formula_add(reader, down, formula_make(reader, FORMULA_NUMBER, "0"));
    return is_rest ? formula_binary(reader, "-", a, formula_binary(reader, "*", b, down)) : down;
}

static struct formula *formula_product(struct formula_reader *reader) {
    struct formula *left = formula_factor(reader);
    while (!reader->is_wrong && formula_peek(reader) != '\0' && strchr("*/%", *reader->next)) {
        if (formula_take(reader, "//")) {
            left = formula_whole(reader, left, formula_factor(reader), false);
        } else if (formula_take(reader, "%")) {
            left = formula_whole(reader, left, formula_factor(reader), true);
        } else {
            const char *operator= * reader->next == '*' ? "*" : "/";
            reader->next++;
            left = formula_binary(reader, operator, left, formula_factor(reader));
        }
    }
    return left;
}

static struct formula *formula_sum(struct formula_reader *reader) {
    struct formula *left = formula_product(reader);
    while (!reader->is_wrong && (formula_peek(reader) == '+' || *reader->next == '-')) {
        const char *operator= * reader->next == '+' ? "+" : "-";
        reader->next++;
        left = formula_binary(reader, operator, left, formula_product(reader));
    }
    return left;
}

/* Whether `left` is one of the tuple that comes next. */
static struct formula *formula_among(struct formula_reader *reader, struct formula *left,
                                     bool is_out) {
    struct formula *list = formula_primary(reader), *any = NULL;
    unsigned count = list->kind == FORMULA_TUPLE ? list->count : 1;
    for (unsigned i = 0; i < count; i++) {
        struct formula *item = list->kind == FORMULA_TUPLE ? list->children[i] : list;
        struct formula *one = formula_binary(reader, "==", left, item);
        any = any == NULL ? one : formula_binary(reader, "or", any, one);
    }
    struct formula *negation = formula_make(reader, FORMULA_NOT, "not");
    reader->is_wrong = reader->is_wrong || any == NULL;
    formula_add(reader, negation, any != NULL ? any : list);
    return is_out ? negation : any;
}

static struct formula *formula_negation(struct formula_reader *reader) {
    static const char *const relations[] = {"==", "!=", "<=", ">=", "<", ">"};
    if (formula_take(reader, "not")) {
        struct formula *negation = formula_make(reader, FORMULA_NOT, "not");
        formula_add(reader, negation, formula_negation(reader));
        return negation;
    }
    struct formula *left = formula_sum(reader), *all = NULL;
    for (unsigned i = 0; i < sizeof relations / sizeof relations[0]; i++) {
        if (formula_take(reader, relations[i])) {
            struct formula *right = formula_sum(reader);
            struct formula *one = formula_binary(reader, relations[i], left, right);
            all = all == NULL ? one : formula_binary(reader, "and", all, one);
            left = right;
            i = UINT_MAX; /* from the first again */
        }
    }
    bool is_out = all == NULL && formula_take(reader, "not");
    if (all == NULL && formula_take(reader, "in")) {
        return formula_among(reader, left, is_out);
    }
    reader->is_wrong = reader->is_wrong || is_out;
    return all != NULL ? all : left;
}

static struct formula *formula_conjunction(struct formula_reader *reader) {
    struct formula *left = formula_negation(reader);
    while (!reader->is_wrong && formula_take(reader, "and")) {
        left = formula_binary(reader, "and", left, formula_negation(reader));
    }
    return left;
}

static struct formula *formula_disjunction(struct formula_reader *reader) {
    struct formula *left = formula_conjunction(reader);
    while (!reader->is_wrong && formula_take(reader, "or")) {
        left = formula_binary(reader, "or", left, formula_conjunction(reader));
    }
    return left;
}

static struct formula *formula_expression(struct formula_reader *reader) {
    struct formula *then = formula_disjunction(reader);
    if (reader->is_wrong || !formula_take(reader, "if")) {
        return then;
    }
    struct formula *choice = formula_make(reader, FORMULA_IF, "if");
    formula_add(reader, choice, then);
    formula_add(reader, choice, formula_disjunction(reader));
    reader->is_wrong = reader->is_wrong || !formula_take(reader, "else");
    formula_add(reader, choice, formula_expression(reader));
    return choice;
}

/* NULL when the text is no formula. */
static struct formula *formula_read(struct arena *arena, const char *text) {
    struct formula_reader reader = {.arena = arena, .next = text};
    struct formula *formula = formula_expression(&reader);
    return reader.is_wrong || formula_peek(&reader) != '\0' ? NULL : formula;
}

/* Whether two trees are alike. */
static bool formula_equal(const struct formula *a, const struct formula *b) {
    if (a->kind != b->kind || a->count != b->count ||
        (a->kind != FORMULA_TUPLE && strcmp(a->text, b->text) != 0)) {
        return false;
    }
    for (unsigned i = 0; i < a->count; i++) {
        if (!formula_equal(a->children[i], b->children[i])) {
            return false;
        }
    }
    return true;
}

static bool formula_is_call(const struct formula *formula, const char *name) {
    return formula->kind == FORMULA_CALL && strcmp(formula->text, name) == 0;
}

static bool formula_is_binary(const struct formula *formula, const char *operator) {
    return formula->kind == FORMULA_BINARY && strcmp(formula->text, operator) == 0;
}

#endif
