/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ledger/execution_kinds.h"

#include "core/base/require.h"

const char *execution_body(struct execution *execution, const struct codec_row *rows,
                           const struct transaction *transaction, void *body) {
    struct codec_fault fault;
    return codec_decode(rows, transaction->body.bytes, transaction->body.size, execution->scratch,
                        body, &fault) == 0
               ? NULL
               : "its body is not one of this kind";
}

const char *execution_put_value(struct execution *execution, const struct execution_key *key,
                                const struct codec_row *rows, const void *value) {
    size_t size = codec_encode(rows, value, NULL, 0);
    uint8_t *bytes = arena_alloc(execution->scratch, size);
    codec_encode(rows, value, bytes, size);
    return execution_put(execution, key, bytes, size);
}

bool execution_get_value(struct execution *execution, const struct execution_key *key,
                         const struct codec_row *rows, void *value) {
    struct codec_blob blob;
    struct codec_fault fault;
    if (!execution_get(execution, key, &blob)) {
        return false;
    }
    /* Copied, for what is decoded points into the bytes, which end when the state changes. */
    uint8_t *bytes = arena_alloc(execution->scratch, blob.size + (size_t)1);
    memcpy(bytes, blob.bytes, blob.size);
    REQUIRE(codec_decode(rows, bytes, blob.size, execution->scratch, value, &fault) == 0);
    return true;
}

/* ---- records -------------------------------------------------------------------------------- */

const struct codec_row execution_record_body_rows[] = {
    CODEC(struct record_body, key, CODEC_BLOB, .max = RECORD_KEY_MAX),
    CODEC(struct record_body, is_removed, CODEC_FLAG),
    CODEC(struct record_body, value, CODEC_BLOB, .max = STATE_VALUE_MAX / 2),
    CODEC_ROWS_END,
};

const struct codec_row execution_record_entry_rows[] = {
    CODEC(struct record_entry, owner, CODEC_U32),
    CODEC(struct record_entry, value, CODEC_BLOB, .max = STATE_VALUE_MAX / 2),
    CODEC_ROWS_END,
};

static const char *execute_record(struct execution *execution,
                                  const struct transaction *transaction, struct receipt *receipt) {
    (void)receipt;
    struct record_body body;
    struct record_entry entry;
    const char *reason = execution_body(execution, execution_record_body_rows, transaction, &body);
    if (reason != NULL) {
        return reason;
    }
    struct execution_key key = execution_key(SPACE_RECORD, body.key.bytes, body.key.size);
    bool is_there = execution_get_value(execution, &key, execution_record_entry_rows, &entry);
    if (is_there && entry.owner != transaction->sender) {
        return "the record is another's";
    }
    if (body.is_removed) {
        return body.value.size > 0 ? "a record that is removed has no value"
               : is_there          ? execution_remove(execution, &key)
                                   : "there is no such record";
    }
    entry = (struct record_entry){.owner = transaction->sender, .value = body.value};
    return execution_put_value(execution, &key, execution_record_entry_rows, &entry);
}

const struct transaction_kind execution_kind_record = {
    .kind = KIND_RECORD,
    .name = "record",
    .doc = "Writes a record, which belongs to the member who wrote it first.",
    .execute = execute_record,
};

/* ---- members -------------------------------------------------------------------------------- */

static const char *execute_members(struct execution *execution,
                                   const struct transaction *transaction, struct receipt *receipt) {
    (void)receipt;
    struct members_change change;
    struct members next;
    const char *reason = execution_body(execution, members_change_rows, transaction, &change);
    if (reason != NULL) {
        return reason;
    }
    struct members_case about = {.ledger = execution->ledger,
                                 .sender = transaction->sender,
                                 .height = execution->height,
                                 .hasher = execution->hasher,
                                 .verifier = execution->verifier};
    reason = members_apply(&execution->next, &change, &about, execution->lists, &next);
    if (reason != NULL) {
        return reason;
    }
    struct hash hash = members_hash(&next, execution->hasher);
    struct execution_key key = execution_key(SPACE_MEMBERS, NULL, 0);
    reason = execution_put(execution, &key, hash.bytes, HASH_SIZE);
    if (reason == NULL) {
        execution->next = next;
    }
    return reason;
}

const struct transaction_kind execution_kind_members = {
    .kind = KIND_MEMBERS,
    .name = "members",
    .doc = "Changes the list of members from the next block on.",
    .execute = execute_members,
};
