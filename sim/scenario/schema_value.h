/* SPDX-License-Identifier: GPL-3.0-or-later
 * schema_value.h - a row's range and dimension in words, for schema and reference page. */
#ifndef SIM_SCENARIO_SCHEMA_VALUE_H
#define SIM_SCENARIO_SCHEMA_VALUE_H

#include "core/base/field.h"
#include "core/base/units.h"

enum { SCHEMA_VALUE_TEXT_SIZE = 192 };

/* Of a row whose value is a quantity or a distribution of one. */
enum dimension schema_value_dimension(const struct field *field);

/* "1..900", "0 s..10 d", "at least 0.25 kg", "1..3 items"; empty for any. Returns `text`. */
const char *schema_value_range(const struct field *field, char text[SCHEMA_VALUE_TEXT_SIZE]);

#endif
