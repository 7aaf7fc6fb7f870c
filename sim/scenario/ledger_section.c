/* SPDX-License-Identifier: GPL-3.0-or-later
 * ledger_section.c - see ledger_section.h. */
#include "sim/scenario/ledger_section.h"

#include "core/base/require.h"

#include <string.h>

struct route_rows {
    struct field_item item;
    struct references from, to;
    const struct distribution *latency;
};

struct outage_rows {
    struct field_item item;
    int64_t at_ns, for_ns, every_ns;
    struct references nodes;
};

static const struct field timeout_fields[] = {
    FIELD_AS(struct ledger_timeout_rows, propose_ns, "propose", FIELD_TIME, .min = 1e-6,
             .max = 86400, .text_default = "3 s", .doc = "For a proposal."),
    FIELD_AS(struct ledger_timeout_rows, prevote_ns, "prevote", FIELD_TIME, .min = 1e-6,
             .max = 86400, .text_default = "1 s",
             .doc = "For more prevotes, once enough are in but not for one block."),
    FIELD_AS(struct ledger_timeout_rows, precommit_ns, "precommit", FIELD_TIME, .min = 1e-6,
             .max = 86400, .text_default = "1 s", .doc = "Likewise for precommits."),
    FIELD_AS(struct ledger_timeout_rows, growth_ns, "growth", FIELD_TIME, .max = 86400,
             .text_default = "500 ms", .doc = "Added to them with every round."),
    FIELD_AS(struct ledger_timeout_rows, resend_ns, "resend", FIELD_TIME, .min = 1e-3, .max = 86400,
             .text_default = "10 s", .doc = "After which what may be lost is sent again."),
    FIELD_END};

static const struct field cost_fields[] = {
    FIELD_AS(struct ledger_cost_rows, sign_ns, "sign", FIELD_TIME, .max = 60,
             .text_default = "25 us", .doc = "To sign a vote or a transaction."),
    FIELD_AS(struct ledger_cost_rows, verify_ns, "verify", FIELD_TIME, .max = 60,
             .text_default = "60 us", .doc = "To verify a signature."),
    FIELD_AS(struct ledger_cost_rows, hash_ns, "hash", FIELD_TIME, .max = 60,
             .text_default = "3 us", .doc = "To hash 1,024 bytes."),
    FIELD_AS(struct ledger_cost_rows, execute_ns, "execute", FIELD_TIME, .max = 60,
             .text_default = "20 us", .doc = "To carry out a transaction."),
    FIELD_END};

static const struct field route_fields[] = {
    FIELD(struct route_rows, from, FIELD_REFERENCES, .required = true, .doc = "Organisations."),
    FIELD(struct route_rows, to, FIELD_REFERENCES, .required = true,
          .doc = "Organisations; the way back takes as long."),
    FIELD(struct route_rows, latency, FIELD_DISTRIBUTION, .dimension = DIMENSION_TIME,
          .required = true, .doc = "Time of a message between nodes of these."),
    FIELD_END};

#define OUTAGE_FIELDS(key, what)                                                             \
    {                                                                                        \
        FIELD_AS(struct outage_rows, at_ns, "at", FIELD_TIME, .max = 4e9, .required = true,  \
                 .doc = "When it begins, from the start of the study."),                     \
            FIELD_AS(struct outage_rows, for_ns, "for", FIELD_TIME, .min = 1e-3, .max = 4e9, \
                     .required = true, .doc = "How long it lasts."),                         \
            FIELD_AS(struct outage_rows, every_ns, "every", FIELD_TIME, .max = 4e9,          \
                     .doc = "After which it begins again; absent: never."),                  \
            FIELD_AS(struct outage_rows, nodes, key, FIELD_REFERENCES, .required = true,     \
                     .doc = what),                                                           \
            FIELD_END                                                                        \
    }

static const struct field partition_fields[] = OUTAGE_FIELDS(
    "apart", "Organisations whose nodes nobody else reaches; among themselves they do.");
static const struct field crash_fields[] =
    OUTAGE_FIELDS("nodes", "Organisations whose nodes are down.");

static const struct field network_fields[] = {
    FIELD(struct ledger_network_rows, latency, FIELD_DISTRIBUTION, .dimension = DIMENSION_TIME,
          .text_default = "lognormal(mean: 20 ms, cv: 0.3)",
          .doc = "Time of a message on its way between two nodes."),
    FIELD_AS(struct ledger_network_rows, transmit_ns, "transmit", FIELD_TIME, .max = 60,
             .text_default = "82 us",
             .doc = "Time that 1,024 bytes occupy a link, one message after another: 82 us is 100 "
                    "Mbit/s."),
    FIELD(struct ledger_network_rows, loss, FIELD_SHARE, .text_default = "0 %",
          .doc = "Share of messages that never arrive."),
    FIELD(struct ledger_network_rows, routes, FIELD_LIST, .inner = route_fields,
          .inner_size = sizeof(struct route_rows),
          .doc = "Latencies between organisations in place of `latency`; the last one counts."),
    FIELD(struct ledger_network_rows, partitions, FIELD_LIST, .inner = partition_fields,
          .inner_size = sizeof(struct outage_rows), .doc = "When messages don't get through."),
    FIELD_END};

