/* SPDX-License-Identifier: GPL-3.0-or-later
 * tariff_shape.h - the shapes that formulas have as levies: limits, rows by date and condition,
 * tiers, slices, compound duties, measures of the schedule. */
#ifndef TESTS_VECTORS_TARIFF_SHAPE_H
#define TESTS_VECTORS_TARIFF_SHAPE_H

#include "core/base/units.h"
#include "tests/vectors/tariff_lower.h"

/* ---- conditions ---- */

static bool lower_is_date_name(const char *name) {
    return lower_is_listed(name, "date import_date known_date d1 d2");
}

static bool lower_is_text_name(const char *name) {
    return lower_is_listed(name, "area code day out_heading in1 in2 text");
}

static bool lower_is_date_text(const char *text) {
    int64_t day;
    struct error wrong = ERROR_INIT;
    struct place place = {.source = "date"};
    return strlen(text) == 10 && units_parse_date(text, &day, place, &wrong) == 0;
}

static const char *lower_day_after(struct lower_context *at, const char *text, int days) {
    int64_t day = 0;
    struct error wrong = ERROR_INIT;
    struct place place = {.source = "date"};
    char result[16];
    units_parse_date(text, &day, place, &wrong);
    units_print_date(day + days, result);
    return arena_format(at->arena, "%s", result);
}

static void lower_declare(struct lower_context *at, const char *name, const char *type,
                          const char *value) {
    if (!lower_is_used(at, name)) {
        bool is_text = strcmp(type, "text") == 0; /* only what has choices is compared */
        at->facts = arena_format(at->arena, "%s  %s: {type: %s, default: \"%s\"%s%s%s}\n",
                                 at->facts, name, type, value, is_text ? ", choices: [\"" : "",
                                 is_text ? value : "", is_text ? "\"]" : "");
    }
}

static const char *lower_side(struct lower_context *at, const struct formula *tree) {
    struct exact number;
    if (lower_number(tree, &number)) {
        return lower_text(at, tree);
    }
    if (tree->kind == FORMULA_TEXT) {
        return arena_format(at->arena, lower_is_date_text(tree->text) ? "%s" : "'%s'", tree->text);
    }
    const char *input = tree->kind == FORMULA_NAME ? lower_input(at, tree->text) : NULL;
    if (input != NULL && (lower_is_date_name(tree->text) || lower_is_text_name(tree->text))) {
        lower_declare(at, tree->text, lower_is_date_name(tree->text) ? "date" : "text", input);
        return tree->text;
    }
    if (tree->kind == FORMULA_SLICE && tree->children[0]->kind == FORMULA_NAME) {
        const char *whole = lower_input(at, tree->children[0]->text);
        const char *name = arena_format(at->arena, "%s_%s", tree->children[0]->text, tree->text);
        if (whole == NULL) {
            return lower_fail(at, "a slice of what is no input");
        }
        lower_declare(at, name, "text",
                      arena_text(at->arena, whole,
                                 (size_t)atoi(tree->text) < strlen(whole) ? (size_t)atoi(tree->text)
                                                                          : strlen(whole)));
        return name;
    }
    return input != NULL ? lower_name(at, tree->text) : lower_helper(at, tree);
}

static const char *lower_condition(struct lower_context *at, const struct formula *tree) {
    if (tree->kind == FORMULA_NOT) {
        return arena_format(at->arena, "not (%s)", lower_condition(at, tree->children[0]));
    }
    if (formula_is_binary(tree, "and") || formula_is_binary(tree, "or")) {
        const char *left = lower_condition(at, tree->children[0]);
        const char *right = lower_condition(at, tree->children[1]);
        return arena_format(at->arena, "(%s) %s (%s)", left, tree->text, right);
    }
    if (tree->kind == FORMULA_BINARY && strchr("=!<>", tree->text[0]) != NULL) {
        const char *left = lower_side(at, tree->children[0]);
        const char *right = lower_side(at, tree->children[1]);
        return arena_format(at->arena, "%s %s %s", left, tree->text, right);
    }
    return arena_format(at->arena, "%s != 0", lower_side(at, tree));
}

/* ---- rows ---- */

struct lower_dates {
    const char *from, *to, *known_from, *known_to, *goods;
};

