/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_duty.c - goal: whatever duty expression is read prints to a text that reads back the same,
 * and whatever is refused has a class and a place inside the text.
 *
 * Method: the text is read as a duty and as a column of preferences; what is read is printed, read
 * and printed again, and asked for everything that can be asked of it. */
#include "core/tariff/duty_special.h"
#include "core/tariff/duty_units.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { COLUMN = 10 };

static _Noreturn void fail(const char *what, const char *text) {
    fprintf(stderr, "%s:\n%s\n", what, text);
    abort();
}

static void check_components(const struct duty *duty, struct arena *arena, const char *text) {
    for (unsigned i = 0; i < duty->count; i++) {
        const struct duty_component *component = &duty->components[i];
        const char *names[DUTY_FACTORS_MAX];
        struct exact factor;
        unsigned count = duty_factor(component, arena, names, &factor);
        for (unsigned k = 0; k < count; k++) {
            if (*names[k] == '\0') {
                fail("a quantity without a name", text);
            }
        }
        bool is_amount = component->basis != DUTY_NO_AMOUNT;
        if (exact_sign(factor) <= 0 || exact_sign(component->amount) < 0 ||
            (is_amount != (component->verb <= DUTY_MAX)) ||
            (component->basis == DUTY_SHARE && count > 0)) {
            fail("a component that makes no sense", text);
        }
    }
}

static void check_duty(const struct duty *duty, struct arena *arena, const char *text) {
    const char *printed = duty_print(duty, arena);
    struct duty again = {0, NULL};
    struct error err = ERROR_INIT;
    struct place place = {"print", 1, 1};
    if (duty_parse(printed, arena, place, &again, NULL, &err) != 0 ||
        !duty_is_equal(duty, &again)) {
        fail("a duty that is not read back as it was printed", printed);
    }
    if (strcmp(printed, duty_print(&again, arena)) != 0) {
        fail("two canonical texts of one duty", printed);
    }
    check_components(duty, arena, text);
}

static void check_error(const struct error *err, enum duty_fault fault, size_t length,
                        const char *text) {
    if (fault == DUTY_FAULT_NONE || err->code != ERROR_INPUT || err->text[0] == '\0' ||
        err->line != 3 || err->column < COLUMN || err->column > COLUMN + (int)length) {
        fail("a refusal without a class, a message or a place in the text", text);
    }
}

static void try_text(const char *text, struct arena *arena) {
    struct place place = {"text", 3, COLUMN};
    struct error err = ERROR_INIT, special_err = ERROR_INIT;
    enum duty_fault fault = DUTY_FAULT_NONE;
    struct duty duty = {0, NULL};
    struct duty_special special = {0, NULL};
    if (duty_parse(text, arena, place, &duty, &fault, &err) == 0) {
        check_duty(&duty, arena, text);
    } else {
        check_error(&err, fault, strlen(text), text);
    }
    if (duty_special_parse(text, arena, place, &special, &fault, &special_err) != 0) {
        if (special_err.code != ERROR_INPUT || special_err.column < COLUMN) {
            fail("a refused column without a message or a place", text);
        }
        return;
    }
    for (unsigned i = 0; i < special.count; i++) {
        check_duty(&special.entries[i].duty, arena, text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = ARENA_INIT;
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    try_text(text, &arena);
    arena_free(&arena);
    free(text);
    return 0;
}
