/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: each contract does what it promises and refuses the rest, and a refusal changes nothing.
 * Method: stories on a chain of four nodes with the pages of scenarios/rules, each way of a
 * contract once, with the reason of every refusal; after a refusal the state differs from the one
 * before in the sender's number only. */
#include "core/ledger/foreign.h"
#include "tests/test.h"
#include "tests/unit/made_port.h"

static struct made_port port;

/* The state that a transaction leads to that does nothing but count. */
static struct hash root_of_nothing(uint32_t sender) {
    struct contract_call_body nothing = {.contract = made_text("nothing")};
    struct transaction *transaction = port_send(&port, sender, KIND_CALL, &nothing);
    struct ledger_batch batch = made_batch(&port.made, &transaction, 1);
    batch.time_ns = port.day * MADE_DAY_NS + (int64_t)port.blocks + 1;
    port.sequences[sender / 10 - 1]--;
    return ledger_make(port.made.nodes[0], &batch, &port.passing)->header.state_root;
}

static void act(uint32_t sender, enum contract_kind kind, const void *body, const char *expected) {
    struct hash nothing = root_of_nothing(sender);
    const char *result = port_act(&port, sender, kind, body);
    CHECK_TEXT(result, expected);
    bool is_nothing = hash_equal(&nothing, &port.block->header.state_root);
    CHECK(is_nothing || strcmp(result, "done") == 0);
}

/* ---- short ways to write acts --------------------------------------------------------------- */

static void issue(uint32_t member, int64_t amount_e4, const char *expected) {
    struct contract_issue_body body = {
        .member = member, .currency = made_text("EUR"), .amount_e4 = amount_e4};
    act(BANK, KIND_ISSUE, &body, expected);
}

static struct contract_lodge_body goods(uint32_t number) {
    return (struct contract_lodge_body){.number = port_number(number),
                                        .customs = CUSTOMS,
                                        .bank = BANK,
                                        .category = CATEGORY_UNRESTRICTED,
                                        .end_use = END_USE_CIVIL,
                                        .chapter = made_text("84"),
                                        .origin = made_text("CN"),
                                        .purpose = made_text("trade"),
                                        .value_e4 = EURO(20000),
                                        .quantity = 70};
}

static void assess(uint32_t number, uint8_t category, int64_t duty_e4, const char *expected) {
    struct contract_assess_body body = {
        .number = port_number(number), .category = category, .duty_e4 = duty_e4};
    act(CUSTOMS, KIND_ASSESS, &body, expected);
}

static void pay(uint32_t sender, enum contract_kind kind, uint32_t number, int64_t amount_e4,
                const char *expected) {
    struct contract_payment_body body = {.number = port_number(number), .amount_e4 = amount_e4};
    act(sender, kind, &body, expected);
}

/* A call; `object` is the number of a licence or guarantee, or of a model. */
static struct contract_call_body call_of(const char *contract, uint32_t number, uint32_t object) {
    return (struct contract_call_body){.contract = made_text(contract),
                                       .version = 1,
                                       .cost_max = 1000,
                                       .number = port_number(number),
                                       .object = port_number(object)};
}

static void call(uint32_t sender, const char *contract, uint32_t number, uint32_t object,
                 const char *expected) {
    struct contract_call_body body = call_of(contract, number, object);
    if (object == 0) {
        body.object = (struct hash){.bytes = {0}};
    }
    act(sender, KIND_CALL, &body, expected);
}

static void choose(uint32_t number, int64_t score, const char *expected) {
    struct contract_call_body body = call_of("channel", number, 99);
    body.count = score;
    act(CUSTOMS, KIND_CALL, &body, expected);
}

/* A case of trader A that is assessed, in the green channel, licensed and approved. */
static void ready(uint32_t number, int64_t duty_e4) {
    struct contract_lodge_body body = goods(number);
    act(TRADER_A, KIND_LODGE, &body, "done");
    assess(number, CATEGORY_UNRESTRICTED, duty_e4, "done");
    choose(number, -300, "done");
    call(TRADER_A, "licence", number, 0, "done");
    call(TRADER_A, "approval", number, 0, "done");
}

