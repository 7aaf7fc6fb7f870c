/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ledger/block.h"

#include "core/base/require.h"

const struct codec_row block_header_rows[] = {
    CODEC_BYTES(struct block_header, ledger),
    CODEC(struct block_header, height, CODEC_U64),
    CODEC(struct block_header, round, CODEC_U32, .max = INT32_MAX),
    CODEC(struct block_header, time_ns, CODEC_I64),
    CODEC_BYTES(struct block_header, previous),
    CODEC_BYTES(struct block_header, transactions_root),
    CODEC_BYTES(struct block_header, receipts_root),
    CODEC_BYTES(struct block_header, state_root),
    CODEC_BYTES(struct block_header, members_hash),
    CODEC(struct block_header, proposer, CODEC_U32),
    CODEC(struct block_header, transaction_count, CODEC_U32, .max = BLOCK_TRANSACTIONS_MAX),
    CODEC_ROWS_END,
};

const struct codec_row receipt_rows[] = {
    CODEC(struct receipt, is_refused, CODEC_FLAG),
    CODEC(struct receipt, reason, CODEC_TEXT, .max = RECEIPT_TEXT_MAX),
    CODEC(struct receipt, cost, CODEC_U64),
    CODEC(struct receipt, note, CODEC_BLOB, .max = RECEIPT_NOTE_MAX),
    CODEC_ROWS_END,
};

struct hash block_hash(const struct block_header *header, struct hasher *hasher) {
    uint8_t bytes[BLOCK_HEADER_SIZE];
    REQUIRE(codec_encode(block_header_rows, header, bytes, sizeof bytes) == sizeof bytes);
    return hash_bytes(hasher, HASH_BLOCK, bytes, sizeof bytes);
}

struct hash block_transactions_root(const struct block *block, struct hasher *hasher,
                                    struct arena *scratch) {
    uint32_t count = block->header.transaction_count;
    struct hash *leaves = ARENA_ARRAY(scratch, struct hash, count);
    for (uint32_t i = 0; i < count; i++) {
        leaves[i] = transaction_leaf(&block->transactions[i], hasher);
    }
    return merkle_root(hasher, leaves, count);
}

struct hash block_receipts_root(const struct block *block, struct hasher *hasher,
                                struct arena *scratch) {
    uint32_t count = block->header.transaction_count;
    struct hash *leaves = ARENA_ARRAY(scratch, struct hash, count);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t bytes[1 + 4 + RECEIPT_TEXT_MAX + 8 + 4 + RECEIPT_NOTE_MAX];
        size_t size = codec_encode(receipt_rows, &block->receipts[i], bytes, sizeof bytes);
        leaves[i] = merkle_leaf(hasher, bytes, size);
    }
    return merkle_root(hasher, leaves, count);
}

void block_seal(struct block *block, struct hasher *hasher, struct arena *scratch) {
    block->header.transactions_root = block_transactions_root(block, hasher, scratch);
    block->header.receipts_root = block_receipts_root(block, hasher, scratch);
    block->hash = block_hash(&block->header, hasher);
}

const char *block_follows(const struct block_header *header, const struct block_header *below,
                          const struct hash *below_hash) {
    if (header->height != (below == NULL ? 1 : below->height + 1)) {
        return "height: not the next";
    }
    if (!hash_equal(&header->previous, below_hash)) {
        return "previous: another block";
    }
    if (!hash_equal(&header->ledger, below == NULL ? below_hash : &below->ledger)) {
        return "ledger: another one";
    }
    return below != NULL && header->time_ns < below->time_ns ? "time: before the block below"
                                                             : NULL;
}

/* ---- whole blocks --------------------------------------------------------------------------- */

struct written_block {
    struct codec_blob header;
    struct codec_list transactions; /* struct codec_blob */
    struct codec_list receipts;
    struct codec_list certificate; /* none or one struct ballot_record */
};

struct written_transaction {
    struct codec_blob bytes;
};

static const struct codec_row bytes_rows[] = {
    CODEC(struct written_transaction, bytes, CODEC_BLOB),
    CODEC_ROWS_END,
};

static const struct codec_row written_rows[] = {
    CODEC(struct written_block, header, CODEC_BLOB, .max = BLOCK_HEADER_SIZE),
    CODEC(struct written_block, transactions, CODEC_LIST,
          .size = sizeof(struct written_transaction), .max = BLOCK_TRANSACTIONS_MAX,
          .inner = bytes_rows),
    CODEC(struct written_block, receipts, CODEC_LIST, .size = sizeof(struct receipt),
          .max = BLOCK_TRANSACTIONS_MAX, .inner = receipt_rows),
    CODEC(struct written_block, certificate, CODEC_LIST, .size = sizeof(struct ballot_record),
          .max = 1, .inner = ballot_record_rows),
    CODEC_ROWS_END,
};

