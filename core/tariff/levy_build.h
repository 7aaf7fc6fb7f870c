/* SPDX-License-Identifier: GPL-3.0-or-later
 * levy_build.h - what the files that read a jurisdiction share. */
#ifndef CORE_TARIFF_LEVY_BUILD_H
#define CORE_TARIFF_LEVY_BUILD_H

#include "core/tariff/levy.h"

struct levy_builder {
    struct levy_plan *plan;
    struct arena *arena;
    struct error *err;
    const char **names; /* of slots so far */
    size_t name_capacity;
};

/* The slot of a name as it is, or with underscores for its blanks; LEVY_NO_SLOT. */
unsigned levy_build_slot(const struct levy_builder *builder, const char *name);

/* The same, made where it isn't there yet: a quantity that is declared by its name. */
unsigned levy_build_quantity(struct levy_builder *builder, const char *name);

/* Reads "customs_value * 110 % + duty" as a sum of products. -1 and an error. */
int levy_build_sum(struct levy_builder *builder, const struct node *node, struct levy_sum *sum);

/* Makes a duty ready. -1 and an error (at `node`, may be NULL) where it names what isn't there. */
int levy_build_duty(struct levy_builder *builder, const struct duty *duty,
                    struct levy_duty *result);

/* The factor and the quantity of a condition's threshold. */
struct levy_threshold levy_build_threshold(struct levy_builder *builder,
                                           const struct duty_component *component);

/* The rows of a levy. -1 and an error. */
int levy_build_rows(struct levy_builder *builder, const struct node *node, unsigned levy);

/* Reads the decision table of regimes and links it to the facts, whose outputs are marked; nothing
 * where the section is NULL. -1 and an error. */
int levy_build_regimes(struct levy_builder *builder, const struct node *section,
                       struct levy_fact *facts);

/* Refuses circles that have no one solution, or none by linear algebra. -1 and an error. */
int levy_build_circles(struct levy_builder *builder);

#endif
