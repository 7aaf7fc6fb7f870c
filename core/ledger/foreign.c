/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ledger/foreign.h"

#include "core/base/require.h"

/* A header and those who decided it. */
struct decided {
    struct codec_blob header;
    struct codec_list certificate; /* one struct ballot_record */
};

struct step {
    struct hash sibling;
};

struct written_act {
    struct decided decided;
    struct codec_blob transaction;
    struct codec_list receipt; /* one */
    uint32_t index;
    struct codec_list transaction_path, receipt_path;
};

struct written_members {
    struct decided decided;
    struct codec_list proof;   /* one struct state_proof */
    struct codec_list members; /* one struct members */
};

static const struct codec_row step_rows[] = {
    CODEC_BYTES(struct step, sibling),
    CODEC_ROWS_END,
};

#define DECIDED_ROWS(type)                                                                 \
    CODEC(type, decided.header, CODEC_BLOB, .max = BLOCK_HEADER_SIZE),                     \
        CODEC(type, decided.certificate, CODEC_LIST, .size = sizeof(struct ballot_record), \
              .max = 1, .inner = ballot_record_rows)

static const struct codec_row act_rows[] = {
    DECIDED_ROWS(struct written_act),
    CODEC(struct written_act, transaction, CODEC_BLOB),
    CODEC(struct written_act, receipt, CODEC_LIST, .size = sizeof(struct receipt), .max = 1,
          .inner = receipt_rows),
    CODEC(struct written_act, index, CODEC_U32),
    CODEC(struct written_act, transaction_path, CODEC_LIST, .size = sizeof(struct step),
          .max = MERKLE_PROOF_MAX, .inner = step_rows),
    CODEC(struct written_act, receipt_path, CODEC_LIST, .size = sizeof(struct step),
          .max = MERKLE_PROOF_MAX, .inner = step_rows),
    CODEC_ROWS_END,
};

static const struct codec_row written_members_rows[] = {
    DECIDED_ROWS(struct written_members),
    CODEC(struct written_members, proof, CODEC_LIST, .size = sizeof(struct state_proof), .max = 1,
          .inner = state_proof_rows),
    CODEC(struct written_members, members, CODEC_LIST, .size = sizeof(struct members), .max = 1,
          .inner = members_rows),
    CODEC_ROWS_END,
};

/* ---- proving -------------------------------------------------------------------------------- */

static struct codec_blob encode(const struct codec_row *rows, const void *value,
                                struct arena *arena) {
    size_t size = codec_encode(rows, value, NULL, 0);
    uint8_t *bytes = arena_alloc(arena, size);
    REQUIRE(size <= UINT32_MAX);
    codec_encode(rows, value, bytes, size);
    return (struct codec_blob){.bytes = bytes, .size = (uint32_t)size};
}

static struct decided decided_by(const struct block *block,
                                 const struct consensus_certificate *certificate,
                                 struct arena *arena) {
    struct ballot_record *record = ARENA_NEW(arena, struct ballot_record);
    *record = ballot_record_of(certificate, arena);
    return (struct decided){.header = encode(block_header_rows, &block->header, arena),
                            .certificate = {.count = 1, .items = record}};
}

static struct hash receipt_leaf(const struct receipt *receipt, struct hasher *hasher,
                                struct arena *arena) {
    struct codec_blob bytes = encode(receipt_rows, receipt, arena);
    return merkle_leaf(hasher, bytes.bytes, bytes.size);
}

static struct codec_list path_of(const struct hash *leaves, uint32_t count, uint32_t index,
                                 struct hasher *hasher, struct arena *arena) {
    struct hash *proof = ARENA_ARRAY(arena, struct hash, MERKLE_PROOF_MAX);
    unsigned length = merkle_prove_inclusion(hasher, leaves, count, index, proof);
    return (struct codec_list){.count = length, .items = proof};
}

struct codec_blob foreign_prove_act(const struct block *block,
                                    const struct consensus_certificate *certificate, uint32_t index,
                                    struct hasher *hasher, struct arena *arena) {
    uint32_t count = block->header.transaction_count;
    struct hash *transactions = ARENA_ARRAY(arena, struct hash, count);
    struct hash *receipts = ARENA_ARRAY(arena, struct hash, count);
    struct receipt receipt = block->receipts[index];
    for (uint32_t i = 0; i < count; i++) {
        transactions[i] = transaction_leaf(&block->transactions[i], hasher);
        receipts[i] = receipt_leaf(&block->receipts[i], hasher, arena);
    }
    struct written_act written = {.decided = decided_by(block, certificate, arena),
                                  .transaction = block->transactions[index].encoding,
                                  .receipt = {.count = 1, .items = &receipt},
                                  .index = index,
                                  .transaction_path =
                                      path_of(transactions, count, index, hasher, arena),
                                  .receipt_path = path_of(receipts, count, index, hasher, arena)};
    return encode(act_rows, &written, arena);
}

