/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: a contract comes and changes by transactions of its owner only; calls of it are bounded,
 * leave a receipt that says by which rule, and come out the same at every node. Method: a chain,
 * each refusal once; a rate that changes by a new version and by a date; receipts read back; twice
 * the money in one block; more pages than are kept compiled. */
#include "tests/test.h"
#include "tests/unit/made_port.h"

static struct made_port port;

static const char *page_of(int64_t rank, const char *more) {
    return arena_format(&port.lasting,
                        "clearlab: 1\ntable: t\n%s"
                        "inputs: {category: text}\n"
                        "parameters: {rank_of_all: [{from: 2016-01-01, value: %d},"
                        " {from: 2016-08-01, value: %d}]}\n"
                        "outputs: {rank: integer}\n"
                        "rules: {all_goods: {then: rank_of_all, reference: Article %d}}\n",
                        more, (int)rank, (int)rank + 100, (int)rank);
}

static void deploy(uint32_t owner, const char *type, uint32_t version, const char *page,
                   const char *expected) {
    CHECK_TEXT(port_deploy(&port, owner, type, version, 0, page), expected);
}

static struct contract_call_body call_of(uint32_t version) {
    return (struct contract_call_body){.contract = made_text("priority"),
                                       .version = version,
                                       .cost_max = 1000,
                                       .number = port_number(1)};
}

static void call(uint32_t version, const char *expected) {
    struct contract_call_body body = call_of(version);
    CHECK_TEXT(port_act(&port, TRADER_A, KIND_CALL, &body), expected);
}

static void lodge(uint32_t number) {
    struct contract_lodge_body body = {.number = port_number(number),
                                       .customs = CUSTOMS,
                                       .bank = BANK,
                                       .category = CATEGORY_FOOD,
                                       .value_e4 = EURO(100)};
    CHECK_TEXT(port_act(&port, TRADER_A, KIND_LODGE, &body), "done");
}

static void issue(uint32_t member, int64_t amount_e4) {
    struct contract_issue_body body = {
        .member = member, .currency = made_text("EUR"), .amount_e4 = amount_e4};
    CHECK_TEXT(port_act(&port, BANK, KIND_ISSUE, &body), "done");
}

static void test_deploying(void) {
    deploy(CUSTOMS, "priority", 1, page_of(1, ""), "there is no such bank");
    issue(TRADER_A, EURO(100));
    deploy(CUSTOMS, "priority", 2, page_of(1, ""), "the first version of a contract is 1");
    deploy(CUSTOMS, "priorty", 1, page_of(1, ""), "there is no such type of contracts");
    deploy(CUSTOMS, "priority", 1, page_of(1, "currency: USD\n"),
           "the page is in another currency than the bank");
    deploy(CUSTOMS, "priority", 1, "clearlab: 1\ntable: [", "page:2:9: expected a value here");
    deploy(CUSTOMS, "priority", 1, page_of(1, "hit: firsst\n"),
           "page:3:6: hit: there is no hit policy 'firsst'; did you mean 'first'?");
    deploy(CUSTOMS, "priority", 1, page_of(1, ""), "done");
    deploy(TRADER_A, "priority", 2, page_of(9, ""), "the contract is another's");
    deploy(CUSTOMS, "priority", 1, page_of(2, ""), "not the next version of the contract");
    deploy(CUSTOMS, "priority", 3, page_of(2, ""), "not the next version of the contract");
    struct contract_deploy_body other = {.name = made_text("priority"),
                                         .type = made_text("approval"),
                                         .version = 2,
                                         .page = made_text(page_of(2, ""))};
    CHECK_TEXT(port_act(&port, CUSTOMS, KIND_DEPLOY, &other), "a contract keeps its type");
    struct contract_deploy_body nameless = {.type = made_text("priority"), .version = 1};
    CHECK_TEXT(port_act(&port, CUSTOMS, KIND_DEPLOY, &nameless),
               "a contract has a name, and an owner other than 0");
    struct contract_deploy_body poor = {.name = made_text("duty"),
                                        .type = made_text("escrow"),
                                        .version = 1,
                                        .page =
                                            made_text(port_page(&port.lasting, "contract_escrow"))};
    CHECK_TEXT(port_act(&port, CUSTOMS, KIND_DEPLOY, &poor),
               "a contract of this type names a bank");
}

