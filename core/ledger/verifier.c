/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ledger/verifier.h"

enum { WAYS = 4 };

struct answer {
    struct public_key key;
    struct hash hash;
    struct signature signature;
    bool is_known, is_good;
};

struct verifier {
    struct answer *answers; /* sets of WAYS, the newest first */
    uint32_t set_count;     /* a power of two */
    uint64_t asked, verified;
};

struct verifier *verifier_create(struct arena *arena, uint32_t capacity) {
    struct verifier *verifier = ARENA_NEW(arena, struct verifier);
    verifier->set_count = 1;
    while (verifier->set_count < (1u << 28) && verifier->set_count * WAYS < capacity) {
        verifier->set_count *= 2;
    }
    verifier->answers = ARENA_ARRAY(arena, struct answer, (size_t)verifier->set_count * WAYS);
    return verifier;
}

/* A signature begins with a point that its maker draws by hashing. Bytes of all three parts are
 * mixed, for the votes of a round have one hash, and forgeries may have one signature. */
static uint32_t set_of(const struct verifier *verifier, const struct public_key *key,
                       const struct hash *hash, const struct signature *signature) {
    uint32_t words[3];
    memcpy(&words[0], key->bytes, sizeof words[0]);
    memcpy(&words[1], hash->bytes, sizeof words[1]);
    memcpy(&words[2], signature->bytes, sizeof words[2]);
    return (words[0] ^ words[1] * 0x9e3779b1u ^ words[2] * 0x85ebca77u) & (verifier->set_count - 1);
}

static bool is_about(const struct answer *answer, const struct public_key *key,
                     const struct hash *hash, const struct signature *signature) {
    return answer->is_known && hash_equal(&answer->hash, hash) &&
           memcmp(answer->signature.bytes, signature->bytes, SIGNATURE_SIZE) == 0 &&
           memcmp(answer->key.bytes, key->bytes, SIGNATURE_KEY_SIZE) == 0;
}

/* The answer, or NULL. */
static struct answer *find(struct answer *set, const struct public_key *key,
                           const struct hash *hash, const struct signature *signature) {
    for (int i = 0; i < WAYS; i++) {
        if (is_about(&set[i], key, hash, signature)) {
            return &set[i];
        }
    }
    return NULL;
}

/* In the place of the oldest. */
static void keep(struct answer *set, const struct public_key *key, const struct hash *hash,
                 const struct signature *signature, bool is_good) {
    memmove(set + 1, set, (WAYS - 1) * sizeof *set);
    *set = (struct answer){
        .key = *key, .hash = *hash, .signature = *signature, .is_known = true, .is_good = is_good};
}

bool verifier_check(struct verifier *verifier, const struct public_key *key,
                    const struct hash *hash, const struct signature *signature) {
    struct answer *set = verifier->answers + (size_t)set_of(verifier, key, hash, signature) * WAYS;
    const struct answer *known = find(set, key, hash, signature);
    verifier->asked++;
    if (known != NULL) {
        return known->is_good;
    }
    verifier->verified++;
    bool is_good = signature_verify(key, hash->bytes, HASH_SIZE, signature);
    keep(set, key, hash, signature, is_good);
    return is_good;
}

void verifier_note(struct verifier *verifier, const struct public_key *key, const struct hash *hash,
                   const struct signature *signature, bool is_good) {
    struct answer *set = verifier->answers + (size_t)set_of(verifier, key, hash, signature) * WAYS;
    if (find(set, key, hash, signature) == NULL) {
        keep(set, key, hash, signature, is_good);
    }
}

uint64_t verifier_asked(const struct verifier *verifier) {
    return verifier->asked;
}

uint64_t verifier_verified(const struct verifier *verifier) {
    return verifier->verified;
}
