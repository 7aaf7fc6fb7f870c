/* SPDX-License-Identifier: GPL-3.0-or-later
 * detector.c - the list of detectors, and the one that finds nothing. */
#include "core/risk/detector.h"

#include "core/base/require.h"

#include <string.h>

const struct detector *const detector_all[] = {
#define X(name) &detector_##name,
    DETECTORS(X)
#undef X
        NULL,
};

const struct detector *detector_find(const char *name) {
    for (unsigned i = 0; detector_all[i] != NULL; i++) {
        if (strcmp(detector_all[i]->name, name) == 0) {
            return detector_all[i];
        }
    }
    return NULL;
}

void *detector_create(const struct detector *detector, const double *values, struct arena *arena) {
    double numbers[DETECTOR_PARAMETERS_MAX];
    for (unsigned i = 0; detector->parameters[i].name != NULL; i++) {
        const struct detector_parameter *parameter = &detector->parameters[i];
        REQUIRE(i < DETECTOR_PARAMETERS_MAX);
        numbers[i] = values != NULL ? values[i] : parameter->otherwise;
        REQUIRE(numbers[i] >= parameter->min && numbers[i] <= parameter->max);
    }
    return detector->create(numbers, arena);
}

static void *none_create(const double *values, struct arena *arena) {
    (void)values;
    return arena_alloc(arena, 1);
}

static double none_score(const void *state, const struct declaration *declaration) {
    (void)state, (void)declaration;
    return 0.0;
}

static void none_learn(void *state, const struct declaration *declaration) {
    (void)state, (void)declaration;
}

static void none_explain(const void *state, const struct declaration *declaration, char *text,
                         size_t size) {
    (void)state, (void)declaration;
    REQUIRE(size > 0);
    text[0] = '\0';
}

static const struct detector_parameter none_parameters[] = {{NULL, 0, 0, 0, NULL}};

const struct detector detector_none = {
    .name = "none",
    .doc = "Finds nothing: the lower bound.",
    .parameters = none_parameters,
    .create = none_create,
    .score = none_score,
    .learn = none_learn,
    .explain = none_explain,
};