/* Few bytes that would take much memory: 126 days on which something changes, times 500 rules. */
static void test_large_page(void) {
    char *text = arena_alloc(&port.lasting, CONTRACT_PAGE_SIZE_MAX + 1);
    size_t size = 0, room = CONTRACT_PAGE_SIZE_MAX;
    size += (size_t)snprintf(text, room,
                             "clearlab: 1\ntable: t\nhit: first\ncomplete: false\n"
                             "inputs: {days_as_trader: {type: integer, optional: true}, "
                             "rank: {type: integer, optional: true}}\n"
                             "outputs: {days: integer, decision: {type: text, "
                             "choices: [accept]}}\nparameters: {p: [");
    for (int i = 0; i < 126; i++) {
        size += (size_t)snprintf(text + size, room - size, "%s{from: 2016-%02d-%02d, value: %d}",
                                 i == 0 ? "" : ",", 1 + i / 28, 1 + i % 28, i);
    }
    size += (size_t)snprintf(text + size, room - size, "]}\nrules:\n");
    for (int i = 0; size + 100 < room; i++) {
        size += (size_t)snprintf(text + size, room - size,
                                 " r%d: {when: {days_as_trader: %d, rank: %d}, "
                                 "then: {days: 1, decision: accept}}\n",
                                 i, i, i);
    }
    deploy(CUSTOMS, "guarantee", 1, text, "the page is too large");
}

static void check_note(uint32_t version, const char *reference) {
    const struct receipt *receipt = &port.block->receipts[0];
    struct contract_note note;
    struct codec_fault fault;
    CHECK_INT(codec_decode(contract_kinds_note_rows, receipt->note.bytes, receipt->note.size,
                           &port.passing, &note, &fault),
              0);
    CHECK_INT(note.version, version);
    CHECK(receipt->cost > 0);
    CHECK_TEXT(arena_text(&port.passing, (const char *)note.rule.bytes, note.rule.size),
               "all_goods");
    CHECK_TEXT(arena_text(&port.passing, (const char *)note.reference.bytes, note.reference.size),
               reference);
    CHECK_TEXT(arena_text(&port.passing, (const char *)receipt->reason.bytes, receipt->reason.size),
               "all_goods");
}

static void test_calling(void) {
    call(1, "there is no such case");
    lodge(1);
    call(1, "done");
    CHECK_INT(port_case(&port, 1).rank, 1);
    check_note(1, "Article 1");
    deploy(CUSTOMS, "priority", 2, page_of(2, "to: 2017-12-31\n"), "done");
    call(1, "the contract has another version");
    call(2, "done");
    CHECK_INT(port_case(&port, 1).rank, 2);
    check_note(2, "Article 2");
    port.day = 17014; /* 2016-08-01: the rate changes by its date */
    call(2, "done");
    CHECK_INT(port_case(&port, 1).rank, 102);
    struct contract_call_body dear = call_of(2);
    dear.cost_max = 1;
    CHECK_TEXT(port_act(&port, TRADER_A, KIND_CALL, &dear),
               "the contract may cost more than the caller agrees to");
    port.day = 17531; /* 2017-12-31 */
    call(2, "done");
    port.day++;
    call(2, "the contract is not in force on this day");
    struct contract_call_body none = call_of(2);
    none.contract = made_text("priorities");
    CHECK_TEXT(port_act(&port, TRADER_A, KIND_CALL, &none), "there is no such contract");
    CHECK_TEXT(port_act(&port, TRADER_A, KIND_CALL, &(struct contract_call_body){.version = 2}),
               "there is no such contract");
    deploy(CUSTOMS, "priority", 3, page_of(901, ""), "done");
    call(3, "there are ranks up to 1000");
    deploy(CUSTOMS, "priority", 4, page_of(3, ""), "done");
}