/* A conjunction of comparisons of dates is when a row is in force, and since when it is known. */
static bool lower_dated(struct lower_context *at, const struct formula *tree,
                        struct lower_dates *dates) {
    if (formula_is_binary(tree, "and")) {
        return lower_dated(at, tree->children[0], dates) &&
               lower_dated(at, tree->children[1], dates);
    }
    if (tree->kind != FORMULA_BINARY || strchr("=<>", tree->text[0]) == NULL ||
        tree->children[0]->kind != FORMULA_NAME || tree->children[1]->kind != FORMULA_TEXT ||
        !lower_is_date_name(tree->children[0]->text) ||
        !lower_is_date_text(tree->children[1]->text)) {
        return false;
    }
    bool is_known = strcmp(tree->children[0]->text, "known_date") == 0;
    const char *day = tree->children[1]->text;
    const char **from = is_known ? &dates->known_from : &dates->from;
    const char **to = is_known ? &dates->known_to : &dates->to;
    dates->goods = is_known ? dates->goods : tree->children[0]->text;
    if (tree->text[0] != '<') {
        *from = strcmp(tree->text, ">") == 0 ? lower_day_after(at, day, 1) : day;
    }
    if (tree->text[0] != '>') {
        *to = strcmp(tree->text, "<") == 0 ? lower_day_after(at, day, -1) : day;
    }
    return true;
}

static void lower_query(struct lower_context *at, const char *levy, const char *area,
                        const char *code, const char *day) {
    if (at->query_count == LOWER_NAMES_MAX) {
        lower_fail(at, "too many questions to the schedule");
        return;
    }
    at->queries[at->query_count++] = (struct lower_query){at->present, levy, area, code, day};
}

static const char *lower_row(struct lower_context *at, const char *when,
                             const struct formula *value) {
    struct lower_levy levy = {0};
    if (!lower_component(at, NULL, value, &levy) || levy.more != NULL) {
        levy = (struct lower_levy){.base = lower_text(at, value)};
    }
    const char *base = levy.base != NULL ? levy.base : "0";
    return levy.rate != NULL ? arena_format(at->arena, "      - {%sbase: \"%s\", rate: \"%s\"}\n",
                                            when, base, levy.rate)
                             : arena_format(at->arena, "      - {%sbase: \"%s\"}\n", when, base);
}

static const char *lower_when(struct lower_context *at, const struct formula *test) {
    struct lower_dates dates = {0};
    if (!lower_dated(at, test, &dates)) {
        return arena_format(at->arena, "when: \"%s\", ", lower_condition(at, test));
    }
    const char *const keys[] = {"from", "to", "known_from", "known_to"};
    const char *const days[] = {dates.from, dates.to, dates.known_from, dates.known_to};
    const char *text = "";
    for (unsigned i = 0; i < 4; i++) {
        if (days[i] != NULL) {
            text = arena_format(at->arena, "%s%s: %s, ", text, keys[i], days[i]);
        }
    }
    if (dates.goods != NULL) {
        lower_query(at, NULL, NULL, NULL, lower_input(at, dates.goods));
    }
    return text;
}

/* "0 if x <= limit else x": not collected up to there. */
static bool lower_waive(struct lower_context *at, const struct formula *tree,
                        struct lower_levy *levy) {
    const struct formula *test = tree->children[1], *rest = tree->children[2];
    struct exact zero, limit;
    bool is_below = formula_is_binary(test, "<");
    if (!lower_number(tree->children[0], &zero) || exact_sign(zero) != 0 ||
        (!is_below && !formula_is_binary(test, "<=")) || !lower_number(test->children[1], &limit) ||
        !formula_equal(test->children[0], rest)) {
        return false;
    }
    levy->base = lower_text(at, rest);
    levy->more = arena_format(at->arena, "    waive: %s %s\n", is_below ? "below" : "at most",
                              lower_text(at, test->children[1]));
    return true;
}

static void lower_choice(struct lower_context *at, const struct formula *tree,
                         struct lower_levy *levy) {
    if (lower_waive(at, tree, levy)) {
        return;
    }
    const char *rows = "    rows:\n";
    while (tree->kind == FORMULA_IF) {
        const char *when = lower_when(at, tree->children[1]);
        rows = arena_format(at->arena, "%s%s", rows, lower_row(at, when, tree->children[0]));
        tree = tree->children[2];
    }
    levy->more = arena_format(at->arena, "%s%s", rows, lower_row(at, "", tree));
}

