/* SPDX-License-Identifier: GPL-3.0-or-later
 * step.c - the table of all step types. */
#include "sim/steps/step.h"

static const struct step_type *const types[] = {
#define X(name) &step_type_##name,
    STEP_TYPES(X)
#undef X
};

const struct step_type *const *step_types(unsigned *count) {
    if (count != NULL) {
        *count = sizeof types / sizeof types[0];
    }
    return types;
}
