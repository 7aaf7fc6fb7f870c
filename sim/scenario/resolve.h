/* SPDX-License-Identifier: GPL-3.0-or-later
 * resolve.h - an experiment with everything in it: files read, patches merged, settings made. */
#ifndef SIM_SCENARIO_RESOLVE_H
#define SIM_SCENARIO_RESOLVE_H

#include "core/base/node.h"

/* Reads an experiment and what it names. File names in it are relative to its own folder. A lone
 * world, system or patch is an error here. NULL and an error when it cannot. */
struct node *resolve_file(const char *path, const char *const *settings, unsigned setting_count,
                          struct arena *arena, struct error *err);

/* The kind of file that a tree is by its leading key: "world", "system", "patch", "experiment", or
 * NULL and an error. */
const char *resolve_kind(const struct node *root, struct error *err);

/* Makes `--set` assignments in a resolved experiment: a dotted path, or the name of a parameter,
 * which is set in the world and in every system that declares it. */
int resolve_settings(struct arena *arena, struct node *root, const char *const *settings,
                     unsigned setting_count, struct error *err);

/* Checks the keys of a patch. */
int resolve_check_patch(const struct node *patch, struct error *err);

#endif
