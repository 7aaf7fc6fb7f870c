/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: a page is bound to facts by their names, what it may not ask or say is an error with its
 * place, and asking it gives what its table says. Method: pages with one thing wrong and the
 * message of each; a page whose answers are worked out by hand; every fact against the table asked
 * directly with the value that the fact stands for; amounts at the rounding. */
#include "core/contract/contract.h"
#include "core/contract/contract_kinds.h"
#include "tests/test.h"

#include "core/base/money.h"

static struct arena arena;
static struct rule_result result;

static const struct contract *compile(const char *type, const char *text, struct error *err) {
    *err = (struct error)ERROR_INIT;
    const struct node *file = node_read_text(&arena, "page.yml", text, strlen(text), err);
    int index = contract_type_find(type);
    CHECK(index >= 0);
    return file == NULL ? NULL
                        : contract_compile(contract_type_at((unsigned)index), file, &arena, err);
}

/* ---- wrong pages ---------------------------------------------------------------------------- */

static void wrong(const char *type, const char *inputs, const char *outputs, const char *then,
                  const char *expected) {
    struct error err;
    const char *text = arena_format(&arena,
                                    "clearlab: 1\ntable: t\n%s"
                                    "inputs: {%s}\n"
                                    "outputs: {%s}\n"
                                    "rules: {a: {then: {%s}}}\n",
                                    "complete: false\n", inputs, outputs, then);
    const struct contract *contract = compile(type, text, &err);
    const char *message = arena_format(&arena, "%d:%d: %s", err.line, err.column, err.text);
    CHECK_TEXT(contract == NULL ? message : "compiled", expected);
}

#define DECISION "decision: {type: text, choices: [approve, refuse]}"

static void test_wrong_pages(void) {
    wrong("approval", "paid: money", DECISION, "decision: approve", "compiled");
    wrong("approval", "payed: money", DECISION, "decision: approve",
          "4:10: contracts know no fact 'payed'; did you mean 'paid'?");
    wrong("approval", "paid: mass", DECISION, "decision: approve",
          "4:16: the fact 'paid' is of type money");
    wrong("approval", "channel: {type: text, choices: [green, blue]}", DECISION,
          "decision: approve", "4:19: the fact 'channel' is never 'blue'");
    wrong("approval", "channel: {type: text, choices: [gren]}", DECISION, "decision: approve",
          "4:19: the fact 'channel' is never 'gren'; did you mean 'green'?");
    wrong("approval", "paid: money", "decision: {type: text, choices: [accept, refuse]}",
          "decision: accept",
          "5:21: a contract of type 'approval' needs the decision 'approve', by which it is done");
    wrong("approval", "paid: money", "rank: integer", "rank: 1",
          "5:1: a contract of type 'approval' needs the output 'decision'");
    wrong("refund", "paid: money", "decision: {type: text, choices: [refund]}", "decision: refund",
          "5:1: a contract of type 'refund' needs the output 'amount'");
    wrong("priority", "paid: money", "rank: number", "rank: 1",
          "5:17: the outcome 'rank' is of another type: integer");
    wrong("priority", "paid: money", "rank: integer, ranc: integer", "rank: 1, ranc: 1",
          "5:26: contracts know no outcome 'ranc'; did you mean 'rank'?");
    struct error err;
    CHECK(compile("priority",
                  "clearlab: 1\ntable: t\nhit: collect sum\ninputs: {paid: money}\n"
                  "outputs: {rank: integer}\nrules: {a: {then: 1}}\n",
                  &err) == NULL);
    CHECK_TEXT(err.text, "a contract goes by one rule: unique, any, priority or first");
    CHECK_INT(err.line, 3);
    CHECK_INT(contract_type_find("nothing"), -1);
}

/* ---- asking --------------------------------------------------------------------------------- */

