/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_dmn_model.c - decision models: every hit policy, chained decisions, components, functions,
 * types, and each way in which a model is refused, with its place.
 *
 * Models are written down here in short and expected results follow DMN 1.3 (OMG 2021), 8.2.10; the
 * official cases are in vectors/test_dmn. Each table's page is compiled by rule.h on the way. */
#include "core/rule/dmn.h"

#include "tests/test.h"

#define HEAD                                                                            \
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" name=\"m\">\n" \
    "<inputData name=\"Age\"><variable name=\"Age\" typeRef=\"number\"/></inputData>\n" \
    "<inputData name=\"Full Name\"><variable name=\"Full Name\" typeRef=\"string\"/>"   \
    "</inputData>\n"
#define TAIL "</definitions>\n"
#define RULE(in, out)                                                           \
    "<rule><inputEntry><text>" in "</text></inputEntry><outputEntry><text>" out \
    "</text></outputEntry></rule>\n"
#define RULE_2(in, out, more)                                                   \
    "<rule><inputEntry><text>" in "</text></inputEntry><outputEntry><text>" out \
    "</text></outputEntry><outputEntry><text>" more "</text></outputEntry></rule>\n"
#define TABLE(policy, output, rules)                                                       \
    HEAD "<decision name=\"D\" id=\"d\"><decisionTable " policy ">"                        \
         "<input><inputExpression><text>Age</text></inputExpression></input>" output rules \
         "</decisionTable></decision>" TAIL
#define LITERAL(name, id, text)                                                \
    "<decision name=\"" name "\" id=\"" id "\"><literalExpression><text>" text \
    "</text></literalExpression></decision>\n"
#define PLAIN_OUTPUT "<output/>"
#define ORDERED_OUTPUT \
    "<output><outputValues><text>\"a\", \"b\", \"c\"</text></outputValues></output>"

struct laboratory {
    struct arena arena;
    const struct dmn_model *model;
    struct value inputs[DMN_SLOTS_MAX];
};

static struct laboratory load(const char *text) {
    struct laboratory lab = {.arena = ARENA_INIT};
    struct error err = ERROR_INIT;
    lab.model = dmn_read("m.dmn", text, strlen(text), &lab.arena, &err);
    CHECK_TEXT(err.text, "");
    CHECK(lab.model != NULL);
    return lab;
}

static void set(struct laboratory *lab, const char *name, const char *text) {
    int index = dmn_find_input(lab->model, name);
    CHECK(index >= 0);
    struct value *value = &lab->inputs[index];
    if (decimal_parse(text, &value->decimal) == 0) {
        value->type = VALUE_DECIMAL;
    } else if (strcmp(text, "null") == 0) {
        value->type = VALUE_MISSING;
    } else if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0) {
        *value = (struct value){.type = VALUE_BOOLEAN, .boolean = *text == 't'};
    } else {
        *value = (struct value){.type = VALUE_TEXT, .text = {text, (uint32_t)strlen(text)}};
    }
}

static const char *print(struct arena *arena, const struct dmn_value *value) {
    char text[200];
    if (value->shape == DMN_SIMPLE) {
        value_print(value->value, NULL, text, sizeof text);
        return arena_text(arena, text, strlen(text));
    }
    const char *all = "";
    for (unsigned i = 0; i < value->count; i++) {
        const char *name = value->items[i].name;
        all = arena_format(arena, "%s%s%s%s%s", all, i == 0 ? "" : " ", name != NULL ? name : "",
                           name != NULL ? "=" : "", print(arena, &value->items[i]));
    }
    return arena_format(arena, value->shape == DMN_LIST ? "[%s]" : "{%s}", all);
}

static void decides(struct laboratory *lab, const char *name, const char *expected) {
    int index = dmn_find_decision(lab->model, name);
    unsigned count;
    const struct dmn_decision *decisions = dmn_decisions(lab->model, &count);
    CHECK(index >= 0 && (unsigned)index < count);
    CHECK_TEXT(decisions[index].problem.text, "");
    if (decisions[index].state == DMN_TAKEN) {
        struct dmn_value value = dmn_decide(lab->model, (unsigned)index, lab->inputs, &lab->arena);
        CHECK_TEXT(print(&lab->arena, &value), expected);
    }
}

static void gives(const char *model, const char *age, const char *expected) {
    struct laboratory lab = load(model);
    set(&lab, "Age", age);
    decides(&lab, "D", expected);
    arena_free(&lab.arena);
}

