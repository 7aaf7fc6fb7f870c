/* SPDX-License-Identifier: GPL-3.0-or-later
 * risk_load.h - tables of declarations and models, as the options name them. */
#ifndef SIM_COMMANDS_RISK_LOAD_H
#define SIM_COMMANDS_RISK_LOAD_H

#include "core/risk/engine.h"
#include "sim/commands/command.h"

/* The files of --data by the map of --columns, as one table. 0, or -1 and an error. */
int risk_load_table(const struct invocation *invocation, enum declaration_labels labels,
                    struct declaration_table *table, struct error *err);

/* The model of --model. */
int risk_load_model(const struct invocation *invocation, struct engine *engine, struct error *err);

/* --seed and --without-memory. */
int risk_load_settings(const struct invocation *invocation, struct engine_settings *settings,
                       struct error *err);

/* --weight, within 0..1. */
int risk_load_weight(const struct invocation *invocation, double *weight, struct error *err);

/* An option without which the word can do nothing. NULL and an error when it was not given. */
const char *risk_load_option(const struct invocation *invocation, const char *name,
                             struct error *err);

#endif
