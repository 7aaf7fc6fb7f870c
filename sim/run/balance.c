/* SPDX-License-Identifier: GPL-3.0-or-later
 * balance.c - see balance.h. */
#include "sim/run/balance.h"

#include "sim/run/walk.h"
#include "sim/steps/step.h"

#include <inttypes.h>

static const struct step *step_of(const struct replication *rep, const struct token *token) {
    const struct consignment *consignment = consignment_at(rep, token->consignment);
    return &rep->scenario->procedures[consignment->procedure].steps[token->step];
}

/* Goods: created = ended + inside. Money: paid by those who left and those inside = received. */
static void check_goods_and_money(struct replication *rep) {
    int64_t inside = 0, ended = 0, paid_e4 = rep->paid_e4, received_e4 = 0;
    for (uint32_t i = 1; i < rep->consignments.used; i++) {
        const struct consignment *consignment = consignment_at(rep, i);
        if (consignment->token_count > 0) {
            inside += consignment->subject == SUBJECT_CONSIGNMENT;
            paid_e4 += consignment->paid.e4;
        }
    }
    for (uint32_t outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
        ended += rep->ended[outcome];
    }
    for (uint32_t i = 0; i < rep->scenario->organisation_count; i++) {
        received_e4 += rep->received_e4[i];
    }
    int64_t created = rep->created[SUBJECT_CONSIGNMENT];
    if (created != ended + inside) {
        walk_fail(rep,
                  "balance of goods: %" PRId64 " created, %" PRId64 " ended, %" PRId64 " inside",
                  created, ended, inside);
    }
    if (paid_e4 != received_e4) {
        walk_fail(rep, "balance of money: paid %" PRId64 " e-4, received %" PRId64 " e-4", paid_e4,
                  received_e4);
    }
}

/* What those who are still here have waited and worked since they began to. */
static void add_running(const struct replication *rep, uint32_t chain, int128 *waiting_ns,
                        int128 *busy_ns) {
    for (uint32_t i = chain; i != 0; i = request_at(&rep->pool, i)->sibling) {
        const struct request *request = request_at(&rep->pool, i);
        int64_t elapsed_ns = rep->now_ns - request->since_ns;
        if (request->state == REQUEST_WAITING) {
            waiting_ns[request->resource] += elapsed_ns;
        } else {
            busy_ns[request->resource] += (int128)elapsed_ns * request->units;
        }
    }
}

/* Little's law as an identity: the integral of the queue's length is the sum of all waits, that of
 * busy units the sum of all holdings. */
