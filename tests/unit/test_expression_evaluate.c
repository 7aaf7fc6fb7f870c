/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_expression_evaluate.c - random expressions against an independent evaluator.
 *
 * A random tree is written as text with as few parentheses as the precedence of expression.h asks
 * for (and now and then more), compiled and run. The oracle walks the same tree with GMP rationals,
 * rounds each result as decimal.h promises, and settles and/or/not by min, max and 2 - x on the
 * truth values 0, 1 (missing), 2. Seeds are fixed. */
#include "core/base/units.h"
#include "core/rule/expression.h"

#include "tests/test.h"
#include "tests/unit/rational.h"

#ifndef HAVE_MPFR
int main(void) {
    SKIP("built without GMP, the oracle");
}
#else

enum {
    INPUTS_OF_KIND = 3,
    KIND_NUMBER = 0,
    KIND_TIME = 1,
    KIND_MONEY = 2,
    KIND_BOOLEAN = 3,
    KIND_SYMBOL = 4,
    KIND_DATE = 5,
    KIND_COUNT = 6,
    INPUT_COUNT = KIND_COUNT * INPUTS_OF_KIND,
};

static const struct expression_input inputs[INPUT_COUNT] = {
    {"n0", VALUE_DECIMAL, DIMENSION_NONE, "", NULL},
    {"n1", VALUE_DECIMAL, DIMENSION_NONE, "", NULL},
    {"n2", VALUE_DECIMAL, DIMENSION_SHARE, "", NULL},
    {"t0", VALUE_DECIMAL, DIMENSION_TIME, "", NULL},
    {"t1", VALUE_DECIMAL, DIMENSION_TIME, "", NULL},
    {"t2", VALUE_DECIMAL, DIMENSION_TIME, "", NULL},
    {"m0", VALUE_DECIMAL, DIMENSION_MONEY, "", NULL},
    {"m1", VALUE_DECIMAL, DIMENSION_MONEY, "", NULL},
    {"m2", VALUE_DECIMAL, DIMENSION_MONEY, "", NULL},
    {"b0", VALUE_BOOLEAN, DIMENSION_NONE, "", NULL},
    {"b1", VALUE_BOOLEAN, DIMENSION_NONE, "", NULL},
    {"b2", VALUE_BOOLEAN, DIMENSION_NONE, "", NULL},
    {"s0", VALUE_SYMBOL, DIMENSION_NONE, "", NULL},
    {"s1", VALUE_SYMBOL, DIMENSION_NONE, "", "red|84|green"},
    {"s2", VALUE_SYMBOL, DIMENSION_NONE, "", "green|red|84"},
    {"d0", VALUE_DATE, DIMENSION_NONE, "", NULL},
    {"d1", VALUE_DATE, DIMENSION_NONE, "", NULL},
    {"d2", VALUE_DATE, DIMENSION_NONE, "", NULL},
};

/* What the oracle knows: the rules of the language once more, on other types. */
struct oracle {
    bool is_missing;
    mpq_t number;
    int64_t other; /* truth 0..2 without missing, symbol or day */
};

struct bench {
    uint64_t state;
    struct arena arena;
    struct expression_names names;
    struct value values[INPUT_COUNT];
    char text[EXPRESSION_LENGTH_MAX + 64];
    size_t used;
};

static uint64_t pick(struct bench *bench, uint64_t count) {
    bench->state = bench->state * 6364136223846793005u + 1442695040888963407u;
    return (bench->state >> 33) % count;
}

static void write_text(struct bench *bench, const char *text) {
    size_t length = strlen(text);
    if (bench->used + length < sizeof bench->text) {
        memcpy(bench->text + bench->used, text, length + 1);
        bench->used += length;
    }
}

/* ---- random trees, written and evaluated in one walk ---- */

/* Precedence of what is written: a weaker part stands in parentheses. */
enum { WEAK_IF, WEAK_OR, WEAK_AND, WEAK_NOT, WEAK_COMPARE, WEAK_SUM, WEAK_PRODUCT, FIRM };

