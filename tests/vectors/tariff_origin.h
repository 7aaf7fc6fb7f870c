/* SPDX-License-Identifier: GPL-3.0-or-later
 * tariff_origin.h - worked examples about rules of origin, put to the engine of origin as well: a
 * change of classification, a limit of value or weight, a least regional content. */
#ifndef TESTS_VECTORS_TARIFF_ORIGIN_H
#define TESTS_VECTORS_TARIFF_ORIGIN_H

#include "core/tariff/origin.h"
#include "tests/vectors/tariff_case.h"

struct origin_example {
    const char *rule; /* YAML of its test */
    struct origin_goods goods;
    struct origin_material materials[8];
    unsigned material_count;
};

static uint64_t origin_code(const char *text) {
    char digits[11] = "0000000000";
    memcpy(digits, text, strlen(text) < 10 ? strlen(text) : 10);
    return strtoull(digits, NULL, 10);
}

static const char *origin_name_of(const struct formula *tree) {
    return tree->kind == FORMULA_SLICE  ? tree->children[0]->text
           : tree->kind == FORMULA_NAME ? tree->text
                                        : "";
}

/* "in1 != out and in2 != out": each is a material of another chapter, heading or subheading. */
static bool origin_change(struct lower_context *at, const struct formula *test,
                          struct origin_example *example, unsigned *digits) {
    if (formula_is_binary(test, "and")) {
        return origin_change(at, test->children[0], example, digits) &&
               origin_change(at, test->children[1], example, digits);
    }
    if (!formula_is_binary(test, "!=") || example->material_count == 8) {
        return false;
    }
    const struct formula *left = test->children[0], *right = test->children[1];
    if (strncmp(origin_name_of(left), "out", 3) == 0) {
        left = test->children[1];
        right = test->children[0];
    }
    const char *in = lower_input(at, origin_name_of(left));
    const char *out = lower_input(at, origin_name_of(right));
    if (in == NULL || out == NULL || strncmp(origin_name_of(right), "out", 3) != 0) {
        return false;
    }
    *digits = left->kind == FORMULA_SLICE ? (unsigned)atoi(left->text) : (unsigned)strlen(out);
    example->goods.code = origin_code(out);
    example->materials[example->material_count++] =
        (struct origin_material){.code = origin_code(in), .digits = (unsigned)strlen(in)};
    example->rule = *digits == 2   ? "change: {of: chapter}"
                    : *digits == 4 ? "change: {of: heading}"
                    : *digits == 6 ? "change: {of: subheading}"
                                   : NULL;
    return example->rule != NULL;
}

static bool origin_number(struct lower_context *at, const struct formula *tree,
                          struct exact *number) {
    const char *text = tree->kind == FORMULA_NAME ? lower_input(at, tree->text) : NULL;
    return lower_number(tree, number) || (text != NULL && exact_parse(text, number) == 0);
}

/* "part / whole * 100 <= limit", "(whole - part) / whole * 100 >= limit". */
static bool origin_share(struct lower_context *at, const struct formula *test,
                         struct origin_example *example) {
    bool is_max = formula_is_binary(test, "<="), is_min = formula_is_binary(test, ">=");
    if (!is_max && !is_min) {
        return false;
    }
    const struct formula *share = test->children[0], *limit = test->children[1];
    const struct formula *formula =
        share->kind == FORMULA_NAME ? lower_tree(at, share->text) : NULL;
    struct lower_product product = {.number = {1, 1}};
    struct exact whole, part;
    char text[96];
    if (!origin_number(at, limit, &part) ||
        !lower_flatten(formula != NULL ? formula : share, false, &product) || product.count != 1 ||
        product.divisor_count != 1 || !origin_number(at, product.divisors[0], &whole)) {
        return false;
    }
    exact_print(part, text);
    const struct formula *above = product.factors[0];
    const char *base_name = origin_name_of(product.divisors[0]);
    bool is_fob = strstr(base_name, "fob") != NULL;
    bool is_weight = strstr(base_name, "kg") != NULL || strstr(base_name, "weight") != NULL;
    bool is_build_down =
        formula_is_binary(above, "-") && origin_number(at, above->children[1], &part);
    if (!is_build_down && (!is_max || !origin_number(at, above, &part))) {
        return false; /* what is built up names no material */
    }
    if (is_build_down != is_min) {
        return false;
    }
    const char *base = is_fob ? "fob" : "ex_works";
    example->rule =
        is_weight ? arena_format(at->arena, "weight_max: {share: %s %%}", text)
        : is_max
            ? arena_format(at->arena, "value_max: {share: %s %%, base: %s}", text, base)
            : arena_format(at->arena, "content_min: {share: %s %%, method: build_down, base: %s}",
                           text, base);
    example->goods.code = UINT64_C(2501000000);
    *(is_weight ? &example->goods.weight
      : is_fob  ? &example->goods.fob
                : &example->goods.ex_works) = whole;
    struct origin_material material = {.code = UINT64_C(8507000000), .digits = 6};
    *(is_weight ? &material.weight : &material.value) = part;
    example->materials[example->material_count++] = material;
    return true;
}

static bool origin_judged(struct case_run *run, struct lower_context *at,
                          struct origin_example *example, const char *expected) {
    char code[16];
    snprintf(code, sizeof code, "%02u", (unsigned)(example->goods.code / 100000000));
    const char *text = arena_format(at->arena,
                                    "case:\n  title: case\n  rules:\n    - codes: \"%s\"\n"
                                    "      goods: goods\n      rule: {%s}\n",
                                    code, example->rule);
    struct error err = ERROR_INIT;
    struct origin origin;
    struct origin_judgement judgement;
    const struct node *section = node_read_text(at->arena, "origin", text, strlen(text), &err);
    if (section == NULL || origin_read(section, NULL, 0, at->arena, &origin, &err) != 0) {
        return case_fail(run, "the rule of origin is refused: %s%s", err.text, "");
    }
    for (unsigned i = 0; i < example->material_count; i++) {
        example->materials[i].status = ORIGIN_NON_ORIGINATING;
    }
    origin_judge(&origin, origin_find(&origin, "case"), &example->goods, example->materials,
                 example->material_count, &judgement);
    bool is_yes = strcmp(expected, "1") == 0;
    return judgement.answer == (is_yes ? ORIGIN_YES : ORIGIN_NO)
               ? true
               : case_fail(run, "the rules of origin say %s: %s",
                           origin_answer_name(judgement.answer), judgement.why);
}

/* Asks the engine of origin wherever a formula has the form of a rule; true when it agrees. */
static bool origin_check(struct case_run *run, const struct node *expected) {
    struct lower_context *at = run->lowered;
    for (unsigned i = 0; i < at->formula_count; i++) {
        const struct formula *tree = at->trees[i];
        const struct formula *test = tree->kind == FORMULA_IF ? tree->children[1] : tree;
        const struct node *want = node_get(expected, at->formulas[i]);
        struct exact one;
        struct origin_example example = {.rule = NULL};
        unsigned digits;
        if (want == NULL || (tree->kind == FORMULA_IF &&
                             (!lower_number(tree->children[0], &one) || exact_sign(one) == 0))) {
            continue;
        }
        if (!origin_change(at, test, &example, &digits)) {
            example = (struct origin_example){.rule = NULL};
            if (!origin_share(at, test, &example)) {
                continue;
            }
        }
        run->engine_count++;
        if (!origin_judged(run, at, &example, want->text)) {
            return false;
        }
    }
    return true;
}

#endif
