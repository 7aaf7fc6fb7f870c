/* SPDX-License-Identifier: GPL-3.0-or-later
 * bench_ledger_chain.c - a saved chain verified by one thread and by two, against the bare
 * verification of as many signatures. */
#define _DEFAULT_SOURCE /* mkdtemp */
#include "core/base/require.h"
#include "core/ledger/execution_kinds.h"
#include "sim/commands/bench.h"
#include "sim/record/chain_file_verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { VOTERS = 4, QUORUM = 3, BLOCKS = 24, TRANSACTIONS = 500 };

static const struct transaction_kind *const kinds[] = {&execution_kind_record, NULL};

/* A ledger of four voters who write records of 320 bytes and decide at once. */
struct scribe {
    struct arena lasting, passing;
    struct signing_key keys[VOTERS];
    uint64_t sequences[VOTERS];
    struct ledger_genesis genesis;
    struct ledger_pool *pool;
    struct ledger *ledger;
};

static void open_ledger(struct scribe *scribe) {
    struct member *list = ARENA_ARRAY(&scribe->lasting, struct member, VOTERS);
    for (uint32_t i = 0; i < VOTERS; i++) {
        uint8_t seed[SIGNATURE_SEED_SIZE] = {(uint8_t)i, 5};
        scribe->keys[i] = signature_key_from_seed(seed);
        struct member_key *key = ARENA_NEW(&scribe->lasting, struct member_key);
        *key = (struct member_key){.key = signature_public_key(&scribe->keys[i]),
                                   .to_height = MEMBER_KEY_OPEN};
        list[i] =
            (struct member){.number = i, .is_voter = true, .keys = {.count = 1, .items = key}};
    }
    scribe->genesis.members.list = (struct codec_list){.count = VOTERS, .items = list};
    scribe->pool = ledger_pool_open(&scribe->genesis, kinds, 1 << 12, &scribe->lasting);
    scribe->ledger = ledger_create(scribe->pool, &ledger_type_chain, &scribe->lasting);
}

static const struct transaction *write_record(struct scribe *scribe, uint32_t sender) {
    enum { BODY_SIZE = 204 }; /* so that it has 320 bytes in all */
    uint8_t *body = arena_alloc(&scribe->passing, BODY_SIZE);
    uint64_t number = VOTERS * scribe->sequences[sender] + sender;
    body[3] = 16; /* length of the key */
    memcpy(body + 4, &number, sizeof number);
    body[24] = BODY_SIZE - 25; /* of the value, behind key and flag */
    struct transaction *transaction = ARENA_NEW(&scribe->passing, struct transaction);
    *transaction = (struct transaction){.ledger = ledger_pool_id(scribe->pool),
                                        .sender = sender,
                                        .sequence = scribe->sequences[sender]++,
                                        .kind = KIND_RECORD,
                                        .body = {.bytes = body, .size = BODY_SIZE}};
    transaction_sign(transaction, &scribe->keys[sender], ledger_pool_hasher(scribe->pool),
                     &scribe->passing);
    return transaction;
}

static struct consensus_certificate decide(struct scribe *scribe, const struct block *block) {
    struct consensus_certificate certificate = {
        .height = block->header.height, .value = block->hash, .count = QUORUM};
    struct hash id = ledger_pool_id(scribe->pool);
    for (uint32_t i = 0; i < QUORUM; i++) {
        struct consensus_vote vote = {.kind = CONSENSUS_PRECOMMIT,
                                      .member = i,
                                      .height = certificate.height,
                                      .valid_round = -1,
                                      .value = block->hash};
        ballot_sign(&vote, &id, &scribe->keys[i], ledger_pool_hasher(scribe->pool));
        certificate.members[i] = i;
        certificate.signatures[i] = vote.signature;
    }
    return certificate;
}

