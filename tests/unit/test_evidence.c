/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: each charge of evidence.h is made out by what breaks its rule and by nothing less, and
 * answered by what the header says and by nothing less. Method: votes of four members by hand;
 * member 1 proposes in round 0 of height 1, 2 in round 1. */
#include "core/ledger/evidence.h"
#include "tests/test.h"

static struct arena arena;
static struct evidence *evidence;
static struct evidence_charge *charges;
static uint32_t charge_count;
static const struct hash nothing, a = {{1}}, b = {{2}};

static void start(void) {
    arena_free(&arena);
    evidence = evidence_create(&arena, 4, 1);
}

static struct consensus_vote vote_of(enum consensus_kind kind, uint32_t member, int32_t round,
                                     struct hash value) {
    return (struct consensus_vote){.kind = kind,
                                   .member = member,
                                   .height = 1,
                                   .round = round,
                                   .valid_round = -1,
                                   .value = value};
}

static void add(enum consensus_kind kind, uint32_t member, int32_t round, struct hash value) {
    struct consensus_vote vote = vote_of(kind, member, round, value);
    evidence_add(evidence, &vote);
}

/* Prevotes by members 0 .. count - 1. */
static void add_prevotes(int32_t round, struct hash value, uint32_t count) {
    for (uint32_t member = 0; member < count; member++) {
        add(CONSENSUS_PREVOTE, member, round, value);
    }
}

/* "kind:member ..." of the charges. */
static const char *charged(void) {
    static char text[256];
    static const char *const kinds[] = {"double", "turn", "unfounded", "amnesia"};
    unsigned length = 0;
    text[0] = '\0';
    charges = evidence_charges(evidence, &arena, &charge_count);
    for (uint32_t i = 0; i < charge_count; i++) {
        length +=
            (unsigned)snprintf(text + length, sizeof text - length, "%s%s:%u", i > 0 ? " " : "",
                               kinds[charges[i].kind], charges[i].vote.member);
        CHECK(evidence_is_made_out(&charges[i], 4));
    }
    return text;
}

static void test_double_votes(void) {
    start();
    add(CONSENSUS_PREVOTE, 2, 0, a);
    add(CONSENSUS_PREVOTE, 2, 0, a);
    add(CONSENSUS_PREVOTE, 2, 1, b);
    add(CONSENSUS_PREVOTE, 3, 0, nothing);
    add(CONSENSUS_PROPOSAL, 1, 0, a);
    CHECK_TEXT(charged(), "");
    add(CONSENSUS_PREVOTE, 2, 0, nothing);
    CHECK_TEXT(charged(), "double:2");
    CHECK(!hash_equal(&charges[0].vote.value, &charges[0].other.value));
    add(CONSENSUS_PREVOTE, 2, 0, b); /* a third one is one more charge, not two */
    CHECK_TEXT(charged(), "double:2 double:2");
    struct consensus_vote again = vote_of(CONSENSUS_PROPOSAL, 1, 0, a);
    again.round = 4;
    evidence_add(evidence, &again);
    again.valid_round = 2; /* the same block on another ground */
    evidence_add(evidence, &again);
    CHECK_TEXT(charged(), "double:2 double:2 double:1");
    struct consensus_certificate answer = {
        .height = 1, .value = b, .count = 3, .members = {0, 1, 2}};
    CHECK(!evidence_is_answered(&charges[0], 4, &answer));
    CHECK(!evidence_answer(evidence, &charges[0], &answer));
}

static void test_turns(void) {
    start();
    add(CONSENSUS_PROPOSAL, 1, 0, a);
    add(CONSENSUS_PROPOSAL, 2, 1, a);
    CHECK_TEXT(charged(), "");
    add(CONSENSUS_PROPOSAL, 2, 2, a);
    CHECK_TEXT(charged(), "turn:2");
}

static void test_unfounded(void) {
    start();
    add(CONSENSUS_PRECOMMIT, 3, 1, nothing);
    add_prevotes(1, b, 4);
    add_prevotes(0, a, 4);
    CHECK_TEXT(charged(), "");
    start();
    add(CONSENSUS_PRECOMMIT, 3, 1, a);
    add_prevotes(1, a, 2);
    add_prevotes(0, a, 4); /* another round is no ground */
    CHECK_TEXT(charged(), "unfounded:3");
    struct consensus_certificate answer;
    CHECK(!evidence_answer(evidence, &charges[0], &answer));
    add(CONSENSUS_PREVOTE, 3, 1, a);
    CHECK(evidence_answer(evidence, &charges[0], &answer));
    CHECK_INT(answer.count, 3);
    CHECK_INT(answer.members[2], 3);
    CHECK(evidence_is_answered(&charges[0], 4, &answer));
    CHECK_TEXT(charged(), "");
}

