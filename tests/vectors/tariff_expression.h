/* SPDX-License-Identifier: GPL-3.0-or-later
 * tariff_expression.h - a worked example's own duty expression, as one levy more: the text that is
 * parsed, with the inputs as value and quantities, has to come to the same duty. */
#ifndef TESTS_VECTORS_TARIFF_EXPRESSION_H
#define TESTS_VECTORS_TARIFF_EXPRESSION_H

#include "core/tariff/duty.h"
#include "tests/vectors/tariff_shape.h"

struct expression_source {
    const char *quantity, *inputs;
    int scale;
};

/* What inputs may state a quantity, and in how large units. */
static const struct expression_source expression_sources[] = {
    {"kg", "kg weight_kg quantity_kg gross_kg net_kg", 1},
    {"kg", "units_100kg", 100},
    {"kg", "tonnes", 1000},
    {"l", "litres liters", 1},
    {"l", "hl", 100},
    {"% vol", "abv", 1},
    {"proof l", "proof_litres", 1},
    {"l of pure alcohol", "lpa", 1},
    {"% sucrose", "brix", 1},
    {"p/st", "heads pieces articles watches units sticks", 1},
    {"p/st", "thousands", 1000},
    {"pa", "pairs units", 1},
    {"jewel", "jewels", 1},
    {"carat", "carats", 1},
    {"m2", "m2", 1},
    {"SPR discount", "discount", 1},
    {"retail price", "retail_price_total retail_price", 1}};

/* Makes the quantity a levy, or a fact, of that name; false where no input states it. */
static bool expression_source(struct lower_context *at, const char *quantity) {
    if (lower_input(at, quantity) != NULL) {
        lower_name(at, quantity);
        return true;
    }
    for (unsigned i = 0; i < sizeof expression_sources / sizeof expression_sources[0]; i++) {
        const struct expression_source *source = &expression_sources[i];
        for (const struct node *input = at->inputs->first; input != NULL; input = input->next) {
            if (strcmp(source->quantity, quantity) != 0 ||
                !lower_is_listed(input->key, source->inputs)) {
                continue;
            }
            const char *from = lower_name(at, input->key);
            if (!lower_is_used(at, source->quantity)) {
                at->levies =
                    arena_format(at->arena, "%s  \"%s\": {kind: number, base: \"%s * %d\"}\n",
                                 at->levies, source->quantity, from, source->scale);
            }
            return true;
        }
    }
    return false;
}

static bool expression_quantities(struct lower_context *at, const struct duty *duty) {
    for (unsigned i = 0; i < duty->count; i++) {
        const char *names[DUTY_FACTORS_MAX];
        struct exact factor;
        unsigned count = duty_factor(&duty->components[i], at->arena, names, &factor);
        const char *share_of =
            duty->components[i].basis == DUTY_SHARE ? duty_share_of(&duty->components[i]) : NULL;
        for (unsigned k = 0; k < count; k++) {
            if (!expression_source(at, names[k])) {
                return false;
            }
        }
        if (share_of != NULL && !expression_source(at, share_of)) {
            return false;
        }
    }
    return true;
}

/* The value that the duty is on: by its name; else whichever of its inputs gives the duty, for a
 * case doesn't say which is the value. */
static void expression_bases(struct lower_context *at) {
    static const char *const names[] = {"customs_value", "value", "cif"};
    at->base_count = 0;
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (lower_is_formula(at, names[i]) || lower_input(at, names[i]) != NULL) {
            at->bases[at->base_count++] = lower_name(at, names[i]);
            at->has_base = true;
            return;
        }
    }
    if (at->value != NULL) {
        at->bases[at->base_count++] = at->value;
    }
    for (unsigned i = 0; i < at->used_count && at->base_count < LOWER_BASES_MAX; i++) {
        if (lower_input(at, at->used[i]) != NULL) {
            at->bases[at->base_count++] = at->used[i];
        }
    }
    if (at->base_count == 0) {
        at->bases[at->base_count++] = "0";
    }
}

/* Adds the levies "duty by expression 0", ... where there is an expression, a duty to compare it
 * with, and an input for each of its quantities. False, and why, when the text is refused. */
static bool expression_add(struct lower_context *at, const struct node *rule,
                           const struct node *expected) {
    const struct node *text = node_get(rule, "expression");
    const struct formula *tree = lower_tree(at, "duty");
    struct duty duty;
    struct error err = ERROR_INIT;
    struct place place = {.source = "expression"};
    if (text == NULL || text->kind != NODE_SCALAR) {
        return true;
    }
    if (duty_parse(text->text, at->arena, place, &duty, NULL, &err) != 0) {
        at->why = arena_format(at->arena, "its expression is refused: %s", err.text);
        return false;
    }
    if (tree == NULL || node_get(expected, "duty") == NULL || !duty_is_computable(&duty) ||
        !expression_quantities(at, &duty)) {
        return true;
    }
    const char *round = lower_is_rounding(tree) ? lower_rounding(at, tree) : "none";
    expression_bases(at);
    for (unsigned i = 0; i < at->base_count; i++) {
        at->levies = arena_format(at->arena,
                                  "%s  duty by expression %u:\n    kind: number\n"
                                  "    base: \"%s\"\n    rate: \"%s\"\n    round: %s\n",
                                  at->levies, i, at->bases[i], text->text, round);
    }
    at->has_expression = true;
    return at->why == NULL;
}

#endif
