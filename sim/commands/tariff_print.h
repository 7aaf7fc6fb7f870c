/* SPDX-License-Identifier: GPL-3.0-or-later
 * tariff_print.h - assessments for people and as JSON. */
#ifndef SIM_COMMANDS_TARIFF_PRINT_H
#define SIM_COMMANDS_TARIFF_PRINT_H

#include "core/tariff/claim.h"
#include "sim/scenario/json.h"

#include <stdio.h>

/* A table: each levy with its amount, below it how that came about. */
void tariff_print_assessment(const struct assessment *assessment,
                             const struct reassess_entry *entry);
void tariff_print_json(struct json *json, const struct assessment *assessment,
                       const struct claim *claim, const struct reassess_entry *part);

/* What became of claims that were judged, a line each; an item that is not assessed for them. */
void tariff_print_claim(const struct claim *claim);
void tariff_print_claim_json(struct json *json, const struct claim *claim);

/* What is due on the parts of an item together. */
void tariff_print_together(const struct levy_plan *plan, const struct claim *claim,
                           struct exact due);

/* What a change of the law owes and returns, entry by entry. */
void tariff_print_changes(const struct levy_plan *plan, const struct reassess_entry *entries,
                          const struct reassess_list *list);
void tariff_print_changes_json(struct json *json, const struct levy_plan *plan,
                               const struct reassess_entry *entries,
                               const struct reassess_list *list);

#endif
