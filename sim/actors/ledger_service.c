/* SPDX-License-Identifier: GPL-3.0-or-later
 * ledger_service.c - see ledger_service.h: beginning and end of a replication, submissions,
 * figures.
 */
#include "sim/actors/ledger_service.h"

#include "sim/actors/ledger_service_parts.h"
#include "sim/run/walk.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* Answers that the verifier keeps. An answer about a stand-in can't be worked out again, so there
 * is room for many times what is asked between two times that they are given anew. */
enum { ANSWERS_PER_NODE = 512, ANSWERS_PER_TRANSACTION = 64, ANSWERS_MAX = 1 << 18 };

static uint32_t answers_of(const struct ledger_plan *plan) {
    uint64_t count = (uint64_t)ANSWERS_PER_NODE * plan->node_count +
                     (uint64_t)ANSWERS_PER_TRANSACTION * plan->block_size;
    return count < ANSWERS_MAX ? (uint32_t)count : ANSWERS_MAX;
}

struct ledger_service *ledger_service_create(struct arena *arena) {
    struct ledger_service *service = ARENA_NEW(arena, struct ledger_service);
    slab_init(&service->tasks, sizeof(struct ledger_task), LEDGER_TASKS_MAX);
    slab_init(&service->entries, sizeof(struct ledger_entry), LEDGER_ENTRIES_MAX);
    slab_init(&service->blocks, sizeof(struct ledger_block), LEDGER_BLOCKS_MAX);
    slab_init(&service->proofs, sizeof(struct ledger_proof), LEDGER_PROOFS_MAX);
    service->latency_histogram = ARENA_ARRAY(arena, uint32_t, HISTOGRAM_BUCKETS);
    return service;
}

/* ---- a replication -------------------------------------------------------------------------- */

static void close_run(struct ledger_service *service) {
    for (uint32_t i = service->first_block; i != 0; i = ledger_block_at(service, i)->next) {
        arena_free(&ledger_block_at(service, i)->shelf->arena);
    }
    if (service->shelf != NULL) {
        arena_free(&service->shelf->arena);
    }
    if (service->pool != NULL) {
        ledger_pool_close(service->pool);
    }
    arena_free(&service->run);
    service->pool = NULL;
    service->shelf = service->free_shelves = NULL;
    service->first_block = 0;
}

void ledger_service_free(struct ledger_service *service) {
    close_run(service);
    slab_free(&service->tasks);
    slab_free(&service->entries);
    slab_free(&service->blocks);
    slab_free(&service->proofs);
}

static void reset(struct ledger_service *service, struct replication *rep) {
    close_run(service);
    slab_reset(&service->tasks);
    slab_reset(&service->entries);
    slab_reset(&service->blocks);
    slab_reset(&service->proofs);
    uint32_t *histogram = service->latency_histogram;
    memset(histogram, 0, HISTOGRAM_BUCKETS * sizeof *histogram);
    *service = (struct ledger_service){.rep = rep,
                                       .plan = rep->scenario->ledger,
                                       .writer = service->writer,
                                       .point = service->point,
                                       .tasks = service->tasks,
                                       .entries = service->entries,
                                       .blocks = service->blocks,
                                       .proofs = service->proofs,
                                       .latency_histogram = histogram};
}

/* Keys come from the replication's, so that the same run has the same. */
static void make_key(const struct ledger_service *service, struct ledger_node *node) {
    uint8_t seed[SIGNATURE_SEED_SIZE];
    for (uint32_t i = 0; i < SIGNATURE_SEED_SIZE; i++) {
        uint64_t bits =
            random_bits(service->rep->key, node->number, service->plan->purpose_key, i / 8);
        seed[i] = (uint8_t)(bits >> 8 * (i % 8));
    }
    node->key = signature_key_from_seed(seed);
    node->public_key = signature_public_key(&node->key);
}

/* Every node is a member that votes, under its own number. */
static struct members make_members(struct ledger_service *service) {
    const struct ledger_plan *plan = service->plan;
    struct member *list = ARENA_ARRAY(&service->run, struct member, plan->node_count);
    for (uint32_t i = 0; i < plan->node_count; i++) {
        struct member_key *key = ARENA_NEW(&service->run, struct member_key);
        *key =
            (struct member_key){.key = service->nodes[i].public_key, .to_height = MEMBER_KEY_OPEN};
        list[i] = (struct member){.number = i,
                                  .name = {.bytes = (const uint8_t *)plan->names[i],
                                           .size = (uint32_t)strlen(plan->names[i])},
                                  .is_voter = true,
                                  .keys = {.count = 1, .items = key}};
    }
    return (struct members){.list = {.count = plan->node_count, .items = list}};
}

