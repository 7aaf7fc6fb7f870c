/* SPDX-License-Identifier: GPL-3.0-or-later
 * tariff_lower.h - writes the formulas of a worked example as a jurisdiction in YAML.
 *
 * Every formula becomes a levy with a base, a rate, limits and a rounding point; what has no such
 * shape of its own becomes levies more. Nothing is computed here but the rate that stands in the
 * text of a duty: the engine reads the YAML, and assesses. */
#ifndef TESTS_VECTORS_TARIFF_LOWER_H
#define TESTS_VECTORS_TARIFF_LOWER_H

#include "core/base/node.h"
#include "core/tariff/exact.h"
#include "tests/vectors/tariff_formula.h"
#include "tests/vectors/tariff_unit.h"

enum { LOWER_NAMES_MAX = 64, LOWER_BASES_MAX = 12 };

/* Which goods a formula asks the schedule about, and on which day. */
struct lower_query {
    const char *formula, *levy; /* and the levy that is fed */
    const char *area, *code;    /* NULL: the schedule isn't asked */
    const char *goods_day;      /* "2024-02-06", or NULL for the case's own */
};

struct lower_context {
    struct arena *arena;
    const struct node *inputs;
    char *facts, *levies; /* YAML so far */
    unsigned helper_count, formula_count, query_count, used_count;
    const char *formulas[LOWER_NAMES_MAX];
    const struct formula *trees[LOWER_NAMES_MAX];
    struct lower_query queries[LOWER_NAMES_MAX];
    const char *used[LOWER_NAMES_MAX]; /* inputs that are declared, and quantities made of them */
    const char *present;               /* the formula being written */
    const char *own, *other;           /* currencies; NULL for any */
    const char *exchange;              /* the input that is the rate between them, or NULL */
    const char *value;                 /* the base of the first ad valorem component */
    const char *regime;                /* a formula that a rule table answers, or NULL */
    const struct formula *regime_call;
    bool has_expression; /* levies for the case's own expression were added, one a base */
    bool has_base;       /* the case says by its names what its value is */
    unsigned base_count;
    const char *bases[LOWER_BASES_MAX];
    const char *why; /* it cannot be written; NULL while it can */
};

/* A levy on its way into the text. */
struct lower_levy {
    const char *base, *rate, *round, *minimum, *maximum, *more;
};

static void lower_write(struct lower_context *at, const char *name, const struct formula *tree);
static void lower_put(struct lower_context *at, const char *name, const struct lower_levy *levy);
static const char *lower_text(struct lower_context *at, const struct formula *tree);

static const char *lower_fail(struct lower_context *at, const char *why) {
    at->why = at->why != NULL ? at->why : why;
    return "0";
}

static const char *lower_input(const struct lower_context *at, const char *name) {
    const struct node *node = node_get(at->inputs, name);
    return node != NULL ? node->text : NULL;
}

