/* SPDX-License-Identifier: GPL-3.0-or-later
 * ledger_none.c - nothing is shared. */
#include "core/ledger/ledger.h"

static const struct block *make(struct ledger *ledger, const struct ledger_batch *batch,
                                struct arena *arena) {
    (void)ledger, (void)batch, (void)arena;
    return NULL;
}

static const char *check(struct ledger *ledger, const struct block *block) {
    (void)ledger, (void)block;
    return "there is no ledger";
}

static const char *commit(struct ledger *ledger, const struct block *block,
                          const struct consensus_certificate *certificate) {
    (void)ledger, (void)block, (void)certificate;
    return "there is no ledger";
}

static bool read(const struct ledger *ledger, const struct execution_key *key,
                 struct codec_blob *value) {
    (void)ledger, (void)key, (void)value;
    return false;
}

static bool prove(struct ledger *ledger, const struct execution_key *key, struct arena *arena,
                  struct state_proof *proof) {
    (void)ledger, (void)key, (void)arena, (void)proof;
    return false;
}

const struct ledger_type ledger_type_none = {
    .name = "none",
    .doc = "Nothing is shared and nothing kept.",
    .decides_alone = true,
    .make = make,
    .check = check,
    .commit = commit,
    .read = read,
    .prove = prove,
};
