/* SPDX-License-Identifier: GPL-3.0-or-later
 * tariff_case.h - hands a worked example, written as a jurisdiction, to the engine. */
#ifndef TESTS_VECTORS_TARIFF_CASE_H
#define TESTS_VECTORS_TARIFF_CASE_H

#include "core/base/csv.h"
#include "core/tariff/assess.h"
#include "core/tariff/schedule_read.h"
#include "sim/scenario/input_file.h"
#include "tests/vectors/tariff_shape.h"

/* What a case needs besides itself, read once. */
struct case_world {
    struct arena *arena;
    const char *seasonal; /* text of the seasonal measures; NULL where the file is absent */
    const char *solar;    /* of the American database */
    const struct levy_plan *parcels; /* a jurisdiction with regimes for parcels */
};

struct case_run {
    const struct levy_plan *plan;
    struct lower_context *lowered;
    struct assessment *result;
    unsigned engine_count; /* answers of the engines of origin and of quotas that were compared */
    char why[1000];        /* a text of an error and what was asked */
};

static bool case_fail(struct case_run *run, const char *format, const char *a, const char *b) {
    snprintf(run->why, sizeof run->why, format, a, b);
    return false;
}

/* ---- measures of the files beside the examples ---- */

/* Rows of the seasonal measures of one code, as measures that feed the levy. */
static const char *case_seasons(struct arena *arena, const struct case_world *world,
                                const struct lower_query *query, unsigned type) {
    struct csv csv;
    struct error err = ERROR_INIT;
    const char *text = "";
    csv_init(&csv, "seasonal", arena_text(arena, world->seasonal, strlen(world->seasonal)), ',');
    csv_next(&csv, &err);
    while (csv_next(&csv, &err) > 0) {
        if (strcmp(csv.fields[1], query->code) == 0 && strcmp(csv.fields[2], "142") == 0) {
            text = arena_format(arena,
                                "%s  - {code: \"%s\", type: t%u, area: \"%s\", duty: \"%s\", "
                                "season: %s..%s}\n",
                                text, csv.fields[1], type, csv.fields[0], csv.fields[5],
                                csv.fields[3], csv.fields[4]);
        }
    }
    return text;
}

/* Rows of the American database of one code, with their dates. */
static const char *case_dated(struct arena *arena, const struct case_world *world,
                              const struct lower_query *query, unsigned type) {
    struct csv csv;
    struct error err = ERROR_INIT;
    const char *text = "";
    csv_init(&csv, "database", arena_text(arena, world->solar, strlen(world->solar)), ',');
    csv_next(&csv, &err);
    int code = csv_find(&csv, "hts8"), rate = csv_find(&csv, "mfn_text_rate");
    int from = csv_find(&csv, "begin_effect_date"), to = csv_find(&csv, "end_effective_date");
    while (code >= 0 && csv_next(&csv, &err) > 0) {
        if (strncmp(csv.fields[code], query->code, 8) == 0) {
            text = arena_format(arena,
                                "%s  - {code: \"%s\", type: t%u, area: all, duty: \"%s\", "
                                "from: %s, to: %s}\n",
                                text, query->code, type, csv.fields[rate], csv.fields[from],
                                csv.fields[to]);
        }
    }
    return text;
}

