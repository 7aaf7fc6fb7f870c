/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ledger/execution.h"

#include "core/base/require.h"

struct execution_key execution_key(enum state_space space, const void *bytes, size_t size) {
    struct execution_key key = {.bytes = {(uint8_t)space}, .size = (uint32_t)size + 1};
    REQUIRE(size < EXECUTION_KEY_MAX);
    if (size > 0) {
        memcpy(key.bytes + 1, bytes, size);
    }
    return key;
}

static void write_number(uint64_t number, uint8_t bytes[8]) {
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(number >> 8 * (7 - i));
    }
}

struct execution_key execution_key_number(enum state_space space, uint64_t number) {
    uint8_t bytes[8];
    write_number(number, bytes);
    return execution_key(space, bytes, sizeof bytes);
}

/* ---- what a transaction has written so far -------------------------------------------------- */

/* Where a key stands among the writes; -1 when it has not been written. */
static int32_t find_write(const struct execution *execution, const struct execution_key *key) {
    for (uint32_t i = 0; i < execution->write_count; i++) {
        const struct execution_write *write = &execution->writes[i];
        if (write->key_size == key->size && memcmp(write->key, key->bytes, key->size) == 0) {
            return (int32_t)i;
        }
    }
    return -1;
}

bool execution_get(const struct execution *execution, const struct execution_key *key,
                   struct codec_blob *value) {
    int32_t index = find_write(execution, key);
    if (index >= 0) {
        *value = execution->writes[index].value;
        return !execution->writes[index].is_removed;
    }
    return state_get(&execution->state, key->bytes, key->size, value);
}

static const char *note_write(struct execution *execution, const struct execution_key *key,
                              struct execution_write **noted) {
    int32_t index = find_write(execution, key);
    if (index < 0) {
        if (execution->write_count == EXECUTION_WRITES_MAX) {
            return "it changes too many entries";
        }
        index = (int32_t)execution->write_count++;
        memcpy(execution->writes[index].key, key->bytes, key->size);
        execution->writes[index].key_size = key->size;
    }
    *noted = &execution->writes[index];
    return NULL;
}

const char *execution_put(struct execution *execution, const struct execution_key *key,
                          const void *value, size_t size) {
    struct execution_write *write;
    if (size > STATE_VALUE_MAX) {
        return "a value is too long";
    }
    const char *reason = note_write(execution, key, &write);
    if (reason != NULL) {
        return reason;
    }
    uint8_t *bytes = arena_alloc(execution->scratch, size + 1);
    if (size > 0) {
        memcpy(bytes, value, size);
    }
    write->value = (struct codec_blob){.bytes = bytes, .size = (uint32_t)size};
    write->is_removed = false;
    return NULL;
}

const char *execution_remove(struct execution *execution, const struct execution_key *key) {
    struct execution_write *write;
    const char *reason = note_write(execution, key, &write);
    if (reason == NULL) {
        write->is_removed = true;
    }
    return reason;
}

static void keep_writes(struct execution *execution) {
    for (uint32_t i = 0; i < execution->write_count; i++) {
        const struct execution_write *write = &execution->writes[i];
        if (write->is_removed) {
            state_remove(&execution->state, write->key, write->key_size);
        } else {
            state_put(&execution->state, write->key, write->key_size, write->value.bytes,
                      write->value.size);
        }
    }
    execution->write_count = 0;
}

/* ---- transactions --------------------------------------------------------------------------- */

uint64_t execution_sequence(const struct state *state, uint32_t sender) {
    struct execution_key key = execution_key_number(SPACE_SEQUENCE, sender);
    struct codec_blob value;
    uint64_t number = 0;
    if (state_get(state, key.bytes, key.size, &value)) {
        for (uint32_t i = 0; i < value.size; i++) {
            number = number << 8 | value.bytes[i];
        }
    }
    return number;
}

static const struct transaction_kind *kind_of(const struct execution *execution, uint32_t number) {
    for (const struct transaction_kind *const *kind = execution->kinds; *kind != NULL; kind++) {
        if ((*kind)->kind == number) {
            return *kind;
        }
    }
    return NULL;
}

const char *execution_admits(const struct execution *execution,
                             const struct transaction *transaction, bool checks_signature) {
    if (!hash_equal(&transaction->ledger, &execution->ledger)) {
        return "ledger: another one";
    }
    const struct public_key *key =
        members_key(&execution->members, transaction->sender, execution->height);
    if (key == NULL) {
        return "sender: nobody with a key at this height";
    }
    if (kind_of(execution, transaction->kind) == NULL) {
        return "kind: unknown";
    }
    if (transaction->sequence != execution_sequence(&execution->state, transaction->sender)) {
        return "sequence: not the sender's next";
    }
    return !checks_signature || verifier_check(execution->verifier, key, &transaction->id,
                                               &transaction->signature)
               ? NULL
               : "signature: not the sender's";
}

void execution_run(struct execution *execution, const struct transaction *transaction,
                   struct receipt *receipt) {
    const struct transaction_kind *kind = kind_of(execution, transaction->kind);
    REQUIRE(kind != NULL && execution->write_count == 0);
    *receipt = (struct receipt){.is_refused = false};
    execution->context = kind->context;
    const char *reason = kind->execute(execution, transaction, receipt);
    if (reason != NULL) {
        execution->write_count = 0;
        receipt->is_refused = true;
        receipt->reason =
            (struct codec_blob){.bytes = (const uint8_t *)reason, .size = (uint32_t)strlen(reason)};
    }
    keep_writes(execution);
    struct execution_key key = execution_key_number(SPACE_SEQUENCE, transaction->sender);
    uint8_t number[8];
    write_number(transaction->sequence + 1, number);
    state_put(&execution->state, key.bytes, key.size, number, sizeof number);
}
