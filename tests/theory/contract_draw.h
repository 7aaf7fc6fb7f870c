/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_draw.h - acts on contracts, drawn, right ones and wrong ones, and what the model says of
 * each. */
#ifndef TESTS_THEORY_CONTRACT_DRAW_H
#define TESTS_THEORY_CONTRACT_DRAW_H

#include "tests/theory/contract_model.h"
#include "tests/unit/made_port.h"

enum { BLOCK_ACTS_MAX = 6 };

/* Each grants whatever it is asked. */
static const struct contract_page {
    const char *type, *inputs, *outputs, *then;
} pages[] = {
    {"licence", "assessed: boolean", "decision: {type: text, choices: [release]}",
     "decision: release"},
    {"exemption", "assessed: boolean", "decision: {type: text, choices: [exempt]}, relief: share",
     "decision: exempt, relief: 97 %"},
    {"escrow", "assessed: boolean", "decision: {type: text, choices: [release]}",
     "decision: release"},
    {"guarantee", "assessed: boolean", "decision: {type: text, choices: [accept]}, days: integer",
     "decision: accept, days: 30"},
    {"instalments", "instalments_asked: integer",
     "decision: {type: text, choices: [agree]}, count: integer, surcharge: share",
     "decision: agree, count: instalments_asked, surcharge: instalments_asked * 0.1 %"},
    {"refund", "claimed: money", "decision: {type: text, choices: [refund]}, amount: money",
     "decision: refund, amount: claimed"},
    {"sale", "price: money", "decision: {type: text, choices: [transfer]}", "decision: transfer"},
};
enum { PAGES = sizeof pages / sizeof *pages };

struct run {
    struct made_port port;
    struct model model;
    uint64_t random_state;
    uint32_t next_number;
    struct transaction *transactions[BLOCK_ACTS_MAX];
    bool expected[BLOCK_ACTS_MAX];
    uint32_t count;
    uint64_t done, refused;
    struct arena findings;
    const char *finding; /* NULL: none yet */
    struct hash root;    /* of the state at the end */
};

static inline uint32_t draw(struct run *run, uint32_t below) {
    run->random_state = run->random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(run->random_state >> 33) % below;
}

static inline bool is_rare(struct run *run) {
    return draw(run, 12) == 0;
}

static inline void send(struct run *run, uint32_t sender, enum contract_kind kind, const void *body,
                        bool expected) {
    run->transactions[run->count] = port_send(&run->port, sender, kind, body);
    run->expected[run->count++] = expected;
}

static inline uint32_t trader(struct run *run) {
    return draw(run, 2) == 0 ? TRADER_A : TRADER_B;
}

/* Mostly the declarant of the case. */
static inline uint32_t sender_for(struct run *run, const struct model_case *c) {
    return is_rare(run) || c->declarant == 0 ? trader(run) : c->declarant;
}

/* An amount at or around another, or any. */
static inline int64_t amount_near(struct run *run, int64_t amount) {
    switch (draw(run, 8)) {
    case 0:
        return amount + 1;
    case 1:
        return amount - 1;
    case 2:
        return draw(run, 20000000);
    default:
        return amount;
    }
}

/* ---- acts ----------------------------------------------------------------------------------- */

static inline void draw_money(struct run *run) {
    uint32_t member = is_rare(run) ? CUSTOMS : trader(run);
    int64_t amount = draw(run, 15000000), *balance = model_balance(&run->model, member);
    if (draw(run, 2) == 0) {
        struct contract_issue_body body = {
            .member = member, .currency = made_text("EUR"), .amount_e4 = amount};
        send(run, BANK, KIND_ISSUE, &body, amount > 0);
        *balance += amount;
        run->model.issued += amount;
        return;
    }
    amount = amount_near(run, is_rare(run) ? *balance : amount);
    struct contract_redeem_body body = {.bank = BANK, .amount_e4 = amount};
    bool is_done = amount > 0 && amount <= *balance;
    send(run, member, KIND_REDEEM, &body, is_done);
    *balance -= is_done ? amount : 0;
    run->model.issued -= is_done ? amount : 0;
}

static inline void draw_lodge(struct run *run, struct model_case *c) {
    bool is_over = c->declarant == 0 || (c->released && c->guaranteed == 0 && c->escrow == 0);
    uint32_t number = is_over ? run->next_number++ : c->number, declarant = trader(run);
    struct contract_lodge_body body = {.number = port_number(number),
                                       .customs = CUSTOMS,
                                       .bank = BANK,
                                       .category = (uint8_t)(1 + draw(run, 2) * draw(run, 4)),
                                       .end_use = END_USE_CIVIL,
                                       .value_e4 = draw(run, 1000),
                                       .quantity = 1 + draw(run, 40)};
    send(run, declarant, KIND_LODGE, &body, is_over);
    if (is_over) {
        *c = (struct model_case){.number = number,
                                 .declarant = declarant,
                                 .category = body.category,
                                 .quantity = body.quantity};
    }
}

