/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_dmn.c - goal: whatever is read as a model decides, always the same, and its pages compile;
 * whatever is not has a message.
 *
 * Method: the bytes are a model; what begins with anything but < is a FEEL expression or, from the
 * letter t on, unary tests, over a few names. Inputs are drawn from a hash of the bytes. */
#include "core/rule/dmn.h"
#include "core/rule/feel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TRIALS = 3 };

static _Noreturn void fail(const char *what, const char *text) {
    fprintf(stderr, "%s:\n%s\n", what, text);
    abort();
}

static uint64_t pick(uint64_t *state, uint64_t count) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (*state >> 12) % count;
}

static struct value draw(uint64_t *state, enum value_type type) {
    static const char *const texts[] = {"", "a", "High", "Ada Lovelace"};
    struct value value = {.type = pick(state, 4) == 0 ? VALUE_MISSING : type};
    if (value.type == VALUE_DECIMAL) {
        value.decimal = (struct decimal){(int64_t)pick(state, 400) - 100, (int32_t)pick(state, 3)};
    } else if (value.type == VALUE_BOOLEAN) {
        value.boolean = pick(state, 2) == 0;
    } else if (value.type == VALUE_DATE) {
        value.date_day = 17000 + (int64_t)pick(state, 400);
    } else if (value.type == VALUE_TEXT) {
        const char *text = texts[pick(state, 4)];
        value.text = (struct value_text){text, (uint32_t)strlen(text)};
    }
    return value;
}

static bool is_same(const struct dmn_value *a, const struct dmn_value *b) {
    char printed[2][400];
    if (a->shape != b->shape || a->count != b->count || a->value.type != b->value.type) {
        return false;
    }
    for (unsigned i = 0; i < a->count; i++) {
        if (!is_same(&a->items[i], &b->items[i])) {
            return false;
        }
    }
    if (a->shape == DMN_SIMPLE) {
        value_print(a->value, NULL, printed[0], sizeof printed[0]);
        value_print(b->value, NULL, printed[1], sizeof printed[1]);
    }
    return a->shape != DMN_SIMPLE || strcmp(printed[0], printed[1]) == 0;
}

static void check_decision(const struct dmn_model *model, unsigned index, uint64_t state,
                           struct arena *arena, const char *text) {
    unsigned count, input_count;
    const struct dmn_decision *decision = &dmn_decisions(model, &count)[index];
    const struct dmn_slot *slots = dmn_slots(model, &input_count);
    struct error err = ERROR_INIT;
    if (decision->state != DMN_TAKEN) {
        if (decision->problem.text[0] == '\0' || decision->problem.line <= 0) {
            fail("a decision refused without a reason or a place", text);
        }
        return;
    }
    if (decision->page == NULL && decision->page_hindrance == NULL) {
        fail("no page, and no reason", text);
    }
    if (decision->page != NULL &&
        rule_compile_text("page", decision->page, strlen(decision->page), arena, &err) == NULL) {
        fail("a page that does not compile", decision->page);
    }
    for (int trial = 0; trial < TRIALS; trial++) {
        struct value inputs[DMN_SLOTS_MAX];
        for (unsigned i = 0; i < input_count; i++) {
            inputs[i] = draw(&state, slots[i].type);
        }
        struct dmn_value first = dmn_decide(model, index, inputs, arena);
        struct dmn_value second = dmn_decide(model, index, inputs, arena);
        if (!is_same(&first, &second)) {
            fail("two results for the same inputs", text);
        }
    }
}

static void try_model(const char *text, size_t length, uint64_t state) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    const struct dmn_model *model = dmn_read("model", text, length, &arena, &err);
    if (model == NULL && (err.code != ERROR_INPUT || err.text[0] == '\0')) {
        fail("a model refused without a message", text);
    }
    unsigned count = 0;
    if (model != NULL) {
        dmn_decisions(model, &count);
    }
    for (unsigned i = 0; i < count; i++) {
        check_decision(model, i, state, &arena, text);
    }
    arena_free(&arena);
}

/* What is translated compiles, or is refused for its size. */
static void check_part(const struct feel_part *part, const struct expression_names *like,
                       uint64_t state, struct arena *arena, const char *text) {
    char bytes[200];
    struct error err = ERROR_INIT;
    struct expression_names names = *like;
    if (part->type == VALUE_MISSING) {
        return;
    }
    const struct expression *expression = expression_compile(part->text, part->type, &names, arena,
                                                             (struct place){"text", 1, 1}, &err);
    if (expression == NULL) {
        if (strstr(err.text, "more than") == NULL && strstr(err.text, "longer") == NULL) {
            fprintf(stderr, "%s\n%s\n", part->text, err.text);
            fail("a translation that does not compile", text);
        }
        return;
    }
    struct value values[5];
    for (unsigned i = 0; i < names.input_count; i++) {
        values[i] = draw(&state, names.inputs[i].type);
    }
    struct expression_room room = {names.symbols, bytes, sizeof bytes, 0};
    struct value value = expression_evaluate_in(expression, values, &room);
    if (value.type != VALUE_MISSING && value.type != part->type) {
        fail("a result of another type", text);
    }
}

static void try_feel(const char *text, uint64_t state) {
    static const char *const parameters[] = {"n"};
    static const struct feel_function functions[] = {{"Twice", parameters, 1, "n + n", NULL},
                                                     {"Loop", parameters, 1, "Loop(n)", NULL}};
    static const struct expression_input inputs[] = {{"x", VALUE_DECIMAL, 0, "", NULL},
                                                     {"Full_Name", VALUE_TEXT, 0, "", NULL},
                                                     {"flag", VALUE_BOOLEAN, 0, "", NULL},
                                                     {"due", VALUE_DATE, 0, "", NULL}};
    struct feel_name feel_names[] = {{"x", "x", NULL, VALUE_DECIMAL, false},
                                     {"Full Name", "Full_Name", NULL, VALUE_TEXT, false},
                                     {"flag", "flag", NULL, VALUE_BOOLEAN, false},
                                     {"due", "due", NULL, VALUE_DATE, false}};
    struct arena arena = ARENA_INIT;
    struct feel_scope scope = {feel_names, 4, functions, 2};
    struct expression_names names = {.inputs = inputs, .input_count = 4, .has_room = true};
    struct feel_problem problem = {0};
    struct feel_part part;
    if (*text == 't') {
        unsigned subject = (unsigned)pick(&state, 4);
        struct feel_part over = {.type = inputs[subject].type,
                                 .text = inputs[subject].name,
                                 .condition = inputs[subject].name,
                                 .strength = 9};
        part = feel_unary_tests(text + 1, &over, &scope, &arena, &problem).condition;
    } else {
        part = feel_expression(text, &scope, &arena, &problem);
    }
    if (problem.text == NULL) {
        check_part(&part, &names, state, &arena, text);
    } else if (problem.text[0] == '\0' || problem.offset > strlen(text)) {
        fail("a refusal without a message or a place in the text", text);
    }
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    uint64_t state = 14695981039346656037u;
    for (size_t i = 0; i < size; i++) {
        state = (state ^ data[i]) * 1099511628211u;
    }
    if (*text == '<') {
        try_model(text, size, state);
    } else {
        try_feel(text, state);
    }
    free(text);
    return 0;
}
