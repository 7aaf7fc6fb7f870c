/* SPDX-License-Identifier: GPL-3.0-or-later
 * origin_text.c - the words of a rule of origin become tests.
 *
 *     rule        = conjunction { "or" conjunction }
 *     conjunction = [ lead ] { joint } clause { { joint } (clause | allowance) } { joint }
 *
 * Leads, joints, clauses and allowances are rows of wordings below (origin_match.h); of those that
 * fit, the longest counts. A text that isn't read to its last word is not understood at all. */
#include "core/tariff/origin_match.h"
#include "core/tariff/origin_test.h"

#include <string.h>

/* --- clauses --- */

enum clause {
    CLAUSE_ANY_HEADING,
    CLAUSE_CHANGE_CHAPTER,
    CLAUSE_CHANGE_HEADING,
    CLAUSE_CHANGE_SUBHEADING,
    CLAUSE_NOT_FROM,
    CLAUSE_NOT_FROM_NAMED,
    CLAUSE_ONLY_FROM,
    CLAUSE_VALUE_MAX,
    CLAUSE_VALUE_MAX_EACH,
    CLAUSE_VALUE_MAX_HEADING,
    CLAUSE_WEIGHT_MAX,
    CLAUSE_BALANCE,
    CLAUSE_BUILD_DOWN,
    CLAUSE_BUILD_EITHER,
    CLAUSE_METHODS, /* a list of methods follows */
    CLAUSE_GOODS_OBTAINED,
    CLAUSE_OBTAINED,
    CLAUSE_ORIGINATING,
    CLAUSE_NAMED, /* a condition on materials that only words describe */
};

struct wording {
    enum clause clause;
    unsigned scope; /* the first codes are those of the goods: 1, else 0 */
    const char *words;
};

#define CHANGE                                                                           \
    "all non-originating materials used in the production of the good have undergone a " \
    "change in tariff classification at the "
#define METHOD "regional value content of not less than -?"
#define EXCEPT " except|excluding from? non-originating? materials? of|from? {codes}"

