/* SPDX-License-Identifier: GPL-3.0-or-later
 * rules_check.c - what is wrong with pages of rules. */
#include "core/rule/rule_analysis.h"
#include "sim/commands/rules.h"
#include "sim/scenario/rule_file.h"

#include <stdio.h>
#include <string.h>

/* As a compiler would print it; the first line says "error:", which may be too much. */
static void print_finding(const struct rule_finding *finding) {
    char text[2048];
    error_print(&finding->message, text, sizeof text);
    char *word = finding->is_error ? NULL : strstr(text, ": error: ");
    if (word == NULL) {
        fputs(text, stderr);
    } else {
        fprintf(stderr, "%.*s: warning: %s", (int)(word - text), text, word + strlen(": error: "));
    }
}

/* 0, or 2 and what is wrong on standard error. */
static int check_file(const char *path, struct arena *arena) {
    struct error err = ERROR_INIT;
    const struct node *page = rule_file_read(arena, path, &err);
    const struct rule *rule = page == NULL ? NULL : rule_compile(page, arena, &err);
    if (rule == NULL) {
        char text[2048];
        error_print(&err, text, sizeof text);
        fputs(text, stderr);
        return 2;
    }
    struct rule_analysis analysis = rule_analysis_make(rule, 0, arena);
    for (unsigned i = 0; i < analysis.finding_count; i++) {
        print_finding(&analysis.findings[i]);
    }
    if (analysis.error_count > 0) {
        return 2;
    }
    unsigned input_count;
    rule_inputs(rule, &input_count);
    printf("%s: table '%s', %u rule%s over %u input%s, at most %u operations a call, no errors "
           "found\n",
           path, rule_name(rule), rule_count(rule), rule_count(rule) == 1 ? "" : "s", input_count,
           input_count == 1 ? "" : "s", rule_cost(rule));
    return 0;
}

int rules_check(const struct invocation *invocation, struct error *err) {
    int status = 0;
    for (unsigned i = 1; i < invocation->positional_count; i++) {
        const char *path = invocation->positionals[i];
        if (command_option(invocation, "resolved") != NULL) {
            const struct node *page = rule_file_read(invocation->arena, path, err);
            if (page == NULL) {
                return 2;
            }
            fputs(node_write(invocation->arena, page), stdout);
        } else {
            status = check_file(path, invocation->arena) != 0 ? 2 : status;
        }
    }
    return status;
}
