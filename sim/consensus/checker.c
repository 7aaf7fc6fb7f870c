/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/consensus/checker.h"

enum { MEMBERS_MAX = 32, HEIGHTS_MAX = 64, PLACES = 1 << 13 };

const char *checker_violation_text(enum checker_violation violation) {
    static const char *const texts[] = {
        [CHECKER_NONE] = "nothing is wrong",
        [CHECKER_DISAGREEMENT] = "two correct members committed different blocks",
        [CHECKER_INVALID] = "a correct member committed an invalid block",
        [CHECKER_LOST] = "a correct member skipped a height or committed one again",
        [CHECKER_CONTRADICTION] = "a correct member signed two votes where it may sign one",
        [CHECKER_SLANDER] = "a correct member was accused",
        [CHECKER_STUCK] = "a correct member did not reach the last height",
    };
    return texts[violation];
}

static bool is_liar(uint32_t liars, uint32_t member) {
    return (liars >> member & 1) != 0;
}

/* What was committed at each height, by whom first, and how far each member is. */
struct ledger {
    struct hash values[HEIGHTS_MAX + 1];
    uint32_t first[HEIGHTS_MAX + 1];
    bool is_taken[HEIGHTS_MAX + 1];
    uint64_t heights[MEMBERS_MAX];
    uint32_t signatures[PLACES]; /* 1 + index in the trace, 0 for none */
};

static struct checker_verdict blame(enum checker_violation violation, uint32_t member,
                                    uint32_t other, uint64_t height) {
    return (struct checker_verdict){
        .violation = violation, .member = member, .other = other, .height = height};
}

static struct checker_verdict judge_commit(struct ledger *ledger,
                                           const struct checker_entry *entry) {
    uint64_t height = entry->height;
    if (!entry->is_valid) {
        return blame(CHECKER_INVALID, entry->member, entry->member, height);
    }
    if (height > HEIGHTS_MAX || height != ledger->heights[entry->member] + 1) {
        return blame(CHECKER_LOST, entry->member, entry->member, height);
    }
    ledger->heights[entry->member] = height;
    if (!ledger->is_taken[height]) {
        ledger->is_taken[height] = true;
        ledger->values[height] = entry->value;
        ledger->first[height] = entry->member;
    } else if (!hash_equal(&ledger->values[height], &entry->value)) {
        return blame(CHECKER_DISAGREEMENT, entry->member, ledger->first[height], height);
    }
    return blame(CHECKER_NONE, 0, 0, 0);
}

static bool is_same_vote(const struct checker_entry *a, const struct checker_entry *b) {
    return a->member == b->member && a->height == b->height && a->round == b->round &&
           a->vote_kind == b->vote_kind;
}

/* Against what the same member signed before in the same place. Places are found by open
 * addressing; a trace that fills the table is judged by its first signatures alone. */
static struct checker_verdict judge_signature(struct ledger *ledger,
                                              const struct checker_entry *trace, size_t index) {
    const struct checker_entry *entry = &trace[index];
    uint64_t key =
        ((entry->height * 64 + (uint64_t)entry->round) * 4 + entry->vote_kind) * MEMBERS_MAX +
        entry->member;
    uint64_t place = key * 0x9e3779b97f4a7c15u >> 51;
    for (int tries = 0; tries < PLACES; tries++, place = (place + 1) % PLACES) {
        uint32_t before = ledger->signatures[place];
        if (before == 0) {
            ledger->signatures[place] = (uint32_t)index + 1;
            break;
        }
        if (is_same_vote(&trace[before - 1], entry)) {
            return hash_equal(&trace[before - 1].value, &entry->value)
                       ? blame(CHECKER_NONE, 0, 0, 0)
                       : blame(CHECKER_CONTRADICTION, entry->member, entry->member, entry->height);
        }
    }
    return blame(CHECKER_NONE, 0, 0, 0);
}

static struct checker_verdict judge_entry(struct ledger *ledger, const struct checker_entry *trace,
                                          size_t index, uint32_t liars) {
    const struct checker_entry *entry = &trace[index];
    if (is_liar(liars, entry->member)) {
        return blame(CHECKER_NONE, 0, 0, 0);
    }
    switch (entry->kind) {
    case CHECKER_COMMIT:
        return judge_commit(ledger, entry);
    case CHECKER_SIGNED:
        return judge_signature(ledger, trace, index);
    case CHECKER_ACCUSED:
        break;
    }
    return blame(is_liar(liars, entry->other) ? CHECKER_NONE : CHECKER_SLANDER, entry->other,
                 entry->member, entry->height);
}

struct checker_verdict checker_judge(const struct checker_entry *trace, size_t count,
                                     uint32_t member_count, uint32_t liars, uint64_t height_count) {
    struct ledger ledger = {.heights = {0}};
    for (size_t i = 0; i < count; i++) {
        struct checker_verdict verdict = judge_entry(&ledger, trace, i, liars);
        if (verdict.violation != CHECKER_NONE) {
            return verdict;
        }
    }
    for (uint32_t member = 0; member < member_count; member++) {
        if (!is_liar(liars, member) && ledger.heights[member] < height_count) {
            return blame(CHECKER_STUCK, member, member, ledger.heights[member] + 1);
        }
    }
    return blame(CHECKER_NONE, 0, 0, 0);
}
