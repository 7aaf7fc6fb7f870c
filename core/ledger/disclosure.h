/* SPDX-License-Identifier: GPL-3.0-or-later
 * disclosure.h - a document on the ledger of which one field at a time can be shown.
 *
 * Each field is committed to under a salt of its own,
 *
 *     HASH_COMMITMENT (salt 32 | U32 length, name | U32 length, value)
 *
 * and the ledger holds the root of the Merkle tree over these. Whoever shows a field gives name,
 * value, salt and path; of the others nothing is learnt, not even their names. A code of ten digits
 * is soon guessed, a salt is not: it is derived from a secret of the owner, so nobody draws it and
 * nobody has to keep it. */
#ifndef CORE_LEDGER_DISCLOSURE_H
#define CORE_LEDGER_DISCLOSURE_H

#include "core/ledger/codec.h"
#include "core/ledger/merkle.h"

enum { DISCLOSURE_FIELDS_MAX = 256, DISCLOSURE_NAME_MAX = 80, DISCLOSURE_VALUE_MAX = 1 << 14 };

struct disclosure_field {
    struct codec_blob name, value;
};

/* `secret` is the owner's and for this use only; `document` differs by document. */
struct disclosure_owner {
    struct hash secret;
    struct hash document;
};

/* The salt of the field at `index`. */
struct hash disclosure_salt(const struct disclosure_owner *owner, uint32_t index);

struct hash disclosure_commit(const struct hash *salt, const struct disclosure_field *field,
                              struct hasher *hasher);

/* What stands on the ledger, beside the number of fields (1 .. DISCLOSURE_FIELDS_MAX). */
struct hash disclosure_root(const struct disclosure_owner *owner,
                            const struct disclosure_field *fields, uint32_t count,
                            struct hasher *hasher);

/* What shows the field at `index`, in the arena. */
struct codec_blob disclosure_show(const struct disclosure_owner *owner,
                                  const struct disclosure_field *fields, uint32_t count,
                                  uint32_t index, struct hasher *hasher, struct arena *arena);

/* The field that the bytes show of the document with that root and number of fields; it points into
 * them. NULL; or why they show nothing. */
const char *disclosure_check(const struct hash *root, uint32_t count, const uint8_t *bytes,
                             size_t size, struct hasher *hasher, struct arena *arena,
                             struct disclosure_field *field);

#endif