/* ---- hit policies ---- */

#define TEXTS RULE("&gt;= 10", "\"c\"") RULE("&gt;= 20", "\"a\"") RULE("&gt;= 30", "\"b\"")
#define NUMBERS RULE("&gt;= 10", "30.5") RULE("&gt;= 20", "10") RULE("&gt;= 30", "20")

static void test_single_hits(void) {
    const char *const unique = TABLE("", PLAIN_OUTPUT, TEXTS);
    gives(unique, "5", "missing");
    gives(unique, "10", "c");
    gives(unique, "20", "missing"); /* two rules: no result */
    gives(unique, "null", "missing");
    const char *const first = TABLE("hitPolicy=\"FIRST\"", PLAIN_OUTPUT, TEXTS);
    gives(first, "40", "c");
    gives(first, "5", "missing");
    const char *const any =
        TABLE("hitPolicy=\"ANY\"", PLAIN_OUTPUT, TEXTS RULE("[10..15)", "\"c\""));
    gives(any, "12", "c");
    gives(any, "25", "missing"); /* two that differ */
    const char *const priority = TABLE("hitPolicy=\"PRIORITY\"", ORDERED_OUTPUT, TEXTS);
    gives(priority, "40", "a");
    gives(priority, "15", "c");
}

static void test_multiple_hits(void) {
    gives(TABLE("hitPolicy=\"RULE ORDER\"", PLAIN_OUTPUT, TEXTS), "40", "[c a b]");
    gives(TABLE("hitPolicy=\"OUTPUT ORDER\"", ORDERED_OUTPUT, TEXTS), "40", "[a b c]");
    gives(TABLE("hitPolicy=\"OUTPUT ORDER\"", ORDERED_OUTPUT, TEXTS), "5", "missing");
    gives(TABLE("hitPolicy=\"COLLECT\"", PLAIN_OUTPUT, TEXTS), "25", "[c a]");
    gives(TABLE("hitPolicy=\"COLLECT\"", PLAIN_OUTPUT, TEXTS), "5", "[]");
}

static void test_aggregations(void) {
    const char *const sum =
        TABLE("hitPolicy=\"COLLECT\" aggregation=\"SUM\"", PLAIN_OUTPUT, NUMBERS);
    gives(sum, "40", "60.5");
    gives(sum, "15", "30.5");
    gives(sum, "5", "missing");
    const char *const min =
        TABLE("hitPolicy=\"COLLECT\" aggregation=\"MIN\"", PLAIN_OUTPUT, NUMBERS);
    gives(min, "40", "10");
    gives(min, "15", "30.5");
    const char *const max =
        TABLE("hitPolicy=\"COLLECT\" aggregation=\"MAX\"", PLAIN_OUTPUT, NUMBERS);
    gives(max, "40", "30.5");
    const char *const count =
        TABLE("hitPolicy=\"COLLECT\" aggregation=\"COUNT\"", PLAIN_OUTPUT, TEXTS);
    gives(count, "40", "3");
    gives(count, "5", "0");
}

#define TWO_OUTPUTS                                                                     \
    "<output name=\"Status\" typeRef=\"string\"><outputValues><text>\"a\",\"b\"</text>" \
    "</outputValues></output><output name=\"Rate\" typeRef=\"number\"/>"
#define ROWS_2 RULE_2("&gt;= 10", "\"b\"", "2") RULE_2("&gt;= 20", "\"a\"", "3.5")

static void test_several_outputs(void) {
    gives(TABLE("", TWO_OUTPUTS, ROWS_2), "15", "{Status=b Rate=2}");
    gives(TABLE("hitPolicy=\"FIRST\"", TWO_OUTPUTS, ROWS_2), "25", "{Status=b Rate=2}");
    gives(TABLE("hitPolicy=\"PRIORITY\"", TWO_OUTPUTS, ROWS_2), "25", "{Status=a Rate=3.5}");
    gives(TABLE("hitPolicy=\"RULE ORDER\"", TWO_OUTPUTS, ROWS_2), "25",
          "[{Status=b Rate=2} {Status=a Rate=3.5}]");
    gives(TABLE("hitPolicy=\"OUTPUT ORDER\"", TWO_OUTPUTS, ROWS_2), "25",
          "[{Status=a Rate=3.5} {Status=b Rate=2}]");
    gives(TABLE("hitPolicy=\"COLLECT\"", TWO_OUTPUTS, ROWS_2), "15", "[{Status=b Rate=2}]");
    gives(TABLE("hitPolicy=\"ANY\"", TWO_OUTPUTS, ROWS_2), "25", "missing");
}

