/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_type_none.c - a page that is asked and does nothing: an opinion on the ledger. */
#include "core/contract/contract_call.h"

const struct contract_type contract_type_none = {
    .name = "none",
    .doc = "Answers, and does nothing.",
    .callers = CALLER_ANYBODY,
    .has_case = true,
};