static void set_up(void) {
    static const char *const types[] = {"approval",  "channel",     "escrow", "exemption",
                                        "guarantee", "instalments", "refund", "priority"};
    port_open(&port, &ledger_type_chain);
    issue(TRADER_A, EURO(5000), "done");
    for (unsigned i = 0; i < sizeof types / sizeof *types; i++) {
        const char *page =
            port_page(&port.lasting, arena_format(&port.lasting, "contract_%s", types[i]));
        CHECK_TEXT(port_deploy(&port, CUSTOMS, types[i], 1, 0, page), "done");
    }
    CHECK_TEXT(
        port_deploy(&port, CUSTOMS, "licence", 1, AGENCY, port_page(&port.lasting, "licence")),
        "done");
    struct contract_enrol_body known = {.member = TRADER_A, .trader = TRADER_AUTHORISED};
    act(CUSTOMS, KIND_ENROL, &known, "done");
}

/* ---- stories -------------------------------------------------------------------------------- */

static void test_escrow(void) {
    int64_t before_e4 = port_balance(&port, TRADER_A);
    struct contract_lodge_body body = goods(1);
    act(TRADER_A, KIND_LODGE, &body, "done");
    act(TRADER_B, KIND_LODGE, &body, "the case was lodged before");
    call(TRADER_A, "escrow", 1, 0, "customs have not assessed the duty");
    assess(1, CATEGORY_UNRESTRICTED, EURO(700), "done");
    pay(TRADER_A, KIND_DEPOSIT, 1, EURO(800), "done");
    pay(TRADER_B, KIND_DEPOSIT, 1, EURO(1), "only the declarant of a case deposits for it");
    pay(TRADER_A, KIND_DEPOSIT, 1, EURO(4201), "there is not enough money in the account");
    call(TRADER_A, "escrow", 1, 0, "the declaration is not approved");
    call(TRADER_A, "approval", 1, 0, "no channel was chosen");
    call(CUSTOMS, "channel", 1, 0, "a score comes with the hash of its model");
    choose(1, INT64_MIN, "a score is a number");
    choose(1, 1001, "missing, or outside of what the contract takes: risk_score");
    choose(1, -300, "done");
    choose(1, -300, "the channel was chosen before");
    call(TRADER_A, "approval", 1, 0, "the licence was not checked");
    call(TRADER_A, "licence", 1, 0, "done");
    call(TRADER_B, "approval", 1, 0, "the contract is not for this caller");
    call(TRADER_A, "approval", 1, 0, "done");
    call(TRADER_A, "approval", 1, 0, "the declaration was approved before");
    CHECK_INT(port_balance(&port, TRADER_A), before_e4 - EURO(800));
    CHECK_INT(port_balance(&port, CUSTOMS), 0);
    call(TRADER_A, "escrow", 1, 0, "done");
    CHECK_INT(port_balance(&port, TRADER_A), before_e4 - EURO(700));
    CHECK_INT(port_balance(&port, CUSTOMS), EURO(700));
    struct contract_case about = port_case(&port, 1);
    CHECK(about.is_released && about.escrow_e4 == 0 && about.paid_e4 == EURO(700));
    CHECK_INT(about.score, -300);
    CHECK_INT(about.channel, CHANNEL_GREEN);
    call(TRADER_A, "escrow", 1, 0, "the goods were released before");
    pay(TRADER_A, KIND_WITHDRAW, 1, 0, "nothing is in escrow");
}

