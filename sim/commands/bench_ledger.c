/* SPDX-License-Identifier: GPL-3.0-or-later
 * bench_ledger.c - decisions of members who hear everything at once, Merkle trees of blocks, calls
 * of contracts, and transactions that call one all the way from their signature to the commit,
 * against bare signatures. */
#include "sim/commands/bench.h"

#include "core/base/arena.h"
#include "core/base/require.h"
#include "core/contract/contract_kinds.h"
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

/* ---- calls of contracts --------------------------------------------------------------------- */

enum { QUESTIONS = 1024, CALLS = 1000000, CALL_DAY = 17000 };

/* Five facts of four kinds, nine rules, parameters by date. */
static const char channel_page[] =
    "clearlab: 1\ntable: channel\nhit: first\n"
    "inputs:\n"
    "  risk_score: {type: integer, range: -1000 .. 1000}\n"
    "  trader: {type: text, choices: [new, known, participant, authorised]}\n"
    "  chapter: {type: text}\n"
    "  value: {type: money}\n"
    "  draw: {type: share}\n"
    "parameters:\n"
    "  high: [{from: 2016-01-01, value: 400}, {from: 2019-01-01, value: 300}]\n"
    "  share: 2 %\n"
    "outputs:\n"
    "  channel: {type: text, choices: [red, yellow, green]}\n"
    "rules:\n"
    "  arms: {when: {chapter: [36, 93]}, then: red, reference: Article 1}\n"
    "  high_risk: {when: {risk_score: at least high}, then: red, reference: Article 2}\n"
    "  random: {when: {trader: not(authorised), draw: less than share}, then: red}\n"
    "  food: {when: {chapter: [02, 03, 04, 16, 22], risk_score: at least 200}, then: yellow}\n"
    "  medium: {when: {risk_score: at least 100, trader: not(authorised)}, then: yellow}\n"
    "  textiles: {when: {chapter: [61, 62, 63], value: more than 9000 EUR}, then: yellow}\n"
    "  dear: {when: {trader: new, value: more than 50000 EUR}, then: yellow}\n"
    "  cheap: {when: {value: at most 150 EUR}, then: green, reference: Article 23}\n"
    "  others: {then: green}\n";

static void draw_facts(struct contract_facts facts[QUESTIONS]) {
    uint64_t state = 11;
    memset(facts, 0, QUESTIONS * sizeof *facts);
    for (unsigned i = 0; i < QUESTIONS; i++) {
        uint32_t numbers[5];
        for (unsigned k = 0; k < 5; k++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            numbers[k] = (uint32_t)(state >> 33);
        }
        facts[i].risk_score = numbers[0] % 1000 - (int64_t)500;
        facts[i].trader = (uint8_t)(TRADER_NEW + numbers[1] % 4);
        facts[i].chapter[0] = (char)('0' + numbers[2] % 9);
        facts[i].chapter[1] = (char)('1' + numbers[2] / 9 % 9);
        facts[i].value_e4 = numbers[3] % 1000000000;
        facts[i].draw_e9 = numbers[4] % 1000000000;
    }
}

/* From the facts of a case to the decision: the facts that the page asks for are read, the table is
 * evaluated with its cost counted, and the outcome, rule and article are written. */
static int measure_calls(double values[BENCH_KEYS_MAX], struct error *err) {
    struct arena arena = ARENA_INIT;
    struct contract_facts *facts = ARENA_ARRAY(&arena, struct contract_facts, QUESTIONS);
    struct rule_result *result = ARENA_NEW(&arena, struct rule_result);
    const struct node *file =
        node_read_text(&arena, "page", channel_page, strlen(channel_page), err);
    const struct contract *contract =
        file == NULL ? NULL : contract_compile(&contract_type_channel, file, &arena, err);
    if (contract != NULL) {
        uint64_t cost = 0;
        draw_facts(facts);
        double start_s = bench_now_s();
        for (unsigned i = 0; i < CALLS; i++) {
            struct contract_decision decision;
            contract_decide(contract, &facts[i % QUESTIONS], CALL_DAY, result, &decision);
            cost += decision.cost + decision.outcome.channel;
        }
        values[0] = (bench_now_s() - start_s) * 1e9 / CALLS;
        REQUIRE(cost > CALLS);
    }
    arena_free(&arena);
    return contract != NULL ? 0 : -1;
}

