/* SPDX-License-Identifier: GPL-3.0-or-later
 * feel_test.c - the unary tests of FEEL: what stands in the cells of a decision table.
 *
 * Each becomes a condition over its subject and, where rule.h has the same test, a cell. */
#include "core/rule/feel_reading.h"

#include <string.h>

static bool is_plain_word(const char *text) {
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    return length > 0 && text[length] == '\0' && strcmp(text, "missing") != 0 &&
           strcmp(text, "not") != 0;
}

/* A bound as a cell writes it; NULL where it cannot. */
static const char *as_bound(struct feel_reading *reading, const struct feel_part *part) {
    if (part->type == VALUE_MISSING || !part->is_fixed) {
        return NULL;
    }
    if (part->type != VALUE_TEXT) {
        return part->text;
    }
    if (part->literal == NULL || strchr(part->literal, '\n') != NULL) {
        return NULL;
    }
    bool has_double = strchr(part->literal, '"') != NULL;
    if (is_plain_word(part->literal)) {
        return part->literal;
    }
    return has_double && strchr(part->literal, '\'') != NULL
               ? NULL
               : arena_format(reading->arena, has_double ? "'%s'" : "\"%s\"", part->literal);
}

static const char *relation_cell(struct feel_reading *reading, const char *relation,
                                 const struct feel_part *part, const struct feel_part *subject) {
    const char *bound = as_bound(reading, part);
    if (bound == NULL || part->type != subject->type) {
        return NULL;
    }
    if (strcmp(relation, "=") == 0) {
        return bound;
    }
    if (strcmp(relation, "!=") == 0) { /* also met by null */
        return NULL;
    }
    bool has_order = part->type == VALUE_DECIMAL || part->type == VALUE_DATE;
    return has_order ? arena_format(reading->arena, "%s %s", relation, bound) : NULL;
}

/* [1..5], (1..5), ]1..5[ and their mixtures; false, and nothing is taken, when it is none. */
static bool take_range(struct feel_reading *reading, const struct feel_part *subject,
                       struct feel_tests *tests) {
    size_t begin = reading->at;
    struct feel_problem before = *reading->problem;
    bool low_open = !feel_take_mark(reading, "[");
    if (low_open && !feel_take_mark(reading, "(") && !feel_take_mark(reading, "]")) {
        return false;
    }
    struct feel_part low = feel_read_sum(reading);
    if (feel_failed(reading) || !feel_take_mark(reading, "..")) {
        reading->at = begin;
        *reading->problem = before;
        return false;
    }
    bool outer_range = reading->in_range;
    reading->in_range = true;
    struct feel_part high = feel_read_sum(reading);
    reading->in_range = outer_range;
    bool high_open = feel_take_mark(reading, ")") || feel_take_mark(reading, "[");
    if (!high_open) {
        feel_expect_mark(reading, "]");
    }
    tests->condition =
        feel_join(reading, true, feel_compare(reading, low_open ? ">" : ">=", *subject, low),
                  feel_compare(reading, high_open ? "<" : "<=", *subject, high));
    const char *a = relation_cell(reading, ">", &low, subject) == NULL ? NULL : low.text;
    const char *b = relation_cell(reading, "<", &high, subject) == NULL ? NULL : high.text;
    if (a != NULL && b != NULL && low.is_plain && high.is_plain) {
        tests->cell = arena_format(reading->arena, "%c%s .. %s%c", low_open ? '(' : '[', a, b,
                                   high_open ? ')' : ']');
    }
    return true;
}

/* A value: met by what equals it; a truth value about something else: met when it is true. */
static void test_value(struct feel_reading *reading, const struct feel_part *subject,
                       struct feel_part value, struct feel_tests *tests) {
    if (reading->subject_used || (value.type == VALUE_BOOLEAN && subject->type != VALUE_BOOLEAN)) {
        tests->condition = value.type == VALUE_BOOLEAN ? value : feel_null();
        return;
    }
    tests->condition = feel_compare(reading, "=", *subject, value);
    tests->cell =
        value.type == VALUE_MISSING ? "missing" : relation_cell(reading, "=", &value, subject);
}

static void join_test(struct feel_reading *reading, struct feel_tests *tests,
                      struct feel_tests next) {
    tests->condition = feel_join(reading, false, tests->condition, next.condition);
    tests->cell = tests->cell == NULL || next.cell == NULL
                      ? NULL
                      : arena_format(reading->arena, "%s, %s", tests->cell, next.cell);
}

/* [1, 2, 3]: met by each of them. */
static struct feel_tests read_list(struct feel_reading *reading, const struct feel_part *subject) {
    feel_expect_mark(reading, "[");
    struct feel_tests tests = feel_read_tests(reading, subject);
    feel_expect_mark(reading, "]");
    return tests;
}