static void test_withdrawal(void) {
    int64_t before_e4 = port_balance(&port, TRADER_A);
    ready(2, EURO(300));
    pay(TRADER_A, KIND_DEPOSIT, 2, EURO(299), "done");
    call(TRADER_A, "escrow", 2, 0, "the duty is neither in escrow nor guaranteed");
    pay(TRADER_A, KIND_WITHDRAW, 2, 1, "what is in escrow is withdrawn as a whole");
    pay(TRADER_B, KIND_WITHDRAW, 2, 0, "only the declarant of a case withdraws from it");
    pay(TRADER_A, KIND_WITHDRAW, 2, 0, "done");
    CHECK_INT(port_balance(&port, TRADER_A), before_e4);
}

static void test_licence(void) {
    struct contract_lodge_body body = goods(3);
    struct contract_license_body licence = {.number = port_number(300),
                                            .holder = TRADER_A,
                                            .category = CATEGORY_MEDICINE,
                                            .first_day = port.day,
                                            .last_day = port.day + 20,
                                            .quantity = 100};
    struct contract_revoke_body revoke = {.number = port_number(300)};
    body.category = CATEGORY_MEDICINE;
    act(TRADER_A, KIND_LODGE, &body, "done");
    call(TRADER_A, "licence", 3, 300, "a licence is needed and none was named");
    act(AGENCY, KIND_LICENSE, &licence, "done");
    act(AGENCY, KIND_LICENSE, &licence, "the licence was issued before");
    act(CUSTOMS, KIND_REVOKE, &revoke, "only the agency that issued a licence revokes it");
    port.day += 21;
    call(TRADER_A, "licence", 3, 300, "the licence has expired and may be renewed");
    licence.number = port_number(301);
    licence.first_day = licence.last_day = port.day; /* which counts */
    act(AGENCY, KIND_LICENSE, &licence, "done");
    call(TRADER_A, "licence", 3, 301, "done");
    body.number = port_number(4);
    act(TRADER_A, KIND_LODGE, &body, "done");
    call(TRADER_A, "licence", 4, 301, "the licence does not cover the quantity"); /* 30 left */
    assess(3, CATEGORY_MEDICINE, EURO(10), "done");
    choose(3, -300, "done");
    call(TRADER_A, "approval", 3, 0, "done");
    pay(TRADER_A, KIND_DEPOSIT, 3, EURO(10), "done");
    revoke.number = port_number(301);
    act(AGENCY, KIND_REVOKE, &revoke, "done");
    call(TRADER_A, "escrow", 3, 0, "restricted goods need a licence that is valid now");
    pay(TRADER_A, KIND_WITHDRAW, 3, 0, "done");
}

static void test_exemption(void) {
    ready(5, EURO(1000));
    call(TRADER_A, "exemption", 5, 0, "no relief for this purpose");
    struct contract_lodge_body body = goods(6);
    body.purpose = made_text("temporary");
    act(TRADER_A, KIND_LODGE, &body, "done");
    call(TRADER_A, "exemption", 6, 0, "customs have not assessed the duty");
    assess(6, CATEGORY_UNRESTRICTED, EURO(1000) + 5, "done");
    call(TRADER_A, "exemption", 6, 0, "done");
    CHECK_INT(port_case(&port, 6).relief_e4, 9700005); /* 97 % of 1000.0005, to the nearest */
    call(TRADER_A, "exemption", 6, 0, "an exemption comes once, before release and instalments");
    body = goods(7);
    body.purpose = made_text("return");
    act(TRADER_A, KIND_LODGE, &body, "done");
    assess(7, CATEGORY_UNRESTRICTED, EURO(1000), "done");
    call(TRADER_A, "exemption", 7, 0, "done");
    choose(7, -300, "done");
    call(TRADER_A, "licence", 7, 0, "done");
    call(TRADER_A, "approval", 7, 0, "done");
    call(TRADER_A, "escrow", 7, 0, "done"); /* exempt, so nothing is paid */
    CHECK(port_case(&port, 7).is_released && port_case(&port, 7).paid_e4 == 0);
}

