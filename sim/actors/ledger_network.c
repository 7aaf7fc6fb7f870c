/* SPDX-License-Identifier: GPL-3.0-or-later
 * ledger_network.c - links between nodes: a message waits for its link, occupies it for as long as
 * its bytes take, and is then on its way for the latency of the link. */
#include "sim/actors/ledger_service_parts.h"

/* ---- outages -------------------------------------------------------------------------------- */

static bool is_active(const struct ledger_plan_outage *outage, int64_t time_ns) {
    int64_t since_ns = time_ns - outage->at_ns;
    if (since_ns < 0) {
        return false;
    }
    return (outage->every_ns > 0 ? since_ns % outage->every_ns : since_ns) < outage->for_ns;
}

static bool is_parted(const struct ledger_plan *plan, uint32_t from, uint32_t to, int64_t time_ns) {
    for (uint32_t i = 0; i < plan->partition_count; i++) {
        const struct ledger_plan_outage *partition = &plan->partitions[i];
        if (ledger_bit(partition->nodes, from) != ledger_bit(partition->nodes, to) &&
            is_active(partition, time_ns)) {
            return true;
        }
    }
    return false;
}

bool ledger_network_is_down(const struct ledger_service *service, uint32_t node, int64_t time_ns) {
    const struct ledger_plan *plan = service->plan;
    for (uint32_t i = 0; i < plan->crash_count; i++) {
        if (ledger_bit(plan->crashes[i].nodes, node) && is_active(&plan->crashes[i], time_ns)) {
            return true;
        }
    }
    return false;
}

static void post_crash(struct ledger_service *service, uint32_t node, uint32_t outage,
                       int64_t time_ns) {
    struct ledger_task task = {.kind = TASK_CRASH, .from = node, .to = node, .index = outage};
    ledger_network_post(service, &task, time_ns);
}

void ledger_network_start(struct ledger_service *service) {
    const struct ledger_plan *plan = service->plan;
    for (uint32_t i = 0; i < plan->crash_count; i++) {
        for (uint32_t node = 0; node < plan->node_count; node++) {
            if (ledger_bit(plan->crashes[i].nodes, node)) {
                post_crash(service, node, i, plan->crashes[i].at_ns);
            }
        }
    }
}

void ledger_network_next_crash(struct ledger_service *service, const struct ledger_task *task) {
    const struct ledger_plan_outage *outage = &service->plan->crashes[task->index];
    struct ledger_task restart = *task;
    restart.kind = TASK_RESTART;
    ledger_network_post(service, &restart, service->rep->now_ns + outage->for_ns);
    if (outage->every_ns > 0) {
        post_crash(service, task->to, task->index, service->rep->now_ns + outage->every_ns);
    }
}

/* ---- messages ------------------------------------------------------------------------------- */

void ledger_network_post(struct ledger_service *service, const struct ledger_task *task,
                         int64_t time_ns) {
    uint32_t index = slab_take(&service->tasks);
    REQUIRE(index != 0); /* more messages on their way than the slab holds */
    *(struct ledger_task *)slab_at(&service->tasks, index) = *task;
    event_queue_push(&service->rep->queue, time_ns, EVENT_LEDGER, task->to, index);
}

/* When a message that leaves at `time_ns` has arrived. */
static int64_t travel(struct ledger_service *service, const struct ledger_task *task, uint32_t size,
                      int64_t time_ns, bool *is_lost) {
    const struct ledger_plan *plan = service->plan;
    uint32_t number = task->from * plan->node_count + task->to;
    struct ledger_link *link = &service->links[number];
    struct draw draw = {.key = service->rep->key,
                        .entity = (uint64_t)number << 32 | link->message_count++,
                        .purpose = plan->purpose_latency};
    if (link->free_ns < time_ns) {
        link->free_ns = time_ns;
    }
    link->free_ns += plan->transmit_ns * (int64_t)size / 1024;
    *is_lost = is_parted(plan, task->from, task->to, time_ns) ||
               ledger_network_is_down(service, task->from, time_ns) ||
               (plan->loss > 0 &&
                random_uniform(draw.key, draw.entity, plan->purpose_loss, 0) < plan->loss);
    return link->free_ns + distribution_draw_ns(plan->latencies[number], &draw);
}

void ledger_network_send(struct ledger_service *service, const struct ledger_task *task,
                         uint32_t size) {
    int64_t time_ns = service->nodes[task->from].clock_ns;
    bool is_lost, counts = ledger_in_window(service, time_ns);
    int64_t arrival_ns = travel(service, task, size, time_ns, &is_lost);
    service->message_count += counts;
    service->byte_count += counts ? size : 0;
    service->lost_count += counts && is_lost;
    if (is_lost) {
        return;
    }
    if (task->proof != 0) {
        ((struct ledger_proof *)slab_at(&service->proofs, task->proof))->references++;
    }
    ledger_network_post(service, task, arrival_ns);
}

void ledger_network_broadcast(struct ledger_service *service, struct ledger_task *task,
                              uint32_t size) {
    for (uint32_t i = 1; i < service->plan->node_count; i++) {
        task->to = (task->from + i) % service->plan->node_count;
        ledger_network_send(service, task, size);
    }
}
