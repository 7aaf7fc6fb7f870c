/* SPDX-License-Identifier: GPL-3.0-or-later
 * tariff_load.h - reads the files of an assessment: tariff, jurisdiction, declarations.
 *
 * A tariff names its levies in its own section `levies`, or the file that has them (beside it):
 *
 *     levies: jurisdictions/gb.yml
 *
 * A file with levies alone assesses without a schedule. A declaration is
 *
 *     declaration: 2024-000123
 *     date: 2024-05-14                  # of the goods
 *     items:                            # or one item's keys at the top
 *       - code: "0702000000"
 *         suffix: 80
 *         origin: AU
 *         preference: true              # claimed, with its proof
 *         scheme: australia             # of origin
 *         order_number: "052016"        # of the quota that is claimed
 *         licence: 500                  # of the quota's unit that a licence still covers
 *         documents: [N853]
 *         additional_codes: [B999]
 *         shipped: 2024-04-02           # what was on its way may be spared by a surge
 *         facts: {customs_value: 1000.00, kg: 1500, mode: sea}
 *         ex_works: 900                 # with materials: whether the origin claimed is theirs,
 *         materials: [...]              # see tariff_load_claim.h */
#ifndef SIM_COMMANDS_TARIFF_LOAD_H
#define SIM_COMMANDS_TARIFF_LOAD_H

#include "core/tariff/claim.h"

/* The jurisdiction of a file, or that of another (may be NULL), with the file's schedule and what
 * it says of claims if it has them. NULL and an error. */
const struct levy_plan *tariff_load_plan(const char *path, const char *jurisdiction,
                                         struct arena *arena, struct claim_law *law,
                                         struct error *err);

struct tariff_items {
    unsigned count, declaration_count;
    size_t capacity;
    struct claim *claims; /* one an item, whose entry is called "2024-000123 item 2" */
};

/* Adds the items of a declaration. `on_day` replaces its date; INT64_MIN for none. -1 and an error
 * with its place. */
int tariff_load_declaration(const struct levy_plan *plan, const char *path, int64_t on_day,
                            struct arena *arena, struct tariff_items *items, struct error *err);

#endif
