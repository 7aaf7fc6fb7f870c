/* SPDX-License-Identifier: GPL-3.0-or-later
 * capacity.h - how many units are open: shifts and breakdowns. */
#ifndef SIM_RUN_CAPACITY_H
#define SIM_RUN_CAPACITY_H

#include "sim/run/replication.h"

/* Resets the pool, opens what is open at time 0 and schedules what comes. */
void capacity_start(struct replication *rep);

void capacity_on_shift(struct replication *rep, const struct event *event);
void capacity_on_breakdown(struct replication *rep, const struct event *event);
void capacity_on_repair(struct replication *rep, const struct event *event);

#endif