static const struct wording clauses[] = {
    {CLAUSE_ANY_HEADING, 0, "from materials of any heading"},
    {CLAUSE_ANY_HEADING, 0, "from|of non-originating? material|materials of any heading"},
    {CLAUSE_ANY_HEADING, 0,
     "a change from within this|any heading|subheading|one or|of any|these other? "
     "heading|subheading "
     "or? any? other? heading|subheading?"},
    {CLAUSE_NOT_FROM_NAMED, 0,
     "from materials of any heading including other? materials of {codes} .? however materials of "
     "the "
     "same description as the {good} may be used provided that? their total? value does not exceed "
     "{n} of the? {exw}"},
    {CLAUSE_NOT_FROM_NAMED, 0,
     "from materials of any heading including other materials of {codes}"},
    {CLAUSE_CHANGE_HEADING, 0, "from materials of any heading except that of the {good}"},
    {CLAUSE_CHANGE_HEADING, 0,
     "from materials of any heading except that of the {good} and of? {codes}"},
    {CLAUSE_CHANGE_SUBHEADING, 0, "from materials of any subheading except that of the {good}"},
    {CLAUSE_CHANGE_CHAPTER, 0, "from materials of any chapter except that of the {good}"},
    {CLAUSE_CHANGE_HEADING, 0,
     "all the? materials used are|is classified within|in a heading other than that of the {good}"},
    {CLAUSE_CHANGE_HEADING, 0,
     "all the? materials used are|is classified within|in a heading other than that of the {good} "
     "except for materials of {codes}"},
    {CLAUSE_CHANGE_CHAPTER, 0, "cc " CHANGE "2-digit level (chapter)"},
    {CLAUSE_CHANGE_CHAPTER, 0, "cc " CHANGE "2-digit level (chapter)" EXCEPT},
    {CLAUSE_CHANGE_HEADING, 0, "cth " CHANGE "4-digit level (tariff heading)"},
    {CLAUSE_CHANGE_HEADING, 0, "cth " CHANGE "4-digit level (tariff heading)" EXCEPT},
    {CLAUSE_CHANGE_SUBHEADING, 0, "ctsh " CHANGE "6-digit level (subheading)"},
    {CLAUSE_CHANGE_SUBHEADING, 0, "ctsh " CHANGE "6-digit level (subheading)" EXCEPT},
    {CLAUSE_CHANGE_SUBHEADING, 0, "ctsh " CHANGE "6-digit level (tariff subheading)"},
    {CLAUSE_CHANGE_SUBHEADING, 0, "ctsh " CHANGE "6-digit level (tariff subheading)" EXCEPT},
    {CLAUSE_CHANGE_CHAPTER, 0, "a change from any other chapter"},
    {CLAUSE_CHANGE_CHAPTER, 0, "a change from any other chapter except from {codes}"},
    {CLAUSE_CHANGE_HEADING, 0, "a change from any other heading"},
    {CLAUSE_CHANGE_HEADING, 0, "a change from any other heading except from {codes}"},
    {CLAUSE_CHANGE_SUBHEADING, 0, "a change from any other subheading"},
    {CLAUSE_CHANGE_SUBHEADING, 0, "a change from any other subheading except from {codes}"},
    {CLAUSE_CHANGE_CHAPTER, 1, "a change to a good of {codes} from any other chapter"},
    {CLAUSE_CHANGE_CHAPTER, 1,
     "a change to a good of {codes} from any other chapter except from {codes}"},
    {CLAUSE_CHANGE_HEADING, 1, "a change to a good of {codes} from any other heading"},
    {CLAUSE_CHANGE_HEADING, 1,
     "a change to a good of {codes} from any other heading except from {codes}"},
    {CLAUSE_CHANGE_SUBHEADING, 1, "a change to a good of {codes} from any other subheading"},
    {CLAUSE_CHANGE_SUBHEADING, 1,
     "a change to a good of {codes} from any other subheading except from {codes}"},
    {CLAUSE_NOT_FROM, 0, "from materials of any heading except from|those? of? {codes}"},
    {CLAUSE_NOT_FROM, 0, "from materials not classified within|in {codes}"},
    {CLAUSE_NOT_FROM, 0,
     "all the? materials used are classified within|in a heading other than {codes}"},
    {CLAUSE_NOT_FROM, 0,
     "all the? materials used are classified within|in a chapter other than {codes}"},
    {CLAUSE_NOT_FROM_NAMED, 0, "from materials of any heading except {words} of {codes}"},
    {CLAUSE_NOT_FROM_NAMED, 0, "however {words} of {codes} may not be used"},
    {CLAUSE_ONLY_FROM, 0, "from materials of {codes}"},
    {CLAUSE_VALUE_MAX, 0, "the value of all the? materials used does not exceed {n} of the? {exw}"},
    {CLAUSE_VALUE_MAX, 0,
     "a maximum of {n} of the ex-works price (exw) is made up of non-originating "
     "parts (maxnom)"},
    {CLAUSE_VALUE_MAX, 0,
     "the maximum value of non-originating materials (maxnom) cannot exceed {n} of the {exw}"},
    {CLAUSE_VALUE_MAX, 0,
     "the value of all the? materials of {codes} used? does not exceed {n} of the? {exw}"},
    {CLAUSE_VALUE_MAX, 0,
     "however the value of all the? materials of {codes} used must|may not exceed {n} of the? "
     "{exw}"},
    {CLAUSE_VALUE_MAX, 0,
     "the materials classified within {codes} taken? together? are only used up to a value of {n} "
     "of "
     "the {exw}"},
    {CLAUSE_VALUE_MAX_EACH, 0,
     "the value of any materials of {codes} used? does not exceed {n} of the {exw}"},
    {CLAUSE_VALUE_MAX_HEADING, 0,
     "the value of all the? materials of the same heading as the {good} used? does not exceed {n} "
     "of "
     "the {exw}"},
    {CLAUSE_VALUE_MAX_HEADING, 0,
     "the materials classified within the same heading as the {good} are only used up to a value "
     "of "
     "{n} of the {exw}"},
    {CLAUSE_WEIGHT_MAX, 0,
     "the total? weight of all? the? non-originating? materials of {codes} used? does not exceed "
     "{n} "
     "of the weight of the final? {good}"},
    {CLAUSE_BALANCE, 0,
     "the value of all the non-originating materials used does not exceed the value of all? the "
     "originating materials used"},
    {CLAUSE_BUILD_DOWN, 0,
     "your goods contain a regional value content (rvc) of at least {n} of the free on board (fob) "
     "cost of the goods"},
    {CLAUSE_BUILD_EITHER, 0,
     "the good has a regional value content (rvc) as calculated under article 4 of the origin "
     "reference document of not less than {n} whether using the build-up method or build-down "
     "method (rvc30)|(rvc35)|(rvc40)|(rvc45)|(rvc50)|(rvc55)|(rvc60)"},
    {CLAUSE_METHODS, 1,
     "no change in tariff classification required for a good of {codes} provided there is "
     "a " METHOD},
    {CLAUSE_METHODS, 0, "there is a " METHOD},
    {CLAUSE_GOODS_OBTAINED, 0, "all goods must be wholly obtained"},
    {CLAUSE_GOODS_OBTAINED, 0,
     "all the? animals|goods|products of {codes} shall|must be wholly obtained"},
    {CLAUSE_OBTAINED, 0, "all the? materials used are|is|must be? wholly obtained"},
    {CLAUSE_OBTAINED, 0,
     "all the? material|materials of {codes} used are|is|must be? wholly obtained"},
    {CLAUSE_ORIGINATING, 0, "all the? materials of {codes} used are|is|must be? originating"},
    {CLAUSE_ORIGINATING, 0, "all the? materials used are|is|must be? originating"},
    {CLAUSE_NAMED, 0, "all the? {words} used are|is|must be? wholly obtained"},
    {CLAUSE_NAMED, 0, "all the? {words} used are|is|must be? originating"},
    {CLAUSE_NAMED, 0,
     "the weight of sugar used? does not exceed {n} of the weight of the final? {good}"},
};

