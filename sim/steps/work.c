/* SPDX-License-Identifier: GPL-3.0-or-later
 * work.c - a step that only takes resources and time. */
#include "sim/steps/step.h"

static const struct field fields[] = {FIELD_END};

const struct step_type step_type_work = {
    .name = "work",
    .doc = "Takes its resources and its time and has no other effect.",
    .fields = fields,
};