static inline void draw_assess(struct run *run, struct model_case *c) {
    uint32_t sender = is_rare(run) ? trader(run) : CUSTOMS;
    struct contract_assess_body body = {.number = port_number(c->number),
                                        .category = (uint8_t)(c->category == 0 ? 1 : c->category),
                                        .duty_e4 = draw(run, 9000000)};
    if (c->released || c->parts > 0) {
        body.duty_e4 = c->duty - draw(run, 500000) + draw(run, 20000);
        body.duty_e4 = body.duty_e4 < 0 ? 0 : body.duty_e4;
    }
    if (is_rare(run)) {
        body.category = (uint8_t)(1 + draw(run, 4));
    }
    send(run, sender, KIND_ASSESS, &body,
         model_assess(&run->model, c, sender, body.category, body.duty_e4));
}

static inline void draw_payment(struct run *run, struct model_case *c) {
    struct model *model = &run->model;
    struct contract_payment_body body = {.number = port_number(c->number)};
    uint32_t sender = sender_for(run, c), kind = draw(run, 8);
    if (kind < 3) {
        body.amount_e4 = amount_near(run, model_due(c) + (draw(run, 2) == 0 ? 0 : 1000000));
        send(run, sender, KIND_DEPOSIT, &body, model_deposit(model, c, sender, body.amount_e4));
    } else if (kind == 3) {
        send(run, sender, KIND_WITHDRAW, &body, model_withdraw(model, c, sender));
    } else if (kind < 6) {
        body.amount_e4 = amount_near(run, c->parts > 0 ? model_part(c) : model_due(c));
        send(run, sender, KIND_SETTLE, &body, model_settle(model, c, sender, body.amount_e4));
    } else {
        sender = is_rare(run) ? sender : CUSTOMS;
        body.amount_e4 = amount_near(run, c->guaranteed);
        send(run, sender, KIND_CLAIM, &body, model_claim(model, c, sender, body.amount_e4));
    }
}

/* A licence that no case stands on makes room for another one. */
static inline void draw_licence(struct run *run) {
    struct model_licence *l = &run->model.licences[draw(run, MODEL_LICENCES)];
    bool is_used = false;
    for (int i = 0; i < MODEL_CASES; i++) {
        is_used = is_used || (l->number != 0 && run->model.cases[i].licence == l->number);
    }
    if (draw(run, 5) == 0 && l->number != 0) {
        struct contract_revoke_body body = {.number = port_number(l->number)};
        send(run, is_rare(run) ? CUSTOMS : AGENCY, KIND_REVOKE, &body, false);
        if (run->transactions[run->count - 1]->sender == AGENCY) {
            run->expected[run->count - 1] = !l->revoked;
            l->revoked = true;
        }
        return;
    }
    struct model_licence next = {.number = is_used ? l->number : run->next_number++,
                                 .holder = trader(run),
                                 .category = 2 + draw(run, 3),
                                 .first = run->model.day - draw(run, 3),
                                 .quantity = draw(run, 100)};
    next.last = next.first + draw(run, 40);
    struct contract_license_body body = {.number = port_number(next.number),
                                         .holder = next.holder,
                                         .category = (uint8_t)next.category,
                                         .first_day = next.first,
                                         .last_day = next.last,
                                         .quantity = next.quantity};
    send(run, AGENCY, KIND_LICENSE, &body, !is_used);
    *l = is_used ? *l : next;
}

static inline void draw_pledge(struct run *run) {
    unsigned number = draw(run, MODEL_GUARANTEES);
    struct model_guarantee *g = &run->model.guarantees[number];
    uint32_t guarantor = number == 0 ? TRADER_B : TRADER_A;
    uint32_t principal = number == 0 ? TRADER_A : TRADER_B;
    struct contract_pledge_body body = {.number = port_number(number),
                                        .principal = is_rare(run) ? AGENCY : principal,
                                        .customs = CUSTOMS,
                                        .bank = BANK,
                                        .limit_e4 = 1 + draw(run, 20000000),
                                        .last_day = run->model.day + draw(run, 100)};
    bool is_done =
        body.principal == principal && body.limit_e4 >= g->used && body.last_day >= g->last;
    if (g->guarantor == 0 && body.principal != principal) {
        return; /* it would be the first to pledge */
    }
    send(run, guarantor, KIND_PLEDGE, &body, is_done);
    if (is_done) {
        *g = (struct model_guarantee){.guarantor = guarantor,
                                      .principal = principal,
                                      .limit = body.limit_e4,
                                      .used = g->used,
                                      .last = body.last_day};
    }
}

/* ---- calls ---------------------------------------------------------------------------------- */

/* A call with the version and the cost that it may have; rarely with another, and then `false`. */
static inline bool fill_call(struct run *run, const char *contract,
                             struct contract_call_body *body) {
    body->contract = made_text(contract);
    body->version = run->model.version;
    body->cost_max = 100;
    switch (draw(run, 40)) {
    case 0:
        body->version--;
        return false;
    case 1:
        body->cost_max = 3;
        return false;
    default:
        return true;
    }
}

