/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/consensus/checker.h"

enum { MEMBERS_MAX = 32, HEIGHTS_MAX = 64, PLACES_BITS = 14, PLACES = 1 << PLACES_BITS };

const char *checker_violation_text(enum checker_violation violation) {
    static const char *const texts[] = {
        [CHECKER_NONE] = "nothing is wrong",
        [CHECKER_DISAGREEMENT] = "two correct members committed different blocks",
        [CHECKER_INVALID] = "a correct member committed an invalid block or voted for it",
        [CHECKER_LOST] = "a correct member skipped a height or committed one again",
        [CHECKER_CONTRADICTION] = "a correct member signed two votes where it may sign one",
        [CHECKER_SLANDER] = "a correct member was accused",
        [CHECKER_SILENCE] = "a correct member accused nobody of a contradiction that it heard",
        [CHECKER_LATE] = "a height took too many rounds with nothing in the way",
        [CHECKER_STUCK] = "a correct member did not reach the last height",
    };
    return texts[violation];
}

/* What has been committed at each height, by whom first, and how far each member is. */
struct ledger {
    const struct checker_case *about;
    struct hash values[HEIGHTS_MAX + 1];
    uint32_t first[HEIGHTS_MAX + 1];
    bool is_taken[HEIGHTS_MAX + 1];
    uint64_t heights[MEMBERS_MAX];
    size_t crashes[MEMBERS_MAX];                /* place in the trace, 0 for none */
    uint32_t owed[MEMBERS_MAX];                 /* 1 + whom it has to accuse now, 0 for nobody */
    uint64_t accused[MEMBERS_MAX][MEMBERS_MAX]; /* the height at which it last accused whom */
    int32_t healed_rounds[HEIGHTS_MAX + 1];     /* the furthest when all was healed */
    bool is_healed;
    uint32_t votes[PLACES]; /* 1 + place in the trace, 0 for none */
};

static bool is_liar(const struct ledger *ledger, uint32_t member) {
    return (ledger->about->liars >> member & 1) != 0;
}

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
    bool is_late = ledger->is_healed &&
                   entry->round > ledger->healed_rounds[height] + ledger->about->rounds_max;
    return blame(is_late ? CHECKER_LATE : CHECKER_NONE, entry->member, entry->member, height);
}

static bool is_same_place(const struct checker_entry *a, const struct checker_entry *b) {
    return a->kind == b->kind && a->member == b->member && a->other == b->other &&
           a->height == b->height && a->round == b->round && a->vote_kind == b->vote_kind;
}

/* The first vote of the same kind, height and round that the same member signed, or heard of the
 * same other one since it last crashed; NULL when it is this one. Found by open addressing; a trace
 * that fills the table is judged by its first votes alone. */
static const struct checker_entry *find_first(struct ledger *ledger, size_t index) {
    const struct checker_entry *trace = ledger->about->trace, *entry = &trace[index];
    uint64_t key = ((entry->height * 64 + (uint64_t)entry->round) * 4 + entry->vote_kind) * 2 +
                   (entry->kind == CHECKER_HEARD);
    key = (key * MEMBERS_MAX + entry->member) * MEMBERS_MAX + entry->other;
    uint64_t place = key * 0x9e3779b97f4a7c15u >> (64 - PLACES_BITS);
    for (int tries = 0; tries < PLACES; tries++, place = (place + 1) % PLACES) {
        uint32_t before = ledger->votes[place];
        if (before == 0) {
            ledger->votes[place] = (uint32_t)index + 1;
            break;
        }
        if (is_same_place(&trace[before - 1], entry)) {
            bool is_forgotten =
                entry->kind == CHECKER_HEARD && before <= ledger->crashes[entry->member];
            ledger->votes[place] = is_forgotten ? (uint32_t)index + 1 : before;
            return is_forgotten ? NULL : &trace[before - 1];
        }
    }
    return NULL;
}

static struct checker_verdict judge_signature(struct ledger *ledger, size_t index) {
    const struct checker_entry *entry = &ledger->about->trace[index];
    const struct checker_entry *first = find_first(ledger, index);
    enum checker_violation violation = CHECKER_NONE;
    if (!entry->is_valid) {
        violation = CHECKER_INVALID;
    } else if (first != NULL && !hash_equal(&first->value, &entry->value)) {
        violation = CHECKER_CONTRADICTION;
    }
    return blame(violation, entry->member, entry->member, entry->height);
}

static struct checker_verdict judge_hearing(struct ledger *ledger, size_t index) {
    const struct checker_entry *entry = &ledger->about->trace[index];
    uint32_t owed = ledger->owed[entry->member];
    if (owed != 0) {
        return blame(CHECKER_SILENCE, entry->member, owed - 1, entry->height);
    }
    const struct checker_entry *first = find_first(ledger, index);
    if (first != NULL && !hash_equal(&first->value, &entry->value) &&
        ledger->accused[entry->member][entry->other] != entry->height) {
        ledger->owed[entry->member] = entry->other + 1;
    }
    return blame(CHECKER_NONE, 0, 0, 0);
}

static void note_healed(struct ledger *ledger, const struct checker_entry *entry) {
    ledger->is_healed = true;
    if (entry->height <= HEIGHTS_MAX && entry->round > ledger->healed_rounds[entry->height]) {
        ledger->healed_rounds[entry->height] = entry->round;
    }
}

static struct checker_verdict judge_entry(struct ledger *ledger, size_t index) {
    const struct checker_entry *entry = &ledger->about->trace[index];
    uint32_t member = entry->member;
    if (is_liar(ledger, member)) {
        return blame(CHECKER_NONE, 0, 0, 0);
    }
    switch (entry->kind) {
    case CHECKER_COMMIT:
        return judge_commit(ledger, entry);
    case CHECKER_SIGNED:
        return judge_signature(ledger, index);
    case CHECKER_HEARD:
        return judge_hearing(ledger, index);
    case CHECKER_ACCUSED:
        ledger->owed[member] = 0;
        ledger->accused[member][entry->other % MEMBERS_MAX] = entry->height;
        return blame(is_liar(ledger, entry->other) ? CHECKER_NONE : CHECKER_SLANDER, entry->other,
                     member, entry->height);
    case CHECKER_CRASHED:
        ledger->owed[member] = 0;
        ledger->crashes[member] = index + 1;
        break;
    case CHECKER_HEALED:
        note_healed(ledger, entry);
        break;
    }
    return blame(CHECKER_NONE, 0, 0, 0);
}

struct checker_verdict checker_judge(const struct checker_case *about) {
    struct ledger ledger = {.about = about};
    for (size_t i = 0; i < about->count; i++) {
        struct checker_verdict verdict = judge_entry(&ledger, i);
        if (verdict.violation != CHECKER_NONE) {
            return verdict;
        }
    }
    for (uint32_t member = 0; member < about->member_count; member++) {
        if (is_liar(&ledger, member)) {
            continue;
        }
        if (ledger.owed[member] != 0) {
            return blame(CHECKER_SILENCE, member, ledger.owed[member] - 1, 0);
        }
        bool is_excused = (about->absent >> member & 1) != 0;
        if (!is_excused && ledger.heights[member] < about->height_count) {
            return blame(CHECKER_STUCK, member, member, ledger.heights[member] + 1);
        }
    }
    return blame(CHECKER_NONE, 0, 0, 0);
}
