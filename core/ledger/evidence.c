/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ledger/evidence.h"

#include "core/base/require.h"
#include "core/ledger/votes.h"

enum { PLACES = 256 };

struct known_vote {
    struct consensus_vote vote;
    struct known_vote *next;       /* in the order of their coming */
    struct known_vote *next_place; /* of those with the same mark */
};

/* How many members prevoted a block in a round. */
struct support {
    int32_t round;
    uint32_t count;
    struct hash value;
    struct support *next;
};

struct evidence {
    struct arena *arena;
    uint32_t member_count, quorum;
    uint64_t height;
    struct known_vote *first, **end;
    struct known_vote *places[PLACES];
    struct support *supports;
};

struct evidence *evidence_create(struct arena *arena, uint32_t member_count, uint64_t height) {
    REQUIRE(member_count >= 1 && member_count <= CONSENSUS_MEMBERS_MAX);
    struct evidence *evidence = ARENA_NEW(arena, struct evidence);
    evidence->arena = arena;
    evidence->member_count = member_count;
    evidence->quorum = consensus_quorum(member_count);
    evidence->height = height;
    evidence->end = &evidence->first;
    return evidence;
}

static bool is_nothing(const struct hash *value) {
    static const struct hash nothing;
    return hash_equal(value, &nothing);
}

/* ---- what is known -------------------------------------------------------------------------- */

static bool is_one_place(const struct consensus_vote *a, const struct consensus_vote *b) {
    return a->kind == b->kind && a->member == b->member && a->height == b->height &&
           a->round == b->round;
}

static bool says_the_same(const struct consensus_vote *a, const struct consensus_vote *b) {
    return hash_equal(&a->value, &b->value) && a->valid_round == b->valid_round;
}

static uint32_t place_of(const struct consensus_vote *vote) {
    return ((vote->member * 3 + (uint32_t)vote->kind) * 31 + (uint32_t)vote->round) % PLACES;
}

static const struct known_vote *find_vote(const struct evidence *evidence,
                                          const struct consensus_vote *vote) {
    const struct known_vote *known = evidence->places[place_of(vote)];
    while (known != NULL &&
           !(is_one_place(&known->vote, vote) && says_the_same(&known->vote, vote))) {
        known = known->next_place;
    }
    return known;
}

static struct support *find_support(const struct evidence *evidence, int32_t round,
                                    const struct hash *value) {
    struct support *support = evidence->supports;
    while (support != NULL && (support->round != round || !hash_equal(&support->value, value))) {
        support = support->next;
    }
    return support;
}

static void count_prevote(struct evidence *evidence, const struct consensus_vote *vote) {
    struct support *support = find_support(evidence, vote->round, &vote->value);
    if (support == NULL) {
        support = ARENA_NEW(evidence->arena, struct support);
        *support = (struct support){
            .round = vote->round, .value = vote->value, .next = evidence->supports};
        evidence->supports = support;
    }
    support->count++;
}

void evidence_add(struct evidence *evidence, const struct consensus_vote *vote) {
    bool is_vote =
        vote->kind == CONSENSUS_PROPOSAL ? vote->valid_round >= -1 : vote->valid_round == -1;
    if (vote->height != evidence->height || vote->member >= evidence->member_count ||
        vote->round < 0 || !is_vote) {
        return;
    }
    if (find_vote(evidence, vote) != NULL) {
        return;
    }
    struct known_vote **place = &evidence->places[place_of(vote)];
    struct known_vote *known = ARENA_NEW(evidence->arena, struct known_vote);
    *known = (struct known_vote){.vote = *vote, .next_place = *place};
    *place = known;
    *evidence->end = known;
    evidence->end = &known->next;
    if (vote->kind == CONSENSUS_PREVOTE) {
        count_prevote(evidence, vote);
    }
}

void evidence_add_certificate(struct evidence *evidence, enum consensus_kind kind,
                              const struct consensus_certificate *certificate) {
    for (uint32_t i = 0; i < certificate->count; i++) {
        struct consensus_vote vote = {.kind = kind,
                                      .member = certificate->members[i],
                                      .height = certificate->height,
                                      .round = certificate->round,
                                      .valid_round = -1,
                                      .value = certificate->value,
                                      .signature = certificate->signatures[i]};
        evidence_add(evidence, &vote);
    }
}

void evidence_add_message(struct evidence *evidence, const struct consensus_message *message) {
    evidence_add(evidence, &message->vote);
    if (message->proof != NULL) {
        evidence_add_certificate(evidence, CONSENSUS_PREVOTE, message->proof);
    }
}

/* ---- charges -------------------------------------------------------------------------------- */

bool evidence_is_made_out(const struct evidence_charge *charge, uint32_t member_count) {
    const struct consensus_vote *vote = &charge->vote, *other = &charge->other;
    if (vote->member >= member_count || vote->round < 0) {
        return false;
    }
    switch (charge->kind) {
    case EVIDENCE_DOUBLE_VOTE:
        return is_one_place(vote, other) && !says_the_same(vote, other);
    case EVIDENCE_OUT_OF_TURN:
        return vote->kind == CONSENSUS_PROPOSAL &&
               consensus_proposer(vote->height, vote->round, member_count) != vote->member;
    case EVIDENCE_UNFOUNDED:
        return vote->kind == CONSENSUS_PRECOMMIT && !is_nothing(&vote->value);
    case EVIDENCE_AMNESIA:
        return vote->kind == CONSENSUS_PREVOTE && other->kind == CONSENSUS_PRECOMMIT &&
               vote->member == other->member && vote->height == other->height &&
               other->round >= 0 && other->round < vote->round && !is_nothing(&vote->value) &&
               !is_nothing(&other->value) && !hash_equal(&vote->value, &other->value);
    case EVIDENCE_KIND_COUNT:
        break;
    }
    return false;
}