static void write_value(struct bench *bench, int kind, int depth, int firmness,
                        struct oracle *result);

/* Opens a parenthesis when needed, or one time in ten. */
static bool open_part(struct bench *bench, int strength, int firmness) {
    bool is_open = strength < firmness || pick(bench, 10) == 0;
    write_text(bench, is_open ? "(" : "");
    return is_open;
}

static void close_part(struct bench *bench, bool is_open) {
    write_text(bench, is_open ? ")" : "");
}

static void copy(struct oracle *to, const struct oracle *from) {
    to->is_missing = from->is_missing;
    to->other = from->other;
    mpq_set(to->number, from->number);
}

static void write_input(struct bench *bench, int kind, struct oracle *result) {
    uint64_t index = (uint64_t)kind * INPUTS_OF_KIND + pick(bench, INPUTS_OF_KIND);
    const struct value *value = &bench->values[index];
    write_text(bench, inputs[index].name);
    result->is_missing = value->type == VALUE_MISSING;
    if (value->type == VALUE_DECIMAL) {
        rational_set(result->number, value->decimal);
    } else if (value->type == VALUE_BOOLEAN) {
        result->other = value->boolean ? 2 : 0;
    } else if (value->type == VALUE_SYMBOL) {
        result->other = value->symbol;
    } else {
        result->other = value->date_day;
    }
}

static void write_number(struct bench *bench, int kind, struct oracle *result) {
    static const struct {
        const char *unit;
        int kind;
        unsigned long numerator, denominator;
    } units[] = {{"", 0, 1, 1},           {"%", 0, 1, 100},    {" %", 0, 1, 100},
                 {" s", 1, 1, 1},         {"min", 1, 60, 1},   {" h", 1, 3600, 1},
                 {" ms", 1, 1, 1000},     {" USD", 2, 1, 1},   {"USD", 2, 1, 1},
                 {" week", 1, 604800, 1}, {" d", 1, 86400, 1}, {" USD", 2, 1, 1}};
    uint64_t unit = pick(bench, 12);
    while (units[unit].kind != kind) {
        unit = (unit + 1) % 12;
    }
    static const int64_t limits[] = {3, 12, 1000, 1000000, 1000000000000};
    struct decimal decimal = {(int64_t)pick(bench, (uint64_t)limits[pick(bench, 5)]),
                              (int32_t)pick(bench, 7)};
    char text[28];
    decimal_print(decimal, text);
    write_text(bench, text);
    write_text(bench, units[unit].unit);
    rational_set(result->number, decimal);
    mpq_t factor;
    mpq_init(factor);
    mpq_set_ui(factor, units[unit].numerator, units[unit].denominator);
    mpq_canonicalize(factor);
    mpq_mul(result->number, result->number, factor);
    mpq_clear(factor);
    result->is_missing = false;
}

static void write_date(struct bench *bench, struct oracle *result) {
    char text[16];
    result->other = 17000 + (int64_t)pick(bench, 40);
    result->is_missing = false;
    units_print_date(result->other, text);
    write_text(bench, text);
}

/* Applies an operator to numbers. */
static void calculate(char operator_, struct oracle *a, const struct oracle *b) {
    a->is_missing = a->is_missing || b->is_missing;
    if (a->is_missing) {
        return;
    }
    switch (operator_) {
    case '+':
        mpq_add(a->number, a->number, b->number);
        break;
    case '-':
        mpq_sub(a->number, a->number, b->number);
        break;
    case '*':
        mpq_mul(a->number, a->number, b->number);
        break;
    case '<':
    case '>':
        if ((mpq_cmp(a->number, b->number) < 0) != (operator_ == '<')) {
            mpq_set(a->number, b->number);
        }
        break;
    default:
        if (mpq_sgn(b->number) == 0) {
            a->is_missing = true;
            return;
        }
        mpq_div(a->number, a->number, b->number);
    }
    a->is_missing = !rational_round(a->number);
}

