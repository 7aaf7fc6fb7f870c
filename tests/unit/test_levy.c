/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: a jurisdiction that can't be assessed is refused where it is written, with what to do.
 * Method: one wrong jurisdiction a case, with its message and line; and bases multiplied out. */
#include "core/tariff/levy.h"
#include "tests/test.h"

static const struct levy_plan *read(const char *text, struct arena *arena, struct error *err) {
    const struct node *document = node_read_text(arena, "levies", text, strlen(text), err);
    return document != NULL ? levy_read(document, NULL, arena, err) : NULL;
}

#define FACTS "facts: {value: money, freight: money, share: number, mode: {type: text}}\n"

static const struct {
    const char *text, *message;
    int line;
} wrong[] = {
    {"facts: {}\n",
     "there is no section `levies`: a jurisdiction's file is wanted, or levies: FILE in the tariff",
     1},
    {"[1]\n",
     "a jurisdiction is a mapping with the keys "
     "clearlab|jurisdiction|summary|source|currency|exchange|facts|levies|waivers|regimes",
     1},
    {"levies: {}\nwaiver: []\n", "'waiver' is no key of a jurisdiction; did you mean 'waivers'?",
     2},
    {"levies: {}\nwaivers: {a: 5}\n", "expected a list of waivers", 2},
    {"levies: {}\nexchange: 5\n", "expected {rates: {EUR: NUMBER, ...}}", 2},
    {"facts:\n  a: {type: text, default: [1]}\nlevies: {}\n", "expected a value", 2},
    {"facts:\n  a: {type: text, choices: [[1]]}\nlevies: {}\n", "expected a text", 2},
    {"facts:\n  a: {type: text, choices: sea}\nlevies: {}\n",
     "expected a list of choices, e.g. [sea, air]", 2},
    {"levies:\n  d: {kind: fee, base: 5, rows: [[1]]}\n",
     "expected a row by its keys, e.g. {rate: 5%}", 2},
    {"facts: {value: coins}\nlevies: {}\n",
     "expected a type: money, number, quantity, share, text, boolean or date", 1},
    {FACTS "levies:\n  duty: {base: value}\n",
     "expected kind: value, number, total, duty, tax or fee", 3},
    {FACTS "levies:\n  value: {kind: duty, base: value}\n", "there is a fact of this name already",
     3},
    {FACTS "levies:\n  duty: {kind: duty, base: valeu}\n",
     "'valeu': there is no fact or levy 'valeu'; did you mean 'value'?", 3},
    {FACTS "levies:\n  duty: {kind: duty, base: value +}\n",
     "'value +', character 8: expected a number, a name or a parenthesis", 3},
    {FACTS "levies:\n  duty: {kind: duty, base: value / (value + freight)}\n",
     "'value / (value + freight)', character 26: divide by one product; for a quotient of sums "
     "let a levy hold itself in its base",
     3},
    {FACTS "levies:\n  duty: {kind: duty, base: value / 0}\n",
     "'value / 0', character 10: division by zero", 3},
    {FACTS "levies:\n  duty: {kind: duty, rats: 5%, base: value}\n",
     "unknown key 'rats' of a levy; did you mean 'rate'?", 3},
    {FACTS "levies:\n  duty: {kind: duty, base: value, rate: 5%, measures: sum}\n",
     "one of rate, measures, tiers and slices is enough", 3},
    {FACTS "levies:\n  duty: {kind: duty, base: value, round: up}\n",
     "expected a mode (none|half_up|half_even|half_down|down|up|floor|ceiling) and a step "
     "above "
     "0, e.g. half_up 0.01",
     3},
    {FACTS "levies:\n  duty: {kind: duty, base: value, waive: under 5}\n",
     "expected `at most AMOUNT` or `below AMOUNT`", 3},
    {FACTS "levies:\n  duty: {kind: duty, base: value, from: 2024-02-02, to: 2024-02-01}\n",
     "ends before it begins", 3},
    {FACTS "levies:\n  duty: {kind: duty, base: value, slices: [{rate: 5 %}]}\n",
     "slices need slices_of: their whole", 3},
    {FACTS "levies:\n  fee: {kind: fee, base: value, tiers: [{up_to: 9, amount: 1}, {up_to: 3, "
           "amount: 2}]}\n",
     "limits rise, and only the last is open", 3},
    {FACTS "levies:\n  duty: {kind: duty, base: value, when: vat > 5}\n  vat: {kind: number, "
           "base: value}\n",
     "'vat' has no amount yet: conditions look at facts and former levies", 3},
    {FACTS "levies:\n  duty: {kind: duty, base: value, minimum: vat}\n  vat: {kind: tax, base: "
           "value}\n",
     "limits are made of facts and former levies", 3},
    {FACTS "levies:\n  tax: {kind: tax, base: value + tax}\n",
     "singular: the taxes in this price take all of it, so no base fits", 3},
    {FACTS "levies:\n  a: {kind: tax, base: value + b, rate: 200%}\n  b: {kind: tax, base: a, "
           "rate: 50%}\n",
     "singular: the taxes in this price take all of it, so no base fits", 3},
    {FACTS "levies:\n  tax: {kind: tax, base: value + tax * tax, rate: 5%}\n",
     "the base multiplies or divides amounts that aren't known yet", 3},
    {FACTS "levies:\n  tax: {kind: tax, base: value + tax, rate: 5%, minimum: 3}\n",
     "the base holds 'tax', which has a limit: then there may be no one solution", 3},
    {FACTS "levies:\n  tax: {kind: tax, base: value + tax, rate: 5% MAX 3 USD}\n",
     "the base holds 'tax', which has a MIN or MAX: then there may be no one solution", 3},
    {FACTS "levies:\n  tax: {kind: tax, base: value}\nwaivers: [{levies: [duty], below: 3}]\n",
     "there is no levy of this name", 4},
    {"currency: GBP\n" FACTS "levies:\n  tax: {kind: tax, base: value, rate: 3 EUR / kg}\n",
     "there is no exchange rate of EUR", 4},
};

static void test_refusals(void) {
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct arena arena = ARENA_INIT;
        struct error err = ERROR_INIT;
        CHECK(read(wrong[i].text, &arena, &err) == NULL);
        CHECK_TEXT(err.text, wrong[i].message);
        CHECK_INT(err.line, wrong[i].line);
        arena_free(&arena);
    }
}

static void test_bases(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    const struct levy_plan *plan =
        read(FACTS "levies:\n"
                   "  a: {kind: value, base: (value + freight) * (1 - share) - value}\n"
                   "  b: {kind: value, base: 110 % * value / share / 2 + a - a}\n",
             &arena, &err);
    CHECK_TEXT(err.text, "");
    const struct levy_sum *a = &plan->levies[0].rows[0].base, *b = &plan->levies[1].rows[0].base;
    CHECK_INT(a->count, 3); /* value cancels: freight - value share - freight share */
    CHECK_INT(b->count, 1);
    CHECK_INT(b->terms[0].factor_count, 1);
    CHECK_INT(b->terms[0].divisor_count, 1);
    CHECK_INT(exact_compare(b->terms[0].coefficient, exact_ratio(11, 20)), 0);
    CHECK_INT(levy_slot(plan, "nothing"), LEVY_NO_SLOT);
    CHECK_INT(levy_of_slot(plan, levy_slot(plan, "b")), 1);
    CHECK_INT(levy_of_slot(plan, levy_slot(plan, "share")), LEVY_MAX);
    arena_free(&arena);
}

int main(void) {
    test_refusals();
    test_bases();
    return test_summary();
}
