/* SPDX-License-Identifier: GPL-3.0-or-later
 * state.c - see state.h. A node counts the branches and states that point to it. One that only one
 * points to, reached by nodes of which the same is true, belongs to one state alone and is changed
 * in place; others are copied first. */
#include "core/ledger/state.h"

#include "core/base/require.h"

enum { LEAF = 256, CLASS_COUNT = 12, CLASS_SIZE_MIN = 32 };

struct state_node {
    uint32_t references;
    uint16_t bit; /* LEAF for leaves */
    bool has_hash;
    uint8_t size_class; /* of a leaf: its value has room for CLASS_SIZE_MIN << size_class bytes */
    uint32_t value_size;
    struct hash hash; /* of this node */
    union {
        struct {
            struct state_node *left, *right;
        };
        struct {
            uint8_t *value;
            struct hash path;
        };
        struct state_node *next_free;
    };
};

/* Memory of a value that nobody uses. */
struct free_value {
    struct free_value *next;
};

struct state_store {
    struct arena *arena;
    struct hasher *hasher;
    struct state_node *free_nodes;
    struct free_value *free_values[CLASS_COUNT];
    uint64_t node_count;
};

struct state_store *state_store_create(struct arena *arena, struct hasher *hasher) {
    struct state_store *store = ARENA_NEW(arena, struct state_store);
    store->arena = arena;
    store->hasher = hasher;
    return store;
}

uint64_t state_store_nodes(const struct state_store *store) {
    return store->node_count;
}

/* ---- nodes and values ----------------------------------------------------------------------- */

static struct state_node *take_node(struct state_store *store) {
    struct state_node *node = store->free_nodes;
    if (node == NULL) {
        node = ARENA_NEW(store->arena, struct state_node);
    } else {
        store->free_nodes = node->next_free;
    }
    store->node_count++;
    node->references = 1;
    node->has_hash = false;
    return node;
}

static void set_value(struct state_store *store, struct state_node *leaf, const void *value,
                      size_t size) {
    REQUIRE(size <= STATE_VALUE_MAX);
    unsigned size_class = 0;
    while (((size_t)CLASS_SIZE_MIN << size_class) < size) {
        size_class++;
    }
    struct free_value *room = store->free_values[size_class];
    if (room == NULL) {
        leaf->value = arena_alloc(store->arena, (size_t)CLASS_SIZE_MIN << size_class);
    } else {
        store->free_values[size_class] = room->next;
        leaf->value = (uint8_t *)(void *)room;
    }
    if (size > 0) {
        memcpy(leaf->value, value, size);
    }
    leaf->size_class = (uint8_t)size_class;
    leaf->value_size = (uint32_t)size;
    leaf->has_hash = false;
}

static void give_value(struct state_store *store, struct state_node *leaf) {
    struct free_value *room = (struct free_value *)(void *)leaf->value;
    room->next = store->free_values[leaf->size_class];
    store->free_values[leaf->size_class] = room;
}

/* As deep as the trie at most: 256. */
static void release(struct state_store *store, struct state_node *node) {
    if (--node->references > 0) {
        return;
    }
    if (node->bit == LEAF) {
        give_value(store, node);
    } else {
        release(store, node->left);
        release(store, node->right);
    }
    node->next_free = store->free_nodes;
    store->free_nodes = node;
    store->node_count--;
}

static struct state_node *retain(struct state_node *node) {
    node->references++;
    return node;
}

/* The node that a link points to, made this state's own, to be changed. */
static struct state_node *own(struct state_store *store, struct state_node **link) {
    struct state_node *node = *link;
    if (node->references > 1) {
        struct state_node *copy = take_node(store);
        copy->bit = node->bit;
        if (node->bit == LEAF) {
            copy->path = node->path;
            set_value(store, copy, node->value, node->value_size);
        } else {
            copy->left = retain(node->left);
            copy->right = retain(node->right);
        }
        node->references--;
        *link = node = copy;
    }
    node->has_hash = false;
    return node;
}

static struct state_node *make_leaf(struct state_store *store, const struct hash *path,
                                    const void *value, size_t size) {
    struct state_node *leaf = take_node(store);
    leaf->bit = LEAF;
    leaf->path = *path;
    set_value(store, leaf, value, size);
    return leaf;
}

/* ---- walks ---------------------------------------------------------------------------------- */

static struct hash path_of(struct hasher *hasher, const void *key, size_t key_size) {
    return hash_bytes(hasher, HASH_PLAIN, key, key_size);
}

