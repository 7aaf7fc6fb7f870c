/* SPDX-License-Identifier: GPL-3.0-or-later
 * feel.c - the grammar of FEEL by recursive descent; each rule gives what it read, translated.
 *
 * A sign binds more than a power here (-2**2 is 4), and powers go from the left, as DMN has it. */
#include "core/rule/feel.h"

#include "core/rule/feel_reading.h"

#include <string.h>

static bool enter(struct feel_reading *reading) {
    if (reading->depth == FEEL_DEPTH_MAX || *reading->work == FEEL_WORK_MAX) {
        feel_gap(reading, reading->at,
                 reading->depth == FEEL_DEPTH_MAX ? "an expression nested more than %d deep"
                                                  : "an expression of more than %d parts",
                 reading->depth == FEEL_DEPTH_MAX ? FEEL_DEPTH_MAX : FEEL_WORK_MAX);
        return false;
    }
    reading->depth++;
    ++*reading->work;
    return true;
}

/* ---- names ---- */

/* A parameter of the function whose body this is. */
static bool take_parameter(struct feel_reading *reading, struct feel_part *part) {
    const struct feel_function *function = reading->function;
    size_t longest = 0;
    for (unsigned i = 0; function != NULL && i < function->parameter_count; i++) {
        size_t length = feel_name_length(reading, function->parameters[i]);
        if (length > longest) {
            longest = length;
            *part = reading->arguments[i];
        }
    }
    reading->at += longest;
    return longest > 0;
}

/* The longest name of the scope that stands here: "Full Name" before "Full". */
static bool take_name(struct feel_reading *reading, struct feel_part *part) {
    if (reading->function != NULL) {
        return take_parameter(reading, part);
    }
    size_t longest = 0, begin = reading->at;
    struct feel_name *name = NULL;
    for (unsigned i = 0; i < reading->scope->name_count; i++) {
        size_t length = feel_name_length(reading, reading->scope->names[i].feel);
        if (length > longest) {
            longest = length;
            name = &reading->scope->names[i];
        }
    }
    if (name == NULL) {
        return false;
    }
    reading->at += longest;
    if (name->hindrance != NULL) {
        feel_gap(reading, begin, "'%s', %s,", name->feel, name->hindrance);
    }
    name->is_used = true;
    *part = (struct feel_part){
        .type = name->type, .text = name->name, .condition = name->name, .strength = FEEL_FIRM};
    return true;
}

static void refuse_name(struct feel_reading *reading) {
    const char *names[FEEL_LIST_MAX], *here = reading->text + reading->at;
    unsigned count = 0;
    size_t length = strcspn(here, " \t\r\n+-*/()[]{},:<>=!.\"");
    unsigned known = reading->function == NULL ? reading->scope->name_count : 0;
    for (unsigned i = 0; i < known && count < FEEL_LIST_MAX; i++) {
        names[count++] = reading->scope->names[i].feel;
    }
    const char *wrong = arena_text(reading->arena, here, length < 60 ? length : 60);
    const char *nearest = error_nearest_name(wrong, names, count);
    if (length == 0) {
        feel_expected(reading, "a value");
    } else if (nearest != NULL) {
        feel_wrong(reading, reading->at, "unknown name '%s'; did you mean '%s'?", wrong, nearest);
    } else {
        feel_wrong(reading, reading->at, "unknown name '%s'", wrong);
    }
}

/* ---- calls ---- */

/* Where argument number `count` goes: by its name ("rate: 5"), else by its place. */
static unsigned argument_place(struct feel_reading *reading, const struct feel_function *function,
                               unsigned count) {
    size_t begin = reading->at;
    for (unsigned i = 0; i < function->parameter_count; i++) {
        size_t length = feel_name_length(reading, function->parameters[i]);
        reading->at += length;
        if (length > 0 && feel_take_mark(reading, ":")) {
            return i;
        }
        reading->at = begin;
    }
    return count;
}

