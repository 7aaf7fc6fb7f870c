/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ledger/transaction.h"

#include "core/base/require.h"
#include "core/ledger/merkle.h"

const struct codec_row transaction_rows[] = {
    CODEC_BYTES(struct transaction, ledger),
    CODEC(struct transaction, sender, CODEC_U32),
    CODEC(struct transaction, sequence, CODEC_U64),
    CODEC(struct transaction, kind, CODEC_U32),
    CODEC(struct transaction, body, CODEC_BLOB, .max = TRANSACTION_BODY_MAX),
    CODEC_BYTES(struct transaction, signature),
    CODEC_ROWS_END,
};

/* The signature comes last, so what is signed is all that stands before it. */
static struct hash identity(const uint8_t *bytes, size_t size, struct hasher *hasher) {
    return hash_bytes(hasher, HASH_TRANSACTION, bytes, size - SIGNATURE_SIZE);
}

void transaction_sign(struct transaction *transaction, const struct signing_key *key,
                      struct hasher *hasher, struct arena *arena) {
    REQUIRE(transaction->body.size <= TRANSACTION_BODY_MAX);
    size_t size = codec_encode(transaction_rows, transaction, NULL, 0);
    uint8_t *bytes = arena_alloc(arena, size);
    codec_encode(transaction_rows, transaction, bytes, size);
    transaction->id = identity(bytes, size, hasher);
    transaction->signature = signature_sign(key, transaction->id.bytes, HASH_SIZE);
    memcpy(bytes + size - SIGNATURE_SIZE, transaction->signature.bytes, SIGNATURE_SIZE);
    transaction->encoding = (struct codec_blob){.bytes = bytes, .size = (uint32_t)size};
}

int transaction_decode(const uint8_t *bytes, size_t size, struct hasher *hasher,
                       struct arena *arena, struct transaction *transaction,
                       struct codec_fault *fault) {
    if (codec_decode(transaction_rows, bytes, size, arena, transaction, fault) != 0) {
        return -1;
    }
    transaction->id = identity(bytes, size, hasher);
    transaction->encoding = (struct codec_blob){.bytes = bytes, .size = (uint32_t)size};
    return 0;
}

struct hash transaction_leaf(const struct transaction *transaction, struct hasher *hasher) {
    uint8_t both[HASH_SIZE + SIGNATURE_SIZE];
    memcpy(both, transaction->id.bytes, HASH_SIZE);
    memcpy(both + HASH_SIZE, transaction->signature.bytes, SIGNATURE_SIZE);
    return merkle_leaf(hasher, both, sizeof both);
}