/* ---- tables and measures ---- */

static void lower_tiers(struct lower_context *at, const struct formula *call,
                        struct lower_levy *levy) {
    const char *text = "    tiers:\n";
    const struct formula *table = call->count == 2 ? call->children[1] : NULL;
    for (unsigned i = 0; table != NULL && i < table->count; i++) {
        const struct formula *row = table->children[i];
        if (row->kind != FORMULA_TUPLE || row->count != 2) {
            lower_fail(at, "a tier that isn't (limit, amount)");
            return;
        }
        const char *amount = lower_text(at, row->children[1]);
        bool is_open = row->children[0]->kind == FORMULA_NAME; /* None */
        text = is_open ? arena_format(at->arena, "%s      - {amount: %s}\n", text, amount)
                       : arena_format(at->arena, "%s      - {up_to: %s, amount: %s}\n", text,
                                      lower_text(at, row->children[0]), amount);
    }
    levy->base = call->count == 2 ? lower_text(at, call->children[0])
                                  : lower_fail(at, "tier() without a table");
    levy->more = text;
}

/* The brackets of the additional duty of Regulation (EC) 504/2007, article 3. */
static void lower_brackets(struct lower_context *at, const struct formula *call,
                           struct lower_levy *levy) {
    if (call->count != 2) {
        lower_fail(at, "brackets() without gap and trigger");
        return;
    }
    levy->base = lower_text(at, call->children[0]);
    levy->more = arena_format(at->arena,
                              "    slices_of: \"%s\"\n    slices:\n"
                              "      - {from: 10 %%, to: 40 %%, rate: 30 %%}\n"
                              "      - {from: 40 %%, to: 60 %%, rate: 50 %%}\n"
                              "      - {from: 60 %%, to: 75 %%, rate: 70 %%}\n"
                              "      - {from: 75 %%, rate: 90 %%}\n",
                              lower_text(at, call->children[1]));
}

static const char *lower_argument(struct lower_context *at, const struct formula *call,
                                  unsigned index) {
    const struct formula *tree = index < call->count ? call->children[index] : NULL;
    const char *text = tree == NULL                 ? NULL
                       : tree->kind == FORMULA_TEXT ? tree->text
                       : tree->kind == FORMULA_NAME ? lower_input(at, tree->text)
                                                    : NULL;
    return text != NULL ? text : lower_fail(at, "an argument that is no text");
}

static void lower_measures(struct lower_context *at, const char *name, const struct formula *call,
                           struct lower_levy *levy) {
    bool is_season = formula_is_call(call, "season");
    const char *day = lower_argument(at, call, is_season ? 2 : 0);
    if (is_season && strlen(day) == 5) { /* 14/05, of any year */
        day = arena_format(at->arena, "2024-%.2s-%.2s", day + 3, day);
    }
    lower_query(at, name, is_season ? lower_argument(at, call, 0) : "all",
                is_season ? lower_argument(at, call, 1) : "9903452200", day);
    levy->base = "100";
    levy->more = "    measures: first\n";
}

/* min(x, first) + max(x - first, 0) * r: all of the first part, and r of the rest. */
static bool lower_progressive(struct lower_context *at, const struct formula *tree,
                              struct lower_levy *levy) {
    struct lower_product rest = {.number = {1, 1}};
    struct exact zero;
    if (!formula_is_binary(tree, "+") || !formula_is_call(tree->children[0], "min") ||
        tree->children[0]->count != 2 || !lower_flatten(tree->children[1], false, &rest) ||
        rest.count != 1 || rest.divisor_count != 0 || !formula_is_call(rest.factors[0], "max") ||
        rest.factors[0]->count != 2 || !lower_number(rest.factors[0]->children[1], &zero) ||
        exact_sign(zero) != 0) {
        return false;
    }
    const struct formula *x = tree->children[0]->children[0];
    const struct formula *first = tree->children[0]->children[1];
    const struct formula *over = rest.factors[0]->children[0];
    if (!formula_is_binary(over, "-") || !formula_equal(over->children[0], x) ||
        !formula_equal(over->children[1], first)) {
        return false;
    }
    char rate[96];
    exact_print(rest.number, rate);
    levy->base = lower_text(at, x);
    levy->more = arena_format(at->arena,
                              "    slices_of: \"%s\"\n    slices:\n"
                              "      - {to: 100 %%, rate: 1}\n"
                              "      - {from: 100 %%, rate: %s}\n",
                              lower_text(at, first), rate);
    return true;
}

