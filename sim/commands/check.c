/* SPDX-License-Identifier: GPL-3.0-or-later
 * check.c - is this scenario right, and what is in it? */
#include "sim/scenario/check.h"
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

static void print_evidence(const struct experiment_plan *plan) {
    static const enum evidence order[] = {EVIDENCE_ASSUMED, EVIDENCE_NONE, EVIDENCE_DERIVED,
                                          EVIDENCE_MEASURED};
    for (size_t o = 0; o < sizeof order / sizeof order[0]; o++) {
        for (uint32_t i = 0; i < plan->parameter_count; i++) {
            const struct parameter *parameter = &plan->parameters[i];
            if (parameter->evidence != order[o]) {
                continue;
            }
            printf("%-9s %-34s %s", evidence_names[parameter->evidence], parameter->name,
                   parameter->text);
            const struct node *range = node_get(parameter->node, "range");
            if (range != NULL && range->count == 2) {
                printf("  in %s .. %s", range->first->text, range->last->text);
            }
            printf("%s%s\n", parameter->source != NULL ? "  # " : "",
                   parameter->source != NULL ? parameter->source : "");
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
