/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule_cell.c - the tests in the cells of `when`; rule.h has their grammar. */
#include "core/rule/rule_table.h"

#include <string.h>

/* A part of a scalar, from begin to end. */
struct piece {
    const struct node *node;
    const char *begin, *end;
};

struct reading {
    struct rule *rule;
    unsigned input;
    bool in_negation;
    struct rule_test *tests;
    unsigned count;
    size_t capacity;
};

static void read_list(struct reading *reading, struct piece piece);

static bool failed(const struct reading *reading) {
    return reading->rule->err->code != ERROR_NONE;
}

static struct piece trimmed(struct piece piece) {
    while (piece.begin < piece.end && (*piece.begin == ' ' || *piece.begin == '\n')) {
        piece.begin++;
    }
    while (piece.begin < piece.end && (piece.end[-1] == ' ' || piece.end[-1] == '\n')) {
        piece.end--;
    }
    return piece;
}

static bool is_word(struct piece piece, const char *word) {
    size_t length = (size_t)(piece.end - piece.begin);
    return strlen(word) == length && memcmp(piece.begin, word, length) == 0;
}

static bool begins(struct piece piece, const char *with) {
    size_t length = strlen(with);
    return (size_t)(piece.end - piece.begin) >= length && memcmp(piece.begin, with, length) == 0;
}

static void fail(struct reading *reading, struct piece piece, const char *message) {
    rule_text_error(reading->rule, piece.node, (size_t)(piece.begin - piece.node->text), "%s",
                    message);
}

/* The first `mark` outside of quotes and brackets, or the end. */
static const char *find_mark(struct piece piece, const char *mark) {
    int depth = 0;
    char quote = '\0';
    for (const char *at = piece.begin; at < piece.end; at++) {
        if (quote != '\0') {
            quote = *at == quote ? '\0' : quote;
        } else if (*at == '"' || (*at == '\'' && (at == piece.begin || strchr(" ,([", at[-1])))) {
            quote = *at;
        } else if (depth == 0 && begins((struct piece){NULL, at, piece.end}, mark)) {
            return at;
        } else {
            depth += (*at == '(' || *at == '[') - (*at == ')' || *at == ']');
        }
    }
    return piece.end;
}

static struct rule_test *add(struct reading *reading, struct piece piece,
                             enum rule_test_kind kind) {
    if (reading->count == RULE_TESTS_MAX) {
        fail(reading, piece, "a cell has at most 1024 tests");
        reading->count = 0;
    }
    reading->tests = arena_grow(reading->rule->arena, reading->tests, reading->count,
                                &reading->capacity, sizeof *reading->tests);
    struct rule_test *test = &reading->tests[reading->count++];
    *test = (struct rule_test){.kind = kind};
    return test;
}

/* ---- bounds ---- */

/* What stands for itself: a text, in its own quotes or in none. */
static struct rule_bound read_symbol(struct reading *reading, struct piece piece) {
    struct rule *rule = reading->rule;
    const struct expression_input *input = &rule->all_names[reading->input];
    struct piece whole = piece;
    if ((*piece.begin == '"' || *piece.begin == '\'') && piece.end - piece.begin >= 2 &&
        piece.end[-1] == *piece.begin) {
        piece.begin++;
        piece.end--;
    }
    const char *text = arena_text(rule->arena, piece.begin, (size_t)(piece.end - piece.begin));
    struct rule_bound bound = {
        .value = {.type = VALUE_SYMBOL,
                  .symbol = expression_symbol(&rule->names, rule->arena, text)}};
    if (input->choices != NULL &&
        !rule_set_contains(&rule->inputs[reading->input].domain, bound.value.symbol)) {
        const char *choices[RULE_CHOICES_MAX];
        unsigned count = 0;
        for (const char *at = input->choices; *at != '\0' && count < RULE_CHOICES_MAX;) {
            size_t length = strcspn(at, "|");
            choices[count++] = arena_text(rule->arena, at, length);
            at += length + (at[length] == '|');
        }
        rule_text_error(rule, whole.node, (size_t)(whole.begin - whole.node->text),
                        "'%s' is no choice of '%s'%s", text, input->name,
                        rule_text_hint(rule, text, "its choices are", choices, count));
    }
    return bound;
}

