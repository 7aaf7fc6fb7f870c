/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_resource.c - nobody who could have all it asked for is ever left waiting, and no unit is
 * granted twice.
 *
 * Random tokens ask for units of one or two of three resources, give all back, or give back one
 * request of their chain. After every act everybody is tried again: nobody may be granted by that.
 * The few ways in which giving back skips looking at who waits are only right if this holds. */
#include "sim/kernel/resource.h"
#include "tests/test.h"

enum { RESOURCES = 3, TOKENS = 40, ACTS = 40000 };

static uint64_t state = 20261125;

static uint32_t pick(uint32_t count) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((state >> 33) % count);
}

struct model {
    struct resource resources[RESOURCES];
    struct resource_pool pool;
    uint32_t chains[TOKENS + 1]; /* 0: the token is out */
    bool holds[TOKENS + 1];
    int64_t now_ns;
    uint32_t waited, granted_later;
};

static void ask(struct model *model, uint32_t token) {
    uint32_t first = pick(RESOURCES), count = 1 + pick(2);
    const struct resource_use uses[2] = {{first, 1 + pick(3)},
                                         {(first + 1 + pick(RESOURCES - 1)) % RESOURCES, 1}};
    enum ask_result result = resource_ask(&model->pool, token, uses, count, pick(3), model->now_ns,
                                          &model->chains[token]);
    model->holds[token] = result == ASK_GRANTED;
    model->waited += result == ASK_WAITING;
}

static void act(struct model *model, uint32_t token) {
    uint32_t chain = model->chains[token];
    if (chain == 0) {
        ask(model, token);
    } else if (model->holds[token] && pick(2) == 0) {
        uint32_t sibling = request_at(&model->pool, chain)->sibling;
        uint32_t given = sibling != 0 && pick(2) == 0 ? sibling : chain;
        model->chains[token] = resource_give_back_one(&model->pool, chain, given, model->now_ns);
    } else if (model->holds[token] || pick(10) == 0) { /* some lose patience */
        resource_give_back(&model->pool, chain, model->now_ns);
        model->chains[token] = 0;
    }
}

/* What every token holds, added up, is what is busy. */
static void check_units(const struct model *model) {
    int32_t busy[RESOURCES] = {0};
    for (uint32_t token = 1; token <= TOKENS; token++) {
        for (uint32_t i = model->chains[token]; i != 0; i = request_at(&model->pool, i)->sibling) {
            const struct request *request = request_at(&model->pool, i);
            busy[request->resource] += model->holds[token] ? request->units : 0;
        }
    }
    for (uint32_t i = 0; i < RESOURCES; i++) {
        CHECK_INT(model->resources[i].busy_units, busy[i]);
        CHECK(busy[i] <= model->resources[i].capacity_units);
    }
}

int main(void) {
    static struct model model;
    resource_pool_init(&model.pool, model.resources, RESOURCES);
    for (uint32_t i = 0; i < RESOURCES; i++) {
        model.resources[i].waiting_count_max = UINT32_MAX;
        resource_set_capacity(&model.pool, i, (int32_t)(3 + 2 * i), 0);
    }
    for (int i = 0; i < ACTS; i++) {
        model.now_ns++;
        act(&model, 1 + pick(TOKENS));
        for (uint32_t token; (token = resource_ready_pop(&model.pool)) != 0;) {
            model.holds[token] = true;
            model.granted_later++;
        }
        resource_serve_all(&model.pool, model.now_ns);
        CHECK_INT(resource_ready_pop(&model.pool), 0);
        check_units(&model);
    }
    CHECK(model.waited > ACTS / 10 && model.granted_later > ACTS / 20); /* it was tried at all */
    resource_pool_free(&model.pool);
    return test_summary();
}
