/* SPDX-License-Identifier: GPL-3.0-or-later
 * trace.h - runs one replication with its event log on; shared by `trace` and `run --trace`. */
#ifndef SIM_COMMANDS_TRACE_H
#define SIM_COMMANDS_TRACE_H

#include "sim/commands/command.h"
#include "sim/run/worker.h"

/* The options --point and --replication say which one. "-" is standard output. */
int trace_replication(const struct invocation *invocation,
                      const struct ready_experiment *experiment, const char *path,
                      struct error *err);

#endif