/* The outcome if the call reaches the contract. */
static inline bool outcome(struct run *run, struct model_case *c, unsigned page, uint32_t sender,
                           struct contract_call_body *body) {
    struct model *model = &run->model;
    uint32_t licence = draw(run, 8) == 0 ? 0 : model->licences[draw(run, MODEL_LICENCES)].number;
    unsigned guarantee = draw(run, MODEL_GUARANTEES);
    bool may = c->declarant != 0 && (sender == c->declarant || sender == CUSTOMS);
    switch (page) {
    case 0:
        body->object = licence == 0 ? (struct hash){.bytes = {0}} : port_number(licence);
        return may && model_licence(model, c, licence);
    case 1:
        return may && model_exemption(model, c);
    case 2:
        return may && model_release(model, c);
    case 3:
        body->object = port_number(guarantee);
        return may && model_guarantee(model, c, guarantee);
    case 4:
        body->count = draw(run, 14);
        return may && model_instalments(model, c, sender, body->count);
    default:
        body->amount_e4 = amount_near(run, -model_due(c));
        return may && model_refund(model, c, body->amount_e4);
    }
}

static inline void draw_call(struct run *run, struct model_case *c) {
    unsigned page = draw(run, 6);
    struct contract_call_body body = {.number = port_number(c->number)};
    uint32_t sender = draw(run, 5) == 0 ? CUSTOMS : sender_for(run, c);
    bool reaches = fill_call(run, pages[page].type, &body);
    struct model kept = run->model;
    bool expected = outcome(run, c, page, sender, &body);
    if (!reaches) {
        run->model = kept;
    }
    send(run, sender, KIND_CALL, &body, reaches && expected);
}

/* ---- titles --------------------------------------------------------------------------------- */

static inline void draw_title(struct run *run, unsigned number) {
    struct model_title *title = &run->model.titles[number];
    uint32_t sender = is_rare(run) || title->holder == 0 ? trader(run) : title->holder;
    uint32_t other = sender == TRADER_A ? TRADER_B : TRADER_A;
    struct title_body body = {.act = TITLE_transfer_all,
                              .number = port_number(number),
                              .acts = title->acts,
                              .party = other,
                              .beneficiary = other};
    bool is_done = title->holder == sender;
    if (title->holder == 0) {
        body.act = TITLE_issue;
        is_done = true;
    }
    run->transactions[run->count] =
        port_send_rows(&run->port, sender, KIND_TITLE, title_body_rows, &body);
    run->expected[run->count++] = is_done;
    if (is_done) {
        title->holder = other;
        title->acts++;
    }
}

static inline void draw_sale(struct run *run, unsigned number) {
    struct model_title *title = &run->model.titles[number];
    uint32_t sender = is_rare(run) || title->holder == 0 ? trader(run) : title->holder;
    uint32_t other = sender == TRADER_A ? TRADER_B : TRADER_A;
    if (draw(run, 2) == 0) {
        struct contract_offer_body body = {.contract = made_text("sale"),
                                           .number = port_number(number),
                                           .acts = title->acts,
                                           .buyer = other,
                                           .price_e4 = 1 + draw(run, 5000000)};
        bool is_done = title->holder == sender;
        send(run, sender, KIND_OFFER, &body, is_done);
        if (is_done) {
            title->seller = sender;
            title->buyer = other;
            title->price = body.price_e4;
            title->offered_acts = title->acts;
        }
        return;
    }
    struct contract_call_body body = {.number = port_number(number)};
    bool reaches = fill_call(run, "sale", &body);
    send(run, other, KIND_CALL, &body, reaches && model_buy(&run->model, title, other));
}

/* ---- new versions --------------------------------------------------------------------------- */

static inline struct contract_deploy_body deploy_of(struct run *run, unsigned page,
                                                    uint32_t version) {
    const char *text =
        arena_format(&run->port.passing,
                     "clearlab: 1\ntable: t\ncurrency: EUR\nsummary: Version %u.\n"
                     "inputs: {%s}\noutputs: {%s}\nrules: {all: {then: {%s}}}\n",
                     version % 3, pages[page].inputs, pages[page].outputs, pages[page].then);
    return (struct contract_deploy_body){.name = made_text(pages[page].type),
                                         .type = made_text(pages[page].type),
                                         .version = version,
                                         .bank = BANK,
                                         .partner = page == 0 ? AGENCY : 0,
                                         .page = made_text(text)};
}

/* A new version of all contracts, as the only transactions of a block; or a stranger's. */
static inline void draw_deploy(struct run *run) {
    if (is_rare(run)) {
        struct contract_deploy_body body = deploy_of(run, draw(run, PAGES), run->model.version + 1);
        send(run, trader(run), KIND_DEPLOY, &body, false);
    }
}

#endif