static struct feel_part run_body(struct feel_reading *reading, const struct feel_function *function,
                                 const struct feel_part *arguments, size_t begin) {
    struct feel_problem problem = {0};
    struct feel_reading body = *reading;
    body.text = function->body;
    body.at = 0;
    body.function = function;
    body.arguments = arguments;
    body.subject = NULL;
    body.problem = &problem;
    struct feel_part part = feel_read_expression(&body);
    if (!feel_at_end(&body)) {
        feel_expected(&body, "an operator or the end");
    }
    if (problem.text != NULL) {
        *reading->problem = problem;
        reading->problem->offset = begin;
        reading->problem->text =
            arena_format(reading->arena, "in '%s': %s", function->feel, problem.text);
    }
    return part;
}

static struct feel_part call_function(struct feel_reading *reading,
                                      const struct feel_function *function) {
    size_t begin = reading->at;
    struct feel_part arguments[FEEL_LIST_MAX];
    unsigned count = 0;
    if (function->hindrance != NULL) {
        feel_gap(reading, begin, "'%s', %s,", function->feel, function->hindrance);
    }
    if (function->parameter_count >= FEEL_LIST_MAX) {
        feel_gap(reading, begin, "a function of more than %d parameters", FEEL_LIST_MAX - 1);
    }
    reading->at += feel_name_length(reading, function->feel);
    for (unsigned i = 0; i < function->parameter_count && i < FEEL_LIST_MAX; i++) {
        arguments[i] = feel_null();
    }
    feel_expect_mark(reading, "(");
    if (!feel_is_mark(reading, ")")) {
        do {
            (void)feel_at_end(reading);
            unsigned place = argument_place(reading, function, count);
            struct feel_part argument = feel_read_expression(reading);
            if (place < function->parameter_count && place < FEEL_LIST_MAX) {
                arguments[place] = argument;
            }
            count++;
        } while (feel_take_mark(reading, ","));
    }
    feel_expect_mark(reading, ")");
    if (!feel_failed(reading) && count != function->parameter_count) {
        feel_wrong(reading, begin, "'%s' takes %u arguments, not %u", function->feel,
                   function->parameter_count, count);
    }
    return feel_failed(reading) ? feel_null() : run_body(reading, function, arguments, begin);
}

/* sum, min and max of several, written as arguments or as one list. */
static struct feel_part fold(struct feel_reading *reading, const char *function) {
    bool has_list = feel_take_mark(reading, "[");
    struct feel_part result = feel_read_expression(reading);
    bool is_absolute = strcmp(function, "abs") == 0;
    if (is_absolute) {
        result = feel_call(reading, function, result, result);
    }
    while (!is_absolute && feel_take_mark(reading, ",")) {
        struct feel_part next = feel_read_expression(reading);
        result = strcmp(function, "sum") == 0 ? feel_calculate(reading, "+", result, next)
                                              : feel_call(reading, function, result, next);
    }
    if (has_list) {
        feel_expect_mark(reading, "]");
    }
    return result.type == VALUE_DECIMAL ? result : feel_null();
}

static struct feel_part call_date(struct feel_reading *reading, size_t begin) {
    struct feel_part argument = feel_read_expression(reading);
    if (argument.type == VALUE_DATE) {
        return argument;
    }
    if (argument.literal == NULL && argument.type != VALUE_MISSING) {
        feel_gap(reading, begin, "the function 'date' of anything but a text in quotes");
        return feel_null();
    }
    return feel_date(reading, &argument);
}