static void lock_and_prevote(int32_t locked_round, int32_t round, struct hash value) {
    start();
    add_prevotes(locked_round, a, 4);
    add(CONSENSUS_PRECOMMIT, 3, locked_round, a);
    add(CONSENSUS_PREVOTE, 3, round, value);
}

static void test_amnesia(void) {
    lock_and_prevote(1, 3, a);
    CHECK_TEXT(charged(), "");
    lock_and_prevote(1, 3, nothing);
    CHECK_TEXT(charged(), "");
    lock_and_prevote(1, 0, b); /* before it was locked */
    CHECK_TEXT(charged(), "");
    lock_and_prevote(1, 3, b);
    CHECK_TEXT(charged(), "amnesia:3");
    struct evidence_charge charge = charges[0];
    for (int32_t round = 0; round <= 3; round++) {
        lock_and_prevote(1, 3, b);
        struct consensus_certificate answer = {
            .height = 1, .round = round, .value = b, .count = 3, .members = {0, 1, 2}};
        struct consensus_message message = {.vote = vote_of(CONSENSUS_PROPOSAL, 0, 3, b),
                                            .proof = &answer};
        message.vote.valid_round = round;
        evidence_add_message(evidence, &message); /* the proof is part of what was heard */
        bool is_good = round == 1 || round == 2;
        CHECK(evidence_is_answered(&charge, 4, &answer) == is_good);
        CHECK(evidence_answer(evidence, &charge, &answer) == is_good);
        /* In round 1 its voters prevoted both blocks. */
        CHECK_TEXT(charged(), round == 1   ? "double:0 double:1 double:2"
                              : round == 2 ? ""
                                           : "amnesia:3");
    }
}

static void test_answers(void) {
    lock_and_prevote(1, 3, b);
    charged();
    struct evidence_charge charge = charges[0];
    struct consensus_certificate good = {
        .height = 1, .round = 2, .value = b, .count = 3, .members = {0, 1, 3}};
    CHECK(evidence_is_answered(&charge, 4, &good));
    struct consensus_certificate few = good, twice = good, other = good, height = good;
    few.count = 2;
    twice.members[1] = 0;
    other.value = a;
    height.height = 2;
    CHECK(!evidence_is_answered(&charge, 4, &few));
    CHECK(!evidence_is_answered(&charge, 4, &twice));
    CHECK(!evidence_is_answered(&charge, 4, &other));
    CHECK(!evidence_is_answered(&charge, 4, &height));
}

/* Charges from outside that the votes in them don't make out. */
static void test_false_charges(void) {
    struct consensus_vote lock = vote_of(CONSENSUS_PRECOMMIT, 3, 1, a);
    struct consensus_vote prevote = vote_of(CONSENSUS_PREVOTE, 3, 3, b);
    struct evidence_charge good = {.kind = EVIDENCE_AMNESIA, .vote = prevote, .other = lock};
    CHECK(evidence_is_made_out(&good, 4));
    struct evidence_charge charge = good;
    charge.other.member = 2;
    CHECK(!evidence_is_made_out(&charge, 4));
    charge = good;
    charge.other.height = 2;
    CHECK(!evidence_is_made_out(&charge, 4));
    charge = good;
    charge.other.value = b;
    CHECK(!evidence_is_made_out(&charge, 4));
    charge = good;
    charge.vote.round = 1;
    CHECK(!evidence_is_made_out(&charge, 4));
    charge = good;
    charge.kind = EVIDENCE_DOUBLE_VOTE;
    CHECK(!evidence_is_made_out(&charge, 4));
    charge.kind = EVIDENCE_UNFOUNDED;
    CHECK(!evidence_is_made_out(&charge, 4));
    charge.kind = EVIDENCE_OUT_OF_TURN;
    CHECK(!evidence_is_made_out(&charge, 4));
    charge = good;
    charge.vote.member = charge.other.member = 4;
    CHECK(!evidence_is_made_out(&charge, 4));
}

static void test_strangers(void) {
    start();
    struct consensus_vote vote = vote_of(CONSENSUS_PRECOMMIT, 4, 0, a);
    evidence_add(evidence, &vote);
    vote = vote_of(CONSENSUS_PRECOMMIT, 3, -1, a);
    evidence_add(evidence, &vote);
    vote = vote_of(CONSENSUS_PRECOMMIT, 3, 0, a);
    vote.height = 2;
    evidence_add(evidence, &vote);
    CHECK_TEXT(charged(), "");
}

int main(void) {
    test_double_votes();
    test_turns();
    test_unfounded();
    test_amnesia();
    test_answers();
    test_false_charges();
    test_strangers();
    arena_free(&arena);
    return test_summary();
}
