/* SPDX-License-Identifier: GPL-3.0-or-later
 * ledger.h - what can be tried on the ledger by itself; one function a word after `clearlab
 * ledger`.
 *
 * positionals[0] is the word itself. Each returns the exit status, as a command does. */
#ifndef SIM_COMMANDS_LEDGER_H
#define SIM_COMMANDS_LEDGER_H

#include "sim/commands/command.h"

int ledger_schedules(const struct invocation *invocation, struct error *err);

#endif