/* ---- compound duties ---- */

struct lower_addends {
    unsigned count;
    const struct formula *trees[16];
    bool is_minus[16];
};

static bool lower_split(const struct formula *tree, bool is_minus, struct lower_addends *addends) {
    if (formula_is_binary(tree, "+") || formula_is_binary(tree, "-")) {
        bool is_other = is_minus != formula_is_binary(tree, "-");
        return lower_split(tree->children[0], is_minus, addends) &&
               lower_split(tree->children[1], is_other, addends);
    }
    if (addends->count == 16) {
        return false;
    }
    addends->is_minus[addends->count] = is_minus;
    addends->trees[addends->count++] = tree;
    return true;
}

/* Shares of one base and amounts per quantity are one duty; else each is a levy of its own. */
static bool lower_compound(struct lower_context *at, const struct formula *tree,
                           struct lower_levy *levy) {
    struct lower_addends addends = {.count = 0};
    if (!lower_split(tree, false, &addends) || addends.count < 2 || addends.is_minus[0]) {
        return false;
    }
    const char *rate = "", *base = NULL;
    bool is_one = true, is_any = false;
    struct lower_levy parts[16];
    for (unsigned i = 0; i < addends.count; i++) {
        parts[i] = (struct lower_levy){0};
        bool is_component = lower_component(at, NULL, addends.trees[i], &parts[i]);
        is_any = is_any || is_component;
        is_one = is_one && is_component && parts[i].more == NULL &&
                 (base == NULL || parts[i].base == NULL || strcmp(base, parts[i].base) == 0);
        base = parts[i].base != NULL ? parts[i].base : base;
        rate = arena_format(at->arena, "%s%s%s", rate,
                            i == 0                ? ""
                            : addends.is_minus[i] ? " - "
                                                  : " + ",
                            is_component ? parts[i].rate : "");
    }
    if (is_one && addends.count <= 4) {
        levy->base = base;
        levy->rate = rate;
        return true;
    }
    const char *sum = "";
    for (unsigned i = 0; is_any && i < addends.count; i++) {
        sum = arena_format(at->arena, "%s%s%s", sum,
                           i == 0                ? ""
                           : addends.is_minus[i] ? " - "
                                                 : " + ",
                           parts[i].rate != NULL ? lower_helper(at, addends.trees[i])
                                                 : lower_text(at, addends.trees[i]));
    }
    levy->base = is_any ? sum : NULL;
    return is_any;
}

/* ---- any formula ---- */

static bool lower_has_call(const struct formula *tree) {
    return tree->kind == FORMULA_CALL && !formula_is_call(tree, "F");
}

/* Limits and rounding in the order of the engine: rounded first, then not less, then not more. */
static const struct formula *lower_peel(struct lower_context *at, const struct formula *tree,
                                        struct lower_levy *levy) {
    for (int i = 0; i < 2; i++) {
        const char *name = i == 0 ? "min" : "max";
        if (formula_is_call(tree, name) && tree->count == 2) {
            unsigned inner =
                !lower_has_call(tree->children[0]) && lower_has_call(tree->children[1]) ? 1 : 0;
            struct exact number;
            if (inner == 0 && lower_number(tree->children[0], &number)) {
                inner = 1;
            }
            *(i == 0 ? &levy->maximum : &levy->minimum) = lower_text(at, tree->children[1 - inner]);
            tree = tree->children[inner];
        }
    }
    if (lower_is_rounding(tree)) {
        levy->round = lower_rounding(at, tree);
        tree = tree->count > 0 ? tree->children[0] : tree;
    }
    return tree;
}

