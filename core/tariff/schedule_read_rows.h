/* SPDX-License-Identifier: GPL-3.0-or-later
 * schedule_read_rows.h - what the readers of one row share. */
#ifndef CORE_TARIFF_SCHEDULE_READ_ROWS_H
#define CORE_TARIFF_SCHEDULE_READ_ROWS_H

#include "core/tariff/schedule_read.h"

/* Reads the field `conditions` of a measure. */
int schedule_read_conditions(struct schedule_builder *builder, const struct schedule_record *record,
                             struct measure *measure, struct error *err);

/* An error that says what a name is not, with the nearest of a register. Returns -1. */
int schedule_read_unknown(const struct schedule_builder *builder,
                          const struct schedule_record *record, int field,
                          enum schedule_register which, const char *wrong, struct error *err);

#endif
