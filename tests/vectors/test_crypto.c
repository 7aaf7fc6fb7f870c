/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: the ledger's hashes, signatures, ciphers and proofs give the known answers, refusals
 * included. Method: every record of a folder of text records goes through the ledger's own
 * functions; see the folder's README for its files.
 *
 *   test_crypto [FOLDER]     default: $CLEARLAB_DATA or ../shared/data, crypto-vectors */
#include "core/base/arena.h"
#include "core/ledger/cipher.h"
#include "core/ledger/merkle.h"
#include "core/ledger/signature.h"
#include "tests/test.h"

#include <stdlib.h>

enum { KEYS_MAX = 24, KEY_LENGTH_MAX = 64 };

struct bytes {
    uint8_t *data;
    size_t size;
};

/* One record: lines of `key = value`. The last ones of the file stay in `values`. */
struct record {
    const char *file;
    int line;
    unsigned count;
    char keys[KEYS_MAX][KEY_LENGTH_MAX];
    char *values[KEYS_MAX];
};

static struct hasher *hasher;
static struct arena arena; /* of the record at hand */

static const char *find(const struct record *record, const char *key) {
    for (unsigned i = 0; i < record->count; i++) {
        if (strcmp(record->keys[i], key) == 0) {
            return record->values[i];
        }
    }
    return NULL;
}

static const char *text(const struct record *record, const char *key) {
    const char *value = find(record, key);
    if (value == NULL) {
        printf("%s:%d: no %s\n", record->file, record->line, key);
        exit(1);
    }
    return value;
}

static uint64_t number(const struct record *record, const char *key) {
    return strtoull(text(record, key), NULL, 10);
}