static void write_choice(struct bench *bench, int kind, int depth, int firmness,
                         struct oracle *result) {
    struct oracle condition = {.is_missing = true}, other = {.is_missing = true};
    mpq_inits(condition.number, other.number, NULL);
    bool is_open = open_part(bench, WEAK_IF, firmness);
    write_text(bench, "if ");
    write_value(bench, KIND_BOOLEAN, depth - 1, WEAK_IF, &condition);
    write_text(bench, " then ");
    write_value(bench, kind, depth - 1, WEAK_IF, result);
    write_text(bench, " else ");
    write_value(bench, kind, depth - 1, WEAK_IF, &other);
    close_part(bench, is_open);
    if (condition.is_missing || condition.other != 2) {
        copy(result, &other);
    }
    mpq_clears(condition.number, other.number, NULL);
}

static void write_arithmetic(struct bench *bench, int kind, int depth, int firmness,
                             struct oracle *result) {
    struct oracle other = {.is_missing = true};
    mpq_init(other.number);
    static const char operators[] = "+-*/<>";
    char operator_ = operators[pick(bench, 6)];
    if (operator_ == '<' || operator_ == '>') {
        write_text(bench, operator_ == '<' ? "min(" : "max(");
        write_value(bench, kind, depth - 1, WEAK_IF, result);
        write_text(bench, ", ");
        write_value(bench, kind, depth - 1, WEAK_IF, &other);
        write_text(bench, ")");
    } else {
        bool is_sum = operator_ == '+' || operator_ == '-';
        int strength = is_sum ? WEAK_SUM : WEAK_PRODUCT;
        bool is_open = open_part(bench, strength, firmness);
        /* A quotient of two of a kind is a number. */
        bool is_ratio = operator_ == '/' && kind == KIND_NUMBER && pick(bench, 2) == 0;
        int left = is_ratio ? KIND_TIME : kind, right = is_sum || is_ratio ? left : KIND_NUMBER;
        write_value(bench, left, depth - 1, strength, result);
        write_text(bench, (const char[]){' ', operator_, ' ', '\0'});
        write_value(bench, right, depth - 1, strength + 1, &other);
        close_part(bench, is_open);
    }
    calculate(operator_, result, &other);
    mpq_clear(other.number);
}

static void write_sign(struct bench *bench, int kind, int depth, struct oracle *result) {
    bool is_absolute = pick(bench, 2) == 0;
    write_text(bench, is_absolute ? "abs(" : "-");
    write_value(bench, kind, depth - 1, is_absolute ? WEAK_IF : FIRM, result);
    write_text(bench, is_absolute ? ")" : "");
    if (is_absolute) {
        mpq_abs(result->number, result->number);
    } else {
        mpq_neg(result->number, result->number);
    }
}

static int order_of(int kind, const struct oracle *a, const struct oracle *b) {
    int order = kind < KIND_BOOLEAN ? mpq_cmp(a->number, b->number)
                                    : (a->other > b->other) - (a->other < b->other);
    return (order > 0) - (order < 0);
}

static void decide(struct oracle *result, bool is_missing, bool is_true) {
    result->is_missing = is_missing;
    result->other = is_true ? 2 : 0;
}

static void write_literal(struct bench *bench, int kind, struct oracle *result) {
    static const char *const symbols[] = {"red", "84", "\"84\"", "green", "'red'"};
    static const int which[] = {0, 1, 1, 2, 0};
    result->is_missing = false;
    if (kind == KIND_SYMBOL) {
        uint64_t symbol = pick(bench, 5);
        write_text(bench, symbols[symbol]);
        result->other = which[symbol];
    } else if (kind == KIND_DATE) {
        write_date(bench, result);
    } else if (kind == KIND_BOOLEAN) {
        result->other = pick(bench, 2) == 0 ? 2 : 0;
        write_text(bench, result->other == 2 ? "true" : "false");
    } else {
        bool is_negative = pick(bench, 4) == 0;
        write_text(bench, is_negative ? "-" : "");
        write_number(bench, kind, result);
        if (is_negative) {
            mpq_neg(result->number, result->number);
        }
    }
}

