/* SPDX-License-Identifier: GPL-3.0-or-later
 * check.h - checks a world or a system that stands alone. */
#ifndef SIM_SCENARIO_CHECK_H
#define SIM_SCENARIO_CHECK_H

#include "core/base/arena.h"
#include "core/base/error.h"

/* What kind of file it is (see resolve_kind), or NULL and an error. */
const char *check_kind(const char *path, struct arena *arena, struct error *err);

/* Compiles a world (whose streams' procedures only a system can have), or a system without conducts
 * of a world; of a patch only its own keys are checked: what it changes, only a system can say. */
int check_alone(const char *path, const char *kind, struct arena *arena, struct error *err);

#endif
