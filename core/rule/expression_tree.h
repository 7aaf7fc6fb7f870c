/* SPDX-License-Identifier: GPL-3.0-or-later
 * expression_tree.h - the stages between the text of an expression and its code.
 *
 *     text -> expression_token -> expression_parse -> expression_check -> expression_emit -> code
 *
 * For the files expression_*.c only. The tree lives on the stack of expression_compile: node 0 is
 * none, children are indices. Parsing settles the shape, checking the types, dimensions and what
 * names, digits and texts stand for. */
#ifndef CORE_RULE_EXPRESSION_TREE_H
#define CORE_RULE_EXPRESSION_TREE_H

#include "core/base/units.h"
#include "core/rule/expression_code.h"

enum token_kind {
    TOKEN_END,
    TOKEN_NAME,
    TOKEN_NUMBER, /* value, dimension; has_unit when one was written */
    TOKEN_DATE,   /* value */
    TOKEN_TEXT,   /* in quotes; offset and length are of what is between them */
    TOKEN_MARK,   /* operators and brackets */
};

struct expression_token {
    enum token_kind kind;
    unsigned offset, length; /* in the text */
    bool has_unit;
    int dimension;
    struct value value;
};

enum node_kind {
    NODE_NONE,
    NODE_INPUT,    /* input */
    NODE_CONSTANT, /* value */
    /* Parsed, but checked into NODE_INPUT or NODE_CONSTANT. */
    NODE_NAME,
    NODE_NUMBER,
    NODE_TEXT,
    NODE_NEGATE, /* first */
    NODE_ABS,
    NODE_ADD, /* first, second */
    NODE_SUBTRACT,
    NODE_MULTIPLY,
    NODE_DIVIDE,
    NODE_POWER,
    NODE_MIN,
    NODE_MAX,
    NODE_JOIN,       /* NODE_ADD of texts, once checked */
    NODE_COMPARE,    /* relation */
    NODE_IS_MISSING, /* first */
    NODE_IN_LIST,    /* first in items from second on, chained by next */
    NODE_IN_RANGE,   /* first in second .. third; open ends */
    NODE_NOT,
    NODE_AND,
    NODE_OR,
    NODE_IF, /* first ? second : third */
};

/* Whether WEEK_S is in it. */
static inline bool is_per_time(int dimension) {
    return dimension == DIMENSION_RATE || dimension == DIMENSION_MONEY_PER_TIME;
}

/* A number whose dimension is whatever its neighbour's is: zero. And none that means anything. */
enum { DIMENSION_ANY = -1, DIMENSION_SENSELESS = -2 };

struct expression_node {
    uint8_t kind;     /* enum node_kind */
    uint8_t relation; /* enum relation */
    bool low_open, high_open;
    bool has_unit;
    uint16_t first, second, third, next;
    uint16_t input;
    uint16_t offset, length; /* in the text, for errors */
    int dimension;
    enum value_type type;
    struct value value;
};

struct expression_tree {
    const char *text;
    struct place place;
    struct error *err;
    struct expression_names *names;
    struct arena *arena;
    struct expression_token token; /* the next one */
    unsigned offset;               /* behind it */
    unsigned end;                  /* of what has been parsed */
    unsigned depth;
    enum value_type type; /* that is asked for */
    uint16_t root;
    uint16_t node_count;
    struct expression_node nodes[EXPRESSION_NODES_MAX];
};

/* An error at an offset of the text. The first one stays, and the next token is the end from then
 * on: so a stage goes on without looking, comes to its end, and asks expression_failed once. */
void expression_fail(struct expression_tree *tree, unsigned offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool expression_failed(const struct expression_tree *tree);

/* The input of that name, or -1. */
int expression_find_input(const struct expression_names *names, const char *text, unsigned length);

/* The choices "green|yellow|red" one by one, at most `max`; returns their number. */
unsigned expression_choice_list(const char *choices, struct arena *arena, const char **names,
                                unsigned max);
bool expression_choice_has(const char *choices, const char *text, size_t length);

/* Whether two nodes may hold different symbols of two inputs without choices: all symbols that
 * nothing mentions are one, and would seem alike. */
bool expression_choice_is_open(const struct expression_tree *tree, uint16_t first, uint16_t second);

/* Takes the next token of the text into tree->token. */
void expression_token_next(struct expression_tree *tree);

/* Whether the next token is that mark or word. */
bool expression_token_is(const struct expression_tree *tree, const char *word);

/* Each takes the stage before it in the tree; its errors are found by expression_failed. */
void expression_parse(struct expression_tree *tree);
void expression_check(struct expression_tree *tree, enum value_type type);

/* The code, in tree->arena; NULL and an error when it needs too much room. */
const struct expression *expression_emit(struct expression_tree *tree);

#endif
