/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ledger/payload.h"

#include <sodium.h>

static const struct codec_row holder_rows[] = {
    CODEC(struct payload_holder, member, CODEC_U32),
    CODEC(struct payload_holder, purged_height, CODEC_U64),
    CODEC_ROWS_END,
};

const struct codec_row payload_entry_rows[] = {
    CODEC_BYTES(struct payload_entry, content),
    CODEC(struct payload_entry, owner, CODEC_U32),
    CODEC(struct payload_entry, stage, CODEC_U8, .max = PAYLOAD_STAGES - 1),
    CODEC(struct payload_entry, holders, CODEC_SET, .size = sizeof(struct payload_holder),
          .max = SEALED_PARTIES_MAX, .inner = holder_rows),
    CODEC_ROWS_END,
};

const struct codec_row payload_body_rows[] = {
    CODEC(struct payload_body, act, CODEC_U8, .max = PAYLOAD_ACTS - 1),
    CODEC_BYTES(struct payload_body, document),
    CODEC_BYTES(struct payload_body, content),
    CODEC(struct payload_body, holders, CODEC_SET, .size = sizeof(struct payload_holder),
          .max = SEALED_PARTIES_MAX, .inner = holder_rows),
    CODEC(struct payload_body, reason, CODEC_TEXT, .max = PAYLOAD_REASON_MAX),
    CODEC_ROWS_END,
};

const struct codec_row payload_audit_rows[] = {
    CODEC(struct payload_audit, uses, CODEC_U64),
    CODEC(struct payload_audit, height, CODEC_U64),
    CODEC(struct payload_audit, reason, CODEC_TEXT, .max = PAYLOAD_REASON_MAX),
    CODEC_ROWS_END,
};

struct execution_key payload_key(const struct hash *document) {
    return execution_key(SPACE_PAYLOAD, document->bytes, HASH_SIZE);
}

struct execution_key payload_audit_key(const struct hash *document, uint32_t auditor) {
    uint8_t bytes[HASH_SIZE + 4];
    memcpy(bytes, document->bytes, HASH_SIZE);
    for (int i = 0; i < 4; i++) {
        bytes[HASH_SIZE + i] = (uint8_t)(auditor >> 8 * (3 - i));
    }
    return execution_key(SPACE_AUDIT, bytes, sizeof bytes);
}

/* ---- acts ----------------------------------------------------------------------------------- */

static struct payload_holder *find_holder(const struct payload_entry *entry, uint32_t member) {
    struct payload_holder *holders = entry->holders.items;
    for (uint32_t i = 0; i < entry->holders.count; i++) {
        if (holders[i].member == member) {
            return &holders[i];
        }
    }
    return NULL;
}

static const char *do_announce(const struct execution *execution, const struct payload_body *body,
                               uint32_t sender, struct payload_entry *entry) {
    const struct payload_holder *holders = body->holders.items;
    if (body->holders.count == 0) {
        return "a payload has a holder";
    }
    for (uint32_t i = 0; i < body->holders.count; i++) {
        if (members_find(&execution->members, holders[i].member) == NULL ||
            holders[i].purged_height != 0 ||
            (i > 0 && holders[i].member == holders[i - 1].member)) {
            return "holders are members, each once, who have purged nothing";
        }
    }
    *entry = (struct payload_entry){
        .content = body->content, .owner = sender, .stage = PAYLOAD_HELD, .holders = body->holders};
    return NULL;
}

static const char *do_demand(struct payload_entry *entry, uint32_t sender) {
    if (sender != entry->owner && find_holder(entry, sender) == NULL) {
        return "only owner and holders demand a purge";
    }
    if (entry->stage != PAYLOAD_HELD) {
        return "a purge was demanded before";
    }
    entry->stage = PAYLOAD_DEMANDED;
    return NULL;
}

static const char *do_purged(struct payload_entry *entry, uint32_t sender, uint64_t height) {
    struct payload_holder *holder = find_holder(entry, sender);
    if (entry->stage == PAYLOAD_HELD) {
        return "no purge is demanded";
    }
    if (holder == NULL || holder->purged_height != 0) {
        return "not a holder that still has it";
    }
    holder->purged_height = height;
    bool is_gone = true;
    for (uint32_t i = 0; i < entry->holders.count; i++) {
        is_gone =
            is_gone && ((const struct payload_holder *)entry->holders.items)[i].purged_height != 0;
    }
    entry->stage = is_gone ? PAYLOAD_GONE : PAYLOAD_DEMANDED;
    return NULL;
}