static struct contract_guarantee guarantee_of(uint32_t number) {
    struct hash name = port_number(number);
    struct execution_key key = contract_state_key_hash(ENTRY_GUARANTEE, &name);
    struct contract_guarantee guarantee = {.guarantor = 0};
    port_read(&port, ENTRY_GUARANTEE, &key, &guarantee);
    return guarantee;
}

static void test_guarantee(void) {
    struct contract_pledge_body pledge = {.number = port_number(700),
                                          .principal = TRADER_A,
                                          .customs = CUSTOMS,
                                          .bank = BANK,
                                          .limit_e4 = EURO(500),
                                          .last_day = port.day + 29};
    ready(8, EURO(400));
    call(TRADER_A, "guarantee", 8, 700,
         "there is no such guarantee for this trader, customs and bank");
    act(TRADER_B, KIND_PLEDGE, &pledge, "done");
    act(TRADER_A, KIND_PLEDGE, &pledge, "the guarantee is another's");
    call(TRADER_A, "guarantee", 8, 700, "the guarantee ends too early");
    pledge.last_day++;
    act(TRADER_B, KIND_PLEDGE, &pledge, "done");
    call(TRADER_A, "guarantee", 8, 700, "done");
    call(TRADER_A, "guarantee", 8, 700, "nothing more is due");
    CHECK_INT(guarantee_of(700).used_e4, EURO(400));
    ready(9, EURO(400));
    call(TRADER_A, "guarantee", 9, 700, "the guarantee does not cover what is due");
    pledge.limit_e4 = EURO(399);
    act(TRADER_B, KIND_PLEDGE, &pledge, "a guarantee is not taken back while it is used");
    call(TRADER_A, "escrow", 8, 0, "done");
    pay(TRADER_A, KIND_SETTLE, 8, EURO(401), "less is due");
    pay(TRADER_A, KIND_SETTLE, 8, EURO(150), "done");
    CHECK_INT(guarantee_of(700).used_e4, EURO(250));
    CHECK_INT(port_case(&port, 8).guaranteed_e4, EURO(250));
    port.day += 30;
    pay(CUSTOMS, KIND_CLAIM, 8, EURO(250), "the term is not over");
    port.day++;
    pay(TRADER_B, KIND_CLAIM, 8, EURO(250), "only customs claim on a guarantee");
    pay(CUSTOMS, KIND_CLAIM, 8, EURO(251), "less is guaranteed");
    pay(CUSTOMS, KIND_CLAIM, 8, EURO(250), "there is not enough money in the account");
    issue(TRADER_B, EURO(250), "done");
    pay(CUSTOMS, KIND_CLAIM, 8, EURO(250), "done");
    CHECK_INT(guarantee_of(700).used_e4, 0);
    CHECK_INT(port_balance(&port, TRADER_B), 0);
}

static void test_instalments(void) {
    struct contract_call_body body = call_of("instalments", 10, 0);
    struct contract_pledge_body pledge = {.number = port_number(701),
                                          .principal = TRADER_A,
                                          .customs = CUSTOMS,
                                          .bank = BANK,
                                          .limit_e4 = EURO(5000),
                                          .last_day = port.day + 400};
    ready(10, EURO(1000));
    body.count = 7;
    act(TRADER_A, KIND_CALL, &body, "done");
    act(TRADER_A, KIND_CALL, &body,
        "instalments are agreed on once, before release, with nothing in escrow");
    CHECK_INT(port_case(&port, 10).plan_e4, EURO(1007)); /* 0.1 % a month in 2016 */
    call(TRADER_A, "escrow", 10, 0, "the duty is neither in escrow nor guaranteed");
    act(TRADER_B, KIND_PLEDGE, &pledge, "done");
    call(TRADER_A, "guarantee", 10, 701, "done");
    call(TRADER_A, "escrow", 10, 0, "done");
    assess(10, CATEGORY_UNRESTRICTED, EURO(1001),
           "after release and agreement on instalments only a lower duty is assessed");
    pay(TRADER_A, KIND_SETTLE, 10, EURO(1), "not the next instalment");
    int64_t paid_e4 = 0;
    for (int i = 0; i < 7; i++) {
        int64_t part_e4 = EURO(1007) * (i + 1) / 7 - EURO(1007) * i / 7;
        pay(TRADER_A, KIND_SETTLE, 10, part_e4, "done");
        paid_e4 += part_e4;
        CHECK_INT(guarantee_of(701).used_e4, EURO(1007) - paid_e4);
    }
    pay(TRADER_A, KIND_SETTLE, 10, 1, "less is due");
    CHECK_INT(port_case(&port, 10).paid_e4, EURO(1007));
}

