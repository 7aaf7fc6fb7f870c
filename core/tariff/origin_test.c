/* SPDX-License-Identifier: GPL-3.0-or-later
 * origin_test.c - one test of a rule of origin after another, in three-valued logic. */
#include "core/tariff/origin_test.h"

#include "core/base/require.h"

#include <stdarg.h>
#include <stdio.h>

__attribute__((format(printf, 3, 4))) static void
find(struct origin_finding *finding, enum origin_answer answer, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->why, sizeof finding->why, format, arguments);
    va_end(arguments);
    finding->answer = answer;
}

/* The code as far as it is known: "1507", "150710". */
static const char *code_text(const struct origin_material *material, char text[16]) {
    snprintf(text, 16, "%010llu", (unsigned long long)material->code);
    text[material->digits < 10 ? material->digits : 10] = '\0';
    return text;
}

static uint64_t power_of_ten(unsigned exponent) {
    uint64_t power = 1;
    for (unsigned i = 0; i < exponent; i++) {
        power *= 10;
    }
    return power;
}

/* All codes that the material may have. */
static struct origin_range span_of(const struct origin_material *material) {
    unsigned digits = material->digits < 2 ? 2 : material->digits > 10 ? 10 : material->digits;
    uint64_t width = power_of_ten(10 - digits), low = material->code / width * width;
    return (struct origin_range){low, low + width - 1};
}

/* Whether a code of the span is in the ranges: YES all, NO none, HUMAN some. */
static enum origin_answer within(struct origin_range span, struct origin_ranges ranges) {
    bool touches = false;
    for (unsigned i = 0; i < ranges.count; i++) {
        const struct origin_range *range = &ranges.items[i];
        if (span.low >= range->low && span.high <= range->high) {
            return ORIGIN_YES;
        }
        touches = touches || (span.low <= range->high && span.high >= range->low);
    }
    return touches ? ORIGIN_HUMAN : ORIGIN_NO;
}

/* Whether the material is of the goods' chapter (2), heading (4) or subheading (6). */
static enum origin_answer is_alike(const struct origin_facts *facts,
                                   const struct origin_material *material, unsigned level) {
    uint64_t width = power_of_ten(10 - level), low = facts->goods->code / width * width;
    struct origin_range range = {low, low + width - 1};
    return within(span_of(material), (struct origin_ranges){1, &range});
}

/* Whether the test is about the material. */
static enum origin_answer is_meant(const struct origin_test *test, const struct origin_facts *facts,
                                   const struct origin_material *material) {
    if (test->is_same_heading) {
        return is_alike(facts, material, 4);
    }
    return test->codes.count == 0 ? ORIGIN_YES : within(span_of(material), test->codes);
}

static bool is_known(struct exact amount) {
    return amount.denominator != 0;
}

/* A sum that is surely reached, and one that is surely not exceeded unless something is missing. */
struct bounds {
    struct exact low, high;
    struct exact largest; /* single amount that surely counts */
    bool is_open;         /* an amount is missing, or the sum doesn't fit */
};

static void bounds_add(struct bounds *bounds, struct exact amount, enum origin_answer counts) {
    if (counts == ORIGIN_NO) {
        return;
    }
    if (!is_known(amount)) {
        bounds->is_open = true;
        return;
    }
    bounds->is_open = exact_add(bounds->high, amount, &bounds->high) < 0 || bounds->is_open;
    if (counts == ORIGIN_YES) {
        bounds->is_open = exact_add(bounds->low, amount, &bounds->low) < 0 || bounds->is_open;
        if (exact_compare(amount, bounds->largest) > 0) {
            bounds->largest = amount;
        }
    }
}

static struct bounds bounds_none(void) {
    const struct exact zero = exact_integer(0);
    return (struct bounds){.low = zero, .high = zero, .largest = zero};
}

/* What the materials that the test means are worth, or weigh. */
static struct bounds measure(const struct origin_test *test, const struct origin_facts *facts,
                             bool of_originating, bool by_weight) {
    struct bounds bounds = bounds_none();
    for (unsigned i = 0; i < facts->count; i++) {
        const struct origin_material *material = &facts->materials[i];
        if (facts->is_originating[i] == of_originating) {
            bounds_add(&bounds, by_weight ? material->weight : material->value,
                       is_meant(test, facts, material));
        }
    }
    return bounds;
}

