/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: an inspection on a ledger abroad counts here by its proof alone, and a title changes hands
 * against its price or not at all. Method: two chains; the proof of an inspection, and each way in
 * which one proves nothing; sales that fail for every reason there is, after which money and title
 * are where they were. */
#include "core/ledger/foreign.h"
#include "tests/test.h"
#include "tests/unit/made_port.h"

static struct made_port port;     /* ours */
static struct made_ledger abroad; /* whose voter 10 inspects */
static struct arena arena;

static void act(uint32_t sender, enum contract_kind kind, const void *body, const char *expected) {
    CHECK_TEXT(port_act(&port, sender, kind, body), expected);
}

/* ---- recognition ---------------------------------------------------------------------------- */

enum { INSPECTOR = 10, OTHERS = 20 };

/* The proof that a record abroad holds an inspection of a case, made on a day. A record belongs to
 * whoever is first to write under its key, here a key a case. */
static struct codec_blob inspect(uint32_t sender, uint32_t number, uint8_t result, int64_t day) {
    struct contract_inspection inspection = {.number = port_number(number), .result = result};
    uint8_t bytes[64];
    size_t size = codec_encode(contract_kinds_inspection_rows, &inspection, bytes, sizeof bytes);
    struct record_body body = {.key = made_text(arena_format(&arena, "case %u", number)),
                               .value = {.bytes = bytes, .size = (uint32_t)size}};
    struct transaction *transaction =
        made_transaction(&abroad, sender, ledger_sequence(abroad.nodes[0], sender), KIND_RECORD,
                         execution_record_body_rows, &body);
    struct ledger_batch batch = made_batch(&abroad, &transaction, 1);
    batch.time_ns = day * MADE_DAY_NS;
    const struct block *block = ledger_make(abroad.nodes[0], &batch, &arena);
    struct consensus_certificate certificate = made_certificate(&abroad, block, 7);
    for (int i = 0; i < MADE_VOTERS; i++) {
        CHECK(ledger_commit(abroad.nodes[i], block, &certificate) == NULL);
    }
    return foreign_prove_act(block, &certificate, 0, abroad.hasher, &arena);
}

static void lodge(uint32_t number, uint8_t category) {
    struct contract_lodge_body body = {.number = port_number(number),
                                       .customs = CUSTOMS,
                                       .bank = BANK,
                                       .category = category,
                                       .value_e4 = EURO(100)};
    act(TRADER_A, KIND_LODGE, &body, "done");
}

static void recognise(uint32_t number, struct codec_blob proof, const char *expected) {
    struct contract_call_body body = {.contract = made_text("recognition"),
                                      .version = 1,
                                      .cost_max = 1000,
                                      .number = port_number(number),
                                      .proof = proof};
    act(TRADER_A, KIND_CALL, &body, expected);
}

static struct contract_trust_body trust_of(int64_t time_ns, int64_t age_max_ns) {
    struct contract_trust_body body = {
        .contract = made_text("recognition"),
        .trust = {.ledger = abroad.id, .height = 1, .time_ns = time_ns, .age_max_ns = age_max_ns}};
    const struct members *members = ledger_members(abroad.nodes[0]);
    size_t size = codec_encode(members_rows, members, NULL, 0);
    uint8_t *bytes = arena_alloc(&arena, size);
    codec_encode(members_rows, members, bytes, size);
    body.trust.members = (struct codec_blob){.bytes = bytes, .size = (uint32_t)size};
    return body;
}

static void test_trust(void) {
    struct contract_trust_body trust = trust_of(port.day * MADE_DAY_NS, 100 * MADE_DAY_NS);
    lodge(1, CATEGORY_FOOD);
    recognise(1, made_text("proof"), "the contract believes nobody abroad");
    act(TRADER_A, KIND_TRUST, &trust, "only the owner of a contract says whom it believes");
    act(CUSTOMS, KIND_TRUST, &trust, "done");
    struct contract_trust_body nobody = trust;
    nobody.trust.members.size--;
    act(CUSTOMS, KIND_TRUST, &nobody, "it is no list of members who decide");
    nobody = trust;
    nobody.trust.time_ns = -1;
    act(CUSTOMS, KIND_TRUST, &nobody, "times are not negative");
}

