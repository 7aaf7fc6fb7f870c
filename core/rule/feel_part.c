/* SPDX-License-Identifier: GPL-3.0-or-later
 * feel_part.c - what the operators of FEEL make of translated parts; null is settled here. */
#include "core/rule/feel_reading.h"

#include <string.h>

static struct feel_part make(struct feel_reading *reading, enum value_type type, int strength,
                             bool is_fixed, const char *text) {
    if (strlen(text) > EXPRESSION_LENGTH_MAX) {
        feel_gap(reading, reading->at, "an expression that becomes longer than %d bytes",
                 EXPRESSION_LENGTH_MAX);
        return feel_null();
    }
    return (struct feel_part){
        .type = type, .text = text, .condition = text, .strength = strength, .is_fixed = is_fixed};
}

struct feel_part feel_null(void) {
    return (struct feel_part){.type = VALUE_MISSING,
                              .text = "missing",
                              .condition = "missing",
                              .strength = FEEL_FIRM,
                              .is_fixed = true};
}

struct feel_part feel_boolean(bool truth) {
    return (struct feel_part){.type = VALUE_BOOLEAN,
                              .text = truth ? "true" : "false",
                              .condition = truth ? "true" : "false",
                              .strength = FEEL_FIRM,
                              .is_plain = true,
                              .is_fixed = true};
}

struct feel_part feel_text_literal(struct feel_reading *reading, const char *text) {
    size_t length = 0;
    char *quoted = arena_alloc(reading->arena, 2 * strlen(text) + 3);
    quoted[length++] = '"';
    for (const char *at = text; *at != '\0'; at++) {
        const char *found = strchr("\\\"\n\r\t", *at);
        if (found == NULL && (unsigned char)*at < ' ') {
            feel_gap(reading, reading->at, "a text with control characters");
        }
        if (found != NULL) {
            quoted[length++] = '\\';
        }
        quoted[length++] = *at == '\n' ? 'n' : *at == '\r' ? 'r' : *at == '\t' ? 't' : *at;
    }
    quoted[length] = '"';
    if (length > 1000) {
        feel_gap(reading, reading->at, "a text of more than 1000 bytes");
    }
    struct feel_part part = make(reading, VALUE_TEXT, FEEL_FIRM, true, quoted);
    part.literal = text;
    part.is_plain = true;
    return part;
}

/* In parentheses where it binds less than is needed. */
static const char *firm(struct feel_reading *reading, const char *text, int strength, int needed) {
    return strength >= needed ? text : arena_format(reading->arena, "(%s)", text);
}

static struct feel_part infix(struct feel_reading *reading, enum value_type type, int strength,
                              const char *mark, struct feel_part a, struct feel_part b) {
    int left =
        strength == FEEL_WEAK_COMPARE || strength == FEEL_WEAK_POWER ? strength + 1 : strength;
    const char *text =
        arena_format(reading->arena, "%s %s %s", firm(reading, a.text, a.strength, left), mark,
                     firm(reading, b.text, b.strength, strength + 1));
    return make(reading, type, strength, a.is_fixed && b.is_fixed, text);
}

struct feel_part feel_calculate(struct feel_reading *reading, const char *operator_mark,
                                struct feel_part a, struct feel_part b) {
    bool is_sum = *operator_mark == '+' || *operator_mark == '-';
    if (is_sum && (a.type == VALUE_DATE || b.type == VALUE_DATE)) {
        feel_gap(reading, reading->at, "arithmetic with dates");
        return feel_null();
    }
    bool is_join = *operator_mark == '+' && a.type == VALUE_TEXT && b.type == VALUE_TEXT;
    if (!is_join && (a.type != VALUE_DECIMAL || b.type != VALUE_DECIMAL)) {
        return feel_null();
    }
    int strength = is_sum                             ? FEEL_WEAK_SUM
                   : strcmp(operator_mark, "**") == 0 ? FEEL_WEAK_POWER
                                                      : FEEL_WEAK_PRODUCT;
    return infix(reading, is_join ? VALUE_TEXT : VALUE_DECIMAL, strength, operator_mark, a, b);
}

struct feel_part feel_negative(struct feel_reading *reading, struct feel_part a) {
    if (a.type != VALUE_DECIMAL) {
        return feel_null();
    }
    struct feel_part part =
        make(reading, VALUE_DECIMAL, FEEL_WEAK_SIGN, a.is_fixed,
             arena_format(reading->arena, "-%s", firm(reading, a.text, a.strength, FEEL_FIRM)));
    part.is_plain = a.is_plain && a.strength == FEEL_FIRM;
    return part;
}

static struct feel_part is_missing(struct feel_reading *reading, struct feel_part a,
                                   const char *verb) {
    if (a.type == VALUE_MISSING || a.is_plain) {
        return feel_boolean((a.type == VALUE_MISSING) == (strcmp(verb, "is missing") == 0));
    }
    return make(reading, VALUE_BOOLEAN, FEEL_WEAK_COMPARE, a.is_fixed,
                arena_format(reading->arena, "%s %s",
                             firm(reading, a.text, a.strength, FEEL_WEAK_SUM), verb));
}