const struct field ledger_section_fields[] = {
    FIELD(struct ledger_section, type, FIELD_CHOICE, .choices = "none|database|chain",
          .text_default = "none",
          .doc = "none: steps of type record are passed over; database: one operator, who is "
                 "trusted, keeps the records; chain: nodes agree on blocks."),
    FIELD(struct ledger_section, nodes, FIELD_REFERENCES,
          .doc =
              "Organisations that run a node (customs, port x 2); of a database the first one is "
              "the operator."),
    FIELD(struct ledger_section, block_size, FIELD_INTEGER, .min = 1, .max = 10000,
          .text_default = "500", .doc = "Most transactions of a block."),
    FIELD_AS(struct ledger_section, block_interval_ns, "block_interval", FIELD_TIME, .max = 86400,
             .text_default = "1 s", .doc = "Shortest time from a commit to the next proposal."),
    FIELD_AS(struct ledger_section, heartbeat_ns, "heartbeat", FIELD_TIME, .max = 4e9,
             .text_default = "10 min",
             .doc = "Age of the last block at which one without work follows; 0 s: never. A "
                    "database has none."),
    FIELD(struct ledger_section, signatures, FIELD_CHOICE, .choices = "real|stand_in",
          .text_default = "real",
          .doc = "stand_in: of the same size and cost in simulated time, but nobody works them "
                 "out: all metrics are the same, and a run is faster."),
    FIELD(struct ledger_section, timeouts, FIELD_GROUP, .inner = timeout_fields,
          .inner_size = sizeof(struct ledger_timeout_rows), .doc = "Of the agreement on a block."),
    FIELD(struct ledger_section, costs, FIELD_GROUP, .inner = cost_fields,
          .inner_size = sizeof(struct ledger_cost_rows),
          .doc = "What keeps a node busy; it does one thing at a time."),
    FIELD(struct ledger_section, network, FIELD_GROUP, .inner = network_fields,
          .inner_size = sizeof(struct ledger_network_rows), .doc = "Links between nodes."),
    FIELD(struct ledger_section, crashes, FIELD_LIST, .inner = crash_fields,
          .inner_size = sizeof(struct outage_rows),
          .doc = "When nodes are down; what they had committed and signed is not lost."),
    FIELD_END};

/* ---- nodes ---------------------------------------------------------------------------------- */

static int compile_nodes(struct builder *builder, const struct references *nodes,
                         struct ledger_plan *plan, struct error *err) {
    const struct scenario *scenario = builder->scenario;
    uint32_t *owners = ARENA_ARRAY(builder->arena, uint32_t, LEDGER_PLAN_NODES_MAX);
    const char **names = ARENA_ARRAY(builder->arena, const char *, LEDGER_PLAN_NODES_MAX);
    int32_t *node_of = ARENA_ARRAY(builder->arena, int32_t, scenario->organisation_count + 1);
    memset(node_of, -1, sizeof *node_of * scenario->organisation_count);
    for (unsigned i = 0; i < nodes->count; i++) {
        const struct reference *reference = &nodes->items[i];
        uint32_t organisation;
        if (builder_organisation(builder, reference, &organisation, err) != 0) {
            return -1;
        }
        if (node_of[organisation] >= 0) {
            return node_error(reference->node, err,
                              "'%s' stands twice; write `%s x 2` for two nodes", reference->name,
                              reference->name);
        }
        node_of[organisation] = (int32_t)plan->node_count;
        for (int k = 0; k < reference->count; k++) {
            if (plan->node_count == LEDGER_PLAN_NODES_MAX) {
                return node_error(reference->node, err, "a ledger has at most %d nodes",
                                  LEDGER_PLAN_NODES_MAX);
            }
            owners[plan->node_count] = organisation;
            names[plan->node_count++] = scenario->organisations[organisation].name;
        }
    }
    plan->owners = owners;
    plan->names = names;
    plan->node_of = node_of;
    return 0;
}

/* The nodes of the named organisations, as bits. */
static int node_bits(struct builder *builder, const struct references *names,
                     const struct ledger_plan *plan, uint64_t *bits, struct error *err) {
    for (unsigned i = 0; i < names->count; i++) {
        uint32_t organisation;
        if (builder_organisation(builder, &names->items[i], &organisation, err) != 0) {
            return -1;
        }
        if (plan->node_of[organisation] < 0) {
            return node_error(names->items[i].node, err, "'%s' has no node in the ledger",
                              names->items[i].name);
        }
        for (uint32_t node = 0; node < plan->node_count; node++) {
            bits[node / 64] |= (uint64_t)(plan->owners[node] == organisation) << node % 64;
        }
    }
    return 0;
}