struct limit {
    struct exact amount;
    char text[200]; /* "70 % of the ex-works price of 1000" */
};

/* share x base; false and a finding when that is not known. */
static bool limit_of(struct exact share, struct exact base, const char *name, struct limit *limit,
                     struct origin_finding *finding) {
    if (!is_known(base)) {
        find(finding, ORIGIN_HUMAN, "the %s is not declared", name);
        return false;
    }
    struct exact percent;
    if (exact_sign(base) <= 0 || exact_multiply(share, base, &limit->amount) < 0 ||
        exact_multiply(share, exact_integer(100), &percent) < 0) {
        find(finding, ORIGIN_HUMAN, "the %s is not an amount that can be reckoned with", name);
        return false;
    }
    char percent_text[96], base_text[96];
    exact_print(exact_reduced(percent), percent_text);
    exact_print(exact_reduced(base), base_text);
    snprintf(limit->text, sizeof limit->text, "%.40s %% of the %s of %.60s", percent_text, name,
             base_text);
    return true;
}

static const char *amount_text(struct exact amount, char text[96]) {
    exact_print(exact_reduced(amount), text);
    return text;
}

static void judge_maximum(const struct origin_test *test, const struct origin_facts *facts,
                          struct origin_finding *finding) {
    bool by_weight = test->kind == ORIGIN_TEST_WEIGHT_MAX;
    struct exact base = by_weight      ? facts->goods->weight
                        : test->is_fob ? facts->goods->fob
                                       : facts->goods->ex_works;
    const char *name = by_weight ? "weight" : test->is_fob ? "FOB value" : "ex-works price";
    const char *what = test->is_same_heading   ? "of the goods' heading "
                       : test->codes.count > 0 ? "of the codes named "
                                               : "";
    struct limit limit;
    if (!limit_of(test->share, base, name, &limit, finding)) {
        return;
    }
    struct bounds bounds = measure(test, facts, false, by_weight);
    char text[96];
    if (!bounds.is_open && exact_compare(bounds.high, limit.amount) <= 0) {
        find(finding, ORIGIN_YES, "non-originating materials %sare %.60s, not above %s", what,
             amount_text(bounds.high, text), limit.text);
    } else if (exact_compare(test->is_each ? bounds.largest : bounds.low, limit.amount) > 0) {
        find(finding, ORIGIN_NO, "non-originating materials %sare %.60s, above %s", what,
             amount_text(bounds.low, text), limit.text);
    } else {
        find(finding, ORIGIN_HUMAN, "the %s of materials %sis not known well enough for %s",
             by_weight ? "weight" : "value", what, limit.text);
    }
}

static void judge_content(const struct origin_test *test, const struct origin_facts *facts,
                          struct origin_finding *finding) {
    bool is_down = test->kind == ORIGIN_TEST_BUILD_DOWN;
    struct exact base = test->is_fob ? facts->goods->fob : facts->goods->ex_works;
    struct limit limit;
    if (!limit_of(test->share, base, test->is_fob ? "FOB value" : "ex-works price", &limit,
                  finding)) {
        return;
    }
    struct bounds bounds = measure(test, facts, !is_down, false);
    struct exact high = bounds.high, low = bounds.low;
    if (is_down && (exact_subtract(base, bounds.low, &high) < 0 ||
                    exact_subtract(base, bounds.high, &low) < 0)) {
        bounds.is_open = true;
    }
    bool is_low_open = is_down && bounds.is_open, is_high_open = !is_down && bounds.is_open;
    char text[96];
    if (!is_low_open && exact_compare(low, limit.amount) >= 0) {
        find(finding, ORIGIN_YES, "the regional content is %.60s, not below %s",
             amount_text(low, text), limit.text);
    } else if (!is_high_open && exact_compare(high, limit.amount) < 0) {
        find(finding, ORIGIN_NO, "the regional content is %.60s, below %s", amount_text(high, text),
             limit.text);
    } else {
        find(finding, ORIGIN_HUMAN,
             "the value of a material is not known, so that %s cannot be "
             "compared",
             limit.text);
    }
}

