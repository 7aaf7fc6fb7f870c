/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: what a tree proves it proves for every number of leaves, and nothing else is accepted.
 * Method: the recursive definition of RFC 6962 as an oracle for roots; all proofs of all trees of
 * up to 70 leaves; every proof again with a bit, a sibling, an index or a size changed. */
#include "core/ledger/merkle.h"
#include "tests/test.h"

enum { LEAVES_MAX = 70 };

static struct hasher *hasher;
static struct hash leaves[LEAVES_MAX], roots[LEAVES_MAX + 1];

/* RFC 6962, section 2.1, word by word. */
static struct hash definition(const struct hash *first, unsigned count) {
    if (count == 1) {
        return *first;
    }
    unsigned split = 1;
    while (split * 2 < count) {
        split *= 2;
    }
    struct hash left = definition(first, split), right = definition(first + split, count - split);
    return hash_pair(hasher, &left, &right);
}

static void test_roots(void) {
    for (unsigned i = 0; i < LEAVES_MAX; i++) {
        uint8_t bytes[3] = {(uint8_t)i, 7, (uint8_t)(i * i)};
        leaves[i] = merkle_leaf(hasher, bytes, i % 4);
        leaves[i].bytes[31] = (uint8_t)i; /* all different */
    }
    roots[0] = merkle_root(hasher, leaves, 0);
    for (unsigned count = 1; count <= LEAVES_MAX; count++) {
        struct hash expected = definition(leaves, count);
        roots[count] = merkle_root(hasher, leaves, count);
        CHECK(hash_equal(&roots[count], &expected));
    }
}

/* Whether a verification with one thing changed is refused, for each thing in turn. */
static void refuses_inclusion(unsigned count, unsigned index, struct hash *proof, unsigned length) {
    const struct hash *leaf = &leaves[index], *root = &roots[count];
    CHECK(!merkle_verify_inclusion(hasher, 0, count, index, &leaves[(index + 1) % LEAVES_MAX], root,
                                   proof, length));
    CHECK(
        !merkle_verify_inclusion(hasher, 0, count, index, leaf, &roots[count - 1], proof, length));
    CHECK(!merkle_verify_inclusion(hasher, 0, count, count, leaf, root, proof, length));
    CHECK(!merkle_verify_inclusion(hasher, 0, count, index, leaf, root, proof, length + 1));
    for (unsigned other = 0; other < count; other++) {
        CHECK(other == index ||
              !merkle_verify_inclusion(hasher, 0, count, other, leaf, root, proof, length));
    }
    for (unsigned i = 0; i < length; i++) {
        proof[i].bytes[(index + i) % HASH_SIZE] ^= 0x10;
        CHECK(!merkle_verify_inclusion(hasher, 0, count, index, leaf, root, proof, length));
        proof[i].bytes[(index + i) % HASH_SIZE] ^= 0x10;
        CHECK(!merkle_verify_inclusion(hasher, 0, count, index, leaf, root, proof, i));
    }
}

static void test_inclusion(void) {
    for (unsigned count = 1; count <= LEAVES_MAX; count++) {
        for (unsigned index = 0; index < count; index++) {
            struct hash proof[MERKLE_PROOF_MAX] = {{{0}}};
            unsigned length = merkle_prove_inclusion(hasher, leaves, count, index, proof);
            CHECK(merkle_verify_inclusion(hasher, 0, count, index, &leaves[index], &roots[count],
                                          proof, length));
            refuses_inclusion(count, index, proof, length);
        }
    }
}

