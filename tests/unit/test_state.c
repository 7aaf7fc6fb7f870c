/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: a state is a map with one root, and its proofs convince of what is so and of nothing else.
 * Method: 100,000 drawn changes beside a plain table, whose root is worked out anew from the
 * sorted paths; copies kept along the way must stay as they were; every proof with any byte
 * altered, and every true proof put to a false claim, must be refused. */
#include "core/ledger/state.h"
#include "tests/test.h"

enum { KEY_COUNT = 3000, OPERATIONS = 100000, COPIES = 8 };

static struct arena arena;
static struct hasher *hasher;
static uint64_t random_state = 1918;

static uint32_t draw(uint32_t below) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % below;
}

/* ---- the plain table ------------------------------------------------------------------------ */

struct entry {
    struct hash path;
    bool is_here;
    uint32_t size;
    uint8_t value[300];
};

static size_t key_of(uint32_t number, char key[16]) {
    return (size_t)snprintf(key, 16, "key %u", number);
}

static int compare_paths(const void *a, const void *b) {
    const struct entry *const *one = a, *const *other = b;
    return memcmp((*one)->path.bytes, (*other)->path.bytes, HASH_SIZE);
}

static bool path_bit(const struct entry *entry, unsigned bit) {
    return (entry->path.bytes[bit >> 3] & 0x80 >> (bit & 7)) != 0;
}

/* The root over sorted entries, written from the drawing in state.h. */
static struct hash root_over(struct entry **entries, uint32_t count) {
    uint8_t bytes[65] = {0};
    if (count == 0) {
        return hash_bytes(hasher, HASH_STATE_NODE, bytes, 0);
    }
    if (count == 1) {
        struct hash value = hash_bytes(hasher, HASH_PLAIN, entries[0]->value, entries[0]->size);
        memcpy(bytes, entries[0]->path.bytes, 32);
        memcpy(bytes + 32, value.bytes, 32);
        return hash_bytes(hasher, HASH_STATE_LEAF, bytes, 64);
    }
    unsigned bit = 0;
    while (path_bit(entries[0], bit) == path_bit(entries[count - 1], bit)) {
        bit++;
    }
    uint32_t split = 1;
    while (!path_bit(entries[split], bit)) {
        split++;
    }
    struct hash left = root_over(entries, split);
    struct hash right = root_over(entries + split, count - split);
    bytes[0] = (uint8_t)bit;
    memcpy(bytes + 1, left.bytes, 32);
    memcpy(bytes + 33, right.bytes, 32);
    return hash_bytes(hasher, HASH_STATE_NODE, bytes, 65);
}

static struct hash table_root(struct entry *table, uint32_t *count) {
    static struct entry *present[KEY_COUNT];
    *count = 0;
    for (uint32_t i = 0; i < KEY_COUNT; i++) {
        if (table[i].is_here) {
            present[(*count)++] = &table[i];
        }
    }
    qsort(present, *count, sizeof *present, compare_paths);
    return root_over(present, *count);
}

static struct entry *make_table(void) {
    struct entry *table = ARENA_ARRAY(&arena, struct entry, KEY_COUNT);
    for (uint32_t i = 0; i < KEY_COUNT; i++) {
        char key[16];
        size_t size = key_of(i, key);
        table[i].path = hash_bytes(hasher, HASH_PLAIN, key, size);
    }
    return table;
}

/* ---- changes -------------------------------------------------------------------------------- */

static void change(struct state *state, struct entry *table, uint32_t number, bool removes) {
    char key[16];
    size_t size = key_of(number, key);
    struct entry *entry = &table[number];
    if (removes) {
        CHECK(state_remove(state, key, size) == entry->is_here);
        entry->is_here = false;
        return;
    }
    entry->is_here = true;
    entry->size = draw(300);
    for (uint32_t i = 0; i < entry->size; i++) {
        entry->value[i] = (uint8_t)draw(256);
    }
    state_put(state, key, size, entry->value, entry->size);
}

static void check_values(const struct state *state, const struct entry *table) {
    unsigned wrong = 0;
    for (uint32_t i = 0; i < KEY_COUNT; i++) {
        char key[16];
        size_t size = key_of(i, key);
        struct codec_blob value;
        bool is_here = state_get(state, key, size, &value);
        wrong += is_here != table[i].is_here ||
                 (is_here && (value.size != table[i].size ||
                              memcmp(value.bytes, table[i].value, value.size) != 0));
    }
    CHECK_INT(wrong, 0);
}

/* States that are kept while the one they were copied from goes on. */
struct kept {
    struct state state;
    struct hash root;
    struct entry *table;
};

static void replace(struct kept *kept, const struct state *state, const struct entry *table,
                    const struct hash *root) {
    if (kept->table != NULL) {
        struct hash now = state_root(&kept->state);
        CHECK(hash_equal(&now, &kept->root));
        check_values(&kept->state, kept->table);
        state_drop(&kept->state);
    } else {
        kept->table = ARENA_ARRAY(&arena, struct entry, KEY_COUNT);
    }
    kept->state = state_copy(state);
    kept->root = *root;
    memcpy(kept->table, table, KEY_COUNT * sizeof *table);
}

