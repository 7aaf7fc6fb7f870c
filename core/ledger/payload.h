/* SPDX-License-Identifier: GPL-3.0-or-later
 * payload.h - what the ledger knows of payloads that it does not hold.
 *
 * The sealed bytes (sealed.h) go from node to node; on the ledger stand their hash and who has
 * them:
 *
 *     announce  whoever becomes its owner names hash and holders
 *     demand    the owner, or a holder, demands that all copies are purged
 *     purged    a holder states that its copy is gone, after the demand, once
 *     audit     a member states that it is about to use the audit key, and why
 *
 * When all holders have stated it the payload is purged; a state proof of its entry is the proof
 * of purge: signed statements of all, by a quorum's word. Nobody can prove more: that no copy was
 * made cannot be seen from outside. A trustee gives out its share of the audit key to whom the
 * ledger has an audit entry for. */
#ifndef CORE_LEDGER_PAYLOAD_H
#define CORE_LEDGER_PAYLOAD_H

#include "core/ledger/execution_kinds.h"
#include "core/ledger/sealed.h"

enum payload_act { PAYLOAD_ANNOUNCE, PAYLOAD_DEMAND, PAYLOAD_PURGED, PAYLOAD_AUDIT, PAYLOAD_ACTS };

enum payload_stage { PAYLOAD_HELD, PAYLOAD_DEMANDED, PAYLOAD_GONE, PAYLOAD_STAGES };

enum { PAYLOAD_REASON_MAX = 200 };

struct payload_holder {
    uint32_t member;
    uint64_t purged_height; /* 0: not yet */
};

struct payload_entry {
    struct hash content; /* SHA-256 of the sealed bytes */
    uint32_t owner;
    uint8_t stage;
    struct codec_list holders; /* a set of struct payload_holder */
};

struct payload_body {
    uint8_t act;
    struct hash document;
    struct hash content;       /* of announce */
    struct codec_list holders; /* of announce: with purged_height 0 */
    struct codec_blob reason;  /* of audit */
};

/* The last use of the audit key by one member on one payload. */
struct payload_audit {
    uint64_t uses, height;
    struct codec_blob reason;
};

extern const struct codec_row payload_entry_rows[];
extern const struct codec_row payload_body_rows[];
extern const struct codec_row payload_audit_rows[];
extern const struct transaction_kind payload_kind;

struct execution_key payload_key(const struct hash *document);
struct execution_key payload_audit_key(const struct hash *document, uint32_t auditor);

/* The sealed bytes that one node has; it says why when it has none. */
struct payload_store;

struct payload_store *payload_store_create(struct arena *arena, uint32_t capacity);

/* Keeps a copy. NULL; or that it is not what was announced, that it is here or was purged, or that
 * there is no more room. */
const char *payload_store_put(struct payload_store *store, const struct payload_entry *entry,
                              const struct hash *document, const struct codec_blob *sealed,
                              struct hasher *hasher);

/* NULL; or "never received" or "purged". */
const char *payload_store_get(const struct payload_store *store, const struct hash *document,
                              struct codec_blob *sealed);

/* Overwrites the copy. NULL, or why there is none. */
const char *payload_store_purge(struct payload_store *store, const struct hash *document);

#endif
