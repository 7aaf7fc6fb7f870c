/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_distribution_parse.c - what can be written, what it becomes, and each error with its place.
 */
#include "sim/kernel/distribution.h"
#include "tests/test.h"

static struct arena arena = ARENA_INIT;

/* Parameters of a scenario: check_mean, check_cv, fee, gone (an error of its own). */
static int lookup(void *user, const char *name, struct quantity *quantity, struct place place,
                  struct error *err) {
    int *asked = user;
    ++*asked;
    if (strcmp(name, "check_mean") == 0) {
        *quantity = (struct quantity){2400, DIMENSION_TIME, ""};
        return 0;
    }
    if (strcmp(name, "check_cv") == 0) {
        *quantity = (struct quantity){0.5, DIMENSION_NONE, ""};
        return 0;
    }
    if (strcmp(name, "fee") == 0) {
        *quantity = (struct quantity){100, DIMENSION_MONEY, "USD"};
        return 0;
    }
    return strcmp(name, "gone") == 0 ? error_at(err, place, "gone is a distribution itself") : 1;
}

static int parse(const char *text, enum dimension dimension, struct distribution *distribution,
                 struct error *err) {
    int asked = 0;
    *err = (struct error)ERROR_INIT;
    return distribution_parse(text, dimension, lookup, &asked, distribution, &arena,
                              (struct place){"paper.yml", 14, 21}, err);
}

static struct distribution parsed(const char *text, enum dimension dimension) {
    struct distribution distribution = {0};
    struct error err;
    if (parse(text, dimension, &distribution, &err) < 0) {
        printf("%s: ", text);
        CHECK_TEXT(err.text, "");
    }
    return distribution;
}

static void check_same(const char *text, const char *other, enum dimension dimension) {
    struct distribution a = parsed(text, dimension), b = parsed(other, dimension);
    CHECK_INT(a.kind, b.kind);
    CHECK_NEAR(a.a, b.a, 0);
    CHECK_NEAR(a.b, b.b, 0);
    CHECK_NEAR(a.c, b.c, 0);
    CHECK_NEAR(a.d, b.d, 0);
    CHECK_INT(a.table_count, b.table_count);
    for (uint32_t i = 0; i < a.table_count && a.table_count == b.table_count; i++) {
        CHECK_NEAR(a.table_values[i], b.table_values[i], 0);
        CHECK_NEAR(a.table_weights[i], b.table_weights[i], 0);
    }
}

static void test_same_in_other_words(void) {
    check_same("35 min", "constant(value: 2100 s)", DIMENSION_TIME);
    check_same("35min", "  35  min ", DIMENSION_TIME);
    check_same("lognormal(mean: 20 h, cv: 0.8)", "lognormal(cv:80 %,mean:1200 min)",
               DIMENSION_TIME);
    check_same("lognormal(\n mean: 20 h,\n cv: 0.8\n)", "lognormal ( mean : 20 h , cv : 0.8 )",
               DIMENSION_TIME);
    check_same("check_mean", "40 min", DIMENSION_TIME);
    check_same("gamma(mean: check_mean, cv: check_cv)", "gamma(mean: 40 min, cv: 0.5)",
               DIMENSION_TIME);
    check_same("erlang(mean: 6 kg, shape: 3)", "erlang(mean: 6000 g, shape: 3.0)", DIMENSION_MASS);
    check_same("discrete(2: 1, 3: 3)", "discrete(3: 75 %, 2: 25 %)", DIMENSION_NONE);
    check_same("uniform(low: 5 %, high: 0.1)", "uniform(low: 0.05, high: 10 %)", DIMENSION_SHARE);
    check_same("beta(alpha: 2, beta: 3)", "beta(alpha: 2, beta: 3, low: 0, high: 1)",
               DIMENSION_NONE);
    struct distribution beta = parsed("beta(mean: 40 %, cv: 0.5)", DIMENSION_SHARE);
    CHECK_NEAR(beta.c, 2, 1e-14);
    CHECK_NEAR(beta.d, 3, 1e-14);
    check_same("normal(mean: 4 h, cv: 0.25)", "normal(mean: 4 h, sd: 1 h)", DIMENSION_TIME);
}

