/* SPDX-License-Identifier: GPL-3.0-or-later
 * bench_ledger.c - decisions of members who hear everything at once, Merkle trees of blocks, and
 * transactions all the way from their signature to the commit, against bare signatures. */
#include "sim/commands/bench.h"

#include "core/base/arena.h"
#include "core/base/require.h"
#include "core/ledger/consensus.h"
#include "core/ledger/execution_kinds.h"
#include "core/ledger/foreign.h"
#include "core/ledger/ledger.h"
#include "core/ledger/merkle.h"

#include <stddef.h>
#include <string.h>

enum { TRANSACTION_SIZE = 320, TRANSACTION_COUNT = 500, TREES = 200 };

/* ---- decisions ------------------------------------------------------------------------------ */

/* Votes on their way, in order: each goes to every member. */
struct line {
    struct consensus_vote *votes;
    uint32_t capacity, first, count;
};

struct council {
    uint32_t member_count;
    struct consensus **members;
    struct line line;
    struct consensus_output output;
    uint64_t commit_count;
};

static void carry_out(struct council *council, uint32_t member) {
    struct consensus *consensus = council->members[member];
    struct line *line = &council->line;
    for (unsigned i = 0; i < council->output.count; i++) {
        const struct consensus_action *action = &council->output.actions[i];
        if (action->kind == ACTION_SEND) {
            REQUIRE(line->count < line->capacity);
            line->votes[(line->first + line->count++) % line->capacity] = action->vote;
        } else if (action->kind == ACTION_COMMIT) {
            council->commit_count++;
            consensus_next(consensus, member, council->member_count, &council->output);
            return; /* the next height begins when all are here */
        } else if (action->kind == ACTION_FETCH) {
            struct hash value = action->value;
            consensus_learn(consensus, &value, true, &council->output);
            carry_out(council, member);
            return;
        }
    }
}

static void begin_height(struct council *council, uint64_t height) {
    struct hash value = {.bytes = {1}};
    memcpy(value.bytes + 8, &height, sizeof height);
    for (uint32_t i = 0; i < council->member_count; i++) {
        consensus_begin(council->members[i], &council->output);
        carry_out(council, i);
        consensus_learn(council->members[i], &value, true, &council->output);
        consensus_propose(council->members[i], &value, &council->output);
        carry_out(council, i);
    }
}

static void decide(struct council *council, uint64_t height) {
    struct line *line = &council->line;
    begin_height(council, height);
    while (line->count > 0) {
        struct consensus_message message = {.vote = line->votes[line->first]};
        line->first = (line->first + 1) % line->capacity;
        line->count--;
        for (uint32_t i = 0; i < council->member_count; i++) {
            consensus_receive(council->members[i], &message, &council->output);
            carry_out(council, i);
        }
    }
}

/* Seconds a decision among `member_count`, every member a machine of its own. */
static double time_decision_s(uint32_t member_count, uint64_t decisions) {
    static const struct consensus_times times = {1, 1, 1, 1, 1};
    struct arena arena = ARENA_INIT;
    struct council *council = ARENA_NEW(&arena, struct council);
    council->member_count = member_count;
    council->members = ARENA_ARRAY(&arena, struct consensus *, member_count);
    council->line.capacity = 4 * member_count;
    council->line.votes = ARENA_ARRAY(&arena, struct consensus_vote, council->line.capacity);
    for (uint32_t i = 0; i < member_count; i++) {
        council->members[i] = consensus_create(&arena, member_count, 1, &times);
        consensus_next(council->members[i], i, member_count, &council->output);
    }
    double start_s = bench_now_s();
    for (uint64_t height = 1; height <= decisions; height++) {
        decide(council, height);
    }
    double time_s = (bench_now_s() - start_s) / (double)decisions;
    REQUIRE(council->commit_count == decisions * member_count);
    arena_free(&arena);
    return time_s;
}

static int measure_decisions(double values[BENCH_KEYS_MAX], struct error *err) {
    (void)err;
    values[0] = 1 / time_decision_s(4, 5000);
    values[1] = 1e3 * time_decision_s(32, 100);
    values[2] = 1e3 * time_decision_s(128, 5);
    return 0;
}

/* ---- trees ---------------------------------------------------------------------------------- */