/* Both transactions spend all; a transaction once more has no place. */
static void test_double_spending(void) {
    struct transaction *both[3];
    lodge(2);
    struct contract_payment_body body = {.number = port_number(1), .amount_e4 = EURO(100)};
    both[0] = port_send(&port, TRADER_A, KIND_DEPOSIT, &body);
    body.number = port_number(2);
    both[1] = port_send(&port, TRADER_A, KIND_DEPOSIT, &body);
    both[2] = both[0];
    CHECK(port_commit(&port, both, 3) == NULL);
    CHECK_INT(port.block->header.transaction_count, 2);
    CHECK(!port.block->receipts[0].is_refused && port.block->receipts[1].is_refused);
    CHECK_INT(port_balance(&port, TRADER_A), 0);
    CHECK_INT(port_case(&port, 1).escrow_e4, EURO(100));
    CHECK_INT(port_case(&port, 2).escrow_e4, 0);
    CHECK(port_commit(&port, both, 1) == NULL);
    CHECK_INT(port.block->header.transaction_count, 0);
}

/* The page of a contract is forgotten when 64 others were asked for, and compiled again. */
static void test_forgetting(void) {
    for (int i = 0; i < 70; i++) {
        struct contract_deploy_body body = {
            .name = made_text(arena_format(&port.lasting, "rank_%d", i)),
            .type = made_text("priority"),
            .version = 1,
            .page = made_text(page_of(200 + i, ""))};
        CHECK_TEXT(port_act(&port, CUSTOMS, KIND_DEPLOY, &body), "done");
    }
    call(4, "done");
    CHECK_INT(port_case(&port, 1).rank, 103);
}

/* A body that is none of its kind, and money that is none. */
static void test_bodies(void) {
    struct contract_issue_body body = {
        .member = TRADER_A, .currency = made_text("EUR"), .amount_e4 = EURO(1)};
    struct transaction *transaction = port_send(&port, BANK, KIND_ISSUE, &body);
    struct transaction shorter = *transaction;
    shorter.body.size--;
    struct signing_key secret = made_secret(BANK);
    transaction_sign(&shorter, &secret, port.made.hasher, &port.passing);
    struct transaction *wrong = &shorter;
    CHECK(port_commit(&port, &wrong, 1) == NULL);
    CHECK(port.block->receipts[0].is_refused);
    body.amount_e4 = -1;
    CHECK_TEXT(port_act(&port, BANK, KIND_ISSUE, &body),
               "an amount is positive, and a currency three letters");
    body.amount_e4 = 1;
    body.currency = made_text("USD");
    CHECK_TEXT(port_act(&port, BANK, KIND_ISSUE, &body), "the bank has another currency");
    body.currency = made_text("EUR");
    body.amount_e4 = CONTRACT_AMOUNT_MAX_E4;
    for (int i = 0; i < 399; i++) {
        CHECK_TEXT(port_act(&port, BANK, KIND_ISSUE, &body), "done");
    }
    CHECK_TEXT(port_act(&port, BANK, KIND_ISSUE, &body), "the bank has issued all that it can");
    struct contract_redeem_body redeem = {.bank = AGENCY, .amount_e4 = 1};
    CHECK_TEXT(port_act(&port, TRADER_A, KIND_REDEEM, &redeem), "there is no such bank");
}

int main(void) {
    port_open(&port, &ledger_type_chain);
    test_deploying();
    test_large_page();
    test_calling();
    test_double_spending();
    test_forgetting();
    test_bodies();
    port_close(&port);
    return test_summary();
}
