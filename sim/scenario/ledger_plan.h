/* SPDX-License-Identifier: GPL-3.0-or-later
 * ledger_plan.h - the ledger of a system: who runs which nodes, how they are linked, what work
 * costs them in simulated time, and when they fail. */
#ifndef SIM_SCENARIO_LEDGER_PLAN_H
#define SIM_SCENARIO_LEDGER_PLAN_H

#include "core/ledger/ledger.h"
#include "sim/kernel/distribution.h"

enum {
    LEDGER_PLAN_NODES_MAX = CONSENSUS_MEMBERS_MAX,
    LEDGER_PLAN_DOCUMENT_MAX = 1024, /* bytes of a document in a transaction */
};

/* Times at which something fails: from at_ns for for_ns, and again every every_ns (0: once). */
struct ledger_plan_outage {
    int64_t at_ns, for_ns, every_ns;
    uint64_t nodes[LEDGER_PLAN_NODES_MAX / 64]; /* bits of those cut off, or down */
};

struct ledger_plan {
    const struct ledger_type *type;
    uint32_t node_count;
    const uint32_t *owners;    /* [node] organisation */
    const char *const *names;  /* [node] of its organisation */
    const int32_t *node_of;    /* [organisation] its first node, -1 for none */
    uint32_t block_size;       /* transactions */
    int64_t block_interval_ns; /* from a commit to the next proposal, at least */
    int64_t heartbeat_ns;      /* age at which a block without work follows; 0: never */
    struct consensus_times times;
    int64_t sign_ns, verify_ns, execute_ns;      /* of a signature, a signature, a transaction */
    int64_t hash_ns, transmit_ns;                /* of 1,024 bytes */
    bool has_stand_ins;                          /* signatures of equal size that prove nothing */
    const struct distribution *const *latencies; /* [node][node] */
    double loss;                                 /* share of messages */
    uint32_t partition_count, crash_count;
    const struct ledger_plan_outage *partitions, *crashes;
    uint32_t purpose_latency, purpose_loss, purpose_key;
};

#endif
