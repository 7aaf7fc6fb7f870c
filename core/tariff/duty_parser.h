/* SPDX-License-Identifier: GPL-3.0-or-later
 * duty_parser.h - what the files of the parser of duty expressions share; for them alone.
 *
 * What is not understood stops the parser at once; what is understood and not permitted is
 * remembered and reported when the rest is understood. */
#ifndef CORE_TARIFF_DUTY_PARSER_H
#define CORE_TARIFF_DUTY_PARSER_H

#include "core/tariff/duty.h"
#include "core/tariff/duty_prose.h"
#include "core/tariff/duty_text.h"

/* The uses of a duty expression that are counted; agricultural components stand behind them. */
enum duty_use {
    DUTY_USE_FIRST,
    DUTY_USE_PLUS,
    DUTY_USE_MINUS,
    DUTY_USE_MIN,
    DUTY_USE_MAX,
    DUTY_USE_AGRICULTURAL,
    DUTY_USE_COUNT = DUTY_USE_AGRICULTURAL + 6
};

struct duty_parser {
    const char *text, *at;
    struct arena *arena;
    enum duty_fault fault;
    const char *fault_at;
    unsigned count;
    unsigned char uses[DUTY_USE_COUNT];
    struct duty_component components[DUTY_COMPONENTS_MAX];
};

/* Stops the parser. Returns -1. */
static inline int duty_parser_stop(struct duty_parser *parser, enum duty_fault fault,
                                   const char *at) {
    parser->fault = fault;
    parser->fault_at = at;
    return -1;
}

/* Remembers the first thing that is not permitted. */
static inline void duty_parser_forbid(struct duty_parser *parser, enum duty_fault fault,
                                      const char *at) {
    if (parser->fault == DUTY_FAULT_NONE) {
        parser->fault = fault;
        parser->fault_at = at;
    }
}

/* Goes over a name in lower case when it is there. */
static inline bool duty_parser_take(struct duty_parser *parser, const char *name) {
    const char *behind = duty_text_match(parser->at, name);
    if (behind == NULL) {
        return false;
    }
    parser->at = behind;
    return true;
}

static inline void duty_parser_skip(struct duty_parser *parser) {
    parser->at = duty_text_skip(parser->at);
}

static inline bool duty_parser_is_at_sign(const struct duty_parser *parser) {
    enum duty_verb verb;
    const char *behind;
    return duty_prose_match_sign(parser->at, &verb, &behind);
}

/* Behind the mark of a footnote ("1/" before a space or the end), or NULL. */
static inline const char *duty_parser_footnote(const char *at) {
    const char *digits = at;
    while (duty_text_is_digit(*at)) {
        at++;
    }
    bool is_mark = at > digits && *at == '/' && (at[1] == '\0' || duty_text_is_space(at[1]));
    return is_mark ? at + 1 : NULL;
}

/* Reads the amount that begins here: a share with the value it is of, money with what it is per;
 * as the very first thing also a number with a supplementary unit. 0, or -1 when it stopped. */
int duty_parser_read_amount(struct duty_parser *parser, struct duty_component *component);

/* Reads [number] unit [qualifier]; a number alone counts pieces: "$1.34/1000". 0 or -1. */
int duty_parser_read_measurement(struct duty_parser *parser, struct duty_component *component);

#endif