/* min and max of more than two are taken in pairs. */
static const struct formula *lower_pairs(struct lower_context *at, const struct formula *tree) {
    bool is_limit = formula_is_call(tree, "min") || formula_is_call(tree, "max");
    if (!is_limit || tree->count <= 2) {
        return tree;
    }
    struct formula *first = ARENA_NEW(at->arena, struct formula);
    struct formula *pair = ARENA_NEW(at->arena, struct formula);
    *first = *tree;
    first->count--;
    *pair = *tree;
    pair->count = 2;
    pair->children[0] = first;
    pair->children[1] = tree->children[tree->count - 1];
    return pair;
}

static void lower_core(struct lower_context *at, const char *name, const struct formula *core,
                       struct lower_levy *levy) {
    bool has_limit = levy->minimum != NULL || levy->maximum != NULL;
    if (core->kind == FORMULA_IF) {
        lower_choice(at, core, levy);
    } else if (formula_is_call(core, "tier")) {
        lower_tiers(at, core, levy);
    } else if (formula_is_call(core, "brackets")) {
        lower_brackets(at, core, levy);
    } else if (formula_is_call(core, "season") || formula_is_call(core, "solar")) {
        lower_measures(at, name, core, levy);
    } else if (formula_is_call(core, "abs") && core->count == 1 && !has_limit &&
               levy->round == NULL) {
        levy->base = lower_text(at, core->children[0]);
        levy->minimum = arena_format(at->arena, "0 - (%s)", levy->base);
    } else if (lower_has_call(core)) {
        static const char *const known[] = {"min", "max", "r2", "rn", "r2f", "down", "cut", "abs"};
        bool is_known = false;
        for (unsigned i = 0; i < sizeof known / sizeof known[0]; i++) {
            is_known = is_known || formula_is_call(core, known[i]);
        }
        levy->base = is_known ? lower_helper(at, core) : lower_fail(at, "an unknown function");
    } else if (!lower_progressive(at, core, levy) &&
               !lower_component(at, has_limit ? NULL : name, core, levy) &&
               !lower_compound(at, core, levy)) {
        bool is_circular = formula_is_binary(core, "/") && !has_limit &&
                           core->children[1]->kind == FORMULA_BINARY &&
                           !lower_is_one_term(core->children[1]);
        levy->base = is_circular ? lower_quotient(at, name, core) : lower_text(at, core);
    }
}

static bool lower_is_truth(const struct formula *tree) {
    return tree->kind == FORMULA_NOT ||
           (tree->kind == FORMULA_BINARY && strchr("=!<>ao", tree->text[0]) != NULL);
}

/* A comparison alone is 1 where it holds, else 0. */
static const struct formula *lower_as_choice(struct lower_context *at, const struct formula *tree) {
    if (!lower_is_truth(tree)) {
        return tree;
    }
    struct formula *choice = ARENA_NEW(at->arena, struct formula);
    *choice = (struct formula){.kind = FORMULA_IF, .text = "if", .count = 3};
    choice->children[0] = ARENA_NEW(at->arena, struct formula);
    choice->children[2] = ARENA_NEW(at->arena, struct formula);
    *choice->children[0] = (struct formula){.kind = FORMULA_NUMBER, .text = "1"};
    *choice->children[2] = (struct formula){.kind = FORMULA_NUMBER, .text = "0"};
    memcpy(&choice->children[1], &tree, sizeof tree);
    return choice;
}

static void lower_write(struct lower_context *at, const char *name, const struct formula *tree) {
    struct lower_levy levy = {0};
    tree = lower_as_choice(at, tree);
    const struct formula *core = lower_peel(at, lower_pairs(at, tree), &levy);
    lower_core(at, name, core, &levy);
    lower_put(at, name, &levy);
}

/* Adds one formula of the case, in order. */
static void lower_formula(struct lower_context *at, const char *name, const char *text) {
    const struct formula *tree = formula_read(at->arena, text);
    at->present = name;
    if (tree == NULL || at->formula_count == LOWER_NAMES_MAX) {
        lower_fail(at, "a formula that can't be read");
        return;
    }
    if (formula_is_call(tree, "cbec")) {
        at->regime = name;
        at->regime_call = tree;
        return;
    }
    lower_write(at, name, tree);
    at->trees[at->formula_count] = tree;
    at->formulas[at->formula_count++] = name;
}

#endif
