/* SPDX-License-Identifier: GPL-3.0-or-later
 * merge.h - what a patch does to a system.
 *
 * - Mappings merge by key. A scalar or a sequence replaces what was there. `null` takes away;
 * taking away what is not there is no error.
 * - A procedure is a sequence of one-key mappings (step name: its keys), with fork branches nested
 * in it; a patch names steps of it in a mapping, at any depth, since names are flat. `after: NAME`
 * or `before: NAME` places a new step or moves one; two at the same place stand in patch order.
 * - `scale: FACTOR` beside no `value:` multiplies the parameter's value exactly, in its own unit
 *   (and a list of range bounds given by the patch replaces the range).
 * - Naming a key that does not exist is left to the reader of fields, which knows them; naming a
 * step or a parameter to change that does not exist (a step without `type:` and without `after:` or
 *   `before:`, a parameter with `scale:`) is an error with its place. */
#ifndef SIM_SCENARIO_MERGE_H
#define SIM_SCENARIO_MERGE_H

#include "sim/scenario/node.h"

/* Merges `patch` into `base`, in place; both in the same arena. 0, or -1 and an error. */
int merge_patch(struct arena *arena, struct node *base, const struct node *patch,
                struct error *err);

/* Sets one value by its dotted path, as `--set path=value` does ("parameters.check_mean=30 min" or
 * "procedures.sea_import.check.duration=..."). The value is read as YAML. */
int merge_set(struct arena *arena, struct node *root, const char *assignment, struct error *err);

#endif