static void test_entries(void) {
    const char *const with_default =
        TABLE("", "<output><defaultOutputEntry><text>\"none\"</text></defaultOutputEntry></output>",
              TEXTS);
    gives(with_default, "5", "none");
    gives(with_default, "12", "c");
    gives(TABLE("", PLAIN_OUTPUT, RULE("-", "Age * 2 + 1")), "4", "9");
    gives(TABLE("", PLAIN_OUTPUT, RULE("-", "null")), "4", "missing");
    gives(TABLE("", PLAIN_OUTPUT, RULE("-", "10 / 0")), "4", "missing");
    gives(TABLE("", PLAIN_OUTPUT, RULE("not(5)", "true")), "null", "true");
    gives(TABLE("", PLAIN_OUTPUT, RULE("null", "true") RULE("not(null)", "false")), "null", "true");
    gives(TABLE("", PLAIN_OUTPUT, RULE("Age * 2 &gt; 5", "true")), "3", "true");
    gives(TABLE("", PLAIN_OUTPUT, RULE("? * 2 &gt; 5", "true")), "2", "missing");
    gives(TABLE("", PLAIN_OUTPUT, RULE("\"7\"", "true")), "7", "missing");
    gives(TABLE("", PLAIN_OUTPUT, RULE("-", "\"missing\"")), "7", "missing");
    gives(TABLE("", PLAIN_OUTPUT, RULE("-", "\"= Age\"")), "7", "= Age");
}

/* ---- what goes through a model ---- */

static void test_chain(void) {
    struct laboratory lab = load(
        HEAD
        "<itemDefinition name=\"tLoan\"><itemComponent name=\"amount\"><typeRef>number</typeRef>"
        "</itemComponent><itemComponent name=\"end rate\"><typeRef>feel:number</typeRef>"
        "</itemComponent></itemDefinition>\n"
        "<inputData name=\"Loan\"><variable name=\"Loan\" typeRef=\"tLoan\"/></inputData>\n"
        "<businessKnowledgeModel name=\"Interest\"><encapsulatedLogic>"
        "<formalParameter name=\"a\"/><formalParameter name=\"r\"/>"
        "<literalExpression><text>a * r / 12</text></literalExpression></encapsulatedLogic>"
        "</businessKnowledgeModel>\n"
        "<decision name=\"Verdict\" id=\"v\">"
        "<informationRequirement><requiredDecision href=\"#c\"/></informationRequirement>"
        "<literalExpression><text>Full Name + \": \" + Class.Status</text></literalExpression>"
        "</decision>\n"
        "<decision name=\"Class\" id=\"c\">"
        "<informationRequirement><requiredDecision href=\"#p\"/></informationRequirement>"
        "<decisionTable><input><inputExpression><text>Monthly Payment</text></inputExpression>"
        "</input><input><inputExpression><text>Age + 1</text></inputExpression></input>"
        "<output name=\"Status\"/><output name=\"Level\"/>"
        "<rule><inputEntry><text>&lt;= 100</text></inputEntry><inputEntry><text>[18..65]</text>"
        "</inputEntry><outputEntry><text>\"fine\"</text></outputEntry>"
        "<outputEntry><text>Monthly Payment * 2</text></outputEntry></rule></decisionTable>"
        "</decision>\n"
        "<decision name=\"Monthly Payment\" id=\"p\"><variable name=\"Monthly Payment\" "
        "typeRef=\"number\"/><literalExpression><text>Interest(Loan.amount, Loan.end rate)"
        "</text></literalExpression></decision>" TAIL);
    set(&lab, "Full Name", "Ada");
    set(&lab, "Age", "17");
    set(&lab, "Loan.amount", "24000");
    set(&lab, "Loan.end rate", "0.05");
    decides(&lab, "Monthly Payment", "100");
    decides(&lab, "Class", "{Status=fine Level=200}");
    decides(&lab, "Verdict", "Ada: fine");
    set(&lab, "Age", "65");
    decides(&lab, "Class", "missing");
    decides(&lab, "Verdict", "missing");
    unsigned count;
    const struct dmn_decision *decisions = dmn_decisions(lab.model, &count);
    CHECK_INT(count, 3);
    CHECK_TEXT(decisions[0].name, "Monthly Payment"); /* each after what it requires */
    CHECK_TEXT(decisions[2].name, "Verdict");
    CHECK(decisions[0].page != NULL && decisions[1].page != NULL && decisions[2].page == NULL);
    arena_free(&lab.arena);
}

