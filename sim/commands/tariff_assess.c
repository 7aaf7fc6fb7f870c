/* SPDX-License-Identifier: GPL-3.0-or-later
 * tariff_assess.c - what is due on declared goods, step by step; and what a change of the law does
 * to entries already made. */
#include "core/base/units.h"
#include "core/tariff/apportion.h"
#include "sim/commands/tariff.h"
#include "sim/commands/tariff_load.h"
#include "sim/commands/tariff_print.h"
#include "sim/scenario/tariff_file.h"

#include <string.h>

static int day_option(const struct invocation *invocation, const char *name, int64_t otherwise,
                      int64_t *day, struct error *err) {
    const char *text = command_option(invocation, name);
    struct place place = {.source = name};
    *day = otherwise;
    return text == NULL ? 0 : units_parse_date(text, day, place, err);
}

/* Where an assessment is printed: in `json` or, without, as a table. */
struct output {
    struct json *json;
    struct assessment *assessment;
};

static int print_item(const struct output *output, const struct levy_plan *plan,
                      const struct claim *claim, const struct reassess_entry *parts,
                      int64_t known_day, struct error *err) {
    struct assessment *assessment = output->assessment;
    struct exact due = exact_integer(0);
    int status = claim->part_count == 0;
    if (output->json == NULL) {
        tariff_print_claim(claim);
    } else if (claim->part_count == 0) {
        tariff_print_claim_json(output->json, claim);
    }
    for (unsigned i = 0; i < claim->part_count; i++) {
        const struct reassess_entry *part = &parts[i];
        status |= assess(plan, part->facts, part->goods_day, known_day, assessment);
        if (output->json != NULL) {
            tariff_print_json(output->json, assessment, claim, part);
        } else {
            tariff_print_assessment(assessment, part);
        }
        if (exact_add(due, assessment->due, &due) != 0) {
            return error_set(err, ERROR_RUN, "%s: the sum has too many digits", part->id);
        }
    }
    if (claim->part_count > 1 && output->json == NULL && status == 0) {
        tariff_print_together(plan, claim, due);
    }
    return status;
}

/* The parts of all items that can be assessed, item by item. */
struct parts {
    unsigned count;
    struct reassess_entry *entries;
};

static struct parts collect_parts(const struct tariff_items *items, struct arena *arena) {
    struct parts parts = {
        .entries = ARENA_ARRAY(arena, struct reassess_entry, 2 * (size_t)items->count + 1)};
    bool *is_open = ARENA_ARRAY(arena, bool, (size_t)items->declaration_count + 1);
    memset(is_open, 0, items->declaration_count + 1);
    for (unsigned i = 0; i < items->count; i++) {
        const struct claim *claim = &items->claims[i];
        is_open[claim->entry.declaration] |= claim->part_count == 0;
        for (unsigned k = 0; k < claim->part_count; k++) {
            parts.entries[parts.count++] = claim->parts[k];
        }
    }
    for (unsigned i = 0; i < parts.count; i++) {
        parts.entries[i].has_open_items = is_open[parts.entries[i].declaration];
    }
    return parts;
}

static int print_all(const struct invocation *invocation, const struct levy_plan *plan,
                     const struct tariff_items *items, int64_t known_day, struct error *err) {
    struct parts parts = collect_parts(items, invocation->arena);
    const struct reassess_entry *entries =
        apportion(plan, parts.entries, parts.count, known_day, invocation->arena, err);
    if (entries == NULL) {
        return 1;
    }
    bool is_json = command_option(invocation, "json") != NULL;
    struct json json = JSON_INIT(stdout);
    struct output output = {.json = is_json ? &json : NULL,
                            .assessment = ARENA_NEW(invocation->arena, struct assessment)};
    int status = 0;
    if (is_json) {
        json_enter(&json, NULL, '[');
    }
    for (unsigned i = 0; i < items->count && status >= 0; i++) {
        const struct claim *claim = &items->claims[i];
        int item = print_item(&output, plan, claim, entries, known_day, err);
        entries += claim->part_count;
        status = item < 0 ? item : status | item;
    }
    if (is_json) {
        json_leave(&json, ']');
        putchar('\n');
    }
    return status < 0 ? 1 : status;
}

static int print_since(const struct invocation *invocation, const struct levy_plan *plan,
                       const struct tariff_items *items, int64_t since_day, int64_t known_day,
                       struct error *err) {
    struct reassess_list list;
    struct json json = JSON_INIT(stdout);
    struct parts parts = collect_parts(items, invocation->arena);
    const struct reassess_entry *entries = parts.entries;
    if (reassess(plan, entries, parts.count, since_day, known_day, invocation->arena, &list, err) !=
        0) {
        return 1;
    }
    for (unsigned i = 0; i < items->count; i++) {
        list.is_complete = list.is_complete && items->claims[i].part_count > 0;
    }
    if (command_option(invocation, "json") != NULL) {
        tariff_print_changes_json(&json, plan, entries, &list);
        putchar('\n');
    } else {
        tariff_print_changes(plan, entries, &list);
    }
    return list.is_complete ? 0 : 1;
}

int tariff_assess(const struct invocation *invocation, struct error *err) {
    int64_t on_day, known_day, since_day;
    struct tariff_items items = {.count = 0};
    const char *path = command_option(invocation, "tariff");
    if (path == NULL) {
        error_set(err, ERROR_INPUT, "assess needs --tariff FILE");
        return 2;
    }
    if (day_option(invocation, "on", INT64_MIN, &on_day, err) != 0 ||
        day_option(invocation, "known", UNITS_DAY_MAX, &known_day, err) != 0 ||
        day_option(invocation, "since", UNITS_DAY_MIN, &since_day, err) != 0) {
        return 2;
    }
    struct claim_law law;
    const struct levy_plan *plan = tariff_load_plan(
        path, command_option(invocation, "jurisdiction"), invocation->arena, &law, err);
    const char *imports = command_option(invocation, "imports");
    if (plan == NULL ||
        (imports != NULL && tariff_file_imports(invocation->arena, imports, &law, err) != 0)) {
        return (int)err->code;
    }
    for (unsigned i = 1; i < invocation->positional_count; i++) {
        if (tariff_load_declaration(plan, invocation->positionals[i], on_day, invocation->arena,
                                    &items, err) != 0) {
            return (int)err->code;
        }
    }
    if (claim_settle(plan, &law, items.claims, items.count, known_day, invocation->arena, err) !=
        0) {
        return (int)err->code;
    }
    return command_option(invocation, "since") != NULL
               ? print_since(invocation, plan, &items, since_day, known_day, err)
               : print_all(invocation, plan, &items, known_day, err);
}