static void test_recognition(void) {
    int64_t day = port.day;
    struct codec_blob passed = inspect(INSPECTOR, 1, INSPECTION_PASSED, day);
    struct codec_blob altered = passed;
    recognise(1, made_text("proof"), "bytes: no proof of an act");
    for (uint32_t i = 0; i < 40; i++) { /* a bit wrong anywhere, the proof proves nothing */
        uint8_t *bytes = arena_alloc(&arena, passed.size);
        memcpy(bytes, passed.bytes, passed.size);
        bytes[(i * 7919 + 3) % passed.size] ^= (uint8_t)(1 << i % 8);
        altered.bytes = bytes;
        struct contract_call_body body = {.contract = made_text("recognition"),
                                          .version = 1,
                                          .cost_max = 1000,
                                          .number = port_number(1),
                                          .proof = altered};
        CHECK(strcmp(port_act(&port, TRADER_A, KIND_CALL, &body), "done") != 0);
    }
    lodge(2, CATEGORY_FOOD);
    recognise(2, passed, "the inspection is of other goods");
    recognise(2, inspect(OTHERS, 2, INSPECTION_PASSED, day),
              "the act abroad is not of the inspection service, or was refused");
    recognise(2, inspect(INSPECTOR, 2, INSPECTION_PASSED, day), /* refused: it is another's */
              "the act abroad is not of the inspection service, or was refused");
    lodge(6, CATEGORY_FOOD);
    recognise(6, inspect(INSPECTOR, 6, INSPECTION_FAILED, day), "the goods failed the inspection");
    port.day += 15;
    recognise(1, passed, "the inspection is too old for food");
    lodge(3, CATEGORY_MEDICINE);
    struct codec_blob third = inspect(INSPECTOR, 3, INSPECTION_PASSED, day);
    CHECK(!port_case(&port, 3).is_inspected);
    recognise(3, third, "done");
    CHECK(port_case(&port, 3).is_inspected);
    recognise(3, third, "the goods are inspected already");
    port.day += 86; /* 101 days after the list abroad was known */
    recognise(1, passed, "time: the list that is trusted is too old");
}

/* The trust moves on, in time, to the head of the chain abroad. */
static void test_following(void) {
    struct contract_follow_body body = {.contract = made_text("recognition")};
    inspect(INSPECTOR, 4, INSPECTION_PASSED, port.day - 2);
    struct record_body record = {.key = made_text("k"), .value = made_text("v")};
    struct transaction *transaction =
        made_transaction(&abroad, OTHERS, ledger_sequence(abroad.nodes[0], OTHERS), KIND_RECORD,
                         execution_record_body_rows, &record);
    struct ledger_batch batch = made_batch(&abroad, &transaction, 1);
    batch.time_ns = (port.day - 1) * MADE_DAY_NS;
    const struct block *block = ledger_make(abroad.nodes[0], &batch, &arena);
    struct consensus_certificate certificate = made_certificate(&abroad, block, 14);
    for (int i = 0; i < MADE_VOTERS; i++) {
        CHECK(ledger_commit(abroad.nodes[i], block, &certificate) == NULL);
    }
    body.proof = foreign_prove_members(abroad.nodes[0], block, &certificate, &arena);
    struct contract_follow_body wrong = body;
    wrong.proof.size--;
    act(TRADER_B, KIND_FOLLOW, &wrong, "bytes: no proof of members");
    act(TRADER_B, KIND_FOLLOW, &body, "done");
    lodge(5, CATEGORY_FOOD);
    recognise(5, inspect(INSPECTOR, 5, INSPECTION_PASSED, port.day - 1), "done");
}

/* ---- sale ----------------------------------------------------------------------------------- */

static struct title read_title(uint32_t number) {
    struct hash name = port_number(number);
    struct execution_key key = title_key(&name);
    struct codec_blob value;
    struct codec_fault fault;
    struct title title = {.holder = 0};
    CHECK(ledger_read(port.made.nodes[1], &key, &value) &&
          codec_decode(title_rows, value.bytes, value.size, &port.passing, &title, &fault) == 0);
    return title;
}