static int write_block(struct scribe *scribe, struct chain_writer *writer, struct error *err) {
    const struct transaction *list[TRANSACTIONS];
    for (uint32_t i = 0; i < TRANSACTIONS; i++) {
        list[i] = write_record(scribe, i % VOTERS);
    }
    uint64_t height = ledger_height(scribe->ledger) + 1;
    struct ledger_batch batch = {.transactions = list,
                                 .count = TRANSACTIONS,
                                 .count_max = TRANSACTIONS,
                                 .time_ns = (int64_t)height,
                                 .proposer = consensus_proposer(height, 0, VOTERS)};
    const struct block *block = ledger_make(scribe->ledger, &batch, &scribe->passing);
    struct consensus_certificate certificate = decide(scribe, block);
    REQUIRE(ledger_commit(scribe->ledger, block, &certificate) == NULL);
    int status = chain_file_add(writer, block, &certificate, err);
    arena_free(&scribe->passing);
    return status;
}

static int write_chain(const char *path, struct error *err) {
    struct scribe scribe = {.pool = NULL};
    open_ledger(&scribe);
    struct chain_writer *writer = chain_file_create(path, NULL, &scribe.lasting, err);
    int status = writer == NULL ? -1 : chain_file_begin(writer, 0, 0, &scribe.genesis, "", err);
    for (int i = 0; i < BLOCKS && status == 0; i++) {
        status = write_block(&scribe, writer, err);
    }
    if (status == 0) {
        status = chain_file_close(writer, err);
    } else {
        chain_file_abandon(writer);
    }
    ledger_free(scribe.ledger);
    ledger_pool_close(scribe.pool);
    arena_free(&scribe.lasting);
    return status;
}

/* Seconds of so many verifications of signatures over different hashes. */
static double time_signatures_s(uint64_t count) {
    enum { DIFFERENT = 256 };
    uint8_t seed[SIGNATURE_SEED_SIZE] = {3};
    struct signing_key key = signature_key_from_seed(seed);
    struct public_key public_key = signature_public_key(&key);
    struct hash hashes[DIFFERENT] = {{.bytes = {0}}};
    struct signature signatures[DIFFERENT];
    for (uint32_t i = 0; i < DIFFERENT; i++) {
        memcpy(hashes[i].bytes, &i, sizeof i);
        signatures[i] = signature_sign(&key, hashes[i].bytes, HASH_SIZE);
    }
    double start_s = bench_now_s();
    for (uint64_t i = 0; i < count; i++) {
        const struct hash *hash = &hashes[i % DIFFERENT];
        REQUIRE(signature_verify(&public_key, hash->bytes, HASH_SIZE, &signatures[i % DIFFERENT]));
    }
    return bench_now_s() - start_s;
}

static int time_chain(const char *path, int threads, double *time_s, struct chain_report *report,
                      struct error *err) {
    double start_s = bench_now_s();
    int status = chain_file_verify(path, threads, report, err);
    *time_s = bench_now_s() - start_s;
    REQUIRE(status != 0 || (report->damage_count == 0 && report->block_count == BLOCKS));
    return status;
}

static int measure(double values[BENCH_KEYS_MAX], struct error *err) {
    char folder[] = "/tmp/bench_chain_XXXXXX", path[64];
    if (mkdtemp(folder) == NULL) {
        return error_set(err, ERROR_RUN, "cannot make a folder %s", folder);
    }
    snprintf(path, sizeof path, "%s/chain.h5", folder);
    struct arena arena = ARENA_INIT;
    struct chain_report *report = ARENA_NEW(&arena, struct chain_report);
    double one_s = 0, two_s = 0;
    int status = write_chain(path, err);
    if (status == 0 && time_chain(path, 1, &one_s, report, err) == 0 &&
        time_chain(path, 2, &two_s, report, err) == 0) {
        values[0] = time_signatures_s(report->signature_count) / one_s;
        values[1] = one_s / two_s;
    } else {
        status = -1;
    }
    unlink(path);
    rmdir(folder);
    arena_free(&arena);
    return status;
}

const struct bench_case bench_ledger_chain_case = {
    .keys = {{"verify_chain_ratio", "",
              "bare verification of all signatures against the whole of a saved chain", 0.9, true},
             {"verify_2_thread_speedup", "", "the same chain by two threads", 1.8, true}},
    .measure = measure};
