/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ledger/sealed.h"

#include "core/base/require.h"

enum { NONCE_SIZE = 24 };

struct lock {
    uint32_t party;
    uint8_t key[CIPHER_KEY_SIZE];
    uint8_t tag[CIPHER_TAG_SIZE];
};

struct sealed {
    struct hash document;
    uint8_t ephemeral[CIPHER_KEY_SIZE];
    struct codec_list locks;
    struct codec_blob text;
    uint8_t tag[CIPHER_TAG_SIZE];
};

static const struct codec_row lock_rows[] = {
    CODEC(struct lock, party, CODEC_U32),
    CODEC_BYTES(struct lock, key),
    CODEC_BYTES(struct lock, tag),
    CODEC_ROWS_END,
};

static const struct codec_row sealed_rows[] = {
    CODEC_BYTES(struct sealed, document),
    CODEC_BYTES(struct sealed, ephemeral),
    CODEC(struct sealed, locks, CODEC_SET, .size = sizeof(struct lock),
          .max = SEALED_PARTIES_MAX + 2, .inner = lock_rows),
    CODEC(struct sealed, text, CODEC_BLOB, .max = SEALED_TEXT_MAX),
    CODEC_BYTES(struct sealed, tag),
    CODEC_ROWS_END,
};

/* What all keys of a payload come from: by document and by text, so that another text has others,
 * should a document ever be sealed again. */
struct source {
    struct hash secret, document;
};

static struct source source_of(const struct sealed_sender *sender, const struct codec_blob *text) {
    return (struct source){.secret =
                               hash_keyed(sender->secret.bytes, HASH_SIZE, text->bytes, text->size),
                           .document = sender->document};
}

static void derive(const struct source *source, const char *purpose, uint8_t key[CIPHER_KEY_SIZE]) {
    REQUIRE(hash_derive(source->secret.bytes, HASH_SIZE, source->document.bytes, HASH_SIZE, purpose,
                        strlen(purpose), key, CIPHER_KEY_SIZE) == 0);
}

/* Each key seals one text, so the nonce may be the same; what is bound is document and ephemeral
 * key.
 */
static struct cipher_input input_of(const uint8_t key[CIPHER_KEY_SIZE],
                                    const uint8_t bound[2 * HASH_SIZE]) {
    static const uint8_t nonce[NONCE_SIZE];
    return (struct cipher_input){.key = key,
                                 .key_size = CIPHER_KEY_SIZE,
                                 .nonce = nonce,
                                 .nonce_size = NONCE_SIZE,
                                 .associated = bound,
                                 .associated_size = 2 * HASH_SIZE};
}

static void bind(const struct hash *document, const uint8_t ephemeral[CIPHER_KEY_SIZE],
                 uint8_t bound[2 * HASH_SIZE]) {
    memcpy(bound, document->bytes, HASH_SIZE);
    memcpy(bound + HASH_SIZE, ephemeral, CIPHER_KEY_SIZE);
}

/* The key of a lock, from either side. -1 for a key of small order. */
static int lock_key(const uint8_t private_key[CIPHER_KEY_SIZE],
                    const uint8_t public_key[CIPHER_KEY_SIZE],
                    const uint8_t ephemeral[CIPHER_KEY_SIZE], const uint8_t party[CIPHER_KEY_SIZE],
                    uint8_t key[CIPHER_KEY_SIZE]) {
    static const char purpose[] = "lock of a payload";
    uint8_t shared[CIPHER_KEY_SIZE], salt[2 * CIPHER_KEY_SIZE];
    if (cipher_agree(private_key, public_key, shared) != 0) {
        return -1;
    }
    memcpy(salt, ephemeral, CIPHER_KEY_SIZE);
    memcpy(salt + CIPHER_KEY_SIZE, party, CIPHER_KEY_SIZE);
    return hash_derive(shared, sizeof shared, salt, sizeof salt, purpose, sizeof purpose - 1, key,
                       CIPHER_KEY_SIZE);
}

