/* SPDX-License-Identifier: GPL-3.0-or-later
 * balance.h - what must add up at the end of every replication, exactly. */
#ifndef SIM_RUN_BALANCE_H
#define SIM_RUN_BALANCE_H

#include "sim/run/replication.h"

/* Checks that consignments, money, waiting and working time add up, and that nobody waits for what
 * can never come. What does not hold fails the replication by name. */
void balance_check(struct replication *rep);

#endif