/* What may stand between clauses and says only that all of them have to be met. */
static const char *const joints[] = {
    "-", "and", ".", ";", "in which", "where", "provided that?", "within the above limit",
};

/* What a rule may begin with. In the middle of one it begins another, which is not understood. */
static const char *const leads[] = {"manufacture", "production", "other operations in which"};

/* What may be used all the same. The first codes are those allowed; none: of the same heading. */
static const struct {
    bool is_named;
    const char *words;
} allowances[] = {
    {false, "however materials of the same heading as the {good} may be used provided that? their "
            "total? value does not exceed {n} of the {exw}"},
    {false, "however materials classified within the same heading may be used provided that? their "
            "total? value does not exceed {n} of the {exw}"},
    {false, "however non-originating? materials of {codes} may be used provided that? their total? "
            "value taken? together? does not exceed {n} of the {exw}"},
    {true,
     "however {words} may be used provided that? their total? value does not exceed {n} of the "
     "ex-works price (exw) or {n} of the free on board (fob) cost of the {good}"},
    {true,
     "however {words} may be used provided that? their total? value taken? together? does not "
     "exceed {n} of the {exw}"},
    {true, "however {words} may be used"},
};

/* Ways to reckon a regional content, behind CLAUSE_METHODS. */
static const struct {
    bool is_down, is_up;
    const char *words;
} methods[] = {
    {false, true, "a)|b)|c)|d)? {n} of? the? free-on-board? value? under the build-up method"},
    {true, false, "a)|b)|c)|d)? {n} of? the? free-on-board? value? under the build-down method"},
    {true, false,
     "a)|b)|c)|d)? {n} under the focused value method taking into account only the non-originating "
     "materials of {codes}"},
    {false, false, "a)|b)|c)|d)? {n} under the net cost method"},
};

static struct origin_test *test_new(struct arena *arena, enum origin_kind kind) {
    struct origin_test *test = ARENA_NEW(arena, struct origin_test);
    test->kind = kind;
    test->share = test->allowed_share = exact_integer(0);
    return test;
}

static void add_part(struct origin_test *parent, struct origin_test *child) {
    const struct origin_test **seat = &parent->first;
    while (*seat != NULL) {
        seat = (const struct origin_test **)(uintptr_t) & (*seat)->next;
    }
    *seat = child;
}

/* The methods at `*at`, any of which will do; NULL when none stands there. */
static struct origin_test *read_methods(const struct origin_words *text, unsigned *at) {
    struct origin_test *any = test_new(text->arena, ORIGIN_TEST_ANY);
    for (bool more = true; more;) {
        more = false;
        unsigned start = *at + (any->first != NULL && origin_match_is(text, *at, "."));
        start += any->first != NULL && origin_match_is(text, start, "or");
        start += origin_match_is(text, start, "-");
        for (unsigned i = 0; i < sizeof methods / sizeof methods[0] && !more; i++) {
            unsigned next = start;
            struct origin_capture found = {0};
            if (!origin_match(text, &next, methods[i].words, &found)) {
                continue;
            }
            struct origin_test *test =
                test_new(text->arena, methods[i].is_down ? ORIGIN_TEST_BUILD_DOWN
                                      : methods[i].is_up ? ORIGIN_TEST_BUILD_UP
                                                         : ORIGIN_TEST_HUMAN);
            test->words = "the net cost of the goods is not known here";
            test->share = found.shares[0];
            test->codes = found.codes[0];
            test->is_fob = more = true;
            add_part(any, test);
            *at = next;
        }
    }
    return any->first != NULL ? any : NULL;
}

