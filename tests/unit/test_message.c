/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: each message is one byte string, and no other byte string is a message. Method: what is
 * written is read back; the drawing in message.h is checked on a message written by hand; every
 * truncation is refused, and every single flipped bit is refused or is another message, written as
 * just those bytes; what the rows alone would take is refused with the field that is wrong. */
#include "core/ledger/message.h"
#include "tests/test.h"

static struct arena arena;
static const struct hash a = {{1, 2, 3}}, b = {{2}};

static struct consensus_vote vote_of(enum consensus_kind kind, int32_t valid_round,
                                     struct hash value) {
    return (struct consensus_vote){.kind = kind,
                                   .member = 5,
                                   .height = 0x0102030405060708,
                                   .round = 9,
                                   .valid_round = valid_round,
                                   .value = value,
                                   .signature = {{0xaa, 0xbb}}};
}

static struct consensus_certificate certificate_of(int32_t round, struct hash value) {
    return (struct consensus_certificate){.height = 0x0102030405060708,
                                          .round = round,
                                          .value = value,
                                          .count = 3,
                                          .members = {0, 4, 127},
                                          .signatures = {{{1}}, {{2}}, {{3}}}};
}

/* One of each kind and shape; they point into what lasts. */
enum { SAMPLES = 8 };
static struct consensus_certificate proof, decision, answer;

static void fill_samples(struct message samples[SAMPLES]) {
    struct evidence_charge amnesia = {.kind = EVIDENCE_AMNESIA,
                                      .vote = vote_of(CONSENSUS_PREVOTE, -1, a),
                                      .other = vote_of(CONSENSUS_PRECOMMIT, -1, b)};
    struct evidence_charge unfounded = {.kind = EVIDENCE_UNFOUNDED,
                                        .vote = vote_of(CONSENSUS_PRECOMMIT, -1, a)};
    proof = certificate_of(7, a);
    decision = certificate_of(9, b);
    answer = certificate_of(3, a);
    samples[0] = (struct message){.vote = vote_of(CONSENSUS_PROPOSAL, -1, a)};
    samples[1] = (struct message){.vote = vote_of(CONSENSUS_PROPOSAL, 7, a), .certificate = &proof};
    samples[2] = (struct message){.vote = vote_of(CONSENSUS_PRECOMMIT, -1, b)};
    samples[3] = (struct message){.kind = MESSAGE_ASK, .height = 77};
    samples[4] = (struct message){.kind = MESSAGE_DECISION, .certificate = &decision};
    samples[5] = (struct message){.kind = MESSAGE_CHARGE, .charge = amnesia};
    samples[6] = (struct message){.kind = MESSAGE_CHARGE, .charge = unfounded};
    samples[7] =
        (struct message){.kind = MESSAGE_ANSWER, .charge = amnesia, .certificate = &answer};
}

static bool is_same_vote(const struct consensus_vote *x, const struct consensus_vote *y) {
    return x->kind == y->kind && x->member == y->member && x->height == y->height &&
           x->round == y->round && x->valid_round == y->valid_round &&
           hash_equal(&x->value, &y->value) &&
           memcmp(x->signature.bytes, y->signature.bytes, SIGNATURE_SIZE) == 0;
}

static bool is_same_certificate(const struct consensus_certificate *x,
                                const struct consensus_certificate *y) {
    if (x == NULL || y == NULL) {
        return x == y;
    }
    return x->height == y->height && x->round == y->round && hash_equal(&x->value, &y->value) &&
           x->count == y->count && memcmp(x->members, y->members, x->count * 4) == 0 &&
           memcmp(x->signatures, y->signatures, x->count * sizeof *x->signatures) == 0;
}

static void test_same(void) {
    struct message samples[SAMPLES];
    fill_samples(samples);
    for (int i = 0; i < SAMPLES; i++) {
        struct codec_blob bytes = message_encode(&samples[i], &arena);
        struct message read;
        struct codec_fault fault;
        CHECK_INT(message_decode(bytes.bytes, bytes.size, &arena, &read, &fault), 0);
        CHECK_INT(read.kind, samples[i].kind);
        if (read.kind == MESSAGE_ASK) {
            CHECK_INT(read.height, samples[i].height);
        }
        CHECK(is_same_vote(&read.vote, &samples[i].vote));
        CHECK_INT(read.charge.kind, samples[i].charge.kind);
        CHECK(is_same_vote(&read.charge.vote, &samples[i].charge.vote));
        CHECK(is_same_vote(&read.charge.other, &samples[i].charge.other));
        CHECK(is_same_certificate(read.certificate, samples[i].certificate));
    }
}

