/* SPDX-License-Identifier: GPL-3.0-or-later
 * state.h - what the ledger holds now: values under keys, with one hash that commits to them all.
 *
 * A binary trie over the SHA-256 of the keys, compressed: a branch stands only where keys part, so
 * n keys make n leaves and n - 1 branches, about log2 n deep, whatever order they came in.
 *
 *     leaf     HASH_STATE_LEAF (path 32 | SHA-256 of the value 32)
 *     branch   HASH_STATE_NODE (bit 1 | left 32 | right 32)     path bit `bit`: 0 left, 1 right
 *     nothing  HASH_STATE_NODE ()
 *
 * A proof is the walk from the root to the leaf that a key leads to: the key's own if it is there;
 * if not, another's, which shows its absence, since the bits on the way, all in the hashes, are
 * those of the key that is asked for, and a walk ends in one leaf.
 *
 * States share what they have in common: a copy costs nothing, and what is changed is copied when
 * another state still has it. So a proposed block is tried on a copy and dropped, and the state of
 * any height can be kept. All states of a store belong to one thread. */
#ifndef CORE_LEDGER_STATE_H
#define CORE_LEDGER_STATE_H

#include "core/ledger/codec.h"
#include "core/ledger/hash.h"

enum { STATE_VALUE_MAX = 1 << 16, STATE_DEPTH_MAX = 256 };

struct state_store; /* the memory of states, in an arena; what is dropped is used again */
struct state_node;

struct state {
    struct state_store *store;
    struct state_node *root; /* NULL: nothing */
};

struct state_step {
    uint8_t bit;
    struct hash sibling;
};

struct state_leaf {
    struct hash path, value;
};

struct state_proof {
    struct codec_list steps; /* struct state_step from the root, by rising bit */
    struct codec_list leaf;  /* a struct state_leaf, or none in a state with nothing in it */
};

extern const struct codec_row state_proof_rows[];

/* The hasher is not owned. */
struct state_store *state_store_create(struct arena *arena, struct hasher *hasher);

/* Nodes in use by all states of the store. */
uint64_t state_store_nodes(const struct state_store *store);

struct state state_empty(struct state_store *store);

/* The same state again, from now on apart. */
struct state state_copy(const struct state *state);

/* Gives back what no other state has; the state is empty then. */
void state_drop(struct state *state);

/* Sets a value of at most STATE_VALUE_MAX bytes. */
void state_put(struct state *state, const void *key, size_t key_size, const void *value,
               size_t value_size);

/* False when there was nothing under the key. */
bool state_remove(struct state *state, const void *key, size_t key_size);

/* The value, good until the state changes; false when there is none. */
bool state_get(const struct state *state, const void *key, size_t key_size,
               struct codec_blob *value);

/* Hashes what has changed since it was last asked for. */
struct hash state_root(struct state *state);

/* What proves the presence or the absence of a key, in the arena. */
struct state_proof state_prove(struct state *state, const void *key, size_t key_size,
                               struct arena *arena);

/* Whether the state of that root has that value under the key; NULL: has none. */
bool state_verify(struct hasher *hasher, const struct hash *root, const void *key, size_t key_size,
                  const struct codec_blob *value, const struct state_proof *proof);

#endif
