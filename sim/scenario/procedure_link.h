/* SPDX-License-Identifier: GPL-3.0-or-later
 * procedure_link.h - numbers the steps of a procedure, branches included, and links each to the
 * next. */
#ifndef SIM_SCENARIO_PROCEDURE_LINK_H
#define SIM_SCENARIO_PROCEDURE_LINK_H

#include "sim/scenario/builder.h"

/* Fills builder->entries, and of `steps` what follows what; the rest of a step is not read yet. */
int procedure_link(struct builder *builder, struct step *steps, const struct node *list,
                   uint32_t *first, struct error *err);

/* The name of the step's type: what `type:` says, else its own name. */
const char *procedure_link_type_name(const struct step_entry *entry);

#endif