static void refuses_consistency(unsigned old_count, unsigned count, struct hash *proof,
                                unsigned length) {
    const struct hash *old = &roots[old_count], *root = &roots[count];
    CHECK(!merkle_verify_consistency(hasher, old_count, count, old, root, proof, length + 1));
    CHECK(!merkle_verify_consistency(hasher, old_count, count, &roots[old_count - 1], root, proof,
                                     length));
    CHECK(!merkle_verify_consistency(hasher, old_count, count, old, &roots[count - 1], proof,
                                     length));
    CHECK(old_count == count ||
          !merkle_verify_consistency(hasher, count, old_count, root, old, proof, length));
    CHECK(!merkle_verify_consistency(hasher, 0, count, &roots[0], root, proof, length));
    for (unsigned i = 0; i < length; i++) {
        proof[i].bytes[count % HASH_SIZE] ^= 1;
        CHECK(!merkle_verify_consistency(hasher, old_count, count, old, root, proof, length));
        proof[i].bytes[count % HASH_SIZE] ^= 1;
        CHECK(!merkle_verify_consistency(hasher, old_count, count, old, root, proof, i));
    }
}

static void test_consistency(void) {
    for (unsigned count = 1; count <= LEAVES_MAX; count++) {
        for (unsigned old_count = 1; old_count <= count; old_count++) {
            struct hash proof[MERKLE_PROOF_MAX] = {{{0}}};
            unsigned length = merkle_prove_subtree(hasher, leaves, 0, old_count, count, proof);
            CHECK(merkle_verify_consistency(hasher, old_count, count, &roots[old_count],
                                            &roots[count], proof, length));
            refuses_consistency(old_count, count, proof, length);
        }
    }
}

/* A leaf may not pass for a node: without the domains a tree of two leaves would be one leaf. */
static void test_domains(void) {
    uint8_t both[2 * HASH_SIZE];
    memcpy(both, leaves[0].bytes, HASH_SIZE);
    memcpy(both + HASH_SIZE, leaves[1].bytes, HASH_SIZE);
    struct hash leaf = merkle_leaf(hasher, both, sizeof both);
    CHECK(!hash_equal(&leaf, &roots[2]));
    struct hash block = hash_bytes(hasher, HASH_BLOCK, both, sizeof both);
    CHECK(!hash_equal(&leaf, &block) && !hash_equal(&roots[2], &block));
}

static void test_all_subtrees(void) {
    for (unsigned count = 1; count <= LEAVES_MAX; count++) {
        for (unsigned start = 0; start < count; start++) {
            for (unsigned end = start + 1; end <= count; end++) {
                if (!merkle_is_subtree(start, end, count)) {
                    continue;
                }
                struct hash proof[MERKLE_PROOF_MAX] = {{{0}}};
                struct hash part = definition(leaves + start, end - start);
                unsigned length = merkle_prove_subtree(hasher, leaves, start, end, count, proof);
                CHECK(merkle_verify_subtree(hasher, start, end, count, &part, &roots[count], proof,
                                            length));
                part.bytes[end % HASH_SIZE] ^= 4;
                CHECK(!merkle_verify_subtree(hasher, start, end, count, &part, &roots[count], proof,
                                             length));
            }
        }
    }
}

static void test_subtrees(void) {
    CHECK(merkle_is_subtree(0, 5, 7) && merkle_is_subtree(4, 7, 7) && merkle_is_subtree(6, 7, 7));
    CHECK(!merkle_is_subtree(2, 5, 7) && !merkle_is_subtree(1, 3, 7) &&
          !merkle_is_subtree(4, 8, 7) && !merkle_is_subtree(3, 3, 7));
    CHECK(!merkle_is_subtree(1, UINT64_MAX, UINT64_MAX));
    CHECK(merkle_is_subtree((uint64_t)1 << 63, UINT64_MAX, UINT64_MAX));
    CHECK(merkle_verify_subtree(hasher, 3, 3, 7, &roots[0], &roots[7], NULL, 0));
    CHECK(!merkle_verify_subtree(hasher, 3, 3, 7, &roots[1], &roots[7], NULL, 0));
    CHECK(!merkle_verify_subtree(hasher, 8, 8, 7, &roots[0], &roots[7], NULL, 0));
}

int main(void) {
    hasher = hash_open();
    test_roots();
    test_inclusion();
    test_consistency();
    test_domains();
    test_all_subtrees();
    test_subtrees();
    hash_close(hasher);
    return test_summary();
}