static int measure_trees(double values[BENCH_KEYS_MAX], struct error *err) {
    (void)err;
    struct arena arena = ARENA_INIT;
    uint8_t *bytes = arena_alloc(&arena, (size_t)TRANSACTION_SIZE * TRANSACTION_COUNT);
    struct hash *leaves = ARENA_ARRAY(&arena, struct hash, TRANSACTION_COUNT);
    struct hasher *hasher = hash_open();
    double start_s = bench_now_s();
    for (int tree = 0; tree < TREES; tree++) {
        for (int i = 0; i < TRANSACTION_COUNT; i++) {
            leaves[i] = merkle_leaf(hasher, bytes + i * TRANSACTION_SIZE, TRANSACTION_SIZE);
        }
        struct hash root = merkle_root(hasher, leaves, TRANSACTION_COUNT);
        bytes[tree] ^= root.bytes[0] | 1; /* so that no tree is built for nothing */
    }
    values[0] = (bench_now_s() - start_s) / (TREES * TRANSACTION_COUNT) * 1e6;
    hash_close(hasher);
    arena_free(&arena);
    return 0;
}

/* ---- the path of a transaction -------------------------------------------------------------- */

enum { NODES = 4, BLOCKS = 4, RECORDS_BEFORE = 10000 };

/* Four voters who are also the senders, each with a node and a consensus machine. With one pool a
 * signature is verified and a block executed once; with four, by every node. */
struct path {
    struct arena lasting, passing; /* passing: of one height */
    uint32_t pool_count;
    struct ledger_pool *pools[NODES];
    struct ledger *nodes[NODES];
    struct consensus *machines[NODES];
    struct signing_key keys[NODES];
    struct hash id;
    uint64_t sequences[NODES];
    uint64_t record_count;
    struct ledger_batch batch;
    const struct block *block; /* of this height */
    struct consensus_certificate certificate;
    struct consensus_output output;
    struct consensus_vote votes[8 * NODES]; /* on their way */
    uint32_t first, count;
};

static const struct transaction_kind *const path_kinds[] = {&execution_kind_record, NULL};

static struct members path_members(struct path *path) {
    struct member *list = ARENA_ARRAY(&path->lasting, struct member, NODES);
    for (uint32_t i = 0; i < NODES; i++) {
        uint8_t seed[SIGNATURE_SEED_SIZE] = {(uint8_t)i, 1};
        path->keys[i] = signature_key_from_seed(seed);
        struct member_key *key = ARENA_NEW(&path->lasting, struct member_key);
        *key = (struct member_key){.key = signature_public_key(&path->keys[i]),
                                   .to_height = MEMBER_KEY_OPEN};
        list[i] =
            (struct member){.number = i, .is_voter = true, .keys = {.count = 1, .items = key}};
    }
    return (struct members){.list = {.count = NODES, .items = list}};
}

/* The transaction as its sender sends it: 320 bytes. */
static struct codec_blob path_send(struct path *path, uint32_t sender, struct hasher *hasher) {
    uint8_t body[204] = {0, 0, 0, 16};
    uint64_t number = path->record_count++;
    memcpy(body + 4, &number, sizeof number);
    body[24] = 179; /* after the key's 16 bytes and the flag */
    struct transaction transaction = {.ledger = path->id,
                                      .sender = sender,
                                      .sequence = path->sequences[sender]++,
                                      .kind = KIND_RECORD,
                                      .body = {.bytes = body, .size = sizeof body}};
    transaction_sign(&transaction, &path->keys[sender], hasher, &path->passing);
    return transaction.encoding;
}

static void path_carry_out(struct path *path, uint32_t node);

static void path_judge(struct path *path, uint32_t node, const struct hash *value) {
    struct hash hash = *value; /* of the output, which is about to be used again */
    bool is_valid = hash_equal(&hash, &path->block->hash) &&
                    ledger_check(path->nodes[node], path->block) == NULL;
    REQUIRE(is_valid);
    consensus_learn(path->machines[node], &hash, is_valid, &path->output);
    path_carry_out(path, node);
}

static void path_offer(struct path *path, uint32_t node) {
    path->batch.proposer = node;
    path->batch.time_ns++;
    path->block = ledger_make(path->nodes[node], &path->batch, &path->passing);
    REQUIRE(path->block->header.transaction_count == TRANSACTION_COUNT);
    struct hash hash = path->block->hash;
    path_judge(path, node, &hash);
    consensus_propose(path->machines[node], &hash, &path->output);
    path_carry_out(path, node);
}

