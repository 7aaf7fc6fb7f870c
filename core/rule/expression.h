/* SPDX-License-Identifier: GPL-3.0-or-later
 * expression.h - the language of `when:`, compiled once and evaluated many times.
 *
 *     when: channel == red and (value > 50000 USD or not trusted) and chapter in [02, 03, 04]
 *
 * Comparison, and / or / not, + - * /, unary minus, parentheses, `in [..]`, `in [a..b]`, `if c
 * then a else b`, min(), max(), abs(), `x is missing`. Numbers are decimals: 0.1 + 0.2 == 0.3.
 * A missing value makes a comparison missing; and/or/not follow three-valued logic (Kleene), so
 * `missing and false` is false. A condition that comes out missing counts as not met.
 * Every expression terminates; its cost bound is known when it is compiled. */
#ifndef CORE_RULE_EXPRESSION_H
#define CORE_RULE_EXPRESSION_H

#include "core/base/arena.h"
#include "core/base/error.h"

#include <stdbool.h>
#include <stdint.h>

/* coefficient * 10^-scale, 0 <= scale <= 18, normalised: no trailing zeros beyond the point.
 * Products go by way of 128 bits; a quotient has at most 18 decimals, rounded half to even. A
 * result that does not fit is missing. */
struct decimal {
    int64_t coefficient;
    int32_t scale;
};

enum value_type { VALUE_MISSING, VALUE_DECIMAL, VALUE_BOOLEAN, VALUE_SYMBOL, VALUE_DATE };

/* A symbol is an index into the table of `struct expression_names`, so comparing two is one
 * compare. */
struct value {
    enum value_type type;
    union {
        struct decimal decimal;
        bool boolean;
        uint32_t symbol;
        int64_t date_day; /* days since 1970-01-01 */
    };
};

/* One named input. `dimension` is an enum dimension of units.h: literals compared with it may carry
 * a unit and are converted ("4 h" against a time input in seconds). */
struct expression_input {
    const char *name;
    enum value_type type;
    int dimension;
    const char *doc;
};

/* What an expression may refer to. Symbols are interned as they are met, up to the arena. */
struct expression_names {
    const struct expression_input *inputs;
    unsigned input_count;
    const char **symbols;
    uint32_t symbol_count;
    size_t symbol_capacity;
};

/* The index of a symbol, added when it is new. */
uint32_t expression_symbol(struct expression_names *names, struct arena *arena, const char *text);

struct expression; /* immutable once compiled; lives in the arena */

/* Compiles `text`, which must give `type`. NULL and an error with its place (column inside the
 * text added to the place's) when it cannot. */
const struct expression *expression_compile(const char *text, enum value_type type,
                                            struct expression_names *names, struct arena *arena,
                                            struct place place, struct error *err);

/* Which inputs it reads: `count` indices into names->inputs, ascending. */
const uint16_t *expression_inputs(const struct expression *expression, unsigned *count);

/* Upper bound on the operations of one evaluation. */
unsigned expression_cost(const struct expression *expression);

/* `values` has one entry per input of the names it was compiled with; only those that it reads
 * are looked at. Allocates nothing. */
struct value expression_evaluate(const struct expression *expression, const struct value *values);

/* The same as a condition: true only when it is true. */
bool expression_holds(const struct expression *expression, const struct value *values);

struct value value_decimal_from_real(double x); /* nearest with 9 decimals; missing for NaN */
int decimal_parse(const char *text, struct decimal *decimal); /* 0, or -1 */
unsigned decimal_print(struct decimal decimal, char text[28]);
int decimal_compare(struct decimal a, struct decimal b); /* -1, 0, 1 */

#endif