static const char refund_page[] =
    "clearlab: 1\ntable: t\nhit: first\nfrom: 2016-01-01\nto: 2016-12-31\ncurrency: EUR\n"
    "inputs:\n"
    "  claimed: {type: money, range: 0 EUR .. 1000 EUR}\n"
    "  trader: {type: text, choices: [known, authorised]}\n"
    "  purpose: {type: text, optional: true}\n"
    "outputs:\n"
    "  decision: {type: text, choices: [refund, refuse]}\n"
    "  amount: {type: money, optional: true}\n"
    "rules:\n"
    "  third:\n"
    "    when: {purpose: third}\n"
    "    then: {decision: refund, amount: claimed / 3}\n"
    "    reference: Article 3\n"
    "  half:\n"
    "    when: {purpose: half}\n"
    "    then: {decision: refund, amount: claimed / 2}\n"
    "  negative:\n"
    "    when: {purpose: negative}\n"
    "    then: {decision: refund, amount: 0 EUR - claimed}\n"
    "  forgotten:\n"
    "    when: {purpose: forgotten}\n"
    "    then: {decision: refund}\n"
    "  none:\n"
    "    when: {purpose: missing}\n"
    "    then: {decision: refuse}\n";

enum { DAY = 17000 };

static struct contract_decision ask(const struct contract *contract, int64_t claimed_e4,
                                    uint8_t trader, const char *purpose, int64_t day) {
    struct contract_facts facts = {.claimed_e4 = claimed_e4, .trader = trader};
    struct contract_decision decision;
    snprintf(facts.purpose, sizeof facts.purpose, "%s", purpose);
    contract_decide(contract, &facts, day, &result, &decision);
    return decision;
}

static void test_answers(void) {
    struct error err;
    const struct contract *contract = compile("refund", refund_page, &err);
    CHECK(contract != NULL);
    struct contract_decision third = ask(contract, 1000001, TRADER_KNOWN, "third", DAY);
    CHECK(third.is_granted && third.refusal == NULL);
    CHECK_INT(third.outcome.amount_e4, 333334); /* 100.0001 / 3 = 33.33336..: 33.3334 */
    CHECK_TEXT(third.rule, "third");
    CHECK_TEXT(third.reference, "Article 3");
    CHECK(third.cost > 0 && third.cost <= rule_cost(contract_rule(contract)));
    for (int64_t e4 = 1; e4 < 8; e4 += 2) { /* halves go to the even neighbour */
        CHECK_INT(ask(contract, e4, TRADER_KNOWN, "half", DAY).outcome.amount_e4,
                  e4 / 2 + (e4 / 2) % 2);
    }
    struct contract_decision refused = ask(contract, 1000001, TRADER_AUTHORISED, "", DAY);
    CHECK(!refused.is_granted && refused.refusal == NULL);
    CHECK_TEXT(refused.outcome.decision, "refuse");
    CHECK_TEXT(ask(contract, 1, TRADER_KNOWN, "other", DAY).refusal,
               "no rule of the contract applies");
    CHECK_TEXT(ask(contract, 1, TRADER_KNOWN, "negative", DAY).refusal,
               "the page says what cannot be done");
    CHECK_TEXT(ask(contract, 1, TRADER_KNOWN, "forgotten", DAY).refusal,
               "the page says what cannot be done");
    CHECK_TEXT(ask(contract, 10000001, TRADER_KNOWN, "third", DAY).fact, "claimed");
    CHECK_TEXT(ask(contract, CONTRACT_UNKNOWN, TRADER_KNOWN, "third", DAY).fact, "claimed");
    CHECK_TEXT(ask(contract, 1, TRADER_NEW, "third", DAY).fact, "trader");
    CHECK_TEXT(ask(contract, 1, 0, "third", DAY).fact, "trader");
    CHECK(ask(contract, 1, TRADER_KNOWN, "third", 16801).refusal == NULL); /* 2016-01-01 */
    CHECK(ask(contract, 1, TRADER_KNOWN, "third", 17166).refusal == NULL); /* 2016-12-31 */
    CHECK_TEXT(ask(contract, 1, TRADER_KNOWN, "third", 16800).refusal,
               "the contract is not in force on this day");
    CHECK_TEXT(ask(contract, 1, TRADER_KNOWN, "third", 17167).refusal,
               "the contract is not in force on this day");
}