static void test_types(void) {
    struct laboratory lab = load(
        HEAD
        "<itemDefinition name=\"tColour\"><typeRef>string</typeRef><allowedValues><text>\"b\", "
        "\"a\"</text></allowedValues></itemDefinition>\n"
        "<decision name=\"D\"><variable name=\"D\" typeRef=\"tColour\"/>"
        "<decisionTable hitPolicy=\"PRIORITY\"><input><inputExpression><text>Age</text>"
        "</inputExpression></input><output/>" RULE("-", "\"a\"") RULE(
            "-", "\"b\"") "</decisionTable></decision>"
                          "<decision name=\"Wrong\"><variable name=\"Wrong\" typeRef=\"number\"/>"
                          "<literalExpression><text>\"five\"</text></literalExpression></"
                          "decision>" TAIL);
    decides(&lab, "D", "b"); /* the order of the type's values is that of priority */
    decides(&lab, "Wrong", "missing");
    set(&lab, "Age", "a text");
    decides(&lab, "D", "b"); /* an input of another type is null */
    arena_free(&lab.arena);
    lab = load(
        HEAD "<itemDefinition name=\"tLevel\"><typeRef>number</typeRef><allowedValues><text>1, "
             "-2.50</text></allowedValues></itemDefinition>\n"
             "<inputData name=\"x\"><variable name=\"x\" typeRef=\"tLevel\"/></inputData>" LITERAL(
                 "D", "d", "x + 1") TAIL);
    set(&lab, "x", "-2.5");
    decides(&lab, "D", "-1.5");
    set(&lab, "x", "3"); /* is none of the allowed values: null */
    decides(&lab, "D", "missing");
    arena_free(&lab.arena);
}

#define BOUND(name, text)                                                   \
    "<binding><parameter name=\"" name "\"/><literalExpression><text>" text \
    "</text></literalExpression></binding>"
#define INVOCATION(bindings)                                                      \
    HEAD "<businessKnowledgeModel name=\"Ratio\"><encapsulatedLogic>"             \
         "<formalParameter name=\"a\"/><formalParameter name=\"the base\"/>"      \
         "<literalExpression><text>a / the base</text></literalExpression>"       \
         "</encapsulatedLogic></businessKnowledgeModel>\n"                        \
         "<decision name=\"D\"><invocation><literalExpression><text>Ratio</text>" \
         "</literalExpression>" bindings "</invocation></decision>" TAIL

static void test_invocation(void) {
    gives(INVOCATION(BOUND("the base", "2 + 2 // two pairs") BOUND("a", "Age")), "10", "2.5");
    gives(INVOCATION(BOUND("a", "null") BOUND("the base", "Age")), "10", "missing");
}

/* A text that no cell mentions passes through a table as it is. */
static void test_texts_through_tables(void) {
    struct laboratory lab = load(TABLE("", PLAIN_OUTPUT,
                                       RULE("&lt; 5", "Full Name") RULE("[5..6]", "\"x\"")
                                           RULE("&gt; 6", "if Age = 7 then Full Name else null")));
    set(&lab, "Full Name", "Ada Lovelace");
    set(&lab, "Age", "4");
    decides(&lab, "D", "Ada Lovelace");
    set(&lab, "Age", "5");
    decides(&lab, "D", "x");
    set(&lab, "Age", "7");
    decides(&lab, "D", "Ada Lovelace");
    set(&lab, "Age", "8");
    decides(&lab, "D", "missing");
    arena_free(&lab.arena);
    lab = load(TABLE("hitPolicy=\"RULE ORDER\"", PLAIN_OUTPUT,
                     RULE("&lt; 5", "\"Dear \" + Full Name") RULE("-", "\"Bye\"")));
    set(&lab, "Full Name", "Ada");
    set(&lab, "Age", "4");
    decides(&lab, "D", "[Dear Ada Bye]");
    unsigned count;
    CHECK(dmn_decisions(lab.model, &count)[0].page == NULL);
    CHECK_TEXT(dmn_decisions(lab.model, &count)[0].page_hindrance,
               "texts cannot be put together here: a value is a number, a date, true or false, or "
               "a name that is written in the page");
    arena_free(&lab.arena);
}

