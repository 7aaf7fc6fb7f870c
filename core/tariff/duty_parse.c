/* SPDX-License-Identifier: GPL-3.0-or-later
 * duty_parse.c - duty expressions of European and American tariffs, in one pass from the left.
 *
 *     duty      = phrase {phrase} | [number] unit | "NIHIL" | "Free" [conditions]
 *     phrase    = [sign] amount | "+" agricultural | reference
 *     sign      = "+" | "-" | "MIN" | "MAX" | the same in words
 *
 * amounts are read in duty_amount.c, words in duty_prose.c. Each word is looked at a fixed number
 * of times. */
#include "core/tariff/duty_parser.h"
#include "core/tariff/duty_units.h"

#include <string.h>

struct agricultural {
    const char *name, *text;
    unsigned use;
};

/* The British and the Union's abbreviations of the same components. */
static const struct agricultural agricultural[] = {
    {"ac", "AC", 0},   {"ac (reduced)", "AC (reduced)", 1},
    {"ea", "AC", 0},   {"ear", "AC (reduced)", 1},
    {"sd", "SD", 2},   {"sd (reduced)", "SD (reduced)", 3},
    {"adsz", "SD", 2}, {"adszr", "SD (reduced)", 3},
    {"fd", "FD", 4},   {"fd (reduced)", "FD (reduced)", 5},
    {"adfm", "FD", 4}, {"adfmr", "FD (reduced)", 5},
};
enum { AGRICULTURAL_COUNT = sizeof agricultural / sizeof agricultural[0] };

/* How often each use may occur: the expression codes 01; 04, 19, 20; 02; 15, 36; 17, 35. Each
 * agricultural component has a code of its own. */
static const unsigned char uses_max[DUTY_USE_AGRICULTURAL] = {1, 3, 1, 2, 2};

/* Spaces, footnote marks, and punctuation at the end of the text. */
static void skip_filler(struct duty_parser *parser) {
    for (;;) {
        duty_parser_skip(parser);
        const char *at = parser->at;
        const char *behind = duty_parser_footnote(at);
        if (behind == NULL && (*at == '.' || *at == ';') && *duty_text_skip(at + 1) == '\0') {
            behind = at + 1;
        }
        if (behind == NULL) {
            return;
        }
        parser->at = behind;
    }
}

/* Counts a use and says what is wrong with it here. */
static void count_use(struct duty_parser *parser, unsigned use, const char *at) {
    unsigned max = use < DUTY_USE_AGRICULTURAL ? uses_max[use] : 1;
    enum duty_verb before =
        parser->count > 0 ? parser->components[parser->count - 1].verb : DUTY_PLUS;
    if (use == DUTY_USE_FIRST && (before == DUTY_AGRICULTURAL || before == DUTY_NIL)) {
        duty_parser_forbid(parser, DUTY_FAULT_AMOUNT_NOT_PERMITTED, at);
    } else if (parser->uses[use]++ >= max) {
        duty_parser_forbid(parser, DUTY_FAULT_EXPRESSION_USED_TWICE, at);
    } else if ((use == DUTY_USE_FIRST && parser->count > 0) || before == DUTY_NIL ||
               before == DUTY_SUPPLEMENTARY ||
               (parser->count == 0 && (use == DUTY_USE_MIN || use == DUTY_USE_MAX))) {
        duty_parser_forbid(parser, DUTY_FAULT_EXPRESSION_OUT_OF_ORDER, at);
    }
}

/* AC, SD, FD with what they are per; false when none of them stands here. */
static int read_agricultural(struct duty_parser *parser, struct duty_component *component,
                             bool *is_there) {
    char first = duty_text_lower(*parser->at);
    unsigned best = AGRICULTURAL_COUNT;
    const char *best_end = parser->at;
    for (unsigned i = 0; i < AGRICULTURAL_COUNT; i++) {
        const char *behind = agricultural[i].name[0] == first
                                 ? duty_text_match(parser->at, agricultural[i].name)
                                 : NULL;
        if (behind != NULL && behind > best_end) {
            best = i;
            best_end = behind;
        }
    }
    *is_there = best < AGRICULTURAL_COUNT;
    if (!*is_there) {
        return 0;
    }
    count_use(parser, DUTY_USE_AGRICULTURAL + agricultural[best].use, parser->at);
    parser->at = best_end;
    component->verb = DUTY_AGRICULTURAL;
    component->name = agricultural[best].text;
    duty_parser_skip(parser);
    if (*parser->at == '/') {
        parser->at++;
        return duty_parser_read_measurement(parser, component);
    }
    return 0;
}

