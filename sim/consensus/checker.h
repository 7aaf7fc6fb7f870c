/* SPDX-License-Identifier: GPL-3.0-or-later
 * checker.h - judges what members of a ledger did, by the trace alone. It knows what agreement is,
 * and nothing of rounds, locks and quorums. */
#ifndef SIM_CONSENSUS_CHECKER_H
#define SIM_CONSENSUS_CHECKER_H

#include "core/ledger/hash.h"

#include <stddef.h>

enum checker_kind {
    CHECKER_COMMIT,  /* `member` committed `value`, valid or not, at `height` */
    CHECKER_SIGNED,  /* `member` signed `value` as a vote of `vote_kind` in `height` and `round` */
    CHECKER_ACCUSED, /* `member` accused `other` */
};

struct checker_entry {
    enum checker_kind kind;
    uint32_t member, other;
    uint32_t vote_kind;
    uint64_t height;
    int32_t round;
    bool is_valid;
    struct hash value;
};

enum checker_violation {
    CHECKER_NONE,
    CHECKER_DISAGREEMENT,  /* two correct members committed different blocks */
    CHECKER_INVALID,       /* a correct member committed an invalid block */
    CHECKER_LOST,          /* a correct member skipped a height, or committed one again */
    CHECKER_CONTRADICTION, /* a correct member signed two votes where it may sign one */
    CHECKER_SLANDER,       /* a correct member was accused */
    CHECKER_STUCK,         /* a correct member did not reach the last height */
};

struct checker_verdict {
    enum checker_violation violation;
    uint32_t member, other;
    uint64_t height;
};

/* "two correct members committed different blocks", ... */
const char *checker_violation_text(enum checker_violation violation);

/* Judges the trace of members 0 .. member_count - 1, of whom bit i of `liars` is a liar; each
 * correct one must have committed heights 1 .. height_count in order. The first violation. */
struct checker_verdict checker_judge(const struct checker_entry *trace, size_t count,
                                     uint32_t member_count, uint32_t liars, uint64_t height_count);

#endif