/* ---- every fact ----------------------------------------------------------------------------- */

/* A value of a fact, as a page would write it. */
static const char *set_fact(const struct contract_fact *fact, struct contract_facts *facts,
                            unsigned choice) {
    char *at = (char *)facts + fact->offset;
    switch (fact->kind) {
    case FACT_MONEY:
        memcpy(at, &(int64_t){12345678}, sizeof(int64_t));
        return "1234.5678 EUR";
    case FACT_COUNT:
        memcpy(at, &(int64_t){-77}, sizeof(int64_t));
        return "-77";
    case FACT_SHARE:
        memcpy(at, &(int64_t){123456789}, sizeof(int64_t));
        return "12.3456789 %";
    case FACT_WORD:
        *(uint8_t *)at = (uint8_t)(choice + 1);
        return fact->words[choice];
    case FACT_FLAG:
        *(bool *)at = true;
        return "true";
    default:
        memcpy(at, "XY", 3);
        return "XY";
    }
}

static const char *const type_names[] = {
    [FACT_MONEY] = "money", [FACT_COUNT] = "integer", [FACT_SHARE] = "share",
    [FACT_WORD] = "text",   [FACT_FLAG] = "boolean",  [FACT_CODE] = "text",
};

/* A page that fires when the fact is `value`, and only then. */
static void test_fact(const struct contract_fact *fact, unsigned choice) {
    struct contract_facts facts = {.value_e4 = 0}, others = {.value_e4 = 0};
    struct contract_decision decision;
    struct error err;
    const char *value = set_fact(fact, &facts, choice);
    const char *text =
        arena_format(&arena,
                     "clearlab: 1\ntable: t\ncurrency: EUR\ncomplete: false\n"
                     "inputs: {%s: {type: %s, optional: true}}\n"
                     "outputs: {days: integer, decision: {type: text, choices: [accept]}}\n"
                     "rules: {a: {when: {%s: %s}, then: {days: 5, decision: accept}}}\n",
                     fact->name, type_names[fact->kind], fact->name, value);
    const struct contract *contract = compile("guarantee", text, &err);
    if (contract == NULL) {
        CHECK_TEXT(err.text, "");
        return;
    }
    contract_decide(contract, &facts, DAY, &result, &decision);
    CHECK(decision.is_granted && decision.outcome.days == 5);
    contract_decide(contract, &others, DAY, &result, &decision);
    CHECK(!decision.is_granted);
}

static void test_facts(void) {
    unsigned count = 0;
    for (const struct contract_fact *fact = contract_facts_list; fact->name != NULL; fact++) {
        for (unsigned i = 0; i < CONTRACT_WORDS_MAX; i++) {
            if (i == 0 || fact->words[i] != NULL) {
                test_fact(fact, i);
            }
        }
        count++;
    }
    CHECK(count > 30);
}

static void test_parts(void) {
    CHECK_INT(contract_facts_part(10000005, (struct decimal){97, 2}), 9700005); /* ..004.85 */
    CHECK_INT(contract_facts_part(5, (struct decimal){1, 1}), 0); /* a half, to even */
    CHECK_INT(contract_facts_part(15, (struct decimal){1, 1}), 2);
    CHECK_INT(contract_facts_part(CONTRACT_AMOUNT_MAX_E4, (struct decimal){1, 0}),
              CONTRACT_AMOUNT_MAX_E4);
    CHECK_INT(contract_facts_part(CONTRACT_AMOUNT_MAX_E4, (struct decimal){999999999999999999, 18}),
              9999999999999999 + 1); /* 10^16 (1 - 10^-18), to the nearest */
}

int main(void) {
    test_wrong_pages();
    test_answers();
    test_facts();
    test_parts();
    arena_free(&arena);
    return test_summary();
}