struct codec_blob foreign_prove_members(struct ledger *ledger, const struct block *block,
                                        const struct consensus_certificate *certificate,
                                        struct arena *arena) {
    struct execution_key key = execution_key(SPACE_MEMBERS, NULL, 0);
    struct members members = *ledger_members(ledger);
    struct hash head = ledger_head(ledger);
    struct state_proof proof;
    REQUIRE(hash_equal(&head, &block->hash) && ledger_prove(ledger, &key, arena, &proof));
    struct written_members written = {.decided = decided_by(block, certificate, arena),
                                      .proof = {.count = 1, .items = &proof},
                                      .members = {.count = 1, .items = &members}};
    return encode(written_members_rows, &written, arena);
}

/* ---- checking ------------------------------------------------------------------------------- */

/* The header, if a quorum of the trusted list has decided it. */
static const char *check_decided(const struct foreign_trust *trust, const struct decided *decided,
                                 struct arena *arena, struct block_header *header) {
    struct codec_fault fault;
    struct consensus_certificate certificate;
    if (codec_decode(block_header_rows, decided->header.bytes, decided->header.size, arena, header,
                     &fault) != 0) {
        return "header: none";
    }
    if (!hash_equal(&header->ledger, &trust->ledger)) {
        return "ledger: another one";
    }
    if (header->height < trust->height) {
        return "height: before the list that is trusted";
    }
    struct hash members = members_hash(&trust->members, trust->hasher);
    if (!hash_equal(&header->members_hash, &members)) {
        return "members_hash: not the list that is trusted";
    }
    struct hash hash = block_hash(header, trust->hasher);
    struct ballot_judge judge = {.ledger = trust->ledger,
                                 .members = &trust->members,
                                 .hasher = trust->hasher,
                                 .verifier = trust->verifier};
    if (decided->certificate.count != 1 ||
        ballot_record_read(decided->certificate.items, &certificate) != 0 ||
        certificate.height != header->height || !hash_equal(&certificate.value, &hash) ||
        !ballot_check_certificate(&judge, CONSENSUS_PRECOMMIT, &certificate)) {
        return "certificate: no quorum for this block";
    }
    return NULL;
}

static bool is_in_tree(const struct foreign_trust *trust, const struct written_act *written,
                       uint32_t count, const struct hash *leaf, const struct hash *root,
                       const struct codec_list *path) {
    return merkle_verify_inclusion(trust->hasher, 0, count, written->index, leaf, root, path->items,
                                   path->count);
}

const char *foreign_check_act(const struct foreign_trust *trust, int64_t now_ns,
                              const uint8_t *bytes, size_t size, struct arena *arena,
                              struct foreign_act *act) {
    struct written_act written;
    struct codec_fault fault;
    if (now_ns < trust->time_ns || now_ns - trust->time_ns > trust->age_max_ns) {
        return "time: the list that is trusted is too old";
    }
    if (codec_decode(act_rows, bytes, size, arena, &written, &fault) != 0 ||
        written.receipt.count != 1 ||
        transaction_decode(written.transaction.bytes, written.transaction.size, trust->hasher,
                           arena, &act->transaction, &fault) != 0) {
        return "bytes: no proof of an act";
    }
    const char *reason = check_decided(trust, &written.decided, arena, &act->header);
    if (reason != NULL) {
        return reason;
    }
    act->receipt = *(const struct receipt *)written.receipt.items;
    uint32_t count = act->header.transaction_count;
    struct hash leaf = transaction_leaf(&act->transaction, trust->hasher);
    if (!is_in_tree(trust, &written, count, &leaf, &act->header.transactions_root,
                    &written.transaction_path)) {
        return "transaction: not in the block";
    }
    leaf = receipt_leaf(&act->receipt, trust->hasher, arena);
    return is_in_tree(trust, &written, count, &leaf, &act->header.receipts_root,
                      &written.receipt_path)
               ? NULL
               : "receipt: not in the block";
}

const char *foreign_follow(struct foreign_trust *trust, const uint8_t *bytes, size_t size,
                           struct arena *arena) {
    struct written_members written;
    struct block_header header;
    struct codec_fault fault;
    if (codec_decode(written_members_rows, bytes, size, arena, &written, &fault) != 0 ||
        written.proof.count != 1 || written.members.count != 1) {
        return "bytes: no proof of members";
    }
    const char *reason = check_decided(trust, &written.decided, arena, &header);
    if (reason != NULL) {
        return reason;
    }
    const struct members *members = written.members.items;
    struct hash hash = members_hash(members, trust->hasher);
    struct codec_blob value = {.bytes = hash.bytes, .size = HASH_SIZE};
    struct execution_key key = execution_key(SPACE_MEMBERS, NULL, 0);
    if (!state_verify(trust->hasher, &header.state_root, key.bytes, key.size, &value,
                      written.proof.items)) {
        return "members: not those of the state";
    }
    if (header.time_ns < trust->time_ns) {
        return "time: before what is known";
    }
    trust->members = *members;
    trust->height = header.height + 1;
    trust->time_ns = header.time_ns;
    return NULL;
}
