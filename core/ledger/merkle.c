/* SPDX-License-Identifier: GPL-3.0-or-later
 * merkle.c - see merkle.h. Verification walks up by the bits of the numbers, after RFC 9162,
 * section 2.1.3, and, for subtrees, draft-ietf-plants-merkle-tree-certs, section 4. */
#include "core/ledger/merkle.h"

#include "core/base/require.h"

struct hash merkle_leaf(struct hasher *hasher, const void *bytes, size_t size) {
    return hash_bytes(hasher, HASH_LEAF, bytes, size);
}

/* The largest power of two below `count`, which is at least 2. */
static uint64_t split_of(uint64_t count) {
    return (uint64_t)1 << (63 - __builtin_clzll(count - 1));
}

/* Whole subtrees of falling size wait on a stack, one for each bit of the number of leaves seen, so
 * a tree costs one hash a leaf and no memory that grows with it. */
struct hash merkle_root(struct hasher *hasher, const struct hash *leaves, uint64_t count) {
    if (count == 0) {
        return hash_bytes(hasher, HASH_PLAIN, NULL, 0);
    }
    struct hash stack[64];
    unsigned height = 0;
    for (uint64_t i = 0; i < count; i++) {
        struct hash hash = leaves[i];
        for (uint64_t bits = i; (bits & 1) != 0; bits >>= 1) {
            hash = hash_pair(hasher, &stack[--height], &hash);
        }
        stack[height++] = hash;
    }
    while (height > 1) {
        height--;
        stack[height - 1] = hash_pair(hasher, &stack[height - 1], &stack[height]);
    }
    return stack[0];
}

bool merkle_is_subtree(uint64_t start, uint64_t end, uint64_t count) {
    if (start >= end || end > count) {
        return false;
    }
    uint64_t size = end - start;
    if (start == 0 || size == 1) {
        return true;
    }
    unsigned bits = 64 - (unsigned)__builtin_clzll(size - 1);
    return bits < 64 && (start & (((uint64_t)1 << bits) - 1)) == 0;
}

unsigned merkle_prove_inclusion(struct hasher *hasher, const struct hash *leaves, uint64_t count,
                                uint64_t index, struct hash proof[MERKLE_PROOF_MAX]) {
    REQUIRE(index < count);
    struct hash downwards[MERKLE_PROOF_MAX];
    unsigned length = 0;
    while (count > 1) {
        uint64_t split = split_of(count);
        if (index < split) {
            downwards[length++] = merkle_root(hasher, leaves + split, count - split);
            count = split;
        } else {
            downwards[length++] = merkle_root(hasher, leaves, split);
            leaves += split;
            index -= split;
            count -= split;
        }
    }
    for (unsigned i = 0; i < length; i++) {
        proof[i] = downwards[length - 1 - i];
    }
    return length;
}

unsigned merkle_prove_subtree(struct hasher *hasher, const struct hash *leaves, uint64_t start,
                              uint64_t end, uint64_t count, struct hash proof[MERKLE_PROOF_MAX]) {
    REQUIRE(merkle_is_subtree(start, end, count));
    struct hash downwards[MERKLE_PROOF_MAX];
    unsigned length = 0;
    bool is_known = true; /* the part is still one node, whose hash the verifier has */
    while (start != 0 || end != count) {
        uint64_t split = split_of(count);
        if (end <= split) {
            downwards[length++] = merkle_root(hasher, leaves + split, count - split);
            count = split;
            continue;
        }
        downwards[length++] = merkle_root(hasher, leaves, split);
        is_known = is_known && start >= split;
        start -= start < split ? start : split;
        leaves += split;
        end -= split;
        count -= split;
    }
    if (!is_known) {
        downwards[length++] = merkle_root(hasher, leaves, count);
    }
    for (unsigned i = 0; i < length; i++) {
        proof[i] = downwards[length - 1 - i];
    }
    return length;
}

bool merkle_verify_inclusion(struct hasher *hasher, uint64_t start, uint64_t end, uint64_t index,
                             const struct hash *leaf, const struct hash *root,
                             const struct hash *proof, unsigned proof_length) {
    if (!merkle_is_subtree(start, end, end) || index < start || index >= end) {
        return false;
    }
    uint64_t node = index - start, last = end - start - 1;
    struct hash hash = *leaf;
    for (unsigned i = 0; i < proof_length; i++) {
        if (last == 0) {
            return false; /* already at the root */
        }
        if ((node & 1) != 0 || node == last) {
            hash = hash_pair(hasher, &proof[i], &hash);
            while ((node & 1) == 0) { /* levels at which the last node has no sibling */
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = hash_pair(hasher, &hash, &proof[i]);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && hash_equal(&hash, root);
}

/* Where a walk stands: the nodes over the first and the last leaf of the part, and over the last
 * leaf of the whole. */
struct walk {
    uint64_t first, last, whole;
};

static void rise(struct walk *walk) {
    walk->first >>= 1;
    walk->last >>= 1;
    walk->whole >>= 1;
}

static bool is_empty_subtree(struct hasher *hasher, const struct hash *part,
                             unsigned proof_length) {
    struct hash none = merkle_root(hasher, NULL, 0);
    return proof_length == 0 && hash_equal(part, &none);
}

bool merkle_verify_consistency(struct hasher *hasher, uint64_t old_count, uint64_t count,
                               const struct hash *old_root, const struct hash *root,
                               const struct hash *proof, unsigned proof_length) {
    return old_count > 0 &&
           merkle_verify_subtree(hasher, 0, old_count, count, old_root, root, proof, proof_length);
}

bool merkle_verify_subtree(struct hasher *hasher, uint64_t start, uint64_t end, uint64_t count,
                           const struct hash *part, const struct hash *whole,
                           const struct hash *proof, unsigned proof_length) {
    if (start == end && end <= count) {
        return is_empty_subtree(hasher, part, proof_length);
    }
    if (!merkle_is_subtree(start, end, count)) {
        return false;
    }
    struct walk walk = {.first = start, .last = end - 1, .whole = count - 1};
    bool is_edge = walk.last == walk.whole; /* the part ends where the whole ends */
    while (walk.first != walk.last && (is_edge || (walk.last & 1) != 0)) {
        rise(&walk);
    }
    struct hash part_hash = *part, whole_hash = *part;
    unsigned i = 0;
    if (walk.first != walk.last) { /* the part is no single node: begin below its last leaves */
        if (proof_length == 0) {
            return false;
        }
        part_hash = whole_hash = proof[i++];
    }
    for (; i < proof_length; i++) {
        if (walk.whole == 0) {
            return false;
        }
        if ((walk.last & 1) != 0 || walk.last == walk.whole) {
            if (walk.first < walk.last) {
                part_hash = hash_pair(hasher, &proof[i], &part_hash);
            }
            whole_hash = hash_pair(hasher, &proof[i], &whole_hash);
            while ((walk.last & 1) == 0) {
                rise(&walk);
            }
        } else {
            whole_hash = hash_pair(hasher, &whole_hash, &proof[i]);
        }
        rise(&walk);
    }
    return walk.whole == 0 && hash_equal(&part_hash, part) && hash_equal(&whole_hash, whole);
}
