/* SPDX-License-Identifier: GPL-3.0-or-later
 * merkle.h - Merkle trees of RFC 6962, their proofs, and the same for subtrees.
 *
 * A tree over n leaves splits at the largest power of two below n. `leaves` are leaf hashes
 * (HASH_LEAF); the root of none is the hash of nothing. A subtree [start, end) is one that occurs
 * in every larger tree: start is a multiple of the smallest power of two that is at least
 * end - start. A whole tree is the subtree [0, n), so each proof has one verifier.
 *
 * Proofs are the siblings from the leaf upwards. Their length is at most 64 and known from the
 * numbers alone; a proof of another length is wrong. */
#ifndef CORE_LEDGER_MERKLE_H
#define CORE_LEDGER_MERKLE_H

#include "core/ledger/hash.h"

enum { MERKLE_PROOF_MAX = 2 * 64 };

struct hash merkle_leaf(struct hasher *hasher, const void *bytes, size_t size);

struct hash merkle_root(struct hasher *hasher, const struct hash *leaves, uint64_t count);

/* Whether [start, end) is a subtree of a tree with `count` leaves. */
bool merkle_is_subtree(uint64_t start, uint64_t end, uint64_t count);

/* The proof that `index` < `count` is in the tree. Returns its length. */
unsigned merkle_prove_inclusion(struct hasher *hasher, const struct hash *leaves, uint64_t count,
                                uint64_t index, struct hash proof[MERKLE_PROOF_MAX]);

/* The proof that the subtree [start, end) is in the tree of `count` leaves; with start 0, that the
 * tree of the first `end` leaves begins it. Returns its length. */
unsigned merkle_prove_subtree(struct hasher *hasher, const struct hash *leaves, uint64_t start,
                              uint64_t end, uint64_t count, struct hash proof[MERKLE_PROOF_MAX]);

/* Whether the leaf stands at `index` of the subtree [start, end) with that root. */
bool merkle_verify_inclusion(struct hasher *hasher, uint64_t start, uint64_t end, uint64_t index,
                             const struct hash *leaf, const struct hash *root,
                             const struct hash *proof, unsigned proof_length);

/* Whether the tree of the first `old_count` leaves begins the one of `count`. Nothing can be said
 * of a tree without leaves: false. */
bool merkle_verify_consistency(struct hasher *hasher, uint64_t old_count, uint64_t count,
                               const struct hash *old_root, const struct hash *root,
                               const struct hash *proof, unsigned proof_length);

/* Whether the subtree [start, end) with root `part` is in the tree of `count` leaves with root
 * `whole`. The empty one is in every tree. */
bool merkle_verify_subtree(struct hasher *hasher, uint64_t start, uint64_t end, uint64_t count,
                           const struct hash *part, const struct hash *whole,
                           const struct hash *proof, unsigned proof_length);

#endif
