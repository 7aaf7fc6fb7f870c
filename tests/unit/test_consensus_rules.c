/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: every rule of consensus.h fires when it must and not before. Method: one member of four
 * (f = 1, quorum 3) is fed by hand; member 1 proposes in round 0 of height 1, 2 in round 1, 3 in
 * round 2 and 0, which is the one under test, in round 3. */
#include "core/ledger/consensus.h"
#include "tests/test.h"

static struct arena arena;
static struct consensus *member;
static struct consensus_output output;
static const struct hash nothing, a = {{1}}, b = {{2}};

/* What the last input gave, as "keep prevote:1 timer:propose ...". */
static const char *said(void) {
    static char text[1024];
    static const char *const kinds[] = {"proposal", "prevote", "precommit"};
    static const char *const timers[] = {"propose", "prevote", "precommit", "resend"};
    static const char *const names[] = {"keep",   "send", "timer", "new",   "fetch",
                                        "commit", "ask",  "help",  "accuse"};
    unsigned length = 0;
    text[0] = '\0';
    for (unsigned i = 0; i < output.count; i++) {
        const struct consensus_action *action = &output.actions[i];
        const char *space = i > 0 ? " " : "";
        if (action->kind == ACTION_SEND) {
            length += (unsigned)snprintf(text + length, sizeof text - length, "%s%s:%d", space,
                                         kinds[action->vote.kind], action->vote.value.bytes[0]);
        } else if (action->kind == ACTION_TIMER) {
            length += (unsigned)snprintf(text + length, sizeof text - length, "%s%s", space,
                                         timers[action->timer]);
        } else {
            length += (unsigned)snprintf(text + length, sizeof text - length, "%s%s", space,
                                         names[action->kind]);
        }
    }
    return text;
}

static void start(void) {
    static const struct consensus_times times = {.propose_ns = 100,
                                                 .prevote_ns = 50,
                                                 .precommit_ns = 50,
                                                 .growth_ns = 10,
                                                 .resend_ns = 1000};
    arena_free(&arena);
    member = consensus_create(&arena, 4, 1, &times);
    consensus_next(member, 0, 4, &output);
    consensus_begin(member, &output);
    CHECK_TEXT(said(), "propose resend");
    consensus_learn(member, &a, true, &output);
    consensus_learn(member, &b, true, &output);
    CHECK_TEXT(said(), "");
}

static void hear_at(uint64_t height, enum consensus_kind kind, uint32_t from, int32_t round,
                    struct hash value) {
    struct consensus_message message = {.vote = {.kind = kind,
                                                 .member = from,
                                                 .height = height,
                                                 .round = round,
                                                 .valid_round = -1,
                                                 .value = value}};
    consensus_receive(member, &message, &output);
}

static void hear(enum consensus_kind kind, uint32_t from, int32_t round, struct hash value) {
    hear_at(1, kind, from, round, value);
}

static void hear_old(uint32_t from, int32_t round, struct hash value, int32_t valid_round,
                     const struct consensus_certificate *proof) {
    struct consensus_message message = {.vote = {.kind = CONSENSUS_PROPOSAL,
                                                 .member = from,
                                                 .height = 1,
                                                 .round = round,
                                                 .valid_round = valid_round,
                                                 .value = value},
                                        .proof = proof};
    consensus_receive(member, &message, &output);
}

static void time_out(enum consensus_timer timer, int32_t round) {
    consensus_timeout(member, timer, 1, round, &output);
}

static struct consensus_certificate certificate(int32_t round, struct hash value, uint32_t count) {
    struct consensus_certificate made = {
        .height = 1, .round = round, .value = value, .count = count};
    for (uint32_t i = 0; i < count; i++) {
        made.members[i] = i + (count < 4);
    }
    return made;
}

