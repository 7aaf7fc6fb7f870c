/* SPDX-License-Identifier: GPL-3.0-or-later
 * tariff_quota.h - worked examples about quotas, put to the engine of quotas as well: what is used
 * and critical, what a claim is granted, and what it draws on the main quota. */
#ifndef TESTS_VECTORS_TARIFF_QUOTA_H
#define TESTS_VECTORS_TARIFF_QUOTA_H

#include "core/tariff/quota.h"
#include "tests/vectors/tariff_case.h"

enum { QUOTA_DAY = 19905 };

static bool quota_open(struct case_run *run, struct quotas *quotas, struct quota_book *book,
                       const char *text) {
    struct arena *arena = run->lowered->arena;
    struct error err = ERROR_INIT;
    const struct node *section = node_read_text(arena, "quotas", text, strlen(text), &err);
    if (section == NULL || quota_read(section, arena, quotas, &err) != 0) {
        return case_fail(run, "the quota is refused: %s%s", err.text, "");
    }
    quota_book_open(book, quotas, arena);
    run->engine_count++;
    return true;
}

static bool quota_same(struct case_run *run, const struct node *expected, const char *key,
                       struct exact got) {
    const struct node *node = node_get(expected, key);
    struct exact want;
    char text[96];
    if (node == NULL) {
        return true;
    }
    exact_print(got, text);
    return exact_parse(node->text, &want) == 0 && exact_compare(want, got) == 0
               ? true
               : case_fail(run, "the quota says %s of %s", text, key);
}

/* (opening - balance) / opening, and whether that is critical. */
static bool quota_usage(struct case_run *run, const struct node *expected) {
    struct lower_context *at = run->lowered;
    const char *opening = lower_input(at, "opening"), *balance = lower_input(at, "balance");
    const char *critical = lower_input(at, "critical_pct");
    struct quotas quotas;
    struct quota_book book;
    if (opening == NULL || balance == NULL) {
        return true;
    }
    const char *text =
        arena_format(at->arena,
                     "\"050000\":\n  unit: kg\n  critical: {at: %s %%}\n  definitions:\n"
                     "    - {from: 2024-01-01, to: 2024-12-31, volume: %s, balance: %s}\n",
                     critical != NULL ? critical : "90", opening, balance);
    if (!quota_open(run, &quotas, &book, text)) {
        return false;
    }
    struct exact used;
    struct rounding rounding = {.mode = ROUNDING_HALF_UP, .step = {1, 10000}};
    if (exact_multiply(quota_used_share(&book, 0), exact_integer(100), &used) != 0 ||
        exact_round(used, rounding, &used) != 0) {
        return case_fail(run, "the share has too many digits%s%s", "", "");
    }
    const struct formula *tree = lower_tree(at, "used_pct");
    bool is_rounded = tree != NULL && formula_is_call(tree, "rn") && tree->count == 2 &&
                      strcmp(tree->children[1]->text, "4") == 0;
    return (!is_rounded || quota_same(run, expected, "used_pct", used)) &&
           quota_same(run, expected, "critical",
                      exact_integer(quota_is_critical(&book, 0, QUOTA_DAY)));
}

static const char *quota_claim(const struct lower_context *at) {
    static const char *const names[] = {"claim", "asked", "request", "kg"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (lower_input(at, names[i]) != NULL) {
            return lower_input(at, names[i]);
        }
    }
    return NULL;
}