/* ---- sealing -------------------------------------------------------------------------------- */

static int add_lock(struct sealed *sealed, const uint8_t ephemeral_private[CIPHER_KEY_SIZE],
                    const struct sealed_party *party, const uint8_t secret[CIPHER_KEY_SIZE]) {
    struct lock *lock = (struct lock *)sealed->locks.items + sealed->locks.count;
    uint8_t key[CIPHER_KEY_SIZE], bound[2 * HASH_SIZE];
    lock->party = party->number;
    if (lock_key(ephemeral_private, party->public_key, sealed->ephemeral, party->public_key, key) !=
        0) {
        return -1;
    }
    for (uint32_t i = 0; i < sealed->locks.count; i++) {
        if (((struct lock *)sealed->locks.items)[i].party == party->number) {
            return -1;
        }
    }
    bind(&sealed->document, sealed->ephemeral, bound);
    struct cipher_input input = input_of(key, bound);
    REQUIRE(cipher_seal(CIPHER_xchacha20_poly1305, &input, secret, CIPHER_KEY_SIZE, lock->key,
                        lock->tag) == 0);
    sealed->locks.count++;
    return 0;
}

static int add_audit(struct sealed *sealed, const struct source *source,
                     const uint8_t ephemeral_private[CIPHER_KEY_SIZE],
                     const uint8_t content_key[CIPHER_KEY_SIZE], const struct sealed_audit *audit) {
    uint8_t share[CIPHER_KEY_SIZE], rest[CIPHER_KEY_SIZE];
    derive(source, "share of an audit key", share);
    for (int i = 0; i < CIPHER_KEY_SIZE; i++) {
        rest[i] = content_key[i] ^ share[i];
    }
    return add_lock(sealed, ephemeral_private, &audit->auditor, rest) != 0 ||
                   add_lock(sealed, ephemeral_private, &audit->trustee, share) != 0
               ? -1
               : 0;
}

struct codec_blob sealed_make(const struct sealed_sender *sender, const struct codec_blob *text,
                              const struct sealed_party *parties, uint32_t party_count,
                              const struct sealed_audit *audit, struct arena *arena) {
    REQUIRE(party_count <= SEALED_PARTIES_MAX && text->size <= SEALED_TEXT_MAX);
    const struct codec_blob none = {.bytes = NULL};
    uint8_t ephemeral_private[CIPHER_KEY_SIZE], content_key[CIPHER_KEY_SIZE], bound[2 * HASH_SIZE];
    struct sealed sealed = {
        .document = sender->document,
        .locks = {.items = ARENA_ARRAY(arena, struct lock, (size_t)party_count + 2)}};
    struct source source = source_of(sender, text);
    derive(&source, "ephemeral key of a payload", ephemeral_private);
    derive(&source, "content key of a payload", content_key);
    cipher_public_key(ephemeral_private, sealed.ephemeral);
    for (uint32_t i = 0; i < party_count; i++) {
        if (add_lock(&sealed, ephemeral_private, &parties[i], content_key) != 0) {
            return none;
        }
    }
    if (audit != NULL && add_audit(&sealed, &source, ephemeral_private, content_key, audit) != 0) {
        return none;
    }
    bind(&sealed.document, sealed.ephemeral, bound);
    struct cipher_input input = input_of(content_key, bound);
    uint8_t *body = arena_alloc(arena, text->size + (size_t)1);
    REQUIRE(cipher_seal(CIPHER_xchacha20_poly1305, &input, text->bytes, text->size, body,
                        sealed.tag) == 0);
    sealed.text = (struct codec_blob){.bytes = body, .size = text->size};
    REQUIRE(codec_sort(&sealed_rows[2], &sealed.locks, arena) == 0);
    size_t size = codec_encode(sealed_rows, &sealed, NULL, 0);
    uint8_t *bytes = arena_alloc(arena, size);
    codec_encode(sealed_rows, &sealed, bytes, size);
    return (struct codec_blob){.bytes = bytes, .size = (uint32_t)size};
}