static void test_currency(void) {
    CHECK_TEXT(parsed("lognormal(mean: 20 EUR, cv: 0.8)", DIMENSION_MONEY).currency, "EUR");
    CHECK_TEXT(parsed("fee", DIMENSION_MONEY).currency, "USD");
    CHECK_TEXT(
        parsed("mixture(1: 3 EUR, 2: uniform(low: 0 EUR, high: 1 EUR))", DIMENSION_MONEY).currency,
        "EUR");
    CHECK_TEXT(parsed("3 h", DIMENSION_TIME).currency, "");
}

static void test_tables(void) {
    struct distribution mixture =
        parsed("mixture(0.7: exponential(mean: 1 h), 0.3: mixture(1: 4 h, 3: check_mean))",
               DIMENSION_TIME);
    CHECK_INT(mixture.kind, DISTRIBUTION_MIXTURE);
    CHECK_INT(mixture.table_count, 2);
    CHECK_NEAR(mixture.table_weights[0], 0.7, 1e-16);
    CHECK_NEAR(mixture.table_weights[1], 1, 0);
    CHECK_INT(mixture.components[0].kind, DISTRIBUTION_EXPONENTIAL);
    CHECK_INT(mixture.components[1].kind, DISTRIBUTION_MIXTURE);
    CHECK_NEAR(mixture.components[1].components[1].a, 2400, 0);
    /* The last cumulative weight is 1 also where the sum of the shares is not, in doubles. */
    struct distribution tenths = parsed("discrete(1: 0.1, 2: 0.1, 3: 0.1, 4: 0.1, 5: 0.1, 6: 0.1, "
                                        "7: 0.1, 8: 0.1, 9: 0.1, 10: 0.1, 11: 0)",
                                        DIMENSION_NONE);
    CHECK_NEAR(tenths.table_weights[9], 1, 0);
    CHECK_NEAR(tenths.table_weights[10], 1, 0);
}

struct wrong {
    const char *text;
    enum dimension dimension;
    int at; /* byte of the text that the error points to */
    const char *message;
};

static void check_wrong(const struct wrong *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct distribution distribution;
        struct error err;
        CHECK_INT(parse(cases[i].text, cases[i].dimension, &distribution, &err), -1);
        CHECK_TEXT(err.text, cases[i].message);
        CHECK_INT(err.column, 21 + cases[i].at);
        CHECK_INT(err.line, 14);
        CHECK_INT(err.code, ERROR_INPUT);
        if (err.column != 21 + cases[i].at) {
            printf("in %s\n", cases[i].text);
        }
    }
}
#define CHECK_WRONG(cases) check_wrong(cases, sizeof(cases) / sizeof *(cases))

#define KINDS                                                                                 \
    "constant, uniform, triangular, exponential, erlang, gamma, weibull, normal, lognormal, " \
    "beta, poisson, discrete, empirical, mixture"

