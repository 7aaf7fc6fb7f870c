/* SPDX-License-Identifier: GPL-3.0-or-later
 * expression_evaluate.c - runs the code of expression_code.h.
 *
 * Results are written into the stack member by member: a struct value copied right after a part of
 * it was written waits until the store is through, which costs more than the operation. */
#include "core/base/require.h"
#include "core/rule/expression_code.h"

#include <string.h>

static void set_boolean(struct value *result, bool is_true) {
    result->type = VALUE_BOOLEAN;
    result->boolean = is_true;
}

static bool is_boolean(const struct value *value, bool wanted) {
    return value->type == VALUE_BOOLEAN && value->boolean == wanted;
}

static int three_way_text(const struct value_text *a, const struct value_text *b) {
    uint32_t shared = a->length < b->length ? a->length : b->length;
    int order = memcmp(a->bytes, b->bytes, shared);
    return order != 0 ? (order > 0) - (order < 0)
                      : (a->length > b->length) - (a->length < b->length);
}

/* -1, 0 or 1 of two values of one type, neither missing. */
static int three_way(const struct value *a, const struct value *b) {
    switch (a->type) {
    case VALUE_DECIMAL:
        return decimal_compare(a->decimal, b->decimal);
    case VALUE_DATE:
        return (a->date_day > b->date_day) - (a->date_day < b->date_day);
    case VALUE_SYMBOL:
        return (a->symbol > b->symbol) - (a->symbol < b->symbol);
    case VALUE_TEXT:
        return three_way_text(&a->text, &b->text);
    default:
        return a->boolean - b->boolean;
    }
}

/* The result may be one of the two. */
static void compare(const struct value *a, const struct value *b, unsigned relation,
                    struct value *result) {
    if (a->type == VALUE_MISSING || b->type == VALUE_MISSING) {
        result->type = VALUE_MISSING;
    } else {
        int order = three_way(a, b);
        set_boolean(result, (relation >> (order + 1) & 1) != 0);
    }
}

static void compare_symbol(const struct value *input, const struct instruction *at,
                           struct value *result) {
    if (input->type == VALUE_MISSING) {
        result->type = VALUE_MISSING;
    } else {
        set_boolean(result, (input->symbol == at->b) == (at->relation == RELATION_EQUAL));
    }
}

/* `settled` is the value that decides alone: false for and, true for or. Into `a`. */
static void join(struct value *a, const struct value *b, bool settled) {
    if (is_boolean(a, settled) || is_boolean(b, settled)) {
        set_boolean(a, settled);
    } else if (b->type == VALUE_MISSING) {
        a->type = VALUE_MISSING;
    }
}

/* value[0] from value[1] to value[2]; into value[0]. */
static void in_range(struct value *value, unsigned open) {
    bool low_open = (open & RANGE_LOW_OPEN) != 0, high_open = (open & RANGE_HIGH_OPEN) != 0;
    compare(&value[0], &value[1], low_open ? RELATION_GREATER : RELATION_AT_LEAST, &value[1]);
    compare(&value[0], &value[2], high_open ? RELATION_LESS : RELATION_AT_MOST, &value[0]);
    join(&value[0], &value[1], false);
}

static void in_list(struct value *value, const struct value *items, unsigned count) {
    if (value->type == VALUE_MISSING) {
        return;
    }
    for (unsigned i = 0; i < count; i++) {
        if (three_way(value, &items[i]) == 0) {
            set_boolean(value, true);
            return;
        }
    }
    set_boolean(value, false);
}

static int calculate_decimal(enum operation operation, struct decimal a, struct decimal b,
                             struct decimal *result) {
    switch (operation) {
    case OPERATION_ADD:
        return decimal_add(a, b, result);
    case OPERATION_SUBTRACT:
        return decimal_subtract(a, b, result);
    case OPERATION_MULTIPLY:
        return decimal_multiply(a, b, result);
    case OPERATION_DIVIDE:
        return decimal_divide(a, b, result);
    case OPERATION_POWER:
        return decimal_power(a, b, result);
    default:
        *result = (operation == OPERATION_MIN) == (decimal_compare(a, b) < 0) ? a : b;
        return 0;
    }
}

/* Into `a`. */
static void calculate(enum operation operation, struct value *a, const struct value *b) {
    if (a->type != VALUE_MISSING &&
        (b->type == VALUE_MISSING ||
         calculate_decimal(operation, a->decimal, b->decimal, &a->decimal) < 0)) {
        a->type = VALUE_MISSING;
    }
}

/* Into `a`. Where `a` was put together last, only `b` is copied. */
static void join_texts(struct value *a, const struct value *b, struct expression_room *room) {
    if (a->type == VALUE_MISSING || b->type == VALUE_MISSING) {
        a->type = VALUE_MISSING;
        return;
    }
    bool is_last =
        room->used >= a->text.length && a->text.bytes == room->bytes + room->used - a->text.length;
    size_t length = (size_t)(is_last ? 0 : a->text.length) + b->text.length;
    if (length > room->size - room->used || (uint64_t)a->text.length + b->text.length > INT32_MAX) {
        a->type = VALUE_MISSING;
        return;
    }
    char *end = room->bytes + room->used;
    if (!is_last) {
        memcpy(end, a->text.bytes, a->text.length);
        a->text.bytes = end;
        end += a->text.length;
    }
    memcpy(end, b->text.bytes, b->text.length);
    a->text.length += b->text.length;
    room->used += length;
}

