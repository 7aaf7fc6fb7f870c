/* SPDX-License-Identifier: GPL-3.0-or-later
 * risk.h - the parts of `clearlab risk`: each is one word behind it. */
#ifndef SIM_COMMANDS_RISK_H
#define SIM_COMMANDS_RISK_H

#include "sim/commands/command.h"

/* Each returns the exit status, as a command does. */
int risk_train(const struct invocation *invocation, struct error *err);
int risk_score(const struct invocation *invocation, struct error *err);
int risk_explain(const struct invocation *invocation, struct error *err);
int risk_evaluate(const struct invocation *invocation, struct error *err);
int risk_online(const struct invocation *invocation, struct error *err);

#endif