static const char *case_schedule(struct arena *arena, const struct case_world *world,
                                 const struct lower_context *lowered) {
    const char *types = "", *lines = "", *measures = "";
    for (unsigned i = 0; i < lowered->query_count; i++) {
        const struct lower_query *query = &lowered->queries[i];
        if (query->code == NULL) {
            continue;
        }
        bool is_season = strcmp(query->area, "all") != 0;
        if ((is_season ? world->seasonal : world->solar) == NULL) {
            return NULL;
        }
        types =
            arena_format(arena, "%s  t%u: {series: C, kind: %s, levy: \"%s\", description: rate}\n",
                         types, i, is_season ? "preference" : "additional", query->levy);
        if (strstr(lines, query->code) == NULL) {
            lines = arena_format(arena, "%s  - {code: \"%s\", indent: 1, description: goods}\n",
                                 lines, query->code);
        }
        measures = arena_format(arena, "%s%s", measures,
                                (is_season ? case_seasons : case_dated)(arena, world, query, i));
    }
    if (types[0] == '\0') {
        return "";
    }
    const char *areas = "  all: {everyone: true, description: everyone}\n";
    struct csv csv;
    struct error err = ERROR_INIT;
    if (world->seasonal != NULL) {
        csv_init(&csv, "areas", arena_text(arena, world->seasonal, strlen(world->seasonal)), ',');
        csv_next(&csv, &err);
        while (csv_next(&csv, &err) > 0) {
            const char *line = arena_format(arena, "  \"%s\": an area\n", csv.fields[0]);
            areas = strstr(areas, line) != NULL ? areas : arena_format(arena, "%s%s", areas, line);
        }
    }
    return arena_format(arena,
                        "areas:\n%sseries: {C: duties}\nmeasure_types:\n%snomenclature:\n%s"
                        "measures:\n%s",
                        areas, types, lines, measures);
}

/* ---- running ---- */

static bool case_read(struct case_run *run, const struct case_world *world, struct arena *arena) {
    struct lower_context *lowered = run->lowered;
    const char *schedule = case_schedule(arena, world, lowered);
    if (schedule == NULL) {
        return case_fail(run, "needs a data file that isn't here%s%s", "", "");
    }
    const char *currency = "";
    if (lowered->exchange != NULL) {
        currency = arena_format(arena, "currency: %s\nexchange: {rates: {%s: %s}}\n", lowered->own,
                                lowered->other, lower_input(lowered, lowered->exchange));
    }
    const char *text = arena_format(arena, "clearlab: 1\ntariff: case\n%s%sfacts:\n%slevies:\n%s",
                                    currency, schedule, lowered->facts, lowered->levies);
    if (getenv("TARIFF_SHOW") != NULL) {
        printf("%s\n", text);
    }
    struct error err = ERROR_INIT;
    char message[400];
    const struct tariff *tariff = NULL;
    const struct node *document = node_read_text(arena, "case", text, strlen(text), &err);
    if (document != NULL && schedule[0] != '\0') {
        tariff = schedule_read(document, NULL, 0, arena, &err);
    }
    run->plan = document != NULL && err.code == ERROR_NONE
                    ? levy_read(document, tariff, arena, &err)
                    : NULL;
    if (run->plan == NULL) {
        error_print(&err, message, sizeof message);
        message[strcspn(message, "\n")] = '\0';
        return case_fail(run, "the engine refuses it: %s%s", message, "");
    }
    return true;
}

static int64_t case_day(const char *text, int64_t otherwise) {
    struct error err = ERROR_INIT;
    struct place place = {.source = "day"};
    int64_t day = otherwise;
    return text != NULL && units_parse_date(text, &day, place, &err) == 0 ? day : otherwise;
}

/* Assesses as the formula sees it: on its day, and for its goods. */
static void case_assess(struct case_run *run, const struct node *inputs, const char *formula,
                        struct arena *arena) {
    const struct lower_context *lowered = run->lowered;
    const struct lower_query *query = NULL, *first = NULL;
    for (unsigned i = 0; i < lowered->query_count; i++) {
        first = first == NULL ? &lowered->queries[i] : first;
        query = strcmp(lowered->queries[i].formula, formula) == 0 ? &lowered->queries[i] : query;
    }
    query = query != NULL ? query : first;
    struct tariff_facts facts;
    assess_facts_init(run->plan, arena, &facts);
    for (const struct node *input = inputs->first; input != NULL; input = input->next) {
        unsigned slot = levy_slot(run->plan, input->key);
        struct exact number;
        if (slot < run->plan->fact_count && exact_parse(input->text, &number) == 0 &&
            run->plan->expression_names.inputs[slot].type == VALUE_DECIMAL) {
            assess_facts_number(run->plan, &facts, slot, number);
        }
    }
    const struct node *date = node_get(inputs, "import_date"),
                      *known = node_get(inputs, "known_date");
    date = date != NULL ? date : node_get(inputs, "date");
    int64_t goods_day = case_day(date != NULL ? date->text : NULL, 19905);
    if (query != NULL) {
        goods_day = case_day(query->goods_day, goods_day);
        if (query->code != NULL) {
            facts.code = strtoull(query->code, NULL, 10);
            facts.preference = true;
            facts.origin = schedule_area(run->plan->tariff, query->area);
        }
    }
    assess(run->plan, &facts, goods_day,
           case_day(known != NULL ? known->text : NULL, UNITS_DAY_MAX), run->result);
}