/* A claim on what is left of a quota, which may be part of a main one. */
static bool quota_grant(struct case_run *run, const struct node *expected) {
    struct lower_context *at = run->lowered;
    const char *claim = quota_claim(at), *main_left = lower_input(at, "main");
    const char *left = lower_input(at, "sub");
    left = left != NULL ? left : lower_input(at, "balance");
    bool is_claim = lower_tree(at, "granted") != NULL || lower_tree(at, "in_kg") != NULL;
    if (claim == NULL || left == NULL || lower_input(at, "opening") != NULL || !is_claim) {
        return true;
    }
    const char *text = arena_format(
        at->arena,
        "%s\"050002\":\n  unit: kg\n%s  definitions:\n"
        "    - {from: 2024-01-01, to: 2024-12-31, volume: %s}\n",
        main_left == NULL ? ""
                          : arena_format(at->arena,
                                         "\"050001\":\n  unit: kg\n  definitions:\n    - {from: "
                                         "2024-01-01, to: 2024-12-31, volume: %s}\n",
                                         main_left),
        main_left == NULL ? ""
                          : "  part_of: {quota: \"050001\", relation: normal, coefficient: 1}\n",
        left);
    struct quotas quotas;
    struct quota_book book;
    struct error err = ERROR_INIT;
    if (!quota_open(run, &quotas, &book, text)) {
        return false;
    }
    int sub = quota_find(&quotas, "050002", QUOTA_DAY),
        all = quota_find(&quotas, "050001", QUOTA_DAY);
    struct quota_draw draw = {.definition = sub, .accepted_day = QUOTA_DAY};
    if (exact_parse(claim, &draw.asked) != 0 ||
        quota_allocate(&book, &draw, 1, QUOTA_DAY + 1, &err) < 0) {
        return case_fail(run, "the quota refuses the claim: %s%s", err.text, "");
    }
    return quota_same(run, expected, "granted", draw.granted) &&
           quota_same(run, expected, "in_kg", draw.granted) &&
           quota_same(run, expected, "sub_after", book.balances[sub].balance) &&
           (all < 0 || quota_same(run, expected, "main_after", book.balances[all].balance));
}

/* drawn: a + b * k: a on the main quota itself, b on a sub-quota at the coefficient k. */
static bool quota_coefficient(struct case_run *run, const struct node *expected) {
    struct lower_context *at = run->lowered;
    const struct formula *tree = lower_tree(at, "drawn");
    if (tree == NULL || !formula_is_binary(tree, "+") || tree->children[0]->kind != FORMULA_NAME ||
        !formula_is_binary(tree->children[1], "*") ||
        tree->children[1]->children[0]->kind != FORMULA_NAME ||
        tree->children[1]->children[1]->kind != FORMULA_NAME) {
        return true;
    }
    const char *whole = lower_input(at, tree->children[0]->text);
    const char *part = lower_input(at, tree->children[1]->children[0]->text);
    const char *coefficient = lower_input(at, tree->children[1]->children[1]->text);
    if (whole == NULL || part == NULL || coefficient == NULL) {
        return true;
    }
    const char *text =
        arena_format(at->arena,
                     "\"050001\":\n  unit: t\n  step: 0.001\n  definitions:\n"
                     "    - {from: 2024-01-01, to: 2024-12-31, volume: 1000000000}\n"
                     "\"050002\":\n  unit: t\n  step: 0.001\n"
                     "  part_of: {quota: \"050001\", relation: normal, coefficient: %s}\n"
                     "  definitions:\n"
                     "    - {from: 2024-01-01, to: 2024-12-31, volume: 1000000000}\n",
                     coefficient);
    struct quotas quotas;
    struct quota_book book;
    struct error err = ERROR_INIT;
    if (!quota_open(run, &quotas, &book, text)) {
        return false;
    }
    int all = quota_find(&quotas, "050001", QUOTA_DAY);
    struct quota_draw draws[2] = {
        {.definition = all, .accepted_day = QUOTA_DAY},
        {.definition = quota_find(&quotas, "050002", QUOTA_DAY), .accepted_day = QUOTA_DAY}};
    if (exact_parse(whole, &draws[0].asked) != 0 || exact_parse(part, &draws[1].asked) != 0 ||
        quota_allocate(&book, draws, 2, QUOTA_DAY + 1, &err) < 0) {
        return case_fail(run, "the quota refuses the claim: %s%s", err.text, "");
    }
    return quota_same(run, expected, "drawn", book.balances[all].drawn);
}

static bool quota_check(struct case_run *run, const struct node *expected) {
    return quota_usage(run, expected) && quota_grant(run, expected) &&
           quota_coefficient(run, expected);
}

#endif
