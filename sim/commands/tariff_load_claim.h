/* SPDX-License-Identifier: GPL-3.0-or-later
 * tariff_load_claim.h - what an item of a declaration says about how its goods were made.
 *
 *     preference: true
 *     scheme: pact
 *     ex_works: 1000                  # values of one currency and place
 *     fob: 1080
 *     mass: 400
 *     description: Oils               # where the rules of a code differ by the goods
 *     wholly_obtained: false
 *     minimal_only: false             # packing, mixing and the like alone
 *     materials:                      # all of them; [] for none
 *       - {code: "5205", origin: CN, value: 350, mass: 180}
 *       - {code: "5402", status: originating, value: 90, wholly_obtained: true}
 *
 * What isn't written is not known. Without `materials` a preference is taken as declared. */
#ifndef SIM_COMMANDS_TARIFF_LOAD_CLAIM_H
#define SIM_COMMANDS_TARIFF_LOAD_CLAIM_H

#include "core/tariff/claim.h"

#define TARIFF_LOAD_CLAIM_KEYS \
    "licence|shipped|ex_works|fob|mass|description|wholly_obtained|minimal_only|materials"

/* Reads those keys of an item whose facts are read already. -1 and an error with its place. */
int tariff_load_claim(const struct tariff *tariff, const struct node *item, struct arena *arena,
                      struct claim *claim, struct error *err);

#endif