static bool bit_of(const struct hash *path, unsigned bit) {
    return (path->bytes[bit / 8] >> (7 - bit % 8) & 1) != 0;
}

/* The first bit in which two paths differ, LEAF when they are equal. */
static unsigned parting(const struct hash *a, const struct hash *b) {
    for (unsigned i = 0; i < HASH_SIZE; i++) {
        unsigned difference = a->bytes[i] ^ b->bytes[i];
        if (difference != 0) {
            return 8 * i + (unsigned)__builtin_clz(difference) - 24;
        }
    }
    return LEAF;
}

/* The leaf that a path leads to; NULL where there is nothing. */
static struct state_node *lead(const struct state *state, const struct hash *path) {
    struct state_node *node = state->root;
    while (node != NULL && node->bit != LEAF) {
        node = bit_of(path, node->bit) ? node->right : node->left;
    }
    return node;
}

struct state state_empty(struct state_store *store) {
    return (struct state){.store = store, .root = NULL};
}

struct state state_copy(const struct state *state) {
    if (state->root != NULL) {
        retain(state->root);
    }
    return *state;
}

void state_drop(struct state *state) {
    if (state->root != NULL) {
        release(state->store, state->root);
        state->root = NULL;
    }
}

void state_put(struct state *state, const void *key, size_t key_size, const void *value,
               size_t value_size) {
    struct state_store *store = state->store;
    struct hash path = path_of(store->hasher, key, key_size);
    struct state_node *leaf = lead(state, &path);
    if (leaf == NULL) {
        state->root = make_leaf(store, &path, value, value_size);
        return;
    }
    unsigned bit = parting(&leaf->path, &path);
    struct state_node **link = &state->root;
    while ((*link)->bit < bit) {
        struct state_node *branch = own(store, link);
        link = bit_of(&path, branch->bit) ? &branch->right : &branch->left;
    }
    if (bit == LEAF) {
        leaf = own(store, link);
        give_value(store, leaf);
        set_value(store, leaf, value, value_size);
        return;
    }
    struct state_node *branch = take_node(store);
    leaf = make_leaf(store, &path, value, value_size);
    branch->bit = (uint16_t)bit;
    branch->left = bit_of(&path, bit) ? *link : leaf;
    branch->right = bit_of(&path, bit) ? leaf : *link;
    *link = branch;
}

bool state_remove(struct state *state, const void *key, size_t key_size) {
    struct state_store *store = state->store;
    struct hash path = path_of(store->hasher, key, key_size);
    const struct state_node *leaf = lead(state, &path);
    if (leaf == NULL || !hash_equal(&leaf->path, &path)) {
        return false;
    }
    if (state->root == leaf) {
        state_drop(state);
        return true;
    }
    struct state_node **link = &state->root; /* to the branch over the leaf */
    struct state_node *branch = own(store, link);
    struct state_node **next = bit_of(&path, branch->bit) ? &branch->right : &branch->left;
    while ((*next)->bit != LEAF) {
        link = next;
        branch = own(store, link);
        next = bit_of(&path, branch->bit) ? &branch->right : &branch->left;
    }
    struct state_node *sibling = next == &branch->left ? branch->right : branch->left;
    *link = retain(sibling);
    release(store, branch);
    return true;
}

bool state_get(const struct state *state, const void *key, size_t key_size,
               struct codec_blob *value) {
    struct hash path = path_of(state->store->hasher, key, key_size);
    const struct state_node *leaf = lead(state, &path);
    if (leaf == NULL || !hash_equal(&leaf->path, &path)) {
        return false;
    }
    *value = (struct codec_blob){.bytes = leaf->value, .size = leaf->value_size};
    return true;
}

/* ---- hashes and proofs ---------------------------------------------------------------------- */

static struct hash hash_leaf(struct hasher *hasher, const struct hash *path,
                             const struct hash *value) {
    uint8_t bytes[2 * HASH_SIZE];
    memcpy(bytes, path->bytes, HASH_SIZE);
    memcpy(bytes + HASH_SIZE, value->bytes, HASH_SIZE);
    return hash_bytes(hasher, HASH_STATE_LEAF, bytes, sizeof bytes);
}

