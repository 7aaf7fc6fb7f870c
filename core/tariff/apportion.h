/* SPDX-License-Identifier: GPL-3.0-or-later
 * apportion.h - limits of a whole declaration, apportioned to its items.
 *
 * A fee may have a least and a greatest amount for all items of a declaration together. What the
 * items owe by the same row of a levy, rounded each, is added up; where the sum T is below the
 * least or above the greatest amount B, the items owe B instead, in proportion to what they owed:
 * with c(i) the sum of the first i, item i owes r(B c(i) / T) - r(B c(i - 1) / T), r being the
 * rounding of the row (none: exact). So the parts add up to B exactly and each is off by less than
 * a step. Where nobody owes anything, bases take the place of what is owed, and where those are 0,
 * or an amount is below 0, all items count alike. */
#ifndef CORE_TARIFF_APPORTION_H
#define CORE_TARIFF_APPORTION_H

#include "core/tariff/reassess.h"

/* The same entries, whose facts know their parts as the law was known on `known_day`: themselves
 * where no levy has such limits, else copies in the arena. NULL and an error when a sum has too
 * many digits. */
const struct reassess_entry *apportion(const struct levy_plan *plan,
                                       const struct reassess_entry *entries, unsigned count,
                                       int64_t known_day, struct arena *arena, struct error *err);

#endif