static bool case_check_amount(struct case_run *run, const struct node *inputs,
                              const struct node *expected, struct arena *arena) {
    case_assess(run, inputs, expected->key, arena);
    const struct assess_line *line = assess_line_of(run->result, expected->key);
    struct exact want;
    if (line == NULL) {
        return case_fail(run, "no levy gives '%s'%s", expected->key, "");
    }
    if (expected->kind == NODE_NULL) {
        return line->outcome == ASSESS_no_measure
                   ? true
                   : case_fail(run, "%s: expected none, got %s", expected->key,
                               assess_outcome_name(line->outcome));
    }
    if (!line->is_known) {
        return case_fail(run, "%s has no amount: %s", expected->key,
                         assess_outcome_name(line->outcome));
    }
    char got[96], both[300];
    exact_print(line->amount, got);
    snprintf(both, sizeof both, "%s, got %s", expected->text, got);
    if (exact_parse(expected->text, &want) != 0 || exact_compare(want, line->amount) != 0) {
        return case_fail(run, "%s: expected %s", expected->key, both);
    }
    return trace_agrees(&run->result->trace)
               ? true
               : case_fail(run, "%s: the trace alone doesn't give the amount%s", expected->key, "");
}

/* The case's own expression has come to the same duty, on its value. */
static bool case_check_expression(struct case_run *run) {
    const struct assess_line *duty = assess_line_of(run->result, "duty"), *other = NULL;
    char a[96], b[96], name[40];
    for (unsigned i = 0; i < run->lowered->base_count; i++) {
        snprintf(name, sizeof name, "duty by expression %u", i);
        other = assess_line_of(run->result, name);
        if (other->is_known && exact_compare(duty->amount, other->amount) == 0) {
            return true;
        }
    }
    if (!run->lowered->has_base) {
        run->lowered->has_expression = false; /* nobody says what it is on */
        return true;
    }
    if (!other->is_known) {
        return case_fail(run, "its expression has no amount: %s%s",
                         assess_outcome_name(other->outcome), "");
    }
    exact_print(duty->amount, a);
    exact_print(other->amount, b);
    return case_fail(run, "duty is %s, by its expression %s", a, b);
}

/* ---- regimes ---- */

static bool case_check_regime(struct case_run *run, const struct case_world *world,
                              const struct node *inputs, const struct node *expected,
                              struct arena *arena) {
    static const char *const names[] = {"order_value", "items", "used_this_year"};
    const struct levy_plan *plan = world->parcels;
    const struct formula *call = run->lowered->regime_call;
    struct tariff_facts facts;
    if (plan == NULL || call->count != 3) {
        return case_fail(run, "no regimes for parcels%s%s", "", "");
    }
    assess_facts_init(plan, arena, &facts);
    for (unsigned i = 0; i < 3; i++) {
        const struct formula *argument = call->children[i];
        const struct node *input = node_get(inputs, argument->text);
        const char *text =
            argument->kind == FORMULA_NAME && input != NULL ? input->text : argument->text;
        struct exact number;
        if (exact_parse(text, &number) != 0) {
            return case_fail(run, "an argument of the regime isn't a number: %s%s", text, "");
        }
        assess_facts_number(plan, &facts, levy_slot(plan, names[i]), number);
    }
    assess(plan, &facts, case_day("2025-06-01", 0), UNITS_DAY_MAX, run->result);
    struct value regime = assess_value_of(&facts, run->result, levy_slot(plan, "regime"));
    const char *got =
        regime.type == VALUE_SYMBOL ? plan->expression_names.symbols[regime.symbol] : "none";
    return strcmp(got, expected->text) == 0
               ? true
               : case_fail(run, "regime: expected %s, got %s", expected->text, got);
}

#endif