/* The rounds in which prevotes for the block of the vote answer; none where the first is after the
 * last. */
static void rounds_of_answer(const struct evidence_charge *charge, int32_t *first, int32_t *last) {
    bool is_amnesia = charge->kind == EVIDENCE_AMNESIA;
    *first = is_amnesia ? charge->other.round : charge->vote.round;
    *last = is_amnesia                           ? charge->vote.round - 1
            : charge->kind == EVIDENCE_UNFOUNDED ? charge->vote.round
                                                 : -1;
}

bool evidence_is_answered(const struct evidence_charge *charge, uint32_t member_count,
                          const struct consensus_certificate *answer) {
    int32_t first, last;
    rounds_of_answer(charge, &first, &last);
    return answer->height == charge->vote.height && answer->round >= first &&
           answer->round <= last && hash_equal(&answer->value, &charge->vote.value) &&
           votes_is_quorum(answer, member_count, consensus_quorum(member_count));
}

/* The earliest known prevotes of a quorum that answer, or NULL. */
static const struct support *find_answer(const struct evidence *evidence,
                                         const struct evidence_charge *charge) {
    int32_t first, last;
    const struct support *found = NULL;
    rounds_of_answer(charge, &first, &last);
    for (const struct support *support = evidence->supports; support != NULL;
         support = support->next) {
        if (support->count >= evidence->quorum && support->round >= first &&
            support->round <= last && hash_equal(&support->value, &charge->vote.value) &&
            (found == NULL || support->round < found->round)) {
            found = support;
        }
    }
    return found;
}

bool evidence_answer(const struct evidence *evidence, const struct evidence_charge *charge,
                     struct consensus_certificate *answer) {
    const struct support *support =
        charge->vote.height == evidence->height ? find_answer(evidence, charge) : NULL;
    if (support == NULL) {
        return false;
    }
    answer->height = evidence->height;
    answer->round = support->round;
    answer->value = support->value;
    answer->count = 0;
    for (uint32_t member = 0; member < evidence->member_count; member++) {
        struct consensus_vote wanted = {.kind = CONSENSUS_PREVOTE,
                                        .member = member,
                                        .height = evidence->height,
                                        .round = support->round,
                                        .valid_round = -1,
                                        .value = support->value};
        const struct known_vote *known = find_vote(evidence, &wanted);
        if (known != NULL) {
            answer->members[answer->count] = member;
            answer->signatures[answer->count++] = known->vote.signature;
        }
    }
    return true;
}

struct docket {
    const struct evidence *evidence;
    struct arena *arena;
    struct evidence_charge *charges;
    size_t count, capacity;
};

/* Of a vote and, for charges of two, another. */
static void charge(struct docket *docket, enum evidence_kind kind,
                   const struct consensus_vote *vote, const struct consensus_vote *other) {
    static const struct consensus_vote none;
    struct evidence_charge made = {.kind = kind, .vote = *vote, .other = *other};
    if (other == vote) {
        made.other = none;
    }
    if (evidence_is_made_out(&made, docket->evidence->member_count) &&
        find_answer(docket->evidence, &made) == NULL) {
        docket->charges = arena_grow(docket->arena, docket->charges, docket->count,
                                     &docket->capacity, sizeof made);
        docket->charges[docket->count++] = made;
    }
}

/* Against every vote that it contradicts in another round, and the last one in its own. */
static void charge_vote(struct docket *docket, const struct known_vote *known) {
    const struct consensus_vote *vote = &known->vote;
    for (const struct known_vote *other = known->next_place; other != NULL;
         other = other->next_place) {
        if (is_one_place(&other->vote, vote)) {
            charge(docket, EVIDENCE_DOUBLE_VOTE, vote, &other->vote);
            break;
        }
    }
    if (vote->kind == CONSENSUS_PROPOSAL) {
        charge(docket, EVIDENCE_OUT_OF_TURN, vote, vote);
        return;
    }
    if (vote->kind == CONSENSUS_PRECOMMIT) {
        charge(docket, EVIDENCE_UNFOUNDED, vote, vote);
        return;
    }
    for (const struct known_vote *other = docket->evidence->first; other != NULL;
         other = other->next) {
        if (other->vote.member == vote->member && other->vote.kind == CONSENSUS_PRECOMMIT) {
            charge(docket, EVIDENCE_AMNESIA, vote, &other->vote);
        }
    }
}

struct evidence_charge *evidence_charges(const struct evidence *evidence, struct arena *arena,
                                         uint32_t *count) {
    struct docket docket = {.evidence = evidence, .arena = arena};
    for (const struct known_vote *known = evidence->first; known != NULL; known = known->next) {
        charge_vote(&docket, known);
    }
    *count = (uint32_t)docket.count;
    return docket.charges;
}
