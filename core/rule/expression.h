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
 *     factor     = "-" factor | primary ["**" ["-"] primary]
 *     primary    = number [unit] | date | "true" | "false" | "missing" | name | text
 *                | ("min" | "max" | "abs") "(" expression {"," expression} ")"
 *                | "(" expression ")"
 *     text       = "'" characters "'" | '"' characters '"'    \\ \" \' \n \r \t are one character
 *
 * Numbers are decimals: 0.1 + 0.2 == 0.3. A number carries the unit that its neighbour has (4 h,
 * 50000 USD, 30 USD/h, written without blanks around the slash); 5 % is 0.05; 0 needs no unit.
 * Units stay exact in products and quotients: 30 USD/h * 4 h == 120 USD. A power has a whole
 * exponent (see decimal_power), no units, and parentheses when it is raised again; -2 ** 2 is -4.
 * A date is 2017-01-28. A name is an input, or a symbol where it is compared with an input that
 * holds symbols; so are digits, two or more, such as chapter 02, and any text in quotes. Beside
 * other texts, and where a text is due, a text in quotes is a text: texts are ordered by their
 * bytes and put together with +, symbols as they are spelled: "You are " + status. That takes a
 * room (see below).
 *
 * A missing value makes sums and comparisons missing; and/or/not follow three-valued logic (Kleene
 * 1952), so `missing and false` is false. A condition that comes out missing counts as not met: in
 * `when:` and in `if`. A result that is no decimal (see decimal.h) is missing, a quotient by zero
 * too, and a text that does not fit its room. The word `missing` itself is a value where nothing is
 * done with it: if trusted then 5 else missing. Every expression terminates; its cost bound is
 * known when it is compiled. */
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
    bool has_room;        /* evaluated with a room, so texts may be put together */
};

/* Where an evaluation writes the texts that it puts together. The results point into it. */
struct expression_room {
    const char *const *symbols; /* of the names */
    char *bytes;
    size_t size, used;
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

/* The same with a room, for expressions compiled with names->has_room. Only this function can give
 * a text that is not in the expression or in its inputs. */
struct value expression_evaluate_in(const struct expression *expression, const struct value *values,
                                    struct expression_room *room);

/* The same as expression_evaluate for a condition (compiled for VALUE_BOOLEAN): true only when it
 * is true. */
bool expression_holds(const struct expression *expression, const struct value *values);

#endif
