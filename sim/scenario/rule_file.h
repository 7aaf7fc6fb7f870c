/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule_file.h - pages of rules from files: an overlay brings its base along. */
#ifndef SIM_SCENARIO_RULE_FILE_H
#define SIM_SCENARIO_RULE_FILE_H

#include "core/rule/rule.h"

enum { RULE_FILE_OVERLAYS_MAX = 16 }; /* one upon another */

/* The page with all overlays in it, as a tree. NULL and an error. */
struct node *rule_file_read(struct arena *arena, const char *path, struct error *err);

/* The same compiled. Overlaps and gaps are errors as well. */
const struct rule *rule_file_load(struct arena *arena, const char *path, struct error *err);

#endif