void ledger_service_save(struct ledger_service *service, struct chain_writer *writer,
                         uint32_t point) {
    service->writer = writer;
    service->point = point;
}

void ledger_service_start(struct ledger_service *service, struct replication *rep) {
    static const struct transaction_kind *const kinds[] = {&execution_kind_record,
                                                           &execution_kind_members, NULL};
    reset(service, rep);
    const struct ledger_plan *plan = service->plan;
    if (plan == NULL) {
        return;
    }
    uint32_t count = plan->node_count;
    service->may_lose = plan->loss > 0 || plan->partition_count > 0 || plan->crash_count > 0;
    service->nodes = ARENA_ARRAY(&service->run, struct ledger_node, count);
    service->links = ARENA_ARRAY(&service->run, struct ledger_link, (size_t)count * count);
    for (uint32_t i = 0; i < count; i++) {
        service->nodes[i].number = i;
        service->nodes[i].committed_of = ARENA_ARRAY(&service->run, uint64_t, count);
        make_key(service, &service->nodes[i]);
    }
    struct ledger_genesis genesis = {.name = {.bytes = (const uint8_t *)rep->scenario->system,
                                              .size = (uint32_t)strlen(rep->scenario->system)},
                                     .members = make_members(service)};
    if (service->writer != NULL && chain_file_begin(service->writer, service->point, rep->number,
                                                    &genesis, rep->scenario->name, rep->err) != 0) {
        rep->failed = true;
    }
    service->pool = ledger_pool_open(&genesis, kinds, answers_of(plan), &service->run);
    for (uint32_t i = 0; i < count; i++) {
        struct ledger_node *node = &service->nodes[i];
        node->ledger = ledger_create(service->pool, plan->type, &service->run);
        if (plan->type->decides_alone) {
            node->is_up = true;
            node->begin_ns = INT64_MAX;
        } else {
            ledger_node_start(service, node);
        }
    }
    ledger_network_start(service);
}

void ledger_service_stop(struct ledger_service *service) {
    if (service->plan != NULL && !service->rep->failed) {
        ledger_store_stop(service);
    }
}

static void wake(struct ledger_service *service, const struct ledger_task *task) {
    struct token *token = token_at(service->rep, task->index);
    if (token->consignment != 0 && token->phase == PHASE_PARKED &&
        token->mark_ns == -(int64_t)task->ticket) {
        walk_wake(service->rep, token);
    }
}

void ledger_service_event(struct ledger_service *service, uint32_t subject) {
    struct ledger_task task = *(struct ledger_task *)slab_at(&service->tasks, subject);
    slab_give(&service->tasks, subject);
    if (task.kind == TASK_DONE) {
        wake(service, &task);
    } else if (service->plan->type->decides_alone) {
        ledger_operator_event(service, &task);
    } else {
        ledger_node_event(service, &task);
    }
}

/* ---- submissions ---------------------------------------------------------------------------- */

static void write_number(uint8_t *bytes, uint64_t number) {
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(number >> (56 - 8 * i));
    }
}

