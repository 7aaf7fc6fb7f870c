/* SPDX-License-Identifier: GPL-3.0-or-later
 * risk_online.c - `clearlab risk online`: week by week, a share of the declarations is inspected,
 * and only what was inspected teaches the next week's model.
 *
 * The first weeks are inspected whole. After them the engine is trained on every Monday of what was
 * inspected so far, and orders the week; a strategy picks those within the budget. Labels of the
 * others are never looked at. A table of exact matches runs beside it under the same rules. */
#include "core/base/numeric.h"
#include "core/risk/strategy.h"
#include "sim/commands/risk.h"
#include "sim/commands/risk_figures.h"
#include "sim/commands/risk_load.h"

#include <stdio.h>
#include <stdlib.h>

enum { BUDGETS_MAX = 2 };

struct online {
    const struct declaration_table *table;
    const struct encode_row *rows;
    const uint32_t *order; /* by day */
    struct engine_settings settings;
    const struct strategy *strategy; /* NULL: the table of exact matches */
    double budget;                   /* share of a week's declarations */
    uint32_t first_weeks;
    struct arena *arena;
    bool *inspected; /* by row */
};

struct online_result {
    uint32_t weeks, inspected;
    double precision, error; /* mean of the weeks and its standard error */
    uint32_t findings, all_findings;
};

static int32_t week_of(const struct online *online, uint32_t row) {
    int32_t first = online->table->days[online->order[0]];
    return (online->table->days[row] - first) / 7;
}

static void candidates_of_table(const struct online *online, const uint32_t *week, uint32_t count,
                                struct candidate *candidates, struct arena *arena) {
    struct memory goods;
    double findings = 0, inspections = 0;
    memory_init(&goods, MEMORY_ENTRIES_MAX, arena);
    for (uint32_t row = 0; row < online->table->row_count; row++) {
        if (online->inspected[row]) {
            memory_add(&goods, encode_goods(&online->rows[row]), online->table->labels[row], 1);
            findings += online->table->labels[row];
            inspections += 1;
        }
    }
    double rate = inspections > 0 ? findings / inspections : 0.5;
    for (uint32_t i = 0; i < count; i++) {
        const struct memory_entry *entry =
            memory_find(&goods, encode_goods(&online->rows[week[i]]));
        double probability = blend_table(entry, rate);
        candidates[i] = (struct candidate){.number = week[i],
                                           .probability = probability,
                                           .evidence = entry != NULL ? entry->inspections : 0,
                                           .value = probability};
    }
}

/* Trains on what was inspected; no order where that holds one class only, or none is asked for. */
static int candidates_of_engine(const struct online *online, const uint32_t *week, uint32_t count,
                                struct candidate *candidates, struct arena *arena,
                                struct error *err) {
    uint32_t *known = ARENA_ARRAY(arena, uint32_t, online->table->row_count);
    uint32_t known_count = 0, findings = 0;
    for (uint32_t i = 0; i < online->table->row_count; i++) {
        if (online->inspected[i]) {
            known[known_count++] = i;
            findings += online->table->labels[i] > 0;
        }
    }
    if (findings == 0 || findings == known_count || online->strategy == strategy_find("random")) {
        for (uint32_t i = 0; i < count; i++) {
            candidates[i] = (struct candidate){.number = week[i], .probability = 0.5, .value = 0.5};
        }
        return 0;
    }
    struct engine *engine = ARENA_NEW(arena, struct engine);
    struct declaration_table past =
        declaration_table_pick(online->table, known, known_count, arena);
    struct declaration_table now = declaration_table_pick(online->table, week, count, arena);
    if (engine_train(engine, &past, &online->settings, arena, err) < 0) {
        return -1;
    }
    struct matrix matrix;
    const struct encode_row *rows = encode_rows(&now, arena);
    const struct engine_score *scores = engine_score_rows(engine, &now, rows, &matrix, arena);
    for (uint32_t i = 0; i < count; i++) {
        const struct memory_entry *goods = scores[i].evidence.goods;
        candidates[i] = (struct candidate){.number = week[i],
                                           .probability = scores[i].score,
                                           .evidence = goods != NULL ? goods->inspections : 0,
                                           .value = scores[i].score};
    }
    return 0;
}

