/* SPDX-License-Identifier: GPL-3.0-or-later
 * made_port.h - a port community for tests of contracts: customs 10, a bank 20, an agency 30, the
 * traders 40 and 50, on a ledger with all kinds of transactions and the pages of scenarios/rules.
 */
#ifndef TESTS_UNIT_MADE_PORT_H
#define TESTS_UNIT_MADE_PORT_H

#include "core/contract/contract_kinds.h"
#include "tests/unit/made_ledger.h"

#include <stdio.h>

enum { CUSTOMS = 10, BANK = 20, AGENCY = 30, TRADER_A = 40, TRADER_B = 50 };

#define MADE_DAY_NS ((int64_t)86400000000000)
#define MADE_DAY 17000 /* 2016-07-18 */
#define EURO(units) ((int64_t)(units)*10000)

struct made_port {
    struct arena lasting, passing; /* passing: of one block */
    struct contract_engine *engine;
    struct made_ledger made;
    bool is_database;
    uint64_t sequences[MADE_MEMBERS];
    int64_t day;
    uint64_t blocks;
    const struct block *block; /* the last one, until the next */
};

static inline void port_open(struct made_port *port, const struct ledger_type *type) {
    *port = (struct made_port){.day = MADE_DAY, .is_database = type == &ledger_type_database};
    port->engine = contract_kinds_open(&port->lasting);
    port->made = made_ledger(&port->lasting, type, contract_kinds_list(port->engine));
}

static inline void port_close(struct made_port *port) {
    ledger_pool_close(port->made.pool);
    contract_kinds_close(port->engine);
    arena_free(&port->passing);
    arena_free(&port->lasting);
}

/* A transaction as it comes out of the wire; signed where signatures are looked at. */
static inline struct transaction *port_send_rows(struct made_port *port, uint32_t sender,
                                                 uint32_t kind, const struct codec_row *rows,
                                                 const void *body) {
    struct arena *arena = &port->passing;
    struct transaction *transaction = ARENA_NEW(arena, struct transaction);
    struct codec_fault fault;
    size_t size = codec_encode(rows, body, NULL, 0);
    uint8_t *bytes = arena_alloc(arena, size);
    codec_encode(rows, body, bytes, size);
    *transaction = (struct transaction){.ledger = port->made.id,
                                        .sender = sender,
                                        .sequence = port->sequences[sender / 10 - 1]++,
                                        .kind = kind,
                                        .body = {.bytes = bytes, .size = (uint32_t)size}};
    if (!port->is_database) {
        struct signing_key secret = made_secret(sender);
        transaction_sign(transaction, &secret, port->made.hasher, arena);
        return transaction;
    }
    size = codec_encode(transaction_rows, transaction, NULL, 0);
    bytes = arena_alloc(arena, size);
    codec_encode(transaction_rows, transaction, bytes, size);
    transaction_decode(bytes, size, port->made.hasher, arena, transaction, &fault);
    return transaction;
}

static inline struct transaction *port_send(struct made_port *port, uint32_t sender,
                                            enum contract_kind kind, const void *body) {
    return port_send_rows(port, sender, kind, contract_kinds_rows(kind), body);
}

/* A block of this day at all nodes that are used. Why not, or NULL. */
static inline const char *port_commit(struct made_port *port, struct transaction **transactions,
                                      uint32_t count) {
    struct ledger_batch batch = made_batch(&port->made, transactions, count);
    batch.time_ns = port->day * MADE_DAY_NS + (int64_t)++port->blocks;
    port->block = ledger_make(port->made.nodes[0], &batch, &port->passing);
    if (port->is_database) {
        return ledger_commit(port->made.nodes[0], port->block, NULL);
    }
    struct consensus_certificate certificate = made_certificate(&port->made, port->block, 7);
    const char *reason = NULL;
    for (int i = 0; i < MADE_VOTERS && reason == NULL; i++) {
        reason = ledger_commit(port->made.nodes[i], port->block, &certificate);
    }
    return reason;
}

/* One transaction, in a block of its own: "done", or why it was refused. */
static inline const char *port_act(struct made_port *port, uint32_t sender, enum contract_kind kind,
                                   const void *body) {
    struct transaction *transaction = port_send(port, sender, kind, body);
    const char *reason = port_commit(port, &transaction, 1);
    if (reason != NULL || port->block->header.transaction_count != 1) {
        return reason != NULL ? reason : "not admitted";
    }
    const struct receipt *receipt = &port->block->receipts[0];
    return receipt->is_refused ? arena_text(&port->passing, (const char *)receipt->reason.bytes,
                                            receipt->reason.size)
                               : "done";
}

/* A page of scenarios/rules, "" when it cannot be read: tests run in the repository. */
static inline const char *port_page(struct arena *arena, const char *name) {
    char *text = arena_alloc(arena, CONTRACT_PAGE_SIZE_MAX);
    FILE *file = fopen(arena_format(arena, "scenarios/rules/%s.yml", name), "rb");
    if (file != NULL) {
        text[fread(text, 1, CONTRACT_PAGE_SIZE_MAX - 1, file)] = '\0';
        fclose(file);
    }
    return text;
}

/* A contract under the name of its type. */
static inline const char *port_deploy(struct made_port *port, uint32_t owner, const char *type,
                                      uint32_t version, uint32_t partner, const char *page) {
    struct contract_deploy_body body = {.name = made_text(type),
                                        .type = made_text(type),
                                        .version = version,
                                        .bank = BANK,
                                        .partner = partner,
                                        .page = made_text(page)};
    return port_act(port, owner, KIND_DEPLOY, &body);
}

static inline struct hash port_number(uint32_t number) {
    return (struct hash){.bytes = {1, (uint8_t)(number >> 24), (uint8_t)(number >> 16),
                                   (uint8_t)(number >> 8), (uint8_t)number}};
}

/* An entry as node 0 has it; false when there is none. */
static inline bool port_read(struct made_port *port, enum contract_entry entry,
                             const struct execution_key *key, void *value) {
    struct codec_blob bytes;
    struct codec_fault fault;
    return ledger_read(port->made.nodes[0], key, &bytes) &&
           codec_decode(contract_state_rows[entry], bytes.bytes, bytes.size, &port->passing, value,
                        &fault) == 0;
}

static inline int64_t port_balance(struct made_port *port, uint32_t member) {
    struct execution_key key = contract_state_key_pair(ENTRY_ACCOUNT, BANK, member);
    struct contract_account account = {.balance_e4 = 0};
    port_read(port, ENTRY_ACCOUNT, &key, &account);
    return account.balance_e4;
}

static inline struct contract_case port_case(struct made_port *port, uint32_t number) {
    struct hash name = port_number(number);
    struct execution_key key = contract_state_key_hash(ENTRY_CASE, &name);
    struct contract_case about = {.declarant = 0};
    port_read(port, ENTRY_CASE, &key, &about);
    return about;
}

#endif
