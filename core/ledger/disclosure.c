/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ledger/disclosure.h"

#include "core/base/require.h"

struct step {
    struct hash sibling;
};

struct shown {
    uint32_t index;
    struct hash salt;
    struct codec_blob name, value;
    struct codec_list path;
};

static const struct codec_row step_rows[] = {
    CODEC_BYTES(struct step, sibling),
    CODEC_ROWS_END,
};

static const struct codec_row shown_rows[] = {
    CODEC(struct shown, index, CODEC_U32, .max = DISCLOSURE_FIELDS_MAX - 1),
    CODEC_BYTES(struct shown, salt),
    CODEC(struct shown, name, CODEC_TEXT, .max = DISCLOSURE_NAME_MAX),
    CODEC(struct shown, value, CODEC_BLOB, .max = DISCLOSURE_VALUE_MAX),
    CODEC(struct shown, path, CODEC_LIST, .size = sizeof(struct step), .max = 8,
          .inner = step_rows),
    CODEC_ROWS_END,
};

static void write_number(uint32_t number, uint8_t bytes[4]) {
    for (int i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(number >> 8 * (3 - i));
    }
}

struct hash disclosure_salt(const struct disclosure_owner *owner, uint32_t index) {
    uint8_t info[14] = {'f', 'i', 'e', 'l', 'd', ' ', 's', 'a', 'l', 't'};
    struct hash salt;
    write_number(index, info + 10);
    REQUIRE(hash_derive(owner->secret.bytes, HASH_SIZE, owner->document.bytes, HASH_SIZE, info,
                        sizeof info, salt.bytes, HASH_SIZE) == 0);
    return salt;
}

struct hash disclosure_commit(const struct hash *salt, const struct disclosure_field *field,
                              struct hasher *hasher) {
    uint8_t length[4];
    hash_begin(hasher, HASH_COMMITMENT);
    hash_add(hasher, salt->bytes, HASH_SIZE);
    write_number(field->name.size, length);
    hash_add(hasher, length, sizeof length);
    hash_add(hasher, field->name.bytes, field->name.size);
    write_number(field->value.size, length);
    hash_add(hasher, length, sizeof length);
    hash_add(hasher, field->value.bytes, field->value.size);
    return hash_end(hasher);
}

static struct hash leaf_of(const struct hash *salt, const struct disclosure_field *field,
                           struct hasher *hasher) {
    struct hash commitment = disclosure_commit(salt, field, hasher);
    return merkle_leaf(hasher, commitment.bytes, HASH_SIZE);
}

static void make_leaves(const struct disclosure_owner *owner, const struct disclosure_field *fields,
                        uint32_t count, struct hasher *hasher,
                        struct hash leaves[DISCLOSURE_FIELDS_MAX]) {
    REQUIRE(count >= 1 && count <= DISCLOSURE_FIELDS_MAX);
    for (uint32_t i = 0; i < count; i++) {
        struct hash salt = disclosure_salt(owner, i);
        leaves[i] = leaf_of(&salt, &fields[i], hasher);
    }
}

struct hash disclosure_root(const struct disclosure_owner *owner,
                            const struct disclosure_field *fields, uint32_t count,
                            struct hasher *hasher) {
    struct hash leaves[DISCLOSURE_FIELDS_MAX];
    make_leaves(owner, fields, count, hasher, leaves);
    return merkle_root(hasher, leaves, count);
}

struct codec_blob disclosure_show(const struct disclosure_owner *owner,
                                  const struct disclosure_field *fields, uint32_t count,
                                  uint32_t index, struct hasher *hasher, struct arena *arena) {
    struct hash leaves[DISCLOSURE_FIELDS_MAX], path[MERKLE_PROOF_MAX];
    make_leaves(owner, fields, count, hasher, leaves);
    unsigned length = merkle_prove_inclusion(hasher, leaves, count, index, path);
    struct shown shown = {.index = index,
                          .salt = disclosure_salt(owner, index),
                          .name = fields[index].name,
                          .value = fields[index].value,
                          .path = {.count = length, .items = path}};
    size_t size = codec_encode(shown_rows, &shown, NULL, 0);
    uint8_t *bytes = arena_alloc(arena, size);
    codec_encode(shown_rows, &shown, bytes, size);
    return (struct codec_blob){.bytes = bytes, .size = (uint32_t)size};
}

const char *disclosure_check(const struct hash *root, uint32_t count, const uint8_t *bytes,
                             size_t size, struct hasher *hasher, struct arena *arena,
                             struct disclosure_field *field) {
    struct shown shown;
    struct codec_fault fault;
    if (codec_decode(shown_rows, bytes, size, arena, &shown, &fault) != 0) {
        return "bytes: no field";
    }
    *field = (struct disclosure_field){.name = shown.name, .value = shown.value};
    struct hash leaf = leaf_of(&shown.salt, field, hasher);
    return merkle_verify_inclusion(hasher, 0, count, shown.index, &leaf, root, shown.path.items,
                                   shown.path.count)
               ? NULL
               : "field: not of this document";
}