static void write_side(struct bench *bench, int kind, int depth, bool is_literal,
                       struct oracle *result) {
    if (is_literal) {
        write_literal(bench, kind, result);
    } else {
        write_value(bench, kind, depth, WEAK_SUM, result);
    }
}

static void write_comparison(struct bench *bench, int depth, int firmness, struct oracle *result) {
    struct oracle a = {.is_missing = true}, b = {.is_missing = true};
    mpq_inits(a.number, b.number, NULL);
    int kind = (int)pick(bench, KIND_COUNT);
    static const char *const marks[] = {" == ", " != ", " < ", " <= ", " > ", " >= "};
    uint64_t mark = pick(bench, kind == KIND_BOOLEAN || kind == KIND_SYMBOL ? 2 : 6);
    bool is_open = open_part(bench, WEAK_COMPARE, firmness);
    /* A literal symbol has to stand beside something that holds symbols. */
    uint64_t literal_side = kind == KIND_SYMBOL ? pick(bench, 3) : 2;
    write_side(bench, kind, depth - 1, literal_side == 0, &a);
    write_text(bench, marks[mark]);
    write_side(bench, kind, depth - 1, literal_side == 1, &b);
    close_part(bench, is_open);
    int order = a.is_missing || b.is_missing ? 0 : order_of(kind, &a, &b);
    const bool holds[] = {order == 0, order != 0, order<0, order <= 0, order> 0, order >= 0};
    decide(result, a.is_missing || b.is_missing, holds[mark]);
    mpq_clears(a.number, b.number, NULL);
}

/* `a and b` on truths 0, 1, 2. */
static int truth_of(const struct oracle *value) {
    return value->is_missing ? 1 : (int)value->other;
}

static void write_logic(struct bench *bench, int depth, int firmness, struct oracle *result) {
    struct oracle other = {.is_missing = true};
    mpq_init(other.number);
    bool is_and = pick(bench, 2) == 0;
    int strength = is_and ? WEAK_AND : WEAK_OR;
    bool is_open = open_part(bench, strength, firmness);
    write_value(bench, KIND_BOOLEAN, depth - 1, strength, result);
    write_text(bench, is_and ? " and " : " or ");
    write_value(bench, KIND_BOOLEAN, depth - 1, strength + 1, &other);
    close_part(bench, is_open);
    int a = truth_of(result), b = truth_of(&other);
    int truth = (a < b) == is_and ? a : b;
    decide(result, truth == 1, truth == 2);
    mpq_clear(other.number);
}

static void write_not(struct bench *bench, int depth, int firmness, struct oracle *result) {
    bool is_open = open_part(bench, WEAK_NOT, firmness);
    write_text(bench, "not ");
    write_value(bench, KIND_BOOLEAN, depth - 1, WEAK_NOT, result);
    close_part(bench, is_open);
    int truth = 2 - truth_of(result);
    decide(result, truth == 1, truth == 2);
}

static void write_is_missing(struct bench *bench, int depth, int firmness, struct oracle *result) {
    bool is_negated = pick(bench, 2) == 0;
    bool is_open = open_part(bench, WEAK_COMPARE, firmness);
    write_value(bench, (int)pick(bench, KIND_COUNT), depth - 1, WEAK_SUM, result);
    write_text(bench, is_negated ? " is not missing" : " is missing");
    close_part(bench, is_open);
    decide(result, false, result->is_missing != is_negated);
}

static void write_list(struct bench *bench, int depth, int firmness, struct oracle *result) {
    struct oracle value = {.is_missing = true}, item = {.is_missing = true};
    mpq_inits(value.number, item.number, NULL);
    int kind = (int)pick(bench, KIND_COUNT);
    bool is_negated = pick(bench, 3) == 0, is_among = false;
    bool is_open = open_part(bench, WEAK_COMPARE, firmness);
    if (kind == KIND_SYMBOL) {
        write_text(bench, "s0");
        value.is_missing = bench->values[12].type == VALUE_MISSING;
        value.other = bench->values[12].symbol;
    } else {
        write_value(bench, kind, depth - 1, WEAK_SUM, &value);
    }
    write_text(bench, is_negated ? " not in [" : " in [");
    for (uint64_t left = pick(bench, 4) + 1; left > 0; left--) {
        write_literal(bench, kind, &item);
        write_text(bench, left > 1 ? ", " : "]");
        is_among = is_among || (!value.is_missing && order_of(kind, &value, &item) == 0);
    }
    close_part(bench, is_open);
    decide(result, value.is_missing, is_among != is_negated);
    mpq_clears(value.number, item.number, NULL);
}