static struct origin_test *either_way(struct arena *arena, struct exact share) {
    struct origin_test *any = test_new(arena, ORIGIN_TEST_ANY);
    for (int way = 0; way < 2; way++) {
        struct origin_test *test =
            test_new(arena, way == 0 ? ORIGIN_TEST_BUILD_DOWN : ORIGIN_TEST_BUILD_UP);
        test->share = share;
        test->is_fob = true;
        add_part(any, test);
    }
    return any;
}

static const enum origin_kind clause_kinds[] = {
    [CLAUSE_ANY_HEADING] = ORIGIN_TEST_ANY_HEADING,
    [CLAUSE_CHANGE_CHAPTER] = ORIGIN_TEST_CHANGE,
    [CLAUSE_CHANGE_HEADING] = ORIGIN_TEST_CHANGE,
    [CLAUSE_CHANGE_SUBHEADING] = ORIGIN_TEST_CHANGE,
    [CLAUSE_NOT_FROM] = ORIGIN_TEST_NOT_FROM,
    [CLAUSE_NOT_FROM_NAMED] = ORIGIN_TEST_NOT_FROM,
    [CLAUSE_ONLY_FROM] = ORIGIN_TEST_ONLY_FROM,
    [CLAUSE_VALUE_MAX] = ORIGIN_TEST_VALUE_MAX,
    [CLAUSE_VALUE_MAX_EACH] = ORIGIN_TEST_VALUE_MAX,
    [CLAUSE_VALUE_MAX_HEADING] = ORIGIN_TEST_VALUE_MAX,
    [CLAUSE_WEIGHT_MAX] = ORIGIN_TEST_WEIGHT_MAX,
    [CLAUSE_BALANCE] = ORIGIN_TEST_BALANCE,
    [CLAUSE_BUILD_DOWN] = ORIGIN_TEST_BUILD_DOWN,
    [CLAUSE_GOODS_OBTAINED] = ORIGIN_TEST_GOODS_OBTAINED,
    [CLAUSE_OBTAINED] = ORIGIN_TEST_OBTAINED,
    [CLAUSE_ORIGINATING] = ORIGIN_TEST_ORIGINATING,
    [CLAUSE_NAMED] = ORIGIN_TEST_HUMAN,
};

static struct origin_test *make_test(const struct origin_words *text, const struct wording *wording,
                                     const struct origin_capture *found) {
    if (wording->clause == CLAUSE_BUILD_EITHER) {
        return either_way(text->arena, found->shares[0]);
    }
    struct origin_test *test = test_new(text->arena, clause_kinds[wording->clause]);
    if (wording->scope == 1 || wording->clause == CLAUSE_GOODS_OBTAINED) {
        test->scope = found->codes[0];
        test->codes = found->codes[1];
    } else {
        test->codes = found->codes[0];
    }
    test->share = found->share_count > 0 ? found->shares[0] : exact_integer(0);
    test->level = wording->clause == CLAUSE_CHANGE_CHAPTER      ? 2
                  : wording->clause == CLAUSE_CHANGE_SUBHEADING ? 6
                                                                : 4;
    test->is_fob = wording->clause == CLAUSE_BUILD_DOWN;
    test->is_same_heading = wording->clause == CLAUSE_VALUE_MAX_HEADING;
    test->is_named = wording->clause == CLAUSE_NOT_FROM_NAMED;
    test->is_each = wording->clause == CLAUSE_VALUE_MAX_EACH;
    test->words = "the rule names materials by words, which no code shows";
    return test;
}

/* The longest clause at `*at`; NULL when there is none. */
static struct origin_test *read_clause(const struct origin_words *text, unsigned *at) {
    const struct wording *best = NULL;
    struct origin_capture best_found = {0};
    unsigned best_end = *at;
    for (unsigned i = 0; i < sizeof clauses / sizeof clauses[0]; i++) {
        struct origin_capture found = {0};
        unsigned next = *at;
        if (origin_match(text, &next, clauses[i].words, &found) && next > best_end) {
            best = &clauses[i];
            best_found = found;
            best_end = next;
        }
    }
    *at = best_end;
    if (best == NULL) {
        return NULL;
    }
    if (best->clause == CLAUSE_METHODS) {
        struct origin_test *any = read_methods(text, at);
        if (any != NULL && best->scope == 1) {
            any->scope = best_found.codes[0];
        }
        return any;
    }
    return make_test(text, best, &best_found);
}