static void judge_balance(const struct origin_test *test, const struct origin_facts *facts,
                          struct origin_finding *finding) {
    struct bounds others = measure(test, facts, false, false);
    struct bounds ours = measure(test, facts, true, false);
    char left[96], right[96];
    if (others.is_open || ours.is_open) {
        find(finding, ORIGIN_HUMAN, "the value of a material is not known");
        return;
    }
    bool is_met = exact_compare(others.high, ours.low) <= 0;
    find(finding, is_met ? ORIGIN_YES : ORIGIN_NO,
         "non-originating materials are %.60s, originating ones %.60s",
         amount_text(others.high, left), amount_text(ours.low, right));
}

/* Whether the materials that break a change may, by the rule's own allowance. */
static enum origin_answer is_allowed(const struct origin_test *test,
                                     const struct origin_facts *facts,
                                     const enum origin_answer *breaks) {
    struct bounds bounds = bounds_none();
    struct limit limit;
    struct origin_finding unused;
    bool is_open = false;
    for (unsigned i = 0; i < facts->count; i++) {
        const struct origin_material *material = &facts->materials[i];
        if (facts->is_originating[i]) {
            continue;
        }
        enum origin_answer counts = test->allows_same_heading
                                        ? is_alike(facts, material, 4)
                                        : within(span_of(material), test->allowed);
        if (breaks[i] == ORIGIN_YES && counts == ORIGIN_NO) {
            return ORIGIN_NO;
        }
        is_open = is_open || (breaks[i] != ORIGIN_NO && counts != ORIGIN_YES);
        bounds_add(&bounds, material->value, counts);
    }
    if (!limit_of(test->allowed_share, facts->goods->ex_works, "", &limit, &unused)) {
        return ORIGIN_HUMAN;
    }
    if (exact_compare(bounds.low, limit.amount) > 0) {
        return ORIGIN_NO;
    }
    bool is_met = !is_open && !bounds.is_open && exact_compare(bounds.high, limit.amount) <= 0;
    return is_met ? ORIGIN_YES : ORIGIN_HUMAN;
}

/* Whether they may by the scheme's tolerance. */
static enum origin_answer is_tolerated(const struct origin_facts *facts,
                                       const enum origin_answer *breaks) {
    const struct origin_tolerance *tolerance = facts->tolerance;
    if (tolerance == NULL) {
        return ORIGIN_NO;
    }
    struct bounds bounds = bounds_none();
    for (unsigned i = 0; i < facts->count; i++) {
        const struct origin_material *material = &facts->materials[i];
        if (!facts->is_originating[i]) {
            bounds_add(&bounds, tolerance->by_weight ? material->weight : material->value,
                       breaks[i]);
        }
    }
    struct exact base = tolerance->by_weight ? facts->goods->weight : facts->goods->ex_works;
    struct limit limit;
    struct origin_finding unused;
    if (!limit_of(tolerance->share, base, "", &limit, &unused)) {
        return ORIGIN_HUMAN;
    }
    if (exact_compare(bounds.low, limit.amount) > 0) {
        return ORIGIN_NO;
    }
    bool is_met = !bounds.is_open && exact_compare(bounds.high, limit.amount) <= 0;
    return is_met ? ORIGIN_YES : ORIGIN_HUMAN;
}

enum { MATERIALS_MAX = 256 };

static const char *level_name(unsigned level) {
    return level == 2 ? "chapter" : level == 4 ? "heading" : "subheading";
}

/* Whether the material breaks the test, before any allowance. */
static enum origin_answer breaks_test(const struct origin_test *test,
                                      const struct origin_facts *facts,
                                      const struct origin_material *material) {
    enum origin_answer excepted = within(span_of(material), test->codes);
    if (test->kind == ORIGIN_TEST_CHANGE) {
        enum origin_answer alike = is_alike(facts, material, test->level);
        if (alike == ORIGIN_YES || (excepted == ORIGIN_YES && !test->is_named)) {
            return ORIGIN_YES;
        }
        return alike == ORIGIN_NO && excepted == ORIGIN_NO ? ORIGIN_NO : ORIGIN_HUMAN;
    }
    return excepted == ORIGIN_YES && test->is_named ? ORIGIN_HUMAN : excepted;
}

