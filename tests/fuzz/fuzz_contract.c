/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whatever stands in the bodies of transactions about contracts, each is done or refused with a
 * reason that can be written into a block, and the audit finds nothing: the acts themselves refuse
 * what would break the books. Input: kind (1) sender (1) days (1) length (2) body, and so on; after
 * a ledger with money, contracts that grant everything, a case, a licence, a guarantee, an offer.
 */
#include "tests/unit/made_port.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const pages[][2] = {
    {"licence", "inputs: {assessed: boolean}\n"
                "outputs: {decision: {type: text, choices: [release]}}\n"
                "rules: {all: {then: release}}\n"},
    {"escrow", "inputs: {assessed: boolean}\n"
               "outputs: {decision: {type: text, choices: [release]}}\n"
               "rules: {all: {then: release}}\n"},
    {"exemption", "inputs: {value: money}\n"
                  "outputs: {decision: {type: text, choices: [exempt]}, relief: share}\n"
                  "rules: {all: {then: {decision: exempt, relief: 33 %}}}\n"},
    {"guarantee", "inputs: {assessed: boolean}\n"
                  "outputs: {decision: {type: text, choices: [accept]}, days: integer}\n"
                  "rules: {all: {then: {decision: accept, days: 3}}}\n"},
    {"instalments", "inputs: {instalments_asked: integer}\n"
                    "outputs: {decision: {type: text, choices: [agree]}, count: integer}\n"
                    "rules: {all: {then: {decision: agree, count: instalments_asked}}}\n"},
    {"refund", "inputs: {claimed: money}\n"
               "outputs: {decision: {type: text, choices: [refund]}, amount: money}\n"
               "rules: {all: {then: {decision: refund, amount: claimed}}}\n"},
    {"recognition", "inputs: {assessed: boolean}\n"
                    "outputs: {decision: {type: text, choices: [recognise]}}\n"
                    "rules: {all: {then: recognise}}\n"},
    {"channel", "inputs: {risk_score: integer}\n"
                "outputs: {channel: {type: text, choices: [green]}}\n"
                "rules: {all: {then: green}}\n"},
    {"sale", "inputs: {price: money}\n"
             "outputs: {decision: {type: text, choices: [transfer]}}\n"
             "rules: {all: {then: transfer}}\n"},
};

/* One transaction in a block of its own, which can be written. */
static void commit(struct made_port *port, struct transaction *transaction) {
    if (port_commit(port, &transaction, 1) != NULL) {
        abort();
    }
    if (port->block->header.transaction_count == 1) {
        const struct receipt *receipt = &port->block->receipts[0];
        uint8_t bytes[2048];
        struct receipt again;
        struct codec_fault fault;
        size_t size = codec_encode(receipt_rows, receipt, bytes, sizeof bytes);
        if (codec_decode(receipt_rows, bytes, size, &port->passing, &again, &fault) != 0 ||
            (receipt->is_refused && receipt->reason.size > 6 &&
             memcmp(receipt->reason.bytes, "audit:", 6) == 0)) {
            abort();
        }
    }
}

static void set_up(struct made_port *port) {
    struct contract_issue_body money = {
        .member = TRADER_A, .currency = made_text("EUR"), .amount_e4 = EURO(1000)};
    struct contract_lodge_body lodge = {.number = port_number(1),
                                        .customs = CUSTOMS,
                                        .bank = BANK,
                                        .category = CATEGORY_FOOD,
                                        .value_e4 = EURO(500),
                                        .quantity = 5};
    struct contract_license_body licence = {.number = port_number(2),
                                            .holder = TRADER_A,
                                            .category = CATEGORY_FOOD,
                                            .first_day = MADE_DAY,
                                            .last_day = MADE_DAY + 9,
                                            .quantity = 6};
    struct contract_pledge_body pledge = {.number = port_number(3),
                                          .principal = TRADER_A,
                                          .customs = CUSTOMS,
                                          .bank = BANK,
                                          .limit_e4 = EURO(50),
                                          .last_day = MADE_DAY + 30};
    struct title_body issue = {
        .number = port_number(1), .party = TRADER_A, .beneficiary = TRADER_A};
    commit(port, port_send(port, BANK, KIND_ISSUE, &money));
    for (unsigned i = 0; i < sizeof pages / sizeof *pages; i++) {
        const char *page = arena_format(&port->passing, "clearlab: 1\ntable: t\n%s", pages[i][1]);
        if (strcmp(port_deploy(port, CUSTOMS, pages[i][0], 1, i == 0 ? AGENCY : CUSTOMS, page),
                   "done") != 0) {
            abort();
        }
    }
    commit(port, port_send(port, TRADER_A, KIND_LODGE, &lodge));
    commit(port, port_send(port, AGENCY, KIND_LICENSE, &licence));
    commit(port, port_send(port, TRADER_B, KIND_PLEDGE, &pledge));
    commit(port, port_send_rows(port, CUSTOMS, KIND_TITLE, title_body_rows, &issue));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct made_port port;
    if (port.engine == NULL) {
        port_open(&port, &ledger_type_database);
    }
    port.made.nodes[0] = ledger_create(port.made.pool, &ledger_type_database, &port.passing);
    memset(port.sequences, 0, sizeof port.sequences);
    port.day = MADE_DAY;
    set_up(&port);
    for (size_t at = 0; size - at >= 5;) {
        uint32_t kind = KIND_DEPLOY + data[at] % (CONTRACT_KINDS_END - KIND_DEPLOY);
        uint32_t sender = 10 * (uint32_t)(1 + data[at + 1] % MADE_MEMBERS);
        size_t length = (size_t)data[at + 3] << 8 | data[at + 4];
        port.day += data[at + 2] % 16;
        at += 5;
        length = length < size - at ? length : size - at;
        static const struct codec_row no_rows[] = {CODEC_ROWS_END};
        struct transaction *transaction = port_send_rows(&port, sender, kind, no_rows, NULL);
        transaction->body = (struct codec_blob){.bytes = data + at, .size = (uint32_t)length};
        commit(&port, transaction);
        at += length;
    }
    ledger_free(port.made.nodes[0]);
    arena_free(&port.passing);
    return 0;
}
