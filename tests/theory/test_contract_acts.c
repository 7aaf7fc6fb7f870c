/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: whatever traders, banks, agencies and customs do, and however careless the pages of their
 * contracts are, at every height money is conserved, goods are released only when they are paid,
 * exempt or guaranteed and their licence is valid, guarantees add up, and a title has one holder.
 *
 * Method: 100,000 drawn acts, several a block, right and wrong ones, beside the model of
 * contract_model.h: each is done or refused as the model says, and after every block all entries
 * are as the model has them and add up. Then faults are planted in the contracts, one at a time:
 * each must show, with the audit, which refuses what most of them write, and without it. */
#include <stdbool.h>

enum planted {
    BUG_none,
    BUG_overdraw,
    BUG_revoked_counts,
    BUG_withdraw_again,
    BUG_customs_forgotten,
    BUG_claim_early,
    BUG_guarantee_stays,
    BUG_anybody_deploys,
    BUG_any_version,
    BUG_cost_ignored,
    BUG_quantity_again,
    BUG_release_again,
    BUG_rest_lost,
    BUG_release_unpaid,
    BUG_release_unlicensed,
    BUG_guarantee_overrun,
    BUG_refund_unbounded,
    BUG_seller_unpaid,
    BUG_title_stays,
    BUG_COUNT,
    BUG_no_audit
};

static enum planted planted;
static bool is_unaudited;
#define PLANTED(name) (planted == BUG_##name || (BUG_##name == BUG_no_audit && is_unaudited))

/* The contracts, with their faults in reach. */
#include "core/contract/contract_case.c"
#include "core/contract/contract_kinds.c"
#include "core/contract/contract_money.c"
#include "core/contract/contract_state.c"
#include "core/contract/contract_type_escrow.c"
#include "core/contract/contract_type_guarantee.c"
#include "core/contract/contract_type_licence.c"
#include "core/contract/contract_type_refund.c"
#include "core/contract/contract_type_sale.c"

#include "tests/test.h"
#include "tests/theory/contract_draw.h"

enum { ACTS = 100000, ACTS_PLANTED = 20000 };

/* ---- comparing ------------------------------------------------------------------------------ */

static bool is_case_same(struct run *run, const struct model_case *c) {
    const struct contract_case about = port_case(&run->port, c->number);
    return about.declarant == c->declarant && about.category == c->category &&
           about.duty_e4 == c->duty && about.relief_e4 == c->relief &&
           about.surcharge_e4 == c->surcharge && about.paid_e4 == c->paid &&
           about.escrow_e4 == c->escrow && about.guaranteed_e4 == c->guaranteed &&
           about.is_assessed == c->assessed && about.is_licensed == c->licensed &&
           about.is_released == c->released && about.instalments == c->parts &&
           about.instalments_paid == c->parts_paid;
}

static const char *compare_cases(struct run *run) {
    for (int i = 0; i < MODEL_CASES; i++) {
        const struct model_case *c = &run->model.cases[i];
        if (c->declarant != 0 && !is_case_same(run, c)) {
            return "a case differs";
        }
        if (c->released && c->assessed && model_due(c) > c->guaranteed) {
            return "goods are released that are neither paid, exempt nor guaranteed";
        }
    }
    return NULL;
}

