/* SPDX-License-Identifier: GPL-3.0-or-later
 * origin_test.h - the tests that a rule of origin is made of, and their answer for given facts.
 *
 * Three answers: yes, no, and what the facts don't tell. All tests only get easier when a material
 * that did not originate does, which origin.c relies on. */
#ifndef CORE_TARIFF_ORIGIN_TEST_H
#define CORE_TARIFF_ORIGIN_TEST_H

#include "core/tariff/origin.h"

enum origin_kind {
    ORIGIN_TEST_ALL,
    ORIGIN_TEST_ANY,
    ORIGIN_TEST_GOODS_OBTAINED, /* the goods are wholly obtained */
    ORIGIN_TEST_OBTAINED,       /* the materials of `codes` are */
    ORIGIN_TEST_ORIGINATING,    /* the materials of `codes` originate */
    ORIGIN_TEST_CHANGE,         /* none is of the goods' chapter, heading or subheading, `level` */
    ORIGIN_TEST_NOT_FROM,       /* none is of `codes` */
    ORIGIN_TEST_ONLY_FROM,   /* all are of `codes`, or of an earlier stage, which no code shows */
    ORIGIN_TEST_ANY_HEADING, /* anything will do */
    ORIGIN_TEST_VALUE_MAX,   /* those of `codes` are worth at most `share` of the base */
    ORIGIN_TEST_WEIGHT_MAX,  /* ... weigh at most `share` of the goods */
    ORIGIN_TEST_BUILD_UP,    /* what originates is worth at least `share` of the base */
    ORIGIN_TEST_BUILD_DOWN,  /* what is left without the others is */
    ORIGIN_TEST_BALANCE,     /* they are worth at most as much as what originates */
    ORIGIN_TEST_HUMAN,       /* `words` say what is not understood */
};

/* "Materials" are those that do not originate, but for the two kinds about obtained materials. */
struct origin_test {
    enum origin_kind kind;
    unsigned level;       /* digits: 2, 4, 6 */
    bool is_fob;          /* the base is the FOB value, else the ex-works price */
    bool is_same_heading; /* instead of `codes`: those of the goods' heading */
    bool is_named;        /* words narrow the codes down: inside them a human is needed */
    bool is_each;         /* "any materials": each, or all together; not said */
    struct exact share;
    struct origin_ranges codes; /* none: all materials; of a change: excepted as well */
    struct origin_ranges scope; /* goods it is for; none: all */
    /* May break a change or exclusion all the same, up to a share of the ex-works price. */
    bool has_allowance;
    bool allows_named; /* some by words and not by codes: what breaks needs a human */
    bool allows_same_heading;
    struct origin_ranges allowed;
    struct exact allowed_share;
    const char *words;
    const struct origin_test *first; /* parts of all and any */
    const struct origin_test *next;
};

struct origin_finding {
    enum origin_answer answer;
    char why[300];
};

/* Facts with the status of each material settled. */
struct origin_facts {
    const struct origin_goods *goods;
    const struct origin_material *materials;
    unsigned count;
    const bool *is_originating;
    const struct origin_tolerance *tolerance; /* NULL for none */
};

void origin_test_judge(const struct origin_test *test, const struct origin_facts *facts,
                       struct origin_finding *finding);

/* Decidable, partly, or opaque. */
enum origin_reach origin_test_reach(const struct origin_test *test);

/* Reads the words of a rule. Never fails: what is not understood to the last word is one HUMAN
 * test. */
const struct origin_test *origin_text_read(const char *text, struct arena *arena);

/* Whether the tests are of the classes that the row states, as far as those are known. */
bool origin_text_agrees(const struct origin_test *test, const char *classes);

#endif