static void title(uint32_t sender, struct title_body body, const char *expected) {
    struct transaction *transaction = made_transaction(
        &port.made, sender, port.sequences[sender / 10 - 1]++, KIND_TITLE, title_body_rows, &body);
    CHECK(port_commit(&port, &transaction, 1) == NULL);
    struct codec_blob reason = port.block->receipts[0].reason;
    CHECK_TEXT(arena_text(&port.passing, (const char *)reason.bytes, reason.size), expected);
}

static void offer(uint32_t seller, uint32_t buyer, int64_t price_e4, uint64_t acts,
                  const char *expected) {
    struct contract_offer_body body = {.contract = made_text("sale"),
                                       .number = port_number(1),
                                       .acts = acts,
                                       .buyer = buyer,
                                       .price_e4 = price_e4};
    act(seller, KIND_OFFER, &body, expected);
}

static void buy(uint32_t buyer, const char *expected) {
    struct contract_call_body body = {
        .contract = made_text("sale"), .version = 1, .cost_max = 1000, .number = port_number(1)};
    act(buyer, KIND_CALL, &body, expected);
}

static void test_sale(void) {
    struct title_body issue = {
        .act = TITLE_issue, .number = port_number(1), .party = TRADER_A, .beneficiary = TRADER_A};
    buy(TRADER_B, "the title is not offered to the caller");
    title(CUSTOMS, issue, "issue");
    offer(TRADER_B, TRADER_A, EURO(10), 1, "only a beneficiary who is holder offers a title");
    offer(TRADER_A, TRADER_B, 0, 1, "an amount is positive");
    offer(TRADER_A, TRADER_A, EURO(10), 1, "a title is offered to another member");
    offer(TRADER_A, TRADER_B, EURO(10), 2, "the title has moved on");
    offer(TRADER_A, TRADER_B, EURO(60), 1, "done");
    buy(AGENCY, "the title is not offered to the caller");
    buy(TRADER_B, "the buyer has not enough money");
    CHECK_INT(read_title(1).holder, TRADER_A);
    CHECK_INT(port_balance(&port, TRADER_B), EURO(50));
    offer(TRADER_A, TRADER_B, EURO(50), 1, "done"); /* cheaper */
    /* The seller gives it away meanwhile, and gets it back. */
    title(TRADER_A,
          (struct title_body){
              .act = TITLE_transfer, .number = port_number(1), .acts = 1, .party = AGENCY},
          "transfer");
    buy(TRADER_B, "the title has moved on");
    title(AGENCY, (struct title_body){.act = TITLE_reject, .number = port_number(1), .acts = 2},
          "reject");
    buy(TRADER_B, "the title has moved on"); /* he offers once more, or doesn't */
    offer(TRADER_A, TRADER_B, EURO(50), 3, "done");
    buy(TRADER_B, "done");
    CHECK_INT(read_title(1).holder, TRADER_B);
    CHECK_INT(read_title(1).beneficiary, TRADER_B);
    CHECK_INT(port_balance(&port, TRADER_B), 0);
    CHECK_INT(port_balance(&port, TRADER_A), EURO(50));
    buy(TRADER_B, "the title is not offered to the caller");
    title(TRADER_B, (struct title_body){.act = TITLE_reject, .number = port_number(1), .acts = 4},
          "the act before was no transfer"); /* what is paid for is not given back */
}

int main(void) {
    static const struct transaction_kind *const kinds[] = {&execution_kind_record, NULL};
    port_open(&port, &ledger_type_chain);
    abroad = made_ledger(&arena, &ledger_type_chain, kinds);
    struct contract_issue_body money = {
        .member = TRADER_B, .currency = made_text("EUR"), .amount_e4 = EURO(50)};
    act(BANK, KIND_ISSUE, &money, "done");
    CHECK_TEXT(port_deploy(&port, CUSTOMS, "recognition", 1, INSPECTOR,
                           port_page(&port.lasting, "contract_recognition")),
               "done");
    CHECK_TEXT(port_deploy(&port, AGENCY, "sale", 1, 0, port_page(&port.lasting, "contract_sale")),
               "done");
    test_trust();
    test_recognition();
    test_following();
    test_sale();
    ledger_pool_close(abroad.pool);
    port_close(&port);
    arena_free(&arena);
    return test_summary();
}
