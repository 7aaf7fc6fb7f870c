/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_expression.c - goal: whatever text compiles evaluates to what it was compiled for, and
 * whatever does not has a message and a place inside the text.
 *
 * Method: the text is compiled for every type and run on values drawn from a hash of it. What it
 * does not read must not matter, and `not (TEXT)` must be its negation in three-valued logic. */
#include "core/base/units.h"
#include "core/rule/expression.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_COUNT = 10, TRIALS = 6, COLUMN = 10, ROOM_SIZE = 64 };

static const struct expression_input inputs[INPUT_COUNT] = {
    {"channel", VALUE_SYMBOL, DIMENSION_NONE, "", "none|green|yellow|red"},
    {"chapter", VALUE_SYMBOL, DIMENSION_NONE, "", NULL},
    {"trusted", VALUE_BOOLEAN, DIMENSION_NONE, "", NULL},
    {"value", VALUE_DECIMAL, DIMENSION_MONEY, "", NULL},
    {"mass", VALUE_DECIMAL, DIMENSION_MASS, "", NULL},
    {"waiting", VALUE_DECIMAL, DIMENSION_TIME, "", NULL},
    {"visits", VALUE_DECIMAL, DIMENSION_NONE, "", NULL},
    {"lodged", VALUE_DATE, DIMENSION_NONE, "", NULL},
    {"name", VALUE_TEXT, DIMENSION_NONE, "", NULL},
    {"place", VALUE_TEXT, DIMENSION_NONE, "", NULL},
};

static _Noreturn void fail(const char *what, const char *text) {
    fprintf(stderr, "%s:\n%s\n", what, text);
    abort();
}

static uint64_t pick(uint64_t *state, uint64_t count) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (*state >> 12) % count;
}

static struct value draw(uint64_t *state, enum value_type type, uint32_t symbol_count) {
    struct value value = {.type = pick(state, 5) == 0 ? VALUE_MISSING : type};
    if (value.type == VALUE_DECIMAL) {
        int64_t size = (int64_t)((pick(state, UINT64_C(1) << 52) << 11) >> pick(state, 62));
        value.decimal.coefficient = pick(state, 2) == 0 ? size : -size;
        value.decimal.scale = (int32_t)pick(state, DECIMAL_SCALE_MAX + 1);
    } else if (value.type == VALUE_BOOLEAN) {
        value.boolean = pick(state, 2) == 0;
    } else if (value.type == VALUE_SYMBOL) {
        value.symbol = (uint32_t)pick(state, symbol_count + 1u);
    } else if (value.type == VALUE_DATE) {
        value.date_day = 17000 + (int64_t)pick(state, 400);
    } else if (value.type == VALUE_TEXT) {
        static const char letters[] = "abcabcabcdeabcdefgh";
        value.text = (struct value_text){letters + pick(state, 6), (uint32_t)pick(state, 13)};
    }
    return value;
}

static bool is_same(struct value a, struct value b) {
    if (a.type != b.type || a.type == VALUE_MISSING) {
        return a.type == b.type;
    }
    if (a.type == VALUE_TEXT) {
        return a.text.length == b.text.length &&
               memcmp(a.text.bytes, b.text.bytes, a.text.length) == 0;
    }
    return a.type == VALUE_DECIMAL   ? decimal_compare(a.decimal, b.decimal) == 0
           : a.type == VALUE_BOOLEAN ? a.boolean == b.boolean
           : a.type == VALUE_SYMBOL  ? a.symbol == b.symbol
                                     : a.date_day == b.date_day;
}

static void check_decimal(struct decimal decimal, const char *text) {
    char printed[28];
    struct decimal back;
    unsigned length = decimal_print(decimal, printed);
    if (length != strlen(printed) || length > 27 || decimal_parse(printed, &back) < 0 ||
        decimal_compare(decimal, back) != 0) {
        fail("a decimal that is not read back as it was printed", text);
    }
}

