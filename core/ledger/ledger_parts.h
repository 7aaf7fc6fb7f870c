/* SPDX-License-Identifier: GPL-3.0-or-later
 * ledger_parts.h - what the files of the types of ledgers share. */
#ifndef CORE_LEDGER_LEDGER_PARTS_H
#define CORE_LEDGER_LEDGER_PARTS_H

#include "core/ledger/ledger.h"

enum { LEDGER_VERDICTS = 64 };

/* What a block has been found to be. It is the same for all nodes that stand on the block below. */
struct ledger_verdict {
    bool is_known;
    struct hash hash;
    const struct block *block; /* the very one that was looked at */
    const char *reason;        /* NULL: it is valid, and leads to: */
    struct state state;
    struct members members;
};

struct ledger_pool {
    struct arena *arena;
    struct arena scratch;
    struct hasher *hasher;
    struct verifier *verifier;
    struct state_store *store;
    const struct transaction_kind *const *kinds;
    struct hash id;
    int64_t time_ns;
    struct members members;
    struct execution execution; /* of the block that is being executed */
    struct ledger_verdict verdicts[LEDGER_VERDICTS];
    uint32_t next_verdict; /* the oldest */
};

struct ledger {
    const struct ledger_type *type;
    struct ledger_pool *pool;
    bool has_head;
    struct block_header head;
    struct hash head_hash; /* the ledger's own before the first block */
    struct state state;
    struct members members;
    struct ledger_verdict pending; /* of a database: the block that was made last */
};

/* Executes, on a copy of the node's state, those of the batch that have a place in a block. Fills
 * the block but for roots and hash, and what it leads to. */
struct block *ledger_execute_batch(struct ledger *ledger, const struct ledger_batch *batch,
                                   bool checks_signatures, struct arena *arena,
                                   struct ledger_verdict *verdict);

/* Takes what the block leads to as the node's state. */
void ledger_advance(struct ledger *ledger, const struct block *block,
                    const struct ledger_verdict *verdict);

/* Prepares the pool's execution for a block of that height and time on the node's state. */
struct execution *ledger_begin_execution(struct ledger *ledger, uint64_t height, int64_t time_ns,
                                         struct arena *arena);

#endif
