/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_feel.c - FEEL, translated and run: values, null, unary tests, and what is refused where.
 *
 * Expected values follow DMN 1.3 (OMG 2021): chapter 10.3.2 for the meaning of operators, table 49
 * for and/or, 10.3.2.13 for null in comparisons, 9.2 (and 7.3.2 of the grammar) for precedence. */
#include "core/rule/feel.h"

#include "tests/test.h"

static struct feel_name names[] = {
    {"x", "x", NULL, VALUE_DECIMAL, false},
    {"Full Name", "Full_Name", NULL, VALUE_TEXT, false},
    {"Full", "Full", NULL, VALUE_TEXT, false},
    {"flag", "flag", NULL, VALUE_BOOLEAN, false},
    {"nix", "nix", NULL, VALUE_DECIMAL, false},
    {"maybe", "maybe", NULL, VALUE_BOOLEAN, false},
    {"Loan.amount", "Loan_amount", NULL, VALUE_DECIMAL, false},
    {"due", "due", NULL, VALUE_DATE, false},
    {"Approved/Declined", "Approved_Declined", NULL, VALUE_TEXT, false},
    {"lines", "lines", "a list", VALUE_MISSING, false},
    {"y", "y", NULL, VALUE_DECIMAL, false},
};
enum { NAME_COUNT = sizeof names / sizeof *names };

static const char *const pmt_parameters[] = {"p", "the rate", "n"};
static const char *const one_parameter[] = {"n"};
static const struct feel_function functions[] = {
    {"PMT", pmt_parameters, 3, "(p*the rate/12)/(1-(1+the rate/12)**-n)", NULL},
    {"Twice", one_parameter, 1, "n + n", NULL},
    {"Loop", one_parameter, 1, "Loop(n) + 1", NULL},
    {"Peek", one_parameter, 1, "n + x", NULL},
    {"Boxed", one_parameter, 1, "", "a function of another kind"},
};
enum { FUNCTION_COUNT = sizeof functions / sizeof *functions };

static const struct feel_scope scope = {names, NAME_COUNT, functions, FUNCTION_COUNT};

struct laboratory {
    struct arena arena;
    struct expression_input inputs[NAME_COUNT];
    struct expression_names names;
    struct value values[NAME_COUNT];
};

static struct value number(const char *text) {
    struct value value = {.type = VALUE_DECIMAL};
    CHECK_INT(decimal_parse(text, &value.decimal), 0);
    return value;
}

static void init(struct laboratory *lab) {
    *lab = (struct laboratory){.arena = ARENA_INIT};
    for (int i = 0; i < NAME_COUNT; i++) {
        lab->inputs[i] = (struct expression_input){names[i].name, names[i].type, 0, "", NULL};
    }
    lab->names = (struct expression_names){
        .inputs = lab->inputs, .input_count = NAME_COUNT, .has_room = true};
    struct value missing = {.type = VALUE_MISSING};
    struct value values[NAME_COUNT] = {number("2.5"),
                                       {.type = VALUE_TEXT, .text = {"Ada L", 5}},
                                       {.type = VALUE_TEXT, .text = {"no", 2}},
                                       {.type = VALUE_BOOLEAN, .boolean = true},
                                       missing,
                                       missing,
                                       number("600000"),
                                       {.type = VALUE_DATE, .date_day = 17194}, /* 2017-01-28 */
                                       {.type = VALUE_TEXT, .text = {"Approved", 8}},
                                       missing,
                                       number("2.5")};
    memcpy(lab->values, values, sizeof values);
}

static const char *run(struct laboratory *lab, const char *text, enum value_type type) {
    char bytes[512], printed[512];
    struct error err = ERROR_INIT;
    if (type == VALUE_MISSING) {
        return "null";
    }
    const struct expression *expression =
        expression_compile(text, type, &lab->names, &lab->arena, (struct place){"x", 1, 1}, &err);
    if (expression == NULL) {
        return arena_format(&lab->arena, "%s: %s", text, err.text);
    }
    struct expression_room room = {NULL, bytes, sizeof bytes, 0};
    struct value value = expression_evaluate_in(expression, lab->values, &room);
    value_print(value, NULL, printed, sizeof printed);
    return value.type == VALUE_MISSING ? "null" : arena_text(&lab->arena, printed, strlen(printed));
}

