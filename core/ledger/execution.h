/* SPDX-License-Identifier: GPL-3.0-or-later
 * execution.h - what transactions do to the state.
 *
 * A kind of transaction is a function. It reads and writes through the execution, which keeps what
 * it writes aside until it is done: one that refuses has changed nothing. Besides, the number of
 * the sender's next transaction goes up. Whoever asks for the same of the same state gets the same,
 * whatever the machine. */
#ifndef CORE_LEDGER_EXECUTION_H
#define CORE_LEDGER_EXECUTION_H

#include "core/ledger/block.h"
#include "core/ledger/state.h"

enum { EXECUTION_WRITES_MAX = 64, EXECUTION_KEY_MAX = 128, EXECUTION_KINDS_MAX = 64 };

/* The first byte of every key of the state: who may write there. */
enum state_space {
    SPACE_SEQUENCE, /* by sender: U64, the number of its next transaction */
    SPACE_MEMBERS,  /* one entry: the hash of the list that decides the next block */
    SPACE_RECORD,
    SPACE_TITLE,
    SPACE_PAYLOAD,
    SPACE_AUDIT,
    SPACE_CONTRACT, /* from here on what contracts define */
};

struct execution;

struct transaction_kind {
    uint32_t kind; /* as transactions have it */
    const char *name, *doc;
    /* NULL when it is done; else why it is refused. The receipt's reason, cost and note may be
     * filled; they are for bytes in the execution's arena. */
    const char *(*execute)(struct execution *execution, const struct transaction *transaction,
                           struct receipt *receipt);
    void *context; /* what `execute` finds in execution->context */
};

struct execution_write {
    uint8_t key[EXECUTION_KEY_MAX];
    uint32_t key_size;
    bool is_removed;
    struct codec_blob value; /* in the scratch arena */
};

/* A block being executed. Filled by its owner; kinds use the functions below. */
struct execution {
    struct state state;     /* changed transaction by transaction */
    struct members members; /* who decide this block */
    struct members next;    /* who decide the one after it */
    struct hash ledger;
    uint64_t height;
    int64_t time_ns;
    struct hasher *hasher;
    struct verifier *verifier;
    const struct transaction_kind *const *kinds; /* NULL ends them */
    struct arena *arena;   /* what receipts hold; lives as long as the block */
    struct arena *lists;   /* lists of members; lives as long as the ledger */
    struct arena *scratch; /* forgotten after the block */
    void *context;         /* of the kind that is being carried out */
    uint32_t write_count;
    struct execution_write writes[EXECUTION_WRITES_MAX];
};

/* A key: a space and up to EXECUTION_KEY_MAX - 1 bytes. */
struct execution_key {
    uint8_t bytes[EXECUTION_KEY_MAX];
    uint32_t size;
};

struct execution_key execution_key(enum state_space space, const void *bytes, size_t size);
struct execution_key execution_key_number(enum state_space space, uint64_t number);

bool execution_get(const struct execution *execution, const struct execution_key *key,
                   struct codec_blob *value);

/* NULL, or that it is too much for one transaction. */
const char *execution_put(struct execution *execution, const struct execution_key *key,
                          const void *value, size_t size);
const char *execution_remove(struct execution *execution, const struct execution_key *key);

/* Why a transaction has no place in this block, or NULL. `checks_signature` false: its sender is
 * known by other means. */
const char *execution_admits(const struct execution *execution,
                             const struct transaction *transaction, bool checks_signature);

/* Carries out one that is admitted. */
void execution_run(struct execution *execution, const struct transaction *transaction,
                   struct receipt *receipt);

/* The number that the sender's next transaction must have. */
uint64_t execution_sequence(const struct state *state, uint32_t sender);

#endif