static void test_prevote(void) {
    start();
    hear(CONSENSUS_PROPOSAL, 1, 0, a);
    CHECK_TEXT(said(), "keep prevote:1");
    start(); /* not the proposer */
    hear(CONSENSUS_PROPOSAL, 2, 0, a);
    CHECK_TEXT(said(), "");
    start(); /* a block that is not here, then is */
    hear(CONSENSUS_PROPOSAL, 1, 0, (struct hash){{9}});
    CHECK_TEXT(said(), "fetch");
    consensus_learn(member, &(struct hash){{9}}, true, &output);
    CHECK_TEXT(said(), "keep prevote:9");
    start(); /* an invalid one */
    consensus_learn(member, &(struct hash){{9}}, false, &output);
    hear(CONSENSUS_PROPOSAL, 1, 0, (struct hash){{9}});
    CHECK_TEXT(said(), "keep prevote:0");
    start(); /* none */
    time_out(TIMER_PROPOSE, 0);
    CHECK_TEXT(said(), "keep prevote:0");
    hear(CONSENSUS_PROPOSAL, 1, 0, a); /* too late */
    CHECK_TEXT(said(), "");
    hear(CONSENSUS_PROPOSAL, 1, 0, b); /* and another */
    CHECK_TEXT(said(), "accuse");
    CHECK_INT(output.actions[0].member, 1);
    CHECK(hash_equal(&output.actions[0].other.value, &a));
}

static void lock_on_a(void) {
    start();
    hear(CONSENSUS_PROPOSAL, 1, 0, a);
    hear(CONSENSUS_PREVOTE, 0, 0, a);
    hear(CONSENSUS_PREVOTE, 1, 0, a);
    CHECK_TEXT(said(), "");
    hear(CONSENSUS_PREVOTE, 1, 0, a); /* no second vote of the same member */
    CHECK_TEXT(said(), "");
    hear(CONSENSUS_PREVOTE, 2, 0, a);
    CHECK_TEXT(said(), "keep precommit:1");
}

static void to_round(int32_t round) {
    hear(CONSENSUS_PREVOTE, 1, round, nothing);
    hear(CONSENSUS_PREVOTE, 2, round, nothing);
    CHECK_INT(consensus_round(member), round);
}

static void test_prevotes(void) {
    lock_on_a();
    start();
    hear(CONSENSUS_PROPOSAL, 1, 0, a);
    hear(CONSENSUS_PREVOTE, 1, 0, nothing);
    hear(CONSENSUS_PREVOTE, 2, 0, nothing);
    hear(CONSENSUS_PREVOTE, 3, 0, nothing);
    CHECK_TEXT(said(), "keep precommit:0");
    start();
    hear(CONSENSUS_PROPOSAL, 1, 0, a);
    hear(CONSENSUS_PREVOTE, 1, 0, a);
    hear(CONSENSUS_PREVOTE, 2, 0, b);
    hear(CONSENSUS_PREVOTE, 3, 0, nothing);
    CHECK_TEXT(said(), "prevote"); /* the timer, once */
    hear(CONSENSUS_PREVOTE, 3, 0, b);
    CHECK_TEXT(said(), "accuse");
    time_out(TIMER_PREVOTE, 1); /* of another round */
    CHECK_TEXT(said(), "");
    time_out(TIMER_PREVOTE, 0);
    CHECK_TEXT(said(), "keep precommit:0");
}