static void is(const char *text, const char *expected) {
    struct laboratory lab;
    struct feel_problem problem = {0};
    init(&lab);
    struct feel_part part = feel_expression(text, &scope, &lab.arena, &problem);
    const char *got = problem.text != NULL ? problem.text : run(&lab, part.text, part.type);
    if (!test_check(strcmp(got, expected) == 0, __FILE__, __LINE__, text)) {
        printf(" = '%s': got '%s', expected '%s'\n", part.text, got, expected);
    }
    arena_free(&lab.arena);
}

static void test_literals(void) {
    is(".872", "0.872");
    is("-.872", "-0.872");
    is("007", "7");
    is("1.2e3", "1200");
    is("\"foo bar\"", "foo bar");
    is("\"a\\\"b\\\\c\\u0041\\U01F600\\ud83d\\ude00\"", "a\"b\\cA\xf0\x9f\x98\x80\xf0\x9f\x98\x80");
    is("\"\"", "");
    is("null", "null");
    is("  true // a comment\n", "true");
    is("/* so */ false", "false");
    is("date(\"2017-01-28\")", "2017-01-28");
    is("date(\"2017-02-30\")", "null");
    is("@\"2017-01-28\" = due", "true");
}

static void test_names(void) {
    is("Full Name", "Ada L");
    is("\"Hello \" + Full   Name + \"!\"", "Hello Ada L!");
    is("Full", "no");
    is("Loan.amount / 2", "300000");
    is("Approved/Declined", "Approved");
    is("x+x*x", "8.75");
    is("(x)", "2.5");
}

static void test_arithmetic(void) {
    is("10+20/-5-3", "3");
    is("-10--5", "-5");
    is("-2**2", "4"); /* a sign binds more than a power */
    is("2**3**2", "64");
    is("2**-2", "0.25");
    is("1.2*10**3", "1200");
    is("10/0", "null");
    is("10+null", "null");
    is("null*10", "null");
    is("-null", "null");
    is("nix + 1", "null");
    is("1 + \"a\"", "null");
    is("\"a\" + null", "null");
    is("\"a\" - \"b\"", "null");
    is("abs(-3) + min(4, 2, 3) + max([1, 5])", "10");
    is("sum(1, 2, x)", "5.5");
    is("min(1, null)", "null");
}

static void test_logic(void) {
    static const char *const words[] = {"true", "null", "false"};
    char text[64];
    for (int a = 0; a < 3; a++) {
        for (int b = 0; b < 3; b++) {
            snprintf(text, sizeof text, "%s and %s", words[a], words[b]);
            is(text, words[a > b ? a : b]);
            snprintf(text, sizeof text, "%s or %s", words[a], words[b]);
            is(text, words[a < b ? a : b]);
        }
    }
    is("not(null)", "null");
    is("not(true)", "false");
    is("not(\"a\")", "null");
    is("maybe and false", "false");
    is("maybe and flag", "null");
    is("maybe or flag", "true");
    is("maybe or null", "null");
    is("flag and 5", "null");
    is("false and 5", "false");
    is("not(maybe and null)", "null");
    is("if maybe then 1 else 2", "2");
    is("if null then 1 else 2", "2");
    is("if flag then null else 2", "null");
    is("if x > 2 and flag then \"a\" else \"b\"", "a");
}