static struct hash hash_branch(struct hasher *hasher, unsigned bit, const struct hash *left,
                               const struct hash *right) {
    uint8_t bytes[1 + 2 * HASH_SIZE] = {(uint8_t)bit};
    memcpy(bytes + 1, left->bytes, HASH_SIZE);
    memcpy(bytes + 1 + HASH_SIZE, right->bytes, HASH_SIZE);
    return hash_bytes(hasher, HASH_STATE_NODE, bytes, sizeof bytes);
}

static struct hash hash_nothing(struct hasher *hasher) {
    return hash_bytes(hasher, HASH_STATE_NODE, NULL, 0);
}

static const struct hash *node_hash(struct hasher *hasher, struct state_node *node) {
    if (!node->has_hash) {
        if (node->bit == LEAF) {
            struct hash value = hash_bytes(hasher, HASH_PLAIN, node->value, node->value_size);
            node->hash = hash_leaf(hasher, &node->path, &value);
        } else {
            node->hash = hash_branch(hasher, node->bit, node_hash(hasher, node->left),
                                     node_hash(hasher, node->right));
        }
        node->has_hash = true;
    }
    return &node->hash;
}

struct hash state_root(struct state *state) {
    struct hasher *hasher = state->store->hasher;
    return state->root == NULL ? hash_nothing(hasher) : *node_hash(hasher, state->root);
}

static const struct codec_row step_rows[] = {
    CODEC(struct state_step, bit, CODEC_U8),
    CODEC_BYTES(struct state_step, sibling),
    CODEC_ROWS_END,
};

static const struct codec_row leaf_rows[] = {
    CODEC_BYTES(struct state_leaf, path),
    CODEC_BYTES(struct state_leaf, value),
    CODEC_ROWS_END,
};

const struct codec_row state_proof_rows[] = {
    CODEC(struct state_proof, steps, CODEC_LIST, .size = sizeof(struct state_step),
          .max = STATE_DEPTH_MAX, .inner = step_rows),
    CODEC(struct state_proof, leaf, CODEC_LIST, .size = sizeof(struct state_leaf), .max = 1,
          .inner = leaf_rows),
    CODEC_ROWS_END,
};

struct state_proof state_prove(struct state *state, const void *key, size_t key_size,
                               struct arena *arena) {
    struct hasher *hasher = state->store->hasher;
    struct hash path = path_of(hasher, key, key_size);
    struct state_step steps[STATE_DEPTH_MAX];
    uint32_t count = 0;
    if (state->root == NULL) {
        return (struct state_proof){.steps = {.count = 0}};
    }
    struct state_node *node = state->root;
    while (node->bit != LEAF) {
        bool is_right = bit_of(&path, node->bit);
        steps[count].bit = (uint8_t)node->bit;
        steps[count++].sibling = *node_hash(hasher, is_right ? node->left : node->right);
        node = is_right ? node->right : node->left;
    }
    struct state_step *kept = ARENA_ARRAY(arena, struct state_step, count);
    memcpy(kept, steps, count * sizeof *kept);
    struct state_leaf *leaf = ARENA_NEW(arena, struct state_leaf);
    leaf->path = node->path;
    leaf->value = hash_bytes(hasher, HASH_PLAIN, node->value, node->value_size);
    return (struct state_proof){.steps = {.count = count, .items = kept},
                                .leaf = {.count = 1, .items = leaf}};
}

bool state_verify(struct hasher *hasher, const struct hash *root, const void *key, size_t key_size,
                  const struct codec_blob *value, const struct state_proof *proof) {
    if (proof->leaf.count == 0) {
        struct hash nothing = hash_nothing(hasher);
        return value == NULL && proof->steps.count == 0 && hash_equal(root, &nothing);
    }
    struct hash path = path_of(hasher, key, key_size);
    const struct state_leaf *leaf = proof->leaf.items;
    const struct state_step *steps = proof->steps.items;
    if (hash_equal(&leaf->path, &path) != (value != NULL)) {
        return false;
    }
    if (value != NULL) {
        struct hash digest = hash_bytes(hasher, HASH_PLAIN, value->bytes, value->size);
        if (!hash_equal(&digest, &leaf->value)) {
            return false;
        }
    }
    struct hash hash = hash_leaf(hasher, &leaf->path, &leaf->value);
    for (uint32_t i = proof->steps.count; i-- > 0;) {
        bool is_right = bit_of(&path, steps[i].bit);
        const struct hash *sibling = &steps[i].sibling;
        hash = hash_branch(hasher, steps[i].bit, is_right ? sibling : &hash,
                           is_right ? &hash : sibling);
    }
    return hash_equal(&hash, root);
}