/* "NIHIL", "No additional duty"; "Free", which may have conditions behind it. */
static int read_nothing(struct duty_parser *parser, struct duty_component *component,
                        bool *is_there) {
    const char *begin = parser->at;
    char first = duty_text_lower(*begin);
    *is_there = true;
    if (first == 'f' && duty_parser_take(parser, "free")) {
        component->basis = DUTY_SHARE;
        duty_parser_skip(parser);
        bool has_conditions = *parser->at == ',' || *parser->at == '(';
        while (*parser->at == ',' || duty_text_is_space(*parser->at)) {
            parser->at++;
        }
        if (has_conditions) {
            component->name = duty_prose_rest(parser->at, parser->arena, &parser->at);
        }
        count_use(parser, DUTY_USE_FIRST, begin);
        return 0;
    }
    if (first != 'n' ||
        (!duty_parser_take(parser, "nihil") && !duty_parser_take(parser, "no additional duty"))) {
        *is_there = false;
        return 0;
    }
    component->verb = DUTY_NIL;
    if (parser->count > 0) {
        duty_parser_forbid(parser, DUTY_FAULT_EXPRESSION_OUT_OF_ORDER, begin);
    }
    duty_parser_skip(parser);
    if (*parser->at == '/') {
        parser->at++;
        struct duty_component unit = *component;
        duty_parser_forbid(parser, DUTY_FAULT_UNIT_NOT_PERMITTED, parser->at - 1);
        return duty_parser_read_measurement(parser, &unit);
    }
    return 0;
}

/* Words without a sign and without an amount in front. */
static int read_words(struct duty_parser *parser, struct duty_component *component) {
    const char *begin = parser->at, *reason = NULL;
    bool is_there;
    if (read_agricultural(parser, component, &is_there) != 0) {
        return -1;
    }
    if (is_there) {
        return 0;
    }
    if (read_nothing(parser, component, &is_there) != 0) {
        return -1;
    }
    if (is_there) {
        return 0;
    }
    if (parser->count > 0) {
        return duty_parser_stop(parser, DUTY_FAULT_UNKNOWN_EXPRESSION, begin);
    }
    if (duty_prose_find(begin, &component->verb, &reason)) {
        bool is_reference = component->verb == DUTY_REFERENCE;
        const char *words = is_reference ? duty_prose_read(begin, false, parser->arena, &parser->at)
                                         : duty_prose_rest(begin, parser->arena, &parser->at);
        component->name = is_reference ? words : reason;
        component->part = is_reference ? NULL : words;
        return 0;
    }
    struct duty_measurement ignored;
    const char *behind;
    if (!duty_units_match(begin, &ignored, &behind)) {
        return duty_parser_stop(parser, DUTY_FAULT_UNKNOWN_EXPRESSION, begin);
    }
    component->verb = DUTY_SUPPLEMENTARY;
    return duty_parser_read_measurement(parser, component);
}

/* Behind a sign. */
static int read_signed(struct duty_parser *parser, struct duty_component *component) {
    duty_parser_skip(parser);
    const char *begin = parser->at;
    if (duty_text_lower(*begin) == 'a' && duty_parser_take(parser, "a duty of")) {
        duty_parser_skip(parser);
    }
    if (duty_prose_begins_amount(parser->at)) {
        return duty_parser_read_amount(parser, component);
    }
    bool is_there = false;
    if (component->verb == DUTY_PLUS && read_agricultural(parser, component, &is_there) != 0) {
        return -1;
    }
    if (is_there) {
        return 0;
    }
    bool is_missing = *parser->at == '\0' || duty_parser_is_at_sign(parser);
    return duty_parser_stop(
        parser, is_missing ? DUTY_FAULT_AMOUNT_REQUIRED : DUTY_FAULT_UNKNOWN_EXPRESSION, begin);
}

static int read_phrase(struct duty_parser *parser) {
    static const enum duty_use use_of[] = {[DUTY_PLUS] = DUTY_USE_PLUS,
                                           [DUTY_MINUS] = DUTY_USE_MINUS,
                                           [DUTY_MIN] = DUTY_USE_MIN,
                                           [DUTY_MAX] = DUTY_USE_MAX};
    const char *begin = parser->at;
    if (parser->count == DUTY_COMPONENTS_MAX) {
        return duty_parser_stop(parser, DUTY_FAULT_TOO_LARGE, begin);
    }
    struct duty_component component = {.verb = DUTY_PLUS, .amount = {0, 1}, .scale = {1, 1}};
    int result;
    if (duty_prose_match_sign(begin, &component.verb, &parser->at)) {
        unsigned use = use_of[component.verb];
        result = read_signed(parser, &component);
        if (result == 0 && component.verb != DUTY_AGRICULTURAL) { /* "+ AC" is no plus */
            count_use(parser, use, begin);
        }
    } else if (duty_prose_begins_amount(begin)) {
        result = duty_parser_read_amount(parser, &component);
        if (result == 0) {
            count_use(parser, DUTY_USE_FIRST, begin);
        }
    } else {
        result = read_words(parser, &component);
    }
    if (result != 0) {
        return -1;
    }
    parser->components[parser->count++] = component;
    skip_filler(parser);
    return 0;
}