static void test_grammar_errors(void) {
    static const struct wrong cases[] = {
        {"", DIMENSION_TIME, 0, "expected a distribution, but the text ends here"},
        {"(", DIMENSION_TIME, 0, "expected a distribution, got '('"},
        {"lognormall(mean: 1 h)", DIMENSION_TIME, 0,
         "unknown distribution 'lognormall'; did you mean 'lognormal'?"},
        {"zipf(mean: 1 h)", DIMENSION_TIME, 0,
         "unknown distribution 'zipf'; the known distributions are " KINDS},
        {"check_meen", DIMENSION_TIME, 0,
         "unknown parameter or distribution 'check_meen'; the known distributions are " KINDS},
        {"gamma(mean: gone, cv: 1)", DIMENSION_TIME, 12, "gone is a distribution itself"},
        {"gamma", DIMENSION_TIME, 0,
         "'gamma' needs its arguments: gamma(mean: 1 h, cv: 0.5) or gamma(shape: 4, scale: 15 "
         "min)."},
        {"exponential()", DIMENSION_TIME, 0, "exponential takes mean"},
        {"gamma(mean: 1 h)", DIMENSION_TIME, 0, "gamma takes mean and cv, or scale and shape"},
        {"mixture(1: gamma(mean: 1 h, shape: 2))", DIMENSION_TIME, 11,
         "gamma takes mean and cv, or scale and shape"},
        {"beta(alpha: 1)", DIMENSION_NONE, 0,
         "beta takes low, high, alpha and beta, or low, high, mean and cv, or alpha and beta, or "
         "mean and cv"},
        {"gamma(mean: 1 h, sv: 2)", DIMENSION_TIME, 17,
         "gamma has no argument 'sv'; did you mean 'cv'?"},
        {"gamma(rate: 1 h)", DIMENSION_TIME, 6,
         "gamma has no argument 'rate'; it takes mean and cv, or scale and shape"},
        {"gamma(1 h, 2)", DIMENSION_TIME, 6,
         "gamma has no argument '1 h'; it takes mean and cv, or scale and shape"},
        {"gamma(mean: 1 h, mean: 2 h)", DIMENSION_TIME, 17, "'mean' is given twice"},
        {"gamma(mean 1 h)", DIMENSION_TIME, 11,
         "expected ':' after the name of an argument, got "
         "'1'"},
        {"gamma(mean: 1 h cv: 1)", DIMENSION_TIME, 12,
         "unknown unit 'h cv'; known are ns, us, ms, s, min, h, d, week (time), g, kg, t (mass), "
         "m, km (length), %, currencies such as USD, and 12/h, 30 USD/h, 2 USD/kg"},
        {"gamma(mean: check_mean cv: 1)", DIMENSION_TIME, 23, "expected ',' or ')', got 'c'"},
        {"gamma(mean: , cv: 1)", DIMENSION_TIME, 12, "expected a quantity, got ','"},
        {"gamma(mean: 1 h, cv: )", DIMENSION_TIME, 21, "expected a number, got ')'"},
        {"gamma(mean: 1 h, ", DIMENSION_TIME, 17,
         "expected the name of an argument, but the text ends here"},
        {"gamma(mean: 1 h, cv: 1", DIMENSION_TIME, 22,
         "expected ',' or ')', but the text ends here"},
        {"exponential(mean: 1 h) \xc3\xa4", DIMENSION_TIME, 23,
         "expected nothing more, got "
         "'\xc3\xa4'"},
        {"discrete(3, 4)", DIMENSION_NONE, 10, "expected ':' after a value, got ','"},
        {"mixture(3 h: 1)", DIMENSION_TIME, 8, "expected a bare number, got a time"},
        {"mixture(1 4 h)", DIMENSION_TIME, 8, "unknown unit '4 h'; did you mean 'h'?"},
        {"discrete()", DIMENSION_NONE, 9, "expected a quantity, got ')'"},
        {"mixture(1: mixture(1: mixture(1: mixture(1: mixture(1: mixture(1: mixture(1: mixture(1: "
         "mixture(1: 2))))))))))",
         DIMENSION_NONE, 88, "mixtures nest deeper than 8"},
        {"1234567890123456789012345678901234567890123456789012345678901234", DIMENSION_NONE, 0,
         "'12345678901234567890...' is too long"},
    };
    CHECK_WRONG(cases);
}

