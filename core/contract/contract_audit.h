/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_audit.h - what holds at every height, whatever a page of rules says.
 *
 *     money       accounts and escrows with a bank add up to what it has issued; none is negative
 *     release     only what is assessed, and paid, exempt or guaranteed; nothing stays in escrow
 *     licence     restricted goods are released under a licence that is valid at that height
 *     guarantee   what guarantees cover adds up to what cases have of them, within their limits
 *     title       one holder, and one act at a time
 *
 * Each is a sum or a property of single entries. So it holds after a transaction if it held before
 * and what the transaction writes keeps it: that is looked at here, before it is kept. */
#ifndef CORE_CONTRACT_CONTRACT_AUDIT_H
#define CORE_CONTRACT_CONTRACT_AUDIT_H

#include "core/contract/contract_state.h"

/* NULL when the writes of the transaction that is being executed keep all of it; else what they
 * break, and the transaction is to be refused. `day`: of the block. */
const char *contract_audit(struct execution *execution, int64_t day);

#endif