static void symbol_to_text(struct value *top, const struct expression_room *room) {
    if (top->type != VALUE_MISSING) {
        const char *bytes = room->symbols[top->symbol];
        *top = (struct value){.type = VALUE_TEXT, .text = {bytes, (uint32_t)strlen(bytes)}};
    }
}

/* The new top. */
static struct value *make_text(enum operation operation, struct value *top,
                               struct expression_room *room) {
    if (operation == OPERATION_SYMBOL_TO_TEXT) {
        symbol_to_text(top, room);
        return top;
    }
    join_texts(top - 1, top, room);
    return top - 1;
}

static void replace(enum operation operation, struct value *top) {
    if (operation == OPERATION_IS_MISSING) {
        set_boolean(top, top->type == VALUE_MISSING);
    } else if (top->type == VALUE_MISSING) {
        return;
    } else if (operation == OPERATION_NOT) {
        top->boolean = !top->boolean;
    } else if (operation == OPERATION_NEGATE || top->decimal.coefficient < 0) {
        top->decimal = decimal_negate(top->decimal);
    }
}

/* A week more or less in the unit of the top. */
static void rescale(enum operation operation, struct value *top) {
    int64_t numerator = operation == OPERATION_TO_WEEK ? WEEK_S : 1;
    int64_t denominator = operation == OPERATION_TO_WEEK ? 1 : WEEK_S;
    if (top->type != VALUE_MISSING &&
        decimal_scale(top->decimal, numerator, denominator, &top->decimal) < 0) {
        top->type = VALUE_MISSING;
    }
}

static const struct value *input_at(const struct value *values, const struct instruction *at) {
    const struct value *value = &values[at->a];
    REQUIRE(value->type == at->type || value->type == VALUE_MISSING);
    return value;
}

/* The result, on the stack. stack[0] is never used, so that top always points at one. */
static const struct value *run(const struct expression *expression, const struct value *values,
                               struct value stack[EXPRESSION_STACK_MAX + 1],
                               struct expression_room *room) {
    struct value *top = stack;
    const struct value *constants = expression->constants;
    const struct instruction *code = expression->code;
    for (const struct instruction *at = code;; at++) {
        switch ((enum operation)at->operation) {
        case OPERATION_END:
            return top;
        case OPERATION_INPUT:
            *++top = *input_at(values, at);
            break;
        case OPERATION_CONSTANT:
            *++top = constants[at->a];
            break;
        case OPERATION_COMPARE_INPUT_SYMBOL:
            compare_symbol(input_at(values, at), at, ++top);
            break;
        case OPERATION_COMPARE_INPUT_DECIMAL:
            compare(input_at(values, at), &constants[at->b], at->relation, ++top);
            break;
        case OPERATION_COMPARE:
            top--;
            compare(top, top + 1, at->relation, top);
            break;
        case OPERATION_AND:
        case OPERATION_OR:
            top--;
            join(top, top + 1, at->operation == OPERATION_OR);
            break;
        case OPERATION_JUMP:
            at = code + at->a - 1;
            break;
        case OPERATION_JUMP_IF_FALSE:
        case OPERATION_JUMP_IF_TRUE:
            at = is_boolean(top, at->operation == OPERATION_JUMP_IF_TRUE) ? code + at->a - 1 : at;
            break;
        case OPERATION_BRANCH:
            at = is_boolean(top--, true) ? at : code + at->a - 1;
            break;
        case OPERATION_IN_LIST:
            in_list(top, constants + at->a, at->b);
            break;
        case OPERATION_IN_RANGE:
            top -= 2;
            in_range(top, at->relation);
            break;
        case OPERATION_NEGATE:
        case OPERATION_ABS:
        case OPERATION_NOT:
        case OPERATION_IS_MISSING:
            replace(at->operation, top);
            break;
        case OPERATION_JOIN:
        case OPERATION_SYMBOL_TO_TEXT:
            top = make_text(at->operation, top, room);
            break;
        case OPERATION_TO_WEEK:
        case OPERATION_TO_SECOND:
            rescale(at->operation, top);
            break;
        default:
            top--;
            calculate(at->operation, top, top + 1);
        }
    }
}

struct value expression_evaluate(const struct expression *expression, const struct value *values) {
    REQUIRE(!expression->needs_room);
    struct value stack[EXPRESSION_STACK_MAX + 1];
    return *run(expression, values, stack, NULL);
}

struct value expression_evaluate_in(const struct expression *expression, const struct value *values,
                                    struct expression_room *room) {
    struct value stack[EXPRESSION_STACK_MAX + 1];
    return *run(expression, values, stack, room);
}

bool expression_holds(const struct expression *expression, const struct value *values) {
    REQUIRE(expression->type == VALUE_BOOLEAN && !expression->needs_room);
    struct value stack[EXPRESSION_STACK_MAX + 1];
    return is_boolean(run(expression, values, stack, NULL), true);
}
