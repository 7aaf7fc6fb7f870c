/* SPDX-License-Identifier: GPL-3.0-or-later
 * origin.h - preferential rules of origin: do goods originate in the area of an agreement?
 *
 * A scheme (an agreement) has sets of rules, each for a range of codes and a description of goods.
 * A rule is a tree of tests: changes of classification, limits of value and weight, wholly obtained
 * materials, and combinations. A rule whose text is not fully understood answers "needs a human",
 * and so does a fact that is missing, wherever it matters: no answer is ever a guess.
 *
 * How rows make a rule: rows with the same scheme, heading, range and description stand together; a
 * row with operator `or` is an alternative to the row before it, and so are the rows that stand
 * before it without one, as in "A; B; or C". Where no row says `or`, the file leaves open whether
 * all rows must be met or one: both readings are tried, and where they differ a human is needed. So
 * it is where several descriptions cover a code and the goods don't say which is theirs.
 *
 * The table (columns scheme_code, heading, min_code, max_code, subdivision, rule_classes, operator,
 * quota, import, export, rule_text) and the layout of our own are described in origin_read. */
#ifndef CORE_TARIFF_ORIGIN_H
#define CORE_TARIFF_ORIGIN_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/node.h"
#include "core/tariff/exact.h"

#include <stdbool.h>
#include <stdint.h>

enum origin_answer { ORIGIN_NO, ORIGIN_YES, ORIGIN_HUMAN };
const char *origin_answer_name(enum origin_answer answer); /* "does not qualify", ... */

/* Codes of ten digits, both included. */
struct origin_range {
    uint64_t low, high;
};

struct origin_ranges {
    unsigned count;
    const struct origin_range *items;
};

struct origin_test; /* origin_test.h */

struct origin_rule {
    const char *classes, *text; /* as written */
    const struct origin_test *test;
    bool is_alternative; /* operator `or` */
    bool is_quota;       /* within a yearly quota only */
    bool on_import, on_export;
    int line;
};

/* Rules that stand together: rules[first .. first + count - 1] of the origin. */
struct origin_set {
    uint64_t low, high;
    const char *heading, *subdivision;
    unsigned first, count;
    uint64_t reach; /* the highest code of the sets below it in the search tree */
};

/* Part of the materials that may break a change of classification: at most `share` of the ex-works
 * price, or of the weight of the goods, for goods in the range. */
struct origin_tolerance {
    struct origin_range goods;
    struct exact share;
    bool by_weight;
};

struct origin_scheme {
    const char *code, *title;
    unsigned set_first, set_count; /* sorted by range */
    unsigned tolerance_count, party_count, partner_count;
    const struct origin_tolerance *tolerances; /* the first that has the goods counts */
    const char *const *parties;  /* areas whose originating materials count as originating */
    const char *const *partners; /* areas where that depends on more than is known here */
};

/* Immutable; in the arena. Schemes are sorted by code. */
struct origin {
    unsigned scheme_count, set_count, rule_count;
    struct origin_scheme *schemes;
    struct origin_set *sets;
    struct origin_rule *rules;
};

/* A table of rules, whose text is cut up in place and stays in use. */
struct origin_table {
    const char *name;
    char *text;
};

/* Reads tables, and the section `schemes` of a tariff (NULL for none), which adds to schemes of the
 * tables or makes its own. -1 and an error with its place.
 *
 *     schemes:
 *       eu:
 *         title: ...
 *         table: uk-rules-of-origin.csv.gz #  a file of rules; who reads files hands it in
 *         parties: [GB, DE, FR]            # cumulation: their originating materials count
 *         partners: [AD, SM]               # ... under conditions that a human has to look at
 *         tolerance:                       # de minimis; the first row with the goods counts
 *           - {codes: "01-24", share: 15 %, of: weight}
 *           - {codes: "25-97", share: 10 %, of: ex_works}
 *         rules:
 *           - codes: "2501-2530"           # digits of a code, or two with - between
 *             goods: ...                   # the description, where it matters
 *             rule: TEST
 *
 *     TEST is one of
 *       all: [TEST, ...]                     any: [TEST, ...]
 *       wholly_obtained: goods               wholly_obtained: ["01", "0203"]   (these materials)
 *       originating: ["1006"]                (these materials are)
 *       change: {of: chapter|heading|subheading, except: ["1507-1510"],
 *                unless: {codes: ["3206"], share: 20 %}}     (without codes: of the same heading)
 *       not_from: ["2207", "2208"]           only_from: ["7206"]
 *       any_heading: true
 *       value_max: {share: 70 %, codes: ["17"], base: ex_works|fob}
 *       weight_max: {share: 40 %, codes: ["17"]}
 *       content_min: {share: 45 %, method: build_down|build_up|either, base: fob|ex_works}
 *       balance: true                        (non-originating at most as much as originating)
 *       text: "Manufacture from materials of any heading."   (read as a table's text is)
 *       human: why */
int origin_read(const struct node *schemes, const struct origin_table *tables, unsigned table_count,
                struct arena *arena, struct origin *origin, struct error *err);

/* The different names of tables in the section, of which at most `max` are written. */
unsigned origin_table_names(const struct node *schemes, const char **names, unsigned max);

/* The scheme's index; -1 when there is none. */
int origin_find(const struct origin *origin, const char *scheme_code);

/* The sets of a scheme whose range has the code (ten digits), in the order of the file; returns
 * their number, of which at most `max` are written. */
unsigned origin_sets(const struct origin *origin, int scheme, uint64_t code,
                     const struct origin_set **sets, unsigned max);

enum origin_status {
    ORIGIN_BY_AREA, /* as the scheme says about `area`; without an area it is not originating */
    ORIGIN_ORIGINATING,
    ORIGIN_NON_ORIGINATING,
};

enum origin_fact { ORIGIN_NOT_SAID, ORIGIN_TRUE, ORIGIN_FALSE };

/* Amounts with denominator 0 are not known. */
struct origin_material {
    uint64_t code;   /* ten digits, filled up with zeros */
    unsigned digits; /* known of it: 2 to 10 */
    enum origin_status status;
    const char *area; /* whose preferential origin it has; NULL for none */
    enum origin_fact wholly_obtained;
    struct exact value, weight;
};

struct origin_goods {
    uint64_t code;           /* ten digits */
    const char *subdivision; /* the description that is theirs, where several cover the code */
    bool is_export;
    enum origin_fact wholly_obtained;
    enum origin_fact minimal_only; /* packing, mixing and the like alone: never enough */
    struct exact ex_works, fob, weight;
};

struct origin_judgement {
    enum origin_answer answer;
    const struct origin_set *set; /* the set and rule that decided; may be NULL */
    const struct origin_rule *rule;
    char why[400]; /* a sentence */
};

/* Judges goods made of all of these materials. Values are of one currency and one place. */
void origin_judge(const struct origin *origin, int scheme, const struct origin_goods *goods,
                  const struct origin_material *materials, unsigned material_count,
                  struct origin_judgement *judgement);

/* How far a rule can be judged by itself. */
enum origin_reach {
    ORIGIN_DECIDABLE, /* every test is understood */
    ORIGIN_PARTLY,    /* some are: it can say no, or yes by another way */
    ORIGIN_OPAQUE,    /* only a human can tell */
};
enum origin_reach origin_rule_reach(const struct origin_rule *rule);

#endif
