/* SPDX-License-Identifier: GPL-3.0-or-later
 * tariff.h - the parts of `clearlab tariff`: each reads the positionals behind its own name. */
#ifndef SIM_COMMANDS_TARIFF_H
#define SIM_COMMANDS_TARIFF_H

#include "sim/commands/command.h"

/* Each returns the exit status, as a command does; positionals[0] is its name. */
int tariff_assess(const struct invocation *invocation, struct error *err); /* DECLARATION ... */
int tariff_parse(const struct invocation *invocation, struct error *err);  /* TEXT */
int tariff_lint(const struct invocation *invocation, struct error *err);   /* FILE */

#endif