/* Adds the allowance at `*at` to the test before it. */
static bool read_allowance(const struct origin_words *text, unsigned *at,
                           struct origin_test *test) {
    bool may_have_one = test != NULL && !test->has_allowance &&
                        (test->kind == ORIGIN_TEST_CHANGE || test->kind == ORIGIN_TEST_NOT_FROM);
    for (unsigned i = 0; i < sizeof allowances / sizeof allowances[0] && may_have_one; i++) {
        struct origin_capture found = {0};
        if (origin_match(text, at, allowances[i].words, &found)) {
            test->has_allowance = true;
            test->allows_named = allowances[i].is_named;
            test->allows_same_heading = found.codes_count == 0;
            test->allowed = found.codes[0];
            test->allowed_share = found.shares[0];
            return true;
        }
    }
    return false;
}

static bool skip_one(const struct origin_words *text, unsigned *at, const char *const *wordings,
                     unsigned count) {
    struct origin_capture none = {0};
    for (unsigned i = 0; i < count; i++) {
        if (origin_match(text, at, wordings[i], &none)) {
            return true;
        }
    }
    return false;
}

/* Up to the end of the text or an "or"; NULL when a word is not understood. */
static struct origin_test *read_conjunction(const struct origin_words *text, unsigned *at) {
    struct origin_test *all = test_new(text->arena, ORIGIN_TEST_ALL), *last = NULL;
    skip_one(text, at, leads, sizeof leads / sizeof leads[0]);
    for (;;) {
        while (skip_one(text, at, joints, sizeof joints / sizeof joints[0])) {
        }
        if (*at >= text->count || origin_match_is(text, *at, "or")) {
            break;
        }
        if (read_allowance(text, at, last)) {
            continue;
        }
        last = read_clause(text, at);
        if (last == NULL) {
            return NULL;
        }
        add_part(all, last);
    }
    if (all->first == NULL) {
        return NULL;
    }
    return all->first->next == NULL ? last : all;
}

static const struct origin_test *not_understood(const char *text, struct arena *arena) {
    struct origin_test *test = test_new(arena, ORIGIN_TEST_HUMAN);
    test->words = text[0] == '\0' ? "the rule has no words"
                                  : arena_format(arena, "the rule is not understood: %.200s", text);
    return test;
}

const struct origin_test *origin_text_read(const char *source, struct arena *arena) {
    struct origin_words text;
    origin_match_split(source, arena, &text);
    struct origin_test *any = test_new(arena, ORIGIN_TEST_ANY);
    unsigned at = 0;
    while (text.count > 0 && text.count <= ORIGIN_TOKENS_MAX) {
        struct origin_test *part = read_conjunction(&text, &at);
        if (part == NULL) {
            break;
        }
        add_part(any, part);
        if (at == text.count) {
            return any->first->next == NULL ? any->first : any;
        }
        at++; /* the "or"; what it joins is clear where a whole rule follows */
        if (!origin_match_is(&text, at, "manufacture") && !origin_match_is(&text, at, "a") &&
            !origin_match_is(&text, at, "no")) {
            break;
        }
    }
    return not_understood(source, arena);
}

/* --- classes --- */

static bool has_kind(const struct origin_test *test, enum origin_kind kind, unsigned level) {
    if (test->kind == kind && (level == 0 || test->level == level)) {
        return true;
    }
    for (const struct origin_test *part = test->first; part != NULL; part = part->next) {
        if (has_kind(part, kind, level)) {
            return true;
        }
    }
    return false;
}

bool origin_text_agrees(const struct origin_test *test, const char *classes) {
    static const struct {
        const char *name;
        enum origin_kind kind;
        unsigned level;
    } known[] = {
        {"CC", ORIGIN_TEST_CHANGE, 2},
        {"CTH", ORIGIN_TEST_CHANGE, 4},
        {"CTSH", ORIGIN_TEST_CHANGE, 6},
        {"CC EXCEPT", ORIGIN_TEST_CHANGE, 2},
        {"CTH EXCEPT", ORIGIN_TEST_CHANGE, 4},
        {"CTSH EXCEPT", ORIGIN_TEST_CHANGE, 6},
        {"MAXWEIGHT", ORIGIN_TEST_WEIGHT_MAX, 0},
        {"RVC", ORIGIN_TEST_BUILD_DOWN, 0},
    };
    if (test->kind == ORIGIN_TEST_HUMAN) {
        return true;
    }
    while (*classes != '\0') {
        size_t length = strcspn(classes, "|");
        for (unsigned i = 0; i < sizeof known / sizeof known[0]; i++) {
            if (strlen(known[i].name) == length && memcmp(known[i].name, classes, length) == 0 &&
                !has_kind(test, known[i].kind, known[i].level)) {
                return false;
            }
        }
        classes += length + (classes[length] == '|');
    }
    return true;
}
