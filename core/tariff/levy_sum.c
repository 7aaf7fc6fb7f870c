/* SPDX-License-Identifier: GPL-3.0-or-later
 * levy_sum.c - bases as people write them, multiplied out into sums of products.
 *
 *     sum    = ["-"] term {("+" | "-") term}
 *     term   = factor {("*" | "/") factor}
 *     factor = number ["%"] | name | "'" any name "'" | "(" sum ")"
 *
 * What is divided by is one product: a quotient of sums is a levy in its own base. */
#include "core/tariff/levy_build.h"

#include <stdlib.h>
#include <string.h>

struct parser {
    struct levy_builder *builder;
    const struct node *node;
    const char *text, *next;
    int depth;
};

struct terms {
    unsigned count;
    struct levy_term items[LEVY_TERMS_MAX];
};

static int fail(struct parser *parser, const char *what) {
    return node_error(parser->node, parser->builder->err, "'%s', character %d: %s", parser->text,
                      (int)(parser->next - parser->text) + 1, what);
}

static char peek(struct parser *parser) {
    while (*parser->next == ' ' || *parser->next == '\n' || *parser->next == '\t') {
        parser->next++;
    }
    return *parser->next;
}

static bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9');
}

static bool is_digit(char c) {
    return (c >= '0' && c <= '9') || c == '.';
}