/* a = b: null equals null and nothing else. */
static struct feel_part equal(struct feel_reading *reading, struct feel_part a,
                              struct feel_part b) {
    if (a.type == VALUE_MISSING || b.type == VALUE_MISSING) {
        return is_missing(reading, a.type == VALUE_MISSING ? b : a, "is missing");
    }
    if (a.type != b.type) {
        return feel_null();
    }
    struct feel_part same = infix(reading, VALUE_BOOLEAN, FEEL_WEAK_COMPARE, "==", a, b);
    if (a.is_plain && b.is_plain) {
        return same;
    }
    struct feel_part whole;
    if (a.is_plain || b.is_plain) {
        struct feel_part known = is_missing(reading, a.is_plain ? b : a, "is not missing");
        whole = feel_join(reading, true, known, same);
        whole.condition = same.text;
        whole.strength = FEEL_WEAK_AND;
        return whole;
    }
    struct feel_part a_missing = is_missing(reading, a, "is missing");
    struct feel_part b_missing = is_missing(reading, b, "is missing");
    return feel_choose(reading, feel_join(reading, false, a_missing, b_missing),
                       feel_join(reading, true, a_missing, b_missing), same);
}

struct feel_part feel_compare(struct feel_reading *reading, const char *relation,
                              struct feel_part a, struct feel_part b) {
    if (strcmp(relation, "=") == 0) {
        return equal(reading, a, b);
    }
    if (strcmp(relation, "!=") == 0) {
        return feel_not(reading, equal(reading, a, b));
    }
    if (a.type != b.type || a.type == VALUE_MISSING || a.type == VALUE_BOOLEAN) {
        return feel_null();
    }
    return infix(reading, VALUE_BOOLEAN, FEEL_WEAK_COMPARE, relation, a, b);
}

/* One of the two is null: false (or true) where the other settles it, else null. */
static struct feel_part join_null(struct feel_reading *reading, bool is_and, struct feel_part a) {
    if (a.type != VALUE_BOOLEAN) {
        return feel_null();
    }
    struct feel_part settled = is_and ? feel_not(reading, a) : a;
    return feel_choose(reading, settled, feel_boolean(!is_and), feel_null());
}

struct feel_part feel_join(struct feel_reading *reading, bool is_and, struct feel_part a,
                           struct feel_part b) {
    if (a.type != VALUE_BOOLEAN || b.type != VALUE_BOOLEAN) {
        return join_null(reading, is_and, a.type == VALUE_BOOLEAN ? a : b);
    }
    int strength = is_and ? FEEL_WEAK_AND : FEEL_WEAK_OR;
    const char *mark = is_and ? "and" : "or";
    struct feel_part part = infix(reading, VALUE_BOOLEAN, strength, mark, a, b);
    struct feel_part short_a = a, short_b = b;
    short_a.text = a.condition;
    short_b.text = b.condition;
    part.condition = infix(reading, VALUE_BOOLEAN, strength, mark, short_a, short_b).text;
    return part;
}

struct feel_part feel_not(struct feel_reading *reading, struct feel_part a) {
    if (a.type != VALUE_BOOLEAN) {
        return feel_null();
    }
    if (a.is_plain) {
        return feel_boolean(*a.text == 'f');
    }
    return make(reading, VALUE_BOOLEAN, FEEL_WEAK_NOT, a.is_fixed,
                arena_format(reading->arena, "not %s",
                             firm(reading, a.text, a.strength, FEEL_WEAK_COMPARE)));
}

struct feel_part feel_choose(struct feel_reading *reading, struct feel_part condition,
                             struct feel_part then, struct feel_part otherwise) {
    if (condition.type != VALUE_BOOLEAN) {
        return otherwise;
    }
    if (condition.is_plain) {
        return *condition.text == 't' ? then : otherwise;
    }
    enum value_type type = then.type == VALUE_MISSING ? otherwise.type : then.type;
    if (otherwise.type != VALUE_MISSING && otherwise.type != type) {
        feel_gap(reading, reading->at, "an 'if' whose branches are of different types");
    }
    const char *text =
        arena_format(reading->arena, "if %s then %s else %s",
                     firm(reading, condition.condition, condition.strength, FEEL_WEAK_OR),
                     firm(reading, then.text, then.strength, FEEL_WEAK_OR),
                     firm(reading, otherwise.text, otherwise.strength, FEEL_WEAK_OR));
    return make(reading, type, FEEL_WEAK_IF,
                condition.is_fixed && then.is_fixed && otherwise.is_fixed, text);
}

struct feel_part feel_call(struct feel_reading *reading, const char *function, struct feel_part a,
                           struct feel_part b) {
    if (a.type != VALUE_DECIMAL || b.type != VALUE_DECIMAL) {
        return feel_null();
    }
    bool has_one = strcmp(function, "abs") == 0;
    const char *text = has_one
                           ? arena_format(reading->arena, "abs(%s)", a.text)
                           : arena_format(reading->arena, "%s(%s, %s)", function, a.text, b.text);
    return make(reading, VALUE_DECIMAL, FEEL_FIRM, a.is_fixed && b.is_fixed, text);
}
