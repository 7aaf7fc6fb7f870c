/* SPDX-License-Identifier: GPL-3.0-or-later
 * rules.h - what can be done with a page of rules; one function a word after `clearlab rules`.
 *
 * positionals[0] is the word itself. Each returns the exit status, as a command does. */
#ifndef SIM_COMMANDS_RULES_H
#define SIM_COMMANDS_RULES_H

#include "core/rule/rule.h"
#include "sim/commands/command.h"

#define RULES_COMMANDS(X) X(run) X(diff) X(check) X(import)

#define X(name) int rules_##name(const struct invocation *invocation, struct error *err);
RULES_COMMANDS(X)
#undef X

#endif