static void test_comparisons(void) {
    is("null = null", "true");
    is("null != null", "false");
    is("5 = null", "false");
    is("nix = null", "true");
    is("x = null", "false");
    is("nix = 5", "false");
    is("nix != 5", "true");
    is("not(nix = 5)", "true");
    is("nix = x", "false");
    is("-nix = 5", "false");
    is("-x = -2.5", "true");
    is("nix = nix", "true");
    is("x = y", "true");
    is("x != nix", "true");
    is("nix < 5", "null");
    is("null < 5", "null");
    is("1 = \"1\"", "null");
    is("true < false", "null");
    is("\"a\" < \"b\"", "true");
    is("Full Name >= \"Ada\"", "true");
    is("x between 2 and 3 and flag", "true");
    is("x in (1, 2.5)", "true");
    is("x in [2..2.5)", "false");
    is("x in ]2..2.5]", "true");
    is("x in (2..3)", "true");
    is("x in [1, 2]", "false");
    is("x in > 2", "true");
    is("x in (< 1, > 2)", "true");
    is("nix in [1..2]", "null");
    is("due < date(\"2018-01-01\")", "true");
    is("maybe = true", "false");
    is("flag = true", "true");
}

static void test_calls(void) {
    is("PMT(Loan.amount, 0.0375, 360)", "2778.693549432766768");
    is("PMT(n: 360, p: Loan.amount, the rate: 0.0375)", "2778.693549432766768");
    is("Twice(Twice(x))", "10");
    is("Twice(\"a\")", "aa"); /* a body has the types of its arguments */
    is("Twice(null)", "null");
}

static void test_refusals(void) {
    is("x +", "expected a value, but the expression ends");
    is("x x", "expected an operator or the end, got 'x'");
    is("(x", "expected ')', but the expression ends");
    is("\"open", "the text that begins here has no closing \"");
    is("Ful Name", "unknown name 'Ful'; did you mean 'Full'?");
    is("if x then 1", "expected 'else', but the expression ends");
    is("Twice(1, 2)", "'Twice' takes 1 arguments, not 2");
    is("Peek(1)", "in 'Peek': unknown name 'x'");
    is("lines", "'lines', a list,");
    is("[1, 2]", "a list");
    is("{a: 1}", "a context");
    is("x[1]", "a filter");
    is("for i in [1] return i", "'for'");
    is("string length(\"a\")", "the function 'string length'");
    is("due + 1", "arithmetic with dates");
    is("Boxed(1)", "'Boxed', a function of another kind,");
    is("0.1234567890123456789", "the number '0.1234567890123456789' (more than 18 decimals, or not "
                                "below 9.2e18)");
    is("@\"PT2H\"", "a time or a duration");
    struct laboratory lab;
    struct feel_problem problem = {0};
    init(&lab);
    feel_expression("Loop(1)", &scope, &lab.arena, &problem);
    CHECK(problem.text != NULL && problem.is_gap && problem.offset == 0);
    problem = (struct feel_problem){0};
    feel_expression("1 + Full Nam + 2", &scope, &lab.arena, &problem);
    CHECK_INT(problem.offset, 9);
    CHECK(problem.text != NULL && !problem.is_gap);
    arena_free(&lab.arena);
}

/* ---- unary tests ---- */

static void test_is(int subject, const char *text, const char *cell, const char *outcome) {
    struct laboratory lab;
    struct feel_problem problem = {0};
    init(&lab);
    struct feel_part part = {.type = names[subject].type,
                             .text = names[subject].name,
                             .condition = names[subject].name,
                             .strength = 9};
    struct feel_tests tests = feel_unary_tests(text, &part, &scope, &lab.arena, &problem);
    CHECK_TEXT(problem.text == NULL ? "" : problem.text, "");
    CHECK_TEXT(tests.cell == NULL ? "none" : tests.cell, cell);
    const char *got = run(&lab, tests.condition.text, tests.condition.type);
    if (!test_check(strcmp(got, outcome) == 0, __FILE__, __LINE__, text)) {
        printf(" = '%s': got '%s', expected '%s'\n", tests.condition.text, got, outcome);
    }
    const char *met = tests.condition.type == VALUE_BOOLEAN
                          ? run(&lab, tests.condition.condition, VALUE_BOOLEAN)
                          : "null";
    CHECK_INT(strcmp(met, "true") == 0, strcmp(outcome, "true") == 0);
    arena_free(&lab.arena);
}