static void path_carry_out(struct path *path, uint32_t node) {
    struct hasher *hasher = ledger_pool_hasher(path->pools[node % path->pool_count]);
    for (unsigned i = 0; i < path->output.count; i++) {
        struct consensus_action *action = &path->output.actions[i];
        if (action->kind == ACTION_SEND) {
            REQUIRE(path->count < 8 * NODES);
            ballot_sign(&action->vote, &path->id, &path->keys[node], hasher);
            path->votes[(path->first + path->count++) % (8 * NODES)] = action->vote;
        } else if (action->kind == ACTION_COMMIT) {
            path->certificate = *action->certificate;
            REQUIRE(ledger_commit(path->nodes[node], path->block, &path->certificate) == NULL);
            consensus_next(path->machines[node], node, NODES, &path->output);
            return;
        } else if (action->kind == ACTION_FETCH) {
            path_judge(path, node, &action->value);
            return; /* nothing else comes with it */
        } else if (action->kind == ACTION_PROPOSE) {
            path_offer(path, node);
            return;
        }
    }
}

static void path_decide(struct path *path) {
    for (uint32_t i = 0; i < NODES; i++) {
        consensus_begin(path->machines[i], &path->output);
        path_carry_out(path, i);
    }
    while (path->count > 0) {
        struct consensus_message message = {.vote = path->votes[path->first]};
        path->first = (path->first + 1) % (8 * NODES);
        path->count--;
        for (uint32_t i = 0; i < NODES; i++) {
            struct ledger_pool *pool = path->pools[i % path->pool_count];
            struct ballot_judge judge = {.ledger = path->id,
                                         .members = ledger_members(path->nodes[i]),
                                         .hasher = ledger_pool_hasher(pool),
                                         .verifier = ledger_pool_verifier(pool)};
            /* A vote of a height that is over needs no look. */
            if (message.vote.height == consensus_height(path->machines[i])) {
                REQUIRE(ballot_check(&judge, &message.vote));
                consensus_receive(path->machines[i], &message, &path->output);
                path_carry_out(path, i);
            }
        }
    }
}

/* One height: transactions are signed, sent, read, put into a block, agreed upon, committed. */
static void path_height(struct path *path) {
    struct hasher *hasher = ledger_pool_hasher(path->pools[0]);
    const struct transaction **list =
        ARENA_ARRAY(&path->passing, const struct transaction *, TRANSACTION_COUNT);
    for (uint32_t i = 0; i < TRANSACTION_COUNT; i++) {
        struct codec_blob bytes = path_send(path, i % NODES, hasher);
        struct transaction *read = ARENA_NEW(&path->passing, struct transaction);
        struct codec_fault fault;
        for (uint32_t k = 0; k < path->pool_count; k++) { /* by each that doesn't share */
            REQUIRE(transaction_decode(bytes.bytes, bytes.size, hasher, &path->passing, read,
                                       &fault) == 0);
        }
        list[i] = read;
    }
    path->batch.transactions = list;
    path->batch.count = path->batch.count_max = TRANSACTION_COUNT;
    path_decide(path);
    for (uint32_t i = 1; i < NODES; i++) {
        REQUIRE(ledger_height(path->nodes[i]) == ledger_height(path->nodes[0]));
    }
}

static struct path *path_open(uint32_t pool_count, struct arena *arena) {
    static const struct consensus_times times = {1, 1, 1, 1, 1};
    struct path *path = ARENA_NEW(arena, struct path);
    struct ledger_genesis genesis = {.members = path_members(path)};
    path->pool_count = pool_count;
    for (uint32_t i = 0; i < pool_count; i++) {
        path->pools[i] = ledger_pool_open(&genesis, path_kinds, 8192, &path->lasting);
    }
    path->id = ledger_pool_id(path->pools[0]);
    for (uint32_t i = 0; i < NODES; i++) {
        path->nodes[i] =
            ledger_create(path->pools[i % pool_count], &ledger_type_chain, &path->lasting);
        path->machines[i] = consensus_create(&path->lasting, NODES, 1, &times);
        consensus_next(path->machines[i], i, NODES, &path->output);
    }
    while (path->record_count < RECORDS_BEFORE) {
        path_height(path);
        arena_free(&path->passing);
    }
    return path;
}

static void path_close(struct path *path) {
    for (uint32_t i = 0; i < path->pool_count; i++) {
        ledger_pool_close(path->pools[i]);
    }
    arena_free(&path->passing);
    arena_free(&path->lasting);
}