static struct rule_bound read_bound(struct reading *reading, struct piece piece) {
    struct rule *rule = reading->rule;
    struct rule_bound bound = {.value = {.type = VALUE_MISSING}};
    piece = trimmed(piece);
    if (piece.begin == piece.end) {
        fail(reading, piece, "expected a value here");
        return bound;
    }
    if (rule->all_names[reading->input].type == VALUE_SYMBOL) {
        return read_symbol(reading, piece);
    }
    const char *text = arena_text(rule->arena, piece.begin, (size_t)(piece.end - piece.begin));
    size_t offset = (size_t)(piece.begin - piece.node->text);
    const struct expression *expression =
        rule_text_compile(rule, piece.node, text, offset, reading->input, rule->cell_names);
    if (expression == NULL) {
        return bound;
    }
    unsigned count;
    const uint16_t *inputs = expression_inputs(expression, &count);
    if (count == 0) {
        bound.value = expression_evaluate(expression, NULL);
        if (bound.value.type == VALUE_MISSING) {
            fail(reading, piece, "this has no value");
        }
    } else if (inputs[0] < rule->input_count) {
        rule_text_error(rule, piece.node, offset,
                        "'%s' is an input: compare inputs with each other under 'provided'",
                        rule->all_names[inputs[0]].name);
    } else {
        bound.expression = expression;
    }
    return bound;
}

/* ---- tests ---- */

static bool has_order(const struct reading *reading) {
    enum value_type type = reading->rule->all_names[reading->input].type;
    return type == VALUE_DECIMAL || type == VALUE_DATE;
}

/* low .. high, either of which may be absent; `dots` is where they are. */
static void read_range(struct reading *reading, struct piece piece, const char *dots) {
    struct rule_test *test = add(reading, piece, RULE_TEST_RANGE);
    bool is_bracketed = *piece.begin == '[' || *piece.begin == '(';
    if (is_bracketed) {
        test->low_open = *piece.begin == '(';
        test->high_open = piece.end[-1] == ')';
        piece.begin++;
        piece.end--;
    }
    struct piece low = trimmed((struct piece){piece.node, piece.begin, dots});
    struct piece high = trimmed((struct piece){piece.node, dots + 2, piece.end});
    test->has_low = is_bracketed || low.begin < low.end;
    test->has_high = is_bracketed || high.begin < high.end;
    if (!test->has_low && !test->has_high) {
        fail(reading, piece, "a range needs a value on at least one side of '..'");
        return;
    }
    if (test->has_low) {
        test->low = read_bound(reading, low);
    }
    if (test->has_high && !failed(reading)) {
        test->high = read_bound(reading, high);
        struct value a = test->low.value, b = test->high.value;
        if (a.type != VALUE_MISSING && b.type != VALUE_MISSING && rule_key(&a) > rule_key(&b)) {
            fail(reading, piece, "the range ends before it begins");
        }
    }
}

/* ".." inside the brackets that enclose the whole piece, or NULL. */
static const char *find_bracketed_dots(struct piece piece) {
    if (piece.end - piece.begin < 4 || (*piece.begin != '[' && *piece.begin != '(') ||
        (piece.end[-1] != ']' && piece.end[-1] != ')')) {
        return NULL;
    }
    struct piece inside = {piece.node, piece.begin + 1, piece.end - 1};
    const char *dots = find_mark(inside, "..");
    return dots < inside.end ? dots : NULL;
}

static const struct relation_word {
    const char *word;
    enum { BELOW = 1, EQUAL = 2, ABOVE = 4 } holds;
} relation_words[] = {
    {"<=", BELOW | EQUAL},        {">=", ABOVE | EQUAL}, {"==", EQUAL},
    {"!=", BELOW | ABOVE},        {"<", BELOW},          {">", ABOVE},
    {"less than ", BELOW},        {"more than ", ABOVE}, {"at most ", BELOW | EQUAL},
    {"at least ", ABOVE | EQUAL},
};

