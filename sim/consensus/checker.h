/* SPDX-License-Identifier: GPL-3.0-or-later
 * checker.h - judges what members of a ledger did, by the trace alone. It knows what agreement is,
 * and nothing of locks, quorums and timers. */
#ifndef SIM_CONSENSUS_CHECKER_H
#define SIM_CONSENSUS_CHECKER_H

#include "core/ledger/hash.h"

#include <stddef.h>

enum checker_kind {
    CHECKER_COMMIT,  /* `member` committed `value`, valid or not, at `height`, decided in `round` */
    CHECKER_SIGNED,  /* `member` signed `value` as a vote of `vote_kind` in `height` and `round` */
    CHECKER_HEARD,   /* `member` took such a vote by `other`; what it hears next comes after what it
                        did about it */
    CHECKER_ACCUSED, /* `member` accused `other` */
    CHECKER_CRASHED, /* `member` forgot what it had heard */
    CHECKER_HEALED,  /* from here on nothing is in the way of `member`, now in `height` and `round`
                      */
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
    CHECKER_INVALID,       /* a correct member committed an invalid block, or voted for it */
    CHECKER_LOST,          /* a correct member skipped a height, or committed one again */
    CHECKER_CONTRADICTION, /* a correct member signed two votes where it may sign one */
    CHECKER_SLANDER,       /* a correct member was accused */
    CHECKER_SILENCE,       /* a correct member heard a liar contradict itself and accused nobody */
    CHECKER_LATE,          /* a height took too many rounds with nothing in the way */
    CHECKER_STUCK,         /* a correct member did not reach the last height */
};

struct checker_verdict {
    enum checker_violation violation;
    uint32_t member, other;
    uint64_t height;
};

/* What is to be judged. Members as bits. */
struct checker_case {
    const struct checker_entry *trace;
    size_t count;
    uint32_t member_count;
    uint32_t liars;
    uint32_t absent;       /* cut off to the end: excused from reaching the last height */
    uint64_t height_count; /* each of the others commits heights 1 .. height_count in order */
    int32_t rounds_max;    /* the most that a height may take once all are healed */
};

/* "two correct members committed different blocks", ... */
const char *checker_violation_text(enum checker_violation violation);

/* The first violation. */
struct checker_verdict checker_judge(const struct checker_case *about);

#endif