static void test_changes(void) {
    struct state_store *store = state_store_create(&arena, hasher);
    struct state state = state_empty(store);
    struct entry *table = make_table();
    struct kept copies[COPIES] = {{.table = NULL}};
    uint32_t count, count_max = 0;
    for (uint32_t i = 0; i < OPERATIONS; i++) {
        bool grows = i % 20000 < 12000; /* then it shrinks, to nothing or nearly so */
        change(&state, table, draw(KEY_COUNT), draw(10) < (grows ? 3u : 9u));
        if (draw(400) == 0) {
            struct hash root = state_root(&state), expected = table_root(table, &count);
            CHECK(hash_equal(&root, &expected));
            count_max = count > count_max ? count : count_max;
            replace(&copies[draw(COPIES)], &state, table, &root);
        } else if (draw(2000) == 0 && copies[0].table != NULL) { /* back to an older state */
            state_drop(&state);
            state = state_copy(&copies[0].state);
            memcpy(table, copies[0].table, KEY_COUNT * sizeof *table);
        }
    }
    check_values(&state, table);
    printf("up to %u of %u keys at a time\n", count_max, KEY_COUNT);
    CHECK(count_max > KEY_COUNT / 2);
    for (int i = 0; i < COPIES; i++) {
        state_drop(&copies[i].state);
    }
    state_drop(&state);
    CHECK_INT(state_store_nodes(store), 0);
}

static void test_order(void) {
    struct state_store *store = state_store_create(&arena, hasher);
    struct hash roots[20];
    for (uint32_t order = 0; order < 20; order++) {
        struct state state = state_empty(store);
        uint32_t stride = 2 * order + 1, count = 512;
        for (uint32_t i = 0; i < 2 * count; i++) { /* some are there twice, some taken away */
            char key[16];
            size_t size = key_of((i * stride + order) % count, key);
            state_put(&state, key, size, key, size);
            size = key_of(1000 + i % 50, key);
            state_put(&state, key, size, key, size);
        }
        for (uint32_t i = 0; i < 50; i++) {
            char key[16];
            size_t size = key_of(1000 + (i * 7 + order) % 50, key);
            CHECK(state_remove(&state, key, size));
        }
        roots[order] = state_root(&state);
        CHECK(hash_equal(&roots[order], &roots[0]));
        CHECK_INT(state_store_nodes(store), 2 * 512 - 1);
        state_drop(&state);
    }
}

/* ---- proofs --------------------------------------------------------------------------------- */

struct claim {
    struct hash root;
    char key[16];
    size_t key_size;
    struct codec_blob value, *claimed; /* NULL: absent */
};

static bool holds(const struct claim *claim, const uint8_t *bytes, size_t size) {
    struct state_proof proof;
    struct codec_fault fault;
    return codec_decode(state_proof_rows, bytes, size, &arena, &proof, &fault) == 0 &&
           state_verify(hasher, &claim->root, claim->key, claim->key_size, claim->claimed, &proof);
}

/* What the proof may not show. */
static void check_false_claims(const struct claim *claim, const uint8_t *bytes, size_t size) {
    static const uint8_t byte = 0;
    struct codec_blob other = {.bytes = &byte, .size = 1};
    struct claim wrong = *claim;
    wrong.claimed = claim->claimed == NULL ? &other : NULL;
    CHECK(!holds(&wrong, bytes, size));
    wrong.claimed = &other;
    CHECK(!holds(&wrong, bytes, size));
    wrong = *claim;
    wrong.root.bytes[31] ^= 1;
    CHECK(!holds(&wrong, bytes, size));
}

static void check_altered(const struct claim *claim, uint8_t *bytes, size_t size) {
    unsigned accepted = 0;
    for (size_t i = 0; i < size; i++) {
        for (int bit = 0; bit < 8; bit++) {
            bytes[i] ^= (uint8_t)(1 << bit);
            accepted += holds(claim, bytes, size);
            bytes[i] ^= (uint8_t)(1 << bit);
        }
        accepted += holds(claim, bytes, i);
    }
    CHECK_INT(accepted, 0);
}

static void test_proofs(uint32_t key_count) {
    struct arena own = ARENA_INIT;
    struct state state = state_empty(state_store_create(&own, hasher));
    for (uint32_t i = 0; i < key_count; i++) {
        char key[16];
        size_t size = key_of(2 * i, key);
        state_put(&state, key, size, key, size);
    }
    static uint8_t bytes[16384];
    unsigned steps = 0;
    for (uint32_t i = 0; i < 20; i++) {
        struct claim claim = {.root = state_root(&state)};
        uint32_t number = i < 2 * key_count ? i : draw(2 * key_count + 1);
        claim.key_size = key_of(number, claim.key);
        bool is_here = state_get(&state, claim.key, claim.key_size, &claim.value);
        CHECK(is_here == (number % 2 == 0 && number < 2 * key_count));
        claim.claimed = is_here ? &claim.value : NULL;
        struct state_proof proof = state_prove(&state, claim.key, claim.key_size, &arena);
        size_t size = codec_encode(state_proof_rows, &proof, bytes, sizeof bytes);
        steps += proof.steps.count;
        CHECK(holds(&claim, bytes, size));
        check_false_claims(&claim, bytes, size);
        check_altered(&claim, bytes, size);
        struct claim other = claim; /* no key that is present is absent by this walk */
        other.claimed = NULL;
        for (uint32_t k = 0; k < key_count; k++) {
            other.key_size = key_of(2 * k, other.key);
            CHECK(!holds(&other, bytes, size));
        }
        arena_free(&arena);
    }
    printf("%u keys: %.1f steps a proof\n", key_count, steps / 20.0);
    arena_free(&own);
}

int main(void) {
    hasher = hash_open();
    test_changes();
    arena_free(&arena);
    test_order();
    static const uint32_t counts[] = {0, 1, 2, 3, 50, 400};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        arena_free(&arena);
        test_proofs(counts[i]);
    }
    hash_close(hasher);
    arena_free(&arena);
    return test_summary();
}