struct feel_tests feel_read_test(struct feel_reading *reading, const struct feel_part *subject) {
    static const char *const relations[] = {"!=", "<=", ">=", "=", "<", ">"};
    struct feel_tests tests = {.condition = feel_null()};
    for (size_t i = 0; i < sizeof relations / sizeof *relations; i++) {
        if (feel_take_mark(reading, relations[i])) {
            struct feel_part bound = feel_read_sum(reading);
            tests.condition = feel_compare(reading, relations[i], *subject, bound);
            tests.cell = relation_cell(reading, relations[i], &bound, subject);
            return tests;
        }
    }
    if (feel_at_end(reading)) {
        feel_expected(reading, "a test");
        return tests;
    }
    if (take_range(reading, subject, &tests)) {
        return tests;
    }
    if (feel_is_mark(reading, "[")) {
        if (reading->depth == FEEL_DEPTH_MAX) {
            feel_gap(reading, reading->at, "lists nested so deeply");
            return tests;
        }
        reading->depth++;
        tests = read_list(reading, subject);
        reading->depth--;
        return tests;
    }
    const struct feel_part *outer = reading->subject;
    bool outer_used = reading->subject_used;
    reading->subject = subject;
    reading->subject_used = false;
    test_value(reading, subject, feel_read_expression(reading), &tests);
    reading->subject = outer;
    reading->subject_used = outer_used;
    return tests;
}

struct feel_tests feel_read_tests(struct feel_reading *reading, const struct feel_part *subject) {
    struct feel_tests tests = feel_read_test(reading, subject);
    while (feel_take_mark(reading, ",")) {
        join_test(reading, &tests, feel_read_test(reading, subject));
    }
    return tests;
}

/* not(...) over tests; over a truth value it is an expression. A null subject meets not("a") but
 * not not(< 5), as null = "a" is false and null < 5 is null. */
static struct feel_tests read_negation(struct feel_reading *reading,
                                       const struct feel_part *subject) {
    struct feel_tests tests = feel_read_tests(reading, subject);
    feel_expect_mark(reading, ")");
    tests.condition = feel_not(reading, tests.condition);
    if (tests.cell != NULL) {
        bool has_order = strpbrk(tests.cell, "<>") != NULL || strstr(tests.cell, " .. ") != NULL;
        bool has_missing = strstr(tests.cell, "missing") != NULL;
        tests.cell = subject->type == VALUE_TEXT && (has_order || has_missing)
                         ? NULL /* marks within the text */
                         : arena_format(reading->arena,
                                        has_order || has_missing ? "not(%s)" : "not(%s), missing",
                                        tests.cell);
    }
    return tests;
}

struct feel_tests feel_unary_tests(const char *text, const struct feel_part *subject,
                                   const struct feel_scope *scope, struct arena *arena,
                                   struct feel_problem *problem) {
    unsigned work = 0;
    struct feel_reading reading = {
        .text = text, .scope = scope, .arena = arena, .problem = problem, .work = &work};
    struct feel_tests tests = {.is_any = true, .cell = "-", .condition = feel_boolean(true)};
    if (feel_at_end(&reading)) {
        return tests; /* an empty cell, as some editors write it */
    }
    size_t begin = reading.at;
    if (feel_take_mark(&reading, "-") && feel_at_end(&reading)) {
        return tests;
    }
    reading.at = begin;
    if (feel_take_word(&reading, "not") && feel_take_mark(&reading, "(")) {
        tests = read_negation(&reading, subject);
    } else {
        reading.at = begin;
        tests = feel_read_tests(&reading, subject);
    }
    tests.is_any = false;
    if (!feel_at_end(&reading)) {
        feel_expected(&reading, "',' or the end");
    }
    return tests;
}

int feel_list(const char *text, struct arena *arena, const struct feel_part **items,
              unsigned *count, struct feel_problem *problem) {
    unsigned work = 0;
    const struct feel_scope nothing = {0};
    struct feel_reading reading = {
        .text = text, .scope = &nothing, .arena = arena, .problem = problem, .work = &work};
    struct feel_part *list = ARENA_ARRAY(arena, struct feel_part, FEEL_LIST_MAX);
    *count = 0;
    do {
        if (*count == FEEL_LIST_MAX) {
            feel_gap(&reading, reading.at, "a list of more than %d values", FEEL_LIST_MAX);
            return -1;
        }
        (void)feel_at_end(&reading);
        if (strpbrk(reading.text + reading.at, "[]<>") == reading.text + reading.at) {
            feel_gap(&reading, reading.at, "a range among allowed values");
        }
        size_t begin = reading.at;
        list[*count] = feel_read_sum(&reading);
        if (!list[*count].is_plain && list[*count].type != VALUE_MISSING) {
            feel_gap(&reading, begin, "an expression among allowed values");
        }
        ++*count;
    } while (!feel_failed(&reading) && feel_take_mark(&reading, ","));
    if (!feel_at_end(&reading)) {
        feel_expected(&reading, "',' or the end");
    }
    *items = list;
    return feel_failed(&reading) ? -1 : 0;
}