/* ---- the path of a transaction -------------------------------------------------------------- */

enum { NODES = 4, BLOCKS = 4, CASES = 10000 };

/* Four voters, numbered 1 .. 4, who are also the senders, each with a node and a consensus machine.
 * With one pool a signature is verified and a block executed once; with four, by every node. */
struct path {
    struct arena lasting, passing; /* passing: of one height */
    uint32_t pool_count;
    struct contract_engine *engines[NODES];
    struct ledger_pool *pools[NODES];
    struct ledger *nodes[NODES];
    struct consensus *machines[NODES];
    struct signing_key keys[NODES];
    struct hash id;
    uint64_t sequences[NODES];
    uint32_t sent_count;
    struct ledger_batch batch;
    const struct block *block; /* of this height */
    struct consensus_certificate certificate;
    struct consensus_output output;
    struct consensus_vote votes[8 * NODES]; /* on their way */
    uint32_t first, count;
};

/* By the class of the trader, the goods and the channel: facts of the case and of an entry beside
 * it. */
static const char priority_page[] =
    "clearlab: 1\ntable: priority\nhit: first\n"
    "inputs:\n"
    "  trader: {type: text, choices: [new, known, participant, authorised]}\n"
    "  days_as_trader: {type: integer, range: 0 ..}\n"
    "  channel: {type: text, choices: [green, yellow, red], optional: true}\n"
    "  category: {type: text, choices: [unrestricted, food, medicine, dual_use]}\n"
    "outputs: {rank: integer}\n"
    "rules:\n"
    "  medicine_first: {when: {category: medicine}, then: 9}\n"
    "  authorised: {when: {trader: authorised, channel: not(red)}, then: 5}\n"
    "  participant: {when: {trader: participant, days_as_trader: at least 365}, then: 4}\n"
    "  perishable: {when: {category: food}, then: 2, reference: Article 7(9)}\n"
    "  everybody_else: {then: 1}\n";

static struct members path_members(struct path *path) {
    struct member *list = ARENA_ARRAY(&path->lasting, struct member, NODES);
    for (uint32_t i = 0; i < NODES; i++) {
        uint8_t seed[SIGNATURE_SEED_SIZE] = {(uint8_t)i, 1};
        path->keys[i] = signature_key_from_seed(seed);
        struct member_key *key = ARENA_NEW(&path->lasting, struct member_key);
        *key = (struct member_key){.key = signature_public_key(&path->keys[i]),
                                   .to_height = MEMBER_KEY_OPEN};
        list[i] =
            (struct member){.number = i + 1, .is_voter = true, .keys = {.count = 1, .items = key}};
    }
    return (struct members){.list = {.count = NODES, .items = list}};
}

static struct hash case_number(uint32_t number) {
    struct hash hash = {.bytes = {1}};
    memcpy(hash.bytes + 4, &number, sizeof number);
    return hash;
}