static const char *compare_permits(struct run *run) {
    for (unsigned i = 0; i < MODEL_LICENCES; i++) {
        const struct model_licence *l = &run->model.licences[i];
        struct hash number = port_number(l->number);
        struct execution_key key = contract_state_key_licence(AGENCY, &number);
        struct contract_licence licence = {.holder = 0};
        if (l->number != 0 &&
            (!port_read(&run->port, ENTRY_LICENCE, &key, &licence) ||
             licence.quantity_left != l->quantity || licence.is_revoked != l->revoked)) {
            return "a licence differs";
        }
    }
    for (unsigned i = 0; i < MODEL_GUARANTEES; i++) {
        const struct model_guarantee *g = &run->model.guarantees[i];
        struct hash number = port_number(i);
        struct execution_key key = contract_state_key_hash(ENTRY_GUARANTEE, &number);
        struct contract_guarantee guarantee = {.used_e4 = 0};
        port_read(&run->port, ENTRY_GUARANTEE, &key, &guarantee);
        int64_t used_e4 = 0;
        for (int k = 0; k < MODEL_CASES; k++) {
            const struct model_case *c = &run->model.cases[k];
            used_e4 += c->guarantee == i ? c->guaranteed : 0;
        }
        if (guarantee.used_e4 != g->used || g->used != used_e4 || g->used > g->limit) {
            return "a guarantee differs, or doesn't add up";
        }
    }
    return NULL;
}

static const char *compare_titles(struct run *run) {
    for (unsigned i = 0; i < MODEL_TITLES; i++) {
        struct hash number = port_number(i);
        struct execution_key key = title_key(&number);
        struct codec_blob bytes;
        struct codec_fault fault;
        struct title title = {.holder = 0};
        if (ledger_read(run->port.made.nodes[0], &key, &bytes) &&
            codec_decode(title_rows, bytes.bytes, bytes.size, &run->port.passing, &title, &fault) !=
                0) {
            return "a title is none";
        }
        if (title.holder != run->model.titles[i].holder || title.beneficiary != title.holder) {
            return "a title has another holder";
        }
    }
    return NULL;
}

/* Accounts and escrows, which the ledger has by name only, are those of the model; and add up. */
static const char *compare_money(struct run *run) {
    struct execution_key key = contract_state_key_pair(ENTRY_BANK, BANK, 0);
    struct contract_bank bank = {.issued_e4 = 0};
    int64_t sum_e4 = 0;
    for (uint32_t i = 0; i < MODEL_MEMBERS; i++) {
        int64_t balance_e4 = port_balance(&run->port, 10 * i);
        if (balance_e4 != run->model.balances[i] || balance_e4 < 0) {
            return "an account differs, or is overdrawn";
        }
        sum_e4 += balance_e4;
    }
    for (int i = 0; i < MODEL_CASES; i++) {
        sum_e4 += run->model.cases[i].escrow;
    }
    port_read(&run->port, ENTRY_BANK, &key, &bank);
    return bank.issued_e4 == sum_e4 && sum_e4 == run->model.issued ? NULL : "money is made or lost";
}

/* ---- runs ----------------------------------------------------------------------------------- */

static void finish_block(struct run *run) {
    struct made_port *port = &run->port;
    const char *reason = port_commit(port, run->transactions, run->count);
    REQUIRE(reason == NULL && port->block->header.transaction_count == run->count);
    for (uint32_t i = 0; i < run->count && run->finding == NULL; i++) {
        const struct receipt *receipt = &port->block->receipts[i];
        if (receipt->is_refused == run->expected[i]) {
            run->finding = run->expected[i] ? "refused what is right" : "done what is wrong";
        }
        if (receipt->is_refused && receipt->reason.size > 7 &&
            memcmp(receipt->reason.bytes, "audit: ", 7) == 0) {
            run->finding = arena_text(&run->findings, (const char *)receipt->reason.bytes,
                                      receipt->reason.size);
        }
        run->done += run->expected[i];
        run->refused += !run->expected[i];
    }
    const char *(*const comparisons[])(struct run *) = {compare_cases, compare_permits,
                                                        compare_titles, compare_money};
    for (unsigned i = 0; i < sizeof comparisons / sizeof *comparisons; i++) {
        run->finding = run->finding != NULL ? run->finding : comparisons[i](run);
    }
    arena_free(&port->passing);
    run->count = 0;
}