static bool take_call(struct feel_reading *reading, struct feel_part *part) {
    size_t begin = reading->at;
    for (unsigned i = 0; i < reading->scope->function_count; i++) {
        const struct feel_function *function = &reading->scope->functions[i];
        size_t length = feel_name_length(reading, function->feel);
        reading->at += length;
        bool is_call = length > 0 && feel_is_mark(reading, "(");
        reading->at = begin;
        if (is_call) {
            *part = call_function(reading, function);
            return true;
        }
    }
    const char *name = feel_take_function_name(reading);
    if (name == NULL) {
        return false;
    }
    feel_expect_mark(reading, "(");
    if (strcmp(name, "not") == 0) {
        *part = feel_not(reading, feel_read_expression(reading));
    } else if (strcmp(name, "abs") == 0 || strcmp(name, "min") == 0 || strcmp(name, "max") == 0 ||
               strcmp(name, "sum") == 0) {
        *part = fold(reading, name);
    } else if (strcmp(name, "date") == 0) {
        *part = call_date(reading, begin);
    } else {
        feel_gap(reading, begin, "the function '%s'", name);
    }
    feel_expect_mark(reading, ")");
    return true;
}

/* ---- the grammar ---- */

/* @"2017-01-28" */
static struct feel_part read_at_literal(struct feel_reading *reading) {
    size_t begin = reading->at++;
    if (reading->text[reading->at] != '"') {
        feel_expected(reading, "a text in quotes after @");
        return feel_null();
    }
    struct feel_part text = feel_take_text(reading);
    struct feel_part date = feel_failed(reading) ? feel_null() : feel_date(reading, &text);
    if (date.type == VALUE_MISSING) {
        feel_gap(reading, begin, "a time or a duration");
    }
    return date;
}

static struct feel_part read_primary(struct feel_reading *reading) {
    struct feel_part part = feel_null();
    if (feel_at_end(reading)) {
        feel_expected(reading, "a value");
        return part;
    }
    char here = reading->text[reading->at], next = reading->text[reading->at + 1];
    if (here == '?' && reading->subject != NULL) {
        reading->at++;
        reading->subject_used = true;
        return *reading->subject;
    }
    if (take_name(reading, &part) || feel_take_word(reading, "null")) {
        return part;
    }
    if (feel_is_word(reading, "true") || feel_is_word(reading, "false")) {
        bool truth = feel_take_word(reading, "true");
        return truth || feel_take_word(reading, "false") ? feel_boolean(truth) : part;
    }
    if ((here >= '0' && here <= '9') || (here == '.' && next >= '0' && next <= '9')) {
        return feel_take_number(reading);
    }
    if (take_call(reading, &part)) {
        return part;
    }
    if (here == '"') {
        return feel_take_text(reading);
    }
    if (here == '@') {
        return read_at_literal(reading);
    }
    if (here == '[' || here == '{') {
        feel_gap(reading, reading->at, here == '[' ? "a list" : "a context");
    } else if (feel_take_mark(reading, "(")) {
        part = feel_read_expression(reading);
        feel_expect_mark(reading, ")");
    } else {
        refuse_name(reading);
    }
    return part;
}

static struct feel_part read_sign(struct feel_reading *reading) {
    if (!enter(reading)) {
        return feel_null();
    }
    struct feel_part part = feel_take_mark(reading, "-")
                                ? feel_negative(reading, read_sign(reading))
                                : read_primary(reading);
    reading->depth--;
    if (feel_is_mark(reading, "[") && !reading->in_range) {
        feel_gap(reading, reading->at, "a filter");
    } else if (feel_is_mark(reading, ".") && !feel_is_mark(reading, "..")) {
        feel_gap(reading, reading->at, "a property of a value");
    }
    return part;
}

static struct feel_part read_power(struct feel_reading *reading) {
    struct feel_part part = read_sign(reading);
    while (feel_take_mark(reading, "**")) {
        part = feel_calculate(reading, "**", part, read_sign(reading));
    }
    return part;
}

static struct feel_part read_product(struct feel_reading *reading) {
    struct feel_part part = read_power(reading);
    for (;;) {
        if (feel_take_mark(reading, "*")) {
            part = feel_calculate(reading, "*", part, read_power(reading));
        } else if (feel_take_mark(reading, "/")) {
            part = feel_calculate(reading, "/", part, read_power(reading));
        } else {
            return part;
        }
    }
}