static void test_value_errors(void) {
    static const struct wrong cases[] = {
        {"12", DIMENSION_TIME, 0,
         "a bare number where a time is due: write the unit, e.g. 35 min, 2 h, 1.5 d"},
        {"exponential(mean: 3 kg)", DIMENSION_TIME, 18,
         "expected a time, e.g. 35 min, 2 h, 1.5 d, got a mass"},
        {"exponential(mean: 3 h)", DIMENSION_NONE, 18,
         "expected a number, e.g. 12, 0.35, 1e3, got a time"},
        {"exponential(mean: check_cv)", DIMENSION_TIME, 18,
         "a bare number where a time is due: write the unit, e.g. 35 min, 2 h, 1.5 d"},
        {"-4 min", DIMENSION_TIME, 0, "must not be negative"},
        {"uniform(low: -1, high: 3)", DIMENSION_NONE, 13, "must not be negative"},
        {"gamma(mean: 1 h, cv: -1)", DIMENSION_TIME, 21, "must not be negative"},
        {"uniform(low: 0.5, high: 1.5)", DIMENSION_SHARE, 24, "must not be above 100 %"},
        {"100000 d", DIMENSION_TIME, 0, "must not be longer than 145 years"},
        {"uniform(low: 1 USD, high: 3 EUR)", DIMENSION_MONEY, 26,
         "USD and EUR in one distribution"},
        {"mixture(1: fee, 1: 3 EUR)", DIMENSION_MONEY, 19, "USD and EUR in one distribution"},
        {"uniform(low: 3 h, high: 2 h)", DIMENSION_TIME, 24, "uniform: high must not be below low"},
        {"triangular(low: 3, mode: 2, high: 5)", DIMENSION_NONE, 25,
         "triangular: mode must not be below low"},
        {"triangular(low: 3, mode: 6, high: 5)", DIMENSION_NONE, 34,
         "triangular: high must not be below mode"},
        {"erlang(mean: 3, shape: 2.5)", DIMENSION_NONE, 23,
         "erlang: shape must be a whole number, got 2.5; gamma takes any"},
        {"erlang(mean: 3, shape: 2000)", DIMENSION_NONE, 23,
         "erlang: shape must lie between 1 and 1000, got 2000"},
        {"gamma(mean: 3, cv: 200)", DIMENSION_NONE, 19,
         "gamma: cv must lie between 0.0001 and 100, got 200"},
        {"gamma(shape: 0, scale: 1)", DIMENSION_NONE, 13,
         "gamma: shape must lie between 0.0001 and 1e+08, got 0"},
        {"weibull(mean: 3, cv: 0.001)", DIMENSION_NONE, 21,
         "weibull: cv must lie between 0.0013 and 400, got 0.001"},
        {"weibull(shape: 0.05, scale: 1)", DIMENSION_NONE, 15,
         "weibull: shape must lie between 0.1 and 1000, got 0.05"},
        {"lognormal(mean: 3, cv: 1001)", DIMENSION_NONE, 23,
         "lognormal: cv must lie between 0 and 1000, got 1001"},
        {"lognormal(median: 3, sigma: 6)", DIMENSION_NONE, 28,
         "lognormal: sigma must lie between 0 and 5, got 6"},
        {"beta(alpha: 2, beta: 3)", DIMENSION_TIME, 0,
         "beta: a time needs low and high beside the other arguments"},
        {"beta(alpha: 2, beta: 3, low: 1 h, high: 1 h)", DIMENSION_TIME, 40,
         "beta: high must be above low"},
        {"beta(alpha: 0, beta: 3)", DIMENSION_NONE, 12,
         "beta: alpha must lie between 0.001 and 1e+08, got 0"},
        {"beta(mean: 5, cv: 1, low: 1, high: 4)", DIMENSION_NONE, 11,
         "beta: mean must lie between low and high"},
        {"beta(mean: 0.5, cv: 1)", DIMENSION_NONE, 20,
         "beta: cv must lie between 0.0001 and 0.999001, got 1"},
        {"poisson(mean: 3 h)", DIMENSION_TIME, 0, "poisson gives counts, but a time is due"},
        {"poisson(mean: 2e9)", DIMENSION_NONE, 14,
         "poisson: mean must lie between 0 and 1e+09, got 2e+09"},
        {"discrete(3: 1, 4: 2, 3: 5)", DIMENSION_NONE, 21, "this value is given twice"},
        {"discrete(3: 0, 4: 0)", DIMENSION_NONE, 0, "all weights are 0"},
        {"discrete(3: 1, 4: -2)", DIMENSION_NONE, 18, "must not be negative"},
        {"empirical(3: 0, 3: 1)", DIMENSION_NONE, 16, "the values of empirical must rise"},
        {"empirical(3: 50 %, 4: 40 %)", DIMENSION_NONE, 19,
         "the cumulative shares of empirical must not fall"},
        {"empirical(3: 0, 4: 0.9)", DIMENSION_NONE, 16,
         "the last cumulative share of empirical must be 100 %"},
    };
    CHECK_WRONG(cases);
}

/* The first failure wins, and without lookup there are no parameters. */
static void test_no_lookup(void) {
    struct distribution distribution;
    struct error err = ERROR_INIT;
    CHECK_INT(distribution_parse("check_mean", DIMENSION_TIME, NULL, NULL, &distribution, &arena,
                                 (struct place){"paper.yml", 0, 0}, &err),
              -1);
    CHECK_INT(err.column, 0); /* an unknown place stays unknown */
}

int main(void) {
    test_same_in_other_words();
    test_currency();
    test_tables();
    test_grammar_errors();
    test_value_errors();
    test_no_lookup();
    arena_free(&arena);
    return test_summary();
}