/* Inspects a week. Returns the precision, or -1 and an error. */
static double inspect_week(const struct online *online, int32_t week_number, const uint32_t *week,
                           uint32_t count, struct strategy_state *state, uint32_t *made,
                           struct error *err) {
    struct arena arena = ARENA_INIT;
    struct candidate *candidates = ARENA_ARRAY(&arena, struct candidate, count);
    uint32_t *order = ARENA_ARRAY(&arena, uint32_t, count);
    uint8_t *arms = ARENA_ARRAY(&arena, uint8_t, count);
    const struct strategy *strategy =
        online->strategy != NULL ? online->strategy : strategy_find("exploit");
    struct random_key key = random_key_make(online->settings.seed, (uint64_t)week_number);
    struct strategy_outcome outcome = {.drift = false};
    double findings = 0;
    uint32_t budget = (uint32_t)(online->budget * count + 0.5);
    budget = budget == 0 ? 1 : budget;
    int status = 0;
    if (online->strategy != NULL) {
        status = candidates_of_engine(online, week, count, candidates, &arena, err);
    } else {
        candidates_of_table(online, week, count, candidates, &arena);
    }
    if (status == 0) {
        strategy_rank(strategy, state, candidates, count, budget, key, &arena, order, arms);
        for (uint32_t i = 0; i < budget; i++) {
            uint32_t row = week[order[i]];
            int8_t label = online->table->labels[row];
            online->inspected[row] = true;
            findings += label;
            outcome.found[arms[order[i]]] += label;
            outcome.made[arms[order[i]]] += 1;
        }
        if (strategy->learn != NULL) {
            strategy->learn(state, &outcome);
        }
    }
    *made = budget;
    arena_free(&arena);
    return status == 0 ? findings / budget : -1;
}

static int run_weeks(struct online *online, struct online_result *result, struct error *err) {
    uint32_t rows = online->table->row_count;
    struct strategy_state state = {.log_weights = {0}};
    double sum = 0, squares = 0;
    *result = (struct online_result){.weeks = 0};
    online->inspected = ARENA_ARRAY(online->arena, bool, rows);
    for (uint32_t begin = 0, end; begin < rows; begin = end) {
        int32_t number = week_of(online, online->order[begin]);
        uint32_t made;
        for (end = begin; end < rows && week_of(online, online->order[end]) == number; end++) {
            if (number < (int32_t)online->first_weeks) {
                online->inspected[online->order[end]] = true;
            }
        }
        if (number < (int32_t)online->first_weeks) {
            continue;
        }
        double precision =
            inspect_week(online, number, online->order + begin, end - begin, &state, &made, err);
        if (precision < 0) {
            return -1;
        }
        for (uint32_t at = begin; at < end; at++) {
            result->all_findings += online->table->labels[online->order[at]] > 0;
        }
        result->weeks++;
        result->inspected += made;
        result->findings += (uint32_t)(precision * made + 0.5);
        sum += precision;
        squares += precision * precision;
    }
    double weeks = result->weeks;
    result->precision = sum / weeks;
    double variance = weeks > 1 ? (squares - sum * sum / weeks) / (weeks - 1) : 0;
    result->error = numeric_sqrt(variance > 0 ? variance / weeks : 0);
    return 0;
}

static void print_result(const char *who, const struct online *online,
                         const struct online_result *result, struct json *json) {
    double recall = (double)result->findings / (double)result->all_findings;
    if (json == NULL) {
        printf("  %-20s%5g %%%8u%12.3f +- %.3f%9.3f\n", who, 100 * online->budget,
               result->inspected, result->precision, 1.96 * result->error, recall);
        return;
    }
    json_enter(json, NULL, '{');
    json_text(json, "scores", who);
    json_number(json, "budget", online->budget);
    json_number(json, "weeks", result->weeks);
    json_number(json, "inspected", result->inspected);
    risk_figures_number(json, "precision", result->precision);
    risk_figures_number(json, "standard_error", result->error);
    risk_figures_number(json, "recall", recall);
    json_leave(json, '}');
}