static void write_range(struct bench *bench, int depth, int firmness, struct oracle *result) {
    static const int kinds[] = {KIND_NUMBER, KIND_TIME, KIND_MONEY, KIND_DATE};
    struct oracle value = {.is_missing = true}, low = {.is_missing = true},
                  high = {.is_missing = true};
    mpq_inits(value.number, low.number, high.number, NULL);
    int kind = kinds[pick(bench, 4)];
    bool low_open = pick(bench, 2) == 0, high_open = pick(bench, 2) == 0;
    bool is_open = open_part(bench, WEAK_COMPARE, firmness);
    write_value(bench, kind, depth - 1, WEAK_SUM, &value);
    write_text(bench, low_open ? " in (" : " in [");
    write_value(bench, kind, depth - 1, WEAK_SUM, &low);
    write_text(bench, "..");
    write_value(bench, kind, depth - 1, WEAK_SUM, &high);
    write_text(bench, high_open ? ")" : "]");
    close_part(bench, is_open);
    int below = 1, above = 1; /* truths */
    if (!value.is_missing && !low.is_missing) {
        below = order_of(kind, &value, &low) >= (low_open ? 1 : 0) ? 2 : 0;
    }
    if (!value.is_missing && !high.is_missing) {
        above = order_of(kind, &value, &high) <= (high_open ? -1 : 0) ? 2 : 0;
    }
    int truth = below < above ? below : above;
    decide(result, truth == 1, truth == 2);
    mpq_clears(value.number, low.number, high.number, NULL);
}

static void write_condition(struct bench *bench, int depth, int firmness, struct oracle *result) {
    switch (pick(bench, 9)) {
    case 0:
        write_list(bench, depth, firmness, result);
        break;
    case 1:
        write_range(bench, depth, firmness, result);
        break;
    case 2:
        write_not(bench, depth, firmness, result);
        break;
    case 3:
        write_is_missing(bench, depth, firmness, result);
        break;
    case 4:
    case 5:
        write_comparison(bench, depth, firmness, result);
        break;
    default:
        write_logic(bench, depth, firmness, result);
    }
}

static void write_value(struct bench *bench, int kind, int depth, int firmness,
                        struct oracle *result) {
    uint64_t choice = pick(bench, 12);
    if (depth <= 0 || choice < 2) {
        /* A symbol alone stands for nothing: it needs an input beside it. */
        if (kind == KIND_SYMBOL || pick(bench, 2) == 0) {
            write_input(bench, kind, result);
        } else {
            write_literal(bench, kind, result);
        }
    } else if (choice == 2) {
        write_choice(bench, kind, depth, firmness, result);
    } else if (kind == KIND_BOOLEAN) {
        write_condition(bench, depth, firmness, result);
    } else if (kind == KIND_SYMBOL || kind == KIND_DATE) {
        write_input(bench, kind, result);
    } else if (choice == 3) {
        write_sign(bench, kind, depth, result);
    } else {
        write_arithmetic(bench, kind, depth, firmness, result);
    }
}