static void test_rounds(void) {
    start();
    hear(CONSENSUS_PRECOMMIT, 1, 0, a);
    hear(CONSENSUS_PRECOMMIT, 2, 0, b);
    CHECK_TEXT(said(), "");
    hear(CONSENSUS_PRECOMMIT, 3, 0, nothing);
    CHECK_TEXT(said(), "precommit");
    time_out(TIMER_PRECOMMIT, 0); /* no round is left without votes in it */
    CHECK_TEXT(said(), "keep prevote:0 precommit:0 propose");
    CHECK_INT(output.actions[1].vote.round, 0);
    CHECK_INT(output.actions[2].vote.round, 0);
    CHECK_INT(output.actions[3].delay_ns, 140);
    CHECK_INT(consensus_round(member), 1);
    hear(CONSENSUS_PROPOSAL, 2, 1, a);
    CHECK_TEXT(said(), "keep prevote:1");
    to_round(2);
    CHECK_TEXT(said(), "keep precommit:0 propose"); /* it has prevoted */
    start();                                        /* one member further on says nothing, two do */
    hear(CONSENSUS_PREVOTE, 1, 6, a);
    CHECK_TEXT(said(), "");
    hear(CONSENSUS_PREVOTE, 2, 3, a);
    CHECK_INT(consensus_round(member), 3);
    CHECK_TEXT(said(), "keep prevote:0 precommit:0 propose new"); /* its turn */
    consensus_propose(member, &b, &output);
    CHECK_TEXT(said(), "keep proposal:2");
    consensus_propose(member, &a, &output);
    CHECK_TEXT(said(), "");
}

static void test_locks(void) {
    lock_on_a();
    to_round(1);
    hear(CONSENSUS_PROPOSAL, 2, 1, b); /* locked on another */
    CHECK_TEXT(said(), "keep prevote:0");
    lock_on_a();
    to_round(1);
    hear(CONSENSUS_PROPOSAL, 2, 1, a); /* locked on it */
    CHECK_TEXT(said(), "keep prevote:1");
    lock_on_a(); /* unlocked by prevotes of a later round than the lock's, or of the same */
    struct consensus_certificate proof = certificate(1, b, 3);
    to_round(2);
    hear_old(3, 2, b, 1, &proof);
    CHECK_TEXT(said(), "keep prevote:2");
    lock_on_a(); /* its own turn: what it knows to be valid, with the proof */
    to_round(3);
    CHECK_TEXT(said(), "keep prevote:0 precommit:0 propose keep proposal:1");
    CHECK_INT(output.actions[5].vote.valid_round, 0);
    CHECK_INT(output.actions[5].certificate->count, 3);
}

static void refuses(int32_t valid_round, struct hash value,
                    const struct consensus_certificate *proof) {
    lock_on_a();
    to_round(2);
    hear_old(3, 2, value, valid_round, proof);
    CHECK_TEXT(said(), "");
}

static void test_proofs(void) {
    struct consensus_certificate good = certificate(1, b, 3), few = certificate(1, b, 2);
    struct consensus_certificate older = certificate(0, b, 3), other = certificate(1, a, 3);
    struct consensus_certificate twice = good, stranger = good, height = good, late;
    twice.members[2] = twice.members[1];
    stranger.members[2] = 4;
    height.height = 2;
    late = certificate(2, b, 3);
    refuses(1, b, NULL);
    refuses(1, b, &few);
    refuses(1, b, &older);
    refuses(1, b, &other);
    refuses(1, b, &twice);
    refuses(1, b, &stranger);
    refuses(1, b, &height);
    refuses(2, b, &late);
    refuses(-2, b, NULL);
}

static void test_decisions(void) {
    start();
    for (uint32_t i = 1; i <= 2; i++) {
        hear(CONSENSUS_PRECOMMIT, i, 0, a);
        CHECK_TEXT(said(), "");
    }
    hear(CONSENSUS_PRECOMMIT, 2, 0, b);
    CHECK_TEXT(said(), "accuse");
    hear(CONSENSUS_PRECOMMIT, 3, 0, a);
    CHECK_TEXT(said(), "commit");
    CHECK_INT(output.actions[0].certificate->count, 3);
    CHECK_INT(consensus_height(member), 2);
    start(); /* of an earlier round */
    hear(CONSENSUS_PRECOMMIT, 1, 0, a);
    hear(CONSENSUS_PRECOMMIT, 2, 0, a);
    to_round(2);
    hear(CONSENSUS_PRECOMMIT, 0, 0, a);
    CHECK_TEXT(said(), "commit");
    start(); /* precommits of two rounds are no decision, nor are those for nothing */
    hear(CONSENSUS_PRECOMMIT, 1, 0, a);
    hear(CONSENSUS_PRECOMMIT, 2, 0, a);
    hear(CONSENSUS_PRECOMMIT, 3, 1, a);
    CHECK_INT(consensus_height(member), 1);
}