static void draw_act(struct run *run) {
    struct model_case *c = &run->model.cases[draw(run, MODEL_CASES)];
    unsigned title = draw(run, MODEL_TITLES);
    switch (draw(run, 20)) {
    case 0:
        draw_money(run);
        break;
    case 1:
        draw_lodge(run, c);
        break;
    case 2:
        draw_assess(run, c);
        break;
    case 3:
        draw_licence(run);
        break;
    case 4:
        draw_pledge(run);
        break;
    case 5:
        draw_title(run, title);
        break;
    case 6:
    case 7:
        draw_sale(run, title);
        break;
    case 8:
        draw_deploy(run);
        break;
    default:
        if (draw(run, 3) == 0) {
            draw_payment(run, c);
        } else {
            draw_call(run, c);
        }
    }
}

static void deploy_all(struct run *run) {
    for (unsigned i = 0; i < PAGES; i++) {
        struct contract_deploy_body body = deploy_of(run, i, run->model.version + 1);
        send(run, CUSTOMS, KIND_DEPLOY, &body, true);
        if (run->count == BLOCK_ACTS_MAX || i + 1 == PAGES) {
            finish_block(run);
        }
    }
    run->model.version++;
}

/* What is found within so many acts, NULL for nothing. */
static const char *play(uint64_t seed, uint64_t acts, struct run *run) {
    *run = (struct run){.random_state = seed, .next_number = 1000, .model.day = MADE_DAY};
    port_open(&run->port, &ledger_type_database);
    struct contract_issue_body first = {
        .member = TRADER_A, .currency = made_text("EUR"), .amount_e4 = 1};
    send(run, BANK, KIND_ISSUE, &first, true);
    run->model.issued = *model_balance(&run->model, TRADER_A) = 1;
    finish_block(run);
    deploy_all(run);
    while (run->done + run->refused < acts && run->finding == NULL) {
        uint32_t size = 1 + draw(run, BLOCK_ACTS_MAX);
        while (run->count < size) {
            draw_act(run);
        }
        finish_block(run);
        run->model.day += draw(run, 10) == 0;
        run->port.day = run->model.day;
        if (draw(run, 2000) == 0) {
            deploy_all(run);
        }
    }
    run->root = ledger_state_root(run->port.made.nodes[0]);
    port_close(&run->port);
    return run->finding;
}

static const char *const bug_names[BUG_COUNT] = {
    "none",
    "overdraw",
    "revoked_counts",
    "withdraw_again",
    "customs_forgotten",
    "claim_early",
    "guarantee_stays",
    "anybody_deploys",
    "any_version",
    "cost_ignored",
    "quantity_again",
    "release_again",
    "rest_lost",
    "release_unpaid",
    "release_unlicensed",
    "guarantee_overrun",
    "refund_unbounded",
    "seller_unpaid",
    "title_stays",
};

/* With the audit, which says so, or by the model alone. */
static void test_planted(bool without_audit) {
    static struct run run;
    is_unaudited = without_audit;
    for (planted = BUG_none + 1; planted < BUG_COUNT; planted++) {
        const char *finding = play(1947, ACTS_PLANTED, &run);
        CHECK(finding != NULL);
        printf("%-18s after %5" PRIu64 " acts%s: %s\n", bug_names[planted], run.done + run.refused,
               without_audit ? ", unaudited" : "", finding == NULL ? "not caught" : finding);
        arena_free(&run.findings);
    }
    planted = BUG_none;
    is_unaudited = false;
}

int main(void) {
    static struct run run;
    const char *finding = play(1947, ACTS, &run); /* the General Agreement on Tariffs and Trade */
    CHECK_TEXT(finding == NULL ? "nothing" : finding, "nothing");
    printf("%" PRIu64 " acts done, %" PRIu64 " refused\n", run.done, run.refused);
    CHECK(run.done >= ACTS / 5);
    uint64_t root = 0;
    for (int i = 0; i < 8; i++) {
        root = root << 8 | run.root.bytes[i];
    }
    CHECK_INT(root, UINT64_C(0xe87f626c5370a051)); /* whatever the compiler */
    test_planted(false);
    test_planted(true);
    return test_summary();
}
