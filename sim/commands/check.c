/* SPDX-License-Identifier: GPL-3.0-or-later
 * check.c - is this scenario right, and what is in it? */
#include "sim/scenario/check.h"
#include "analysis/tables/table.h"
#include "sim/commands/command.h"
#include "sim/run/worker.h"

#include <stdio.h>
#include <string.h>

static const struct option options[] = {
    {"resolved", NULL, "prints the experiment with files, patches and settings merged"},
    {"evidence", NULL, "lists every scalar with its evidence, assumed ones first"},
    {"set", "KEY=VALUE", "sets a parameter or a dotted path; may be repeated"},
    {NULL, NULL, NULL}};

static const char *const evidence_names[] = {"none", "assumed", "derived", "measured"};

enum { NAME, VALUE, RANGE, COLUMN_COUNT };

struct columns {
    const char *texts[COLUMN_COUNT];
};

static struct columns columns_of(const struct parameter *parameter) {
    return (struct columns){{parameter->name, parameter->text,
                             parameter->range_text != NULL ? parameter->range_text : ""}};
}

/* One line, without blanks at its end. A column is as wide as its widest text. */
static void print_line(const char *evidence, const struct columns *columns, const char *source,
                       const unsigned widths[COLUMN_COUNT]) {
    unsigned blanks = 10 - (unsigned)strlen(evidence);
    fputs(evidence, stdout);
    for (unsigned i = 0; i < COLUMN_COUNT; i++) {
        const char *text = columns->texts[i];
        if (text[0] != '\0') {
            printf("%*s%s", (int)blanks, "", text);
            blanks = 0;
        }
        blanks += widths[i] + 2 - table_display_width(text);
    }
    if (source != NULL && source[0] != '\0') {
        printf("%*s%s", (int)blanks, "", source);
    }
    putchar('\n');
}

static void print_evidence(const struct experiment_plan *plan) {
    static const enum evidence order[] = {EVIDENCE_ASSUMED, EVIDENCE_NONE, EVIDENCE_DERIVED,
                                          EVIDENCE_MEASURED};
    struct columns columns = {{"parameter", "value", "range"}};
    unsigned widths[COLUMN_COUNT];
    for (unsigned k = 0; k < COLUMN_COUNT; k++) {
        widths[k] = table_display_width(columns.texts[k]);
        for (uint32_t i = 0; i < plan->parameter_count; i++) {
            unsigned width = table_display_width(columns_of(&plan->parameters[i]).texts[k]);
            widths[k] = width > widths[k] ? width : widths[k];
        }
    }
    print_line("evidence", &columns, "source", widths);
    for (size_t o = 0; o < sizeof order / sizeof order[0]; o++) {
        for (uint32_t i = 0; i < plan->parameter_count; i++) {
            const struct parameter *parameter = &plan->parameters[i];
            if (parameter->evidence == order[o]) {
                columns = columns_of(parameter);
                print_line(evidence_names[order[o]], &columns, parameter->source, widths);
            }
        }
    }
}

static int run(const struct invocation *invocation, struct error *err) {
    const char *settings[OPTION_VALUES_MAX];
    unsigned setting_count = command_option_all(invocation, "set", settings);
    const char *path = invocation->positionals[0];
    const char *kind = check_kind(path, invocation->arena, err);
    if (kind == NULL) {
        return 2;
    }
    if (strcmp(kind, "experiment") != 0) {
        if (check_alone(path, kind, invocation->arena, err) != 0) {
            return 2;
        }
        printf("%s: a %s, no errors found\n", path, kind);
        return 0;
    }
    struct ready_experiment *experiment = ARENA_NEW(invocation->arena, struct ready_experiment);
    const struct experiment_plan *plan = &experiment->plan;
    if (experiment_plan_load(path, settings, setting_count, &experiment->plan, invocation->arena,
                             err) != 0 ||
        worker_prepare(experiment, invocation->arena, err) != 0) {
        return 2;
    }
    if (command_option(invocation, "resolved") != NULL) {
        fputs(plan->resolved, stdout);
        return 0;
    }
    if (command_option(invocation, "evidence") != NULL) {
        print_evidence(plan);
        return 0;
    }
    printf("%s: experiment '%s', %u point%s, no errors found\n", path, plan->name,
           plan->point_count, plan->point_count == 1 ? "" : "s");
    for (uint32_t i = 0; i < plan->point_count; i++) {
        const struct scenario *scenario = plan->points[i].scenario;
        for (uint32_t k = 0; k < scenario->inert_patch_count; k++) {
            printf("%s: patch '%s' changes nothing: what it requires is not there\n",
                   plan->points[i].name, scenario->inert_patches[k]);
        }
    }
    return 0;
}

const struct command command_check = {
    .name = "check",
    .arguments = "FILE [--resolved | --evidence] [--set KEY=VALUE]",
    .doc = "Checks a scenario file and says what is wrong with it.",
    .positionals_min = 1,
    .positionals_max = 1,
    .options = options,
    .run = run,
};