/* ---- order of texts ---- */

#define SUBJECT(subject, policy, output, rules)                                                \
    HEAD "<inputData name=\"Heir\"><variable name=\"Heir\" typeRef=\"string\"/></inputData>\n" \
         "<decision name=\"D\" id=\"d\"><decisionTable " policy                                \
         "><input><inputExpression><text>" subject                                             \
         "</text></inputExpression></input>" output rules "</decisionTable></decision>" TAIL

static void of_texts(const char *model, const char *name, const char *heir, const char *expected) {
    struct laboratory lab = load(model);
    unsigned count;
    set(&lab, "Full Name", name);
    set(&lab, "Heir", heir);
    decides(&lab, "D", expected);
    CHECK(dmn_decisions(lab.model, &count)[0].page == NULL);
    arena_free(&lab.arena);
}

/* A page has no order of texts, nor does it know texts apart that it doesn't mention. */
static void test_order_of_texts(void) {
    const char *const ranges =
        SUBJECT("Full Name", "hitPolicy=\"FIRST\"", PLAIN_OUTPUT,
                RULE("&lt; \"m\"", "\"low\"") RULE("[\"m\"..\"p\"]", "\"mid\"")
                    RULE("not(&lt; \"q\")", "\"high\"") RULE("-", "\"none\""));
    of_texts(ranges, "abc", "x", "low");
    of_texts(ranges, "p", "x", "mid");
    of_texts(ranges, "pa", "x", "none");
    of_texts(ranges, "q", "x", "high");
    of_texts(ranges, "null", "x", "none");
    const char *const between = SUBJECT("Full Name", "", PLAIN_OUTPUT,
                                        RULE("Heir", "\"same\"") RULE("&lt; Heir", "\"before\"")
                                            RULE("&gt; Heir", "\"after\""));
    of_texts(between, "Ada", "Bea", "before");
    of_texts(between, "Bea", "Ada", "after");
    of_texts(between, "Ada", "Ada", "same");
    of_texts(between, "null", "Ada", "missing");
    const char *const joined = SUBJECT(
        "Full Name + \"-\" + Heir", "hitPolicy=\"OUTPUT ORDER\"", ORDERED_OUTPUT,
        RULE("\"a-b\",\"c-d\"", "\"b\"") RULE("[\"a-\"..\"b\"]", "\"c\"") RULE("-", "\"a\""));
    of_texts(joined, "a", "b", "[a b c]");
    of_texts(joined, "c", "d", "[a b]");
    of_texts(joined, "a", "z", "[a c]");
    of_texts(joined, "null", "z", "[a]");
}

/* ---- refusals ---- */

static void decision_refused(const char *model, enum dmn_state state, int line, int column,
                             const char *message) {
    struct laboratory lab = load(model);
    unsigned count;
    const struct dmn_decision *decisions = dmn_decisions(lab.model, &count);
    CHECK_INT(decisions[0].state, state);
    CHECK_TEXT(decisions[0].problem.text, message);
    CHECK_TEXT(decisions[0].problem.source, "m.dmn");
    CHECK_INT(decisions[0].problem.line, line);
    CHECK_INT(decisions[0].problem.column, column);
    arena_free(&lab.arena);
}

