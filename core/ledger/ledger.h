/* SPDX-License-Identifier: GPL-3.0-or-later
 * ledger.h - a ledger as one of its nodes has it: make, check and commit blocks, read, prove.
 *
 * The types differ in whom one trusts:
 *
 *     none       nothing is shared, nothing kept: paper
 *     database   one operator who knows his users writes alone; same transactions, same state, but
 *                no signature is looked at, nothing is hashed and nothing can be proved
 *     chain      whoever proposes makes a block, each node checks it, a quorum's precommits commit
 * it
 *
 * The nodes of one ledger in one process share a pool: a signature is verified once and a block
 * executed once for them all, since the same block on the same state does the same everywhere. What
 * this costs each node is for the simulation to charge. Nodes of a pool belong to one thread. */
#ifndef CORE_LEDGER_LEDGER_H
#define CORE_LEDGER_LEDGER_H

#include "core/ledger/execution.h"

struct ledger;
struct ledger_pool;

struct ledger_genesis {
    struct codec_blob name;
    int64_t time_ns;
    struct members members;
};

/* What a block is to be made of. */
struct ledger_batch {
    const struct transaction *const *transactions; /* in the order of their arrival */
    uint32_t count;
    uint32_t count_max; /* for the block */
    int64_t time_ns;
    uint32_t round;
    uint32_t proposer; /* member */
};

struct ledger_type {
    const char *name, *doc;
    bool decides_alone; /* a block is committed without a certificate */
    const struct block *(*make)(struct ledger *ledger, const struct ledger_batch *batch,
                                struct arena *arena);
    const char *(*check)(struct ledger *ledger, const struct block *block);
    const char *(*commit)(struct ledger *ledger, const struct block *block,
                          const struct consensus_certificate *certificate);
    bool (*read)(const struct ledger *ledger, const struct execution_key *key,
                 struct codec_blob *value);
    bool (*prove)(struct ledger *ledger, const struct execution_key *key, struct arena *arena,
                  struct state_proof *proof);
};

#define LEDGER_TYPES(X) X(none) X(database) X(chain)

#define X(name) extern const struct ledger_type ledger_type_##name;
LEDGER_TYPES(X)
#undef X

/* NULL when no type is called that. */
const struct ledger_type *ledger_type_find(const char *name);

/* `kinds` ends with NULL and is not owned; `signatures` is about how many answers of the verifier
 * are kept. To be closed; the arenas given to it and its nodes are the caller's. */
struct ledger_pool *ledger_pool_open(const struct ledger_genesis *genesis,
                                     const struct transaction_kind *const *kinds,
                                     uint32_t signatures, struct arena *arena);
void ledger_pool_close(struct ledger_pool *pool);

struct hasher *ledger_pool_hasher(struct ledger_pool *pool);
struct verifier *ledger_pool_verifier(struct ledger_pool *pool);
struct hash ledger_pool_id(const struct ledger_pool *pool); /* names the ledger */

/* A node at the ledger's beginning. */
struct ledger *ledger_create(struct ledger_pool *pool, const struct ledger_type *type,
                             struct arena *arena);

/* Gives its state back to the pool, which is still open. */
void ledger_free(struct ledger *ledger);

/* The next block, of those transactions that have a place in it; in the arena, together with what
 * its receipts hold. The transactions must live as long. NULL from type none. */
const struct block *ledger_make(struct ledger *ledger, const struct ledger_batch *batch,
                                struct arena *arena);

/* Why a block can't be the next, or NULL. */
const char *ledger_check(struct ledger *ledger, const struct block *block);

/* Takes a block as the next. NULL; or why not, and nothing has changed. */
const char *ledger_commit(struct ledger *ledger, const struct block *block,
                          const struct consensus_certificate *certificate);

/* The value after the last committed block, good until the next; false when there is none. */
bool ledger_read(const struct ledger *ledger, const struct execution_key *key,
                 struct codec_blob *value);

/* What proves that value, or that there is none, against the state root; false when this type
 * proves nothing. */
bool ledger_prove(struct ledger *ledger, const struct execution_key *key, struct arena *arena,
                  struct state_proof *proof);

uint64_t ledger_height(const struct ledger *ledger);
struct hash ledger_head(const struct ledger *ledger); /* hash of the last block, or the ledger's */
struct hash ledger_state_root(struct ledger *ledger);
const struct members *ledger_members(const struct ledger *ledger); /* who decide the next block */

/* The number that a member's next transaction must have. */
uint64_t ledger_sequence(const struct ledger *ledger, uint32_t sender);

#endif