/* ---- opening -------------------------------------------------------------------------------- */

/* What the lock of a party holds. */
static const char *open_lock(const struct codec_blob *bytes, const struct hash *document,
                             uint32_t party, const uint8_t private_key[CIPHER_KEY_SIZE],
                             struct arena *arena, struct sealed *sealed,
                             uint8_t secret[CIPHER_KEY_SIZE]) {
    struct codec_fault fault;
    if (codec_decode(sealed_rows, bytes->bytes, bytes->size, arena, sealed, &fault) != 0) {
        return "bytes: no sealed payload";
    }
    if (!hash_equal(&sealed->document, document)) {
        return "document: another one";
    }
    uint8_t own[CIPHER_KEY_SIZE], key[CIPHER_KEY_SIZE], bound[2 * HASH_SIZE];
    cipher_public_key(private_key, own);
    bind(&sealed->document, sealed->ephemeral, bound);
    for (uint32_t i = 0; i < sealed->locks.count; i++) {
        const struct lock *lock = (const struct lock *)sealed->locks.items + i;
        if (lock->party == party) {
            struct cipher_input input = input_of(key, bound);
            bool is_open =
                lock_key(private_key, sealed->ephemeral, sealed->ephemeral, own, key) == 0 &&
                cipher_open(CIPHER_xchacha20_poly1305, &input, lock->key, CIPHER_KEY_SIZE,
                            lock->tag, secret) == 0;
            return is_open ? NULL : "key: not that of the party";
        }
    }
    return "party: not one it is sealed to";
}

static const char *open_text(const struct sealed *sealed, const uint8_t key[CIPHER_KEY_SIZE],
                             struct arena *arena, struct codec_blob *text) {
    uint8_t bound[2 * HASH_SIZE];
    bind(&sealed->document, sealed->ephemeral, bound);
    struct cipher_input input = input_of(key, bound);
    uint8_t *opened = arena_alloc(arena, sealed->text.size + (size_t)1);
    if (cipher_open(CIPHER_xchacha20_poly1305, &input, sealed->text.bytes, sealed->text.size,
                    sealed->tag, opened) != 0) {
        return "text: altered, or another key";
    }
    *text = (struct codec_blob){.bytes = opened, .size = sealed->text.size};
    return NULL;
}

const char *sealed_open(const struct codec_blob *bytes, const struct hash *document, uint32_t party,
                        const uint8_t private_key[CIPHER_KEY_SIZE], struct arena *arena,
                        struct codec_blob *text) {
    struct sealed sealed;
    uint8_t key[CIPHER_KEY_SIZE];
    const char *reason = open_lock(bytes, document, party, private_key, arena, &sealed, key);
    return reason != NULL ? reason : open_text(&sealed, key, arena, text);
}

const char *sealed_share(const struct codec_blob *bytes, const struct hash *document,
                         uint32_t trustee, const uint8_t private_key[CIPHER_KEY_SIZE],
                         struct arena *arena, uint8_t share[CIPHER_KEY_SIZE]) {
    struct sealed sealed;
    return open_lock(bytes, document, trustee, private_key, arena, &sealed, share);
}

const char *sealed_audit(const struct codec_blob *bytes, const struct hash *document,
                         uint32_t auditor, const uint8_t private_key[CIPHER_KEY_SIZE],
                         const uint8_t share[CIPHER_KEY_SIZE], struct arena *arena,
                         struct codec_blob *text) {
    struct sealed sealed;
    uint8_t key[CIPHER_KEY_SIZE];
    const char *reason = open_lock(bytes, document, auditor, private_key, arena, &sealed, key);
    for (int i = 0; reason == NULL && i < CIPHER_KEY_SIZE; i++) {
        key[i] ^= share[i];
    }
    return reason != NULL ? reason : open_text(&sealed, key, arena, text);
}
