/* SPDX-License-Identifier: GPL-3.0-or-later
 * execution_kinds.h - the kinds of transactions that every ledger knows, and their bodies. */
#ifndef CORE_LEDGER_EXECUTION_KINDS_H
#define CORE_LEDGER_EXECUTION_KINDS_H

#include "core/ledger/execution.h"

enum { KIND_RECORD = 1, KIND_MEMBERS = 2, KIND_TITLE = 3, KIND_PAYLOAD = 4, KIND_CONTRACT = 16 };

enum { RECORD_KEY_MAX = 100 };

/* A record belongs to the member who wrote it first; nobody else may alter or remove it. */
struct record_body {
    struct codec_blob key;
    bool is_removed; /* then the value is empty */
    struct codec_blob value;
};

/* A record as the state has it. */
struct record_entry {
    uint32_t owner;
    struct codec_blob value;
};

extern const struct codec_row execution_record_body_rows[];
extern const struct codec_row execution_record_entry_rows[];

extern const struct transaction_kind execution_kind_record;

/* The body is a struct members_change. */
extern const struct transaction_kind execution_kind_members;

/* Decodes a body. NULL, or that it is none. */
const char *execution_body(struct execution *execution, const struct codec_row *rows,
                           const struct transaction *transaction, void *body);

/* Encodes a value and puts it. NULL, or that it is too much. */
const char *execution_put_value(struct execution *execution, const struct execution_key *key,
                                const struct codec_row *rows, const void *value);

/* False when there is nothing under the key. REQUIREs that it is one of those rows: nothing else
 * is written into the space of a kind. */
bool execution_get_value(struct execution *execution, const struct execution_key *key,
                         const struct codec_row *rows, void *value);

#endif