static void test_refused_decisions(void) {
    decision_refused(HEAD LITERAL("D", "d", "1 +") TAIL, DMN_WRONG, 4, 55,
                     "expected a value, but the expression ends");
    decision_refused(HEAD LITERAL("D", "d", "1 &lt; 2 and\n  Agee &gt; 3") TAIL, DMN_WRONG, 5, 3,
                     "unknown name 'Agee'; did you mean 'Age'?");
    decision_refused(HEAD LITERAL("D", "d", "5 &lt; Agee") TAIL, DMN_WRONG, 4, 59,
                     "unknown name 'Agee'; did you mean 'Age'?");
    decision_refused(HEAD LITERAL("D", "d", "<![CDATA[5 < Agee]]>") TAIL, DMN_WRONG, 4, 65,
                     "unknown name 'Agee'; did you mean 'Age'?");
    decision_refused(HEAD LITERAL("D", "d", "count([1])") TAIL, DMN_NOT_SUPPORTED, 4, 52,
                     "the function 'count' is not supported");
    decision_refused(HEAD "<decision name=\"D\"><context/></decision>" TAIL, DMN_NOT_SUPPORTED, 4,
                     20, "a boxed <context> is not supported");
    decision_refused(HEAD "<decision name=\"D\"/>" TAIL, DMN_NOT_SUPPORTED, 4, 1,
                     "a decision without logic is not supported");
    decision_refused(INVOCATION(BOUND("a", "1") BOUND("base", "2")), DMN_WRONG, 5, 20,
                     "unknown name 'base'");
    decision_refused(INVOCATION("<binding><parameter name=\"a\"/><list/></binding>"),
                     DMN_NOT_SUPPORTED, 5, 89,
                     "an argument that is no literal expression in FEEL is not supported");
    decision_refused(TABLE("hitPolicy=\"BEST\"", PLAIN_OUTPUT, TEXTS), DMN_WRONG, 4, 27,
                     "hitPolicy is UNIQUE, ANY, PRIORITY, FIRST, RULE ORDER, OUTPUT ORDER or "
                     "COLLECT; aggregation of COLLECT is SUM, MIN, MAX or COUNT");
    decision_refused(TABLE("", PLAIN_OUTPUT, RULE_2("-", "1", "2")), DMN_WRONG, 4, 118,
                     "this rule has 1 input and 2 output entries, but the table has 1 inputs and 1 "
                     "outputs");
    decision_refused(TABLE("", PLAIN_OUTPUT, RULE("&gt; 5", "7") RULE("&gt; ", "8")), DMN_WRONG, 5,
                     30, "expected a value, but the expression ends");
}

static void refused(const char *text, int line, int column, const char *message) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    CHECK(dmn_read("m.dmn", text, strlen(text), &arena, &err) == NULL);
    CHECK_TEXT(err.text, message);
    CHECK_INT(err.line, line);
    CHECK_INT(err.column, column);
    arena_free(&arena);
}

static void test_refused_models(void) {
    refused("", 1, 1, "there is nothing in this file");
    refused("<a>\n<b></a>", 2, 8,
            "this is no well-formed XML: Opening and ending tag mismatch: b line 2 and a");
    refused("<page/>", 1, 1,
            "this is no DMN model: expected <definitions "
            "xmlns=\"https://www.omg.org/spec/DMN/...\">, got <page>");
    refused("<!DOCTYPE a [<!ENTITY b \"c\">]><a/>", 1, 13,
            "a document type is not allowed here: take the <!DOCTYPE ...> away");
    refused(HEAD "<inputData name=\"x\"><variable name=\"x\" typeRef=\"tNone\"/></inputData>" TAIL,
            4, 1,
            "there is no type 'tNone': define it with an <itemDefinition>, or take number, string, "
            "boolean or date");
    refused(HEAD "<itemDefinition name=\"t\"><typeRef>t</typeRef></itemDefinition>"
                 "<inputData name=\"x\"><variable name=\"x\" typeRef=\"t\"/></inputData>" TAIL,
            4, 1, "the type 't' is defined by itself, or too deeply");
    refused(HEAD "<decision name=\"A\" id=\"a\"><informationRequirement>"
                 "<requiredDecision href=\"#a\"/></informationRequirement></decision>" TAIL,
            4, 51, "the decision 'A' requires itself, or too many others stand between");
    refused(HEAD "<decision name=\"A\" id=\"a\"><informationRequirement>"
                 "<requiredDecision href=\"#b\"/></informationRequirement></decision>" TAIL,
            4, 51, "there is no decision with id=\"b\"");
    refused(HEAD "<decision id=\"a\"/>" TAIL, 4, 1, "this <decision> needs a name=\"...\"");
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    char *deep = malloc(3 * 300 + 1);
    for (int i = 0; i < 300; i++) {
        memcpy(deep + 3 * i, "<a>", 4);
    }
    CHECK(dmn_read("m.dmn", deep, strlen(deep), &arena, &err) == NULL);
    CHECK_TEXT(err.text, "elements stand more than 200 deep in one another");
    free(deep);
    arena_free(&arena);
}

int main(void) {
    test_single_hits();
    test_multiple_hits();
    test_aggregations();
    test_several_outputs();
    test_entries();
    test_chain();
    test_types();
    test_invocation();
    test_texts_through_tables();
    test_order_of_texts();
    test_refused_decisions();
    test_refused_models();
    return test_summary();
}