static void test_heights(void) {
    start();
    hear_at(2, CONSENSUS_PROPOSAL, 2, 0, b);
    CHECK_TEXT(said(), "");
    time_out(TIMER_RESEND, 0);
    CHECK_TEXT(said(), "ask resend");
    struct consensus_certificate decision = certificate(0, a, 2);
    CHECK_INT(consensus_catch_up(member, &decision, &output), -1);
    decision = certificate(0, nothing, 3);
    CHECK_INT(consensus_catch_up(member, &decision, &output), -1);
    decision = certificate(0, a, 3);
    CHECK_INT(consensus_catch_up(member, &decision, &output), 0);
    CHECK_TEXT(said(), "commit");
    consensus_next(member, 0, 4, &output); /* takes up the proposal that came early */
    CHECK_TEXT(said(), "propose resend fetch");
    hear_at(1, CONSENSUS_PREVOTE, 3, 0, b);
    CHECK_TEXT(said(), "help");
    CHECK_INT(output.actions[0].member, 3);
}

static void test_crashes(void) {
    start();
    hear(CONSENSUS_PROPOSAL, 1, 0, a);
    struct consensus_record record = *output.actions[0].record;
    consensus_restore(member, 1, &record, &output);
    CHECK_TEXT(said(), "prevote:1 resend propose");
    consensus_learn(member, &a, true, &output);
    consensus_learn(member, &b, true, &output);
    hear(CONSENSUS_PROPOSAL, 1, 0, b); /* the proposer lies; it has voted already */
    time_out(TIMER_PROPOSE, 0);
    CHECK_TEXT(said(), "");
    lock_on_a();
    record = *output.actions[0].record;
    consensus_restore(member, 1, &record, &output);
    consensus_learn(member, &b, true, &output);
    to_round(1);
    hear(CONSENSUS_PROPOSAL, 2, 1, b); /* still locked */
    CHECK_TEXT(said(), "keep prevote:0");
    consensus_restore(member, 1, NULL, &output); /* the record is lost: it says nothing */
    CHECK_TEXT(said(), "resend");
    consensus_learn(member, &a, true, &output);
    hear(CONSENSUS_PROPOSAL, 1, 0, a);
    CHECK_TEXT(said(), "propose");
    time_out(TIMER_RESEND, 0);
    CHECK_TEXT(said(), "ask resend");
    consensus_timeout(member, TIMER_PREVOTE, 1, 0, &output);
    for (uint32_t i = 1; i <= 3; i++) { /* nor does it keep a record that knows of no votes */
        hear(CONSENSUS_PREVOTE, i, 0, a);
        CHECK_TEXT(said(), "");
    }
    consensus_restore(member, 3, &record, &output); /* the record is of an older height */
    CHECK_TEXT(said(), "");
    CHECK_INT(consensus_height(member), 3);
}

static void test_quorums(void) {
    for (uint32_t count = 1; count <= CONSENSUS_MEMBERS_MAX; count++) {
        uint32_t faulty = (count - 1) / 3, quorum = consensus_quorum(count);
        CHECK(2 * quorum >= count + faulty + 1); /* two quorums share a correct member */
        CHECK(quorum <= count - faulty);         /* and the correct ones are one */
    }
    CHECK_INT(consensus_quorum(4), 3);
    CHECK_INT(consensus_quorum(7), 5);
    CHECK_INT(consensus_proposer(1, 3, 4), 0);
}

int main(void) {
    test_quorums();
    test_prevote();
    test_prevotes();
    test_rounds();
    test_locks();
    test_proofs();
    test_decisions();
    test_heights();
    test_crashes();
    arena_free(&arena);
    return test_summary();
}