/* A change of classification, or no materials of certain codes. */
static void judge_change(const struct origin_test *test, const struct origin_facts *facts,
                         struct origin_finding *finding) {
    enum origin_answer breaks[MATERIALS_MAX], worst = ORIGIN_NO;
    unsigned at = 0;
    for (unsigned i = 0; i < facts->count; i++) {
        breaks[i] =
            facts->is_originating[i] ? ORIGIN_NO : breaks_test(test, facts, &facts->materials[i]);
        if (breaks[i] != ORIGIN_NO && worst != ORIGIN_YES) {
            worst = breaks[i];
            at = i;
        }
    }
    char code[16], where[48] = "a code that the rule excludes";
    if (worst == ORIGIN_NO) {
        if (test->kind == ORIGIN_TEST_CHANGE) {
            find(finding, ORIGIN_YES, "every non-originating material is of another %s",
                 level_name(test->level));
        } else {
            find(finding, ORIGIN_YES,
                 "no non-originating material is of a code that the rule "
                 "excludes");
        }
        return;
    }
    enum origin_answer allowed = test->allows_named    ? ORIGIN_HUMAN
                                 : test->has_allowance ? is_allowed(test, facts, breaks)
                                                       : ORIGIN_NO;
    enum origin_answer tolerated = is_tolerated(facts, breaks);
    if (test->kind == ORIGIN_TEST_CHANGE &&
        is_alike(facts, &facts->materials[at], test->level) != ORIGIN_NO) {
        snprintf(where, sizeof where, "the goods' own %s", level_name(test->level));
    }
    code_text(&facts->materials[at], code);
    if (allowed == ORIGIN_YES || tolerated == ORIGIN_YES) {
        find(finding, ORIGIN_YES, "material %s is of %s, within the %s", code, where,
             allowed == ORIGIN_YES ? "value that the rule allows" : "tolerance of the scheme");
    } else if (worst == ORIGIN_YES && allowed == ORIGIN_NO && tolerated == ORIGIN_NO) {
        find(finding, ORIGIN_NO, "material %s is of %s", code, where);
    } else {
        find(finding, ORIGIN_HUMAN, "material %s may be of %s; facts are missing to tell", code,
             where);
    }
}

static void judge_only_from(const struct origin_test *test, const struct origin_facts *facts,
                            struct origin_finding *finding) {
    for (unsigned i = 0; i < facts->count; i++) {
        if (!facts->is_originating[i] &&
            within(span_of(&facts->materials[i]), test->codes) != ORIGIN_YES) {
            char code[16];
            find(finding, ORIGIN_HUMAN,
                 "material %s is not of the codes named; whether it is of "
                 "an earlier stage of manufacture, no code shows",
                 code_text(&facts->materials[i], code));
            return;
        }
    }
    find(finding, ORIGIN_YES, "every non-originating material is of the codes named");
}

/* Materials of certain codes have to originate, or to be wholly obtained. */
static void judge_obtained(const struct origin_test *test, const struct origin_facts *facts,
                           struct origin_finding *finding) {
    bool is_obtained = test->kind == ORIGIN_TEST_OBTAINED;
    const char *what = is_obtained ? "wholly obtained" : "originating";
    char code[16];
    find(finding, ORIGIN_YES, "the materials that have to be %s are", what);
    for (unsigned i = 0; i < facts->count; i++) {
        const struct origin_material *material = &facts->materials[i];
        enum origin_answer meant = is_meant(test, facts, material);
        bool is_met =
            facts->is_originating[i] && (!is_obtained || material->wholly_obtained == ORIGIN_TRUE);
        if (meant == ORIGIN_NO || is_met) {
            continue;
        }
        code_text(material, code);
        if (meant == ORIGIN_YES && !facts->is_originating[i]) {
            find(finding, ORIGIN_NO, "material %s is not %s", code, what);
            return;
        }
        find(finding, ORIGIN_HUMAN, "whether material %s has to be, and is, %s is not known", code,
             what);
    }
}

