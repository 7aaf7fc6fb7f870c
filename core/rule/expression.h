/* SPDX-License-Identifier: GPL-3.0-or-later
 * expression.h - the language of `when:`, compiled once and evaluated many times.
 *
 *     when: channel == red and (value > 50000 USD or not trusted) and chapter in [02, 03, 04]
 *
 *     expression = "if" expression "then" expression "else" expression | disjunction
 *     disjunction = conjunction {"or" conjunction}
 *     conjunction = negation {"and" negation}
 *     negation   = "not" negation | comparison
 *     comparison = sum [("==" | "!=" | "<" | "<=" | ">" | ">=") sum]
 *                | sum "is" ["not"] "missing"
 *                | sum ["not"] "in" ("[" literal {"," literal} "]" | range)
 *     range      = ("[" | "(") sum ".." sum ("]" | ")")         a round end is not included
 *     sum        = product {("+" | "-") product}
 *     product    = factor {("*" | "/") factor}
 *     factor     = "-" factor | number [unit] | date | "true" | "false" | name | text
 *                | ("min" | "max" | "abs") "(" expression {"," expression} ")"
 *                | "(" expression ")"
 *
 * Numbers are decimals: 0.1 + 0.2 == 0.3. A number carries the unit that its neighbour has (4 h,
 * 50000 USD, 30 USD/h, written without blanks around the slash); 5 % is 0.05; 0 needs no unit.
 * Units stay exact in products and quotients: 30 USD/h * 4 h == 120 USD.
 * A date is 2017-01-28. A name is an input, or a symbol where it is compared with an input that
 * holds symbols; so are digits, two or more, such as chapter 02, and any text in quotes.
 *
 * A missing value makes sums and comparisons missing; and/or/not follow three-valued logic (Kleene
 * 1952), so `missing and false` is false. A condition that comes out missing counts as not met: in
 * `when:` and in `if`. A result that is no decimal (see decimal.h) is missing, a quotient by zero
 * too. Every expression terminates; its cost bound is known when it is compiled. */
#ifndef CORE_RULE_EXPRESSION_H
#define CORE_RULE_EXPRESSION_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/rule/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    EXPRESSION_LENGTH_MAX = 4096, /* bytes of text */
    EXPRESSION_DEPTH_MAX = 64,    /* parentheses, calls, signs, `not` and `if` in one another */
    EXPRESSION_NODES_MAX = 1024,  /* names, literals and operators */
};

/* One named input. `dimension` is an enum dimension of units.h: what it is compared with, added to
 * and so on has the same one, and literals are converted ("4 h" against a time in seconds). */
struct expression_input {
    const char *name;
    enum value_type type;
    int dimension;
    const char *doc;
    const char *choices; /* "green|yellow|red": the symbols it can hold; NULL for any */
};

/* What an expression may refer to. Symbols are interned as they are met, up to the arena. */
struct expression_names {
    const struct expression_input *inputs;
    unsigned input_count;
    const char **symbols;
    uint32_t symbol_count;
    size_t symbol_capacity;
    const char *currency; /* the one that money is in; NULL or empty for any */
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
 * are looked at, and REQUIREd to be missing or of the input's type. Allocates nothing. */
struct value expression_evaluate(const struct expression *expression, const struct value *values);

/* The same for a condition (compiled for VALUE_BOOLEAN): true only when it is true. */
bool expression_holds(const struct expression *expression, const struct value *values);

#endif