static void draw_values(struct bench *bench) {
    static const int64_t limits[] = {3, 100, 1000000, INT64_MAX};
    for (int i = 0; i < INPUT_COUNT; i++) {
        struct value *value = &bench->values[i];
        *value = (struct value){.type = inputs[i].type};
        int64_t number = (int64_t)pick(bench, 1u << 30) << 30 | (int64_t)pick(bench, 1u << 30);
        number %= limits[pick(bench, 4)];
        switch (value->type) {
        case VALUE_DECIMAL:
            value->decimal.coefficient = pick(bench, 2) == 0 ? number : -number;
            value->decimal.scale = (int32_t)pick(bench, 19);
            break;
        case VALUE_BOOLEAN:
            value->boolean = (number & 1) != 0;
            break;
        case VALUE_SYMBOL:
            value->symbol = (uint32_t)(number % 3);
            break;
        default:
            value->date_day = 17000 + number % 40;
        }
        if (pick(bench, 6) == 0) {
            value->type = VALUE_MISSING;
        }
    }
}

static bool agrees(int kind, const struct value *value, const struct oracle *oracle) {
    if (value->type == VALUE_MISSING || oracle->is_missing) {
        return value->type == VALUE_MISSING && oracle->is_missing;
    }
    if (kind == KIND_BOOLEAN) {
        return value->type == VALUE_BOOLEAN && value->boolean == (oracle->other == 2);
    }
    mpq_t number;
    mpq_init(number);
    rational_set(number, value->decimal);
    bool is_equal = value->type == VALUE_DECIMAL && mpq_equal(number, oracle->number);
    mpq_clear(number);
    return is_equal;
}

static void try_one(struct bench *bench, uint64_t *counts) {
    struct oracle oracle = {.is_missing = true};
    mpq_init(oracle.number);
    bench->used = 0;
    draw_values(bench);
    int kind = pick(bench, 4) == 0 ? (int)pick(bench, 3) : KIND_BOOLEAN;
    write_value(bench, kind, 1 + (int)pick(bench, 5), WEAK_IF, &oracle);
    struct error err = ERROR_INIT;
    struct place place = {"text", 1, 1};
    const struct expression *expression =
        bench->used >= EXPRESSION_LENGTH_MAX
            ? NULL
            : expression_compile(bench->text, kind == KIND_BOOLEAN ? VALUE_BOOLEAN : VALUE_DECIMAL,
                                 &bench->names, &bench->arena, place, &err);
    if (expression == NULL) {
        bool is_limit =
            bench->used >= EXPRESSION_LENGTH_MAX || strstr(err.text, "more than") != NULL;
        if (!test_check(is_limit, __FILE__, __LINE__, bench->text)) {
            printf("\n  column %d: %s\n", err.column, err.text);
        }
        counts[3]++;
    } else {
        struct value value = expression_evaluate(expression, bench->values);
        if (!test_check(agrees(kind, &value, &oracle), __FILE__, __LINE__, bench->text)) {
            char printed[64];
            value_print(value, bench->names.symbols, printed, sizeof printed);
            printf("\n  got %s\n", printed);
        }
        counts[value.type == VALUE_MISSING ? 0 : kind == KIND_BOOLEAN ? 1 : 2]++;
    }
    mpq_clear(oracle.number);
}

int main(void) {
    struct bench bench = {.state = 20170128,
                          .names = {.inputs = inputs, .input_count = INPUT_COUNT}};
    uint64_t counts[4] = {0};
    for (int round = 0; round < 40000; round++) {
        if (round % 1000 == 0) {
            arena_free(&bench.arena);
            bench.names.symbols = NULL;
            bench.names.symbol_count = 0;
            bench.names.symbol_capacity = 0;
            expression_symbol(&bench.names, &bench.arena, "red");
            expression_symbol(&bench.names, &bench.arena, "84");
            expression_symbol(&bench.names, &bench.arena, "green");
        }
        try_one(&bench, counts);
    }
    arena_free(&bench.arena);
    /* A generator that makes nothing, or nothing but one sort, would agree with anything. */
    CHECK(counts[0] > 2000);
    CHECK(counts[1] > 10000);
    CHECK(counts[2] > 2000);
    CHECK(counts[3] < 1000);
    printf("%" PRIu64 " missing, %" PRIu64 " truths, %" PRIu64 " numbers, %" PRIu64 " too long\n",
           counts[0], counts[1], counts[2], counts[3]);
    return test_summary();
}
#endif