static const struct relation_word *find_relation(struct piece piece) {
    for (size_t i = 0; i < sizeof relation_words / sizeof *relation_words; i++) {
        if (begins(piece, relation_words[i].word)) {
            return &relation_words[i];
        }
    }
    return NULL;
}

static void negate(struct reading *reading, struct rule_test *test, struct piece piece) {
    struct rule_test *inner = ARENA_NEW(reading->rule->arena, struct rule_test);
    if (reading->in_negation) {
        fail(reading, piece, "a negation cannot stand inside not(...)");
    }
    *inner = *test;
    *test = (struct rule_test){.kind = RULE_TEST_NOT, .tests = inner, .test_count = 1};
}

static void read_relation(struct reading *reading, struct piece piece, unsigned holds,
                          size_t skipped) {
    struct piece whole = piece;
    piece.begin += skipped;
    bool is_equality = (holds & EQUAL) == holds || holds == (BELOW | ABOVE);
    if (!is_equality && !has_order(reading)) {
        rule_text_error(reading->rule, whole.node, (size_t)(whole.begin - whole.node->text),
                        "'%s' has no order: list its values",
                        reading->rule->all_names[reading->input].name);
        return;
    }
    struct rule_bound bound = read_bound(reading, piece);
    struct rule_test *test = add(reading, whole, RULE_TEST_RANGE);
    test->low = test->high = bound;
    test->has_low = (holds & BELOW) == 0 || is_equality;
    test->has_high = (holds & ABOVE) == 0 || is_equality;
    test->low_open = holds == ABOVE;
    test->high_open = holds == BELOW;
    if (holds == (BELOW | ABOVE)) {
        negate(reading, test, whole);
    }
}

static void read_negation(struct reading *reading, struct piece piece) {
    struct reading inner = {.rule = reading->rule, .input = reading->input, .in_negation = true};
    struct piece inside = {piece.node, strchr(piece.begin, '(') + 1, piece.end - 1};
    if (reading->in_negation || piece.end[-1] != ')') {
        fail(reading, piece,
             reading->in_negation ? "not(...) cannot stand inside not(...)"
                                  : "not( is not closed by ); inside { } a test with a comma "
                                    "stands in quotes");
        return;
    }
    read_list(&inner, inside);
    struct rule_test *test = add(reading, piece, RULE_TEST_NOT);
    test->tests = inner.tests;
    test->test_count = inner.count;
}

static bool is_negation(struct piece piece) {
    const char *at = piece.begin + 3;
    while (begins(piece, "not") && at < piece.end && *at == ' ') {
        at++;
    }
    return begins(piece, "not") && at < piece.end && *at == '(';
}

static void read_test(struct reading *reading, struct piece piece) {
    piece = trimmed(piece);
    if (piece.begin == piece.end) {
        fail(reading, piece, "expected a test; '-' is met by everything");
        return;
    }
    const struct relation_word *relation = find_relation(piece);
    const char *dots = has_order(reading) ? find_bracketed_dots(piece) : NULL;
    if (dots == NULL && has_order(reading)) {
        dots = find_mark(piece, "..");
        dots = dots < piece.end ? dots : NULL;
    }
    if (is_word(piece, "-")) {
        add(reading, piece, RULE_TEST_ANY);
    } else if (is_word(piece, "missing")) {
        add(reading, piece, RULE_TEST_MISSING);
        if (!reading->rule->inputs[reading->input].is_optional) {
            rule_text_error(reading->rule, piece.node, (size_t)(piece.begin - piece.node->text),
                            "'%s' is never missing: say 'optional: true' of the input",
                            reading->rule->all_names[reading->input].name);
        }
    } else if (is_negation(piece)) {
        read_negation(reading, piece);
    } else if (relation != NULL) {
        read_relation(reading, piece, relation->holds, strlen(relation->word));
    } else if (dots != NULL) {
        read_range(reading, piece, dots);
    } else {
        read_relation(reading, piece, EQUAL, 0);
    }
}

static void read_list(struct reading *reading, struct piece piece) {
    while (!failed(reading)) {
        struct piece test = {piece.node, piece.begin, find_mark(piece, ",")};
        read_test(reading, test);
        if (test.end == piece.end) {
            return;
        }
        piece.begin = test.end + 1;
    }
}

