/* SPDX-License-Identifier: GPL-3.0-or-later
 * transaction.h - what a member wants written: signed, numbered, and good for one ledger only.
 *
 *     ledger     32 bytes   hash that names the ledger, so nothing is replayed on another
 *     sender     U32        number of the member
 *     sequence   U64        0, 1, 2, ... by sender, without a gap, so nothing is replayed here
 *     kind       U32        who reads the body
 *     body       BLOB
 *     signature  64 bytes   Ed25519 over HASH_TRANSACTION of all that stands above
 *
 * That hash is the transaction's identity: it doesn't depend on the signature. A block's tree has
 * identity and signature as its leaf, so it commits to both. */
#ifndef CORE_LEDGER_TRANSACTION_H
#define CORE_LEDGER_TRANSACTION_H

#include "core/ledger/codec.h"
#include "core/ledger/hash.h"
#include "core/ledger/signature.h"

enum { TRANSACTION_BODY_MAX = 1 << 16 };

struct transaction {
    struct hash ledger;
    uint32_t sender;
    uint64_t sequence;
    uint32_t kind;
    struct codec_blob body;
    struct signature signature;
    /* Not written: worked out by transaction_sign and transaction_decode. */
    struct hash id;
    struct codec_blob encoding;
};

extern const struct codec_row transaction_rows[];

/* Fills signature, identity and encoding (in the arena). */
void transaction_sign(struct transaction *transaction, const struct signing_key *key,
                      struct hasher *hasher, struct arena *arena);

/* All of `bytes`, which must live as long as the transaction. The signature is not looked at. */
int transaction_decode(const uint8_t *bytes, size_t size, struct hasher *hasher,
                       struct arena *arena, struct transaction *transaction,
                       struct codec_fault *fault);

/* What stands in the tree of a block. */
struct hash transaction_leaf(const struct transaction *transaction, struct hasher *hasher);

#endif