static void test_drawing(void) {
    struct message message = {.vote = vote_of(CONSENSUS_PROPOSAL, -1, a)};
    struct codec_blob bytes = message_encode(&message, &arena);
    static const uint8_t expected[] = {
        0,                                              /* a vote */
        0,    0,    0,    1,                            /* one */
        0,                                              /* a proposal */
        0,    0,    0,    5,                            /* member */
        1,    2,    3,    4,    5,    6,    7,    8,    /* height */
        0,    0,    0,    9,                            /* round */
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, /* valid round */
        1,    2,    3};
    CHECK_INT(bytes.size, 1 + 4 + 1 + 4 + 8 + 4 + 8 + 32 + 64 + 4);
    CHECK(memcmp(bytes.bytes, expected, sizeof expected) == 0);
}

/* Refused; or read and written as the same bytes. */
static bool is_refused(const uint8_t *bytes, size_t size) {
    struct arena scratch = ARENA_INIT;
    struct message message;
    struct codec_fault fault = {.field = NULL};
    bool is_bad = message_decode(bytes, size, &scratch, &message, &fault) != 0;
    if (is_bad) {
        CHECK(fault.field != NULL && fault.reason != NULL && fault.offset <= size);
    } else {
        struct codec_blob again = message_encode(&message, &scratch);
        CHECK(again.size == size && memcmp(again.bytes, bytes, size) == 0);
    }
    arena_free(&scratch);
    return is_bad;
}

static void test_damage(void) {
    struct message samples[SAMPLES];
    fill_samples(samples);
    unsigned refused = 0, flips = 0;
    for (int i = 0; i < SAMPLES; i++) {
        struct codec_blob blob = message_encode(&samples[i], &arena);
        uint8_t *bytes = arena_alloc(&arena, blob.size + 1);
        memcpy(bytes, blob.bytes, blob.size);
        for (size_t size = 0; size < blob.size; size++) {
            CHECK(is_refused(bytes, size));
        }
        CHECK(is_refused(bytes, blob.size + 1));
        for (size_t bit = 0; bit < 8 * (size_t)blob.size; bit++, flips++) {
            bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
            refused += is_refused(bytes, blob.size);
            bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
    }
    printf("%u of %u flipped bits refused, the others make other messages\n", refused, flips);
    CHECK(refused > 300 && refused < flips);
}

/* The field of the fault after one byte was changed. */
static const char *fault_after(const struct message *message, size_t at, uint8_t byte) {
    struct codec_blob blob = message_encode(message, &arena);
    uint8_t *bytes = arena_alloc(&arena, blob.size);
    memcpy(bytes, blob.bytes, blob.size);
    bytes[at] = byte;
    struct message read;
    struct codec_fault fault = {.field = "none"};
    message_decode(bytes, blob.size, &arena, &read, &fault);
    return fault.field;
}

static void test_refusals(void) {
    struct message samples[SAMPLES];
    fill_samples(samples);
    enum { KIND = 5, MEMBER = 6, ROUND = 18, VALID_ROUND = 22, SIGNERS = 126 };
    CHECK_TEXT(fault_after(&samples[0], 0, MESSAGE_KIND_COUNT), "kind");
    CHECK_TEXT(fault_after(&samples[0], KIND, 3), "kind");
    CHECK_TEXT(fault_after(&samples[0], MEMBER + 3, 128), "member");
    CHECK_TEXT(fault_after(&samples[0], ROUND, 0x80), "round");
    CHECK_TEXT(fault_after(&samples[0], VALID_ROUND + 7, 0xfe), "valid_round"); /* -2 */
    CHECK_TEXT(fault_after(&samples[1], VALID_ROUND + 7, 9), "valid_round");    /* its own round */
    CHECK_TEXT(fault_after(&samples[1], VALID_ROUND + 7, 8), "none");
    CHECK_TEXT(fault_after(&samples[1], KIND, CONSENSUS_PREVOTE), "valid_round");
    CHECK_TEXT(fault_after(&samples[1], SIGNERS + 4 + 68 + 3, 0), "signers"); /* 0 twice */
    struct message without = samples[4];
    without.certificate = NULL; /* a decision by nobody */
    CHECK_TEXT(fault_after(&without, 0, MESSAGE_DECISION), "signers");
    without = samples[1];
    without.certificate = NULL; /* a proposal without its proof */
    CHECK_TEXT(fault_after(&without, 0, MESSAGE_VOTE), "signers");
    CHECK_TEXT(fault_after(&samples[5], 1, EVIDENCE_UNFOUNDED), "votes");
    CHECK_TEXT(fault_after(&samples[6], 1, EVIDENCE_DOUBLE_VOTE), "votes");
    CHECK_TEXT(fault_after(&samples[6], 1, EVIDENCE_KIND_COUNT), "offence");
}

int main(void) {
    test_same();
    test_drawing();
    test_damage();
    test_refusals();
    arena_free(&arena);
    return test_summary();
}
