/* SPDX-License-Identifier: GPL-3.0-or-later
 * block.h - transactions in order, what became of them, and the header that commits to it all.
 *
 *     ledger             32 bytes   hash that names the ledger
 *     height             U64        1 for the first
 *     round              U32        of consensus in which it was made
 *     time_ns            I64        not before that of the block below
 *     previous           32 bytes   hash of the header below; of the first: the ledger's
 *     transactions_root  32 bytes   Merkle tree of their leaves, see transaction.h
 *     receipts_root      32 bytes   Merkle tree of the encoded receipts
 *     state_root         32 bytes   of the state after the block
 *     members_hash       32 bytes   of the list of those who decide this block
 *     proposer           U32        member who made it
 *     transaction_count  U32
 *
 * A block's hash is HASH_BLOCK over these 220 bytes. Blocks that have a hash are not altered. */
#ifndef CORE_LEDGER_BLOCK_H
#define CORE_LEDGER_BLOCK_H

#include "core/ledger/ballot.h"
#include "core/ledger/merkle.h"
#include "core/ledger/transaction.h"

enum {
    BLOCK_TRANSACTIONS_MAX = 1 << 16,
    BLOCK_HEADER_SIZE = 220,
    RECEIPT_TEXT_MAX = 160,
    RECEIPT_NOTE_MAX = 1024,
};

struct block_header {
    struct hash ledger;
    uint64_t height;
    uint32_t round;
    int64_t time_ns;
    struct hash previous;
    struct hash transactions_root, receipts_root, state_root;
    struct hash members_hash;
    uint32_t proposer;
    uint32_t transaction_count;
};

/* What became of a transaction. A refused one has changed nothing but its sender's number. */
struct receipt {
    bool is_refused;
    struct codec_blob reason; /* why it was refused, or which rule granted it */
    uint64_t cost;            /* steps of the rule, counted */
    struct codec_blob note;   /* what its kind has to say */
};

struct block {
    struct block_header header;
    const struct transaction *transactions; /* header.transaction_count of them */
    const struct receipt *receipts;         /* as many */
    struct hash hash;                       /* worked out by block_seal and block_decode */
};

extern const struct codec_row block_header_rows[];
extern const struct codec_row receipt_rows[];

struct hash block_hash(const struct block_header *header, struct hasher *hasher);

/* The roots of transactions and receipts; the memory is taken from and left in `scratch`. */
struct hash block_transactions_root(const struct block *block, struct hasher *hasher,
                                    struct arena *scratch);
struct hash block_receipts_root(const struct block *block, struct hasher *hasher,
                                struct arena *scratch);

/* Fills both roots and the hash. */
void block_seal(struct block *block, struct hasher *hasher, struct arena *scratch);

/* Why the header can't follow on another, or NULL. `below` NULL: on the ledger's beginning. */
const char *block_follows(const struct block_header *header, const struct block_header *below,
                          const struct hash *below_hash);

/* The whole block, with the certificate that decided it (NULL for none), in the arena. */
struct codec_blob block_encode(const struct block *block,
                               const struct consensus_certificate *certificate,
                               struct arena *arena);

/* All of `bytes`, which must live as long as the block. `certificate` has count 0 when there is
 * none. The roots are compared, signatures and state are not. */
int block_decode(const uint8_t *bytes, size_t size, struct hasher *hasher, struct arena *arena,
                 struct block *block, struct consensus_certificate *certificate,
                 struct codec_fault *fault);

#endif
