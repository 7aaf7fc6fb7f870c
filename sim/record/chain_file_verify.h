/* SPDX-License-Identifier: GPL-3.0-or-later
 * chain_file_verify.h - everything in saved chains worked out anew.
 *
 * Encodings, hashes, links, signatures of transactions and of the quorum, changes of members,
 * execution, receipts, roots of the state, and proofs of what each block holds. The first damage of
 * every chain is told; what stands on it is not looked at. Damage outside the blocks, in what says
 * where they are, ends it all.
 *
 * What nobody can see from a chain alone is that its last blocks were left out, with all checksums
 * made anew: whoever has seen a block of that height can compare the head. */
#ifndef SIM_RECORD_CHAIN_FILE_VERIFY_H
#define SIM_RECORD_CHAIN_FILE_VERIFY_H

#include "sim/record/chain_file.h"

enum { CHAIN_DAMAGES_MAX = 64 };

struct chain_report {
    uint32_t chain_count;
    uint64_t block_count, transaction_count, signature_count; /* that were checked */
    struct hash head; /* of the last block of the last chain that is as it should be */
    uint32_t damage_count;
    struct chain_fault damages[CHAIN_DAMAGES_MAX]; /* the first of them */
};

/* Verifies by so many threads, 0: as many as there are processors. 0 when it could be read, damaged
 * or not; -1 and an error. Ledgers have all kinds of transactions of
 * contract_kinds.h. */
int chain_file_verify(const char *path, int thread_count, struct chain_report *report,
                      struct error *err);

#endif
