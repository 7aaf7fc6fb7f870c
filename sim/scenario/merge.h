/* SPDX-License-Identifier: GPL-3.0-or-later
 * merge.h - what a patch does to a system.
 *
 * - Mappings merge by key. A scalar or a sequence replaces what was there. `null` takes away;
 *   taking away what is not there is no error.
 * - A procedure is a sequence of one-key mappings (step name: its keys), with fork branches nested
 *   in it; a patch names steps of it in a mapping, at any depth, since names are flat. `after:
 * NAME` or `before: NAME` places a new step or moves one, entry by entry; two at the same place
 * stand in patch order. Neither key stays in the merged tree.
 * - `scale: FACTOR` beside no `value:` multiplies a value exactly, in its own unit; a bare scalar
 *   becomes {value: ...} first. Bounds of a `range:` beside it that have the unit of the factor
 *   (mostly none) are bounds of the factor, others replace; without `range:` the old bounds are
 *   multiplied too. Evidence and source are the patch's: those of the old value do not hold for
 *   the new one. A parameter notes the product of its factors as `scaled`.
 * - Naming a key that does not exist is left to the reader of fields, which knows them; naming a
 *   step or a parameter to change that does not exist (a step without `after:` or `before:`, a
 *   parameter with `scale:`) is an error with its place. */
#ifndef SIM_SCENARIO_MERGE_H
#define SIM_SCENARIO_MERGE_H

#include "core/base/node.h"

/* Merges `patch` into `base`, in place; both in the same arena. 0, or -1 and an error, after which
 * `base` is of no use. `patch` is left as it is and shares no node with `base`. */
int merge_patch(struct arena *arena, struct node *base, const struct node *patch,
                struct error *err);

/* Sets one value by its dotted path, as `--set path=value` does ("parameters.check_mean=30 min" or
 * "systems.paper.procedures.sea_import.check.duration=..."). The value replaces what was there,
 * that of a parameter as it is, whatever has scaled it; null takes away. It is read as YAML where
 * it begins with [ { " or ', else it is text as it stands. Only the last key may be new, but
 * neither a parameter, a procedure nor a step. Places in errors are columns of the assignment. 0,
 * or -1 and an error. */
int merge_set(struct arena *arena, struct node *root, const char *assignment, struct error *err);

/* Sets a parameter that exists in a parameters: block ("check_mean=30 min") to what it becomes when
 * the base has that value: patches that have scaled it since it was set scale it too. */
int merge_set_parameter(struct arena *arena, struct node *parameters, const char *assignment,
                        struct error *err);

#endif
