/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_distribution.c - goal: whatever text passes as a distribution can be drawn from for ever.
 *
 * Method: the text is read in every dimension. What is refused must have a message and a place
 * inside the text; what is accepted must give non-negative finite draws and moments. */
#include "sim/kernel/distribution.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DRAWS = 8, TEXT_MAX = 4096 };

static _Noreturn void fail(const char *what, const char *text) {
    fprintf(stderr, "%s:\n%s\n", what, text);
    abort();
}

/* One parameter of each dimension is known: p0, p1, ... */
static int lookup(void *user, const char *name, struct quantity *quantity, struct place place,
                  struct error *err) {
    (void)user;
    if (strcmp(name, "broken") == 0) {
        return error_at(err, place, "broken");
    }
    if (name[0] != 'p' || name[1] < '0' || name[1] >= '0' + DIMENSION_COUNT || name[2] != '\0') {
        return 1;
    }
    *quantity = (struct quantity){.value = 0.385, .dimension = (enum dimension)(name[1] - '0')};
    return 0;
}

static bool is_finite_and_positive(double x) {
    return x >= 0.0 && x < 1e300;
}

static void check_draws(const struct distribution *distribution, const char *text) {
    if (distribution->kind >= DISTRIBUTION_KIND_COUNT) {
        fail("no such kind", text);
    }
    for (uint64_t entity = 0; entity < DRAWS; entity++) {
        struct draw draw = {{20170102}, entity, 77, 0};
        if (!is_finite_and_positive(distribution_draw(distribution, &draw))) {
            fail("a draw out of range", text);
        }
        if (distribution_draw_ns(distribution, &draw) < 0) {
            fail("a negative time", text);
        }
        if (draw.index > 100000) {
            fail("a draw that hardly ends", text);
        }
    }
    if (!is_finite_and_positive(distribution_mean(distribution)) ||
        !is_finite_and_positive(distribution_variance(distribution))) {
        fail("moments out of range", text);
    }
}

static void check_error(const struct error *err, const char *text) {
    if (err->code != ERROR_INPUT || err->text[0] == '\0' || err->line != 1) {
        fail("no message", text);
    }
    if (err->column < 1 || err->column > (int)strlen(text) + 1) {
        fail("a place outside the text", text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > TEXT_MAX) {
        return 0;
    }
    struct arena arena = ARENA_INIT;
    const char *text = arena_text(&arena, (const char *)data, size);
    for (unsigned dimension = 0; dimension < DIMENSION_COUNT; dimension++) {
        struct distribution distribution;
        struct error err = ERROR_INIT;
        if (distribution_parse(text, dimension, lookup, NULL, &distribution, &arena,
                               (struct place){"fuzz", 1, 1}, &err) == 0) {
            check_draws(&distribution, text);
        } else {
            check_error(&err, text);
        }
    }
    arena_free(&arena);
    return 0;
}
