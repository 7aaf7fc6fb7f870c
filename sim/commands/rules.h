/* SPDX-License-Identifier: GPL-3.0-or-later
 * rules.h - what can be done with a page of rules; one function a word after `clearlab rules`.
 *
 * positionals[0] is the word itself. Each returns the exit status, as a command does. */
#ifndef SIM_COMMANDS_RULES_H
#define SIM_COMMANDS_RULES_H

#include "core/rule/rule.h"
#include "sim/commands/command.h"

int rules_run(const struct invocation *invocation, struct error *err);
int rules_diff(const struct invocation *invocation, struct error *err);
int rules_check(const struct invocation *invocation, struct error *err);
int rules_import(const struct invocation *invocation, struct error *err);

#endif
