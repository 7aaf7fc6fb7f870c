/* SPDX-License-Identifier: GPL-3.0-or-later
 * ledger_section.h - the rows of a system's `ledger:`. */
#ifndef SIM_SCENARIO_LEDGER_SECTION_H
#define SIM_SCENARIO_LEDGER_SECTION_H

#include "sim/scenario/builder.h"
#include "sim/scenario/ledger_plan.h"

struct ledger_timeout_rows {
    int64_t propose_ns, prevote_ns, precommit_ns, growth_ns, resend_ns;
};

struct ledger_cost_rows {
    int64_t sign_ns, verify_ns, hash_ns, execute_ns;
};

struct ledger_network_rows {
    const struct distribution *latency;
    int64_t transmit_ns;
    double loss;
    struct field_items routes, partitions;
};

struct ledger_section {
    int type, signatures;
    struct references nodes;
    int64_t block_size, block_interval_ns, heartbeat_ns;
    struct ledger_timeout_rows timeouts;
    struct ledger_cost_rows costs;
    struct ledger_network_rows network;
    struct field_items crashes;
};

extern const struct field ledger_section_fields[];

/* Fills scenario->ledger, which stays NULL for type none. The organisations are known. */
int ledger_section_compile(struct builder *builder, const struct ledger_section *section,
                           const struct node *node, struct error *err);

#endif