static void judge_goods_obtained(const struct origin_facts *facts, struct origin_finding *finding) {
    bool all = facts->count > 0;
    char code[16];
    for (unsigned i = 0; i < facts->count; i++) {
        if (!facts->is_originating[i]) {
            find(finding, ORIGIN_NO,
                 "the goods are not wholly obtained: material %s is not "
                 "originating",
                 code_text(&facts->materials[i], code));
            return;
        }
        all = all && facts->materials[i].wholly_obtained == ORIGIN_TRUE;
    }
    if (facts->goods->wholly_obtained == ORIGIN_FALSE) {
        find(finding, ORIGIN_NO, "the goods are not wholly obtained");
    } else if (all || facts->goods->wholly_obtained == ORIGIN_TRUE) {
        find(finding, ORIGIN_YES, "the goods are wholly obtained");
    } else {
        find(finding, ORIGIN_HUMAN, "nothing says whether the goods are wholly obtained");
    }
}

/* ALL: a no decides, then what is open. ANY: a yes decides, then what is open. */
static void judge_parts(const struct origin_test *test, const struct origin_facts *facts,
                        struct origin_finding *finding) {
    enum origin_answer deciding = test->kind == ORIGIN_TEST_ALL ? ORIGIN_NO : ORIGIN_YES;
    bool is_open = false;
    struct origin_finding part;
    find(finding, ORIGIN_HUMAN, "the rule says nothing");
    for (const struct origin_test *child = test->first; child != NULL; child = child->next) {
        origin_test_judge(child, facts, &part);
        if (part.answer == deciding) {
            *finding = part;
            return;
        }
        if (!is_open) {
            *finding = part;
        }
        is_open = is_open || part.answer == ORIGIN_HUMAN;
    }
}

void origin_test_judge(const struct origin_test *test, const struct origin_facts *facts,
                       struct origin_finding *finding) {
    REQUIRE(facts->count <= MATERIALS_MAX);
    struct origin_range goods = {facts->goods->code, facts->goods->code};
    if (test->scope.count > 0 && within(goods, test->scope) != ORIGIN_YES) {
        find(finding, ORIGIN_HUMAN, "the rule is for goods of other codes");
        return;
    }
    switch (test->kind) {
    case ORIGIN_TEST_ALL:
    case ORIGIN_TEST_ANY:
        judge_parts(test, facts, finding);
        return;
    case ORIGIN_TEST_GOODS_OBTAINED:
        judge_goods_obtained(facts, finding);
        return;
    case ORIGIN_TEST_OBTAINED:
    case ORIGIN_TEST_ORIGINATING:
        judge_obtained(test, facts, finding);
        return;
    case ORIGIN_TEST_CHANGE:
    case ORIGIN_TEST_NOT_FROM:
        judge_change(test, facts, finding);
        return;
    case ORIGIN_TEST_ONLY_FROM:
        judge_only_from(test, facts, finding);
        return;
    case ORIGIN_TEST_ANY_HEADING:
        find(finding, ORIGIN_YES, "materials of any heading may be used");
        return;
    case ORIGIN_TEST_VALUE_MAX:
    case ORIGIN_TEST_WEIGHT_MAX:
        judge_maximum(test, facts, finding);
        return;
    case ORIGIN_TEST_BUILD_UP:
    case ORIGIN_TEST_BUILD_DOWN:
        judge_content(test, facts, finding);
        return;
    case ORIGIN_TEST_BALANCE:
        judge_balance(test, facts, finding);
        return;
    case ORIGIN_TEST_HUMAN:
        break;
    }
    find(finding, ORIGIN_HUMAN, "%.280s", test->words);
}

enum origin_reach origin_test_reach(const struct origin_test *test) {
    if (test->kind == ORIGIN_TEST_HUMAN) {
        return ORIGIN_OPAQUE;
    }
    if (test->kind != ORIGIN_TEST_ALL && test->kind != ORIGIN_TEST_ANY) {
        bool is_partly =
            test->kind == ORIGIN_TEST_ONLY_FROM || test->is_named || test->allows_named;
        return is_partly ? ORIGIN_PARTLY : ORIGIN_DECIDABLE;
    }
    unsigned decidable = 0, opaque = 0, count = 0;
    for (const struct origin_test *child = test->first; child != NULL; child = child->next) {
        enum origin_reach reach = origin_test_reach(child);
        decidable += reach == ORIGIN_DECIDABLE;
        opaque += reach == ORIGIN_OPAQUE;
        count++;
    }
    return decidable == count ? ORIGIN_DECIDABLE : opaque == count ? ORIGIN_OPAQUE : ORIGIN_PARTLY;
}
