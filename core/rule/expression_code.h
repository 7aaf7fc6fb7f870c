/* SPDX-License-Identifier: GPL-3.0-or-later
 * expression_code.h - the code of a compiled expression: postfix, on a small stack of values.
 *
 * Jumps only go forward, so every evaluation ends after at most `cost` operations. */
#ifndef CORE_RULE_EXPRESSION_CODE_H
#define CORE_RULE_EXPRESSION_CODE_H

#include "core/rule/expression.h"

/* The outcomes of a three-way comparison for which a relation holds: bit 0 below, 1 equal, 2 above.
 */
enum relation {
    RELATION_LESS = 1,
    RELATION_EQUAL = 2,
    RELATION_AT_MOST = 3,
    RELATION_GREATER = 4,
    RELATION_DIFFERENT = 5,
    RELATION_AT_LEAST = 6,
};

enum operation {
    OPERATION_END,
    OPERATION_INPUT,    /* push input a */
    OPERATION_CONSTANT, /* push constant a */
    OPERATION_NEGATE,   /* the top is replaced */
    OPERATION_ABS,
    OPERATION_TO_WEEK, /* times the seconds of a week: per second becomes per week */
    OPERATION_TO_SECOND,
    OPERATION_NOT,
    OPERATION_IS_MISSING,
    OPERATION_ADD, /* the top two are replaced by one */
    OPERATION_SUBTRACT,
    OPERATION_MULTIPLY,
    OPERATION_DIVIDE,
    OPERATION_POWER,
    OPERATION_MIN,
    OPERATION_MAX,
    OPERATION_JOIN,           /* two texts */
    OPERATION_SYMBOL_TO_TEXT, /* the top is replaced */
    OPERATION_AND,
    OPERATION_OR,
    OPERATION_COMPARE,               /* by relation */
    OPERATION_COMPARE_INPUT_SYMBOL,  /* push whether input a is symbol b, by relation */
    OPERATION_COMPARE_INPUT_DECIMAL, /* push input a compared with constant b, by relation */
    OPERATION_IN_LIST,               /* the top is one of b constants from a on */
    OPERATION_IN_RANGE,              /* the top three; relation holds the open ends */
    OPERATION_JUMP,                  /* to a */
    OPERATION_JUMP_IF_FALSE,         /* to a, and the top stays in any case */
    OPERATION_JUMP_IF_TRUE,
    OPERATION_BRANCH, /* pop; to a unless it is true */
};

struct instruction {
    uint8_t operation;
    uint8_t relation; /* or flags */
    uint8_t type;     /* of the input read */
    uint16_t a, b;
};

/* Within an expression what is per time is per week: that is a whole number of every unit of time,
 * so 1/h is a decimal (168), which 1/3600 is not. Inputs and results are per second. */
enum { WEEK_S = 604800 };

enum { RANGE_LOW_OPEN = 1, RANGE_HIGH_OPEN = 2 };

enum { EXPRESSION_STACK_MAX = 32 };

struct expression {
    const struct instruction *code;
    const struct value *constants;
    const uint16_t *inputs;
    unsigned input_count;
    unsigned cost;
    bool needs_room;
    enum value_type type;
};

#endif