/* Seconds of signing as many hashes as a block has transactions, and verifying each so often. */
static double time_signatures_s(uint32_t verifications) {
    uint8_t seed[SIGNATURE_SEED_SIZE] = {3};
    struct signing_key key = signature_key_from_seed(seed);
    struct public_key public_key = signature_public_key(&key);
    struct hash message = {.bytes = {1}};
    double start_s = bench_now_s();
    for (uint32_t i = 0; i < TRANSACTION_COUNT; i++) {
        memcpy(message.bytes, &i, sizeof i);
        struct signature signature = signature_sign(&key, message.bytes, HASH_SIZE);
        for (uint32_t k = 0; k < verifications; k++) {
            REQUIRE(signature_verify(&public_key, message.bytes, HASH_SIZE, &signature));
        }
    }
    return bench_now_s() - start_s;
}

/* Bare signatures and the whole path in turn, so that both meet the same machine. */
static double path_ratio(uint32_t pool_count, double *transactions_per_s) {
    struct arena arena = ARENA_INIT;
    struct path *path = path_open(pool_count, &arena);
    double path_s = 0, signatures_s = 0;
    for (int i = 0; i < BLOCKS; i++) {
        signatures_s += time_signatures_s(pool_count);
        double start_s = bench_now_s();
        path_height(path);
        path_s += bench_now_s() - start_s;
        arena_free(&path->passing);
    }
    *transactions_per_s = BLOCKS * TRANSACTION_COUNT / path_s;
    path_close(path);
    arena_free(&arena);
    return signatures_s / path_s;
}

static int measure_path(double values[BENCH_KEYS_MAX], struct error *err) {
    (void)err;
    double all_per_s;
    values[0] = path_ratio(1, &values[1]);
    values[2] = path_ratio(NODES, &all_per_s);
    return 0;
}

static int measure_foreign(double values[BENCH_KEYS_MAX], struct error *err) {
    (void)err;
    enum { PROOFS = 20 };
    struct arena arena = ARENA_INIT;
    struct path *path = path_open(1, &arena);
    path_height(path);
    struct hasher *hasher = ledger_pool_hasher(path->pools[0]);
    struct foreign_trust trust = {.ledger = path->id,
                                  .members = *ledger_members(path->nodes[0]),
                                  .height = 1,
                                  .age_max_ns = 1000,
                                  .hasher = hasher};
    double time_s = 0;
    for (uint32_t i = 0; i < PROOFS; i++) {
        struct codec_blob proof =
            foreign_prove_act(path->block, &path->certificate, 25 * i, hasher, &path->passing);
        struct foreign_act act;
        trust.verifier = verifier_create(&arena, 16); /* who has never seen these signatures */
        double start_s = bench_now_s();
        REQUIRE(foreign_check_act(&trust, 500, proof.bytes, proof.size, &arena, &act) == NULL);
        time_s += bench_now_s() - start_s;
    }
    values[0] = time_s / PROOFS * 1e6;
    path_close(path);
    arena_free(&arena);
    return 0;
}

static const struct bench_case decisions_case = {
    .keys = {{"decisions_n4_per_s", "1/s", "decisions of 4 members, without signatures", 50000,
              true},
             {"decision_n32_ms", "ms", "one decision of 32", 1, false},
             {"decision_n128_ms", "ms", "one decision of 128", 20, false}},
    .measure = measure_decisions};

static const struct bench_case trees_case = {
    .keys = {{"merkle_us_per_tx", "us", "leaf and tree of 500 transactions of 320 bytes", 0.5,
              false}},
    .measure = measure_trees};

static const struct bench_case path_case = {
    .keys = {{"tx_path_ratio", "",
              "Ed25519 sign + verify, bare, against a committed record of 320 bytes", 0.8, true},
             {"tx_path_per_s", "1/s", "records committed by 4 members in blocks of 500", 12300,
              true},
             {"tx_path_all_verify_ratio", "", "the same when each member verifies and executes",
              0.85, true}},
    .measure = measure_path};

static const struct bench_case foreign_case = {
    .keys = {{"foreign_proof_us", "us", "one act proved offline: quorum of 4, two paths", 2000,
              false}},
    .measure = measure_foreign};

const struct bench_case *const bench_ledger_cases[] = {
    &decisions_case, &trees_case, &path_case, &foreign_case, &bench_ledger_chain_case, NULL};