static int read_duty(struct duty_parser *parser) {
    skip_filler(parser);
    if (*parser->at == '\0') {
        return duty_parser_stop(parser, DUTY_FAULT_AMOUNT_REQUIRED, parser->at);
    }
    while (*parser->at != '\0') {
        if (read_phrase(parser) != 0) {
            return -1;
        }
    }
    return parser->fault == DUTY_FAULT_NONE ? 0 : -1;
}

enum { WORD_MAX = 40 };

/* What stands at a fault, for the message: up to the next slash or sign. */
static void copy_word(const char *at, char word[WORD_MAX + 1]) {
    unsigned length = 0;
    while (*at != '\0' && *at != '/' && *at != '+' && length < WORD_MAX) {
        word[length++] = (unsigned char)*at < ' ' ? ' ' : *at;
        at++;
    }
    if (*at != '\0') { /* no half characters */
        while (length > 0 && ((unsigned char)*at & 0xC0) == 0x80) {
            at--;
            length--;
        }
    }
    while (length > 0 && word[length - 1] == ' ') {
        length--;
    }
    word[length] = '\0';
}

static const char *nearest_name(enum duty_fault fault, const char *word, char currency[4]) {
    switch (fault) {
    case DUTY_FAULT_UNKNOWN_UNIT:
        return duty_units_nearest(word);
    case DUTY_FAULT_UNKNOWN_QUALIFIER:
        return duty_units_nearest_qualifier(word);
    case DUTY_FAULT_UNKNOWN_MONEY:
        return duty_units_nearest_currency(word, currency);
    default:
        return NULL;
    }
}

static int report(const struct duty_parser *parser, struct place place, struct error *err) {
    static const char *const texts[] = {
        [DUTY_FAULT_AMOUNT_REQUIRED] = "an amount is missing here",
        [DUTY_FAULT_UNKNOWN_EXPRESSION] = "no duty expression begins like this",
        [DUTY_FAULT_UNKNOWN_MONEY] = "neither % nor a known currency follows the number",
        [DUTY_FAULT_UNKNOWN_UNIT] = "no unit has this name",
        [DUTY_FAULT_UNKNOWN_QUALIFIER] = "no qualifier of units has this name",
        [DUTY_FAULT_QUALIFIER_NOT_PERMITTED] = "this qualifier is not used with this unit",
        [DUTY_FAULT_EXPRESSION_USED_TWICE] = "this was said before, as often as it can be",
        [DUTY_FAULT_EXPRESSION_OUT_OF_ORDER] = "this cannot stand here",
        [DUTY_FAULT_AMOUNT_NOT_PERMITTED] = "what stands before takes no amount",
        [DUTY_FAULT_UNIT_NOT_PERMITTED] = "what stands before takes no unit",
        [DUTY_FAULT_TOO_LARGE] = "too many digits, words or components",
    };
    char word[WORD_MAX + 1], currency[4];
    copy_word(parser->fault_at, word);
    place.column += (int)(parser->fault_at - parser->text);
    const char *nearest = nearest_name(parser->fault, word, currency);
    return error_at(err, place, "%s: %s%s%s%s%s%s%s", duty_fault_name(parser->fault),
                    texts[parser->fault], *word != '\0' ? ": '" : "", word,
                    *word != '\0' ? "'" : "", nearest != NULL ? "; did you mean '" : "",
                    nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
}

int duty_parse(const char *text, struct arena *arena, struct place place, struct duty *duty,
               enum duty_fault *fault, struct error *err) {
    struct duty_parser parser; /* the components are written when they are read */
    parser.text = parser.at = text;
    parser.arena = arena;
    parser.fault = DUTY_FAULT_NONE;
    parser.count = 0;
    memset(parser.uses, 0, sizeof parser.uses);
    bool is_long = strnlen(text, DUTY_TEXT_MAX + 1) > DUTY_TEXT_MAX;
    int result =
        is_long ? duty_parser_stop(&parser, DUTY_FAULT_TOO_LARGE, text) : read_duty(&parser);
    const char *reason = result != 0 && !is_long ? duty_prose_reason(text) : NULL;
    if (reason != NULL) {
        const char *end;
        const char *words = duty_prose_rest(text, arena, &end);
        parser.components[0] = (struct duty_component){.verb = DUTY_UNRESOLVED,
                                                       .amount = {0, 1},
                                                       .scale = {1, 1},
                                                       .name = reason,
                                                       .part = words};
        parser.count = 1;
        parser.fault = DUTY_FAULT_NONE;
    }
    if (fault != NULL) {
        *fault = parser.fault;
    }
    if (parser.fault != DUTY_FAULT_NONE) {
        return report(&parser, place, err);
    }
    struct duty_component *components = ARENA_ARRAY(arena, struct duty_component, parser.count);
    memcpy(components, parser.components, parser.count * sizeof *components);
    *duty = (struct duty){.count = parser.count, .components = components};
    return 0;
}