struct feel_part feel_read_sum(struct feel_reading *reading) {
    struct feel_part part = read_product(reading);
    for (;;) {
        if (feel_take_mark(reading, "+")) {
            part = feel_calculate(reading, "+", part, read_product(reading));
        } else if (feel_take_mark(reading, "-")) {
            part = feel_calculate(reading, "-", part, read_product(reading));
        } else {
            return part;
        }
    }
}

/* What follows `in`: one test, or several in parentheses. */
static struct feel_part read_in(struct feel_reading *reading, const struct feel_part *subject) {
    size_t begin = reading->at;
    if (feel_take_mark(reading, "(")) {
        struct feel_problem before = *reading->problem;
        struct feel_tests tests = feel_read_tests(reading, subject);
        if (!feel_failed(reading) && feel_take_mark(reading, ")")) {
            return tests.condition;
        }
        *reading->problem = before; /* a range that begins with a round bracket, perhaps */
        reading->at = begin;
    }
    return feel_read_test(reading, subject).condition;
}

static struct feel_part read_comparison(struct feel_reading *reading) {
    static const char *const relations[] = {"!=", "<=", ">=", "=", "<", ">"};
    struct feel_part part = feel_read_sum(reading);
    for (size_t i = 0; i < sizeof relations / sizeof *relations; i++) {
        if (feel_take_mark(reading, relations[i])) {
            return feel_compare(reading, relations[i], part, feel_read_sum(reading));
        }
    }
    if (feel_take_word(reading, "between")) {
        struct feel_part low = feel_read_sum(reading);
        if (!feel_take_word(reading, "and")) {
            feel_expected(reading, "'and' after 'between'");
        }
        struct feel_part high = feel_read_sum(reading);
        return feel_join(reading, true, feel_compare(reading, ">=", part, low),
                         feel_compare(reading, "<=", part, high));
    }
    if (feel_take_word(reading, "in")) {
        return read_in(reading, &part);
    }
    if (feel_is_word(reading, "instance")) {
        feel_gap(reading, reading->at, "'instance of'");
    }
    return part;
}

static struct feel_part read_conjunction(struct feel_reading *reading) {
    struct feel_part part = read_comparison(reading);
    while (feel_take_word(reading, "and")) {
        part = feel_join(reading, true, part, read_comparison(reading));
    }
    return part;
}

static struct feel_part read_choice(struct feel_reading *reading) {
    struct feel_part condition = feel_read_expression(reading);
    if (!feel_take_word(reading, "then")) {
        feel_expected(reading, "'then'");
    }
    struct feel_part then = feel_read_expression(reading);
    if (!feel_take_word(reading, "else")) {
        feel_expected(reading, "'else'");
    }
    return feel_choose(reading, condition, then, feel_read_expression(reading));
}

struct feel_part feel_read_expression(struct feel_reading *reading) {
    static const char *const others[] = {"for", "some", "every", "function"};
    struct feel_part part = feel_null();
    if (!enter(reading)) {
        return part;
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (feel_is_word(reading, others[i])) {
            feel_gap(reading, reading->at, "'%s'", others[i]);
        }
    }
    if (feel_take_word(reading, "if")) {
        part = read_choice(reading);
    } else {
        part = read_conjunction(reading);
        while (feel_take_word(reading, "or")) {
            part = feel_join(reading, false, part, read_conjunction(reading));
        }
    }
    reading->depth--;
    return part;
}

struct feel_part feel_expression(const char *text, const struct feel_scope *scope,
                                 struct arena *arena, struct feel_problem *problem) {
    unsigned work = 0;
    struct feel_reading reading = {
        .text = text, .scope = scope, .arena = arena, .problem = problem, .work = &work};
    struct feel_part part = feel_read_expression(&reading);
    if (!feel_at_end(&reading)) {
        feel_expected(&reading, "an operator or the end");
    }
    return part;
}
