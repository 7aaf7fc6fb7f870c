/* SPDX-License-Identifier: GPL-3.0-or-later
 * tariff_assess.c - what is due on declared goods, step by step; and what a change of the law does
 * to entries already made. */
#include "core/base/units.h"
#include "sim/commands/tariff.h"
#include "sim/commands/tariff_load.h"
#include "sim/commands/tariff_print.h"

static int day_option(const struct invocation *invocation, const char *name, int64_t otherwise,
                      int64_t *day, struct error *err) {
    const char *text = command_option(invocation, name);
    struct place place = {.source = name};
    *day = otherwise;
    return text == NULL ? 0 : units_parse_date(text, day, place, err);
}

static int print_all(const struct invocation *invocation, const struct levy_plan *plan,
                     const struct tariff_items *items, int64_t known_day) {
    struct assessment *assessment = ARENA_NEW(invocation->arena, struct assessment);
    bool is_json = command_option(invocation, "json") != NULL;
    struct json json = JSON_INIT(stdout);
    int status = 0;
    if (is_json) {
        json_enter(&json, NULL, '[');
    }
    for (unsigned i = 0; i < items->count; i++) {
        const struct reassess_entry *entry = &items->entries[i];
        status |= assess(plan, entry->facts, entry->goods_day, known_day, assessment);
        if (is_json) {
            tariff_print_json(&json, assessment, entry);
        } else {
            tariff_print_assessment(assessment, entry);
        }
    }
    if (is_json) {
        json_leave(&json, ']');
        putchar('\n');
    }
    return status;
}

static int print_since(const struct invocation *invocation, const struct levy_plan *plan,
                       const struct tariff_items *items, int64_t since_day, int64_t known_day,
                       struct error *err) {
    struct reassess_list list;
    struct json json = JSON_INIT(stdout);
    if (reassess(plan, items->entries, items->count, since_day, known_day, invocation->arena, &list,
                 err) != 0) {
        return 1;
    }
    if (command_option(invocation, "json") != NULL) {
        tariff_print_changes_json(&json, plan, items->entries, &list);
        putchar('\n');
    } else {
        tariff_print_changes(plan, items->entries, &list);
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
    const struct levy_plan *plan =
        tariff_load_plan(path, command_option(invocation, "jurisdiction"), invocation->arena, err);
    if (plan == NULL) {
        return (int)err->code;
    }
    for (unsigned i = 1; i < invocation->positional_count; i++) {
        if (tariff_load_declaration(plan, invocation->positionals[i], on_day, invocation->arena,
                                    &items, err) != 0) {
            return (int)err->code;
        }
    }
    return command_option(invocation, "since") != NULL
               ? print_since(invocation, plan, &items, since_day, known_day, err)
               : print_all(invocation, plan, &items, known_day);
}