static void read_scalar(struct reading *reading, const struct node *node) {
    if (node->kind != NODE_SCALAR) {
        node_error(node, reading->rule->err, "expected a test; '-' is met by everything");
        return;
    }
    read_list(reading, (struct piece){node, node->text, node->text + strlen(node->text)});
}

const struct rule_cell *rule_cell_read(struct rule *rule, unsigned input, const struct node *node) {
    struct reading reading = {.rule = rule, .input = input};
    if (node->kind == NODE_SEQUENCE && node->count > 0) {
        for (const struct node *child = node->first; child != NULL; child = child->next) {
            read_scalar(&reading, child);
        }
    } else {
        read_scalar(&reading, node);
    }
    struct rule_cell *cell = ARENA_NEW(rule->arena, struct rule_cell);
    *cell = (struct rule_cell){node, reading.tests, reading.count};
    return failed(&reading) ? NULL : cell;
}

/* ---- what meets a cell ---- */

/* -1 when it is missing. */
static int bound_key(const struct rule *rule, const struct rule_bound *bound,
                     const struct value *parameters, int128 *key) {
    struct value value = bound->value;
    if (bound->expression != NULL) {
        /* Expressions count parameters behind the inputs, which a bound does not read. */
        struct value all[RULE_NAMES_MAX];
        memset(all, 0, sizeof all);
        memcpy(all + rule->input_count, parameters, rule->parameter_count * sizeof *parameters);
        value = expression_evaluate(bound->expression, all);
    }
    if (value.type == VALUE_MISSING) {
        return -1;
    }
    *key = rule_key(&value);
    return 0;
}

/* -1 when it is unknown because a bound is missing. */
static int test_range(const struct rule *rule, const struct rule_test *test,
                      const struct value *parameters, struct rule_interval *interval) {
    *interval = (struct rule_interval){-RULE_KEY_MAX, RULE_KEY_MAX};
    if (test->has_low) {
        if (bound_key(rule, &test->low, parameters, &interval->low) < 0) {
            return -1;
        }
        interval->low += test->low_open;
    }
    if (test->has_high) {
        if (bound_key(rule, &test->high, parameters, &interval->high) < 0) {
            return -1;
        }
        interval->high -= test->high_open;
    }
    return 0;
}

/* Whether all bounds are known; the set has what is known to meet one of the tests. */
static bool tests_set(const struct rule *rule, const struct rule_test *tests, unsigned count,
                      const struct value *parameters, struct arena *arena, struct rule_set *set) {
    struct rule_interval *intervals = NULL;
    size_t capacity = 0;
    unsigned used = 0;
    bool is_known = true, has_missing = false;
    for (unsigned i = 0; i < count; i++) {
        struct rule_interval one = {1, 0};
        struct rule_set inner = {&one, 1, false};
        if (tests[i].kind == RULE_TEST_NOT) {
            bool is_inner_known =
                tests_set(rule, tests[i].tests, tests[i].test_count, parameters, arena, &inner);
            inner.count = is_inner_known ? inner.count : 0;
            is_known = is_known && is_inner_known;
            inner = is_inner_known ? rule_set_complement(inner, arena) : inner;
        } else if (tests[i].kind == RULE_TEST_RANGE) {
            inner.count = test_range(rule, &tests[i], parameters, &one) == 0;
            is_known = is_known && inner.count == 1;
        } else {
            has_missing = true;
            one = tests[i].kind == RULE_TEST_ANY
                      ? (struct rule_interval){-RULE_KEY_MAX, RULE_KEY_MAX}
                      : one;
        }
        for (unsigned k = 0; k < inner.count; k++) {
            intervals = arena_grow(arena, intervals, used, &capacity, sizeof *intervals);
            intervals[used++] = inner.intervals[k];
        }
    }
    *set = rule_set_join(intervals, used);
    set->has_missing = has_missing;
    return is_known;
}

struct rule_set rule_cell_set(const struct rule *rule, const struct rule_cell *cell,
                              const struct value *parameters, struct arena *arena) {
    struct rule_set set;
    tests_set(rule, cell->tests, cell->test_count, parameters, arena, &set);
    return set;
}