static void test_unary(void) {
    enum { X, NAME, FULL, FLAG, NIX, MAYBE, AMOUNT, DUE };
    test_is(X, "-", "-", "true");
    test_is(X, "  ", "-", "true");
    test_is(X, "-5", "-5", "false");
    test_is(X, "2.5", "2.5", "true");
    test_is(X, ">=18", ">= 18", "false");
    test_is(X, "< 1, >2", "< 1, > 2", "true");
    test_is(X, "[2..3)", "[2 .. 3)", "true");
    test_is(X, "]2.5..3[", "(2.5 .. 3)", "false");
    test_is(X, "not(1, 2)", "not(1, 2), missing", "true");
    test_is(X, "not(> 2)", "not(> 2)", "false");
    test_is(X, "x", "none", "true");
    test_is(X, "< Loan.amount", "none", "true");
    test_is(X, "? * 2 = 5", "none", "true");
    test_is(X, "x > 2 and flag", "none", "true");
    test_is(X, "(1 + 1), 3", "1 + 1, 3", "false");
    test_is(X, "\"2.5\"", "none", "null");
    test_is(NIX, "5", "5", "false");
    test_is(NIX, "null", "missing", "true");
    test_is(NIX, "< 5", "< 5", "null");
    test_is(NIX, "not(5)", "not(5), missing", "true");
    test_is(NIX, "not(null)", "not(missing)", "false");
    test_is(NIX, "not(< 5)", "not(< 5)", "null");
    test_is(NAME, "\"Medium\",\"Low\"", "Medium, Low", "false");
    test_is(NAME, "\"Ada L\"", "\"Ada L\"", "true");
    test_is(NAME, "\"a \\\"quoted\\\" word\"", "'a \"quoted\" word'", "false");
    test_is(NAME, "\"missing\", \"not\"", "\"missing\", \"not\"", "false");
    test_is(NAME, "not(\"Bob\")", "not(Bob), missing", "true");
    test_is(NAME, "Full Name", "none", "true");
    test_is(NAME, ">= \"Ada\"", "none", "true");
    test_is(FLAG, "true", "true", "true");
    test_is(MAYBE, "not(true)", "not(true), missing", "true");
    test_is(FLAG, "not(false)", "not(false), missing", "true");
    test_is(DUE, "date(\"2017-01-28\")", "2017-01-28", "true");
    test_is(DUE, "> date(\"2017-01-28\")", "> 2017-01-28", "false");
}

static void test_list_of_values(void) {
    struct arena arena = ARENA_INIT;
    struct feel_problem problem = {0};
    const struct feel_part *items;
    unsigned count;
    CHECK_INT(feel_list(" \"High\", \"Low\" ,3", &arena, &items, &count, &problem), 0);
    CHECK_INT(count, 3);
    CHECK_TEXT(items[1].literal, "Low");
    CHECK_INT(items[2].type, VALUE_DECIMAL);
    CHECK_INT(feel_list("[0..5]", &arena, &items, &count, &problem), -1);
    CHECK(problem.is_gap);
    problem = (struct feel_problem){0};
    CHECK_INT(feel_list("\"High\" \"Low\"", &arena, &items, &count, &problem), -1);
    CHECK(!problem.is_gap && problem.offset == 7);
    arena_free(&arena);
}

static void test_identifiers(void) {
    struct arena arena = ARENA_INIT;
    CHECK_TEXT(feel_identifier("Full Name", &arena), "Full_Name");
    CHECK_TEXT(feel_identifier("Approved / Declined?", &arena), "Approved_Declined_");
    CHECK_TEXT(feel_identifier("3rd", &arena), "_3rd");
    CHECK_TEXT(feel_identifier("not", &arena), "not_");
    CHECK_TEXT(feel_identifier("\xc3\xa9t\xc3\xa9", &arena), "_t_");
    CHECK(feel_same_name("Full  Name", "Full Name"));
    CHECK(!feel_same_name("Full Name", "FullName"));
    CHECK(!feel_same_name("Full Name", "Full Names"));
    arena_free(&arena);
}

int main(void) {
    test_literals();
    test_names();
    test_arithmetic();
    test_logic();
    test_comparisons();
    test_calls();
    test_refusals();
    test_unary();
    test_list_of_values();
    test_identifiers();
    return test_summary();
}