static int by_slot(const void *a, const void *b) {
    return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

/* A factor that is also a divisor is none of both: it must not be zero then, as any divisor. */
static void tidy(struct levy_term *term) {
    qsort(term->factors, term->factor_count, sizeof term->factors[0], by_slot);
    qsort(term->divisors, term->divisor_count, sizeof term->divisors[0], by_slot);
}

static bool is_alike(const struct levy_term *a, const struct levy_term *b) {
    return a->factor_count == b->factor_count && a->divisor_count == b->divisor_count &&
           memcmp(a->factors, b->factors, a->factor_count * sizeof a->factors[0]) == 0 &&
           memcmp(a->divisors, b->divisors, a->divisor_count * sizeof a->divisors[0]) == 0;
}

static int add_term(struct parser *parser, struct terms *sum, const struct levy_term *term) {
    for (unsigned i = 0; i < sum->count; i++) {
        if (is_alike(&sum->items[i], term)) {
            struct exact *coefficient = &sum->items[i].coefficient;
            return exact_add(*coefficient, term->coefficient, coefficient) != 0
                       ? fail(parser, "a coefficient has too many digits")
                       : 0;
        }
    }
    if (sum->count == LEVY_TERMS_MAX) {
        return fail(parser, "too many terms, once multiplied out");
    }
    sum->items[sum->count++] = *term;
    return 0;
}

static int multiply_terms(struct parser *parser, const struct levy_term *a,
                          const struct levy_term *b, bool is_divided, struct levy_term *result) {
    const uint16_t *factors = is_divided ? b->divisors : b->factors;
    const uint16_t *divisors = is_divided ? b->factors : b->divisors;
    unsigned factor_count = is_divided ? b->divisor_count : b->factor_count;
    unsigned divisor_count = is_divided ? b->factor_count : b->divisor_count;
    *result = *a;
    if ((is_divided ? exact_divide : exact_multiply)(a->coefficient, b->coefficient,
                                                     &result->coefficient) != 0) {
        return fail(parser, exact_sign(b->coefficient) == 0 ? "division by zero"
                                                            : "a coefficient has too many digits");
    }
    if (a->factor_count + factor_count > LEVY_FACTORS_MAX ||
        a->divisor_count + divisor_count > LEVY_FACTORS_MAX) {
        return fail(parser, "too many factors in one product");
    }
    for (unsigned i = 0; i < factor_count; i++) {
        result->factors[result->factor_count++] = factors[i];
    }
    for (unsigned i = 0; i < divisor_count; i++) {
        result->divisors[result->divisor_count++] = divisors[i];
    }
    tidy(result);
    return 0;
}

static int multiply(struct parser *parser, struct terms *left, const struct terms *right) {
    struct terms product = {.count = 0};
    for (unsigned i = 0; i < left->count; i++) {
        for (unsigned k = 0; k < right->count; k++) {
            struct levy_term term;
            if (multiply_terms(parser, &left->items[i], &right->items[k], false, &term) != 0 ||
                add_term(parser, &product, &term) != 0) {
                return -1;
            }
        }
    }
    *left = product;
    return 0;
}

static int divide(struct parser *parser, struct terms *left, const struct terms *right) {
    if (right->count != 1) {
        return fail(parser, "divide by one product; for a quotient of sums let a levy hold itself "
                            "in its base");
    }
    for (unsigned i = 0; i < left->count; i++) {
        struct levy_term term;
        if (multiply_terms(parser, &left->items[i], &right->items[0], true, &term) != 0) {
            return -1;
        }
        left->items[i] = term;
    }
    return 0;
}

static int parse_sum(struct parser *parser, struct terms *sum);

static int parse_name(struct parser *parser, struct terms *factor) {
    const char *begin = parser->next, *end = begin;
    if (*begin == '\'') {
        begin++;
        end = strchr(begin, '\'');
        if (end == NULL) {
            return fail(parser, "a quote that never ends");
        }
        parser->next = end + 1;
    } else {
        while (is_name_char(*end)) {
            end++;
        }
        if (end == begin) {
            return fail(parser, "expected a number, a name or a parenthesis");
        }
        parser->next = end;
    }
    char *name = arena_text(parser->builder->arena, begin, (size_t)(end - begin));
    unsigned slot = levy_build_slot(parser->builder, name);
    if (slot == LEVY_NO_SLOT) {
        parser->next = begin;
        return node_error(
            parser->node, parser->builder->err, "'%s': there is no fact or levy '%s'%s",
            parser->text, name,
            error_hint(name, parser->builder->names, parser->builder->plan->slot_count, "").text);
    }
    factor->items[0].factor_count = 1;
    factor->items[0].factors[0] = (uint16_t)slot;
    return 0;
}

static int parse_number(struct parser *parser, struct exact *number) {
    char text[64];
    size_t length = 0;
    while (is_digit(parser->next[length]) && length < sizeof text - 1) {
        text[length] = parser->next[length];
        length++;
    }
    text[length] = '\0';
    if (exact_parse(text, number) != 0) {
        return fail(parser, "this number can't be read");
    }
    parser->next += length;
    if (peek(parser) == '%') {
        parser->next++;
        return exact_divide(*number, exact_integer(100), number);
    }
    return 0;
}

static int parse_factor(struct parser *parser, struct terms *factor) {
    char c = peek(parser);
    *factor = (struct terms){.count = 1, .items = {{.coefficient = {1, 1}}}};
    if (is_digit(c)) {
        return parse_number(parser, &factor->items[0].coefficient);
    }
    if (c != '(') {
        return parse_name(parser, factor);
    }
    parser->next++;
    if (++parser->depth > 32) {
        return fail(parser, "too many parentheses in one another");
    }
    if (parse_sum(parser, factor) != 0) {
        return -1;
    }
    parser->depth--;
    if (peek(parser) != ')') {
        return fail(parser, "expected )");
    }
    parser->next++;
    return 0;
}

static int parse_term(struct parser *parser, struct terms *term) {
    if (parse_factor(parser, term) != 0) {
        return -1;
    }
    for (char c = peek(parser); c == '*' || c == '/'; c = peek(parser)) {
        struct terms factor;
        parser->next++;
        if (parse_factor(parser, &factor) != 0 ||
            (c == '*' ? multiply : divide)(parser, term, &factor) != 0) {
            return -1;
        }
    }
    return 0;
}

static int parse_sum(struct parser *parser, struct terms *sum) {
    sum->count = 0;
    bool is_minus = peek(parser) == '-';
    parser->next += is_minus;
    for (;;) {
        struct terms term;
        if (parse_term(parser, &term) != 0) {
            return -1;
        }
        for (unsigned i = 0; i < term.count; i++) {
            if (is_minus) {
                term.items[i].coefficient = exact_negate(term.items[i].coefficient);
            }
            if (add_term(parser, sum, &term.items[i]) != 0) {
                return -1;
            }
        }
        char c = peek(parser);
        if (c != '+' && c != '-') {
            return 0;
        }
        is_minus = c == '-';
        parser->next++;
    }
}

int levy_build_sum(struct levy_builder *builder, const struct node *node, struct levy_sum *sum) {
    struct parser parser = {.builder = builder, .node = node};
    struct terms terms;
    if (node->kind != NODE_SCALAR) {
        return node_error(node, builder->err, "expected a sum, e.g. customs_value * 110 %% + duty");
    }
    parser.text = parser.next = node->text;
    if (parse_sum(&parser, &terms) != 0) {
        return -1;
    }
    if (peek(&parser) != '\0') {
        return fail(&parser, "expected +, -, *, / or the end");
    }
    struct levy_term *kept = ARENA_ARRAY(builder->arena, struct levy_term, terms.count + 1);
    for (unsigned i = 0; i < terms.count; i++) {
        if (exact_sign(terms.items[i].coefficient) != 0) {
            kept[sum->count] = terms.items[i];
            kept[sum->count].coefficient = exact_reduced(terms.items[i].coefficient);
            sum->count++;
        }
    }
    sum->terms = kept;
    return 0;
}