/* Without a room where none is needed; then with one. */
static struct value evaluate(const struct expression *expression, const struct value *values,
                             const struct expression_names *names, char room_bytes[ROOM_SIZE],
                             const char *text) {
    if (!names->has_room) {
        return expression_evaluate(expression, values);
    }
    struct expression_room room = {names->symbols, room_bytes, ROOM_SIZE, 0};
    struct value value = expression_evaluate_in(expression, values, &room);
    if (room.used > room.size) {
        fail("more than the room", text);
    }
    return value;
}

static void check_inputs(const struct expression *expression, bool is_read[INPUT_COUNT],
                         const char *text) {
    unsigned count;
    const uint16_t *read = expression_inputs(expression, &count);
    for (unsigned i = 0; i < count; i++) {
        if (read[i] >= INPUT_COUNT || (i > 0 && read[i] <= read[i - 1])) {
            fail("inputs that are not ascending", text);
        }
        is_read[read[i]] = true;
    }
    if (expression_cost(expression) < 2) {
        fail("an expression that costs nothing", text);
    }
}

/* `negation` is NULL where the text left no room for it. */
static void check_values(const struct expression *expression, const struct expression *negation,
                         enum value_type type, const struct expression_names *names, uint64_t state,
                         const char *text) {
    char room[2][ROOM_SIZE];
    bool is_read[INPUT_COUNT] = {false};
    check_inputs(expression, is_read, text);
    for (int trial = 0; trial < TRIALS; trial++) {
        struct value values[INPUT_COUNT], others[INPUT_COUNT];
        for (int i = 0; i < INPUT_COUNT; i++) {
            values[i] = draw(&state, inputs[i].type, names->symbol_count - 1u);
            others[i] = is_read[i] ? values[i] : draw(&state, VALUE_BOOLEAN, 0);
        }
        struct value value = evaluate(expression, values, names, room[0], text);
        if (value.type != VALUE_MISSING && value.type != type) {
            fail("a result of another type", text);
        }
        if (value.type == VALUE_DECIMAL) {
            check_decimal(value.decimal, text);
        }
        if (!is_same(value, evaluate(expression, others, names, room[1], text))) {
            fail("a result that depends on what is not read", text);
        }
        if (negation != NULL) {
            struct value negated = evaluate(negation, values, names, room[1], text);
            value.boolean = value.type == VALUE_BOOLEAN && !value.boolean;
            if (!is_same(value, negated)) {
                fail("a negation that is none", text);
            }
        }
    }
}

static void check_error(const struct error *err, size_t length, const char *text) {
    if (err->code != ERROR_INPUT || err->text[0] == '\0' || err->line != 3 ||
        err->column < COLUMN || err->column > COLUMN + (int)length) {
        fail("a refusal without a message or a place in the text", text);
    }
}

static void try_type(const char *text, size_t length, enum value_type type, bool has_room,
                     uint64_t state) {
    struct arena arena = ARENA_INIT;
    struct expression_names names = {
        .inputs = inputs, .input_count = INPUT_COUNT, .currency = "USD", .has_room = has_room};
    expression_symbol(&names, &arena, "blue"); /* never none */
    struct place place = {"text", 3, COLUMN};
    struct error err = ERROR_INIT, negation_err = ERROR_INIT;
    const struct expression *negation = NULL;
    const struct expression *expression =
        expression_compile(text, type, &names, &arena, place, &err);
    if (expression == NULL) {
        check_error(&err, length, text);
    } else {
        if (type == VALUE_BOOLEAN) {
            negation = expression_compile(arena_format(&arena, "not (%s\n)", text), type, &names,
                                          &arena, place, &negation_err);
        }
        check_values(expression, negation, type, &names, state, text);
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
    for (enum value_type type = VALUE_DECIMAL; type <= VALUE_TEXT; type++) {
        try_type(text, strlen(text), type, false, state);
        try_type(text, strlen(text), type, true, state);
    }
    free(text);
    return 0;
}