static const char *do_audit(struct execution *execution, const struct payload_body *body,
                            uint32_t sender) {
    struct execution_key key = payload_audit_key(&body->document, sender);
    struct payload_audit audit = {.uses = 0};
    if (body->reason.size == 0) {
        return "a use of the audit key has a reason";
    }
    execution_get_value(execution, &key, payload_audit_rows, &audit);
    audit.uses++;
    audit.height = execution->height;
    audit.reason = body->reason;
    return execution_put_value(execution, &key, payload_audit_rows, &audit);
}

static const char *execute(struct execution *execution, const struct transaction *transaction,
                           struct receipt *receipt) {
    (void)receipt;
    struct payload_body body;
    struct payload_entry entry;
    const char *reason = execution_body(execution, payload_body_rows, transaction, &body);
    if (reason != NULL) {
        return reason;
    }
    struct execution_key key = payload_key(&body.document);
    bool is_there = execution_get_value(execution, &key, payload_entry_rows, &entry);
    if (is_there != (body.act != PAYLOAD_ANNOUNCE)) {
        return is_there ? "the payload was announced before" : "there is no such payload";
    }
    if (body.act == PAYLOAD_AUDIT) {
        return do_audit(execution, &body, transaction->sender);
    }
    reason =
        body.act == PAYLOAD_ANNOUNCE ? do_announce(execution, &body, transaction->sender, &entry)
        : body.act == PAYLOAD_DEMAND ? do_demand(&entry, transaction->sender)
                                     : do_purged(&entry, transaction->sender, execution->height);
    return reason != NULL ? reason
                          : execution_put_value(execution, &key, payload_entry_rows, &entry);
}

const struct transaction_kind payload_kind = {
    .kind = KIND_PAYLOAD,
    .name = "payload",
    .doc = "Announces sealed payloads, has them purged, and records audits.",
    .execute = execute,
};

/* ---- what a node has ------------------------------------------------------------------------ */

struct kept {
    struct hash document;
    bool is_used, is_purged;
    uint8_t *bytes;
    uint32_t size;
};

struct payload_store {
    struct arena *arena;
    uint32_t capacity, count; /* a power of two, and at most half of it used */
    struct kept *kept;        /* from the place that the document's hash says onwards */
};

struct payload_store *payload_store_create(struct arena *arena, uint32_t capacity) {
    struct payload_store *store = ARENA_NEW(arena, struct payload_store);
    store->arena = arena;
    store->capacity = 2;
    while (store->capacity < 1u << 30 && store->capacity / 2 < capacity) {
        store->capacity *= 2;
    }
    store->kept = ARENA_ARRAY(arena, struct kept, store->capacity);
    return store;
}

/* Its entry, or the free one where it would be. */
static struct kept *find_kept(const struct payload_store *store, const struct hash *document) {
    uint32_t place;
    memcpy(&place, document->bytes, sizeof place);
    struct kept *kept = &store->kept[place & (store->capacity - 1)];
    while (kept->is_used && !hash_equal(&kept->document, document)) {
        kept = kept + 1 == store->kept + store->capacity ? store->kept : kept + 1;
    }
    return kept;
}

const char *payload_store_put(struct payload_store *store, const struct payload_entry *entry,
                              const struct hash *document, const struct codec_blob *sealed,
                              struct hasher *hasher) {
    struct hash content = hash_bytes(hasher, HASH_PLAIN, sealed->bytes, sealed->size);
    struct kept *kept = find_kept(store, document);
    if (!hash_equal(&content, &entry->content)) {
        return "not what was announced";
    }
    if (kept->is_used) {
        return kept->is_purged ? "purged" : "here already";
    }
    if (store->count == store->capacity / 2) {
        return "no more room";
    }
    store->count++;
    *kept = (struct kept){.document = *document, .is_used = true, .size = sealed->size};
    kept->bytes = arena_alloc(store->arena, sealed->size);
    memcpy(kept->bytes, sealed->bytes, sealed->size);
    return NULL;
}

const char *payload_store_get(const struct payload_store *store, const struct hash *document,
                              struct codec_blob *sealed) {
    const struct kept *kept = find_kept(store, document);
    if (!kept->is_used || kept->is_purged) {
        return kept->is_used ? "purged" : "never received";
    }
    *sealed = (struct codec_blob){.bytes = kept->bytes, .size = kept->size};
    return NULL;
}

const char *payload_store_purge(struct payload_store *store, const struct hash *document) {
    struct codec_blob sealed;
    const char *reason = payload_store_get(store, document, &sealed);
    if (reason == NULL) {
        struct kept *kept = find_kept(store, document);
        sodium_memzero(kept->bytes, kept->size);
        kept->is_purged = true;
    }
    return reason;
}
