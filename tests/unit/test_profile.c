/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: profile.h: a page of rules chooses channels, names what it does not know, and stays out
 * where no rule fires. Method: the page of the repository, and small pages with a fault each. */
#include "tests/test.h"

#include "core/risk/profile.h"
#include "sim/scenario/rule_file.h"

#include <math.h>

static const struct declaration phones = {
    .goods = 851712, .origin = 0x434e, .mass_kg = 20.0, .value = 900.0, .duty_share = 0.0};

static void test_page(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    const struct rule *rule =
        rule_file_load(&arena, SOURCE_DIR "/scenarios/rules/selection.yml", &err);
    const struct profile *profile = rule != NULL ? profile_bind(rule, &arena, &err) : NULL;
    CHECK_TEXT(err.text, "");
    if (profile == NULL) {
        return;
    }
    struct declaration declaration = phones;
    struct profile_facts facts = {&declaration, 0.12, "known", 0.5};
    struct profile_answer answer = profile_ask(profile, &facts, 18000);
    CHECK_INT(answer.channel, CHANNEL_GREEN);
    CHECK_TEXT(answer.reason, "nothing speaks against release");
    CHECK(answer.cost > 0 && answer.cost <= rule_cost(rule));
    facts.probability = 0.846; /* 85 of 100 */
    answer = profile_ask(profile, &facts, 18000);
    CHECK_INT(answer.channel, CHANNEL_RED);
    CHECK_TEXT(answer.rule, "high_risk");
    CHECK_TEXT(answer.reference, "General Annex, standards 6.3 and 6.4");
    facts.probability = 0.12, facts.draw = 0.0199;
    CHECK_TEXT(profile_ask(profile, &facts, 18000).rule, "random_examination");
    facts.draw = 0.5, declaration.value = NAN;
    CHECK_INT(profile_ask(profile, &facts, 18000).channel, CHANNEL_YELLOW);
    declaration.value = 900.0, declaration.goods = 930200;
    CHECK_TEXT(profile_ask(profile, &facts, 18000).rule, "arms_and_explosives");
    facts.trader = NULL; /* the page wants to know */
    answer = profile_ask(profile, &facts, 18000);
    CHECK_INT(answer.channel, CHANNEL_RED);
    CHECK_TEXT(answer.reason, "what is declared is missing or outside of the page's ranges");
    arena_free(&arena);
}

static void binds(const char *page, const char *expected) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    const struct rule *rule = rule_compile_text("page.yml", page, strlen(page), &arena, &err);
    CHECK_TEXT(err.text, "");
    if (rule != NULL) {
        CHECK((profile_bind(rule, &arena, &err) == NULL) == (expected[0] != '\0'));
        CHECK_TEXT(err.text, expected);
    }
    arena_free(&arena);
}

#define HEAD "clearlab: 1\ntable: small\nhit: first\ncomplete: false\n"

static void test_faults(void) {
    binds(HEAD "inputs: {mas: number}\noutputs: {channel: {type: text, choices: [red]}}\n"
               "rules: {heavy: {when: {mas: more than 5}, then: red}}\n",
          "'small': nothing is known of an input 'mas' when a channel is chosen; did you mean "
          "'mass'?");
    binds(HEAD "inputs: {mass: number}\noutputs: {chanel: {type: text, choices: [red]}}\n"
               "rules: {heavy: {when: {mass: more than 5}, then: red}}\n",
          "'small': expected an output 'channel' of the type text");
}

/* A profile that is about a few things leaves the others to the budget. */
static void test_silence(void) {
    static const char page[] =
        HEAD "inputs: {mass: mass, origin: text, duty_share: share}\n"
             "outputs: {channel: {type: text, choices: [red, yellow]}}\n"
             "rules:\n"
             "  heavy: {when: {mass: more than 1 t, origin: CN}, then: red}\n"
             "  dear: {when: {duty_share: more than 20 %}, then: yellow}\n";
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    const struct rule *rule = rule_compile_text("page.yml", page, strlen(page), &arena, &err);
    const struct profile *profile = rule != NULL ? profile_bind(rule, &arena, &err) : NULL;
    CHECK_TEXT(err.text, "");
    if (profile == NULL) {
        return;
    }
    struct declaration declaration = phones;
    struct profile_facts facts = {&declaration, 0.5, NULL, 0.5};
    CHECK_INT(profile_ask(profile, &facts, 0).channel, CHANNEL_NONE);
    declaration.mass_kg = 1001.0;
    CHECK_INT(profile_ask(profile, &facts, 0).channel, CHANNEL_RED);
    declaration.origin = 0x4b52, declaration.duty_share = 0.21;
    CHECK_INT(profile_ask(profile, &facts, 0).channel, CHANNEL_YELLOW);
    arena_free(&arena);
}

int main(void) {
    test_page();
    test_faults();
    test_silence();
    return test_summary();
}