static bool lower_is_formula(const struct lower_context *at, const char *name) {
    for (unsigned i = 0; i < at->formula_count; i++) {
        if (strcmp(at->formulas[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* "gbp_per_eur": what is own, what the other, and the rate between them. */
static void lower_find_exchange(struct lower_context *at) {
    for (const struct node *input = at->inputs->first; input != NULL; input = input->next) {
        if (strlen(input->key) == 11 && strncmp(input->key + 3, "_per_", 5) == 0) {
            char *own = arena_text(at->arena, input->key, 3);
            char *other = arena_text(at->arena, input->key + 8, 3);
            for (int i = 0; i < 3; i++) {
                own[i] = (char)(own[i] - 'a' + 'A');
                other[i] = (char)(other[i] - 'a' + 'A');
            }
            at->own = own;
            at->other = other;
            at->exchange = input->key;
        }
    }
}

static const struct formula *lower_tree(const struct lower_context *at, const char *name) {
    for (unsigned i = 0; i < at->formula_count; i++) {
        if (strcmp(at->formulas[i], name) == 0) {
            return at->trees[i];
        }
    }
    return NULL;
}

static bool lower_is_used(struct lower_context *at, const char *name) {
    for (unsigned i = 0; i < at->used_count; i++) {
        if (strcmp(at->used[i], name) == 0) {
            return true;
        }
    }
    if (at->used_count < LOWER_NAMES_MAX) {
        at->used[at->used_count++] = name;
    }
    return false;
}

/* A name as a base says it; an input becomes a fact of the declaration. */
static const char *lower_name(struct lower_context *at, const char *name) {
    if (lower_is_formula(at, name)) {
        return name;
    }
    if (lower_input(at, name) == NULL) {
        return lower_fail(at, "a name is neither an input nor a former formula");
    }
    if (!lower_is_used(at, name)) {
        at->facts = arena_format(at->arena, "%s  %s: number\n", at->facts, name);
    }
    return name;
}

/* ---- rates: what the law says, as against what is declared ---- */

/* A share of the goods, and no rate: "biodiesel_pct". */
static bool lower_is_content(const char *name) {
    static const char *const rates[] = {"duty",  "vat", "gst", "tax",  "rate", "general",
                                        "col2",  "fee", "mfn", "pref", "safe", "add",
                                        "limit", "min", "max", "hst",  "ct",   "idf"};
    static const char *const contents[] = {"diesel", "lead",  "metal", "content", "alc",   "sug",
                                           "fat",    "cocoa", "milk",  "zinc",    "copper"};
    for (unsigned i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        if (strstr(name, rates[i]) != NULL) {
            return false;
        }
    }
    for (unsigned i = 0; i < sizeof contents / sizeof contents[0]; i++) {
        if (strstr(name, contents[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* Whether an input is a rate by its name. Only decides where a number stands in the YAML. */
static bool lower_is_rate(const struct lower_context *at, const char *name) {
    static const char *const words =
        "mfn fta recip exempt bcd cvd ec hec igst cess ii ipi pis cofins icms ct vat gst hst v d "
        "excise interior customs each amount pct acd sws aidc levy";
    if (lower_input(at, name) == NULL || lower_is_formula(at, name)) {
        return false;
    }
    if (strstr(name, "pct") != NULL && lower_is_content(name)) {
        return false;
    }
    return strstr(name, "pct") != NULL || strstr(name, "rate") != NULL ||
           (strstr(name, "per_") != NULL &&
            (at->exchange == NULL || strcmp(at->exchange, name) != 0)) ||
           strncmp(name, "r_", 2) == 0 ||
           (strchr("rs", name[0]) != NULL && name[1] >= '0' && name[1] <= '9') ||
           lower_is_listed(name, words);
}

struct lower_product {
    unsigned count, divisor_count;
    const struct formula *factors[16], *divisors[16];
    struct exact number; /* the literals in it */
    const char *rate;    /* the input that is its rate, or NULL */
};

static bool lower_number(const struct formula *tree, struct exact *number) {
    if (formula_is_call(tree, "F") && tree->count == 1) {
        tree = tree->children[0];
    }
    if (tree->kind == FORMULA_BINARY && strchr("+-*/", tree->text[0]) != NULL) {
        struct exact a, b;
        return lower_number(tree->children[0], &a) && lower_number(tree->children[1], &b) &&
               (tree->text[0] == '+'   ? exact_add
                : tree->text[0] == '-' ? exact_subtract
                : tree->text[0] == '*' ? exact_multiply
                                       : exact_divide)(a, b, number) == 0;
    }
    return tree->kind == FORMULA_NUMBER && exact_parse(tree->text, number) == 0;
}

static bool lower_flatten(const struct formula *tree, bool is_divisor,
                          struct lower_product *product) {
    struct exact number;
    if (formula_is_binary(tree, "*") || formula_is_binary(tree, "/")) {
        bool is_other = is_divisor != formula_is_binary(tree, "/");
        return lower_flatten(tree->children[0], is_divisor, product) &&
               lower_flatten(tree->children[1], is_other, product);
    }
    if (lower_number(tree, &number)) {
        return (is_divisor ? exact_divide : exact_multiply)(product->number, number,
                                                            &product->number) == 0;
    }
    unsigned *count = is_divisor ? &product->divisor_count : &product->count;
    if (*count == 16) {
        return false;
    }
    (is_divisor ? product->divisors : product->factors)[(*count)++] = tree;
    return true;
}

/* Takes the rate out of the factors and multiplies its value with the literals. */
static bool lower_take_rate(const struct lower_context *at, struct lower_product *product) {
    int chosen = -1;
    for (unsigned i = 0; i < product->count; i++) {
        const struct formula *factor = product->factors[i];
        if (factor->kind == FORMULA_NAME && lower_is_rate(at, factor->text) &&
            (chosen < 0 || strstr(factor->text, "pct") != NULL)) {
            chosen = (int)i;
        }
    }
    struct exact value;
    if (chosen < 0 || product->count < 2 ||
        exact_parse(lower_input(at, product->factors[chosen]->text), &value) != 0 ||
        exact_multiply(product->number, value, &product->number) != 0) {
        return false;
    }
    product->rate = product->factors[chosen]->text;
    for (unsigned i = (unsigned)chosen + 1; i < product->count; i++) {
        product->factors[i - 1] = product->factors[i];
    }
    product->count--;
    return true;
}

/* Amounts times the rate of exchange are amounts in the other currency. */
static bool lower_take_exchange(struct lower_context *at, struct lower_product *product) {
    for (unsigned i = 0; at->exchange != NULL && i < product->count; i++) {
        const struct formula *factor = product->factors[i];
        if (factor->kind == FORMULA_NAME && strcmp(factor->text, at->exchange) == 0 &&
            product->count > 1) {
            for (unsigned k = i + 1; k < product->count; k++) {
                product->factors[k - 1] = product->factors[k];
            }
            product->count--;
            return true;
        }
    }
    return false;
}

/* "12.5", "33 1/3" */
static const char *lower_print(struct lower_context *at, struct exact number) {
    char text[96];
    exact_print(number, text);
    char *slash = strchr(text, '/');
    if (slash == NULL) {
        return arena_format(at->arena, "%s", text);
    }
    long long above = atoll(text), below = atoll(slash + 1);
    return above < below
               ? arena_format(at->arena, "%lld/%lld", above, below)
               : arena_format(at->arena, "%lld %lld/%lld", above / below, above % below, below);
}

static bool lower_has_used(const struct lower_context *at, const char *name) {
    for (unsigned i = 0; i < at->used_count; i++) {
        if (strcmp(at->used[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Declares the quantity that a duty asks for, out of the input that states it; false where
 * another input of the case states that quantity too. */
static bool lower_quantity(struct lower_context *at, const char *name,
                           const struct lower_unit *unit) {
    bool is_itself = strcmp(name, unit->quantity) == 0;
    const char *both = arena_format(at->arena, "%s of %s", unit->quantity, name);
    if ((!is_itself && lower_input(at, unit->quantity) != NULL) ||
        (!is_itself && lower_has_used(at, unit->quantity) && !lower_has_used(at, both))) {
        return false;
    }
    const char *from = lower_name(at, name);
    if (!is_itself && !lower_is_used(at, unit->quantity)) {
        lower_is_used(at, both);
        at->levies = arena_format(at->arena, "%s  \"%s\": {kind: number, base: \"%s * %d\"}\n",
                                  at->levies, unit->quantity, from, unit->scale);
    }
    return true;
}

static bool lower_is_one_term(const struct formula *tree) {
    struct exact number;
    if (formula_is_binary(tree, "*") || formula_is_binary(tree, "/")) {
        return lower_is_one_term(tree->children[0]) && lower_is_one_term(tree->children[1]);
    }
    return tree->kind == FORMULA_NAME || lower_number(tree, &number);
}

/* 1 / a sum, as a levy of its own. */
static const char *lower_inverse(struct lower_context *at, const struct formula *sum) {
    const char *name = arena_format(at->arena, "%s_%u", at->present, ++at->helper_count);
    struct lower_levy levy = {0};
    levy.base = arena_format(at->arena, "1 + %s * (1 - %s)", name, lower_text(at, sum));
    lower_put(at, name, &levy);
    return name;
}

static const char *lower_factors(struct lower_context *at, const struct lower_product *product) {
    const char *text = product->count == 0 ? "1" : "";
    for (unsigned i = 0; i < product->count; i++) {
        text = arena_format(at->arena, "%s%s%s", text, i > 0 ? " * " : "",
                            lower_text(at, product->factors[i]));
    }
    for (unsigned i = 0; i < product->divisor_count; i++) {
        const struct formula *divisor = product->divisors[i];
        text = lower_is_one_term(divisor)
                   ? arena_format(at->arena, "%s / %s", text, lower_text(at, divisor))
                   : arena_format(at->arena, "%s * %s", text, lower_inverse(at, divisor));
    }
    return text;
}

/* E of a divisor 1 - E, E a product of a rate and literals. */
static bool lower_inside(const struct lower_context *at, const struct formula *divisor,
                         struct exact *inside) {
    struct exact one, value;
    if (!formula_is_binary(divisor, "-") || !lower_number(divisor->children[0], &one) ||
        exact_compare(one, exact_integer(1)) != 0) {
        return false;
    }
    struct lower_product product = {.number = {1, 1}};
    if (!lower_flatten(divisor->children[1], false, &product) || product.count != 1 ||
        product.divisor_count != 0 || product.factors[0]->kind != FORMULA_NAME ||
        !lower_is_rate(at, product.factors[0]->text) ||
        exact_parse(lower_input(at, product.factors[0]->text), &value) != 0) {
        return false;
    }
    return exact_multiply(product.number, value, inside) == 0;
}

/* X * r / (1 - k r) is a share r of a base that holds X and k times the tax itself. */
static bool lower_in_price(struct lower_context *at, const char *name,
                           struct lower_product *product, struct lower_levy *levy) {
    struct exact inside, times;
    if (product->divisor_count != 1 || !lower_inside(at, product->divisors[0], &inside) ||
        exact_divide(inside, product->number, &times) != 0) {
        return false;
    }
    product->divisor_count = 0;
    char number[96];
    exact_print(exact_reduced(times), number);
    levy->base = arena_format(at->arena, "%s + %s * %s", lower_factors(at, product), name, number);
    return true;
}

static bool lower_is_rounding(const struct formula *tree) {
    return formula_is_call(tree, "r2") || formula_is_call(tree, "rn") ||
           formula_is_call(tree, "r2f") || formula_is_call(tree, "down") ||
           formula_is_call(tree, "cut");
}

/* half up to n places, floor to n places or to a multiple of a step */
static const char *lower_rounding(struct lower_context *at, const struct formula *call) {
    struct exact step = exact_integer(1), places = exact_integer(2);
    bool is_cut = formula_is_call(call, "cut");
    bool has_argument =
        call->count == 2 && lower_number(call->children[1], is_cut ? &step : &places);
    if (call->count == 0 || (is_cut && !has_argument) ||
        (formula_is_call(call, "down") && !has_argument)) {
        return lower_fail(at, "a rounding function without a literal step");
    }
    for (int64_t i = 0; !is_cut && i < (int64_t)places.numerator; i++) {
        step.denominator *= 10;
    }
    char text[96];
    exact_print(step, text);
    bool is_half_up = !is_cut && !formula_is_call(call, "down");
    return arena_format(at->arena, "%s %s", is_half_up ? "half_up" : "floor", text);
}

/* A base that is rounded before the rate is applied says so. */
static void lower_base(struct lower_context *at, const struct lower_product *product,
                       struct lower_levy *levy) {
    const struct formula *only = product->count == 1 ? product->factors[0] : NULL;
    if (only == NULL || product->divisor_count != 0 || !lower_is_rounding(only)) {
        levy->base = lower_factors(at, product);
        return;
    }
    levy->more = arena_format(at->arena, "    base_round: %s\n", lower_rounding(at, only));
    levy->base = lower_text(at, only->children[0]);
}

/* A product with a rate: an ad valorem or a specific component. False when it has none. */
static bool lower_component(struct lower_context *at, const char *name, const struct formula *tree,
                            struct lower_levy *levy) {
    struct lower_product product = {.number = {1, 1}};
    if (!lower_flatten(tree, false, &product) || !lower_take_rate(at, &product) ||
        exact_sign(product.number) < 0) {
        return false;
    }
    bool is_other = lower_take_exchange(at, &product);
    const struct lower_unit *unit =
        product.count == 1 && product.divisor_count == 0 && product.factors[0]->kind == FORMULA_NAME
            ? lower_unit_of(product.factors[0]->text)
            : NULL;
    struct exact share;
    if (is_other && unit == NULL) {
        return false;
    }
    if (unit != NULL) {
        const char *amount = lower_print(at, product.number);
        if (!lower_quantity(at, product.factors[0]->text, unit)) {
            return false;
        }
        levy->rate = strstr(unit->unit, " on ") != NULL
                         ? arena_format(at->arena, "$%s/%s", amount, unit->unit)
                         : arena_format(at->arena, "%s %s / %s", amount,
                                        is_other  ? at->other
                                        : at->own ? at->own
                                                  : "USD",
                                        unit->unit);
        return strchr(amount, '/') == NULL;
    }
    if (exact_multiply(product.number, exact_integer(100), &share) != 0) {
        return false;
    }
    if (name == NULL || !lower_in_price(at, name, &product, levy)) {
        lower_base(at, &product, levy);
    }
    levy->rate = arena_format(at->arena, "%s%%", lower_print(at, share));
    at->value = at->value == NULL && levy->more == NULL ? levy->base : at->value;
    return true;
}

/* ---- shapes of their own ---- */

/* A levy that a formula needs beside its own. */
static const char *lower_helper(struct lower_context *at, const struct formula *tree) {
    const char *name = arena_format(at->arena, "%s_%u", at->present, ++at->helper_count);
    lower_write(at, name, tree);
    return name;
}

/* Quotients by sums are levies in their own base: t = N / D is t = N + t (1 - D). */
static const char *lower_quotient(struct lower_context *at, const char *name,
                                  const struct formula *tree) {
    return arena_format(at->arena, "%s + %s * (1 - %s)", lower_text(at, tree->children[0]), name,
                        lower_text(at, tree->children[1]));
}

static const char *lower_text(struct lower_context *at, const struct formula *tree) {
    struct exact number;
    if (lower_number(tree, &number)) {
        char text[96];
        exact_print(number, text);
        return arena_format(at->arena, "%s", text);
    }
    if (tree->kind == FORMULA_NAME) {
        return lower_name(at, tree->text);
    }
    if (tree->kind == FORMULA_MINUS) {
        return arena_format(at->arena, "(0 - %s)", lower_text(at, tree->children[0]));
    }
    bool is_quotient = formula_is_binary(tree, "/");
    if (formula_is_binary(tree, "+") || formula_is_binary(tree, "-") ||
        formula_is_binary(tree, "*") || (is_quotient && lower_is_one_term(tree->children[1]))) {
        const char *left = lower_text(at, tree->children[0]);
        const char *right = lower_text(at, tree->children[1]);
        return arena_format(at->arena, "(%s %s %s)", left, tree->text, right);
    }
    if (tree->kind == FORMULA_CALL || tree->kind == FORMULA_IF || is_quotient ||
        tree->kind == FORMULA_NOT ||
        (tree->kind == FORMULA_BINARY && strchr("=!<>ao", tree->text[0]) != NULL)) {
        return lower_helper(at, tree);
    }
    return lower_fail(at, "a text or comparison stands where a number should");
}

/* ---- a levy ---- */

static const char *lower_kind(const char *name) {
    static const struct {
        const char *part, *kind;
    } kinds[] = {{"base", "value"},   {"pct", "number"}, {"value", "value"}, {"total", "total"},
                 {"landed", "total"}, {"vat", "tax"},    {"VAT", "tax"},     {"gst", "tax"},
                 {"GST", "tax"},      {"tax", "tax"},    {"ICMS", "tax"},    {"IPI", "tax"},
                 {"excise", "tax"},   {"EXC", "tax"},    {"INT", "tax"},     {"ct", "tax"},
                 {"national", "tax"}, {"local", "tax"},  {"fee", "fee"},     {"idf", "fee"},
                 {"rdl", "fee"},      {"duty", "duty"},  {"BCD", "duty"},    {"CVD", "duty"},
                 {"EC", "duty"},      {"dump", "duty"},  {"safeg", "duty"},  {"d_", "duty"}};
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strstr(name, kinds[i].part) != NULL) {
            return kinds[i].kind;
        }
    }
    return "value";
}

static void lower_put(struct lower_context *at, const char *name, const struct lower_levy *levy) {
    bool is_helper = !lower_is_formula(at, name) && strcmp(name, at->present) != 0;
    char *text = arena_format(at->arena, "%s  %s:\n    kind: %s\n", at->levies, name,
                              is_helper ? "number" : lower_kind(name));
    const char *const keys[] = {"base", "rate", "round", "minimum", "maximum"};
    const char *const values[] = {levy->base, levy->rate, levy->round, levy->minimum,
                                  levy->maximum};
    for (unsigned i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (values[i] != NULL) {
            text = arena_format(at->arena, "%s    %s: \"%s\"\n", text, keys[i], values[i]);
        }
    }
    at->levies = arena_format(at->arena, "%s%s", text, levy->more != NULL ? levy->more : "");
}

/* Shapes and these call each other: formulas hold formulas. */
#include "tests/vectors/tariff_shape.h"

#endif
