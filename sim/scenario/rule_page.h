/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule_page.h - steps that name a page of rules: `select: {profile: ../rules/channels.yml}`.
 *
 * The page itself takes the place of its name, overlays merged, so that a resolved scenario and a
 * result hold all that they need. */
#ifndef SIM_SCENARIO_RULE_PAGE_H
#define SIM_SCENARIO_RULE_PAGE_H

#include "core/risk/profile.h"

/* Reads the pages that steps below `tree` name under the key `profile`; names are relative to the
 * file in which they stand. Returns 0, or -1 and an error. */
int rule_page_insert(struct arena *arena, struct node *tree, struct error *err);

/* The page of a step, compiled, checked for overlaps and gaps, and bound. NULL and an error. */
const struct profile *rule_page_bind(struct arena *arena, const struct node *page,
                                     struct error *err);

#endif