/* Hexadecimal digits up to a comma or the end. */
static struct bytes from_hex(const char *hex) {
    size_t digits = strspn(hex, "0123456789abcdef");
    struct bytes bytes = {.data = arena_alloc(&arena, digits / 2 + 1), .size = digits / 2};
    for (size_t i = 0; i < bytes.size; i++) {
        char pair[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        bytes.data[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return bytes;
}

static struct bytes bytes_of(const struct record *record, const char *key) {
    return from_hex(text(record, key));
}

static void check(const struct record *record, bool ok) {
    if (!test_check(ok, record->file, record->line, "the known answer")) {
        const char *comment = find(record, "comment");
        printf(": %s\n", comment != NULL ? comment : "");
    }
}

static bool is_valid(const struct record *record) {
    return strcmp(text(record, "result"), "invalid") != 0;
}

static bool equal(struct bytes expected, const void *data, size_t size) {
    return expected.size == size && (size == 0 || memcmp(expected.data, data, size) == 0);
}

static void check_sha256(const struct record *record) {
    struct bytes message = bytes_of(record, "Msg");
    struct hash hash = hash_bytes(hasher, HASH_PLAIN, message.data, number(record, "Len") / 8);
    check(record, equal(bytes_of(record, "MD"), hash.bytes, HASH_SIZE));
}

static void check_sha512(const struct record *record) {
    struct bytes message = bytes_of(record, "Msg");
    uint8_t digest[HASH_WIDE_SIZE];
    hash_sha512(message.data, number(record, "Len") / 8, digest);
    check(record, equal(bytes_of(record, "MD"), digest, sizeof digest));
}

static void check_blake2b(const struct record *record) {
    struct bytes message = bytes_of(record, "Msg");
    uint8_t digest[HASH_WIDE_SIZE];
    hash_blake2b(message.data, number(record, "Len") / 8, digest);
    check(record, equal(bytes_of(record, "MD"), digest, sizeof digest));
}

/* The chain of CAVP's Monte Carlo test: each checkpoint is a thousand digests of the last three. */
static void check_monte(const struct record *record) {
    static uint8_t seed[HASH_SIZE];
    static uint64_t count;
    if (find(record, "Seed") != NULL) {
        memcpy(seed, bytes_of(record, "Seed").data, HASH_SIZE);
        count = 0;
        return;
    }
    for (; count <= number(record, "COUNT"); count++) {
        uint8_t last[3 * HASH_SIZE];
        for (int i = 0; i < 3; i++) {
            memcpy(last + i * HASH_SIZE, seed, HASH_SIZE);
        }
        for (int i = 0; i < 1000; i++) {
            struct hash hash = hash_bytes(hasher, HASH_PLAIN, last, sizeof last);
            memmove(last, last + HASH_SIZE, 2 * HASH_SIZE);
            memcpy(last + 2 * HASH_SIZE, hash.bytes, HASH_SIZE);
        }
        memcpy(seed, last + 2 * HASH_SIZE, HASH_SIZE);
    }
    check(record, equal(bytes_of(record, "MD"), seed, HASH_SIZE));
}

static void check_signature(const struct record *record) {
    struct bytes key = bytes_of(record, "pk"), message = bytes_of(record, "msg");
    struct bytes signature = bytes_of(record, "sig");
    bool is_accepted = signature_verify_bytes(key.data, key.size, message.data, message.size,
                                              signature.data, signature.size);
    check(record, is_accepted == is_valid(record));
}

static void check_signing(const struct record *record) {
    struct bytes message = bytes_of(record, "msg");
    struct signing_key key = signature_key_from_seed(bytes_of(record, "seed").data);
    struct public_key public_key = signature_public_key(&key);
    struct signature signature = signature_sign(&key, message.data, message.size);
    check(record, equal(bytes_of(record, "pk"), public_key.bytes, sizeof public_key.bytes));
    check(record, equal(bytes_of(record, "sig"), signature.bytes, sizeof signature.bytes));
    check(record, signature_verify(&public_key, message.data, message.size, &signature));
    signature.bytes[message.size % SIGNATURE_SIZE] ^= 1;
    check(record, !signature_verify(&public_key, message.data, message.size, &signature));
}

/* What signature.h says of the edge cases, and no other answer. */
static void check_edges(const struct record *record) {
    struct bytes key = bytes_of(record, "pk"), message = bytes_of(record, "msg");
    struct bytes signature = bytes_of(record, "sig");
    bool expected = strcmp(text(record, "libsodium_1_0_18"), "V") == 0;
    check(record, signature_verify_bytes(key.data, key.size, message.data, message.size,
                                         signature.data, signature.size) == expected);
    struct public_key whole_key;
    struct signature whole;
    memcpy(whole_key.bytes, key.data, sizeof whole_key.bytes);
    memcpy(whole.bytes, signature.data, sizeof whole.bytes);
    check(record, signature_verify(&whole_key, message.data, message.size, &whole) == expected);
    printf("edge case %s: %s (%s)\n", text(record, "n"), expected ? "accepted" : "refused",
           text(record, "comment"));
}

static void check_cipher(const struct record *record, enum cipher cipher) {
    struct bytes key = bytes_of(record, "key"), nonce = bytes_of(record, "iv");
    struct bytes associated = bytes_of(record, "aad"), message = bytes_of(record, "msg");
    struct bytes sealed = bytes_of(record, "ct"), tag = bytes_of(record, "tag");
    struct cipher_input input = {key.data,   key.size,        nonce.data,
                                 nonce.size, associated.data, associated.size};
    uint8_t *out = arena_alloc(&arena, message.size + 1), made[CIPHER_TAG_SIZE];
    bool is_open = tag.size == CIPHER_TAG_SIZE &&
                   cipher_open(cipher, &input, sealed.data, sealed.size, tag.data, out) == 0;
    check(record, is_open == is_valid(record));
    if (is_valid(record)) {
        check(record, equal(message, out, sealed.size));
        check(record, cipher_seal(cipher, &input, message.data, message.size, out, made) == 0);
        check(record, equal(sealed, out, message.size) && equal(tag, made, sizeof made));
    }
}

static void check_xchacha20(const struct record *record) {
    check_cipher(record, CIPHER_xchacha20_poly1305);
}

static void check_chacha20(const struct record *record) {
    check_cipher(record, CIPHER_chacha20_poly1305);
}

static void check_aes_gcm(const struct record *record) {
    check_cipher(record, CIPHER_aes_gcm);
}

static void check_hmac(const struct record *record) {
    struct bytes key = bytes_of(record, "key"), message = bytes_of(record, "msg");
    struct bytes tag = bytes_of(record, "tag");
    check(record, hash_keyed_verify(key.data, key.size, message.data, message.size, tag.data,
                                    tag.size) == is_valid(record));
}

static void check_hkdf(const struct record *record) {
    struct bytes secret = bytes_of(record, "ikm"), salt = bytes_of(record, "salt");
    struct bytes info = bytes_of(record, "info");
    size_t size = number(record, "size");
    uint8_t *key = arena_alloc(&arena, size);
    int status = hash_derive(secret.data, secret.size, salt.data, salt.size, info.data, info.size,
                             key, size);
    check(record, (status == 0) == is_valid(record));
    check(record, status != 0 || equal(bytes_of(record, "okm"), key, size));
}

/* A shared secret that is nothing is refused; everything else gives the known one. */
static void check_x25519(const struct record *record) {
    uint8_t shared[CIPHER_KEY_SIZE];
    struct bytes private_key = bytes_of(record, "private"), key = bytes_of(record, "public");
    int status = cipher_agree(private_key.data, key.data, shared);
    bool is_nothing = strstr(text(record, "flags"), "ZeroSharedSecret") != NULL;
    check(record, (status != 0) == is_nothing);
    check(record, status != 0 || equal(bytes_of(record, "shared"), shared, sizeof shared));
}

/* The hashes of a proof; -1 when one has another size. */
static int read_proof(const struct record *record, struct hash proof[MERKLE_PROOF_MAX]) {
    const char *at = text(record, "proof");
    unsigned count = (unsigned)number(record, "proof_len");
    for (unsigned i = 0; i < count; i++) {
        struct bytes bytes = from_hex(at);
        if (bytes.size != HASH_SIZE || i == MERKLE_PROOF_MAX) {
            return -1;
        }
        memcpy(proof[i].bytes, bytes.data, HASH_SIZE);
        at += strcspn(at, ",");
        at += *at == ',';
    }
    return (int)count;
}

static bool read_hash(const struct record *record, const char *key, struct hash *hash) {
    struct bytes bytes = bytes_of(record, key);
    if (bytes.size != HASH_SIZE) {
        return false;
    }
    memcpy(hash->bytes, bytes.data, HASH_SIZE);
    return true;
}

static void check_inclusion(const struct record *record, uint64_t start, uint64_t end) {
    struct hash proof[MERKLE_PROOF_MAX], leaf, root;
    int length = read_proof(record, proof);
    bool is_accepted = length >= 0 && read_hash(record, "leafHash", &leaf) &&
                       read_hash(record, "root", &root) &&
                       merkle_verify_inclusion(hasher, start, end, number(record, "leafIdx"), &leaf,
                                               &root, proof, (unsigned)length);
    check(record, is_accepted != (strcmp(text(record, "wantErr"), "true") == 0));
}

static void check_tree_inclusion(const struct record *record) {
    check_inclusion(record, 0, number(record, "treeSize"));
}

static void check_subtree_inclusion(const struct record *record) {
    check_inclusion(record, number(record, "start"), number(record, "end"));
}

/* Some records have roots that are no hashes; they are filled up, and equal when they were. */
static bool read_root(const struct record *record, const char *key, struct hash *hash) {
    struct bytes bytes = bytes_of(record, key);
    memset(hash, 0, sizeof *hash);
    memcpy(hash->bytes, bytes.data, bytes.size < HASH_SIZE ? bytes.size : HASH_SIZE);
    return bytes.size <= HASH_SIZE;
}

static void check_tree_consistency(const struct record *record) {
    struct hash proof[MERKLE_PROOF_MAX], old, root;
    int length = read_proof(record, proof);
    bool is_accepted =
        length >= 0 && read_root(record, "root1", &old) && read_root(record, "root2", &root) &&
        merkle_verify_consistency(hasher, number(record, "size1"), number(record, "size2"), &old,
                                  &root, proof, (unsigned)length);
    check(record, is_accepted != (strcmp(text(record, "wantErr"), "true") == 0));
}

static void check_subtree_consistency(const struct record *record) {
    struct hash proof[MERKLE_PROOF_MAX], part, whole;
    int length = read_proof(record, proof);
    bool is_accepted =
        length >= 0 && read_root(record, "root1", &part) && read_root(record, "root2", &whole) &&
        merkle_verify_subtree(hasher, number(record, "start"), number(record, "end"),
                              number(record, "size"), &part, &whole, proof, (unsigned)length);
    check(record, is_accepted != (strcmp(text(record, "wantErr"), "true") == 0));
}

/* Leaves come first, then the roots over the first n of them. */
static void check_root(const struct record *record) {
    static struct hash leaves[64];
    if (find(record, "leaf") != NULL) {
        struct bytes input = bytes_of(record, "input");
        leaves[number(record, "leaf") % 64] = merkle_leaf(hasher, input.data, input.size);
        return;
    }
    struct hash root = merkle_root(hasher, leaves, number(record, "size"));
    check(record, equal(bytes_of(record, "root"), root.bytes, HASH_SIZE));
}

static const struct {
    const char *file;
    void (*check)(const struct record *record);
} files[] = {
    {"cavp_sha256_short", check_sha256},
    {"cavp_sha256_long", check_sha256},
    {"cavp_sha256_monte", check_monte},
    {"cavp_sha512_short", check_sha512},
    {"cavp_sha512_long", check_sha512},
    {"blake2b_512", check_blake2b},
    {"wycheproof_ed25519", check_signature},
    {"ed25519_sign_input", check_signing},
    {"ed25519_speccheck", check_edges},
    {"wycheproof_xchacha20_poly1305", check_xchacha20},
    {"wycheproof_chacha20_poly1305", check_chacha20},
    {"wycheproof_aes_gcm", check_aes_gcm},
    {"wycheproof_hmac_sha256", check_hmac},
    {"wycheproof_hkdf_sha256", check_hkdf},
    {"wycheproof_x25519", check_x25519},
    {"merkle_inclusion", check_tree_inclusion},
    {"merkle_consistency", check_tree_consistency},
    {"merkle_subtreeinclusion", check_subtree_inclusion},
    {"merkle_subtreeconsistency", check_subtree_consistency},
    {"merkle_roots", check_root},
};
enum { FILE_COUNT = sizeof files / sizeof *files };

static void take_line(struct record *record, char *line, int line_number) {
    char *value = strstr(line, " =");
    if (value == NULL || record->count == KEYS_MAX || value - line >= KEY_LENGTH_MAX) {
        printf("%s:%d: not `key = value`\n", record->file, line_number);
        exit(1);
    }
    record->line = record->count == 0 ? line_number : record->line;
    *value = '\0';
    value += value[2] == ' ' ? 3 : 2;
    snprintf(record->keys[record->count], KEY_LENGTH_MAX, "%s", line);
    record->values[record->count++] = arena_text(&arena, value, strlen(value));
}

static void end_record(struct record *record, void (*check_record)(const struct record *)) {
    if (record->count > 0) {
        check_record(record);
    }
    arena_free(&arena);
    record->count = 0;
}

/* False when there is no such file. */
static bool run_file(const char *folder, unsigned index) {
    char path[4200];
    snprintf(path, sizeof path, "%s/%s.txt", folder, files[index].file);
    FILE *stream = fopen(path, "r");
    if (stream == NULL) {
        return false;
    }
    unsigned before = test_checks;
    struct record record = {.file = files[index].file};
    char *line = NULL;
    size_t capacity = 0;
    int line_number = 0;
    for (ssize_t length; (length = getline(&line, &capacity, stream)) >= 0;) {
        line_number++;
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] == '\0') {
            end_record(&record, files[index].check);
        } else if (line[0] != '#') {
            take_line(&record, line, line_number);
        }
    }
    end_record(&record, files[index].check);
    free(line);
    fclose(stream);
    printf("%-30s %5u checks\n", files[index].file, test_checks - before);
    return true;
}

int main(int argc, char **argv) {
    char folder[4096];
    const char *data = getenv("CLEARLAB_DATA");
    snprintf(folder, sizeof folder, "%s/crypto-vectors",
             data != NULL ? data : SOURCE_DIR "/../shared/data");
    if (argc > 1) {
        snprintf(folder, sizeof folder, "%s", argv[1]);
    }
    hasher = hash_open();
    unsigned found = 0;
    for (unsigned i = 0; i < FILE_COUNT; i++) {
        found += run_file(folder, i);
    }
    hash_close(hasher);
    if (found == 0) {
        if (argc > 1) {
            printf("%s: holds none of the files of vectors\n", folder);
            return 1;
        }
        SKIP("crypto-vectors are not in ../shared/data (set CLEARLAB_DATA)");
    }
    return test_summary();
}