static void check_time(struct replication *rep) {
    uint32_t count = rep->scenario->resource_count;
    struct arena arena = ARENA_INIT;
    int128 *waiting_ns = ARENA_ARRAY(&arena, int128, count + 1);
    int128 *busy_ns = ARENA_ARRAY(&arena, int128, count + 1);
    for (uint32_t i = 1; i < rep->tokens.used; i++) {
        const struct token *token = token_at(rep, i);
        if (token->consignment != 0) {
            add_running(rep, token->requests, waiting_ns, busy_ns);
            add_running(rep, token->held, waiting_ns, busy_ns);
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        resource_account(&rep->pool, i, rep->now_ns);
        const struct resource *resource = &rep->pool.resources[i];
        waiting_ns[i] += resource->wait_ns.sum + resource->given_up_ns;
        busy_ns[i] += resource->held_ns;
        if (waiting_ns[i] != resource->waiting_ns || busy_ns[i] != resource->busy_ns) {
            walk_fail(rep, "balance of time: Little's law does not hold at '%s'",
                      rep->scenario->resources[i].name);
        }
    }
    arena_free(&arena);
}

/* Party times of every token inside add up to its age. */
static void check_parties(struct replication *rep) {
    for (uint32_t i = 1; i < rep->tokens.used; i++) {
        struct token *token = token_at(rep, i);
        if (token->consignment == 0) {
            continue;
        }
        struct consignment *consignment = consignment_at(rep, token->consignment);
        int64_t sum_ns = rep->now_ns - token->since_ns;
        for (uint32_t party = 0; party < rep->scenario->party_count; party++) {
            sum_ns += token->times[party];
        }
        if (sum_ns != rep->now_ns - walk_milestones(consignment)[MILESTONE_CREATED]) {
            walk_fail(rep, "balance of parties: entity %" PRIu32 " at step '%s'",
                      consignment->entity, step_of(rep, token)->name);
        }
    }
}

/* ---- who can never go on ------------------------------------------------------------------- */

/* Units of each resource that are held by tokens that can never go on. */
static void count_stuck(const struct replication *rep, const bool *moves, int64_t *stuck) {
    for (uint32_t i = 0; i < rep->scenario->resource_count; i++) {
        stuck[i] = 0;
    }
    for (uint32_t i = 1; i < rep->tokens.used; i++) {
        const struct token *token = token_at(rep, i);
        if (token->consignment == 0 || moves[i]) {
            continue;
        }
        for (int kept = 0; kept < 2; kept++) {
            for (uint32_t r = kept ? token->held : token->requests; r != 0;
                 r = request_at(&rep->pool, r)->sibling) {
                const struct request *request = request_at(&rep->pool, r);
                stuck[request->resource] += request->state == REQUEST_HOLDING ? request->units : 0;
            }
        }
    }
}

/* A waiter moves when every resource it asks for can one day have the units free. */
static bool can_be_granted(const struct replication *rep, const int64_t *stuck,
                           const struct token *token) {
    for (uint32_t r = token->requests; r != 0; r = request_at(&rep->pool, r)->sibling) {
        const struct request *request = request_at(&rep->pool, r);
        int64_t most = rep->scenario->resources[request->resource].units_most;
        if (most - stuck[request->resource] < request->units) {
            return false;
        }
    }
    return true;
}

static bool has_moving_sibling(const struct replication *rep, const bool *moves, uint32_t index) {
    const struct consignment *consignment = consignment_at(rep, index);
    for (uint32_t t = consignment->first_token; t != 0; t = token_at(rep, t)->next) {
        if (moves[t]) {
            return true;
        }
    }
    return consignment->vessel != 0 && consignment_at(rep, consignment->vessel)->token_count > 0 &&
           has_moving_sibling(rep, moves, consignment->vessel);
}

/* One pass; true when it found somebody more who can move. Tokens that work, have a timer or wait
 * in a batch move; one that is parked moves when a sibling, its vessel or something carried can. */
static bool spread(const struct replication *rep, bool *moves, int64_t *stuck) {
    bool changed = false;
    count_stuck(rep, moves, stuck);
    for (uint32_t i = 1; i < rep->tokens.used; i++) {
        const struct token *token = token_at(rep, i);
        if (token->consignment == 0 || moves[i]) {
            continue;
        }
        bool waits = token->phase == PHASE_WAITING || token->phase == PHASE_SUSPENDED;
        bool parked = token->phase == PHASE_PARKED || token->phase == PHASE_JOINING;
        bool carries = consignment_at(rep, token->consignment)->carried_inside > 0;
        moves[i] = (!waits && !parked) || token->event != 0 ||
                   (waits && can_be_granted(rep, stuck, token)) ||
                   (parked && (step_of(rep, token)->type->keeps_state || carries ||
                               has_moving_sibling(rep, moves, token->consignment)));
        changed = changed || moves[i];
    }
    return changed;
}

static void report_stuck(struct replication *rep, const struct token *token) {
    const struct step *step = step_of(rep, token);
    const struct consignment *consignment = consignment_at(rep, token->consignment);
    const char *procedure = rep->scenario->procedures[consignment->procedure].name;
    if (token->requests != 0) {
        walk_fail(rep,
                  "deadlock: entity %" PRIu32 " waits at step '%s' of '%s' for '%s', which is held "
                  "by others that wait in turn",
                  consignment->entity, step->name, procedure,
                  rep->scenario->resources[request_at(&rep->pool, token->requests)->resource].name);
    } else {
        walk_fail(rep,
                  "entity %" PRIu32 " can never go on: it waits at step '%s' of '%s' for what no "
                  "one is left to bring about",
                  consignment->entity, step->name, procedure);
    }
}

/* Only looked at when somebody is left behind: the limit, not a loop, bounds the run. */
static void check_stuck(struct replication *rep) {
    struct arena arena = ARENA_INIT;
    bool *moves = ARENA_ARRAY(&arena, bool, rep->tokens.used + 1);
    int64_t *stuck = ARENA_ARRAY(&arena, int64_t, rep->scenario->resource_count + 1);
    while (spread(rep, moves, stuck)) {
    }
    for (uint32_t i = 1; i < rep->tokens.used && !rep->failed; i++) {
        const struct token *token = token_at(rep, i);
        if (token->consignment != 0 && !moves[i]) {
            report_stuck(rep, token);
        }
    }
    arena_free(&arena);
}

void balance_check(struct replication *rep) {
    check_goods_and_money(rep);
    if (rep->scenario->study.statistics) {
        check_time(rep);
        check_parties(rep);
    }
    if (rep->cohort_inside > 0) {
        check_stuck(rep);
    }
}