static uint64_t bits_of(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* What the document says: a hash of what is declared and decided so far. */
static struct hash document_hash(struct ledger_service *service,
                                 const struct consignment *consignment) {
    uint8_t bytes[48];
    write_number(bytes, consignment->entity);
    write_number(bytes + 8, bits_of(consignment->value));
    write_number(bytes + 16, bits_of(consignment->mass_kg));
    write_number(bytes + 24, (uint64_t)consignment->duty.e4);
    write_number(bytes + 32, (uint64_t)consignment->paid.e4);
    write_number(bytes + 40, consignment->channel);
    return hash_bytes(ledger_pool_hasher(service->pool), HASH_PLAIN, bytes, sizeof bytes);
}

static uint32_t submit(struct ledger_service *service, struct ledger_node *node,
                       const struct consignment *consignment, const struct token *token,
                       const struct step *step, uint32_t size) {
    char key[RECORD_KEY_MAX];
    uint8_t value[LEDGER_PLAN_DOCUMENT_MAX] = {0};
    struct hash hash = document_hash(service, consignment);
    memcpy(value, hash.bytes, HASH_SIZE);
    int length = snprintf(key, sizeof key, "%.63s/%" PRIu32 "/%u", step->name, consignment->entity,
                          token->visits);
    struct codec_blob key_blob = {.bytes = (const uint8_t *)key, .size = (uint32_t)length};
    struct codec_blob value_blob = {.bytes = value, .size = size};
    return ledger_store_submit(service, node, &key_blob, &value_blob);
}

void ledger_service_submit(struct ledger_service *service, struct token *token,
                           const struct step *step, uint32_t number, uint32_t size, bool waits) {
    struct ledger_node *node = &service->nodes[number];
    bool is_alone = service->plan->type->decides_alone;
    const struct consignment *consignment = consignment_at(service->rep, token->consignment);
    uint32_t index = submit(service, node, consignment, token, step, size);
    struct ledger_entry *entry = ledger_entry_at(service, index);
    if (waits) {
        entry->token = token->self;
        token->mark_ns = -(int64_t)entry->ticket;
    }
    if (!is_alone || number == 0) {
        ledger_store_hold(service, node, index);
    }
    if (!node->is_up) {
        return; /* it is sent when the node is up again */
    }
    struct ledger_task task = {
        .kind = TASK_TRANSACTION, .from = number, .index = index, .ticket = entry->ticket};
    uint32_t message_size = entry->transaction.encoding.size + 1;
    ledger_node_take_up(service, node);
    if (!is_alone) {
        ledger_node_work(service, node, service->plan->sign_ns);
        ledger_network_broadcast(service, &task, message_size);
    } else if (number != 0) {
        ledger_network_send(service, &task, message_size);
    }
    if (!is_alone || number == 0) {
        ledger_node_look_ahead(service, node);
    }
    ledger_node_remember(service, node);
}

/* ---- figures -------------------------------------------------------------------------------- */

static double ratio(double part, double whole) {
    return whole > 0 ? part / whole : NAN;
}

void ledger_service_figures(const struct ledger_service *service,
                            double figures[LEDGER_STATISTIC_COUNT]) {
    const struct study *study = &service->rep->scenario->study;
    double window_s = (double)(study->end_ns - study->warm_up_ns) * 1e-9;
    double blocks = (double)service->block_count;
    double busy_ns = 0, busy_most_ns = 0;
    for (uint32_t i = 0; i < service->plan->node_count; i++) {
        double node_ns = (double)service->nodes[i].busy_ns;
        busy_ns += node_ns;
        busy_most_ns = node_ns > busy_most_ns ? node_ns : busy_most_ns;
    }
    figures[LEDGER_latency_mean] = tally_mean(&service->latency_ns) * 1e-9;
    figures[LEDGER_latency_median] = histogram_quantile_32(service->latency_histogram, 0.5) * 1e-9;
    figures[LEDGER_latency_p90] = histogram_quantile_32(service->latency_histogram, 0.9) * 1e-9;
    figures[LEDGER_latency_max] =
        service->latency_ns.count > 0 ? (double)service->latency_ns.max * 1e-9 : NAN;
    figures[LEDGER_transactions_submitted] = (double)service->window_submitted;
    figures[LEDGER_transactions_committed] = (double)service->window_committed;
    figures[LEDGER_transactions_rate] = ratio((double)service->window_committed, window_s);
    figures[LEDGER_blocks_per_minute] = ratio(blocks * 60, window_s);
    figures[LEDGER_blocks_time] = ratio(window_s, blocks);
    figures[LEDGER_blocks_empty] = (double)service->empty_count;
    figures[LEDGER_blocks_rounds] = ratio((double)service->round_count, blocks);
    figures[LEDGER_agreement_mean] = tally_mean(&service->agreement_ns) * 1e-9;
    figures[LEDGER_messages_rate] = ratio((double)service->message_count, window_s);
    figures[LEDGER_messages_bytes] = (double)service->byte_count;
    figures[LEDGER_messages_lost] = (double)service->lost_count;
    figures[LEDGER_nodes_busy] = ratio(busy_ns * 1e-9, window_s * service->plan->node_count);
    figures[LEDGER_nodes_busy_max] = ratio(busy_most_ns * 1e-9, window_s);
}
