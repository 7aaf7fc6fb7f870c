/* SPDX-License-Identifier: GPL-3.0-or-later
 * ledger_service.h - the ledger of a system in simulated time.
 *
 * Nodes run the ledger and the agreement of core, in the event queue of the consignments: what core
 * wants sent takes its way over links, what it wants timed becomes an event, and every signature,
 * hash and transaction keeps its node busy, which does one thing at a time. Real work is done once
 * for all nodes of a replication. Of a database one node, the operator, keeps the records and the
 * others ask it. */
#ifndef SIM_ACTORS_LEDGER_SERVICE_H
#define SIM_ACTORS_LEDGER_SERVICE_H

#include "sim/scenario/ledger_plan.h"

struct replication;
struct token;
struct step;
struct ledger_service;

/* From warm-up to end; latencies are of transactions submitted then. */
#define LEDGER_STATISTICS(X)                                                              \
    X(latency, mean, "s", "From submission to the commit at the submitter's node, mean.") \
    X(latency, median, "s", "The same, median.")                                          \
    X(latency, p90, "s", "The same, 90 % quantile.")                                      \
    X(latency, max, "s", "The same, longest.")                                            \
    X(transactions, submitted, "1", "Transactions submitted.")                            \
    X(transactions, committed, "1", "Transactions committed.")                            \
    X(transactions, rate, "1/s", "Transactions committed a second.")                      \
    X(blocks, per_minute, "1/min", "Blocks committed a minute.")                          \
    X(blocks, time, "s", "Mean time between blocks.")                                     \
    X(blocks, empty, "1", "Blocks without a transaction: heartbeats.")                    \
    X(blocks, rounds, "1", "Rounds of agreement a block; 1 when nothing goes wrong.")     \
    X(agreement, mean, "s", "From a block's making to the first commit of it, mean.")     \
    X(messages, rate, "1/s", "Messages sent a second, by all nodes.")                     \
    X(messages, bytes, "B", "Bytes sent, by all nodes.")                                  \
    X(messages, lost, "1", "Messages that did not arrive.")                               \
    X(nodes, busy, "1", "Share of the time that a node works, mean.")                     \
    X(nodes, busy_max, "1", "The same of the busiest node.")

enum ledger_statistic {
#define X(subject, statistic, unit, doc) LEDGER_##subject##_##statistic,
    LEDGER_STATISTICS(X)
#undef X
        LEDGER_STATISTIC_COUNT
};

struct ledger_service *ledger_service_create(struct arena *arena);
void ledger_service_free(struct ledger_service *service);

/* At the start of a replication, whose scenario may have no ledger. */
void ledger_service_start(struct ledger_service *service, struct replication *rep);

/* At its end: checks that all nodes tell the same and nothing submitted is gone. */
void ledger_service_stop(struct ledger_service *service);

/* Blocks of the replications that follow are added to a file as they are committed, as chains of a
 * point; NULL: no longer. Only those of chains with real signatures can be verified. */
struct chain_writer;
void ledger_service_save(struct ledger_service *service, struct chain_writer *writer,
                         uint32_t point);

/* One event; the subject is a task. */
void ledger_service_event(struct ledger_service *service, uint32_t subject);

/* Submits a document of `size` bytes about the token's consignment at a node. A token that waits is
 * woken once it is committed. */
void ledger_service_submit(struct ledger_service *service, struct token *token,
                           const struct step *step, uint32_t node, uint32_t size, bool waits);

/* NaN where nothing happened. */
void ledger_service_figures(const struct ledger_service *service,
                            double figures[LEDGER_STATISTIC_COUNT]);

#endif