struct codec_blob block_encode(const struct block *block,
                               const struct consensus_certificate *certificate,
                               struct arena *arena) {
    uint32_t count = block->header.transaction_count;
    struct written_transaction *list = ARENA_ARRAY(arena, struct written_transaction, count);
    for (uint32_t i = 0; i < count; i++) {
        list[i].bytes = block->transactions[i].encoding;
    }
    uint8_t header[BLOCK_HEADER_SIZE];
    codec_encode(block_header_rows, &block->header, header, sizeof header);
    struct written_block written = {
        .header = {.bytes = header, .size = sizeof header},
        .transactions = {.count = count, .items = list},
        .receipts = {.count = count,
                     .items = arena_alloc_array(arena, count, sizeof(struct receipt))}};
    if (count > 0) {
        memcpy(written.receipts.items, block->receipts, count * sizeof(struct receipt));
    }
    struct ballot_record record;
    if (certificate != NULL) {
        record = ballot_record_of(certificate, arena);
        written.certificate = (struct codec_list){.count = 1, .items = &record};
    }
    size_t size = codec_encode(written_rows, &written, NULL, 0);
    REQUIRE(size <= UINT32_MAX);
    uint8_t *bytes = arena_alloc(arena, size);
    codec_encode(written_rows, &written, bytes, size);
    return (struct codec_blob){.bytes = bytes, .size = (uint32_t)size};
}

static int refuse(struct codec_fault *fault, const char *field, size_t offset, const char *reason) {
    *fault = (struct codec_fault){.field = field, .offset = offset, .reason = reason};
    return -1;
}

/* Transactions within the block; a fault in one has its offset in the block. */
static int decode_transactions(const struct written_block *written, const uint8_t *bytes,
                               struct hasher *hasher, struct arena *arena, struct block *block,
                               struct codec_fault *fault) {
    uint32_t count = written->transactions.count;
    const struct written_transaction *list = written->transactions.items;
    struct transaction *transactions = ARENA_ARRAY(arena, struct transaction, count);
    for (uint32_t i = 0; i < count; i++) {
        if (transaction_decode(list[i].bytes.bytes, list[i].bytes.size, hasher, arena,
                               &transactions[i], fault) != 0) {
            fault->offset += (size_t)(list[i].bytes.bytes - bytes);
            return -1;
        }
    }
    block->transactions = transactions;
    block->receipts = written->receipts.items;
    return 0;
}

static int check_roots(const struct block *block, struct hasher *hasher, struct arena *arena,
                       struct codec_fault *fault) {
    struct hash root = block_transactions_root(block, hasher, arena);
    if (!hash_equal(&root, &block->header.transactions_root)) {
        return refuse(fault, "transactions_root", 4, "another root than that of the transactions");
    }
    root = block_receipts_root(block, hasher, arena);
    if (!hash_equal(&root, &block->header.receipts_root)) {
        return refuse(fault, "receipts_root", 4, "another root than that of the receipts");
    }
    return 0;
}

int block_decode(const uint8_t *bytes, size_t size, struct hasher *hasher, struct arena *arena,
                 struct block *block, struct consensus_certificate *certificate,
                 struct codec_fault *fault) {
    struct written_block written;
    certificate->count = 0;
    if (codec_decode(written_rows, bytes, size, arena, &written, fault) != 0) {
        return -1;
    }
    if (codec_decode(block_header_rows, written.header.bytes, written.header.size, arena,
                     &block->header, fault) != 0) {
        fault->offset += 4; /* after its length */
        return -1;
    }
    if (block->header.transaction_count != written.transactions.count ||
        block->header.transaction_count != written.receipts.count) {
        return refuse(fault, "transaction_count", 4, "another number than there are");
    }
    if (decode_transactions(&written, bytes, hasher, arena, block, fault) != 0 ||
        check_roots(block, hasher, arena, fault) != 0) {
        return -1;
    }
    block->hash = block_hash(&block->header, hasher);
    if (written.certificate.count == 1 &&
        (ballot_record_read(written.certificate.items, certificate) != 0 ||
         certificate->height != block->header.height ||
         !hash_equal(&certificate->value, &block->hash))) {
        return refuse(fault, "certificate", size, "not one of votes by several for this block");
    }
    return 0;
}
