/* SPDX-License-Identifier: GPL-3.0-or-later
 * merge_scale.h - values that patches multiply, and what becomes of the factors.
 *
 * A parameter keeps the product of the factors beside its value (`scaled`), so that a value that is
 * set in the merged system can be scaled as the patches would have scaled it. */
#ifndef SIM_SCENARIO_MERGE_SCALE_H
#define SIM_SCENARIO_MERGE_SCALE_H

#include "core/base/node.h"

/* Multiplies value and range of a mapping with a `value` by the `scale` of `patch`; `is_declared`
 * when it stands in a parameters: block, and keeps the factor. 0, or -1 and an error. */
int merge_scale(struct arena *arena, struct node *parameter, const struct node *patch,
                bool is_declared, struct error *err);

/* The value is a new one, which no patch has scaled yet. */
void merge_scale_forget(struct node *parameter);

/* Gives the parameter `name`, which exists, another value, as if it had stood where the present one
 * was set: scaled by what has scaled that one since. Evidence, source and range stay; a `value`
 * that is no scalar replaces them all. 0, or -1 and an error. */
int merge_scale_set(struct arena *arena, struct node *parameters, const char *name,
                    const struct node *value, struct error *err);

#endif
