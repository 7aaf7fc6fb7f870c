/* SPDX-License-Identifier: GPL-3.0-or-later
 * tariff_lint.c - what is odd in a tariff: file:line:column: rule: text, and how often each. */
#include "core/tariff/lint.h"
#include "sim/commands/tariff.h"
#include "sim/scenario/json.h"
#include "sim/scenario/tariff_file.h"

#include <stdio.h>
#include <string.h>

static const char default_columns[] = "scenarios/tariffs/us_schedule.yml";

/* The tariff, by its own reader or by that of another layout. */
static const struct tariff *load(const struct invocation *invocation,
                                 struct us_schedule_notes *notes, struct error *err) {
    static const struct {
        const char *option;
        enum tariff_file_kind kind;
    } layouts[] = {{"us-schedule", TARIFF_FILE_US_SCHEDULE},
                   {"us-database", TARIFF_FILE_US_DATABASE},
                   {"seasons", TARIFF_FILE_SEASONS}};
    const char *path = invocation->positionals[1];
    const char *columns = command_option(invocation, "columns");
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        if (command_option(invocation, layouts[i].option) == NULL) {
            continue;
        }
        if (columns == NULL && layouts[i].kind == TARIFF_FILE_SEASONS) {
            error_set(err, ERROR_INPUT, "a table of seasons needs --columns FILE");
            return NULL;
        }
        return tariff_file_foreign(invocation->arena, layouts[i].kind,
                                   columns != NULL ? columns : default_columns, path, notes, err);
    }
    return tariff_file_load(invocation->arena, path, err);
}

static void print_text(const struct tariff *tariff, const struct lint_report *report) {
    for (uint32_t i = 0; i < report->count; i++) {
        const struct lint_finding *finding = &report->findings[i];
        printf("%s:%d:%d: %s: %s\n", finding->place.source, finding->place.line,
               finding->place.column, lint_rule_name(finding->rule), finding->text);
    }
    for (int rule = 0; rule < LINT_RULE_COUNT; rule++) {
        if (report->counts[rule] > 0) {
            printf("%6u %-4s %s\n", report->counts[rule], lint_rule_name((enum lint_rule)rule),
                   lint_rule_doc((enum lint_rule)rule));
        }
    }
    printf("%u lines, %u measures, %d rules, %u findings\n", tariff->nomenclature.count - 1,
           tariff->measure_count - 1, LINT_RULE_COUNT, report->count);
}

static void print_json(const struct tariff *tariff, const struct lint_report *report) {
    struct json json = JSON_INIT(stdout);
    json_enter(&json, NULL, '{');
    json_number(&json, "lines", tariff->nomenclature.count - 1);
    json_number(&json, "measures", tariff->measure_count - 1);
    json_enter(&json, "counts", '{');
    for (int rule = 0; rule < LINT_RULE_COUNT; rule++) {
        if (report->counts[rule] > 0) {
            json_number(&json, lint_rule_name((enum lint_rule)rule), report->counts[rule]);
        }
    }
    json_leave(&json, '}');
    json_enter(&json, "findings", '[');
    for (uint32_t i = 0; i < report->count; i++) {
        const struct lint_finding *finding = &report->findings[i];
        json_enter(&json, NULL, '{');
        json_text(&json, "file", finding->place.source);
        json_number(&json, "line", finding->place.line);
        json_number(&json, "column", finding->place.column);
        json_text(&json, "rule", lint_rule_name(finding->rule));
        json_text(&json, "text", finding->text);
        json_leave(&json, '}');
    }
    json_leave(&json, ']');
    json_leave(&json, '}');
}

/* 1 when there are findings. */
int tariff_lint(const struct invocation *invocation, struct error *err) {
    struct us_schedule_notes notes = {.count = 0};
    const struct tariff *tariff = load(invocation, &notes, err);
    if (tariff == NULL) {
        return 2;
    }
    struct lint_report report = lint_tariff(tariff, &notes, invocation->arena);
    if (command_option(invocation, "json") != NULL) {
        print_json(tariff, &report);
    } else {
        print_text(tariff, &report);
    }
    return report.count > 0 ? 1 : 0;
}