static int run_all(struct online *online, const double *budgets, unsigned budget_count,
                   struct json *json, struct error *err) {
    static const char *const beside[] = {"exact_match_table", "random"};
    const struct strategy *chosen = online->strategy;
    for (unsigned i = 0; i < budget_count; i++) {
        const struct strategy *strategies[] = {chosen, NULL, strategy_find("random")};
        for (unsigned who = 0; who < 3; who++) {
            struct online_result result;
            online->budget = budgets[i];
            online->strategy = strategies[who];
            if (run_weeks(online, &result, err) < 0) {
                return -1;
            }
            if (result.weeks == 0) {
                return error_set(err, ERROR_INPUT, "--data ends within the first %u weeks",
                                 online->first_weeks);
            }
            print_result(who == 0 ? "model" : beside[who - 1], online, &result, json);
        }
    }
    return 0;
}

static int read_options(const struct invocation *invocation, struct online *online,
                        double budgets[BUDGETS_MAX], unsigned *budget_count, struct error *err) {
    const char *name = command_option(invocation, "strategy");
    const char *budget = command_option(invocation, "budget");
    int64_t first_weeks;
    online->strategy = strategy_find(name != NULL ? name : "exploit");
    if (online->strategy == NULL) {
        const char *names[16];
        unsigned count = 0;
        for (; strategy_all[count] != NULL && count < 16; count++) {
            names[count] = strategy_all[count]->name;
        }
        return error_set(err, ERROR_INPUT, "--strategy: there is no '%s'%s", name,
                         error_hint(name, names, count, "").text);
    }
    if (command_option_number(invocation, "first-weeks", 0, 10000, 4, &first_weeks, err) < 0 ||
        risk_load_settings(invocation, &online->settings, err) < 0) {
        return -1;
    }
    online->first_weeks = (uint32_t)first_weeks;
    budgets[0] = 0.05;
    budgets[1] = 0.1;
    *budget_count = 2;
    if (budget != NULL) {
        char *end;
        budgets[0] = strtod(budget, &end) / 100;
        *budget_count = 1;
        if (end == budget || *end != '\0' || !(budgets[0] > 0 && budgets[0] <= 1)) {
            return error_set(err, ERROR_INPUT,
                             "--budget: expected a percentage above 0, up to 100, got '%s'",
                             budget);
        }
    }
    return 0;
}

int risk_online(const struct invocation *invocation, struct error *err) {
    struct online online = {.arena = invocation->arena};
    struct declaration_table table;
    double budgets[BUDGETS_MAX];
    unsigned budget_count;
    if (read_options(invocation, &online, budgets, &budget_count, err) < 0 ||
        risk_load_table(invocation, DECLARATION_LABELS_REQUIRED, &table, err) < 0) {
        return (int)err->code;
    }
    online.table = &table;
    online.rows = encode_rows(&table, invocation->arena);
    online.order = declaration_table_by_day(&table, invocation->arena);
    struct json json = JSON_INIT(stdout);
    bool as_json = command_option(invocation, "json") != NULL;
    if (as_json) {
        json_enter(&json, NULL, '{');
        json_raw(&json, "with_memory", online.settings.with_memory ? "true" : "false");
        json_text(&json, "strategy", online.strategy->name);
        json_number(&json, "first_weeks", online.first_weeks);
        json_enter(&json, "runs", '[');
    } else {
        printf("%u declarations; the first %u weeks are inspected whole, then each week the share "
               "named\n\n  %-20s%7s%8s%12s%18s\n",
               table.row_count, online.first_weeks, "", "budget", "made", "precision", "recall");
    }
    if (run_all(&online, budgets, budget_count, as_json ? &json : NULL, err) < 0) {
        return (int)err->code;
    }
    if (as_json) {
        json_leave(&json, ']');
        json_leave(&json, '}');
        putchar('\n');
    } else {
        printf("\nWhat a table of exact matches finds as well is memory of repeated goods.\n");
    }
    return 0;
}