/* ---- links and failures --------------------------------------------------------------------- */

static int compile_routes(struct builder *builder, const struct ledger_network_rows *network,
                          struct ledger_plan *plan, struct error *err) {
    const struct route_rows *routes = network->routes.items;
    uint32_t count = plan->node_count;
    const struct distribution **latencies =
        ARENA_ARRAY(builder->arena, const struct distribution *, (size_t)count *count);
    for (uint32_t i = 0; i < count * count; i++) {
        latencies[i] = network->latency;
    }
    for (unsigned i = 0; i < network->routes.count; i++) {
        uint64_t from[LEDGER_PLAN_NODES_MAX / 64] = {0}, to[LEDGER_PLAN_NODES_MAX / 64] = {0};
        if (node_bits(builder, &routes[i].from, plan, from, err) != 0 ||
            node_bits(builder, &routes[i].to, plan, to, err) != 0) {
            return -1;
        }
        for (uint32_t a = 0; a < count; a++) {
            for (uint32_t b = 0; b < count; b++) {
                if ((from[a / 64] >> a % 64 & 1) != 0 && (to[b / 64] >> b % 64 & 1) != 0) {
                    latencies[a * count + b] = latencies[b * count + a] = routes[i].latency;
                }
            }
        }
    }
    plan->latencies = latencies;
    return 0;
}

static int compile_outages(struct builder *builder, const struct field_items *rows,
                           const struct ledger_plan *plan,
                           const struct ledger_plan_outage **outages, uint32_t *count,
                           struct error *err) {
    const struct outage_rows *items = rows->items;
    struct ledger_plan_outage *list =
        ARENA_ARRAY(builder->arena, struct ledger_plan_outage, rows->count + 1);
    for (unsigned i = 0; i < rows->count; i++) {
        list[i].at_ns = items[i].at_ns;
        list[i].for_ns = items[i].for_ns;
        list[i].every_ns = items[i].every_ns;
        if (items[i].every_ns > 0 && items[i].every_ns <= items[i].for_ns) {
            return node_error(items[i].item.node, err, "it would begin again before it is over");
        }
        if (node_bits(builder, &items[i].nodes, plan, list[i].nodes, err) != 0) {
            return -1;
        }
    }
    *outages = list;
    *count = rows->count;
    return 0;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static const struct ledger_type *type_of(int choice) {
    static const struct ledger_type *const types[] = {&ledger_type_none, &ledger_type_database,
                                                      &ledger_type_chain};
    return types[choice];
}

int ledger_section_compile(struct builder *builder, const struct ledger_section *section,
                           const struct node *node, struct error *err) {
    const struct ledger_type *type = type_of(section->type);
    if (type == &ledger_type_none) {
        return 0;
    }
    if (section->nodes.count == 0) {
        return node_error(node, err, "a ledger of type %s needs `nodes`: who keeps it", type->name);
    }
    struct ledger_plan *plan = ARENA_NEW(builder->arena, struct ledger_plan);
    const struct ledger_timeout_rows *timeouts = &section->timeouts;
    *plan = (struct ledger_plan){
        .type = type,
        .block_size = (uint32_t)section->block_size,
        .block_interval_ns = section->block_interval_ns,
        .heartbeat_ns = type == &ledger_type_chain ? section->heartbeat_ns : 0,
        .times = {timeouts->propose_ns, timeouts->prevote_ns, timeouts->precommit_ns,
                  timeouts->growth_ns, timeouts->resend_ns},
        .sign_ns = section->costs.sign_ns,
        .verify_ns = section->costs.verify_ns,
        .execute_ns = section->costs.execute_ns,
        .hash_ns = section->costs.hash_ns,
        .transmit_ns = section->network.transmit_ns,
        .has_stand_ins = section->signatures == 1,
        .loss = section->network.loss,
        .purpose_latency = random_purpose("latency", random_purpose("ledger", 0)),
        .purpose_loss = random_purpose("loss", random_purpose("ledger", 0)),
        .purpose_key = random_purpose("key", random_purpose("ledger", 0)),
    };
    builder->scenario->ledger = plan;
    if (compile_nodes(builder, &section->nodes, plan, err) != 0 ||
        compile_routes(builder, &section->network, plan, err) != 0 ||
        compile_outages(builder, &section->network.partitions, plan, &plan->partitions,
                        &plan->partition_count, err) != 0) {
        return -1;
    }
    return compile_outages(builder, &section->crashes, plan, &plan->crashes, &plan->crash_count,
                           err);
}
