/* SPDX-License-Identifier: GPL-3.0-or-later
 * bench_duty.h - how many duty expressions are parsed a second. */
#ifndef SIM_COMMANDS_BENCH_DUTY_H
#define SIM_COMMANDS_BENCH_DUTY_H

#include "sim/commands/bench.h"

extern const struct bench_case bench_duty_case; /* expressions_parsed_per_s */

#endif