/* The contract first, then the cases, then a call about each, over and over. Returns the size. */
static size_t path_body(const struct path *path, uint32_t *kind, uint8_t bytes[]) {
    uint32_t number = path->sent_count;
    static const uint8_t filling[100]; /* makes it 320 bytes with head and signature */
    struct codec_blob name = {.bytes = (const uint8_t *)"priority", .size = 8};
    struct contract_deploy_body deploy = {
        .name = name,
        .type = name,
        .version = 1,
        .page = {.bytes = (const uint8_t *)priority_page, .size = sizeof priority_page - 1}};
    struct contract_lodge_body lodge = {.number = case_number(number),
                                        .customs = 1,
                                        .bank = 1,
                                        .category = (uint8_t)(1 + number / 4 % 4)};
    struct contract_call_body call = {.contract = name,
                                      .version = 1,
                                      .cost_max = 1000,
                                      .number =
                                          case_number(number % CASES > 0 ? number % CASES : 4),
                                      .proof = {.bytes = filling, .size = sizeof filling}};
    *kind = number == 0 ? KIND_DEPLOY : number < CASES ? KIND_LODGE : KIND_CALL;
    const void *body = number == 0      ? (const void *)&deploy
                       : number < CASES ? (const void *)&lodge
                                        : (const void *)&call;
    return codec_encode(contract_kinds_rows((enum contract_kind) * kind), body, bytes, 2048);
}

/* The transaction as its sender sends it. */
static struct codec_blob path_send(struct path *path, uint32_t sender, struct hasher *hasher) {
    uint8_t body[2048];
    uint32_t kind;
    size_t size = path_body(path, &kind, body);
    struct transaction transaction = {.ledger = path->id,
                                      .sender = sender + 1,
                                      .sequence = path->sequences[sender]++,
                                      .kind = kind,
                                      .body = {.bytes = body, .size = (uint32_t)size}};
    path->sent_count++;
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
    path->batch.proposer = node + 1;
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
    for (uint32_t i = 0; i < TRANSACTION_COUNT; i++) {
        REQUIRE(!path->block->receipts[i].is_refused);
    }
}

static struct path *path_open(uint32_t pool_count, struct arena *arena) {
    static const struct consensus_times times = {1, 1, 1, 1, 1};
    struct path *path = ARENA_NEW(arena, struct path);
    struct ledger_genesis genesis = {.members = path_members(path)};
    path->pool_count = pool_count;
    for (uint32_t i = 0; i < pool_count; i++) {
        path->engines[i] = contract_kinds_open(&path->lasting);
        path->pools[i] =
            ledger_pool_open(&genesis, contract_kinds_list(path->engines[i]), 8192, &path->lasting);
    }
    path->id = ledger_pool_id(path->pools[0]);
    for (uint32_t i = 0; i < NODES; i++) {
        path->nodes[i] =
            ledger_create(path->pools[i % pool_count], &ledger_type_chain, &path->lasting);
        path->machines[i] = consensus_create(&path->lasting, NODES, 1, &times);
        consensus_next(path->machines[i], i, NODES, &path->output);
    }
    while (path->sent_count < CASES) {
        path_height(path);
        arena_free(&path->passing);
    }
    return path;
}

static void path_close(struct path *path) {
    for (uint32_t i = 0; i < path->pool_count; i++) {
        ledger_pool_close(path->pools[i]);
        contract_kinds_close(path->engines[i]);
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

static const struct bench_case calls_case = {
    .keys = {{"contract_call_ns", "ns", "a contract: facts of a case to decision, rule and cost",
              100, false}},
    .measure = measure_calls};

static const struct bench_case path_case = {
    .keys = {{"tx_path_ratio", "",
              "Ed25519 sign + verify, bare, against a committed call of 320 bytes", 0.8, true},
             {"tx_path_per_s", "1/s", "calls of a contract committed by 4 in blocks of 500", 12300,
              true},
             {"tx_path_all_verify_ratio", "", "the same when each member verifies and executes",
              0.85, true}},
    .measure = measure_path};

static const struct bench_case foreign_case = {
    .keys = {{"foreign_proof_us", "us", "one act proved offline: quorum of 4, two paths", 2000,
              false}},
    .measure = measure_foreign};

const struct bench_case *const bench_ledger_cases[] = {
    &decisions_case,          &trees_case, &calls_case, &path_case, &foreign_case,
    &bench_ledger_chain_case, NULL};