static void refund(uint32_t number, int64_t amount_e4, const char *expected) {
    struct contract_call_body body = call_of("refund", number, 0);
    body.amount_e4 = amount_e4;
    act(TRADER_A, KIND_CALL, &body, expected);
}

static void test_refund(void) {
    int64_t before_e4 = port_balance(&port, TRADER_A);
    refund(1, EURO(5), "less than is given back"); /* nothing was paid too much */
    assess(1, CATEGORY_UNRESTRICTED, EURO(600), "done");
    refund(1, EURO(30), "done");
    CHECK_INT(port_balance(&port, TRADER_A), before_e4 + EURO(30));
    refund(1, EURO(200), "done"); /* no more than is left */
    CHECK_INT(port_balance(&port, TRADER_A), before_e4 + EURO(100));
    refund(1, EURO(1), "less than is given back");
    CHECK_INT(port_case(&port, 1).paid_e4, EURO(600));
    assess(1, CATEGORY_UNRESTRICTED, EURO(500), "done");
    struct contract_redeem_body all = {.bank = BANK, .amount_e4 = port_balance(&port, CUSTOMS)};
    act(CUSTOMS, KIND_REDEEM, &all, "done");
    refund(1, EURO(100), "there is not enough money in the account");
}

static void test_priority(void) {
    struct contract_enrol_body enrol = {.member = TRADER_B, .trader = TRADER_PARTICIPANT};
    struct contract_lodge_body body = goods(11);
    act(TRADER_B, KIND_LODGE, &body, "done");
    call(TRADER_B, "priority", 11, 0, "done");
    CHECK_INT(port_case(&port, 11).rank, 0);
    act(CUSTOMS, KIND_ENROL, &enrol, "done");
    call(TRADER_B, "priority", 11, 0, "done");
    CHECK_INT(port_case(&port, 11).rank, 3);
    port.day += 365;
    call(TRADER_B, "priority", 11, 0, "done");
    CHECK_INT(port_case(&port, 11).rank, 4);
}

/* A contract of others, or one that takes other money, is no way around. */
static void test_strangers(void) {
    const char *page = port_page(&port.lasting, "contract_escrow");
    struct contract_issue_body own = {
        .member = TRADER_A, .currency = made_text("EUR"), .amount_e4 = EURO(1)};
    act(TRADER_A, KIND_ISSUE, &own, "done"); /* a bank of his own */
    struct contract_deploy_body body = {.name = made_text("strange"),
                                        .type = made_text("escrow"),
                                        .version = 1,
                                        .bank = TRADER_A,
                                        .page = made_text(page)};
    act(CUSTOMS, KIND_DEPLOY, &body, "done");
    body.name = made_text("stranger");
    body.bank = BANK;
    act(TRADER_A, KIND_DEPLOY, &body, "done");
    ready(12, EURO(0));
    call(TRADER_A, "strange", 12, 0, "the contract takes the money of another bank");
    call(TRADER_A, "stranger", 12, 0, "the contract is not of the customs of the case");
    call(TRADER_A, "escrow", 12, 0, "done");
}

int main(void) {
    set_up();
    test_escrow();
    test_withdrawal();
    test_licence();
    test_exemption();
    test_guarantee();
    test_instalments();
    test_refund();
    test_priority();
    test_strangers();
    port_close(&port);
    return test_summary();
}
